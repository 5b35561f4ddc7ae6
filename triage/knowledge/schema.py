"""The knowledge pack on disk: one SQLite file, read-only, from which only what a query touches is read.

A pack of 60,000 articles opens as fast as one of ten: nothing is decoded before it is asked for. Facts are found by a
64-bit hash of their key; a pack of ten million facts would hold a collision once in 400,000 packs.
"""

from hashlib import blake2b
from typing import Final

import msgspec

from triage.facts.fact import UnitKind

APPLICATION_ID: Final = 0x54524947  # "TRIG", in the SQLite header, so that `file` and we know a pack
VERSION: Final = 5

TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE rule (num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, origin TEXT NOT NULL,
                   conditional INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE unit (num INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE told (num INTEGER PRIMARY KEY, facts BLOB NOT NULL, weights BLOB NOT NULL);
CREATE TABLE fact (hash INTEGER PRIMARY KEY, num INTEGER NOT NULL, weight INTEGER NOT NULL, df INTEGER NOT NULL);
CREATE TABLE posting (num INTEGER PRIMARY KEY, rules BLOB NOT NULL);
CREATE TABLE fix_file (name TEXT PRIMARY KEY, rules BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE name (head TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (head, value)) WITHOUT ROWID;
CREATE TABLE meaning (said TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE code (kind TEXT NOT NULL, code INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (kind, code))
                   WITHOUT ROWID;
CREATE TABLE code_name (name TEXT PRIMARY KEY, kind TEXT NOT NULL, code INTEGER NOT NULL) WITHOUT ROWID;
"""

MAX_SHARE: Final = 0.25
MIN_COMMON: Final = 500
"""A fact of more than a quarter of the rules finds no candidate, so its list of rules is left out of large packs."""

HEAD: Final = 2
"""Letters by which names are grouped for the search of a mistyped or truncated one."""

NAMED: Final = {"word": "word", "prose": "word", "told": "word", "process": "image", "faulting": "image",
                "module": "image", "function": "function", "source": "source"}  # fmt: skip
"""Kinds of facts whose values are names, and the vocabulary that they belong to."""


class PackedRule(msgspec.Struct, frozen=True, array_like=True):
    """The facts of a rule's units, one unit after the other, so that one pass compares them all.

    `facts` holds the facts' numbers and `weights` their weights in millibits, both as little-endian 32-bit integers;
    unit i ends before position `ends[i]`, and its facts weigh `totals[i]` together.
    """

    units: tuple[UnitKind, ...]
    ends: tuple[int, ...]
    totals: tuple[int, ...]
    facts: bytes
    weights: bytes


def most_listed(total: int) -> int:
    """How many of `total` rules may have a fact whose list of rules is kept."""
    return max(MIN_COMMON, int(total * MAX_SHARE))


def name_head(kind: str, value: str) -> str:
    """The group in which names like this one are kept."""
    return f"{NAMED[kind]}:{value[:HEAD]}"


def fact_hash(key: str) -> int:
    """The signed 64-bit hash that SQLite keeps as a row id."""
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "little", signed=True)
