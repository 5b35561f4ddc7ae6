"""A knowledge pack opened for reading."""

import math
import sqlite3
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from triage.errors import PackError
from triage.facts.fact import UnitKind
from triage.knowledge.codes import Codes
from triage.knowledge.kept import Kept
from triage.knowledge.products import Products
from triage.knowledge.schema import APPLICATION_ID, NAMED, VERSION, PackedRule, fact_hash, most_listed, name_head
from triage.model.code import CodeEntry, CodeKind
from triage.model.product import Product
from triage.model.rule import Rule
from triage.model.signature import FrameNames
from triage.model.synonym import Close, Meanings
from triage.model.weights import Weights

BUILTIN: Final = Path(__file__).with_name("builtin.pack")
MAX_FIXES: Final = 1000
"""Rules looked at that correct one file; the most common file of the archive is in some hundreds."""

BATCH: Final = 512
"""Keys a query names at once; SQLite's own limit was 999 for long."""

BATCH_STEP: Final = 32

ADDRESSES: Final = {"microsoft-kb": "https://jeffpar.github.io/kbarchive/kb/{folder}/{id}/"}
"""Address of an article by its source kind. `folder` is the id's number without its last three digits."""

KEPT_RULES: Final = 1024
"""Rules that are kept as they were read: those of one incident are asked for several times."""

KEPT_UNITS: Final = 2048
KEPT_LISTS: Final = 1024
KEPT_FACTS: Final = 8192
"""The same for the facts of rules, the lists of rules and single facts: messages have most of their words in common."""

T = TypeVar("T")


def load_knowledge(path: Path | None = None) -> "Pack":
    """The knowledge pack at `path`, or the one that comes with triage. Raises PackError if it cannot be used."""
    if path is None and not BUILTIN.is_file():
        raise PackError("the built-in knowledge is missing; install triage, or run build_knowledge.py in its tree")
    return Pack.open(BUILTIN if path is None else path)


class FactRow(msgspec.Struct, frozen=True, gc=False):
    """A fact that some rule has: its number, weight in millibits, and how many rules have it."""

    number: int
    weight: int
    rules: int


class RuleFacts(msgspec.Struct, frozen=True, dict=True):
    """The facts of a rule's units, one unit after the other; see `PackedRule`. Weights are in millibits.

    `conditional` says that the rule has conditions of its own (`require`, `exclude`).
    """

    conditional: bool
    units: tuple[UnitKind, ...]
    ends: tuple[int, ...]
    totals: tuple[int, ...]
    facts: "array[int]"
    weights: "array[int]"

    @cached_property
    def where(self) -> dict[int, tuple[int, ...]]:
        """Positions of the units in which each fact stands: what an incident has is little beside what a rule has."""
        found: dict[int, tuple[int, ...]] = {}
        start = 0
        for unit, end in enumerate(self.ends):
            its: dict[int, tuple[int, ...]] = dict.fromkeys(self.facts[start:end], (unit,))
            for fact in found.keys() & its.keys():
                its[fact] = (*found[fact], unit)
            found |= its
            start = end
        return found


