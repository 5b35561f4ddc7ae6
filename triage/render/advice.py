"""Rows about advice that all renderers show: each a label and a text, in the order in which they are read."""

from collections.abc import Iterator, Sequence

from triage.model.report import Action, Advice, FileAdvice, Finding, IncidentInfo, Plan, Report, ServicePackAdvice
from triage.render.phrases import count

MAX_KEYS = 4
MAX_FILES = 6
MAX_COVERED = 12

Row = tuple[str, str]


def rows(finding: Finding) -> Iterator[Row]:
    """What is known of the fix beyond what to do: why it may be wrong, lineage, files, chain, workaround, risk, and
    what would decide."""
    advice = finding.advice
    if finding.is_held_back:
        yield "But", f"a fault that no article describes may look just like this; read {finding.rule} before you act"
    if advice.service_pack is not None and (told := _lineage(advice.service_pack)):
        yield "Packs", told
    shown = [file for file in advice.files if file.state != "unknown" or file.found]
    for file in shown[:MAX_FILES]:
        yield "File", _file(file)
    if len(shown) > MAX_FILES:
        yield "File", f"{count(len(shown) - MAX_FILES, 'more file')} of the fix"
    if advice.superseded_by:
        newest = " (the newest)" if len(advice.superseded_by) > 1 else ""
        yield "Chain", f"its files were replaced by {', '.join(advice.superseded_by)}{newest}"
    if advice.repeats:
        yield "Same fix", ", ".join(advice.repeats)
    yield from _meanwhile(finding.rule, advice)
    for step in finding.decides:
        yield "Decides", f"{step.command}: {step.shows}"


def _meanwhile(rule: str, advice: Advice) -> Iterator[Row]:
    if advice.status != "already-installed":
        if advice.workaround and not advice.steps and f"workaround of {rule}" not in advice.summary:
            yield "Or", f"{rule} gives a workaround"
        if advice.restart:
            yield "Risk", "parts of the running system are replaced: plan a restart"
    for key in advice.registry[:MAX_KEYS]:
        yield "Registry", key
    if len(advice.registry) > MAX_KEYS:
        yield "Registry", f"{count(len(advice.registry) - MAX_KEYS, 'more key')} in the article"


def _lineage(pack: ServicePackAdvice) -> str:
    """`first in Service Pack 2, then 3 and 4, each with all before it; support of Windows 2000 ended 2010-07-13`."""
    parts = []
    names = pack.contained_in
    if pack.unreleased and pack.fixed_in_name is None:
        parts.append("no service pack has the fix")
    elif len(names) > 1:
        first = "in" if pack.fixed_in_name else "the latest of the article's day was"
        stem = names[0].rstrip("0123456789ab")
        rest = [name.removeprefix(stem) for name in names[1:]]
        extent = ", each with all before it" if pack.cumulative else ""
        parts.append(f"{'first ' if pack.fixed_in_name else ''}{first} {names[0]}, then {', '.join(rest)}{extent}")
    if pack.first_build is not None:
        parts.append(f"build {pack.first_build} shows {pack.fixed_in_name}")
    if pack.end_of_support is not None:
        parts.append(f"support of {pack.product} ended {pack.end_of_support}")
    return "; ".join(parts)


def _file(file: FileAdvice) -> str:
    wanted = f", fixed in {file.fixed}" if file.fixed else ""
    reason = f" ({file.reason})" if file.reason else ""
    where = f" in {file.where}" if file.where else ""
    if file.state == "absent":
        return f"{file.name}: absent{wanted}"
    return f"{file.name}: {file.found or 'not seen'}{where}{wanted}, {file.state}{reason}"


def plan_of(report: Report) -> Plan | None:
    """The plan, where it says more than the findings themselves.

    Findings of one incident are alternatives: a list of what each of them asks for is no plan. That one thing to
    install settles several of them is one. Where all are only possible, what stands with each of them (`If so …`) is
    the better order: a plan at the top of a page reads as one.
    """
    plan = report.plan
    if plan is None or {found.band for found in report.findings if found.rule in plan.findings} == {"possible"}:
        return None
    installing = [action for action in plan.actions if action.kind in {"service-pack", "hotfix"}]
    if len(plan.findings) < 2:
        return plan if len(installing) > 1 else None
    incidents = {finding.incident for finding in report.findings if finding.rule in plan.findings}
    return plan if len(incidents) > 1 or any(len(action.covers) > 1 for action in installing) else None


def action_details(action: Action) -> str:
    """`covers Q1, Q2: Service Pack 2 first corrected Q1; … (restart; Q260910)`."""
    names = list(action.covers[:MAX_COVERED])
    if len(action.covers) > MAX_COVERED:
        names.append(f"{len(action.covers) - MAX_COVERED} more")
    text = f"covers {', '.join(names)}: {action.why}" if names else action.why
    notes = ["plan a restart"] if action.restart else []
    notes += [f"see {', '.join(action.articles)}"] if action.articles and action.kind == "service-pack" else []
    return f"{text} ({'; '.join(notes)})" if notes else text


def is_weak(findings: Sequence[Finding]) -> bool:
    """Whether none of the findings is more than possible, so that the evidence itself says as much as they do."""
    return all(finding.band == "possible" for finding in findings)


def likely(incident: IncidentInfo) -> tuple[str, str] | None:
    """The likely class of the fault, and what it means and why.

    None where the class says no more than the name of the code, which is told already (access violation of
    STATUS_ACCESS_VIOLATION); that name is not given as a reason again either.
    """
    hint = incident.hint
    if hint is None:
        return None
    record = incident.exception or incident.bugcheck
    named = f"{record.code} {record.name}" if record is not None else ""
    reasons = [reason for reason in hint.because if reason != named]
    if not reasons and hint.because and named.lower().endswith(hint.fault.replace("-", "_")):
        return None
    return hint.fault.replace("-", " "), hint.meaning + (f" ({'; '.join(reasons)})" if reasons else "")


def known(incident: IncidentInfo) -> Iterator[Row]:
    """What is known of an incident that no rule describes: codes, their parameters, the likely class, what to run."""
    names = []
    if incident.exception is not None and incident.exception.name:
        names.append(f"{incident.exception.code} is {incident.exception.name}")
    if incident.bugcheck is not None and incident.bugcheck.name:
        names.append(f"stop {incident.bugcheck.code or ''} is {incident.bugcheck.name}")
    if incident.faulting_module:
        names.append(f"faulting module {incident.faulting_module}")
    if incident.suspect and incident.suspect != incident.faulting_module:
        names.append(f"look at {incident.suspect} first")
    for text in ("; ".join(names), incident.meaning):
        if text:
            yield "Known", text
    for place, parameter in enumerate(incident.parameters, 1):
        said = f" ({parameter.says})" if parameter.says else ""
        if parameter.meaning or said:
            yield f"Param {place}", f"{parameter.value}  {parameter.meaning or 'parameter'}{said}"
