"""Joining what the formats read of one text: one incident for each thing, in the order of the text, with context."""

from msgspec.structs import replace

from triage.model.evidence import BugCheck, ExceptionRecord, Incident, Message, Process, System
from triage.text.lines import Text
from triage.text.prose import is_prose

_MOST_CONTEXT = 15
_NEAR = 60
"""Rows between an incident and its context, at most."""

_MAX_WIDTH = 400

_ECHOES = 8
"""Incidents before and behind one that it may be an echo of."""

_ALL = 4
"""Parameters of a stop."""

_FIRST = 4
"""Frames at the top of a stack, of which one is the place that was told."""

_BREAK = 0x80000003
_BREAKS = ("KeBugCheck", "KiBugCheck")

_NEXT = 4
"""Lines between an exception and the signature of its problem, at most."""

_FOLLOWS = 12
"""Lines after an exception within which a stack that another format read is the exception's own."""


def merge_incidents(incidents: list[Incident]) -> list[Incident]:
    """Incidents in the order of their lines; a stop told by two formats (screen and debugger) is one."""
    merged: list[Incident] = []
    for incident in sorted(_without_words_on_codes(incidents), key=lambda one: one.lines):
        twin = None
        if incident.bugcheck is not None:
            # A stop screen and the debugger's lines of it stand near each other.
            twin = next(
                (index for index, one in enumerate(merged[-32:], max(0, len(merged) - 32)) if _same(one, incident)),
                None,
            )
        elif merged and any(belongs(merged[-1], incident) for belongs in (_is_stack_of, _is_place_of, _is_break_of)):
            twin = len(merged) - 1
        if twin is None:
            merged.append(incident)
        else:
            merged[twin] = _join(merged[twin], incident)
    return [_with_program(one) for one in _without_exits(_without_echoes(merged))]


_LIBRARIES = frozenset({"gdi.exe", "kernel.exe", "krnl286.exe", "krnl386.exe", "user.exe", "ntoskrnl.exe"})
"""What is called a program and is none: `General Protection Fault in KRNL386.EXE at 0001:4E00` (Windows 3.x)."""


def _with_program(incident: Incident) -> Incident:
    """The incident with its program, where none is named and the module that failed is one: a process has only one."""
    module = (incident.faulting_module or "").lower()
    told = incident.kind in {"exception", "fault", "stack"} and incident.process is None and incident.bugcheck is None
    if not told or not module.endswith(".exe") or module in _LIBRARIES:
        return incident
    return replace(incident, process=Process(name=incident.faulting_module or ""))


def _without_echoes(incidents: list[Incident]) -> list[Incident]:
    """The incidents, with those that only say what a report beside them says joined to it.

    A program shows "Access violation at address 0040F2B4 …" and below it the report of its handler; a person quotes the
    first words of what follows; the heading of a report that is folded up names the reason and the top of the stack.
    """
    kept: list[Incident] = []
    for at, incident in enumerate(incidents):
        near = (*kept[-_ECHOES:], *incidents[at + 1 : at + 1 + _ECHOES])
        if _may_echo(incident) and any(_echoes(incident, one) for one in near):
            continue
        kept.append(incident)
    return kept


def _may_echo(incident: Incident) -> bool:
    return incident.kind in {"fault", "exception"} and not incident.stack and incident.exception is not None


def _echoes(one: Incident, other: Incident) -> bool:
    """Whether `other` tells of the same exception and more, or told the same before."""
    record, known = one.exception, other.exception
    if record is None or known is None or record.code != known.code or not _one_process(one, other):
        return False
    apart = max(other.lines[0] - one.lines[1], one.lines[0] - other.lines[1])
    if other.kind not in {"fault", "exception"} or apart > _NEAR:
        return False
    if record.address is not None:
        return (one.kind, other.kind) == ("fault", "exception") and record.address == known.address
    if record.chance is not None or record.parameters or apart > _FOLLOWS:
        return False
    if one.faulting_module is None and one.kind == "exception" and (known.address is not None or other.stack):
        return True
    if one.kind == other.kind == "exception" and one.lines > other.lines and one.faulting_module is None:
        # The title of a report, and its first sentence: "Crash: Unhandled exception …" / "I get an unhandled …"
        return (record.access, record.target) == (known.access, known.target) and record.target is not None
    again = one.kind == other.kind == "fault" and one.lines > other.lines
    known_place = one.faulting_module in {None, other.faulting_module}
    return again and known_place and bool(one.messages) and _words(other).startswith(_words(one))


