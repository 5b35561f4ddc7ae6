"""Events as XML: copied from the event viewer (with the tree's `- ` marks), exported, whole or in part.

Read by patterns, not by an XML parser: what people paste is rarely well formed. Schema: Windows event schema,
http://schemas.microsoft.com/win/2004/08/events/event.

Folklore:

- Forums that clean what is posted write the names of tags and attributes in small letters:
  `<eventid qualifiers="0">1000</eventid> … <data>orchard.exe</data>`.
- People copy the data alone. Application Error 1000 is known by the names in it, or, where it has none, by its values:
  program, version and time stamp, the same of the module, code and offset stand in no other event so.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from triage.model.evidence import Lines
from triage.text.event_record import MAX_EVENTS, Record, number_of, tidy, type_of
from triage.text.lazy import regex
from triage.text.lines import Text

_MAX_SEGMENT = 200_000
_MAX_VALUES = 128

_ID = regex(r"<EventID\b[^<>]{0,80}>\s*(?P<id>\d{1,10})\s*<")
_START = regex(r"(?:-\s{0,20})?<(?:Event|System|Provider)\b(?!ID|Data|Record)")
_PROVIDER = regex(r"<Provider\b(?P<attributes>[^<>]{0,600})>")
_ATTRIBUTE = regex(r"(?P<name>\w{1,40})\s?=\s?(?P<quote>[\"'])(?P<value>[^\"'<>]{0,400})(?P=quote)")
_ELEMENT = r"<{0}\b[^<>]{{0,200}}>(?P<value>[^<>]{{0,400}})</{0}>"
_FIELDS = {
    name: regex(_ELEMENT.format(tag))
    for name, tag in (("level", "Level"), ("log", "Channel"), ("computer", "Computer"), ("keywords", "Keywords"))
}
_TIME = regex(r"<TimeCreated\b[^<>]{0,40}SystemTime\s?=\s?[\"'](?P<value>[^\"'<>]{0,60})[\"']")
_DATA = regex(
    r"<Data(?:\s[^<>]{0,20}?Name\s?=\s?[\"'](?P<name>[^\"'<>]{0,80})[\"'])?[^<>/]{0,40}(?:/>|>(?P<value>[^<]{0,8000})(?:</Data>)?)"
)
_EVENT_DATA = regex(r"<EventData\b[^<>]{0,80}>(?:(?!<EventData\b)[\s\S]){1,20000}?</EventData>")
OF_1000 = {"AppName", "ModuleName", "ExceptionCode"}
"""Names that the data of Application Error 1000 has, and no other event's."""

_LOW = ("<eventid", "<eventdata")
_NAMES = {
    name.lower(): name
    for name in (
        *("Event", "System", "Provider", "EventID", "Level", "Channel", "Computer", "Keywords", "TimeCreated"),
        *("EventData", "Data", "Message", "RenderingInfo", "Task", "SystemTime", "EventSourceName", "Name"),
    )
}
_LOWERED = regex(
    r"(?<=<)/?(?:event(?:id|data)?|system|provider|level|channel|computer|keywords|timecreated|data|message"
    r"|renderinginfo|task)\b|(?<=\s)(?:systemtime|eventsourcename|name)(?=\s?=\s?[\"'])"
)
_STAMP_OR_CODE = regex(r"(?:0x)?[0-9a-fA-F]{8}")
_OFFSET = regex(r"(?:0x)?[0-9a-fA-F]{8,16}")
_DOTTED = regex(r"\d{1,5}(?:\.\d{1,6}){1,3}")
_IMAGE = regex(r"[^\n<>|]{1,200}\.\w{2,4}(?:_\w{1,80})?|unknown", re.IGNORECASE)
_SHAPE_OF_1000 = (_IMAGE, _DOTTED, _STAMP_OR_CODE, _IMAGE, _DOTTED, _STAMP_OR_CODE, _STAMP_OR_CODE, _OFFSET)
"""What the values of that event without names are, one after the other."""

_MESSAGE = regex(r"<Message>(?P<value>[^<]{0,20000})</Message>")
_RENDERED_TASK = regex(r"<RenderingInfo[\s\S]{0,20000}?<Task>(?P<value>[^<]{0,120})</Task>")
_TAG = regex(r"</?\w[^<>]{0,400}>")
_AUDITS = {0x8020000000000000: "success audit", 0x8010000000000000: "failure audit"}


