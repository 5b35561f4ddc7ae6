"""Crash logs of the loggers that people put into Bethesda's games: Buffout 4, Crash Logger, Trainwreck, .NET Script
Framework.

    Skyrim SSE v1.6.640
    Unhandled exception "EXCEPTION_ACCESS_VIOLATION" at 0x7FF920E5302E ArmorFix.dll+003302E    cmp dword ptr [rdx], 0x00
    SYSTEM SPECS:
        OS: Microsoft Windows 11 Pro v10.0.22631
    PROBABLE CALL STACK:
        [ 0] 0x7FF920E5302E      ArmorFix.dll+003302E
        [ 4] 0x7FF658CC8015      SkyrimSE.exe+1378015 -> 104651+0x205    test al, al
    MODULES:
        ArmorFix.dll             0x7FF920E20000
    Unhandled native exception occurred at 0x7FF654A98E26 (SkyrimSE.exe+C28E26) on thread 6684!

    Unhandled exception EXCEPTION_ACCESS_VIOLATION at 0x00007FF920E5302E ArmorFix.dll+3302E     editors, without quotes

Folklore: offsets are padded to seven digits, and people search for them so; `-> 104651+0x205` is an entry of the
address library, no symbol. The frames are a scan of the stack in part, as the heading says. The section STACK holds
values with the words that they point to, which look like frames and are none. Trainwreck begins with the program's name
and version (`SkyrimSE v1.6.1170`), Crash Logger with the game's (`Skyrim SSE v1.6.640`), which is no program; else it
is the one program among the modules.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, Module, Process, System
from triage.text.exception_names import code_of_symbol
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import (
    MAX_FRAMES,
    MAX_MODULES,
    MAX_REPORTS,
    access_of,
    number,
    part,
    program_of,
    rows_with,
    span,
)
from triage.text.system_builds import product_of_build, version_of_build

_PLACE = (
    r"(?:0x(?P<address>[0-9A-Fa-f]{1,16}))?"
    r"(?:\s{1,8}\(?(?P<module>[^\n()+|\"]{1,120}?)\+(?P<offset>[0-9A-Fa-f]{1,16})\b)?"
)
_START = regex(
    r"[^\n\"]{0,60}?nhandled (?:native )?exception(?: occurred)?"
    r"(?: \"(?P<name>[^\"\n]{0,80})\"| (?P<bare>EXCEPTION_[A-Z_]{3,60}))?(?: occurred)? at " + _PLACE
)
_FRAME = regex(
    r"\s{0,16}\[\s{0,3}(?P<number>\d{1,4})\s{0,3}\]\s{1,8}0x(?P<address>[0-9A-Fa-f]{1,16})"
    r"(?:\s{1,80}\(?(?P<module>[^\n()+|>]{1,120}?)\+(?P<offset>[0-9A-Fa-f]{1,16})\)?(?P<rest>[^\n]{0,4000}))?"
)
_SYMBOL = regex(r"\s([A-Za-z_?`][\w:~@$?<>`'()]{2,300})\s{0,4}$")
_SOURCE = regex(r"([A-Za-z]:\\[^:|\n]{1,300}:\d{1,7})\b")
_MODULE = regex(
    r"\s{0,16}(?P<name>[^\n\[\]:|]{1,120}?\.\w{2,4}):?\s{1,80}(?:v\S{1,24}\s{1,8})?0x(?P<base>[0-9A-Fa-f]{4,16})\s{0,8}"
)
_OS = regex(
    r"\s{0,16}OS: (?:Microsoft )?(?P<name>Windows[^\n]{0,60}?)\s{1,2}(?:v?(?P<version>\d{1,2}\.\d{1,2})\.)?"
    r"(?P<build>\d{4,5})(?:\.(?P<revision>\d{1,6}))?\s{0,8}"
)
_ACCESS = regex(r"Tried to (?P<access>read|write|execute) (?:memory|data)?\s?at 0x(?P<target>[0-9A-Fa-f]{1,16})")
_PROGRAM = regex(r"ApplicationName: ([^\n\\/:]{1,80}\.exe)")
_SECTION = regex(r"\s{0,8}([A-Z][A-Z0-9/' ]{2,40}?)(?: \([^()\n]{1,40}\))?:\s{0,4}")
_BARE_SECTION = regex(
    r"(Probable callstack|Registers|Stack|Modules|Plugins|Game plugins|Script extender plugins)\b[^\n]{0,20}"
)
_WRECK = regex(r"\s{0,8}trainwreck v[\d.]{1,16}\s{0,4}", re.IGNORECASE)
_STEM = regex(r"\s{0,8}(?P<stem>[\w-]{2,40}) v\d[\d.]{2,20}\s{0,4}")
_HEAD = 4
"""Rows above the exception in which Trainwreck names the program and itself."""

_FRAMEWORK = "FrameworkName: NetScriptFramework"
"""The third row of .NET Script Framework's report, the first that is left of many."""

