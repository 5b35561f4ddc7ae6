"""The labelled rows around the code in the reports of programs' own crash handlers.

    Fault address:  00E4A2C5 01:00A492C5 C:\\Games\\orchard.exe       a section and an offset in it
    Fault address: 7FFB26E2F3D0 (c:\\orchard\\leaf.dll)
    ExceptionAddress         = 00007FF7B6F3A1B4 (00007FF7B6EF0000) "C:\\orchard\\leaf.exe"        with the module's base
    Exception Address = 00007FFD1C2A11B0 Module(sqllang+00000000001311B0)                      SQL Server
    ModuleBase: 0x00007ff787660000, ImageSize: 02806000, RelativeAddress: 00a5a9ef
    Module name: 'orchard.exe'.
    Crashed in D:\\Orchard\\orchard.exe (0x00007ff787660000 - 0x00007ff789e66000)
    AV Type  : READ at 0x0000000000000000
    Exception Addr: 0x0033:0x00007FFC343DC10D                        CryEngine; its module may be "<Unknown>"
    At: leaf.dll + 0x5a9310                                          Northstar
    Segfault reading location 000000000cb83000 at 0000000000109210.
    ExceptionInformation[ 0] = 0000000000000000                       Parameters[1] (address) : 0x0000000000000060
    Type: Access violation
    exception.offset: 46887                                   Cuckoo's sandbox: in decimal
    INFO    EDCORE: Z:\\Orchard\\bin\\Orchard.exe                DCS World
    -- Unhandled Exception in -> leaf.dll                      LiteLoader
    0.      Program arguments: "C:\\\\llvm\\\\clang-cl.exe" leaf.cc        LLVM

Folklore: handlers print a little differently, but they say the same few things behind the same few labels. What a label
says for the second time belongs to something else.
"""

import re

from msgspec import Struct

from triage.text.exception_names import code_of
from triage.text.handler_codes import ACCESS_KINDS, LEAD, STAMPS, placed_in, touched_in
from triage.text.lazy import regex
from triage.text.reports import image, number

_LABELS: dict[str, tuple[str, ...]] = {
    "address": (
        *(
            "address",
            "exceptionaddress",
            "exceptionaddr",
            "crashaddress",
            "faultaddress",
            "ataddress",
            "location",
            "exceptionataddress",
        ),
        *("instruction", "instructionaddress", "disasm"),
    ),
    "module": (
        "module",
        "modulename",
        "faultmodule",
        "faultymodule",
        "faultingmodule",
        "faultingmodulename",
        "exceptionmodule",
        "crashmodule",
    ),
    "offset": ("offset", "faultoffset", "moduleoffset", "exceptionoffset"),
    "base": ("modulebase",),
    "process": ("process", "processname", "application", "program", "executable", "exe", "applicationpath"),
    "touched": (
        "avtype",
        "accesstype",
        "access",
        "attemptedto",
        "accessviolation",
        "operation",
        "memoryaddress",
        "exceptiondetails",
        "exceptiondescription",
    ),
    "kind": ("type", "exceptiontype", "description"),
}
_FIELD_OF = {label: field for field, labels in _LABELS.items() for label in labels}
_FIELD = regex(
    LEAD + r"(?P<sandbox>exception\.)?(?P<label>[A-Za-z][A-Za-z ]{1,24}?)\s{0,24}[:=]\s{0,12}(?P<value>\S[^\n]{0,400})"
)
_ADDRESS = regex(r"(?:0x[0-9a-f]{2,4}:)?(?:0x|\$)?(?P<address>[0-9a-f]{8,16})\b(?P<rest>[^\n]{0,400})", re.IGNORECASE)
_NULL = regex(r"(?:0x)?0(?: \(\(?\w{0,12}\)?\))?", re.IGNORECASE)
"""`Fault address: 0 ((null))`"""

_SECTION = regex(r"\s{1,8}[0-9a-f]{2,4}:[0-9a-f]{8,16}\s{1,8}(?P<path>\S[^\n]{0,300})", re.IGNORECASE)
_HELD = regex(r"\s{1,4}\((?P<path>[^()\n]{0,260}(?:\([^()\n]{0,40}\)[^()\n]{0,200})?\.\w{2,4})\)\s{0,4}$")
_BASED = regex(r"\s{1,4}\((?P<base>[0-9a-f]{8,16})\) \"(?P<path>[^\"\n]{1,300})\"", re.IGNORECASE)
_WITHIN = regex(r"\s{1,4}Module\((?P<module>[^()+\n]{1,80})\+(?P<offset>[0-9a-f]{1,16})\)", re.IGNORECASE)
_RELATIVE = regex(r"(?:[^\n]{0,120}?\b)?RelativeAddress: (?:0x)?(?P<offset>[0-9a-f]{1,16})\b", re.IGNORECASE)
_INSIDE = regex(
    r"\[?(?P<module>[\w$. +~-]{1,80}?\.\w{2,4})\]?\s{0,2}\+\s{0,2}(?:0x)?(?P<offset>[0-9a-f]{1,12})", re.IGNORECASE
)
"""`Address: [orchard.dll] + 0x0004F936`, which is none, but a module and an offset."""

