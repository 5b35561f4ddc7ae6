"""What pages say of fixes, plans and incidents without an article."""

from typing import Literal

import msgspec
import pytest

from builders.reports import SHUTDOWN
from triage.model.code import Hint
from triage.model.report import (
    Action,
    Advice,
    Because,
    BugCheckInfo,
    EventInfo,
    ExceptionInfo,
    FileAdvice,
    Finding,
    IncidentInfo,
    NextStep,
    ParameterInfo,
    Plan,
    Report,
    ServicePackAdvice,
    SourceInfo,
)
from triage.render import markdown, text
from triage.render.advice import action_details, likely, rows
from triage.render.phrases import because, sureness

PACK = ServicePackAdvice(
    product="Windows 2000",
    fixed_in=2,
    fixed_in_name="Service Pack 2",
    install=4,
    contained_in=("Service Pack 2", "Service Pack 3", "Service Pack 4"),
    end_of_support="2010-07-13",
)


def finding(**advice: object) -> Finding:
    made = Advice(status="unknown", summary="do it", **advice)  # type: ignore[arg-type]  # fields by name
    return Finding(rule="Q1", title="A Fault", url=None, incident=1, confidence=0.7, band="likely", advice=made)


@pytest.mark.parametrize(
    ("advice", "told"),
    [
        (
            {"service_pack": PACK},
            [
                (
                    "Packs",
                    "first in Service Pack 2, then 3, 4, each with all before it; "
                    "support of Windows 2000 ended 2010-07-13",
                )
            ],
        ),
        (
            {"service_pack": ServicePackAdvice(product="Office 97", contained_in=("Service Release 2",))},
            [],
        ),
        (
            {
                "service_pack": ServicePackAdvice(
                    product="P", latest_named=True, contained_in=("Service Pack 5", "Service Pack 6a"), cumulative=False
                )
            },
            [("Packs", "the latest of the article's day was Service Pack 5, then 6a")],
        ),
        (
            {"service_pack": ServicePackAdvice(product="P", unreleased=True)},
            [("Packs", "no service pack has the fix")],
        ),
        (
            {
                "files": (
                    FileAdvice(name="a.dll", fixed="1.2", found="1.1", state="older", where="system32/a.dll"),
                    FileAdvice(name="b.dll", fixed="1.2", found="2.0", reason="another branch"),
                    FileAdvice(name="c.dll", fixed="1.2", state="absent"),
                    FileAdvice(name="d.dll", fixed="1.2"),
                )
            },
            [
                ("File", "a.dll: 1.1 in system32/a.dll, fixed in 1.2, older"),
                ("File", "b.dll: 2.0, fixed in 1.2, unknown (another branch)"),
                ("File", "c.dll: absent, fixed in 1.2"),
            ],
        ),
        (
            {"superseded_by": ("Q2", "Q3"), "repeats": ("Q4",)},
            [("Chain", "its files were replaced by Q2, Q3 (the newest)"), ("Same fix", "Q4")],
        ),
        (
            {"workaround": True, "restart": True, "registry": tuple(f"HKLM\\Vote{n}" for n in range(6))},
            [
                ("Or", "Q1 gives a workaround"),
                ("Risk", "parts of the running system are replaced: plan a restart"),
                *[("Registry", f"HKLM\\Vote{n}") for n in range(4)],
                ("Registry", "2 more keys in the article"),
            ],
        ),
        ({}, []),
    ],
)
def test_rows_of_a_finding(advice: dict[str, object], told: list[tuple[str, str]]) -> None:
    assert list(rows(finding(**advice))) == told


def test_what_is_there_already_needs_no_workaround() -> None:
    made = Advice(status="already-installed", summary="x", workaround=True, restart=True)
    there = Finding(rule="Q1", title="", url=None, incident=1, confidence=0.7, band="likely", advice=made)
    assert list(rows(there)) == []


