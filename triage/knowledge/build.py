"""Rules, products, codes and weights to a pack. Same input, same bytes of content."""

import math
import os
import sqlite3
import sys
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import msgspec

from triage.errors import PackError
from triage.facts import rule_units
from triage.facts.fact import Unit
from triage.knowledge.codes import names_of
from triage.knowledge.schema import APPLICATION_ID, KINDS, NAMED, TABLES, VERSION, PackedUnit, fact_hash, name_head
from triage.model.code import CodeEntry
from triage.model.product import Product
from triage.model.rule import Rule
from triage.model.weights import Weights

MAX_SHARE: Final = 0.25
MIN_COMMON: Final = 500
"""A fact of more than a quarter of the rules finds no candidate, so its list of rules is left out of large packs."""

MIN_NAME: Final = 3
"""Names up to this length are not looked for by likeness: too many are alike."""

_KIND_NUMBER: Final[dict[str, int]] = {kind: number for number, kind in enumerate(KINDS)}

Progress = Callable[[int], None]


def build_pack(
    rules: Iterable[Rule],
    products: tuple[Product, ...],
    codes: tuple[CodeEntry, ...],
    weights: Weights,
    path: Path,
    *,
    progress: Progress | None = None,
) -> int:
    """Write a pack of the rules to `path`, replacing what is there only when it is complete; how many rules it holds.

    Raises PackError where the file cannot be written. Memory grows with the number of distinct facts, not with the
    size of the rules.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.unlink(missing_ok=True)
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            total = _Builder(connection).build(rules, progress)
            _write_tables(connection, products, codes, weights, total)
            connection.execute("COMMIT")
            connection.execute("VACUUM")
        finally:
            connection.close()
        temporary.replace(path)
    except (sqlite3.Error, OSError) as error:
        raise PackError(f"the pack cannot be written: {error}", path=path) from error
    finally:
        temporary.unlink(missing_ok=True)
    return total


class _Builder:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self._numbers: dict[int, int] = {}
        self._postings: list[array[int]] = []
        self._names: set[tuple[str, str]] = set()
        self._encode = msgspec.msgpack.Encoder().encode

    def build(self, rules: Iterable[Rule], progress: Progress | None) -> int:
        self._sql.executescript(f"PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {TABLES}")
        self._sql.execute(f"PRAGMA application_id={APPLICATION_ID}")
        self._sql.execute(f"PRAGMA user_version={VERSION}")
        self._sql.execute("BEGIN")
        total = 0
        for number, rule in enumerate(rules):
            units = rule_units(rule)
            self._sql.execute(
                "INSERT INTO rule VALUES (?,?,?,?,?,?,?)",
                (
                    number,
                    rule.id,
                    rule.title,
                    rule.source.kind,
                    bool(rule.require or rule.exclude),
                    self._encode(rule),
                    self._number(number, units),
                ),
            )
            total = number + 1
            if progress is not None:
                progress(total)
        weights = self._write_facts(total)
        self._weigh_units(weights, total)
        self._sql.executemany("INSERT INTO name VALUES (?,?)", sorted(self._names))
        return total

    def _number(self, rule: int, units: tuple[Unit, ...]) -> bytes:
        """The units with their facts numbered, weights still to come."""
        packed = []
        seen: set[int] = set()
        for unit in units:
            numbers = array("I", (self._fact(key) for key in unit.keys))
            kinds = bytes(_KIND_NUMBER[key.partition(":")[0]] for key in unit.keys)
            packed.append(PackedUnit(unit.kind, numbers.tobytes(), b"", kinds))
            seen.update(numbers)
        for number in seen:
            self._postings[number].append(rule)
        return self._encode(packed)

    def _fact(self, key: str) -> int:
        hashed = fact_hash(key)
        number = self._numbers.setdefault(hashed, len(self._numbers))
        if number == len(self._postings):
            self._postings.append(array("I"))
            kind, _, value = key.partition(":")
            if kind in NAMED and len(value) > MIN_NAME:
                self._names.add((name_head(kind, value), value))
        return number

    def _write_facts(self, total: int) -> "array[int]":
        weights = array("I", bytes(4 * len(self._postings)))
        rows = []
        for hashed, number in self._numbers.items():
            df = len(self._postings[number])
            weights[number] = rarity(df, total)
            rows.append((hashed, number, weights[number], df))
        self._sql.executemany("INSERT INTO fact VALUES (?,?,?,?)", sorted(rows))
        common = max(MIN_COMMON, int(total * MAX_SHARE))
        self._sql.executemany(
            "INSERT INTO posting VALUES (?,?)",
            ((number, _little(rules)) for number, rules in enumerate(self._postings) if len(rules) <= common),
        )
        self._postings.clear()
        self._numbers.clear()
        return weights

    def _weigh_units(self, weights: "array[int]", total: int) -> None:
        decode = msgspec.msgpack.Decoder(list[PackedUnit]).decode
        for number in range(total):
            (blob,) = self._sql.execute("SELECT units FROM rule WHERE num=?", (number,)).fetchone()
            packed = []
            for unit in decode(blob):
                facts = array("I")
                facts.frombytes(unit.facts)
                weighed = array("I", (weights[fact] for fact in facts))
                packed.append(PackedUnit(unit.kind, _little(facts), _little(weighed), unit.kinds))
            self._sql.execute("UPDATE rule SET units=? WHERE num=?", (self._encode(packed), number))


def rarity(df: int, total: int) -> int:
    """Weight of a fact that `df` of `total` rules have, in millibits: whole numbers are the same on every machine."""
    return max(0, round(1000 * math.log2((total + 1) / (df + 0.5))))


def _little(values: "array[int]") -> bytes:
    if sys.byteorder == "big":
        values = array("I", values)
        values.byteswap()
    return values.tobytes()


def _write_tables(
    connection: sqlite3.Connection,
    products: tuple[Product, ...],
    codes: tuple[CodeEntry, ...],
    weights: Weights,
    total: int,
) -> None:
    encode = msgspec.msgpack.Encoder().encode
    connection.executemany(
        "INSERT INTO meta VALUES (?,?)",
        [("products", encode(products)), ("rules", encode(total)), ("weights", encode(weights))],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO code VALUES (?,?,?)", ((code.kind, code.code, encode(code)) for code in codes)
    )
    connection.executemany(
        "INSERT OR IGNORE INTO code_name VALUES (?,?,?)",
        ((name, code.kind, code.code) for code in codes for name in names_of(code)),
    )
