"""A case as an incident: the decisive exception, the stack that fits, process, place and modules loaded just before."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from triage.formats.debugger.blame import Images, Place, place_of, stem, symbol_of
from triage.formats.debugger.cases import Case, Sessions
from triage.model.evidence import BugCheck, ExceptionRecord, Frame, Incident, Message, Module, Process
from triage.text.exception_context import Context, read_context
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.numbers import code32, hexadecimal
from triage.text.process import Named
from triage.text.stacks import Stack
from triage.text.symbols import Symbol

_FEW_LOADS = 8
_LAST_LOADS = 5
_NEAR_LOADS = 40
"""Rows between the last module row and the exception, at most."""

_NEAR_FIELD = 6
"""Rows between a field of an analysis and the stack below, where both are all that is left of it."""

_MAX_MESSAGES = 6

BREAK_IN = frozenset({0x80000003, 0x80000007, 0x4000001F})
"""Codes by which a debugger stops a program: on attaching, on a key, on waking it."""

# Stop codes whose first parameter is the exception that nobody handled, and whose second is its address
# (bug check reference of the Windows driver documentation).
_UNHANDLED = frozenset({0x1E, 0x3B, 0x7E, 0x8E, 0x135, 0x1DA})
_CONTEXT_ROWS = 20
"""Rows between a context and the stack of the same thread, at most."""

_POINTER_ROW = regex(r"(?<![a-z])(?:[er]ip=[0-9a-f]{8}|iopl=\d\s)", re.IGNORECASE)
_UNMAPPED = "=????"
"""What an instruction's operand shows where no memory is."""

_RESET = "resetting default scope"
_RESET_ABOVE = 12
"""Rows from the end of a context to the first field of its analysis that is left, at most."""

_CONTEXT_FIELD = regex(r"[^\w(]{0,24}(?:CONTEXT|TRAP_FRAME):\s{1,8}[0-9a-f(]", re.IGNORECASE)
_CONTEXT_COMMAND = regex(r"(?:r|\.ecxr|\.cxr|\.trap|\.lastevent)\b", re.IGNORECASE)
_BUGCHECK_CALL = regex(r"_?KeBugCheck(?:Ex|2)?(?:@\d{1,2})?")
_WIDE_CALL = regex(r"_?KeBugCheckEx")
"""Of 64-bit code: only this one puts its arguments where `kb` looks for them."""
_CLASSES = (
    (
        regex(r"(?:INVALID|NULL)_(?:CLASS_PTR|POINTER)_(?:READ|WRITE|EXECUTE|DEREFERENCE)|(?:^|_)ACCESS_VIOLATION$"),
        0xC0000005,
    ),
    (regex(r"(?:^|_)STACK_OVERFLOW(?:_|$)"), 0xC00000FD),
    (regex(r"INTEGER_DIVIDE_BY_ZERO"), 0xC0000094),
    (regex(r"HEAP_CORRUPTION_ACTIONABLE"), 0xC0000374),
)
"""What !analyze calls the problem of a program, and the exception that is always behind it."""

_WORD = regex(r"(?<![\w`+!])[0-9a-f]{8}(?:`[0-9a-f]{8})?(?![\w`])", re.IGNORECASE)


class Surroundings(Struct, frozen=True, kw_only=True):
    """What the parts of an incident are looked up in."""

    text: Text
    sessions: Sessions
    images: Images
    loads: tuple[Module, ...]
    load_lines: list[int]
    """The last line of each of the loads."""
    stops: list[int]
    """Lines of prompts, and of exceptions, sorted: a module row before one of these is not "just loaded" after it."""
    processes: tuple[Named, ...]
    commands: dict[int, str]
    """What was typed, by the index of the row."""

    prompts: list[int]
    """Those indices, sorted."""

    others: list[int]
    """Indices of the rows at which something else begins than what was asked about an event, sorted."""


