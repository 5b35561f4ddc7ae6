"""Small containers for tests. Cabinets are written here, the others by the libraries that write them."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from builders.lzx import lzx_blocks


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def seven_zipped(files: dict[str, bytes]) -> bytes:
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return out.getvalue()


def zstandard(data: bytes) -> bytes:
    try:
        from compression import zstd
    except ImportError:
        from backports import zstd
    compressed: bytes = zstd.compress(data)
    return compressed


def cabinet(files: dict[str, bytes], *, method: int = 1, reserve: int = 0) -> bytes:
    """A cabinet of one folder; method 0 stores, 1 is MSZIP. `reserve` bytes stand before each block's data."""
    content = b"".join(files.values())
    packed = []
    for at in range(0, len(content), 1 << 15):
        piece = content[at : at + (1 << 15)]
        if method == 1:
            history = content[max(0, at - (1 << 15)) : at]
            maker = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=history) if history else zlib.compressobj(9, 8, -15)
            piece = b"CK" + maker.compress(piece) + maker.flush()
        packed.append(piece)
    return cabinet_of(files, packed, method=method, reserve=reserve)


def lzx_cabinet(files: dict[str, bytes], window: int = 15, kinds: tuple[int, ...] = (1,), calls: int = 0) -> bytes:
    """A cabinet of one folder by LZX; see `lzx_blocks`."""
    blocks = lzx_blocks(b"".join(files.values()), window, kinds, calls)
    return cabinet_of(files, blocks, method=3 | window << 8)


def cabinet_of(files: dict[str, bytes], packed: list[bytes], *, method: int, reserve: int = 0) -> bytes:
    """A cabinet of one folder whose blocks are packed already."""
    total = sum(map(len, files.values()))
    blocks = [
        struct.pack("<IHH", 0, len(piece), min(1 << 15, total - (index << 15))) + bytes(reserve) + piece
        for index, piece in enumerate(packed)
    ]
    listed, start = b"", 0
    for name, data in files.items():
        listed += struct.pack("<IIHHHH", len(data), start, 0, 0, 0, 0x80) + name.encode() + b"\0"
        start += len(data)
    extra = struct.pack("<HBB", 0, 0, reserve) if reserve else b""
    first = 36 + len(extra) + 8
    body = b"".join(blocks)
    size = first + len(listed) + len(body)
    header = struct.pack(
        "<4sIIIIIBBHHHHH", b"MSCF", 0, size, 0, first, 0, 3, 1, 1, len(files), 4 if reserve else 0, 7, 0
    )
    return header + extra + struct.pack("<IHH", first + len(listed), len(blocks), method) + listed + body


PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "zstd": zstandard}
ARCHIVERS = {"zip": zipped, "tar": tarred, "cab": cabinet, "7z": seven_zipped}
