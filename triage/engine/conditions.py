"""Conditions of a rule (`require`, `exclude`): met, not met, or unknown.

A condition is unknown where the source could not have shown it: a log without a module list does not say that a
module is absent.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from triage.facts import Fact
from triage.facts.names import function_name, image_stem, source_name, symbol_names
from triage.facts.words import stem, tokens
from triage.model.evidence import Evidence, Incident
from triage.model.rule import Symptoms

Verdict = Literal["met", "not met", "unknown"]


def check(symptoms: Symptoms, incident: Incident, evidence: Evidence, facts: Iterable[Fact]) -> Verdict:
    """Whether the incident shows all of the symptoms; within one field, any of its values will do."""
    keys = {fact.key for fact in facts}
    verdicts = list(_fields(symptoms, incident, evidence, keys))
    if "not met" in verdicts:
        return "not met"
    return "unknown" if "unknown" in verdicts else "met"


def _fields(symptoms: Symptoms, incident: Incident, evidence: Evidence, keys: set[str]) -> Iterator[Verdict]:
    record, bugcheck, event = incident.exception, incident.bugcheck, incident.event
    if symptoms.exceptions:
        yield _any(
            (
                f"exception:{item.code:08x}" in keys
                and (item.chance is None or record is None or record.chance in {None, item.chance})
                and (item.access is None or record is None or record.access in {None, item.access})
                for item in symptoms.exceptions
            ),
            known=record is not None or bugcheck is not None or bool(incident.messages) or event is not None,
        )
    if symptoms.bugchecks:
        yield _any(
            (
                bugcheck is not None
                and bugcheck.code == item.code
                and all(
                    want is None or position >= len(bugcheck.parameters) or bugcheck.parameters[position] == want
                    for position, want in enumerate(item.parameters)
                )
                for item in symptoms.bugchecks
            ),
            known=bugcheck is not None,
        )
    if symptoms.processes:
        names = {image_stem(name) for name in symptoms.processes}
        process = incident.process
        yield _any([process is not None and image_stem(process.name) in names], known=process is not None)
    if symptoms.faulting:
        blamed = {image_stem(incident.faulting_module)} if incident.faulting_module else set()
        yield _any((image_stem(item.module) in blamed for item in symptoms.faulting), known=bool(blamed))
    if symptoms.stacks:
        shown = {function_name(frame.function) for frame in incident.stack if frame.function}
        yield _any(
            (all(symbol_names(symbol)[1] in shown for symbol in stack) for stack in symptoms.stacks), known=bool(shown)
        )
    if symptoms.modules:
        loaded = {image_stem(module.name) for module in (*evidence.modules, *incident.modules)}
        wanted = (image_stem(name) for name in symptoms.modules)
        yield _any((name in loaded for name in wanted), known=bool(loaded))
    if symptoms.events:
        yield _any(
            (
                event is not None
                and item.id in {None, event.id}
                and (item.source is None or source_name(item.source) == source_name(event.source or ""))
                for item in symptoms.events
            ),
            known=event is not None,
        )
    if symptoms.words or symptoms.messages:
        texts = [*symptoms.words, *symptoms.messages]
        yield _any((_said(text, keys) for text in texts), known=any(key.startswith("word:") for key in keys))


def _any(verdicts: Iterable[bool], *, known: bool) -> Verdict:
    if any(verdicts):
        return "met"
    return "not met" if known else "unknown"


def _said(text: str, keys: set[str]) -> bool:
    return all(
        f"{token.kind}:{stem(token.value) if token.kind == 'word' else token.value}" in keys for token in tokens(text)
    )
