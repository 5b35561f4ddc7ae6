"""Stops as the viewers of minidumps list them: BlueScreenView, WhoCrashed, and what people copy out of their panes.

    Dump File         : 011719-6437-01.dmp                         BlueScreenView, one row a field
    Bug Check String  : SYSTEM_SERVICE_EXCEPTION
    Bug Check Code    : 0x0000003b
    Parameter 1       : 00000000`c0000005
    Caused By Driver  : orchard.sys
    Caused By Address : orchard.sys+1b35f0
    Minor Version     : 17134

    This was probably caused by the following module: orchard.sys (orchard+0x1234)          WhoCrashed
    Bugcheck code: 0x116 (0xFFFFFA800A1B2C30, 0xFFFFF8800F9A1234, 0xFFFFFFFFC000009A, 0x4)
    Error: VIDEO_TDR_ERROR

    011719-6437-01.dmp  1/17/2019 9:35:05 AM  SYSTEM_SERVICE_EXCEPTION  0x0000003b  00000000`c0000005  …

Folklore: what BlueScreenView copies of its list is one row a dump, its columns parted by tabs, without their heads; in
its HTML report, and where a forum joined rows, they are parted by blanks. Its labels are translated, its columns
keep their order in every language: the code stands above the four numbered parameters, the name above the code, the
driver and its address below (`Parameter 4 : 0x0`, `Verursachender Treiber : orchard.sys`). "Minor Version" is the
build of the system and "Major Version" 15 says only that the kernel is a free build. The driver of "Caused By" is a
guess from addresses on the stack; the crash address mostly lies in the kernel's own KeBugCheckEx. Parameters stand in
rows of their own, or all in one behind "Parameters". The list has one block a dump.
Source: nirsoft.net, "BlueScreenView"; resplendence.com, "WhoCrashed".
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from triage.model.evidence import BugCheck, Incident, Lines, System
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_REPORTS, number, rows_with, span
from triage.text.stop import stop_code
from triage.text.system_builds import product_of_build, version_of_build

_FIELD = regex(
    r"[\s>*|-]{0,12}(?P<key>Bug ?check (?:string|code)|Parameters?(?: [1-4])?|Caused by (?:driver|address)"
    r"|Crash address|Error"
    r"|Processor|Minor version|Major version|Dump file|Crash dump file)\s{0,12}[:=]\s{0,8}(?P<value>[^\n]{0,300})",
    re.IGNORECASE,
)
_CAUSED = regex(
    r"[^\n]{0,60}?(?:probably caused by the following module|driver or module in which error occurred):"
    r"\s{1,4}(?P<driver>[\w.$-]{1,60})"
    r"(?:\s{1,2}\((?P<module>[^()+\n]{1,60})\+(?:0x)?(?P<offset>[0-9a-f]{1,8})\))?",
    re.IGNORECASE,
)
_LIST = regex(r"(?P<code>0x[0-9a-f]{1,8})\b(?:\s?\((?P<list>[^()\n]{1,160})\))?", re.IGNORECASE)
_PLACE = regex(r"(?P<driver>[\w.$-]{1,60})\+(?P<offset>[0-9a-f]{1,8})", re.IGNORECASE)
_VALUE = r"(?:[0-9a-f]{8}`[0-9a-f]{8}|0x[0-9a-f]{8,16})"
_LISTED = regex(
    r"\b(?P<name>[A-Z][A-Z0-9_]{4,60})?[ \t]{1,8}(?P<code>0x[0-9a-fA-F]{8})[ \t]{1,8}"
    rf"(?P<list>(?i:{_VALUE}(?:[ \t]{{1,8}}{_VALUE}){{3}}))"
    r"(?:[ \t]{1,8}(?P<driver>[\w.$-]{1,60}\.\w{3})(?:[ \t]{1,8}(?P=driver)\+(?P<offset>[0-9a-fA-F]{1,8}))?)?"
    r"(?P<rest>[^\n]{0,2000})"
)
"""The columns of BlueScreenView's list from the bug check's name on; the name of the dump stands before them."""

_FREE_BUILD = regex(r"[ \t]\d{1,3}[ \t]{1,8}15[ \t]{1,8}(?P<build>\d{4,5})\b")
_BITS = regex(r"[ \t](?P<processor>x64|32-bit)[ \t]")
_CELL = regex(
    r"[\s>*|-]{0,12}(?P<label>[^\s:=\uff1a][^\n:=\uff1a]{0,50}?)\s{0,24}[:=\uff1a]\s{0,8}(?P<value>[^\n]{0,300})"
)
_CODE = regex(r"0x[0-9a-f]{8}", re.IGNORECASE)
_NAME = regex(r"[A-Z][A-Z0-9_]{4,60}")
_AFTER_CODE = (
    *(f"parameter {at}" for at in range(1, 5)),
    "caused by driver",
    "caused by address",
    *("file description", "product", "company", "version", "processor", "crash address"),
)
"""BlueScreenView's columns from the one behind the code on, in their order; all languages have the same."""

