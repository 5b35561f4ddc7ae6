"""Facts of an incident."""

from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Final

from triage.facts.fact import Fact, FactKind, distinct, text_facts
from triage.facts.names import frame_names, image_stem, low_half, source_name
from triage.facts.system_images import is_system
from triage.facts.words import tokens
from triage.model.evidence import BugCheck, Event, Evidence, Frame, Incident, Lines, Message

MAX_FRAMES: Final = 24
MAX_STARTUP_MODULES: Final = 256
CONTEXT_SHARE: Final = 0.3
UNKNOWN: Final = "unknown"
"""What Windows prints as the faulting module where it found none."""

SYSTEM_SHARE: Final = 0.75
"""Windows' own functions and modules stand on the stacks of all kinds of faults."""

REPEATED_SHARE: Final = 0.15
NAME_SHARE: Final = 0.2
"""A process or faulting module counts once as what it is, and a little as a word, for rules that only mention it."""

CRASHES: Final = frozenset({"exception", "bugcheck", "fault"})
RECORDED: Final[frozenset[FactKind]] = frozenset({"exception", "bugcheck", "process", "faulting", "event"})
"""Kinds of facts that systems record of what went wrong: those of `recorded_facts`."""

MAX_RECORDED: Final = 3
"""Crashes of a source that are searched for together with what is told beside them."""

RECORDED_SHARE: Final = 0.5
"""A code or a module is in many rules, and is one fact among a person's many words."""

MAX_RECORDED_EVENTS: Final = 40
RECORDED_EVENT_SHARE: Final = 0.3
"""Of a log's events, most have nothing to do with what the person tells."""

STARTUP_SHARE: Final = 0.12
"""Modules of the whole list say little: most are loaded by every program."""

SMALL_SHARE: Final = 0.5
"""A small parameter of a bug check may be a level or a flag."""

LOST_SHARE: Final = 0.1
"""Where all parameters are 0, they mostly were not saved."""

STATUS_SEVERITIES: Final = (0x8, 0xC)
"""Top nibbles of NTSTATUS warnings and errors: a bug check parameter of that form is a code, not an address."""


def incident_facts(incident: Incident, evidence: Evidence) -> list[Fact]:
    """All facts of one incident, without repetitions, the incident's own before those of its surroundings."""
    if incident.kind == "prose":
        said = [(message, 1.0) for message in incident.messages]
        said += [(message, CONTEXT_SHARE) for message in incident.context]
        return distinct(
            fact for message, share in said for fact in description_facts(message.text, message.lines, share)
        )
    return distinct(_all(incident, evidence))


def _all(incident: Incident, evidence: Evidence) -> Iterator[Fact]:
    if incident.exception is not None:
        record = incident.exception
        yield Fact("exception", f"{record.code:08x}", record.lines)
    if incident.bugcheck is not None:
        yield from bugcheck_facts(incident.bugcheck)
    if incident.event is not None:
        yield from event_facts(incident.event)
    yield from _process_facts(incident)
    yield from stack_facts(incident.stack)
    for message in incident.messages:
        yield from text_facts(message.text, message.lines, _message_share(message, incident))
    for address in incident.addresses:
        yield Fact("low", low_half(address.value), address.lines)
    for module in incident.modules:
        early = is_system(module.name) or module.name.lower().endswith(".exe")
        yield Fact("module", image_stem(module.name), module.lines, STARTUP_SHARE if early else 1.0)
    for module in evidence.modules[:MAX_STARTUP_MODULES]:
        yield Fact("module", image_stem(module.name), module.lines, STARTUP_SHARE)
    for message in incident.context:
        yield from named_articles(message)
        yield from text_facts(message.text, message.lines, CONTEXT_SHARE)


def recorded_facts(evidence: Evidence) -> list[Fact]:
    """What systems recorded in a source: codes, programs and modules of crashes, source and number of events; for the
    search of what a person tells beside them.

    `Hangs since the rollup` fits many articles, and so does a stop in NETBT; few fit both.
    """
    crashes = (incident for incident in evidence.incidents if incident.kind in CRASHES)
    events = (incident for incident in evidence.incidents if incident.kind == "event")
    return distinct(
        Fact(fact.kind, fact.value, fact.lines, fact.share * share)
        for incidents, most, share in (
            (crashes, MAX_RECORDED, RECORDED_SHARE),
            (events, MAX_RECORDED_EVENTS, RECORDED_EVENT_SHARE),
        )
        for incident in islice(incidents, most)
        for fact in _recorded(incident)
    )


def _recorded(incident: Incident) -> Iterator[Fact]:
    if incident.exception is not None:
        yield Fact("exception", f"{incident.exception.code:08x}", incident.exception.lines)
    for fact in (*(() if incident.bugcheck is None else bugcheck_facts(incident.bugcheck)), *_process_facts(incident)):
        if fact.kind in {"bugcheck", "process", "faulting"}:
            yield fact
    if incident.event is not None:
        yield from (fact for fact in event_facts(incident.event) if fact.kind == "event")


