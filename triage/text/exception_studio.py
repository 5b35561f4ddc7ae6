"""Lines of the debuggers of Visual C++ and Visual Studio, which name the process, and in old versions the module.

    Unhandled exception in Store.exe (EDB.DLL): 0xC0000005: Access Violation.
    First-chance exception at 0x77e7bc3e in app.exe: 0xC0000005: Access violation writing location 0x00000010.
    Exception thrown at 0x00007FF6A2A31234 (orchard.dll) in orchard.exe: 0xC0000005: Access violation reading location …

Folklore: since Visual Studio 2015 a first chance is an "Exception thrown"; the name in brackets is the module's. Where
the process is lost, the module stands in its place.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Access, ExceptionRecord
from triage.text.exception_types import MAX_SIGHTINGS, Sighting
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.numbers import hexadecimal

_LINE = regex(
    r"(first-chance\s{1,4}exception|unhandled\s{1,4}exception|second-chance\s{1,4}exception|exception)"
    r"(?:\s{1,4}thrown)?(?:\s{1,4}at\s{1,4}(0x[0-9a-f]{8,16})(?:\s{1,4}\(([^()\n]{1,260})\))?)?\s{1,4}"
    r"in\s{1,4}([^\n:()]{1,120}?\.\w{2,4})(?:\s{1,4}\(([^()\n]{1,120})\))?\s{0,2}:\s{1,4}(0x[0-9a-f]{1,8})\b"
    r"(?::\s{1,4}[a-z ]{3,40}?\b(reading|writing|executing)\s{1,4}location\s{1,4}(0x[0-9a-f]{1,16}))?",
    re.IGNORECASE,
)
_START = regex(r"(?:first-chance|unhandled|second-chance|exception)\s", re.IGNORECASE)
_ACCESS: dict[str, Access] = {"reading": "read", "writing": "write", "executing": "execute"}
_LIBRARIES = (".dll", ".ocx", ".drv", ".sys")


def read_studio(text: Text) -> Iterator[Sighting]:
    """A sighting for each line that tells of an exception."""
    if not text.holding((": 0x",), exact=True):
        return
    for count, hit in enumerate(text.matches(_LINE, ("chance", "unhandled", "exception"), _START)):
        code = hexadecimal(hit[6])
        if code is None or (hit[1].lower() == "exception" and hit[2] is None):
            continue
        if count >= MAX_SIGHTINGS:
            return
        record = ExceptionRecord(
            code=code,
            chance="first" if hit[1].lower().startswith(("first", "exception")) else "second",
            address=None if hit[2] is None else hexadecimal(hit[2]),
            access=_ACCESS.get((hit[7] or "").lower()),
            target=None if hit[8] is None else hexadecimal(hit[8]),
            lines=text.lines_of(*hit.span()),
        )
        process, module = hit[4].strip().rsplit("\\", 1)[-1], hit[5] or hit[3]
        if process.lower().endswith(_LIBRARIES):
            process, module = "", module or process
        yield Sighting(
            record=record, origin="event", process=process or None, module=module, words=" ".join(hit[0].split())
        )
