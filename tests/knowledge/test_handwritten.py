"""The rules that people wrote: exact by their conditions, and true advice for whatever meets them."""

from pathlib import Path

import pytest

from triage.engine.conditions import check
from triage.facts import incident_facts
from triage.knowledge.loader import load_products, load_rules
from triage.model.evidence import BugCheck, Event, Evidence, ExceptionRecord, Incident, Message
from triage.model.rule import Rule, Symptoms

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="module")
def rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in load_rules(RULES / "handwritten")}


def test_there_are_at_least_ten(rules: dict[str, Rule]) -> None:
    assert len(rules) >= 10


def test_every_rule_has_a_condition_and_advice(rules: dict[str, Rule]) -> None:
    for rule in rules.values():
        assert rule.id.startswith("T"), rule.id
        assert rule.source.kind == "triage", rule.id
        assert isinstance(rule.require, Symptoms), rule.id
        assert len(rule.fix.steps) >= 3, rule.id


def test_every_rule_names_products_by_their_names(rules: dict[str, Rule]) -> None:
    known = {product.product for product in load_products(RULES / "products")}
    for rule in rules.values():
        assert {applies.product for applies in rule.applies_to} <= known, rule.id


def test_words_are_sorted_sets(rules: dict[str, Rule]) -> None:
    for rule in rules.values():
        assert list(rule.symptoms.words) == sorted(set(rule.symptoms.words)), rule.id


def exception(code: int, *parameters: int) -> Incident:
    return Incident(kind="exception", exception=ExceptionRecord(code=code, parameters=parameters))


def stop(code: int, *parameters: int) -> Incident:
    return Incident(kind="bugcheck", bugcheck=BugCheck(code=code, parameters=parameters))


def event(source: str, number: int) -> Incident:
    return Incident(kind="event", event=Event(source=source, id=number))


START = "The application was unable to start correctly (0xc000007b). Click OK to close the application."


@pytest.mark.parametrize(
    ("rule", "incident", "verdict"),
    [
        ("T0001", exception(0xC0000374), "met"),
        ("T0001", exception(0xC0000005), "not met"),
        ("T0001", Incident(kind="stack"), "unknown"),
        ("T0002", exception(0xE0434352, 0x80131509), "met"),
        ("T0002", exception(0xE06D7363), "not met"),
        ("T0003", exception(0xC0000409, 7), "met"),
        ("T0004", stop(0x124, 0, 0xFFFFA80012345028, 0xB2000000, 0x10005), "met"),
        ("T0004", stop(0x9C, 0, 0, 0, 0), "not met"),
        ("T0004", Incident(kind="prose", messages=(Message("it stops at night"),)), "unknown"),
        ("T0005", stop(0x7A, 0xFFFFF6FC40012345, 0xFFFFFFFFC000000E, 0x12345860, 0xFFFFF88012345000), "met"),
        ("T0005", stop(0x7A, 3, 0xC000000E, 0, 0), "not met"),  # 32-bit, where the archive's own articles are
        ("T0005", stop(0x7A, 0xFFFFF6FC40012345, 0xFFFFFFFFC000009A, 0, 0), "not met"),
        ("T0006", stop(0x9F, 3, 0xFFFFE00012345060, 0, 0), "met"),
        ("T0006", stop(0x9F, 4, 0x258, 0, 0), "not met"),
        ("T0007", stop(0x133, 1, 0x1E00, 0, 0), "met"),
        ("T0008", stop(0x1A, 0x41792, 0xFFFFF68000012345, 0x8000000000000000, 0), "met"),
        ("T0008", stop(0x1A, 0x777, 0, 0, 0), "not met"),
        ("T0009", stop(0x116, 0xFFFFE00012345010, 0xFFFFF80012345678, 0xFFFFFFFFC000009A, 4), "met"),
        ("T0010", exception(0xC0150002), "met"),
        ("T0011", stop(0xEF, 0xFFFFE00012345080, 0, 0, 0), "met"),
        ("T0012", Incident(kind="message", messages=(Message(START),)), "met"),
        ("T0012", exception(0xC000007B), "unknown"),
        ("T0014", event(".NET Runtime", 1026), "met"),
        ("T0014", event(".NET Runtime", 1023), "not met"),
        ("T0014", event("Application Error", 1026), "not met"),
        ("T0013", stop(0x154, 0xFFFFE00012345000, 0xFFFFD00012345110, 0, 0), "met"),
    ],
)
def test_conditions_are_met_not_met_or_unknown(
    rules: dict[str, Rule], rule: str, incident: Incident, verdict: str
) -> None:
    evidence = Evidence(format="text", incidents=(incident,))
    wanted = rules[rule].require
    assert isinstance(wanted, Symptoms)
    assert check(wanted, incident, evidence, incident_facts(incident, evidence)) == verdict
