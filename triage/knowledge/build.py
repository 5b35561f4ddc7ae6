"""Rules, products, codes and weights to a pack. Same input, same bytes of content."""

import math
import os
import sqlite3
import sys
from array import array
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

import msgspec

from triage.errors import PackError
from triage.facts import rule_units, told_keys
from triage.facts.fact import Unit, UnitKind
from triage.knowledge.codes import names_of
from triage.knowledge.schema import (
    APPLICATION_ID,
    NAMED,
    TABLES,
    VERSION,
    PackedRule,
    fact_hash,
    most_listed,
    name_head,
)
from triage.model.code import CodeEntry
from triage.model.product import Product
from triage.model.rule import Rule
from triage.model.signature import FrameNames
from triage.model.synonym import Meanings
from triage.model.weights import Weights

MIN_NAME: Final = 3
"""Names up to this length are not looked for by likeness: too many are alike."""

HASHES: Final = 32768
"""Hashes that are remembered: most words of a rule stood in one before."""

NO_NAMES: Final = FrameNames()
NO_SYNONYMS: Final[Meanings] = {}

Progress = Callable[[int], None]


def build_pack(
    rules: Iterable[Rule],
    products: tuple[Product, ...],
    codes: tuple[CodeEntry, ...],
    weights: Weights,
    path: Path,
    *,
    frames: FrameNames = NO_NAMES,
    synonyms: Meanings = NO_SYNONYMS,
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
            total = _Builder(connection, weights.kinds).build(rules, progress)
            _write_tables(connection, products, codes, weights, frames, synonyms)
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
    """Facts are numbered as they are met; their weights are known only when every rule has been seen, so the rules'
    own facts wait in memory as arrays of numbers."""

    def __init__(self, connection: sqlite3.Connection, scales: Mapping[str, float]) -> None:
        self._sql = connection
        self._scales = scales
        self._numbers: dict[int, int] = {}
        self._kind_scales = array("f")
        self._postings: list[array[int]] = []
        self._names: set[tuple[str, str]] = set()
        self._fixes: dict[str, array[int]] = {}
        self._waiting: list[tuple[tuple[UnitKind, ...], tuple[int, ...], array[int]]] = []
        self._told: list[array[int]] = []
        self._hash = lru_cache(HASHES)(fact_hash)
        self._encode = msgspec.msgpack.Encoder().encode

    def build(self, rules: Iterable[Rule], progress: Progress | None) -> int:
        self._sql.executescript(f"PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {TABLES}")
        self._sql.execute(f"PRAGMA application_id={APPLICATION_ID}")
        self._sql.execute(f"PRAGMA user_version={VERSION}")
        self._sql.execute("BEGIN")
        for number, rule in enumerate(rules):
            conditional = bool(rule.require or rule.exclude)
            row = (number, rule.id, rule.title, rule.source.kind, conditional, self._encode(rule))
            self._sql.execute("INSERT INTO rule VALUES (?,?,?,?,?,?)", row)
            self._number(number, rule_units(rule), told_keys(rule))
            for name in {file.name.lower() for file in rule.fix.files if file.version}:
                self._fixes.setdefault(name, array("I")).append(number)
            if progress is not None:
                progress(number + 1)
        total = len(self._waiting)
        weights = self._write_facts(total)
        self._write_units(weights)
        meta = [("rules", self._encode(total)), ("told", self._encode(_little(self._write_told(weights))))]
        self._sql.executemany("INSERT INTO meta VALUES (?,?)", meta)
        self._sql.executemany("INSERT INTO name VALUES (?,?)", sorted(self._names))
        fixes = ((name, _little(rules)) for name, rules in sorted(self._fixes.items()))
        self._sql.executemany("INSERT INTO fix_file VALUES (?,?)", fixes)
        return total

    def _number(self, rule: int, units: tuple[Unit, ...], told: tuple[str, ...]) -> None:
        facts = array("I", (self._fact(key) for unit in units for key in unit.keys))
        ends = tuple(accumulate(len(unit.keys) for unit in units))
        self._waiting.append((tuple(unit.kind for unit in units), ends, facts))
        self._told.append(array("I", map(self._fact, told)))
        for number in {*facts, *self._told[-1]}:
            self._postings[number].append(rule)

    def _fact(self, key: str) -> int:
        hashed = self._hash(key)
        number = self._numbers.setdefault(hashed, len(self._numbers))
        if number == len(self._postings):
            self._postings.append(array("I"))
            kind, _, value = key.partition(":")
            self._kind_scales.append(self._scales.get(kind, 1.0))
            if kind in NAMED and len(value) > MIN_NAME:
                self._names.add((name_head(kind, value), value))
        return number

    def _write_facts(self, total: int) -> "array[int]":
        counts = [len(rules) for rules in self._postings]
        weights = array(
            "I",
            (round(rarity(df, total) * scale) for df, scale in zip(counts, self._kind_scales, strict=True)),
        )
        self._sql.executemany(
            "INSERT INTO fact VALUES (?,?,?,?)",
            sorted((hashed, number, weights[number], counts[number]) for hashed, number in self._numbers.items()),
        )
        most = most_listed(total)
        self._sql.executemany(
            "INSERT INTO posting VALUES (?,?)",
            ((number, _little(rules)) for number, rules in enumerate(self._postings) if len(rules) <= most),
        )
        self._postings.clear()
        self._numbers.clear()
        return weights

    def _write_units(self, weights: "array[int]") -> None:
        for number, (kinds, ends, facts) in enumerate(self._waiting):
            weighed = array("I", (weights[fact] for fact in facts))
            totals = tuple(sum(weighed[start:end]) for start, end in zip((0, *ends), ends, strict=False))
            packed = PackedRule(kinds, ends, totals, _little(facts), _little(weighed))
            self._sql.execute("INSERT INTO unit VALUES (?,?)", (number, self._encode(packed)))

    def _write_told(self, weights: "array[int]") -> "array[int]":
        """Write the words in which each rule is told; what they weigh together."""
        totals = array("I")
        for number, facts in enumerate(self._told):
            weighed = array("I", (weights[fact] for fact in facts))
            totals.append(sum(weighed))
            self._sql.execute("INSERT INTO told VALUES (?,?,?)", (number, _little(facts), _little(weighed)))
        return totals


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
    frames: FrameNames,
    synonyms: Meanings,
) -> None:
    encode = msgspec.msgpack.Encoder().encode
    ordered = msgspec.msgpack.Encoder(order="deterministic").encode  # sets are in no order of their own
    connection.executemany(
        "INSERT INTO meta VALUES (?,?)",
        [("products", encode(products)), ("weights", encode(weights)), ("frames", ordered(frames))],
    )
    connection.executemany(
        "INSERT INTO meaning VALUES (?,?)", ((said, encode(meant)) for said, meant in sorted(synonyms.items()))
    )
    connection.executemany(
        "INSERT OR IGNORE INTO code VALUES (?,?,?)", ((code.kind, code.code, encode(code)) for code in codes)
    )
    connection.executemany(
        "INSERT OR IGNORE INTO code_name VALUES (?,?,?)",
        ((name, code.kind, code.code) for code in codes for name in names_of(code)),
    )
