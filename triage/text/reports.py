"""What the readers of other programs' crash reports share: parts of a text, numbers, images and the places in them.

A crash report of a program that has its own handler (games, Delphi, Java, Wine) is a run of rows that begins with a row
of fixed words. Its readers look for those words with `rows_with`, take the rows of the report, and say which lines they
understood, so that no reader of debugger text takes them for a debugger's.
"""

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from triage.model.evidence import Access, Frame, Lines, Module
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_names import base_name

MAX_REPORTS = 1_000
MAX_FRAMES = 1_000
MAX_MODULES = 20_000

_ACCESS = regex(r"\b(?:(read)|(writ)|(execut))", re.IGNORECASE)
_HEX = regex(r"(?:0x|\$)?([0-9a-f]{1,16})h?", re.IGNORECASE)


def rows_with(text: Text, *words: str, most: int = 50_000) -> list[int]:
    """Indices of the rows that hold one of the words (as written, case and all), in order; at most `most` per word."""
    found: set[int] = set()
    joined = text.joined
    for word in words:
        if text.lacks(word):
            continue
        at, left = joined.find(word), most
        while at >= 0 and left > 0:
            row = text.row_of(at)
            found.add(row)
            left -= 1
            end = joined.find("\n", at)
            at = -1 if end < 0 else joined.find(word, end)
    return sorted(found)


def part(text: Text, first: int, end: int) -> Text:
    """The rows from `first` up to `end` as a text of its own, which keeps their line numbers."""
    return Text(text.rows[first:end], text.numbers[first:end], encoding=text.encoding)


def span(text: Text, first: int, last: int) -> Lines:
    """The source lines of the rows from `first` to `last`; a section whose heading is the last row has none behind."""
    end = len(text.numbers) - 1
    return (text.numbers[min(first, end)], text.numbers[min(max(first, last), end)])


def number(printed: str | None) -> int | None:
    """A hexadecimal number as any of these programs print it: 0x7ff6, $dc4, 00414000h, 0000`00414000."""
    found = None if printed is None else _HEX.fullmatch(printed.strip().replace("`", ""))
    return None if found is None else int(found[1], 16)


def access_of(words: str | None) -> Access | None:
    """The kind of access that "reading address", "Write of address", "execute access" tell of."""
    found = None if words is None else _ACCESS.search(words)
    if found is None:
        return None
    return "read" if found[1] else "write" if found[2] else "execute"


def image(path: str | None) -> str | None:
    """The file name of a path, without quotes; None where nothing is left."""
    return (base_name(path.strip().strip("\"'")) or None) if path else None


def program_of(names: Iterable[str | None]) -> str | None:
    """The first of the names that is a program's."""
    return next((name for name in names if name and name.lower().endswith(".exe")), None)


def holder(modules: Sequence[Module], address: int | None) -> Module | None:
    """The module that holds the address; modules without an end hold nothing."""
    if address is None:
        return None
    return next(
        (one for one in modules if one.base is not None and one.end is not None and one.base <= address < one.end),
        None,
    )


def placed(frame: Frame, modules: Sequence[Module]) -> Frame:
    """The frame with its offset from the module's base, where it names an address and nothing better."""
    if frame.address is None or frame.function is not None or frame.offset is not None:
        return frame
    owner = holder(modules, frame.address)
    if owner is None or owner.base is None:
        return frame
    return replace(frame, module=frame.module or owner.name, offset=frame.address - owner.base)


def place(frame: Frame | None, modules: Sequence[Module]) -> tuple[str | None, int | None, str | None]:
    """Module, offset from its base, and function of a frame. Behind a function's name stands an offset of its own."""
    if frame is None:
        return None, None, None
    if frame.function is None:
        return frame.module, frame.offset, None
    owner = holder(modules, frame.address)
    offset = None if owner is None or owner.base is None or frame.address is None else frame.address - owner.base
    return frame.module, offset, frame.function


def first_match(rows: Iterable[str], pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The first match of the pattern at the start of a row."""
    return next((found for row in rows if row and (found := pattern.match(row[:600])) is not None), None)
