"""Fault messages: Windows 3.x/9x boxes and blue screens, the boxes of Windows NT, and those of common runtimes."""

from msgspec.structs import replace

from triage.model.evidence import Damage, ExceptionRecord, Incident, Message, Process
from triage.text.fault_patterns import PREFACES
from triage.text.faults import Fault, read_faults, register_dump_end
from triage.text.faults_foreign import read_foreign
from triage.text.faults_runtime import read_runtime
from triage.text.format import Reading
from triage.text.lines import Text
from triage.text.prose import is_question

_MAX_INCIDENTS = 1_000
_BELOW = 3
"""Lines from the name of a Delphi program's exception to its message, at most."""

_MESSAGES = PREFACES | {"runtime", "basic", "automation", "assertion"}


def incident_of(fault: Fault) -> Incident:
    """The incident that a fault message tells of; a message without fault words is one of kind `message`."""
    exception = None
    if fault.code is not None:
        exception = ExceptionRecord(
            code=fault.code,
            chance=fault.chance,
            address=fault.address,
            access=fault.access,
            target=fault.target,
            lines=fault.lines,
        )
    process = fault.process
    if (
        process is None
        and fault.kind == "delphi"
        and fault.module is not None
        and fault.module.lower().endswith(".exe")
    ):
        # A program's own module is its process. GDI.EXE and others of 16-bit Windows are none: so only Delphi's.
        process = fault.module
    return Incident(
        kind="message" if fault.kind in _MESSAGES else "fault",
        lines=fault.lines,
        process=None if process is None else Process(name=process),
        exception=exception,
        stack=fault.stack,
        faulting_function=fault.function,
        faulting_module=fault.module,
        faulting_offset=fault.offset,
        faulting_address=fault.place,
        messages=tuple(Message(text, fault.lines) for text in (*fault.prefaces, fault.message) if text),
    )


def _with_names(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """The faults, the exceptions of Delphi programs joined to the messages that their boxes show below the names.

    Exception EAccessViolation in module Orchard.exe at 0050601B.
    Access violation at address 00BA601B in module 'Orchard.exe'. Read of address 0000000C.
    """
    kept: list[Fault] = []
    for fault in faults:
        above = kept[-1] if kept else None
        if (
            above is not None
            and above.kind == fault.kind == "delphi"
            and above.code is None
            and (above.module or "").lower() == (fault.module or "").lower()
            and 0 <= fault.lines[0] - above.lines[1] <= _BELOW
        ):
            kept[-1] = replace(
                fault,
                prefaces=(*above.prefaces, above.message, *fault.prefaces),
                lines=(above.lines[0], fault.lines[1]),
                rows=(above.rows[0], fault.rows[1]),
            )
        else:
            kept.append(fault)
    return tuple(kept)


def read(text: Text) -> Reading:
    """Every fault message is one incident; text without any gives an empty reading."""
    if is_question(text.rows):
        return Reading()
    faults = read_faults(text)
    for others in (read_runtime(text), read_foreign(text)):
        told = {line for fault in faults for line in range(fault.lines[0], fault.lines[1] + 1)}
        fresh = [one for one in others if told.isdisjoint(range(one.lines[0], one.lines[1] + 1))]
        faults = tuple(sorted((*faults, *fresh), key=lambda one: one.lines))
    faults = _with_names(faults)
    warnings: tuple[Damage, ...] = ()
    if len(faults) > _MAX_INCIDENTS:
        left = len(faults) - _MAX_INCIDENTS
        warnings = (
            Damage(faults[_MAX_INCIDENTS].lines, f"{left} fault messages beyond the first {_MAX_INCIDENTS} left out"),
        )
        faults = faults[:_MAX_INCIDENTS]
    return Reading(
        incidents=tuple(incident_of(fault) for fault in faults),
        warnings=warnings,
        claimed=tuple((f.lines[0], max(f.lines[1], text.numbers[register_dump_end(text, f.rows[1])])) for f in faults),
    )
