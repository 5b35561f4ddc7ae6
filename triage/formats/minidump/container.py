"""The outer shape of a minidump: header, directory of streams, lists and strings inside of them."""

from collections.abc import Iterator
from itertools import pairwise
from struct import Struct as Layout
from typing import Any

from triage.errors import SourceError
from triage.formats.binary import Data
from triage.formats.binary.reader import MAX_TEXT, Damages, Reader, text16
from triage.formats.minidump.layout import (
    DIRECTORY,
    HEADER,
    MAGIC,
    MAX_STREAMS,
    STREAM_NAMES,
    VERSION,
    Location,
)

_LENGTH = Layout("<I")
_LONGEST_TEXT = 0x10000


def _name(kind: int) -> str:
    return STREAM_NAMES.get(kind, f"{kind:08x}")


class Container:
    """A minidump opened: `streams` by type, the first one where a type comes twice; `time` is the header's."""

    def __init__(self, data: Data) -> None:
        self.reader = Reader(data)
        self.damages = Damages()
        self._texts: dict[int, str | None] = {}
        header = self.reader.unpack(HEADER, 0)
        if header is None or header[0] != MAGIC:
            raise SourceError(
                f"not a minidump, or cut off in its header ({self.reader.size} bytes); copy the file again"
            )
        _, version, count, offset, _, time, _ = header
        self.time: int | None = time or None
        if version & 0xFFFF != VERSION:
            self.damages.note(f"minidump version {version & 0xFFFF:04x} is not {VERSION:04x}: header damaged")
        self.streams = self._directory(count, offset)
        self._overlaps()

    def _directory(self, count: int, offset: int) -> dict[int, Location]:
        streams: dict[int, Location] = {}
        reader = self.reader
        looked_at = min(count, MAX_STREAMS)
        fit = reader.inside(offset, looked_at * DIRECTORY.size) // DIRECTORY.size
        for kind, size, where in DIRECTORY.iter_unpack(reader.bytes_at(offset, fit * DIRECTORY.size)):
            # Type 0 pads the directory: writers reserve more entries than they fill.
            if kind == 0:
                continue
            if kind in streams:
                if kind in STREAM_NAMES:
                    self.damages.note(f"second {STREAM_NAMES[kind]} stream ignored")
                continue
            there = reader.inside(where, size)
            if there < size and kind in STREAM_NAMES:
                self.damages.note(f"{STREAM_NAMES[kind]} stream is cut off: {there} of {size} bytes lie in the file")
            if there or not size:
                streams[kind] = Location(where, there)
        if fit < looked_at:
            self.damages.note(f"stream directory is cut off: {fit} of {count} entries lie in the file")
        elif count > MAX_STREAMS:
            self.damages.note(f"{count} streams announced, only the first {MAX_STREAMS} looked at")
        return streams

    def _overlaps(self) -> None:
        known = sorted([(place.offset, place.size, kind) for kind, place in self.streams.items()])
        for (first, size, kind), (second, _, other) in pairwise(known):
            if size and first + size > second:
                self.damages.note(f"{_name(kind)} and {_name(other)} streams overlap: one of them is damaged")

    def stream(self, kind: int, layout: Layout) -> tuple[Any, ...] | None:
        """The fields at the start of a stream; None where it is absent or too short (which is noted)."""
        place = self.streams.get(kind)
        if place is None:
            return None
        fields = self.reader.unpack(layout, place.offset) if place.size >= layout.size else None
        if fields is None:
            self.damages.note(f"{STREAM_NAMES[kind]} stream is too short: {place.size} bytes")
        return fields

    def rows(self, kind: int, layout: Layout, limit: int) -> Iterator[tuple[Any, ...]]:
        """The rows of a stream that is a 32-bit count and rows of one layout.

        Some writers align the rows to eight bytes, so that four bytes of padding follow the count: a stream of
        224 bytes that announces two modules (108 bytes each) has them at 8, not at 4.
        """
        place = self.streams.get(kind)
        if place is None:
            return iter(())
        count = self.reader.u32(place.offset) if place.size >= 4 else None
        if count is None:
            self.damages.note(f"{STREAM_NAMES[kind]} stream is too short: {place.size} bytes")
            return iter(())
        start = 8 if place.size == 8 + count * layout.size else 4
        return self.table(kind, place.offset + start, place.offset + place.size, count, layout, limit)

    def table(
        self, kind: int, start: int, end: int, count: int, layout: Layout, limit: int, step: int = 0
    ) -> Iterator[tuple[Any, ...]]:
        """Up to `count` rows between the offsets `start` and `end`, `step` bytes apart (or the layout's size)."""
        step = max(step, layout.size)
        fit = max(0, (min(end, self.reader.size) - start) // step)
        name = STREAM_NAMES[kind]
        if count > fit:
            self.damages.note(f"{name} announces {count} entries, {fit} are there")
        if min(count, fit) > limit:
            self.damages.note(f"{name} has {min(count, fit)} entries, only the first {limit} are read")
        number = min(count, fit, limit)
        if step == layout.size:
            return layout.iter_unpack(self.reader.bytes_at(start, number * step))
        rows = (self.reader.unpack(layout, start + index * step) for index in range(number))
        return (row for row in rows if row is not None)

    def text(self, offset: int, what: str) -> str | None:
        """A MINIDUMP_STRING: length in bytes, then UTF-16. None where there is none (offset 0) or it cannot be read."""
        if offset == 0:
            return None
        texts = self._texts
        known = texts.get(offset)
        if known is not None or offset in texts:
            return known
        reader = self.reader
        start = offset + 4
        length = _LENGTH.unpack_from(reader.data, offset)[0] if start <= reader.size else None
        text = None
        if length is None or length > _LONGEST_TEXT:
            self.damages.note(f"{what} lies outside of the file" if length is None else f"{what} is damaged")
        else:
            length = min(MAX_TEXT, length)
            if start + length > reader.size:
                self.damages.note(f"{what} is cut off")
            text = text16(reader.data[start : start + length])
        texts[offset] = text
        return text
