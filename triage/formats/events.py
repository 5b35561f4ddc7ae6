"""Events of the Windows event log: pasted, exported as text, CSV or XML, in many languages."""

from collections.abc import Iterable

from msgspec import structs

from triage.model.evidence import Damage, Incident, Lines, System
from triage.text.event_csv import read_csv_events
from triage.text.event_details import read_details
from triage.text.event_incident import incident_of
from triage.text.event_lists import read_listed_events
from triage.text.event_record import MAX_EVENTS, Record
from triage.text.event_xml import read_xml_events
from triage.text.events import read_records
from triage.text.format import Reading
from triage.text.lines import Text
from triage.text.prose import is_lesson, is_source
from triage.text.system import read_system

_SAVED = "Microsoft Windows"
_BUILT = " [v"
"""`Microsoft Windows 2000 [v15.2195].`, with which Save Dump names the system that stopped."""

_XML_BELOW = 5
"""Lines from an event's text to its XML, at most; people put a heading between (`--DETAILED VIEW--`)."""


def read_events(text: Text) -> tuple[Record, ...]:
    """Every event of the text, in its order. What one form holds, the next does not see."""
    structured = [*read_xml_events(text)]
    rest = text.without(record.lines for record in structured)
    trees = read_details(rest)
    structured += trees
    rest = rest.without(record.lines for record in trees)
    tables = read_csv_events(rest)
    structured += tables
    rest = rest.without(record.lines for record in tables)
    listed = read_listed_events(rest)
    structured += listed
    rest = rest.without(record.lines for record in listed)
    records = sorted([*structured, *read_records(rest)], key=lambda record: record.lines)
    return tuple(_without_twins(records))


def _without_twins(records: list[Record]) -> list[Record]:
    """Joins the XML that the viewer copies after an event's text (`Event Xml:`) to that event."""
    kept: list[Record] = []
    for record in records:
        above = kept[-1] if kept else None
        if (
            above is not None
            and (record.values or (above.body and not record.body and not record.mention))
            and not above.values
            and above.id == record.id
            and (record.log is None or above.log == record.log or (above.body and above.log is None))
            and record.lines[0] - above.lines[1] <= _XML_BELOW
        ):
            kept[-1] = structs.replace(above, values=record.values, lines=(above.lines[0], record.lines[1]))
        elif above is not None and _repeats(above, record):
            kept[-1] = structs.replace(
                record,
                source=record.source or above.source,
                type=record.type or above.type,
                lines=(above.lines[0], record.lines[1]),
            )
        else:
            kept.append(record)
    return kept


def _repeats(above: Record, record: Record) -> bool:
    """A heading without description, and right below it the event itself: `Event ID 12`, `Event ID: 12 Source: …`.

    Above an event's XML the heading may be words of a person: `Windows Error Reporting - Event Id 1001:`.
    """
    return (
        above.id == record.id
        and above.id is not None
        and not above.text
        and (not above.mention or not record.mention)
        and above.source in (None, record.source)
        and record.lines[0] - above.lines[1] <= 2
    )


def _is_seen(incident: Incident) -> bool:
    """Whether an event was seen in a log: when, where or how bad it was, or what crashed, no lesson tells.

    Event ID 1000 is generated when an application encounters a fatal error; the name of the module stands in it.
    """
    event = incident.event
    return event is not None and (
        any((event.time, event.computer, event.type))
        or incident.process is not None
        or incident.exception is not None
        or incident.bugcheck is not None
    )


def _stopped(records: Iterable[Record]) -> System | None:
    """The system that the first event of a stop names; of other events the words may be about another machine."""
    for record in records:
        _, named, rest = record.text.partition(_SAVED)
        if named and _BUILT in rest[:40]:
            return read_system(Text((f"{_SAVED}{rest[:40]}",), (max(record.lines[0], 1),)))
    return None


def read(text: Text) -> Reading:
    """Every event is one incident; lines of prose that only mentions an event stay for the other readers."""
    records = read_events(text)
    incidents = tuple(incident_of(record) for record in records)
    if records and not any(map(_is_seen, incidents)) and (is_lesson(text.rows) or is_source(text.rows)):
        return Reading()
    warnings: tuple[Damage, ...] = ()
    if len(records) >= MAX_EVENTS:
        warnings = (Damage(records[-1].lines, f"events beyond the first {MAX_EVENTS} left out"),)
    claimed: tuple[Lines, ...] = tuple(record.lines for record in records if not record.mention)
    return Reading(system=_stopped(records), incidents=incidents, warnings=warnings, claimed=claimed)
