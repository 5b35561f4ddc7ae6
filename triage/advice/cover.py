"""The smallest set of things that covers a set of findings (set cover): exact while it is small, greedy beyond.

Ties fall the same way on every machine: candidates are given in the order in which they are preferred.
"""

from collections.abc import Hashable, Mapping
from itertools import combinations
from typing import Final, TypeVar

K = TypeVar("K", bound=Hashable)

EXACT: Final = 14
"""So many candidates give 16,384 sets, which take a few milliseconds; the next ones would take twice that each."""


def smallest_cover(candidates: Mapping[K, frozenset[int]], wanted: frozenset[int]) -> tuple[K, ...]:
    """The fewest candidates that cover all of `wanted` that can be covered, in the order of the candidates."""
    reachable = wanted.intersection(frozenset().union(*candidates.values())) if candidates else frozenset()
    useful = _undominated({key: covered & reachable for key, covered in candidates.items()})
    if not reachable:
        return ()
    if len(useful) <= EXACT:
        return _exact(useful, reachable)
    return _greedy(useful, reachable)


def _undominated(candidates: Mapping[K, frozenset[int]]) -> dict[K, frozenset[int]]:
    """Without those that cover nothing which another, or an earlier one of the same extent, does not cover."""
    kept: dict[K, frozenset[int]] = {}
    for key, covered in candidates.items():
        if not covered or any(covered <= other for other in kept.values()):
            continue
        kept = {other: extent for other, extent in kept.items() if not extent < covered}
        kept[key] = covered
    return {key: kept[key] for key in candidates if key in kept}


def _exact(candidates: Mapping[K, frozenset[int]], wanted: frozenset[int]) -> tuple[K, ...]:
    keys = tuple(candidates)
    for size in range(1, len(keys) + 1):
        for chosen in combinations(keys, size):
            if wanted <= frozenset().union(*(candidates[key] for key in chosen)):
                return chosen
    return keys  # not reached: all candidates together cover what is reachable


def _greedy(candidates: Mapping[K, frozenset[int]], wanted: frozenset[int]) -> tuple[K, ...]:
    left = set(wanted)
    chosen: set[K] = set()
    while left:
        best = max(candidates, key=lambda key: len(candidates[key] & left))  # the first of equals
        chosen.add(best)
        left -= candidates[best]
    return tuple(key for key in candidates if key in chosen)
