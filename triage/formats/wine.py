"""Reports of Wine's debugger: what winedbg prints when a Windows program fails under Wine.

    wine: Unhandled page fault on write access to 00000000 at address 0041A2C3 (thread 0024), starting debugger...
    Unhandled exception: page fault on write access to 0x00000000 in 32-bit code (0x0041a2c3).
    Register dump:
     CS:0023 SS:002b DS:002b ES:002b FS:0063 GS:006b
    Backtrace:
    =>0 0x0041a2c3 in ledger (+0x1a2c3) (0x0033fe38)
      1 0x7b46606c call_process_entry+0x1d() in kernel32 (0x0033ffd8)
    Modules:
    PE      400000-  4c5000       Deferred        ledger
    ELF   7b400000-7b7f0000       Dwarf           kernel32<elf>
      \\-PE 7b420000-7b7f0000       \\               kernel32

    Unhandled exception at 0x774B00C5 in ntdll.dll (+0x400c5): 0xC0000005: Access violation writing location 0x00000024.
    Backtrace (may be wrong):
    =>0x774B00C5 RtlEnterCriticalSection+0x15 in ntdll.dll (+0x400c5) (0x0177F8A8)
      0x00823FD0 in ledger.exe (+0x423fd0) (0x0177F8E4)

    0024:err:seh:NtRaiseException Unhandled exception code c0000005 flags 0 addr 0x59adb3

The second to last is the report of a loader of game mods (ModLoader of GTA) that follows winedbg's, without numbers of
frames; the last is a row of Wine's log, which is all where no debugger starts.

Folklore: the kernel's own line ("wine: Unhandled …") and the debugger's tell of one thing. People lose the first
letter, quote the report, or paste it as one line, so frames are found by their number and address and not by their
lines. Function names behind which no symbols stand are the nearest export ("EntryPoint+0xffffffff").
Source: wine, programs/winedbg/tgt_active.c, info.c, dlls/ntdll/thread.c.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, Module, Process, System
from triage.text.exception_names import code_of
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import (
    MAX_FRAMES,
    MAX_MODULES,
    MAX_REPORTS,
    access_of,
    image,
    number,
    part,
    place,
    placed,
    rows_with,
    span,
)
from triage.text.system_builds import product_of_build

_WINE_STUB = 0x80000100
"""EXCEPTION_WINE_STUB: a program called what Wine does not implement."""

_DEBUGGER = regex(
    r"nhandled exception: (?P<what>.{1,400}?) in (?:wow64 )?(?:16|32|64)-bit code \((?P<address>0x[0-9a-f]{4,16}"
    r"|[0-9a-f]{4}:[0-9a-f]{4,8})\)"
)
_LOADER = regex(
    r"nhandled exception at (?P<address>0x[0-9A-Fa-f]{8,16}) in (?P<module>[^\n()]{1,120})"
    r" \(\+0x(?P<offset>[0-9a-f]{1,8})\): "
    r"(?P<what>0x[0-9A-Fa-f]{8}: [^\n]{3,200})"
)
_KERNEL = regex(
    r"wine: (?:Unhandled (?P<what>.{1,300}?)|(?P<stub>Unimplemented function .{1,300}?) called)"
    r" at address (?:0x)?(?P<address>[0-9A-Fa-f:x]{4,24})\b"
)
_LOGGED = regex(
    r"err:seh:\w{1,40} (?:Unhandled )?(?P<what>exception code [0-9a-f]{8}) flags [0-9a-f]{1,8} addr "
    r"(?P<address>0x[0-9a-f]{1,16})\b",
    re.IGNORECASE,
)
_FAULT = regex(
    r"(?:page fault on |Access violation )(?P<access>read|writ|execut)\w{0,3} (?:access to|location) "
    r"(?:0x)?(?P<target>[0-9A-Fa-f]{4,16})"
)
_STUB = regex(r"nimplemented function (?P<name>\S{1,300})")
_CODE = regex(r"(?:exception (?:code )?)?(?:0x)?([0-9A-Fa-f]{8})\b")
_FRAME = regex(r"(?:(?<=\s)|(?<=>)|^)(?:(\d{1,4}) |(?<==>)|(?<=  ))0x([0-9A-Fa-f]{8,16})(?=[\s:]|$)", re.MULTILINE)
_IN_MODULE = regex(
    r"\s{1,4}in (?P<module>[^()\n]{1,80}?(?:(?<=\S)\([\w.]{1,16}\))?) \(\+0x(?P<offset>[0-9a-f]{1,16})\)"
)
_NAMED = regex(r"\s{1,4}(?P<function>\S[^\n]{0,300}?)\+0x(?P<offset>[0-9a-f]{1,16})(?P<rest>[^\n]{0,2000})")
_OF_MODULE = regex(
    r"\sin (?P<module>[^()\n\[\]]{1,80}?(?:(?<=\S)\([\w.]{1,16}\))?)(?= \(\+?(?:0x)?[0-9a-f]{1,16}(?:\)|$)|\s{0,4}$)"
)
_SOURCE = regex(r"\[([^\[\]\n]{1,300}:\d{1,7})\]")
_MODULE = regex(
    r"\s{0,8}(?:\\-)?(?:PE|ELF|Mach-?O|NE|Virt)[\w()-]{0,12}\s{1,16}(?P<low>[0-9a-f]{1,16})-\s{0,16}"
    r"(?P<high>[0-9a-f]{4,16})"
    r"\s{1,16}\S{1,12}\s{1,40}(?P<name>\S[^\n]{0,120})"
)
_DRIVE = regex(r"[A-Za-z]:\\")
_DEBUGGED = regex(r"(?P<pid>[0-9a-f]{8}) \(D\) (?P<path>\S[^\n]{0,260})")
_TYPED = regex(
    r"(?:(?:[$%#]|(?:^|\] )\+)\s{1,4}|Segmentation fault\s{1,40})(?:[A-Z]\w{0,40}=\S{0,200} ){0,8}(?:\S{0,200}/)?"
    r"wine(?:64)?(?:-\w{1,16})?\s{1,4}"
    r"[\"']?(?:[^\n\"']{0,200}[\\/])?(?P<name>[^\\/\n\"'\s]{1,80}\.exe)\b",
    re.IGNORECASE,
)
"""`$ wine ./orchard.exe -opengl`, `+ wine64 orchard.exe` where the shell traces what it runs, and what a shell says of
its script: `5484 Segmentation fault wine a.exe`."""

_SHELL_ABOVE, _SHELL_BELOW = 200, 8
_VERSION = regex(r"\s{0,8}Version: (Windows [\w. ]{1,20})")
_INSTRUCTION = regex(r"\s{0,8}0x[0-9a-f]{8,16}(?: [^\n:]{1,60})?: ")
_BACKTRACE = regex(r"Backtrace(?: \(may be wrong\))?:|^[>\s]{0,4}(?==>\d{1,4} 0x)")
"""The heading of the frames; Wine's own guide shows a report whose first frame follows the stack without one."""

