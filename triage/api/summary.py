"""One line that says what happened."""

from collections.abc import Sequence

from triage.knowledge.codes import Codes
from triage.model.evidence import BugCheck, Event, ExceptionRecord, Frame, Incident, Message
from triage.text.lazy import regex

_MANAGED = regex(r"[:\uff1a]\s{0,4}((?:[A-Za-z_]\w{0,60}\.){1,12}[A-Za-z_]\w{0,60}Exception)(?=\s|$)")
_UNHANDLED = (".net runtime", 1026)
MAX_TEXT = 160
MAX_MODULES = 5

_SENTENCE = 5
"""Words of a row from which on it says something."""

_PREFIXES = ("STATUS_", "EXCEPTION_", "ERROR_")
_PROPER = {"CPP": "C++", "CLR": ".NET", "DLL": "DLL"}
"""Names that constants spell in capitals, as people write them."""


def summary(incident: Incident, codes: Codes) -> str:
    """What happened, where, and what was loaded just before it, as far as the incident tells."""
    parts = [_what(incident, codes), *_where(incident)]
    loaded = list(dict.fromkeys(module.name for module in incident.modules if not module.unloaded))
    text = " ".join(part for part in parts if part)
    if loaded and incident.kind == "exception":
        more = f" and {len(loaded) - MAX_MODULES} more" if len(loaded) > MAX_MODULES else ""
        text += f"; just before it were loaded {', '.join(loaded[:MAX_MODULES])}{more}"
    return text


def _what(incident: Incident, codes: Codes) -> str:
    if incident.bugcheck is not None:
        return _stop(incident.bugcheck, codes)
    if incident.exception is not None:
        return _exception(incident.exception, codes)
    if incident.event is not None:
        return _event(incident.event)
    if incident.messages:
        return _said(incident.messages) if incident.kind == "prose" else _short(incident.messages[0].text)
    return "Fault" if incident.kind == "fault" else "Call stack"


def _said(rows: Sequence[Message]) -> str:
    """What a person's description begins with, behind a greeting or a heading of few words: `Hi all,`."""
    first = next((row for row in rows if len(row.text.split()) >= _SENTENCE), rows[0])
    return f"Description: {_short(first.text)}"


def _stop(bugcheck: BugCheck, codes: Codes) -> str:
    entry = None if bugcheck.code is None else codes.bugcheck(bugcheck.code)
    name = bugcheck.name if entry is None else entry.name
    number = None if bugcheck.code is None else f"0x{bugcheck.code:x}"
    text = " ".join(part for part in ("Stop", number, name) if part)
    values = ", ".join(f"{value:x}" for value in bugcheck.parameters)
    text += f" ({values})" if values else ""
    return f"{text}, caused by {bugcheck.caused_by}" if bugcheck.caused_by else text


def _exception(record: ExceptionRecord, codes: Codes) -> str:
    entry = codes.exception(record.code)
    name = "Exception" if entry is None else _plain(entry.name)
    text = f"{name} {record.code & 0xFFFFFFFF:08x}"
    if record.chance:
        text += f", {record.chance} chance"
    if record.access:
        text += f", {record.access}"
        text += "" if record.target is None else f" of {record.target:08x}"
    return text


def _event(event: Event) -> str:
    """The event and what it says; of one that names a managed exception, that.

    `Application: ledger.exe / Framework Version: v4.0.30319 / Description: The process was terminated due to an
    unhandled exception. / Exception Info: System.IO.IOException / at …`, in any language: labels tell the reader less
    than the name that stands in their midst.
    """
    number = "" if event.id is None else f" {event.id}"
    origin = f" of {event.source}" if event.source else ""
    text = f"Event{number}{origin}" + (f" ({event.type})" if event.type else "")
    managed = _MANAGED.search(event.text) if ((event.source or "").lower(), event.id) == _UNHANDLED else None
    if managed is not None:
        return f"{text}: unhandled {managed[1]}"
    return f"{text}: {_short(event.text)}" if event.text else text


def _where(incident: Incident) -> list[str]:
    where = []
    if incident.process is not None:
        where.append(f"in {incident.process.name}")
    top = next((frame for frame in incident.stack if frame.function), None)
    if incident.faulting_module and incident.kind not in {"event", "prose"}:
        place = _place(incident)
        where += [] if _is_said(place, incident) else [f"at {place}"]
    elif incident.faulting_address:
        where.append(f"at {incident.faulting_address}")
    elif top is not None and incident.bugcheck is None:
        where.append(f"at {_symbol(top)}")
    return where


def _is_said(place: str, incident: Incident) -> bool:
    """Whether a place is the program itself, or the driver that the stop names, and no more is known of it."""
    process, stop = incident.process, incident.bugcheck
    said = (process.name if process is not None else None, stop.caused_by if stop is not None else None)
    return place.lower() in {name.lower() for name in said if name}


def _place(incident: Incident) -> str:
    if incident.faulting_function:
        return f"{incident.faulting_module}!{incident.faulting_function}"
    if incident.faulting_address:
        return f"{incident.faulting_module} {incident.faulting_address}"
    if incident.faulting_offset is not None:
        return f"{incident.faulting_module}+{incident.faulting_offset:x}"
    return incident.faulting_module or ""


def _symbol(frame: Frame) -> str:
    name = f"{frame.module}!{frame.function}" if frame.module else f"{frame.function}"
    return name if frame.offset is None else f"{name}+{frame.offset:x}"


def _plain(name: str) -> str:
    """`Access violation` of STATUS_ACCESS_VIOLATION; names that are no such constants stay as they are."""
    if not name.isupper() or "_" not in name:
        return name
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    if name.startswith("COR_E_"):  # run-together words (COR_E_EXECUTIONENGINE) read no better in small letters
        return name
    first, _, rest = name.partition("_")
    return " ".join(part for part in (_PROPER.get(first, first.capitalize()), rest.replace("_", " ").lower()) if part)


def _short(text: str) -> str:
    joined = " ".join(text[: 4 * MAX_TEXT].split())
    return joined if len(joined) <= MAX_TEXT else joined[: MAX_TEXT - 1].rstrip() + "…"
