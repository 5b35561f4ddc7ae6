"""Splitting a row of an event into labelled fields: `Event ID: 2000   Source: Srv`, `EVENT ID - 7023 SOURCE - …`."""

import re
from functools import lru_cache

from msgspec import Struct

from triage.text.event_labels import FIELD_OF, MISTYPED, WEAK_IDS
from triage.text.lazy import regex
from triage.text.messages import near
from triage.text.stamps import STAMP, TIME

MAX_ROW = 8_000

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u00a0": " ", "\u202f": " "})
_SEPARATOR = regex(r"\s{0,14}#?\s?[:\uff1a=]+|\s{0,3}#(?=[\s\d])|\s{1,3}[-\u2013]+(?=\s|$)|,(?=\s)")
_BARE = regex(
    r"(?<![\w./\\-])(?:(?:event\s?ids?|event-id|事件\s?id|イベント\s?id)(?=[\s(]{0,3}\d)"
    r"|(?:event )?(?:source|type|category|description)(?![\w/\\.:=-]))",
    re.IGNORECASE,
)
_WIDE = regex(r"(?: {2,}|\t) *")
_CELLS = (4, 6)
_BREAKS = str.maketrans(dict.fromkeys("\t,;|", " "))
_PAIR = regex(r"\s{0,24}\"(?P<key>[A-Za-z][\w ]{1,40})\"\s{0,3}:\s{0,3}\"?(?P<value>[^\n]*?)\"?,?\s{0,8}")
_KEY = regex(
    r"[\"'`]?(?:[0-9a-f]{8}-[0-9a-f]{4}-|(?=\d{1,40}[a-f])[0-9a-f]{12,64}(?![\w-])|\d{11,64}(?!\w)|\d{1,10}:[0-9a-f]{6,64}\b)",
    re.IGNORECASE,
)
"""`"EventId": "23813a46-a9e6-…"`, `"eventID": "878960a6967867e2da16b27380a27328"`: logs of other systems have keys for
numbers."""

_BEFORE_LABEL = " (|>*\"'`[-\u2022"
_MAX_WORDS = 5
_MAX_LABEL = 48
_LEAD = regex(rf"[\s>*•·\-\u2013—\"'`#(|]*(?:(?:{STAMP}|{TIME})[\s:,;|-]{{1,4}})?(?:\w{{1,12}}:\s{{1,3}})?$")
_PREFIX = regex(
    r"[\s>*\"'`-]*(?P<source>(?!Q\d)[A-Z][\w.-]{1,30}(?: [A-Z]\w{1,20}){0,3}?)[\s,:-]{0,3}"
    r"(?=[Ee](?:vent|VENT) ?I[Dd]\b)"
)
_NUMBERED = regex(
    r"[\s>*\"'`-]*(?:Error|Warning|Event|Stop|Information)\s+#?(?P<id>\d{1,5})[\s,:-]{1,3}(?=Source\b)", re.IGNORECASE
)
_GLUED = regex(r"(?<=[A-Za-z])(?=Description:|Source:|Type:|Category:|Event ID\b)")
_GLUED_LABELS = ("Description:", "Source:", "Type:", "Category:", "Event ID")
_BARE_WORDS = ("event", "source", "type", "category", "description", "事件", "イベント")
_LAST_WORDS = frozenset(label.rpartition(" ")[2] for label in (*FIELD_OF, *WEAK_IDS))
"""What stands right before a label's separator; timestamps and most other text with colons fail this first test."""

_MISTYPED = regex(r"(?<![\w./\\])(?P<lead>[A-Z]\w{3,5} )?(?P<word>[A-Z][A-Za-z]{2,12})\s?:")
NO_SOURCES = frozenset(
    {
        "the",
        "an",
        "a",
        "in",
        "error",
        "warning",
        "see",
        "log",
        "windows",
        "windows nt",
        "this",
        "when",
        "source",
        "date",
        # `Noticed Event ID 1026 for .NET Framework`: a person's sentence
        *(
            "noticed",
            "understanding",
            "saw",
            "got",
            "found",
            "see",
            "seeing",
            "getting",
            "check",
            "also",
            "only",
            "same",
            "another",
        ),
        *("with", "has", "having", "and", "for", "from", "of", "at", "then", "there", "my", "following", "related"),
    }
)


