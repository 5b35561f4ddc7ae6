"""What ProcDump of Sysinternals prints while it waits for exceptions.

    ProcDump v9.0 - Sysinternals process dump utility
    Process:               orchard.exe (1234)
    [10:20:30] Exception: C0000005.ACCESS_VIOLATION
    [10:20:31] Exception: E0434F4D.System.IO.IOException ("The device is not ready.")
    [10:20:32] Unhandled: C0000005.ACCESS_VIOLATION
    [10:20:32] Dump 1 initiated: C:\\dumps\\orchard.exe_200101_102032.dmp

    Loading Dump File [C:\\dumps\\orchard.exe_200101_102032.dmp]      the dump itself, in a debugger: its comment
    Comment: '
    *** procdump  -ma -e orchard.exe
    *** Unhandled exception: C0000005.ACCESS_VIOLATION'

Folklore: with `-e 1` every first-chance exception is listed, most of which the program handles; "Unhandled" is the
second chance. A debugger that opens the dump tells the exception itself below the comment, and more of it; the comment
counts where that part was cut. Each code with its words is one incident, its first place the incident's, unhandled ones
last.
Source: Sysinternals documentation, "ProcDump".
"""

import re
from functools import cache

from triage.model.evidence import Chance, ExceptionRecord, Incident, Message, Process
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_REPORTS, image, rows_with, span

_EXCEPTION = regex(
    r"(?:[^\n]{0,60}?\[?\d{1,2}:\d{2}:\d{2}\]?|[^\n:]{0,20})\s{0,4}"
    r"(?P<kind>Exception|Unhandled|First chance|Second chance"
    r"|(?P<comment>(?<=\*\*\* )(?:Unhandled|First chance|Second chance) exception)): (?P<code>[0-9A-Fa-f]{8})"
    r"(?:\.(?P<words>\S[^\n]{0,300}?))?'?\s{0,4}"
)
_PROCESS = regex(r"[^\n]{0,40}?\bProcess(?: image)?:\s{1,40}(?P<name>\S[^\n]{0,300}?\.exe)\b(?: \((?P<pid>\d{1,9})\))?")
_DUMP = regex(r"[^\n]{0,60}?Dump \d{1,5} (?:initiated|error): (?P<path>\S[^\n]{0,300}?\.exe)[_.-][^\n]{0,100}\.dmp")
_OPENED = regex(
    r"[^\n]{0,20}?Loading Dump File \[(?P<path>[^\]\n]{1,300}?\.exe)_\d{6}_\d{6}[^\]\n]{0,40}\.dmp\]", re.IGNORECASE
)
_DEBUGGED = regex(r"- code ([0-9a-f]{8})", re.IGNORECASE)
_BANNERS = ("procdump", "ProcDump", "Dump ", "Monitoring", "Press Ctrl-C", "Process:")


def read(text: Text) -> Reading:
    """Every code with its words is one incident."""
    if not any(word in text.joined for word in _BANNERS):
        return Reading()
    process = _process(text)
    debugged = cache(lambda: {code.lower() for code in _DEBUGGED.findall(text.joined)})  # one search, not one a row
    found: dict[tuple[str, str], tuple[int, Chance]] = {}
    rows: list[int] = []
    for index in rows_with(text, "Exception: ", "Unhandled: ", "chance: ", "exception: "):
        hit = _EXCEPTION.fullmatch(text.rows[index][:500])
        if hit is None or (hit["comment"] is not None and hit["code"].lower() in debugged()):
            continue
        rows.append(index)
        key = (hit["code"].lower(), (hit["words"] or "").strip())
        unhandled = hit["kind"].startswith(("Unhandled", "Second"))
        if key not in found and len(found) >= MAX_REPORTS:
            continue
        if unhandled:
            found[key] = (found[key][0] if key in found else index, "second")
        else:
            found.setdefault(key, (index, "first"))
    incidents = []
    for (code, words), (index, chance) in found.items():
        lines = span(text, index, index)
        incidents.append(
            Incident(
                kind="exception",
                lines=lines,
                process=process,
                exception=ExceptionRecord(code=int(code, 16), chance=chance, lines=lines),
                messages=(Message(words, lines),) if "." in words or " " in words else (),
            )
        )
    return Reading(incidents=tuple(incidents), claimed=tuple(span(text, row, row) for row in rows))


def _process(text: Text) -> Process | None:
    for index in rows_with(text, "Process:", "Process image:", "Dump ", most=200):
        opened = _OPENED.match(text.rows[index][:600])
        if opened is not None and (name := image(opened["path"])) is not None:
            return Process(name=name)
        row = text.rows[index][:600]
        hit = _PROCESS.match(row)
        if hit is not None:
            name = image(hit["name"])
            return None if name is None else Process(name=name, pid=None if hit["pid"] is None else int(hit["pid"]))
        dump = _DUMP.match(row)
        if dump is not None and (name := image(dump["path"])) is not None:
            return Process(name=name)
    return None
