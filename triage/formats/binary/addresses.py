"""Which module an address lies in."""

from array import array
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
                (module.base, module.end, index)
                for index, module in enumerate(modules)
                if module.base is not None and module.end is not None and module.end > module.base
            ]
        )
        self._modules = modules
        bases = [base for base, _, _ in placed]
        ends = [end for _, end, _ in placed]
        if ends and max(ends) > _LAST:
            ends = [min(end, _LAST) for end in ends]
        self._bases = array("Q", bases)
        self._ends = array("Q", ends)
        self._indexes = [index for _, _, index in placed]
        self._overlap = any(map(lt, bases[1:], ends))
        self.low = self._bases[0] if placed else 1
        self.high = max(ends) if ends else 0

    def bounds(self, skip: int) -> list[int]:
        """Where modules without their first `skip` bytes begin and end, in turns: an odd place by bisection is inside.

        Of modules that overlap, the bounds of all together.
        """
        if self._overlap:
            return [self.low, self.high]
        found: list[int] = []
        for base, end in zip(self._bases, self._ends, strict=True):
            if base + skip < end:
                found += (base + skip, end)
        return found

    def find(self, address: int) -> Module | None:
        """The module at `address`, or None."""
        if not self.low <= address < self.high:
            return None
        place = bisect_right(self._bases, address) - 1
        if address < self._ends[place]:
            return self._modules[self._indexes[place]]
        if not self._overlap:
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
        module = self.module(address)
        if module is None or module.base is None:
            return Frame(address=address, trust=trust)
        return Frame(module=module.name, offset=address - module.base, address=address, trust=trust)