def incident_of(case: Case, around: Surroundings) -> Incident | None:
    """The incident of a case; None where its parts say nothing that went wrong."""
    record = _decisive(case, around)
    bugcheck = _bugcheck(case, around)
    if record is None and bugcheck is None:
        record = _of_bucket(case)
    if bugcheck is not None:
        unhandled = _unhandled(bugcheck)
        if record is None:
            record = unhandled or _of_bucket(case)
        elif record.address is None and unhandled is not None and unhandled.code == record.code:
            record = replace(record, address=unhandled.address)
    wanted = [symbol for one in case.sightings if (symbol := symbol_of(one.symbol)) is not None]
    stack = _stack(case, [] if bugcheck is not None else wanted, around.text)
    if (
        record is None
        and bugcheck is None
        and stack is None
        and (case.analysis is None or not case.analysis.is_telling)
    ):
        return None
    frames = stack.frames if stack is not None else ()
    place = place_of(case, record, around.images, _top(frames[0] if frames else None))
    wrong = case.analysis is not None and case.analysis.has_wrong_symbols
    own = wrong or any(one.words for one in case.sightings)
    if place.module is None and bugcheck is None and stack is not None and own:
        # The stack that follows an exception's own line, or its analysis, begins where the exception was.
        top = _top(frames[0] if frames else None)
        place = place if top is None else Place(module=top.module, function=top.function)
    if place.module is None and (bugcheck is not None or stack is None):
        place = _shown(case, around.text)
    if place.module is None and record is None and bugcheck is None and stack is None and len(_fields(case)) == 1:
        return None  # the context of an exception, cut before it says where that was
    if place.module is None and record is not None and bugcheck is None and case.analysis is not None:
        place = _reset(case, around.text)
    spans = [case.lines, *([stack.lines] if stack is not None else [])]
    return Incident(
        kind="bugcheck" if bugcheck is not None else "exception" if record is not None else "stack",
        lines=(min(span[0] for span in spans), max(span[1] for span in spans)),
        process=_process(case, around, kernel=bugcheck is not None),
        exception=record,
        bugcheck=bugcheck,
        stack=frames or _blamed(case),
        faulting_module=place.module,
        faulting_offset=place.offset,
        faulting_function=place.function,
        modules=_just_loaded(case, around),
        messages=_messages(case),
    )


def _of_bucket(case: Case) -> ExceptionRecord | None:
    """The exception that !analyze put into the name of the bucket, where nothing else is left that tells it.

    FAILURE_BUCKET_ID:  INVALID_POINTER_READ_c0000005_orchard.dll!Grow
    """
    if case.analysis is None or not case.analysis.is_telling:
        return None
    printed = case.analysis.get("Failure.Exception.Code") or ""
    code = hexadecimal(printed.removeprefix("0x")) if printed else case.analysis.bucket[0]
    code = _of_class(case) if code is None else code
    code = hexadecimal(case.analysis.watson.get("code", "")) if code is None else code
    if code is None:
        return None
    address = (case.analysis.get("Failure.Exception.IP.Address") or "").removeprefix("0x")
    return ExceptionRecord(
        code=code32(code), address=hexadecimal(address) if address else None, lines=case.analysis.lines
    )


def _of_class(case: Case) -> int | None:
    """The code behind the problem's class: `PRIMARY_PROBLEM_CLASS:  INVALID_POINTER_READ`.

    Where that says no more than APPLICATION_FAULT, the other field has all classes in a row:
    `BUGCHECK_STR:  APPLICATION_FAULT_SOFTWARE_NX_FAULT_INVALID_POINTER_EXECUTE`.
    """
    for key in ("PRIMARY_PROBLEM_CLASS", "BUGCHECK_STR"):
        words = "" if case.analysis is None else case.analysis.get(key) or ""
        told = next((code for pattern, code in _CLASSES if pattern.search(words[:300]) is not None), None)
        if told is not None:
            return told
    return None


def _blamed(case: Case) -> tuple[Frame, ...]:
    """The frame that !analyze blames where it could walk no stack: an empty STACK_TEXT, and below it SYMBOL_NAME."""
    symbol = symbol_of(case.analysis.get("SYMBOL_NAME")) if case.analysis is not None else None
    if case.analysis is None or symbol is None or symbol.function is None:
        return ()
    lines = (case.analysis.lines[1], case.analysis.lines[1])
    return (Frame(module=symbol.module, function=symbol.function, offset=symbol.offset, lines=lines),)


def _fields(case: Case) -> Mapping[str, str]:
    return case.analysis.fields if case.analysis is not None else {}


def _shown(case: Case, text: Text) -> Place:
    """Where the exception was, by the context that its analysis shows, where no field names the place.

    CONTEXT:  ffffd000a1b2c3d0 -- (.cxr 0xffffd000a1b2c3d0)
    rip=fffff8012c3d4e50 rsp=ffffd000a1b2d0a0 rbp=…
    orchard+0x16806:
    """
    first, last = text.index_of(case.lines[0]), text.index_of(case.lines[1] + 1)
    for index in text.holding(("CONTEXT:", "TRAP_FRAME:"), exact=True):
        if first <= index < last and _CONTEXT_FIELD.match(text.rows[index][:200]) is not None:
            symbol = symbol_of(read_context(text, index + 1).symbol)
            if symbol is not None:
                offset = symbol.offset if symbol.function is None else None
                return Place(module=symbol.module, offset=offset, function=symbol.function)
    return Place()


