"""What the knowledge adds to evidence before it is judged."""

import pytest

from builders.knowledge import small_pack
from triage.api import analyze, load_knowledge
from triage.knowledge.pack import Pack
from triage.model.report import BugCheckInfo


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
