"""Incidents that no rule describes: which are shown, and in which order."""

import pytest
from msgspec import structs

from triage.model.report import Advice, EventInfo, ExceptionInfo, Finding, IncidentInfo, Report, SourceInfo
from triage.render import markdown, text
from triage.render.unexplained import like, unexplained

FAULT = ExceptionInfo(code="c0000005")
FIRST = ExceptionInfo(code="c0000005", chance="first")
CRASH = IncidentInfo(
    number=1, kind="exception", lines=(9, 9), summary="crash", exception=ExceptionInfo(code="c0000005")
)
HANDLED = IncidentInfo(
    number=2,
    kind="exception",
    lines=(8, 8),
    summary="handled",
    exception=FIRST,
)
ERROR = IncidentInfo(number=3, kind="event", lines=(7, 7), summary="error", event=EventInfo(id=7, type="error"))
WARNING = IncidentInfo(number=4, kind="event", lines=(6, 6), summary="warning", event=EventInfo(id=6, type="warning"))
NOTE = IncidentInfo(number=5, kind="event", lines=(5, 5), summary="note", event=EventInfo(id=5, type="information"))


FINDING = Finding(
    rule="Q1",
    title="It stops",
    url=None,
    incident=1,
    confidence=0.7,
    band="likely",
    advice=Advice(status="unknown", summary="install it"),
)


def of(*incidents: IncidentInfo) -> Report:
    return Report(source=SourceInfo(path="a.log", format="eventlog"), incidents=incidents)


def test_crashes_come_before_errors_warnings_and_information() -> None:
    left = unexplained(of(NOTE, WARNING, HANDLED, ERROR, CRASH))
    assert [incident.summary for incident, _ in left.shown] == ["crash", "handled", "error", "warning"]
    assert left.rest == "1 more event for information without an article"


def test_information_is_shown_where_there_is_nothing_else() -> None:
    assert unexplained(of(NOTE)).shown == ((NOTE, 1),)


def test_equal_ones_are_counted() -> None:
    left = unexplained(of(ERROR, ERROR, WARNING))
    assert left.shown == ((ERROR, 2), (WARNING, 1))
    assert left.rest == ""


def test_events_of_one_source_and_id_are_one_kind() -> None:
    apart = (
        IncidentInfo(
            number=n, kind="event", lines=(n, n), summary=f"file {n}", event=ERROR.event, signature="event A/7"
        )
        for n in (1, 2, 3)
    )
    ((incident, alike),) = unexplained(of(*apart)).shown
    assert (incident.summary, alike) == ("file 1", 3)


def test_a_ticket_is_no_longer_than_a_page() -> None:
    many = (
        IncidentInfo(number=number, kind="event", lines=(number, number), summary=f"error {number}", event=ERROR.event)
        for number in range(1, 3001)
    )
    page = markdown.render(of(*many, ERROR, ERROR))
    assert len(page.split("\n")) < 30
    assert page.endswith("2997 more incidents without an article")


def test_a_crash_like_one_that_an_article_describes_is_that_articles_too() -> None:
    again = structs.replace(CRASH, number=6, lines=(20, 20))
    finding = structs.replace(FINDING, incident=1)
    report = structs.replace(of(CRASH, again, HANDLED), findings=(finding,))
    assert [incident for incident, _ in unexplained(report).shown] == [HANDLED]
    assert like(report, CRASH) == 2
    assert "1 more like it" in text.render(report)
    assert "1 more like it" in markdown.render(report)


def test_events_of_one_kind_have_each_an_article_of_its_own() -> None:
    other = structs.replace(ERROR, number=6, lines=(20, 20))
    finding = structs.replace(FINDING, incident=3)
    report = structs.replace(of(ERROR, other), findings=(finding,))
    assert [incident for incident, _ in unexplained(report).shown] == [other]


def remote(confidence: float, kind: str = "exception") -> Report:
    near = structs.replace(FINDING, confidence=confidence, band="possible")
    crash = structs.replace(CRASH, kind=kind)
    return structs.replace(of(crash), findings=(near,))


@pytest.mark.parametrize("confidence", [0.0, 0.01, 0.09])
def test_what_is_only_near_is_no_answer(confidence: float) -> None:
    report = remote(confidence)
    assert unexplained(report).shown == ((report.incidents[0], 1),)
    for page in (text.render(report), markdown.render(report)):
        assert "install it" not in page
        assert f"Q1 It stops ({confidence:.2f})" in page.replace("\\", "")


def test_the_reasons_of_what_is_near_are_there_for_who_asks() -> None:
    assert "install it" in text.render(remote(0.01), explain=True)


@pytest.mark.parametrize("report", [remote(0.1), remote(0.01, "prose")], ids=["one in ten", "words ask for a list"])
def test_what_may_be_is_an_answer(report: Report) -> None:
    assert unexplained(report).shown == ()
    assert "install it" in text.render(report)
