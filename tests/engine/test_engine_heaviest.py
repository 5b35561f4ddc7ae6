"""Which rules come into question: those in which most weight comes together."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from triage.engine.heaviest import UNITS, Sums, heaviest, members

SETS = st.lists(st.tuples(st.integers(0, 900), st.sets(st.integers(0, 90), max_size=40)), max_size=8)


def as_set(rules: set[int]) -> int:
    return sum(1 << rule for rule in rules)


@given(SETS, st.integers(0, 12))
def test_the_heaviest_are_those_of_all_sums(sets: list[tuple[int, set[int]]], count: int) -> None:
    sums: Counter[int] = Counter()
    for weight, rules in sets:
        sums.update(dict.fromkeys(rules, weight))
    best = sorted(sums, key=lambda rule: (-sums[rule], rule))[:count]
    assert heaviest([(weight / UNITS, as_set(rules)) for weight, rules in sets], count) == sorted(best)


@given(st.sets(st.integers(0, 90)))
def test_a_set_has_its_members(rules: set[int]) -> None:
    assert members(as_set(rules)) == sorted(rules)


@given(SETS, st.lists(st.integers(0, 90), unique=True, max_size=8))
def test_the_sums_of_some_are_those_of_all_their_sets(sets: list[tuple[int, set[int]]], rules: list[int]) -> None:
    sums = Sums((weight / UNITS, as_set(its)) for weight, its in sets)
    assert sums.of(rules) == [sum(weight for weight, its in sets if rule in its) / UNITS for rule in rules]


@given(SETS, st.sets(st.integers(0, 90)), st.integers(0, 12))
def test_the_most_of_some_rules_are_among_those(sets: list[tuple[int, set[int]]], among: set[int], count: int) -> None:
    sums = Sums((weight / UNITS, as_set(its)) for weight, its in sets)
    best = sorted(among, key=lambda rule: (-sum(weight for weight, its in sets if rule in its), rule))[:count]
    assert members(sums.most(as_set(among), count)) == sorted(best)
