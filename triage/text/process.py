"""Which process it was: from !analyze, command lines, `|`, dump names, error lines and module lists."""

import re
from typing import Literal

from msgspec import Struct

from triage.model.evidence import NO_LINES, Lines, Process
from triage.text.lazy import regex
from triage.text.lines import Text

Source = Literal["field", "command-line", "list", "image", "dump", "modload"]
"""How it was told, best first: PROCESS_NAME, `CommandLine:`, the list of `|`, `Image:` of !process and !peb, the name
of the dump file, the first loaded module."""

_RANK: dict[Source, int] = {"field": 0, "command-line": 1, "list": 2, "image": 3, "dump": 5, "modload": 4}
_LEAD = r"^[^\w(]{0,24}"
_NAME = r"[^\s\"'<>|*?:\\/{](?:[^\"'<>|*?:\\/\n]{0,100}[^\s\"'<>|*?:\\/])?"

_FIELD = regex(_LEAD + rf"PROCESS_NAME:?\s{{1,8}}({_NAME})\s{{0,8}}$")
# APP:  perl.exe          (analyses of Windows 8's debugger and later, of programs)
_APP = regex(
    _LEAD + r"APP(?:LICATION_NAME)?:\s{1,8}([^\s\"'<>|*?:\\/]{1,100}\.(?:exe|dll|scr|com))\s{0,8}$", re.IGNORECASE
)
# CommandLine: "C:\Program Files\Foo\foo.exe" C:\x.txt
_COMMAND = regex(_LEAD + r"CommandLine:\s{1,4}(?:\"([^\"\n]{1,400})\"|'([^'\n]{1,400})'|([^\n]{1,400}))", re.IGNORECASE)
# C:\Debuggers>cdb.exe -g -G -o "C:\Program Files\Foo\foo.exe" --no-sandbox     (a dump, -z, names no program)
_DEBUGGED = regex(
    r"(?:^|[\s>\\/\"`])(?:windbgx?|cdb|ntsd)(?:\.exe)?\"?(?: -(?!z|p\b|pn\b)\w{1,8}){0,8}"
    r" (?:\"([^\"\n]{1,300}\.exe)\"|([^\s\"-][^\s\"]{0,200}\.exe)(?=[\s`]|$))",
    re.IGNORECASE,
)
# .  0  id: 145 create   name: inetinfo.exe
_LIST = regex(
    _LEAD + r"\d{1,4}\s{1,16}id:\s{0,8}([0-9a-f]{1,8})\s{1,16}\w{1,16}\s{1,16}name:\s{1,8}(.{1,400}?)\s{0,8}$",
    re.IGNORECASE,
)
_IMAGE = regex(
    _LEAD + r"(?:Image(?:File)?|ImageFileName|Process name):\s{1,8}'?([^'\n]{1,400}?)'?\s{0,8}$", re.IGNORECASE
)
# Owning Process            ffffcb003ff34200       Image:         store.exe     (of !thread)
# The system's own processes have no image, and a name without an ending.
_OWNER = regex(
    r"\s{0,16}Owning Process\s{1,16}[0-9a-f`]{8,17}\s{1,16}Image:\s{1,16}"
    r"([^\s<>\n]{1,96}\.[^\s<>\n]{1,4}|System|Registry|MemCompression)\s{0,8}$",
    re.IGNORECASE,
)
# Cid: 0a8c … in the line of !process before its Image:
_CID = regex(r"\bCid:\s{1,4}([0-9a-f]{1,8})\b", re.IGNORECASE)
# Loading Dump File [C:\dumps\app.exe.2372.dmp]
# FILE_IN_CAB:  app.exe.2372.dmp                    (of !analyze)
_DUMP = regex(_LEAD + r"(?:Loading Dump File \[|FILE_IN_CAB:\s{1,8})([^\]\n]{1,400})\]?", re.IGNORECASE)
_DUMPED = regex(r"(?:^|(?<=[\\/]))([^\\/\n]{1,100}?\.exe)(?:[._-][^\\/\n]{0,100})?\.(?:h|m|user)?dmp$", re.IGNORECASE)
_MODLOAD = regex(r"ModLoad:\s{1,4}[0-9a-f`]{8,17}\s{1,4}[0-9a-f`]{8,17}\s{1,8}([^\n]{1,400})", re.IGNORECASE)
_EXECUTABLE = regex(r"([^\\/\n]{1,100}?\.(?:exe|scr|com))(?=[\s\"']|$)", re.IGNORECASE)

