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
    [20:14:43.150] [CrashHandler.cpp:72] [critical] Exception: 0x80000003        libultraship; a row a register below
    *** Unhandled exception 0xC0000005 (EXCEPTION_ACCESS_VIOLATION) at address 0x004027C2

    [12:05:08][ERROR/ExceptionHandler.cpp:45] EXCEPTION_ACCESS_VIOLATION      YimMenu and its children
    Dumping registers:

    [23:50:06] [NORTHSTAR] [error] \tEXCEPTION_ACCESS_VIOLATION              Northstar; "Cause: Access Violation" before
    [23:50:06] [NORTHSTAR] [error] \tAttempted to read from: 0x2060

    ExceptionInfo: $01E4E1C0                               NexusDB, and the editors of Bethesda's games
        ExceptionCode: $C0000005 = EXCEPTION_ACCESS_VIOLATION - The thread tried to read from or write to …

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

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Module, Process, System
from triage.text.format import Reading
from triage.text.handler_codes import LEAD, WORDS, Code, bare_name_in, code_in, named_in, of_box
from triage.text.handler_frames import read_frames, stands_above
from triage.text.handler_labels import Said, pointer_in, take, take_stamped
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import (
    MAX_MODULES,
    MAX_REPORTS,
    access_of,
    holder,
    image,
    part,
    placed,
    program_of,
    rows_with,
    span,
)
from triage.text.system_builds import product_of_build, version_of_build

_MODULE = regex(
    LEAD + r"(?:0x)?(?P<base>[0-9a-f]{8,16})\s{0,3}-\s{0,3}(?:0x)?(?P<end>[0-9a-f]{8,16})\s{1,4}(?:= )?\*?"
    r"(?P<path>\S[^\n]{0,300})",
    re.IGNORECASE,
)
_LISTED = regex(
    LEAD
    + r"(?P<path>\S[^\n]{0,260}?\.\w{2,4}) Base Address: 0x(?P<base>[0-9a-f]{4,16}) Size: (?P<size>0x[0-9a-f]{1,12}"
    r"|\d{1,12})",
    re.IGNORECASE,
)
_SIZED = regex(
    r"\s{0,8}(?:=>)?\s{0,4}(?P<base>[0-9a-f]{8,16}) (?P<size>[0-9a-f]{8,16}) (?P<path>[A-Za-z]:\\[^\n<>]{1,300}?)"
    r"(?:\s{1,4}<==\s{1,4}[0-9a-f]{1,16})?\s{0,4}",
    re.IGNORECASE,
)
"""Rows of `Base     Size     Path (Exception Offset)`, the one that failed between arrows: clients of Half-Life."""

_ENUMERATED = regex(
    r"[\d:.]{0,13}\s{0,8}Base:(?P<base>[0-9a-f]{8})h\s{1,4}Size:\s{0,8}(?P<size>[0-9a-f]{1,8})h\s{1,4}"
    r"Name:(?P<name>\S{1,120})\s{1,40}Path:(?P<path>[A-Za-z]:\\[^\n]{1,300}?)\s{0,4}",
    re.IGNORECASE,
)
"""`13:26:18.415      Base:00400000h  Size:  11000h  Name:Leaf.exe         Path:C:\\Leaf\\Leaf.exe`: Diablo II."""

_SYSTEM = regex(
    LEAD + r"Windows(?: NT)?(?: version:)?(?: [\w., ]{1,80}?(?: Service Pack (?P<early>\d))? \(Version)? "
    r"(?P<version>\d{1,2}\.\d{1,2}),? [Bb]uild"
    r" (?P<build>\d{3,5})(?:,? Service Pack (?P<pack>\d))?\b"
)
_VERSIONED = regex(
    r"[^\n]{0,40}?\|\s?OS Version: (?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{4,5})\b(?P<pack>)(?P<early>)"
)
_DRWATSON = regex(r"Exception:? ?[\w ]{1,60}\(0x[0-9a-f]{7,8}\),? ?Address:", re.IGNORECASE)
"""What Dr. Watson of NT 4.0 shows in a box: `Exception: access violation (0xc0000005), Address: 0x77f12345`. It is a
fault message, with the sentence and the program's name above it."""

