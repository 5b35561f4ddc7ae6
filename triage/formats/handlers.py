"""Reports of the small crash handlers that programs bring along: labelled rows with a code and a place, then registers,
addresses of the stack and loaded modules.

    Exception code: C0000005 ACCESS_VIOLATION at 00E4A2C5          MSJ's handler of 1997, and all that was made of it
    Fault address:  00E4A2C5 01:00A492C5 C:\\Games\\orchard.exe
    Call stack:
    00E4A2C5  0012FF80  0001:00A492C5 C:\\Games\\orchard.exe

    Code: C0000005 (Access Violation - tried to read address 00000000)      ZDoom and its children
    Address: 0011D333
    Windows NT 6.1 Build 7601 Service Pack 1
    Loaded modules:
    00030000 - 002DDFFF *orchard.exe

    Module = C:\\Windows\\SysWOW64\\ntdll.dll                       Multi Theft Auto
    Code = 0xC0000005
    Offset = 0x0002E4F3

    Reason: Access Violation (0xc0000005) at address 0x0046B0FE read attempt to address 0x00000010         BOINC
    0012fe60 0046203b 00000000 00000000 00000000 00000000 orchard_5.10!worker+0x0 (c:\\src\\a.c:174)

    Exception Code: ACCESS_VIOLATION                       COMRaider, which researchers of ActiveX controls used
    Disasm: 77BEEA7F    MOVS DWORD PTR ES:[EDI],DWORD PTR [ESI]
    ntdll.77BEEA7F                ntdll.77BEE9D9

    Exception C0000005 caught!                             loggers of Fallout: New Vegas
    0x0019FF2C ==>            Orchard (0x00A72629) : EntryPoint+0xFFFFFFFF
     0x001AF504 |                    Orchard (0x009611EA) | Grow+0x7D      | D:\\orchard\\grow.cpp:371    and newer

    Unhandled exception: c0000005                          OBS Studio
    Fault address: 7FFB26E2F3D0 (c:\\orchard\\leaf.dll)
    Unhandled exception: EXCEPTION_ACCESS_VIOLATION (C0000005)
    Flags=0, Address = 0x62ab6b2e                          X-Plane
    Received fatal exception EXCEPTION_ACCESS_VIOLATION    Chromium; a call stack follows
    Error: ACCESS VIOLATION (0xC0000005) (1)               beside registers
    *** Unhandled exception 0xC0000005 (EXCEPTION_ACCESS_VIOLATION) at address 0x004027C2

Folklore: none of these have a name, and every program prints a little differently, but they say the same few things
behind the same few labels. A code alone is none (settings and answers of servers have "Code: …" too): a place, a module
or registers must stand beside it. `01:00A492C5` is a section and an offset in it, no offset from the module's base. The
offset of Multi Theft Auto and others is one from the base. What the program was touching may stand behind the code
("tried to read address …") or in a row of its own ("AV Type : READ at …").
Sources: Matt Pietrek, "Under the Hood", Microsoft Systems Journal, April 1997; gzdoom, src/common/platform/win32/
i_crash.cpp; mtasa-blue, Client/core/CCrashDumpWriter.cpp.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Module, Process, System
from triage.text.exception_names import code_of_symbol
from triage.text.format import Reading
from triage.text.handler_frames import read_frames
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import (
    MAX_MODULES,
    MAX_REPORTS,
    access_of,
    holder,
    image,
    number,
    part,
    placed,
    program_of,
    rows_with,
    span,
)
from triage.text.system_builds import product_of_build, version_of_build

_LEAD = r"[+>#*|\s-]{0,12}"
_CODE = regex(
    rf"(?:{_LEAD}|[^\n]{{0,60}}?\b(?=Unhandled ))(?:Unhandled )?"
    r"(?:Exception(?: record)?(?: code| type)?|(?:Fatal )?Error(?: code)?|Code|Reason|Exception raised)\s{0,12}[:=]\s{0,8}"
    r"(?:ACCESS VIOLATION|STACK OVERFLOW|ILLEGAL INSTRUCTION)?(?P<name>(?:EXCEPTION_|STATUS_)?[A-Z]{4,20}_[A-Z_]{4,40})?"
    r"[\s(]{0,3}(?:0x)?(?P<code>[0-9a-f]{8})?\b(?P<rest>[^\n]{0,300})",
    re.IGNORECASE,
)
_SENTENCE = regex(
    r"(?:(?:Reason|Exception)\s{0,2}:\s{0,2})?[A-Za-z][A-Za-z+ /-]{3,60}?(?: \([A-Za-z+ ]{3,40}\))?"
    r" \(0x(?P<code>[0-9a-f]{8})\) (?:at|@) (?:address )?(?:0x)?(?P<address>[0-9a-f]{8,16})\b(?P<rest>[^\n]{0,200})",
    re.IGNORECASE,
)
_RAISED = regex(
    r"[+>#*|\s-]{0,12}(?:Unhandled |Fatal |Caught )?exception:? (?:0x)?(?P<code>[0-9a-f]{8}) ?(?:\([A-Z_ ]{6,60}\))?,?"
    r" (?:occurred |raised )?(?:at|@) (?:address )?(?:0x)?(?P<address>[0-9a-f]{8,16})\b(?P<rest>[^\n]{0,200})",
    re.IGNORECASE,
)
_CAUGHT = regex(r"Exception (?P<code>[0-9A-F]{8}) caught!", re.IGNORECASE)
_RECEIVED = regex(r"[^\n]{0,120}?\bReceived fatal exception (?P<name>EXCEPTION_[A-Z_]{4,40}|0x[0-9A-Fa-f]{8})\s{0,4}")
_LABELS: dict[str, tuple[str, ...]] = {
    "address": (
        *("address", "exception address", "crash address", "fault address", "at address"),
        *("instruction", "disasm"),
    ),
    "module": ("module", "module name", "fault module", "faulting module", "exception module", "crash module"),
    "offset": ("offset", "fault offset", "module offset", "exception offset"),
    "process": ("process", "process name", "application", "program", "executable", "exe", "application path"),
    "touched": ("av type", "access type", "access", "attempted to", "access violation", "operation"),
}
_FIELD_OF = {label: field for field, labels in _LABELS.items() for label in labels}
_FIELD = regex(_LEAD + r"(?P<label>[A-Za-z][A-Za-z ]{1,24}?)\s{0,12}[:=]\s{0,12}(?P<value>\S[^\n]{0,400})")
_ADDRESS = regex(r"(?:0x)?(?P<address>[0-9a-f]{8,16})\b(?P<rest>[^\n]{0,400})", re.IGNORECASE)
_SECTION = regex(r"\s{1,8}[0-9a-f]{2,4}:[0-9a-f]{8,16}\s{1,8}(?P<path>\S[^\n]{0,300})", re.IGNORECASE)
_HELD = regex(r"\s{1,4}\((?P<path>[^()\n]{0,260}(?:\([^()\n]{0,40}\)[^()\n]{0,200})?\.\w{2,4})\)\s{0,4}$")
_BEHIND = regex(r"[^\n]{0,60}?[,;] Address\s{0,2}[:=]\s{0,2}0x(?P<address>[0-9a-f]{8,16})\b", re.IGNORECASE)
_AT = regex(r"\s(?:at|@)\s{0,2}(?:0x)?(?P<address>[0-9a-f]{8,16})\b", re.IGNORECASE)
_TOUCHED = regex(
    r"\b(?P<access>read|writ|execut)\w{0,4}\b[^\n]{0,24}?\b(?:address|location|at|from|to)\W{0,3}(?:0x)?(?P<target>[0-9a-f]{8,16})\b",
    re.IGNORECASE,
)
_TRIED = regex(_LEAD + r"(?:Attempt(?:ed)? to )?(?:read|writ|execut)", re.IGNORECASE)
_REGISTERS = regex(r"\b[ER](?:IP|AX)\s?[:=|]\s?(?:0x)?[0-9a-f]{8,16}\b", re.IGNORECASE)
_POINTER = regex(r"\b[ER]IP\s?[:=|]\s?(?:0x)?(?P<address>[0-9a-f]{8,16})\b", re.IGNORECASE)
_MODULE = regex(
    _LEAD
    + r"(?:0x)?(?P<base>[0-9a-f]{8,16})\s{0,3}-\s{0,3}(?:0x)?(?P<end>[0-9a-f]{8,16})\s{1,4}\*?(?P<path>\S[^\n]{0,300})",
    re.IGNORECASE,
)
_SYSTEM = regex(
    _LEAD + r"Windows(?: NT)?(?: version:)?(?: [\w. ]{1,40} \(Version)? (?P<version>\d{1,2}\.\d{1,2}),? [Bb]uild"
    r" (?P<build>\d{3,5})(?:,? Service Pack (?P<pack>\d))?\b"
)
_ERRORS = frozenset({0xC, 0x8, 0xE})
_AROUND = 8
"""Rows before and behind the code in which the other labels stand."""

_HEADED = 40
"""Rows above the code in which the system may stand."""

_REACH = 600
_WORDS = (
    *("ode:", "ode :", "ode =", "ode=", "xception:", "xception :", "xception =", "eason:", "ype:", "aised:"),
    *("(0x", " caught!", " fatal exception ", "xception 0x"),
)


class _Said(Struct, kw_only=True):
    """What the labels around a code say, with the rows that they stand on."""

    code: int
    address: int | None = None
    module: str | None = None
    offset: int | None = None
    process: str | None = None
    access: str | None = None
    target: int | None = None
    registers: bool = False
    whole: bool = False
    """Whether the code stands in words that nothing but a report has."""

    first: int
    last: int


def read(text: Text) -> Reading:
    """Every report is one incident; the module list of the first that has one is the source's."""
    starts: list[_Said] = []
    claimed: list[Lines] = []
    for index in rows_with(text, *_WORDS, most=MAX_REPORTS):
        if starts and index <= starts[-1].last:
            continue
        said = _said(text, index)
        if said is None:
            continue
        if starts and said.whole and _same(starts[-1], said):
            # BOINC prints the record when it is caught, and again above the registers and the stack of its thread.
            earlier = starts.pop()
            claimed.append(span(text, earlier.first, earlier.last))
        starts.append(said)
    incidents: list[Incident] = []
    modules: tuple[Module, ...] = ()
    system: System | None = None
    for at, said in enumerate(starts):
        end = min(starts[at + 1].first if at + 1 < len(starts) else len(text.rows), said.last + _REACH)
        body = part(text, said.first, end)
        said.address = said.address or _pointer(body)
        listed = tuple(_modules(body))
        stack = tuple(placed(frame, listed) for frame in read_frames(body))
        if said.address is None and said.whole and stack:
            said.address = stack[0].address
        incidents.append(_incident(text, said, stack, listed))
        claimed.append(span(text, said.first, said.last))
        claimed += [frame.lines for frame in stack]
        claimed += [module.lines for module in listed]
        modules = modules or listed
        system = system or _system(part(text, max(0, said.first - _HEADED), end))
    return Reading(incidents=tuple(incidents), modules=modules, system=system, claimed=tuple(claimed))


