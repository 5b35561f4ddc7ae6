"""Crashes that a log records more than once.

Windows writes a crash down as Application Error 1000 and, some seconds later, as Windows Error Reporting 1001, often
once more when the report was sent; a stop as BugCheck 1001 and as Kernel-Power 41. Each is an incident of the report,
as each is an event of the log, but who counts crashes counts one.
"""

from collections import defaultdict, deque
from collections.abc import Sequence

from triage.model.report import IncidentInfo
from triage.text.lazy import regex

_REPORT = regex(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])")
"""`Report Id: 7f0c8f1e-2a5b-4c2d-9e0f-aabbccddeeff` stands in all records of one crash, in any language."""

_SEARCHED = 8_000
"""Characters of an event's text in which it is looked for."""

Key = tuple[str, str]
Recorder = tuple[str, int | None]


class _Records:
    """The records of equal crashes: by report, and of each recorder those that no other one has told as well."""

    def __init__(self) -> None:
        self.by_report: dict[str, int] = {}
        self.waiting: defaultdict[Recorder, deque[int]] = defaultdict(deque)

    def first(self, number: int, recorder: Recorder, reports: Sequence[str]) -> int | None:
        """The number of the record that told this crash before, if any did."""
        known = next((self.by_report[one] for one in reports if one in self.by_report), None)
        if known is None and not reports:
            others = [one for one, numbers in self.waiting.items() if one != recorder and numbers]
            known = self.waiting[others[0]].popleft() if others else None
        if known is None and not reports:
            self.waiting[recorder].append(number)
        for one in reports:
            self.by_report.setdefault(one, number if known is None else known)
        return known


def recorded_again(incidents: Sequence[IncidentInfo]) -> dict[int, int]:
    """By the number of an event that tells of a crash which an event before it told, that one's number.

    Records of one crash name one report. Where they name none, equal crashes of two recorders are paired in the order
    of the log, which may have the newest first.
    """
    again: dict[int, int] = {}
    records: defaultdict[Key, _Records] = defaultdict(_Records)
    for one in incidents:
        event = one.event
        if event is None or (one.exception is None and one.bugcheck is None):
            continue
        key = (one.signature, "" if one.process is None else one.process.name.lower())
        recorder = ((event.source or "").lower(), event.id)
        reports = _REPORT.findall((event.text or "")[:_SEARCHED].lower())
        first = records[key].first(one.number, recorder, reports)
        if first is not None:
            again[one.number] = first
    return again
