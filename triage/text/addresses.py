"""The addresses that an incident's lines print, whoever prints them and whatever of.

Return addresses, instruction pointers and the operands of a disassembly are the only trace of a stack without symbols:

    0012f220 6c546801 00000000 00000000 00422560 00396328
    WINWORD caused an invalid page fault in module WINWORD.EXE at 0137:3000b8bb.
    00000067`e0f3f278 00007ff8`8a192e2d orchard!Post+0xa

Those of 64 bits are read where they stand in two halves, as debuggers print them.

Windows moves an image by multiples of 64 KiB, so that the low half of such a number is the same wherever it is loaded:
what compares them looks at that half.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable

from msgspec.structs import replace

from triage.model.evidence import Address, Incident
from triage.text.folding import Likely
from triage.text.lazy import regex
from triage.text.lines import Text

MAX_ADDRESSES = 48
MAX_ROWS = 400
"""Rows of one incident that are looked at: what is longer than that lists threads, not one fault."""

_ADDRESS = regex(r"(?<![\w.`])(?:0x)?(?:([0-9a-f]{8})`)?([0-9a-f]{8})h?(?!\w|\.\w|`)", re.IGNORECASE)
_LIKELY = Likely(rb"(?<![\w.])(?:0x)?0{8}h?(?!\w|\.\w)", in_word=True)
_LOW_HALF = 0xFFFF
_STATUS = frozenset({0xC000, 0x8000, 0x4000, 0xE06D, 0xE043})
"""High halves of the status values that exceptions have (c0000005, 80000003, e06d7363), facts of their own."""


_STACK = frozenset({0x0006, 0x0007, 0x0012, 0x0013, 0x0018, 0x0019})
"""High halves of what lies on the stack of a program's first thread, whose low halves are the same by chance: there it
begins at 0x0012ffff (Windows NT to XP), 0x0018ffff or 0x0019ffff (under WOW64), 0x0006ffff or 0x0007ffff."""


def with_addresses(incidents: Iterable[Incident], text: Text) -> list[Incident]:
    """The incidents with the addresses on their lines; those that end in four zeros are bases of images, and left out.

    The incidents of a log may span each other, so each row is read once.
    """
    known: dict[int, list[int]] = {}
    return [_with_addresses(incident, text, known) for incident in incidents]


def _with_addresses(incident: Incident, text: Text, known: dict[int, list[int]]) -> Incident:
    if incident.addresses or not incident.lines[0]:
        return incident
    first, last = incident.lines
    start = text.index_of(first)
    end = min(text.index_of(last + 1), start + MAX_ROWS)
    likely = text.likely(_LIKELY)
    found: dict[int, int] = {}
    for index in likely[bisect_left(likely, start) : bisect_left(likely, end)]:
        values = known.get(index)
        if values is None:
            values = known[index] = _values(text.rows[index])
        for value in values:
            found.setdefault(value, index)
        if len(found) >= MAX_ADDRESSES:
            break
    if not found:
        return incident
    addresses = [Address(value, (text.numbers[index],) * 2) for value, index in found.items()]
    return replace(incident, addresses=tuple(addresses[:MAX_ADDRESSES]))


def _values(row: str) -> list[int]:
    """The addresses that a row prints, in order."""
    digits = _ADDRESS.findall(row)
    if not digits:
        return []
    lowered = row.lower()
    if "modload:" in lowered or "image at" in lowered:
        return []
    values = [(int(high, 16) if high else 0, int(low, 16)) for high, low in digits]
    return [
        high << 32 | low
        for high, low in values
        if low & _LOW_HALF
        and (high or low > _LOW_HALF)
        and low >> 16 not in _STATUS
        and (high or low >> 16 not in _STACK)
    ]
