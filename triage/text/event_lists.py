"""Events as rows of a list, whose columns stand apart by blanks: the viewer's list copied or typed, its text export.

The viewer of Windows NT to 2003: `3/7/01  9:41:02 AM  Srv   Error  None  2000  N/A  LEDGER01  The server's call …`,
with tabs in the file, of which blanks are left here. Later ones begin with the level, and name neither user nor
computer: `Error   3/7/2010 9:41:02 AM   Application Hang   1002   (101)   The program …`. `dumpel` of the resource kits
writes the type as a number, and the source behind the event's: `3/7/01  9:41:02 AM  1  0  2000  Srv  N/A  LEDGER01  …`.
"""

import re
from collections.abc import Iterable
from typing import Final

from triage.model.evidence import Lines
from triage.text.event_labels import FIELD_OF, TYPES
from triage.text.event_record import MAX_EVENTS, Record, clean, number_of, tidy, type_of
from triage.text.folding import HEAD, Likely, like
from triage.text.lazy import regex
from triage.text.lines import Text

MAX_ROW: Final = 10_000
MAX_ROWS: Final = 40
"""Rows of one description."""

MIN_COLUMNS: Final = 3

_GAP = regex(r"\s{2,}")
_WORDS: Final = sorted((word for word in TYPES if not word.isdigit()), key=len, reverse=True)
_DUMPED: Final = {"1": "error", "2": "warning", "4": "information", "8": "success audit", "16": "failure audit"}
"""Types as the number that an event holds: of `dumpel` (EVENTLOG_ERROR_TYPE and its like in winnt.h)."""

_LEAD = r"[\s>*|]{0,12}"
_DATE = r"(?P<date>\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),?\s{1,8}(?P<time>\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\b\.?)?)"
_TYPE = rf"(?P<type>{'|'.join(map(re.escape, _WORDS))})"
_BY = (
    r"(?P<user>N/A|SYSTEM|NT[ -]AUTHORITY\\\S{1,40}(?: SERVICE)?|\S{1,40}\\\S{1,40}|(?<=\s\s)\S{1,80})\s{1,24}"
    r"(?P<computer>\S{1,63})"
)
_TEXT = r"(?:\s{1,24}(?P<text>\S[^\n]{0,8000}))?\s*$"
_ROWS = tuple(
    regex(_LEAD + row + _TEXT, re.IGNORECASE)
    for row in (
        rf"{_DATE}\s{{1,24}}(?P<source>\S[^\n]{{0,60}}?)\s{{1,24}}{_TYPE}\s{{1,24}}(?P<category>\S[^\n]{{0,60}}?)\s{{1,24}}"
        rf"(?P<id>\d{{1,6}})\s{{1,24}}{_BY}",
        rf"{_TYPE}\s{{1,24}}{_DATE}\s{{1,24}}(?P<source>\S[^\n]{{0,80}}?)\s{{1,24}}(?P<id>\d{{1,6}})\s{{1,24}}"
        r"(?P<category>None|Keine?|Aucune?|\(\d{1,5}\)|\S[^\n]{0,60}?(?=\s\s))",
        rf"{_DATE}\s{{2,24}}(?P<type>1|2|4|8|16)\s{{2,24}}(?P<category>\d{{1,5}})\s{{2,24}}(?P<id>\d{{1,6}})\s{{2,24}}"
        rf"(?P<source>\S[^\n]{{0,60}}?)\s{{2,24}}{_BY}",
    )
)
_LABELLED = regex(r"[^\W\d][^:\uff1a\n]{1,48}\s?[:\uff1a]\s?\S[^\n:]{0,120}\.exe\s*$", re.IGNORECASE)
"""`Application: ledger.exe`, the first row of what .NET tells, which is not put in quotes."""

