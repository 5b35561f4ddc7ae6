"""Error reports of Blizzard's games: the crash text of World of Warcraft from 2004 to today, and its kin.

    World of WarCraft (build 12340)
    Exe:      D:\\Games\\Wow.exe
    ERROR #132 (0x85100084) Fatal Exception
    Program:	D:\\Games\\Wow.exe
    Exception:	0xC0000005 (ACCESS_VIOLATION) at 0023:00401A2B
    The instruction at "0x00401A2B" referenced memory at "0x0000001C".
    The memory could not be "read".
    Address  Frame    Logical addr  Module
    00401A2B 0019FB80 0001:00000A2B D:\\Games\\Wow.exe
    00401A2B Wow.exe      <unknown symbol>+0 (0x7FFD1000,0x7BF4CED3)
    0x00400000 - 0x00D06000  D:\\Games\\Wow.exe
    DBG-ADDR<00401A2B>("Wow.exe")
    DBG-MODULE<00400000 009FD000 "Wow.exe" "Wow.pdb" 0 {…} 1 1277448958>

    ERROR #1 (0x13370001) Fatal Exception                 what installs and updates the games
    FATAL ERROR!                                          Warcraft III, whose quotes are simple ones
    --- Thread ID: 90 [Current Thread] ---                a report of all threads

Folklore: a report lists the same stack up to three times, each time told otherwise; the first is taken. Where it lists
all threads, the one that failed stands anywhere among them: its stack begins at the address of the exception. The
logical address is a section and an offset in it, not an offset from the image's base. Newer builds print no code, only
its name.
"""

import re
from collections.abc import Callable, Iterator

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, Module, Process
from triage.text.exception_names import code_of_symbol
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import (
    MAX_FRAMES,
    MAX_MODULES,
    MAX_REPORTS,
    access_of,
    first_match,
    holder,
    image,
    number,
    part,
    placed,
    rows_with,
    span,
)

_ERROR = regex(
    r"[^\n]{0,60}?ERROR #\d{1,4} \(0x(?:8510[0-9a-f]{4}\)|[0-9a-f]{8}\)(?=\s{0,4}Fatal exception))"
    r"\s{0,4}(?P<words>[^\n]{0,80})",
    re.IGNORECASE,
)
_FATAL = regex(r"\s{0,8}FATAL ERROR!\s{0,8}")
_BELOW = 5
"""Below `FATAL ERROR!`, which other programs say, too, the program and its exception stand in so many rows."""

_EXCEPTION = regex(
    r"\s{0,8}Exception:\s{1,8}(?:(?P<code>0x[0-9a-f]{8})\s{0,4})?\(?(?P<name>[A-Z_ ]{3,60})?\)?"
    r"(?:\s{1,4}at\s{1,4}[0-9a-f]{4}:(?P<address>[0-9a-f]{8,16}))?\s{0,8}",
    re.IGNORECASE,
)
_PROGRAM = regex(r"\s{0,8}(?:Program|Exe):\s{1,16}(?P<path>\S[^\n]{1,400})")
_PID = regex(r"\s{0,8}ProcessID:\s{1,8}(?P<pid>\d{1,9})")
_REFERENCED = regex(
    r"\s{0,8}The instruction at [\"']?(?P<address>0x[0-9a-f]{6,16})[\"']? referenced memory at [\"']?"
    r"(?P<target>0x[0-9a-f]{4,16})",
    re.IGNORECASE,
)
_COULD_NOT = regex(r"[^\n]{0,200}?memory could not be [\"']?(?P<access>read|written|executed)", re.IGNORECASE)
_LOGICAL = regex(
    r"\s{0,8}(?P<address>[0-9A-F]{8,16}) [0-9A-F]{8,16} [0-9A-F]{4}:[0-9A-F]{8,16} (?P<path>\S[^\n]{0,400})"
)
_NAMED = regex(
    r"\s{0,8}(?P<address>[0-9A-F]{8,16}) (?P<path>[\w.$~-]{1,80}\.\w{2,4})\s{1,20}"
    r"(?P<function><unknown symbol>|[\w:~@?$<>]{1,300})\+(?P<offset>\d{1,9}) \("
)
_ADDR = regex(r"\s{0,8}DBG-ADDR<(?P<address>[0-9A-Fa-f]{8,16})>(?:\(\"(?P<path>[^\"\n]{1,120})\"\))?")
_LISTED = regex(r"\s{0,8}0x(?P<base>[0-9A-F]{8,16}) - 0x(?P<end>[0-9A-F]{8,16})\s{1,4}(?P<path>\S[^\n]{0,400})")
_DBG_MODULE = regex(
    r"\s{0,8}DBG-MODULE<(?P<base>[0-9A-Fa-f]{8,16}) (?P<size>[0-9A-Fa-f]{1,16}) \"(?P<path>[^\"\n]{1,200})\""
    r"[^\n]{0,300}? (?P<stamp>\d{1,10})>"
)
_GAP = 2
_MAX_LISTINGS = 1_000
_REACH = 6_000
_ABOVE = 14


