"""Crash reports of Systems Management Server: `crash.log` of a site server, and the logs of its client's agents.

    EXCEPTION INFORMATION
    Time = 04/05/1999 16:55:47
    Service name = SMS_EXECUTIVE
    Thread name = SMS_LEDGER_MANAGER
    Executable = E:\\SMS\\bin\\i386\\smsexec.exe
    Process ID = 106
    Thread ID = 363
    Instruction address = 0x7800153D
    Exception = 0xC0000005 (EXCEPTION_ACCESS_VIOLATION)
    Description = "The thread tried to read from the virtual address 0x00000000 for which it does not have the …"
    STACK TRACE FOR SMS_LEDGER_MANAGER THREAD 363 (0x16b) AT 04/05/1999 16:55:47.200
    Module        Address   Offset    Function + Displacement
    ledger.dll    1428b985  0004b985  PostEntry() + 949 bytes

    <<CLIEXCEPT>> (Logged to all threads) An exception was raised in the application 'Ledger Agent', thread 0x500 (…)~
    <<CLIEXCEPT>> A fatal exception occurred in THIS THREAD. Information follows:~

Folklore: the process is the same for dozens of threads, so the thread's name tells what failed. Mailers join the short
rows, so labels are looked for in the block and not at the start of rows; the function of a frame may have slipped into
the row below it. The client writes the stamp of the log behind each row, in angle brackets.
"""

import re
from collections.abc import Iterator
from typing import Final

from triage.model.evidence import ExceptionRecord, Frame, Incident, Message, Process
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.messages import unwrap
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, access_of, span

_HEAD, _CLIENT = "exception information", "cliexcept"
_ROWS: Final = 200
_GAP: Final = 4
_MAX_ROW: Final = 2_000

_FIELD = regex(
    r"\b(?P<label>Service\s{1,80}name|Thread\s{1,80}name|Executable|Process\s{1,80}ID|Instruction\s{1,80}address|Exception)\s{0,80}=\s{0,80}"
    r"(?P<value>[A-Za-z]:\\[^\n=]{1,200}?\.exe\b|[\w.]{1,80})",
    re.IGNORECASE,
)
_TOUCHED = regex(
    r"\btried\s{1,80}to\s{1,80}(?P<access>read|writ)\w{0,4}\s{1,80}(?:from|to)\s{1,80}the\s{1,80}virtual\s{1,80}address\s{1,80}0x(?P<target>[0-9a-f]{1,16})",
    re.IGNORECASE,
)
_FRAME = regex(
    r"(?P<module>[\w$~-]{1,40}\.(?:exe|dll|ocx))\s{1,80}(?:0x)?(?P<address>[0-9a-f]{8})\s{1,80}(?:0x)?[0-9a-f]{8}"
    r"(?:\s{1,80}(?P<function>[A-Za-z_?][\w:~<>@?$]{0,200})(?:\([^()\n]{0,200}\))?\s{1,80}\+\s{1,80}(?P<in>\d{1,9})\s{1,80}bytes)?",
    re.IGNORECASE,
)
_SAID = regex(
    r"(?<!\w)cliexcept(?!\w)(?:>>)?\s{0,80}(?:\(logged to all threads\)\s{0,80})?(?P<said>[^~$=]{1,300})", re.IGNORECASE
)
_BLOCK = regex(r"\s{0,80}(?:=+\s{0,80})?exception\s{1,80}information\b", re.IGNORECASE)


def read(text: Text) -> Reading:
    """One incident for each block, and one for each run of the client's rows."""
    incidents = (*_blocks(text), *_runs(text))
    return Reading(incidents=incidents, claimed=tuple(incident.lines for incident in incidents))


def _blocks(text: Text) -> Iterator[Incident]:
    starts = [index for index in text.holding((_HEAD,)) if _BLOCK.match(text.rows[index][:_MAX_ROW])][:MAX_REPORTS]
    for start, limit in zip(starts, [*starts[1:], len(text.rows)], strict=True) if starts else ():
        incident = _block(text, start, min(limit, start + _ROWS))
        if incident is not None:
            yield incident


def _block(text: Text, start: int, end: int) -> Incident | None:
    body = "\n".join(row[:_MAX_ROW] for row in text.rows[start:end])
    fields: dict[str, str] = {}
    last = 0
    for field in _FIELD.finditer(body):
        label = " ".join(field["label"].lower().split())
        if label in fields:
            break  # another thread's, whose heading was lost
        fields[label], last = field["value"], field.end()
    code, at = _hex(fields.get("exception")), _hex(fields.get("instruction address"))
    program = fields.get("executable")
    if program is None or not fields.keys() & {"service name", "thread name", "instruction address"}:
        return None
    touched = _TOUCHED.search(body)
    last = max(last, 0 if touched is None else touched.end())
    frames: list[Frame] = []
    for frame in _FRAME.finditer(body, last):
        if len(frames) == MAX_FRAMES:
            break
        row = start + body.count("\n", 0, frame.start())
        frames.append(
            Frame(
                module=frame["module"],
                function=frame["function"],
                offset=None if frame["in"] is None else int(frame["in"]),
                address=int(frame["address"], 16),
                lines=span(text, row, row),
            )
        )
        last = frame.end()
    lines = span(text, start, start + body.count("\n", 0, last))
    named = " ".join(f"{label} = {fields[label]}" for label in ("service name", "thread name") if label in fields)
    pid = fields.get("process id", "")
    record = None
    if code is not None:
        record = ExceptionRecord(
            code=code,
            address=at,
            access=None if touched is None else access_of(touched["access"]),
            target=None if touched is None else int(touched["target"], 16),
            lines=lines,
        )
    return Incident(
        kind="exception",
        lines=lines,
        process=Process(name=program.rpartition("\\")[2], pid=int(pid) if pid.isdecimal() else None),
        exception=record,
        stack=tuple(frames),
        faulting_module=frames[0].module if frames else None,
        messages=(Message(named, lines),) if named else (),
    )


def _runs(text: Text) -> Iterator[Incident]:
    rows = text.holding((_CLIENT,))
    first = 0
    for at, index in enumerate(rows):
        if at + 1 < len(rows) and rows[at + 1] - index <= _GAP:
            continue
        lines = span(text, rows[first], index)
        body = "\n".join(row[:_MAX_ROW] for row in text.rows[rows[first] : min(index + 3, rows[first] + _ROWS)])
        said = dict.fromkeys(unwrap(match["said"]) for match in _SAID.finditer(body))
        first = at + 1
        if any("exception" in one.lower() for one in said):
            yield Incident(kind="message", lines=lines, messages=tuple(Message(one, lines) for one in said if one))


def _hex(printed: str | None) -> int | None:
    match = None if printed is None else re.fullmatch(r"0x([0-9a-fA-F]{1,16})", printed)
    return None if match is None else int(match[1], 16)
