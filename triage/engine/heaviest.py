"""The rules in which most weight comes together, found for all rules at once.

A set of rules is an integer with a bit for each. Adding up the weights of many sets then is what an adder does with the
bits of numbers, only that every rule is a column of its own (a vertical counter): of three digits of one place, `^` and
`&` make the digit of their sum and the carry, whatever number of rules there is.
"""

from collections.abc import Iterable, Sequence
from typing import Final

UNITS: Final = 1000
"""Units of a bit in which weights are added up: those of the pack, so that facts which count fully do so exactly."""


class Sums:
    """What the weights of sets come to for each rule."""

    def __init__(self, weighed: Iterable[tuple[float, int]]) -> None:
        """`weighed` is each set with its weight in bits."""
        self.rules = 0
        """Those that are in any set."""
        places: list[list[int]] = []
        for weight, rules in weighed:
            self.rules |= rules
            units = round(weight * UNITS)
            places += [[] for _ in range(units.bit_length() - len(places))]
            for place in range(units.bit_length()):
                if units >> place & 1:
                    places[place].append(rules)
        self._digits = _added(places)

    def most(self, among: int, count: int) -> int:
        """The `count` rules of a set with the highest sums; of several with the same, those of lower numbers."""
        chosen, level = 0, among
        if among.bit_count() > count:
            for digit in reversed(self._digits):
                high = level & digit
                found = high.bit_count()
                if found < count:
                    chosen |= high
                    level ^= high
                    count -= found
                else:
                    level = high
        for _ in range(min(count, level.bit_count())):
            lowest = level & -level
            chosen |= lowest
            level ^= lowest
        return chosen

    def of(self, rules: Sequence[int]) -> list[float]:
        """The sums of some rules, in bits."""
        length = max(rules, default=0) // 8 + 1
        mask = (1 << 8 * length) - 1
        octets = [(digit & mask).to_bytes(length, "little") for digit in self._digits]
        return [
            sum([(octet[rule >> 3] >> (rule & 7) & 1) << place for place, octet in enumerate(octets)]) / UNITS
            for rule in rules
        ]


def heaviest(weighed: Iterable[tuple[float, int]], count: int) -> list[int]:
    """The `count` rules of which the sets hold most weight, in the order of their numbers; of several that hold the
    same, those of lower numbers. `weighed` is each set with its weight in bits."""
    sums = Sums(weighed)
    return members(sums.most(sums.rules, count))


def _added(digits: list[list[int]]) -> list[int]:
    """The sets in each place of the sums, from those in each place of what is added up; the lowest place first."""
    sums: list[int] = []
    place = digits[0] if digits else []
    for following in [*digits[1:], *([] for _ in range(len(digits)))]:
        while len(place) > 1:
            one, other = place.pop(), place.pop()
            third = place.pop() if place else 0
            differ = one ^ other
            place.append(differ ^ third)
            following.append((one & other) | (differ & third))
        sums += place or [0]
        place = following
    return sums


def members(rules: int) -> list[int]:
    """The numbers of the rules of a set, ascending."""
    numbers: list[int] = []
    while rules:
        numbers.append(rules.bit_length() - 1)  # from the top down: what is left gets shorter
        rules ^= 1 << numbers[-1]
    return numbers[::-1]
