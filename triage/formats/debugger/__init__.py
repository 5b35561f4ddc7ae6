"""Text of WinDbg, CDB, NTSD, KD and the debuggers of Visual C++: one incident for each thing that went wrong."""

from collections.abc import Iterable

from triage.formats.debugger.analysis import Analysis, read_analyses
from triage.formats.debugger.blame import Images
from triage.formats.debugger.cases import MAX_CASES, Sessions, gather
from triage.formats.debugger.incidents import BREAK_IN, Surroundings, incident_of, stack_incident
from triage.formats.debugger.noise import noise
from triage.model.evidence import Damage, Frame, Incident, Lines, Module
from triage.text.bugchecks import read_causes, read_told
from triage.text.exception_types import Sighting
from triage.text.exceptions import read_sightings
from triage.text.format import Reading
from triage.text.lines import Text, joined
from triage.text.modules import read_modules
from triage.text.process import read_named
from triage.text.prompts import read_commands, without_commands
from triage.text.run_together import parted
from triage.text.stacks import Stack, read_stacks
from triage.text.system import read_system

_MAX_STACK_INCIDENTS = 64

# The debugger's own way into a program that hangs: what the other threads do is then what matters.
_BREAK_IN_FUNCTIONS = frozenset({"dbgbreakpoint", "dbgbreakpointwithstatus", "dbguserbreakpoint", "dbguiremotebreakin"})


def read(text: Text) -> Reading:
    """What a debugger printed; raises nothing, whatever the text holds."""
    text = parted(text)
    commands = read_commands(text)
    plain = without_commands(text, commands)
    module_list = read_modules(text)
    stacks = read_stacks(text)
    sightings, told, causes = read_sightings(plain), read_told(plain, commands), read_causes(plain)
    analyses = read_analyses(plain)
    sessions = Sessions(text)
    loads = _loads(text, module_list.modules)
    load_lines = [module.lines[1] for module in loads]
    cases, loose = gather(
        sessions,
        sightings=sightings,
        told=told,
        causes=causes,
        analyses=analyses,
        stacks=stacks,
        loads=load_lines,
    )
    around = Surroundings(
        text=text,
        sessions=sessions,
        images=Images(module_list.modules),
        loads=loads,
        load_lines=load_lines,
        stops=sorted(
            {*(text.numbers[at] for at in commands), *(one.lines[1] for one in sightings if one.origin == "event")}
        ),
        processes=read_named(plain),
        commands=commands,
        prompts=list(commands),
        others=text.holding((" - code ", "Loading Dump File"), exact=True),
    )
    incidents = [incident for case in cases if (incident := incident_of(case, around)) is not None]
    # Without anything else every thread's stack speaks for itself; so it does where the debugger only broke in.
    hangs = [stack for case in cases for stack in case.stacks[1:] if _is_break_in(case.code, case.stacks)]
    extra = [*(loose if not incidents else []), *hangs]
    incidents += [stack_incident(stack, around) for stack in _distinct(extra)]
    incidents.sort(key=lambda incident: incident.lines)
    warnings = list(module_list.warnings)
    if len(cases) >= MAX_CASES:
        warnings.append(Damage(cases[-1].lines, f"more than {MAX_CASES:,} exceptions; the rest is not read"))
    return Reading(
        incidents=tuple(incidents),
        modules=module_list.modules,
        system=read_system(plain),
        warnings=tuple(warnings),
        claimed=_claimed(text, commands, module_list.claimed, stacks, sightings, analyses, incidents),
    )


def _loads(text: Text, modules: tuple[Module, ...]) -> tuple[Module, ...]:
    """The modules of `ModLoad:` rows; a wrapped one has its word on the first of its lines or before."""
    rows = set(text.holding(("modload:",)))
    if not rows:
        return ()
    if isinstance(text.numbers, range):
        told = {text.numbers[at] for at in rows}
        return tuple(
            [one for one in modules if (one.lines[0] in told or one.lines[0] - 1 in told) and not one.unloaded]
        )
    index_of = text.index_of
    return tuple(
        module
        for module in modules
        if not module.unloaded and ((start := index_of(module.lines[0])) in rows or start - 1 in rows)
    )


def _is_break_in(code: int | None, stacks: list[Stack]) -> bool:
    if code not in BREAK_IN or len(stacks) < 2:
        return False
    frames = stacks[0].frames[:3]
    return any((frame.function or "").lower() in _BREAK_IN_FUNCTIONS for frame in frames)


def _distinct(stacks: list[Stack]) -> list[Stack]:
    """Stacks that differ in what they name: many threads wait in the same place."""
    seen: set[tuple[tuple[str | None, str | None], ...]] = set()
    kept = []
    for stack in stacks:
        key = tuple((frame.module, frame.function) for frame in stack.frames)
        if key not in seen and _says_something(stack.frames):
            seen.add(key)
            kept.append(stack)
        if len(kept) >= _MAX_STACK_INCIDENTS:
            break
    return kept


def _says_something(frames: tuple[Frame, ...]) -> bool:
    # Managed frames of !clrstack name no module, but their type.
    return any(frame.module is not None or "." in (frame.function or "") for frame in frames)


def _claimed(
    text: Text,
    commands: Iterable[int],
    modules: tuple[Lines, ...],
    stacks: tuple[Stack, ...],
    sightings: tuple[Sighting, ...],
    analyses: tuple[Analysis, ...],
    incidents: list[Incident],
) -> tuple[Lines, ...]:
    """The lines that were understood: their text is no evidence for the readers that come later."""
    claimed = [*modules, *(stack.lines for stack in stacks), *(one.lines for one in analyses)]
    for sighting in sightings:
        claimed.append(sighting.lines)
        if sighting.last_row >= 0:
            number = text.numbers[sighting.last_row]
            claimed.append((number, number))
    claimed += [incident.bugcheck.lines for incident in incidents if incident.bugcheck is not None]
    if claimed or incidents:
        claimed += noise(text, commands, claimed)
    return joined(claimed)
