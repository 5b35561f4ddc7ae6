"""Events of the Windows event log in text: pasted from a viewer, exported, quoted in articles, retyped.

A record is a run of labelled fields in any order (one or several a row, in one column or two, with blank lines
between) and the description after them. It ends at the next record, at other evidence (`openings`), at a ruler, at
`-or-`, or where an article goes on with its own prose (which is indented less than what it quotes).

Folklore:

- `The description for Event ID ( 5002 ) in Source ( IbmTok ) could not be found.` names both by itself.
- People write `Event ID 7024 - The … service terminated …` or `Event ID 2025: The delivery …` in one sentence.
- A person's prose that only mentions an event (`… Event ID 7000 is logged …`) gives an event without text.
- `Event ID 1000 typically appears …` is said by who explains the event: what such a text mentions has not happened.
- Descriptions that name the event they belong to (Application Error, .NET Runtime, Windows Error Reporting) are often
  quoted without any field.
"""

import re
from functools import cached_property

from triage.text.event_anchors import anchors, hints
from triage.text.event_cited import Cited, event_in, may_cite
from triage.text.event_crashes import implied_event
from triage.text.event_draft import ID, SOURCE_SHAPE, Draft
from triage.text.event_ends import Ends, begins_anew, described
from triage.text.event_kinds import TELLING
from triage.text.event_labels import PREVIEW, TYPES
from triage.text.event_record import MAX_EVENTS, Record, dealt, type_of
from triage.text.event_rows import Field, RowFields, fields_of, is_pair, normal
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.messages import indent_of, is_alternative, is_ruler, paragraph_end, starts_other_evidence
from triage.text.openings import is_open
from triage.text.prose import is_literal, is_program

_MAX_TEXT_ROWS = 80
_MAX_PARAGRAPHS = 8
_LOOK_AHEAD = 12
_ABOVE_ROWS = 8

_EXPLAINS = regex(
    r"\bevent (?:id )?\d{1,5} (?:typically|commonly|usually|generally|often) "
    r"(?:appears|occurs|indicates|means|signals|fires)\b",
    re.IGNORECASE,
)
_LONE_SOURCE = regex(r"\s*[A-Za-z][A-Za-z0-9_]{3,30}\s*$")
_HEX_ROW = regex(
    r"\s*(?:[0-9a-fA-F]{4}:\s|(?:[0-9a-fA-F]{2} ){3,16}|(?:[0-9a-fA-F]{8}\s{1,4}){2,8}[0-9a-fA-F]{8}"
    r"|[0-9a-fA-F]{2} [\s.]{0,4}\.{3})"
)
_PROSE = regex(
    r"\bevent (?:viewer|logs?)\b|\bfollowing (?:(?:error|warning) )?(?:event|message)s?\b"
    r"|\bthis event (?:was|is) logged|\byou (?:may |will |might )?(?:receive|see|get)\b"
    r"|\b(?:logged|displayed|appears?|similar to|generated|set to)\b[^.]{0,60}:$",
    re.IGNORECASE,
)
_FAULT = regex(
    r"\b(?:access violation|protection fault|page fault|illegal operation|unhandled exception|stack overflow"
    r"|exception (?:0x)?[0-9a-f]{8}|generated an? (?:application error|exception)|exception code)\b",
    re.IGNORECASE,
)
"""What says that a program failed, in whatever form."""

_CALM = frozenset({"information", "success-audit"})

_FENCE = regex(r"\s{0,8}(?:`{3,8}|~{3,8})[\w-]{0,20}\s{0,8}")
_AROUND = " \n()[]:.*-"
"""What stands around the name of a source."""

_EXCEPTION_INFO = regex(r"\s{0,8}Exception Info\s?:")


