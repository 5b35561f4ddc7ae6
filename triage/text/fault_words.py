"""Words of fault messages and the exception codes that they stand for.

Codes are NTSTATUS values (ntstatus.h); x86 trap numbers are those of the Intel manual, volume 3, table 6-1, as
Windows 9x prints them ("a fatal exception 0E").
"""

import re

from triage.text.lazy import regex

ACCESS_VIOLATION = 0xC0000005

_MISTYPED_STATUS = regex(r"(?:0x)?C0000(?P<low>[0-9a-f]{2}|[0-9a-f]{4,5})", re.IGNORECASE)

TRAPS: dict[int, int] = {
    0x00: 0xC0000094,
    0x01: 0x80000004,
    0x03: 0x80000003,
    0x04: 0xC0000095,
    0x05: 0xC000008C,
    0x06: 0xC000001D,
    0x0C: 0xC0000005,
    0x0D: 0xC0000005,
    0x0E: 0xC0000005,
    0x10: 0xC0000090,
    0x11: 0x80000002,
}
"""x86 trap number -> the exception that a Windows program sees for it."""

CODES: tuple[tuple[str, int], ...] = (
    ("access violation", 0xC0000005),
    ("general protection", 0xC0000005),
    ("gp fault", 0xC0000005),
    ("gpf", 0xC0000005),
    ("page fault", 0xC0000005),
    ("invalid page", 0xC0000005),
    ("ipf", 0xC0000005),
    ("stack overflow", 0xC00000FD),
    ("stack fault", 0xC0000005),
    ("integer divi", 0xC0000094),
    ("divide error", 0xC0000094),
    ("divide by zero", 0xC0000094),
    ("division by zero", 0xC0000094),
    ("divide overflow", 0xC0000095),
    ("invalid instruction", 0xC000001D),
    ("illegal instruction", 0xC000001D),
    ("invalid opcode", 0xC000001D),
    ("privileged instruction", 0xC0000096),
    ("breakpoint", 0x80000003),
    ("datatype misalignment", 0x80000002),
    ("alignment", 0x80000002),
    ("in page io error", 0xC0000006),
    ("in-page", 0xC0000006),
    ("noncontinuable", 0xC0000025),
)
"""Fault words, in lower case, most specific first -> exception code, for texts that print no number."""

VOCABULARY: frozenset[str] = frozenset(
    """access address alignment application caused could divide error exception fatal fault general generated
    illegal instruction invalid library location memory module occurred operation overflow performed privileged
    program protection read referenced required software stack terminated unhandled unknown violation written
    runtime page""".split()
)
"""Words of the fixed part of fault messages; a word one typing error away from one of them is read as it."""


def code_of(words: str) -> int | None:
    """Exception code that fault words stand for, or None."""
    lowered = " ".join(words.lower().replace("_", " ").split())
    return next((code for key, code in CODES if key in lowered), None)


def meant_status(printed: str) -> int | None:
    """The NTSTATUS error that was meant where a zero was lost or doubled (`C000005`, `0xC00000005`), or None."""
    match = _MISTYPED_STATUS.fullmatch(printed)
    return None if match is None else 0xC0000000 | int(match["low"], 16)
