"""Conditions of a rule (`require`, `exclude`): met, not met, or unknown.

A condition is unknown where the source could not have shown it: a log without a module list does not say that a
module is absent, nor a stop code without parameters that one of them has another value.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from triage.facts import Fact
from triage.facts.names import function_name, image_stem, low_half, source_name, symbol_names
from triage.facts.words import stem, tokens
from triage.model.evidence import BugCheck, Event, Evidence, ExceptionRecord, Incident
from triage.model.rule import BugCheckSymptom, EventSymptom, ExceptionSymptom, Symptoms

Verdict = Literal["met", "not met", "unknown"]


def check(symptoms: Symptoms, incident: Incident, evidence: Evidence, facts: Iterable[Fact]) -> Verdict:
    """Whether the incident shows all of the symptoms; within one field, any of its values will do."""
    keys = {fact.key for fact in facts}
    verdicts = list(_fields(symptoms, incident, evidence, keys))
    if "not met" in verdicts:
        return "not met"
    return "unknown" if "unknown" in verdicts else "met"


def _fields(symptoms: Symptoms, incident: Incident, evidence: Evidence, keys: set[str]) -> Iterator[Verdict]:
    """The verdict of each field that the symptoms give."""
    if symptoms.exceptions:
        told = any((incident.exception, incident.bugcheck, incident.event, incident.messages))
        yield _any((_exception(item, incident.exception, keys) for item in symptoms.exceptions), told=told)
    if symptoms.bugchecks:
        told = incident.bugcheck is not None or incident.exception is not None
        yield _any((_bugcheck(item, incident.bugcheck) for item in symptoms.bugchecks), told=told)
    if symptoms.processes:
        shown = {image_stem(incident.process.name)} if incident.process is not None else set()
        yield _any((_verdict(image_stem(name) in shown) for name in symptoms.processes), told=bool(shown))
    if symptoms.faulting:
        shown = {image_stem(incident.faulting_module)} if incident.faulting_module else set()
        yield _any((_verdict(image_stem(item.module) in shown) for item in symptoms.faulting), told=bool(shown))
    if symptoms.stacks:
        shown = {function_name(frame.function) for frame in incident.stack if frame.function}
        wanted = ({symbol_names(symbol)[1] for symbol in stack} for stack in symptoms.stacks)
        yield _any((_verdict(names <= shown) for names in wanted), told=bool(shown))
    if symptoms.modules:
        shown = {image_stem(module.name) for module in (*evidence.modules, *incident.modules)}
        yield _any((_verdict(image_stem(name) in shown) for name in symptoms.modules), told=bool(shown))
    if symptoms.addresses:
        shown = {low_half(address.value) for address in incident.addresses}
        yield _any((_verdict(low.lower() in shown) for low in symptoms.addresses), told=bool(shown))
    if symptoms.events:
        yield _any((_event(item, incident.event) for item in symptoms.events), told=incident.event is not None)
    if symptoms.words or symptoms.messages:
        told = any(key.startswith("word:") for key in keys)
        yield _any((_verdict(_said(text, keys)) for text in (*symptoms.words, *symptoms.messages)), told=told)


def _any(verdicts: Iterable[Verdict], *, told: bool) -> Verdict:
    """The best of the values' verdicts; `told` says whether the source shows such a thing at all."""
    found = set(verdicts)
    if "met" in found:
        return "met"
    return "not met" if told and "unknown" not in found else "unknown"


def _verdict(met: bool) -> Verdict:
    return "met" if met else "not met"


def _exception(item: ExceptionSymptom, record: ExceptionRecord | None, keys: set[str]) -> Verdict:
    if f"exception:{item.code:08x}" not in keys:
        return "not met"
    if record is None or record.code != item.code:
        return "met" if item.chance is None and item.access is None else "unknown"
    pairs = [(item.chance, record.chance), (item.access, record.access)]
    return _pairs((wanted, shown) for wanted, shown in pairs if wanted is not None)


def _bugcheck(item: BugCheckSymptom, bugcheck: BugCheck | None) -> Verdict:
    if bugcheck is None or bugcheck.code is None:
        return "not met" if bugcheck is None else "unknown"
    if bugcheck.code != item.code:
        return "not met"
    shown = (*bugcheck.parameters, *(None for _ in item.parameters))
    return _pairs((wanted, shown[position]) for position, wanted in enumerate(item.parameters) if wanted is not None)


def _pairs(pairs: Iterable[tuple[object, object | None]]) -> Verdict:
    """Wanted values against shown ones, None where the source does not show it."""
    found = ["unknown" if shown is None else _verdict(wanted == shown) for wanted, shown in pairs]
    if "not met" in found:
        return "not met"
    return "unknown" if "unknown" in found else "met"


def _event(item: EventSymptom, event: Event | None) -> Verdict:
    if event is None:
        return "not met"
    same_source = item.source is None or source_name(item.source) == source_name(event.source or "")
    return _verdict(item.id in {None, event.id} and same_source)


def _said(text: str, keys: set[str]) -> bool:
    return all(
        f"{token.kind}:{stem(token.value) if token.kind == 'word' else token.value}" in keys for token in tokens(text)
    )
