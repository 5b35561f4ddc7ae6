"""Tar archives (POSIX ustar and pax, GNU, and version 7 without a magic)."""

import tarfile
from collections.abc import Iterator
from io import BytesIO

from triage.formats.containers.limits import Budget, Part, too_large

_CHUNK = 1 << 20
_MAX_ENTRIES = 100_000
"""Headers that are looked at; the library remembers each of them."""

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


def open_tar(data: bytes, budget: Budget) -> Iterator[Part]:
    """The regular files of an archive; links, devices and folders hold nothing."""
    try:
        with tarfile.open(fileobj=BytesIO(data), mode="r:", errorlevel=0) as archive:
            for _, info in zip(range(_MAX_ENTRIES), archive, strict=False):
                if (info.isreg() or info.sparse) and info.size:
                    yield _unpacked(data, archive, info, budget.room)
    except _ERRORS as error:
        yield Part("", None, f"damaged or cut off, read up to there ({str(error)[:100] or type(error).__name__})")


def _unpacked(data: bytes, archive: tarfile.TarFile, info: tarfile.TarInfo, room: int) -> Part:
    if not info.sparse:
        there = data[info.offset_data : info.offset_data + min(info.size, room)]
        cut = None if info.offset_data + info.size <= len(data) else "cut off: the end of it is missing"
        return Part(info.name, there or None, too_large(room) if len(there) == room < info.size else cut)
    out = BytesIO()
    fault = None
    try:
        file = archive.extractfile(info)
        while file is not None and (piece := file.read(min(_CHUNK, room + 1 - out.tell()))):
            out.write(piece)
            if out.tell() > room:
                out.truncate(room)
                fault = too_large(room)
                break
    except _ERRORS as error:
        fault = f"cut off or damaged ({str(error)[:100] or type(error).__name__})"
    return Part(info.name, out.getvalue() or None, fault)
