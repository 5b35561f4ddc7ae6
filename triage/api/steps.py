"""Which debugger commands would tell more about an incident than its source does.

The commands are those of the Debugging Tools for Windows (cdb, ntsd, kd, WinDbg), where not said otherwise.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from triage.api.suspect import suspect
from triage.model.code import Hint
from triage.model.evidence import Evidence, Incident
from triage.model.report import NextStep
from triage.text.lazy import regex

MAX_STEPS = 3
MAX_HINTED = 2
"""Of the commands for a class of fault so many go before those for what the source does not show."""

SHOWS = {
    "!analyze -v": "the stack and the module that the debugger blames",
    ".ecxr; kv": "the stack of the exception itself, with arguments",
    ".cxr": "the stack at the time of the exception, with arguments",
    ".exr -1": "the exception record",
    ".lastevent": "why the debugger stopped",
    ".tss": "the stack of the task that the double fault interrupted",
    ".loadby sos": "loads the commands for managed code",
    "!pe": "the managed exception and those inside it",
    "!clrstack": "the managed stack, with arguments",
    "kv": "the stack, with arguments",
    "kf": "the stack, with the size of each frame",
    "knL": "the stack, long and numbered, to see what repeats",
    "~*kb": "the stacks of all threads",
    "~*kv": "the stacks of all threads, with arguments",
    "u @$ip L1; r": "the failing instruction and the registers",
    "u @$ip": "the code around the failing instruction",
    "dps @$csp": "what lies on the stack, by symbol",
    "dv": "the local variables",
    "lmvm": "version, date and maker of {}",
    "lmv m": "version, date and maker of {}",
    "!lmi": "what the headers of {} say",
    "lm t n": "the loaded modules with their dates",
    "lm u": "the modules that were unloaded",
    "lm": "the loaded modules",
    "vertarget": "system and service pack",
    "!locks": "who holds which lock",
    "!heap -s": "damage that the heap finds in itself",
    "!heap -p": "to whom the memory at the address belonged, where page heap is on",
    "!address -summary": "what the address space is used for",
    "!address": "what lies at the address",
    "!pool": "the pool block and its neighbours, with their owners' tags",
    "!poolused": "which tags hold most of the pool",
    "!pte": "the page table entry of the address",
    "!vm": "how much memory is in use",
    "!memusage": "the state of physical memory",
    "!verifier": "what Driver Verifier found",
    "!chkimg": "whether code in memory differs from its file",
    "!irp": "the request and the drivers that it went through",
    "!devstack": "the drivers of the device",
    "!devnode": "the devices that were found",
    "!errrec": "the hardware's error record",
    "!whea": "the hardware errors that were logged",
    "!error": "what the status means",
    "!running": "what each processor is doing",
    "!stacks": "the stacks of all threads, shortened",
    "!runaway": "how much time each thread has used",
    "!thread": "the current thread",
    "!process": "the process and its threads",
    "!handle": "the handle and what it stands for",
    "!htrace": "who opened and closed the handle",
    "!teb": "the limits of the thread's stack",
    "!token": "the rights of the caller",
    "!reg hivelist": "the registry's hives",
    "!poaction": "the power transition under way",
    "!dpcs": "the deferred procedure calls that wait",
    "!sysinfo": "maker, model and firmware of the machine",
    "gflags /p": "makes the heap stop at the first damage, the next time the program runs",
    "!gflag +sls": "makes the loader tell what it looks for, the next time the program runs",
    "chkdsk": "whether the volume is damaged (at a command prompt)",
    "sxstrace": "which side-by-side library was missing (at a command prompt, while it fails again)",
}
"""What commands show, by their beginning; the longest that fits counts, and {} stands for what the command names."""

EVENTS_STEP = NextStep(
    command="wevtutil qe Application /c:20 /rd:true /f:text",
    shows="the newest events of the application log (Windows Vista and later)",
)
DUMP_STEP = NextStep(command="!analyze -v", shows="what its dump says, where Windows Error Reporting kept one")

OTHER_DEBUGGERS: Final[Mapping[str, tuple[tuple[NextStep, bool], ...]]] = {
    "winedbg": (
        (NextStep(command="bt all", shows="the stacks of all threads (in winedbg)"), False),
        (NextStep(command="info share", shows="the loaded modules (in winedbg)"), True),
        (
            NextStep(
                command="WINEDEBUG=+seh,+loaddll wine <program>",
                shows="each exception with its address and each module that is loaded (in a terminal)",
            ),
            False,
        ),
    ),
    "gdb": (
        (NextStep(command="bt full", shows="the stack with its local variables (in gdb)"), False),
        (NextStep(command="info sharedlibrary", shows="the loaded modules (in gdb)"), True),
        (NextStep(command="x/i $pc", shows="the failing instruction (in gdb)"), False),
        (NextStep(command="info registers", shows="the registers (in gdb)"), False),
    ),
    "lldb": (
        (NextStep(command="bt all", shows="the stacks of all threads (in lldb)"), False),
        (NextStep(command="image list", shows="the loaded modules (in lldb)"), True),
        (NextStep(command="disassemble --frame", shows="the code around the failing instruction (in lldb)"), False),
        (NextStep(command="register read", shows="the registers (in lldb)"), False),
    ),
}
"""Where another debugger wrote the source, whoever sent it has that one at hand. With each command stands whether a
list of modules makes it needless."""

_MODULE_NAME = regex(r"[A-Za-z0-9_][A-Za-z0-9_.~$-]{0,63}")
"""What may stand in a command that somebody will paste. Names come from the input, and `x; .shell …` would be run."""


def next_steps(incident: Incident, evidence: Evidence, hint: Hint | None = None) -> tuple[NextStep, ...]:
    """Three commands, the most telling first: those for the class of fault, then what the source does not show.

    `<module>`, `<driver>` and `<process>` are filled in where the incident names them. What has to be looked up first
    (`<handle>`) goes last.
    """
    if incident.kind == "prose":
        return ()
    if incident.kind == "event" and incident.exception is None and incident.bugcheck is None:
        return (EVENTS_STEP, DUMP_STEP) if incident.process is not None else (EVENTS_STEP,)
    if evidence.format in OTHER_DEBUGGERS:
        steps = (step for step, lists in OTHER_DEBUGGERS[evidence.format] if not (lists and evidence.modules))
        return tuple(islice(steps, MAX_STEPS))
    module = _suspect(incident)
    hinted = [_filled(command, incident, module) for command in (hint.commands if hint is not None else ())]
    # What shows a stack with its code is mostly the output of !analyze already.
    hinted.sort(key=lambda command: (command == "!analyze -v" and bool(incident.stack), "<" in command))
    commands = [command for command in hinted[:MAX_HINTED] if "<" not in command]
    if not incident.stack:
        commands.append("!analyze -v")
    if module is not None and not _version_known(module, evidence):
        commands.append(f"lmvm {module}")
    if incident.stack and incident.exception is not None and incident.bugcheck is None:
        commands.append(".ecxr; kv")
    commands += ["vertarget"] * (evidence.system is None) + ["lm"] * (not evidence.modules)
    commands += [*hinted, "!analyze -v", "kv", "lm t n"]
    return tuple(_known(command) for command in dict.fromkeys(commands))[:MAX_STEPS]


def _filled(command: str, incident: Incident, module: str | None) -> str:
    if module is not None:
        command = command.replace("<module>", module).replace("<driver>", module)
    name = incident.process.name if incident.process is not None else ""
    if "/enable" in command and _MODULE_NAME.fullmatch(name):
        command = command.replace("<process>", name)
    return command


def _known(command: str) -> NextStep:
    start = max((known for known in SHOWS if command.startswith(known)), key=len, default=None)
    return NextStep(command=command, shows=SHOWS[start].format(command.rsplit(maxsplit=1)[-1]) if start else "")


def _suspect(incident: Incident) -> str | None:
    """The module to ask about, by the name that `lm` gives it (no extension), if it is fit to stand in a command."""
    name = suspect(incident)
    if name is None:
        return None
    base = name.replace("/", "\\").rpartition("\\")[2]
    stem = base.rpartition(".")[0] or base
    return stem if _MODULE_NAME.fullmatch(stem) else None


def _version_known(name: str, evidence: Evidence) -> bool:
    return any(module.version and module.name.lower().partition(".")[0] == name.lower() for module in evidence.modules)
