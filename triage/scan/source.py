"""Sources: files, folders and standard input, found in an order that is the same on every machine."""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from triage.errors import SourceError
from triage.formats.binary import Data, store
from triage.formats.binary.store import IN_MEMORY
from triage.scan import remote

DEFAULT_LIMIT: Final = 1 << 30
"""Bytes of one source that are read into memory at most."""

HELD_LIMIT: Final = 64 << 30
"""Bytes of one source that are put into a temporary file at most, where it cannot be read in place."""

STDIN: Final = "-"

_PIECE = 8 << 20
_HASHED_AT_ONCE = 1 << 20
_LONG = 240
"""Windows takes 260 characters with the name of a file, 248 for a folder."""


class Source(Struct, frozen=True):
    """One input by its printable name, and its path or its address for fsspec; neither means standard input.

    `begin` is how many of its bytes were read by an earlier scan; it is of use for large logs alone.
    """

    name: str
    path: Path | None = None
    url: str | None = None
    begin: int = 0

    def stat(self) -> tuple[int, float | None]:
        """Size in bytes (0 where only reading tells) and time of the last change in seconds since 1970.

        Raises SourceError if the source is gone or may not be looked at.
        """
        try:
            if self.url is not None:
                return remote.stat(self.url)
            if self.path is None:
                return 0, None
            status = self.path.stat()
        except (OSError, ValueError) as error:
            raise refused(error, self.name) from error
        return status.st_size if stat.S_ISREG(status.st_mode) else 0, status.st_mtime

    @property
    def again(self) -> Callable[[], BinaryIO] | None:
        """Opens the source at its beginning, as often as one likes; None for what can be read once."""
        if self.url is not None:
            return partial(remote.opened, self.url)
        path = self.path
        return None if path is None else lambda: path.open("rb")

    def read(self, limit: int = DEFAULT_LIMIT) -> bytes:
        """All bytes. Raises SourceError if it cannot be read or holds more than `limit` bytes."""
        try:
            if self.again is not None:
                with self.again() as file:
                    data = _read(file, limit + 1)
            elif sys.stdin is None:
                raise SourceError("standard input is closed", path=self.name)
            else:
                data = _read(sys.stdin.buffer, limit + 1)
        except (OSError, ValueError) as error:
            raise refused(error, self.name) from error
        if len(data) > limit:
            raise SourceError(f"larger than {_size(limit)}; cut out the part around the crash", path=self.name)
        return data

    def digest(self) -> str:
        """The SHA-256 of all bytes, in hexadecimal. Raises SourceError if they cannot be read, or be read once only."""
        if self.again is None:
            raise SourceError("can be read once only", path=self.name)
        digest = sha256()
        try:
            with self.again() as file:
                while piece := file.read(_HASHED_AT_ONCE):
                    digest.update(piece)
        except (OSError, ValueError) as error:
            raise refused(error, self.name) from error
        return digest.hexdigest()

    def held(self, limit: int = HELD_LIMIT) -> Data:
        """All bytes; of many, a mapping of a temporary file that nobody else can change.

        Raises SourceError if it cannot be read, or holds more than `limit` bytes.
        """
        try:
            if self.again is not None:
                with self.again() as file:
                    return self._copied(file, limit)
            if sys.stdin is None:
                raise SourceError("standard input is closed", path=self.name)
            return self._copied(sys.stdin.buffer, limit)
        except (OSError, ValueError) as error:
            raise refused(error, self.name) from error

    def mapped(self, limit: int = HELD_LIMIT) -> Data:
        """The same, but a large file is mapped where it lies.

        Who reads a mapping of a file that another program cuts is ended by the system: this is for workers, which may
        die. Raises SourceError if it cannot be read, or is no file and holds more than `limit` bytes.
        """
        size, _ = self.stat()
        if self.path is None or self.again is None or size <= IN_MEMORY:
            return self.held(limit)
        try:
            with self.again() as file:
                return store.mapped(file)
        except (OSError, ValueError) as error:
            raise refused(error, self.name) from error

    def _copied(self, file: BinaryIO, limit: int) -> Data:
        first = _read(file, min(_PIECE, limit + 1))
        if len(first) < _PIECE and len(first) <= limit:
            return first
        copy = store.Store()
        piece = first
        while piece and copy.tell() <= limit:
            copy.write(piece)
            piece = file.read(_PIECE)
        if copy.tell() > limit:
            raise SourceError(f"larger than {_size(limit)}; cut out the part around the crash", path=self.name)
        return copy.data()


