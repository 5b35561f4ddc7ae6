"""Error files of the Java virtual machine on Windows: hs_err_pid1234.log, and the same text on a console.

    # A fatal error has been detected by the Java Runtime Environment:
    #  EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x00007ffb2e9e1a35, pid=9412, tid=4712
    # Problematic frame:
    # C  [nvoglv64.dll+0x9e1a35]
    siginfo: EXCEPTION_ACCESS_VIOLATION (0xc0000005), reading address 0x0000000000000008
    Native frames: (J=compiled Java code, A=aot compiled Java code, j=interpreted, Vv=VM code, C=native code)
    C  [nvoglv64.dll+0x9e1a35]
    V  [jvm.dll+0x2b5c3a]  JVM_FindSignal+0x1ca
    j  org.lwjgl.opengl.WindowsContext.nSwap(J)V+0
    Dynamic libraries:
    0x00007ff7c4d30000 - 0x00007ff7c4d3f000 	C:\\Java\\bin\\javaw.exe
    OS: Windows 10 , 64 bit Build 19041 (10.0.19041.1237)
    Host: Intel(R) Core(TM) i5, 8 cores, 15G,  Windows 10 , 64 bit Build 19041 (10.0.19041.1237)
    #  Internal Error (0xe06d7363), pid=5180, tid=6324

Folklore: the name behind a frame of a DLL without symbols is its nearest export; the offset in brackets is from the
image's base and sure. `#` before the head may be gone. On other systems the first row names a signal (SIGSEGV): such
a file tells of no Windows crash. Source: JDK, src/hotspot/share/utilities/vmError.cpp, os_windows.cpp.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from triage.model.evidence import Damage, ExceptionRecord, Frame, Incident, Lines, Message, Module, Process, System
from triage.text.exception_names import code_of_symbol
from triage.text.format import Reading
from triage.text.java_classic import Classic, read_classic
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import (
    MAX_FRAMES,
    MAX_MODULES,
    MAX_REPORTS,
    access_of,
    first_match,
    holder,
    image,
    number,
    part,
    program_of,
    rows_with,
    span,
)
from triage.text.system_builds import product_of_build, version_of_build

_FATAL = regex(
    r"[#\s]{0,8}(?P<name>EXCEPTION_\w{3,60}|0x[0-9a-f]{8}|Internal Error) \((?P<code>0x[0-9a-f]{1,8}|[^()\n]{1,200})\)"
    r"(?: at pc=(?P<pc>0x[0-9a-f]{1,16}))?,? (?:[^\n,]{0,60},? )?pid=(?P<pid>\d{1,9}), tid=(?P<tid>\w{1,16})",
    re.IGNORECASE,
)
_FRAME = regex(r"[#\s]{0,8}(?P<kind>[CVJjvAC])\s{1,4}(?P<rest>\S[^\n]{0,1000})")
_NATIVE = regex(r"\[(?P<module>[^\[\]\n+]{1,200})\+(?P<offset>0x[0-9a-f]{1,16})\](?:\s{1,4}(?P<name>[^\n]{1,300}))?")
_JOINED = regex(r"[:#\s]{1,8}[CVA]\s{1,4}\[(?P<module>[^\[\]\n+]{1,200})\+(?P<offset>0x[0-9a-f]{1,16})\]")
"""`# Problematic frame: #  V  [jvm.dll+0x7a0056] #`, where a console's rows were joined."""

_SAID = regex(
    r"[Pp]roblematic fram\w{1,8},? (?:is|was|:|in){0,3} ?[\"'`\[]{0,2}(?P<module>[\w.$~-]{1,60}\.(?:dll|exe))"
    r"\+(?P<offset>0x[0-9a-f]{1,16})\b",
    re.IGNORECASE,
)
"""`The problematic frame was "nvoglv64.dll+0x9e1a35"`: a person's words on an error file that is cut above it."""

