"""Dr. Watson logs of Windows NT 3.1 to XP (drwtsn32.log): many records in one file, whole or in parts.

Layout as drwtsn32.exe writes it:

    Application exception occurred:
            App: exe\\ledger.dbg (pid=133)
            When: 4/8/2000 @ 14:58:36.336
            Exception number: c0000005 (access violation)

    *----> System Information <----*
    *----> Task List <----*
    *----> Module List <----*           (no heading before Windows XP: rows `(77f60000 - 77fbe000) dll\\ntdll.dbg`)
    State Dump for Thread Id 0x6e
    function: RtlAllocateHeap
    FAULT ->77f6ce4c 8b3a  …
    *----> Stack Back Trace <----*

Folklore:

- `App: snabase.DBG` names the symbol file; the program is snabase.exe. `dll\\ntdll.dbg` is ntdll.dll.
- `App:  (pid=344)` has no name: the program is the row of the task list with that number.
- Windows in other languages translates the headings and labels, yet not the headings of the lists' ends, the registers
  and the stack: `Ausnahmenummer: c0000005 (Zugriffsverletzung)`, `Funktion: RtlAllocateHeap`, `FEHLER ->77f6ce4c 8b3a`;
  Polish has `funkcja:` and `BŁĄD ->`, French `FAUTE ->`.
- The thread that failed is the one whose dump holds `FAULT ->`; the others only waited.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from triage.model.evidence import NO_LINES, Frame, Lines, Module, System
from triage.text.drwatson_lists import is_list_row, read_module_rows, read_system_rows, read_tasks
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.messages import lines_of_rows
from triage.text.stacks import read_stacks

MAX_RECORDS = 2_000
_HEADER_ROWS = 14

_HEAD = regex(r"\bApp\w{6,10} exc\w{5,9} occ?\w{4,6}\b|\bAnwendungsausnahme aufgetreten\b", re.IGNORECASE)
_APP = regex(
    r"\b(?:App(?:lication)?|Anwendung):[ \t]*(?P<app>(?:<[^>\n]{1,24}>|\[[^\]\n]{1,24}\])?[^\n(<]{0,260}"
    # A mailer broke the path at a blank of a folder's name.
    r"(?:\n[^\n(<:]{1,160}(?=\(pid))?)"
    r"(?:[(<]\s*(?:pid\s*=)?\s*(?P<pid>[^)>\n]{0,40}))?",
    re.IGNORECASE,
)
_NUMBER = regex(r"\b(?:Exc\w{5,9}\s+nu?\w{2,5}|Ausnahmenummer):?\s*(?:0x)?(?P<code>[0-9a-fA-F]{8})\b", re.IGNORECASE)
_THREAD = regex(
    r"[\s*>-]{0,24}(?:State Dump for Thread(?: Id)?|Statusabbild f\u00fcr Thread(?:-?kennung|-ID)?)\s{1,4}(?:0x)?"
    r"(?P<id>[0-9a-f]{1,8})",
    re.IGNORECASE,
)
_FAULT = regex(r"\s*(?:FAULT|FEHLER|FAUTE|B\u0141\u0104D)\s?-{1,3}>\s?(?:0x)?(?P<address>[0-9a-fA-F]{8,16})\b")
_FUNCTION = regex(
    r"\s*(?:function|Funktion|fonction\s?|funkcja):\s*(?P<name>\S.{0,400}?)(?:\s+\[\.{3}\])?"
    r"(?:\s+(?:0x)?[0-9a-f]{8}\s+[0-9a-f]{2,16}\b.{0,400})?\s*$",
    re.IGNORECASE,
)
"""`function: PostEntry`; a mailer may have joined the instructions below to it."""

_BACK_TRACE = regex(r"\s*\*-{3,4}>? ?(?:Stack Back Trace|Raw Stack Dump)")
_SECTION = regex(r"\s*\*-{3,4}>? ?[A-Z][\w ]{3,30} ?<?-{3,4}\*")
_FIELD = regex(
    r"\s*(?:App(?:lication)?|When|Exception number|Anwendung|Wann|Ausnahmenummer):|\s*number:\s*[0-9a-fA-F]{8}",
    re.IGNORECASE,
)
_REGISTERS = regex(r"\s*(?:[a-z]{1,3}\d{0,2}=[0-9a-fA-F]{4,16}\b|nv up|po nc|efl=|\[\.\.\.\]|\[ ?data omitted ?\])")
_CODE_ROW = regex(r"\s*(?:0x)?[0-9a-fA-F]{8,16}:? +[0-9a-fA-F]{2,16}\b")
_ENDS = regex(
    r"\s*(?:\d{1,3}:\d{1,3}> |kd> |quit:|Loading Dump File|ModLoad:|Event (?:ID|Type|Source)\b"
    r"|(?:NTSD|CDB): [a-z]|Microsoft \(R\) Windows (?:NT )?Debugger)",
    re.IGNORECASE,
)
_NO_NAME = regex(r"[<\[>\]]|^\W*$")


class Record(Struct, frozen=True, kw_only=True):
    """One Dr. Watson record. `code` is None where only a part without the header is there; `stack` is that of the
    thread that failed. `printed` is the program as `App:` names it, with its folder and extension.
    """

    lines: Lines
    process: str | None = None
    printed: str = ""
    pid: int | None = None
    code: int | None = None
    header: Lines = NO_LINES
    address: int | None = None
    function: str | None = None
    thread: int | None = None
    stack: tuple[Frame, ...] = ()
    modules: tuple[Module, ...] = ()
    system: System | None = None


def read_records(text: Text) -> tuple[Record, ...]:
    """Every record of the log, in its order; parts without a header make one record without a code."""
    records = [_record(text, first, end) for first, end in _spans(text)]
    return tuple(record for record in records if record is not None)


def program_of(printed: str) -> str | None:
    """The program that `App:` names: without folders, and with .exe for the symbol file's extension."""
    name = printed.replace("/", "\\").rsplit("\\", 1)[-1].split("]")[-1].split(">")[-1].strip(" \t*\"',.")
    if _NO_NAME.search(name):
        return None
    return f"{name[:-4]}.exe" if name.lower().endswith(".dbg") else name


