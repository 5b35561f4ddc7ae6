"""The memory of full and bitmap kernel dumps by virtual address: page tables, and where in the file a page stands.

A full dump has the pages of PHYSICAL_MEMORY_DESCRIPTOR's runs one after the other behind its header. A bitmap dump has
a summary header (`SDMP` or `FDMP`) with a bit for each page of the machine; the pages whose bit is set follow from its
FirstPage on, in order. Virtual addresses are looked up as the processor does it: four levels of tables on x64, three
with PAE and two without on x86, from the header's DirectoryTableBase on, with large pages of 1 GiB, 2 and 4 MiB.

Sources: DUMP_HEADER32, DUMP_HEADER64 and BMP_HEADER64 as Rizin (librz/bin/format/dmp) and kdmp-parser describe them;
"Intel 64 and IA-32 Architectures Software Developer's Manual", volume 3A, paging.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable
from struct import Struct as Layout

from triage.formats.binary.memory import Memory
from triage.formats.binary.reader import Damages, Reader
from triage.formats.kerneldump.layout import UNSET_32, HeaderShape

PAGE = 0x1000
_FULL = 1
_SUMMARIES = (2, 5, 6, 7)
_RUNS_AT = {4: 0x64, 8: 0x88}
_COUNTS = {4: Layout("<II"), 8: Layout("<I4xQ")}
_RUN = {4: Layout("<II"), 8: Layout("<QQ")}
_MAX_RUNS = 64
_SUMMARY = Layout("<4s4s24xQQQ")
_MAX_BITMAP = 64 << 20
"""Bytes of a bitmap that are looked at: enough for 2 TiB of memory."""

_CHUNK = 512
"""Bytes of the bitmap between two counts that are kept."""

_PAE_AT = 0x5C
_FRAME_64 = 0x000FFFFFFFFFF000
_PRESENT, _LARGE = 1, 0x80
_MOST_BYTES = 1 << 20
"""Bytes of one read, at most."""

Place = Callable[[int], int | None]
"""File offset of a page by its number, None where the dump does not hold it."""


def places(reader: Reader, shape: HeaderShape, kind: int | None) -> Place | None:
    """Where the pages of a dump's memory stand; None where its kind has none, or says nothing that can be."""
    if kind == _FULL:
        return _by_runs(reader, shape)
    return _by_bitmap(reader, shape) if kind in _SUMMARIES else None


def _by_runs(reader: Reader, shape: HeaderShape) -> Place | None:
    at = _RUNS_AT[shape.width]
    counts = reader.unpack(_COUNTS[shape.width], at)
    if counts is None or not 0 < counts[0] <= _MAX_RUNS:
        return None
    at += _COUNTS[shape.width].size
    offset = shape.size
    runs: list[tuple[int, int, int]] = []
    for index in range(counts[0]):
        run = reader.unpack(_RUN[shape.width], at + index * _RUN[shape.width].size)
        # What was never written is PAGE over and over.
        if run is None or run[0] & 0xFFFFFFFF == UNSET_32 or not run[1]:
            break
        runs.append((run[0], run[1], offset))
        offset += run[1] * PAGE
    runs.sort()
    starts = [start for start, _, _ in runs]

    def place(page: int) -> int | None:
        found = bisect_right(starts, page) - 1
        if found < 0 or page - runs[found][0] >= runs[found][1]:
            return None
        return runs[found][2] + (page - runs[found][0]) * PAGE

    return place if runs else None


