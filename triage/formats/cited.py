"""Events that are cited by number and text, in a text that has nothing else of an event log.

    Event 552: DNS was unable to serve a client request due to a shortage of memory.

Folklore: many logs number what they call events, so these words alone are not worth to look for lists, tables, XML and
all else that a log of Windows may be.
"""

from triage.text.event_incident import incident_of
from triage.text.events import read_records
from triage.text.format import Reading
from triage.text.lines import Text


def read(text: Text) -> Reading:
    """Every event is one incident; a row that only mentions one stays for the other readers."""
    records = read_records(text)
    return Reading(
        incidents=tuple(incident_of(record) for record in records),
        claimed=tuple(record.lines for record in records if not record.mention),
    )
