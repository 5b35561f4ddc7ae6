"""What earlier scans read, in an SQLite file: unchanged sources are not read again, and a stopped scan goes on.

A source is known by its absolute path, and unchanged if size and time of the last change are the same, or, where the
time alone differs, its SHA-256. Kept is what its incidents were read as, so that other rules need no second reading.
"""

import os
import sqlite3
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from triage import __version__
from triage.errors import SourceError, TriageError
from triage.scan.found import Fault, Found, Given, Kept, Result
from triage.scan.source import Source
from triage.text.windows import SMALL

if TYPE_CHECKING:
    from triage.scan.examine import Examiner

APPLICATION_ID: Final = 0x74726773 ^ 0x1  # "trgr"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS source (path TEXT PRIMARY KEY, name TEXT, size INTEGER, time INTEGER, rules TEXT,
  reader TEXT, ends TEXT, data BLOB) WITHOUT ROWID;
"""
_COMPRESSED_FROM = 2048
_ASKED_AT_ONCE = 100
_END = 1 << 16
"""Bytes at the beginning and end of what was read by which a log that grew is known."""

_RESULT = msgspec.msgpack.Decoder(Result)


class Runner(Protocol):
    """Reads sources, here or elsewhere, and gives one result for each in their order."""

    def run(self, sources: Iterable[Given]) -> Iterator[Result]:
        """The results."""

    def stop(self) -> None:
        """End the run early."""


class Stamp(Struct, frozen=True):
    """How a source looked when it was read: absolute path or address, bytes, time of the last change in nanoseconds."""

    path: str
    size: int
    time: int


class Record(Struct, frozen=True):
    """What the state has of a source: how it looked, who read it, by which name and rules, and what came of it."""

    size: int
    time: int
    reader: str
    name: str
    rules: str
    data: bytes


class State:
    """The memory of scans; one process at a time writes it."""

    def __init__(self, path: Path, *, rules: str, lost: Callable[[TriageError], None] | None = None) -> None:
        """`rules` names the rules of this scan. Raises SourceError if the file cannot be used.

        `lost` is told, once, that no more can be written (a full disk); without it that is raised.
        """
        self._path = path
        self._lost = lost
        self._is_lost = False
        self._rules = rules
        self.kept = 0
        try:
            # Each statement is its own transaction; with a write-ahead log that costs no wait for the disk.
            self._sql = sqlite3.connect(path, isolation_level=None)
            (application,) = self._sql.execute("PRAGMA application_id").fetchone()
            (tables,) = self._sql.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if tables and application != APPLICATION_ID:
                raise SourceError("is no state of a scan; name another file", path=path)
            self._sql.execute("PRAGMA journal_mode=WAL")
            self._sql.execute("PRAGMA synchronous=NORMAL")
            self._sql.execute(f"PRAGMA application_id={APPLICATION_ID}")
            self._sql.execute(_SCHEMA)
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def records(self, stamps: Iterable[Stamp | None]) -> "dict[str, Record]":
        """What is known of the sources, by path; one question for many, for each takes its time."""
        paths = [stamp.path for stamp in stamps if stamp is not None]
        if not paths:
            return {}
        columns = "SELECT path, size, time, reader, name, rules, data FROM source WHERE path"
        marks = ",".join("?" * len(paths))
        most = 2 * len(paths)
        try:
            # Mostly they are neighbours, which is the fastest way to get them.
            ends = (min(paths), max(paths), most)
            rows = self._sql.execute(f"{columns} BETWEEN ? AND ? LIMIT ?", ends).fetchall()
            if len(rows) == most:
                rows = self._sql.execute(f"{columns} IN ({marks})", paths).fetchall()
        except sqlite3.Error as error:
            raise self._fault(error) from error
        return {row[0]: Record(*row[1:]) for row in rows}

    def known(self, source: Source, stamp: Stamp, record: "Record | None") -> bool:
        """Whether the source is as it was when it was read last, by this version's readers."""
        if record is None or record.size != stamp.size or (record.reader, record.name) != (__version__, source.name):
            return False
        return record.time == stamp.time or self._same_bytes(source, stamp)

    def read_of(self, source: Source, stamp: Stamp) -> int:
        """How many bytes of a source that is not known were read before it grew; 0 where that cannot be told."""
        try:
            row = self._sql.execute(
                "SELECT size, ends FROM source WHERE path=? AND name=? AND reader=?",
                (stamp.path, source.name, __version__),
            ).fetchone()
        except sqlite3.Error as error:
            raise self._fault(error) from error
        if row is None or not SMALL < row[0] < stamp.size or row[1] != _ends(source, row[0]):
            return 0
        return int(row[0])

    def recall(self, stamp: Stamp, record: "Record | None" = None) -> Result | None:
        """What a known source gave, with the rules of then; None where the record is damaged."""
        try:
            record = record or self.records([stamp])[stamp.path]
            return _RESULT.decode(_unpacked(record.data))
        except (TriageError, KeyError, zlib.error, msgspec.DecodeError, TypeError):
            return None

    def is_of_today(self, record: "Record", result: Result) -> bool:
        """Whether the rules of this scan would say the same; they have nothing to say of what has no evidence."""
        kept = (one.evidence for one in result.found if isinstance(one, Found))
        return record.rules == self._rules or not any(kept)

    def put_again(self, stamp: Stamp, result: Result) -> None:
        """Remember what the rules of this scan say of a source that is as it was."""
        if not self._is_lost and not any(isinstance(one, Fault) and not one.lasting for one in result.found):
            data = _packed(msgspec.msgpack.encode(result))
            self._write("UPDATE source SET rules=?, data=? WHERE path=?", (self._rules, data, stamp.path))

    def put(self, stamp: Stamp, result: Result, source: Source | None = None) -> None:
        """Remember a result. A source that could not be read is none, unless its bytes are why: it is tried again."""
        if self._is_lost or any(isinstance(one, Fault) and not one.lasting for one in result.found):
            return
        data = _packed(msgspec.msgpack.encode(result))
        ends = None if source is None or stamp.size <= SMALL else _ends(source, stamp.size)
        self._write(
            "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (stamp.path, result.name, stamp.size, stamp.time, self._rules, __version__, ends, data),
        )

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._sql.execute(statement, values)
        except sqlite3.Error as error:
            if self._lost is None:
                raise self._fault(error) from error
            self._is_lost = True
            self._lost(self._fault(error))

    def close(self) -> None:
        """Give the file free."""
        try:
            self._sql.close()
        except sqlite3.Error as error:
            if not self._is_lost:
                raise self._fault(error) from error

    def _same_bytes(self, source: Source, stamp: Stamp) -> bool:
        """Whether only the time differs: a copy, or a file that was touched."""
        try:
            (data,) = self._sql.execute("SELECT data FROM source WHERE path=?", (stamp.path,)).fetchone()
            found = _RESULT.decode(_unpacked(data)).found
            digest = found[0].report.source.sha256 if len(found) == 1 and isinstance(found[0], Found) else None
            if digest is None or source.digest() != digest:
                return False
            self._sql.execute("UPDATE source SET time=? WHERE path=?", (stamp.time, stamp.path))
        except (sqlite3.Error, zlib.error, msgspec.DecodeError, TriageError):
            return False
        return True

    def _fault(self, error: sqlite3.Error) -> TriageError:
        return SourceError(f"cannot be used ({error})", path=self._path)