def _same(one: _Said, other: _Said) -> bool:
    return (one.code, one.address, one.target) == (other.code, other.address, other.target)


def _said(text: Text, index: int) -> _Said | None:
    """The report around a row with a code; None where nothing else stands there that a report has."""
    row = text.rows[index][:400]
    said = _of_sentence(row, index) or _of_label(row, index)
    if said is None:
        return None
    for step in (-1, 1):
        near = index + step
        while 0 <= near < len(text.rows) and abs(near - index) <= _AROUND:
            if _code(_CODE.fullmatch(text.rows[near][:400])) is not None:
                break
            if _take(said, text.rows[near][:450]):
                said.first, said.last = min(said.first, near), max(said.last, near)
            near += step
    placed_at = said.address is not None or said.offset is not None
    touched = said.target is not None
    beside = said.module is not None or said.registers or said.process is not None
    if said.whole or (placed_at and (beside or touched)) or (touched and beside):
        return said
    below = part(text, min(said.last + 1, len(text.rows) - 1), min(said.last + 3, len(text.rows)))
    return said if placed_at and next(read_frames(below), None) is not None else None


def _of_sentence(row: str, index: int) -> _Said | None:
    """What a row says that is a whole report: a code in the words around it."""
    if (caught := _CAUGHT.fullmatch(row.strip())) is not None:
        code = int(caught["code"], 16)
        return _Said(code=code, first=index, last=index, whole=True) if code >> 28 in _ERRORS else None
    if (received := _RECEIVED.fullmatch(row)) is not None:
        code_of_name = code_of_symbol(received["name"]) or number(received["name"])
        return None if code_of_name is None else _Said(code=code_of_name, first=index, last=index, whole=True)
    found = _SENTENCE.fullmatch(row.strip()) or _RAISED.fullmatch(row)
    if found is None or int(found["code"], 16) >> 28 not in _ERRORS:
        return None
    said = _Said(code=int(found["code"], 16), address=int(found["address"], 16), first=index, last=index, whole=True)
    if (touched := _TOUCHED.search(found["rest"])) is not None:
        said.access, said.target = touched["access"], number(touched["target"])
    return said


