"""Rules by what a person tells of a fault, be that a description alone or what stands beside logs.

Nothing is quoted there, so single words decide: how much of the text's weight a rule has, and how much of the rule's
words the text has. The longer a text, the more words of any article it has by chance, and the more the second counts.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from triage.engine.candidates import MAX_NEAREST, MIN_NEAREST, WeightedFact
from triage.engine.score import Score
from triage.engine.similarity import nearest
from triage.facts import Fact
from triage.facts.fact import FactKind
from triage.facts.rule import product_words
from triage.knowledge.pack import FactRow, Pack, RuleFacts
from triage.model.rule import Rule
from triage.model.weights import Told

KINDS: Final[tuple[FactKind, ...]] = ("told", "title")
"""What a word of a description may be to a rule."""

POSTINGS: Final = 400_000
"""Entries of rule lists read for one description: words are common, and a description is asked for once."""

SPOKEN_SHARE: Final = 0.1
"""Least part that a person's own rows have in what speaks for a rule: one to which the rows of a log alone lead is
nobody's, and must not stand between the others when it is asked how far they are apart."""

CANDIDATES: Final = 96
"""Rules that are scored in full."""


class Description(Struct, frozen=True):
    """The facts of a description as the pack knows them.

    `shares` is by fact number how much of a fact counts, in (0, 1]; `words` how many words some rule has, `total` the
    weight of all facts in bits, `facts` each fact with its numbers and weights in the pack.
    """

    facts: tuple[tuple[Fact, float, tuple[tuple[int, float], ...]], ...]
    shares: dict[int, float]
    total: float
    words: int


def weigh_description(facts: Sequence[Fact], pack: Pack) -> Description:
    """Each word as what it may be to a rule; an unknown one becomes the known word most like it."""
    rows = pack.facts({key for fact in facts for key in _keys(fact)})
    # A code of an exception is one thing, though an article may name it in its messages as well.
    facts = [fact for fact in facts if fact.kind != "code" or f"exception:{fact.value}" not in rows]
    budget = MAX_NEAREST
    weighed: list[tuple[Fact, float, tuple[tuple[int, float], ...]]] = []
    shares: dict[int, float] = {}
    words = 0
    for told in facts:
        fact, similarity = told, 1.0
        found = _found(fact, rows)
        if not found and budget and fact.kind == "prose" and fact.value.isalpha() and len(fact.value) >= MIN_NEAREST:
            budget -= 1
            like = nearest("prose", fact.value, pack.names_like("told", fact.value))
            if like is not None:
                fact, similarity = Fact("prose", like[0], fact.lines, fact.share), like[1]
                found = _found(fact, pack.facts(_keys(fact)))
        part = fact.share * similarity
        weighed.append((fact, similarity, tuple((row.number, part * row.weight / 1000) for row in found)))
        for row in found:
            shares[row.number] = max(part, shares.get(row.number, 0.0))
        words += fact.kind == "prose" and bool(found)
    total = sum(weight for _, _, found in weighed for _, weight in found)
    return Description(tuple(weighed), shares, total, words)


def _keys(fact: Fact) -> Iterator[str]:
    if fact.kind == "prose":
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
    """The rules worth scoring, by what the rarest facts say; those with conditions of their own come along."""
    sums: defaultdict[int, float] = defaultdict(float)
    budget = POSTINGS
    known = {number: weight for _, _, found in description.facts for number, weight in found if weight > 0}
    lists = pack.lists_of(list(known))
    for number, weight in sorted(known.items(), key=lambda item: (-item[1], item[0])):
        rules = lists.get(number, ())
        if len(rules) > budget:
            continue
        budget -= len(rules)
        for rule in rules:
            sums[rule] += weight
    totals = pack.told_totals(sums)
    best = heapq.nsmallest(
        CANDIDATES,
        ((-_value(bits, total / 1000, power), rule) for (rule, bits), total in zip(sums.items(), totals, strict=True)),
    )
    chosen = [rule for _, rule in best]
    conditional = {rule for number in known for rule in pack.conditional_with.get(number, ())}
    return [*chosen, *sorted(conditional.difference(chosen))]


def _value(bits: float, total: float, power: float) -> float:
    return bits * min(1.0, bits / total) ** power if total else 0.0


def _gains(description: Description, rules: Sequence[Rule], told: Told) -> Iterator[float]:
    """What each rule gains as a factor because the description names a product that it applies to.

    Few say it in full, and the words are common; but who names one product does not ask about another.
    """
    said = {fact.value for fact, _, _ in description.facts}
    for rule in rules:
        parts = (len(words & said) / len(words) for words in product_words(rule) if words)
        yield 1.0 + told.product * max(parts, default=0.0)


def _score(description: Description, rule: RuleFacts, told: Mapping[int, int], power: float, gain: float) -> Score:
    shares = description.shares
    hits = shares.keys() & {*rule.facts, *told}
    matched: list[WeightedFact] = []
    for fact, similarity, found in description.facts:
        there = [(number, bits) for number, bits in found if number in hits]
        if there:
            matched.append(WeightedFact(fact, there[0][0], sum(bits for _, bits in there), similarity))
    bits = sum(item.weight for item in matched)
    # A code or an article's id is no word; a rule that has it has been told as far as that goes.
    named = sum(bits for item in description.facts for number, bits in item[2] if number in hits and number not in told)
    total = sum(told.values()) / 1000 + named
    words = sum(shares[fact] * told[fact] for fact in sorted(hits & told.keys())) / 1000
    covered = (words + named) / total if total else 0.0
    return Score(
        value=bits * covered**power * gain,
        forward=bits / description.total if description.total else 0.0,
        backward=covered,
        whole=covered,
        bits=bits,
        unit=-1,
        matched=tuple(matched),
    )
