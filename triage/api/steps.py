"""Which debugger commands would tell more about an incident than its source does.

The commands are those of the Debugging Tools for Windows (cdb, ntsd, kd, WinDbg), where not said otherwise.
"""

from triage.model.code import Hint
from triage.model.evidence import Evidence, Incident
from triage.model.report import NextStep
from triage.text.lazy import pattern

MAX_STEPS = 4
MAX_HINTED = 2

EVENT_STEPS = (
    NextStep(command="wevtutil qe Application /c:20 /rd:true /f:text", shows="the newest events around it"),
    NextStep(command="!analyze -v", shows="what its dump says, where Windows Error Reporting kept one"),
)

_MODULE_NAME = pattern(r"[A-Za-z0-9_][A-Za-z0-9_.~$-]{0,63}")
"""What may stand in a command that somebody will paste. Names come from the input, and `x; .shell …` would be run."""


def next_steps(incident: Incident, evidence: Evidence, hint: Hint | None = None) -> tuple[NextStep, ...]:
    """Up to four commands, the most telling first: those for the class of fault, then what the source does not show."""
    if incident.kind == "prose":
        return ()
    if incident.kind == "event" and incident.exception is None and incident.bugcheck is None:
        return EVENT_STEPS
    steps = [NextStep(command=command) for command in (hint.commands[:MAX_HINTED] if hint is not None else ())]
    if not incident.stack:
        steps.append(NextStep(command="!analyze -v", shows="the stack and the module that the debugger blames"))
    module = _suspect(incident)
    if module is not None and not _version_known(module, evidence):
        steps.append(NextStep(command=f"lmvm {module}", shows=f"version, date and maker of {module}"))
    if incident.stack and incident.exception is not None and incident.bugcheck is None:
        steps.append(NextStep(command=".ecxr; kv", shows="the stack of the exception itself, with arguments"))
    if evidence.system is None:
        steps.append(NextStep(command="vertarget", shows="system and service pack"))
    if not evidence.modules:
        steps.append(NextStep(command="lm", shows="the loaded modules"))
    told: dict[str, NextStep] = {}
    for step in steps:  # of two with one command the one that says what it shows stands, at the first one's place
        told[step.command] = step if step.shows or step.command not in told else told[step.command]
    return tuple(told.values())[:MAX_STEPS]


def _suspect(incident: Incident) -> str | None:
    """The module to ask about, by the name that `lm` gives it (no extension), if it is fit to stand in a command."""
    caused_by = incident.bugcheck.caused_by if incident.bugcheck is not None else None
    frames = (frame.module for frame in incident.stack if frame.module)
    name = caused_by or incident.faulting_module or next(frames, None)
    if name is None:
        return None
    base = name.replace("/", "\\").rpartition("\\")[2]
    stem = base.rpartition(".")[0] or base
    return stem if _MODULE_NAME.fullmatch(stem) else None


def _version_known(name: str, evidence: Evidence) -> bool:
    return any(module.version and module.name.lower().partition(".")[0] == name.lower() for module in evidence.modules)
