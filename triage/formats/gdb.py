"""What gdb, of MinGW or Cygwin, prints of a Windows program that stopped, and what Cygwin's strace prints of one.

    Starting program: D:\\orchard\\orchard.exe
    [New Thread 4412.0x1a2c]
    warning: Critical error detected c0000374
    Thread 1 received signal SIGSEGV, Segmentation fault.          "Program received …" in older versions
    0x00007ff93181f1d3 in ntdll!RtlFreeHeap ()
       from C:\\WINDOWS\\SYSTEM32\\ntdll.dll
    (gdb) bt
    #0  0x00007ff93181f1d3 in ntdll!RtlFreeHeap () from C:\\WINDOWS\\SYSTEM32\\ntdll.dll
    #1  0x00000000004027ae in grow (leaf=0xfeeefeee)
        at D:/orchard/leaf.c:42
    #2  0x011bfce0 in ?? ()

    Thread 7 received signal ?, Unknown signal.
    (gdb) #0  0x00007ff93181f1d3 in (anonymous namespace)::grow (leaf=…) at D:/orchard/leaf.c:42

    --- Process 4412 loaded C:\\Windows\\System32\\ntdll.dll at 00007FF8BB320000
    --- Process 4412, exception c0000005 at 000000006FCA1829

Folklore: gdb knows signals only, into which it turns exceptions: SIGSEGV is an access violation, and SIGTRAP what the
heap or an assertion stopped at, whose words stand in warnings above (the code of "Critical error detected" is the
exception that will end the program). The same rows come from Linux: a thread is `process.0xthread` on Windows alone,
and its modules are DLLs. A frame is broken before "from" and "at" where the row is too long; a name without a module
before `!` is from the DLL behind "from"; what has neither is the program's own. The row under the signal is frame 0.
The dashes before a trace's rows are gone where all rows were taken for quoted ones.
Source: gdb, gdb/windows-nat.c, nat/windows-nat.c; cygwin, winsup/utils/strace.cc.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, Module, Process
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_MODULES, MAX_REPORTS, image, part, program_of, rows_with, span

_SIGNAL = regex(
    r"[^\n]{0,200}?\b(?:Program|Thread [\d.]{1,12}(?: \"[^\"\n]{0,80}\")?) received signal"
    r" (?P<signal>SIG[A-Z]{2,8}|\?), [^\n]{1,80}"
)
_CODES = {
    "SIGSEGV": 0xC0000005,
    "SIGTRAP": 0x80000003,
    "SIGILL": 0xC000001D,
    "SIGFPE": 0xC0000094,
    "SIGBUS": 0xC0000005,
}
_UNKNOWN = "?"
"""The signal of an exception for which gdb has none (0xc0000194): its code is lost, the stack is not."""

_WINDOWS = regex(
    r"\b[A-Z]:[\\/][^\n]{1,300}\.(?:dll|exe|ocx)\b|\[(?:New|Switching to) [Tt]hread \d{1,9}\.0x[0-9a-f]{1,8}"
    r"|\b(?:ntdll|kernel32|kernelbase|msvcrt|ucrtbase|user32)(?:!|\.dll)|HEAP\[",
    re.IGNORECASE,
)
_CRITICAL = regex(r"[^\n]{0,80}?Critical error detected (?P<code>c[0-9a-f]{7})\b")
_WARNING = regex(r"\s{0,8}(?:warning: )(?P<words>[A-Z][^\n]{5,300})")
_FRAME = regex(
    r"\s{0,8}(?:\(gdb\) ?)?(?:#(?P<index>\d{1,5})\s{1,4})?(?:(?P<address>0x[0-9a-f]{8,16}) in )?"
    r"(?P<function>(?:\(anonymous namespace\)|[^\s(])[^\n]{0,1500}?) \("
    r"(?P<rest>[^\n]{0,1500})"
)
_PLACE = regex(r"\)\s{0,4}(?:from (?P<path>[^\n]{1,300}?)|at (?P<source>[^\n]{1,300}?:\d{1,7}))?\s{0,4}")
_BROKEN = regex(r"\s{2,12}(?:from|at) \S")
_STARTED = regex(
    r"[^\n]{0,40}?(?:Starting program: |Reading symbols from |Attaching to program: )[`'\"]?(?P<path>"
    r"[^\n]{1,300}?\.exe)\b",
    re.IGNORECASE,
)
_HEAP_OF = regex(r"[^\n]{0,40}?HEAP\[(?P<name>[^\]\n]{1,80})\]")
_LOADED = regex(
    r"\s{0,4}(?:--- )?Process (?P<pid>\d{1,9}) loaded (?P<path>[^\n]{1,300}?) at (?P<base>[0-9a-f]{8,16})\s{0,4}",
    re.IGNORECASE,
)
_EXCEPTION = regex(
    r"\s{0,4}(?:--- )?Process (?P<pid>\d{1,9})(?: thread \d{1,9})?,? exception (?P<code>[0-9a-f]{8}) at "
    r"(?P<address>[0-9a-f]{8,16})\b",
    re.IGNORECASE,
)
_CHILD = regex(r"\s{0,4}create_child: (?P<path>[^\n]{1,300}?\.exe)\b", re.IGNORECASE)
_FATAL = frozenset({0x8, 0xC, 0xE})
_ABOVE = 40
_AROUND = 200
"""Rows around a signal in which something must tell that the program is one of Windows."""

_REACH = 3_000


def read(text: Text) -> Reading:
    """Every signal, and every exception of a trace, is one incident; the modules are those that a trace names."""
    incidents, claimed = _stops(text)
    modules, traced = _trace(text)
    claimed += [module.lines for module in modules]
    claimed += [incident.lines for incident in traced]
    return Reading(incidents=(*incidents, *traced), modules=modules, claimed=tuple(claimed))


def _stops(text: Text) -> tuple[list[Incident], list[Lines]]:
    starts = [
        (index, found)
        for index in rows_with(text, "received signal SIG", "received signal ?", most=MAX_REPORTS)
        if (found := _SIGNAL.match(text.rows[index][:600])) is not None
    ]
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    for at, (index, found) in enumerate(starts):
        end = min(starts[at + 1][0] if at + 1 < len(starts) else len(text.rows), index + _REACH)
        around = text.rows[max(0, index - _AROUND) : min(end, index + _AROUND)]
        if not any(_WINDOWS.search(row[:600]) for row in around):
            continue
        first = max(starts[at - 1][0] + 1 if at else 0, index - _ABOVE)
        code, messages = _warnings(text, first, index)
        code = _CODES.get(found["signal"]) if code is None else code
        body = part(text, index, end)
        stack = _stack(body) if code is not None or found["signal"] == _UNKNOWN else ()
        if code is None and not stack:
            continue
        process = program_of([_started(text, index), *(frame.module for frame in stack)])
        incidents.append(
            Incident(
                kind="exception",
                lines=(text.numbers[index], max(text.numbers[index], stack[-1].lines[1] if stack else 0)),
                process=None if process is None else Process(name=process),
                exception=None
                if code is None
                else ExceptionRecord(
                    code=code, address=stack[0].address if stack else None, lines=span(text, index, index)
                ),
                stack=stack,
                faulting_module=stack[0].module if stack else None,
                faulting_function=stack[0].function if stack else None,
                messages=messages,
            )
        )
        claimed.append(span(text, index, index))
        claimed += [frame.lines for frame in stack]
    return incidents, claimed


def _warnings(text: Text, first: int, index: int) -> tuple[int | None, tuple[Message, ...]]:
    """The code that warnings above a signal tell, and those of the heap and of asserts that say why it stopped."""
    code: int | None = None
    messages: list[Message] = []
    for at in range(first, index):
        row = text.rows[at][:400]
        if (critical := _CRITICAL.match(row)) is not None:
            code = int(critical["code"], 16)
        elif (warning := _WARNING.match(row)) is not None:
            messages.append(Message(warning["words"].strip(), span(text, at, at)))
    return code, tuple(messages[-4:])


def _started(text: Text, index: int) -> str | None:
    """The program that was started or read last above a row, or else the one that the heap names."""
    name = None
    for at in rows_with(
        text, "Starting program: ", "Reading symbols from ", "HEAP[", "Attaching to program: ", most=2_000
    ):
        row = text.rows[at][:600]
        started = _STARTED.match(row)
        if started is not None and (at < index or name is None):
            name = image(started["path"].replace("/", "\\"))
        elif started is None and name is None and (heap := _HEAP_OF.match(row)) is not None:
            name = heap["name"]
    return name


def _stack(body: Text) -> tuple[Frame, ...]:
    """The frames of the first backtrace of the thread that stopped; where none is shown, the one under the signal.

    `thread apply all bt` begins with the thread that was created last.
    """
    shown: list[Frame] = []
    single: Frame | None = None
    last = 0
    for index in range(1, len(body)):
        row = body.rows[index][:3000]
        end = index
        if index + 1 < len(body) and _BROKEN.match(body.rows[index + 1][:40]) is not None:
            end = index + 1
            row = f"{row.rstrip()} {body.rows[end][:400].strip()}"
        found = _FRAME.fullmatch(row) if "(" in row else None
        if found is None or (found["index"] is None and found["address"] is None):
            if shown and index - last > _ABOVE:
                break
            continue
        if found["index"] is None:
            single = single or (_frame(body, found, index, end) if not shown and index < _ABOVE else None)
            continue
        if int(found["index"]) == 0:
            if shown and not _is_other(single, shown[0]):
                break
            shown = []
        shown.append(_frame(body, found, index, end))
        last = end
        if len(shown) >= MAX_FRAMES:
            break
    if shown and not _is_other(single, shown[0]):
        return tuple(shown)
    return (single,) if single is not None else ()


def _is_other(single: Frame | None, first: Frame) -> bool:
    """Whether a backtrace begins elsewhere than the row under the signal says: it is one of another thread."""
    return single is not None and single.address is not None and first.address not in {None, single.address}


def _frame(body: Text, found: re.Match[str], index: int, end: int) -> Frame:
    rest = found["rest"]
    placed = None
    for close in _closes(rest):
        placed = _PLACE.fullmatch(rest[close:])
        if placed is not None:
            break
    path = None if placed is None else placed["path"]
    module, bang, name = found["function"].partition("!")
    function = name if bang else found["function"]
    named = image(path.replace("/", "\\")) if path else None
    return Frame(
        module=named or (module if bang else None),
        function=None if function == "??" else function,
        address=None if found["address"] is None else int(found["address"], 16),
        source=None if placed is None else placed["source"],
        lines=span(body, index, end),
    )


def _closes(rest: str) -> Iterator[int]:
    """Where brackets close, from the end: arguments hold brackets, and so may a path."""
    at = len(rest)
    for _ in range(8):
        at = rest.rfind(")", 0, at)
        if at < 0:
            return
        yield at


def _trace(text: Text) -> tuple[tuple[Module, ...], tuple[Incident, ...]]:
    """The modules that Cygwin's strace saw, and the exceptions that ended processes: the last of each code."""
    modules: list[Module] = []
    found: dict[tuple[str, str], Incident] = {}
    program = None
    for index in rows_with(text, "Process ", "create_child: ", most=MAX_MODULES):
        row = text.rows[index][:600]
        lines = span(text, index, index)
        if (loaded := _LOADED.fullmatch(row)) is not None:
            name = image(loaded["path"].replace("/", "\\"))
            if name is not None:
                modules.append(Module(name=name, base=int(loaded["base"], 16), path=loaded["path"], lines=lines))
        elif (child := _CHILD.match(row)) is not None:
            program = image(child["path"].replace("/", "\\"))
        elif (raised := _EXCEPTION.match(row)) is not None and int(raised["code"], 16) >> 28 in _FATAL:
            found[raised["pid"], raised["code"]] = Incident(
                kind="exception",
                lines=lines,
                process=None if program is None else Process(name=program, pid=int(raised["pid"])),
                exception=ExceptionRecord(
                    code=int(raised["code"], 16), address=int(raised["address"], 16), lines=lines
                ),
            )
    return tuple(modules), tuple(found.values())[:MAX_REPORTS]
