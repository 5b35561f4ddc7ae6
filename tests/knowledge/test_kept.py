"""What was read last is still there, and no more than the bound."""

from hypothesis import given
from hypothesis import strategies as st

from triage.knowledge.kept import Kept

MOST = 8


@given(st.lists(st.integers(0, 20), max_size=200))
def test_the_last_ones_are_there_and_the_bound_holds(keys: list[int]) -> None:
    kept: Kept[int, str] = Kept(MOST)
    for count, key in enumerate(keys, 1):
        found = kept.get([key])
        assert found == ({key: str(key)} if found else {})
        if not found:
            kept[key] = str(key)
        assert len(kept) <= MOST
        assert kept.get([key]) == {key: str(key)}
        if len(set(keys[:count])) <= MOST // 2:
            assert set(kept.get(keys[:count])) == set(keys[:count])
