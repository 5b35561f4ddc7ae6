"""A scan as a table: one row an incident. The columns of CSV, Parquet and of the SQLite table `incident`."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from triage.model.report import IncidentInfo, Report
from triage.scan.again import recorded_again
from triage.scan.found import Found, Seen

NOWHERE: Final = Seen()


class Row(Struct, frozen=True, kw_only=True):
    """An incident and the best finding about it; empty where the source does not tell.

    `time` is ISO 8601: of the event itself where the source says it so, else of the file's last change (UTC).
    `module` is the faulting module, `code` the exception, stop or event as the signature begins. `status` is whether
    the fix is there already, `todo` what to do, in a sentence. `again` is the number of the incident whose crash this
    one records a second time.
    """

    source: str
    number: int
    first_line: int
    last_line: int
    kind: str
    signature: str
    summary: str
    time: str | None = None
    machine: str | None = None
    process: str | None = None
    code: str | None = None
    module: str | None = None
    rule: str | None = None
    title: str | None = None
    url: str | None = None
    confidence: float | None = None
    band: str | None = None
    status: str | None = None
    todo: str | None = None
    again: int | None = None

    @property
    def is_crash(self) -> bool:
        """Whether it is more than a record that something happened."""
        told = bool(self.signature) and (" | " in self.signature or not self.signature.startswith("event "))
        return told or self.kind not in {"event", "prose"}


def rows_of(found: Found) -> Iterator[Row]:
    """One row for each incident of a report."""
    report = found.report
    best = {finding.incident: finding for finding in reversed(report.findings)}
    again = recorded_again(report.incidents)
    for index, incident in enumerate(report.incidents):
        seen = found.seen[index] if index < len(found.seen) else NOWHERE
        finding = best.get(incident.number)
        row = _row(report, incident, seen, again.get(incident.number))
        if finding is None:
            yield row
            continue
        yield replace(
            row,
            rule=finding.rule,
            title=finding.title,
            url=finding.url,
            confidence=round(finding.confidence, 4),
            band=finding.band,
            status=finding.advice.status,
            todo=finding.advice.summary,
        )


def _row(report: Report, incident: IncidentInfo, seen: Seen, again: int | None) -> Row:
    return Row(
        source=report.source.path,
        number=incident.number,
        first_line=incident.lines[0],
        last_line=incident.lines[1],
        kind=incident.kind,
        signature=incident.signature,
        summary=incident.summary,
        time=seen.time,
        machine=seen.machine,
        process=None if incident.process is None else incident.process.name,
        code=_code(incident),
        module=incident.faulting_module,
        again=again,
    )


def _code(incident: IncidentInfo) -> str | None:
    if incident.bugcheck is not None:
        return incident.bugcheck.code or incident.bugcheck.name
    if incident.exception is not None:
        return incident.exception.code
    if incident.event is not None and incident.event.id is not None:
        return str(incident.event.id)
    return None


COLUMNS: Final = Row.__struct_fields__
NUMBERS: Final = {"number": int, "first_line": int, "last_line": int, "confidence": float, "again": int}
"""The columns that hold numbers; the others are text."""
