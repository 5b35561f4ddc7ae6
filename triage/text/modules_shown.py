"""What `!lmi` shows of one module.

    Loaded Module Info: [ledger]
             Module: ledger
       Base Address: 00007ff6b2c60000
         Image Name: ledger.exe
         Time Stamp: 5e8f1a2b Thu Apr  9 14:50:51 2020
               Size: 25000
           CheckSum: 31a2b
         Image Type: FILE     - Image read successfully from debugger.
                     C:\\Apps\\ledger.exe

Source: Debugging Tools for Windows, "!lmi". The time stamp, the size and the checksum are in hexadecimal.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Module
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_loads import address
from triage.text.modules_names import base_name

_HEAD = regex(r"\s{0,16}Loaded Module Info: \[(?P<name>[^\[\]\n]{1,260})\]\s{0,4}")
_FIELD = regex(
    r"\s{0,24}(?P<key>Base Address|Image Name|Time Stamp|Size|CheckSum): (?:0x)?(?P<value>[^\s,]{1,260})", re.IGNORECASE
)
_PATH = regex(r"\s{0,24}(?P<path>[A-Za-z]:\\[^\n]{1,300}?\.\w{2,4})\s{0,4}")
_HEXADECIMAL = regex(r"[0-9a-fA-F]{1,16}(?:`[0-9a-fA-F]{8})?")
_MOST_ROWS = 16


def read_shown(text: Text) -> Iterator[Module]:
    """The modules that somebody asked for by name, in order."""
    for index in text.holding(("loaded module info: [",)):
        head = _HEAD.fullmatch(text.rows[index][:400])
        if head is not None:
            yield _module(text, index, head["name"])


def _module(text: Text, start: int, name: str) -> Module:
    fields: dict[str, str] = {}
    path, last = None, start
    for at in range(start + 1, min(start + _MOST_ROWS, len(text.rows))):
        row = text.rows[at][:400]
        if (found := _FIELD.match(row)) is not None:
            fields.setdefault(found["key"].lower(), found["value"])
        elif (shown := _PATH.fullmatch(row)) is not None:
            path = shown["path"]
        elif ": " not in row:
            break
        last = at
    numbers = {key: address(value) for key, value in fields.items() if _HEXADECIMAL.fullmatch(value) is not None}
    base, size = numbers.get("base address"), numbers.get("size")
    return Module(
        name=base_name(fields.get("image name") or path or name),
        base=base,
        end=None if base is None or size is None else base + size,
        path=path,
        timestamp=numbers.get("time stamp") or None,
        checksum=numbers.get("checksum"),
        lines=(text.numbers[start], text.numbers[last]),
    )
