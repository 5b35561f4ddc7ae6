"""Incidents and rules yield the same facts for the same evidence."""

from typing import Any

import pytest

from triage.facts import incident_facts, printed_facts, rule_units, told_keys
from triage.facts.incident import is_status
from triage.facts.names import function_name, image_stem, source_name
from triage.model.evidence import BugCheck, Event, Evidence, ExceptionRecord, Frame, Incident, Message, Module, Process
from triage.model.rule import (
    Applies,
    BugCheckSymptom,
    EventSymptom,
    ExceptionSymptom,
    FaultSymptom,
    Rule,
    Source,
    Symptoms,
)


def facts_of(incident: Incident, **evidence: object) -> set[str]:
    source = Evidence(format="text", incidents=(incident,), **evidence)  # type: ignore[arg-type]
    return {fact.key for fact in incident_facts(incident, source)}


def keys_of(symptoms: Symptoms) -> set[str]:
    rule = Rule(id="X1", title="", source=Source("test"), symptoms=symptoms)
    return {key for unit in rule_units(rule) if unit.kind != "articles" for key in unit.keys}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("D:\\Winnt\\System32\\Clusapi.dll", "clusapi"),
        ("dll\\ntdll.dbg", "ntdll"),
        ("exe\\winlogon.dbg", "winlogon"),
        ("ntkrnlpa.exe", "nt"),
        ("KRNL386.EXE", "krnl386"),
        ("DECPSM~1.DLL", "decpsm~1"),
        ("python3.11", "python3.11"),
        ("ntdll_77b00000", "ntdll"),
        ("orchard_7ff9727c0000", "orchard"),
        ("d3dcompiler_47.dll", "d3dcompiler_47"),
    ],
)
def test_images_are_compared_by_stem(name: str, expected: str) -> None:
    assert image_stem(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("RtlDestroyHeap", "rtldestroyheap"), ("_Foo", "foo"), ("CView<int>::Draw", "cview"), ("", "")],
)
def test_functions_are_compared_without_decoration(name: str, expected: str) -> None:
    assert function_name(name) == expected


def test_event_sources_are_compared_without_spaces_and_case() -> None:
    assert source_name("MSExchangeIS Private") == source_name("MsExchangeIS  private")


@pytest.mark.parametrize("value", [0xC0000005, 0x80000003, 0xC000021A, 0x80020009])
def test_a_status_is_a_status(value: int) -> None:
    assert is_status(value)


@pytest.mark.parametrize("value", [0x8013E7FA, 0xC03F2A10, 0x80115334, 0x8FF03A20])
def test_a_kernel_address_is_no_status(value: int) -> None:
    assert not is_status(value)


def test_an_event_matches_its_template() -> None:
    event = Event(source="MSExchangeIS", id=1005, text="Unexpected error 0xfffffa84 occurred in store MDB01")
    shown = facts_of(Incident(kind="event", event=event))
    expected = keys_of(
        Symptoms(
            events=(EventSymptom("MsExchangeIS", 1005, None, "Unexpected error -1404 occurred in store <name>"),),
        )
    )
    assert expected <= shown
    assert "event:msexchangeis/1005" in expected


def test_a_stack_matches_by_function_and_by_call() -> None:
    stack = (
        Frame(module="EDB", function="ErrPMReplace", offset=0x1AE),
        Frame(module="EDB", function="ErrNDExpungeBackLink", offset=0xD1),
    )
    shown = facts_of(Incident(kind="stack", stack=stack))
    assert keys_of(Symptoms(stacks=(("edb!errpmreplace", "edb!errndexpungebacklink"),))) <= shown
    assert "call:errpmreplace>errndexpungebacklink" in shown


def test_bug_check_parameters_that_are_codes_count_and_addresses_do_not() -> None:
    bugcheck = BugCheck(code=0x1E, parameters=(0xC0000005, 0x8013E7FA, 0, 0x1C))
    shown = facts_of(Incident(kind="bugcheck", bugcheck=bugcheck))
    assert keys_of(Symptoms(bugchecks=(BugCheckSymptom(0x1E, (0xC0000005, None, 0, None)),))) <= shown
    assert not any("8013e7fa" in key for key in shown)


