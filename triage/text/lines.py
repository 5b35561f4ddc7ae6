"""Text as lines that remember where in the source they stood."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from triage.model.evidence import Lines


class Text:
    """Repaired lines of a source, each with its 1-based number there.

    Repairs may drop or strip lines, so position and number differ: `rows[i]` stands on source line `numbers[i]`.
    Readers walk `rows`, or search `joined` and map offsets back with `lines_of`.
    """

    def __init__(self, rows: Sequence[str], numbers: Sequence[int] | None = None, *, encoding: str = "utf-8") -> None:
        self.rows = rows
        self.numbers = range(1, len(rows) + 1) if numbers is None else numbers
        self.encoding = encoding
        if len(self.rows) != len(self.numbers):
            raise ValueError("every row needs its line number")

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    @cached_property
    def joined(self) -> str:
        """All rows joined by a newline."""
        return "\n".join(self.rows)

    @cached_property
    def lower(self) -> str:
        """`joined` in lower case, for landmarks; not for offsets (some characters grow in lower case)."""
        return self.joined.lower()

    def holding(self, words: Iterable[str], *, exact: bool = False) -> list[int]:
        """Indices of the rows that hold one of the words, in order: words in lower case for any case, or `exact` ones.

        Much faster than a look at every row: what most rows of a log do not hold costs a search through memory.
        """
        found: set[int] = set()
        whole, starts = (self.joined, self._starts) if exact else (self.lower, self._lower_starts)
        count = len(self.rows)
        for word in words:
            at = whole.find(word)
            while at >= 0:
                row = bisect_right(starts, at, 0, count) - 1
                found.add(row)
                at = whole.find(word, starts[row + 1]) if row + 1 < count else -1
        return sorted(found)

    @cached_property
    def _lower_starts(self) -> list[int]:
        if len(self.lower) == len(self.joined):
            return self._starts
        return list(accumulate((len(row.lower()) + 1 for row in self.rows), initial=0))

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(row) + 1 for row in self.rows), initial=0))

    def row_of(self, offset: int) -> int:
        """Index of the row that holds `offset` of `joined`."""
        return min(max(bisect_right(self._starts, offset) - 1, 0), max(len(self.rows) - 1, 0))

    def lines_of(self, start: int, end: int) -> Lines:
        """Source lines that the span [start, end) of `joined` covers."""
        if not self.rows:
            return (0, 0)
        return (self.numbers[self.row_of(start)], self.numbers[self.row_of(max(start, end - 1))])

    def without(self, claimed: Iterable[Lines]) -> "Text":
        """The same text with the claimed source lines blanked, so that no later reader takes them again."""
        ranges = sorted(claimed)
        if not ranges:
            return self
        rows = list(self.rows)
        for first, last in ranges:
            for index in range(self._index(first), self._index(last + 1)):
                rows[index] = ""
        return Text(rows, self.numbers, encoding=self.encoding)

    def _index(self, number: int) -> int:
        """Index of the first row whose source line is `number` or later."""
        return bisect_left(self.numbers, number)