def _words(incident: Incident) -> str:
    return "\n".join(message.text.lower() for message in incident.messages)


def _without_exits(incidents: list[Incident]) -> list[Incident]:
    """The incidents without the exit codes of programs whose exceptions others tell of.

    "Access violation at …" / "orchard.exe exited with code -1073741819": the second only says that nobody handled it.
    """
    if not any(map(_is_exit, incidents)):
        return incidents
    told = [one for one in incidents if one.exception is not None and not _is_exit(one)]
    kept = []
    for incident in incidents:
        code = None if incident.exception is None else incident.exception.code
        if not _is_exit(incident) or not any(
            one.exception is not None and one.exception.code == code and _one_process(one, incident) for one in told
        ):
            kept.append(incident)
    return kept


def _is_exit(incident: Incident) -> bool:
    """Whether it is what a program's exit code alone tells: the only messages with an exception."""
    return incident.kind == "message" and incident.exception is not None and incident.exception.address is None


def _one_process(one: Incident, other: Incident) -> bool:
    """Whether both may be of one process: at least one tells none, or the names are the same."""
    if one.process is None or other.process is None:
        return True
    return one.process.name.lower() == other.process.name.lower()


def _without_words_on_codes(incidents: list[Incident]) -> list[Incident]:
    """Incidents less those that only say again what code another near them has.

    Exception code: 0xc06d007e is `ERROR_MOD_NOT_FOUND`, so some library could not be found.
    """
    told: dict[int, list[Incident]] = {}
    for one in incidents:
        if one.exception is not None and not _is_code_alone(one):
            told.setdefault(one.exception.code, []).append(one)
    return [
        one
        for one in incidents
        if one.exception is None
        or not _is_code_alone(one)
        or not any(
            max(one.lines[0] - other.lines[1], other.lines[0] - one.lines[1]) <= _NEAR
            for other in told.get(one.exception.code, ())
        )
    ]


def _is_code_alone(one: Incident) -> bool:
    record = one.exception
    if record is None or record.address is not None or record.target is not None or record.chance or record.parameters:
        return False
    more = (one.bugcheck, one.event, one.process, one.faulting_module, one.faulting_address, one.stack, one.modules)
    return one.kind == "exception" and one.lines[0] == one.lines[1] and not any(more)


def _is_stack_of(one: Incident, other: Incident) -> bool:
    """Whether `other` is a bare stack right below an exception without one: Dr. Watson's, pasted below NTSD's line."""
    if one.kind not in {"exception", "fault"} or one.stack or other.kind != "stack" or other.exception is not None:
        return False
    near = 0 <= other.lines[0] - one.lines[1] <= _FOLLOWS
    if not other.stack or not near or not _one_process(one, other):
        return False
    return one.kind == "exception" or _is_there(one, other)


def _is_there(one: Incident, other: Incident) -> bool:
    """Whether the stack of `other` begins where the fault message `one` says: the box of a Delphi program, and the
    frames that its handler wrote down.
    """
    address = None if one.exception is None else one.exception.address
    first = other.stack[0].module
    return (address is not None and any(frame.address == address for frame in other.stack[:_FIRST])) or (
        first is not None and first.lower() == (one.faulting_module or "").lower()
    )


