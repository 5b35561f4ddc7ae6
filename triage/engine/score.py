"""How well a rule describes an incident: evidence explained, symptoms present."""

from collections.abc import Sequence

from msgspec import Struct

from triage.engine.candidates import WeightedFact
from triage.knowledge.pack import UnitFacts
from triage.model.weights import Weights


class Score(Struct, frozen=True, kw_only=True):
    """How well a rule describes an incident.

    `forward`: share of the incident's weight that the rule explains. `backward`: share of the best unit's weight that
    the incident shows. `bits`: weight of what they share. `value` orders the findings.
    """

    value: float
    forward: float
    backward: float
    bits: float
    unit: int
    matched: tuple[WeightedFact, ...]


class Shown(Struct, frozen=True):
    """An incident's facts, ready to be compared with many rules."""

    weighted: tuple[WeightedFact, ...]
    total: float
    by_number: dict[int, float]
    """Fact number to the similarity with which the incident shows it."""


def shown(weighted: Sequence[WeightedFact]) -> Shown:
    """Index the incident's facts by their numbers."""
    by_number = {item.number: item.similarity for item in weighted if item.number is not None}
    return Shown(tuple(weighted), sum(item.weight for item in weighted), by_number)


def score(incident: Shown, units: Sequence[UnitFacts], weights: Weights) -> Score:
    """Compare one incident with one rule."""
    in_rule = {fact for unit in units for fact in unit.facts}
    matched = tuple(item for item in incident.weighted if item.number in in_rule)
    bits = sum(item.weight for item in matched)
    forward = bits / incident.total if incident.total else 0.0
    best, backward, best_bits = -1, 0.0, 0.0
    for index, unit in enumerate(units):
        seen, total = _coverage(unit, incident.by_number, weights.kinds)
        if seen * _share(seen, total) > best_bits * backward:
            best, backward, best_bits = index, _share(seen, total), seen
    value = bits * (forward * backward) ** 0.5
    return Score(value=value, forward=forward, backward=backward, bits=bits, unit=best, matched=matched)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _coverage(unit: UnitFacts, by_number: dict[int, float], kinds: dict[str, float]) -> tuple[float, float]:
    """Bits of the unit that the incident shows, and bits of the whole unit."""
    seen = total = 0.0
    for fact, weight, kind in zip(unit.facts, unit.weights, unit.kinds, strict=True):
        bits = weight / 1000 * kinds.get(kind, 1.0)
        total += bits
        similarity = by_number.get(fact)
        if similarity is not None:
            seen += bits * similarity
    return seen, total
