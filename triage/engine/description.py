"""Rules by what a person tells of a fault, be that a description alone or what stands beside logs.

Nothing is quoted there, so single words decide: how much of the text's weight a rule has, and how much of the rule's
words the text has. The longer a text, the more words of any article it has by chance, and the more the second counts.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Final

from msgspec import Struct

from triage.engine.candidates import MAX_NEAREST, MIN_NEAREST, WeightedFact
from triage.engine.heaviest import Sums, members
from triage.engine.score import Score
from triage.engine.similarity import nearest
from triage.engine.synonyms import Meant
from triage.facts import Fact
from triage.facts.fact import FactKind
from triage.facts.rule import product_words
from triage.knowledge.pack import FactRow, Pack, RuleFacts
from triage.model.rule import Rule
from triage.model.weights import Told

WORDS: Final[frozenset[FactKind]] = frozenset({"prose", "meant"})
KINDS: Final[tuple[FactKind, ...]] = ("told", "title")
"""A word that a description says or means, and what it may be to a rule."""

POSTINGS: Final = 400_000
"""Entries of rule lists read for one description: words are common, and a description is asked for once."""

SPOKEN_SHARE: Final = 0.1
"""Least part that a person's own rows have in what speaks for a rule: one to which the rows of a log alone lead is
nobody's, and must not stand between the others when it is asked how far they are apart."""

CANDIDATES: Final = 96
"""Rules that are scored in full."""


class Weighed(Struct, frozen=True, gc=False):
    """A fact with its numbers, weights (in bits) and how many rules have it in the pack.

    `similarity` is how like it is to what was said, `meant` whether it is not said itself; of several facts with the
    same `said`, a rule gains by the heaviest alone: one word means one thing.
    """

    fact: Fact
    said: str
    similarity: float
    found: tuple[tuple[int, float, int], ...]
    meant: bool = False


class Description(Struct, frozen=True, dict=True):
    """The facts of a description as the pack knows them.

    `shares` is by fact number how much of a fact counts, in (0, 1]; `words` how many words some rule has, `total` the
    weight of all that is said in bits, `facts` what is said and what is meant by it.
    """

    facts: tuple[Weighed, ...]
    shares: dict[int, float]
    total: float
    words: int

    @cached_property
    def groups(self) -> tuple[tuple[Weighed, ...], ...]:
        """The facts by what is said, in its order."""
        groups: dict[str, list[Weighed]] = {}
        for weighed in self.facts:
            groups.setdefault(weighed.said, []).append(weighed)
        return tuple(map(tuple, groups.values()))

    @cached_property
    def places(self) -> dict[int, list[tuple[int, Weighed, float]]]:
        """By number the facts that have it, each with the place of its group and the number's weight in bits."""
        places: dict[int, list[tuple[int, Weighed, float]]] = {}
        for place, group in enumerate(self.groups):
            for item in group:
                for number, bits, _ in item.found:
                    places.setdefault(number, []).append((place, item, bits))
        return places


def weigh_description(facts: Sequence[Fact], pack: Pack, meant: Sequence[Meant] = ()) -> Description:
    """Each word as what it may be to a rule; an unknown one becomes the known word most like it.

    `meant` are words that are not among the facts, but that may be meant by what is said.
    """
    rows = pack.facts({key for fact in facts for key in _keys(fact)})
    # A code of an exception is one thing, though an article may name it in its messages as well.
    facts = [fact for fact in facts if fact.kind != "code" or f"exception:{fact.value}" not in rows]
    budget = MAX_NEAREST
    said: dict[str, Weighed] = {}  # by key: two misspellings of a word are one word
    for told in facts:
        fact, similarity = told, 1.0
        found = _found(fact, rows)
        if not found and budget and fact.kind == "prose" and fact.value.isalpha() and len(fact.value) >= MIN_NEAREST:
            budget -= 1
            like = nearest("prose", fact.value, pack.names_like("told", fact.value))
            if like is not None:
                fact, similarity = Fact("prose", like[0], fact.lines, fact.share), like[1]
                found = _found(fact, pack.facts(_keys(fact)))
        before = said.get(fact.key)
        if before is None or before.fact.share * before.similarity < fact.share * similarity:
            said[fact.key] = _weighed(fact, fact.value if fact.kind in WORDS else fact.key, similarity, found)
    weighed = list(said.values())
    words = sum(item.fact.kind == "prose" and bool(item.found) for item in weighed)
    total = sum(weight for item in weighed for _, weight, _ in item.found)
    themselves = {item.fact.value for item in weighed if item.found}
    known = pack.facts({key for item in meant for key in _keys(item.fact)})
    for item in meant:
        found = _found(item.fact, known)
        if found and item.fact.value not in themselves:
            weighed.append(_weighed(item.fact, item.said, 1.0, found, meant=True))
    shares: dict[int, float] = {}
    for one in weighed:
        for number, _, _ in one.found:
            shares[number] = max(one.fact.share * one.similarity, shares.get(number, 0.0))
    return Description(tuple(weighed), shares, total, words)


def _weighed(fact: Fact, said: str, similarity: float, rows: Sequence[FactRow], *, meant: bool = False) -> Weighed:
    part = fact.share * similarity
    return Weighed(
        fact, said, similarity, tuple((row.number, part * row.weight / 1000, row.rules) for row in rows), meant
    )


def _keys(fact: Fact) -> Iterator[str]:
    if fact.kind in WORDS:
        yield from (f"{kind}:{fact.value}" for kind in KINDS)
    else:
        yield fact.key


def _found(fact: Fact, rows: Mapping[str, FactRow]) -> list[FactRow]:
    return [rows[key] for key in _keys(fact) if key in rows]


