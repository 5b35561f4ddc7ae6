"""Evidence of a text of which most need not be read: only the regions around evidence are, batch by batch.

A text of gigabytes is read span by span, each by itself, so that several processes can share the work. Where the spans
lie depends on the size alone: whoever reads them, one after the other or side by side, finds the same.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from math import inf
from typing import BinaryIO, Final, cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from triage.formats import DOCUMENTS, LANDMARKS, LEADS, read_text, readings
from triage.formats.combine import join_systems
from triage.model.evidence import NO_LINES, Damage, Evidence, Incident, Module, System
from triage.text.decode import BINARY, detect
from triage.text.landmarks import Locate, Tell, finder, locator, teller
from triage.text.quiet import collector_paused
from triage.text.regions import OVERLAP, Batch, Evident, Lines, Until, batches, line_start, parts
from triage.text.repair import repair
from triage.text.windows import SMALL

SAMPLE: Final = 1 << 20
"""Bytes that decide about the encoding."""

SPAN: Final = 128 << 20
"""Bytes that are read by themselves; a text of no more than that is one span."""

MAX_INCIDENTS: Final = 10_000
MAX_MODULES: Final = 20_000

Again = Callable[[], BinaryIO]
"""Opens a source at its beginning, as often as one likes."""


class Span(Struct, frozen=True):
    """Bytes of a text from about `first` to about `last` (None: its end); both move to where the next line begins.

    What a span says counts for the lines that are its own, but for those before `first` too where it is the `foremost`.
    """

    first: int
    last: int | None = None
    foremost: bool = False


class Piece(Struct, frozen=True):
    """What a span says. Line 1 of its evidence is `before` lines before its first own line; `lines` are its own.

    Of a span without evidence neither is known: counting costs as much as searching.
    """

    evidence: Evidence | None = None
    before: int = 0
    lines: int | None = None


def landmark_teller(encoding: str) -> Tell:
    """Tells whether any landmark is there that a format declares; none can be forgotten."""
    return teller(LANDMARKS, encoding)


def landmark_locator(encoding: str) -> Locate:
    """Tells where landmarks are that a format declares, and what only leads on."""
    return locator(LANDMARKS, encoding, LEADS)


def read_large(again: Again, *, begin: int = 0, encoded: tuple[str, int] | None = None) -> Evidence:
    """All that a large text says, with memory that does not grow with it.

    What ends well before byte `begin` is not read: a log of which that much is known. Bytes that are no text give
    evidence of format `binary`. `encoded` is what `detect` says of all of it, where that is known.
    """
    with again() as stream:
        encoding, mark = encoded or detect(stream.read(SAMPLE))
        if encoding == BINARY:
            return Evidence(format=BINARY, encoding=BINARY)
        size = stream.seek(0, os.SEEK_END)
    known, unread = spans_of(size, begin=begin, mark=mark)
    pieces = [Piece()] * len(known) + [read_span(again, encoding, mark, span) for span in unread]
    for number, span in enumerate([*known, *unread]):
        if pieces[number].lines is None and any(piece.evidence for piece in pieces[number + 1 :]):
            pieces[number] = replace(pieces[number], lines=count_lines(again, encoding, mark, span))
    return of_pieces(pieces, encoding)


def spans_of(size: int, *, begin: int = 0, mark: int = 0) -> tuple[list[Span], list[Span]]:
    """The spans of a text of `size` bytes: those that are known, and those that are to be read.

    `mark` are the bytes of its byte order mark; `begin` is as for `read_large`.
    """
    since = begin - OVERLAP if begin - OVERLAP > mark else 0
    borders = sorted({0, since, *range(SPAN, size, SPAN)})
    ends = [*borders[1:], None]
    both = [Span(first, last, first == since) for first, last in zip(borders, ends, strict=True)]
    cut = borders.index(since)
    return both[:cut], both[cut:]


def read_span(again: Again, encoding: str, mark: int, span: Span) -> Piece:
    """What a span says. Reads some of its neighbours, so that what stands on a border is seen as a whole by one."""
    with again() as stream, collector_paused():
        own = line_start(stream, span.first, mark, encoding)
        start = own if span.foremost else line_start(stream, span.first - OVERLAP, mark, encoding)
        stream.seek(start)
        until = stream if span.last is None else cast("BinaryIO", Until(stream, span.last + OVERLAP))
        lines = Lines(again, encoding, start)
        found = parts(until, encoding, landmark_locator(encoding), lines, start=start, evident=probe(encoding))
        whole = span.foremost and stream.seek(0, os.SEEK_END) <= SMALL
        stream.seek(start)
        evidence = joined(evidence_of(batches(found, encoding, whole=whole)), encoding)
    if not (evidence.incidents or evidence.modules or evidence.system or evidence.warnings):
        return Piece()
    before = Lines(again, encoding, start, 0).at(own)
    lines_own = count_lines(again, encoding, mark, span) if span.last is not None else None

    def owned(line: int) -> bool:
        return (span.foremost or line > before) and (lines_own is None or line <= before + lines_own)

    incidents = tuple(one for one in evidence.incidents if owned(one.lines[1]))
    warnings = tuple(one for one in evidence.warnings if owned(one.lines[1]) or one.lines == NO_LINES)
    return Piece(replace(evidence, incidents=incidents, warnings=warnings), before, lines_own)


def count_lines(again: Again, encoding: str, mark: int, span: Span) -> int:
    """How many lines of the text are a span's own."""
    with again() as stream:
        first = line_start(stream, span.first, mark, encoding)
        last = stream.seek(0, os.SEEK_END) if span.last is None else line_start(stream, span.last, mark, encoding)
    return Lines(again, encoding, first, 0).at(last)


