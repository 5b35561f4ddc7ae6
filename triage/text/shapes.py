"""Rows of a text by their shape: what is left of a row when all digits look alike.

A log says the same few hundred things again and again, with other numbers. What is asked of every row ("does it hold
one of these words", "can it be the row of a stack") is asked of each shape once, and of the rows themselves only where
their shape says that they may: memory dumps, stacks and what programs print cost next to nothing.

    worker 71: request 00d41f took 12 ms        work0r 00: r0qu0st 000000 took 00 ms
    77f7d357 8902    mov dword ptr [edx],eax    00000000 0000    mov 0wor0 ptr [00x],00x

A shape is the row in lower case and UTF-8, with `0` for each hexadecimal digit, the letters a to f included. So a
pattern over shapes that speaks of such digits, of other letters and of signs says of all rows of the shape exactly what
it says; where it names letters from a to f (as `0`), it says what may be, and the rows have to be asked.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from triage.text.lazy import regex

_FOLD: Final = bytes.maketrans(
    b"0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0000000000000000000000ghijklmnopqrstuvwxyz"
)

_MANY: Final = 4_096
"""Bytes of shapes from which on a list of their words pays."""

_FEW: Final = 200

_DIGITS: Final = frozenset("0123456789abcdef")


def fold(text: str) -> bytes:
    """The shape of a row, or of several joined by line ends."""
    text = text if text.isascii() else text.lower()
    return text.encode("utf-8", "replace").translate(_FOLD)


fold_word = lru_cache(maxsize=4096)(fold)
"""The same for the words that readers look for: there are some hundreds."""


def like(*words: str, most: int | None = None) -> bytes:
    """A pattern for the shape of one of the words, or for so many bytes of it."""
    return b"(?:" + b"|".join(re.escape(fold(word)[:most]) for word in words) + b")"


class Likely:
    """A question about shapes: which rows may be what a reader looks for.

    `pattern` says how such a shape begins or, with `words`, what it holds; it must match no line end. Only shapes are
    looked at whose first three bytes begin as the pattern `heads` says, or that hold one of the `words` (as they are
    written; they are folded here); with neither, the pattern is looked for in all, which is quick where it begins with
    a literal that few rows hold. Shapes that are not ASCII are always likely, for what letters and digits of other
    scripts match must be tried.
    """

    def __init__(self, pattern: bytes, *, heads: bytes | None = None, words: Iterable[str] = ()) -> None:
        self.pattern = regex(pattern)
        self.heads = None if heads is None else regex(heads)
        self.words = tuple(map(fold, words))


class Shapes:
    """The shapes of some rows: each of `forms` is that of the rows at `places`, whose indices are in order."""

    def __init__(self, rows: Sequence[str], places: dict[bytes, list[int]]) -> None:
        self.texts = rows
        self.few = len(rows) <= _FEW
        """Whether the rows are so few that a look at all of them is quicker than one at their shapes."""

        self._whole: dict[bool, str] = {}
        self.forms = list(places)
        self.places = list(places.values())
        self._blob: bytes | None = None
        self._starts: list[int] = []
        self._words: dict[tuple[str, bool], list[int]] = {}
        self._vocabulary: bytes | None = None
        self._by_head: dict[bytes, list[int]] | None = None

    @classmethod
    def of(cls, rows: Sequence[str], joined: str | None = None) -> "Shapes":
        """The shapes of rows; `joined` are the same rows joined by line ends, where that is at hand."""
        folded = fold("\n".join(rows) if joined is None else joined).split(b"\n")
        if len(folded) != len(rows):  # a line end within a row: no reader of files makes one
            folded = [fold(row).replace(b"\n", b" ") for row in rows]
        places: dict[bytes, list[int]] = {}
        known = places.get
        for index, form in enumerate(folded):
            group = known(form)
            if group is None:
                places[form] = [index]
            else:
                group.append(index)
        return cls(rows, places)

    def changed(self, rows: Sequence[str], indices: Iterable[int]) -> "Shapes":
        """The shapes when the rows at `indices` have become others, and what was blank at the end of rows is gone."""
        fresh = set(indices)
        places: dict[bytes, list[int]] = {}
        for form, group in zip(self.forms, self.places, strict=True):
            kept = [index for index in group if index not in fresh] if fresh else group
            if kept:
                bare = form.rstrip()
                places[bare] = sorted(places[bare] + kept) if bare in places else kept
        for index in sorted(fresh):
            places.setdefault(fold(rows[index]), []).append(index)
        for form in {fold(rows[index]) for index in fresh}:
            places[form].sort()
        shapes = Shapes(rows, places)
        if not fresh:
            shapes._vocabulary = self._vocabulary
        return shapes

    def rows_holding(self, word: str, *, exact: bool) -> list[int]:
        """The indices of the rows that hold a word, in lower case for any case, or an `exact` one; in no order."""
        known = self._words.get((word, exact))
        if known is not None:
            return known
        # What holds no letter that stands for others is proved by the shape.
        certain = word.isascii() and _DIGITS.isdisjoint(word) and not (exact and any(map(str.isalpha, word)))
        found: list[int] = []
        rows = self.texts
        for form in self.holding(fold_word(word)):
            group = self.places[form]
            if certain:
                found += group
            elif exact:
                found += [at for at in group if word in rows[at]]
            else:
                found += [at for at in group if word in rows[at].lower()]
        self._words[word, exact] = found
        return found

    def whole(self, *, exact: bool) -> str:
        """All rows joined by line ends, as they are or in lower case."""
        known = self._whole.get(exact)
        if known is None:
            known = "\n".join(self.texts)
            self._whole[exact] = known = known if exact else known.lower()
        return known

    def holding(self, word: bytes) -> list[int]:
        """Which forms hold a word that was folded."""
        blob, starts = self._joined()
        found: list[int] = []
        if len(blob) > _MANY:
            # Most of what readers look for is in no word of the text, and a text has far fewer words than rows.
            if self._vocabulary is None:
                self._vocabulary = b" ".join(set(blob.split()))
            if not all(piece in self._vocabulary for piece in word.split()):
                return found
        few = len(starts) >> 3
        at = blob.find(word)
        while at >= 0:
            if len(found) > few:  # from here on a look at each form is quicker
                rest = range(found[-1] + 1, len(starts))
                return found + [form for form in rest if word in self.forms[form]]
            form = bisect_right(starts, at) - 1
            found.append(form)
            at = blob.find(word, starts[form + 1]) if form + 1 < len(starts) else -1
        return found

    def likely(self, question: Likely) -> list[int]:
        """Which forms may be what the question is about, in order."""
        forms = self.forms
        found = set(self._foreign())
        if question.heads is not None:
            begins, match = question.heads.match, question.pattern.match
            for head, group in self._heads().items():
                if begins(head) is not None:
                    found.update([form for form in group if match(forms[form]) is not None])
        elif not question.words:
            blob, starts = self._joined()
            found.update([bisect_right(starts, hit.start()) - 1 for hit in question.pattern.finditer(blob)])
        else:
            search = question.pattern.search
            for form in set().union(*map(self.holding, question.words)):
                if search(forms[form]) is not None:
                    found.add(form)
        return sorted(found)

    def matching(self, pattern: re.Pattern[bytes]) -> list[int]:
        """Which forms hold what the pattern says; slow."""
        return [number for number, form in enumerate(self.forms) if pattern.search(form) is not None]

    def any_of(self, signs: bytes) -> bool:
        """Whether any of the signs stands in any form."""
        blob, _ = self._joined()
        return any(blob.find(sign) >= 0 for sign in signs)

    def _heads(self) -> dict[bytes, list[int]]:
        if self._by_head is None:
            heads: dict[bytes, list[int]] = {}
            for number, form in enumerate(self.forms):
                head = form[:3]
                if head in heads:
                    heads[head].append(number)
                else:
                    heads[head] = [number]
            self._by_head = heads
        return self._by_head

    def _foreign(self) -> list[int]:
        if self._joined()[0].isascii():
            return []
        return [number for number, form in enumerate(self.forms) if not form.isascii()]

    def rows(self, forms: Iterable[int]) -> list[int]:
        """The indices of the rows of some forms, in order."""
        groups = [self.places[form] for form in forms]
        if len(groups) == 1:
            return groups[0]
        return sorted([index for group in groups for index in group])

    def _joined(self) -> tuple[bytes, list[int]]:
        if self._blob is None:
            self._blob = b"\n".join(self.forms)
            self._starts = list(accumulate((len(form) + 1 for form in self.forms), initial=0))[:-1]
        return self._blob, self._starts