class _Turn(Struct, frozen=True):
    """One of the sources, in their order; `source` is None where there is nothing to remember of it.

    `kept` is whether it is not read, but matched again.
    """

    name: str
    source: Source | None = None
    stamp: Stamp | None = None
    kept: bool = False

    @property
    def grew(self) -> bool:
        """Whether the source was read before in part."""
        return self.source is not None and self.source.begin > 0


class Remembering:
    """A runner that asks the state first and tells it what is new."""

    def __init__(self, runner: Runner, state: State, examiner: "Callable[[], Examiner]") -> None:
        """`examiner` makes the one that joins what a log said before and what it says now, or gives it."""
        self._runner = runner
        self._state = state
        self._examiner = examiner

    def stop(self) -> None:
        """End the run early; what is done is remembered."""
        self._runner.stop()

    def run(self, sources: Iterable[Given]) -> Iterator[Result]:
        """One result for each source, in their order."""
        turns: deque[_Turn] = deque()
        for result in self._runner.run(self._with_known(sources, turns)):
            while (turn := turns.popleft()).name != result.name:
                pass  # it was not read, because the run was stopped
            yield result if turn.source is None else self._remember(turn, result)

    def _with_known(self, sources: Iterable[Given], turns: deque[_Turn]) -> Iterator[Given]:
        """The sources, those that are known as what came of them; all of them get their turn."""
        walk = iter(sources)
        while some := list(islice(walk, _ASKED_AT_ONCE)):
            stamps = [stamp_of(one) if isinstance(one, Source) else None for one in some]
            records = self._state.records(stamps)
            for one, stamp in zip(some, stamps, strict=True):
                given = self._known(one, stamp, records.get(stamp.path)) if isinstance(one, Source) and stamp else one
                if isinstance(given, Source):
                    turns.append(_Turn(given.name, given, stamp))
                elif isinstance(given, Kept):
                    turns.append(_Turn(given.name, given.source, stamp, kept=True))
                else:
                    turns.append(_Turn(given.name if isinstance(given, Result) else given.path or ""))
                yield given

    def _known(self, source: Source, stamp: Stamp, record: Record | None) -> Source | Kept | Result:
        """What came of a source that is known, or what is kept of it; else the source, of one that grew the rest."""
        if record is None:
            return source
        if not self._state.known(source, stamp, record):
            return replace(source, begin=self._state.read_of(source, stamp))
        result = self._state.recall(stamp, record)
        if result is None:  # the record is damaged
            return source
        self._state.kept += 1
        return result if self._state.is_of_today(record, result) else Kept(source, result)

    def _remember(self, turn: _Turn, result: Result) -> Result:
        """The result, joined with that of the part that was read before, and kept."""
        if turn.stamp is None or turn.source is None:
            return result
        if turn.kept:
            self._state.put_again(turn.stamp, result)
            return result
        if turn.grew:
            before = self._state.recall(turn.stamp)
            old = before.found[0] if before is not None and len(before.found) == 1 else None
            new = result.found[0] if len(result.found) == 1 else None
            if isinstance(new, Found) and isinstance(old, Found):
                result = Result(result.name, (self._examiner().grown(old, new),))
            elif isinstance(new, Found):  # the record is damaged
                result = self._examiner().examine(replace(turn.source, begin=0))
        self._state.put(turn.stamp, result, turn.source)
        return result