def _reset(case: Case, text: Text) -> Place:
    """Where a program failed, by the end of the context that its analysis shows, where the head was cut off.

    orchard+0x16806:
    fffff802`3f5a0aba 894f1c          mov     dword ptr [rdi+1Ch],ecx ds:002b:00000000`0000001c=????????
    Resetting default scope
    """
    first, last = text.index_of(case.lines[0]), text.index_of(case.lines[1] + 1)
    ends = text.holding((_RESET,))
    for index in ends[bisect_left(ends, first - _RESET_ABOVE) : bisect_left(ends, last)]:
        context = read_context(text, max(0, index - 2))
        symbol = symbol_of(context.symbol) if context.last < index else None
        if symbol is not None:
            offset = symbol.offset if symbol.function is None else None
            return Place(module=symbol.module, offset=offset, function=symbol.function)
    return Place()


def stack_incident(stack: Stack, around: Surroundings) -> Incident:
    """A stack that no code stands beside: a hang, or a cut log. Of a stop it may hold the call that tells the code."""
    text = around.text
    place = _place_above(stack, text)
    bugcheck = _called((stack,), text)
    return Incident(
        kind="stack" if bugcheck is None else "bugcheck",
        bugcheck=bugcheck,
        lines=stack.lines,
        process=_owner(stack, around),
        stack=stack.frames,
        faulting_module=place.module,
        faulting_offset=place.offset,
        faulting_function=place.function,
    )


# Without an address it is the process in whose context the processor is.
_CURRENT = regex(r"!process(?:\s+-1(?:\s+\w{1,4})?)?\s*", re.IGNORECASE)


def _owner(stack: Stack, around: Surroundings) -> Process | None:
    """The process whose thread it is, as `!thread` and `!process` print it above the stack.

    Owning Process            ffffe00012345080       Image:         store.exe

    Or the field of an analysis of which nothing else was left:

    PROCESS_NAME:  store.exe

    STACK_TEXT:

    Or what somebody asked next:

    0: kd> !process
    PROCESS ffffe00012345080
        SessionId: 1  Cid: 0914    Peb: bfbe17f000  ParentCid: 015c
        Image: store.exe
    """
    session = around.sessions.of(stack.lines[0])
    images = [one for one in around.processes if one.source == "image" and around.sessions.of(one.lines[0]) == session]
    above = [one for one in images if one.lines[0] < stack.lines[0]]
    if above:
        return above[-1].process
    start = around.text.index_of(stack.lines[0])
    for one in around.processes:
        if one.source == "field" and 0 < start - around.text.index_of(one.lines[0]) <= _NEAR_FIELD:
            return one.process
    place = bisect_left(around.prompts, around.text.index_of(stack.lines[1] + 1))
    asked, *ends = [*around.prompts[place : place + 2], len(around.text.rows)]
    if _CURRENT.fullmatch(around.commands.get(asked, "")) is None:
        return None
    first, end = around.text.numbers[asked], around.text.numbers[ends[0] - 1] if ends else 0
    return next((one.process for one in images if first < one.lines[0] <= end), None)


def _place_above(stack: Stack, text: Text) -> Place:
    """Where the program failed, by the context above the stack, where that used memory that was not there.

    0:000> .ecxr
    eip=00401a2c esp=0018ff50 ebp=0018ff88 iopl=0         nv up ei pl zr na pe nc
    ledger!Post+0x12:
    00401a2c 8901            mov     dword ptr [ecx],eax  ds:002b:00000010=????????
    0:000> k

    The context of a thread that only waits shows no such memory. People leave the registers out, as they tell nothing
    to readers; the symbol then stands right above the instruction.
    """
    start = bisect_left(text.numbers, stack.lines[0])
    for index in range(start - 1, max(-1, start - _CONTEXT_ROWS), -1):
        row = text.rows[index][:400]
        bare = _UNMAPPED in row and index > 0 and text.rows[index - 1].rstrip().endswith(":")
        if bare or _POINTER_ROW.search(row) is not None:
            context = read_context(text, index - 1 if bare else index)
            symbol = symbol_of(context.symbol)
            if symbol is None or context.target is None or context.last >= start:
                break
            offset = symbol.offset if symbol.function is None else None
            return Place(module=symbol.module, offset=offset, function=symbol.function)
    return Place()


