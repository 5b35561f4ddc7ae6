"""Cabinet files, as Windows Error Reporting and debuggers (`.dump /ba`) write them.

Source: "[MS-CAB]: Cabinet File Format", "[MS-MCI]: Microsoft ZIP (MSZIP) Compression". Read here, in bounds, because
the packages that exist read all or nothing, and a cabinet that was cut off on its way still has its first files.
"""

import struct
import zlib
from collections.abc import Callable, Iterator

from msgspec import Struct

from triage.formats.binary import Data
from triage.formats.binary.store import NoRoomError, Store, part_of
from triage.formats.containers.limits import Budget, Part, too_large
from triage.formats.containers.lzx import LzxDecoder, LzxError

MAGIC = b"MSCF\0\0\0\0"

_HEADER = struct.Struct("<4s4xI4xI4xBBHHHHH")
_FOLDER = struct.Struct("<IHH")
_FILE = struct.Struct("<IIHHHH")
_DATA = struct.Struct("<IHH")
_PREVIOUS, _NEXT, _RESERVE = 1, 2, 4
_METHODS = {0: "stored", 1: "mszip", 2: "quantum", 3: "lzx"}
_HISTORY = 1 << 15
_MAX_BLOCK = 1 << 15
_UTF8 = 0x80
_CUT = "cut off: the end of it is missing"
_MAX_NAME = 1024


class _File(Struct, frozen=True):
    name: str
    start: int
    size: int


class _Folder(Struct, frozen=True):
    offset: int
    blocks: int
    method: int
    files: list[_File]


def open_cab(data: Data, budget: Budget) -> Iterator[Part]:
    """The files of a cabinet, folder by folder; a folder is what was compressed as one stream."""
    if len(data) < _HEADER.size:
        yield Part("", None, "cut off in its header")
        return
    _, _, files, _, _, folder_count, file_count, flags, _, _ = _HEADER.unpack_from(data, 0)
    at, in_folder, in_block = _HEADER.size, 0, 0
    if flags & _RESERVE and at + 4 <= len(data):
        in_header, in_folder, in_block = struct.unpack_from("<HBB", data, at)
        at += 4 + in_header
    for flag in (_PREVIOUS, _NEXT):
        if flags & flag:
            at = _after_text(data, _after_text(data, at))
    folders: list[_Folder] = []
    for _ in range(folder_count):
        if at + _FOLDER.size > len(data):
            yield Part("", None, f"cut off: {len(folders)} of {folder_count} folders are there")
            break
        offset, blocks, method = _FOLDER.unpack_from(data, at)
        folders.append(_Folder(offset, blocks, method, []))
        at += _FOLDER.size + in_folder
    fault = _place(data, files, file_count, folders)
    if fault is not None:
        yield Part("", None, fault)
    for folder in folders:
        yield from _unpacked(data, folder, in_block, budget)


def _place(data: Data, at: int, count: int, folders: list[_Folder]) -> str | None:
    """Puts each file into its folder; what of the list is missing."""
    outside = 0
    for index in range(count):
        if at + _FILE.size > len(data):
            return f"cut off: {index} of {count} files are listed"
        size, start, folder, _, _, attributes = _FILE.unpack_from(data, at)
        end = _end_of_text(data, at + _FILE.size)
        if end < 0:
            return f"damaged: the name of file {index + 1} of {count} has no end"
        name = bytes(data[at + _FILE.size : end]).decode("utf-8" if attributes & _UTF8 else "cp1252", errors="replace")
        # Numbers from FFFD on stand for a folder that begins in the cabinet before, or goes on in the next one.
        if folder < len(folders):
            folders[folder].files.append(_File(name, start, size))
        else:
            outside += 1
        at = end + 1
    return f"{outside} files lie in another cabinet of the set" if outside else None


def _unpacked(data: Data, folder: _Folder, in_block: int, budget: Budget) -> Iterator[Part]:
    files = sorted((file for file in folder.files if file.size), key=lambda file: file.start)
    if not files:
        return
    wanted = max(file.start + file.size for file in files)
    is_slow = _METHODS.get(folder.method & 0xF) == "lzx"
    room = min(budget.room, budget.slow) if is_slow else budget.room
    content, fault = _content(data, folder, in_block, min(wanted, room))
    if is_slow:
        budget.slow -= len(content)
    if fault is None and len(content) < wanted:
        fault = too_large(room) if wanted > room else "damaged: the folder holds less than its files need"
    for file in files:
        piece = part_of(content, file.start, min(file.start + file.size, len(content)))
        yield Part(file.name, piece or None, fault if len(piece) < file.size else None)


def _content(data: Data, folder: _Folder, in_block: int, wanted: int) -> tuple[Data, str | None]:
    """The first `wanted` bytes of a folder's stream, and why there are fewer."""
    try:
        decode = _decoder(folder.method)
    except LzxError as error:
        return b"", f"damaged ({error})"
    if decode is None:
        name = _METHODS.get(folder.method & 0xF, f"method {folder.method & 0xF}")
        return b"", f"compressed by {name}, which is not supported"
    out, at = Store(), folder.offset
    fault: str | None = None
    for _ in range(folder.blocks):
        if out.tell() >= wanted or fault is not None:
            break
        if at + _DATA.size > len(data):
            fault = _CUT
            break
        _, packed, size = _DATA.unpack_from(data, at)
        at += _DATA.size + in_block
        raw = bytes(data[at : at + packed])
        at += packed
        try:
            block = decode(raw, min(size, _MAX_BLOCK))
        except (zlib.error, LzxError) as error:
            fault = _CUT if len(raw) < packed else f"damaged, read up to there ({str(error)[:100]})"
            break
        try:
            out.write(block)
        except NoRoomError as error:
            fault = str(error)
            break
        if len(raw) < packed:
            fault = _CUT
        elif len(block) != size and size:
            fault = "damaged, read up to there (a block holds less than it says)"
    return out.data(wanted), fault if out.tell() < wanted else None


def _decoder(method: int) -> Callable[[bytes, int], bytes] | None:
    """What turns the blocks of a folder, in their order, into as many bytes as they say; None for other methods."""
    name = _METHODS.get(method & 0xF)
    if name == "lzx":
        return LzxDecoder(method >> 8 & 0x1F).block
    if name == "mszip":
        return _MsZip().block
    return (lambda raw, _: raw) if name == "stored" else None


class _MsZip:
    """Deflate streams, each of which may look back into the block before."""

    def __init__(self) -> None:
        self._history = b""

    def block(self, raw: bytes, size: int) -> bytes:
        """A block: `CK` and the stream."""
        if not raw.startswith(b"CK"):
            raise zlib.error("no block begins here")
        decoder = zlib.decompressobj(-15, zdict=self._history) if self._history else zlib.decompressobj(-15)
        out = decoder.decompress(raw[2:], max(size, 1))
        self._history = out[-_HISTORY:]
        return out


def _after_text(data: Data, at: int) -> int:
    """The offset behind a text that ends in a null byte; the end of the data where none does."""
    end = _end_of_text(data, at)
    return end + 1 if end >= 0 else len(data)


def _end_of_text(data: Data, at: int) -> int:
    """The offset of the null byte that ends a text; -1 where none is near."""
    end = bytes(data[at : at + _MAX_NAME]).find(b"\0")
    return at + end if end >= 0 else -1
