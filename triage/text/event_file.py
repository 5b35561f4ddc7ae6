"""Single events of an event log file, as the XML that a decoder writes: what they hold."""

from functools import lru_cache
from html import unescape

from triage.model.evidence import NO_LINES, EventType
from triage.text.event_kinds import HEAD, Kind, between, kind_of
from triage.text.event_record import Record, tidy, type_of
from triage.text.event_xml import audit_of
from triage.text.lazy import regex

_MAX_VALUES = 128

_VALUE = regex(
    r'<(?P<tag>\w{1,80})(?: Name="(?P<name>[^"<>]{0,80})")?(?: [^<>]{0,200})?>(?P<value>[^<]{0,8000})</(?P=tag)>'
)
_DATA = regex(r'<Data(?: Name="([^"<>]{0,80})")?>([^<]{0,8000})</Data>')
_OPENS, _BETWEEN, _CLOSES = "</System>\n  <EventData", "</Data>\n    <Data>", "</EventData>\n</Event>\n"
_AROUND = 3
"""Elements that end in an event's data besides its values: `System`, `EventData` and `Event`."""

_FIRST, _LAST = "<Data>", "</Data>"
_BINARY = "</Binary>"
_LONGEST = 8_000
"""Characters of a value that are read."""

Values = tuple[tuple[str | None, str], ...]


def data_of(xml: str) -> str:
    """All of an event that is not of its head: what it says, without when and where."""
    return xml[max(xml.find("</System>"), 0) :]


def record_of(xml: str, kind: Kind | None = None, data: str | None = None) -> Record:
    """The event of one `<Event>` element. `kind` is its kind and `data` its data, if the caller has them."""
    kind = kind or kind_of(xml)
    if data is None:
        data = data_of(xml)
    # What stands behind the channel is the same for most events of a log.
    log, computer = _place(xml[max(xml.find("<Channel>", 0, HEAD), 0) : len(xml) - len(data) or HEAD])
    return Record(
        lines=NO_LINES,
        source=kind.source,
        id=kind.id,
        type=_type(between(xml, "<Keywords>", "<"), kind.level),
        log=log,
        time=between(xml, 'SystemTime="', '"') or None,
        computer=computer,
        values=_values(data),
    )


@lru_cache(maxsize=256)
def _type(keywords: str, level: str) -> EventType | None:
    return type_of(audit_of(keywords) or level)


@lru_cache(maxsize=256)
def _place(xml: str) -> tuple[str | None, str | None]:
    """Channel and computer."""
    return unescape(between(xml, "<Channel>", "<")) or None, unescape(between(xml, "<Computer>", "<")) or None


def _values(data: str) -> Values:
    """The insertion strings. Names are those of `<Data Name="…">`, or of the elements in `<UserData>`."""
    if data.startswith(_OPENS) and data.endswith(_CLOSES):
        # Nothing but `<Data>`, as in almost every event.
        known = _unnamed(data) or _named(data)
        if known is not None:
            return known
    return tuple(
        [
            ((part or None) if tag == "Data" else tag, _plain(value.strip()))
            for tag, part, value in _VALUE.findall(data)[:_MAX_VALUES]
            if tag != "Binary"
        ]
    )


def _unnamed(data: str) -> Values | None:
    """The values of `<Data>` without names, parted by what the decoder writes between two; None where that is not all.

    `</System>` and `<EventData>` stand before them, `<Binary>` may follow.
    """
    begin, end = data.find(_FIRST), data.rfind(_LAST)
    if not 0 <= begin < end:
        return None
    values = data[begin + len(_FIRST) : end].split(_BETWEEN)
    values = [value.strip() for value in values]
    joined = "|".join(values)
    rest = data[end + len(_LAST) :]
    if (
        "<" in joined
        or len(joined) > _LONGEST
        or len(values) > _MAX_VALUES
        or data.count("<", 0, begin) != 2
        or rest.count("</") != 2 + rest.count(_BINARY)
    ):
        return None
    if not _is_plain(joined):
        values = [_plain(value) for value in values]
    return tuple([(None, value) for value in values])


def _named(data: str) -> Values | None:
    """The values of `<Data>` where each may have a name; None where that is not all."""
    found: list[tuple[str, str]] = _DATA.findall(data)
    if len(found) >= _MAX_VALUES or data.count("</") != len(found) + _AROUND + data.count(_BINARY):
        return None
    return tuple([(name or None, _plain(value.strip())) for name, value in found])


def _plain(value: str) -> str:
    """An insertion string as it was."""
    return value if _is_plain(value) else tidy(unescape(value)).strip()


def _is_plain(text: str) -> bool:
    """Whether there is nothing to be decoded or tidied: no entity, no line end or tab, no run of blanks."""
    return "&" not in text and "   " not in text and text.isprintable()