_HEADINGS = ("Modules:", "Threads:", "System information:")
_WORDS = {
    "illegal instruction": "illegal instruction",
    "divide by zero": "divide by zero",
    "division by zero": "divide by zero",
    "invalid float operation": "floating invalid operation",
    "denormal float operand": "floating denormal operand",
    "inexact float result": "floating inexact result",
    "float overflow": "floating overflow",
    "float underflow": "floating underflow",
    "float stack check": "floating stack check",
    "privileged instruction": "privileged instruction",
    "stack overflow": "stack overflow",
    "overflow": "integer overflow",
    "array bounds": "array bounds exceeded",
    "floating point divide": "floating divide by zero",
    "C++ exception": "c++ eh exception",
    "page fault": "access violation",
}
_REACH = 2_000
"""Rows that a report may have after its first; module lists are long."""

_PROGRAMS = (0x400000, 0x140000000)
"""Where linkers put programs of 32 and 64 bits, and no libraries; Wine loads them there unless they can be moved."""

_TWINS = 40
"""Rows between the kernel's line and the debugger's report of the same thing."""


def read(text: Text) -> Reading:
    """Every report is one incident; the module list of the first that has one is the source's."""
    starts = [
        (index, found.groupdict())
        for index in rows_with(
            text, "nhandled exception: ", "nhandled exception at ", "wine: Un", "err:seh:", most=MAX_REPORTS
        )
        if (found := _start(text.rows[index][:4_000]) or _start(_unwrapped(text, index))) is not None
    ]
    if not starts:
        return _without_head(text)
    incidents: list[Incident] = []
    modules: list[Module] = []
    claimed: list[Lines] = []
    system: System | None = None
    previous: tuple[int, Incident] | None = None
    for at, (index, said) in enumerate(starts):
        end = min(starts[at + 1][0] if at + 1 < len(starts) else len(text.rows), index + _REACH)
        listed = tuple(_modules(text, index, end))
        incident, last = _incident(text, index, end, said, listed)
        claimed.append(span(text, index, last))
        claimed += [module.lines for module in listed]
        system = system or _system(text, index, end)
        if modules:
            incident = replace(incident, modules=listed)
        else:
            modules += listed
        if previous is not None and index - previous[0] <= _TWINS and _same(previous[1], incident):
            incidents[-1] = replace(incident, lines=(incidents[-1].lines[0], incident.lines[1]))
        else:
            incidents.append(incident)
        previous = (index, incident)
    return Reading(incidents=tuple(incidents), modules=tuple(modules), system=system, claimed=tuple(claimed))


