"""Fault messages: Windows 3.x/9x boxes and blue screens, the boxes of Windows NT, and those of common runtimes."""

from triage.model.evidence import Damage, ExceptionRecord, Incident, Message, Process
from triage.text.fault_patterns import PREFACES
from triage.text.faults import Fault, read_faults, register_dump_end
from triage.text.faults_foreign import read_foreign
from triage.text.faults_runtime import read_runtime
from triage.text.format import Reading
from triage.text.lines import Text

_MAX_INCIDENTS = 1_000
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


def read(text: Text) -> Reading:
    """Every fault message is one incident; text without any gives an empty reading."""
    faults = read_faults(text)
    for others in (read_runtime(text), read_foreign(text)):
        told = {line for fault in faults for line in range(fault.lines[0], fault.lines[1] + 1)}
        fresh = [one for one in others if told.isdisjoint(range(one.lines[0], one.lines[1] + 1))]
        faults = tuple(sorted((*faults, *fresh), key=lambda one: one.lines))
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
