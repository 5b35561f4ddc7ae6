"""Trees that are asked all at once say what each of them says by itself."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.model.trees import MAX_LEAVES, Tree, Trees

NAMES = ("a", "b", "c")
VALUES = st.sampled_from([-1.5, -0.0, 0.0, 0.25, 0.5, 1.0, 7.0])


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A tree of up to MAX_LEAVES leaves: leaves are split in any order, and rows are numbered as they come."""
    size = draw(st.one_of(st.integers(1, 7), st.integers(8, MAX_LEAVES - 1)))
    low: list[int] = []
    high: list[int] = []
    open_sides: list[tuple[list[int], int]] = []
    for row in range(size):
        if open_sides:
            side, place = open_sides.pop(draw(st.integers(0, len(open_sides) - 1)))
            side[place] = row
        low.append(0)
        high.append(0)
        open_sides += [(low, row), (high, row)]
    for leaf, (side, place) in enumerate(open_sides, 1):
        side[place] = -leaf
    leaves = draw(st.lists(st.floats(-1, 1), min_size=size + 1, max_size=size + 1))
    return Tree(
        features=tuple(draw(st.lists(st.sampled_from(NAMES), min_size=size, max_size=size))),
        limits=tuple(draw(st.lists(VALUES, min_size=size, max_size=size))),
        low=tuple(low),
        high=tuple(high),
        leaves=tuple(leaves),
    )


def walked(tree: Tree, features: dict[str, float]) -> float:
    """Row by row from the first one, as the schema tells it."""
    row = 0
    while row >= 0:
        low = features.get(tree.features[row], 0.0) <= tree.limits[row]
        row = (tree.low if low else tree.high)[row]
    return tree.leaves[-row - 1]


@given(st.lists(trees(), max_size=6), st.dictionaries(st.sampled_from(NAMES), VALUES), st.floats(-2, 2))
def test_all_at_once_is_one_after_the_other(forest: list[Tree], features: dict[str, float], base: float) -> None:
    expected = base
    for tree in forest:
        expected += walked(tree, features)
    assert Trees(base=base, trees=tuple(forest)).total(features) == pytest.approx(expected, abs=1e-11)


@given(st.lists(trees(), max_size=6), st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_the_order_of_the_trees_rounds_nothing_otherwise(forest: list[Tree], features: dict[str, float]) -> None:
    one, other = (Trees(base=0.1, trees=tuple(order)) for order in (forest, forest[::-1]))
    assert one.total(features) == other.total(features)


@pytest.mark.parametrize("leaf", [math.inf, -math.inf, math.nan, 1e300, -1e7])
def test_a_leaf_is_log_odds(leaf: float) -> None:
    with pytest.raises(ValueError, match="no log odds"):
        Tree(features=("a",), limits=(0.0,), low=(-1,), high=(-2,), leaves=(0.0, leaf))
