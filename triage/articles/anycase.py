"""Patterns that do not care for case, as fast as those that do.

A pattern with many alternatives tries each of them at each letter. One for exact letters rules nearly all out by their
first letter; one that ignores case cannot, and an archive of 60,000 articles is hundreds of millions of letters. So the
pattern is written in lower case and looks at the text in lower case. That is the same for ASCII; other text, which the
archive hardly has, is searched as it is.
"""

import re
from collections.abc import Iterator
from typing import Final

_CAPITAL: Final = re.compile(r"(?<!\\)(?:\\\\)*[A-Z]")


class AnyCase:
    """A pattern in lower case that finds text in any case.

    Every match holds one of `needs`, where it is given: texts without are not searched. What is matched may be in lower
    case where the text is not; positions are those in the text.
    """

    def __init__(self, source: str, flags: int = 0, *, needs: tuple[str, ...] = ()) -> None:
        if _CAPITAL.search(source):
            raise ValueError("a pattern for any case is written in lower case")
        self.exact = re.compile(source, flags)
        self.folded = re.compile(source, flags | re.IGNORECASE)
        self.needs = needs

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        if not text.isascii():
            return self.folded.search(text)
        lower = text.lower()
        return self.exact.search(lower) if self._may_be_in(lower) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches."""
        if not text.isascii():
            return self.folded.finditer(text)
        lower = text.lower()
        return self.exact.finditer(lower) if self._may_be_in(lower) else iter(())

    def _may_be_in(self, lower: str) -> bool:
        if not self.needs:
            return True
        for need in self.needs:  # noqa: SIM110 - any() takes twice as long, for each sentence of an archive
            if need in lower:
                return True
        return False
