"""The pieces of the process's memory that a minidump holds, and what the system said about its regions.

MINIDUMP_MEMORY_LIST: start, size and offset of each piece. MINIDUMP_MEMORY64_LIST (full dumps): start and size, the
bytes of all pieces one after another from one offset on. MINIDUMP_MEMORY_INFO_LIST: state and protection of regions.
"""

from array import array
from bisect import bisect_right
from itertools import accumulate
from struct import Struct as Layout

from triage.formats.binary.memory import Memory
from triage.formats.minidump.container import Container
from triage.formats.minidump.layout import MAX_RANGES, MEMORY64_LIST, MEMORY_INFO, MEMORY_LIST, Region, Thread

_RANGE = Layout("<QII")
_RANGE64 = Layout("<QQ")
_HEADER64 = Layout("<QQ")
_INFO_HEADER = Layout("<IIQ")
_INFO = Layout("<Q16xQIII4x")

_STATES = {0x1000: "commit", 0x2000: "reserve", 0x10000: "free"}
_KINDS = {0x20000: "private", 0x40000: "mapped", 0x1000000: "image"}
_PROTECTIONS = {
    0x01: "no access", 0x02: "read", 0x04: "read/write", 0x08: "copy on write", 0x10: "execute",
    0x20: "execute/read", 0x40: "execute/read/write", 0x80: "execute/copy on write",
}  # fmt: skip
_EXECUTABLE = 0xF0


def read_memory(dump: Container, threads: tuple[Thread, ...]) -> Memory:
    """The dump's memory. `threads` tell where their stacks lie, also where the memory list is lost."""
    return Memory(dump.reader, [*_pieces(dump), *_stacks(dump, threads)])


def _pieces(dump: Container) -> list[tuple[int, int, int]]:
    """Start, size and file offset of every piece, cut to what the file holds."""
    pieces: list[tuple[int, int, int]] = []
    lost = 0
    inside, end = dump.reader.inside, dump.reader.size
    for start, size, offset in dump.rows(MEMORY_LIST, _RANGE, MAX_RANGES):
        there = size if size and offset + size <= end else inside(offset, size)
        lost += there < size
        if there:
            pieces.append((start, there, offset))
    if MEMORY64_LIST in dump.streams and (header := dump.stream(MEMORY64_LIST, _HEADER64)) is not None:
        count, base = header
        place = dump.streams[MEMORY64_LIST]
        rows = list(
            dump.table(MEMORY64_LIST, place.offset + 16, place.offset + place.size, count, _RANGE64, MAX_RANGES)
        )
        for (start, size), offset in zip(rows, accumulate((size for _, size in rows), initial=base), strict=False):
            there = size if size and offset + size <= end else inside(offset, size)
            lost += there < size
            if there:
                pieces.append((start, there, offset))
    if lost:
        dump.damages.note(f"{lost} pieces of memory lie outside of the file or are cut off")
    return pieces


def _stacks(dump: Container, threads: tuple[Thread, ...]) -> list[tuple[int, int, int]]:
    """The threads' stacks as pieces of memory."""
    pieces = []
    for thread in threads:
        there = dump.reader.inside(thread.stack_offset, thread.stack[1] - thread.stack[0])
        if thread.stack_offset and there:
            pieces.append((thread.stack[0], there, thread.stack_offset))
    return pieces


class Regions:
    """State and protection of the address space, where the dump has them."""

    def __init__(self, dump: Container) -> None:
        rows = sorted(_regions(dump))
        self._bases = array("Q", [row[0] for row in rows])
        self._sizes = array("Q", [row[1] for row in rows])
        self._flags = [row[2:] for row in rows]

    def _find(self, address: int) -> int | None:
        place = bisect_right(self._bases, address) - 1
        return place if place >= 0 and address - self._bases[place] < self._sizes[place] else None

    def region(self, address: int) -> Region | None:
        """The region that holds `address`; None where the dump does not tell."""
        place = self._find(address)
        if place is None:
            return None
        state, protect, kind = self._flags[place]
        return Region(
            base=self._bases[place],
            size=self._sizes[place],
            state=_STATES.get(state, f"{state:x}"),
            protect=_PROTECTIONS.get(protect & 0xFF, "") + (" guard" if protect & 0x100 else ""),
            kind=_KINDS.get(kind, ""),
        )

    def executable(self, address: int) -> bool | None:
        """Whether code can run at `address`; None where the dump does not tell."""
        place = self._find(address) if self._flags else None
        return None if place is None else bool(self._flags[place][1] & _EXECUTABLE)


def _regions(dump: Container) -> list[tuple[int, ...]]:
    """Base, size, state, protection and kind of each region."""
    header = dump.stream(MEMORY_INFO, _INFO_HEADER)
    if header is None:
        return []
    skip, step, count = header
    place = dump.streams[MEMORY_INFO]
    if not _INFO_HEADER.size <= skip <= place.size or not _INFO.size <= step <= 4096:
        dump.damages.note("memory information is damaged: impossible sizes in its header")
        return []
    return list(dump.table(MEMORY_INFO, place.offset + skip, place.offset + place.size, count, _INFO, MAX_RANGES, step))