def _decisive(case: Case, around: Surroundings) -> ExceptionRecord | None:
    """One record of all sightings: the second chance decides, and what one sighting lacks another tells."""
    if not case.sightings:
        return None
    order = sorted(case.sightings, key=lambda one: (one.record.chance != "second", one.origin != "record"))
    records = [sighting.record for sighting in order]
    chances = {record.chance for record in records}
    address = next((record.address for record in records if record.address is not None), None)
    access = next((record.access for record in records if record.access is not None), None)
    target = next((record.target for record in records if record.target is not None), None)
    if address is None and case.bugcheck is None:
        context = _later_context(case, around)
        if context is not None:
            address, access = context.address, access or context.access
            target = context.target if target is None else target
            first = case.sightings[0]
            case.sightings[0] = replace(first, symbol=first.symbol or context.symbol)
    return ExceptionRecord(
        code=records[0].code,
        chance="second" if "second" in chances else "first" if "first" in chances else None,
        address=address,
        access=access,
        target=target,
        parameters=max((record.parameters for record in records), key=len),
        lines=records[0].lines,
    )


def _later_context(case: Case, around: Surroundings) -> Context | None:
    """Registers that the user asked for with `r` or `.ecxr` after an event that was printed without them."""
    text = around.text
    start = bisect_left(text.numbers, case.sightings[0].lines[1])
    others = around.others
    place = bisect_right(others, start)
    end = min(start + 60, others[place] if place < len(others) else len(text.rows))
    prompts = around.prompts
    for index in prompts[bisect_right(prompts, start) : bisect_left(prompts, end)]:
        if _CONTEXT_COMMAND.match(around.commands[index]):
            context = read_context(text, index + 1)
            if context.address is not None:
                return context
    return None


def _bugcheck(case: Case, around: Surroundings) -> BugCheck | None:
    bugcheck = case.bugcheck
    from_stack = None
    if (bugcheck is None and not case.sightings and case.analysis is not None) or (
        bugcheck is not None and case.weak and not bugcheck.parameters
    ):
        from_stack = _called(case.stacks, around.text)
    if bugcheck is None:
        bugcheck = from_stack
    elif from_stack is not None and from_stack.code == bugcheck.code:
        bugcheck = replace(bugcheck, parameters=from_stack.parameters)
    if bugcheck is not None and bugcheck.caused_by is None and case.cause is not None:
        bugcheck = replace(bugcheck, caused_by=case.cause.image)
    return bugcheck


def _called(stacks: Iterable[Stack], text: Text) -> BugCheck | None:
    """The arguments of KeBugCheckEx on a stack: code, then parameters as far as the columns go."""
    for stack in stacks:
        for frame in stack.frames[:12]:
            if frame.module is None or frame.function is None or not _BUGCHECK_CALL.fullmatch(frame.function):
                continue
            row = text.rows[min(bisect_left(text.numbers, frame.lines[0]), len(text.rows) - 1)]
            before = row.split(frame.function)[0]
            wide = " : " in before
            if wide and _WIDE_CALL.fullmatch(frame.function) is None:
                continue
            words = _WORD.findall(before.split(" : ", 1)[1] if wide else before)
            numbers = [value for word in (words if wide else words[2:]) if (value := hexadecimal(word)) is not None]
            if numbers and 0 < numbers[0] < 0x10000:
                return BugCheck(code=numbers[0], parameters=tuple(numbers[1:5]), lines=frame.lines)
    return None


def _unhandled(bugcheck: BugCheck) -> ExceptionRecord | None:
    """The exception that a stop hands over in its parameters."""
    if bugcheck.code not in _UNHANDLED or not bugcheck.parameters:
        return None
    code = code32(bugcheck.parameters[0])
    # Statuses have their severity in the upper bits; smaller numbers are something else.
    if code < 0x40000000:
        return None
    address = bugcheck.parameters[1] if len(bugcheck.parameters) > 1 else None
    return ExceptionRecord(code=code, address=address, lines=bugcheck.lines)


def _stack(case: Case, wanted: list[Symbol], text: Text) -> Stack | None:
    """The stack that begins where the exception was, else that of the thread which had it, else the first."""
    for stack in case.stacks:
        top = _top(stack.top) if wanted else None
        if top is not None and any(
            stem(top.module or "") == stem(one.module or "") and top.function == one.function for one in wanted
        ):
            return stack
    threads = {sighting.tid for sighting in case.sightings if sighting.tid is not None}
    for stack in case.stacks:
        if _thread_number(stack) in threads or _is_marked(stack, text):
            return stack
    return case.stacks[0] if case.stacks else None


