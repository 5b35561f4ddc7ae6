"""Which kind of container some bytes are, by their first bytes. Asked of every source, so nothing heavy is imported."""

from typing import Final

from triage.formats.binary import Data

_MAGIC: Final = (
    ("gzip", b"\x1f\x8b\x08"),
    ("bzip2", b"BZh"),
    ("xz", b"\xfd7zXZ\0"),
    ("zstd", b"\x28\xb5\x2f\xfd"),
    ("zip", b"PK\x03\x04"),
    ("zip", b"PK\x05\x06"),
    ("zip", b"PK00PK\x03\x04"),
    ("zip", b"PK\x07\x08PK\x03\x04"),
    ("cab", b"MSCF\0\0\0\0"),
    ("7z", b"7z\xbc\xaf\x27\x1c"),
)
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
_BLOCK = 512
_MAGIC_AT = 257
_TAR_MAGICS = (b"ustar\x0000", b"ustar  \0")
"""Of POSIX and of GNU: these tell an archive whose first header is damaged."""


def container_of(data: Data) -> str | None:
    """The kind of container that the bytes are ("gzip", "bzip2", "xz", "zstd", "zip", "tar", "cab", "7z"), or None."""
    head = bytes(data[:16])
    for kind, magic in _MAGIC:
        if head.startswith(magic):
            # `BZh` may begin a text: a digit and the mark of a block, or of the end, follow.
            if kind == "bzip2" and not (head[3:4] in b"123456789" and head[4:10] in _BZIP2_BLOCKS):
                continue
            return kind
    return "tar" if is_tar(data) or bytes(data[_MAGIC_AT : _MAGIC_AT + 8]) in _TAR_MAGICS else None


def is_tar(data: Data) -> bool:
    """Whether the first block is a header of tar: its checksum, in octal digits, fits. Old archives have no magic."""
    block = bytes(data[:_BLOCK])
    if len(block) < _BLOCK or not block[0]:
        return False
    digits = block[148:156].strip(b" \0")
    if not 0 < len(digits) <= 7 or digits.strip(b"01234567"):
        return False
    return int(digits, 8) == sum(block) - sum(block[148:156]) + 8 * 0x20