def _is_break_of(one: Incident, other: Incident) -> bool:
    """Whether `other` is the breakpoint at which a stop hands over to the debugger that waits for it.

    *** Fatal System Error: 0x000000c1      below it the parameters, and `Break instruction exception - code 80000003`
    nt!DbgBreakPointWithStatus:             then the stack of whoever asked, with nt!KeBugCheckEx in it
    """
    record = other.exception
    if one.bugcheck is None or one.event is not None or other.bugcheck is not None or record is None:
        return False
    if record.code != _BREAK or record.chance != "first":
        return False
    apart = other.lines[0] - one.lines[1]
    if other.stack:
        asked = any((frame.function or "").startswith(_BREAKS) for frame in other.stack[:_FIRST])
        return asked and not one.stack and 0 <= apart <= _FOLLOWS
    return 0 <= apart <= _NEXT or 0 < other.lines[0] - one.lines[0] <= _NEXT


def _is_place_of(one: Incident, other: Incident) -> bool:
    """Whether `other` is the signature of the problem right below an exception that names no module.

    Unhandled exception at 0x77c4acfa in orchard.exe: 0xC0000005: …     the debugger that was asked to look
    AppName: orchard.exe  ModName: msvcrt.dll  Offset: 0003acfa         the box that asked
    """
    if (one.kind, other.kind) != ("exception", "exception") or one.faulting_module is not None:
        return False
    bare = other.exception is None and other.event is None and not other.stack and other.faulting_module is not None
    if not bare or one.exception is None or one.process is None or other.process is None:
        return False
    return _one_process(one, other) and 0 <= other.lines[0] - one.lines[1] <= _NEXT


def _same(one: Incident, other: Incident) -> bool:
    """Whether both are of the same stop: one code, and parameters that agree as far as both tell them.

    An event tells of a stop of its own, unless what stands beside it has all four parameters of it: the event of
    BugCheck and the problem report of it (`Problem Event Name: BlueScreen`), or what the debugger says of the dump.
    """
    if one.bugcheck is None or other.bugcheck is None or (one.event is not None and other.event is not None):
        return False
    if one.event is not None or other.event is not None:
        apart = max(other.lines[0] - one.lines[1], one.lines[0] - other.lines[1])
        whole = one.bugcheck.parameters == other.bugcheck.parameters and len(one.bugcheck.parameters) == _ALL
        return whole and any(one.bugcheck.parameters) and one.bugcheck.code == other.bugcheck.code and apart <= _NEAR
    if one.bugcheck.code is None or other.bugcheck.code is None:
        # Screens since Windows 8 show the name alone.
        names = [stop.name for stop in (one.bugcheck, other.bugcheck) if stop.name is not None]
        if len(names) < 2 or names[0].upper() != names[1].upper():
            return False
    elif one.bugcheck.code != other.bugcheck.code:
        return False
    return all(a == b for a, b in zip(one.bugcheck.parameters, other.bugcheck.parameters, strict=False))


def _join(one: Incident, other: Incident) -> Incident:
    full, rest = (one, other) if len(one.stack) >= len(other.stack) else (other, one)
    place = rest if full.faulting_module is None or (_is_told(full) and rest.faulting_module is not None) else full
    return replace(
        full,
        kind=one.kind,
        lines=(min(one.lines[0], other.lines[0]), max(one.lines[1], other.lines[1])),
        bugcheck=_join_bugchecks(full.bugcheck, rest.bugcheck),
        event=full.event or rest.event,
        process=full.process or rest.process,
        exception=one.exception or other.exception,
        faulting_module=place.faulting_module,
        faulting_offset=_offset_at(full, place, one.exception or other.exception),
        faulting_function=place.faulting_function,
        faulting_address=full.faulting_address or rest.faulting_address,
        modules=full.modules or rest.modules,
        messages=(*full.messages, *(message for message in rest.messages if message not in full.messages)),
    )


