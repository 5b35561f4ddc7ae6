"""Two findings that stand close: which command shows what parts them."""

import pytest

from triage.api.decide import deciding
from triage.engine import Match
from triage.model.evidence import Event, Evidence, ExceptionRecord, Frame, Incident, Module
from triage.model.rule import Fix, FixFile, Rule, Source, Symptoms

CRASH = Incident(kind="exception", exception=ExceptionRecord(code=0xC0000005))
BARE = Evidence(format="windbg", incidents=(CRASH,))


def rule(number: int, *, symptoms: Symptoms | None = None, files: tuple[FixFile, ...] = ()) -> Rule:
    return Rule(id=f"Q{number}", title="", source=Source("test"), symptoms=symptoms or Symptoms(), fix=Fix(files=files))


def found(rule: Rule, confidence: float, incident: int = 0) -> Match:
    return Match(rule=rule, incident=incident, confidence=confidence, band="likely")


TCPIP = rule(1, files=(FixFile("tcpip.sys", "5.0.2195.2779"),))
PLAIN = rule(2)


@pytest.mark.parametrize(
    ("first", "second", "evidence", "commands"),
    [
        (TCPIP, PLAIN, BARE, ["lmvm tcpip"]),
        (PLAIN, TCPIP, BARE, ["lmvm tcpip"]),
        (rule(3, symptoms=Symptoms(modules=("clusapi.dll",))), PLAIN, BARE, ["lm m clusapi"]),
        (rule(4, symptoms=Symptoms(stacks=(("edb!errpmreplace",),))), PLAIN, BARE, ["kv"]),
        (PLAIN, PLAIN, BARE, []),
        (
            TCPIP,
            PLAIN,
            Evidence(format="windbg", incidents=(CRASH,), modules=(Module(name="tcpip.sys", version="5.0.2195.1"),)),
            [],
        ),
        (rule(5, files=(FixFile("x; .shell", "1.0"),)), PLAIN, BARE, []),
    ],
)
def test_what_the_source_does_not_show_is_asked_for(
    first: Rule, second: Rule, evidence: Evidence, commands: list[str]
) -> None:
    steps = deciding([found(first, 0.7), found(second, 0.6)], evidence)
    assert [step.command for step in steps] == commands


def test_the_answer_is_told_for_the_rule_that_it_speaks_for() -> None:
    (step,) = deciding([found(PLAIN, 0.7), found(TCPIP, 0.6)], BARE)
    assert step.shows == "a version below 5.0.2195.2779 speaks for Q1"


@pytest.mark.parametrize(
    "matches",
    [[], [found(TCPIP, 0.9)], [found(TCPIP, 0.9), found(PLAIN, 0.3)], [found(TCPIP, 0.9), found(PLAIN, 0.9, 1)]],
)
def test_without_a_rival_nothing_is_asked(matches: list[Match]) -> None:
    assert deciding(matches, Evidence(format="windbg", incidents=(CRASH, CRASH))) == ()


def test_an_event_has_no_stack_to_look_at() -> None:
    event = Incident(kind="event", event=Event(source="Store", id=1))
    stacked = rule(4, symptoms=Symptoms(stacks=(("edb!errpmreplace",),)))
    assert deciding([found(stacked, 0.7), found(PLAIN, 0.6)], Evidence(format="text", incidents=(event,))) == ()


def test_a_stack_that_is_there_is_not_asked_for() -> None:
    shown = Incident(kind="stack", stack=(Frame(module="edb", function="JetMove"),))
    stacked = rule(4, symptoms=Symptoms(stacks=(("edb!errpmreplace",),)))
    assert deciding([found(stacked, 0.7), found(PLAIN, 0.6)], Evidence(format="text", incidents=(shown,))) == ()