class Choice(Struct, frozen=True):
    """Which files of a folder are read: glob patterns of names or of paths below the folder, and whether of links.

    `include` empty means all. A folder that `exclude` names is not entered.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    links: bool = False

    def takes(self, below: str) -> bool:
        """Whether the file is to be read; `below` is its path within the folder, with `/`."""
        return (not self.include or _matches(below, self.include)) and self.enters(below)

    def enters(self, below: str) -> bool:
        """Whether the folder is to be entered."""
        return not (self.exclude and _matches(below, self.exclude))


EVERYTHING: Final = Choice()


def find(paths: Iterable[str | Path], *, folders: bool, choice: Choice = EVERYTHING) -> Iterator[Source | SourceError]:
    """The sources that the paths name, `-` being standard input, and an error for each that is none.

    With `folders` a folder stands for the regular files in it and below that `choice` takes, sorted by name, folders
    among them; what is neither file nor folder (a socket, a device) is passed over. A path that is named itself may be
    anything that can be read: a pipe of the shell has to work. Addresses (`s3://bucket/logs`) are left to fsspec.
    """
    for given in paths:
        path = Path(given)
        if str(given) == STDIN:
            yield Source("stdin")
        elif remote.is_url(str(given)):
            yield from _remote(str(given), choice, folders=folders)
        elif not _is_folder(path):
            yield Source(name_of(path), _reachable(path))
        elif folders:
            yield from _walk(path, choice)
        else:
            yield SourceError("a folder; `triage scan` reads folders", path=name_of(path))


def name_of(path: str | Path) -> str:
    """The path as text that can be printed and encoded, whatever bytes the file system holds."""
    text = str(path)
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def long_path(path: str, *, windows: bool) -> str:
    r"""The path in the form that Windows reads beyond 260 characters: `\\?\C:\...`, `\\?\UNC\server\...`."""
    if not windows or len(path) < _LONG or path.startswith("\\\\?\\"):
        return path
    import ntpath  # noqa: PLC0415 - of use on Windows alone

    absolute = ntpath.abspath(path) if os.name == "nt" else ntpath.normpath(path)
    return "\\\\?\\UNC" + absolute[1:] if absolute.startswith("\\\\") else "\\\\?\\" + absolute


def _reachable(path: Path) -> Path:
    return Path(long_path(str(path), windows=True)) if os.name == "nt" else path


def _walk(folder: Path, choice: Choice) -> Iterator[Source | SourceError]:
    # Paths as text: making objects of all of them would take as long as listing them.
    root = str(folder)
    pending: list[tuple[str, str, os.DirEntry[str] | None]] = [("" if root == "." else root, "", None)]
    entered: set[tuple[int, int]] = set()
    while pending:
        path, below, entry = pending.pop()
        try:
            kind = _kind(path, entry, links=choice.links)
            if kind == "file":
                if choice.takes(below):
                    yield Source(name_of(path), _reachable(Path(path)))
            elif kind == "folder" and (not below or choice.enters(below)):
                reachable = _reachable(Path(path))
                if choice.links:
                    status = reachable.stat()
                    place = (status.st_dev, status.st_ino)
                    if place in entered and any(place):
                        continue  # a link to a folder above
                    entered.add(place)
                with os.scandir(reachable) as entries:
                    found = sorted(entries, key=lambda one: one.name, reverse=True)
                inside = f"{below}/" if below else ""
                before = path if not path or path.endswith(os.sep) else path + os.sep
                pending += [(before + one.name, inside + one.name, one) for one in found]
        except OSError as error:
            yield refused(error, name_of(path or "."))


def _kind(path: str, entry: "os.DirEntry[str] | None", *, links: bool) -> str | None:
    """`file`, `folder`, or None. What the folder's listing tells of an entry costs no look at the entry itself."""
    if entry is not None:
        if links and entry.is_symlink():
            mode = _reachable(Path(path)).stat().st_mode  # raises where the link leads nowhere
            return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else None
        if entry.is_file(follow_symlinks=False):
            return "file"
        return "folder" if entry.is_dir(follow_symlinks=False) else None
    mode = _reachable(Path(path)).stat().st_mode
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else None


def _remote(url: str, choice: Choice, *, folders: bool) -> Iterator[Source | SourceError]:
    """The files at an address; each is named by its own address."""
    try:
        for address, below in remote.files(url):
            if below and not folders:
                yield SourceError("a folder; `triage scan` reads folders", path=name_of(url))
                return
            if not below or choice.takes(below):
                yield Source(name_of(address), url=address)
    except SourceError as error:
        yield error
    except Exception as error:  # noqa: BLE001 - every kind of storage has its own errors
        yield refused(error, name_of(url))


def _matches(below: str, patterns: tuple[str, ...]) -> bool:
    name = below.rpartition("/")[2]
    return any(fnmatchcase(below if "/" in pattern else name, pattern) for pattern in patterns)


def _read(file: BinaryIO, most: int) -> bytes:
    """At most so many bytes, without asking for the memory before they are there."""
    pieces, size = [], 0
    while size < most and (data := file.read(min(_PIECE, most - size))):
        pieces.append(data)
        size += len(data)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def refused(error: Exception, name: str) -> SourceError:
    """Why a source could not be opened or read, in a few words."""
    if isinstance(error, FileNotFoundError):
        reason = "no such file"
    elif isinstance(error, PermissionError):
        reason = "permission denied"
    elif isinstance(error, ValueError):  # a name with a null character
        reason = "not a file name"
    elif isinstance(error, store.NoRoomError):
        reason = str(error)
    elif isinstance(error, OSError):
        reason = f"cannot be read: {(error.strerror or str(error) or 'input/output error').lower()}"
    else:
        reason = f"cannot be read: {type(error).__name__}: {error}"
    return SourceError(reason, path=name)


def _size(count: int) -> str:
    for shift, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if count >= 1 << shift:
            return f"{count >> shift} {unit}"
    return f"{count} bytes"
