"""ZIP archives (PKWARE APPNOTE.TXT), whole or cut off.

The table of contents at the end is read by `zipfile`; the members are unpacked here, so that one that is damaged gives
what lies before the damage, and nothing unpacks to more than it may. An archive that lost its end (a download that
broke off) is read by the headers before the members.
"""

import bz2
import lzma
import struct
from collections.abc import Callable, Iterator
from importlib import import_module
from zipfile import BadZipFile, ZipFile

from msgspec import Struct

from triage.formats.binary import Data
from triage.formats.binary.store import NoRoomError, crc_of, file_of, part_of, pieces_of
from triage.formats.containers.limits import Budget, Part, too_large
from triage.formats.containers.streams import Decoder, Inflater, decode, decoder

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_LOCAL_MAGIC = b"PK\x03\x04"
_MAX_ENTRIES = 200_000
_ENCRYPTED = 0x1
_SIZES_FOLLOW = 0x8
_UTF8 = 0x800
_METHODS = {0: "stored", 8: "deflate", 9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz"}
_WHOLE = 0xFFFFFFFF
_ERRORS = (BadZipFile, ValueError, OverflowError, struct.error, NotImplementedError, OSError, EOFError, LookupError)
"""What `zipfile` raises for damage: besides its own error those of the numbers and texts in headers."""


class _Entry(Struct, frozen=True, kw_only=True):
    """A member: `start` is the offset of its data, `size` the bytes of it, None where only the data itself tells."""

    name: str
    flags: int
    method: int
    start: int
    size: int | None
    crc: int | None


def open_zip(data: Data, budget: Budget) -> Iterator[Part]:
    """The files of an archive, in the order of its table of contents."""
    try:
        entries: Iterator[_Entry] = iter(list(_listed(data)))
    except _ERRORS as error:
        yield Part("", None, f"the table of contents is missing or damaged, members are searched for ({error})")
        yield from _carved(data, budget)
        return
    for entry in entries:
        yield _unpacked(data, entry, budget)[0]


def _listed(data: Data) -> Iterator[_Entry]:
    # A mark that two pieces share is not counted: it is one of a thousand.
    if sum(piece.count(b"PK\x01\x02") for piece in pieces_of(data)) > _MAX_ENTRIES:
        raise BadZipFile("too many entries")
    with ZipFile(file_of(data)) as archive:
        for info in archive.infolist():
            if info.filename.endswith("/") or not info.file_size:
                continue
            header = _local(data, info.header_offset)
            yield _Entry(
                name=info.filename,
                flags=info.flag_bits,
                method=info.compress_type,
                start=-1 if header is None else header.start,
                size=info.compress_size,
                crc=info.CRC,
            )


def _local(data: Data, offset: int) -> _Entry | None:
    """The header right before a member's data."""
    if offset < 0 or offset + _LOCAL.size > len(data):
        return None
    magic, _, flags, method, _, _, crc, packed, _, name, extra = _LOCAL.unpack_from(data, offset)
    if magic != _LOCAL_MAGIC:
        return None
    start = offset + _LOCAL.size
    stored = bytes(data[start : start + name])
    later = bool(flags & _SIZES_FOLLOW) or packed == _WHOLE
    return _Entry(
        name=stored.decode("utf-8" if flags & _UTF8 else "cp437", errors="replace"),
        flags=flags,
        method=method,
        start=start + name + extra,
        size=None if later else packed,
        crc=None if later else crc,
    )


def _carved(data: Data, budget: Budget) -> Iterator[Part]:
    """Members of an archive without its end, one header after the other."""
    at = _find(data, _LOCAL_MAGIC, 0)
    while at >= 0:
        entry = _local(data, at)
        following = at + 4
        if entry is not None and entry.method in _METHODS and entry.size != 0:
            part, end = _unpacked(data, entry, budget)
            following = max(following, min(end, len(data)))
            yield part
        at = _find(data, _LOCAL_MAGIC, following)


def _find(data: Data, mark: bytes, start: int) -> int:
    """Where the mark is next; -1 where it is no more. (A view of memory cannot be searched.)"""
    return -1 if isinstance(data, memoryview) else data.find(mark, start)


def _unpacked(data: Data, entry: _Entry, budget: Budget) -> tuple[Part, int]:
    """A member, and the offset of its end."""
    method = _METHODS.get(entry.method)
    fault = None
    if not 0 <= entry.start <= len(data):
        fault = "lies outside of the archive"
    elif entry.flags & _ENCRYPTED:
        fault = "encrypted; unpack it with its password"
    elif method is None:
        fault = f"packed by method {entry.method}, which is not supported; unpack it by hand"
    if fault is not None or method is None:
        return Part(entry.name, None, fault), entry.start + (entry.size or 0)
    end = len(data) if entry.size is None else entry.start + entry.size
    packed = memoryview(data)[entry.start : end]
    missing = "cut off: the end of it is missing" if end > len(data) else None
    if method == "stored":
        used = len(packed)
        if entry.size is None:
            following = _find(data, b"PK\x07\x08", entry.start) - entry.start
            used = following if following >= 0 else used
        fault = too_large(budget.room) if used > budget.room else None
        try:
            content = part_of(data, entry.start, entry.start + min(used, budget.room))
        except NoRoomError as error:
            content, fault = b"", str(error)
    else:
        make, skip = _decoder(method, packed)
        stream = decode(packed[skip:], make, budget.room)
        content, fault, used = stream.data, stream.fault, stream.consumed + skip
    fault = missing or fault
    if fault is None and entry.crc is not None and crc_of(content) != entry.crc:
        fault = "damaged: the checksum is another one"
    return Part(entry.name, content or None, fault), entry.start + used


def _decoder(method: str, packed: memoryview) -> tuple[Callable[[], Decoder], int]:
    """What decodes a method, and how many bytes before the data belong to it."""
    if method == "deflate":
        return lambda: Inflater(-15), 0
    if method == "bzip2":
        return bz2.BZ2Decompressor, 0
    if method == "lzma":
        size = int.from_bytes(packed[2:4], "little")
        return lambda: _lzma(bytes(packed[4 : 4 + size])), 4 + size
    if method == "deflate64":
        return _deflate64, 0
    return decoder(method), 0


def _lzma(properties: bytes) -> Decoder:
    """LZMA as archives have it: five bytes of properties (pb, lp, lc in one, dictionary size) before the raw data."""
    if len(properties) != 5 or properties[0] >= 225:
        raise ValueError("bad LZMA properties")
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    size = min(max(4096, int.from_bytes(properties[1:], "little")), 64 << 20)
    options = {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": size}
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[options])


class _Inflater64:
    """Deflate64, which Windows Explorer uses for files of 2 GB and more."""

    def __init__(self) -> None:
        self._decoder = import_module("inflate64").Inflater()
        self._out = b""

    @property
    def eof(self) -> bool:
        return bool(self._decoder.eof) and not self._out

    @property
    def unused_data(self) -> bytes:
        return b""

    @property
    def needs_input(self) -> bool:
        return not self._out

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        self._out += self._decoder.inflate(data) if data else b""
        out, self._out = self._out[:max_length], self._out[max_length:]
        return out


def _deflate64() -> Decoder:
    try:
        return _Inflater64()
    except ImportError as error:
        raise ValueError("deflate64 is not supported here; pip install 'crash-triage[archives]'") from error
