"""Evidence of a text too large to hold: only the regions around landmarks are read, batch by batch."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final

from msgspec.structs import replace

from triage.formats import read_text
from triage.formats.combine import join_systems
from triage.formats.texts import FORMATS
from triage.model.evidence import Damage, Evidence, Incident, Module, System
from triage.text.decode import BINARY, detect
from triage.text.landmarks import Find, all_of, finder
from triage.text.regions import OVERLAP, Batch, Lines, batches, line_start, parts
from triage.text.repair import repair

SAMPLE: Final = 1 << 20
"""Bytes that decide about the encoding."""

MAX_INCIDENTS: Final = 10_000
MAX_MODULES: Final = 20_000


def landmark_finder(encoding: str) -> Find:
    """Finds the landmarks that all formats declare; none can be forgotten."""
    return finder(all_of(known.landmarks for known in FORMATS), encoding)


def read_large(again: Callable[[], BinaryIO], *, begin: int = 0) -> Evidence:
    """All that a large text says, with memory that does not grow with it.

    `again` opens the source at its beginning; it is called twice where evidence is found. What ends well before byte
    `begin` is not read: a log of which that much is known. Bytes that are no text give evidence of format `binary`.
    """
    with again() as stream:
        encoding, start = detect(stream.read(SAMPLE))
        if encoding == BINARY:
            return Evidence(format=BINARY, encoding=BINARY)
        lines = Lines(again, encoding, start)
        if begin > start + OVERLAP:
            start = line_start(stream, begin - OVERLAP, start, encoding)
        stream.seek(start)
        found = parts(stream, encoding, landmark_finder(encoding), lines, start=start, confirm=probe(encoding))
        return joined(evidence_of(batches(found, encoding)), encoding)


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


def probe(encoding: str) -> Callable[[bytes], bool]:
    """Whether some lines say anything of a crash: an incident, a module, the system."""

    def confirm(piece: bytes) -> bool:
        evidence = read_text(repair(piece.decode(encoding, "replace"), encoding))
        return bool(evidence.incidents or evidence.modules or evidence.system)

    return confirm


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
        modules.update(dict.fromkeys(evidence.modules[: MAX_MODULES - len(modules)]))
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
