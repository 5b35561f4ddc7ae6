"""Which rules come into question: those in which most weight comes together."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from triage.engine.heaviest import UNITS, heaviest, members

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
