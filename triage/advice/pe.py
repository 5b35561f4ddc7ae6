"""Program files (PE images) to inventory entries, by pefile. Imported only when files are looked at.

Only headers and the resource directory are read: imports, exports and relocations say nothing of a file's version.
Format: "PE Format" and "VERSIONINFO resource" pages of learn.microsoft.com.
"""

import struct
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final

import pefile

from triage.errors import SourceError
from triage.formats.binary.machine import MACHINES
from triage.model.inventory import InventoryFile

MAX_SIZE: Final = 1 << 30
"""Bytes of a file at most; pefile maps files into memory, and no image of Windows comes near this."""

MAX_TEXT: Final = 120
"""Characters of a version text; real ones are "5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)" at the longest."""

MAX_FAULTS: Final = 3
"""Faults told of one file."""

PROGRAMS: Final = frozenset({".exe", ".dll", ".sys", ".drv", ".ocx", ".cpl", ".scr", ".ax", ".acm", ".efi"})
"""Files that should be programs: one of these without a header is damaged, anything else is another kind of file."""

_RESOURCES: Final = [pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]]
_TEXTS: Final = {b"FileVersion": "file_version", b"ProductVersion": "product_version", b"ProductName": "product"}
_DOS_HEADER: Final = 64
_FARTHEST: Final = 1 << 20  # no stub of a linker is larger
_DAMAGE: Final = ("resource", "version")
_FAULTS: Final = (
    ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError, struct.error,
    pefile.PEFormatError,
)  # fmt: skip
"""What pefile raises on headers that contradict themselves, beside its own error."""

Reading = tuple[InventoryFile | None, tuple[str, ...]]
"""The entry, None for a file that is no image; and what is damaged about it."""


def read_image(path: Path, shown: str) -> Reading:
    """The image at `path`, which the inventory calls `shown`; what can be read of a damaged one, at least its size.

    Raises SourceError where the file cannot be opened.
    """
    try:
        size = path.stat().st_size
        kind = _kind(path, size)
    except (OSError, ValueError) as error:
        raise SourceError("cannot be read", path=shown) from error
    if kind is None:
        return None, ()
    bare = InventoryFile(name=path.name, path=shown, size=size)
    if kind:
        return bare, (kind,)
    if size > MAX_SIZE:
        return bare, ("larger than 1 GiB; only its size is listed",)
    return _parse(path, bare)


def _kind(path: Path, size: int) -> str | None:
    """ "" for an image, None for another kind of file, else what is wrong with a file that should be an image.

    The programs of 16-bit Windows (NE), its drivers (LE), of OS/2 (LX) and of DOS begin with the same two letters. Of
    these DOS programs alone have no second header; a linker of Windows puts the stub's relocations at 0x40, behind
    the field that says where the second header is, so that such a file without one is cut off.
    """
    with path.open("rb") as file:
        head = file.read(_DOS_HEADER)
        if head[:2] != b"MZ":
            if path.suffix.lower() not in PROGRAMS:
                return None
            return "a program by its name, and empty" if not size else "a program by its name, without a header"
        if len(head) < _DOS_HEADER:
            return "cut off in its header"
        (relocations,) = struct.unpack_from("<H", head, 0x18)
        (at,) = struct.unpack_from("<I", head, 0x3C)
        file.seek(at)
        signature = file.read(4)
    if signature == b"PE\0\0":
        return ""
    if len(signature) < 4 and relocations >= _DOS_HEADER and 0 < at < _FARTHEST:
        return "cut off in its header"
    return None


def _parse(path: Path, bare: InventoryFile) -> Reading:
    """Headers and version of an image.

    pefile maps a file by itself, too, but then looks for garbage in all of the program after each one, which takes
    longer than the reading.
    """
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return _read(data, bare)
    except OSError as error:
        raise SourceError("cannot be read", path=bare.path) from error


def _read(data: mmap, bare: InventoryFile) -> Reading:
    try:
        image = pefile.PE(data=data, fast_load=True)
    except _FAULTS as error:
        return bare, (f"damaged headers ({_short(error)})",)
    faults: list[str] = []
    facts = _headers(image)
    if _end(image) > bare.size:
        faults.append(f"cut off: {bare.size:,} bytes are there and {_end(image):,} were")
    elif len(image.sections) < image.FILE_HEADER.NumberOfSections:
        faults.append("cut off in its headers, or they are damaged")
    try:
        image.parse_data_directories(directories=_RESOURCES)
        facts |= _versions(image)
    except _FAULTS as error:
        faults.append(f"damaged resources ({_short(error)})")
    told = (text for text in image.get_warnings() if any(word in text.lower() for word in _DAMAGE))
    faults += [_short(text) for text in told]
    entry = InventoryFile(name=bare.name, path=bare.path, size=bare.size, **facts)
    return entry, tuple(dict.fromkeys(faults))[:MAX_FAULTS]


def _headers(image: Any) -> dict[str, Any]:
    number = image.FILE_HEADER.Machine
    optional = getattr(image, "OPTIONAL_HEADER", None)
    return {
        "machine": MACHINES.get(number, f"{number:04x}"),
        "timestamp": image.FILE_HEADER.TimeDateStamp,
        "checksum": getattr(optional, "CheckSum", None),
    }


def _end(image: Any) -> int:
    """Where the last section's data ends in the file."""
    ends = (section.PointerToRawData + section.SizeOfRawData for section in image.sections if section.PointerToRawData)
    return max(ends, default=0)


def _versions(image: Any) -> dict[str, str]:
    """The versions of the version resource.

    The texts are taken where they begin with the number of the fixed part, since they name the branch
    ("5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)"); elsewhere the number counts, as texts are what a maker likes to see
    there ("Release 7", "5.50").
    """
    fixed = next(iter(getattr(image, "VS_FIXEDFILEINFO", ())), None)
    numbers = {}
    if fixed is not None:
        numbers = {
            "file_version": _number(fixed.FileVersionMS, fixed.FileVersionLS),
            "product_version": _number(fixed.ProductVersionMS, fixed.ProductVersionLS),
        }
    texts = _texts(image)
    versions = {key: texts[key] if texts.get(key, "").startswith(number) else number for key, number in numbers.items()}
    return texts | versions


def _texts(image: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    tables = (
        table
        for block in getattr(image, "FileInfo", ())
        for part in block
        for table in getattr(part, "StringTable", ())
    )
    for table in tables:
        for key, value in table.entries.items():
            name = _TEXTS.get(key)
            text = " ".join(value.decode("utf-8", "replace")[:MAX_TEXT].replace("\0", " ").split())
            if name is not None and text:
                found.setdefault(name, text)
    return found


def _number(high: int, low: int) -> str:
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"


def _short(fault: object) -> str:
    return " ".join(str(fault).split()).strip("'\". ")[:MAX_TEXT]
