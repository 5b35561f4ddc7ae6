"""Header of an article: `Name: value` rows and the list of products that it applies to."""

import re
from collections.abc import Sequence
from typing import Final

MAX_HEADER_ROWS: Final = 40
MAX_APPLIES: Final = 60

_FIELD = re.compile(r"(Article|Product\(s\)|Version\(s\)|Operating System\(s\)|Keyword\(s\)|Last Modified): ?(.*)")
_APPLIES = re.compile(r"the information in this article applies to", re.IGNORECASE)
_RULE = re.compile(r"-{20,}$")


def read_fields(rows: Sequence[str]) -> tuple[dict[str, str], int]:
    """The header's fields by name, and the index of the first row after them. A value may go on over rows."""
    fields: dict[str, str] = {}
    name = ""
    index = 0
    for index, row in enumerate(rows[:MAX_HEADER_ROWS]):
        match = _FIELD.match(row)
        if match:
            name = match[1]
            fields[name] = match[2].strip()
        elif fields and (not row.strip() or _RULE.match(row)):
            return fields, index
        elif fields:
            fields[name] = f"{fields[name]} {row.strip()}"
    return fields, index


def read_applies(rows: Sequence[str], start: int) -> tuple[tuple[str, ...], int]:
    """The lines of the list of products, and the index of the first row after it; nothing where there is no list.

    The list stands between two rules; a row that is no item goes on with the item before it:

        -------------------------------------------------------------------------------
        The information in this article applies to:

        - Microsoft SNA Server, versions 2.0, 2.1, on platform(s):
           - the operating system: Microsoft Windows NT
        -------------------------------------------------------------------------------
    """
    reach = range(start, min(len(rows), start + MAX_HEADER_ROWS))
    index = next((at for at in reach if _APPLIES.match(rows[at])), -1)
    if index < 0:
        return (), start
    lines: list[str] = []
    for at in range(index + 1, min(len(rows), index + 1 + 4 * MAX_APPLIES)):
        row = rows[at].strip()
        if _RULE.match(row):
            return tuple(lines[:MAX_APPLIES]), at + 1
        if row.startswith("-"):
            lines.append(row.lstrip("- "))
        elif row and lines:
            lines[-1] = f"{lines[-1]} {row}"
        elif row:
            lines.append(row)
    return tuple(lines[:MAX_APPLIES]), index + 1