def of_pieces(pieces: Sequence[Piece], encoding: str) -> Evidence:
    """The evidence of a text of which these are the pieces, all of them, in order."""
    lines_before = accumulate((piece.lines or 0 for piece in pieces), initial=0)
    several = (
        shifted(piece.evidence, line - piece.before)
        for piece, line in zip(pieces, lines_before, strict=False)
        if piece.evidence is not None
    )
    return joined(several, encoding)


def shifted(evidence: Evidence, lines: int) -> Evidence:
    """The same evidence of a text that has so many more lines before it."""
    return msgspec.convert(_moved(msgspec.to_builtins(evidence), lines), Evidence) if lines else evidence


def _moved(value: object, lines: int) -> object:
    """What is called `lines`, wherever it stands; what has no lines keeps none."""
    if isinstance(value, dict):
        return {
            key: (one[0] + lines, one[1] + lines) if key == "lines" and tuple(one) != NO_LINES else _moved(one, lines)
            for key, one in value.items()
        }
    return [_moved(one, lines) for one in value] if isinstance(value, list | tuple) else value


def grown(before: Evidence, after: Evidence) -> Evidence:
    """What a log says that was read in two goes; the second began before the end of the first.

    Of an incident that both have, the one with more lines counts.
    """
    kept = [one for one in before.incidents if not any(_hides(other, one) for other in after.incidents)]
    new = [one for one in after.incidents if not any(_overlap(other, one) for other in kept)]
    incidents = tuple(sorted([*kept, *new], key=lambda one: one.lines))
    several = (replace(before, incidents=incidents), replace(after, incidents=()))
    return replace(joined(several, after.encoding or "utf-8"), format=max(before, after, key=_weight).format)


def _weight(evidence: Evidence) -> int:
    return len(evidence.incidents)


def _overlap(one: Incident, other: Incident) -> bool:
    return one.lines[0] <= other.lines[1] and other.lines[0] <= one.lines[1]


def _hides(new: Incident, old: Incident) -> bool:
    return _overlap(new, old) and new.lines[1] - new.lines[0] >= old.lines[1] - old.lines[0]


def probe(encoding: str) -> Evident:
    """Where a piece of text says anything of a crash: an incident, a module, the system."""

    find = finder(LANDMARKS, encoding)

    def evident(piece: bytes) -> list[tuple[float, float]]:
        seen = find(piece)
        if not seen.isdisjoint(DOCUMENTS):
            return [(1, inf)]
        spans: list[tuple[float, float]] = []
        for _, reading, _ in readings(repair(piece.decode(encoding, "replace"), encoding), seen):
            systems = () if reading.system is None else (reading.system,)
            spans += [one.lines for one in (*reading.incidents, *reading.modules, *systems)]
        return spans

    return evident


def evidence_of(found: Iterable[Batch]) -> Iterator[Evidence]:
    """The evidence of each batch by itself; an incident on the border of two is in one of them."""
    for batch in found:
        evidence = read_text(batch.text)
        incidents = tuple(one for one in evidence.incidents if batch.first <= one.lines[1] < batch.end)
        yield Evidence(
            format=evidence.format,
            encoding=evidence.encoding,
            incidents=incidents,
            modules=evidence.modules,
            system=evidence.system,
            warnings=evidence.warnings,
        )


def joined(several: Iterable[Evidence], encoding: str) -> Evidence:
    """One evidence of many, which follow each other in one source."""
    incidents: list[Incident] = []
    modules: dict[Module, None] = {}
    warnings: list[Damage] = []
    system: System | None = None
    weights: dict[str, int] = {}
    for evidence in several:
        incidents += evidence.incidents
        left = MAX_MODULES - len(modules)
        if left > 0 and len(evidence.modules) > left:
            warnings.append(
                Damage(evidence.modules[left].lines, f"only the first {MAX_MODULES:,} modules are reported")
            )
        modules.update(dict.fromkeys(evidence.modules[: max(left, 0)]))
        warnings += evidence.warnings[:MAX_INCIDENTS]
        system = join_systems(system, evidence.system)
        weight = 2 * len(evidence.incidents) + bool(evidence.modules)
        weights[evidence.format] = weights.get(evidence.format, 0) + weight
        if len(incidents) > MAX_INCIDENTS:
            lines = incidents[MAX_INCIDENTS].lines
            warnings.append(Damage(lines, f"only the first {MAX_INCIDENTS:,} incidents are reported"))
            del incidents[MAX_INCIDENTS:]
            break
    return Evidence(
        format=max(weights, key=lambda name: weights[name], default="text"),
        encoding=encoding,
        incidents=tuple(incidents),
        modules=tuple(modules),
        system=system,
        warnings=tuple(warnings),
    )
