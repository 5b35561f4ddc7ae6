"""Where an event may begin in a text: rows with its number or its description, and what its first row may look like."""

import re

from triage.text.event_cited import LIKE_CITED, may_cite
from triage.text.event_crashes import IMPLYING
from triage.text.event_labels import FIELD_OF, LABELS, MARKS, PREVIEW, PREVIEW_WORDS, WEAK_IDS
from triage.text.folding import Likely, like
from triage.text.lazy import regex
from triage.text.lines import Text

_TEXT_LABEL = regex(
    r"(?:" + "|".join(re.escape(word) for word in LABELS["text"]) + r")\s{0,14}(?:#?\s?[:\uff1a=#]|[-\u2013])",
    re.IGNORECASE,
)
_LEADING = regex(
    r"^[^\w\n]{0,12}(?:\w{1,12}:\s{1,3})?(?:(?:event|id)\s{0,14}#?\s?[:\uff1a=#]|(?:event\s)?description\b)",
    re.IGNORECASE,
)
_LEADS = ("event", "id", "description")
_LIKE_LEADING = (
    Likely(rb"\W{0,12}" + like(*_LEADS), heads=rb"\W{8}|\W{0,7}(?:" + like(*_LEADS, most=3) + rb"|[0i]0?\Z)"),
    Likely(rb":\s{1,3}" + like(*_LEADS)),
)
_NUMBER_WORDS = regex(r"event\W{0,6}(?:id|num|ident|code)", re.IGNORECASE)
# The same of shapes
_LIKE_LABELLED = Likely(like(*LABELS["text"]) + rb"\s{0,14}(?:#?\s?[:=#]|-)", words=LABELS["text"])
_LIKE_NUMBERED = Likely(like("event") + rb"\W{0,6}" + like("id", "num", "ident", "code"), words=("event",))
_LIKE_PREVIEW = Likely(like(*(word.strip() for word in PREVIEW_WORDS)) + rb"\s0{1,5},", words=PREVIEW_WORDS)
_BEFORE_SOURCE = regex(r"\d[\s,:-]{1,3}source\b", re.IGNORECASE)
_HINTS = ("event", "faulting ", "application", "fault bucket", "stopped interacting", "error ", "source ")


def hints(row: str) -> bool:
    """A cheap test that most rows fail: a label at the row's start, or a word that an event's first row may hold."""
    if not row.isascii():
        return True
    lowered = row.lower()
    head = lowered[:48].partition(":" if ":" in lowered[:48] else "=")[0].strip(MARKS)
    return (
        head in FIELD_OF
        or head in WEAK_IDS
        or any(hint in lowered for hint in _HINTS)
        or any(word in lowered for word in IMPLYING)
        or lowered.rstrip().endswith(".exe")
    )


def anchors(text: Text) -> list[int]:
    """Rows that hold an event's number, its description, or what such a description begins with, by its label."""
    rows = text.rows
    found = set(text.holding((*(label for label in LABELS["id"] if not label.startswith("event")), *IMPLYING)))
    found.update(index for index in text.likely(*_LIKE_LEADING) if _LEADING.match(rows[index]) is not None)
    for question, pattern in (
        (_LIKE_LABELLED, _TEXT_LABEL),
        (_LIKE_NUMBERED, _NUMBER_WORDS),
        (_LIKE_PREVIEW, PREVIEW),
    ):
        found.update(index for index in text.likely(question) if pattern.search(rows[index]) is not None)
    found.update(index for index in text.holding(("source",)) if _BEFORE_SOURCE.search(rows[index]) is not None)
    found.update(index for index in text.likely(LIKE_CITED) if may_cite(rows[index]))
    return sorted(found)