_ADDRESS = regex(r"(?:\[)?(?P<address>0x[0-9a-f]{6,16})\]?\s{0,4}")
_JAVA = regex(r"(?:\d{1,7}%?\s{1,4}(?:[a-z]\d?\s{1,4})?)?(?P<name>[\w/$.<>~:]{2,300})")
_INFO = regex(
    r"siginfo: (?:ExceptionCode=|EXCEPTION_\w{3,60} \()(?P<code>0x[0-9a-f]{8})\)?"
    r"(?:, (?P<access>reading|writing|executing|data execution prevention violation at) address "
    r"(?P<target>0x[0-9a-f]{1,16}))?",
    re.IGNORECASE,
)
_LIBRARY = regex(
    r"(?P<base>0x[0-9a-f]{8,16}) - (?P<end>0x[0-9a-f]{8,16})\s{1,16}(?P<path>\S[^\n]{0,400})", re.IGNORECASE
)
_OS = regex(
    r"[#\s]{0,8}OS: ?(?P<name>Windows [^\n,]{1,60}?) ?(?:, (?:64|32) bit)? ?Build (?P<build>\d{3,5})"
    r"(?: \((?P<version>\d{1,2}\.\d{1,2})\.\d{3,5}(?:\.(?P<revision>\d{1,6}))?\))?"
    r"(?:,? ?Service Pack (?P<pack>\d{1,2}))?",
    re.IGNORECASE,
)
_SIGNAL = regex(r"[>#\s]{0,8}SIG[A-Z]{2,8} \(0x[0-9a-f]{1,4}\) at pc=0x")
_HEAD = regex(r"[>#\s]{0,8}(?:A fatal|An unexpected) error has been detected by")
_OWN = regex(
    r"[>#\s]{0,8}(?:#|No core dump|Failed to write core dump|Core dump will be|An error report file"
    r"|If you would like to"
    r"|The crash happened outside|See problematic frame|JRE version: |Java VM: |https?://bug|-{15}  [A-Z] |siginfo:"
    r"|Registers:|[ER]\w{1,2}\s?=\s?0x[0-9a-f]{8}|Current thread |Stack: \[|Top of Stack"
    r"|Instructions: |Command Line: |VM Arguments:|Host: |CPU: ?total|Memory: |vm_info: |[Tt]ime: |elapsed time: "
    r"|END\.)"
)
"""Rows of an error file, whose `#` may be gone; people write around it, and seldom within."""

_ERRORS = frozenset({0x8, 0xC, 0xE})
"""Severities of exceptions; what the virtual machine has no name for is an "Internal Error" with a code in brackets."""

_HEADING = "Problematic frame:"
_FRAMES = "Native frames:"
_LIBRARIES = "Dynamic libraries:"
_APART = 5
"""Rows from the heading of the frame to the frame, at most."""

_HEAD_ROWS = 40
"""Rows from the signal to the end of an error file's head."""

_GAP = 3
"""Rows of that head that are paths or blank, between two that are known."""

_FEWEST = 2
"""Libraries that are a list where nothing else is left of the error file."""

_REACH = 20_000


def read(text: Text) -> Reading:
    """Every error file is one incident; its dynamic libraries are the modules."""
    starts = [
        (index, found)
        for index in rows_with(text, "EXCEPTION_", "Internal Error (", "pid=", most=MAX_REPORTS)
        if (found := _FATAL.match(text.rows[index][:600])) is not None
    ]
    incidents: list[Incident] = []
    modules: tuple[Module, ...] = ()
    claimed: list[Lines] = []
    system: System | None = None
    for at, (index, fatal) in enumerate(starts):
        body = part(text, index, min(starts[at + 1][0] if at + 1 < len(starts) else len(text.rows), index + _REACH))
        listed, last = _libraries(body)
        incident, frames_end = _incident(body, fatal, listed)
        above = next((at for at in range(max(0, index - 3), index) if _HEAD.match(text.rows[at]) is not None), index)
        while above > 0 and text.rows[above - 1].strip(" >") == "#":
            above -= 1
        if incident.faulting_module is None and len(starts) == 1:
            incident = _said(text, incident)
        end = max((row for row in range(len(body)) if _OWN.match(body.rows[row][:200]) is not None), default=0)
        whole = (text.numbers[above], span(body, 0, max(last, frames_end, end))[1])
        incidents.append(replace(incident, lines=whole))
        claimed.append(whole)
        modules = modules or listed
        system = system or _system(body)
    if not starts and len(listed := _libraries(text)[0]) >= _FEWEST:
        modules = listed
        claimed += [module.lines for module in listed]
    for classic in read_classic(text, MAX_REPORTS):
        incidents.append(_of_classic(text, classic, modules))
        claimed.append(incidents[-1].lines)
    if not incidents and (headless := _headless(text)) is not None:
        incidents.append(headless)
        claimed.append(headless.lines)
    elsewhere = tuple(_of_other_systems(text))
    return Reading(
        incidents=tuple(incidents),
        modules=modules,
        system=system,
        warnings=tuple(Damage(lines, "an error file of Java on another system than Windows") for lines in elsewhere),
        claimed=(*claimed, *elsewhere),
    )


