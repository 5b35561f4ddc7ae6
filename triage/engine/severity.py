"""Which incidents matter: an event that says that all is well is seldom what somebody looks for.

Learnt from what events say (type, outcome), not from a list of events: the words are data in rules/weights.
"""

from functools import lru_cache
from typing import Final

from triage.facts.words import stem, tokens
from triage.model.evidence import Event, Incident
from triage.model.weights import Outcome

FULL: Final = 1.0
ENDS: Final = frozenset(".!?)]}>\"'0123456789")


def severity(incident: Incident, outcome: Outcome) -> float:
    """How much of the incident's evidence counts, in (0, 1]; what names an exception or a stop code counts fully."""
    event = incident.event
    if event is None or incident.exception is not None or incident.bugcheck is not None:
        return FULL
    base = _base(event, outcome)
    said = _said(event.text)
    if not said.isdisjoint(outcome.alarm):
        return max(base, outcome.alarmed)
    return base if said.isdisjoint(outcome.calm) else base * outcome.calmed


@lru_cache(maxsize=16)
def _said(text: str) -> frozenset[str]:
    """The stems of a description: it is asked once for the score of an incident and once for each finding."""
    return frozenset([stem(token.value) for token in tokens(text) if token.kind == "word"])


def is_harmless(incident: Incident, outcome: Outcome) -> bool:
    """Whether the incident is an event that nobody needs to mend: by its type, and by what it says, all went well.

    Somebody may ask for an article about it all the same, so it is still a finding, but not a loud one.
    """
    event = incident.event
    quietest = min(outcome.types.values()) * outcome.calmed
    # Most events are of a type that is not quiet, whatever they say; to look at what they say costs more.
    quiet = event is not None and _base(event, outcome) * outcome.calmed <= quietest
    return quiet and severity(incident, outcome) <= quietest


def _base(event: Event, outcome: Outcome) -> float:
    """What the type alone says."""
    return outcome.types.get(event.type or "none", FULL)


def breaks_off(incident: Incident) -> bool:
    """Whether the incident's message seems to be cut: what it does not say of a rule's message then tells little.

    A description that is whole mostly ends a sentence, a value or a bracket; "Unable to initialize the" does not.
    """
    event = incident.event
    text = (event.text if event is not None else incident.messages[-1].text if incident.messages else "").rstrip(
        " \n,;"
    )
    return bool(text) and (text[-1] not in ENDS or text.count("(") > text.count(")"))
