"""Splitting a row of an event into labelled fields: `Event ID: 2000   Source: Srv`, `EVENT ID - 7023 SOURCE - …`."""

import re

from msgspec import Struct

from triage.text.event_labels import FIELD_OF, LABELS, MISTYPED, WEAK_IDS
from triage.text.messages import near

MAX_ROW = 8_000

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u00a0": " ", "\u202f": " "})
_LABEL = re.compile(
    r"(?<![\w./\\-])(?P<label>"
    + "|".join(re.escape(label).replace(r"\ ", r"\s{1,2}") for label in sorted({*FIELD_OF, *WEAK_IDS}, key=len, reverse=True))
    + r")(?![\w/\\.-]*[\w\\])(?P<sep>\s{0,14}#?\s?[:：=]+|\s{0,3}#|\s{1,3}[-–]+(?=\s|$)|,(?=\s)|)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"[\s>*•·\-–—\"'`#(|]*(?:\w{1,12}:\s{1,3})?$")
_PREFIX = re.compile(r"[\s>*\"'`-]*(?P<source>[A-Z][\w.:-]{1,30}(?: [A-Z]\w{1,20}){0,3}?)[\s,:-]{0,3}(?=[Ee](?:vent|VENT) ?I[Dd]\b)")
_NUMBERED = re.compile(r"[\s>*\"'`-]*(?:Error|Warning|Event|Stop|Information)\s+#?(?P<id>\d{1,5})[\s,:-]{1,3}(?=Source\b)", re.IGNORECASE)
_GLUED = re.compile(r"(?<=[A-Za-z])(?=Description:|Source:|Type:|Category:|Event ID\b)")
_MISTYPED = re.compile(r"(?<![\w./\\])(?P<lead>[A-Z]\w{3,5} )?(?P<word>[A-Z][A-Za-z]{2,12})\s?:")
_NO_SOURCES = frozenset({"the", "an", "a", "in", "error", "warning", "see", "log", "windows", "windows nt", "this", "when", "microsoft"})


class Field(Struct, frozen=True):
    """A labelled value; `start` is the column of the label, `explicit` says that a colon or the like stands after it."""

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
    """The row with typographic apostrophes and blanks made plain, and labels that lost the blank before them parted."""
    return _GLUED.sub(" ", row.translate(_APOSTROPHES)[:MAX_ROW])


def fields_of(row: str, *, header: bool) -> RowFields:
    """Labelled fields of a row (from `normal`); `header` says that rows of an event's header stand right above.

    A label counts where a separator follows and it stands at the start of the row or after another label of it; the
    event's number counts anywhere. Without a separator it counts only in a header (`Source MSExchangeIMC`).
    """
    marks: list[tuple[int, int, str, bool, bool]] = []
    numbered = _NUMBERED.match(row)
    prefix = _PREFIX.match(row)
    offset = 0
    if numbered is not None:
        marks.append((numbered.start("id"), numbered.start("id"), "id", True, False))
        offset = numbered.end()
    elif prefix is not None and prefix["source"].lower() not in _NO_SOURCES:
        marks.append((prefix.start("source"), prefix.start("source"), "source", True, False))
        offset = prefix.end()
    for match in _LABEL.finditer(row, offset):
        label = re.sub(r"\s+", " ", match["label"].lower())
        separator = match["sep"].strip()
        leads = not marks and _LEAD.fullmatch(row, 0, match.start()) is not None
        weak = label in WEAK_IDS
        name = "id" if weak else FIELD_OF[label]
        if _counts(row, match, name, separator, leads=leads, weak=weak, marks=bool(marks), header=header):
            marks.append((match.start(), match.end(), name, bool(separator), weak))
    if header or marks:
        marks += _mistyped(row, [(start, end) for start, end, *_ in marks])
        marks.sort()
    fields = tuple(
        Field(name, row[end : marks[i + 1][0] if i + 1 < len(marks) else len(row)].strip(" \t,;|/"), start, explicit, weak)
        for i, (start, end, name, explicit, weak) in enumerate(marks)
    )
    before = row[: marks[0][0]] if marks else row
    leads = bool(marks) and (_LEAD.fullmatch(before) is not None or near(before.strip(" -*").lower(), "event"))
    return RowFields(fields, "" if leads else before.strip())


def _counts(
    row: str, match: re.Match[str], name: str, separator: str, *, leads: bool, weak: bool, marks: bool, header: bool
) -> bool:
    rest = row[match.end() :].lstrip()
    if name == "id" and not weak:
        return rest[:1].isdigit() or (separator != "" and rest[:1] in "(<xX%" and (leads or marks))
    capital = not match["label"][:1].islower()
    if weak:
        return leads and separator[-1:] == ":" and rest[:1].isdigit() and capital
    if separator == ",":
        return marks and capital and name in {"text", "source", "type"}
    if separator.startswith(("-", "–")):
        known = marks or (header and (leads or match["label"].isupper()))
        return capital and known and name in {"source", "type", "category", "text"}
    if separator:
        return leads or (capital and (marks or header))
    known = match["label"].lower() in LABELS[name][:2]
    return capital and known and name in {"source", "type", "category", "text"} and ((leads and header) or marks)


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