class Field(Struct, frozen=True):
    """A labelled value; `start` is its label's column, `explicit` says that a colon or the like stands after it."""

    name: str
    value: str
    start: int
    explicit: bool
    weak: bool = False


class RowFields(Struct, frozen=True):
    """The fields of a row, and the text before the first of them."""

    fields: tuple[Field, ...]
    before: str = ""

    @property
    def leads(self) -> bool:
        """Whether the row begins with a label."""
        return bool(self.fields) and not self.before


def normal(row: str) -> str:
    """The row with typographic apostrophes and blanks made plain, and labels that lost the blank before them parted.

    Exports to JSON quote both: `"EventID":  7031,` is `EventID: 7031`.
    """
    row = row[:MAX_ROW] if row.isascii() else row.translate(_APOSTROPHES)[:MAX_ROW]
    if (pair := _PAIR.fullmatch(row) if row.lstrip(" ")[:1] == '"' else None) is not None:
        row = f"{pair['key']}: {pair['value']}"
    return _GLUED.sub(" ", row) if any(label in row for label in _GLUED_LABELS) else row


def is_pair(row: str) -> bool:
    """Whether the row is a name and its value of a JSON object."""
    return row.lstrip(" ")[:1] == '"' and _PAIR.fullmatch(row[:MAX_ROW]) is not None


def _columns(row: str) -> RowFields | None:
    """The fields of a row that has label and value twice, with blanks alone between them: the viewer's columns.

    `Date      1/19/97           Event ID    1027`
    """
    cells = _WIDE.split(row.strip())
    if len(cells) not in _CELLS or any(cell.lower() not in FIELD_OF for cell in cells[::2]):
        return None
    named = zip(cells[::2], cells[1::2], strict=True)
    return RowFields(tuple(Field(FIELD_OF[label.lower()], value, 0, explicit=True) for label, value in named))


@lru_cache(maxsize=256)
def fields_of(row: str, *, header: bool) -> RowFields:
    """Labelled fields of a row (from `normal`); `header` says that rows of an event's header stand right above.

    A label counts where a separator follows and it stands at the start of the row or after another label of it; the
    event's number counts anywhere. Without a separator it counts only in a header (`Source MSExchangeIMC`).
    """
    if "  " in row and (columns := _columns(row)) is not None:
        return columns
    marks: list[tuple[int, int, str, bool, bool]] = []
    lowered = row.lower()
    numbered = _NUMBERED.match(row) if "source" in lowered else None
    prefix = _PREFIX.match(row) if "event" in lowered else None
    offset = 0
    if numbered is not None:
        marks.append((numbered.start("id"), numbered.start("id"), "id", True, False))
        offset = numbered.end()
    elif prefix is not None and not NO_SOURCES & {prefix["source"].lower(), prefix["source"].lower().split(" ")[0]}:
        marks.append((prefix.start("source"), prefix.start("source"), "source", True, False))
        offset = prefix.end()
    for label in _labels(row, offset):
        leads = not marks and _LEAD.fullmatch(row, 0, label.start) is not None
        named = any(mark[2] == "text" for mark in marks)
        if named and not (label.field == "id" and label.separator):
            continue
        if _counts(row, label, leads=leads, marks=bool(marks), header=header):
            marks.append((label.start, label.end, label.field, bool(label.separator), label.weak))
    if header or marks:
        said = min((start for start, _, name, *_ in marks if name == "text"), default=len(row))
        marks += [mark for mark in _mistyped(row, [(start, end) for start, end, *_ in marks]) if mark[0] < said]
        marks.sort()
    fields = tuple(
        Field(
            name, row[end : marks[i + 1][0] if i + 1 < len(marks) else len(row)].strip(" \t,;|/"), start, explicit, weak
        )
        for i, (start, end, name, explicit, weak) in enumerate(marks)
    )
    before = row[: marks[0][0]] if marks else row
    leads = bool(marks) and (_LEAD.fullmatch(before) is not None or near(before.strip(" -*").lower(), "event"))
    return RowFields(fields, "" if leads else before.strip())


