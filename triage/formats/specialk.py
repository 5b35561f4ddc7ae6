"""Crash logs of Special K, a helper library for PC games.

    05/08/2017 16:49:52.443: [! Except !] 	<< EXCEPTION_ACCESS_VIOLATION >>
    05/08/2017 16:49:52.443: [ FaultMod ]  # File.....: 'orchard.dll'
    05/08/2017 16:49:52.443: [ FaultMod ]  * RIP Addr.: orchard.dll+00000000000331E0h
    05/08/2017 16:49:52.443: [StackFrame] <-> Rip=000000000000h, Rsp=00014e110bd8h, Rbp=000077faab80h
    05/08/2017 16:49:52.443: [  CallStk ]  orchard.dll!Orchard::Grow+0x12

Folklore: numbers end in h; the file's name is empty where the program jumped to no code at all, and then the address is
0. Source: SpecialK, src/diagnostics/crash_handler.cpp.
"""

from triage.model.evidence import ExceptionRecord, Incident, Lines
from triage.text.exception_names import code_of_symbol
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_REPORTS, number, rows_with, span

_NAME = regex(r"[^\n]{0,120}?<< (?P<name>(?:EXCEPTION|STATUS)_\w{3,60}) >>\s{0,8}")
_FILE = regex(r"[^\n]{0,120}?# File\.{2,8}: '(?P<file>[^'\n]{0,200})'")
_PLACE = regex(r"[^\n]{0,120}?\* [RE]IP Addr\.{1,4}: (?P<module>[^+\n]{0,120})\+(?P<offset>[0-9A-Fa-f]{1,16})h")
_OWN = regex(r"[^\n]{0,80}?\[ ?(?:FaultMod|StackFrame|  ?GP Reg  ?| ?GP Flags|  ?CallStk ?|! Except !)")
_REACH = 60


def read(text: Text) -> Reading:
    """Every exception is one incident."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    for index in rows_with(text, "<< EXCEPTION_", "<< STATUS_", most=MAX_REPORTS):
        named = _NAME.fullmatch(text.rows[index][:300])
        code = None if named is None else code_of_symbol(named["name"])
        if code is None:
            continue
        module = offset = None
        last = index
        for at in range(index + 1, min(len(text.rows), index + _REACH)):
            row = text.rows[at][:400]
            if "<< " in row:
                break
            if _OWN.match(row) is not None:
                last = at
            if (file := _FILE.match(row)) is not None:
                module = file["file"] or None
            elif (place := _PLACE.match(row)) is not None:
                module = module or place["module"].strip() or None
                offset = number(place["offset"]) if module is not None else None
        here = span(text, index, index)
        incidents.append(
            Incident(
                kind="exception",
                lines=span(text, index, last),
                exception=ExceptionRecord(code=code, lines=here),
                faulting_module=module,
                faulting_offset=offset,
            )
        )
        claimed.append(span(text, index, last))
    return Reading(incidents=tuple(incidents), claimed=tuple(claimed))
