"""The different shapes of a text, each once, and which of them a reader may look for.

A text that is repaired, or of which a part is hidden, has nearly the same shapes as before. So the texts share what is
known of them: forms are added and never taken away, those that no row has any more do no harm, and what was answered
for the first so many is answered for the others by a look at these alone.
"""

import itertools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import Final

from triage.text.folding import HEAD, Likely

_FEW: Final = 64
"""Forms that are looked at one by one, where that is less than the forms by their words would cost."""

_MANY: Final = 1_000
"""The same where signs tell already which forms to look at."""

_UNSIGNED: Final = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ "
"""What is no sign. A row of prose has no other characters, and rows that one statement printed have the same."""

_MANY_WORDS: Final = 200
_BLANK: Final = 32
_PLAIN: Final = bytes(byte if chr(byte).isalnum() and byte < 128 else _BLANK for byte in range(256))


class Forms:
    """The forms by number, in the order in which they came."""

    def __init__(self) -> None:
        self.all: list[bytes] = []
        self._numbers: defaultdict[bytes, int] = defaultdict(itertools.count().__next__)  # a new form gets the next
        self._held: dict[bytes, tuple[int, list[int]]] = {}
        self._answers: dict[Likely, tuple[int, list[int]]] = {}
        self._words = _Words()
        self._with_signs: dict[bytes, tuple[int, list[int]]] = {}
        self._signed = 0
        self._signs: defaultdict[bytes, list[int]] = defaultdict(list)
        """The forms by their signs, in order and without what stands between them."""

        self._all_signs = b""
        self._last_few = ((-1, -1), b"")
        """The last forms that were few enough to be looked at one by one, and all of them in one."""

        self._headed = 0
        self._heads: defaultdict[bytes, list[int]] = defaultdict(list)
        """The forms by their first bytes."""

    def add(self, forms: Sequence[bytes]) -> list[int]:
        """The number of each form."""
        found = list(map(self._numbers.__getitem__, forms))
        self.all += islice(self._numbers, len(self.all), None)
        return found

    def holding(self, word: bytes) -> list[int]:
        """Which forms hold a word that was folded; in no order."""
        count, found = self._held.get(word, (0, []))
        forms = self.all
        if count < len(forms):
            if len(forms) - count > _FEW:
                found = self._found(word)
            else:
                found = found + [form for form in range(count, len(forms)) if word in forms[form]]
            self._held[word] = len(forms), found
        return found

    def may_hold(self, word: bytes) -> bool:
        """Whether a form may hold a word that was folded; much quicker than the answer which of them do."""
        count, found = self._held.get(word, (-1, []))
        if found or count == len(self.all):
            return bool(found)
        self._by_signs()
        signs = word.translate(None, _UNSIGNED)
        return signs in self._all_signs and (word.isspace() or self._words.may_hold(word, self.all))

    def likely(self, question: Likely) -> list[int]:
        """Which forms may be what the question is about; in no order."""
        count, found = self._answers.get(question, (0, []))
        forms = self.all
        if count < len(forms):
            if len(forms) - count > _FEW:
                found = list(self._asked(question))
            else:
                found = found + self._few_fitting(question, count)
            self._answers[question] = len(forms), found
        return found

    def any_of(self, signs: bytes) -> bool:
        """Whether any of the signs stands in any form."""
        self._by_signs()
        return len(self._all_signs.translate(None, signs)) < len(self._all_signs)

    def with_any(self, signs: bytes) -> Iterator[int]:
        """Which forms hold one of the signs; in no order."""
        return chain.from_iterable(self._with_any(signs))

    @property
    def ascii_only(self) -> bool:
        """Whether all forms are ASCII."""
        self._by_signs()
        return self._all_signs.isascii()

    def _few_fitting(self, question: Likely, first: int) -> list[int]:
        """Which of the forms from number `first` on, which are few, may be what the question is about."""
        forms = self.all
        if self._last_few[0] != (first, len(forms)):
            self._last_few = (first, len(forms)), b"\n".join(islice(forms, first, None))
        _, together = self._last_few
        numbers: Iterable[int] = range(first, len(forms))
        if not together.isascii():
            return [form for form in numbers if question.fits(forms[form])]
        if question.words:
            words = [word for word in question.words if word in together]
            numbers = [form for form in numbers if any(word in forms[form] for word in words)] if words else ()
        if question.pattern is None:
            return list(numbers)
        return self._fitting(question.pattern.search if question.heads is None else question.pattern.match, numbers)

    def _found(self, word: bytes) -> list[int]:
        """Which forms hold a word: by its signs where few forms have these, else by the words that the forms have."""
        signs = word.translate(None, _UNSIGNED)
        if signs:
            signed = self._signed_as(signs)
            if not signed or len(word) == 1:
                return signed
            if len(signed) < _MANY:
                return [form for form in signed if word in self.all[form]]
        if word.isspace():
            return [form for form, held in enumerate(self.all) if word in held]
        return self._words.holding(word, self.all)

    def _asked(self, question: Likely) -> set[int]:
        """Which forms may be what the question is about."""
        found = set() if self.ascii_only else set(self._not_ascii())
        pattern = question.pattern
        if pattern is None:
            found.update(*map(self.holding, question.words))
        elif question.heads is not None:
            found.update(self._fitting(pattern.match, self._first_looked_at(question, question.heads)))
        elif question.signs:
            found.update(self._fitting(pattern.search, chain.from_iterable(self._with_any(question.signs))))
        elif question.words:
            found.update(self._fitting(pattern.search, set().union(*map(self.holding, question.words))))
        elif question.in_word:
            words = self._words.of(self.all).items()
            found.update(*[group for word, group in words if pattern.search(word) is not None])
        else:
            found.update(self._matching(pattern))
        return found

    def _fitting(self, fits: Callable[[bytes], object], candidates: Iterable[int]) -> list[int]:
        forms = self.all
        return [form for form in candidates if fits(forms[form]) is not None]

    def _first_looked_at(self, question: Likely, heads: re.Pattern[bytes]) -> Iterator[int]:
        """The forms that begin as the question says, or hold one of its signs if these are fewer."""
        groups = self._beginning(heads)
        if question.signs:
            groups = min(groups, self._with_any(question.signs), key=lambda some: sum(map(len, some)))
        return chain.from_iterable(groups)

    def _beginning(self, heads: re.Pattern[bytes]) -> list[list[int]]:
        """The forms whose first bytes a pattern matches, in groups."""
        groups = self._heads
        for number, form in enumerate(islice(self.all, self._headed, None), self._headed):
            groups[form[:HEAD]].append(number)
        self._headed = len(self.all)
        return [group for head, group in groups.items() if heads.match(head) is not None]

    def _with_any(self, wanted: bytes) -> list[list[int]]:
        """The forms that hold one of the signs, in groups."""
        return [group for signs, group in self._by_signs().items() if len(signs.translate(None, wanted)) < len(signs)]

    def _signed_as(self, signs: bytes) -> list[int]:
        """Which forms hold these signs in this order with no other between them; in no order."""
        count, found = self._with_signs.get(signs, (0, []))
        if count < len(self.all):
            groups = self._by_signs()
            found = []
            if signs in self._all_signs:
                found = [form for some, group in groups.items() if signs in some for form in group]
            self._with_signs[signs] = len(self.all), found
        return found

    def _not_ascii(self) -> Iterator[int]:
        return chain.from_iterable([group for signs, group in self._by_signs().items() if not signs.isascii()])

    def _by_signs(self) -> dict[bytes, list[int]]:
        groups = self._signs
        if self._signed < len(self.all):
            fresh = b"\n".join(islice(self.all, self._signed, None)).translate(None, _UNSIGNED).split(b"\n")
            for number, signs in enumerate(fresh, self._signed):
                groups[signs].append(number)
            self._signed = len(self.all)
            self._all_signs = b"\n".join(groups)
        return groups

    def _matching(self, pattern: re.Pattern[bytes]) -> Iterator[int]:
        """Which forms hold what a pattern matches, which must not go on over a line end: by a search in all at once."""
        hits = [hit.start() for hit in pattern.finditer(b"\n".join(self.all))]
        if not hits:
            return iter(())
        starts = list(accumulate(map((1).__add__, map(len, self.all)), initial=0))
        return (bisect_right(starts, hit) - 1 for hit in hits)


