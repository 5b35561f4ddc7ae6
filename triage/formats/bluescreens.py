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
its HTML report, and where a forum joined rows, they are parted by blanks. "Minor Version" is the build of the system
and "Major Version" 15 says only that the kernel is a free build. The driver of "Caused By" is a guess from addresses on
the stack; the crash address mostly lies in the kernel's own KeBugCheckEx. Parameters stand in rows of their own, or all
in one behind "Parameters". The list has one block a dump.
Source: nirsoft.net, "BlueScreenView"; resplendence.com, "WhoCrashed".
"""

import re

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
    r"[^\n]{0,60}?probably caused by the following module: (?P<driver>[\w.$-]{1,60})"
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