_FIELD = regex(r"[^\W\d][^:\uff1a\n]{1,48}\s?[:\uff1a]\s|\s{1,8}\S{1,4} [\w.<>`]{3,200}\(")
_SHAPED = rb"0{1,4}[./-]0{1,2}[./-]0{2,4},?\s{1,8}0{1,2}:00"
_BEFORE = rb"\A[\s>*|]{0,12}"
_LISTED = (
    Likely(_BEFORE + _SHAPED, heads=rb"[\s>*|0]", signs=b":"),
    Likely(_BEFORE + like(*_WORDS) + rb"\s{1,24}" + _SHAPED, heads=rb"[\s>*|]|" + like(*_WORDS, most=HEAD), signs=b":"),
)


def read_listed_events(text: Text) -> tuple[Record, ...]:
    """Every row of a list of events, in the text's order."""
    found = sorted({index for question in _LISTED for index in text.likely(question)})
    records: list[Record] = []
    listed = {index: match for index in found if (match := _listed(text.rows[index][:MAX_ROW])) is not None}
    for index, match in listed.items():
        last = index
        quoted, labelled = _described(text, index, match["text"] or "")
        while last - index < MAX_ROWS and last + 1 not in listed:
            told = last < quoted or (labelled and _is_labelled(text, last + 1))
            if not told and not _goes_on(text, last + 1, match.start("source")):
                break
            last += 1
        more = (text.rows[at].strip() for at in range(index + 1, last + 1))
        first = index - 1 if index and _is_header(text.rows[index - 1]) else index
        records.append(_record(match, more, (text.numbers[first], text.numbers[last])))
        if len(records) >= MAX_EVENTS:
            break
    return tuple(records)


def _is_header(row: str) -> bool:
    """Whether a row names the columns: it belongs to the first event, for nobody else knows what it is."""
    cells = _GAP.split(row.strip()[:MAX_ROW])
    return len(cells) >= MIN_COLUMNS and sum(cell.lower() in FIELD_OF for cell in cells) >= MIN_COLUMNS


def _goes_on(text: Text, index: int, column: int) -> bool:
    """Whether a row belongs to the description of the event above: nothing stands in the columns before the source."""
    return index < len(text.rows) and len(text.rows[index]) > column > 0 and not text.rows[index][:column].strip()


def _listed(row: str) -> re.Match[str] | None:
    """The columns of a row."""
    return next((match for pattern in _ROWS if (match := pattern.match(row)) is not None), None)


def _described(text: Text, index: int, said: str) -> tuple[int, bool]:
    """The last row of a description in quotes, and whether the rows of one without a last quote go on by labels.

    The viewer's copy as text quotes what has several rows, and leaves what .NET tells without quotes.

    Error   3/7/2010 9:41:02 AM   Application Error   1000   (100)   "Faulting application name: ledger.exe, version: …
    Exception code: 0xc0000005
    Report Id: 9def89bc-a93e-4608-95aa-424c4ffc49af"
    """
    if not said.startswith('"') or said.count('"') % 2 == 0:
        return index, _LABELLED.match(said) is not None
    rows = text.rows[index + 1 : index + 1 + MAX_ROWS]
    last = next((at for at, row in enumerate(rows, index + 1) if row[:MAX_ROW].rstrip().endswith('"')), index)
    return last, last == index


def _is_labelled(text: Text, index: int) -> bool:
    """Whether a row is a field or a frame of a description whose first row was one."""
    return index < len(text.rows) and _FIELD.match(text.rows[index][:400]) is not None


def _record(match: re.Match[str], more: Iterable[str], lines: Lines) -> Record:
    return Record(
        lines=lines,
        source=clean(match["source"]),
        id=number_of(match["id"]),
        type=type_of(_DUMPED.get(match["type"], match["type"])),
        category=clean(match["category"]),
        time=f"{match['date']} {match['time']}",
        computer=clean(match.groupdict().get("computer")),
        body=tidy("\n".join([match["text"] or "", *more])).strip().strip('"'),
    )
