"""Conditions are met, not met, or unknown where the source could not have shown them."""

import pytest

from triage.engine.conditions import check
from triage.facts import incident_facts
from triage.model.evidence import Address, BugCheck, Event, Evidence, ExceptionRecord, Frame, Incident, Module, Process
from triage.model.rule import BugCheckSymptom, EventSymptom, ExceptionSymptom, FaultSymptom, Symptoms

CRASH = Incident(
    kind="exception",
    exception=ExceptionRecord(code=0xC0000005, chance="first", access="read"),
    process=Process(name="inetinfo.exe"),
    faulting_module="w3svc.dll",
    stack=(Frame(module="w3svc", function="ReadRequest"), Frame(module="w3svc", function="Pool::Work")),
)
STOP = Incident(kind="bugcheck", bugcheck=BugCheck(code=0x7A, parameters=(1, 0xC000000E)))
EVENT = Incident(kind="event", event=Event(source="Disk", id=11, text="The driver detected a controller error"))
FAULT = Incident(kind="fault", faulting_module="ledger.exe", addresses=(Address(0x3000B8BB),))
MODULES = (Module(name="w3svc.dll"),)


@pytest.mark.parametrize(
    ("incident", "symptoms", "expected"),
    [
        (CRASH, Symptoms(exceptions=(ExceptionSymptom(0xC0000005),)), "met"),
        (CRASH, Symptoms(exceptions=(ExceptionSymptom(0xC0000005, "first"),)), "met"),
        (CRASH, Symptoms(exceptions=(ExceptionSymptom(0xC0000005, "second"),)), "not met"),
        (CRASH, Symptoms(exceptions=(ExceptionSymptom(0xC0000374), ExceptionSymptom(0xC0000005))), "met"),
        (CRASH, Symptoms(processes=("INETINFO",)), "met"),
        (STOP, Symptoms(processes=("inetinfo.exe",)), "unknown"),
        (CRASH, Symptoms(faulting=(FaultSymptom("W3SVC"),)), "met"),
        (CRASH, Symptoms(faulting=(FaultSymptom("ntdll"),)), "not met"),
        (CRASH, Symptoms(stacks=(("w3svc!readrequest", "w3svc!pool::work"),)), "met"),
        (CRASH, Symptoms(stacks=(("w3svc!elsewhere",),)), "not met"),
        (EVENT, Symptoms(stacks=(("w3svc!elsewhere",),)), "unknown"),
        (STOP, Symptoms(bugchecks=(BugCheckSymptom(0x7A),)), "met"),
        (STOP, Symptoms(bugchecks=(BugCheckSymptom(0x7A, (None, 0xC000000E)),)), "met"),
        (STOP, Symptoms(bugchecks=(BugCheckSymptom(0x7A, (2,)),)), "not met"),
        (STOP, Symptoms(bugchecks=(BugCheckSymptom(0x7A, (1, 0xC000000E, None, 0)),)), "unknown"),
        (CRASH, Symptoms(bugchecks=(BugCheckSymptom(0x7A),)), "not met"),
        (EVENT, Symptoms(events=(EventSymptom("disk", 11),)), "met"),
        (EVENT, Symptoms(events=(EventSymptom("disk", 7),)), "not met"),
        (CRASH, Symptoms(events=(EventSymptom("disk", 11),)), "unknown"),
        (FAULT, Symptoms(addresses=("B8BB",)), "met"),
        (FAULT, Symptoms(addresses=("1234",)), "not met"),
        (EVENT, Symptoms(addresses=("1234",)), "unknown"),
        (EVENT, Symptoms(words=("controller errors",)), "met"),
        (EVENT, Symptoms(words=("parity",)), "not met"),
        (CRASH, Symptoms(processes=("inetinfo",), faulting=(FaultSymptom("ntdll"),)), "not met"),
    ],
)
def test_a_condition(incident: Incident, symptoms: Symptoms, expected: str) -> None:
    evidence = Evidence(format="text", incidents=(incident,))
    assert check(symptoms, incident, evidence, incident_facts(incident, evidence)) == expected


@pytest.mark.parametrize(
    ("modules", "wanted", "expected"),
    [(MODULES, "w3svc", "met"), (MODULES, "clusapi.dll", "not met"), ((), "clusapi.dll", "unknown")],
)
def test_a_module_is_absent_only_from_a_list(modules: tuple[Module, ...], wanted: str, expected: str) -> None:
    evidence = Evidence(format="windbg", incidents=(CRASH,), modules=modules)
    assert check(Symptoms(modules=(wanted,)), CRASH, evidence, []) == expected
