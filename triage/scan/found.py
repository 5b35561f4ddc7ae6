"""What a scan knows of a source: the report, the evidence where it is kept, and each incident as one sighting."""

from datetime import UTC, datetime

from msgspec import Struct

from triage.errors import SourceError
from triage.model.evidence import Evidence, Incident
from triage.model.report import Finding, Report
from triage.scan.source import Source
from triage.text.lazy import regex

_ISO = regex(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?")


class Fault(Struct, frozen=True, tag=True):
    """Why a source, or a file in it, was not read: an error that can go from process to process.

    `lasting` is whether it lies in the bytes themselves, so that the same bytes would have it again.
    """

    message: str
    path: str
    lasting: bool = False

    def error(self) -> SourceError:
        """The error itself."""
        return SourceError(self.message, path=self.path)


class Seen(Struct, frozen=True):
    """When (ISO 8601 where the source says so, else the time of its file) and on which machine an incident was."""

    time: str | None = None
    machine: str | None = None


class Found(Struct, frozen=True, tag=True):
    """One report, and for each of its incidents when and where it was. `evidence` is MessagePack, where it is kept.

    `changed` says how the file changed while it was read, if it did.
    """

    report: Report
    seen: tuple[Seen, ...] = ()
    evidence: bytes | None = None
    changed: str | None = None

    def best(self, number: int) -> Finding | None:
        """The best finding about the incident of this number."""
        return next((finding for finding in self.report.findings if finding.incident == number), None)


class Result(Struct, frozen=True):
    """All that came of one source: reports (several of a container) and faults, in order."""

    name: str
    found: tuple[Found | Fault, ...] = ()


class Kept(Struct, frozen=True):
    """What came of a source with other rules: its evidence is to be matched again, without reading the source."""

    source: Source
    result: Result

    @property
    def name(self) -> str:
        """The source's name."""
        return self.source.name


Given = Source | Kept | SourceError | Result
"""What a runner takes: a source to read, one whose evidence is kept, why there is none, or what came of it already,
which only keeps its turn."""


def at_once(given: SourceError | Result) -> Result:
    """The result of what needs no reading."""
    if isinstance(given, Result):
        return given
    path = given.path or ""
    return Result(path, (Fault(given.message, path),))


def seen_of(evidence: Evidence, modified: float | None) -> tuple[Seen, ...]:
    """When and where each incident was; `modified` is the file's time in seconds since 1970.

    What is told beside them has its place behind them, though not each report has an incident of it.
    """
    fallback = None if modified is None else datetime.fromtimestamp(modified, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    told = () if evidence.told is None else (Seen(fallback),)
    return (*(_seen(incident, fallback) for incident in evidence.incidents), *told)


def _seen(incident: Incident, fallback: str | None) -> Seen:
    event = incident.event
    if event is None:
        return Seen(fallback)
    # Times such as 4/5/2001 are written in the order of the machine's country, which nothing tells.
    told = _ISO.match(event.time or "")
    return Seen(told[0].replace(" ", "T") if told else fallback, event.computer)