def named_articles(message: Message) -> Iterator[Fact]:
    """The articles that a text names by their ids: wherever it does, that is no chance."""
    if "Q" in message.text:
        yield from (Fact("article", t.value, message.lines) for t in tokens(message.text) if t.kind == "article")


def _message_share(message: Message, incident: Incident) -> float:
    """`Access violation - code c0000005 (first chance)` says in words what the record has said already."""
    record = incident.exception
    repeats = incident.kind == "exception" and record is not None and f"{record.code:08x}" in message.text.lower()
    return REPEATED_SHARE if repeats else 1.0


def bugcheck_facts(bugcheck: BugCheck) -> Iterator[Fact]:
    """The code, each small or status-like parameter with its position, and the driver that the text names."""
    if bugcheck.code is None:
        return
    code = f"{bugcheck.code & 0xFFFFFFFF:08x}"
    yield Fact("bugcheck", code, bugcheck.lines)
    small = SMALL_SHARE if any(bugcheck.parameters) else LOST_SHARE
    for position, value in enumerate(bugcheck.parameters[:4], 1):
        low = value & 0xFFFFFFFF
        if low >> 28 in STATUS_SEVERITIES and is_status(low):
            yield Fact("parameter", f"{code}/{position}={low:08x}", bugcheck.lines)
            yield Fact("exception", f"{low:08x}", bugcheck.lines)
        elif value < 0x1000:
            yield Fact("parameter", f"{code}/{position}={value:x}", bugcheck.lines, small)
    if bugcheck.caused_by:
        yield Fact("faulting", image_stem(bugcheck.caused_by), bugcheck.lines)


def is_status(value: int) -> bool:
    """Whether a 32-bit value looks like an NTSTATUS rather than an address of kernel memory.

    Status values leave the reserved bits and most facility bits clear (c0000005, 80000003, c0020001), where addresses
    such as 8013e7fa or c03f2a10 do not.
    """
    return value & 0x0FF00000 == 0 and value & 0xFFFF < 0x3000 and value & 0x000F0000 <= 0x00060000


def event_facts(event: Event) -> Iterator[Fact]:
    """Source with id, each alone, and the words of the description."""
    source = source_name(event.source or "")
    if event.id is not None:
        if source:
            yield Fact("event", f"{source}/{event.id}", event.lines)
        yield Fact("event-id", str(event.id), event.lines)
    if source:
        yield Fact("source", source, event.lines)
    yield from text_facts(event.text, event.lines)


def _process_facts(incident: Incident) -> Iterator[Fact]:
    if incident.process is not None:
        name = image_stem(incident.process.name)
        yield Fact("process", name, incident.lines)
        yield Fact("word", name, incident.lines, NAME_SHARE)
    if incident.faulting_module and incident.faulting_module.lower() != UNKNOWN:
        name = image_stem(incident.faulting_module)
        yield Fact("faulting", name, incident.lines, SYSTEM_SHARE if is_system(name) else 1.0)
        yield Fact("word", name, incident.lines, NAME_SHARE)
    if incident.faulting_address:
        yield Fact("address", incident.faulting_address.lower(), incident.lines)
        offset = incident.faulting_address.rpartition(":")[2].lower().lstrip("0")
        if offset:
            yield Fact("address", offset, incident.lines, 0.5)
    if incident.faulting_offset:
        yield Fact("address", f"{incident.faulting_offset:x}", incident.lines, 0.5)
    if incident.faulting_function:
        yield from stack_facts((Frame(function=incident.faulting_function, lines=incident.lines),))


def stack_facts(stack: tuple[Frame, ...]) -> Iterator[Fact]:
    """Functions from the top down, each counting a little less than the one above, and neighbours as calls."""
    named = [(*frame_names(frame), frame) for frame in stack[:MAX_FRAMES]]
    for depth, (module, function, frame) in enumerate(named):
        share = (SYSTEM_SHARE if is_system(module) else 1.0) / (1.0 + 0.08 * depth)
        if function:
            yield Fact("function", function, frame.lines, share)
            yield Fact("word", function, frame.lines, 0.3 * share)
        if module:
            yield Fact("module", module, frame.lines, 0.4 * share)
    for depth, (above, below) in enumerate(pairwise(named)):
        if above[1] and below[1]:
            yield Fact("call", f"{above[1]}>{below[1]}", above[2].lines, 1.0 / (1.0 + 0.08 * depth))


def description_facts(text: str, lines: Lines, share: float) -> Iterator[Fact]:
    """Facts of a person's description: its words as `prose`, its codes, and the articles that it names."""
    for fact in text_facts(text, lines, share, pairs=False):
        if fact.kind in {"word", "number"}:
            yield Fact("prose", fact.value, lines, share)
        else:
            yield fact
        if fact.kind == "code":
            yield Fact("exception", fact.value, lines, share)
