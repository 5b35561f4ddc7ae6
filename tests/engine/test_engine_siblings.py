"""Articles about nearly the same thing: what parts them is small, and decides."""

from collections.abc import Iterator

import pytest

from builders.knowledge import ROOT
from triage.engine import match
from triage.formats import read_evidence
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_weights
from triage.knowledge.pack import Pack
from triage.model.rule import EventSymptom, ExceptionSymptom, FaultSymptom, Rule, Source, Symptoms

FAULT = "LEDGER caused an invalid page fault in module INKWELL.DLL at <…>"
STOPPED = "The <…> service of the ledger terminated with the following error:"


def article(number: int, **symptoms: object) -> Rule:
    named = symptoms.pop("see_also", ())
    return Rule(
        id=f"Q{number}",
        title=f"Fault {number}",
        source=Source("microsoft-kb", "1999-05-01"),
        symptoms=Symptoms(**symptoms),  # type: ignore[arg-type]
        see_also=named,  # type: ignore[arg-type]
    )


def fault(number: int, *addresses: str) -> Rule:
    return article(
        number,
        exceptions=(ExceptionSymptom(0xC0000005),),
        processes=("ledger",),
        faulting=(FaultSymptom("inkwell.dll"),),
        messages=(FAULT,),
        addresses=addresses,
    )


RULES = (
    fault(100_001),
    fault(100_002, "b8bb"),
    fault(100_003, "0f42"),
    article(100_004, events=(EventSymptom("Ledger", 31, "error", f"{STOPPED} the page is missing."),)),
    article(100_005, events=(EventSymptom("Ledger", 31, "error", f"{STOPPED} the page is locked."),)),
    article(100_006, see_also=("Q314159", "Q271828", "Q161803")),
    *(article(200_000 + number, messages=(f"Worker {number} lost its desk{number}",)) for number in range(60)),
)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pack]:
    path = tmp_path_factory.mktemp("pack") / "siblings.pack"
    build_pack(RULES, (), (), load_weights(ROOT / "rules" / "weights"), path)
    pack = Pack.open(path)
    yield pack
    pack.close()


@pytest.mark.parametrize(("address", "rule"), [("0137:00d2b8bb", "Q100002"), ("0137:30000f42", "Q100003")])
def test_the_low_half_of_an_address_parts_faults_of_one_module(pack: Pack, address: str, rule: str) -> None:
    log = f"LEDGER caused an invalid page fault in module INKWELL.DLL at {address}."
    assert match(read_evidence(log.encode()), pack)[0].rule.id == rule


@pytest.mark.parametrize(("word", "rule"), [("missing", "Q100004"), ("locked", "Q100005")])
def test_a_word_of_the_message_parts_events_of_one_number(pack: Pack, word: str, rule: str) -> None:
    log = f"""Event ID: 31
Source: Ledger
Type: Error
Description: The Inkwell service of the ledger terminated with the following error: the page is {word}.
"""
    assert match(read_evidence(log.encode()), pack)[0].rule.id == rule


def test_a_list_of_articles_is_told_by_the_articles_that_it_names(pack: Pack) -> None:
    log = """Event ID: 9
Source: Desk
Type: Error
Description: see below

Q314159: Ledger stops when a page is turned
Q271828: Inkwell runs dry
Q161803: Desk cannot be found
"""
    assert match(read_evidence(log.encode()), pack)[0].rule.id == "Q100006"
