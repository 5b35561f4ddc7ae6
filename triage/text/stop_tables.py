"""The tables under a stop screen of Windows NT 3.1 to 4.0: processor line, drivers, stack with build number.

Layout as the kernel of Windows NT 3.51 and 4.0 prints it:

    CPUID:GenuineIntel 5.2.1 irql:1f  SYSVER 0xf0000421

    Dll Base DateStmp - Name               Dll Base DateStmp - Name
    80100000 2fc653bc - ntoskrnl.exe       80400000 2fb24f4a - hal.dll

    Address  dword dump   Build [1057]                            - Name
    ff541e4c fc5f19e6 fc5f19e6 00000000 ff640128 ff4a8328 000002fe - srv.sys
"""

import re

from triage.model.evidence import NO_LINES, Lines, Module, System
from triage.text.lazy import regex
from triage.text.lines import Text

_SYSVER = regex(r"SYSVER\s+0x[fF]0{3}(?P<build>[0-9a-fA-F]{4})\b")
_BUILD = regex(r"Address\s+dword\s+dump\s+Build\s+\[(?P<build>\d{3,5})\]", re.IGNORECASE)
_TABLE = regex(r"\s*Dll\s*Base\s+DateStmp\s+-\s+Name", re.IGNORECASE)
_ENTRY = regex(r"(?P<base>[0-9a-fA-F]{8})\s+(?P<stamp>[0-9a-fA-F]{8})\s+-\s+(?P<name>[\w$~.-]{1,40})")
_DUMP = regex(r"\s*[0-9a-fA-F]{8}\s+(?:[0-9a-fA-F]{8}\s+){1,8}-?\s*[\w$~.-]{0,40}\s*$")
_MAX_ENTRIES = 512

PRODUCTS: dict[int, tuple[str, str]] = {
    528: ("Windows NT 3.1", "3.1"),
    807: ("Windows NT 3.5", "3.5"),
    1057: ("Windows NT 3.51", "3.51"),
    1381: ("Windows NT 4.0", "4.0"),
    2195: ("Windows 2000", "5.0"),
}
"""Build number -> product and version, for the builds that print these tables."""


def read_drivers(text: Text) -> tuple[tuple[Module, ...], tuple[Lines, ...]]:
    """Modules of the driver tables (two to a row), and the source lines of the tables."""
    modules: list[Module] = []
    claimed: list[Lines] = []
    inside = False
    for index, row in enumerate(text.rows):
        number = text.numbers[index]
        if _TABLE.match(row):
            inside = True
            claimed.append((number, number))
            continue
        if not inside or not row.strip():
            continue
        entries = list(_ENTRY.finditer(row))
        if not entries or _DUMP.match(row):
            inside = bool(entries)
            continue
        claimed.append((number, number))
        modules += [
            Module(name=e["name"], base=int(e["base"], 16), timestamp=int(e["stamp"], 16), lines=(number, number))
            for e in entries
        ]
        if len(modules) >= _MAX_ENTRIES:
            break
    return tuple(modules), tuple(claimed)


def read_screen_system(text: Text) -> System | None:
    """The build number that a stop screen prints, with the product that it belongs to."""
    for pattern, base in ((_SYSVER, 16), (_BUILD, 10)):
        match = pattern.search(text.joined)
        if match is not None:
            build = int(match["build"], base)
            product, version = PRODUCTS.get(build, (None, None))
            lines = text.lines_of(match.start(), match.end()) if text.rows else NO_LINES
            return System(product=product, version=version, build=build, lines=lines)
    return None
