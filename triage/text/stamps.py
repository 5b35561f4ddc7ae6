"""Date and time as rows of logs begin with them: `2004-04-08 13:25:10,120`, `[4/8/2004 1:25:10 PM]`, `Apr  8 13:25`.

A time alone (`13:25:10`) begins rows of prose, too: it counts where other rows of the log have it, or a label follows.
"""

from typing import Final

from triage.text.lazy import regex

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"

STAMP: Final = (
    r"[\[(<]?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?\s)?"
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|\d{{1,2}}[- ]{_MONTH}[- ]\d{{2,4}}"
    rf"|{_MONTH}\s{{1,2}}\d{{1,2}}(?:,?\s\d{{4}})?)[T\s,_-]{{1,4}}\d{{1,2}}:\d\d(?::\d\d)?(?:[.,]\d{{1,7}})?Z?"
    r"(?:\s?[AP]M\b)?[\])>]?"
)
"""Pattern of a stamp, with the brackets around it."""

TIME: Final = r"[\[(<]?\d{1,2}:\d\d:\d\d(?:[.,]\d{1,7})?(?:\s?[AP]M\b)?[\])>]?"
"""Pattern of a time alone, which has seconds."""

_STAMP = regex(STAMP)
_TIME = regex(TIME)
_LONGEST = 80


def is_stamped(row: str) -> bool:
    """Whether the row begins with date and time."""
    return _STAMP.match(row.lstrip()[:_LONGEST]) is not None


def is_timed(row: str) -> bool:
    """Whether the row begins with a time."""
    return _TIME.match(row.lstrip()[:_LONGEST]) is not None