_LONGEST_BLOCK = 30
"""Rows of one dump in BlueScreenView's list, with blank ones between them."""

_AROUND = 12
_PROCESSORS = {"x64": "x64", "32-bit": "x86", "x86": "x86"}


def read(text: Text) -> Reading:
    """Every dump of the list is one incident."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    system: System | None = None
    codes = [index for index in rows_with(text, "ode", most=MAX_REPORTS) if _key(text.rows[index]) == "bug check code"]
    for index in rows_with(text, ".dmp", most=MAX_REPORTS):
        listed = _LISTED.search(text.rows[index][:4_000])
        if listed is not None and (incident := _of_row(listed, span(text, index, index))) is not None:
            incidents.append(incident)
            claimed.append(incident.lines)
            system = system or _system_of_row(listed["rest"], incident.lines)
    for said, first, last in _placed(text):
        here = span(text, first, last)
        incident = _incident(said, here)
        if incident is not None:
            incidents.append(incident)
            claimed.append(here)
            system = system or _system(said, here)
    for at, index in enumerate(codes):
        above = codes[at - 1] + 1 if at else 0
        below = codes[at + 1] if at + 1 < len(codes) else len(text.rows)
        said, first, last = _block(text, index, max(above, index - _AROUND), min(below, index + 2 * _AROUND))
        incident = _incident(said, span(text, first, last))
        if incident is not None:
            incidents.append(incident)
            claimed.append(incident.lines)
            system = system or _system(said, incident.lines)
    return Reading(incidents=tuple(incidents), system=system, claimed=tuple(claimed))


def _placed(text: Text) -> Iterator[tuple[dict[str, str], int, int]]:
    """Fields, first and last row of each dump whose labels are of another language, by the places of its columns."""
    done = -1
    for index in rows_with(text, ".dmp", most=MAX_REPORTS):
        low, high = max(done + 1, index - _LONGEST_BLOCK), min(len(text.rows), index + _LONGEST_BLOCK)
        cells = [
            (at, found)
            for at in range(low, high)
            if text.rows[at].strip() and (found := _CELL.fullmatch(text.rows[at][:400])) is not None
        ]
        for place, (at, found) in enumerate(cells):
            below = cells[place + 1 : place + 5]
            if (
                at <= done
                or _CODE.fullmatch(found["value"].strip()) is None
                or [one["label"][-1] for _, one in below] != ["1", "2", "3", "4"]
                or _key(text.rows[at]) is not None
            ):
                continue
            above = cells[place - 1] if place else (at, found)
            said = {"bug check code": found["value"].strip()}
            if _NAME.fullmatch(above[1]["value"].strip()) is not None:
                said["bug check string"] = above[1]["value"].strip()
            rest = cells[place + 1 :]
            for name, (_, one) in zip(_AFTER_CODE, rest, strict=False):
                said[name] = one["value"].strip()
            for (_, major), (_, minor) in pairwise(rest[len(_AFTER_CODE) :]):
                if major["value"].strip() == "15":
                    said.setdefault("minor version", minor["value"].strip())
            last = rest[min(len(rest), len(_AFTER_CODE)) - 1][0]
            done = max(last, index)
            yield said, min(above[0], at), last


def _of_row(listed: re.Match[str], lines: Lines) -> Incident | None:
    said = {
        "bug check code": listed["code"],
        "bug check string": listed["name"] or "",
        "parameters": ",".join(listed["list"].split()),
        "caused by driver": listed["driver"] or "",
        "caused by address": f"{listed['driver']}+{listed['offset']}" if listed["offset"] else "",
    }
    return _incident(said, lines)


def _system_of_row(rest: str, lines: Lines) -> System | None:
    """The system by the columns "Processors Count", "Major Version" (15) and "Minor Version" of a row."""
    build, processor = _FREE_BUILD.search(rest), _BITS.search(rest)
    said = {"minor version": build["build"] if build else "", "processor": processor["processor"] if processor else ""}
    return _system(said, lines)


def _key(row: str) -> str | None:
    found = _FIELD.fullmatch(row[:400])
    return None if found is None else found["key"].lower().replace("bugcheck", "bug check")


def _block(text: Text, index: int, low: int, high: int) -> tuple[dict[str, str], int, int]:
    """The labelled rows of the dump that the code belongs to: up to where a label comes again, or a ruler stands."""
    said: dict[str, str] = {}
    first = last = index
    for rows in (range(index, high), range(index - 1, low - 1, -1)):
        for at in rows:
            row = text.rows[at][:400]
            key = _key(row)
            caused = _CAUSED.match(row) if key is None else None
            if caused is not None and "caused by driver" not in said:
                said["caused by driver"] = caused["driver"]
                said["caused by address"] = f"{caused['driver']}+{caused['offset']}" if caused["offset"] else ""
            elif key is not None and key not in said:
                found = _FIELD.fullmatch(row)
                said[key] = found["value"].strip() if found is not None else ""
            elif key is not None or row.startswith("====="):
                break
            else:
                continue
            first, last = min(first, at), max(last, at)
    return said, first, last


def _incident(said: dict[str, str], lines: Lines) -> Incident | None:
    coded = _LIST.match(said["bug check code"])
    code = None if coded is None else stop_code(coded["code"])
    if coded is None or code is None:
        return None
    listed = (coded["list"] or said.get("parameters", "")).split(",")
    if not any(one.strip() for one in listed):
        listed = [said[f"parameter {at}"] for at in range(1, 5) if f"parameter {at}" in said]
    parameters: list[int] = []
    for one in listed[:4]:
        value = number(one)
        if value is None:
            break
        parameters.append(value)
    place = _PLACE.fullmatch(said.get("caused by address", "")) or _PLACE.fullmatch(said.get("crash address", ""))
    driver = said.get("caused by driver") or (None if place is None else place["driver"])
    name = said.get("bug check string") or said.get("error") or None
    return Incident(
        kind="bugcheck",
        lines=lines,
        bugcheck=BugCheck(code=code, name=name, parameters=tuple(parameters), caused_by=driver, lines=lines),
        faulting_module=driver,
        faulting_offset=number(place["offset"]) if place is not None and place["driver"] == driver else None,
    )


def _system(said: dict[str, str], lines: Lines) -> System | None:
    printed = said.get("minor version", "")
    if not printed.isdecimal() or len(printed) > 5:
        return None
    build = int(printed)
    return System(
        product=product_of_build(build, None, server=False, version=None),
        version=version_of_build(build),
        build=build,
        architecture=_PROCESSORS.get(said.get("processor", "").lower()),
        lines=lines,
    )
