"""A crash that a log records more than once is counted once; each record stays an incident."""

import pytest

from triage.model.report import (
    Advice,
    BugCheckInfo,
    EventInfo,
    ExceptionInfo,
    Finding,
    IncidentInfo,
    ProcessInfo,
    Report,
    SourceInfo,
)
from triage.scan.again import recorded_again
from triage.scan.buckets import Buckets
from triage.scan.found import Found
from triage.scan.rows import rows_of
from triage.scan.summary import summary

ONE, OTHER = "7f0c8f1e-2a5b-4c2d-9e0f-aabbccddee01", "7f0c8f1e-2a5b-4c2d-9e0f-aabbccddee02"
ERROR, REPORTED = ("Application Error", 1000), ("Windows Error Reporting", 1001)


def crash(number: int, recorder: tuple[str, int], report: str = "", name: str = "quill.exe") -> IncidentInfo:
    return IncidentInfo(
        number=number, kind="event", lines=(number, number), summary="crash", signature="c0000005 | ink.dll+1f",
        process=ProcessInfo(name=name), exception=ExceptionInfo(code="c0000005"),
        event=EventInfo(source=recorder[0], id=recorder[1], text=f"Report Id: {report}" if report else "no id"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("records", "again"),
    [
        pytest.param([(ERROR, ONE), (REPORTED, ONE)], {2: 1}, id="one report, two events"),
        pytest.param([(ERROR, ONE), (REPORTED, ONE), (REPORTED, ONE.upper())], {2: 1, 3: 1}, id="sent later"),
        pytest.param([(REPORTED, ONE), (ERROR, ONE)], {2: 1}, id="the newest first"),
        pytest.param([(ERROR, ONE), (REPORTED, OTHER)], {}, id="two reports"),
        pytest.param([(ERROR, ""), (REPORTED, "")], {2: 1}, id="no report is named: pairs"),
        pytest.param([(ERROR, ""), (ERROR, ""), (REPORTED, ""), (REPORTED, "")], {3: 1, 4: 2}, id="pairs in order"),
        pytest.param([(ERROR, ""), (ERROR, "")], {}, id="one recorder writes each crash once"),
        pytest.param([(ERROR, "", "quill.exe"), (REPORTED, "", "ledger.exe")], {}, id="two programs"),
        pytest.param([(ERROR, ""), (REPORTED, ONE)], {}, id="nothing says that it is the same report"),
    ],
)
def test_records_of_one_crash_are_found(records: list[tuple[tuple[str, int], ...]], again: dict[int, int]) -> None:
    assert recorded_again([crash(number, *one) for number, one in enumerate(records, 1)]) == again


def test_a_stop_is_recorded_by_the_kernel_and_by_the_power_manager() -> None:
    stops = [
        IncidentInfo(
            number=number, kind="event", lines=(number, number), signature="stop 0000009f",
            bugcheck=BugCheckInfo(code="0000009f"), event=EventInfo(source=source, id=number),
        )
        for number, source in enumerate(("BugCheck", "Kernel-Power"), 1)
    ]  # fmt: skip
    assert recorded_again(stops) == {2: 1}


def test_events_without_a_crash_are_what_they_are() -> None:
    events = [
        IncidentInfo(number=n, kind="event", lines=(n, n), signature=f"event A/{n}", event=EventInfo(source="A", id=n))
        for n in (1, 2)
    ]
    assert recorded_again(events) == {}


def test_crashes_are_counted_once_with_the_finding_of_any_of_their_records() -> None:
    finding = Finding(
        rule="Q1", title="t", url=None, incident=2, confidence=0.8, band="likely",
        advice=Advice(status="unknown", summary="install it", hotfix=True),
    )  # fmt: skip
    report = Report(
        source=SourceInfo(path="a.log", format="events", sha256="1"),
        incidents=(crash(1, ERROR, ONE), crash(2, REPORTED, ONE)),
        findings=(finding,),
    )
    buckets = Buckets()
    buckets.add(Found(report=report))
    (bucket,) = buckets.ranked()
    assert (bucket.count, bucket.finding) == (1, finding)
    assert (buckets.incidents, buckets.again) == (1, 1)
    assert "1 further event about the same crashes counted with them" in [*summary(buckets, top=9, width=100)]
    assert [row.again for row in rows_of(Found(report=report))] == [None, 1]
