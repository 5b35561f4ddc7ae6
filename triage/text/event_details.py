"""Events as the viewer's "Details" page shows them, in its friendly view: a tree of names and values.

    - System
      - Provider
       [ Name]  Microsoft-Windows-Kernel-Power
       [ Guid]  {331C3B3A-2005-44C2-AC5E-77220C37D6B4}
       EventID 41
       Level 1
      - TimeCreated
       [ SystemTime]  2017-01-01T10:34:23.587306400Z
       Channel System
       Computer LEDGER
    - EventData
      BugcheckCode 59
      BugcheckParameter1 0xc0000005

Folklore: nothing stands between a name and its value but a blank. The strings of the older sources have no names, then
every row is a value. Copying puts a blank row behind each. Of Application Error people copy the data alone; no other
event's has its names.
"""

from collections.abc import Iterator

from triage.text.event_record import Record, number_of, type_of
from triage.text.event_xml import OF_1000, audit_of
from triage.text.lazy import regex
from triage.text.lines import Text

MAX_EVENTS = 2_000
_NAME = regex(r"\s{0,40}\[ ?Name ?\]\s{1,8}(?P<value>\S[^\n]{0,120})")
_ID = regex(r"[\s-]{0,40}EventID\s{1,8}(?P<id>\d{1,10})\s{0,4}")
_FIELD = regex(
    r"[\s-]{0,40}(?:\[ ?)?(?P<name>Level|Channel|Computer|Keywords|SystemTime)(?: ?\])?\s{1,8}(?P<value>\S[^\n]{0,120})"
)
_DATA = regex(r"[\s-]{0,40}(?:EventData|UserData)\s{0,4}")
_NAMED = regex(r"\s{0,40}(?P<name>[A-Za-z]\w{2,60})(?:\s{1,8}(?P<value>\S[^\n]{0,400}))?\s{0,8}")
_ABOVE = 6
_TO_ID = 12
_REACH = 160
_MOST_BLANKS = 3
_LONGEST = 400


def read_details(text: Text) -> tuple[Record, ...]:
    """Every event of the text that stands in it as that tree, in its order."""
    records: list[Record] = []
    last = -1
    for index in text.holding(("name]",)):
        named = _NAME.fullmatch(text.rows[index][:200]) if index > last else None
        record = None if named is None or len(records) >= MAX_EVENTS else _record(text, index, named["value"].strip())
        if record is not None:
            records.append(record[0])
            last = record[1]
    for index in text.holding(("appname ",))[:MAX_EVENTS]:
        record = _of_data(text, index) if all(one.lines[1] < text.numbers[index] for one in records) else None
        if record is not None:
            records.append(record[0])
    return tuple(records)


def _of_data(text: Text, first: int) -> tuple[Record, int] | None:
    """Application Error 1000 of which only the data was copied."""
    begins = _NAMED.fullmatch(text.rows[first][:200])
    found = [] if begins is None or begins["name"] != "AppName" else [*_values(text, first)]
    if not {name for _, name, _ in found} >= OF_1000:
        return None
    last = found[-1][0]
    values = tuple((name, value) for _, name, value in found)
    lines = (text.numbers[first], text.numbers[last])
    return Record(lines=lines, source="Application Error", id=1000, values=values), last


def _record(text: Text, index: int, source: str) -> tuple[Record, int] | None:
    rows = text.rows
    found = (
        (at, hit["id"])
        for at in range(index + 1, min(index + _TO_ID, len(rows)))
        if (hit := _ID.fullmatch(rows[at][:80]))
    )
    at, number = next(found, (-1, ""))
    if at < 0:
        return None
    fields: dict[str, str] = {}
    last = at
    data = -1
    for row in range(at + 1, min(at + _REACH, len(rows))):
        if _DATA.fullmatch(rows[row][:80]) is not None:
            data = row
            break
        if _NAME.fullmatch(rows[row][:200]) is not None:
            break
        if (hit := _FIELD.fullmatch(rows[row][:200])) is not None:
            fields.setdefault(hit["name"], hit["value"].strip())
            last = row
    values: list[tuple[str | None, str]] = []
    if data >= 0:
        for row, name, value in _values(text, data + 1):
            values.append((name, value))
            last = row
    first = index
    while first > 0 and index - first < _ABOVE and rows[first - 1].strip(" \t-") in {"", "System", "Provider"}:
        first -= 1
    record = Record(
        lines=(text.numbers[first], text.numbers[last]),
        source=source,
        id=number_of(number),
        type=type_of(audit_of(fields.get("Keywords")) or fields.get("Level")),
        log=fields.get("Channel"),
        time=fields.get("SystemTime"),
        computer=fields.get("Computer"),
        values=tuple(values),
    )
    return record, last


def _values(text: Text, start: int) -> Iterator[tuple[int, str | None, str]]:
    """The rows below EventData: with names where the first of them has one, else values alone."""
    named: bool | None = None
    blanks = 0
    for index in range(start, min(start + _REACH, len(text.rows))):
        row = text.rows[index]
        if not row.strip():
            blanks += 1
            if blanks > _MOST_BLANKS:
                return
            continue
        blanks = 0
        hit = _NAMED.fullmatch(row[: _LONGEST + 200])
        named = (hit is not None and hit["value"] is not None) if named is None else named
        if len(row) > _LONGEST or row.lstrip().startswith(("- ", "[")) or (named and hit is None):
            return
        if named and hit is not None:
            yield index, hit["name"], (hit["value"] or "").strip()
        else:
            yield index, None, row.strip()
