"""Facts of an incident with their weights, and the rules that could describe it.

Rarest facts come first and a budget bounds the work, so that cost hardly grows with the number of rules.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from triage.engine.similarity import SHORT_NAME, nearest
from triage.facts import Fact
from triage.knowledge.pack import FactRow, Pack

POSTINGS: Final = 12_000
"""Entries of rule lists read for one incident."""

CANDIDATES: Final = 48
"""Rules that are scored in full."""

MAX_NEAREST: Final = 12
"""Unknown names of one incident that are looked for by likeness."""

MIN_NEAREST: Final = 5
"""Shortest name looked for by likeness."""


class WeightedFact(Struct, frozen=True):
    """A fact with its number in the pack (None: no rule has it), weight in bits, and likeness to the rules' name."""

    fact: Fact
    number: int | None
    weight: float
    similarity: float = 1.0


def weigh(facts: Iterable[Fact], pack: Pack) -> list[WeightedFact]:
    """Each fact with the weight that its rarity and its kind give it. A name that no rule has is replaced by the one
    most like it; a message word that rules have in their prose only counts as such."""
    facts = list(facts)
    rows = pack.facts({fact.key for fact in facts} | {f"prose:{fact.value}" for fact in facts if fact.kind == "word"})
    weighted: list[WeightedFact] = []
    budget = MAX_NEAREST
    for fact in facts:
        row = rows.get(fact.key)
        if row is None and fact.kind == "word" and f"prose:{fact.value}" in rows:
            in_prose = Fact("prose", fact.value, fact.lines, fact.share)
            weighted.append(_weighted(in_prose, rows[in_prose.key], 1.0, pack))
        elif row is None and budget and _may_be_mistyped(fact):
            budget -= 1
            weighted.append(_weighted(*_nearest(fact, pack), pack))
        else:
            weighted.append(_weighted(fact, row, 1.0, pack))
    return weighted


def _may_be_mistyped(fact: Fact) -> bool:
    return len(fact.value) >= MIN_NEAREST and (fact.value.isalpha() or SHORT_NAME in fact.value)


def _nearest(fact: Fact, pack: Pack) -> tuple[Fact, FactRow | None, float]:
    like = nearest(fact.kind, fact.value, pack.names_like(fact.kind, fact.value))
    if like is None:
        return fact, None, 1.0
    corrected = Fact(fact.kind, like[0], fact.lines, fact.share)
    row = pack.facts([corrected.key]).get(corrected.key)
    return (corrected, row, like[1]) if row is not None else (fact, None, 1.0)


def _weighted(fact: Fact, row: FactRow | None, similarity: float, pack: Pack) -> WeightedFact:
    weights = pack.weights
    if row is None:
        share = weights.unknown.get(fact.kind, 0.0)
        return WeightedFact(fact, None, share * pack.size.bit_length() * fact.share)
    scale = weights.kinds.get(fact.kind, 1.0)
    return WeightedFact(fact, row.number, row.weight / 1000 * scale * fact.share * similarity, similarity)


def candidates(weighted: list[WeightedFact], pack: Pack) -> list[int]:
    """Numbers of the rules that share most weight with the incident, best first."""
    known = sorted(
        (item for item in weighted if item.number is not None), key=lambda item: (-item.weight, item.fact.key)
    )
    sums: defaultdict[int, float] = defaultdict(float)
    budget = POSTINGS
    for item in known:
        if item.number is None or item.weight <= 0:
            continue
        rules = pack.rules_with(item.number)
        if len(rules) > budget:
            continue
        budget -= len(rules)
        for rule in rules:
            sums[rule] += item.weight
    return sorted(sums, key=lambda rule: (-sums[rule], rule))[:CANDIDATES]