def read_xml_events(text: Text) -> tuple[Record, ...]:
    """Every event of the text's XML, in its order; a part without its `<Event>` counts by its `<EventID>`."""
    joined = _named_properly(text.joined)
    if "<EventID" not in joined:
        return tuple(_of_data(text, joined)) if "<EventData" in joined else ()
    ids = [match for _, match in zip(range(MAX_EVENTS), _ID.finditer(joined), strict=False)]
    records: list[Record] = []
    end = 0
    for index, match in enumerate(ids):
        starts = [m.start() for m in _START.finditer(joined, max(end, match.start() - 4_000), match.start())]
        start = starts[0] if starts else match.start()
        limit = ids[index + 1].start() if index + 1 < len(ids) else len(joined)
        end = _end(joined, match.end(), min(limit, match.end() + _MAX_SEGMENT))
        records.append(xml_record(joined[start:end], text.lines_of(start, end), match["id"]))
    return tuple(records)


def _named_properly(joined: str) -> str:
    """The text with the names of tags and attributes as the schema writes them; every character stays in its place."""
    if not any(low in joined for low in _LOW):
        return joined
    return _LOWERED.sub(lambda found: _properly(found.group()), joined)


def _properly(name: str) -> str:
    return f"/{_NAMES[name[1:]]}" if name.startswith("/") else _NAMES[name]


def _is_1000(values: Sequence[tuple[str | None, str]]) -> bool:
    """Whether data is that of Application Error 1000, by the names in it or by what its values are."""
    if {name for name, _ in values} >= OF_1000:
        return True
    return len(values) >= len(_SHAPE_OF_1000) and all(
        name is None and shape.fullmatch(value) is not None
        for (name, value), shape in zip(values, _SHAPE_OF_1000, strict=False)
    )


def _of_data(text: Text, joined: str) -> Iterator[Record]:
    """Application Error 1000 of which only the data was copied: no other event's is like it."""
    for _, match in zip(range(MAX_EVENTS), _EVENT_DATA.finditer(joined), strict=False):
        values = _values_of(match.group())
        if _is_1000(values):
            lines = text.lines_of(match.start(), match.end())
            yield Record(lines=lines, source="Application Error", id=1000, values=values)


def _values_of(segment: str) -> tuple[tuple[str | None, str], ...]:
    return tuple(
        (match["name"], tidy(unescape(match["value"] or "")).strip())
        for _, match in zip(range(_MAX_VALUES), _DATA.finditer(segment), strict=False)
    )


def _end(joined: str, start: int, limit: int) -> int:
    closed = joined.find("</Event>", start, limit)
    if closed >= 0:
        return closed + len("</Event>")
    following = _START.search(joined, start, limit)
    stop = following.start() if following is not None and "<System" not in following.group() else limit
    last, cut = start, False
    for match in _TAG.finditer(joined, start, stop):
        if match.start() - last > 9_000:
            break
        last = match.end()
        cut = match.group().startswith("<Data") and not match.group().endswith("/>")
    if cut:
        # What was copied ends within a value.
        ends = (joined.find(end, last, stop) for end in ("\n\n", "\n```"))
        return min((end for end in ends if end >= 0), default=stop)
    return last


def xml_record(segment: str, lines: Lines, number: str) -> Record:
    """The event of one `<Event>` element, or of what is left of it; `number` is its id as printed."""
    provider = _PROVIDER.search(segment)
    attributes = (
        {match["name"]: match["value"] for match in _ATTRIBUTE.finditer(provider["attributes"])}
        if provider is not None
        else {}
    )
    found = {name: match["value"].strip() for name, pattern in _FIELDS.items() if (match := pattern.search(segment))}
    time = _TIME.search(segment)
    message = _MESSAGE.search(segment)
    task = _RENDERED_TASK.match(segment, max(0, segment.find("<RenderingInfo")))
    values = _values_of(segment)
    return Record(
        lines=lines,
        source=unescape(attributes.get("EventSourceName") or attributes.get("Name") or "") or None,
        id=number_of(number),
        type=type_of(audit_of(found.get("keywords")) or found.get("level")),
        category=unescape(task["value"]).strip() or None if task is not None else None,
        log=found.get("log"),
        time=time["value"] if time is not None else None,
        computer=found.get("computer"),
        body=tidy(unescape(message["value"])) if message is not None else "",
        values=values,
    )


def audit_of(keywords: str | None) -> str | None:
    """The audit type that the keywords' bits tell; security events have level 0."""
    try:
        bits = int(keywords or "0", 16)
    except ValueError:
        return None
    return next((name for mask, name in _AUDITS.items() if bits & mask & 0x0030000000000000), None)
