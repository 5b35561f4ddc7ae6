"""What was read last, up to a bound."""

from collections.abc import Iterable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key, of which those that were not asked for longest are dropped first.

    In two generations: when the younger one is full, it becomes the older one, and what is still there of that is
    dropped. What is found in the older one moves to the younger. So each of them holds half of what may be kept, and
    nothing has to be put in order.
    """

    def __init__(self, most: int) -> None:
        self._most = max(1, most // 2)
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def get(self, keys: Iterable[K]) -> dict[K, V]:
        """Those of the keys that are there, with their values."""
        found: dict[K, V] = {}
        for key in keys:
            if key in self._young:
                found[key] = self._young[key]
            elif key in self._old:
                found[key] = self[key] = self._old[key]
        return found

    def __setitem__(self, key: K, value: V) -> None:
        if len(self._young) >= self._most:
            self._young, self._old = {}, self._young
        self._young[key] = value

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
