"""Crashes of Unreal Engine: the log's last rows, the crash reporter's window, CrashContext.runtime-xml.

    Fatal error!
    Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading address 0x0000000000000018
    Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading address 0x0… in Orchard-Win64-Shipping+0x1f6123f    a title
    0x00007ff7bfd83988 Orchard-Win64-Shipping.exe!UnknownFunction []
    Access violation - code c0000005 (first/second chance not available)          Unreal Engine 4 up to 4.15
    [Callstack] 0x00007ffb3cb71513 UE4Editor-Core.dll!FMemory::Free() [d:\\engine\\source\\fmemory.inl:80]
    [2023.02.11-18.22.08:318][412]LogWindows: Error: Assertion failed: Index < Num [File:D:\\a\\b.cpp] [Line: 71]
    LowLevelFatalError [File:C:\\Engine\\D3D12Util.cpp] [Line: 201]

Folklore: a shipped game has no symbols, so every frame is "UnknownFunction []"; the address and the module are all that
it tells. Log rows carry a stamp and a category before the words; the reporter's window has none. Ensures are reported
with a call stack too, but the program goes on: they are no crash.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Damage, ExceptionRecord, Frame, Incident, Lines, Message, Process
from triage.text.crash_context import Context, read_contexts
from triage.text.exception_names import code_of_symbol
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, access_of, number, program_of, rows_with, span

_EXCEPTION = regex(
    r"Unhandled Exception: (?P<name>(?:EXCEPTION|STATUS)_\w{3,60}|0x[0-9a-f]{8})"
    r"(?:[\s(]{1,4}(?P<code>0x[0-9a-f]{8})\)?)?"
    r"(?:\s{1,4}(?P<access>reading|writing|executing) address (?P<target>0x[0-9a-f]{1,16}))?"
    r"(?: in (?P<module>[\w.-]{1,120})\+0x(?P<offset>[0-9a-f]{1,12})\b)?",
    re.IGNORECASE,
)
_OLD = regex(
    r"[\s>`]{0,8}(?P<name>[A-Z][A-Za-z ]{3,40}) - code (?P<code>[0-9a-f]{8}) \(first/second chance not available\)"
    r"(?P<access>)(?P<target>)(?P<module>)(?P<offset>)\s{0,4}"
)
"""As a debugger says it, but without the ids of process and thread; below it stands the stack of the window."""

_FATAL = regex(
    r"(?P<said>(?:Assertion failed: |Fatal error: |LowLevelFatalError )[^\n]{0,200}?\[File:[^\]\n]{1,300}\]"
    r"[^\n]{0,300})"
)
_FRAME = regex(
    r"[^\n]{0,200}?\b0x(?P<address>[0-9a-f]{8,16}) (?P<module>[\w.+ -]{1,120}?\.\w{2,4})!(?P<function>[^\[\n]{1,1000}?)"
    r"\s{0,2}\[(?P<source>[^\]\n]{0,400})\]",
    re.IGNORECASE,
)
_OLD_FRAME = regex(
    r"\s{0,8}(?P<module>[\w.+-]{1,120}\.(?:exe|dll))!(?P<function>[^\[\n]{1,1000}?)"
    r"(?: \(0x(?P<address>[0-9a-f]{8,16})\) \+ \d{1,9} bytes)?\s{1,2}\[(?P<source>[^\]\n]{1,400})\]",
    re.IGNORECASE,
)
_BARE = regex(r"[^\n]{0,200}?\b0x(?P<address>[0-9a-f]{8,16})\s{0,4}$", re.IGNORECASE)
_WINDOW = regex(
    r"[\s>`]{0,8}(?P<module>[A-Za-z][\w.+-]{1,80})(?:!(?P<function>[^\[\n]{1,1000}?))?"
    r"(?:\s{1,2}\[(?P<source>[^\]\n]{1,400})\])?[\s`]{0,8}"
)
"""A row of the stack in the crash reporter's window: a module alone where it has no symbols, without addresses."""

_WINDOW_SIGNS = ("ntdll", "kernel32", "UE4Editor", "UnrealEditor", "UE4_", "UE5_")
_ANNOUNCED = ("Fatal error!", "Critical error: ===", "LoginId:", "EpicAccountId:", "appError called: ")
_ENSURE = regex(r"nsure condition failed|Handled ensure", re.IGNORECASE)
_ABOVE = 4
"""Blank rows between the words and the stack in the reporter's window, at most."""

_FEWEST_ALONE = 2
_GAP = 12
"""Rows of other threads that may come between the words of a crash and its call stack, or between frames."""

_WORDS = (
    "first/second chance not available",
    "nhandled Exception: ",
    "Assertion failed: ",
    "Fatal error: ",
    "LowLevelFatalError ",
)


def read(text: Text) -> Reading:
    """Every crash is one incident; words without a code and a call stack are none, unless they name engine source."""
    contexts = list(read_contexts(text))
    incidents = [_of_context(context) for context in contexts]
    claimed: list[Lines] = [context.lines for context in contexts]
    told = text.without(claimed)
    return _with_rows(told, incidents, claimed, contexts)


def _of_context(context: Context) -> Incident:
    """The incident of a CrashContext.runtime-xml."""
    found = _EXCEPTION.search(context.message)
    top = context.stack[0] if context.stack else None
    record = None
    if found is not None:
        record = _record(found, None if top is None else top.address, context.lines)
    return Incident(
        kind="exception" if record is not None else "message" if context.message else "stack",
        lines=context.lines,
        process=None if context.process is None else Process(name=context.process, pid=context.pid),
        exception=record,
        stack=context.stack,
        faulting_module=top.module if top is not None and record is not None else None,
        faulting_offset=top.offset if top is not None and record is not None else None,
        messages=(Message(context.message, context.lines),) if context.message else (),
    )