def read_records(text: Text) -> tuple[Record, ...]:
    """Every event of the text's labelled and quoted forms, in its order."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.rows = text.rows
        self.ends = Ends(text)
        self.records: list[Record] = []
        self.draft: Draft | None = None

    @cached_property
    def _explains(self) -> bool:
        """Whether the text tells what an event means, and not that it was seen."""
        usual = self.text.holding(("typically", "commonly", "usually", "generally", "often"))
        return any(_EXPLAINS.search(self.rows[index][:1_000]) for index in usual)

    def read(self) -> tuple[Record, ...]:
        places = anchors(self.text)
        ahead = 0
        index = -1
        while (index := index + 1) < len(self.rows):
            if self.draft is None:
                # What begins an event has its number, or what stands for it, in the rows ahead.
                while ahead < len(places) and places[ahead] < index:
                    ahead += 1
                if ahead == len(places):
                    break
                index = max(index, places[ahead] - _LOOK_AHEAD)
            row = self.rows[index]
            if self.draft is None:
                if not row.strip() or not hints(row):
                    continue
            elif not row.strip():
                self.draft.blank = True
                continue
            elif is_pair(row) and not fields_of(normal(row), header=True).fields:
                self.draft.last = index  # a value of a JSON object that is none of the log's
                continue
            self._row(index, normal(row))
            if len(self.records) >= MAX_EVENTS:
                break
        self._close()
        return tuple(dealt(self._seen()))

    def _seen(self) -> list[Record]:
        if not self._explains:
            return self.records
        return [record for record in self.records if record.source is not None]

    def _row(self, index: int, row: str) -> None:
        draft = self.draft
        if draft is not None and (starts_other_evidence(row) or is_alternative(row)):
            self._close()
            return
        if draft is not None and self.ends.is_other(draft, index):
            self._close()
            draft = None
            if not hints(row):
                return
        fence = _FENCE.fullmatch(row) is not None
        if fence or is_ruler(row):
            # What follows the closing fence of Markdown is the writer's own again; an opening one ends nothing, nor
            # does one that sets apart the stack of .NET Runtime 1026, which is half of what the event says.
            goes_on = fence and _EXCEPTION_INFO.match(self._below(index)) is not None
            if draft is not None and draft.in_text and not goes_on and (draft.text or is_ruler(row)):
                self._close()
            return
        if (preview := PREVIEW.fullmatch(row)) is not None:
            self._close()
            draft = self.draft = Draft(index, indent_of(row))
            draft.values |= {"source": preview["source"].strip(), "id": preview["id"]}
            return
        found = fields_of(row, header=draft is not None and not draft.in_text)
        cited = self._cited(index, row, found)
        if cited is not None:
            self._begin_cited(index, row, cited)
        else:
            self._labelled(index, row, found)

    def _labelled(self, index: int, row: str, found: RowFields) -> None:
        draft = self.draft
        may_part = draft is not None and draft.in_text and (draft.blank or begins_anew(draft, row))
        if may_part and self.ends.is_apart(index, row, found) and not self._is_named_alone(index, row):
            self._close()
        if found.fields and self._is_header(index, found):
            self._header(index, row, found)
        elif self.draft is not None and self._continues(index, row):
            self._continue(index, row, found)
        else:
            self._close()
            self._start_without_fields(index, row, found)

    def _cited(self, index: int, row: str, found: RowFields) -> Cited | None:
        """The event that the row cites by its number alone, where its labels do not make it one."""
        if any(field.name == "id" and not field.weak for field in found.fields) or not may_cite(row):
            return None
        if found.leads and found.fields[0].weak and self._neighbours(index):
            return None
        return event_in(row, self._below(index))

    def _below(self, index: int) -> str:
        """The next row that says something, of two."""
        return next((normal(other) for other in self.rows[index + 1 : index + 3] if other.strip()), "")

    def _begin_cited(self, index: int, row: str, cited: Cited) -> None:
        draft = self.draft
        if draft is not None and (draft.in_text or draft.holds("id")):
            self._close()
        self._header(index, row, cited.fields())
        if self.draft is not None:
            self.draft.brief = not cited.certain

    def _is_named_alone(self, index: int, row: str) -> bool:
        """Whether what stands above is the number and source of the event that is described here, and nothing else:
        `Event ID: 1000 (Application Error)` or the source on a row of its own, and a blank row. It is taken for them.
        """
        implied = implied_event("\n".join(self.rows[index : index + 3]), len(row))
        draft = self.draft
        if implied is None or draft is None or draft.values.get("id") != str(implied[1]) or "source" in draft.values:
            return False
        if "\n".join(draft.text).strip(_AROUND).lower() != implied[0].strip(_AROUND).lower():
            return False
        draft.values["source"] = implied[0]
        draft.text.clear()
        return True

    def _is_header(self, index: int, found: RowFields) -> bool:
        """Whether the row's fields are an event's, rather than words of a description or of other text."""
        names = [field.name for field in found.fields]
        strong = any(field.name == "id" and not field.weak for field in found.fields)
        leads = found.leads or found.before.lower() in TYPES
        draft = self.draft
        if draft is not None and not draft.in_text and len(found.before.split()) > 6 and "text" not in names:
            return False
        if draft is None or (draft.in_text and not draft.in_data):
            if strong and leads:
                return True
            if not leads:
                return False
            if draft is not None and names[0] in {"user", "computer", "data", "other", "time"} and not draft.blank:
                return found.fields[0].explicit and not draft.holds(names[0]) and len(found.fields[0].value) < 60
            return found.fields[0].explicit and self._id_ahead(index)
        return True

    def _id_ahead(self, index: int) -> bool:
        """Whether the rows from here on are labels that come to an event's number before its description."""
        seen: set[str] = set()
        for at in range(index, min(len(self.rows), index + _LOOK_AHEAD)):
            row = normal(self.rows[at])
            if not row.strip() or is_ruler(row):
                continue
            found = fields_of(row, header=at > index)
            if not found.fields or (found.before and at == index):
                return False
            for field in found.fields:
                if field.name == "id":
                    return not field.weak or bool(seen & {"source", "time", "log", "type"}) or self._neighbours(at)
                if field.name in seen and field.name not in {"time", "other", "data"}:
                    return False
                seen.add(field.name)
                if field.name == "text":
                    return {"source", "type"} <= seen or self._is_sourced(index, at, seen)
        return False

    def _is_sourced(self, index: int, at: int, seen: set[str]) -> bool:
        """`Source: CertSvc` that opens a paragraph, and `Description: …` next: an event whose number was lost.

        Other records have a source and a description too (packages, feeds), but begin with other labels.
        """
        alone = index == 0 or not self.rows[index - 1].strip()
        return alone and at == index + 1 and seen == {"source", "text"}

    def _neighbours(self, index: int) -> bool:
        """Whether the row of a weak label (`Id : 1000`, `Event: 624`) or one next to it is of an event's header."""
        for at in (index, index - 1, index + 1, index + 2):
            if 0 <= at < len(self.rows):
                names = {
                    field.name for field in fields_of(normal(self.rows[at]), header=False).fields if field.explicit
                }
                if names & {"source", "log", "type"} or (names & {"text", "time"} and at < index + 2):
                    return True
        return False

    def _header(self, index: int, row: str, found: RowFields) -> None:
        draft = self.draft
        if draft is not None and found.before:
            self._before(index, found.before)
        kind = found.before.lower()
        for position, field in enumerate(found.fields):
            draft = self.draft
            if (
                field.weak
                and (draft is None or "id" in draft.values)
                and not self._neighbours(index)
                and len(found.fields) == 1
            ):
                continue
            if draft is None or self._conflicts(draft, field, position, index):
                self._close()
                draft = self.draft = Draft(index, indent_of(row))
                if kind in TYPES:
                    draft.values["type"] = kind
                above = self.rows[index - 1] if index > 0 else ""
                if (
                    field.name == "id"
                    and not position
                    and _LONE_SOURCE.match(above)
                    and SOURCE_SHAPE.match(above.strip())
                ):
                    draft.values["source"] = above.strip()
            draft.absorb(field)
            draft.last = draft.headed = index
            draft.blank = False

    def _conflicts(self, draft: Draft, field: Field, position: int, index: int) -> bool:
        if field.name in {"other", "data", "time", "user", "computer"} and not (draft.in_text and draft.blank):
            return False
        if field.name == "text":
            return False
        if (
            field.name == "id"
            and position == 0
            and draft.blank
            and "source" in draft.values
            and self._has_source(index)
        ):
            return True
        if draft.in_text and position == 0 and ("id" in draft.values or (field.name == "id" and draft.blank)):
            return True
        return draft.holds(field.name) and (field.name in {"id", "source"} or draft.in_text)

    def _has_source(self, index: int) -> bool:
        """Whether the row of an event's number, or the one below, names a source too."""
        return any(
            field.name == "source"
            for row in self.rows[index : index + 2]
            for field in fields_of(normal(row), header=True).fields
        )

    def _before(self, index: int, before: str) -> None:
        """Text before the first label of a row: the rest of a wrapped value, a category without label, description."""
        draft = self.draft
        if draft is None or (before.lower() in TYPES and draft.open_field is None):
            return
        if draft.open_field is not None:
            draft.values.setdefault(draft.open_field, before)
        elif draft.in_text:
            draft.text.append(before)
        elif len(before) < 50 and "source" in draft.values:
            draft.values.setdefault("category", before)
        draft.last = index

    def _continues(self, index: int, row: str) -> bool:
        draft = self.draft
        if draft is None:
            return False
        if "id" not in draft.values and not draft.in_text:
            return draft.open_field is not None and not draft.blank
        if len(draft.text) >= _MAX_TEXT_ROWS:
            return False
        if draft.blank and draft.text:
            if draft.brief and not is_open(self.rows[draft.last]):
                return False
            draft.paragraphs += 1
            fits = draft.paragraphs <= _MAX_PARAGRAPHS and indent_of(row) >= draft.indent and not draft.in_data
            return fits and not self._introduces(index) and not self._fails(index, draft)
        return True

    def _introduces(self, index: int) -> bool:
        """Whether the paragraph is a person's that tells of the log or leads to what comes next, not a description."""
        return _PROSE.search(self._paragraph(index)) is not None

    def _fails(self, index: int, draft: Draft) -> bool:
        """Whether the paragraph tells of a fault, below an event that has told of none and is none by its type.

        Type: Information
        Description:
        The Ledger service was started.

        Ledger caused a protection fault, code 13, please call the book-keeper
        """
        if type_of(draft.values.get("type")) not in _CALM or _FAULT.search(self._paragraph(index)) is None:
            return False
        values = draft.values
        tells = _FAULT.search(" ".join(draft.text)) is not None or values.get("id") in TELLING.get(
            values.get("source", ""), ()
        )
        return not tells

    def _paragraph(self, index: int) -> str:
        return " ".join(self.rows[index : paragraph_end(self.rows, index, _ABOVE_ROWS)]).rstrip()

    def _continue(self, index: int, row: str, found: RowFields) -> None:
        draft = self.draft
        if draft is None:
            return
        if draft.in_data or (draft.in_text and _HEX_ROW.match(row)):
            draft.in_data = True
            if _HEX_ROW.match(row) or not draft.blank:
                draft.last = index
                return
            self._close()
            self._start_without_fields(index, row, found)
            return
        if draft.open_field is not None and not draft.blank:
            draft.values.setdefault(draft.open_field, row.strip()[:80])
            draft.open_field = None
        elif not draft.in_text and "source" not in draft.values and _LONE_SOURCE.match(row):
            draft.values["source"] = row.strip()
        elif not draft.in_text and self._is_category(index, row):
            draft.values.setdefault("category", row.strip())
        else:
            draft.say(row)
        draft.last = index
        draft.blank = False

    def _is_category(self, index: int, row: str) -> bool:
        """A few words between the source and `Description:` without a label of their own."""
        following = next((normal(r) for r in self.rows[index + 1 : index + 3] if r.strip()), "")
        below = fields_of(following, header=True)
        return len(row.strip()) < 50 and bool(below.leads) and below.fields[0].name in {"text", "type", "category"}

    def _start_without_fields(self, index: int, row: str, found: RowFields) -> None:
        """Events that no field introduces: quoted descriptions that name their event, and mentions in prose."""
        nearby = "\n".join(self.rows[index : index + 3])
        match = described(nearby)
        if match is not None and match.start() < len(row):
            self._quoted(index, row, (match["source"] or match["source2"]).strip(), match["id"] or match["id2"])
            return
        implied = implied_event(nearby, len(row))
        if implied is not None and not is_literal(row):
            source, number, at = implied
            self._quoted(index, row[at:], source, str(number))
            return
        ids = [field for field in found.fields if field.name == "id" and not field.weak]
        if ids and not is_program(row):
            draft = self.draft = Draft(index, indent_of(row))
            draft.mention = True
            match = ID.match(ids[0].value)
            draft.values["id"] = match["id"] if match is not None else ""
            rest = match["rest"].lstrip(" )") if match is not None else ""
            if rest.startswith(":") or rest[:1] in "\"'":
                draft.mention = False
                draft.say(rest.lstrip(": "))
            else:
                self._close()

    def _quoted(self, index: int, row: str, source: str, number: str) -> None:
        draft = self.draft = Draft(index, indent_of(row))
        draft.values |= {"source": source, "id": number}
        draft.say(row)

    def _close(self) -> None:
        draft, self.draft = self.draft, None
        if draft is None:
            return
        if not draft.text and not draft.mention:
            self._take_above(draft)
        record = draft.record(self.text)
        if record is not None:
            self.records.append(record)

    def _take_above(self, draft: Draft) -> None:
        """The description where it stands above the fields: a paragraph that introduces nothing."""
        taken = self.records[-1].lines[1] if self.records else 0
        end = draft.first
        while end > 0 and not self.rows[end - 1].strip() and draft.first - end < 2:
            end -= 1
        start = end
        while (
            start > 0
            and end - start < _ABOVE_ROWS
            and self.rows[start - 1].strip()
            and self.text.numbers[start - 1] > taken
        ):
            start -= 1
        rows = self.rows[start:end]
        if not rows or rows[-1].rstrip().endswith(":") or any(indent_of(row) < draft.indent for row in rows):
            return
        if len(" ".join(rows).split()) < 3 or any(starts_other_evidence(row) or is_ruler(row) for row in rows):
            return
        draft.text = [normal(row) for row in rows]
        draft.first = start