class _Words:
    """Some forms by their words: most of what readers look for is in none, and a text has few words."""

    def __init__(self) -> None:
        self._count = 0
        self._index: defaultdict[bytes, list[int]] = defaultdict(list)
        self._vocabulary = b""
        """The words of the index with a blank before and behind each."""

        self._runs = b""
        """The runs of letters and digits in these words: a text has few, and most of what is asked for is in none."""

    def of(self, forms: Sequence[bytes]) -> dict[bytes, list[int]]:
        """The forms that hold each word; only those are looked at that came since it was last asked."""
        index = self._index
        if self._count < len(forms):
            for number, words in enumerate(map(bytes.split, islice(forms, self._count, None)), self._count):
                for word in words:
                    index[word].append(number)
            self._count = len(forms)
            self._vocabulary = b" " + b" ".join(index) + b" "
            self._runs = b" ".join(set(self._vocabulary.translate(_PLAIN).split()))
        return index

    def holding(self, word: bytes, forms: Sequence[bytes]) -> list[int]:
        """Which forms hold a word that is not blank.

        Only forms that hold all of its pieces may, so a rare one tells. A piece that a blank stands beside begins or
        ends a word there, too.
        """
        if not self.may_hold(word, forms):
            return []
        index, pieces = self._index, _pieces(word)
        rarest: list[list[int]] = []
        least = -1
        for piece in pieces:
            whole = piece.strip()
            groups = [index[whole]] if len(piece) == len(whole) + 2 else self._with(piece)
            size = sum(map(len, groups))
            if least < 0 or size < least:
                rarest, least = groups, size
            if least <= _FEW:
                break
        found = set().union(*rarest)
        # A form may end where the word has a blank.
        return list(found) if word == pieces[0].strip() else [form for form in found if word in forms[form]]

    def may_hold(self, word: bytes, forms: Sequence[bytes]) -> bool:
        """Whether each piece of a word stands in some form."""
        self.of(forms)
        return all(_run(piece) in self._runs and piece in self._vocabulary for piece in _pieces(word))

    def _with(self, piece: bytes) -> list[list[int]]:
        """The forms of each word that holds a piece; with a blank before or behind, of those that begin or end so."""
        index, vocabulary = self._index, self._vocabulary
        groups: list[list[int]] = []
        at = vocabulary.find(piece)
        while at >= 0:
            if len(groups) >= _MANY_WORDS:  # from here on a look at each word is quicker
                return _each_with(index, piece)
            start = at + 1 if vocabulary[at] == _BLANK else vocabulary.rfind(b" ", 0, at) + 1
            end = vocabulary.find(b" ", at + 1)
            groups.append(index[vocabulary[start:end]])
            at = vocabulary.find(piece, end)
        return groups


def _pieces(word: bytes) -> list[bytes]:
    """What stands between the blanks of a word, longest first, with a blank where one is before or behind it."""
    pieces = word.split()
    last = len(pieces) - 1
    found = []
    for place, piece in enumerate(pieces):
        begins, ends = place > 0 or word[:1].isspace(), place < last or word[-1:].isspace()
        found.append(b" " * begins + piece + b" " * ends)
    found.sort(key=len, reverse=True)
    return found


def _run(piece: bytes) -> bytes:
    """The longest run of letters and digits."""
    return max(piece.translate(_PLAIN).split(), key=len, default=b"")


def _each_with(index: dict[bytes, list[int]], piece: bytes) -> list[list[int]]:
    """The forms of each word that holds a piece, or begins or ends with it where a blank stands there."""
    bare = piece.strip()
    if piece[0] == _BLANK:
        return [group for word, group in index.items() if word.startswith(bare)]
    if piece[-1] == _BLANK:
        return [group for word, group in index.items() if word.endswith(bare)]
    return [group for word, group in index.items() if bare in word]
