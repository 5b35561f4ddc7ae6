"""The 32-bit addresses that an incident's lines print, whoever prints them and whatever of.

Return addresses, instruction pointers and the operands of a disassembly are the only trace of a stack without symbols:

    0012f220 6c546801 00000000 00000000 00422560 00396328
    WINWORD caused an invalid page fault in module WINWORD.EXE at 0137:3000b8bb.

Windows moves an image by multiples of 64 KiB, so that the low half of such a number is the same wherever it is loaded:
what compares them looks at that half.
"""

import re
from bisect import bisect_left

from msgspec.structs import replace

from triage.model.evidence import Address, Incident
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.folding import Likely

MAX_ADDRESSES = 48
MAX_ROWS = 400
"""Rows of one incident that are looked at: what is longer than that lists threads, not one fault."""

_ADDRESS = regex(r"(?<![\w.])(?:0x)?([0-9a-f]{8})h?(?!\w|\.\w)", re.IGNORECASE)
_LIKELY = Likely(None, words=("00000000",))
_LOADED = ("modload:", "image at")
_LOW_HALF = 0xFFFF
_STATUS = 0xC000
"""High half of the status values that exceptions have (c0000005), which are facts of their own."""


def with_addresses(incident: Incident, text: Text) -> Incident:
    """The incident with the addresses on its lines; those that end in four zeros are bases of images, and left out."""
    if incident.addresses or not incident.lines[0]:
        return incident
    first, last = incident.lines
    start = text.index_of(first)
    end = min(text.index_of(last + 1), start + MAX_ROWS)
    likely = text.likely(_LIKELY)
    found: dict[int, Address] = {}
    for index in likely[bisect_left(likely, start) : bisect_left(likely, end)]:
        row = text.rows[index]
        lowered = row.lower()
        if any(word in lowered for word in _LOADED):
            continue
        for match in _ADDRESS.finditer(row):
            value = int(match[1], 16)
            if value & _LOW_HALF and value > _LOW_HALF and value >> 16 != _STATUS:
                found.setdefault(value, Address(value, (text.numbers[index],) * 2))
        if len(found) >= MAX_ADDRESSES:
            break
    return replace(incident, addresses=tuple(found.values())[:MAX_ADDRESSES]) if found else incident