def _of_classic(text: Text, head: Classic, modules: tuple[Module, ...]) -> Incident:
    lines = span(text, head.first, head.last)
    owner = holder(modules, head.address)
    module = head.module or (None if owner is None else owner.name)
    offset = None
    if owner is not None and owner.base is not None and head.address is not None:
        offset = head.address - owner.base
    process = program_of(one.name for one in modules)
    frame = Frame(module=module, function=head.function, offset=head.offset, address=head.address, lines=lines)
    return Incident(
        kind="exception",
        lines=lines,
        process=None if process is None else Process(name=process),
        exception=None if head.code is None else ExceptionRecord(code=head.code, address=head.address, lines=lines),
        stack=(frame,) if module is not None else (),
        faulting_module=module,
        faulting_offset=offset,
        faulting_function=head.function,
    )


def _said(text: Text, incident: Incident) -> Incident:
    """The incident with the place that a person's words tell, where the error file is cut above it."""
    for index in text.holding(("problematic fram",))[:4]:
        found = _SAID.search(text.rows[index][:2000])
        if found is not None:
            return replace(incident, faulting_module=found["module"], faulting_offset=number(found["offset"]))
    return incident


def _headless(text: Text) -> Incident | None:
    """An error file whose first rows are lost: the frame alone tells where it was, and that Windows ran it.

    A launcher's window may show a time and a word of its own between the rows.
    """
    for start in rows_with(text, _HEADING, most=4):
        for index in range(start + 1, min(len(text.rows), start + _APART)):
            frame = _frame(text, index)
            if frame is not None and frame.module is not None and frame.module.lower().endswith((".dll", ".exe")):
                return Incident(
                    kind="exception",
                    lines=span(text, start, index),
                    stack=(frame,),
                    faulting_module=frame.module,
                    faulting_offset=frame.offset,
                )
    return None


def _of_other_systems(text: Text) -> Iterator[Lines]:
    """The heads of error files of Linux and macOS, which tell of a signal; what they say is no Windows program's."""
    for index in rows_with(text, " SIG", most=MAX_REPORTS):
        if _SIGNAL.match(text.rows[index][:200]) is None:
            continue
        rows = text.rows
        first = next((at for at in range(max(0, index - 4), index) if _HEAD.match(rows[at][:200])), index)
        last = index
        for at in range(index + 1, min(len(rows), index + _HEAD_ROWS)):
            if _OWN.match(rows[at][:200]) is not None or _HEADING in rows[at] or _frame(text, at) is not None:
                last = at
            elif rows[at].strip(" #>") and at - last > _GAP:
                break
        yield span(text, first, last)