def _offset_at(full: Incident, place: Incident, record: ExceptionRecord | None) -> int | None:
    """The offset in the module that failed; where the words tell none, the stack's first call at the same address does.

    Access violation at address 64774A22 in module 'leaf.dll'.
    64490000:64774A22: leaf.dll
    """
    top = full.stack[0] if full.stack else None
    if place.faulting_offset is not None or record is None or record.address is None or top is None:
        return place.faulting_offset
    there = top.address == record.address and (top.module or "").lower() == (place.faulting_module or "-").lower()
    return top.offset if there and top.function is None else None


def _is_told(one: Incident) -> bool:
    """Whether the module is only the driver that a screen or a sentence names: an analysis beside it knows better."""
    stop = one.bugcheck
    return stop is not None and stop.caused_by == one.faulting_module and not stop.parameters and not one.stack


def _join_bugchecks(one: BugCheck | None, other: BugCheck | None) -> BugCheck | None:
    if one is None or other is None:
        return one or other
    return replace(
        one,
        code=other.code if one.code is None else one.code,
        name=one.name or other.name,
        parameters=max(one.parameters, other.parameters, key=len),
        caused_by=one.caused_by or other.caused_by,
    )


def join_systems(one: System | None, other: System | None) -> System | None:
    """What both tell of the machine; the first counts where they differ, and another build is another machine."""
    if one is None or other is None:
        return one or other
    if one.build is not None and other.build is not None and one.build != other.build:
        return one
    return replace(
        one,
        product=one.product or other.product,
        version=one.version or other.version,
        build=one.build if one.build is not None else other.build,
        revision=one.revision if one.revision is not None else other.revision,
        service_pack=one.service_pack if one.service_pack is not None else other.service_pack,
        architecture=one.architecture or other.architecture,
        processors=one.processors if one.processors is not None else other.processors,
        uptime=one.uptime if one.uptime is not None else other.uptime,
        hotfixes=one.hotfixes or other.hotfixes,
    )


def with_context(incidents: list[Incident], rest: Text) -> list[Incident]:
    """Each incident with the prose nearest to it that no format claimed; `rest` has all claimed lines blanked."""
    prose = _Prose(rest)
    return [incident if incident.context else _context(incident, prose) for incident in incidents]


class _Prose:
    """The rows of a text that read as prose. Each is looked at when it is asked for, and once."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self._known: dict[int, bool] = {}
        self._skip: dict[int, int] = {}
        """Of rows that are no prose, a later one that may be."""

    def __contains__(self, index: int) -> bool:
        known = self._known.get(index)
        if known is None:
            row = self.text.rows[index]
            known = self._known[index] = bool(row) and is_prose(row)
        return known

    def next(self, index: int, end: int) -> int:
        """The first row of prose from `index` on and before `end`, or `end`."""
        passed = []
        rows = self.text.rows
        while index < end and index not in self:
            passed.append(index)
            index = self._skip.get(index, index + 1)
            while index < end and not rows[index] and index not in self._skip:
                index += 1
        for one in passed:
            self._skip[one] = index
        return min(index, end)


def _context(incident: Incident, prose: _Prose) -> Incident:
    """The incident with the first rows of prose within its lines, and with the nearest ones if these are few."""
    text = prose.text
    first, last = incident.lines
    numbers = text.numbers
    start, end = text.index_of(first), text.index_of(last + 1)
    chosen: list[int] = []
    index = prose.next(start, end)
    while index < end and len(chosen) < _MOST_CONTEXT:
        chosen.append(index)
        index = prose.next(index + 1, end)
    low, high = text.index_of(first - _NEAR), text.index_of(last + _NEAR + 1)
    above, below = start - 1, end
    while len(chosen) < _MOST_CONTEXT and (above >= low or below < high):
        # Of two rows that are equally near, the one above counts first.
        if below >= high or (above >= low and first - numbers[above] <= numbers[below] - last):
            if above in prose:
                chosen.append(above)
            above -= 1
        else:
            if below in prose:
                chosen.append(below)
            below += 1
    return replace(
        incident,
        context=tuple(Message(text.rows[at].strip()[:_MAX_WIDTH], (numbers[at], numbers[at])) for at in sorted(chosen)),
    )