_REPORTED = regex(r"[^\n]{0,40}?\bunhandled exception in (?P<name>[\w.-]{1,60}), please report a bug:?")
_CRASHED_IN = regex(
    r"[^\n]{0,60}?\bCrashed in (?P<path>[A-Za-z]:\\[^\n]{1,300}?) \(0x[0-9a-f]{8,16} - 0x[0-9a-f]{8,16}\)",
    re.IGNORECASE,
)
_UNHANDLED_IN = regex(LEAD + r"Unhandled Exception in -> (?P<module>[\w$.+~-]{1,80}\.\w{2,4})\s{0,4}", re.IGNORECASE)
_STARTED = regex(
    r"(?:[^\n:]{0,24}(?::[^\n:]{0,24}){0,3}: )?(?P<path>[A-Za-z]:\\[^\n:>]{1,300}?\.exe)(?: --?\w[^\n]{0,300})?\s{0,4}",
    re.IGNORECASE,
)
"""A program's path alone in its row, behind a log's stamp, or with options behind it."""

_ARGUMENTS = regex(r"\s{0,4}0\.\s{1,8}Program arguments: \"?(?P<path>[^\"\n]{1,300}?\.exe)(?=[\"\s]|$)", re.IGNORECASE)
_TITLE = regex(r"(?P<name>[\w+$~-][\w+.$~-]{0,60}\.exe)\s{0,4}", re.IGNORECASE)
"""A row that is a program's name: the title of a box whose text was copied."""

_PROGRAM = regex(r"[^\n]{1,300}?\.exe(?=\s{0,4}$|\s{1,2}[/|,(-]\s?)", re.IGNORECASE)
"""Some name two programs: `Process: Orchard-WinGDK.exe / Orchard-Win64.exe (UE-Orchard)`; the first is meant."""

_BEHIND = regex(r"[^\n]{0,60}?[,;] Address\s{0,2}[:=]\s{0,2}0x(?P<address>[0-9a-f]{8,16})\b", re.IGNORECASE)
_PARAMETER = regex(
    LEAD + r"(?:Exception ?Information|(?:Exception )?Parameters?)\s?\[\s?(?P<index>[01])\](?: \(\w{1,12}\))?"
    r"\s{0,4}[:=]\s{0,4}(?:0x|\$)?(?P<value>[0-9a-f]{1,16})\b",
    re.IGNORECASE,
)
_TRIED = regex(
    r"(?:[^\n]{0,60}?\bAccess violation: |"
    + LEAD
    + r")(?:(?:(?:Message: )?(?:The thread )?Attempt(?:ed)? to|Failed to|Segfault|Access violation"
    r"|Fault (?:while|when)|Tried to|Error) )?(?:read|writ|execut)",
    re.IGNORECASE,
)
_STAMPED = regex(
    STAMPS + r"(?:Attempted to (?P<access>read|write) (?:from|to): 0x(?P<target>[0-9a-f]{1,16})"
    r"|At: (?P<module>[\w$. -]{1,80}?\.\w{2,4}) \+ 0x(?P<offset>[0-9a-f]{1,12}))\s{0,4}",
    re.IGNORECASE,
)
_REGISTERS = regex(r"\b[ER](?:IP|AX)\s?[:=|]\s?(?:0x)?[0-9a-f]{8,16}\b", re.IGNORECASE)
_POINTER = regex(r"\b[ER]IP\s?[:=|]\s?(?:0x)?(?P<address>[0-9a-f]{8,16})\b", re.IGNORECASE)
_TRACES = ("calltrace", "=== call stack: =")
_ACCESS_CODES = frozenset({0xC0000005, 0xC0000006})


class Said(Struct, kw_only=True):
    """What the rows of a report say; `first` and `last` are those rows' indices.

    `beside` tells that a row of registers, or the exception's name, stands there, `registers` that the former does;
    `whole` that a row did which nothing but a report has.
    """

    code: int
    first: int
    last: int
    address: int | None = None
    module: str | None = None
    base: int | None = None
    offset: int | None = None
    process: str | None = None
    access: str | None = None
    target: int | None = None
    beside: bool = False
    registers: bool = False
    whole: bool = False


def pointer_in(row: str) -> int | None:
    """The instruction pointer that stands in a row of registers."""
    found = _POINTER.search(row)
    return None if found is None else int(found["address"], 16)