_ABOVE = 12
_FEW_ROWS = 60
"""Rows within which a call stack follows the first row of a report."""


def read(text: Text) -> Reading:
    """Every report is one incident; the module list of the first is the source's, those of others are their own."""
    starts = [
        (index, _said(found))
        for index in rows_with(text, *_WORDS, most=MAX_REPORTS)
        if (found := _START.match(text.rows[index][:400])) is not None and _is_report(text, index, found)
    ]
    seen = {index for index, _ in starts}
    starts += [
        (index, dict.fromkeys(("name", "address", "module", "offset")))
        for index in rows_with(text, _FRAMEWORK, most=MAX_REPORTS)
        if seen.isdisjoint(range(index - _ABOVE, index + 1)) and _is_followed(text, index)
    ]
    starts.sort(key=lambda start: start[0])
    incidents: list[Incident] = []
    modules: tuple[Module, ...] = ()
    claimed: list[Lines] = []
    system: System | None = None
    for at, (index, said) in enumerate(starts):
        body = part(text, index, starts[at + 1][0] if at + 1 < len(starts) else len(text.rows))
        sections, last = _sections(body)
        listed = tuple(_modules(body, *sections.get("modules", (0, 0))))
        incidents.append(_incident(body, said, sections, listed, _program(text, index), own=bool(modules)))
        modules = modules or listed
        system = system or _system(body, last)
        claimed.append(span(body, 0, last))
    return Reading(incidents=tuple(incidents), modules=modules, system=system, claimed=tuple(claimed))


def _said(found: re.Match[str]) -> dict[str, str | None]:
    said = found.groupdict()
    return said | {"name": said["name"] or said["bare"]}


def _is_report(text: Text, index: int, found: re.Match[str]) -> bool:
    """Whether the loggers' other rows follow: "Unhandled exception at …" is what other programs say as well.

    A row that has the exception's name in quotes and module+offset is enough: people paste that row alone.
    """
    named = (found["bare"] or found["name"] or "").startswith("EXCEPTION_")
    if found["module"] is not None and (named or "native exception occurred" in text.rows[index]):
        return True
    return _is_followed(text, index)


def _is_followed(text: Text, index: int) -> bool:
    return any(_kind(row) in {"stack", "specs"} for row in text.rows[index : index + _FEW_ROWS])


def _kind(row: str) -> str | None:
    """Which section a row is the heading of, in one word for all loggers; "" for one that says nothing of the crash."""
    found = _SECTION.fullmatch(row[:80]) or _BARE_SECTION.fullmatch(row[:80])
    if found is None:
        return None
    name = found[1].lower()
    if "callstack" in name.replace(" ", ""):
        return "stack"
    return "modules" if name == "modules" else "specs" if name == "system specs" else ""


def _sections(body: Text) -> tuple[dict[str, tuple[int, int]], int]:
    """Rows of each section that matters, and the last row of the report: the last section ends with its paragraph."""
    found: dict[str, tuple[int, int]] = {}
    name, start = "", 0
    for index, row in enumerate(body.rows):
        kind = _kind(row) if row and index else None
        if kind is not None:
            found.setdefault(name, (start, index))
            name, start = kind, index + 1
    last = min(start, len(body) - 1)
    while last < len(body) - 1 and (body.rows[last].strip() or last < start + 2):
        last += 1
    found.setdefault(name, (start, last + 1))
    return found, last