_CYGWIN = regex(r"[\s>`]{0,8}Exception: STATUS_[A-Z_]{4,40} at [er]ip=", re.IGNORECASE)
"""The head of Cygwin's stackdump, whose program and calls the reader of traces knows."""

_BOXED = (" - status_", " = status_", " - exception_", " = exception_", " (exception_", " (status_")
_DUMPED = ("dumping registers:", "dumping modules:")
"""What YimMenu writes below the exception's name, which stands alone in its row or behind a log's stamp."""

_ATTEMPTED = ("attempted to read from: 0x", "attempted to write to: 0x")
"""What Northstar writes below the exception's name."""

_NAMED_ABOVE = 3
"""Rows above it in which that name stands: the script and its program counter may stand between."""

_SANDBOX, _TRACE = "exception.exception_code: ", "stacktrace:"
_FLUSHED, _DUMPED_FRAME = "Exiting after fatal event", "stack dump [0]"
_STACK_ABOVE = 120

_AROUND = 8
"""Rows before and behind the code in which the other labels stand."""

_HEADED = 40
"""Rows above the code in which the system may stand."""

_REACH = 600


def read(text: Text) -> Reading:
    """Every report is one incident; the module list of the first that has one is the source's."""
    starts: list[Said] = []
    claimed: list[Lines] = []
    for index in text.holding((*WORDS, *_DUMPED, *_ATTEMPTED, *_BOXED)):
        if len(starts) >= MAX_REPORTS:
            break
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
        said.address = _pointer(body) if said.address is None else said.address
        _take_location(said, body)
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


def _same(one: Said, other: Said) -> bool:
    return (one.code, one.address, one.target) == (other.code, other.address, other.target)


def _boxed(text: Text, index: int) -> Code | None:
    """The code that stands with its name alone in a row, in no list of such rows."""
    around = (*text.rows[max(0, index - 2) : index], *text.rows[index + 1 : index + 3])
    found = of_box(text.rows[index][:400])
    return found if found is not None and all(of_box(row[:400]) is None for row in around) else None


def _said(text: Text, index: int) -> Said | None:
    """The report around a row with a code; None where nothing else stands there that a report has."""
    row = text.rows[index][:400]
    foreign = _DRWATSON.search(row) is not None or _CYGWIN.match(row) is not None
    found = None if foreign else code_in(row) or _boxed(text, index)
    above = None
    if found is None and any(word in row.lower() for word in _ATTEMPTED):
        above = index - 1
        found = named_in(text.rows[above][:400]) if index else None
    elif found is None and row.strip().lower() in _DUMPED:
        named = range(index - 1, max(-1, index - 1 - _NAMED_ABOVE), -1)
        above, found = next(((at, hit) for at in named if (hit := bare_name_in(text.rows[at][:400]))), (None, None))
    if found is None:
        return None
    said = Said(
        code=found.code,
        first=index if above is None else above,
        last=index,
        address=found.address,
        access=found.access,
        target=found.target,
        module=found.module,
        offset=found.offset,
        whole=found.whole,
    )
    if above is not None:
        take_stamped(said, row)
    for step in (-1, 1):
        near = index + step
        while 0 <= near < len(text.rows) and abs(near - index) <= _AROUND:
            if code_in(text.rows[near][:400]) is not None:
                break
            if take(said, text.rows[near][:450]) or (above is not None and take_stamped(said, text.rows[near][:450])):
                said.first, said.last = min(said.first, near), max(said.last, near)
            near += step
    traced = _stack_above(text, index)
    said.first = said.first if traced is None else traced
    return said if _is_report(said, named=found.named) or _traced(text, said, code_alone=found.named) else None


def _is_report(said: Said, *, named: bool) -> bool:
    """Whether enough of a report stands around the code; `named` tells that its row says whose code it is."""
    placed_at = said.address is not None or said.offset is not None
    touched = said.target is not None
    beside = said.module is not None or said.beside or said.process is not None
    if said.whole or (placed_at and (beside or touched or named)) or (touched and (beside or named)):
        return True
    return said.registers and named  # their pointer may stand far below