def take(said: Said, row: str) -> bool:
    """Whether the row is one of the report's rows; its value is kept where it is the first of its kind."""
    return _take_parameter(said, row) or _take_touched(said, row) or _take_place(said, row) or _take_label(said, row)


def take_stamped(said: Said, row: str) -> bool:
    """Whether the row, behind a log's stamps, tells what was touched or the module and the offset in it."""
    found = _STAMPED.fullmatch(row)
    if found is None:
        return False
    if found["target"] is not None:
        said.access, said.target = found["access"], int(found["target"], 16)
    elif said.module is None:
        said.module, said.offset = found["module"].strip(), int(found["offset"], 16)
    return True


def _take_parameter(said: Said, row: str) -> bool:
    found = _PARAMETER.match(row)
    if found is None:
        return False
    value = int(found["value"], 16)
    if said.code in _ACCESS_CODES:
        if found["index"] == "0":
            said.access = said.access or ACCESS_KINDS.get(value)
        elif said.target is None:
            said.target = value
    said.beside = True
    return True


def _take_touched(said: Said, row: str) -> bool:
    if said.target is not None or _TRIED.match(row) is None or (touched := touched_in(row)) is None:
        return False
    said.access, said.target = touched
    return True


def _take_place(said: Said, row: str) -> bool:
    traced = row.strip().lower().startswith(_TRACES)
    if traced or _REGISTERS.search(row) is not None:
        said.address = pointer_in(row) if said.address is None else said.address
        said.beside, said.registers, said.whole = True, said.registers or not traced, said.whole or traced
        return True
    crashed = _CRASHED_IN.match(row)
    if crashed is not None:
        name = image(crashed["path"])
        said.module = said.module or name
        said.process = said.process or (name if name is not None and name.lower().endswith(".exe") else None)
        return True
    titled = _TITLE.fullmatch(row) or _REPORTED.fullmatch(row)
    if titled is not None:
        said.process = said.process or titled["name"]
        return True
    inside = _UNHANDLED_IN.fullmatch(row)
    if inside is not None:
        said.module = said.module or inside["module"]
        said.whole = True
        return True
    started = _ARGUMENTS.match(row) or _STARTED.fullmatch(row)
    if started is not None:
        said.process = said.process or image(started["path"].replace("\\\\", "\\"))
        return True
    relative = _RELATIVE.match(row)
    if relative is not None and said.offset is None:
        said.offset = int(relative["offset"], 16)
        return True
    behind = _BEHIND.match(row)
    if behind is not None and said.address is None:
        said.address = int(behind["address"], 16)
        return True
    return False


def _take_label(said: Said, row: str) -> bool:
    found = _FIELD.fullmatch(row)
    label = "" if found is None else found["label"].replace(" ", "").lower()
    field = _FIELD_OF.get(label)
    if found is None or field is None:
        return False
    value = found["value"].strip().rstrip(".").strip("'")
    if field == "address":
        _take_address(said, label, value)
    elif field == "module" and said.module is None:
        # Faulting module name: leaf.dll, version: 1.2.0.4, time stamp: 0x6491fccb      an event's without its head
        said.module = None if value.startswith("<") else image(value.partition(", version")[0])
    elif field == "offset" and said.offset is None:
        said.offset = int(value) if found["sandbox"] and value.isdecimal() else number(value.split(" ")[0])
    elif field == "base" and said.base is None:
        said.base = number(value)
    elif field == "process" and said.process is None and (program := _PROGRAM.match(value)) is not None:
        said.process = image(program[0])
    elif field == "touched" and said.target is None and (touched := touched_in(value)) is not None:
        said.access, said.target = touched
    elif field == "kind":
        said.beside = said.beside or code_of(value) == said.code
    return True


def _take_address(said: Said, label: str, value: str) -> None:
    hit = _ADDRESS.match(value)
    if hit is None and _NULL.fullmatch(value) is not None:
        said.address = 0 if said.address is None else said.address
        return
    if hit is None:
        inside = _INSIDE.fullmatch(value)
        if inside is not None and said.module is None and said.offset is None:
            said.module, said.offset = inside["module"].strip(), int(inside["offset"], 16)
        return
    said.address = number(hit["address"]) if said.address is None else said.address
    # An instruction stands behind its address only in what a debugger printed.
    said.beside = said.beside or label == "disasm"
    based = _BASED.match(hit["rest"])
    if based is not None:
        said.base = said.base or int(based["base"], 16)
    within = _WITHIN.match(hit["rest"])
    placed = placed_in(hit["rest"][:200]) if within is None else (within["module"], int(within["offset"], 16))
    if placed is not None and (said.module is None or said.module.lower() == placed[0].lower()):
        said.module, said.offset = placed
    held = based or _SECTION.match(hit["rest"]) or _HELD.match(hit["rest"])
    if held is not None:
        said.module = said.module or image(held["path"])
