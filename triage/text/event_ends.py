"""Where an event that is read ends, since another event or another kind of evidence begins."""

import re

from triage.text.event_crashes import IMPLYING, implied_event
from triage.text.event_draft import DESCRIPTION_FOR, Draft
from triage.text.event_labels import MARKS
from triage.text.event_rows import RowFields
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.openings import Openings, is_open
from triage.text.stamps import is_stamped, is_timed

_LABEL, _SHORTEST = 48, 4
"""Characters that the first label of a description has, at most and at least; Chinese needs the fewest."""

_PERSON = regex(r"\b(?:I|I've|I'm|[Ww]e|[Ww]e've|[Mm]y|[Oo]ur|[Hh]ere(?:'s| is| are))\b")
_LONGEST = 400
"""What a person announces in own words belongs to no event: `I looked at the dump and saw this call stack:`."""

_HEADING = regex(r" {0,3}#{2,6} \S")
"""`### Steps to reproduce`: the next question of a tracker's form, below the event that answers the one before."""

_MARKED = 8
"""Marks before the words with which a description begins, at most."""


def described(nearby: str) -> re.Match[str] | None:
    """The viewer's sentence about a missing description; few rows have its first word, which is looked for first."""
    return DESCRIPTION_FOR.search(nearby) if "escription" in nearby or "ESCRIPTION" in nearby else None


def _begins_again(draft: Draft, row: str) -> bool:
    """Whether the row has the label that the description began with: the same event's next, of another program."""
    head = draft.text[0].lstrip(MARKS)[:_LABEL].partition(":")[0].partition("\uff1a")[0] if draft.text else ""
    return len(head) > _SHORTEST and row.lstrip(MARKS).startswith(head)


def begins_anew(draft: Draft, row: str) -> bool:
    """Whether the description of another event begins, by its own first label or by another program's words."""
    return _begins_again(draft, row) or _begins_other(draft, row)


def _begins_other(draft: Draft, row: str) -> bool:
    """Whether the row begins the description of an event of another program than the one above tells of.

    Application: orchard.exe / Framework Version: … / The other event: / Faulting application name: orchard.exe, …
    """
    lowered = row.lower()
    if not draft.text or not any(word in lowered for word in IMPLYING):
        return False
    implied = implied_event(row, _MARKED)
    if implied is None:
        return False
    known = implied_event("\n".join(draft.text[:3]), len(draft.text[0]) + 1)
    return known is not None and known[:2] != implied[:2]


class Ends:
    """The conditions under which the rows below an event are none of it."""

    def __init__(self, text: Text) -> None:
        self._rows = text.rows
        self._openings = Openings(text)

    def is_other(self, draft: Draft, index: int) -> bool:
        """Whether a crash report, another row of a log or a heading of Markdown begins here.

        A fault message may be the whole description, and what the row above announces belongs to it in any case.
        """
        if draft.open_field is not None and not draft.blank:
            return False
        if draft.text and _HEADING.match(self._rows[index]) is not None:
            return True
        above = self._rows[draft.last]
        begins = self._openings.printed(index) or (bool(draft.text) and self._is_next(draft, index, above))
        return begins and not (draft.in_text and is_open(above) and _PERSON.search(above[-_LONGEST:]) is None)

    def _is_next(self, draft: Draft, index: int, above: str) -> bool:
        """Whether a log's next row or a fault message begins here, where a description stands above."""
        if is_stamped(self._rows[index]):
            # A description may quote rows of a log, but then its own row is none.
            return not is_stamped(above) or draft.last == draft.headed
        if is_timed(self._rows[index]) and is_timed(self._rows[draft.first]):
            return True
        return self._openings.told(index)

    def is_apart(self, index: int, row: str, found: RowFields) -> bool:
        """Whether a paragraph begins here that names an event of its own, and so belongs to none above."""
        if any(field.name == "id" and not field.weak for field in found.fields):
            return True
        nearby = "\n".join(self._rows[index : index + 3])
        match = described(nearby)
        if (match is not None and match.start() < len(row)) or implied_event(nearby, len(row)) is not None:
            return True
        # `.NET Runtime Error:` / `Application: orchard.exe` / `Framework Version: …`: a heading, and the event.
        below = self._rows[index + 1 : index + 4] if row.rstrip().endswith(":") else ()
        return bool(below) and implied_event("\n".join(below), len(below[0])) is not None
