"""The regions of an endless or very large text that can hold evidence, as a stream of bounded batches.

What has no landmark near is dismissed without becoming text. It is read, not mapped: a file that another program cuts
while it is mapped ends this one with a bus error, and reading in pieces costs nothing that shows beside the search.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import RawIOBase
from itertools import accumulate
from math import inf
from sys import maxsize
from typing import BinaryIO, Final

from msgspec import Struct

from triage.text.forms import Forms
from triage.text.landmarks import LONGEST, Locate
from triage.text.lines import Text
from triage.text.repair import assemble, clean_part
from triage.text.shapes import Shapes

CHUNK: Final = 1 << 20
"""Bytes read at once."""

GRAIN: Final = 1 << 10
"""Characters that are looked at for landmarks together."""

CONTEXT: Final = 24 << 10
"""Characters kept before and after a grain with evidence: lists of modules and tasks have no landmarks of their own."""

PROBE: Final = 1 << 10
"""Characters before and after a grain with a landmark that are read to see whether it is evidence at all: most words
that evidence has are words of other texts, too."""

NEAR: Final = 4 << 10
"""Characters from a grain with evidence to the next with a landmark, which is taken for evidence without being read
twice: where a stack or a register is, the next is not far."""

STRETCH: Final = 512 << 10
"""Characters of landmarks without a gap after which one of them is read all the same: the evidence may be over."""

LEAST: Final = 16
"""Grains that are asked about together, to begin with, since to begin reading costs as much as so many do."""

MOST: Final = 1024
"""Grains that are asked about together at most. While they hold no evidence there are twice as many each time: where
there is evidence, all is read again."""

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
"""Blank rows between pieces that are asked about together."""

_LEFT_OUT = 200
"""Blank rows where text was left out: readers look so far for what belongs to a report."""


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
    locate: Locate,
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
    context = CONTEXT * unit
    before, place = "\n".encode(encoding), start  # bytes before the next chunk, and where that chunk begins
    kept = start  # what lies before is given out or given up
    until = start  # so far the last landmark wants
    asking = _Asking(evident, encoding)
    for chunk, last in _with_last(_chunks(stream, encoding)):
        both = before + chunk
        newline = _newline(chunk, encoding)
        base = place - len(before)
        end = place + len(chunk)
        wants = [(place, until)] if until > place else []
        told = _told(both, place - base, locate, unit)
        for spot in asking.sure(both, base, told, newline, last=last):
            until = spot + GRAIN * unit + context
            wants.append((spot - context, until))
        for first, behind in _merged(wants):
            low = max(_line_start(both, max(first - base, 0), newline, unit) + base, kept, start)
            high = min(_line_start(both, min(behind, end) - base, newline, unit, up=True) + base, end)
            if high > low:
                lines.passed(both[kept - base : low - base], kept)
                yield Part(low, lines.at(low), both[low - base : high - base])
                lines.passed(both[low - base : high - base], low)
                kept = high
        place = end
        tail = max(len(both) - context - context, 0)
        cut = _line_start(both, tail - (tail + base - start) % unit, newline, unit) if tail else 0
        lines.passed(both[kept - base : cut], kept)
        kept = max(kept, base + cut)
        before = both[cut:]


def _with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The chunks, each with whether it is the last."""
    chunk = next(chunks, None)
    while chunk is not None:
        following = next(chunks, None)
        yield chunk, following is None
        chunk = following


def _told(data: bytes, first: int, locate: Locate, unit: int) -> dict[int, bool]:
    """Where the grains from `first` on begin that hold a landmark, or the end of one, in order; each with whether it is
    more than one that only leads on.
    """
    low = max(0, first - LONGEST)
    low += (first - low) % unit
    size = GRAIN * unit
    grains: dict[int, bool] = {}
    for place, starts in locate(data[low:]):
        grain = max(0, low + place - first) // size
        if starts or grain not in grains:
            grains[grain] = starts
    return {first + grain * size: grains[grain] for grain in sorted(grains)}


