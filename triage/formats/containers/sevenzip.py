"""7z archives, by the package `py7zr`, which the extra `archives` brings."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from triage.formats.binary import Data
from triage.formats.binary.store import Store, file_of
from triage.formats.containers.limits import Budget, Part, too_large

_MAX_TRIES = 6
"""How often reading begins again behind a file that is damaged."""


class _FullError(Exception):
    """A file holds more than may be unpacked."""


class _File:
    """Takes what one file unpacks to, as py7zr's `Py7zIO` does."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._out = Store()
        self.closed = False

    def write(self, piece: bytes | bytearray) -> int:
        left = self._room - self._out.tell()
        self._out.write(piece[:left])
        if len(piece) > left:
            raise _FullError
        return len(piece)

    def read(self, _size: int | None = None) -> bytes:
        return b""  # what was written is not asked for

    def seek(self, _offset: int, _whence: int = 0) -> int:
        return self._out.tell()

    def flush(self) -> None:
        pass

    def size(self) -> int:
        return self._out.tell()

    def close(self) -> None:
        self.closed = True

    @property
    def content(self) -> Data:
        return self._out.data()


class _Files:
    """Makes a `_File` for each file that is unpacked; all of them share the room."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._last: _File | None = None
        self.made: dict[str, _File] = {}

    def create(self, filename: str, *_: Any, **__: Any) -> _File:
        if self._last is not None:
            self._used += self._last.size()
        self._last = _File(max(0, self._room - self._used))
        self.made[filename] = self._last
        return self._last


def open_7z(data: Data, budget: Budget) -> Iterator[Part]:
    """The files of an archive. Where one is damaged, those behind it are read all the same."""
    try:
        library = import_module("py7zr")
    except ImportError:
        yield Part("", None, "7z is not supported here; pip install 'crash-triage[archives]'")
        return
    try:
        with library.SevenZipFile(file_of(data)) as archive:
            if archive.needs_password():
                yield Part("", None, "encrypted; unpack it with its password")
                return
            yield from _files(archive, budget.room)
    except MemoryError:
        yield Part("", None, "asks for more memory than there is; unpack it by hand")
    except Exception as error:  # noqa: BLE001 - py7zr lets what its decoders raise through, whatever that is
        yield Part("", None, f"damaged or cut off ({str(error)[:100] or type(error).__name__})")


def _files(archive: Any, room: int) -> Iterator[Part]:
    wanted = {entry.filename for entry in archive.list() if not entry.is_directory and entry.uncompressed}
    safe = {name for name in wanted if _is_inside(name)}
    for name in sorted(wanted - safe):
        yield Part(name, None, "its name leads out of the archive; unpack it by hand")
    used = 0
    for _ in range(_MAX_TRIES):
        if not safe:
            return
        files = _Files(room - used)
        archive.reset()
        fault: str | None = None
        try:
            archive.extract(targets=safe, factory=files)
        except _FullError:
            fault = too_large(room)
        except Exception as error:  # noqa: BLE001 - as above
            fault = f"damaged ({str(error)[:100] or type(error).__name__})"
        for name, file in files.made.items():
            used += file.size()
            yield Part(name, file.content or None, None if file.closed and not _is_last(files, file, fault) else fault)
        safe -= set(files.made)
        if fault is None or not files.made or used >= room:
            break
    for name in sorted(safe):
        yield Part(name, None, fault or "damaged or cut off")


def _is_last(files: _Files, file: _File, fault: str | None) -> bool:
    """Whether the fault is this file's: reading ended with it."""
    return fault is not None and file is next(reversed(files.made.values()))


def _is_inside(name: str) -> bool:
    """Whether a name stays below the folder that it is unpacked to; others make py7zr refuse the whole archive."""
    parts = name.replace("\\", "/").split("/")
    return not name.startswith(("/", "\\")) and ".." not in parts and ":" not in parts[0] and "\0" not in name
