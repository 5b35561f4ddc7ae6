"""Dr. Watson logs: drwtsn32.log of Windows NT to XP, and drwatson.log of Windows 3.x."""

from triage.model.evidence import ExceptionRecord, Incident, Message, Module, Process
from triage.text.drwatson import Record, read_records
from triage.text.drwatson16 import Report16, read_reports
from triage.text.fault_words import code_of
from triage.text.format import Reading
from triage.text.lines import Text

HEADER = "Application exception occurred"
"""What Dr. Watson prints above every record. An article that quotes it is about a crash that Dr. Watson saw, which is
often all that a bare record tells beside the program's name."""


def incident_of(record: Record, *, alone: bool) -> Incident:
    """The incident of a record; `alone` says that its module list is that of the whole source."""
    exception = None
    if record.code is not None:
        exception = ExceptionRecord(code=record.code, address=record.address, lines=record.header)
    module, offset = _faulting(record)
    holder, bang, function = (record.function or "").rpartition("!")
    return Incident(
        kind="exception" if exception is not None else "stack",
        lines=record.lines,
        process=None if record.process is None else Process(name=record.process, pid=record.pid),
        exception=exception,
        stack=record.stack,
        faulting_module=module or (holder if bang else None),
        faulting_offset=offset,
        faulting_function=function or None,
        modules=() if alone else record.modules,
        messages=(Message(_message(record), record.header),) if exception is not None else (),
    )


def _message(record: Record) -> str:
    """What the record says, with the program as printed: `exe\\ledger.dbg` and `LEDGER.EXE` are one program, and yet a
    bare record that names it in the same way as an article does is the likelier to be the article's."""
    return f"{HEADER}: App: {record.printed}" if record.printed else HEADER


def _faulting(record: Record) -> tuple[str | None, int | None]:
    """Module of the innermost frame; else that which holds the failing instruction. The offset is from its base."""
    holder = next((m for m in record.modules if _holds(m, record.address)), None)
    frame = record.stack[0] if record.stack else None
    name = frame.module if frame is not None and frame.module is not None else None if holder is None else holder.name
    if holder is not None and holder.base is not None and record.address is not None:
        return name, record.address - holder.base
    return name, frame.offset if frame is not None and frame.function is None else None


def _holds(module: Module, address: int | None) -> bool:
    return (
        address is not None
        and module.base is not None
        and module.end is not None
        and module.base <= address < module.end
    )


def incident_of_report(report: Report16) -> Incident:
    """The incident of a Windows 3.x failure report."""
    words = report.message.split("'")[1]
    code = code_of(words)
    return Incident(
        kind="fault",
        lines=report.lines,
        process=Process(name=report.process),
        exception=None if code is None else ExceptionRecord(code=code, lines=report.lines),
        stack=report.stack,
        faulting_module=report.module,
        faulting_function=report.function,
        faulting_address=report.place,
        messages=(Message(report.message, report.lines),),
    )


def read(text: Text) -> Reading:
    """Every record is one incident. One record's module list is the source's; those of several stay their own."""
    records = read_records(text)
    reports = read_reports(text) if "had a" in text.joined else ()
    whole = [
        record for record in records if record.code is not None or record.process or record.stack or record.address
    ]
    alone = len(whole) == 1
    systems = [record.system for record in whole] + [report.system for report in reports]
    system = next((found for found in systems if found is not None), None)
    return Reading(
        incidents=(
            *(incident_of(record, alone=alone) for record in whole),
            *(incident_of_report(report) for report in reports),
        ),
        modules=whole[0].modules if alone else (),
        system=system,
        claimed=(*(record.lines for record in whole), *(report.lines for report in reports)),
    )
