"""Sources: files, folders and standard input, found in an order that is the same on every machine."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from triage.errors import SourceError

DEFAULT_LIMIT: Final = 1 << 30
"""Bytes of one source that are read at most."""

STDIN: Final = "-"


class Source(Struct, frozen=True):
    """One input by its printable name; no path means standard input."""

    name: str
    path: Path | None = None

    def read(self, limit: int = DEFAULT_LIMIT) -> bytes:
        """All bytes. Raises SourceError if it cannot be read or holds more than `limit` bytes."""
        try:
            if self.path is None:
                if sys.stdin is None:
                    raise SourceError("standard input is closed", path=self.name)
                data = sys.stdin.buffer.read(limit + 1)
            else:
                with self.path.open("rb") as file:
                    data = file.read(limit + 1)
        except OSError as error:
            raise _refused(error, self.name) from error
        except ValueError as error:  # a name with a null character
            raise SourceError("not a file name", path=self.name) from error
        if len(data) > limit:
            raise SourceError(f"larger than {_size(limit)}; cut out the part around the crash", path=self.name)
        return data


def find(paths: Iterable[str | Path], *, folders: bool) -> Iterator[Source | SourceError]:
    """The sources that the paths name, `-` being standard input, and an error for each that is none.

    With `folders` a folder stands for the regular files in it and below, sorted by name, folders among them; links in
    it are not followed, and what is neither file nor folder (a socket, a device) is passed over. A path that is
    named itself may be anything that can be read: a pipe of the shell has to work.
    """
    for path in map(Path, paths):
        if str(path) == STDIN:
            yield Source("stdin")
        elif not _is_folder(path):
            yield Source(name_of(path), path)
        elif folders:
            yield from _walk(path)
        else:
            yield SourceError("a folder; `triage scan` reads folders", path=name_of(path))


def name_of(path: str | Path) -> str:
    """The path as text that can be printed and encoded, whatever bytes the file system holds."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _walk(folder: Path) -> Iterator[Source | SourceError]:
    pending = [folder]
    while pending:
        path = pending.pop()
        try:
            mode = path.stat().st_mode if path is folder else path.lstat().st_mode
            if stat.S_ISREG(mode):
                yield Source(name_of(path), path)
            elif stat.S_ISDIR(mode):
                names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - names only, and in one order everywhere
                pending.extend(path / name for name in names)
        except OSError as error:
            yield _refused(error, name_of(path))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _refused(error: OSError, name: str) -> SourceError:
    if isinstance(error, FileNotFoundError):
        reason = "no such file"
    elif isinstance(error, PermissionError):
        reason = "permission denied"
    else:
        reason = f"cannot be read: {(error.strerror or 'input/output error').lower()}"
    return SourceError(reason, path=name)


def _size(count: int) -> str:
    for shift, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if count >= 1 << shift:
            return f"{count >> shift} {unit}"
    return f"{count} bytes"