def _stack_above(text: Text, index: int) -> int | None:
    """The heading of the stack that Cuckoo prints above the code, or the first row of the stack that others do."""
    if index and stands_above(text.rows[index - 1]):
        rows = range(index - 1, max(-1, index - _STACK_ABOVE), -1)
        return next((at + 1 for at in rows if not stands_above(text.rows[at])), rows[-1])
    if text.rows[index].startswith(_FLUSHED):
        above = range(index, max(-1, index - _STACK_ABOVE), -1)
        return next((at for at in above if _DUMPED_FRAME in text.rows[at][:40]), None)
    if not text.rows[index].lstrip().startswith(_SANDBOX):
        return None
    return next((at for at in range(index, max(-1, index - _STACK_ABOVE), -1) if text.rows[at].strip() == _TRACE), None)


def _traced(text: Text, said: Said, *, code_alone: bool) -> bool:
    """Whether a call stack begins right below: of two frames at least where the code says too little for itself."""
    end = min(said.last + 5, len(text.rows))
    frames = tuple(read_frames(part(text, min(said.last + 1, end - 1), end)))
    return len(frames) >= (1 if code_alone else 2)


def _incident(text: Text, said: Said, stack: tuple[Frame, ...], modules: tuple[Module, ...]) -> Incident:
    here = span(text, said.first, said.last)
    owner = holder(modules, said.address)
    # Some handlers begin with their own frames; the one at the address of the exception is the one that failed.
    at = next((frame for frame in stack if frame.address == said.address and said.address is not None), None)
    bare = all(frame.address is None for frame in stack)
    told = said.address != 0 and (said.whole or bare or said.address is None)  # nothing is at 0: a pointer was called
    at = at or (stack[0] if stack and told else None)
    module = said.module or (None if owner is None else owner.name) or (None if at is None else at.module)
    offset = said.offset
    if offset is None and owner is not None and owner.base is not None and said.address is not None:
        offset = said.address - owner.base
    elif offset is None and said.base is not None and said.address is not None and said.address >= said.base:
        offset = said.address - said.base
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
        if (found := pointer_in(body.rows[index][:300])) is not None:
            return found
    return None


def _take_location(said: Said, body: Text) -> None:
    """What foobar2000 says below its registers: `Crash location:`, then the module and the offset in it."""
    for index in rows_with(body, "Crash location:", most=1):
        for row in body.rows[index + 1 : index + 4]:
            take(said, row[:450])


def _modules(body: Text) -> Iterator[Module]:
    for count, index in enumerate(rows_with(body, "-", "Base Address: ", ":\\", most=MAX_MODULES)):
        if count >= MAX_MODULES:
            return
        row = body.rows[index][:500]
        if (ranged := _MODULE.fullmatch(row[:400])) is not None:
            path, base, end = ranged["path"].strip(), int(ranged["base"], 16), int(ranged["end"], 16) + 1
        elif (sized := _LISTED.match(row)) is not None:
            path, base = sized["path"].strip(), int(sized["base"], 16)
            end = base + int(sized["size"], 0)
        elif (row.find(":\\") > 0) and (columned := _SIZED.fullmatch(row[:400])) is not None:
            path, base = columned["path"].strip(), int(columned["base"], 16)
            end = base + int(columned["size"], 16)
        elif (row.find(":\\") > 0) and (enumerated := _ENUMERATED.fullmatch(row[:450])) is not None:
            path, base = enumerated["path"].strip(), int(enumerated["base"], 16)
            end = base + int(enumerated["size"], 16)
        else:
            continue
        name = image(path)
        if base < end and name is not None and "." in name:
            yield Module(
                name=name, base=base, end=end, path=path if "\\" in path else None, lines=span(body, index, index)
            )


def _system(body: Text) -> System | None:
    for index in range(min(len(body), 80)):
        row = body.rows[index][:200]
        found = next((hit for form in (_SYSTEM, _VERSIONED) if (hit := form.match(row)) is not None), None)
        if found is not None:
            build, pack = int(found["build"]), found["pack"] or found["early"]
            version = version_of_build(build) or found["version"] or None
            return System(
                product=product_of_build(build, None, server=False, version=version),
                version=version,
                build=build,
                service_pack=int(pack) if pack else None,
                lines=span(body, index, index),
            )
    return None
