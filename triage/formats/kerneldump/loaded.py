"""The list of loaded drivers in the memory of a full or bitmap dump: PsLoadedModuleList.

The header tells its address. Each entry is the loader's record of an image, KLDR_DATA_TABLE_ENTRY, which begins with
the links to the next and the one before. The timestamp is not in it; it stands in the image's own header, if that page
is in the dump.
Source: symbols of ntoskrnl.exe, `dt nt!_KLDR_DATA_TABLE_ENTRY`, the same from Windows 2000 to 11 as far as read here.
"""

from struct import Struct as Layout

from msgspec import Struct

from triage.formats.binary.memory import Memory
from triage.formats.binary.reader import Damages, base_name, text16
from triage.formats.kerneldump.layout import MAX_DRIVERS, HeaderShape
from triage.model.evidence import Module


class _Record(Struct, frozen=True, kw_only=True):
    """Size of a record, its fields, and where in it the checksum stands."""

    size: int
    fields: Layout
    checksum: int


# Link to the next; base, size of the image, length and address of the path, and of the name.
_RECORDS = {
    4: _Record(size=0x44, fields=Layout("<I20xI4xIH2xIH2xI"), checksum=0x40),
    8: _Record(size=0x7C, fields=Layout("<Q40xQ8xI4xH6xQH6xQ"), checksum=0x78),
}
_LONGEST_NAME = 1024
_HIGHEST_HEADER = 0x1000


def read_loaded(memory: Memory, head: int, shape: HeaderShape, damages: Damages) -> tuple[Module, ...]:
    """The drivers in the order in which they were loaded; the kernel comes first."""
    width, record = shape.width, _RECORDS[shape.width]
    drivers: list[Module] = []
    seen = {head}
    at = memory.pointer(head, width)
    while at is not None and at not in seen and len(drivers) < MAX_DRIVERS:
        seen.add(at)
        raw = memory.read(at, record.size)
        if len(raw) < record.size:
            at = None
            break
        following, base, size, path_length, path_at, name_length, name_at = record.fields.unpack_from(raw)
        path = _text(memory, path_at, path_length) or _text(memory, name_at, name_length)
        end = base + size
        if base and end <= shape.top + 1:
            drivers.append(
                Module(
                    name=base_name(path) if path else f"driver {len(drivers) + 1}",
                    path=path if path and path != base_name(path) else None,
                    base=base,
                    end=end,
                    checksum=int.from_bytes(raw[record.checksum : record.checksum + 4], "little") or None,
                    timestamp=_timestamp(memory, base),
                )
            )
        else:
            damages.note("a driver reaches past the end of the address space")
        at = following
    if at is None:
        damages.note(f"list of drivers ends after {len(drivers)}: the next is not in the dump")
    elif at != head:
        damages.note(f"list of drivers is damaged after {len(drivers)}")
    return tuple(drivers)


def _text(memory: Memory, address: int, length: int) -> str | None:
    return text16(memory.read(address, min(length, _LONGEST_NAME)) if address and length else b"") or None


def _timestamp(memory: Memory, base: int) -> int | None:
    """When the image was linked, from its own header."""
    header = memory.pointer(base + 0x3C, 4)
    if header is None or not 0 < header <= _HIGHEST_HEADER or memory.read(base + header, 4) != b"PE\0\0":
        return None
    return memory.pointer(base + header + 8, 4) or None
