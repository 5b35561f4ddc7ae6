"""What all crash reports of Delphi programs have: an exception's class and message, from which the code follows.

    EAccessViolation   Access violation at address 007C7F2D in module 'TEncoder.exe'. Read of address 00000000.
    EAccessViolation   Access violation at address 00007FF1185BC10 in module 'leaf.bpl' (offset 1BC10). Read of …
    EExternalException External exception C0000006.
    EDivByZero         Division by zero.

Folklore: the run-time library turns the system's exceptions into classes of its own, so the class tells the code; a
class of the program's own (EListError) was raised by Delphi code and has no code that a report prints. Messages are
translated; their numbers stay in order: the address, then what was touched. Since Delphi 12 the module is followed by
the offset from its base.
Source: System.SysUtils, the map of exception codes to classes.
"""

import re

from triage.model.evidence import Access, ExceptionRecord, Lines
from triage.text.lazy import regex
from triage.text.reports import access_of, image, number

_CODES = {
    "eaccessviolation": 0xC0000005,
    "edivbyzero": 0xC0000094,
    "eintoverflow": 0xC0000095,
    "einvalidop": 0xC0000090,
    "ezerodivide": 0xC000008E,
    "eoverflow": 0xC0000091,
    "eunderflow": 0xC0000093,
    "estackoverflow": 0xC00000FD,
    "eprivilege": 0xC0000096,
    "econtrolc": 0xC000013A,
    "earrayboundsexception": 0xC000008C,
}
_NUMBERS = regex(r"\b(?:0x|\$)?([0-9a-f]{8}(?:[0-9a-f]{8})?)\b", re.IGNORECASE)
_QUOTED = regex(r"['\"]([^'\"\n]{1,260}\.\w{2,4})['\"]")
_OFFSET = regex(r"['\"] \(offset \$?([0-9a-f]{1,16})\)", re.IGNORECASE)
_PRINTED = regex(r"\b[c8e0][0-9a-f]{7}\b", re.IGNORECASE)
# Words for reading and writing in the translations of the run-time library
_WRITE = regex(r"\bwrit|schreib|écri|escri|scritt|запис|寫|写|書き", re.IGNORECASE)
_READ = regex(r"\bread|lese|lectur|leitura|lettura|чтени|讀|读|読み", re.IGNORECASE)


def record_of(kind: str, message: str, lines: Lines, address: int | None = None) -> ExceptionRecord | None:
    """The exception record of a class and its message; None where no code stands behind the class."""
    code = _CODES.get(kind.lower())
    if code is None and kind.lower() == "eexternalexception" and (printed := _PRINTED.search(message)) is not None:
        code = int(printed[0], 16)
    if code is None:
        return None
    if code != _CODES["eaccessviolation"]:
        return ExceptionRecord(code=code, address=address, lines=lines)
    # `Exit-Code: 0xC0000005 (ZUGRIFFSVERLETZUNG)`: the code itself is no address.
    said = _OFFSET.sub("", message[:1000])
    numbers = [value for found in _NUMBERS.findall(said) if (value := number(found)) != code]
    return ExceptionRecord(
        code=code,
        address=address if address is not None or not numbers else numbers[0],
        access=_access(message),
        target=numbers[1] if len(numbers) > 1 else None,
        lines=lines,
    )


def module_of(message: str) -> str | None:
    """The module that the message names: ... in module 'TEncoder.exe'."""
    found = _QUOTED.search(message[:1000])
    return None if found is None else image(found[1])


def offset_of(message: str) -> int | None:
    """The offset from the module's base, where the message tells it."""
    found = _OFFSET.search(message[:1000])
    return None if found is None else number(found[1])


def _access(message: str) -> Access | None:
    if _WRITE.search(message) is not None:
        return "write"
    return "read" if _READ.search(message) is not None else access_of(message)