def _of_label(row: str, index: int) -> _Said | None:
    coded = _CODE.fullmatch(row)
    code = _code(coded)
    if coded is None or code is None:
        return None
    said = _Said(code=code, first=index, last=index)
    if (touched := _TOUCHED.search(coded["rest"])) is not None:
        said.access, said.target = touched["access"], number(touched["target"])
    elif (at := _AT.search(coded["rest"])) is not None:
        said.address = number(at["address"])
    return said


def _code(coded: re.Match[str] | None) -> int | None:
    """The code of a row that has one of the system's errors or of a language's exceptions."""
    if coded is None or (coded["name"] is None and coded["code"] is None):
        return None
    code = number(coded["code"]) if coded["code"] is not None else code_of_symbol(coded["name"])
    return code if code is not None and code >> 28 in _ERRORS else None


def _take(said: _Said, row: str) -> bool:
    """Whether the row is one of the report's rows; its value is kept where it is the first of its kind."""
    return _take_unlabelled(said, row) or _take_label(said, row)


def _take_unlabelled(said: _Said, row: str) -> bool:
    registers, traced = _REGISTERS.search(row) is not None, row.strip().lower().startswith("calltrace")
    if registers or traced:
        if said.address is None and (pointer := _POINTER.search(row)) is not None:
            said.address = number(pointer["address"])
        said.registers, said.whole = said.registers or registers, said.whole or traced
        return True
    if said.target is None and _TRIED.match(row) is not None and (touched := _TOUCHED.search(row)) is not None:
        said.access, said.target = touched["access"], number(touched["target"])
        return True
    if said.address is None and (behind := _BEHIND.match(row)) is not None:
        said.address = number(behind["address"])
        return True
    return False


