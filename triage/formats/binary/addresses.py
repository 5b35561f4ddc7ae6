"""Which module an address lies in."""

from bisect import bisect_right
from collections.abc import Sequence
from operator import lt

from triage.model.evidence import Frame, Module, Trust

_LAST = 0xFFFFFFFFFFFFFFFF


class AddressMap:
    """Finds the module that an address lies in. Of modules that overlap, the one that starts last."""

    def __init__(self, modules: Sequence[Module]) -> None:
        placed = sorted(
            [
                (base, end, index)
                for index, module in enumerate(modules)
                if (base := module.base) is not None and (end := module.end) is not None and end > base
            ]
        )
        self._modules = modules
        bases: tuple[int, ...] = ()
        ends: tuple[int, ...] = ()
        self._indexes: tuple[int, ...] = ()
        if placed:
            bases, ends, self._indexes = zip(*placed, strict=True)
        self.low = bases[0] if placed else 1
        self.high = max(ends, default=0)
        if self.high > _LAST:
            self.high = _LAST
            ends = tuple([min(end, _LAST) for end in ends])
        self._bases, self._ends = bases, ends
        self.overlap = any(map(lt, bases[1:], ends))
        """Whether modules overlap."""

    def bounds(self, skip: int) -> list[int]:
        """Where modules without their first `skip` bytes begin and end, in turns: an odd place by bisection is inside.

        Of modules that overlap, the bounds of all together.
        """
        if self.overlap:
            return [self.low, self.high]
        begins = [base + skip for base in self._bases]
        if all(map(lt, begins, self._ends)):
            found = [0] * (2 * len(begins))
            found[::2], found[1::2] = begins, self._ends
            return found
        return [bound for pair in zip(begins, self._ends, strict=True) if pair[0] < pair[1] for bound in pair]

    def find(self, address: int) -> Module | None:
        """The module at `address`, or None."""
        if not self.low <= address < self.high:
            return None
        place = bisect_right(self._bases, address) - 1
        if address < self._ends[place]:
            return self._modules[self._indexes[place]]
        if not self.overlap:
            return None
        # The module before an overlapping one may be the one that reaches this far: look at a few.
        for candidate in range(place - 1, max(place - 4, -1), -1):
            if address < self._ends[candidate]:
                return self._modules[self._indexes[candidate]]
        return None


class Addresses:
    """Names addresses by the modules that they lie in; unloaded ones are asked last."""

    def __init__(self, modules: tuple[Module, ...], unloaded: tuple[Module, ...] = ()) -> None:
        self.loaded = AddressMap(modules)
        self.gone = AddressMap(unloaded)

    def module(self, address: int) -> Module | None:
        """The module at `address`, loaded or formerly loaded."""
        return self.loaded.find(address) or self.gone.find(address)

    def frame(self, address: int, trust: Trust) -> Frame:
        """A frame of the stack: module and offset into it where the address lies in one."""
        module = self.loaded.find(address) or self.gone.find(address)
        if module is None or module.base is None:
            return Frame(address=address, trust=trust)
        return Frame(module=module.name, offset=address - module.base, address=address, trust=trust)
