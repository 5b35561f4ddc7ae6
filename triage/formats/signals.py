"""Crashes that programs for Windows tell as signals, because they are built for other systems too.

    CRASH LOG FILE: ./config/crash.log                      Cataclysm: Dark Days Ahead
    TYPE: Signal
    MESSAGE: SIGSEGV: Segmentation fault
    STACK TRACE:
        @0x555FB5[orchard.exe+0x155FB5]
        Grow+0x4B034@0xE280A0[orchard.exe+0xA280A0]
      #1                                                    since 2020, by two libraries
        (dbghelp: @0x65c3d6[orchard.exe+0x25c3d6]),
        (libbacktrace: log_crash+0x4af@0x63c53f),
    CrashHandlerException: Program crashed with signal 11   Godot
    [1] error(-1): no debug info in PE/COFF executable
    [2] Leaf::grow (C:\\src\\leaf.cpp:42)

Folklore: the run-time library turns exceptions of the system into signals, so a signal tells the code. The same reports
come from Linux with other frames, or by another name of Godot's function (`handle_crash`): those are of no Windows
crash. The first frames of Cataclysm are its handler's own; the one that failed stands below the system's dispatcher.
Sources: Cataclysm-DDA, src/debug.cpp and src/crash.cpp; Godot, platform/windows/crash_handler_windows_signal.cpp.
"""

import re

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, Process
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, program_of, rows_with, span

_LOGGED = regex(r"\s{0,8}MESSAGE: (?P<name>SIG[A-Z]{2,8})\b[^\n]{0,200}")
_GODOT = regex(r"\s{0,8}CrashHandlerException: Program crashed(?: with signal (?P<number>\d{1,2}))?\s{0,4}")
_FRAME = regex(
    r"\s{0,16}(?:\(dbghelp: )?(?:(?P<function>[^\s@()]{1,300}?)(?:\+0x(?P<in>[0-9a-f]{1,12}))?)?"
    r"@0x(?P<address>[0-9a-f]{1,16})"
    r"\[(?P<module>[^\[\]\n+]{1,120}?\.\w{2,4})\+0x(?P<offset>[0-9a-f]{1,12})\]\)?,?\s{0,4}",
    re.IGNORECASE,
)
_NUMBERED = regex(
    r"\s{0,8}\[\d{1,3}\] (?:error\(-1\): no debug info in PE/COFF executable|<couldn't map PC to fn name>"
    r"|(?P<function>[A-Za-z_~`][^\n()]{0,300}?) \((?P<source>[A-Za-z]:[\\/][^\n]{1,300}?:\d{1,7})\))\s{0,4}"
)
_CODES = {"SIGSEGV": 0xC0000005, "SIGILL": 0xC000001D, "SIGFPE": 0xC0000094, "SIGBUS": 0xC0000005}
_NUMBERS = {"11": "SIGSEGV", "4": "SIGILL", "8": "SIGFPE", "22": "SIGABRT", "6": "SIGABRT"}
_DISPATCHER = "KiUserExceptionDispatcher"
_HEAD = "CRASH LOG FILE: "
_ABOVE = 6
"""Rows from the head of the log to the signal."""

_OTHER = regex(
    r"\s{0,8}(?:\(libbacktrace: |\(backtrace_|[^\s(][^\n(]{0,200}\([^()\n]{0,300}\) \[0x[0-9a-f]{4,16}\]\s{0,4}$)"
)
"""Rows of the other library, and frames of other systems."""

_REACH = 2_000
_GAP = 6
"""Rows between two frames, of other libraries and of the engine's version, at most."""


def read(text: Text) -> Reading:
    """Every report is one incident; those of other systems are only claimed, so that nobody takes them for words."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    for index in rows_with(text, "MESSAGE: SIG", "CrashHandlerException: ", most=MAX_REPORTS):
        signal = _signal(text, index)
        if signal is None:
            continue
        first, name, on_windows = signal
        frames, last = _frames(text, index)
        if frames or on_windows:
            incidents.append(_incident(text, (first, index, last), name, frames))
        claimed.append(span(text, first, last))
    return Reading(incidents=tuple(incidents), claimed=tuple(claimed))


def _signal(text: Text, index: int) -> tuple[int, str | None, bool] | None:
    """The first row of the report around the row, the signal's name, and whether the row itself is of Windows only."""
    row = text.rows[index][:300]
    if (godot := _GODOT.fullmatch(row)) is not None:
        return index, _NUMBERS.get(godot["number"] or ""), True
    logged = _LOGGED.fullmatch(row)
    head = next((at for at in range(max(0, index - _ABOVE), index) if _HEAD in text.rows[at]), None)
    return None if logged is None or head is None else (head, logged["name"], False)


def _incident(text: Text, rows: tuple[int, int, int], name: str | None, frames: tuple[Frame, ...]) -> Incident:
    here = span(text, rows[1], rows[1])
    code = None if name is None else _CODES.get(name)
    place = next((at + 1 for at, frame in enumerate(frames) if frame.function == _DISPATCHER), 0)
    failed = frames[place] if 0 < place < len(frames) else None
    process = program_of(frame.module for frame in frames)
    return Incident(
        kind="message" if code is None else "exception",
        lines=span(text, rows[0], rows[2]),
        process=None if process is None else Process(name=process),
        exception=None
        if code is None
        else ExceptionRecord(code=code, address=None if failed is None else failed.address, lines=here),
        stack=frames,
        faulting_module=None if failed is None else failed.module,
        faulting_function=None if failed is None else failed.function,
        messages=(Message(" ".join(text.rows[rows[1]][:200].split()), here),),
    )


def _frames(text: Text, index: int) -> tuple[tuple[Frame, ...], int]:
    """The frames below, and the last row of the report: rows of other libraries stand between the frames."""
    frames: list[Frame] = []
    last = index
    for at in range(index + 1, min(len(text.rows), index + _REACH)):
        row = text.rows[at][:500]
        placed, numbered = _FRAME.fullmatch(row), _NUMBERED.fullmatch(row)
        if placed is not None:
            function, offset = placed["function"], placed["offset"] if placed["function"] is None else placed["in"]
            frames.append(
                Frame(
                    module=placed["module"],
                    function=function,
                    offset=None if offset is None else int(offset, 16),
                    address=int(placed["address"], 16),
                    lines=span(text, at, at),
                )
            )
            last = at
        elif numbered is not None:
            if numbered["function"]:
                source = numbered["source"]
                frames.append(Frame(function=numbered["function"], source=source, lines=span(text, at, at)))
            last = at
        elif _OTHER.match(row) is not None:
            last = at
        elif at - last > _GAP:
            break
        if len(frames) >= MAX_FRAMES:
            break
    return tuple(frames), last
