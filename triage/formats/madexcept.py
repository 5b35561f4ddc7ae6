"""Bug reports of madExcept, the exception handler of many Delphi programs.

    date/time         : 2016-02-11, 17:25:54, 544ms
    operating system  : Windows 7 Service Pack 1 build 7601
    process id        : $dc4
    executable        : Orchard.exe
    exception class   : EAccessViolation
    exception message : Access violation at address 004255E9 in module 'Orchard.exe'. Read of address 00000004.
    main thread ($f80):
    004255e9 +019 Orchard.exe Trees   8960  +1 TLeafList.GetItems
    76da2b52 +016 USER32.dll                   CallWindowProcW
    modules:
    00400000 Orchard.exe  0.96.0.1582  C:\\Programs

Folklore: columns are unit, line and line within the function, the last two only where the map file had them; the
function's full name is unit and name. An exception that was raised while another was handled has a stack of its own,
below `main thread ($6658), inner exception level 1:` and `>> EAccessViolation, Access violation at …`. Where a post
holds that part alone, or a thread's heading with its frames, it is read by these rows. The stack of the thread with the
exception comes first. A report of a hang has no exception class. Source: madExcept documentation, "bug report".
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Frame, Incident, Lines, Message, Module, Process
from triage.text.delphi import module_of, offset_of, record_of
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.openings import Openings
from triage.text.reports import MAX_FRAMES, MAX_MODULES, MAX_REPORTS, image, number, part, rows_with, span
from triage.text.system import read_system

_LABEL = regex(r"\s{0,8}(?P<key>[a-zA-Z][\w./# -]{1,30}?)\s{0,24}: (?P<value>\S[^\n]{0,1000})?")
_FRAME = regex(
    r"\s{0,8}(?P<address>[0-9a-f]{8}(?:[0-9a-f]{8})?)\s{1,2}(?:\+(?P<offset>[0-9a-f]{1,8})\s{1,2})?"
    r"(?P<module>\S[^\n]{0,120}?\.\w{2,4})(?=\s|$)(?P<rest>[^\n]{0,1000})"
)
_MODULE = regex(
    r"\s{0,8}(?P<base>[0-9a-f]{8}(?:[0-9a-f]{8})?)\s{1,2}(?P<name>\S[^\n]{0,120}?\.\w{2,4})"
    r"(?:\s{1,60}(?P<version>\d{1,5}(?:\.\d{1,6}){1,3}))?(?:\s{1,60}(?P<path>[A-Za-z]:\\[^\n]{0,300}))?\s{0,8}"
)
_HEADING = regex(
    r"\s{0,8}(?:(?:main )?thread \$[0-9a-f]{1,8}(?: \([^\n]{1,80}\))?|main thread \(\$[0-9a-f]{1,8}\)"
    r"|modules|processes|hardware|cpu registers|stack dump|disassembling):\s{0,8}"
)
_DUMPED = regex(r"\s{0,8}(?:[0-9a-f]{8}(?:[0-9a-f]{8})?\s[^\n]{0,1000}|[a-z0-9]{2,6} = [0-9a-f]{2,16}\b[^\n]{0,200})")
"""A row of registers, memory or code below its heading."""

_THREAD = regex(
    r"\s{0,8}(?:main thread|thread) \(?\$[0-9a-f]{1,8}\)?(?: \([^\n]{1,80}\))?"
    r"(?:, inner exception level \d{1,3})?:\s{0,8}"
)
_INNER = regex(r"\s{0,8}>> (?P<kind>E[A-Z]\w{2,60}), (?P<message>\S[^\n]{0,1000}?)\s{0,8}")
_FEWEST = 2
"""Frames that stand below a thread's heading where the report's head is lost."""

_WORDS = ("exception class", "madExcept version", "exception message")
_ABOVE, _HEAD, _REACH = 40, 60, 6_000


def read(text: Text) -> Reading:
    """Every report is one incident; the module list of the first that has one is the source's."""
    starts = _starts(text)
    incidents: list[Incident] = []
    modules: tuple[Module, ...] = ()
    claimed: list[Lines] = []
    system = None
    for at, first in enumerate(starts):
        body = part(text, first, min(starts[at + 1] if at + 1 < len(starts) else len(text.rows), first + _REACH))
        labels, last = _labels(body)
        stack = tuple(_frames(body, last))
        if not stack and "exception class" not in labels:
            continue
        listed = tuple(_modules(body))
        incidents.append(_incident(body, labels, last, stack))
        modules = modules or listed
        system = system or read_system(part(body, 0, last + 1))
        claimed.append(incidents[-1].lines)
        claimed += [(frame.lines[0], frame.lines[1]) for frame in _all_frames(body)]
        claimed += [module.lines for module in listed]
        claimed += _sections(body)
    if not incidents and (piece := _piece(text)) is not None:
        incidents.append(piece)
        claimed.append(piece.lines)
    return Reading(incidents=tuple(incidents), modules=modules, system=system, claimed=tuple(claimed))


def _piece(text: Text) -> Incident | None:
    """The exception or the stack below the first thread's heading, where the report has lost its labels."""
    for first in rows_with(text, "thread (", "thread $", most=MAX_REPORTS):
        if _THREAD.fullmatch(text.rows[first][:200]) is None:
            continue
        body = part(text, first, first + _REACH)
        inner = _INNER.fullmatch(body.rows[1][:1100]) if len(body) > 1 else None
        stack = tuple(_frames(body, 0 if inner is None else 1, headed=True))
        if len(stack) < _FEWEST:
            continue
        if inner is not None:
            return _incident(body, {"exception class": inner["kind"], "exception message": inner["message"]}, 1, stack)
        return Incident(kind="stack", lines=(span(body, 0, 0)[0], stack[-1].lines[1]), stack=stack)
    return _frames_alone(text)


