"""The best candidates of a source in the order that labelled logs teach.

The score tells which rules come into question; it looks at facts one by one. Which of them comes first is decided by
more: how the message goes with the template word by word, what speaks against the rule, the event's type and how often
it stands in the source. The sum of the features with their fitted coefficients is a log probability, up to a constant.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from triage.engine.alignment import Alignment, align, words_of
from triage.engine.era import is_younger
from triage.engine.explain import against
from triage.engine.features import order_features
from triage.engine.score import Score
from triage.facts import unit_texts
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence, Incident
from triage.model.rule import Rule

ORDERED: Final = 12
"""Candidates that are looked at closely."""


class Candidate(NamedTuple):
    """A rule with the incident of the source that it describes best; `support` is what further incidents add."""

    rule: int
    incident: int
    score: Score
    severity: float
    support: float


class Ordered(NamedTuple):
    """A candidate's place in the order, as a log probability, with what the confidence asks for."""

    place: float
    share: float
    alignment: Alignment | None


def order(candidates: Sequence[Candidate], evidence: Evidence, pack: Pack, year: int) -> list[Ordered]:
    """The places of the first `ORDERED` candidates, in the order in which they were given."""
    events = Counter((one.event.source, one.event.id) for one in evidence.incidents if one.event is not None)
    places: list[tuple[float, Alignment | None]] = []
    words: dict[int, tuple[str, list[str]]] = {}
    first = candidates[:ORDERED]
    for candidate, rule in zip(first, pack.rules_at([one.rule for one in first]), strict=True):
        incident = evidence.incidents[candidate.incident]
        text = words.get(candidate.incident)
        if text is None:
            printed = _printed(incident)
            text = words[candidate.incident] = (printed, words_of(printed))
        alignment = _alignment(rule, candidate.score.unit, *text)
        doubts = {item.kind for item in against(rule, incident, evidence, pack.products)}
        if is_younger(year, rule):
            doubts.add("year")
        event = incident.event
        features = order_features(
            candidate.score,
            incident,
            rule,
            alignment,
            severity=candidate.severity,
            support=candidate.support,
            repeated=event is not None and events[event.source, event.id] > 1,
            against=frozenset(doubts),
        )
        places.append((weighed(features, pack), alignment))
    highest = max((place for place, _ in places), default=0.0)
    total = sum(math.exp(place - highest) for place, _ in places)
    return [Ordered(place, math.exp(place - highest) / total, alignment) for place, alignment in places]


def weighed(features: dict[str, float], pack: Pack) -> float:
    """The sum of the features with their coefficients, to six digits on every machine."""
    return round(pack.weights.ranking.total(features), 6)


def _printed(incident: Incident) -> str:
    """What the failing program or the system printed of the incident."""
    event = incident.event
    said = [event.text] if event is not None and event.text else []
    return " ".join([*said, *(message.text for message in incident.messages)])


def _alignment(rule: Rule, unit: int, text: str, words: list[str]) -> Alignment | None:
    """The text beside the template of the unit that fits best; None where that is no message."""
    texts = unit_texts(rule)
    return align(text, words, texts[unit]) if 0 <= unit < len(texts) and texts[unit] else None
