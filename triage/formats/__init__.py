"""Readers of sources, one module a format, and what they read put together."""

from collections.abc import Iterator
from operator import attrgetter

from triage.formats.binaries import binary_format, read_binary
from triage.formats.binary import Data
from triage.formats.combine import join_systems, merge_incidents, with_context
from triage.formats.texts import FORMATS
from triage.model.evidence import Damage, Evidence, Incident, Module
from triage.text.addresses import with_addresses
from triage.text.decode import BINARY, detect
from triage.text.format import Format, Reading
from triage.text.landmarks import all_of, finder
from triage.text.lines import Text
from triage.text.quiet import collector_paused
from triage.text.windows import SMALL, WHOLE, read_source

LANDMARKS = all_of(known.landmarks for known in FORMATS)
DOCUMENTS = all_of(known.documents for known in FORMATS)
LEADS = all_of([*(known.leads for known in FORMATS), (".dll", ".exe", ".sys", ".ocx", ".bpl")])
"""What leads on in a long report: lists of modules are long, and have no landmarks of their own."""

_MAX_INCIDENTS = 10_000


def read_evidence(data: Data) -> Evidence:
    """All that the bytes of a source say about crashes.

    Raises SourceError only for a dump or event log that is cut off so early that nothing in it can be read.
    """
    binary = binary_format(data)
    if binary is not None:
        return read_binary(binary, data)
    encoded = detect(bytes(data)) if WHOLE < len(data) <= SMALL else None
    if len(data) > WHOLE and not (encoded is not None and _is_document(bytes(data), encoded[0])):
        # Few sources are large, and every run starts.
        from triage.formats.binary.store import file_of  # noqa: PLC0415
        from triage.formats.large import read_large  # noqa: PLC0415

        return read_large(lambda: file_of(data), encoded=encoded)
    with collector_paused():
        return _read_small(bytes(data))


def _is_document(data: bytes, encoding: str) -> bool:
    """Whether bytes of an encoding hold a document that is to be read as a whole."""
    return encoding != BINARY and bool(finder(DOCUMENTS, encoding)(data))


def _read_small(data: bytes) -> Evidence:
    source = read_source(data, LANDMARKS)
    evidence = _read(source.text, source.landmarks)
    return Evidence(
        format=evidence.format,
        encoding=source.encoding,
        incidents=evidence.incidents,
        modules=evidence.modules,
        system=evidence.system,
        warnings=evidence.warnings,
    )


def read_text(text: Text, landmarks: frozenset[str] | None = None) -> Evidence:
    """The same of a text that is decoded and repaired already; `landmarks` are those that it holds, where known."""
    with collector_paused():
        return _read(text, text.landmarks(LANDMARKS) if landmarks is None else landmarks)


def readings(text: Text, landmarks: frozenset[str]) -> Iterator[tuple[Format, Reading, Text]]:
    """What each format with one of the landmarks understood of the text, in the order in which they read.

    With each comes what no format up to it has claimed.
    """
    rest = text
    for known in FORMATS:
        if rest.rows and not landmarks.isdisjoint(known.landmarks):
            reading = known.read(rest)
            rest = rest.without(reading.claimed)
            yield known, reading, rest


def lines_in(reading: Reading) -> int:
    """How many lines a format claimed; the one with most of them gives the source its name."""
    lines = end = 0
    for first, last in sorted(reading.claimed):
        lines += max(0, last - max(first - 1, end))
        end = max(end, last)
    return lines


def _read(text: Text, landmarks: frozenset[str]) -> Evidence:
    rest = text
    incidents: list[Incident] = []
    modules: list[Module] = []
    warnings: list[Damage] = []
    system = None
    most, name = 0, "text"
    for known, reading, unclaimed in readings(text, landmarks):
        rest = unclaimed
        incidents += reading.incidents
        modules += reading.modules
        warnings += reading.warnings
        system = join_systems(system, reading.system)
        claimed = lines_in(reading)
        if claimed > most and (reading.incidents or reading.modules):
            most, name = claimed, known.name
    found = merge_incidents(incidents)
    if len(found) > _MAX_INCIDENTS:
        warnings.append(
            Damage(found[_MAX_INCIDENTS].lines, f"only the first {_MAX_INCIDENTS:,} incidents are reported")
        )
        found = found[:_MAX_INCIDENTS]
    modules.sort(key=attrgetter("lines"))
    return Evidence(
        format=name,
        encoding=text.encoding,
        incidents=tuple(with_context(with_addresses(found, text), rest)),
        modules=tuple(modules),
        system=system,
        warnings=tuple(warnings),
    )
