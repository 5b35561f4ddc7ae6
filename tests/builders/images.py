"""Small PE images with a version resource, built field by field ("PE Format", learn.microsoft.com)."""

import struct

SECTION_AT = 0x200
RVA = 0x1000
ALIGNED = 0x200


def image(
    version: tuple[int, int, int, int] | None = (5, 0, 2195, 2779),
    *,
    text: str | None = None,
    product: str = "Ledger",
    machine: int = 0x14C,
    timestamp: int = 0x3C000000,
    checksum: int = 0x1F00D,
) -> bytes:
    """An image with one section, `.rsrc`, which holds the version resource; None leaves the resource out."""
    resources = b"" if version is None else _resources(_version_info(version, text, product))
    raw = resources.ljust(-(-max(len(resources), 1) // ALIGNED) * ALIGNED, b"\0")
    stub = bytearray(0x80)
    stub[:2] = b"MZ"
    struct.pack_into("<H", stub, 0x18, 0x40)
    struct.pack_into("<I", stub, 0x3C, 0x80)
    wide = machine == 0x8664
    directories = [(0, 0)] * 16
    if version is not None:
        directories[2] = (RVA, len(resources))
    common = struct.pack("<HBBIIIII", 0x20B if wide else 0x10B, 6, 0, 0, len(raw), 0, 0, RVA)
    base = struct.pack("<Q", 0x400000) if wide else struct.pack("<II", RVA, 0x400000)
    rest = struct.pack("<II6HIIIIHH", 0x1000, ALIGNED, 5, 0, 0, 0, 5, 0, 0, 0x2000, SECTION_AT, checksum, 2, 0)
    stack = struct.pack("<4Q" if wide else "<4I", 0x100000, 0x1000, 0x100000, 0x1000)
    optional = common + base + rest + stack + struct.pack("<II", 0, 16)
    optional += b"".join(struct.pack("<II", *entry) for entry in directories)
    header = struct.pack("<4sHHIIIHH", b"PE\0\0", machine, 1, timestamp, 0, 0, len(optional), 0x102)
    section = struct.pack(
        "<8sIIIIIIHHI", b".rsrc", max(len(resources), 1), RVA, len(raw), SECTION_AT, 0, 0, 0, 0, 0x40000040
    )
    return (bytes(stub) + header + optional + section).ljust(SECTION_AT, b"\0") + raw


def _resources(info: bytes) -> bytes:
    """The tree of type 16 (RT_VERSION), id 1, language 1033, and the data that it leads to."""
    levels = b""
    for number, below in ((16, 0x80000018), (1, 0x80000030), (1033, 0x48)):
        levels += struct.pack("<IIHHHH", 0, 0, 4, 0, 0, 1) + struct.pack("<II", number, below)
    return levels + struct.pack("<IIII", RVA + 0x58, len(info), 0, 0) + info


def _version_info(version: tuple[int, int, int, int], text: str | None, product: str) -> bytes:
    high, low = version[0] << 16 | version[1], version[2] << 16 | version[3]
    fixed = struct.pack("<13I", 0xFEEF04BD, 0x10000, high, low, high, low, 0x3F, 0, 4, 1, 0, 0, 0)
    texts = {"FileVersion": text or ".".join(map(str, version)), "ProductName": product}
    strings = b"".join(
        _block(key, value.encode("utf-16-le") + b"\0\0", len(value) + 1, 1) for key, value in texts.items()
    )
    table = _block("StringFileInfo", _block("040904B0", strings, 0, 1, padded=False), 0, 1, padded=False)
    return _block("VS_VERSION_INFO", _pad(fixed) + table, len(fixed), 0)


def _block(key: str, value: bytes, length: int, kind: int, *, padded: bool = True) -> bytes:
    head = _pad(b"\0" * 6 + key.encode("utf-16-le") + b"\0\0")[6:]
    size = 6 + len(head) + len(value)
    block = struct.pack("<HHH", size, length, kind) + head + value
    return _pad(block)


def _pad(data: bytes) -> bytes:
    return data.ljust(-(-len(data) // 4) * 4, b"\0")