ACTIONS = (
    Action(
        number=1,
        kind="service-pack",
        summary="install Windows 2000 Service Pack 4",
        covers=("Q1", "Q2"),
        why="Service Pack 2 first corrected Q1 and Q2",
        articles=("Q260910",),
        restart=True,
    ),
    Action(number=2, kind="read", summary="read Q3", covers=("Q3",), why="nothing to install is known for it"),
)
PLAN = Plan(
    summary="Windows 2000 Service Pack 4 covers 2 of 3 findings; Q3 remains",
    findings=("Q1", "Q2", "Q3"),
    actions=ACTIONS,
    uncovered=("Q3",),
)


def test_details_of_an_action() -> None:
    assert action_details(ACTIONS[0]) == (
        "covers Q1, Q2: Service Pack 2 first corrected Q1 and Q2 (plan a restart; see Q260910)"
    )
    many = Action(number=1, kind="hotfix", summary="x", covers=tuple(f"Q{n}" for n in range(20)), why="y")
    assert action_details(many).endswith("Q11, 8 more: y")


def planned(plan: Plan) -> Report:
    return Report(source=SHUTDOWN.source, incidents=SHUTDOWN.incidents, findings=SHUTDOWN.findings, plan=plan)


def test_the_plan_stands_at_the_top_where_it_says_more_than_the_finding() -> None:
    page = text.render(planned(PLAN)).split("\n")
    assert page[2:6] == [
        "To do: Windows 2000 Service Pack 4 covers 2 of 3 findings; Q3 remains",
        "   1  install Windows 2000 Service Pack 4",
        "      covers Q1, Q2: Service Pack 2 first corrected Q1 and Q2 (plan a restart; see Q260910)",
        "   2  read Q3",
    ]
    single = Plan(summary="x covers 1 of 1 finding", findings=("Q1",), actions=ACTIONS[:1])
    assert "To do" not in text.render(planned(single))


def test_the_plan_in_markdown() -> None:
    page = markdown.render(planned(PLAN))
    assert "### To do\n\nWindows 2000 Service Pack 4 covers 2 of 3 findings; Q3 remains\n\n1. **install" in page
    assert "2. **read Q3**" in page


STOP = IncidentInfo(
    number=1,
    kind="bugcheck",
    lines=(1, 9),
    summary="Stop 0x1e",
    bugcheck=BugCheckInfo(code="0000001e", name="KMODE_EXCEPTION_NOT_HANDLED", parameters=("c0000005", "0")),
    faulting_module="nt",
    suspect="votes.sys",
    meaning="A kernel program raised an exception.",
    parameters=(
        ParameterInfo(value="c0000005", meaning="exception code", says="STATUS_ACCESS_VIOLATION"),
        ParameterInfo(value="00000000", meaning="address"),
        ParameterInfo(value="00000000"),
    ),
    hint=Hint(fault="driver-exception", meaning="A driver raised it.", because=("0000001e",)),
    next_steps=(NextStep(command="lmvm votes", shows="version, date and maker of votes"),),
)


def test_a_stop_without_an_article_says_what_its_parameters_mean() -> None:
    report = Report(source=SourceInfo(path="a.log", format="windbg"), incidents=(STOP,))
    page = text.render(report, width=120)
    assert [" ".join(line.split()) for line in page.split("\n")[3:]] == [
        "Unknown no article of the knowledge describes this",
        "Known stop 0000001e is KMODE_EXCEPTION_NOT_HANDLED; faulting module nt; look at votes.sys first",
        "A kernel program raised an exception.",
        "Param 1 c0000005 exception code (STATUS_ACCESS_VIOLATION)",
        "Param 2 00000000 address",
        "Likely driver exception: A driver raised it. (0000001e)",
        "Next lmvm votes version, date and maker of votes",
    ]
    ticket = markdown.render(report)
    assert "- **Param 1:** c0000005  exception code (STATUS\\_ACCESS\\_VIOLATION)" in ticket
    assert "- **Next:** lmvm votes version, date and maker of votes" in ticket


