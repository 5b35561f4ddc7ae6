"""Unhandled exceptions of Free Pascal and Lazarus programs.

    An unhandled exception occurred at $00000001003A5FCF:
    EAccessViolation: Access violation
      $00000001003A5FCF  TREES_$$_GROW,  line 337 of units/trees.pas
      $000000010006454D
    Runtime error 216 at $00401234

    Exception Class   : EAccessViolation
    Message           : Access violation
    Exception Address : $000000010000A23A
      $00000001003A5FCF line 337 of ../units/trees.pas

Folklore: addresses begin with a dollar sign, and names of functions are mangled in capitals; a program without debug
information has addresses only. The handlers that programs write themselves label class, message and address in their
own ways, and the rows of the stack stay those of the run-time library. Some of them print the stack only.
Source: Free Pascal, rtl/inc/except.inc, rtl/inc/lineinfo.pp, Run-time errors (User's guide, appendix D).
"""

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, Process
from triage.text.delphi import record_of
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.openings import Openings
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, image, number, rows_with, span

_FRAME = regex(
    r"[\s>]{0,16}\$(?P<address>[0-9A-Fa-f]{8}(?:[0-9A-Fa-f]{8})?)"
    r"(?:\s{1,4}(?P<name>[A-Za-z_$][^\s,]{0,300}))??(?:,?\s{1,4}line (?P<line>\d{1,7}) of (?P<file>\S{1,300}))?\s{0,8}"
)
_CLASS = regex(
    r"[^\n]{0,60}?\b(?:[Ee]xception\s{1,4}[Cc]lass\s{0,8}:\s{0,4}|Exception: class: |exception class |^[\s>]{0,8})"
    r"(?P<kind>E[A-Z]\w{2,60}|(?<=:\s)Exception$)\b(?:[:,]\s{0,4}(?:message: )?(?P<said>[^\n]{0,300}))?"
)
_PLAIN = regex(r"[\s>]{0,8}(?:\[[\w.]{1,40}\] )?Exception\s?[=: ]\s?Access violation\.?\s{0,8}")
"""What programs print that log the message alone: `Exception Access violation` / `  Stack trace:`."""

_OCCURRED = regex(r"[^\n]{0,60}?unhandled exception occurred at \$(?P<address>[0-9A-Fa-f]{8,16})")
_RUNTIME = regex(r"[^\n]{0,40}?\bRuntime error (?P<number>\d{3}) at \$(?P<address>[0-9A-Fa-f]{8,16})")
_LABEL = regex(
    r"[\s>]{0,8}(?P<key>Message|Exception Address|Path|Application|Exception address)\s{0,24}:"
    r"\s{0,4}(?P<value>\S[^\n]{0,400})"
)
_ABOVE = 16
_RUNTIME_CODES = {
    200: 0xC0000094,
    202: 0xC00000FD,
    205: 0xC0000091,
    206: 0xC0000093,
    207: 0xC0000090,
    215: 0xC0000095,
    216: 0xC0000005,
}
"""Run-time errors that are exceptions of the system; the others (201, range check) are the program's own checks."""


def read(text: Text) -> Reading:
    """Every exception with its stack is one incident; run-time errors have none."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    done = -1
    openings = Openings(text)
    for index in rows_with(text, "$", most=20 * MAX_REPORTS):
        if index <= done or len(incidents) >= MAX_REPORTS:
            continue
        row = text.rows[index][:500]
        found = None
        if (error := _RUNTIME.match(row)) is not None:
            found = _runtime(text, index, int(error["number"]), number(error["address"]))
            done = index
        elif _FRAME.fullmatch(row) is not None:
            stack, last = _stack(text, index)
            found = _exception(text, openings, max(done + 1, index - _ABOVE), index, stack)
            done = last
        if found is not None:
            incidents.append(found)
            claimed.append(found.lines)
    return Reading(incidents=tuple(incidents), claimed=tuple(claimed))


def _runtime(text: Text, index: int, error: int, address: int | None) -> Incident:
    here = span(text, index, index)
    code = _RUNTIME_CODES.get(error)
    return Incident(
        kind="message" if code is None else "exception",
        lines=here,
        exception=None if code is None else ExceptionRecord(code=code, address=address, lines=here),
        messages=(Message(" ".join(text.rows[index][:200].split()), here),),
    )


def _stack(text: Text, index: int) -> tuple[tuple[Frame, ...], int]:
    frames: list[Frame] = []
    at = index
    while at < len(text.rows) and (found := _FRAME.fullmatch(text.rows[at][:500])) is not None:
        if len(frames) < MAX_FRAMES:
            line, file = found["line"], found["file"]
            frames.append(
                Frame(
                    function=found["name"],
                    address=int(found["address"], 16),
                    source=None if line is None else f"{file}:{line}",
                    lines=span(text, at, at),
                )
            )
        at += 1
    return tuple(frames), at - 1


def _exception(text: Text, openings: Openings, first: int, index: int, stack: tuple[Frame, ...]) -> Incident | None:
    """The incident of a stack, by the class that stands above it; None without one."""
    kind = said = process = None
    top = index
    address = stack[0].address
    for at in range(index - 1, first - 1, -1):
        row = text.rows[at][:500]
        if (occurred := _OCCURRED.match(row)) is not None:
            address, top = number(occurred["address"]), at
            break
        label = _LABEL.fullmatch(row)
        if label is not None:
            top = at
            value = label["value"].strip()
            if label["key"] == "Message":
                said = value
            elif label["key"] in {"Path", "Application"}:
                process = image(value) if value.lower().endswith(".exe") else process
            else:
                address = number(value) or address
        elif kind is None and (named := _CLASS.match(row)) is not None:
            kind, top = named["kind"], at
            said = said or (named["said"] or "").strip() or None
        elif kind is None and _PLAIN.fullmatch(row) is not None:
            kind, said, top = "EAccessViolation", "Access violation", at
        if openings.printed(at):
            # Right above may stand an event, whose fields are labels too.
            break
    if kind is None:
        return None
    here = span(text, top, index)
    return Incident(
        kind="exception",
        lines=(here[0], stack[-1].lines[1]),
        process=None if process is None else Process(name=process),
        exception=record_of(kind, said or "", here, address),
        stack=stack,
        faulting_function=stack[0].function,
        messages=(Message(": ".join(one for one in (kind, said) if one), here),),
    )
