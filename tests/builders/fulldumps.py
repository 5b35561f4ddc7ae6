"""Puts memory into full and bitmap kernel dumps: drivers in PsLoadedModuleList, and page tables that lead to them.

One physical page after the other is filled: tables first, then the records and names of the drivers and, where a driver
has one, the page of its image header.
"""

import struct
from collections.abc import Sequence

from builders.kerneldumps import BITMAP_FULL, FULL, KernelDumpBuilder

PAGE = 0x1000
HEAD_64, HEAD_32 = 0xFFFFF80000001000, 0x80559720
_TIMESTAMP = 0x5F3C1A77


class _Space:
    """Physical pages by number, and the page tables of one address space in them."""

    def __init__(self, levels: Sequence[tuple[int, int]], entry: int, first: int, *, large: bool = False) -> None:
        self._large, self._large_pages = large, 0
        self.pages: dict[int, bytearray] = {first: bytearray(PAGE)}
        self.root = first
        self._levels, self._entry, self._next = levels, entry, first + 1

    def _fresh(self) -> int:
        number = self._next
        self._next += 1
        self.pages[number] = bytearray(PAGE)
        return number

    def write(self, address: int, raw: bytes) -> None:
        for at, value in enumerate(raw):
            page = self._page(address + at)
            self.pages[page][(address + at) % PAGE] = value

    def _page(self, address: int) -> int:
        table = self.root
        for shift, bits in self._levels:
            index = (address >> shift & ((1 << bits) - 1)) * self._entry
            raw = self.pages[table]
            entry = int.from_bytes(raw[index : index + self._entry], "little")
            if self._large and shift == 21:
                if not entry & 1:
                    # Pages of 2 MiB: only those parts of them that are written are in the dump.
                    self._large_pages += 1
                    entry = 0x200 * 8 * self._large_pages << 12 | 0x81
                    raw[index : index + self._entry] = entry.to_bytes(self._entry, "little")
                number = (entry >> 12) + (address >> 12 & 511)
                self.pages.setdefault(number, bytearray(PAGE))
                return number
            if not entry & 1:
                entry = self._fresh() << 12 | 1
                raw[index : index + self._entry] = entry.to_bytes(self._entry, "little")
            table = entry >> 12
        return table


def _string(bits: int, at: int, text: str) -> bytes:
    size = 2 * len(text)
    return struct.pack("<HH4xQ" if bits == 64 else "<HHI", size, size + 2, at)


def full_dump(
    drivers: Sequence[tuple[str, int, int]],
    *,
    bits: int = 64,
    pae: bool = False,
    large: bool = False,
    kind: int = FULL,
    stack: tuple[int, bytes] = (0, b""),
    **fields: object,
) -> bytes:
    """A dump whose memory lists `drivers` (path, base, size)."""
    wide = bits == 64
    levels = (
        ((39, 9), (30, 9), (21, 9), (12, 9)) if wide else ((30, 2), (21, 9), (12, 9)) if pae else ((22, 10), (12, 10))
    )
    first = 0x1AD if wide else 0x39
    space = _Space(levels, 8 if wide or pae else 4, first, large=large)
    head, pointer = (HEAD_64, "<Q") if wide else (HEAD_32, "<I")
    names = head + 0x20000
    records = [head + 0x1000 + 0x100 * place for place in range(len(drivers))]
    for place, ((path, base, size), record) in enumerate(zip(drivers, records, strict=True)):
        following = records[place + 1] if place + 1 < len(records) else head
        at = names + 0x400 * place
        space.write(at, path.encode("utf-16-le"))
        raw = bytearray(0x90)
        struct.pack_into(pointer, raw, 0, following)
        struct.pack_into(pointer, raw, 0x30 if wide else 0x18, base)
        struct.pack_into("<I", raw, 0x40 if wide else 0x20, size)
        full = _string(bits, at, path)
        start = 0x48 if wide else 0x24
        raw[start : start + len(full)] = full
        struct.pack_into("<I", raw, 0x78 if wide else 0x40, 0x2BADC)
        space.write(record, bytes(raw))
        image = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40) + b"PE\0\0"
        space.write(base, image + struct.pack("<II", 0, _TIMESTAMP))
    space.write(head, struct.pack(pointer, records[0] if records else head))
    if stack[1]:
        space.write(*stack)
    header = bytearray(KernelDumpBuilder(bits=bits, kind=kind, **fields).write())  # type: ignore[arg-type]
    if not wide:
        header[0x5C] = int(pae)
    numbers = sorted(space.pages)
    body = b"".join(bytes(space.pages[number]) for number in numbers)
    if kind == BITMAP_FULL:
        bitmap = bytearray(-(-(numbers[-1] + 1) // 8))
        for number in numbers:
            bitmap[number // 8] |= 1 << number % 8
        summary = b"SDMPDUMP" + bytes(24)
        at = -(-(0x2000 + 0x38 + len(bitmap)) // PAGE) * PAGE
        summary += struct.pack("<QQQ", at, len(numbers), 8 * len(bitmap)) + bytes(bitmap)
        return bytes(header) + summary.ljust(at - 0x2000, b"\0") + body
    if wide:
        struct.pack_into("<I4xQQQ", header, 0x88, 1, len(numbers), numbers[0], len(numbers))
    else:
        struct.pack_into("<IIII", header, 0x64, 1, len(numbers), numbers[0], len(numbers))
    return bytes(header) + body


DRIVERS_64 = (
    (r"\SystemRoot\system32\ntoskrnl.exe", 0xFFFFF80002000000, 0x600000),
    (r"\SystemRoot\System32\drivers\acmenet.sys", 0xFFFFF88004000000, 0x22000),
)
DRIVERS_32 = (
    (r"\WINNT\System32\ntoskrnl.exe", 0x80400000, 0x1A0000),
    (r"\??\C:\WINNT\prn.sys", 0xF8A00000, 0x8000),
)
