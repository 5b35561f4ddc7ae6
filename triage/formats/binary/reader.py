"""Bounded reading of binary sources: every offset and count is checked against the data before it is used.

The data is hostile: any field may be anything. So nothing here raises for what the data says; a read past the end gives
None or what lies before it, and the caller notes the damage. Memory is taken for what is there, never for what a
count announces.
"""

from codecs import utf_16_le_decode
from struct import Struct as Layout
from struct import unpack_from
from typing import Any

from triage.formats.binary import Data
from triage.model.evidence import NO_LINES, Damage

MAX_WARNINGS = 60
MAX_TEXT = 4096


class Damages:
    """Collects warnings, each said once, at most MAX_WARNINGS of them."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}
        self._more = 0

    def note(self, text: str) -> None:
        """Remember one piece of damage, a short clause without a full stop."""
        if text in self._texts:
            return
        if len(self._texts) < MAX_WARNINGS:
            self._texts[text] = None
        else:
            self._more += 1

    def warnings(self) -> tuple[Damage, ...]:
        """All that was noted, in order."""
        texts = list(self._texts)
        if self._more:
            texts.append(f"{self._more} more warnings of this source are left out")
        return tuple(Damage(NO_LINES, text) for text in texts)


class Reader:
    """Little-endian reads within the source. Offsets and sizes are in bytes; a negative one is outside."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.size = len(data)

    def unpack(self, layout: Layout, offset: int) -> tuple[Any, ...] | None:
        """The fields at `offset`, or None where they do not lie in the source as a whole."""
        if offset < 0 or offset + layout.size > self.size:
            return None
        return layout.unpack_from(self.data, offset)

    def u32(self, offset: int) -> int | None:
        """The 32-bit number at `offset`."""
        if offset < 0 or offset + 4 > self.size:
            return None
        value: int = unpack_from("<I", self.data, offset)[0]
        return value

    def u64(self, offset: int) -> int | None:
        """The 64-bit number at `offset`."""
        if offset < 0 or offset + 8 > self.size:
            return None
        value: int = unpack_from("<Q", self.data, offset)[0]
        return value

    def bytes_at(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset`: fewer where the source ends, none outside of it."""
        if offset < 0 or size <= 0 or offset >= self.size:
            return b""
        return bytes(self.data[offset : min(offset + size, self.size)])

    def inside(self, offset: int, size: int) -> int:
        """How many of `size` bytes from `offset` the source holds."""
        if offset < 0 or size <= 0:
            return 0
        return max(0, min(size, self.size - offset))


def text16(raw: Data) -> str:
    """UTF-16 text up to its first null; odd bytes and lone surrogates become the replacement character."""
    # The decoder itself: finding it by its name takes longer than a module's name does.
    text = utf_16_le_decode(raw, "replace", True)[0]
    return text[: text.index("\0")] if "\0" in text else text


def text8(raw: bytes) -> str:
    """UTF-8 text up to its first null, Windows-1252 where it is not UTF-8."""
    raw = raw.partition(b"\0")[0]
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def base_name(path: str) -> str:
    """The file name of a Windows or Unix path: `\\SystemRoot\\system32\\DRIVERS\\ndis.sys` is `ndis.sys`."""
    name = path.rpartition("\\")[2]
    if "/" in name:
        name = name.rpartition("/")[2]
    return name or path
