"""Error files of Java 1.3 and 1.4 on Windows, before the head that later versions have.

    An unexpected exception has been detected in native code outside the VM.
    Unexpected Signal : EXCEPTION_ACCESS_VIOLATION (0xc0000005) occurred at PC=0x6D0A1B3F
    Function=Java_sun_awt_windows_WToolkit_eventLoop+0x13F
    Library=C:\\j2sdk1.4.2\\jre\\bin\\awt.dll

Folklore: 1.3 prints no code and `Function name=` without an offset; where no export is near, the function is "(N/A)" or
"[Unknown.]". Rows between may be blank where a page parted them. On other systems the name is a signal's number.
Source: J2SE 1.4, hotspot/src/share/vm/runtime/os.cpp (the Sun Community Source).
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from triage.text.exception_names import code_of_symbol
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import image, number, rows_with

_SIGNAL = regex(
    r"[>#\s]{0,8}Unexpected Signal ?: ?(?P<name>EXCEPTION_[A-Z_]{3,60})(?: \((?P<code>0x[0-9a-f]{8})\))? occurred at"
    r" PC=(?P<pc>0x[0-9a-f]{1,16})\b[^\n]{0,80}",
    re.IGNORECASE,
)
_PLACE = regex(
    r"[>#\s]{0,8}(?:Function(?: name)?="
    r"(?:\(N/A\)|\[Unknown\.?\]|(?P<function>[^\s+]{1,300})(?:\+(?P<offset>0x[0-9a-f]{1,16}))?)"
    r"|Library=(?P<library>\S[^\n]{0,400}))\s{0,8}",
    re.IGNORECASE,
)
_BELOW = 8
"""Rows from the signal to the library, at most."""


class Classic(Struct, frozen=True, kw_only=True):
    """What the head tells; `first` and `last` are the indices of its rows."""

    first: int
    last: int
    code: int | None
    address: int | None
    function: str | None = None
    offset: int | None = None
    module: str | None = None


def read_classic(text: Text, most: int) -> Iterator[Classic]:
    """Every head of such an error file, in order."""
    for index in rows_with(text, "Unexpected Signal", most=most):
        found = _SIGNAL.fullmatch(text.rows[index][:400])
        if found is None:
            continue
        said: dict[str, str] = {}
        last = index
        for at in range(index + 1, min(len(text.rows), index + 1 + _BELOW)):
            place = _PLACE.fullmatch(text.rows[at][:800])
            if place is None:
                if text.rows[at].strip(" >#"):
                    break
                continue
            said |= {key: value for key, value in place.groupdict().items() if value is not None}
            last = at
        yield Classic(
            first=index,
            last=last,
            code=number(found["code"]) or code_of_symbol(found["name"].upper()),
            address=number(found["pc"]),
            function=said.get("function"),
            offset=number(said.get("offset")),
            module=image(said.get("library", "").strip()),
        )
