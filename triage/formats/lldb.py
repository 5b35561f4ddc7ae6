"""What lldb prints of a Windows program that stopped.

    Process 9236 stopped
    * thread #1, stop reason = Exception 0xc0000005 encountered at address 0x7ff62c2d1a43: Access violation reading …
      * frame #0: 0x00007ff62c2d1a43 orchard.exe`grow(leaf=0x0000000000000000) at leaf.c:12:9
        frame #1: 0x00007ff62c2d1b77 orchard.exe`main + 23
        frame #2: 0x00007ffb8f24cea0 kernel32.dll`BaseThreadInitThunk + 16

Folklore: the reason is one row. On other systems it is a signal (`signal SIGSEGV`) or `EXC_BAD_ACCESS`. Every thread
may follow with frames of its own; the first is the one that stopped. A name may hold brackets, and "[inlined]" stands
before the name of the function that was put into another. Source: llvm-project, lldb, ProcessWindows.cpp.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Access, ExceptionRecord, Frame, Incident, Lines, Process
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, number, part, program_of, rows_with, span

_STOPPED = regex(
    r"[^\n]{0,200}?(?:stop reason =|exception:) Exception 0x(?P<code>[0-9a-f]{8}) encountered at address "
    r"(?P<address>0x[0-9a-f]{1,16})(?:: (?P<words>[^\n]{0,200}))?",
    re.IGNORECASE,
)
_TOUCHED = regex(r"(?P<access>reading|writing|executing) location (?P<target>0x[0-9a-f]{1,16})\b", re.IGNORECASE)
_FRAME = regex(
    r"[\s*>|]{0,16}frame #\d{1,5}: (?P<address>0x[0-9a-f]{4,16})(?: (?P<module>[^`\n]{1,120})`(?P<rest>[^\n]{1,3000}))?"
    r"\s{0,4}"
)
_SOURCE = regex(r" at (?P<source>[^\s:]{1,300}:\d{1,7})(?::\d{1,5})?\s{0,4}$")
_OFFSET = regex(r" \+ (?P<offset>\d{1,10})\s{0,4}$")
_INLINED = "[inlined] "
_ACCESS: dict[str, Access] = {"reading": "read", "writing": "write", "executing": "execute"}
_REACH = 3_000


def read(text: Text) -> Reading:
    """Every stop by an exception is one incident, with the frames of the thread that stopped."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    for index in rows_with(text, "stop reason = Exception ", "xception: Exception 0x", most=MAX_REPORTS):
        found = _STOPPED.match(text.rows[index][:600])
        if found is None:
            continue
        stack = tuple(_frames(part(text, index, min(len(text.rows), index + _REACH))))
        touched = _TOUCHED.search(found["words"] or "")
        process = program_of(frame.module for frame in stack)
        here = span(text, index, index)
        incidents.append(
            Incident(
                kind="exception",
                lines=(here[0], max(here[1], stack[-1].lines[1] if stack else 0)),
                process=None if process is None else Process(name=process),
                exception=ExceptionRecord(
                    code=int(found["code"], 16),
                    address=number(found["address"]),
                    access=None if touched is None else _ACCESS[touched["access"].lower()],
                    target=None if touched is None else number(touched["target"]),
                    lines=here,
                ),
                stack=stack,
                faulting_module=stack[0].module if stack else None,
                faulting_function=stack[0].function if stack else None,
            )
        )
        claimed += [here, *(frame.lines for frame in stack)]
    return Reading(incidents=tuple(incidents), claimed=tuple(claimed))


def _frames(body: Text) -> Iterator[Frame]:
    """The first run of frames; rows of source may stand before it."""
    last: int | None = None
    for index in rows_with(body, "frame #", most=MAX_FRAMES):
        found = _FRAME.fullmatch(body.rows[index][:4000])
        if found is None or (last is not None and index - last > 1):
            return
        last = index
        rest = found["rest"] or ""
        sourced = _SOURCE.search(rest)
        rest = rest if sourced is None else rest[: sourced.start()]
        offset = _OFFSET.search(rest)
        rest = rest if offset is None else rest[: offset.start()]
        yield Frame(
            module=found["module"],
            function=_name(rest.rpartition(_INLINED)[2]),
            offset=None if offset is None else int(offset["offset"]),
            address=int(found["address"], 16),
            source=None if sourced is None else sourced["source"],
            inline=_INLINED in rest,
            lines=span(body, index, index),
        )


def _name(printed: str) -> str | None:
    """A function's name without the values of its arguments, which stand in the last brackets at depth none."""
    depth = 0
    for at in range(len(printed) - 1, -1, -1):
        depth += (printed[at] == ")") - (printed[at] == "(")
        if depth == 0 and printed[at] == "(" and printed.endswith(")"):
            return printed[:at].strip() or None
        if depth == 0 and not printed.endswith(")"):
            break
    return printed.strip() or None