class _Asking:
    """Asks which of the grains with landmarks have evidence, in the order of the text."""

    def __init__(self, evident: Evident, encoding: str) -> None:
        self._evident = evident
        self._encoding = encoding
        self._unit = width(encoding)
        self._reach = LEAST
        self._last = -1  # byte at which the last grain that goes with evidence begins; -1: there is none yet
        self._read = -1  # the same of the last of which it is known because it was read
        self._dense = False  # whether evidence was found again where it was near before
        self._held: dict[int, bool] = {}
        """Grains at the end of what was there, which wait for what follows, by the byte of the source."""

    def sure(self, data: bytes, base: int, spots: dict[int, bool], newline: bytes, *, last: bool) -> Iterator[int]:
        """Those of the grains at `spots` of `data`, by the byte of the source, of which `data` begins at `base`.

        With each stands whether it may be evidence by itself. Those near the end of the data are kept for the next
        call, unless it is the `last`.
        """
        held, self._held = self._held, {}
        several = {place - base: starts for place, starts in held.items()} | spots
        ripe = len(data) - (0 if last else (GRAIN + PROBE) * self._unit)
        self._held = {spot + base: starts for spot, starts in several.items() if spot > ripe}
        order = [spot for spot in several if spot <= ripe]
        asked: set[int] = set()
        found: frozenset[int] = frozenset()
        for number, spot in enumerate(order):
            place = spot + base
            if several[spot] and spot not in asked and not self._goes_on(place):
                together = [spot, *(one for one in order[number + 1 : number + self._reach] if several[one])]
                asked.update(together)
                found = _with_evidence(data, together, self._evident, self._encoding, newline)
                self._reach = LEAST if found else min(2 * self._reach, MOST)
                self._dense = bool(found) and self._is_near(place, 2 * CONTEXT)
            if spot in found:
                self._read = place
            if spot in found or self._goes_on(place, alone=several[spot] and spot not in asked):
                self._last = place
                yield place

    def _goes_on(self, place: int, *, alone: bool = True) -> bool:
        """Whether a grain goes with the one before it, though it has no evidence by itself, or none that is known of.

        What was read and has none must be nearer, and what only leads on: rows that are nothing without the head of
        their report.
        """
        near = self._is_near(place, 2 * CONTEXT if self._dense and alone else NEAR)
        return near and place - self._read <= STRETCH * self._unit

    def _is_near(self, place: int, most: int) -> bool:
        return self._last >= 0 and place - self._last <= (GRAIN + most) * self._unit


def _with_evidence(
    data: bytes, spots: Sequence[int], evident: Evident, encoding: str, newline: bytes
) -> frozenset[int]:
    """Those of the grains at `spots` that have evidence in them or within PROBE characters of them.

    They are read at once, with blank lines where text is left out: to read each by itself takes ten times as long.
    """
    unit = len(newline)
    grain, probe = GRAIN * unit, PROBE * unit
    pieces: list[bytes] = []
    places: list[tuple[int, int]] = []  # the lines of each grain, as they are numbered for who is asked
    start = end = -1  # the piece that is being made
    at, line = 0, 1  # a byte, and the number of the line that begins there
    for spot in spots:
        low = _line_start(data, max(0, spot - probe), newline, unit)
        high = _line_start(data, min(len(data), spot + grain + probe), newline, unit, up=True)
        if low > end:
            if pieces or end >= 0:
                pieces.append(data[start:end])
                line += line_ends(data[at:end], encoding) + _GAP_ROWS
            start = at = low
        line, at = line + line_ends(data[at:low], encoding), low
        places.append((line, line + line_ends(data[low:high], encoding)))
        end = max(end, high)
    pieces.append(data[start:end])
    spans = sorted(evident((newline * _GAP_ROWS).join(pieces)))
    begins = [begin for begin, _ in spans]
    reach = list(accumulate((until for _, until in spans), max))  # how far those up to each go
    return frozenset(
        spot
        for spot, (first, last) in zip(spots, places, strict=True)
        if (count := bisect_right(begins, last)) and reach[count - 1] >= first
    )


def batches(found: Iterator[Part], encoding: str, *, whole: bool = False) -> Iterator[Batch]:
    """The parts as repaired text, about BATCH characters at a time, cut where text was left out if that can be.

    All of them together with `whole`.
    """
    size, far = (maxsize, maxsize) if whole else (BATCH, FAR)
    rows = _Rows()
    end = -1  # byte after the last part
    first = -inf
    for part in found:
        if part.start != end and rows.rows:
            if rows.size >= size or part.start - end >= far:
                yield Batch(rows.text(encoding), first, inf)
                rows, first = _Rows(), -inf
            else:
                rows.leave_out(min(rows.numbers[-1] + 1, part.line))
        elif rows.size >= 2 * size:
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
        self.rows += [""] * _LEFT_OUT
        self.numbers += [line] * _LEFT_OUT
        self._form_of += self._forms.add([b""] * _LEFT_OUT)

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