def _incident(body: Text, fatal: re.Match[str], modules: tuple[Module, ...]) -> tuple[Incident, int]:
    here = span(body, 0, 0)
    stack, last = _stack(body)
    told = next(
        (hit for index in rows_with(body, "siginfo:", most=4) if (hit := _INFO.search(body.rows[index][:300]))), None
    )
    code = number(fatal["code"]) or code_of_symbol(fatal["name"])
    process = program_of(module.name for module in modules)
    top = stack[0] if stack else None
    record = None
    if code is not None and (code >> 28 in _ERRORS or not fatal["name"].lower().startswith("internal")):
        record = ExceptionRecord(
            code=code,
            address=number(fatal["pc"]),
            access=None if told is None else access_of((told["access"] or "").replace("data execution", "execute")),
            target=None if told is None else number(told["target"]),
            lines=here,
        )
    incident = Incident(
        kind="exception" if record is not None else "message",
        lines=span(body, 0, last),
        process=None if process is None else Process(name=process, pid=int(fatal["pid"])),
        exception=record,
        stack=stack,
        faulting_module=None if top is None else top.module,
        faulting_offset=None if top is None or top.function is not None else top.offset,
        messages=(Message(" ".join(fatal[0].split()).lstrip("# "), here),) if record is None else (),
    )
    return incident, last


def _stack(body: Text) -> tuple[tuple[Frame, ...], int]:
    """The native frames; where they are missing, the one frame that the head names."""
    for heading in (_FRAMES, _HEADING):
        for start in rows_with(body, heading, most=2):
            frames: list[Frame] = []
            last = start
            joined = _JOINED.match(body.rows[start].partition(heading)[2][:400])
            if joined is not None:
                return (
                    Frame(
                        module=joined["module"].strip(),
                        offset=int(joined["offset"], 16),
                        lines=span(body, start, start),
                    ),
                ), start
            for index in range(start + 1, min(len(body), start + 1 + MAX_FRAMES)):
                frame = _frame(body, index)
                if frame is None:
                    break
                frames.append(frame)
                last = index
            if frames:
                return tuple(frames), last
    return (), 0


def _frame(body: Text, index: int) -> Frame | None:
    found = _FRAME.fullmatch(body.rows[index][:1100])
    if found is None:
        return None
    lines = span(body, index, index)
    rest = found["rest"]
    if (native := _NATIVE.match(rest)) is not None:
        return Frame(module=native["module"], offset=number(native["offset"]), lines=lines)
    if (bare := _ADDRESS.fullmatch(rest)) is not None:
        return Frame(address=number(bare["address"]), lines=lines)
    java = _JAVA.match(rest)
    return None if java is None else Frame(function=java["name"], lines=lines)


def _libraries(body: Text) -> tuple[tuple[Module, ...], int]:
    modules: list[Module] = []
    last = 0
    for start in rows_with(body, _LIBRARIES, most=1):
        for index in range(start + 1, min(len(body), start + 1 + MAX_MODULES)):
            found = _LIBRARY.fullmatch(body.rows[index].strip()[:500])
            if found is None:
                break
            path = found["path"].strip()
            base, end = int(found["base"], 16), int(found["end"], 16)
            modules.append(
                Module(name=image(path) or path, base=base, end=end, path=path, lines=span(body, index, index))
            )
            last = index
    return tuple(modules), last


def _system(body: Text) -> System | None:
    for index in rows_with(body, "OS:", "Host: ", most=20):
        rows = body.rows[index : index + 2]
        if "Host: " in rows[0] and "Windows " in rows[0]:
            # The summary of JDK 11 and later has the system behind processors and memory; people cut the rest off.
            rows = [f"OS: {rows[0][rows[0].rindex('Windows ') :]}"]
        # Since JDK 11 the system stands on the row below its heading.
        if rows[0].strip(" #") == "OS:":
            rows = [f"OS: {row.strip()}" for row in rows[1:]]
        found = first_match(rows[:1], _OS)
        if found is not None:
            build, name = int(found["build"]), found["name"]
            return System(
                product=product_of_build(build, name, server="Server" in name, version=found["version"]),
                version=version_of_build(build) or found["version"],
                build=build,
                revision=None if found["revision"] is None else int(found["revision"]),
                service_pack=None if found["pack"] is None else int(found["pack"]),
                lines=span(body, index, index),
            )
    return None
