"""The shape of a row, and questions about shapes; `shapes` says what they are for."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from triage.text.lazy import regex

_FOLD: Final = bytes.maketrans(
    b"0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0000000000000000000000ghijklmnopqrstuvwxyz"
)


HEAD: Final = 8
"""So many bytes of its shape sort a row for questions about what it begins with."""


def fold(text: str) -> bytes:
    """The shape of a row, or of several joined by line ends."""
    text = text if text.isascii() else text.lower()
    return text.encode("utf-8", "replace").translate(_FOLD)


fold_word = lru_cache(maxsize=4096)(fold)
"""The same for the words that readers look for: there are some hundreds."""


@lru_cache(maxsize=4096)
def distinct(word: str) -> int:
    """How many letters and signs the shape of a word has beside digits; with none, any row of numbers has the shape."""
    return len(fold_word(word).translate(None, b"0 "))


def like(*words: str, most: int | None = None) -> bytes:
    """A pattern for the shape of one of the words, or for so many bytes of it."""
    return b"(?:" + b"|".join(re.escape(fold(word)[:most]) for word in words) + b")"


class Likely:
    """A question about shapes: which rows may be what a reader looks for.

    `pattern` says how such a shape begins or, without `heads`, what it holds; it must match no line end. Only shapes
    are looked at whose first `HEAD` bytes begin as the pattern `heads` says, or that hold one of the `signs`, which are
    neither letters nor digits nor blanks (where both are given, the one that fewer have tells), or that hold one of the
    `words` (as they are written; they are folded here), which is all that is asked where there is no pattern. With none
    of them, the pattern is looked for in all, which is quick where it begins with a literal that few rows hold. What is
    looked for `in_word` holds no blank, and whether it is there shows without what stands beyond the blanks beside it.
    Shapes that are not ASCII are always likely, for what letters and digits of other scripts match must be tried.
    """

    def __init__(
        self,
        pattern: bytes | None,
        *,
        heads: bytes | None = None,
        words: Iterable[str] = (),
        signs: bytes = b"",
        in_word: bool = False,
    ) -> None:
        self.pattern = None if pattern is None else regex(pattern)
        self.heads = None if heads is None else regex(heads)
        self.words = tuple(map(fold, words))
        self.signs = signs
        self.in_word = in_word

    def fits(self, form: bytes) -> bool:
        """Whether a row of this shape may be what the question is about."""
        if not form.isascii():
            return True
        if self.words and not any(word in form for word in self.words):
            return False
        if self.pattern is None:
            return True
        return (self.pattern.search if self.heads is None else self.pattern.match)(form) is not None
