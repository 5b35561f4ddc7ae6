"""What the runtime of Go prints when a program of it dies on Windows.

    Exception 0xc0000005 0x1 0x7ff66669e000 0x7ffb2c1a6189        the code, its parameters, the instruction
    PC=0x7ffb2c1a6189
    signal arrived during external code execution

    runtime.cgocall(0x7ff6662355c0, 0xc000036ee0)
            C:/go/src/runtime/cgocall.go:156 +0x4a fp=0xc0000cfd28 sp=0xc0000cfcf0 pc=0x7ff6661d472a
    orchard.(*Tree).Grow({0xc0001ac500, 0x4d4})
            D:/orchard/tree.go:42 +0x41f

    panic: runtime error: invalid memory address or nil pointer dereference
    [signal 0xc0000005 code=0x0 addr=0x18 pc=0x7ff6a1c3f2ab]

    goroutine 34 [running]:

Folklore: the first number behind the code is the kind of access and the second the address (EXCEPTION_RECORD, winnt.h);
the third is the instruction. A panic names its signal: on other systems it is SIGSEGV, so such a text tells of no
Windows crash. The first calls below are those of the goroutine that failed; what follows the first empty line behind
them is another. The package is in the name of the function, and no module is printed. `…` of a console may wrap names.
Source: go, src/runtime/signal_windows.go, panic.go.
"""

from triage.model.evidence import Access, ExceptionRecord, Frame, Incident, Lines, Message
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, number, rows_with, span

_EXCEPTION = regex(
    r"[^\n]{0,120}?\bException (?P<code>0x[0-9a-f]{8})"
    r"(?: (?P<kind>0x[0-9a-f]{1,16}) (?P<target>0x[0-9a-f]{1,16}) (?P<pc>0x[0-9a-f]{1,16}))\s{0,4}"
)
_SIGNAL = regex(
    r"[^\n]{0,120}?\[signal (?P<code>0x[0-9a-f]{8}) code=(?P<kind>0x[0-9a-f]{1,16}) addr=(?P<target>0x[0-9a-f]{1,16})"
    r" pc=(?P<pc>0x[0-9a-f]{1,16})\]"
)
_PC = regex(r"\s{0,8}PC=(?P<pc>0x[0-9a-f]{1,16})\b")
_CALL = regex(r"\s{0,4}(?P<function>[^\s(][^\n]{1,300}?)\((?P<arguments>[^()\n]{0,600})\)\s{0,4}")
_PLACE = regex(
    r"\s{1,16}(?P<source>(?:[A-Za-z]:)?[^\s:][^\n:]{0,300}:\d{1,7})(?: \+0x(?P<offset>[0-9a-f]{1,8}))?[^\n]{0,160}"
)
_PANIC = regex(r"[^\n]{0,120}?\bpanic: (?P<words>[^\n]{3,400})")
_ACCESS: dict[int, Access] = {0: "read", 1: "write", 8: "execute"}
_ACCESS_VIOLATION = 0xC0000005
_REACH = 60
"""Rows below the code within which the calls begin; a hex dump of the stack may stand between."""

_ABOVE = 3


def read(text: Text) -> Reading:
    """Every exception is one incident, with the calls of the goroutine that failed."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    done = -1
    for index in rows_with(text, "Exception 0x", "[signal 0x", most=MAX_REPORTS):
        if index <= done:
            continue
        row = text.rows[index][:600]
        found = _EXCEPTION.fullmatch(row) or _SIGNAL.match(row)
        if found is None:
            continue
        stack, done = _stack(text, index)
        first, messages = _panic(text, index)
        code, kind, target = (int(found[name], 16) for name in ("code", "kind", "target"))
        beside = _PC.match(text.rows[index + 1]) if index + 1 < len(text.rows) else None
        touched = code == _ACCESS_VIOLATION
        incidents.append(
            Incident(
                kind="exception",
                lines=span(text, first, done),
                exception=ExceptionRecord(
                    code=code,
                    address=number(found["pc"] if beside is None else beside["pc"]),
                    access=_ACCESS.get(kind) if touched else None,
                    target=target if touched else None,
                    lines=span(text, index, index),
                ),
                stack=stack,
                messages=messages,
            )
        )
        claimed.append(span(text, first, done))
    return Reading(incidents=tuple(incidents), claimed=tuple(claimed))


def _panic(text: Text, index: int) -> tuple[int, tuple[Message, ...]]:
    """The first row of the report and what the panic says, which stands right above its signal."""
    for at in range(index - 1, max(-1, index - 1 - _ABOVE), -1):
        found = _PANIC.match(text.rows[at][:600])
        if found is not None:
            return at, (Message(found["words"].strip(), span(text, at, at)),)
    return index, ()


def _stack(text: Text, index: int) -> tuple[tuple[Frame, ...], int]:
    """The first run of calls, each above the row of its source."""
    frames: list[Frame] = []
    last = index
    at = index + 1
    while at + 1 < len(text.rows) and len(frames) < MAX_FRAMES:
        call, place = _CALL.fullmatch(text.rows[at][:1000]), _PLACE.fullmatch(text.rows[at + 1][:700])
        if call is not None and place is not None:
            frames.append(Frame(function=call["function"], source=place["source"], lines=span(text, at, at + 1)))
            last = at + 1
            at += 2
        elif frames or at - index > _REACH:
            break
        else:
            at += 1
    return tuple(frames), last