_DEBUGGERS = ("windbg", "cdb", "ntsd")
_HINTS = ("process", "commandline:", "name:", "image", "dump file", "file_in_cab", "cid:", "app:", *_DEBUGGERS)


class Named(Struct, frozen=True, kw_only=True):
    """One place that names a process."""

    process: Process
    source: Source
    lines: Lines = NO_LINES

    @property
    def rank(self) -> int:
        """0 for the surest source."""
        return _RANK[self.source]


def read_named(text: Text) -> tuple[Named, ...]:
    """Every place that names a process, in order; of module rows the first after anything else."""
    found: list[Named] = []
    loading = False
    cid: int | None = None
    modules = set(text.holding(("modload:",)))
    before = False  # whether the row was one of those
    for index in sorted(modules.union(text.holding(_HINTS))):
        row = text.rows[index]
        if index in modules and before and loading and len(row) < 400 and "id:" not in row.lower():
            continue
        before = index in modules
        low = row[:400].lower()
        is_module = "modload:" in low
        one = None
        if not is_module or not loading:
            one = _named(row[:1000], cid)
        loading = is_module
        if hit := _CID.search(row[:400]):
            cid = int(hit[1], 16)
        if one is not None:
            number = text.numbers[index]
            found.append(Named(process=one[0], source=one[1], lines=(number, number)))
    # Only what loaded first can be the program itself; later rows name it only by chance.
    first = next((one for one in found if one.source == "modload"), None)
    return tuple(one for one in found if one.source != "modload" or one is first)


def _named(row: str, cid: int | None) -> tuple[Process, Source] | None:
    named: tuple[str | None, int | None, Source] | None = None
    if (hit := _FIELD.match(row)) or (hit := _APP.match(row)):
        named = (hit[1], None, "field")
    elif hit := _DEBUGGED.search(row):
        named = (_program(hit[1] or hit[2]), None, "command-line")
    elif hit := _COMMAND.match(row):
        named = (_program(hit[1] or hit[2] or hit[3]), None, "command-line")
    elif hit := _LIST.match(row):
        named = (_base(hit[2]), int(hit[1], 16), "list")
    elif (hit := _IMAGE.match(row)) and "." in hit[1]:
        named = (_base(hit[1]), cid, "image")
    elif hit := _OWNER.match(row):
        named = (hit[1], cid, "image")
    elif (hit := _DUMP.match(row)) and (dumped := _DUMPED.search(hit[1])):
        named = (dumped[1], None, "dump")
    elif hit := _MODLOAD.search(row):
        base = _EXECUTABLE.search(_base(hit[1].split("ModLoad:")[0].strip()))
        named = (base[1] if base else None, None, "modload")
    if named is None or not named[0]:
        return None
    return Process(name=named[0], pid=named[1]), named[2]


def _base(path: str) -> str:
    """The last part of a path of either kind."""
    return path.strip().strip("\"'").replace("/", "\\").rsplit("\\", 1)[-1].strip()


def _program(command_line: str) -> str | None:
    """The program of a command line without its arguments: up to its .exe, else its first word."""
    command_line = command_line.strip()
    hit = _EXECUTABLE.search(command_line)
    if hit is not None:
        return _base(hit[1])
    words = _base(command_line).split()
    return words[0] if words and "." in words[0] else None
