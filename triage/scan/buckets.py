"""Incidents grouped by signature: how many, when, where, and the best finding about any of them."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct, field

from triage.model.report import Finding, Plan
from triage.scan.found import Found
from triage.scan.rows import Row, rows_of

MAX_BUCKETS: Final = 100_000
MAX_NAMES: Final = 1_000
"""Machines and files that a bucket remembers by name."""

NO_SIGNATURE: Final = "(no signature)"
TOLD: Final = "(told in words)"
"""What people tell beside logs: no crash, and none of those without a signature."""


class Bucket(Struct, kw_only=True):
    """Incidents of one signature. `files` are the sources, each with the line of its first incident of the bucket."""

    signature: str
    kind: str
    summary: str
    count: int = 0
    sources: int = 0
    first: str | None = None
    last: str | None = None
    machines: set[str] = field(default_factory=set)
    files: dict[str, int] = field(default_factory=dict)
    finding: Finding | None = None
    described: dict[str, int] = field(default_factory=dict)
    """By rule, of how many incidents it is the best finding."""
    settled: dict[str, int] = field(default_factory=dict)
    """By rule, of how many of those the fix is there already."""
    crash: bool = False
    """Whether any of them is more than a record that something happened."""

    @property
    def is_vague(self) -> bool:
        """Whether the signature is a code alone, which unlike faults share: no finding speaks for all of them."""
        return " | " not in self.signature

    def described_by(self, rule: str) -> int:
        """How many of the incidents a rule describes."""
        if self.is_vague:
            return self.described.get(rule, 0)
        return self.count if self.finding is not None and self.finding.rule == rule else 0


class Buckets:
    """Takes what a scan finds, one source after the other."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._digests: set[str] = set()
        self.copies = 0
        self.incidents = 0
        self.again = 0
        self.left_out = 0

    def __len__(self) -> int:
        return len(self._buckets)

    def add(self, found: Found) -> None:
        """Count the incidents of a report; the same bytes under another name count once."""
        if not found.report.incidents:
            return
        digest = found.report.source.sha256
        if digest is not None:
            if digest in self._digests:
                self.copies += 1
                return
            self._digests.add(digest)
        rows = [*rows_of(found)]
        best = _best_of(rows, found)
        for row in rows:
            if row.again is None:
                self._count(row, best.get(row.number))
            else:
                self.again += 1

    def ranked(self) -> list[Bucket]:
        """Crashes and what an article is known for before mere events; the most frequent first."""
        return sorted(
            self._buckets.values(),
            key=lambda one: (not (one.crash or one.finding is not None), -one.count, one.signature),
        )

    def plan(self) -> Plan | None:
        """The fewest things to do about the best findings of all buckets, as far as those are at least likely."""
        from triage.advice import plan_all  # noqa: PLC0415 - for a summary alone

        found = (bucket.finding for bucket in self.ranked())
        return plan_all([finding] for finding in found if finding is not None and finding.band != "possible")

    def ended_by(self, rules: Iterable[str]) -> int:
        """How many incidents the rules describe on machines without the fix; all of them where every machine has it."""
        told = [
            (one.described_by(rule), one.settled.get(rule, 0)) for one in self._buckets.values() for rule in {*rules}
        ]
        described = sum(number for number, _ in told)
        return described - sum(min(pair) for pair in told) or described

    def _count(self, row: Row, finding: Finding | None) -> None:
        self.incidents += 1
        key = row.signature or (TOLD if row.kind == "prose" else NO_SIGNATURE)
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= MAX_BUCKETS:
                self.left_out += 1
                return
            bucket = self._buckets[key] = Bucket(signature=key, kind=row.kind, summary=row.summary)
        bucket.count += 1
        bucket.crash = bucket.crash or row.is_crash
        if row.source not in bucket.files:
            bucket.sources += 1
            if len(bucket.files) < MAX_NAMES:
                bucket.files[row.source] = row.first_line
        if row.machine and len(bucket.machines) < MAX_NAMES:
            bucket.machines.add(row.machine)
        if row.time is not None:
            bucket.first = min(bucket.first or row.time, row.time)
            bucket.last = max(bucket.last or row.time, row.time)
        if finding is None:
            return
        bucket.described[finding.rule] = bucket.described.get(finding.rule, 0) + 1
        if finding.advice.status == "already-installed":
            bucket.settled[finding.rule] = bucket.settled.get(finding.rule, 0) + 1
        if bucket.finding is None or finding.confidence > bucket.finding.confidence:
            bucket.finding, bucket.summary = finding, row.summary


def _best_of(rows: Iterable[Row], found: Found) -> dict[int, Finding]:
    """The best finding about each crash, whichever of its records has it; what is only near is none."""
    best: dict[int, Finding] = {}
    for row in rows:
        finding = found.best(row.number)
        first = row.number if row.again is None else row.again
        if finding is None or not finding.is_answer(row.kind):
            continue
        if first not in best or finding.confidence > best[first].confidence:
            best[first] = finding
    return best
