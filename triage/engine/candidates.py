"""Facts of an incident with their weights, and the rules that could describe it.

Rarest facts come first and a budget bounds the work, so that cost hardly grows with the number of rules.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from triage.engine.similarity import SHORT_NAME, nearest
from triage.facts import Fact
from triage.knowledge.pack import FactRow, Pack

POSTINGS: Final = 8_000
"""Entries of rule lists read for one incident."""

CANDIDATES: Final = 32
"""Rules that are scored in full."""

MAX_NEAREST: Final = 12
"""Unknown names of one incident that are looked for by likeness."""

MIN_NEAREST: Final = 5
"""Shortest name looked for by likeness."""


class WeightedFact(Struct, frozen=True):
    """A fact of the incident as the pack knows it.

    `number` is its number there (None: no rule has it), `weight` its weight in bits, `similarity` how like it is to
    the rules' name. `prose` and `prose_weight` say the same of a message word as a word of a rule's description.
    """

    fact: Fact
    number: int | None
    weight: float
    similarity: float = 1.0
    prose: int | None = None
    prose_weight: float = 0.0


def weigh(facts: Iterable[Fact], pack: Pack) -> list[WeightedFact]:
    """Each fact with the weight that its rarity and its kind give it; an unknown name becomes the one most like it."""
    facts = list(facts)
    rows = pack.facts({fact.key for fact in facts} | {_in_prose(fact) for fact in facts if fact.kind == "word"})
    weighted: list[WeightedFact] = []
    budget = MAX_NEAREST
    for fact in facts:
        row = rows.get(fact.key)
        prose = rows.get(_in_prose(fact)) if fact.kind == "word" else None
        if row is None and prose is None and budget and _may_be_mistyped(fact):
            budget -= 1
            weighted.append(_nearest(fact, pack))
        else:
            weighted.append(_weighted(fact, row, prose, 1.0, pack))
    return weighted


def _in_prose(fact: Fact) -> str:
    return f"prose:{fact.value}"


def _may_be_mistyped(fact: Fact) -> bool:
    return len(fact.value) >= MIN_NEAREST and (fact.value.isalpha() or SHORT_NAME in fact.value)


def _nearest(fact: Fact, pack: Pack) -> WeightedFact:
    like = nearest(fact.kind, fact.value, pack.names_like(fact.kind, fact.value))
    if like is None:
        return _weighted(fact, None, None, 1.0, pack)
    corrected = Fact(fact.kind, like[0], fact.lines, fact.share)
    rows = pack.facts([corrected.key, _in_prose(corrected)])
    prose = rows.get(_in_prose(corrected)) if fact.kind == "word" else None
    return _weighted(corrected, rows.get(corrected.key), prose, like[1], pack)


def _weighted(fact: Fact, row: FactRow | None, prose: FactRow | None, similarity: float, pack: Pack) -> WeightedFact:
    weights = pack.weights
    if row is None and prose is None:
        share = weights.unknown.get(fact.kind, 0.0)
        return WeightedFact(fact, None, share * pack.size.bit_length() * fact.share)
    prose_weight = 0.0 if prose is None else _bits(prose, fact, similarity) * weights.prose_share
    return WeightedFact(
        fact,
        None if row is None else row.number,
        prose_weight if row is None else _bits(row, fact, similarity),
        similarity,
        None if prose is None else prose.number,
        prose_weight,
    )


def _bits(row: FactRow, fact: Fact, similarity: float) -> float:
    return row.weight / 1000 * fact.share * similarity


def candidates(weighted: Sequence[WeightedFact], pack: Pack) -> list[int]:
    """Numbers of the rules that share most weight with the incident, best first.

    Rules with conditions of their own come along wherever they share anything: whether they
    apply is decided by those, and one code may be all that they ask for.
    """
    known = [(item.weight, item.number) for item in weighted if item.number is not None]
    known += [(item.prose_weight, item.prose) for item in weighted if item.number is None and item.prose is not None]
    sums: defaultdict[int, float] = defaultdict(float)
    budget = POSTINGS
    for weight, number in sorted(known, key=lambda item: (-item[0], item[1])):
        rules = pack.rules_with(number) if weight > 0 else ()
        if len(rules) > budget:
            continue
        budget -= len(rules)
        for rule in rules:
            sums[rule] += weight
    best = heapq.nsmallest(CANDIDATES, [(-weight, rule) for rule, weight in sums.items()])
    chosen = [rule for _, rule in best]
    return [*chosen, *sorted((sums.keys() & pack.conditional).difference(chosen))]
