"""The regions of an endless or very large text that can hold evidence, as a stream of bounded batches.

What has no landmark near is dismissed without becoming text. It is read, not mapped: a file that another program cuts
while it is mapped ends this one with a bus error, and reading in pieces costs nothing that shows beside the search.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import RawIOBase
from math import inf
from typing import BinaryIO, Final

from msgspec import Struct

from triage.text.forms import Forms
from triage.text.landmarks import LONGEST, Tell
from triage.text.lines import Text
from triage.text.repair import assemble, clean_part
from triage.text.shapes import Shapes

CHUNK: Final = 1 << 20
"""Bytes read at once."""

GRAIN: Final = 1 << 14
"""Bytes that are looked at for landmarks together."""

CONTEXT: Final = 3 * GRAIN
"""Bytes kept before and after a grain with a landmark: module lists and task lists have none of their own."""

PROBE: Final = GRAIN // 4
"""Bytes before and after a grain with a landmark that are read to see whether it is evidence at all: most words that
evidence has are words of other texts, too."""

NEAR: Final = 4
"""Grains between two with a landmark that are read with them: to begin reading costs as much as so many grains do."""

MOST: Final = 64
"""Grains that are asked about together at most. It begins with one, and while they hold no evidence there are twice
as many each time: where there is evidence, all is read again."""

FAR: Final = 1 << 20
"""Bytes without evidence after which what follows is another story, though it be told in the same words."""

BATCH: Final = 2 << 20
"""Characters that the readers get at once, about."""

OVERLAP: Final = 256 << 10
"""Characters that two batches share where evidence goes on without a gap."""

Evident = Callable[[bytes], Iterable[tuple[float, float]]]
"""The lines (first and last, from 1 on) of a piece of text where it says anything of a crash."""

_ALL: Final[Evident] = lambda _: [(1, inf)]  # noqa: E731

_GAP_ROWS = 3
"""Blank rows where text was left out."""


class Part(Struct, frozen=True):
    """Whole lines of the source from byte `start` on; `line` is the number of the first."""

    start: int
    line: int
    data: bytes


class Batch(Struct, frozen=True):
    """Rows for the readers. What ends on a line before `first`, or on `end` or later, belongs to another batch."""

    text: Text
    first: float
    end: float


class Lines:
    """Counts line ends on demand: a source that can be read twice is counted only as far as evidence stands."""

    def __init__(self, again: Callable[[], BinaryIO] | None, encoding: str, start: int, line: int = 1) -> None:
        self._again = again
        self._encoding = encoding
        self.start = start
        self.line = line

    def passed(self, data: bytes, start: int) -> None:
        """Tell of whole lines at byte `start` that were read and not kept."""
        if self._again is None and start == self.start:
            self.line += line_ends(data, self._encoding)
            self.start = start + len(data)

    def at(self, start: int) -> int:
        """The number of the line that begins at byte `start`; must not go back."""
        if self._again is not None and start > self.start:
            with self._again() as file:
                file.seek(self.start)
                rest = b""
                while self.start < start and (data := file.read(min(CHUNK, start - self.start))):
                    self.start += len(data)
                    block = rest + data
                    # A CR at the end may be the first half of a line end.
                    cut = len(block) if self.start == start else whole(block, self._encoding)
                    self.line += line_ends(block[:cut], self._encoding)
                    rest = block[cut:]
        return self.line


class Until(RawIOBase):
    """A stream that ends, for whoever reads it, at byte `end`; it is not closed with this."""

    def __init__(self, stream: BinaryIO, end: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = max(0, end - stream.tell())

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data


def line_ends(data: bytes, encoding: str) -> int:
    """How many line ends stand in the bytes: LF, CR LF, CR CR LF or CR."""
    wide = width(encoding) > 1
    text: bytes | str = data.decode(encoding, "replace") if wide else data
    if isinstance(text, str):
        return _ends(text.count("\n"), text.count("\r"), text.count("\r\n"), text.count("\r\r\n"))
    if b"\r" not in text:
        return text.count(b"\n")
    return _ends(text.count(b"\n"), text.count(b"\r"), text.count(b"\r\n"), text.count(b"\r\r\n"))


def _ends(lf: int, cr: int, crlf: int, crcrlf: int) -> int:
    return lf + cr - crlf - crcrlf


def width(encoding: str) -> int:
    """Bytes of a line end."""
    return len("\n".encode(encoding))


def parts(
    stream: BinaryIO,
    encoding: str,
    tells: Tell,
    lines: Lines,
    *,
    start: int = 0,
    evident: Evident = _ALL,
) -> Iterator[Part]:
    """The whole lines around landmarks, in order; parts that follow each other without a gap touch.

    `stream` stands at byte `start`, which begins a line. `evident` is asked about the lines around landmarks that have
    no evidence near before them; where it finds none, they are passed over.
    """
    unit = width(encoding)
    before, place = "\n".encode(encoding), start  # bytes before the next chunk, and where that chunk begins
    kept = start  # what lies before is given out or given up
    until = start  # so far the last landmark wants
    reach = 1  # grains that are asked about together
    for chunk in _chunks(stream, encoding):
        both = before + chunk
        newline = _newline(both, encoding)
        base = place - len(before)
        end = place + len(chunk)
        wants = [(place, until)] if until > place else []
        told = list(_told(both, range(place - base, end - base, GRAIN), tells, unit))
        asked: set[int] = set()
        sure: frozenset[int] = frozenset()
        for number, spot in enumerate(told):
            if spot + base >= until and spot not in asked:
                together = _near(told[number : number + reach])
                sure = _with_evidence(both, together, evident, encoding, newline)
                asked.update(together)
                reach = 1 if sure else min(2 * reach, MOST)
            if spot + base < until or spot in sure:
                wants.append((spot + base - CONTEXT, spot + base + GRAIN + CONTEXT))
                until = spot + base + GRAIN + CONTEXT
        for first, last in _merged(wants):
            low = max(_line_start(both, max(first - base, 0), newline, unit) + base, kept, start)
            high = min(_line_start(both, min(last, end) - base, newline, unit, up=True) + base, end)
            if high > low:
                lines.passed(both[kept - base : low - base], kept)
                yield Part(low, lines.at(low), both[low - base : high - base])
                lines.passed(both[low - base : high - base], low)
                kept = high
        place = end
        tail = max(len(both) - CONTEXT - CONTEXT, 0)
        cut = _line_start(both, tail - (tail + base - start) % unit, newline, unit) if tail else 0
        lines.passed(both[kept - base : cut], kept)
        kept = max(kept, base + cut)
        before = both[cut:]


def _told(data: bytes, spots: Iterable[int], tells: Tell, unit: int) -> Iterator[int]:
    """Where the grains begin that hold a landmark, or the end of one."""
    for spot in spots:
        low = max(0, spot - LONGEST)
        low += (spot - low) % unit
        if tells(data[low : spot + GRAIN]):
            yield spot


def _near(spots: Sequence[int]) -> list[int]:
    """The first of the grains, and those behind it that are near enough to be read with it."""
    near = [*spots[:1]]
    for spot in spots[1:]:
        if spot - near[-1] > (NEAR + 1) * GRAIN:
            break
        near.append(spot)
    return near


def _with_evidence(
    data: bytes, spots: Sequence[int], evident: Evident, encoding: str, newline: bytes
) -> frozenset[int]:
    """Those of the grains at `spots` that have evidence in them or within PROBE bytes of them.

    They are read as one piece: a text of registers has a landmark in each grain, and to read each by itself takes ten
    times as long.
    """
    unit = len(newline)
    low = _line_start(data, max(0, spots[0] - PROBE), newline, unit)
    high = _line_start(data, min(len(data), spots[-1] + GRAIN + PROBE), newline, unit, up=True)
    spans = list(evident(data[low:high]))
    if not spans:
        return frozenset()
    found: set[int] = set()
    line, at = 1, low
    for spot in spots:
        first = max(low, spot - PROBE)
        if first > at:
            line, at = line + line_ends(data[at:first], encoding), first
        last = line + line_ends(data[first : min(high, spot + GRAIN + PROBE)], encoding)
        if any(begin <= last and line <= end for begin, end in spans):
            found.add(spot)
    return frozenset(found)


def batches(found: Iterator[Part], encoding: str) -> Iterator[Batch]:
    """The parts as repaired text, about BATCH characters at a time, cut where text was left out if that can be."""
    rows = _Rows()
    end = -1  # byte after the last part
    first = -inf
    for part in found:
        if part.start != end and rows.rows:
            if rows.size >= BATCH or part.start - end >= FAR:
                yield Batch(rows.text(encoding), first, inf)
                rows, first = _Rows(), -inf
            else:
                rows.leave_out(min(rows.numbers[-1] + 1, part.line))
        elif rows.size >= 2 * BATCH:
            keep = _overlap(rows.rows)
            middle = rows.numbers[keep + (len(rows.rows) - keep) // 2]
            yield Batch(rows.text(encoding), first, middle)
            rows, first = rows.behind(keep), middle
        end = part.start + len(part.data)
        rows.take(part.data.decode(encoding, "replace"), part.line)
    if rows.rows:
        yield Batch(rows.text(encoding), first, inf)


class _Rows:
    """The rows of a batch so far, with their source line numbers and the numbers of their forms."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.numbers: list[int] = []
        self.size = 0
        self._forms = Forms()
        self._form_of: list[int] = []

    def take(self, text: str, line: int) -> None:
        """Add a part that begins on a source line."""
        rows, numbers, shapes = clean_part(text, line, self._forms)
        self.rows += rows
        self.numbers += numbers
        self.size += len(text)
        self._form_of += shapes.form_of

    def leave_out(self, line: int) -> None:
        """Add blank rows, so that no reader joins what stands on both sides of what is left out."""
        self.rows += [""] * _GAP_ROWS
        self.numbers += [line] * _GAP_ROWS
        self._form_of += self._forms.add([b""] * _GAP_ROWS)

    def text(self, encoding: str) -> Text:
        """All of them, repaired."""
        return assemble(self.rows, self.numbers, encoding, Shapes(self.rows, self._forms, self._form_of))

    def behind(self, index: int) -> "_Rows":
        """The rows from an index on. They share no forms with the others: there would be ever more of them."""
        rest = _Rows()
        rest.rows, rest.numbers = self.rows[index:], self.numbers[index:]
        rest.size = sum(map(len, rest.rows))
        rest._form_of = rest._forms.add(list(map(self._forms.all.__getitem__, self._form_of[index:])))
        return rest


