"""What `systeminfo` tells beyond the lines that triage.text.system reads: no service pack, processor, updates.

Updates are also read of `wmic qfe`, `Get-HotFix`, keys of the registry and srvinfo. `systeminfo` of Windows XP to 11
numbers them in brackets below a key; in the list are also service packs and rows of files without a number:

    Hotfix(s):                 4 Hotfix(s) Installed.
                               [01]: File 1
                               [02]: Q147222
                               [03]: KB911164 - Update
                               [04]: SP1 - SP

German, French and Spanish systems print "Hotfix(es)", "Correctif(s)" and "Revisiones". As `/fo csv` has it:

    "2 Hotfix(s) Installed.,[01]: KB958644,[02]: KB967715"

`wmic qfe` and `Get-HotFix` print tables, with the number in a column of its own; srvinfo of the NT Resource Kit:

    Hotfixes:
       [Q147222]:
"""

from collections.abc import Iterable, Iterator
from re import IGNORECASE
from typing import Final

from msgspec import Struct

from triage.text.lazy import regex
from triage.text.lines import Text

MAX_HOTFIXES: Final = 2000
"""Updates that are kept; machines have some hundreds."""

_MAX_ROW: Final = 2000
_MAX_GAP: Final = 2

_LISTS: Final = ("hotfix", "hot fix", "correctif", "revision", "installed updates", "\\updates\\")
_VERSION = regex(
    r"^[^:\n\"]{2,40}:\s{1,40}(?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{3,5})\s{1,2}"
    r"(?:Service Pack (?P<pack>\d{1,2})|(?P<none>N/A|Nicht zutreffend|Non disponible|N/D))"
    r"(?: (?:Build|build|version|Compilación) \d{3,5}.{0,40})?\s{0,4}$"
)
_NAME = regex(r"^[^:\n\"]{2,40}:\s{1,40}(?P<name>Microsoft\S{0,4} Windows[^\n]{1,60})$")
_PROCESSOR = regex(r"^[^:\n\"]{2,40}:\s{1,40}(?P<arch>X86|x64|Itanium|ARM64|Alpha)[- ](?:based|basiert)", IGNORECASE)
_ARCHITECTURES: Final = {"x86": "x86", "x64": "x64", "itanium": "ia64", "arm64": "arm64", "alpha": "alpha"}
_ABOVE: Final = 3

_HEADING = regex(
    r"^\W{0,8}(?:Hot ?fix(?:es|\(e?s\))?|Correctifs?(?:\(s\))?|Revisi(?:o|ó)n(?:es|\(es\))?"
    r"|Installed (?:updates|hotfixes))\s{0,4}:",
    IGNORECASE,
)
_TABLE = regex(r"^.{0,200}?\bHotFixID\b", IGNORECASE)
_COUNT = regex(r"\b\d{1,4} Hot ?fix(?:\(e?s\)|es)? (?:Installed|installiert)", IGNORECASE)
_LISTED = regex(r"\[\d{1,4}\]\s{0,2}:|\[(?:KB|Q)\d{5,7}\]", IGNORECASE)
_NEXT_KEY = regex(r"^\W{0,8}[^\W\d][^:\n\[\]]{1,40}:(?:\s|$)")
_ID = regex(r"(?<![A-Za-z0-9])(?:KB|Q)\s?(\d{5,7})(?!\d)", IGNORECASE)
_KEY = regex(r"\\(?:HotFix|Updates\\[\w .]{1,40}\\SP\d{1,2})\\(?:KB|Q)(\d{5,7})\b", IGNORECASE)


class SystemFacts(Struct, frozen=True):
    """What the output's rows say; `pack` is 0 where it says that there is none."""

    name: str | None = None
    version: str | None = None
    build: str | None = None
    pack: int | None = None
    architecture: str | None = None


def read_facts(text: Text) -> SystemFacts | None:
    """The rows of `systeminfo`, in whatever language their keys are; None where the version's row is not there.

    OS Version:                6.1.7600 N/A Build 7600
    Betriebssystemversion:     5.1.2600 Service Pack 2 Build 2600
    """
    if not text.holding(_LISTS):
        return None
    for index, row in enumerate(text.rows):
        found = _VERSION.match(row[:160]) if ":" in row[:42] else None
        if found is None:
            continue
        above = text.rows[max(0, index - _ABOVE) : index]
        name = next((match["name"] for line in reversed(above) if (match := _NAME.match(line[:120]))), None)
        below = text.rows[index : index + 40]
        processor = next((match["arch"] for line in below if (match := _PROCESSOR.match(line[:100]))), None)
        return SystemFacts(
            name=name,
            version=found["version"],
            build=found["build"],
            pack=int(found["pack"]) if found["pack"] else 0,
            architecture=_ARCHITECTURES[processor.lower()] if processor else None,
        )
    return None


def read_hotfixes(text: Text) -> tuple[str, ...]:
    """The numbers of installed updates as articles are named (Q958644 of KB958644), in the order of the text."""
    if not text.holding(_LISTS):
        return ()
    found: dict[str, None] = {}
    for number in _numbers(text.rows):
        found[f"Q{number}"] = None
        if len(found) >= MAX_HOTFIXES:
            break
    return tuple(found)


def _numbers(rows: Iterable[str]) -> Iterator[str]:
    """The numbers of rows that a heading stands over, or that name the registry's key of updates."""
    listing = table = False
    gap = 0
    for row in rows:
        part = row[:_MAX_ROW]
        if _HEADING.match(part[:100]) or _COUNT.search(part):
            listing, table, gap = True, False, 0
        elif _TABLE.match(part):
            listing, table, gap = False, True, 0
            continue
        ids = [match[1] for match in _ID.finditer(part)]
        inside = (listing and (_LISTED.search(part) or _HEADING.match(part[:100]))) or (table and ids)
        if inside:
            gap = 0
            yield from ids
            continue
        for match in _KEY.finditer(part):
            yield match[1]
        if listing or table:
            # A row of dashes, and empty rows between, do not end a list; another key or prose does.
            gap += 0 if not part.strip(" -=") else _MAX_GAP if _NEXT_KEY.match(part[:60]) else 1
            listing, table = listing and gap < _MAX_GAP, table and gap < _MAX_GAP
