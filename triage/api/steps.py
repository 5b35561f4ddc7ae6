"""Which debugger commands would tell more about an incident than its source does.

The commands are those of the Debugging Tools for Windows (cdb, ntsd, kd, WinDbg), where not said otherwise.
"""

from triage.model.code import Hint
from triage.model.evidence import Evidence, Incident
from triage.model.report import NextStep
from triage.text.lazy import regex

MAX_STEPS = 4
MAX_HINTED = 2

SHOWS = {
    "!analyze -v": "the stack and the module that the debugger blames",
    ".ecxr; kv": "the stack of the exception itself, with arguments",
    ".exr -1": "the exception record",
    ".lastevent": "why the debugger stopped",
    "kv": "the stack, with arguments",
    "kf 100": "the stack, with the size of each frame",
    "~*kb": "the stacks of all threads",
    "~*kv": "the stacks of all threads, with arguments",
    "u @$ip L1; r": "the failing instruction and the registers",
    "dps @$csp L40": "what lies on the stack, by symbol",
    "dv /t /v": "the local variables",
    "lm": "the loaded modules",
    "lm t n": "the loaded modules with their dates",
    "lm u": "the modules that were unloaded",
    "vertarget": "system and service pack",
    "!locks": "who holds which lock",
    "!heap -s -v": "damage that the heap finds in itself",
    "!vm 1": "how much memory is in use",
}
"""What the commands show that come up most."""

EVENT_STEPS = (
    NextStep(command="wevtutil qe Application /c:20 /rd:true /f:text", shows="the newest events around it"),
    NextStep(command="!analyze -v", shows="what its dump says, where Windows Error Reporting kept one"),
)

_MODULE_NAME = regex(r"[A-Za-z0-9_][A-Za-z0-9_.~$-]{0,63}")
"""What may stand in a command that somebody will paste. Names come from the input, and `x; .shell …` would be run."""


def next_steps(incident: Incident, evidence: Evidence, hint: Hint | None = None) -> tuple[NextStep, ...]:
    """Up to four commands, the most telling first: those for the class of fault, then what the source does not show."""
    if incident.kind == "prose":
        return ()
    if incident.kind == "event" and incident.exception is None and incident.bugcheck is None:
        return EVENT_STEPS
    steps = [_known(command) for command in (hint.commands[:MAX_HINTED] if hint is not None else ())]
    if not incident.stack:
        steps.append(_known("!analyze -v"))
    module = _suspect(incident)
    if module is not None and not _version_known(module, evidence):
        steps.append(NextStep(command=f"lmvm {module}", shows=f"version, date and maker of {module}"))
    if incident.stack and incident.exception is not None and incident.bugcheck is None:
        steps.append(_known(".ecxr; kv"))
    if evidence.system is None:
        steps.append(_known("vertarget"))
    if not evidence.modules:
        steps.append(_known("lm"))
    return tuple({step.command: step for step in steps}.values())[:MAX_STEPS]


def _known(command: str) -> NextStep:
    return NextStep(command=command, shows=SHOWS.get(command, ""))


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