def test_what_is_known_follows_a_weak_match_too() -> None:
    weak = Finding(
        rule="Q1", title="t", url=None, incident=1, confidence=0.4, band="possible",
        advice=Advice(status="unknown", summary="read Q1"),
    )  # fmt: skip
    report = Report(source=SourceInfo(path="a.log", format="windbg"), incidents=(STOP,), findings=(weak,))
    assert "Param 1" in text.render(report)
    sure = Finding(rule="Q1", title="t", url=None, incident=1, confidence=0.95, band="certain", advice=weak.advice)
    report = Report(source=SourceInfo(path="a.log", format="windbg"), incidents=(STOP,), findings=(sure,))
    assert "Param 1" not in text.render(report)


def test_alternatives_for_one_incident_make_a_plan_only_where_one_thing_settles_several() -> None:
    alternatives = tuple(
        Finding(
            rule=rule, title="t", url=None, incident=1, confidence=0.7, band="likely",
            advice=Advice(status="unknown", summary=f"get {rule}"),
        )
        for rule in ("Q1", "Q2")
    )  # fmt: skip
    apart = tuple(Action(number=n, kind="hotfix", summary="x", covers=(f"Q{n}",), why="y") for n in (1, 2))
    report = Report(
        source=SourceInfo(path="a.log", format="windbg"),
        incidents=(STOP,),
        findings=alternatives,
        plan=Plan(summary="two things", findings=("Q1", "Q2"), actions=apart),
    )
    assert "To do" not in text.render(report)
    together = Plan(summary="one thing", findings=("Q1", "Q2"), actions=ACTIONS[:1])
    assert "To do: one thing" in text.render(msgspec.structs.replace(report, plan=together))


def test_a_class_of_fault_that_says_no_more_than_the_code_is_left_out() -> None:
    named = "c0000005 STATUS_ACCESS_VIOLATION"
    record = ExceptionInfo(code="c0000005", name="STATUS_ACCESS_VIOLATION")

    def told(fault: str, *reasons: str) -> tuple[str, str] | None:
        hint = Hint(fault=fault, meaning="It did.", because=(named, *reasons))
        return likely(IncidentInfo(number=1, kind="exception", lines=(1, 1), exception=record, hint=hint))

    assert told("access-violation") is None
    assert told("heap-corruption") == ("heap corruption", "It did.")
    assert told("null-pointer", "address 00000000 lies in the first 64 KiB") == (
        "null pointer",
        "It did. (address 00000000 lies in the first 64 KiB)",
    )


def test_a_workaround_is_told_once() -> None:
    only = Advice(status="unknown", summary="apply the workaround of Q1; it names no fix", workaround=True)
    article = Finding(rule="Q1", title="t", url=None, incident=1, confidence=0.7, band="likely", advice=only)
    assert "Or" not in [label for label, _ in rows(article)]


def test_events_that_only_inform_do_not_stand_before_the_others() -> None:
    kinds: tuple[Literal["information", "error", "warning"], ...] = ("information", "error", "information", "warning")
    events = tuple(
        IncidentInfo(
            number=number, kind="event", lines=(number, number), summary=f"Event {number}",
            event=EventInfo(source="PrintLedger", id=number, type=kind),
        )
        for number, kind in enumerate(kinds, 1)
    )  # fmt: skip
    source = SourceInfo(path="a.log", format="eventlog")
    page = text.render(Report(source=source, incidents=events))
    assert [line[3:10] for line in page.split("\n") if line[:1].isdigit() and "more" not in line] == [
        "Event 2",
        "Event 4",
    ]
    assert page.splitlines()[-1].startswith("2 more events for information without an article (")
    assert "Event 3" in text.render(Report(source=source, incidents=events[2:3]))


@pytest.mark.parametrize(("confidence", "told"), [(0.704, "possible, 0.70"), (0.3, "possible, 0.30"), (0.02, "0.02")])
def test_what_is_fainter_than_possible_is_not_called_so(confidence: float, told: str) -> None:
    assert sureness(msgspec.structs.replace(finding(), confidence=confidence, band="possible")) == told


@pytest.mark.parametrize(
    ("confidence", "told"), [(0.93, "possible, 0.93 if any is right"), (0.4, "possible, 0.40"), (0.02, "0.02")]
)
def test_a_confidence_that_depends_on_there_being_an_article_says_so(confidence: float, told: str) -> None:
    held = (Because(fact="undescribed:event"),)
    doubted = msgspec.structs.replace(finding(), confidence=confidence, band="possible", against=held)
    assert sureness(doubted) == told
    assert doubted.to_do == "If so"


