"""What the readers of users' logs find in an article's quotations, as symptoms: both sides speak of the same facts."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from msgspec import Struct, structs

from triage.articles.anycase import AnyCase
from triage.articles.prose import parameter
from triage.articles.voice import message_of
from triage.facts.names import low_half
from triage.formats import read_text
from triage.formats.texts import FAULTS, STOPSCREEN
from triage.model.evidence import BugCheck, Evidence, Frame, Incident
from triage.model.rule import BugCheckSymptom, EventSymptom, ExceptionSymptom, FaultSymptom, Symptoms
from triage.text.lines import Text

T = TypeVar("T")

_DEBUGGER = re.compile(
    r"\bcode [0-9a-f]{8} \((?:!{3} )?(?:first|second)|^(?:Exception number|ExceptionCode):", re.IGNORECASE
)

_ADDRESS_TOLD = re.compile(r"(?<=[0-9a-fA-F]{4}:)<[^<>\n]{1,20}>")
"""`0028:<address>`: the article's way to say that the offset differs; readers know it as 0028:XXXXXXXX."""

_LABEL = re.compile(r"^(\s{0,20})Src\.? ?:")
_EVENT_FROM = re.compile(r"^(\s{0,20}event ?id:? ?\d{1,5}),? from (?=[A-Z][\w ]{2,40}$)", re.IGNORECASE)
"""`Event id 2078 from MSExchangeIS Private`, where the next rows are labelled."""

_ABBREVIATES = AnyCase(r":<|src|event ?id:? ?\d{1,5},? from ")
"""What rows hold that have one of these."""

_SENTENCE_SUBJECT = re.compile(r"(?:an?|the|this|that|these|any|some|each|your|its|which) ", re.IGNORECASE)
"""`A floating-point expression caused a stack overflow` names no program."""

_TOLD = re.compile(r"\bcaus(?:es?|ing)\b", re.IGNORECASE)
_SAYS = re.compile(
    r"\bcaused\b|\bin(?:to)? (?:the )?module\b|\boccurred\b|\breferenced\b|\bperformed\b|[0-9a-f]{4}:[0-9a-fx]{4}"
    r"|R60\d\d|address|error '|exception code",
    re.IGNORECASE,
)
"""Words that only messages of programs have."""

_NAMELESS = re.compile(r"<|nosymbols|ordinal\d|\W", re.IGNORECASE)
"""`function: <nosymbols>`, `Ordinal3412`."""

_NO_NAMES: Final = frozenset({"unknown", "application", "program"})

MAX_FRAMES: Final = 16
MAX_MODULES: Final = 40


class Observation(Struct, frozen=True):
    """Symptoms of one quotation; `claimed` are the indices of its rows that a reader understood."""

    symptoms: Symptoms
    claimed: frozenset[int] = frozenset()


NOTHING: Final = Observation(Symptoms())


def observe(rows: tuple[str, ...]) -> Observation:
    """Read rows as a user's log is read. Rows without any landmark of a format give nothing."""
    return _observation(read_text(Text(_as_printed(rows))))


def _as_printed(rows: tuple[str, ...]) -> tuple[str, ...]:
    """The rows with the article's own abbreviations replaced by what programs print in their place."""
    return tuple(map(_replaced, rows)) if _ABBREVIATES.search("\n".join(rows)) else rows


def _replaced(row: str) -> str:
    return _ADDRESS_TOLD.sub("XXXXXXXX", _LABEL.sub(r"\1Source:", _EVENT_FROM.sub(r"\1 - Source: ", row)))


def observe_prose(rows: tuple[str, ...]) -> Symptoms:
    """Fault and stop messages that stand in sentences and items rather than in a block of their own."""
    text = Text(_as_printed(rows))
    incidents: list[Incident] = []
    for known in (STOPSCREEN, FAULTS):
        if any(landmark in text.lower for landmark in known.landmarks):
            reading = known.read(text)
            incidents += [_without_words(incident) for incident in reading.incidents if not _is_told(incident)]
            text = text.without(reading.claimed)
    return _observation(Evidence(format="text", incidents=tuple(incidents))).symptoms


def _is_told(incident: Incident) -> bool:
    """Whether a sentence tells of a fault in its own words: programs print "caused", never "causes"."""
    return any(_TOLD.search(message.text) for message in incident.messages)


def _without_words(incident: Incident) -> Incident:
    """An incident that a sentence names, without what may be the sentence's own words.

    A stop's sentence goes on behind the code. "an access violation in Ledger.exe" is no message, and names a process.
    """
    if incident.bugcheck is not None:
        return structs.replace(incident, messages=())
    if any(_SAYS.search(message.text) for message in incident.messages):
        return incident
    named = incident.faulting_module or ""
    module = None if named.lower().endswith(".exe") and incident.faulting_address is None else incident.faulting_module
    return structs.replace(incident, messages=(), faulting_module=module)


