"""The different shapes of a text, each once, and which of them a reader may look for.

A text that is repaired, or of which a part is hidden, has nearly the same shapes as before. So the texts share what is
known of them: forms are added and never taken away, those that no row has any more do no harm, and what was answered
for the first so many is answered for the others by a look at these alone.
"""

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Final

from triage.text.folding import Likely

_FEW: Final = 64
"""Forms that are looked at one by one, where that is less than the forms by their words would cost."""

_MANY_WORDS: Final = 200
_BLANK: Final = 32
_PLAIN: Final = bytes(byte if chr(byte).isalnum() and byte < 128 else _BLANK for byte in range(256))


class Forms:
    """The forms by number, in the order in which they came."""

    def __init__(self) -> None:
        self.all: list[bytes] = []
        self._numbers: defaultdict[bytes, int] = defaultdict(
            itertools.count().__next__
        )  # a new form gets the next number
        self._held: dict[bytes, tuple[int, list[int]]] = {}
        self._answers: dict[Likely, tuple[int, list[int]]] = {}
        self._foreign: tuple[int, list[int]] = (0, [])
        self._blob = (0, b"")
        self._indexed = 0
        self._index: defaultdict[bytes, list[int]] = defaultdict(list)
        self._vocabulary = b""
        """The words of the index with a blank before and behind each."""

        self._runs = b""
        """The runs of letters and digits in these words: a text has few, and most of what is asked for is in none."""

        self._headed = 0
        self._heads: defaultdict[bytes, list[int]] = defaultdict(list)
        """The forms by their first three bytes."""

    def add(self, forms: Sequence[bytes]) -> list[int]:
        """The number of each form."""
        found = list(map(self._numbers.__getitem__, forms))
        self.all += islice(self._numbers, len(self.all), None)
        return found

    def holding(self, word: bytes) -> list[int]:
        """Which forms hold a word that was folded; in no order."""
        count, found = self._held.get(word, (0, []))
        if count < len(self.all):
            rest = len(self.all) - count
            pieces = word.split() if rest > _FEW else ()
            if pieces:
                found = self._looked_up(word, pieces)
            else:
                found = found + [form for form in range(count, len(self.all)) if word in self.all[form]]
            self._held[word] = len(self.all), found
        return found

    def likely(self, question: Likely) -> list[int]:
        """Which forms may be what the question is about; in no order."""
        count, found = self._answers.get(question, (0, []))
        if count < len(self.all):
            found = [*found, *self._asked(question, count)]
            self._answers[question] = len(self.all), found
        return found

    def any_of(self, signs: bytes) -> bool:
        """Whether any of the signs stands in any form."""
        count, blob = self._blob
        if count < len(self.all):
            blob = b"\n".join(self.all)
            self._blob = len(self.all), blob
        return any(blob.find(sign) >= 0 for sign in signs)

    def _asked(self, question: Likely, first: int) -> set[int]:
        """Which of the forms from `first` on may be what the question is about."""
        forms = self.all
        found = {form for form in self._not_ascii() if form >= first}
        pattern = question.pattern
        if question.heads is not None and pattern is not None:
            begins, match = question.heads.match, pattern.match
            for head, group in self._by_head().items():
                if begins(head) is not None:
                    fresh = group[bisect_left(group, first) :] if first else group
                    found.update([form for form in fresh if match(forms[form]) is not None])
        elif question.in_word and pattern is not None and len(forms) - first > _FEW:
            index = self._by_word()
            found.update(*[group for word, group in index.items() if pattern.search(word) is not None])
        elif question.words:
            held = {form for word in question.words for form in self.holding(word) if form >= first}
            found.update(
                held if pattern is None else [form for form in held if pattern.search(forms[form]) is not None]
            )
        elif pattern is not None:
            search = pattern.search
            if search(b"\n".join(forms[first:] if first else forms)) is not None:
                found.update([form for form in range(first, len(forms)) if search(forms[form]) is not None])
        return found

    def _by_head(self) -> dict[bytes, list[int]]:
        heads = self._heads
        for number, form in enumerate(islice(self.all, self._headed, None), self._headed):
            heads[form[:3]].append(number)
        self._headed = len(self.all)
        return heads

    @property
    def ascii_only(self) -> bool:
        """Whether all forms are ASCII."""
        return not self._not_ascii()

    def _not_ascii(self) -> list[int]:
        count, found = self._foreign
        if count < len(self.all):
            if not b"".join(self.all[count:]).isascii():
                found = found + [form for form in range(count, len(self.all)) if not self.all[form].isascii()]
            self._foreign = len(self.all), found
        return found

    def _looked_up(self, word: bytes, pieces: Sequence[bytes]) -> list[int]:
        """Which forms hold a word of such pieces: by the words that the forms have.

        Only forms that hold all pieces may, so a rare one tells. A piece that a blank stands beside begins or ends a
        word there, too.
        """
        index = self._by_word()
        last = len(pieces) - 1
        rarest: list[list[int]] = []
        least = -1
        for place, piece in sorted(enumerate(pieces), key=lambda one: -len(one[1])):
            begins, ends = place > 0 or word[:1].isspace(), place < last or word[-1:].isspace()
            if begins and ends:
                groups = [index[piece]] if piece in index else []
            else:
                groups = self._with(b" " * begins + piece + b" " * ends)
            if not groups:
                return []  # no form holds the piece
            size = sum(map(len, groups))
            if least < 0 or size < least:
                rarest, least = groups, size
            if least <= _FEW:
                break
        found = set().union(*rarest)
        forms = self.all
        return list(found) if len(word) == len(pieces[0]) else [form for form in found if word in forms[form]]

    def _with(self, piece: bytes) -> list[list[int]]:
        """The forms of each word that holds a piece; with a blank before or behind, of those that begin or end so."""
        index, vocabulary = self._index, self._vocabulary
        groups: list[list[int]] = []
        run = max(piece.translate(_PLAIN).split(), key=len, default=b"")
        at = vocabulary.find(piece) if run in self._runs else -1
        while at >= 0:
            if len(groups) >= _MANY_WORDS:  # from here on a look at each word is quicker
                return _each_with(index, piece)
            start = at + 1 if vocabulary[at] == _BLANK else vocabulary.rfind(b" ", 0, at) + 1
            end = vocabulary.find(b" ", at + 1)
            groups.append(index[vocabulary[start:end]])
            at = vocabulary.find(piece, end)
        return groups

    def _by_word(self) -> dict[bytes, list[int]]:
        """The forms that hold each word: most of what readers look for is in none, and a text has few words."""
        index = self._index
        if self._indexed < len(self.all):
            for number, words in enumerate(map(bytes.split, islice(self.all, self._indexed, None)), self._indexed):
                for word in words:
                    index[word].append(number)
            self._indexed = len(self.all)
            self._vocabulary = b" " + b" ".join(index) + b" "
            self._runs = b" ".join(set(self._vocabulary.translate(_PLAIN).split()))
        return index


def _each_with(index: dict[bytes, list[int]], piece: bytes) -> list[list[int]]:
    """The forms of each word that holds a piece, or begins or ends with it where a blank stands there."""
    bare = piece.strip()
    if piece[0] == _BLANK:
        return [group for word, group in index.items() if word.startswith(bare)]
    if piece[-1] == _BLANK:
        return [group for word, group in index.items() if word.endswith(bare)]
    return [group for word, group in index.items() if bare in word]