def _spans(text: Text) -> Iterator[tuple[int, int]]:
    """Row ranges of the records, end exclusive."""
    rows = text.rows
    heads = [index for index in range(len(rows)) if _is_head(rows, index)][:MAX_RECORDS]
    before = heads[0] if heads else len(rows)
    part = next(
        (i for i in range(before) if _THREAD.match(rows[i]) or _FAULT.match(rows[i]) or _BACK_TRACE.match(rows[i])),
        None,
    )
    if part is not None:
        start = next((i for i in range(part, max(-1, part - 30), -1) if _FUNCTION.match(rows[i])), part)
        yield start, _end(rows, start, before)
    for index, head in enumerate(heads):
        limit = heads[index + 1] if index + 1 < len(heads) else len(rows)
        yield head, _end(rows, head, limit)


def _is_head(rows: Sequence[str], index: int) -> bool:
    """`Application exception occurred:`; where that line is lost, `App:` shortly before `Exception number:`, or that
    row alone.
    """
    row = rows[index]
    if ("xc" in row or "nahme" in row) and _HEAD.search(row) is not None:
        return True
    if ("xc" in row or "nahme" in row) and _NUMBER.match(row.lstrip()) is not None:
        return not any(_HEAD.search(above) or _FIELD.match(above) for above in rows[max(0, index - 4) : index])
    return (
        ("App" in row or "Anw" in row)
        and _FIELD.match(row) is not None
        and not any(_HEAD.search(above) for above in rows[max(0, index - 4) : index])
        and _NUMBER.search("\n".join(rows[index : index + 5])) is not None
    )


def _end(rows: Sequence[str], start: int, limit: int) -> int:
    """Index where other evidence begins, at the latest `limit`."""
    return next((i for i in range(start + 1, limit) if _ENDS.match(rows[i])), limit)


