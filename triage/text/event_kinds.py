"""What the events of a log file have alike that one source writes under one number, worked out once for all of them.

A log holds a hundred events of no interest for each that tells of a fault, and all of them are of some dozens of kinds.
The XML comes from a decoder, not from a person: every element is whole, attributes stand in `"`, and the elements of
`<System>` come in the order of the event schema: provider, number, version, level.
"""

from html import unescape

from msgspec import Struct

from triage.text.event_facts import SIGNATURES
from triage.text.event_record import number_of

HEAD = 2_000
"""Characters within which the `<System>` part of an event stands."""

BEHIND_LEVEL = len("<Level>255<")
_MOST_KINDS = 2_000
_LEVELS = ("1", "2", "3")
"""Critical, error, warning."""

TELLING = {
    "Windows Error Reporting": {"1001"},
    "Microsoft-Windows-WER-SystemErrorReporting": {"1001"},
    "Application Popup": {"26"},
    "Save Dump": {"1001"},
    "BugCheck": {"1001"},
    "DrWatson": {"4097"},
}
"""Events that tell of a crash and are written as information: each report of a fault, what savedump found at start."""

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
    *((source, int(number)) for source, numbers in TELLING.items() for number in numbers),
}
"""Source and number of events each of which is a fault for itself, however much it is like the one before."""

_SIGNS = ("xception", "c0000", "C0000", "BugcheckCode")
_SIGNS_OF_CRASHES = (*_SIGNS, "0x", ".exe", ".EXE")
"""Without any of these an event, or one of `CRASHES`, tells neither code nor process."""

_REPORTING = "Windows Error Reporting"
_SIGNATURES = (*_SIGNS, *SIGNATURES)


class Kind(Struct, frozen=True, kw_only=True, gc=False):
    """What events with the same head say alike.

    `source` is the one that the event viewer shows, `level` the level as printed. `telling` says that the event is an
    error or a warning, or tells of a crash though it is written as information; `crash` that it is one of `CRASHES`.
    `signs` are words of which an event of this kind has one if it tells code, process or bug check.
    """

    source: str | None
    id: int | None
    level: str
    telling: bool
    crash: bool
    signs: tuple[str, ...]

    def may_tell(self, data: str) -> bool:
        """Whether an event may tell code, process or bug check; `data` is all of it that is not of its head."""
        return any(map(data.__contains__, self.signs))


class Kinds(dict[str, Kind]):
    """The kinds of one log's events by their heads: what stands up to the level and `BEHIND_LEVEL` characters more."""

    def __missing__(self, head: str) -> Kind:
        kind = kind_of(head)
        if len(self) < _MOST_KINDS:
            self[head] = kind
        return kind


def kind_of(xml: str) -> Kind:
    """The kind of an event by its XML, or by its head."""
    provider, printed = between(xml, ' Name="', '"'), _number(xml)
    source = unescape(between(xml, 'EventSourceName="', '"') or provider) or None
    number = number_of(printed)
    crash = (source, number) in CRASHES
    signs: tuple[str, ...] = _SIGNS
    if crash:
        # Reports of failed updates and the like have the source and number of a crash's, too.
        signs = _SIGNATURES if provider == _REPORTING else _SIGNS_OF_CRASHES
    level = between(xml, "<Level>", "<")
    return Kind(
        source=source,
        id=number,
        level=level,
        telling=level.startswith(_LEVELS) or printed in TELLING.get(provider, ()),
        crash=crash,
        signs=signs,
    )


def _number(xml: str) -> str:
    """The event's number; older events carry qualifiers: `<EventID Qualifiers="16384">1004</EventID>`."""
    start = xml.find("<EventID", 0, HEAD)
    return between(xml, ">", "<", start) if start >= 0 else ""


def between(xml: str, before: str, after: str, start: int = 0) -> str:
    """What stands between two texts in an event's `<System>` part; empty where they are not there."""
    at = xml.find(before, start, HEAD)
    if at < 0:
        return ""
    at += len(before)
    end = xml.find(after, at, at + 400)
    return xml[at:end] if end >= 0 else ""