@pytest.mark.parametrize(
    ("confidence", "others", "but", "contra"),
    [
        pytest.param(0.93, (), True, "nothing else against it", id="held back"),
        pytest.param(0.93, ("process:ledger",), True, "against it process ledger", id="and doubted"),
        pytest.param(
            0.4, (), False, "against it a fault without an article may look like this event", id="weak anyway"
        ),
    ],
)
def test_what_is_held_back_says_why_in_a_row_of_its_own(
    confidence: float, others: tuple[str, ...], but: bool, contra: str
) -> None:
    held = tuple(Because(fact=fact) for fact in ("undescribed:event", *others))
    doubted = msgspec.structs.replace(finding(), confidence=confidence, band="possible", against=held)
    assert ("But" in dict(rows(doubted))) == but
    assert because(doubted).endswith(contra)


def test_what_ended_the_program_stands_before_what_may_have_been_handled() -> None:
    chances: tuple[Literal["first", "second"] | None, ...] = ("first", "second", None)
    raised = tuple(
        IncidentInfo(
            number=number, kind="exception", lines=(number, number), summary=f"Fault {number}",
            exception=ExceptionInfo(code="c0000005", chance=chance),
        )
        for number, chance in enumerate(chances, 1)
    )  # fmt: skip
    report = Report(source=SourceInfo(path="a.log", format="windbg"), incidents=raised)
    page = text.render(report)
    assert page.index("Fault 2") < page.index("Fault 3") < page.index("Fault 1")
    ticket = markdown.render(report)
    assert ticket.index("Fault 2") < ticket.index("Fault 3") < ticket.index("Fault 1")


@pytest.mark.parametrize(("band", "label"), [("certain", "Do"), ("likely", "Do"), ("possible", "If so")])
def test_what_is_only_possible_is_advised_with_an_if(
    band: Literal["certain", "likely", "possible"], label: str
) -> None:
    found = msgspec.structs.replace(finding(), band=band)
    report = Report(source=SourceInfo(path="a.log", format="windbg"), incidents=(STOP,), findings=(found,))
    assert f"   {label:<9}do it" in text.render(report).split("\n")
    assert f"- **{label}:** do it" in markdown.render(report)


def test_equal_incidents_and_equal_commands_are_told_once() -> None:
    step = NextStep(command="wevtutil", shows="the newest events")
    texts = ("full", "full", "late", "full", "gone")
    events = tuple(
        IncidentInfo(
            number=number, kind="event", lines=(number, number), summary=f"Event 7: {said}", next_steps=(step,),
            event=EventInfo(source="PrintLedger", id=7, type="error"),
        )
        for number, said in enumerate(texts, 1)
    )  # fmt: skip
    page = text.render(Report(source=SourceInfo(path="a.log", format="eventlog"), incidents=events))
    assert [line for line in page.split("\n") if "Event 7" in line] == [
        "1  Event 7: full (line 1; 2 more like it)",
        "3  Event 7: late (line 3)",
        "5  Event 7: gone (line 5)",
    ]
    assert page.count("wevtutil") == 1
    assert "without an article" not in page


def test_a_plan_for_what_is_only_possible_does_not_open_the_page() -> None:
    plan = Plan(summary="one thing", findings=("Q1", "Q2"), actions=ACTIONS[:1])
    for band, opens in (("possible", False), ("likely", True)):
        first, second = (
            Finding(
                rule=rule, title="t", url=None, incident=1, confidence=0.5, band=its,
                advice=Advice(status="unknown", summary=f"get {rule}"),
            )
            for rule, its in (("Q1", "possible"), ("Q2", band))
        )  # fmt: skip
        report = Report(
            source=SourceInfo(path="a.log", format="windbg"), incidents=(STOP,), findings=(first, second), plan=plan
        )
        assert ("To do: one thing" in text.render(report)) is opens
