"""Text as lines that remember where in the source they stood."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from triage.model.evidence import Lines
from triage.text.folding import Likely, distinct, fold_word
from triage.text.landmarks import finder, is_warm
from triage.text.shapes import FEW, Shapes


class Text:
    """Repaired lines of a source, each with its 1-based number there.

    Repairs may drop or strip lines, so position and number differ: `rows[i]` stands on source line `numbers[i]`.
    Readers ask for the rows that hold some words (`holding`) or may be something (`likely`), or search `joined` and
    map offsets back with `lines_of`.
    """

    def __init__(
        self,
        rows: Sequence[str],
        numbers: Sequence[int] | None = None,
        *,
        encoding: str = "utf-8",
        shapes: Shapes | None = None,
        blanked: bool = False,
    ) -> None:
        """`shapes` are those of the rows, where they are known; with `blanked`, of what some blank rows were before."""
        self.rows = rows
        self.numbers = range(1, len(rows) + 1) if numbers is None else numbers
        self.encoding = encoding
        self._shapes = shapes
        self._blanked = blanked and shapes is not None
        self._likely: dict[tuple[Likely, ...], list[int]] = {}
        if len(self.rows) != len(self.numbers):
            raise ValueError("every row needs its line number")

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    @cached_property
    def joined(self) -> str:
        """All rows joined by a newline."""
        known = None if self._blanked else self._shapes
        return "\n".join(self.rows) if known is None else known.whole(exact=True)

    @cached_property
    def lower(self) -> str:
        """`joined` in lower case, for landmarks; not for offsets (some characters grow in lower case)."""
        return self.joined.lower()

    @property
    def shapes(self) -> Shapes:
        """The shapes of the rows; rows that were blanked since still count with what they were."""
        if self._shapes is None:
            self._shapes = Shapes.of(self.rows)
        return self._shapes

    def holding(self, words: Iterable[str], *, exact: bool = False) -> list[int]:
        """Indices of the rows that hold one of the words, in order: words in lower case for any case, or `exact` ones.

        Much faster than a look at every row: each shape is looked at once.
        """
        shapes, rows = self.shapes, self.rows
        if shapes.few:
            whole = shapes.whole(exact=exact)
            words = [word for word in words if word in whole]
        groups = [group for word in words if (group := shapes.rows_holding(word, exact=exact))]
        shapes.forget_lower()
        if not groups:
            return []
        found = sorted(groups[0]) if len(groups) == 1 else sorted(set().union(*groups))
        return [at for at in found if rows[at]] if self._blanked else found

    def landmarks(self, landmarks: Iterable[str]) -> frozenset[str]:
        """Those of the landmarks that the text holds; one that begins with a line end, at the start of a row.

        The first row has no line end before it.
        """
        if len(self.rows) <= FEW and not is_warm():  # to start the search for all costs more
            whole = self.lower
            return frozenset([landmark for landmark in landmarks if landmark in whole])
        return finder(tuple(landmarks), "utf-8")(self.joined.encode("utf-8", "surrogatepass"))

    def lacks(self, word: str) -> bool:
        """Whether no row can hold a word, by what is known of the shapes already; False says nothing."""
        shapes = self._shapes
        if shapes is None or shapes.few or not distinct(word):
            return False
        return not shapes.forms.may_hold(fold_word(word))

    def likely(self, *questions: Likely) -> list[int]:
        """Indices of the rows that may be what one of the questions is about, in order."""
        known = self._likely.get(questions)
        if known is None:
            known = self.shapes.likely(*questions)
            if self._blanked:
                known = [at for at in known if self.rows[at]]
            self._likely[questions] = known
        return known

    def matches(
        self, pattern: re.Pattern[str], words: Iterable[str], start: re.Pattern[str], *, exact: bool = False
    ) -> Iterator[re.Match[str]]:
        r"""The matches of a pattern in `joined`, which may go on over line ends, in order.

        Each begins with a match of `start` in a row that holds one of the words; `start` matches the row's end as well
        as a blank (`\s`) where what follows may stand on the next row.
        """
        done = -1
        for index in self.holding(words, exact=exact):
            begin = self.starts[index]
            for word in start.finditer(self.rows[index] + "\n"):
                at = begin + word.start()
                hit = pattern.match(self.joined, at) if at >= done else None
                if hit is not None:
                    done = max(hit.end(), at + 1)
                    yield hit

    @cached_property
    def starts(self) -> list[int]:
        """Where each row starts in `joined`, and where one behind the last would."""
        return list(accumulate(map((1).__add__, map(len, self.rows)), initial=0))

    def row_of(self, offset: int) -> int:
        """Index of the row that holds `offset` of `joined`."""
        return min(max(bisect_right(self.starts, offset) - 1, 0), max(len(self.rows) - 1, 0))

    def lines_of(self, start: int, end: int) -> Lines:
        """Source lines that the span [start, end) of `joined` covers."""
        if not self.rows:
            return (0, 0)
        return (self.numbers[self.row_of(start)], self.numbers[self.row_of(max(start, end - 1))])

    def without(self, claimed: Iterable[Lines]) -> "Text":
        """The same text with the claimed source lines blanked, so that no later reader takes them again."""
        ranges = joined(claimed)
        if not ranges:
            return self
        rows = list(self.rows)
        for first, last in ranges:
            start, end = self.index_of(first), self.index_of(last + 1)
            rows[start:end] = [""] * (end - start)
        return self.blanked(rows)

    def blanked(self, rows: Sequence[str]) -> "Text":
        """The same text with rows of which some have become blank and all others are what they were."""
        return Text(rows, self.numbers, encoding=self.encoding, shapes=self.shapes, blanked=True)

    def index_of(self, number: int) -> int:
        """Index of the first row whose source line is `number` or later."""
        numbers = self.numbers
        if isinstance(numbers, range) and numbers.step == 1:
            return min(max(number - numbers.start, 0), len(numbers))
        return bisect_left(numbers, number)


def spans(text: Text, indices: Iterable[int]) -> list[Lines]:
    """The source lines of some rows, in order; of rows that follow each other from the first to the last."""
    numbers = text.numbers
    found: list[Lines] = []
    first = last = -2
    for index in sorted(indices):
        if index != last + 1:
            if last >= 0:
                found.append((numbers[first], numbers[last]))
            first = index
        last = index
    if last >= 0:
        found.append((numbers[first], numbers[last]))
    return found


def joined(several: Iterable[Lines]) -> tuple[Lines, ...]:
    """Spans of source lines in order, those that overlap or follow each other as one; (0, 0) is none."""
    found: list[Lines] = []
    first = last = -1
    for start, end in sorted(several):
        if start <= 0:
            continue
        if start > last + 1:
            if last > 0:
                found.append((first, last))
            first, last = start, end
        elif end > last:
            last = end
    if last > 0:
        found.append((first, last))
    return tuple(found)
