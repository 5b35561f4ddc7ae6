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

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, compress
from operator import ne
from typing import Final

from triage.text.folding import Likely, distinct, fold, fold_word
from triage.text.forms import Forms

FEW: Final = 200
"""Rows up to which a look at all of them is quicker than one at their shapes."""

_MANY: Final = 4_000
"""Where shapes suspect more rows than that, a search in all of them is quicker than a look at each of these."""

_TELLING: Final = 4
"""Letters and signs of a word with which most of the rows that its shape suspects do hold it."""

_FORMS: Final = 16
"""Where more forms are wanted than one for so many rows, a look at the form of each row is quicker."""

_DIGITS: Final = frozenset("0123456789abcdef")


_Places = tuple[list[int], dict[int, list[int]]]


class Shapes:
    """The shapes of some rows. `forms` holds them all, and perhaps others that no row has."""

    def __init__(self, rows: Sequence[str], forms: Forms, form_of: list[int]) -> None:
        """`form_of` tells the number of each row's form."""
        self.texts = rows
        self.few = len(rows) <= FEW
        """Whether the rows are so few that a look at all of them is quicker than one at their shapes."""

        self.forms = forms
        self.form_of = form_of
        self._whole: dict[bool, str] = {}
        self._words: dict[tuple[str, bool], list[int]] = {}

    @classmethod
    def of(cls, rows: Sequence[str], forms: Forms | None = None) -> "Shapes":
        """The shapes of rows; `forms` may hold most of them already."""
        folded = fold("\n".join(rows)).split(b"\n")
        if len(folded) != len(rows):  # a line end within a row: no reader of files makes one
            folded = [fold(row).replace(b"\n", b" ") for row in rows]
        forms = Forms() if forms is None else forms
        return cls(rows, forms, forms.add(folded))

    def changed(self, rows: Sequence[str]) -> "Shapes":
        """The shapes when some of the rows have become others, and all stand where they stood."""
        if len(rows) != len(self.texts):
            return Shapes.of(rows, self.forms)
        fresh = list(compress(range(len(rows)), map(ne, rows, self.texts)))
        if not fresh:
            return self
        form_of = self.form_of.copy()
        numbers = self.forms.add([fold(rows[index]).replace(b"\n", b" ") for index in fresh])
        for index, number in zip(fresh, numbers, strict=True):
            form_of[index] = number
        shapes = Shapes(rows, self.forms, form_of)
        if "_places" in self.__dict__ and len(fresh) < len(rows) // _FORMS:
            shapes._places = self._moved(fresh, numbers)
        return shapes

    def _moved(self, fresh: list[int], numbers: list[int]) -> "_Places":
        """The places of the forms when some rows have got other forms, of these numbers."""
        first, several = self._places
        first = first + [-1] * (len(self.forms.all) - len(first))
        several = several.copy()
        others = set(fresh)
        groups = {form: [at for at in self.rows_of(form) if at not in others] for form in self._forms_at(fresh)}
        for index, form in zip(fresh, numbers, strict=True):
            if form not in groups:
                groups[form] = list(self.rows_of(form))
            groups[form].append(index)
        for form, group in groups.items():
            group.sort()
            first[form] = group[0] if group else -1
            several.pop(form, None)
            if len(group) > 1:
                several[form] = group
        return first, several

    def _forms_at(self, rows: Iterable[int]) -> set[int]:
        return set(map(self.form_of.__getitem__, rows))

    @cached_property
    def _places(self) -> "_Places":
        """The first row of each form, -1 for none, and all rows of those that have several."""
        first = [-1] * len(self.forms.all)
        several: defaultdict[int, list[int]] = defaultdict(list)
        for index, form in enumerate(self.form_of):
            if first[form] < 0:
                first[form] = index
            else:
                several[form].append(index)
        for form, rows in several.items():
            rows.insert(0, first[form])
        return first, dict(several)

    def rows_of(self, form: int) -> Sequence[int]:
        """The indices of the rows of a form, in order."""
        first, several = self._places
        found = several.get(form)
        if found is None:
            return (first[form],) if form < len(first) and first[form] >= 0 else ()
        return found

    def rows(self, forms: Iterable[int]) -> list[int]:
        """The indices of the rows of some forms, in order."""
        chosen = set(forms)
        if len(chosen) <= len(self.form_of) // _FORMS:
            return sorted(chain.from_iterable(map(self.rows_of, chosen)))
        wanted = bytearray(len(self.forms.all))
        for form in chosen:
            wanted[form] = 1
        return list(compress(range(len(self.form_of)), map(wanted.__getitem__, self.form_of)))

    def rows_holding(self, word: str, *, exact: bool) -> list[int]:
        """The indices of the rows that hold a word, in lower case for any case, or an `exact` one; in no order."""
        known = self._words.get((word, exact))
        if known is not None:
            return known
        # What holds no letter that stands for others is proved by the shape.
        certain = word.isascii() and _DIGITS.isdisjoint(word) and not (exact and any(map(str.isalpha, word)))
        if self._is_vague(word) and not certain:
            found = self._searched(word, exact=exact)
        else:
            found = [index for form in self.forms.holding(fold_word(word)) for index in self.rows_of(form)]
            if not certain and len(found) > _MANY and distinct(word) < _TELLING:
                found = self._searched(word, exact=exact)
            elif not certain:
                texts = self.texts
                found = [at for at in found if word in (texts[at] if exact else texts[at].lower())]
        self._words[word, exact] = found
        return found

    def _is_vague(self, word: str) -> bool:
        """Whether the shape of a word says so little that many rows have it which do not hold the word."""
        kinds = distinct(word)
        return kinds == 0 or (kinds == 1 and self.forms.may_hold(fold_word(word)))

    def _searched(self, word: str, *, exact: bool) -> list[int]:
        """The same without the shapes, of which too many may hold the word."""
        whole = self.whole(exact=exact or word.isdecimal())
        if not self._is_even:
            return [at for at, row in enumerate(self.texts) if word in (row if exact else row.lower())]
        found: list[int] = []
        row = done = 0
        at = whole.find(word)
        while at >= 0:
            row += whole.count("\n", done, at)
            found.append(row)
            done = at
            end = whole.find("\n", at)
            at = whole.find(word, end) if end >= 0 else -1
        return found

    @cached_property
    def _is_even(self) -> bool:
        """Whether each line end of the whole is one between two rows, as in all that is read from files."""
        return self.whole(exact=True).count("\n") == len(self.texts) - 1

    def whole(self, *, exact: bool) -> str:
        """All rows joined by line ends, as they are or in lower case."""
        known = self._whole.get(exact)
        if known is None:
            known = self._whole[exact] = "\n".join(self.texts) if exact else self.whole(exact=True).lower()
        return known

    def likely(self, *questions: Likely) -> list[int]:
        """The indices of the rows that may be what one of the questions is about, in order."""
        return self.rows(form for question in questions for form in self.forms.likely(question))

    def forget_lower(self) -> None:
        """Let go of the rows in lower case, where they are many: few words are looked for in them."""
        if not self.few:
            self._whole.pop(False, None)

    def with_any(self, signs: bytes) -> list[int]:
        """The indices of the rows whose shapes hold one of the signs, in order."""
        return self.rows(self.forms.with_any(signs))