class Pack:
    """Read-only access to a pack. Not shared between threads or processes: open one in each."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._sql = connection
        self._rules: Kept[int, Rule] = Kept(KEPT_RULES)
        self._units: Kept[int, RuleFacts] = Kept(KEPT_UNITS)
        self._lists: Kept[int, array[int]] = Kept(KEPT_LISTS)
        self._sets: Kept[int, int] = Kept(KEPT_LISTS)
        self._fact_rows: Kept[str, FactRow | None] = Kept(KEPT_FACTS)
        self.path = path

    @classmethod
    def open(cls, path: Path = BUILTIN) -> "Pack":
        """Open the pack at `path`. Raises PackError if it is missing, damaged or of another version."""
        if not path.is_file():
            what = "a folder, not a knowledge pack" if path.is_dir() else "no such knowledge pack"
            raise PackError(f"{what}; `triage kb build` makes one", path=path)
        try:
            path.open("rb").close()  # SQLite does not tell why it cannot
        except OSError as error:
            raise PackError(f"cannot be read: {(error.strerror or 'input error').lower()}", path=path) from error
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True)
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA mmap_size=1073741824")
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        except (sqlite3.Error, OSError) as error:
            raise PackError(f"not a knowledge pack ({error}); `triage kb build` makes one", path=path) from error
        if application != APPLICATION_ID:
            raise PackError("not a knowledge pack; `triage kb build` makes one", path=path)
        if version != VERSION:
            raise PackError(f"made by another version (format {version}, this is {VERSION}); build it again", path=path)
        return cls(connection, path)

    def close(self) -> None:
        """Give the file free."""
        self._sql.close()

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of this id."""
        rows = self._rows("SELECT data FROM rule WHERE id=?", (rule_id,))
        return self._decode(_RULE, rows[0][0]) if rows else None

    def rule_at(self, number: int) -> Rule:
        """The rule of this number, as postings name it."""
        return self.rules_at((number,))[0]

    def rules_at(self, numbers: Sequence[int]) -> list[Rule]:
        """The rules of these numbers, all read at once."""
        found = self._rules.get(numbers)
        missing = [number for number in numbers if number not in found]
        for number, data in self._by_key("SELECT num, data FROM rule WHERE num IN ({})", missing):
            found[number] = self._rules[number] = self._decode(_RULE, data)
        return self._all(numbers, found)

    def facts_at(self, number: int) -> RuleFacts:
        """Facts of the rule of this number."""
        return self.facts_of((number,))[0]

    def facts_of(self, numbers: Sequence[int]) -> list[RuleFacts]:
        """Facts of the rules of these numbers, all read at once."""
        found = self._units.get(numbers)
        missing = [number for number in numbers if number not in found]
        for number, data in self._by_key("SELECT num, data FROM unit WHERE num IN ({})", missing):
            found[number] = self._units[number] = self._facts(number, data)
        return self._all(numbers, found)

    def told_of(self, numbers: Sequence[int]) -> "list[dict[int, int]]":
        """The words in which the rules of these numbers are told: weights in millibits by the facts' numbers."""
        rows = self._by_key("SELECT num, facts, weights FROM told WHERE num IN ({})", numbers)
        found = {number: self._words(number, facts, weights) for number, facts, weights in rows}
        return self._all(numbers, found)

    def _words(self, number: int, facts: object, weights: object) -> dict[int, int]:
        numbers, weighed = self._numbers(facts), self._numbers(weights)
        if len(numbers) != len(weighed):
            raise self._damaged(f"the words of rule {number} are cut off")
        return dict(zip(numbers, weighed, strict=True))

    def _all(self, numbers: Sequence[int], found: Mapping[int, T]) -> list[T]:
        try:
            return [found[number] for number in numbers]
        except KeyError as error:
            raise self._damaged(f"rule {error} is missing") from error

    def _facts(self, number: int, data: object) -> RuleFacts:
        packed = self._decode(_UNITS, data)
        facts, weights = self._numbers(packed.facts), self._numbers(packed.weights)
        if len(facts) != len(weights) or not len(packed.units) == len(packed.ends) == len(packed.totals):
            raise self._damaged(f"the facts of rule {number} are cut off")
        return RuleFacts(number in self.conditional, packed.units, packed.ends, packed.totals, facts, weights)

    def rule_ids(self) -> Iterator[tuple[str, str, str]]:
        """Id, title and source kind of every rule, by id."""
        yield from self._rows("SELECT id, title, origin FROM rule ORDER BY id", ())

    def facts(self, keys: Iterable[str]) -> dict[str, FactRow]:
        """Those of the keys that some rule has."""
        asked = list(keys)
        found = self._fact_rows.get(asked)
        hashes = {fact_hash(key): key for key in asked if key not in found}
        read: dict[str, FactRow | None] = dict.fromkeys(hashes.values())
        rows = self._by_key("SELECT hash, num, weight, df FROM fact WHERE hash IN ({})", list(hashes))
        for hashed, number, weight, df in rows:
            read[hashes[hashed]] = FactRow(number, weight, df)
        for key, row in read.items():
            self._fact_rows[key] = row
        found |= read
        return {key: row for key, row in found.items() if row is not None}

    def rules_with(self, fact: int) -> "array[int]":
        """Numbers of the rules that have the fact, ascending; none for a fact too common to be listed."""
        return next(iter(self.lists_of((fact,)).values()), array("I"))

    def lists_of(self, facts: Sequence[int]) -> "dict[int, array[int]]":
        """The same for many facts, all read at once; those too common to be listed are left out."""
        found = self._lists.get(facts)
        missing = [fact for fact in facts if fact not in found]
        for number, rules in self._by_key("SELECT num, rules FROM posting WHERE num IN ({})", missing):
            found[number] = self._lists[number] = self._numbers(rules)
        return found

    def sets_of(self, facts: Sequence[int]) -> dict[int, int]:
        """The same as sets: integers with bit n set where the rule of number n has the fact."""
        found = self._sets.get(facts)
        missing = [fact for fact in facts if fact not in found]
        for number, rules in self._by_key("SELECT num, rules FROM posting WHERE num IN ({})", missing):
            found[number] = self._sets[number] = self._set(rules)
        return found

    def _set(self, rules: object) -> int:
        octets = bytearray(self.size // 8 + 1)
        try:
            for rule in self._numbers(rules):
                octets[rule >> 3] |= 1 << (rule & 7)
        except IndexError as error:
            raise self._damaged("a list names rules that are not there") from error
        return int.from_bytes(octets, "little")

    def names_like(self, kind: str, value: str) -> list[str]:
        """Names of the kind's vocabulary that begin as `value` does; none for a kind whose values are no names."""
        if kind not in NAMED:
            return []
        return [name for (name,) in self._rows("SELECT value FROM name WHERE head=?", (name_head(kind, value),))]

    def rules_fixing(self, name: str) -> Iterator[Rule]:
        """The rules whose fix lists this file (lower case) with a version; none in packs that do not keep track."""
        if self._has("fix_file"):
            for (numbers,) in self._rows("SELECT rules FROM fix_file WHERE name=?", (name,)):
                yield from map(self.rule_at, self._numbers(numbers)[:MAX_FIXES])

    def meanings_of(self, said: Sequence[str]) -> Meanings:
        """What articles write for those of the words and phrases that people say; none in packs without a thesaurus."""
        if not self._has("meaning"):
            return {}
        return self._meanings(self._by_key("SELECT said, data FROM meaning WHERE said IN ({})", said))

    def meanings(self) -> Meanings:
        """All of them, for another pack that is built from this one."""
        return self._meanings(self._rows("SELECT said, data FROM meaning", ()) if self._has("meaning") else ())

    def _meanings(self, rows: Iterable[tuple[Any, ...]]) -> Meanings:
        found: Meanings = {}
        for said, data in rows:
            if not isinstance(said, str):
                raise self._damaged("a phrase is no text")
            found[said] = self._decode(_MEANT, data)
        return found

    def _has(self, table: str) -> bool:
        """Whether the pack has a table that packs of its version did not have from the first."""
        return table in self._tables

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(name for (name,) in self._rows("SELECT name FROM sqlite_master WHERE type='table'", ()))

    def url(self, rule: Rule) -> str | None:
        """Address of the rule's article."""
        template = ADDRESSES.get(rule.source.kind)
        return template.format(folder=rule.id[1:-3].zfill(3), id=rule.id) if template else None

    @cached_property
    def size(self) -> int:
        """How many rules there are."""
        return self._meta("rules", int)

    @cached_property
    def conditional(self) -> frozenset[int]:
        """Numbers of the rules that have conditions of their own."""
        return frozenset(number for (number,) in self._rows("SELECT num FROM rule WHERE conditional", ()))

    @cached_property
    def conditional_with(self) -> dict[int, tuple[int, ...]]:
        """The same by each of their facts."""
        found: dict[int, tuple[int, ...]] = {}
        numbers = sorted(self.conditional)
        for number, facts in zip(numbers, self.facts_of(numbers), strict=True):
            for fact in facts.facts:
                found[fact] = (*found.get(fact, ()), number)
        return found

    @cached_property
    def most_listed(self) -> int:
        """How many rules may have a fact that `rules_with` knows of."""
        return most_listed(self.size)

    def told_totals(self, numbers: Iterable[int]) -> list[int]:
        """What the words weigh in which the rules of these numbers are told, in millibits."""
        totals = self._every_told
        try:
            return [totals[number] for number in numbers]
        except IndexError as error:
            raise self._damaged("a list names rules that are not there") from error

    @cached_property
    def told_alike(self) -> tuple[int, ...]:
        """Sets of rules of which the words weigh about the same, within a third of a doubling; see `sets_of`."""
        sizes: defaultdict[int, bytearray] = defaultdict(lambda: bytearray(self.size // 8 + 1))
        for rule, total in enumerate(self._every_told):
            size = round(3 * math.log2(total)) if total else 0
            sizes[size][rule >> 3] |= 1 << (rule & 7)
        return tuple(int.from_bytes(octets, "little") for _, octets in sorted(sizes.items()))

    @cached_property
    def _every_told(self) -> "array[int]":
        totals = self._numbers(self._meta("told", bytes))
        if len(totals) != self.size:
            raise self._damaged("the weights of the rules' words are cut off")
        return totals

    @cached_property
    def weights(self) -> Weights:
        """The engine's constants."""
        return self._meta("weights", Weights)

    @cached_property
    def frames(self) -> FrameNames:
        """The names that decide how signatures are made."""
        return self._meta("frames", FrameNames)

    @cached_property
    def products(self) -> Products:
        """Products and their service packs."""
        return Products(self._meta("products", tuple[Product, ...]))

    @cached_property
    def codes(self) -> Codes:
        """Exception codes and bug checks."""
        return Codes(self._code, self._named_code)

    def code_entries(self) -> tuple[CodeEntry, ...]:
        """Every code of the pack, for another pack that is built from this one."""
        return tuple(
            self._decode(_CODE, data) for (data,) in self._rows("SELECT data FROM code ORDER BY kind, code", ())
        )

    def _code(self, kind: CodeKind, code: int) -> CodeEntry | None:
        rows = self._rows("SELECT data FROM code WHERE kind=? AND code=?", (kind, code))
        return self._decode(_CODE, rows[0][0]) if rows else None

    def _named_code(self, name: str) -> CodeEntry | None:
        rows = self._rows("SELECT kind, code FROM code_name WHERE name=?", (name,))
        return self._code(*rows[0]) if rows else None

    def _meta(self, key: str, kind: type[T]) -> T:
        rows = self._rows("SELECT value FROM meta WHERE key=?", (key,))
        if not rows:
            raise self._damaged(f"it has no {key}")
        return self._decode(msgspec.msgpack.Decoder(kind), rows[0][0])

    def _by_key(self, statement: str, keys: Sequence[int] | Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The rows of these keys; the statement has {} where they are listed.

        The last one is repeated until a step is full: SQLite keeps few statements that it has seen, and each length
        of the list is another one.
        """
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            full = -len(batch) % BATCH_STEP
            marks = ",".join("?" * (len(batch) + full))
            yield from self._rows(statement.format(marks), [*batch, *[batch[-1]] * full])

    def _rows(self, statement: str, values: Iterable[object]) -> list[tuple[Any, ...]]:
        try:
            return self._sql.execute(statement, tuple(values)).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._damaged(str(error)) from error

    def _decode(self, decoder: msgspec.msgpack.Decoder[T], blob: object) -> T:
        try:
            if not isinstance(blob, bytes):
                raise self._damaged("a value is not bytes")
            return decoder.decode(blob)
        except msgspec.ValidationError as error:  # whole, but of other types than ours
            raise PackError(f"made by another version ({error}); build it again", path=self.path) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._damaged(str(error)) from error

    def _numbers(self, blob: object) -> "array[int]":
        """Little-endian 32-bit integers."""
        values = array("I")
        try:
            values.frombytes(blob)  # type: ignore[arg-type]  # whatever a damaged file holds in its place
        except (TypeError, ValueError) as error:
            raise self._damaged("a list of numbers is cut off") from error
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def _damaged(self, what: str) -> PackError:
        return PackError(f"the knowledge pack is damaged ({what}); build it again", path=self.path)


_RULE = msgspec.msgpack.Decoder(Rule)
_UNITS = msgspec.msgpack.Decoder(PackedRule)
_CODE = msgspec.msgpack.Decoder(CodeEntry)
_MEANT = msgspec.msgpack.Decoder(dict[str, Close])