def stamp_of(source: Source) -> Stamp | None:
    """How the source looks now; None where it is no file, or its storage does not tell when it changed."""
    if source.url is not None:
        try:
            size, changed = source.stat()
        except SourceError:
            return None
        return None if changed is None else Stamp(source.url, size, int(changed * 1_000_000_000))
    if source.path is None:
        return None
    path = os.fspath(source.path)
    try:
        status = os.stat(path)  # noqa: PTH116 - of each of many files, as what follows
    except (OSError, ValueError):
        return None
    absolute = _absolute(path)
    if not absolute.isascii():
        absolute = absolute.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return Stamp(absolute, status.st_size, status.st_mtime_ns)


def _absolute(path: str) -> str:
    """As os.path.abspath, which looks up the working directory each time: once for all files of a folder."""
    folder, slash, name = path.rpartition(os.sep)
    if not slash or name in {"", ".", ".."}:
        return os.path.abspath(path)  # noqa: PTH100 - Path.absolute leaves `..` in it
    return _absolute_folder(folder + slash, os.getcwd() if path[0] != os.sep else "") + name  # noqa: PTH109


@lru_cache(maxsize=1024)
def _absolute_folder(folder: str, _working_directory: str) -> str:
    absolute = os.path.abspath(folder)  # noqa: PTH100 - Path.absolute leaves `..` in it
    return absolute if absolute.endswith(os.sep) else absolute + os.sep


def _packed(data: bytes) -> bytes:
    """Compressed where that pays; most sources say nothing, and are many."""
    return data if len(data) < _COMPRESSED_FROM else zlib.compress(data, 1)


def _unpacked(data: bytes) -> bytes:
    """MessagePack begins with no byte that zlib begins with (0x78)."""
    return zlib.decompress(data) if data[:1] == b"\x78" else data


def _ends(source: Source, size: int) -> str | None:
    """A digest of how the source begins and of what stands before byte `size`: does it only go on from there?"""
    if source.again is None:
        return None
    try:
        with source.again() as file:
            digest = sha256(file.read(min(_END, size)))
            file.seek(max(0, size - _END))
            digest.update(file.read(min(_END, size)))
    except OSError:
        return None
    return digest.hexdigest()


def rules_of(path: Path) -> str:
    """A name of the rules in a knowledge pack: the same file has the same name."""
    with path.open("rb") as file:
        digest = sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
