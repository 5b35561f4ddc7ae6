"""An event of the Windows event log as text gives it, and the reading of its fields' values."""

import re
from collections.abc import Sequence

from msgspec import Struct, structs

from triage.model.evidence import EventType, Lines
from triage.text.event_labels import TYPES
from triage.text.lazy import regex
from triage.text.messages import near, unwrap

MAX_EVENTS = 20_000
"""Events of one text."""

_TAGS = regex(r"</?(?:br|p|div|span|td|tr|b|i|pre|code)\b[^<>\n]{0,60}/?>", re.IGNORECASE | re.ASCII)
"""Of ASCII letters: the Turkish İ is an i to the others."""

_RUNS = regex(r"[^\S\n]{3,}")
_GAPS = regex(r"\n\s*\n")
_DESCRIPTION = regex(
    r"(?<!\s)\s+(?:(?:Event )?[TC]\w{2,8}\s?:\s?[\w/.-]{1,24}(?:\s[\w/.-]{1,24}){0,2}\s+){0,2}"
    r"(?P<label>D\w{9,11})\s?:\s*",
    re.IGNORECASE,
)
"""`Description:` inside of a description, mistyped too, with the type and category that stand before it."""

_RUN_INTO = {"type": 1, "category": 1, "source": 4}
"""Fields into which descriptions are run, and how many words their longest ordinary values may have at least."""

_OPENERS = frozenset({"The", "A", "An", "Unable", "Error", "Could", "This", "There", "Failed", "No", "Your"})


class Record(Struct, frozen=True, kw_only=True, gc=False):
    """An event as text. `body` is its description with its line breaks; `values` are the insertion strings of the XML
    form, by name where they have one. `mention` says that prose only mentions the event's number.
    """

    lines: Lines
    source: str | None = None
    id: int | None = None
    type: EventType | None = None
    category: str | None = None
    log: str | None = None
    time: str | None = None
    computer: str | None = None
    body: str = ""
    values: tuple[tuple[str | None, str], ...] = ()
    mention: bool = False

    @property
    def text(self) -> str:
        """The description on one line; the insertion strings where there is no description."""
        return (self.body and unwrap(self.body)) or unwrap(" ".join([value for _, value in self.values]))


def dealt(records: Sequence[Record]) -> list[Record]:
    """Gives each event its description where a person listed the events' fields first and the descriptions after.

    `Event ID: 8 Source: A` / `Event ID: 9 Source: B` / `Type: Error Description: … Type: Error Description: …`: the
    last event would have all, in their order.
    """
    found = list(records)
    start = 0
    for at, record in enumerate(found):
        if at > start and record.lines[0] - found[at - 1].lines[1] > 1:
            start = at
        if not record.body.strip():
            continue
        parts = _parts(record.body) if start < at else []
        if 1 < len(parts) <= at - start + 1:
            for index in range(start, at + 1):
                part = parts[index - start] if index - start < len(parts) else ""
                kind = found[index].type or record.type
                found[index] = structs.replace(found[index], body=part, type=kind)
        start = at + 1
    return found


def _parts(body: str) -> list[str]:
    """The descriptions that a body holds, by their labels."""
    parts: list[str] = []
    begin = 0
    for match in _DESCRIPTION.finditer(body):
        if near(match["label"].lower(), "description"):
            parts.append(body[begin : match.start()])
            begin = match.end()
    return [*parts, body[begin:]]


def without_tags(text: str) -> str:
    """The text without the HTML that forums leave at the ends of lines."""
    return _TAGS.sub(" ", text)


def tidy(text: str) -> str:
    """A description without tags and long runs of blanks, over which patterns would search again and again."""
    return _RUNS.sub("  ", _GAPS.sub("\n\n", without_tags(text)))


def number_of(printed: str | None) -> int | None:
    """An event's number; the upper half of a 32-bit message id (facility, severity) is no part of it."""
    if not printed or not printed.isdecimal() or len(printed) > 10:
        return None
    number = int(printed)
    return number & 0xFFFF if number > 0xFFFF else number


def value_and_text(name: str, value: str) -> tuple[str, str]:
    """Parts a field's value from a description that was run into it: `Category: Field Engineering A call from …`.

    Values are a few words; a sentence begins with a capital before a small letter, or with one of its usual words.
    """
    words = value.split(" ")
    if name not in _RUN_INTO or len(words) < _RUN_INTO[name] + 2:
        return value, ""
    if name == "type":
        two = " ".join(words[:2]).lower() in TYPES
        return (" ".join(words[:2]), " ".join(words[2:])) if two else (words[0], " ".join(words[1:]))
    for at in range(1, min(len(words) - 1, 6)):
        starts = words[at][:1].isupper() and words[at + 1][:1].islower() and not words[at + 1].startswith("for")
        if words[at].strip(",.") in _OPENERS or starts or (words[at].startswith("(") and name == "category"):
            return " ".join(words[:at]), " ".join(words[at:])
    return value, ""


def type_of(printed: str | None) -> EventType | None:
    """The event's type by its word in any of the known languages, up to a typing error; None where unknown."""
    if printed is None:
        return None
    words = unwrap(printed).lower().strip(".,;:()")
    if words in TYPES:
        return TYPES[words]
    parts = words.split(" ")
    known = (TYPES[word] for word in TYPES if len(word) > 4 and near(parts[0], word))
    return TYPES.get(" ".join(parts[:2])) or TYPES.get(parts[0]) or next(known, None)


def clean(value: str | None) -> str | None:
    """A field's value without tags, quotes and closing punctuation; None where nothing is left."""
    if value is None:
        return None
    cleaned = unwrap(without_tags(value)).strip(" ,;|/").removesuffix(".")
    return cleaned[:120] or None
