"""Tar archives (POSIX ustar and pax, GNU, and version 7 without a magic)."""

import tarfile
from collections.abc import Iterator

from triage.formats.binary import Data
from triage.formats.binary.store import NoRoomError, Store, file_of, part_of
from triage.formats.containers.kinds import is_tar
from triage.formats.containers.limits import Budget, Part, too_large

_CHUNK = 1 << 20
_MAX_ENTRIES = 100_000
"""Headers that are looked at; the library remembers each of them."""

_BLOCK = 512
_MAGIC_AT = 257
_MAX_RESTARTS = 50
_MAX_MAGICS = 10_000

_ERRORS = (
    tarfile.TarError,
    ValueError,
    OverflowError,
    OSError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    RecursionError,
)
"""What the reader raises for damage: besides its own errors those of the numbers and texts in headers."""


def open_tar(data: Data, budget: Budget) -> Iterator[Part]:
    """The regular files of an archive; links, devices and folders hold nothing.

    The library ends at a header that is damaged as if the archive ended there: what follows is looked for.
    """
    start: int | None = 0
    for _ in range(_MAX_RESTARTS):
        if start is None:
            return
        end, some = start, False
        try:
            # The file's position is where the library begins to read.
            file = file_of(data)
            file.seek(start)
            with tarfile.open(fileobj=file, mode="r:", errorlevel=0) as archive:
                for _, info in zip(range(_MAX_ENTRIES), archive, strict=False):
                    some = True
                    if (info.isreg() or info.sparse) and info.size:
                        yield _unpacked(data, archive, info, budget.room)
                end = archive.offset
                fault = _fault_of_end(data, end)
        except _ERRORS as error:
            fault = f"damaged or cut off, read up to there ({str(error)[:100] or type(error).__name__})"
            if some:
                end = len(data)
        if fault is None:
            return
        yield Part("", None, fault)
        start = _next_header(data, end + _BLOCK)


def _fault_of_end(data: Data, end: int) -> str | None:
    """What is wrong where the library's reading ended; None at the blocks of zeros that end an archive."""
    block = bytes(data[end : end + _BLOCK])
    if len(block) < _BLOCK:
        # A file that is cut off has its own fault.
        return "cut off: the mark of its end is missing" if end <= len(data) else None
    return "a header is damaged; files are missing" if block.strip(b"\0") else None


def _next_header(data: Data, start: int) -> int | None:
    """Where the next whole header from the offset `start` on is, on a block of the archive."""
    at = start
    for _ in range(_MAX_MAGICS):
        found = -1 if isinstance(data, memoryview) else data.find(b"ustar", at + _MAGIC_AT)
        if found < 0:
            return None
        at = found - _MAGIC_AT
        if at % _BLOCK == 0 and is_tar(data[at : at + _BLOCK]):
            return at
        at += 1
    return None


def _unpacked(data: Data, archive: tarfile.TarFile, info: tarfile.TarInfo, room: int) -> Part:
    if not info.sparse:
        end = min(info.offset_data + min(info.size, room), len(data))
        try:
            there = part_of(data, info.offset_data, end)
        except NoRoomError as error:
            return Part(info.name, None, str(error))
        cut = None if info.offset_data + info.size <= len(data) else "cut off: the end of it is missing"
        return Part(info.name, there or None, too_large(room) if len(there) == room < info.size else cut)
    out = Store()
    fault = None
    try:
        file = archive.extractfile(info)
        while file is not None and (piece := file.read(min(_CHUNK, room + 1 - out.tell()))):
            out.write(piece)
            if out.tell() > room:
                fault = too_large(room)
                break
    except NoRoomError as error:
        return Part(info.name, None, str(error))
    except _ERRORS as error:
        fault = f"cut off or damaged ({str(error)[:100] or type(error).__name__})"
    return Part(info.name, out.data(room) or None, fault)