def read(text: Text) -> Reading:
    """Every error is one incident; the module list of the first is the source's."""
    starts = [
        (index, found)
        for index in rows_with(text, "ERROR #", "FATAL ERROR!", most=MAX_REPORTS)
        if (found := _start(text, index)) is not None
    ]
    incidents: list[Incident] = []
    modules: tuple[Module, ...] = ()
    claimed: list[Lines] = []
    for at, (index, found) in enumerate(starts):
        end = min(starts[at + 1][0] if at + 1 < len(starts) else len(text.rows), index + _REACH)
        body = part(text, index, end)
        above = part(text, max(0, index - _ABOVE), index)
        listed = tuple(_modules(body))
        incident = _incident(body, above, found, listed)
        incidents.append(incident)
        claimed += [incident.lines, *(module.lines for module in listed)]
        claimed += [span(body, row, row) for row in rows_with(body, "DBG-", "<unknown symbol>")]
        modules = modules or listed
    if not starts:
        # The list alone, which is long enough to be posted by itself.
        modules = tuple(_modules(text))
        claimed += [module.lines for module in modules]
    return Reading(incidents=tuple(incidents), modules=modules, claimed=tuple(claimed))


def _start(text: Text, index: int) -> re.Match[str] | None:
    row = text.rows[index][:200]
    fatal = _FATAL.fullmatch(row)
    if fatal is None:
        return _ERROR.match(row)
    below = text.rows[index + 1 : index + 1 + _BELOW]
    named = first_match(below, _PROGRAM) is not None and first_match(below, _EXCEPTION) is not None
    return fatal if named else None


def _incident(body: Text, above: Text, error: re.Match[str], modules: tuple[Module, ...]) -> Incident:
    head = body.rows[:20]
    exception = first_match(head, _EXCEPTION)
    referenced, verb = first_match(head, _REFERENCED), first_match(head, _COULD_NOT)
    program = first_match(head, _PROGRAM) or first_match(above.rows, _PROGRAM)
    pid = first_match(head, _PID)
    name = None if program is None else image(program["path"])
    code = None
    if exception is not None:
        code = number(exception["code"]) or code_of_symbol((exception["name"] or "").strip())
    address = number(exception["address"]) if exception is not None and exception["address"] else None
    if address is None and referenced is not None:
        address = number(referenced["address"])
    frames, last = _frames(body, modules, address)
    last = max(last, *(index for index, row in enumerate(head) if any(one.match(row[:600]) for one in _HEAD)), 0)
    owner = holder(modules, address)
    first = frames[0] if frames else None
    module = owner.name if owner is not None else first.module if first is not None else None
    offset = None if owner is None or owner.base is None or address is None else address - owner.base
    record = None
    if code is not None:
        record = ExceptionRecord(
            code=code,
            address=address,
            access=None if verb is None else access_of(verb["access"].replace("written", "write")),
            target=None if referenced is None else number(referenced["target"]),
            lines=span(body, 0, 0),
        )
    return Incident(
        kind="exception" if record is not None else "message",
        lines=span(body, 0, last),
        process=None if name is None else Process(name=name, pid=None if pid is None else int(pid["pid"])),
        exception=record,
        stack=frames,
        faulting_module=module,
        faulting_offset=offset,
        messages=(Message(" ".join(error[0].split()), span(body, 0, 0)),),
    )


_HEAD = (_EXCEPTION, _REFERENCED, _COULD_NOT, _PROGRAM)


def _frames(body: Text, modules: tuple[Module, ...], address: int | None) -> tuple[tuple[Frame, ...], int]:
    """The first listing of the stack that begins at the address, else the first of all unless it is one of many
    threads, and its last row.
    """
    for pattern, words in ((_LOGICAL, (":",)), (_NAMED, ("+",)), (_ADDR, ("DBG-ADDR<",))):
        listings: list[tuple[list[Frame], int]] = []
        last = -_GAP
        for index in rows_with(body, *words):
            found = pattern.match(body.rows[index][:900])
            if found is None:
                continue
            if not listings or index - last > _GAP:
                if len(listings) >= _MAX_LISTINGS:
                    break
                listings.append(([], index))
            last = index
            frames, _ = listings[-1]
            if len(frames) < MAX_FRAMES:
                frames.append(placed(_frame(found.groupdict(), span(body, index, index)), modules))
                listings[-1] = (frames, index)
        failed = next((one for one in listings if address is not None and one[0][0].address == address), None)
        if failed is None and listings and not body.holding(("--- thread id:",)):
            failed = listings[0]
        if failed is not None:
            return tuple(failed[0]), failed[1]
    return (), 0


def _frame(said: dict[str, str | None], lines: Lines) -> Frame:
    function = said.get("function")
    known = function is not None and function != "<unknown symbol>"
    return Frame(
        module=image(said["path"]),
        function=function if known else None,
        # This column is the only one of the report that is decimal.
        offset=int(said["offset"] or "0") if known else None,
        address=number(said["address"]),
        lines=lines,
    )


def _modules(body: Text) -> Iterator[Module]:
    """The list of whichever form comes first: some reports hold both, of the same modules."""
    readers: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], int]], ...] = (
        (" - 0x", _LISTED, lambda found: int(found["end"], 16)),
        ("DBG-MODULE<", _DBG_MODULE, lambda found: int(found["base"], 16) + int(found["size"], 16)),
    )
    for word, pattern, end in readers:
        count = 0
        for index in rows_with(body, word, most=MAX_MODULES):
            found = pattern.match(body.rows[index][:900])
            if found is None:
                continue
            count += 1
            path = found["path"].strip()
            yield Module(
                name=image(path) or path,
                base=int(found["base"], 16),
                end=end(found),
                path=path if "\\" in path else None,
                timestamp=int(found["stamp"]) if "stamp" in found.groupdict() else None,
                lines=span(body, index, index),
            )
        if count:
            return
