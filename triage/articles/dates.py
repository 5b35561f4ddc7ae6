"""Dates in the spellings of the archive."""

import re
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MDY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})")
_DMY = re.compile(r"(\d{1,2})-([a-z]{3})[a-z]{0,6}-(\d{4}|\d{2})", re.IGNORECASE)
_NAMED_FIRST = re.compile(r"([a-z]{3})[a-z]{0,6}-(\d{1,2})-(\d{4}|\d{2})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def iso_date(printed: str) -> str | None:
    """11/17/98, 05-05-00, 11-Oct-2001, Nov-13-2001 or 1999-01-31 as an ISO date; None for anything else.

    Years of two digits from 80 on are of the last century. Dates of numbers are month first, as the archive is of the
    United States, unless only the second number can be the month.
    """
    if match := _DMY.fullmatch(printed):
        return _date(match[3], _month(match[2]), match[1])
    if match := _NAMED_FIRST.fullmatch(printed):
        return _date(match[3], _month(match[1]), match[2])
    if match := _ISO.fullmatch(printed):
        return _date(match[1], int(match[2]), match[3])
    if match := _MDY.fullmatch(printed):
        first, second = int(match[1]), int(match[2])
        return _date(match[3], second, first) if first > 12 >= second else _date(match[3], first, second)
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name.lower()) + 1 if name.lower() in _MONTHS else 0


def _date(year: str, month: int, day: int | str) -> str | None:
    full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 80 else 2000)
    return f"{full}-{month:02}-{int(day):02}" if 1 <= month <= 12 and 1 <= int(day) <= 31 else None