def _without_head(text: Text) -> Reading:
    """The frames and modules of a report whose first rows were cut away."""
    first = next((at for at in rows_with(text, "Backtrace", most=MAX_REPORTS) if _is_winedbg(text, at)), None)
    if first is None:
        return Reading()
    modules = tuple(_modules(text, first, min(len(text.rows), first + _REACH)))
    stack, last = _frames(text, first, min(len(text.rows), first + _REACH), modules)
    if not stack:
        return Reading()
    module, offset, function = place(stack[0], modules)
    incident = Incident(
        kind="stack",
        lines=span(text, first, last),
        stack=stack,
        process=_process(text, first, min(len(text.rows), first + _REACH), modules),
        faulting_module=module,
        faulting_offset=offset,
        faulting_function=function,
    )
    claimed = (span(text, first, last), *(module.lines for module in modules))
    return Reading(incidents=(incident,), modules=modules, claimed=claimed)


def _is_winedbg(text: Text, index: int) -> bool:
    return _BACKTRACE.search(text.rows[index]) is not None and any(
        "=>0 0x" in row[:200] for row in text.rows[index : index + 3]
    )


def _unwrapped(text: Text, index: int) -> str:
    """The kernel's line with its second half, where it was wrapped before the address; the debugger's, cut anywhere.

    Unhandled exception: page fault on read access to 0x42424242 in 32-bit c       of a terminal that was so wide
    ode (0x0000000042424242).
    """
    row = text.rows[index][:400]
    below = text.rows[index + 1][:200].strip() if index + 1 < len(text.rows) else ""
    if "nhandled exception: " in row:
        return next((whole for mark in ("", " ") if _DEBUGGER.search(whole := f"{row}{mark}{below}")), "")
    return f"{row.rstrip()} {below}" if "wine: Un" in row and below.startswith("at address ") else ""


def _start(row: str) -> re.Match[str] | None:
    return _DEBUGGER.search(row) or _LOADER.search(row) or _KERNEL.search(row) or _LOGGED.search(row)


def _same(one: Incident, other: Incident) -> bool:
    """Whether the kernel's line and the debugger's report are of one fault; the addresses may be one byte apart."""
    if one.stack or one.exception is None or other.exception is None or one.exception.code != other.exception.code:
        return False
    if one.exception.code == _WINE_STUB:
        # The kernel names the place of the call, the debugger that in RaiseException.
        return _stub_of(one) == _stub_of(other)
    here, there = one.exception.address, other.exception.address
    return here is None or there is None or abs(here - there) <= 1


def _stub_of(incident: Incident) -> str | None:
    """What a program called and Wine does not implement."""
    found = _STUB.search(incident.messages[0].text) if incident.messages else None
    return None if found is None else found["name"]


def _incident(
    text: Text, index: int, end: int, said: dict[str, str | None], modules: tuple[Module, ...]
) -> tuple[Incident, int]:
    what = said.get("what") or said.get("stub") or ""
    fault = _FAULT.search(what)
    stack, last = _frames(text, index, end, modules)
    here = span(text, index, index)
    code = _code(what)
    module, offset, function = place(stack[0] if stack else None, modules)
    named = said.get("module")
    if named is not None and (module is None or module.lower() == named.lower()):
        module, offset = named, number(said["offset"]) if offset is None else offset
    exception = None
    if code is not None:
        exception = ExceptionRecord(
            code=code,
            address=number(said["address"]),
            access=None if fault is None else access_of(fault["access"]),
            target=None if fault is None else number(fault["target"]),
            lines=here,
        )
    return (
        Incident(
            kind="exception",
            lines=span(text, index, last),
            process=_process(text, index, end, modules),
            exception=exception,
            stack=stack,
            faulting_module=module,
            faulting_offset=offset,
            faulting_function=function,
            messages=(Message(f"Unhandled {what.removeprefix('exception: ')}", here),),
        ),
        last,
    )


