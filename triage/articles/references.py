"""Other articles that an article names, told apart: those that tell how to get the fix, and the others."""

import re
from collections.abc import Iterator
from typing import Final

from triage.articles.article import Article

MAX_REFERENCES: Final = 120

_REFERENCE = re.compile(r"\bQ(\d{4,7})\b[\s:]{0,4}(?:TITLE *: *)?(?P<title>[^\n]{0,90}(?:\n *(?!Q\d)[^\n]{1,90})?)")
_OBTAIN = re.compile(
    r"\b(?:obtain(?:ing)?|(?:how to|to|where to|available (?:for|in)) download|how to order|availability"
    r"|availab\w{2,4} (?:of|for)|where to (?:find|get)|how to get"
    r"|how to install .{0,40}service pack|latest service pack|service packs? .{0,40}(?:available|information))\b",
    re.IGNORECASE,
)
_TELLS_HOW = re.compile(
    r"\b(?:how to (?:obtain|get|download)|obtaining) .{0,40}\b(?:latest|service pack)", re.IGNORECASE
)
"""Titles that tell of the fix even where an article names them under REFERENCES."""

_SECTIONS: Final = frozenset({"resolution", "status", "workaround", "more", "body", "summary"})


def references_of(article: Article) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(articles that tell how to obtain the fix, other articles), each in the article's order, itself left out."""
    obtain: dict[str, None] = {}
    others: dict[str, None] = {}
    for section, identity, title in _references(article):
        if identity == article.id:
            continue
        if _OBTAIN.search(title) if section in _SECTIONS else section == "references" and _TELLS_HOW.search(title):
            obtain[identity] = None
        else:
            others[identity] = None
    return tuple(obtain)[:MAX_REFERENCES], tuple(key for key in others if key not in obtain)[:MAX_REFERENCES]


def _references(article: Article) -> Iterator[tuple[str, str, str]]:
    for section in article.sections:
        for index, paragraph in enumerate(section.paragraphs):
            text = "\n".join(paragraph.rows)
            if "Q" not in text:
                continue
            for match in _REFERENCE.finditer(text):
                title = match["title"]
                if not title.strip(" .,)") and index + 1 < len(section.paragraphs):
                    title = section.paragraphs[index + 1].text[:90]
                yield section.name, f"Q{match[1]}", title
