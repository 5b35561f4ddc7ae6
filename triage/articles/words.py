"""The words of an article: a sorted set without stop words, the only trace of its prose."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from triage.articles.templates import is_code
from triage.facts.words import tokens
from triage.model.rule import GAP

MAX_WORDS: Final = 120
_MAX_LENGTH: Final = 40

SILENT: Final = frozenset(
    "article articles microsoft information knowledge base following more see click below number additional view "
    "please note example problem problems occur occurs similar appear appears also prodnt errmsg kbfaq".split()
)
"""Words of the archive's own phrases: they stand in nearly every article and say nothing of a fault."""

_ARTICLE = re.compile(r"q\d{4,7}")
_NO_WORD = re.compile(r"\d{7,}|\d[\da-f]{3,}h?|[\d.]+")
"""Long numbers, bytes of a dump, fractions: nothing that two machines have in common."""


def word_set(*texts: Iterable[str], limit: int = MAX_WORDS) -> tuple[str, ...]:
    """Lower-case words, codes and numbers of the texts, sorted; those of the first texts where there are too many."""
    found: dict[str, None] = {}
    for group in texts:
        for text in group:
            for token in tokens(text.replace(GAP, " ")):
                word = _printed(token.kind, token.value)
                if word and word not in found:
                    found[word] = None
                    if len(found) >= limit:
                        return tuple(sorted(found))
    return tuple(sorted(found))


@lru_cache(maxsize=16384)
def _printed(kind: str, value: str) -> str:
    if kind == "code":
        return f"0x{value}" if is_code(int(value, 16)) else ""
    if kind == "number":
        return value if 2 <= len(value) <= 5 else ""
    if len(value) > _MAX_LENGTH or value in SILENT or _ARTICLE.fullmatch(value) or _NO_WORD.fullmatch(value):
        return ""
    return value