def _code(what: str) -> int | None:
    if "nimplemented function" in what:
        return _WINE_STUB
    printed = _CODE.match(what)
    if printed is not None:
        return int(printed[1], 16)
    return next((code_of(name) for words, name in _WORDS.items() if words in what), None)


def _frames(text: Text, index: int, end: int, modules: tuple[Module, ...]) -> tuple[tuple[Frame, ...], int]:
    """The frames behind their heading, and the last row that they stand on."""
    first = next((at for at in range(index, min(end, index + 200)) if _BACKTRACE.search(text.rows[at])), None)
    if first is None:
        return (), index
    frames: list[Frame] = []
    last = first
    for at in range(first, end):
        row = text.rows[at]
        if at == first:
            heading = _BACKTRACE.search(row)
            row = row[heading.end() :] if heading is not None else row
        if any(word in row for word in _HEADINGS):
            break
        starts = list(_FRAME.finditer(row[:16_384]))
        for place_in_row, found in enumerate(starts):
            stop = starts[place_in_row + 1].start() if place_in_row + 1 < len(starts) else len(row)
            frame = _frame(row[found.end() : min(stop, found.end() + 2_500)], int(found[2], 16), text.numbers[at])
            frames.append(placed(frame, modules))
            last = at
        if len(frames) >= MAX_FRAMES or at - last > 8:
            break
    below = last + 1
    if frames and below < end and _INSTRUCTION.match(text.rows[below][:80]) is not None:
        last = below
    return tuple(frames[:MAX_FRAMES]), last


def _frame(rest: str, address: int, line: int) -> Frame:
    lines = (line, line)
    if (found := _IN_MODULE.match(rest)) is not None:
        return Frame(module=found["module"], offset=int(found["offset"], 16), address=address, lines=lines)
    named = _NAMED.match(rest)
    if named is None or named["function"].startswith(("(", "in ")):
        return Frame(address=address, lines=lines)
    module = _OF_MODULE.search(named["rest"])
    source = _SOURCE.search(named["rest"])
    name = named["function"]
    # Old versions print the arguments between the name and the offset: CreateFileW(name=…)+0x12
    bracket = name.find("(", 1)
    return Frame(
        module=None if module is None else module["module"],
        function=name if bracket < 0 or name.startswith("operator") else name[:bracket],
        offset=int(named["offset"], 16),
        address=address,
        source=None if source is None else source[1],
        lines=lines,
    )


def _modules(text: Text, index: int, end: int) -> Iterator[Module]:
    for count, at in enumerate(rows_with(part(text, index, end), "-", most=MAX_MODULES)):
        found = _MODULE.fullmatch(text.rows[index + at][:300])
        if found is None:
            continue
        low, high = int(found["low"], 16), int(found["high"], 16)
        if low < high and count < MAX_MODULES:
            lines = span(text, index + at, index + at)
            name = found["name"].strip()
            # A name too long for its column runs into the path: `setup_orchard_2.0Z:\home\setup_orchard_2.0.exe`
            path = _DRIVE.search(name, 1)
            whole = None if path is None else name[path.start() :]
            yield Module(name=image(whole) or name, base=low, end=high, path=whole, lines=lines)


def _process(text: Text, index: int, end: int, modules: tuple[Module, ...]) -> Process | None:
    """The process that the debugger is attached to: "(D)" in the list of threads; without one, what a shell ran, or the
    module where programs are."""
    for at in range(index, end):
        if "(D)" in text.rows[at] and (found := _DEBUGGED.search(text.rows[at][:400])) is not None:
            name = image(found["path"])
            if name is not None and name != "(null)":
                return Process(name=name, pid=int(found["pid"], 16))
    for at in (*range(index + 1, min(end, index + _SHELL_BELOW)), *range(index - 1, max(-1, index - _SHELL_ABOVE), -1)):
        if "wine" in text.rows[at] and (typed := _TYPED.search(text.rows[at][:400])) is not None:
            return Process(name=typed["name"])
    program = next((module.name for module in modules if module.base in _PROGRAMS), None)
    return None if program is None else Process(name=program)


def _system(text: Text, index: int, end: int) -> System | None:
    """The Windows that Wine plays."""
    for at in range(index, end):
        if "Version: Windows" in text.rows[at] and (found := _VERSION.match(text.rows[at][:80])) is not None:
            product = product_of_build(None, found[1], server=False, version=None)
            return System(product=product, lines=span(text, at, at))
    return None