def test_a_fixed_address_is_known_with_and_without_its_segment() -> None:
    shown = facts_of(Incident(kind="fault", faulting_module="KERNEL32.DLL", faulting_address="015f:BFF9A3C0"))
    assert keys_of(Symptoms(faulting=(FaultSymptom("kernel32.dll", "0137:bff9a3c0"),))) - shown == {
        "address:0137:bff9a3c0"
    }


def test_modules_loaded_just_before_count_more_than_those_of_the_start() -> None:
    late, early = Module(name="mtxoci.dll"), Module(name="ntdll.dll")
    incident = Incident(kind="exception", exception=ExceptionRecord(code=0xC0000005), modules=(late,))
    evidence = Evidence(format="windbg", incidents=(incident,), modules=(early, late))
    shares = {fact.key: fact.share for fact in incident_facts(incident, evidence)}
    assert shares["module:mtxoci"] > shares["module:ntdll"] > 0


def test_process_and_exception_are_facts_of_both_sides() -> None:
    incident = Incident(
        kind="exception", process=Process(name="INETINFO.EXE"), exception=ExceptionRecord(code=0xC0000005)
    )
    wanted = Symptoms(processes=("inetinfo.exe",), exceptions=(ExceptionSymptom(0xC0000005),))
    assert keys_of(wanted) <= facts_of(incident)


def test_facts_are_told_once_with_their_greatest_share() -> None:
    frames = tuple(Frame(module="a", function="f") for _ in range(5))
    incident = Incident(kind="stack", stack=frames)
    facts = incident_facts(incident, Evidence(format="windbg", incidents=(incident,)))
    assert [fact.share for fact in facts if fact.key == "function:f"] == [1.0]


def test_one_unit_is_spelled_as_among_all() -> None:
    symptoms = Symptoms(
        exceptions=(ExceptionSymptom(0xC0000005),),
        faulting=(FaultSymptom("ledger.dll", "0001:0000beef"),),
        events=(EventSymptom(), EventSymptom("Ledger", 7, message="Page <…> is missing")),
        messages=("", "The ledger is closed"),
        stacks=((), ("ledger!Open", "ledger!Main")),
        words=("page",),
    )
    rule = Rule(id="X1", title="A page", source=Source("test"), symptoms=symptoms)
    units = rule_units(rule)
    assert units[-1].kind == "prose"
    found = [tuple(dict.fromkeys(fact.key for fact in printed_facts(rule, place))) for place in range(len(units) + 1)]
    assert found == [*(unit.keys for unit in units[:-1]), (), ()]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ({"title": ""}, set()),
        ({"title": "The Ledgers"}, {"title:ledger", "told:ledger"}),
        ({"title": "Page 42 of C0000005"}, {"title:page", "title:42", "told:page", "told:42"}),  # a code is no word
        ({"title": "", "symptoms": Symptoms(words=("closed", "0xc0000005"))}, {"told:close"}),
        ({"title": "", "cause": ("journals",)}, {"told:journal"}),
        (
            {"title": "", "applies_to": (Applies("Exchange Server", ("5.5", "SP3")),)},
            {"told:exchang", "told:server", "told:5.5", "told:sp3"},
        ),
        ({"title": "", "symptoms": Symptoms(messages=("The ledger is closed",), modules=("ledger.dll",))}, set()),
    ],
)
def test_words_in_which_a_person_may_tell_of_a_rule(fields: dict[str, Any], keys: set[str]) -> None:
    assert set(told_keys(Rule(id="X1", source=Source("test"), **fields))) == keys


def test_each_told_word_is_a_key_once_and_the_title_comes_first() -> None:
    rule = Rule(
        id="X1",
        title="Ledgers and a Ledger",
        source=Source("test"),
        symptoms=Symptoms(words=("ledger", "page")),
        cause=("ledgers", "journal"),
    )
    assert told_keys(rule) == ("title:ledger", "told:ledger", "told:page", "told:journal")


def test_a_rule_is_told_in_the_words_of_a_description() -> None:
    rule = Rule(id="X1", title="Ledger Closes", source=Source("test"), cause=("corrupted", "journals"))
    said = Incident(kind="prose", messages=(Message("it closed the ledgers; is the journal corrupt?"),))
    words = {key.removeprefix("prose:") for key in facts_of(said)}
    assert {key.partition(":")[2] for key in told_keys(rule)} <= words
