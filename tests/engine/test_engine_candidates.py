"""Which rules come into question."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from triage.engine.candidates import _heaviest, _List

LISTS = st.lists(
    st.tuples(st.integers(1, 9), st.lists(st.integers(0, 60), unique=True, max_size=40)), max_size=8
)  # weights are whole, so that sums do not depend on their order


@given(LISTS, st.integers(1, 12))
def test_the_heaviest_are_those_of_all_sums(lists: list[tuple[int, list[int]]], count: int) -> None:
    lists.sort(key=lambda one: -one[0])
    sums: Counter[int] = Counter()
    for weight, rules in lists:
        for rule in rules:
            sums[rule] += weight
    expected = sorted(sums, key=lambda rule: (-sums[rule], rule))[:count]
    unread = [_List(weight, fact) for fact, (weight, _) in enumerate(lists)]
    read = {fact: rules for fact, (_, rules) in enumerate(lists)}
    assert _heaviest(unread, read, count) == expected