def _frames_alone(text: Text) -> Incident | None:
    """A run of frames without anything above; madExcept's own are nearly always among them."""
    for index in rows_with(text, " madExcept ", most=4):
        first = index
        while first > max(0, index - MAX_FRAMES) and _frame(text, first - 1) is not None:
            first -= 1
        stack = tuple(_frames(part(text, first, first + _REACH), -1, headed=True))
        if len(stack) > _FEWEST:
            return Incident(kind="stack", lines=(stack[0].lines[0], stack[-1].lines[1]), stack=stack)
    return None


def _starts(text: Text) -> list[int]:
    """First rows of the reports: the first label of the block that names madExcept or an exception's class."""
    starts: list[int] = []
    last = -1
    openings = Openings(text)
    for index in rows_with(text, *_WORDS, most=MAX_REPORTS):
        if not _is_label(text.rows[index]) or index <= last:
            continue
        first = index
        # Right above it may stand an event, whose fields are labels too.
        while first > max(0, index - _ABOVE) and not openings.printed(first) and _is_label(text.rows[first - 1]):
            first -= 1
        end = index
        while end + 1 < len(text.rows) and end - first < _HEAD and text.rows[end + 1].strip():
            end += 1
        rows = text.rows[first : end + 1]
        if any("madExcept" in row for row in rows) or any(_FRAME.match(row) for row in text.rows[end : end + 8]):
            starts.append(first)
        last = end
    return starts


def _is_label(row: str) -> bool:
    return _LABEL.match(row[:1100]) is not None


def _labels(body: Text) -> tuple[dict[str, str], int]:
    """The labels of the report's head, and its last row. A message may go on over several rows."""
    labels: dict[str, str] = {}
    last = 0
    for index in range(min(_HEAD, len(body))):
        found = _LABEL.fullmatch(body.rows[index][:1100])
        if found is not None:
            labels.setdefault(" ".join(found["key"].lower().split()), (found["value"] or "").strip())
            last = index
        elif not body.rows[index].strip() and "exception class" in labels:
            break
    return labels, last


def _incident(body: Text, labels: dict[str, str], last: int, stack: tuple[Frame, ...]) -> Incident:
    kind, message = labels.get("exception class", ""), labels.get("exception message", "")
    here = span(body, 0, last)
    process = image(labels.get("executable"))
    lost = "EAccessViolation" if message.startswith("Access violation") else ""
    record = record_of(kind or lost, message, here)
    said = ": ".join(part_of for part_of in (kind, message) if part_of)
    top = stack[0] if stack else None
    return Incident(
        kind="exception" if kind or record is not None else "message",
        lines=(here[0], stack[-1].lines[1] if stack else here[1]),
        process=None if process is None else Process(name=process, pid=number(labels.get("process id"))),
        exception=record,
        stack=stack,
        faulting_module=module_of(message) or (None if top is None else top.module),
        faulting_offset=offset_of(message),
        faulting_function=None if top is None else top.function,
        messages=(Message(said, here),) if said else (),
    )


def _frames(body: Text, last: int, *, headed: bool = False) -> Iterator[Frame]:
    """The first thread's frames: they end with the blank row or the next thread's heading."""
    count = 0
    for index in range(last + 1, min(len(body), last + 1 + 2 * MAX_FRAMES)):
        row = body.rows[index][:200].rstrip()
        headed = headed or ("thread" in row and row.endswith(":"))
        frame = _frame(body, index)
        # Without the offset, as 64-bit programs print some, a row looks like one of the list of modules.
        if frame is not None and (headed or frame.offset is not None):
            count += 1
            yield frame
        elif count or index > last + 8:
            return


def _all_frames(body: Text) -> Iterator[Frame]:
    for index in rows_with(body, " +"):
        frame = _frame(body, index)
        if frame is not None:
            yield frame


def _frame(body: Text, index: int) -> Frame | None:
    found = _FRAME.fullmatch(body.rows[index][:1400])
    if found is None:
        return None
    # Unit, line and "+line within the function" are columns of their own; a function without a unit stands alone.
    words = [word for word in found["rest"].split() if not word.isdecimal() and not re.fullmatch(r"\+\d{1,7}", word)]
    return Frame(
        module=found["module"],
        function=".".join(words) or None,
        offset=None if found["offset"] is None else int(found["offset"], 16),
        address=int(found["address"], 16),
        lines=span(body, index, index),
    )


def _sections(body: Text) -> Iterator[Lines]:
    """The headings, and what is dumped below them, of which nothing is read."""
    for first in rows_with(
        body, "thread", "modules:", "processes:", "hardware:", "registers:", "dump:", "disassembling:"
    ):
        if _HEADING.fullmatch(body.rows[first][:200]) is not None:
            last = first
            while last + 1 < len(body) and _DUMPED.match(body.rows[last + 1]) is not None:
                last += 1
            yield span(body, first, last)


def _modules(body: Text) -> Iterator[Module]:
    for start in rows_with(body, "modules:", most=8):
        if body.rows[start].strip() != "modules:":
            continue
        for index in range(start + 1, min(len(body), start + 1 + MAX_MODULES)):
            found = _MODULE.fullmatch(body.rows[index][:600])
            if found is None:
                return
            folder = found["path"]
            yield Module(
                name=found["name"],
                base=int(found["base"], 16),
                path=None if folder is None else f"{folder.rstrip(chr(92))}\\{found['name']}",
                version=found["version"],
                lines=span(body, index, index),
            )
