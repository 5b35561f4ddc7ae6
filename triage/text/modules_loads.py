"""`ModLoad:` rows: what live debuggers print as images are loaded.

    ModLoad: 7c900000 7c9b2000   ntdll.dll
    ModLoad: 00007ffb`5fde0000 00007ffb`5fe8c000   C:\\Windows\\WinSxS\\amd64_x\\COMCTL32.dll
    CDB ModLoad: 0b950000 0b982000 Mdbrest.dll

Folklore: articles and mails run rows together and wrap them anywhere, even between the addresses:
"ModLoad: 689d0000" / "689dd000 D:\\Winnt\\System32\\Resutils.dll ModLoad: 6a750000 6a76e000". So rows are found by
their word, not by their lines, and end with the file name, whatever follows on the line.
"""

import re
from collections.abc import Iterator, Sequence

from triage.model.evidence import Damage, Module
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_names import base_name, end_of_path, read_path

_WORD = regex(r"\bModLoad:", re.IGNORECASE)
HEX = r"(?:[0-9a-fA-F]{1,8}`[0-9a-fA-F]{8}|[0-9a-fA-F]{6,16})"
_ADDRESSES = regex(rf"\s{{0,80}}(?:0x)?({HEX})\s{{1,80}}(?:0x)?({HEX})(?=\s|$)\s{{0,80}}")
# A row as debuggers print it, on a line of its own: most are. All others are taken apart step by step.
_PLAIN = regex(
    rf"ModLoad:[ \t]{{1,8}}({HEX})[ \t]{{1,8}}({HEX})[ \t]{{1,8}}"
    r"((?:[A-Za-z]:)?[A-Za-z\\][\w\\.$~#{}&+@ -]{0,260}\.(?:dll|exe|sys|drv|ocx|DLL|EXE|SYS|DRV|OCX))"
)
_MAX_LENGTH = 1_600
_MAX_NEWLINES = 2


def read_loads(text: Text) -> Iterator[Module | Damage]:
    """A module for each row, in order; Damage for a row that was cut before its name."""
    rows, numbers = text.rows, text.numbers
    holding = text.holding(("modload:",))
    names: dict[str, tuple[str, str | None] | None] = {}
    is_plain = _PLAIN.fullmatch
    for place, index in enumerate(holding):
        plain = is_plain(rows[index])
        if plain is not None:
            first, last, path = plain.groups()
            named = names.get(path)
            if named is None and path not in names:
                named = names[path] = _named(path)
            if named is not None:
                number = numbers[index]
                yield Module(
                    name=named[0],
                    base=int(first.replace("`", ""), 16),
                    end=int(last.replace("`", ""), 16),
                    path=named[1],
                    lines=(number, number),
                )
                continue
        yield from _apart(text, holding, place)


def _named(path: str) -> tuple[str, str | None] | None:
    """Name and path of a plain row's image; None where the path ends before the row does, or goes on behind it."""
    if " " in path and end_of_path(path) != len(path):
        return None
    name = base_name(path)
    return name, path if path != name else None


def _apart(text: Text, holding: Sequence[int], place: int) -> Iterator[Module | Damage]:
    """The modules of a row that is not plain, the one at `place` of those that hold the word."""
    joined, row = text.joined, holding[place]
    words = [
        (text.starts[row] + found.start(), text.starts[row] + found.end()) for found in _WORD.finditer(text.rows[row])
    ]
    if not words:
        return
    near = min(words[-1][1] + _MAX_LENGTH, len(joined))
    following = near
    for index in map(holding.__getitem__, range(place + 1, len(holding))):
        if text.starts[index] >= near:
            break
        if found := _WORD.search(text.rows[index]):
            following = text.starts[index] + found.start()
            break
    for index, (start, end) in enumerate(words):
        limit = min(words[index + 1][0] if index + 1 < len(words) else following, end + _MAX_LENGTH)
        segment = joined[end:limit]
        addresses = _ADDRESSES.match(segment)
        if addresses is None:
            if _looks_cut(segment):
                yield Damage(text.lines_of(start, end), "a ModLoad row is cut off before its name")
            continue
        rows = segment[addresses.end() :].split("\n")
        gap = segment[addresses.end(2) : addresses.end()].count("\n")
        begin = end + addresses.end()
        lead = begin - 1 - joined.rfind("\n", max(begin - 200, 0), begin)
        here = gap <= _MAX_NEWLINES and not _is_message(rows[0])
        path, last, column = read_path(rows, lead) if here else ("", 0, 0)
        name = base_name(path)
        if not name:
            yield Damage(text.lines_of(start, end + addresses.end(2)), "a ModLoad row is cut off before its name")
            continue
        stop = begin + sum(len(row) + 1 for row in rows[:last]) + column
        yield Module(
            name=name,
            base=address(addresses[1]),
            end=address(addresses[2]),
            path=path if path != name else None,
            lines=text.lines_of(start, stop),
        )


def address(digits: str) -> int:
    """The number of an address as printed, with or without its backtick."""
    return int(digits.replace("`", "") if "`" in digits else digits, 16)


_CUT = regex(r"\s{1,80}(?:0x)?[0-9a-fA-F`]{1,17}(?:\s{1,8}(?:0x)?[0-9a-fA-F`]{1,17})?[ \t\r]{0,80}(?:\n|$)")
_MESSAGE = regex(r"\s*(?:\([0-9a-fA-F]{1,5}\.[0-9a-fA-F]{1,5}\):|\*{3}|\d{1,3}:\d{3}>|[er]ax=|Access violation)")


def _looks_cut(segment: str) -> bool:
    return _CUT.match(segment) is not None or not segment.strip()


def _is_message(row: str) -> bool:
    return _MESSAGE.match(row) is not None