def _incident(
    body: Text,
    said: dict[str, str | None],
    sections: dict[str, tuple[int, int]],
    modules: tuple[Module, ...],
    program: str | None,
    *,
    own: bool,
) -> Incident:
    here = span(body, 0, 0)
    stack = tuple(_frames(body, *sections.get("stack", (0, 0))))
    first = stack[0] if stack else None
    code = code_of_symbol(said["name"] or "")
    if code is None and (said["name"] or "").lower().startswith("0x"):
        code = number(said["name"])
    touched = next((hit for row in body.rows[:40] if "Tried to" in row and (hit := _ACCESS.search(row[:400]))), None)
    exception = None
    if code is not None:
        exception = ExceptionRecord(
            code=code & 0xFFFFFFFF,
            address=number(said["address"]),
            access=None if touched is None else access_of(touched["access"]),
            target=None if touched is None else number(touched["target"]),
            lines=here,
        )
    module, offset = said["module"], number(said["offset"])
    if module is None and first is not None:
        module, offset = first.module, first.offset
    named = next((hit[1] for row in body.rows[:40] if (hit := _PROGRAM.match(row[:200])) is not None), None)
    process = named or program_of([*(one.name for one in modules), *(frame.module for frame in stack), module])
    process = process or program
    return Incident(
        kind="exception",
        lines=(here[0], stack[-1].lines[1] if stack else here[1]),
        process=None if process is None else Process(name=process),
        exception=exception,
        stack=stack,
        faulting_module=module,
        faulting_offset=offset,
        modules=modules if own else (),
        messages=(Message(" ".join(body.rows[0][:300].split()), here),) if code is None else (),
    )


def _program(text: Text, index: int) -> str | None:
    """The program that Trainwreck names in the row above its own name and version."""
    rows = text.rows[max(0, index - _HEAD) : index]
    for above, row in pairwise(rows):
        if _WRECK.fullmatch(row[:60]) is not None and (found := _STEM.fullmatch(above[:80])) is not None:
            return f"{found['stem']}.exe"
    return None


def _frames(body: Text, first: int, end: int) -> Iterator[Frame]:
    for index in range(first, min(end, first + 2 * MAX_FRAMES)):
        found = _FRAME.fullmatch(body.rows[index][:4400])
        if found is None:
            continue
        rest = found["rest"] or ""
        symbol = _SYMBOL.search(rest) if "->" not in rest and "|" not in rest else None
        source = _SOURCE.search(rest)
        offset = found["offset"]
        yield Frame(
            module=found["module"],
            function=None if symbol is None else symbol[1],
            # Behind a function's name the offset would be one of the function, which is not told.
            offset=None if offset is None or symbol is not None else int(offset, 16),
            digits=0 if offset is None or symbol is not None else len(offset),
            address=int(found["address"], 16),
            source=None if source is None else source[1],
            lines=span(body, index, index),
        )


def _modules(body: Text, first: int, end: int) -> Iterator[Module]:
    for index in range(first, min(end, first + MAX_MODULES)):
        found = _MODULE.fullmatch(body.rows[index][:300])
        if found is not None:
            yield Module(name=found["name"].strip(), base=int(found["base"], 16), lines=span(body, index, index))


def _system(body: Text, last: int) -> System | None:
    for index in range(min(last + 1, 400)):
        if "OS: " in body.rows[index] and (found := _OS.fullmatch(body.rows[index][:120])) is not None:
            build = int(found["build"])
            revision = found["revision"]
            return System(
                product=product_of_build(build, None, server="Server" in found["name"], version=found["version"]),
                version=version_of_build(build) or found["version"],
                build=build,
                revision=None if revision is None else int(revision),
                lines=span(body, index, index),
            )
    return None


_WORDS = (
    'nhandled exception "',
    "nhandled exception EXCEPTION_",
    "nhandled exception at 0x",
    "native exception occurred at",
)
