"""An event record as an incident: what every form of event log, text or file, ends in."""

from triage.model.evidence import Event, ExceptionRecord, Incident, Message, Process
from triage.text.event_facts import EventFacts, facts_of
from triage.text.event_record import Record


def incident_of(record: Record, facts: EventFacts | None = None) -> Incident:
    """The incident of an event, harmless or not, with what its description tells of a crash.

    `facts` are what it tells where the caller knows that already.
    """
    if facts is None:
        facts = facts_of(record)
    exception = None
    if facts.code is not None:
        exception = ExceptionRecord(
            code=facts.code, address=facts.address, access=facts.access, target=facts.target, lines=record.lines
        )
    return Incident(
        kind="event",
        lines=record.lines,
        event=Event(
            source=record.source,
            id=record.id,
            type=record.type,
            category=record.category,
            log=record.log,
            text=record.text,
            time=record.time,
            computer=record.computer,
            lines=record.lines,
        ),
        process=None if facts.process is None else Process(name=facts.process, pid=facts.pid),
        exception=exception,
        bugcheck=facts.bugcheck,
        stack=facts.stack,
        faulting_module=facts.module,
        faulting_offset=facts.offset,
        faulting_function=facts.function,
        faulting_address=next((fault.place for fault in facts.faults if fault.place), None) if facts.faults else None,
        messages=tuple([Message(fault.message, record.lines) for fault in facts.faults]),
    )