def describing(description: Description, pack: Pack, spoken: frozenset[int] | None = None) -> list[tuple[int, Score]]:
    """The rules that have most of the description's words, with their scores, best first.

    `spoken` are the lines that a person wrote, where others stand between them; None where all are.
    """
    power = _power(description.words, pack.weights.told)
    numbers = _candidates(description, power, pack)
    gains = _gains(description, pack.rules_at(numbers), pack.weights.told)
    results = [
        (number, _score(description, rule, told, power, gain))
        for number, rule, told, gain in zip(numbers, pack.facts_of(numbers), pack.told_of(numbers), gains, strict=True)
    ]
    if spoken is not None:
        results = [item for item in results if _is_told(item[1], spoken)]
    return sorted(results, key=lambda item: (-item[1].value, item[0]))


def _is_told(score: Score, spoken: frozenset[int]) -> bool:
    """Whether a person's words speak for a rule, and not only what stands around them."""
    # What a nickname means stands nowhere.
    placed = [(item.fact.lines[0], item.weight) for item in score.matched if item.fact.lines[0]]
    theirs = sum(weight for line, weight in placed if line in spoken)
    return theirs >= SPOKEN_SHARE * sum(weight for _, weight in placed)


def _power(words: int, told: Told) -> float:
    return min(told.most, max(told.least, words / told.words))


def _candidates(description: Description, power: float, pack: Pack) -> list[int]:
    """The rules worth scoring; those with conditions of their own come along.

    Among rules of which the words weigh the same, those gain most that have most of the description's weight: so the
    best of each size are found for all at once, and only those are compared by what they are worth.
    """
    sets = _sets_within_budget(description, pack)
    sums = Sums([weighed for group in description.groups for weighed in _disjoint(group, sets)])
    best = members(
        reduce(or_, (sums.most(alike & sums.rules, CANDIDATES) for alike in pack.told_alike), 0),
    )
    worth = zip(sums.of(best), pack.told_totals(best), best, strict=True)
    chosen = [
        rule
        for _, rule in heapq.nsmallest(
            CANDIDATES, ((-_value(bits, total / 1000, power), rule) for bits, total, rule in worth)
        )
    ]
    known = {number for item in description.facts for number, weight, _ in item.found if weight > 0}
    conditional = {rule for number in known for rule in pack.conditional_with.get(number, ())}
    return [*chosen, *sorted(conditional.difference(chosen))]


def _sets_within_budget(description: Description, pack: Pack) -> dict[int, int]:
    """The sets of rules that are read, by fact: those of the heaviest facts first."""
    budget = POSTINGS
    read: list[int] = []
    known = {number: (-weight, rules) for item in description.facts for number, weight, rules in item.found if weight}
    for number, (_, rules) in sorted(known.items(), key=lambda item: (item[1][0], item[0])):
        if rules <= min(budget, pack.most_listed):
            budget -= rules
            read.append(number)
    return pack.sets_of(read)


def _disjoint(group: Sequence[Weighed], sets: Mapping[int, int]) -> Iterator[tuple[float, int]]:
    """The sets of a group's facts with their weights; a rule of several is in those of the heaviest alone."""
    earlier = 0
    for item in sorted(group, key=lambda one: -sum(weight for _, weight, _ in one.found)):
        its = 0
        for number, weight, _ in item.found:
            rules = sets.get(number, 0)
            its |= rules
            yield weight, rules & ~earlier
        earlier |= its


def _value(bits: float, total: float, power: float) -> float:
    return bits * min(1.0, bits / total) ** power if total else 0.0


def _gains(description: Description, rules: Sequence[Rule], told: Told) -> Iterator[float]:
    """What each rule gains as a factor because the description names a product that it applies to, and because it is
    about a fault.

    Few say the product in full, and the words are common; but who names one product does not ask about another.
    """
    said = {item.fact.value for item in description.facts if not item.meant}
    for rule in rules:
        parts = (len(words & said) / len(words) for words in product_words(rule) if words)
        fault = told.confirmed * rule.fix.confirmed + told.fixed * bool(rule.fix.service_packs)
        yield (1.0 + told.product * max(parts, default=0.0)) * (1.0 + fault)


def _score(description: Description, rule: RuleFacts, told: Mapping[int, int], power: float, gain: float) -> Score:
    shares = description.shares
    hits = sorted(shares.keys() & {*rule.facts, *told})
    matched = _matched(description, hits)
    bits = sum(item.weight for item in matched)
    # A code or an article's id is no word; a rule that has it has been told as far as that goes.
    named = sum(
        bits for number in hits if number not in told for _, item, bits in description.places[number] if not item.meant
    )
    total = sum(told.values()) / 1000 + named
    words = sum(shares[fact] * told[fact] for fact in hits if fact in told) / 1000
    covered = (words + named) / total if total else 0.0
    return Score(
        value=bits * covered**power * gain,
        forward=min(1.0, bits / description.total) if description.total else 0.0,
        backward=covered,
        whole=covered,
        bits=bits,
        unit=-1,
        matched=matched,
    )


def _matched(description: Description, hits: Sequence[int]) -> tuple[WeightedFact, ...]:
    """What a rule with these facts has of a description: of each thing said the heaviest, in the order of the facts."""
    found: dict[int, dict[str, WeightedFact]] = {}
    for number in hits:
        for place, item, bits in description.places[number]:
            its = found.setdefault(place, {})
            before = its.get(item.fact.key)
            weight = bits if before is None else before.weight + bits
            its[item.fact.key] = WeightedFact(item.fact, number, weight, item.similarity)
    return tuple(max(found[place].values(), key=lambda item: item.weight) for place in sorted(found))
