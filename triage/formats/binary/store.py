"""Bytes that may be too many to hold: as a file that is mapped, read piece by piece, and let go of behind the reader.

What is unpacked from a container goes to an unnamed temporary file once it is large; the system removes that with the
process, however it ends. A mapped page counts as memory of the process from the first look at it, so who goes through
all of a mapping has to drop what lies behind.
"""

import contextlib
import mmap
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BufferedReader, BytesIO, RawIOBase
from typing import IO, Any, BinaryIO, Final, cast

from triage.formats.binary import Data

IN_MEMORY: Final = 16 << 20
"""Bytes that are held; what is more lies in a file."""

_PIECE: Final = 1 << 20
_DROP_EVERY: Final = 16 << 20


class NoRoomError(OSError):
    """The disk of the temporary files is full."""


class Store:
    """Takes bytes in order and gives them back as one; large ones lie in a temporary file."""

    def __init__(self) -> None:
        self._memory = BytesIO()
        self._file: IO[bytes] | None = None
        self._size = 0

    def tell(self) -> int:
        """How many bytes there are."""
        return self._size

    def write(self, piece: bytes | bytearray | memoryview) -> int:
        """Take some more. Raises NoRoomError if there is no place for them."""
        if self._size + len(piece) > IN_MEMORY and self._file is None:
            self._spill()
        try:
            if self._file is None:
                self._memory.write(piece)
            else:
                self._file.write(piece)
        except OSError as error:
            raise _no_room(error) from error
        self._size += len(piece)
        return len(piece)

    def data(self, most: int | None = None) -> Data:
        """All of it, or the first `most` bytes; takes no more after that. Raises NoRoomError."""
        size = self._size if most is None else min(most, self._size)
        if self._file is None:
            return self._memory.getvalue()[:size]
        try:
            self._file.flush()
            return mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ) if size else b""
        except OSError as error:
            raise _no_room(error) from error
        finally:
            self._close()

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):  # what could not be written is told already
                file.close()

    __del__ = _close

    def _spill(self) -> None:
        import tempfile  # noqa: PLC0415 - takes its time, and most sources are small

        try:
            self._file = tempfile.TemporaryFile(prefix="triage-")  # noqa: SIM115 - closed by `data`
            self._file.write(self._memory.getbuffer())
        except OSError as error:
            raise _no_room(error) from error
        self._memory = BytesIO()


class _Reading(RawIOBase):
    """Reads a mapping like a file."""

    def __init__(self, data: Data) -> None:
        super().__init__()
        self._data = data
        self._at = self._dropped = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._at, len(self._data))[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        piece = self._data[self._at : self._at + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        if abs(self._at - self._dropped) > _DROP_EVERY:
            drop(self._data)
            self._dropped = self._at
        return len(piece)


def file_of(data: Data) -> BinaryIO:
    """The bytes as a file at its beginning."""
    return BytesIO(data) if isinstance(data, bytes) else cast("BinaryIO", BufferedReader(_Reading(data), _PIECE))


def mapped(file: IO[bytes]) -> Data:
    """An open file as a mapping; its bytes where it is empty."""
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:  # an empty file cannot be mapped
        return file.read()


def drop(data: Data | memoryview) -> None:
    """Let go of what was looked at of a mapping; it is read again where it is looked at again."""
    owner = data.obj if isinstance(data, memoryview) else data
    if isinstance(owner, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        owner.madvise(mmap.MADV_DONTNEED)


def pieces_of(data: Data, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` to `end` in pieces of a megabyte."""
    end = len(data) if end is None else min(end, len(data))
    for at in range(start, end, _PIECE):
        yield bytes(data[at : min(at + _PIECE, end)])
        if (at - start) % _DROP_EVERY == 0:
            drop(data)


def part_of(data: Data, start: int, end: int) -> Data:
    """The bytes from `start` to `end`, by themselves. Raises NoRoomError."""
    if end - start <= IN_MEMORY:
        return bytes(data[start:end])
    store = Store()
    for piece in pieces_of(data, start, end):
        store.write(piece)
    return store.data()


def digest_of(data: Data) -> str:
    """The SHA-256 in hexadecimal."""
    digest = sha256()
    for piece in pieces_of(data):
        digest.update(piece)
    return digest.hexdigest()


def crc_of(data: Data) -> int:
    """The CRC-32."""
    crc = 0
    for piece in pieces_of(data):
        crc = zlib.crc32(piece, crc)
    return crc


def _no_room(error: OSError) -> NoRoomError:
    reason = (error.strerror or str(error)).lower()
    return NoRoomError(f"does not fit into a temporary file: {reason} (TMPDIR names another place)")
