"""Events exported as comma- or tab-separated text: by the event viewer (Windows NT to 11), Export-Csv, dumpel.

The viewer of Windows NT to 2003 writes no header: `4/8/2000,2:58:36 PM,Srv,Error,None,2000,N/A,LEDGER01,The …`.
Later viewers write the column names in the system's language, and the description in a column without a name.
"""

import csv
import re
from collections.abc import Iterator

from triage.text.event_labels import FIELD_OF
from triage.text.event_record import MAX_EVENTS, Record, clean, number_of, tidy, type_of
from triage.text.folding import Likely
from triage.text.lazy import regex
from triage.text.lines import Text

_MAX_HEADERS = 20

_HEADER = regex(r"\ufeff?\"?[\w#. ]{1,40}\"?(?:[,;\t]\"?[^,;\t\n\"]{1,60}\"?){2,40}[,;\t]?\s*$")
_HEADERLESS = regex(
    r"(?P<date>\d{1,4}[./-]\d{1,2}[./-]\d{2,4})(?P<separator>[,\t;])(?P<time>[\d:. APMapm]{4,14})(?P=separator)"
    r"(?P<source>[^,\t;\n]{1,80})(?P=separator)(?P<type>[^,\t;\n\d]{3,30})(?P=separator)(?P<category>[^,\t;\n]{0,60})(?P=separator)"
    r"(?P<id>\d{1,6})(?P=separator)(?P<user>[^,\t;\n]{0,80})(?P=separator)(?P<computer>[^,\t;\n]{0,80})(?:(?P=separator)(?P<text>[^\n]{0,8000}))?$"
)
_LISTED = regex(r"(?:[^,\t;\n]{1,80}(?P<separator>[,\t;])\s?)(?:[^,\t;\n]{0,80}(?P=separator)\s?){4,8}[^\n]{1,8000}$")
_STAMPED = regex(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?"
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|[A-Z][a-z]{2} {1,2}\d{1,2})[ T]{1,3}"
    r"\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?(?: \d{4})?"
)
_MOST_CELLS = 9
_SEPARATED = Likely(rb"[,;\t].*[,;\t]", words=(",", ";", "\t"))


def read_csv_events(text: Text) -> tuple[Record, ...]:
    """Every event of the text's tables, in its order."""
    records: list[Record] = []
    done = 0
    headers = 0
    for index in text.likely(_SEPARATED):
        row = text.rows[index]
        if index < done or len(row) > 2_000_000:
            continue
        if row[:1].isdigit() and (match := _HEADERLESS.match(row[:10_000])) is not None:
            record = _headerless(text, index, match)
            if record is not None:
                records.append(record)
        elif (record := _listed(text, index)) is not None:
            records.append(record)
        elif headers < _MAX_HEADERS and _HEADER.match(row[:4_000]) and (columns := _columns(row)) is not None:
            headers += 1
            done = index + 1
            for record, last in _table(text, index + 1, *columns):
                records.append(record)
                done = last + 1
        if len(records) >= MAX_EVENTS:
            break
    return tuple(records[:MAX_EVENTS])


def _columns(row: str) -> tuple[str, list[str | None]] | None:
    """Delimiter and the field of each column, where the row names those of events."""
    delimiter = max(",;\t", key=row.count)
    names = [cell.strip().strip('"').lower().lstrip("\ufeff") for cell in row.split(delimiter)]
    fields = ["id" if name == "id" else FIELD_OF.get(name) for name in names]
    return (delimiter, fields) if "id" in fields and "source" in fields else None


def _table(text: Text, start: int, delimiter: str, columns: list[str | None]) -> Iterator[tuple[Record, int]]:
    """Records of the table, each with the index of its last row."""
    reader = csv.reader((f"{row}\n" for row in text.rows[start:]), delimiter=delimiter)
    first = start
    while True:
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            return
        last = start + reader.line_num - 1
        if len(cells) < max(2, len(columns) - 1):
            return
        values: dict[str, str] = {}
        for field, cell in zip(columns, cells, strict=False):
            if field is not None:
                values.setdefault(field, cell)
        body = values.get("text") or (cells[len(columns)] if len(cells) > len(columns) else "")
        number = number_of(values.get("id", "").strip())
        if number is None:
            return
        yield (
            Record(
                lines=(text.numbers[first], text.numbers[min(last, len(text.numbers) - 1)]),
                source=clean(values.get("source")),
                id=number,
                type=type_of(values.get("type")),
                category=clean(values.get("category")),
                log=clean(values.get("log")),
                time=clean(values.get("time")),
                computer=clean(values.get("computer")),
                body=tidy(body),
            ),
            last,
        )
        first = last + 1


def _listed(text: Text, index: int) -> Record | None:
    """A row of another tool's list without heads, whose cells tell by themselves what they are.

    14235,System,Service Control Manager,ERROR,LEDGER01,Mon Feb 11 14:25:12 2013,7031,None,The …        psloglist -s
    7031,ERROR,Service Control Manager,Mon Feb 11 14:25:12 2013,No User,The Ledger service terminated …

    Of its first cells one is the word of a type, one a date with its time, one or two are numbers; where two are, the
    first numbers the records. The source stands before the type where words do, else behind it; the text comes last.
    """
    row = text.rows[index][:10_000]
    found = _LISTED.match(row)
    if found is None:
        return None
    cells = [cell.strip().strip('"') for cell in row.split(found["separator"], _MOST_CELLS)]
    typed = next((at for at, cell in enumerate(cells[:5]) if cell.isalpha() and type_of(cell) is not None), None)
    timed = next((at for at, cell in enumerate(cells[:8]) if _STAMPED.fullmatch(cell) is not None), None)
    numbered = [at for at, cell in enumerate(cells[:8]) if cell.isdecimal() and len(cell) <= 10]
    if typed is None or timed is None or not 1 <= len(numbered) <= 2 or numbered[0] != 0:
        return None
    number = number_of(cells[numbered[-1]])
    before = cells[typed - 1] if typed else ""
    source = before if before and not before.isdecimal() else cells[typed + 1]
    last = max(typed, timed, *numbered) + 2
    if number is None or len(cells) <= last or source.isdecimal() or _STAMPED.fullmatch(source) is not None:
        return None
    line = text.numbers[index]
    return Record(
        lines=(line, line),
        source=clean(source),
        id=number,
        type=type_of(cells[typed]),
        time=cells[timed],
        body=tidy(row.split(found["separator"], last)[last].strip(' "')),
    )


def _headerless(text: Text, index: int, match: re.Match[str]) -> Record | None:
    """A row of the old viewer's export; the word of the type must be one of an event's."""
    kind = type_of(match["type"])
    if kind is None:
        return None
    number = text.numbers[index]
    return Record(
        lines=(number, number),
        source=clean(match["source"]),
        id=number_of(match["id"]),
        type=kind,
        category=clean(match["category"]),
        time=f"{match['date']} {match['time']}",
        computer=clean(match["computer"]),
        body=tidy((match["text"] or "").strip('"')),
    )
