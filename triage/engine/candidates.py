"""Facts of an incident with their weights, and the rules that could describe it.

Rarest facts come first and a budget bounds the work, so that cost hardly grows with the number of rules.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from triage.engine.heaviest import heaviest
from triage.engine.similarity import SHORT_NAME, nearest
from triage.facts import Fact
from triage.knowledge.pack import FactRow, Pack

POSTINGS: Final = 4_000
"""Entries of rule lists read for one incident."""

CANDIDATES: Final = 32
"""Rules that are scored in full."""

MAX_NEAREST: Final = 12
"""Unknown names of one incident that are looked for by likeness."""

MIN_NEAREST: Final = 5
"""Shortest name looked for by likeness."""


class WeightedFact(Struct, frozen=True, gc=False):
    """A fact of the incident as the pack knows it.

    `number` is its number there (None: no rule has it), `weight` its weight in bits, `similarity` how like it is to
    the rules' name; `rules` of them have it, and `millibits` is what it weighs there. `prose`, `prose_weight` and so on
    say the same of a message word as a word of a rule's description.
    """

    fact: Fact
    number: int | None
    weight: float
    similarity: float = 1.0
    prose: int | None = None
    prose_weight: float = 0.0
    rules: int = 0
    prose_rules: int = 0
    millibits: int = 0
    prose_millibits: int = 0


def weigh(facts: Iterable[Fact], pack: Pack) -> list[WeightedFact]:
    """Each fact with the weight that its rarity and its kind give it; an unknown name becomes the one most like it."""
    keyed = [(fact, fact.key, _in_prose(fact) if fact.kind == "word" else None) for fact in facts]
    keys = {key for _, key, _ in keyed}
    rows = pack.facts(keys | {key for _, _, key in keyed if key is not None})
    weighted: list[WeightedFact] = []
    budget = MAX_NEAREST
    for fact, key, in_prose in keyed:
        row = rows.get(key)
        prose = None if in_prose is None else rows.get(in_prose)
        if row is None and prose is None and budget and _may_be_mistyped(fact):
            budget -= 1
            weighted.append(_nearest(fact, pack, keys))
        else:
            weighted.append(_weighted(fact, row, prose, 1.0, pack))
    return weighted


def _in_prose(fact: Fact) -> str:
    return f"prose:{fact.value}"


def _may_be_mistyped(fact: Fact) -> bool:
    return len(fact.value) >= MIN_NEAREST and (fact.value.isalpha() or SHORT_NAME in fact.value)


def _nearest(fact: Fact, pack: Pack, shown: set[str]) -> WeightedFact:
    """The fact as the known name most like it, unless the incident shows that name as well: then it is another."""
    like = nearest(fact.kind, fact.value, pack.names_like(fact.kind, fact.value))
    corrected = fact if like is None else Fact(fact.kind, like[0], fact.lines, fact.share)
    if like is None or corrected.key in shown:
        return _weighted(fact, None, None, 1.0, pack)
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
        0 if row is None else row.rules,
        0 if prose is None else prose.rules,
        0 if row is None else row.weight,
        0 if prose is None else prose.weight,
    )


def _bits(row: FactRow, fact: Fact, similarity: float) -> float:
    return row.weight / 1000 * fact.share * similarity


class _List(NamedTuple):
    """The list of the rules that have a fact of the incident, not yet read."""

    weight: float
    fact: int


def candidates(weighted: Sequence[WeightedFact], pack: Pack) -> list[int]:
    """Numbers of the rules that share most weight with the incident, ascending.

    Rules with conditions of their own come along, behind the others, wherever they share anything: whether they
    apply is decided by those, and one code may be all that they ask for.
    """
    lists = _lists(weighted, pack, POSTINGS)
    sets = pack.sets_of([one.fact for one in lists])
    best = heaviest([(one.weight, sets.get(one.fact, 0)) for one in lists], CANDIDATES)
    conditional = {rule for one in lists for rule in pack.conditional_with.get(one.fact, ())}
    return [*best, *sorted(conditional.difference(best))]


def _lists(weighted: Sequence[WeightedFact], pack: Pack, budget: int) -> list[_List]:
    """The lists to read, heaviest first, of `budget` entries at most."""
    known = [(-item.weight, item.number, item.rules) for item in weighted if item.number is not None]
    known += [
        (-item.prose_weight, item.prose, item.prose_rules)
        for item in weighted
        if item.number is None and item.prose is not None
    ]
    known.sort()
    lists: list[_List] = []
    for weight, fact, rules in known:
        if weight < 0 and rules <= min(budget, pack.most_listed):
            budget -= rules
            lists.append(_List(-weight, fact))
    return lists
