"""How well a rule describes an incident: evidence explained, symptoms present."""

from collections.abc import Mapping, Sequence
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


Known = tuple[WeightedFact, int | None, int | None, float, float]
"""A fact of the incident that some rule has, its number, its number as a word of a description, and what it adds as
each of them to a unit that has it. A plain tuple: every rule asks for every one of them, and these unpack fastest."""


class Shown(Struct, frozen=True):
    """An incident's facts, ready to be compared with many rules; `cut` says that the incident's text breaks off.

    `names` are the stems of its words that no rule prints.
    """

    weighted: tuple[WeightedFact, ...]
    total: float
    known: tuple[Known, ...]
    cut: bool = False
    names: frozenset[str] = frozenset()
    owned: dict[frozenset[FactKind], tuple[tuple[WeightedFact, ...], float]] = field(default_factory=dict)
    grouped: dict[FactKind, list[WeightedFact]] = field(default_factory=dict)

    def own(self, kinds: frozenset[FactKind]) -> tuple[tuple[WeightedFact, ...], float]:
        """The facts of these kinds that are the incident's own, and their weight: the same for every rule."""
        found = self.owned.get(kinds)
        if found is None:
            items = tuple(item for item in self.weighted if item.fact.kind in kinds and item.fact.share >= OWN)
            found = self.owned[kinds] = items, sum(item.weight for item in items)
        return found

    def own_kinds(self) -> Mapping[FactKind, Sequence[WeightedFact]]:
        """The facts that weigh anything and are the incident's own, by their kinds: the same for every rule."""
        if not self.grouped:
            for item in self.weighted:
                if item.fact.share >= OWN and item.weight:
                    self.grouped.setdefault(item.fact.kind, []).append(item)
        return self.grouped


def shown(weighted: Sequence[WeightedFact], *, cut: bool = False) -> Shown:
    """Make the incident's facts ready: of several that were taken for the same one, the last adds to the units."""
    known: list[Known] = []
    names = frozenset(item.fact.value for item in weighted if item.number is None and item.fact.kind == "word")
    taken: set[int | None] = {None}
    for item in reversed(weighted):
        if item.number is not None or item.prose is not None:
            part = 0.0 if item.number in taken else item.millibits * item.similarity
            prose_part = 0.0 if item.prose in taken else item.prose_millibits * item.similarity
            known.append((item, item.number, item.prose, part, prose_part))
            taken |= {item.number, item.prose}
    return Shown(tuple(weighted), sum(item.weight for item in weighted), tuple(reversed(known)), cut, names)


def score(incident: Shown, rule: RuleFacts, weights: Weights) -> Score:
    """Compare one incident with one rule.

    Of two rules that print the same message, the one that prints nothing else is the closer one: that is what the whole
    evidence counts for beside the best unit.
    """
    matched, bits, seen = _matched(incident, rule)
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


def _matched(incident: Shown, rule: RuleFacts) -> tuple[list[WeightedFact], float, list[float]]:
    """The incident's facts that the rule has, their weight, and what of each unit they show; a word that only the
    rule's prose has counts as prose."""
    where = rule.where
    matched: list[WeightedFact] = []
    bits = 0.0
    seen = [0.0] * len(rule.ends)
    for item, number, prose, part, prose_part in incident.known:
        if number in where:
            matched.append(item)
            bits += item.weight
            for unit in where[number]:
                seen[unit] += part
        elif prose in where:
            matched.append(item)
            bits += item.prose_weight
        if prose in where:
            for unit in where[prose]:
                seen[unit] += prose_part
    return matched, bits, seen


def _best_unit(seen: Sequence[float], totals: Sequence[int]) -> tuple[int, float]:
    """The unit of which most is there, large units before small ones, and the share of it that is there."""
    best, share, most = -1, 0.0, 0.0
    for position, part in enumerate(seen):
        if part and part * (its := _share(part, totals[position])) > most:
            best, share, most = position, its, part * its
    return best, share


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
