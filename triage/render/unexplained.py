"""Which of the incidents that no rule describes a page shows, and in which order."""

from collections import Counter

from msgspec import Struct

from triage.model.report import REMOTE, Finding, IncidentInfo, Report
from triage.render.phrases import count

MAX_ALONE = 5
MAX_BESIDE_FINDINGS = 3


class Unexplained(Struct, frozen=True):
    """`shown` one of each kind with the number of incidents like it; `hidden` those of other kinds."""

    shown: tuple[tuple[IncidentInfo, int], ...]
    hidden: tuple[IncidentInfo, ...]

    @property
    def rest(self) -> str:
        """`12 more incidents (3 for information) without an article`; "" where all are shown."""
        if not self.hidden:
            return ""
        harmless = sum(map(informs_only, self.hidden))
        if harmless == len(self.hidden):
            return f"{count(harmless, 'more event for information', 'more events for information')} without an article"
        informing = f" ({harmless} for information)" if harmless else ""
        return f"{count(len(self.hidden), 'more incident')}{informing} without an article"


def explained(report: Report, least: float = REMOTE) -> dict[int, tuple[Finding, ...]]:
    """The findings of each incident that has an answer, by its number, in the order of the report.

    The best one decides, by `least`: those behind it are rivals.
    """
    kinds = {one.number: one.kind for one in report.incidents}
    found: dict[int, list[Finding]] = {}
    for one in report.findings:
        if one.incident in found or one.is_answer(kinds.get(one.incident, ""), least):
            found.setdefault(one.incident, []).append(one)
    return {number: tuple(findings) for number, findings in found.items()}


def nearest(report: Report, incident: IncidentInfo) -> str:
    """The article nearest to an incident that has no answer: `Q150934 Stop 0x0000001E in Ledger.sys (0.02)`."""
    near = next((one for one in report.findings if one.incident == incident.number), None)
    return "" if near is None else f"{near.rule} {near.title} ({near.confidence:.2f})"


def unexplained(report: Report, least: float = REMOTE) -> Unexplained:
    """Incidents without an answer: what ended a program or a system first, equal ones once.

    Events that only inform are shown where there is nothing else. A crash like one that has a finding is none of these:
    a rule is named once in a report, where it fits best, and fits the others as well.
    """
    answered = explained(report, least)
    known = {one.summary for one in report.incidents if one.number in answered and not _is_mere_event(one)}
    left = sorted(
        (one for one in report.incidents if one.number not in answered and one.summary not in known), key=_rank
    )
    grave = [one for one in left if not informs_only(one)]
    first: dict[str, IncidentInfo] = {}
    for one in grave if grave or answered else left:
        first.setdefault(_kind(one), one)
    kinds = list(first.values())[: MAX_BESIDE_FINDINGS if answered else MAX_ALONE]
    alike = Counter(map(_kind, left))
    told = set(map(_kind, kinds))
    return Unexplained(
        shown=tuple((one, alike[_kind(one)]) for one in kinds),
        hidden=tuple(one for one in left if _kind(one) not in told),
    )


def like(report: Report, incident: IncidentInfo) -> int:
    """How many incidents are the crash that this one is, those without a finding of their own and this one counted."""
    if _is_mere_event(incident) or not incident.summary:
        return 1
    answered = explained(report)
    return 1 + sum(one.summary == incident.summary and one.number not in answered for one in report.incidents)


def informs_only(incident: IncidentInfo) -> bool:
    """Whether it is an event that only informs (a document printed, a service started): no crash stands in it."""
    return _is_mere_event(incident) and _type(incident) in {"information", "success-audit"}


def _kind(incident: IncidentInfo) -> str:
    """What equal incidents have in common: events their source and id, whatever their texts name."""
    return incident.signature if _is_mere_event(incident) and incident.signature else incident.summary


def _rank(incident: IncidentInfo) -> int:
    """0 for crashes, 1 for errors and what may have been handled (a first chance), then warnings, then information."""
    if informs_only(incident):
        return 3
    if _is_mere_event(incident):
        return 2 if _type(incident) == "warning" else 1
    return 1 if incident.exception is not None and incident.exception.chance == "first" else 0


def _is_mere_event(incident: IncidentInfo) -> bool:
    return incident.event is not None and incident.exception is None and incident.bugcheck is None


def _type(incident: IncidentInfo) -> str | None:
    return None if incident.event is None else incident.event.type
