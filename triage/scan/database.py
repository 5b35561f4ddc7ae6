"""The results of a scan as an SQLite file, for queries.

| Table | One row | Columns |
|---|---|---|
| `source` | a file that was read, or could not be | `path`, `format`, `encoding`, `bytes`, `sha256`, `error` |
| `incident` | an incident | those of `triage.scan.rows.Row` |
| `finding` | an article about an incident | `source`, `incident`, `rank` (1 the best of the source), `rule`, `title`, |
| | | `url`, `confidence`, `band`, `status`, `todo` |
| `bucket` (a view) | a signature | `signature`, `count`, `sources`, `machines`, `first`, `last`, `rule`, `title`, |
| | | `confidence`; the most frequent first |

`incident.source` and `finding.source` are `source.path`; `finding.incident` is `incident.number`.
"""

import sqlite3
from pathlib import Path
from typing import Final

from triage.errors import SourceError, TriageError
from triage.scan.found import Fault, Found
from triage.scan.rows import COLUMNS, NUMBERS, Row, rows_of

VERSION: Final = 1
APPLICATION_ID: Final = 0x74726773  # "trgs"

_TYPES = {int: "INTEGER", float: "REAL", str: "TEXT"}
_SCHEMA = """
CREATE TABLE source (path TEXT NOT NULL, format TEXT, encoding TEXT, bytes INTEGER, sha256 TEXT, error TEXT);
CREATE TABLE incident (<columns>);
CREATE TABLE finding (source TEXT NOT NULL, incident INTEGER NOT NULL, rank INTEGER NOT NULL, rule TEXT NOT NULL,
  title TEXT, url TEXT, confidence REAL, band TEXT, status TEXT, todo TEXT);
CREATE INDEX incident_signature ON incident (signature);
CREATE INDEX incident_source ON incident (source);
CREATE INDEX finding_rule ON finding (rule);
CREATE VIEW bucket AS SELECT signature, count(*) AS count, count(DISTINCT source) AS sources,
  count(DISTINCT machine) AS machines, min(time) AS first, max(time) AS last, rule, title, max(confidence) AS confidence
  FROM incident WHERE again IS NULL GROUP BY signature, kind = 'prose' ORDER BY count(*) DESC;
PRAGMA application_id=<application>;
PRAGMA user_version=<version>;
"""
for _mark, _text in {
    "columns": ", ".join(f"{name} {_TYPES[NUMBERS.get(name, str)]}" for name in COLUMNS),
    "application": str(APPLICATION_ID),
    "version": str(VERSION),
}.items():
    _SCHEMA = _SCHEMA.replace(f"<{_mark}>", _text)
_PATIENCE = 60.0
"""Seconds for which who queries the file meanwhile may hold it."""

_COMMIT_EVERY = 500
"""Sources that say nothing may be lost, so many of them, if the program is killed."""


class Database:
    """Writes one scan into a new file, which replaces an older one of this program."""

    def __init__(self, path: Path) -> None:
        """Raises SourceError if the file cannot be made, or is there and is something else."""
        self._path = path
        self._pending = 0
        if path.exists():
            self._check(path)
            for tail in ("-wal", "-shm", "-journal", ""):  # of a scan that was killed, too
                Path(f"{path}{tail}").unlink(missing_ok=True)
        try:
            self._sql = sqlite3.connect(path, timeout=_PATIENCE)
            # With a write-ahead log it costs next to nothing to make what was found last.
            self._sql.execute("PRAGMA journal_mode=WAL")
            self._sql.execute("PRAGMA synchronous=NORMAL")
            self._sql.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise self._fault(error) from error

    @property
    def is_safe(self) -> bool:
        """Whether all that it took would be there if the program were killed now."""
        return self._pending == 0

    def add(self, found: Found | Fault) -> None:
        """Write one report, or why there is none. Raises SourceError if the disk is full."""
        try:
            if isinstance(found, Fault):
                self._sql.execute("INSERT INTO source (path, error) VALUES (?, ?)", (found.path, found.message))
            else:
                self._report(found)
            self._pending += 1
            tells = isinstance(found, Fault) or bool(found.report.incidents)
            if tells or self._pending >= _COMMIT_EVERY:
                self._sql.commit()
                self._pending = 0
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def close(self) -> None:
        """Write what is left. Raises SourceError if the disk is full; what was written before stays."""
        try:
            self._sql.commit()
            self._sql.execute("PRAGMA journal_mode=DELETE")  # one file is left
        except sqlite3.Error as error:
            raise self._fault(error) from error
        finally:
            self._sql.close()

    def _report(self, found: Found) -> None:
        source = found.report.source
        self._sql.execute(
            "INSERT INTO source VALUES (?, ?, ?, ?, ?, NULL)",
            (source.path, source.format, source.encoding, source.bytes, source.sha256),
        )
        marks = ",".join("?" * len(COLUMNS))
        self._sql.executemany(
            f"INSERT INTO incident VALUES ({marks})",  # noqa: S608 - only question marks
            [values(row) for row in rows_of(found)],
        )
        self._sql.executemany(
            "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    source.path,
                    one.incident,
                    rank,
                    one.rule,
                    one.title,
                    one.url,
                    round(one.confidence, 4),
                    one.band,
                    one.advice.status,
                    one.advice.summary,
                )
                for rank, one in enumerate(found.report.findings, 1)
            ],
        )

    def _check(self, path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(72)
        if head and int.from_bytes(head[68:72], "big") != APPLICATION_ID:
            raise SourceError("is there and is no database of a scan; name another file", path=path)

    def _fault(self, error: sqlite3.Error) -> TriageError:
        return SourceError(f"cannot be written ({error})", path=self._path)


def values(row: Row) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS."""
    return tuple(getattr(row, name) for name in COLUMNS)