# ~*k marks the thread that had the exception:    #  2  id: 9c.c4   Suspend: 1 Teb 7ffdc000 Unfrozen
_MARKED = regex(r"\s{0,8}#\s{1,8}\d{1,5}\s{1,8}id:\s", re.IGNORECASE)


def _is_marked(stack: Stack, text: Text) -> bool:
    if stack.thread is None:
        return False
    start = bisect_left(text.numbers, stack.lines[0])
    return any(_MARKED.match(row[:80]) for row in text.rows[max(0, start - 3) : start + 1])


def _thread_number(stack: Stack) -> int | None:
    """The thread's own number: of "9c.c4" what stands behind the point."""
    return None if stack.thread is None else hexadecimal(stack.thread.rpartition(".")[2])


def _top(frame: Frame | None) -> Symbol | None:
    if frame is None or frame.module is None:
        return None
    return Symbol(module=frame.module, function=frame.function, offset=frame.offset)


def _process(case: Case, around: Surroundings, *, kernel: bool) -> Process | None:
    """The process that the case's own parts name, else the best that its session names."""
    pid = next((sighting.pid for sighting in case.sightings if sighting.pid is not None), None)
    name = case.analysis.get("PROCESS_NAME") if case.analysis is not None else None
    name = name or next((sighting.process for sighting in case.sightings if sighting.process), None)
    name = name or _of_signature(case)
    if name is None:
        named = _named(case, around, kernel=kernel)
        if named is None:
            return None
        name, pid = named.process.name, named.process.pid if named.process.pid is not None else pid
    return Process(name=name, pid=pid)


_CRITICAL = regex(r"0xEF_([\w.$~-]{1,80}?\.exe)_", re.IGNORECASE)
"""Of a stop because a process ended that Windows cannot live without, the bucket begins with that process."""


def _of_signature(case: Case) -> str | None:
    """The program that the signature of the problem names, where the analysis has no field of its own for it."""
    if case.analysis is None:
        return None
    ended = _CRITICAL.match(case.analysis.get("FAILURE_BUCKET_ID", "BUCKET_ID") or "")
    if ended is not None:
        return ended[1]
    image = case.analysis.bucket[1]
    return image if image is not None and image.lower().endswith(".exe") else case.analysis.watson.get("process")


def _named(case: Case, around: Surroundings, *, kernel: bool) -> Named | None:
    """The surest naming of the case's session. A kernel's module list and command lines do not name the process."""
    last = case.lines[1]
    candidates = [
        one
        for one in around.processes
        if around.sessions.of(one.lines[0]) == case.session and (not kernel or one.source in {"field", "image"})
    ]
    if not candidates and not kernel and around.loads and around.loads[0].name.lower().endswith(".exe"):
        # A mailer put the program's path on the row below its ModLoad.
        lines = around.loads[0].lines
        if around.sessions.of(lines[0]) == case.session:
            return Named(process=Process(name=around.loads[0].name), source="modload", lines=lines)
    return min(candidates, key=lambda one: (one.rank, abs(one.lines[0] - last)), default=None)


def _just_loaded(case: Case, around: Surroundings) -> tuple[Module, ...]:
    """Modules loaded between the last stop before the exception and the exception itself.

    Where a whole start-up stands there, only the last rows count.
    """
    events = [sighting for sighting in case.sightings if sighting.origin == "event"]
    if not events or case.bugcheck is not None or case.code in BREAK_IN:
        return ()
    first = events[0].lines[0]
    stop = bisect_left(around.stops, first)
    after = around.stops[stop - 1] if stop else 0
    loaded = around.loads[bisect_right(around.load_lines, after) : bisect_right(around.load_lines, first)]
    if not loaded or first - loaded[-1].lines[1] > _NEAR_LOADS:
        return ()
    return loaded if len(loaded) <= _FEW_LOADS else loaded[-_LAST_LOADS:]


def _messages(case: Case) -> tuple[Message, ...]:
    """The debugger's own lines, so that first and second chance both stay visible."""
    messages: dict[str, Message] = {}
    for sighting in case.sightings:
        if sighting.words:
            messages.setdefault(sighting.words, Message(sighting.words, sighting.lines))
        if len(messages) >= _MAX_MESSAGES:
            break
    return tuple(messages.values())