class _Label(Struct, frozen=True):
    """A label in a row, as printed; `end` is after its separator."""

    start: int
    end: int
    printed: str
    separator: str

    @property
    def weak(self) -> bool:
        return self.printed.lower() in WEAK_IDS

    @property
    def field(self) -> str:
        return "id" if self.weak else FIELD_OF[self.printed.lower()]


def _labels(row: str, offset: int) -> list[_Label]:
    """Every label of the row from `offset` on: the longest known words before a separator, and bare ones."""
    found: list[_Label] = []
    spaced = row.translate(_BREAKS)
    done = offset
    for match in _SEPARATOR.finditer(row, offset):
        start = _label_start(spaced, done, match.start())
        if start is not None:
            printed = " ".join(spaced[start : match.start()].split())
            found.append(_Label(start, match.end(), printed, match.group().strip()))
            done = match.end()
    lowered = row.lower()
    if any(word in lowered for word in _BARE_WORDS) and _BARE.search(row, offset) is not None:
        spans = [(label.start, label.end) for label in found]
        for match in _BARE.finditer(row, offset):
            if not any(start < match.end() and match.start() < end for start, end in spans):
                printed = " ".join(match.group().split())
                found.append(_Label(match.start(), match.end(), printed, ""))
        found.sort(key=lambda label: label.start)
    return found


def _label_start(row: str, low: int, end: int) -> int | None:
    """Where the longest label that ends at `end` starts, in at most five words."""
    low = max(low, end - _MAX_LABEL)
    head = row[low:end].rstrip()
    if head[head.rfind(" ") + 1 :].lstrip(_BEFORE_LABEL).lower() not in _LAST_WORDS:
        return None
    best = None
    at = end
    for _ in range(_MAX_WORDS):
        at = row.rfind(" ", low, at)
        start = max(at + 1, low)
        while start < end and row[start] in _BEFORE_LABEL:
            start += 1
        label = " ".join(row[start:end].lower().split())
        if (label in FIELD_OF or label in WEAK_IDS) and (start == 0 or not row[start - 1].isalnum()):
            best = start
        if at < 0:
            break
    return best


def _counts(row: str, label: _Label, *, leads: bool, marks: bool, header: bool) -> bool:
    rest = row[label.end :].lstrip()
    name, separator = label.field, label.separator
    if name == "id" and _KEY.match(rest) is not None:
        return False
    if name == "id" and not label.weak:
        return rest[:1].isdigit() or (separator != "" and rest[:1] in "(<xX%" and (leads or marks))
    if name in {"data", "other"} and not leads:
        return False
    capital = not label.printed[:1].islower() or (marks and separator in {":", "="})
    if label.weak:
        # `Date: 4/3/1999 Event: 1053`, as people copy the viewer's two columns.
        return (leads or marks) and separator[-1:] == ":" and rest[:1].isdigit() and capital
    if separator == ",":
        return marks and capital and label.printed.lower() == "description"
    if separator.startswith(("-", "\u2013")):
        known = marks or (header and (leads or label.printed.isupper()))
        return capital and known and name in {"source", "type", "category", "text"}
    if separator:
        return leads or (capital and (marks or header))
    return capital and name in {"source", "type", "category", "text"} and ((leads and header) or marks)


def _mistyped(row: str, taken: list[tuple[int, int]]) -> list[tuple[int, int, str, bool, bool]]:
    """Labels with one typing error: `Caetgory: None`, `Evnet Type: Error`."""
    found: list[tuple[int, int, str, bool, bool]] = []
    for match in _MISTYPED.finditer(row):
        word = match["word"].lower()
        if word in FIELD_OF or any(start < match.end() and match.start() < end for start, end in taken):
            continue
        target = next((label for label in MISTYPED if near(word, label)), None)
        if target is None:
            continue
        lead = match["lead"]
        start = match.start() if lead is not None and near(lead.strip().lower(), "event") else match.start("word")
        found.append((start, match.end(), FIELD_OF[target], True, False))
    return found
