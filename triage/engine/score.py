"""How well a rule describes an incident: evidence explained, symptoms present."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from triage.engine.candidates import WeightedFact
from triage.facts.fact import FactKind
from triage.knowledge.pack import RuleFacts
from triage.model.weights import Weights

LATEST: Final = 3
"""Position from which on all units count as late. What an article quotes first is its subject; what it quotes later is
often something else that happens to be seen with it."""


OWN: Final = 0.5
"""Least share of a fact that is the incident's own: the modules of the start-up list are not."""


class Score(Struct, frozen=True, kw_only=True, gc=False):
    """How well a rule describes an incident.

    `forward`: share of the incident's weight that the rule explains. `backward`: share of the best unit's weight that
    the incident shows. `whole`: share of all units but prose. `bits`: weight of what they share. `unit` is the best
    unit's position. `value` orders the findings.
    """

    value: float
    forward: float
    backward: float
    whole: float
    bits: float
    unit: int
    matched: tuple[WeightedFact, ...]


class Shown(Struct, frozen=True):
    """An incident's facts, ready to be compared with many rules.

    `similarity` is by fact number, and so are `places`, the positions of the facts in `weighted`; `cut` says that the
    incident's text breaks off.
    """

    weighted: tuple[WeightedFact, ...]
    total: float
    similarity: dict[int, float]
    places: dict[int, tuple[int, ...]]
    cut: bool = False
    known: dict[frozenset[FactKind], tuple[tuple[WeightedFact, ...], float]] = field(default_factory=dict)

    def own(self, kinds: frozenset[FactKind]) -> tuple[tuple[WeightedFact, ...], float]:
        """The facts of these kinds that are the incident's own, and their weight: the same for every rule."""
        found = self.known.get(kinds)
        if found is None:
            items = tuple(item for item in self.weighted if item.fact.kind in kinds and item.fact.share >= OWN)
            found = self.known[kinds] = items, sum(item.weight for item in items)
        return found


def shown(weighted: Sequence[WeightedFact], *, cut: bool = False) -> Shown:
    """Index the incident's facts by their numbers."""
    similarity: dict[int, float] = {}
    places: dict[int, tuple[int, ...]] = {}
    for position, item in enumerate(weighted):
        for number in (item.prose, item.number):
            if number is not None:
                similarity[number] = item.similarity
                places[number] = (*places.get(number, ()), position)
    return Shown(tuple(weighted), sum(item.weight for item in weighted), similarity, places, cut)


def score(incident: Shown, rule: RuleFacts, weights: Weights) -> Score:
    """Compare one incident with one rule.

    Of two rules that print the same message, the one that prints nothing else is the closer one: that is what the whole
    evidence counts for beside the best unit.
    """
    similarity, facts, parts, ends = incident.similarity, rule.facts, rule.weights, rule.ends
    seen = [0.0] * len(ends)
    unit, end = -1, 0
    in_rule: set[int] = set()
    for position, fact in enumerate(facts):
        if fact in similarity:
            while position >= end:
                unit += 1
                end = ends[unit]
            in_rule.add(fact)
            seen[unit] += parts[position] * similarity[fact]
    matched, bits = _matched(incident, in_rule)
    forward = _share(bits, incident.total)
    best, backward = _best_unit(seen, rule.totals)
    printed = len(seen) - (rule.units[-1:] == ("prose",))
    whole = _share(sum(seen[:printed]), sum(rule.totals[:printed]))
    value = (
        bits
        * forward**weights.forward_exponent
        * backward ** (weights.cut_exponent if incident.cut else weights.backward_exponent)
        * (1.0 - weights.whole_share + weights.whole_share * whole)
        * (1.0 - weights.later_share * min(max(best, 0), LATEST) / LATEST)
    )
    return Score(
        value=value, forward=forward, backward=backward, whole=whole, bits=bits, unit=best, matched=tuple(matched)
    )


def _matched(incident: Shown, in_rule: set[int]) -> tuple[list[WeightedFact], float]:
    """The incident's facts that the rule has, and their weight; a word that only its prose has counts as prose."""
    matched: list[WeightedFact] = []
    bits = 0.0
    places = incident.places
    for position in sorted({position for number in in_rule for position in places[number]}):
        item = incident.weighted[position]
        matched.append(item)
        bits += item.weight if item.number in in_rule else item.prose_weight
    return matched, bits


def _best_unit(seen: Sequence[float], totals: Sequence[int]) -> tuple[int, float]:
    """The unit of which most is there, large units before small ones, and the share of it that is there."""
    best, share, most = -1, 0.0, 0.0
    for position, (part, total) in enumerate(zip(seen, totals, strict=True)):
        if part and part * _share(part, total) > most:
            best, share = position, _share(part, total)
            most = part * share
    return best, share


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
