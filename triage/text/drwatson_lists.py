"""The lists of a Dr. Watson record: system information, tasks, modules."""

import re
from collections.abc import Sequence

from triage.model.evidence import Module, System
from triage.text.lazy import regex
from triage.text.lines import Text

_MAX_MODULES = 4_096
_MODULE = regex(r"\s*\([0-9a-fA-F]{8,16}\s?-\s?[0-9a-fA-F]{8,16}\)")
_MODULES = regex(
    r"(?<!\S)\((?P<base>[0-9a-fA-F]{8})\s?-\s?(?P<end>[0-9a-fA-F]{8})\) (?P<path>[\w\\:.$~ -]{1,120}?)"
    r"(?=\s+\([0-9a-fA-F]{8} ?-|\s*$)"
)
_TASK = regex(r"\s*(?P<pid>\d{1,7})\s+(?P<name>[\w$.~-]{1,60}\.\w{2,3})\s*$")
_INFO = regex(
    r"\s*(?P<key>Computer Name|User Name|Terminal Session Id|Number of Processors|Processor Type"
    r"|Windows(?: 2000| NT)? Version|Current Build|Service Pack|Current Type|Registered Organization|Registered Owner"
    r"|Computername|Benutzername|Anzahl der Prozessoren|Prozessortyp|Windows-Version|Aktuelles Build|Aktueller Typ)"
    r"\s*:\s*(?P<value>[^\n]{0,120}?)\s*$",
    re.IGNORECASE,
)
_DIRECTORIES = {"dll": "dll", "exe": "exe", "drv": "drv", "ocx": "ocx", "cpl": "cpl", "acm": "acm", "ax": "ax"}

_GERMAN = {
    "anzahl der prozessoren": "number of processors",
    "prozessortyp": "processor type",
    "windows-version": "windows version",
    "aktuelles build": "current build",
}

PRODUCTS: dict[str, str] = {
    "3.1": "Windows NT 3.1",
    "3.10": "Windows NT 3.1",
    "3.5": "Windows NT 3.5",
    "3.50": "Windows NT 3.5",
    "3.51": "Windows NT 3.51",
    "4.0": "Windows NT 4.0",
    "5.0": "Windows 2000",
    "5.1": "Windows XP",
    "5.2": "Windows Server 2003",
}
"""Version that Dr. Watson prints -> product."""


def is_list_row(row: str) -> bool:
    """A row of the task list, the module list or the system information."""
    return _INFO.match(row) is not None or _MODULE.match(row) is not None or _TASK.match(row) is not None


def read_tasks(rows: Sequence[str]) -> dict[int, str]:
    """Process id -> image name of the task list."""
    return {int(match["pid"]): match["name"] for row in rows if (match := _TASK.match(row))}


def read_module_rows(text: Text, first: int, end: int) -> tuple[tuple[Module, ...], int]:
    """Modules of the rows first..end, and the last row that holds one (`first` where none does)."""
    modules: list[Module] = []
    last = first
    for index in range(first, end):
        row = text.rows[index]
        if "(" not in row:
            continue
        number = text.numbers[index]
        for match in _MODULES.finditer(row):
            if len(modules) >= _MAX_MODULES:
                return tuple(modules), last
            last = index
            path = match["path"].strip()
            modules.append(
                Module(
                    name=image_of(path),
                    base=int(match["base"], 16),
                    end=int(match["end"], 16),
                    path=path if ":" in path else None,
                    lines=(number, number),
                )
            )
    return tuple(modules), last


def image_of(path: str) -> str:
    """File name of a module: `dll\\ntdll.dbg` is the symbol file of ntdll.dll, the folder tells the extension."""
    parts = path.replace("/", "\\").split("\\")
    name = parts[-1]
    if not name.lower().endswith(".dbg"):
        return name
    extension = _DIRECTORIES.get(parts[-2].lower(), "dll") if len(parts) > 1 else "dll"
    return f"{name[:-4]}.{extension}"


def read_system_rows(text: Text, first: int, end: int) -> tuple[System | None, int]:
    """The machine that the record tells of, and the last row that does."""
    found: dict[str, str] = {}
    rows: list[int] = []
    for index in range(first, end):
        match = _INFO.match(text.rows[index]) if ":" in text.rows[index] else None
        if match is not None:
            rows.append(index)
            key = match["key"].lower()
            found.setdefault(_GERMAN.get(key, key), match["value"])
    if not {"current build", "windows version", "windows 2000 version", "windows nt version"} & set(found):
        return None, rows[-1] if rows else first
    version = next((value for key, value in found.items() if key.endswith("version")), None)
    processor = found.get("processor type", "").lower()
    names = (("x86", "x86"), ("alpha", "alpha"), ("mips", "mips"), ("ppc", "ppc"), ("ia64", "ia64"))
    system = System(
        product=PRODUCTS.get(version or ""),
        version=version,
        build=_integer(found.get("current build")),
        service_pack=_integer(found.get("service pack")),
        architecture=next((name for key, name in names if key in processor), None),
        processors=_integer(found.get("number of processors")),
        lines=(text.numbers[rows[0]], text.numbers[rows[-1]]),
    )
    return system, rows[-1]


def _integer(printed: str | None) -> int | None:
    digits = re.match(r"\d{1,9}", printed or "")
    return None if digits is None else int(digits.group())