def _take_label(said: _Said, row: str) -> bool:
    found = _FIELD.fullmatch(row)
    field = None if found is None else _FIELD_OF.get(found["label"].strip().lower())
    if found is None or field is None:
        return False
    value = found["value"].strip()
    if field == "address" and (hit := _ADDRESS.match(value)) is not None:
        said.address = number(hit["address"]) if said.address is None else said.address
        # An instruction stands behind its address only in what a debugger printed.
        said.registers = said.registers or found["label"].lower() == "disasm"
        section = _SECTION.match(hit["rest"]) or _HELD.match(hit["rest"])
        if section is not None:
            said.module = said.module or image(section["path"])
    elif field == "module" and said.module is None:
        said.module = image(value)
    elif field == "offset" and said.offset is None:
        said.offset = number(value.split(" ")[0])
    elif field == "process" and said.process is None and value.lower().endswith(".exe"):
        said.process = image(value)
    elif field == "touched" and said.target is None and (touched := _TOUCHED.search(value)) is not None:
        said.access, said.target = touched["access"], number(touched["target"])
    return True


def _incident(text: Text, said: _Said, stack: tuple[Frame, ...], modules: tuple[Module, ...]) -> Incident:
    here = span(text, said.first, said.last)
    owner = holder(modules, said.address)
    # Some handlers begin with their own frames; the one at the address of the exception is the one that failed.
    at = next((frame for frame in stack if frame.address == said.address and said.address is not None), None)
    bare = all(frame.address is None for frame in stack)
    at = at or (stack[0] if stack and (said.whole or bare) else None)
    module = said.module or (None if owner is None else owner.name) or (None if at is None else at.module)
    offset = said.offset
    if offset is None and owner is not None and owner.base is not None and said.address is not None:
        offset = said.address - owner.base
    elif offset is None and at is not None and at.function is None and at.module == module:
        offset = at.offset
    process = said.process or program_of([*(one.name for one in modules[:1]), module, *(one.module for one in stack)])
    return Incident(
        kind="exception",
        lines=(here[0], max(here[1], stack[-1].lines[1] if stack else 0)),
        process=None if process is None else Process(name=process),
        exception=ExceptionRecord(
            code=said.code, address=said.address, access=access_of(said.access), target=said.target, lines=here
        ),
        stack=stack,
        faulting_module=module,
        faulting_offset=offset,
    )


def _pointer(body: Text) -> int | None:
    """The instruction pointer among the registers, where no row names the address of the exception."""
    for index in rows_with(body, "ip", "IP", most=40):
        if (found := _POINTER.search(body.rows[index][:300])) is not None:
            return int(found["address"], 16)
    return None


def _modules(body: Text) -> Iterator[Module]:
    for count, index in enumerate(rows_with(body, "-", most=MAX_MODULES)):
        found = _MODULE.fullmatch(body.rows[index][:400])
        base, end = (None, None) if found is None else (int(found["base"], 16), int(found["end"], 16))
        if found is None or base is None or end is None or base >= end or count >= MAX_MODULES:
            continue
        path = found["path"].strip()
        name = image(path)
        if name is not None and "." in name:
            yield Module(
                name=name, base=base, end=end + 1, path=path if "\\" in path else None, lines=span(body, index, index)
            )


def _system(body: Text) -> System | None:
    for index in range(min(len(body), 80)):
        found = _SYSTEM.match(body.rows[index][:200])
        if found is not None:
            build = int(found["build"])
            return System(
                product=product_of_build(build, None, server=False, version=found["version"]),
                version=version_of_build(build) or found["version"],
                build=build,
                service_pack=None if found["pack"] is None else int(found["pack"]),
                lines=span(body, index, index),
            )
    return None
