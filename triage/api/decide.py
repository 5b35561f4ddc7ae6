"""What would decide between two findings that stand close: facts that one article has and the other has not.

Only what the source does not show is worth asking for, and only a command that shows it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from triage.engine import Match
from triage.facts.names import image_stem, symbol_names
from triage.model.evidence import Evidence, Incident
from triage.model.report import NextStep
from triage.model.rule import Rule
from triage.text.lazy import regex

CLOSE: Final = 0.5
"""A finding whose confidence is at least this part of the first one's is a rival."""

MAX_STEPS: Final = 3

_PLAIN = regex(r"[a-z0-9_.~-]{1,64}")
"""What may stand in a command that somebody will paste; names come from rules, which anyone may write."""


def deciding(matches: Sequence[Match], evidence: Evidence) -> tuple[NextStep, ...]:
    """At most three commands that part the first finding from its nearest rival of the same incident."""
    if not matches:
        return ()
    first = matches[0]
    rivals = (match for match in matches[1:] if match.incident == first.incident)
    rival = next((match for match in rivals if match.confidence >= CLOSE * first.confidence), None)
    if rival is None or evidence.incidents[first.incident].kind == "prose":
        return ()
    incident = evidence.incidents[first.incident]
    found = [
        *_between(first.rule, rival.rule, evidence, incident),
        *_between(rival.rule, first.rule, evidence, incident),
    ]
    by_command = {step.command: step for step in reversed(found)}
    return tuple(step for step in found if by_command[step.command] is step)[:MAX_STEPS]


def _between(rule: Rule, other: Rule, evidence: Evidence, incident: Incident) -> Iterator[NextStep]:
    """What speaks for `rule` and not for `other`."""
    known = {image_stem(module.name): module.version for module in evidence.modules}
    others = {image_stem(file.name) for file in other.fix.files}
    for file in rule.fix.files:
        stem = image_stem(file.name)
        if file.version and stem not in others and known.get(stem) is None and _PLAIN.fullmatch(stem):
            yield NextStep(command=f"lmvm {stem}", shows=f"a version below {file.version} speaks for {rule.id}")
            break
    if not evidence.modules:
        loaded = {image_stem(name) for name in other.symptoms.modules}
        for name in rule.symptoms.modules:
            if image_stem(name) not in loaded and _PLAIN.fullmatch(name):
                yield NextStep(command=f"lm m {image_stem(name)}", shows=f"{name} loaded speaks for {rule.id}")
                break
    if not incident.stack and incident.event is None:
        functions = {symbol_names(symbol)[1] for stack in other.symptoms.stacks for symbol in stack}
        for symbol in (symbol for stack in rule.symptoms.stacks for symbol in stack):
            if symbol_names(symbol)[1] not in functions:
                yield NextStep(command="kv", shows=f"{symbol} on the stack speaks for {rule.id}")
                break
