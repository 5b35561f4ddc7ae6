"""How an incident's facts are laid beside a rule's units."""

from array import array
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from triage.engine.candidates import WeightedFact
from triage.engine.score import _matched, shown
from triage.facts import Fact
from triage.knowledge.pack import RuleFacts

NUMBERS = st.integers(0, 12)
UNITS = st.lists(st.lists(NUMBERS, unique=True, min_size=1, max_size=8), max_size=5)
WORDS = st.lists(st.tuples(st.none() | NUMBERS, st.none() | NUMBERS), max_size=12)


def rule(units: list[list[int]]) -> RuleFacts:
    facts = array("I", (fact for unit in units for fact in unit))
    ends = tuple(accumulate(map(len, units)))
    totals = tuple(10 * sum(unit) for unit in units)
    return RuleFacts(False, ("message",) * len(units), ends, totals, facts, array("I", (10 * fact for fact in facts)))


def weighted(number: int | None, prose: int | None) -> WeightedFact:
    """A word whose numbers are those of a message (even) and of a description (odd), as a pack never mixes them."""
    word, told = None if number is None else 2 * number, None if prose is None else 2 * prose + 1
    return WeightedFact(
        Fact("word", "page"),
        word,
        float(word or 0),
        prose=told,
        prose_weight=float(told or 0),
        millibits=10 * (word or 0),
        prose_millibits=10 * (told or 0),
    )


@given(UNITS)
def test_every_fact_is_known_in_all_its_units(units: list[list[int]]) -> None:
    expected = {fact: tuple(n for n, unit in enumerate(units) if fact in unit) for unit in units for fact in unit}
    assert rule(units).where == expected


@given(UNITS, WORDS)
def test_each_unit_has_what_the_incident_shows_of_it_once(
    units: list[list[int]], words: list[tuple[int | None, int | None]]
) -> None:
    items = [weighted(number, prose) for number, prose in words]
    numbers = {number for item in items for number in (item.number, item.prose)}
    there = {fact for unit in units for fact in unit}
    matched, bits, seen = _matched(shown(items), rule(units))
    assert seen == [10 * sum(numbers.intersection(unit)) for unit in units]
    assert matched == [item for item in items if {item.number, item.prose} & there]
    assert bits == sum(item.weight if item.number in there else item.prose_weight for item in matched)
