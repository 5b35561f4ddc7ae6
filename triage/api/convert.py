"""Evidence and matches to the report: numbers become hexadecimal text, codes get their names."""

from collections.abc import Iterable, Sequence

from triage.advice import Stock, advise, plan
from triage.api.decide import deciding
from triage.api.parameters import parameters_of
from triage.api.signature import signature
from triage.api.steps import next_steps
from triage.api.summary import summary
from triage.api.suspect import suspect
from triage.engine import Match
from triage.knowledge.codes import Codes
from triage.knowledge.hints import likely_class
from triage.knowledge.pack import Pack
from triage.model.code import Hint
from triage.model.evidence import BugCheck, Evidence, ExceptionRecord, Frame, Incident, Module, System
from triage.model.report import (
    BugCheckInfo,
    EventInfo,
    ExceptionInfo,
    Finding,
    FrameInfo,
    IncidentInfo,
    ModuleInfo,
    NextStep,
    ProcessInfo,
    Report,
    SourceInfo,
    SystemInfo,
    WarningInfo,
)

ADDRESS_32 = 0xFFFF_FFFF
MASK_64 = 0xFFFF_FFFF_FFFF_FFFF


def report_of(
    evidence: Evidence,
    matches: Sequence[Match],
    *,
    source: SourceInfo,
    knowledge: Pack,
    stock: Stock | None = None,
) -> Report:
    """The report on a source. `matches` come ranked from the engine and stay in that order.

    `stock` is an inventory of the machine that crashed.
    """
    incidents = enumerate(evidence.incidents, 1)
    findings = tuple(
        _finding(match, evidence, knowledge, stock, deciding(matches, evidence) if match is matches[0] else ())
        for match in matches
    )
    return Report(
        source=source,
        system=_system(evidence.system),
        modules=tuple(_module(module) for module in _modules(evidence)),
        incidents=tuple(_incident(number, incident, evidence, knowledge) for number, incident in incidents),
        findings=findings,
        warnings=tuple(WarningInfo(lines=damage.lines, text=damage.text) for damage in evidence.warnings),
        plan=plan(findings),
    )


def address(value: int) -> str:
    """An address as debuggers print it: 8 digits, or 16 where it needs more than 32 bits."""
    value &= MASK_64
    return f"{value:08x}" if value <= ADDRESS_32 else f"{value:016x}"


def code(value: int) -> str:
    """A 32-bit code in 8 digits; sign-extended ones are cut to what they were."""
    return f"{value & ADDRESS_32:08x}"


def _address(value: int | None) -> str | None:
    return None if value is None else address(value)


def _offset(value: int | None, digits: int = 0) -> str | None:
    return None if value is None else f"{value & MASK_64:0{digits}x}"


def _modules(evidence: Evidence) -> Iterable[Module]:
    """The source's list, and what single incidents list beyond it; what had been unloaded is not there any more."""
    listed = set(evidence.modules)
    extra = (module for incident in evidence.incidents for module in incident.modules if module not in listed)
    return [module for module in (*evidence.modules, *dict.fromkeys(extra)) if not module.unloaded]


def _system(system: System | None) -> SystemInfo | None:
    if system is None:
        return None
    return SystemInfo(
        product=system.product,
        version=system.version,
        build=system.build,
        service_pack=system.service_pack,
        architecture=system.architecture,
        hotfixes=system.hotfixes,
    )


def _module(module: Module) -> ModuleInfo:
    return ModuleInfo(
        name=module.name,
        path=module.path,
        base=_address(module.base),
        end=_address(module.end),
        version=module.version,
    )


def _incident(number: int, incident: Incident, evidence: Evidence, knowledge: Pack) -> IncidentInfo:
    codes = knowledge.codes
    event = incident.event
    process = incident.process
    hint = _hint(incident, codes)
    return IncidentInfo(
        number=number,
        kind=incident.kind,
        lines=incident.lines,
        summary=summary(incident, codes),
        process=None if process is None else ProcessInfo(name=process.name, pid=process.pid),
        exception=_exception(incident.exception, codes),
        bugcheck=_bugcheck(incident.bugcheck, codes),
        event=None if event is None else EventInfo(source=event.source, id=event.id, type=event.type, text=event.text),
        faulting_module=incident.faulting_module,
        faulting_offset=_offset(incident.faulting_offset),
        faulting_address=incident.faulting_address,
        stack=tuple(_frame(frame) for frame in incident.stack),
        messages=tuple(message.text for message in incident.messages),
        signature=signature(incident, knowledge.frames),
        meaning=_meaning(incident, codes),
        parameters=parameters_of(incident.bugcheck, codes),
        hint=hint,
        next_steps=next_steps(incident, evidence, hint),
        suspect=suspect(incident),
    )


def _exception(record: ExceptionRecord | None, codes: Codes) -> ExceptionInfo | None:
    if record is None:
        return None
    entry = codes.exception(record.code)
    return ExceptionInfo(
        code=code(record.code),
        name=None if entry is None else entry.name,
        chance=record.chance,
        address=_address(record.address),
        access=record.access,
        target=_address(record.target),
        parameters=tuple(address(value) for value in record.parameters),
    )


def _bugcheck(bugcheck: BugCheck | None, codes: Codes) -> BugCheckInfo | None:
    if bugcheck is None:
        return None
    entry = None if bugcheck.code is None else codes.bugcheck(bugcheck.code)
    return BugCheckInfo(
        code=None if bugcheck.code is None else code(bugcheck.code),
        name=bugcheck.name if entry is None else entry.name,
        parameters=tuple(address(value) for value in bugcheck.parameters),
        caused_by=bugcheck.caused_by,
    )


def _meaning(incident: Incident, codes: Codes) -> str:
    entry = None
    if incident.bugcheck is not None and incident.bugcheck.code is not None:
        entry = codes.bugcheck(incident.bugcheck.code)
    elif incident.exception is not None:
        entry = codes.exception(incident.exception.code)
    return "" if entry is None else entry.meaning


def _hint(incident: Incident, codes: Codes) -> Hint | None:
    record = incident.bugcheck or incident.exception
    return None if record is None else likely_class(record, codes)


def _frame(frame: Frame) -> FrameInfo:
    return FrameInfo(
        module=frame.module,
        function=frame.function,
        offset=_offset(frame.offset, frame.digits),
        address=_address(frame.address),
        trust=frame.trust,
    )


def _finding(
    match: Match, evidence: Evidence, knowledge: Pack, stock: Stock | None, decides: tuple[NextStep, ...]
) -> Finding:
    rule = match.rule
    incident = evidence.incidents[match.incident]
    return Finding(
        rule=rule.id,
        title=rule.title,
        url=knowledge.url(rule),
        incident=match.incident + 1,
        confidence=match.confidence,
        band=match.band,
        because=match.because,
        against=match.against,
        missing=match.missing,
        decides=decides,
        advice=advise(rule, evidence, incident, knowledge.products, stock=stock, fixing=knowledge.rules_fixing),
        see_also=rule.see_also,
    )
