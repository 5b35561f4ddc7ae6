"""Boosted regression trees as data, and what they say of features.

They are asked all at once, as QuickScorer does (Lucchese et al., SIGIR 2015): every tree has a word with a bit for each
leaf, in the order from low to high. A row whose limit the feature exceeds takes away the leaves on its low side; the
lowest bit that is left is the leaf that the tree leads to. The words of all trees stand side by side in one integer,
and what all rows of one feature take away is known beforehand for each interval between their limits, so that a model
asks each feature once and not each row. The places of the lowest bits, too, are found in all words together.
"""

import struct
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property, reduce
from operator import and_, getitem
from typing import Final, NamedTuple

from msgspec import Struct

MAX_LEAVES: Final = 64
MAX_LEAF: Final = 1e6
"""Log odds that no tree adds; more is damage."""

_WORDS: Final = ((8, "B"), (16, "H"), (32, "I"), (MAX_LEAVES, "Q"))
"""Bits of a word, and its code in `struct`."""

_UNIT: Final = 2.0**-40
"""Leaves are added up as whole multiples of this: the same sum in any order and on every version of Python, whose `sum`
of floats rounds otherwise from 3.12 on."""


class Tree(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A regression tree in rows.

    Row n asks whether `features[n]` is at most `limits[n]`, and goes on at row `low[n]` or `high[n]`; a negative number
    -k is the leaf `leaves[k - 1]`.
    """

    features: tuple[str, ...]
    limits: tuple[float, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    leaves: tuple[float, ...]

    def __post_init__(self) -> None:
        rows = len(self.features)
        if not rows or not len(self.limits) == len(self.low) == len(self.high) == rows:
            raise ValueError("the rows of a tree are not all there")
        if not all(abs(leaf) <= MAX_LEAF for leaf in self.leaves):  # which no NaN is, either
            raise ValueError("a leaf of a tree is no log odds")
        if len(self.leaves) > MAX_LEAVES:
            raise ValueError(f"a tree has more than {MAX_LEAVES} leaves")
        for row, steps in enumerate(zip(self.low, self.high, strict=True)):
            if any(not (row < step < rows or -len(self.leaves) <= step < 0) for step in steps):
                raise ValueError(f"row {row} of a tree goes on at a row that is not there")
        if len({*self.low, *self.high}) < 2 * rows:
            raise ValueError("two rows of a tree go on at the same one")


class Trees(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """Boosted regression trees: 1 / (1 + exp(-(base + the leaves that the features lead to)))."""

    base: float
    trees: tuple[Tree, ...]

    def total(self, features: Mapping[str, float]) -> float:
        """The base and the leaves, each leaf to twelve digits; features that are not given are 0."""
        return self.base + _UNIT * self._forest.total(features)

    @cached_property
    def _forest(self) -> "_Forest":
        return _Forest(self.trees)


class _Asked(NamedTuple):
    """A feature, its limits from the lowest on, and what is left of all words in each interval between them."""

    feature: str
    lowest: float
    limits: list[float]
    kept: list[int]


class _Forest:
    """Trees made ready to be asked together."""

    def __init__(self, trees: tuple[Tree, ...]) -> None:
        most = max((len(tree.leaves) for tree in trees), default=1)
        bits, code = next(word for word in _WORDS if word[0] >= most)
        self._words = struct.Struct(f"<{len(trees)}{code}")
        self._leaves: list[list[int]] = []
        removed: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
        for number, tree in enumerate(trees):
            order: list[float] = []
            for feature, limit, low in _rows(tree, 0, order):
                removed[feature].append((limit, low << (bits * number)))
            self._leaves.append([round(leaf / _UNIT) for leaf in order])
        self._full = (1 << (bits * len(trees))) - 1
        self._ones = _in_each(1, bits, len(trees))
        # Neighbours are added up: single bits, then pairs of them, up to the halves of a word.
        sizes = [size for size in (1, 2, 4, 8, 16, 32) if size < bits]
        self._halves = [(size, _in_each((1 << size) - 1, 2 * size, len(trees) * bits // (2 * size))) for size in sizes]
        self._asked: list[_Asked] = []
        for feature, rows in sorted(removed.items()):
            rows.sort()
            limits = [limit for limit, _ in rows]
            self._asked.append(_Asked(feature, limits[0], limits, _intervals(rows, self._full)))

    def total(self, features: Mapping[str, float]) -> int:
        given = features.get
        masks = [
            kept[bisect_left(limits, value)]
            for feature, lowest, limits, kept in self._asked
            if (value := given(feature, 0.0)) > lowest
        ]
        kept = reduce(and_, masks, self._full)
        # The bits below the lowest one of each word, as no word is 0 and borrows from the next; then their number.
        below = (kept - self._ones) & ~kept
        for size, halves in self._halves:
            below = (below & halves) + (below >> size & halves)
        places = self._words.unpack(below.to_bytes(self._words.size, "little"))
        return sum(map(getitem, self._leaves, places))


def _in_each(value: int, bits: int, count: int) -> int:
    """The value in each of `count` words."""
    return value * (((1 << (bits * count)) - 1) // ((1 << bits) - 1))


def _rows(tree: Tree, row: int, order: list[float]) -> Iterator[tuple[str, float, int]]:
    """Each row below `row` with the bits of the leaves on its low side; `order` gets the leaves from low to high."""
    first = len(order)
    yield from _side(tree, tree.low[row], order)
    yield tree.features[row], tree.limits[row], (1 << len(order)) - (1 << first)
    yield from _side(tree, tree.high[row], order)


def _side(tree: Tree, step: int, order: list[float]) -> Iterator[tuple[str, float, int]]:
    if step < 0:
        order.append(tree.leaves[-step - 1])
    else:
        yield from _rows(tree, step, order)


def _intervals(rows: list[tuple[float, int]], full: int) -> list[int]:
    """What is left where a feature exceeds none of its limits, the lowest one, the lowest two, …"""
    masks = [full]
    for _, removed in rows:
        masks.append(masks[-1] & ~removed)
    return masks