def _by_bitmap(reader: Reader, shape: HeaderShape) -> Place | None:
    summary = reader.unpack(_SUMMARY, shape.size) if shape.width == 8 else None
    if summary is None or summary[0] not in (b"SDMP", b"FDMP") or summary[1] != b"DUMP":
        return None
    first: int = summary[2]
    present, pages = summary[3:]
    start = shape.size + _SUMMARY.size
    bits = reader.bytes_at(start, min(-(-pages // 8), _MAX_BITMAP))
    if first % PAGE or not start + len(bits) <= first < reader.size:
        return None
    before = array("Q", [0])
    for at in range(0, len(bits), _CHUNK):
        before.append(before[-1] + int.from_bytes(bits[at : at + _CHUNK], "little").bit_count())
    if before[-1] != present:
        # The layout of another kind of summary, or damage: pages would be taken for others.
        return None

    def place(page: int) -> int | None:
        at, bit = divmod(page, 8)
        if at >= len(bits) or not bits[at] >> bit & 1:
            return None
        chunk = at // _CHUNK
        rest = int.from_bytes(bits[chunk * _CHUNK : at], "little").bit_count()
        rank = before[chunk] + rest + (bits[at] & ((1 << bit) - 1)).bit_count()
        return first + rank * PAGE

    return place


class PagedMemory(Memory):
    """Reads memory by virtual address through the page tables in the dump."""

    def __init__(self, reader: Reader, place: Place, shape: HeaderShape, directory: int) -> None:
        super().__init__(reader, ())
        self._place = place
        self._directory = directory
        self._levels: tuple[tuple[int, int], ...]
        if shape.width == 8:
            self._levels, self._entry, self._frame = ((39, 9), (30, 9), (21, 9), (12, 9)), 8, _FRAME_64
        elif reader.bytes_at(_PAE_AT, 1) == b"\1":
            self._levels, self._entry, self._frame = ((30, 2), (21, 9), (12, 9)), 8, _FRAME_64
        else:
            self._levels, self._entry, self._frame = ((22, 10), (12, 10)), 4, 0xFFFFF000
        self._known: dict[int, int | None] = {}

    @property
    def has_tables(self) -> bool:
        """Whether the dump holds the page table that all others hang from."""
        start = self._place(self._directory >> 12)
        return start is not None and start < self._reader.size

    def read(self, address: int, size: int) -> bytes:
        """Up to `size` bytes from `address`: fewer where a page is not in the dump."""
        found = bytearray()
        size = min(size, _MOST_BYTES)
        while len(found) < size:
            offset = self._offset(address + len(found))
            if offset is None:
                break
            part = self._reader.bytes_at(offset, min(size - len(found), PAGE - (address + len(found)) % PAGE))
            found += part
            if not part:
                break
        return bytes(found)

    def _offset(self, address: int) -> int | None:
        """File offset of the byte at a virtual address."""
        page = address >> 12
        if page not in self._known:
            self._known[page] = self._translate(address & ~0xFFF)
        start = self._known[page]
        return None if start is None else start + address % PAGE

    def _translate(self, address: int) -> int | None:
        # The table of three levels is 32 bytes and may begin anywhere in its page.
        table = self._directory & (self._frame if len(self._levels) != 3 else ~0x1F)
        for level, (shift, bits) in enumerate(self._levels):
            start = self._place(table >> 12)
            if start is None:
                return None
            index = address >> shift & ((1 << bits) - 1)
            raw = self._reader.bytes_at(start + table % PAGE + index * self._entry, self._entry)
            entry = int.from_bytes(raw, "little")
            if len(raw) < self._entry or not entry & _PRESENT:
                return None
            table = entry & self._frame
            # The first table of four or three levels has no large pages; its bit 7 means nothing.
            if entry & _LARGE and shift - 12 > 0 and (level or len(self._levels) == 2):
                return self._place((table >> shift << shift | address & ((1 << shift) - 1)) >> 12)
        return self._place(table >> 12)


def paged_memory(
    reader: Reader, shape: HeaderShape, kind: int | None, directory: int, damages: Damages
) -> PagedMemory | None:
    """The memory of a full or bitmap dump; None for other kinds, and where its pages cannot be found."""
    if kind != _FULL and kind not in _SUMMARIES:
        return None
    place = places(reader, shape, kind)
    memory = None if place is None else PagedMemory(reader, place, shape, directory)
    if memory is None or not memory.has_tables:
        damages.note("page tables are not in the dump: no drivers can be listed")
        return None
    return memory
