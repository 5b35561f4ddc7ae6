"""The signature of an incident: what the same fault on another machine would show, in one line.

`c0000005 | ntdll!RtlDestroyHeap | msvcrt!realloc`: the code, then the frames that say most. Nothing that differs from
machine to machine goes in (addresses, process ids, arguments, what a compiler numbers), so equal faults have equal
signatures. Which frames are skipped, and after which the next is wanted too, is data: rules/signatures.yaml.
"""

from collections.abc import Iterator

from triage.model.evidence import Frame, Incident
from triage.model.signature import FrameNames
from triage.text.lazy import regex
from triage.text.modules_names import without_base

MAX_FRAMES = 3
MAX_WITH_HELPERS = 6
"""Frames where the first ones are helpers that tell little."""

MAX_SEGMENT = 2
_SEARCHED = 40
"""Frames in which a sentinel is looked for."""

_MAX_NAME = 200
_HASHES = regex(r"::h[0-9a-f]{16}$|<lambda_[0-9a-f]{1,32}>|`anonymous[ -]namespace'::|\(anonymous namespace\)::")
_DECORATION = regex(r"[_@]?([A-Za-z_]\w{0,199})@\d{1,3}")


def signature(incident: Incident, names: FrameNames) -> str:
    """The parts that the incident shows, joined by ` | `; empty where it shows none."""
    codes = [*_codes(incident)]
    place = [*_frames(incident.stack, names)]
    has_names = any(frame.function for frame in incident.stack)
    if not has_names:
        place += [_fault(incident)] if incident.faulting_module else _offsets(incident.stack)
    if not codes or (incident.exception is not None and not place):
        # Who recorded a crash is no part of it: Application Error 1000 and Windows Error Reporting 1001 are of one.
        codes += _event(incident)
    # A code alone is the same for thousands of unlike faults; the program at least tells some of them apart.
    if codes and not place and not has_names and incident.process is not None:
        place.append(incident.process.name)
    return " | ".join(dict.fromkeys([*codes, *place]))


def plain(function: str) -> str:
    """A function's name without what differs from build to build: arguments, template arguments, decoration, hashes.

    `_Post@12` and `Post` are one, `Vec<int>::At(int)` is `Vec<T>::At`.
    """
    name = _HASHES.sub(lambda found: "<lambda>" if found[0].startswith("<") else "", function[:_MAX_NAME])
    decorated = _DECORATION.fullmatch(name)
    if decorated is not None:
        return decorated[1]
    return _without_arguments(name) if "<" in name or "(" in name else name


def _without_arguments(name: str) -> str:
    """`<…>` becomes `<T>`, `(…)` goes; operators (`operator<`, `operator()`) and unpaired brackets stay."""
    if "operator" in name or name.count("<") != name.count(">"):
        return name
    kept = []
    depth = rounds = 0
    for sign in name:
        if sign == "<" and not rounds:
            depth += 1
            kept.append("<T>" if depth == 1 else "")
        elif sign == ">" and depth and not rounds:
            depth -= 1
        elif sign == "(" and not depth:
            rounds += 1
        elif sign == ")" and rounds and not depth:
            rounds -= 1
        elif not depth and not rounds:
            kept.append(sign)
    return "".join(kept).strip().replace("<T>::<T>", "<T>") or name


def _key(function: str) -> str:
    return plain(function).lower().lstrip("_")


def _codes(incident: Incident) -> Iterator[str]:
    if incident.bugcheck is not None:
        if incident.bugcheck.code is not None:
            yield f"stop {incident.bugcheck.code & 0xFFFFFFFF:08x}"
        elif incident.bugcheck.name:
            yield f"stop {incident.bugcheck.name}"
        if incident.bugcheck.caused_by:
            yield incident.bugcheck.caused_by
    if incident.exception is not None:
        yield f"{incident.exception.code & 0xFFFFFFFF:08x}"


def _event(incident: Incident) -> Iterator[str]:
    if incident.event is not None and (incident.event.source or incident.event.id is not None):
        number = "" if incident.event.id is None else str(incident.event.id)
        yield f"event {incident.event.source or ''}/{number}"


def _frames(stack: tuple[Frame, ...], names: FrameNames) -> Iterator[str]:
    """The frames that are told: three, and more where all of them are helpers."""
    told = [(frame, _key(frame.function)) for frame in _below_sentinel(stack, names) if frame.function]
    told = [(frame, key) for frame, key in told if key not in names.irrelevant and key not in names.sentinels]
    says = False
    for number, (frame, key) in enumerate(told[:MAX_WITH_HELPERS], 1):
        yield f"{without_base(frame.module or '?')}!{plain(frame.function or '')}"
        says = says or key not in names.tell_little
        if number >= MAX_FRAMES and says:
            return


def _below_sentinel(stack: tuple[Frame, ...], names: FrameNames) -> tuple[Frame, ...]:
    """What stood on the stack when the fault came; all of it where no door of the system shows, or nothing is below."""
    doors = [
        index
        for index, frame in enumerate(stack[:_SEARCHED])
        if frame.function and _key(frame.function) in names.sentinels
    ]
    below = stack[doors[-1] + 1 :] if doors else stack
    return below if any(frame.function for frame in below) else stack


def _offsets(stack: tuple[Frame, ...]) -> list[str]:
    """Places in modules without symbols."""
    return [
        f"{without_base(frame.module)}+{frame.offset:x}" for frame in stack if frame.module and frame.offset is not None
    ][:MAX_FRAMES]


def _fault(incident: Incident) -> str:
    if incident.faulting_address:
        # Windows 9x loads its system modules at fixed addresses, but the code selector before the colon is one of
        # 0137, 015f, 0167 … by version and program. Segments of 16-bit modules and 0028 (ring 0) are small numbers.
        segment, _, rest = incident.faulting_address.rpartition(":")
        fixed = rest if len(segment.lstrip("0")) > MAX_SEGMENT else incident.faulting_address
        return f"{incident.faulting_module} {fixed}"
    module = without_base(f"{incident.faulting_module}")
    return module if incident.faulting_offset is None else f"{module}+{incident.faulting_offset:x}"