def line_start(stream: BinaryIO, place: int, start: int, encoding: str) -> int:
    """A line start of the stream near byte `place`; the text begins at byte `start`."""
    if place <= start:
        return start
    place -= (place - start) % width(encoding)
    stream.seek(place)
    piece = stream.read(4 * CONTEXT)
    newline = _newline(piece, encoding)
    at = _aligned(piece.find, newline, 0, len(piece), 0)
    return place + at + len(newline) if at >= 0 else place


def _overlap(rows: list[str]) -> int:
    """Index of the row from which on the next batch has them again."""
    size, index = 0, len(rows)
    while index and size < OVERLAP:
        index -= 1
        size += len(rows[index]) + 1
    return index


def _merged(wants: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges joined where they touch."""
    low = high = -1
    for first, last in wants:
        if first > high >= 0:
            yield low, high
            low = first
        low = first if high < 0 else low
        high = max(high, last)
    if high >= 0:
        yield low, high


def _line_start(data: bytes, place: int, newline: bytes, unit: int, *, up: bool = False) -> int:
    """The nearest line start at or before `place` (at or after it with `up`) within CONTEXT; `place` if none is."""
    if place <= 0:
        return 0
    if place >= len(data):
        return len(data)
    if up:
        at = _aligned(data.find, newline, place - unit, min(len(data), place + CONTEXT), place % unit)
    else:
        at = _aligned(data.rfind, newline, max(0, place - CONTEXT), place, place % unit)
    return place if at < 0 else at + unit


def _aligned(search: Callable[[bytes, int, int], int], newline: bytes, low: int, high: int, rest: int) -> int:
    """Where `newline` stands on a whole code unit."""
    at = search(newline, low, high)
    for _ in range(64):
        if at < 0 or len(newline) == 1 or at % len(newline) == rest:
            return at
        low, high = (at + 1, high) if search.__name__ == "find" else (low, at + len(newline) - 1)
        at = search(newline, low, high)
    return -1


def _chunks(stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    """About CHUNK bytes at a time, cut behind a line end; a line without end is cut anywhere."""
    rest = b""
    while data := stream.read(CHUNK):
        block = rest + data
        cut = whole(block, encoding)
        if cut:
            yield block[:cut]
        rest = block[cut:]
    if rest:
        yield rest


def _newline(data: bytes, encoding: str) -> bytes:
    """What ends the lines of the bytes; CR alone where there is no LF (Macintosh)."""
    newline, alone = "\n".encode(encoding), "\r".encode(encoding)
    return alone if newline not in data and alone in data else newline


def whole(block: bytes, encoding: str) -> int:
    """How many bytes of the block are whole lines; whole code units where it has no line end near its end."""
    newline = _newline(block, encoding)
    unit = len(newline)
    units = len(block) - len(block) % unit
    lone = newline == "\r".encode(encoding)  # one at the very end may be half of a line end
    at = _aligned(block.rfind, newline, max(0, units - CHUNK // 2), units - unit * lone, 0)
    if at >= 0:
        return at + unit
    return max(0, units - unit) if units == len(block) and block.endswith("\r".encode(encoding)) else units