def _record(found: re.Match[str], address: int | None, lines: Lines) -> ExceptionRecord | None:
    code = code_of_symbol(found["name"] or "") or number(found["code"]) or number(found["name"])
    if code is None:
        return None
    return ExceptionRecord(
        code=code, address=address, access=access_of(found["access"]), target=number(found["target"]), lines=lines
    )


def _with_rows(text: Text, incidents: list[Incident], claimed: list[Lines], contexts: list[Context]) -> Reading:
    """The contexts' incidents and those of the log's rows."""
    done = -1
    for index in rows_with(text, *_WORDS, most=MAX_REPORTS):
        if index <= done:
            continue
        row = text.rows[index][:2000]
        old = _OLD.fullmatch(row)
        exception, fatal = old or _EXCEPTION.search(row), _FATAL.search(row)
        if (exception is None and fatal is None) or _ENSURE.search(row):
            continue
        stack, last = _frames(text, index)
        if not stack:
            stack, last = _window(text, index)
        if old is not None and not stack:
            continue
        placed = "appError called: " in row or (exception is not None and exception["module"])
        if not stack and _announced(text, index) == index and not placed:
            continue
        first = _announced(text, index)
        incidents.append(_incident(text, (first, index, last), exception, fatal, stack))
        claimed.append(span(text, first, last))
        done = last
    if not incidents and (alone := _stack_alone(text)) is not None:
        incidents.append(alone)
        claimed.append(alone.lines)
    warnings = [Damage(context.lines, "crash context is cut off") for context in contexts if context.cut_off]
    return Reading(
        incidents=tuple(incidents),
        modules=next((context.modules for context in contexts if context.modules), ()),
        system=next((context.system for context in contexts if context.system is not None), None),
        warnings=tuple(warnings),
        claimed=tuple(claimed),
    )


def _stack_alone(text: Text) -> Incident | None:
    """The rows of a stack whose announcement was cut away; an ensure has such rows too, and is no crash."""
    first = next(iter(rows_with(text, "[Callstack] 0x", most=1)), None)
    if first is None or any(_ENSURE.search(row[:400]) for row in text.rows[max(0, first - 40) : first]):
        return None
    stack, last = _frames(text, first - 1)
    if len(stack) < _FEWEST_ALONE:
        return None
    process = program_of(frame.module for frame in stack)
    return Incident(
        kind="stack",
        lines=span(text, first, last),
        process=None if process is None else Process(name=process),
        stack=stack,
    )


def _announced(text: Text, index: int) -> int:
    """The row by which the engine or its reporter announces a crash right above; `index` where none stands there."""
    rows = range(max(0, index - 4), index)
    return next((at for at in rows if any(word in text.rows[at] for word in _ANNOUNCED)), index)


def _incident(
    text: Text,
    rows: tuple[int, int, int],
    exception: re.Match[str] | None,
    fatal: re.Match[str] | None,
    stack: tuple[Frame, ...],
) -> Incident:
    here = span(text, rows[1], rows[1])
    record = None
    if exception is not None:
        record = _record(exception, stack[0].address if stack else None, here)
    process = program_of(frame.module for frame in stack)
    said = " ".join((fatal["said"] if fatal is not None else exception[0] if exception is not None else "").split())
    return Incident(
        kind="exception" if exception is not None else "message",
        lines=span(text, rows[0], rows[2]),
        process=None if process is None else Process(name=process),
        exception=record,
        stack=stack,
        faulting_module=None if exception is None else stack[0].module if stack else exception["module"] or None,
        faulting_offset=None if exception is None or stack else number(exception["offset"]),
        messages=(Message(said, here),),
    )


def _frames(text: Text, index: int) -> tuple[tuple[Frame, ...], int]:
    frames = []
    last = index
    for at, frame in _rows(text, index):
        frames.append(frame)
        last = at
        if len(frames) >= MAX_FRAMES:
            break
    return tuple(frames), last


def _window(text: Text, index: int) -> tuple[tuple[Frame, ...], int]:
    """The run of rows below that are a stack as the reporter's window shows it, if any of them is known for one."""
    frames: list[Frame] = []
    at = last = index + 1
    while at < len(text.rows) and len(frames) < MAX_FRAMES:
        row = text.rows[at][:1500]
        found = _WINDOW.fullmatch(row)
        if found is not None:
            function = found["function"]
            frames.append(
                Frame(
                    module=found["module"],
                    function=None if function is None else function.strip(),
                    source=found["source"],
                    lines=span(text, at, at),
                )
            )
            last = at
        elif row.strip(' "') or at - last > (1 if frames else _ABOVE):
            break
        at += 1
    known = any(frame.function or (frame.module or "").startswith(_WINDOW_SIGNS) for frame in frames)
    return (tuple(frames), last) if len(frames) > 1 and known else ((), index)


def _rows(text: Text, index: int) -> Iterator[tuple[int, Frame]]:
    last = index
    at = index + 1
    while at < len(text.rows) and at - last <= _GAP:
        row = text.rows[at][:2500]
        found = _FRAME.match(row) or _OLD_FRAME.match(row)
        bare = _BARE.match(row) if found is None and last > index else None
        if found is not None:
            address, source = number(found["address"]), found["source"]
            yield (
                at,
                Frame(
                    module=found["module"],
                    function=found["function"].strip(),
                    address=address,
                    source=source if source and not source.startswith("Unknown") else None,
                    lines=span(text, at, at),
                ),
            )
            last = at
        elif bare is not None:
            yield at, Frame(address=number(bare["address"]), lines=span(text, at, at))
            last = at
        elif any(word in row for word in _WORDS) and last > index:
            break
        at += 1
