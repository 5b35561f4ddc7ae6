r"""Crashes of the first two generations of the Unreal Engine, which keep a history of their calls by hand.

    General protection fault!

    History: ULeaf::Grow <- (Oak Orchard.Oak0, Function Orchard.Oak.Tick) <- UObject::ProcessEvent <-
    UGameEngine::Tick <- UpdateWorld <- MainLoop

    Critical: General protection fault!                              the log, innermost first
    Critical: ULeaf::Grow
    Critical: (Oak Orchard.Oak0, Function Orchard.Oak.Tick)

    In module 'C:\Orchard\System\Orchard.exe' (243800 bytes) at address 00001ebb

Folklore: the calls are those whose authors wrote a guard, without modules and addresses; what stands in brackets is the
object and the script's function. The address behind "In module" is an offset. The words are those of any exception of
the processor, so they tell no code.
"""

from collections.abc import Iterator

from triage.model.evidence import Frame, Incident, Lines, Message, Process
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, image, program_of, rows_with, span

_WORDS = "General protection fault!"
_HISTORY = regex(r"(?:Critical: |Log: )?[\s>`]{0,8}History: (?P<calls>[^\n]{0,2000})")
_LOGGED = regex(r"Critical: (?P<call>[A-Za-z_(][^\n]{0,400})")
_PLACE = regex(
    r"(?:Critical: )?[\s>`]{0,8}In module '(?P<path>[A-Za-z]:\\[^\n']{1,300})' \(\d{1,12} bytes\) at address "
    r"(?P<offset>[0-9a-f]{4,16})\s{0,4}"
)
_CALL = regex(r"[A-Za-z_]\w{0,100}(?:::~?\w{1,100}){0,3}")
_ARROW = "<-"
_ROWS = 60
_NEAR = 12
_FEWEST = 2


def read(text: Text) -> Reading:
    """A crash for each history of calls, and for each place, behind the words or without them."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    done = -1
    for index in rows_with(text, _WORDS, "History: ", "In module '", most=MAX_REPORTS):
        if index <= done:
            continue
        end = min(len(text.rows), index + _NEAR)
        told = _WORDS in text.rows[index]
        histories = [at for at in range(index, end) if _HISTORY.match(text.rows[at]) is not None]
        places = {at: hit for at in range(index, end) if (hit := _PLACE.match(text.rows[at][:700])) is not None}
        calls = list(_calls(text, histories[0])) if histories else list(_logged(text, index)) if told else []
        if not any("::" in (frame.function or "") for _, frame in calls) or len(calls) < _FEWEST:
            calls = []
        if not calls and not places:
            continue
        last = max((at for at, _ in calls), default=index)
        place = next(iter(places.values()), None)
        last = max(last, *places) if places else last
        lines = span(text, index, last)
        own = None if place is None else image(place["path"])
        process = program_of([own])
        incidents.append(
            Incident(
                kind="fault" if told or place is not None else "stack",
                lines=lines,
                process=None if process is None else Process(name=process),
                stack=tuple(frame for _, frame in calls),
                faulting_module=own,
                faulting_offset=None if place is None else int(place["offset"], 16),
                faulting_function=calls[0][1].function if calls and told else None,
                messages=(Message(_WORDS, span(text, index, index)),) if told else (),
            )
        )
        claimed.append(lines)
        done = last
    return Reading(incidents=tuple(incidents), claimed=tuple(claimed))


def _calls(text: Text, first: int) -> Iterator[tuple[int, Frame]]:
    """The calls of a history, which may go on in the rows below, up to one without an arrow around it."""
    count, behind = 0, True
    for at in range(first, min(len(text.rows), first + _ROWS)):
        row = text.rows[at].strip()
        head = _HISTORY.match(text.rows[at]) if at == first else None
        row = head["calls"].strip() if head is not None else row
        if not row or (not behind and not row.startswith(_ARROW)):
            return
        behind = row.endswith(_ARROW)
        for piece in row.split(_ARROW):
            if (name := _CALL.fullmatch(piece.strip())) is not None and count < MAX_FRAMES:
                count += 1
                yield at, Frame(function=name[0], lines=span(text, at, at))


def _logged(text: Text, first: int) -> Iterator[tuple[int, Frame]]:
    """The calls that the log has below the words, one in a row."""
    last = first
    for at in range(first + 1, min(len(text.rows), first + _ROWS)):
        found = _LOGGED.match(text.rows[at][:420])
        if found is None:
            if at - last > _NEAR:
                return
            continue
        last = at
        if (name := _CALL.fullmatch(found["call"].strip())) is not None:
            yield at, Frame(function=name[0], lines=span(text, at, at))
