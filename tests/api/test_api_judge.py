"""What the knowledge adds to evidence before it is judged."""

import pytest

from builders.knowledge import small_pack
from triage.api import analyze, load_knowledge
from triage.api.judge import judge
from triage.api.told import with_told
from triage.engine import Match
from triage.formats import read_evidence
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence
from triage.model.report import BugCheckInfo, SourceInfo


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_knowledge(small_pack(tmp_path_factory.mktemp("knowledge") / "small.pack"))


def stop(text: str, knowledge: Pack) -> BugCheckInfo | None:
    (incident,) = analyze(text.encode(), path="screen.txt", knowledge=knowledge).incidents
    return incident.bugcheck


def test_a_stop_shown_by_its_name_has_its_number(knowledge: Pack) -> None:
    found = stop("Stop code: KMODE_EXCEPTION_NOT_HANDLED\nWhat failed: ledger.sys\n", knowledge)
    assert found is not None
    assert (found.code, found.name, found.caused_by) == ("0000001e", "KMODE_EXCEPTION_NOT_HANDLED", "ledger.sys")


@pytest.mark.parametrize("name", ["LEDGER_STOPPED_WORKING", "STATUS_ACCESS_VIOLATION"])
def test_a_name_that_is_no_stops_has_none(name: str, knowledge: Pack) -> None:
    found = stop(f"Stop code: {name}\n", knowledge)
    assert found is not None
    assert (found.code, found.name) == (None, name)


def test_a_screen_and_the_debuggers_lines_of_it_are_one_stop(knowledge: Pack) -> None:
    found = stop(
        "Stop code: KMODE_EXCEPTION_NOT_HANDLED\n\nKMODE_EXCEPTION_NOT_HANDLED (1e)\nArguments:\n"
        "Arg1: ffffffffc0000005\nArg2: fffff80012345678\n",
        knowledge,
    )
    assert found is not None
    assert (found.code, len(found.parameters)) == ("0000001e", 2)


MANUAL = (
    "The tool tells you why a program crashed. It reads what the program has printed, and it says what to do next.\n"
)


@pytest.mark.parametrize(
    ("sure", "asked", "told"),
    [
        ((0.2, 0.2), True, True),
        ((0.2, 0.2), False, False),  # together one of them may be it, but nobody has asked
        ((0.16, 0.15), True, False),  # each is unlikely, and nothing was printed
        ((0.55, 0.05), False, False),  # so do the manuals of a share
        ((0.65, 0.05), False, True),
    ],
)
def test_words_that_nobody_asked_about_tell_of_a_crash_where_one_article_is_likely(
    knowledge: Pack, monkeypatch: pytest.MonkeyPatch, sure: tuple[float, ...], asked: bool, told: bool
) -> None:
    rules = [knowledge.rule_at(number) for number in range(len(sure))]

    def found(evidence: Evidence, pack: Pack, **more: object) -> tuple[Match, ...]:
        shown = zip(rules, sure, strict=True) if evidence.incidents else ()
        return tuple(Match(rule=rule, incident=0, confidence=part, band="possible") for rule, part in shown)

    monkeypatch.setattr("triage.api.judge.match", found)
    data = MANUAL.encode()
    evidence = with_told(data, read_evidence(data))
    assert evidence.told is not None
    source = SourceInfo(path="manual.txt", format="text", encoding="utf-8", bytes=len(data), sha256="")
    report = judge(evidence, source=source, knowledge=knowledge, top=5, asked=asked)
    assert [incident.kind for incident in report.incidents] == (["prose"] if told else [])


@pytest.mark.parametrize(("asked", "told"), [(True, True), (False, False)])
def test_so_many_sentences_are_a_manual_unless_somebody_asks(
    knowledge: Pack, monkeypatch: pytest.MonkeyPatch, asked: bool, told: bool
) -> None:
    def found(evidence: Evidence, pack: Pack, **more: object) -> tuple[Match, ...]:
        match = Match(rule=knowledge.rule_at(0), incident=0, confidence=0.65, band="possible")
        return (match,) if evidence.incidents else ()

    monkeypatch.setattr("triage.api.judge.match", found)
    trees = ("ash", "elm", "oak", "fir", "yew", "bay", "fig", "gum", "box", "sal")
    data = "".join(
        f"The program crashed while the {one} of the {other} was open.\n" for one in trees for other in trees
    ).encode()
    evidence = with_told(data, read_evidence(data))
    source = SourceInfo(path="manual.txt", format="text", encoding="utf-8", bytes=len(data), sha256="")
    report = judge(evidence, source=source, knowledge=knowledge, top=5, asked=asked)
    assert [incident.kind for incident in report.incidents] == (["prose"] if told else [])
