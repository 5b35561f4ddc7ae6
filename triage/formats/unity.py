"""Crashes of Unity players and editors: error.log of Unity 5 to 2018, and the crash rows of Player.log since.

    Orchard [version: Unity 2017.3.0f3 (a9f86dcd49df)]
    UnityPlayer.dll caused an Access Violation (0xc0000005)
      in module UnityPlayer.dll at 0033:216e2ae8.
    Error occurred at 2018-03-07_214746.
    C:\\Games\\Orchard\\Orchard.exe, run by Ada.
    Read from location ffffffff caused an access violation.

    Crash!!!
    OS-Version: 10.0.19045 () 0x100-0x1
    C:\\Games\\Orchard\\Orchard.exe:Orchard.exe (00007FF6A2A30000), size: 667648 (result: 0), SymType: '-exported-', …
    ========== OUTPUTTING STACK TRACE ==================
    0x00007FF8C736CB58 (UnityPlayer) UnityMain
      ERROR: SymGetSymFromAddr64, GetLastError: 'Attempt to access invalid address.' (Address: 00007FF8C7033575)
    0x00007FF8C7033575 (UnityPlayer) (function-name not available)
    ========== END OF STACKTRACE ===========

    Orchard Crashed Exception 0xC0000005 at 0x00007FF630EBD01B       others that use the same walker, PCSX2 among them
    SymInit: Symbol-SearchPath: '.', symOptions: 530, UserName: 'Ada'

Folklore: "X caused an …" names the faulting module again where a DLL is at fault; the program stands in the row "run
by". Addresses of 64-bit players are cut to 32 bits in error.log. The modules of error.log are blocks of rows.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, Module, Process, System
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import (
    MAX_FRAMES,
    MAX_MODULES,
    MAX_REPORTS,
    access_of,
    first_match,
    image,
    number,
    part,
    placed,
    program_of,
    rows_with,
    span,
)
from triage.text.wer import system_of_version

_CAUSED = regex(
    r"\s{0,16}(?P<process>[^\n<>|\"]{1,120}?) caused an? (?P<words>[\w /-]{3,60}?) ?\((?P<code>0x[0-9a-f]{8})\)",
    re.IGNORECASE,
)
_IN_MODULE = regex(
    r"[^\n]{0,200}?in module (?P<module>[^\n:\"<>|]{1,120}?) at (?:[0-9a-f]{4}):(?P<address>[0-9a-f]{8,16})\b",
    re.IGNORECASE,
)
_RUN_BY = regex(r"\s{0,16}(?P<path>[^\n<>|\"]{3,400}?\.exe), run by ", re.IGNORECASE)
_ACCESS = regex(
    r"\s{0,16}(?P<access>Read|Write|Execut\w{1,3}) (?:from|to|at|of) location (?P<target>[0-9a-f]{8,16}) caused an? ",
    re.IGNORECASE,
)
_FRAME = regex(
    r"\s{0,16}0x(?P<address>[0-9A-Fa-f]{8,16}) \((?P<module>[^()\n]{1,120})\)"
    r"(?:\s{1,4}(?P<function>\S[^\n]{0,1000}))?\s{0,4}"
)
_MODULE = regex(
    r"\s{0,8}(?P<path>[^\n<>|\"]{3,400}?):(?P<name>[^\n:\\/()]{1,120}) \((?P<base>[0-9A-Fa-f]{8,16})\), "
    r"size: (?P<size>\d{1,10})(?:[^\n]{0,600}?fileVersion: (?P<version>[\d.]{3,30}))?"
)
_BLOCK_BASE = regex(
    r"\s{0,8}Image Base: 0x(?P<base>[0-9a-f]{8,16})\s{1,4}Image Size: 0x(?P<size>[0-9a-f]{1,10})", re.IGNORECASE
)
_OS = regex(r"[^\n]{0,40}?\bOS-Version: (?P<version>\d{1,2}\.\d{1,2}\.\d{3,5})\b(?: \(Service Pack (?P<pack>\d)\))?")
_RAISED = regex(
    r"[^\n]{0,80}?\bException 0x(?P<code>[0-9A-F]{8}) at 0x(?P<address>[0-9A-F]{8,16})\s{0,4}", re.IGNORECASE
)
_SOURCE = regex(r"\[(?P<source>[^\]\n]{1,300}:\d{1,7})\] (?P<function>\S[^\n]{0,1000})")
_NO_NAME = "(function-name not available)"
_CRASH = "Crash!!!"
_OUTPUT = "OUTPUTTING STACK TRACE"
_SYMBOLS = "SymInit: Symbol-SearchPath"
"""What the player prints first of all when it looks for symbols for its own call stack."""

_END = "END OF STACKTRACE"
_FEWEST_LISTED = 2
"""Blocks of modules without a crash that are a list."""

_BLANK = 3
"""Blank rows between the last frame and the ruler, at most."""

_LOOKUP = "ERROR: SymGetSymFromAddr64"
"""What the player prints above a frame whose function has no name."""

_NATIVE = "Native Crash Reporting"
_ENDS = ("Call Stack for Thread", "END OF STACK")
_GAP = 40
_REACH = 3_000


def read(text: Text) -> Reading:
    """Every crash is one incident, its first call stack the incident's; other threads' stacks only belong to it."""
    # One row may be both where rows are run together: `SymInit: Symbol-SearchPath: … caused an Access Violation (0x…)`.
    starts = sorted((dict(_crashes(text)) | dict(_errors(text))).items())
    incidents: list[Incident] = []
    modules: tuple[Module, ...] = ()
    claimed: list[Lines] = []
    system: System | None = None
    for at, (index, caused) in enumerate(starts):
        body = part(text, index, min(starts[at + 1][0] if at + 1 < len(starts) else len(text.rows), index + _REACH))
        listed = tuple(_modules(body))
        frames = _frames(body, listed)
        modules = modules or listed
        system = system or _system(body)
        incident = _error(body, caused, frames, listed) if caused is not None else _crash(body, frames, listed)
        told = any(_SYMBOLS in row for row in body.rows[:3])
        if incident.exception is None and not incident.stack and not told:
            continue
        incidents.append(incident)
        claimed.append(incident.lines)
        claimed += [module.lines for module in listed]
        claimed += [frame.lines for frame in frames]
    if not starts and len(listed := tuple(_modules(text))) >= _FEWEST_LISTED:
        # The end of an error.log, whose head went to another post.
        modules, system = listed, _system(text)
        claimed += [module.lines for module in listed]
    return Reading(incidents=tuple(incidents), modules=modules, system=system, claimed=tuple(claimed))


def _errors(text: Text) -> Iterator[tuple[int, re.Match[str] | None]]:
    """Rows of error.log that say what caused what; only beside other rows of Unity's handler, one of which is the
    place on a row of its own, pushed in by two blanks.
    """
    for index in rows_with(text, " caused a", most=MAX_REPORTS):
        found = _CAUSED.match(text.rows[index][:300])
        if found is None:
            continue
        near = text.rows[max(0, index - 6) : index + 12]
        place = text.rows[index + 1] if index + 1 < len(text.rows) else ""
        pushed_in = place.startswith("  in module ") and _IN_MODULE.match(place[:300]) is not None
        if pushed_in or any("[version: Unity" in row or "run by " in row or "Unity" in row[:60] for row in near):
            yield index, found


def _crashes(text: Text) -> Iterator[tuple[int, re.Match[str] | None]]:
    """The first row of each crash of newer players: the exclamation, or a call stack that has lost it."""
    last = -_REACH
    for index in rows_with(text, _CRASH, _OUTPUT, _NATIVE, _SYMBOLS, most=MAX_REPORTS):
        if _SYMBOLS in text.rows[index] and index - last > _REACH:
            # The exclamation is lost, and frames may stand above instead.
            first = index
            while (
                first > 0 and index - first < MAX_FRAMES and _FRAME.fullmatch(text.rows[first - 1][:1200]) is not None
            ):
                first -= 1
            if first > 0 and _RAISED.fullmatch(text.rows[first - 1][:200]) is not None:
                first -= 1
            yield first, None
            last = index
        elif index - last > _REACH or (_CRASH in text.rows[index] and index - last > _GAP):
            yield (_listed_above(text, index) if _OUTPUT in text.rows[index] else index), None
            last = index
    if last < 0:
        yield from _tails(text)


def _listed_above(text: Text, index: int) -> int:
    """The first row of the modules that end right above a call stack, where the head of the report is lost."""
    first = index
    while first > max(0, index - MAX_MODULES) and _MODULE.match(text.rows[first - 1][:1400]) is not None:
        first -= 1
    return first


def _tails(text: Text) -> Iterator[tuple[int, re.Match[str] | None]]:
    """The first rows of call stacks of which only the end is left, told by the ruler below or by unnamed frames."""
    done = -1
    for index in rows_with(text, _END, _NO_NAME, most=MAX_REPORTS):
        if index <= done:
            continue
        lowest = max(done + 1, index - MAX_FRAMES)
        first = index
        while first > max(lowest, index - _BLANK) and not text.rows[first - 1].strip() and _END in text.rows[index]:
            first -= 1
        while first > lowest and _is_of_stack(text.rows[first - 1]):
            first -= 1
        while first < index and not text.rows[first].strip():
            first += 1
        done = index
        while done + 1 < len(text.rows) and _is_of_stack(text.rows[done + 1]):
            done += 1
        if done > first:
            yield first, None


def _is_of_stack(row: str) -> bool:
    return _LOOKUP in row[:80] or _FRAME.fullmatch(row[:1200]) is not None


def _error(body: Text, caused: re.Match[str], frames: tuple[Frame, ...], modules: tuple[Module, ...]) -> Incident:
    where = first_match(body.rows[:3], _IN_MODULE)
    run_by = first_match(body.rows[:_GAP], _RUN_BY)
    touched = first_match(body.rows[:_GAP], _ACCESS)
    place = None if where is None else where["module"].strip()
    process = image(run_by["path"]) if run_by is not None else program_of([caused["process"].strip(), place])
    address = None if where is None else number(where["address"])
    owner = next((one for one in modules if place is not None and one.name.lower() == place.lower()), None)
    offset = None
    if address is not None and owner is not None and owner.base is not None and owner.base <= address:
        offset = address - owner.base
    told = (_IN_MODULE, _RUN_BY, _ACCESS)
    last = max(
        (index for index, row in enumerate(body.rows[:_GAP]) if any(one.match(row[:600]) for one in told)), default=0
    )
    lines = span(body, 0, last)
    return Incident(
        kind="exception",
        lines=(lines[0], max(lines[1], frames[-1].lines[1] if frames else 0)),
        process=None if process is None else Process(name=process),
        exception=ExceptionRecord(
            code=int(caused["code"], 16),
            address=address,
            access=None if touched is None else access_of(touched["access"]),
            target=None if touched is None else number(touched["target"]),
            lines=span(body, 0, 0),
        ),
        stack=frames,
        faulting_module=place,
        faulting_offset=offset,
        messages=(Message(f"caused an {caused['words']} ({caused['code']})", span(body, 0, 0)),),
    )


def _crash(body: Text, frames: tuple[Frame, ...], modules: tuple[Module, ...]) -> Incident:
    process = program_of(module.name for module in modules)
    first = frames[0] if frames else None
    lines = span(body, 0, 0)
    raised = _RAISED.fullmatch(body.rows[0][:200])
    words = _CRASH if _CRASH in body.rows[0] else None if raised is None else raised[0].strip()
    return Incident(
        kind="exception",
        lines=(lines[0], frames[-1].lines[1] if frames else lines[1]),
        process=None if process is None else Process(name=process),
        exception=None
        if raised is None
        else ExceptionRecord(code=int(raised["code"], 16), address=int(raised["address"], 16), lines=lines),
        stack=frames,
        faulting_module=None if first is None else first.module,
        faulting_offset=None if first is None or first.function is not None else first.offset,
        messages=() if words is None else (Message(words, lines),),
    )


def _frames(body: Text, modules: tuple[Module, ...]) -> tuple[Frame, ...]:
    """The first run of frames; errors of the symbol engine stand between them."""
    frames: list[Frame] = []
    last = 0
    for index in rows_with(body, "0x", most=20_000):
        found = _FRAME.fullmatch(body.rows[index][:1200])
        if found is None:
            continue
        if frames and (index - last > _GAP or any(mark in row for row in body.rows[last:index] for mark in _ENDS)):
            break
        last = index
        name, source = _placed_in_source((found["function"] or _NO_NAME).strip())
        known = name != _NO_NAME
        frame = Frame(
            module=found["module"],
            function=_function(name) if known else None,
            address=int(found["address"], 16),
            source=source,
            lines=span(body, index, index),
        )
        frames.append(placed(frame, modules))
        if len(frames) >= MAX_FRAMES:
            break
    return tuple(frames)


def _function(name: str) -> str:
    """`(wrapper managed-to-native) UnityEngine.Texture2D:ReadPixels (UnityEngine.Rect,int)` without what is around."""
    if name.startswith("(") and ") " in name:
        name = name.partition(") ")[2]
    return name.partition(" (")[0] or name


def _placed_in_source(name: str) -> tuple[str, str | None]:
    """`[D:\\build\\mono\\mini\\mini-runtime.c:2620] mono_jit_runtime_invoke`: the source stands before the function."""
    if (found := _SOURCE.fullmatch(name)) is None:
        return name, None
    return found["function"], found["source"]


def _modules(body: Text) -> Iterator[Module]:
    for index in rows_with(body, "), size: ", "Image Base: ", most=MAX_MODULES):
        row = body.rows[index][:1400]
        if (found := _MODULE.match(row)) is not None:
            base = int(found["base"], 16)
            yield Module(
                name=found["name"],
                base=base,
                end=base + int(found["size"]),
                path=found["path"],
                version=found["version"],
                lines=span(body, index, index),
            )
        elif (block := _BLOCK_BASE.match(row)) is not None and index and "\\" in body.rows[index - 1]:
            base = int(block["base"], 16)
            path = body.rows[index - 1].strip()
            name = image(path) or path
            end, lines = base + int(block["size"], 16), span(body, index - 1, index)
            yield Module(name=name, base=base, end=end, path=path, lines=lines)


def _system(body: Text) -> System | None:
    for index, row in enumerate(body.rows[:200]):
        if "OS-Version" in row and (found := _OS.match(row[:120])) is not None:
            pack = "" if found["pack"] is None else f".2.{found['pack']}.0.0"
            return system_of_version(found["version"] + pack, span(body, index, index))
    return None