def _observation(evidence: Evidence) -> Observation:
    incidents = _joined(
        incident for incident in evidence.incidents if incident.kind != "prose" and _is_printed(incident)
    )
    if not incidents and not evidence.modules:
        return NOTHING
    ranges = [incident.lines for incident in incidents] + [module.lines for module in evidence.modules]
    claimed = {index for first, last in ranges for index in range(first - 1, last)}
    symptoms = Symptoms(
        exceptions=_distinct(_exceptions(incidents)),
        bugchecks=_distinct(_bugchecks(incidents)),
        processes=_distinct(
            i.process.name.lower()
            for i in incidents
            if i.process is not None and i.process.name.lower() not in _NO_NAMES
        ),
        faulting=_distinct(_faulting(incidents)),
        stacks=_distinct(stack for i in incidents if (stack := symbols_of(_frames(i)))),
        modules=_distinct(_modules(evidence))[:MAX_MODULES],
        events=_distinct(_events(incidents)),
        messages=_distinct(_messages(incidents)),
        addresses=_distinct(low_half(address.value) for incident in incidents for address in incident.addresses),
    )
    return Observation(symptoms, frozenset(claimed))


def _is_printed(incident: Incident) -> bool:
    return incident.process is None or _SENTENCE_SUBJECT.match(incident.process.name) is None


def _joined(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """The incidents, with a heading that tells an event's number joined to the fields that follow without one:

    MSExchangeMSMI Event ID 2380:
    Source: MSMI
    Description: A memory access violation occurs …
    """
    found: list[Incident] = []
    for incident in incidents:
        event, before = incident.event, found[-1].event if found else None
        if event is not None and event.id is None and before is not None and before.id is not None and not before.text:
            joined = structs.replace(event, id=before.id, source=event.source or before.source)
            found[-1] = structs.replace(incident, event=joined, lines=(found[-1].lines[0], incident.lines[1]))
        else:
            found.append(incident)
    return tuple(found)


def _distinct(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def _exceptions(incidents: Iterable[Incident]) -> Iterator[ExceptionSymptom]:
    for incident in incidents:
        if incident.exception is not None:
            record = incident.exception
            yield ExceptionSymptom(record.code & 0xFFFFFFFF, record.chance, record.access)


def _bugchecks(incidents: Iterable[Incident]) -> Iterator[BugCheckSymptom]:
    for incident in incidents:
        if incident.bugcheck is not None and incident.bugcheck.code is not None:
            yield BugCheckSymptom(incident.bugcheck.code & 0xFFFFFFFF, parameters_of(incident.bugcheck))


def parameters_of(bugcheck: BugCheck) -> tuple[int | None, ...]:
    """The parameters with None for addresses; empty where all of them are."""
    known = tuple(parameter(value) for value in bugcheck.parameters[:4])
    return known if any(value is not None for value in known) else ()


def _faulting(incidents: Iterable[Incident]) -> Iterator[FaultSymptom]:
    for incident in incidents:
        if incident.faulting_module:
            yield FaultSymptom(incident.faulting_module.lower(), _place(incident))
        if incident.bugcheck is not None and incident.bugcheck.caused_by:
            yield FaultSymptom(incident.bugcheck.caused_by.lower())


def _place(incident: Incident) -> str | None:
    """The fixed address of a 16-bit or Windows 9x module; an offset into a module is as good."""
    if incident.faulting_address:
        return incident.faulting_address.lower()
    return None if incident.faulting_offset is None else f"{incident.faulting_offset:x}"


def _frames(incident: Incident) -> tuple[Frame, ...]:
    """The stack; of an exception without one the function that failed, if it has a name."""
    function = incident.faulting_function
    if incident.stack or incident.exception is None or function is None or _NAMELESS.match(function) is not None:
        return incident.stack
    return (Frame(module=incident.faulting_module, function=function),)


def symbols_of(stack: tuple[Frame, ...]) -> tuple[str, ...]:
    """`module!function` of each frame, lower-case, without offsets (`!function` where the module is not told).

    Bare addresses are left out, and frames that repeat the one above or only its module.
    """
    found: list[str] = []
    for frame in stack:
        module, function = (frame.module or "").lower(), (frame.function or "").lower()
        symbol = f"{module}!{function}" if function else module
        if symbol and not (found and (found[-1] == symbol or found[-1].startswith(f"{symbol}!"))):
            found.append(symbol)
    return tuple(found[:MAX_FRAMES])


def _modules(evidence: Evidence) -> Iterator[str]:
    for incident in evidence.incidents:
        for module in incident.modules:
            yield module.name.lower()
    for module in evidence.modules:
        yield module.name.lower()


def _messages(incidents: Iterable[Incident]) -> Iterator[str]:
    """What was printed, without the debugger's own line about an exception that is a fact already."""
    for incident in incidents:
        for message in incident.messages:
            told = incident.kind == "exception" and incident.exception is not None
            if not (told and _DEBUGGER.search(message.text)) and (template := message_of(message.text)):
                yield template


def _events(incidents: Iterable[Incident]) -> Iterator[EventSymptom]:
    for incident in incidents:
        if incident.event is not None:
            event = incident.event
            yield EventSymptom(event.source, event.id, event.type, message_of(event.text) or None)
