"""The signature of an incident: what the same fault on another machine would show, in one line.

`c0000005 | ntdll!RtlDestroyHeap | msvcrt!realloc`: the code, then the frames that say most. Nothing that differs from
machine to machine goes in (addresses, process ids), so equal faults have equal signatures.
"""

from collections.abc import Iterator

from triage.model.evidence import Frame, Incident

MAX_FRAMES = 3
MAX_SEGMENT = 2

REPORTING = frozenset({
    "debugbreak", "dbgbreakpoint", "dbguserbreakpoint", "kibugcheckdebugbreak", "kebugcheck", "kebugcheck2",
    "kebugcheckex", "kibugcheckdispatch", "kiexceptiondispatch", "kidispatchexception", "kiuserexceptiondispatch",
    "kiuserexceptiondispatcher", "raiseexception", "rtlraiseexception", "rtldispatchexception",
    "unhandledexceptionfilter", "rtlreportexception", "waitforsingleobject", "waitforsingleobjectex",
    "ntwaitforsingleobject", "ntwaitformultipleobjects", "zwwaitforsingleobject", "_cxxthrowexception",
})  # fmt: skip
"""Functions that report or dispatch a fault, in lower case: they stand on top of every stack and tell none apart."""


def signature(incident: Incident) -> str:
    """The parts that the incident shows, joined by ` | `; empty where it shows none."""
    parts = [*_codes(incident), *_frames(incident.stack)]
    if not any(frame.function for frame in incident.stack) and incident.faulting_module:
        parts.append(_fault(incident))
    return " | ".join(dict.fromkeys(parts))


def _codes(incident: Incident) -> Iterator[str]:
    if incident.bugcheck is not None:
        if incident.bugcheck.code is not None:
            yield f"stop {incident.bugcheck.code & 0xFFFFFFFF:08x}"
        elif incident.bugcheck.name:
            yield f"stop {incident.bugcheck.name}"
        if incident.bugcheck.caused_by:
            yield incident.bugcheck.caused_by
    if incident.exception is not None:
        yield f"{incident.exception.code & 0xFFFFFFFF:08x}"
    if incident.event is not None and (incident.event.source or incident.event.id is not None):
        number = "" if incident.event.id is None else str(incident.event.id)
        yield f"event {incident.event.source or ''}/{number}"


def _frames(stack: tuple[Frame, ...]) -> Iterator[str]:
    told = [frame for frame in stack if frame.function and frame.function.lower() not in REPORTING]
    for frame in told[:MAX_FRAMES]:
        yield f"{frame.module or '?'}!{frame.function}"


def _fault(incident: Incident) -> str:
    if incident.faulting_address:
        # Windows 9x loads its system modules at fixed addresses, but the code selector before the colon is one of
        # 0137, 015f, 0167 … by version and program. Segments of 16-bit modules and 0028 (ring 0) are small numbers.
        segment, _, rest = incident.faulting_address.rpartition(":")
        fixed = rest if len(segment.lstrip("0")) > MAX_SEGMENT else incident.faulting_address
        return f"{incident.faulting_module} {fixed}"
    if incident.faulting_offset is not None:
        return f"{incident.faulting_module}+{incident.faulting_offset:x}"
    return f"{incident.faulting_module}"
