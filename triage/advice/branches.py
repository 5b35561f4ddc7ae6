"""Which of two file versions is the newer one, told only where they are of one line of development.

Beside the numbers, printed versions name the line in brackets: `5.1.2600.3099 (xpsp_sp2_gdr.070308-0222)`. From
Windows XP Service Pack 2 on, fixes went into two lines: GDR has what everybody gets, QFE all hotfixes as well. Their
numbers run side by side, so that a higher number of one says nothing of a fix in the other.
"""

from re import IGNORECASE
from typing import Literal

from msgspec import Struct

from triage.model.version import FileVersion, compare, parse_version
from triage.text.lazy import regex

Line = Literal["gdr", "qfe"]

_LINE = regex(r"[_.](gdr|qfe|ldr)(?![a-z])", IGNORECASE)
_SEARCHED = 80


class Version(Struct, frozen=True):
    """A printed version: its numbers, the line that the print names, and the print itself on one line."""

    numbers: FileVersion
    line: Line | None
    text: str


def read(printed: str | None) -> Version | None:
    """The version that a log, a file table or a file itself shows; None where there is none."""
    numbers = parse_version(printed)
    if numbers is None or printed is None:
        return None
    text = " ".join(printed[:_SEARCHED].split())
    named = _LINE.search(text)
    line: Line | None = None if named is None else "gdr" if named[1].lower() == "gdr" else "qfe"
    return Version(numbers, line, text)


def order(found: Version, fixed: Version) -> int | None:
    """-1 where `found` is older than `fixed`, 0 or 1 where it is the same or newer, None where that cannot be told."""
    if found.line is not None and fixed.line is not None and found.line != fixed.line:
        return None
    return compare(found.numbers, fixed.numbers)
