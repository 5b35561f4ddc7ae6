"""Single events of an event log file, as the XML that a decoder writes: which of them matter, and what they hold.

A log holds a hundred events of no interest for each that tells of a fault, so the choice is made by looking for a few
literals. The XML comes from a decoder, not from a person: every element is whole, and attributes stand in `"`.
"""

from functools import lru_cache
from html import unescape

from triage.model.evidence import NO_LINES, EventType
from triage.text.event_facts import SIGNATURES
from triage.text.event_record import Record, number_of, tidy, type_of
from triage.text.event_xml import audit_of
from triage.text.lazy import regex

_HEAD = 2_000
"""Characters within which an event's `<System>` part tells number and level."""

_MAX_VALUES = 128
_LEVEL, _NAME = len("<Level>"), len(' Name="')


_TELLING = {
    "Windows Error Reporting": {"1001"},
    "Microsoft-Windows-WER-SystemErrorReporting": {"1001"},
    "Application Popup": {"26"},
    "Save Dump": {"1001"},
    "BugCheck": {"1001"},
    "DrWatson": {"4097"},
}
"""Events that tell of a crash and are written as information: each report of a fault, what savedump found at start."""

_TELLING_SOURCES = tuple(f'{source}"' for source in _TELLING)

CRASHES = {
    ("Application Error", 1000),
    ("Application Error", 1001),
    ("Application Hang", 1002),
    (".NET Runtime", 1023),
    (".NET Runtime", 1025),
    (".NET Runtime", 1026),
    ("System Error", 1003),
    ("Microsoft-Windows-Kernel-Power", 41),
    ("Service Control Manager", 7031),
    ("Service Control Manager", 7034),
    *((source, int(number)) for source, numbers in _TELLING.items() for number in numbers),
}
"""Source and number of events each of which is a fault for itself, however much it is like the one before."""

_VALUE = regex(
    r'<(?P<tag>\w{1,80})(?: Name="(?P<name>[^"<>]{0,80})")?(?: [^<>]{0,200})?>(?P<value>[^<]{0,8000})</(?P=tag)>'
)
_SIGNS = ("xception", "c0000", "C0000", "BugcheckCode")
_SIGNS_OF_CRASHES = (*_SIGNS, "0x", ".exe", ".EXE")
"""Without any of these an event, or one of `CRASHES`, tells neither code nor process."""

_REPORTING = "Windows Error Reporting"
_SIGNATURES = (*_SIGNS, *SIGNATURES)


def is_telling(xml: str) -> bool:
    """Whether an event is an error or a warning, or tells of a crash though it is written as information."""
    level = xml.find("<Level>", 0, _HEAD)
    if level >= 0 and xml[level + _LEVEL] in "123":
        return True
    if not xml.startswith(_TELLING_SOURCES, xml.find(' Name="', 0, _HEAD) + _NAME):
        return False
    return _number(xml) in _TELLING.get(_between(xml, ' Name="', '"'), ())


def may_tell(xml: str, data: str, *, crash: bool) -> bool:
    """Whether an event may tell code, process or bug check; `crash` says that it is one of `CRASHES`.

    `data` is what `data_of` gives of it.
    """
    signs: tuple[str, ...] = _SIGNS
    if crash:
        # Reports of failed updates and the like have the source and number of a crash's, too.
        signs = _SIGNATURES if _between(xml, ' Name="', '"') == _REPORTING else _SIGNS_OF_CRASHES
    return any(sign in data for sign in signs)


def name_of(xml: str) -> tuple[str | None, int | None]:
    """Source and number of an event. The source is the one that the event viewer shows."""
    source = _between(xml, 'EventSourceName="', '"') or _between(xml, ' Name="', '"')
    return unescape(source) or None, number_of(_number(xml))


def data_of(xml: str) -> str:
    """All of an event that is not of its head: what it says, without when and where."""
    return xml[max(xml.find("</System>"), 0) :]


def record_of(xml: str, name: tuple[str | None, int | None] | None = None, data: str | None = None) -> Record:
    """The event of one `<Event>` element. `name` is its source and number, `data` its data, if the caller has them."""
    source, number = name or name_of(xml)
    return Record(
        lines=NO_LINES,
        source=source,
        id=number,
        type=_type(_between(xml, "<Keywords>", "<"), _between(xml, "<Level>", "<")),
        log=unescape(_between(xml, "<Channel>", "<")) or None,
        time=_between(xml, 'SystemTime="', '"') or None,
        computer=unescape(_between(xml, "<Computer>", "<")) or None,
        values=tuple(
            [
                # Part names are those of `<Data Name="…">`, or of the elements in `<UserData>`.
                ((part or None) if tag == "Data" else tag, _plain(value) if value else value)
                for tag, part, value in _VALUE.findall(data_of(xml) if data is None else data)[:_MAX_VALUES]
                if tag != "Binary"
            ]
        ),
    )


@lru_cache(maxsize=256)
def _type(keywords: str, level: str) -> EventType | None:
    return type_of(audit_of(keywords) or level)


def _plain(value: str) -> str:
    """An insertion string as it was; most are a word, or nothing but the indentation of the next element."""
    value = value.strip()
    # Nothing to be decoded or tidied: no entity, no line end or tab, no run of blanks.
    if "&" not in value and "   " not in value and value.isprintable():
        return value
    return tidy(unescape(value)).strip()


def _number(xml: str) -> str:
    """The event's number; older events carry qualifiers: `<EventID Qualifiers="16384">1004</EventID>`."""
    start = xml.find("<EventID", 0, _HEAD)
    return _between(xml, ">", "<", start) if start >= 0 else ""


def _between(xml: str, before: str, after: str, start: int = 0) -> str:
    at = xml.find(before, start, _HEAD)
    if at < 0:
        return ""
    at += len(before)
    end = xml.find(after, at, at + 400)
    return xml[at:end] if end >= 0 else ""
