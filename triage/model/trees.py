"""Boosted regression trees as data, and what they say of features.

They are asked all at once, as QuickScorer does (Lucchese et al., SIGIR 2015): every tree has a word with a bit for each
leaf, in the order from low to high. A row whose limit the feature exceeds takes away the leaves on its low side; the
lowest bit that is left is the leaf that the tree leads to. The words of all trees stand side by side in one integer,
and what all rows of one feature take away is known beforehand for each interval between their limits, so that a model
asks each feature once and not each row.
"""

import struct
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property, reduce
from itertools import repeat
from operator import add, and_, getitem
from typing import Final

from msgspec import Struct

MAX_LEAVES: Final = 64
_WORDS: Final = ((8, "B"), (16, "H"), (32, "I"), (MAX_LEAVES, "Q"))
"""Bits of a word, and its code in `struct`."""


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
        """The base and the leaves, added up in the order of the trees; features that are not given are 0."""
        return self._forest.total(self.base, features)

    @cached_property
    def _forest(self) -> "_Forest":
        return _Forest(self.trees)


class _Forest:
    """Trees made ready to be asked together."""

    def __init__(self, trees: tuple[Tree, ...]) -> None:
        most = max((len(tree.leaves) for tree in trees), default=1)
        bits, code = next(word for word in _WORDS if word[0] >= most)
        self._words = struct.Struct(f"<{len(trees)}{code}")
        self._leaves: list[dict[int, float]] = []
        removed: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
        for number, tree in enumerate(trees):
            order: list[float] = []
            for feature, limit, low in _rows(tree, 0, order):
                removed[feature].append((limit, low << (bits * number)))
            self._leaves.append({1 << position: leaf for position, leaf in enumerate(order)})
        self._full = (1 << (bits * len(trees))) - 1
        self._ones = sum(1 << (bits * number) for number in range(len(trees)))
        asked = sorted(removed.items())
        self._features = [feature for feature, _ in asked]
        self._limits = [sorted(limit for limit, _ in rows) for _, rows in asked]
        self._kept = [_intervals(sorted(rows), self._full) for _, rows in asked]

    def total(self, base: float, features: Mapping[str, float]) -> float:
        values = map(features.get, self._features, repeat(0.0))
        kept = reduce(and_, map(getitem, self._kept, map(bisect_left, self._limits, values)), self._full)
        lowest = kept & ~(kept - self._ones)  # no word is 0, so none borrows from the next
        words = self._words.unpack(lowest.to_bytes(self._words.size, "little"))
        return reduce(add, map(getitem, self._leaves, words), base)  # `sum` rounds otherwise from Python 3.12 on


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