def _record(text: Text, first: int, end: int) -> Record | None:
    rows = text.rows
    head = _is_head(rows, first)
    header = "\n".join(rows[first : min(end, first + _HEADER_ROWS)]) if head else ""
    number = _NUMBER.search(header)
    app = _APP.search(header)
    if head and number is None and app is None:
        return None
    pid = _decimal(app["pid"]) if app is not None else None
    process = program_of(app["app"]) if app is not None else None
    if process is None and pid is not None:
        process = read_tasks(rows[first:end]).get(pid)
    top, bottom, thread = _faulting_part(rows, first, end)
    fault = next((match for row in rows[top:bottom] if (match := _FAULT.match(row))), None)
    function = _function(rows, top, bottom)
    stack = _stack(text, (top, bottom), (first, end), function)
    modules, last_module = read_module_rows(text, first, end)
    system, last_system = read_system_rows(text, first, end)
    last = max(_last_row(rows, first, end), last_module, last_system)
    if stack:
        last = max(last, next((i for i in range(end - 1, first, -1) if text.numbers[i] <= stack[-1].lines[1]), first))
    return Record(
        lines=lines_of_rows(text, first, last),
        process=process,
        printed=" ".join(app["app"].split("\n")).strip() if app is not None and process is not None else "",
        pid=pid,
        code=int(number["code"], 16) if number is not None else None,
        header=lines_of_rows(text, first, min(last, first + header.count("\n"))) if head else NO_LINES,
        address=int(fault["address"], 16) if fault is not None else None,
        function=function,
        thread=thread,
        stack=stack,
        modules=modules,
        system=system,
    )


def _decimal(printed: str | None) -> int | None:
    digits = re.search(r"\d{1,9}", printed or "")
    return int(digits.group()) if digits is not None else None


def _faulting_part(rows: Sequence[str], first: int, end: int) -> tuple[int, int, int | None]:
    """Rows of the thread that failed, and its id."""
    starts = [(i, int(match["id"], 16)) for i in range(first, end) if (match := _THREAD.match(rows[i]))]
    fault = next((i for i in range(first, end) if _FAULT.match(rows[i])), None)
    if not starts:
        return first, end, None
    if fault is None or fault < starts[0][0]:
        return (first if fault is not None else starts[0][0]), starts[1][0] if len(starts) > 1 else end, starts[0][1]
    index = max(i for i, (row, _) in enumerate(starts) if row <= fault)
    return starts[index][0], starts[index + 1][0] if index + 1 < len(starts) else end, starts[index][1]


def _function(rows: Sequence[str], top: int, bottom: int) -> str | None:
    """The function named last before the failing instruction; none for `<nosymbols>`."""
    name = None
    for row in rows[top:bottom]:
        if _FAULT.match(row):
            break
        if (match := _FUNCTION.match(row)) is not None:
            name = match["name"]
    return None if name is None or _NO_NAME.match(name) or "nosymbols" in name.lower() else name


def _stack(text: Text, part: tuple[int, int], whole: tuple[int, int], function: str | None) -> tuple[Frame, ...]:
    """Stack of the failing thread. Where its part has none, the only stack of the record, if it begins in the function
    that failed: logs that lost lines keep the stack of a thread that waited.
    """
    for low, high in (part, whole):
        rows = Text(text.rows[low:high], text.numbers[low:high], encoding=text.encoding)
        stacks = [stack.frames for stack in read_stacks(rows) if stack.frames]
        if stacks and (low, high) == part:
            return stacks[0]
        if len(stacks) == 1 and (function is None or stacks[0][0].function in (None, function)):
            return stacks[0]
    return ()


def _last_row(rows: Sequence[str], first: int, end: int) -> int:
    """The last row that Dr. Watson itself wrote, so that prose after a quoted record stays unclaimed."""
    last = first
    for index in range(first, end):
        row = rows[index]
        if (
            _FIELD.match(row)
            or _THREAD.match(row)
            or _FUNCTION.match(row)
            or _SECTION.match(row)
            or _FAULT.match(row)
            or _REGISTERS.match(row)
            or _CODE_ROW.match(row)
            or row.lstrip().startswith("FramePtr")
            or is_list_row(row)
        ):
            last = index
    return last
