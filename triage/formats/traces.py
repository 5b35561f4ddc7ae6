r"""Crashes that runtimes, servers and engines tell in a row of fixed words, with rows of calls of their own below.

    *** unhandled exception (access violation) at 0x00007FF6F083898D, terminating
    orchard.exe    ...\src\leaf.cpp(239)        orchard::grow+0x2d

`trace_forms` has the words and the forms of the calls.

Folklore: Ruby's rows begin with its own handler; what failed stands below the system's dispatcher. It tells a signal
(`[BUG] Segmentation fault`), far above, and the same words come from Linux with other frames, which are not read.
Cygwin tells the same crash in its dump and on the console. The end of a trace alone is a stack and no crash.
"""

from msgspec import Struct

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Process
from triage.text.exception_names import code_of, code_of_symbol
from triage.text.format import Reading
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, access_of, image, number, program_of, rows_with, span
from triage.text.trace_forms import BELOW, FAMILIES, LOCALS, Family

_HOLDING = tuple({word: None for family in FAMILIES for word in family.holding})
_SIGNAL, _SEGMENTATION = "[BUG] Segmentation fault", 0xC0000005
_DISPATCHER = "KiUserExceptionDispatch"
_UNKNOWN = "Unknown"
_ABOVE = 400
"""Rows from Ruby's words to its trace, at most: its own frames stand between."""

_BELOW = 20
"""Rows between the words and the first call."""

_TOLD_BELOW = 12
_REPEATED = 40
"""Rows within which the same code, without a place, is the same crash."""

_GAP = 2
_FEWEST = 2


class _Told(Struct, kw_only=True):
    code: int | None = None
    address: int | None = None
    access: str | None = None
    target: int | None = None
    path: str | None = None
    program: str | None = None
    pid: int | None = None
    signalled: bool = False


def read(text: Text) -> Reading:
    """A crash for each row of words, a stack for each run of calls without them."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    done = before = -1
    told_before: _Told | None = None
    for index in rows_with(text, *_HOLDING, most=MAX_REPORTS * 20):
        if index <= done or len(incidents) >= MAX_REPORTS:
            continue
        row = text.rows[index]
        for family in FAMILIES:
            if not any(word in row for word in family.holding):
                continue
            told = _told(text, index, family)
            if told is None and not (family.alone and _is_call(family, row)):
                continue
            first = index if told is not None else _first_call(text, index, family)
            stack, last = _calls(text, first if told is None else index + 1, family)
            if told is not None and told.signalled and stack:
                told.code = _SEGMENTATION
            if told_before is not None and told is not None and not stack and _repeats(told_before, told):
                if index - before <= _REPEATED:
                    claimed.append(span(text, index, index))
                    break
            elif not _says_enough(text, told, stack, index):
                continue
            done = max(index, last)
            before, told_before = done, told
            incidents.append(_incident(text, (first, done), told, stack))
            claimed.append(span(text, first, done))
            break
    return Reading(incidents=tuple(incidents), claimed=tuple(claimed))


def _repeats(before: _Told, told: _Told) -> bool:
    return told.address is None and told.code is not None and told.code == before.code


def _says_enough(text: Text, told: _Told | None, stack: tuple[Frame, ...], index: int) -> bool:
    """Whether the words tell a code or a program, or enough of the calls tell where they are."""
    if told is not None and (told.code is not None or told.path is not None):
        return True
    below = text.rows[index + 1][:200] if index + 1 < len(text.rows) else ""
    shown = (locals_of := LOCALS.match(below)) is not None and locals_of["first"] is not None
    return sum(frame.module is not None for frame in stack) >= _FEWEST or (shown and bool(stack))


def _is_call(family: Family, row: str) -> bool:
    return family.call is not None and family.call.fullmatch(row[:700]) is not None


def _first_call(text: Text, index: int, family: Family) -> int:
    """The first row of the run: those without a function's name hold none of the words that a call is found by."""
    while index and _is_call(family, text.rows[index - 1]):
        index -= 1
    return index


def _calls(text: Text, first: int, family: Family) -> tuple[tuple[Frame, ...], int]:
    """The calls from a row on, and the last row that is one."""
    frames: list[Frame] = []
    last = first - 1
    for at in range(first, min(len(text.rows), first + MAX_FRAMES) if family.call is not None else first):
        row = text.rows[at][:700]
        found = None if family.call is None else family.call.fullmatch(row)
        if found is None:
            if frames and LOCALS.match(row[:200]) is not None:
                last = at
            elif at - last > (_GAP if frames else _BELOW):
                break
            continue
        last = at
        said = found.groupdict()
        inside, function, source = said.get("in_decimal"), said.get("function"), said.get("source")
        function = None if function == _UNKNOWN else function
        frames.append(
            Frame(
                module=image(said.get("path")) or said.get("module"),
                function=function,
                offset=number(said.get("in") or (None if function else said.get("offset")))
                if inside is None
                else int(inside),
                address=number(said.get("address")),
                source=None if source == _UNKNOWN else source,
                lines=span(text, at, at),
            )
        )
    return tuple(frames), last if frames else first - 1


def _told(text: Text, index: int, family: Family) -> _Told | None:
    """What the row of words, and those below it, tell; None where the row is none."""
    head = next((hit for form in family.heads if (hit := form.fullmatch(text.rows[index][:600])) is not None), None)
    if head is None:
        return None
    said = head.groupdict()
    words, name = said.get("words"), said.get("name")
    told = _Told(
        code=number(said.get("code"))
        or (None if words is None else code_of(words.replace("-", " ")))
        or (None if name is None else code_of_symbol(name.upper())),
        address=number(said.get("address")),
        access=said.get("access"),
        target=number(said.get("target")),
        path=said.get("path"),
        program=said.get("program"),
    )
    if not said and any(_SIGNAL in row for row in text.rows[max(0, index - _ABOVE) : index]):
        told.signalled = True
    for row in text.rows[index + 1 : index + 1 + _TOLD_BELOW]:
        below = next((hit for form in BELOW if (hit := form.fullmatch(row[:500])) is not None), None)
        if below is not None:
            _take(told, below.groupdict())
        elif not row.strip():
            break
    return told


def _take(told: _Told, said: dict[str, str | None]) -> None:
    told.address = number(said.get("address")) if told.address is None else told.address
    told.access = told.access or said.get("access")
    told.target = number(said.get("target")) if told.target is None else told.target
    told.path = told.path or said.get("path")
    told.program = said.get("program") or told.program
    pid = said.get("pid")
    told.pid = int(pid) if pid else told.pid


def _incident(text: Text, rows: tuple[int, int], told: _Told | None, stack: tuple[Frame, ...]) -> Incident:
    here = span(text, rows[0], rows[0])
    below = next((at + 1 for at, frame in enumerate(stack) if _DISPATCHER in (frame.function or "")), 0)
    failed = stack[below] if told is not None and below < len(stack) else None
    own = None if told is None else image(told.path)
    program = None if told is None else image(told.program)
    process = program or program_of([own, *(frame.module for frame in stack)])
    known = told is not None and (told.code is not None or own is not None)
    return Incident(
        kind="exception" if known else "stack",
        lines=span(text, *rows),
        process=None if told is None or process is None else Process(name=process, pid=told.pid),
        exception=None
        if told is None or told.code is None
        else ExceptionRecord(
            code=told.code, address=told.address, access=access_of(told.access), target=told.target, lines=here
        ),
        stack=stack,
        faulting_module=own or (None if failed is None else failed.module),
        faulting_function=None if failed is None else failed.function,
    )
