"""The block of a triage dump (small memory dump): drivers, loaded and unloaded, stack and other pieces of memory.

TRIAGE_DUMP32 lies at 0x1000, TRIAGE_DUMP64 at 0x2000; all its offsets count from the start of the file. A driver's
entry is the offset of its name and the loader's record of it (KLDR_DATA_TABLE_ENTRY, the timestamp put in by the
writer): 0x4c bytes in a 32-bit dump, 0x90 in a 64-bit one. Names are DUMP_STRINGs: a count and UTF-16.
"""

from struct import Struct as Layout

from msgspec import Struct

from triage.formats.binary.reader import MAX_TEXT, Damages, Reader, base_name, text16
from triage.formats.kerneldump.extent import check_blobs
from triage.formats.kerneldump.layout import MAX_BLOCKS, MAX_DRIVERS, MAX_UNLOADED, HeaderShape
from triage.model.evidence import Module

_BLOCK = Layout("<18I")
_TAIL = {4: Layout("<I12x4I"), 8: Layout("<Q32x4I")}
"""Top of the stack; behind what is not needed, offset and size of the debugger's data, offset and count of blocks."""
_UNLOADED_COUNT = {4: 4, 8: 8}
_UNLOADED = {4: Layout("<HHI24sII"), 8: Layout("<HH4xQ24sQQ")}
_DATA_BLOCK = {4: Layout("<III"), 8: Layout("<QII")}
_LONGEST_NAME = 1024


class _Entry(Struct, frozen=True, kw_only=True):
    """Offsets in a driver's entry."""

    size: int
    base: int
    image: int
    checksum: int
    timestamp: int


_ENTRY = {
    4: _Entry(size=0x4C, base=0x1C, image=0x24, checksum=0x44, timestamp=0x48),
    8: _Entry(size=0x90, base=0x38, image=0x48, checksum=0x80, timestamp=0x88),
}
_MAX_SERVICE_PACK = 6


class TriageBlock(Struct, frozen=True, kw_only=True):
    """What the block says. `pieces` are address, size and file offset of the memory in the dump."""

    service_pack: int | None = None
    context: int = 0
    drivers: tuple[Module, ...] = ()
    unloaded: tuple[Module, ...] = ()
    pieces: tuple[tuple[int, int, int], ...] = ()


def read_triage(reader: Reader, shape: HeaderShape, damages: Damages) -> TriageBlock | None:
    """The block; None where the file ends before it."""
    fields = reader.unpack(_BLOCK, shape.size)
    tail = reader.unpack(_TAIL[shape.width], shape.size + _BLOCK.size)
    if fields is None or tail is None:
        damages.note("triage dump is cut off before its list of drivers")
        return None
    pack, size, _, context, _, _, unloaded, _, _, _, stack, stack_size, drivers, count, pool, pool_size, _, _ = fields
    top, _, _, blocks, block_count = tail
    if size > reader.size:
        damages.note(f"triage dump is cut off: {reader.size} of {size} bytes")
    else:
        check_blobs(reader, size, damages)
    return TriageBlock(
        service_pack=_service_pack(pack),
        context=context,
        drivers=_Drivers(reader, shape, damages, (pool, pool_size)).read(drivers, count),
        unloaded=_unloaded(reader, shape, damages, unloaded),
        pieces=((top, reader.inside(stack, stack_size), stack), *_pieces(reader, shape, damages, blocks, block_count)),
    )


def _service_pack(value: int) -> int | None:
    """The pack's number is the second byte of the system's CSD version: 0x300 is Service Pack 3."""
    number = value >> 8 & 0xFF
    return number if 0 < number <= _MAX_SERVICE_PACK else None


class _Drivers:
    def __init__(self, reader: Reader, shape: HeaderShape, damages: Damages, pool: tuple[int, int]) -> None:
        self._reader = reader
        self._damages = damages
        self._width = shape.width
        self._top = shape.top
        self._entry = _ENTRY[shape.width]
        self._pool = pool

    def read(self, offset: int, count: int) -> tuple[Module, ...]:
        if not offset or not count:
            self._damages.note("triage dump has no list of drivers")
            return ()
        fit = self._reader.inside(offset, count * self._entry.size) // self._entry.size
        if fit < count:
            self._damages.note(f"list of drivers announces {count} entries, {fit} are there")
        if fit > MAX_DRIVERS:
            self._damages.note(f"list of drivers has {fit} entries, only the first {MAX_DRIVERS} are read")
        return tuple(
            self._driver(offset + index * self._entry.size, index + 1) for index in range(min(fit, MAX_DRIVERS))
        )

    def _driver(self, at: int, number: int) -> Module:
        entry, reader = self._entry, self._reader
        base = (reader.u64 if self._width == 8 else reader.u32)(at + entry.base) or 0
        end = base + (reader.u32(at + entry.image) or 0)
        if end > self._top + 1:
            self._damages.note("a driver reaches past the end of the address space")
            end = base
        path = self._name(reader.u32(at) or 0)
        return Module(
            name=base_name(path) if path else f"driver {number}",
            path=path if path and path != base_name(path) else None,
            base=base,
            end=end,
            checksum=reader.u32(at + entry.checksum) or None,
            timestamp=reader.u32(at + entry.timestamp) or None,
        )

    def _name(self, offset: int) -> str | None:
        pool, size = self._pool
        if not pool <= offset < pool + size:
            self._damages.note("a driver's name lies outside of the pool of names")
        length = self._reader.u32(offset)
        if length is None or length > _LONGEST_NAME:
            self._damages.note("a driver's name is damaged")
            return None
        raw = self._reader.bytes_at(offset + 4, min(2 * length, MAX_TEXT))
        if len(raw) < 2 * length:
            self._damages.note("a driver's name is cut off")
        return text16(raw) or None


def _unloaded(reader: Reader, shape: HeaderShape, damages: Damages, offset: int) -> tuple[Module, ...]:
    """Drivers that had been unloaded; the table keeps twelve characters of a name: `dump_storpor`."""
    if not offset:
        return ()
    count = reader.u64(offset) if shape.width == 8 else reader.u32(offset)
    if count is None:
        damages.note("list of unloaded drivers lies outside of the file")
        return ()
    layout = _UNLOADED[shape.width]
    start = offset + _UNLOADED_COUNT[shape.width]
    fit = max(0, reader.size - start) // layout.size
    if count > min(fit, MAX_UNLOADED):
        damages.note(f"list of unloaded drivers announces {count} entries: damaged")
        return ()
    unloaded = []
    for index in range(count):
        row = reader.unpack(layout, start + index * layout.size)
        if row is None:
            break
        length, _, _, name, base, end = row
        text = text16(name[: min(length, 24)])
        if text:
            unloaded.append(Module(name=text, base=base, end=max(base, end), unloaded=True))
    return tuple(unloaded)


def _pieces(
    reader: Reader, shape: HeaderShape, damages: Damages, offset: int, count: int
) -> tuple[tuple[int, int, int], ...]:
    layout = _DATA_BLOCK[shape.width]
    fit = reader.inside(offset, count * layout.size) // layout.size if offset else 0
    if offset and fit < count:
        damages.note(f"list of memory blocks announces {count} entries, {fit} are there")
    pieces = []
    lost = 0
    for index in range(min(fit, MAX_BLOCKS)):
        row = reader.unpack(layout, offset + index * layout.size)
        if row is None:
            break
        address, where, size = row
        there = reader.inside(where, size)
        lost += there < size
        if there:
            pieces.append((address, there, where))
    if lost:
        damages.note(f"{lost} blocks of memory lie outside of the file or are cut off")
    return tuple(pieces)
