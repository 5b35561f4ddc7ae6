"""Events that are cited by number and text, without the label `Event ID`, as mails, notes and articles give them.

    Event 552: DNS was unable to serve a client request due to a shortage of memory.
    Event 7001: Source: Service Control Manager                     the description in the next row
    Event 2078 from MSExchangeIS Private Category: Transfer Description: Unable to submit …
    Event 650, SNA Server, Warning, ConnectNmPipe returned error rc=1
    Event 1322 - Type:Error
    Event 5007 Timed out during an operation
    Event 210                                                       the description in the next paragraph
    event 1325 - SNA Host Account Cache Stopped.
    WARNING: Netlogon Event 3051: The registry includes an illegal value
    Event 4097 has Source = DrWatson with the following Description: The application, …

Folklore: who cites so copies the number out of the viewer's list and the text out of its box. Sentences begin with such
words too (`Event 23 and event 24 are logged …`), programs number what they do (`event 1: click`), and documents what
they tell (`Event 3: the user signs in`). So a head that names neither source nor type must be followed by what can be a
description (it begins as a sentence does), and by a number that is no enumeration's: below ten it takes a source.
"""

import re

from msgspec import Struct, structs

from triage.text.event_rows import NO_SOURCES, Field, RowFields, fields_of
from triage.text.folding import Likely, like
from triage.text.lazy import regex
from triage.text.prose import is_program

_HEAD = regex(
    r"[\s>*\"'`\u2022-]{0,12}(?:(?:error|warning|information):\s{1,3})?"
    r"(?:SNA |(?-i:(?P<source>[A-Z][\w-]{3,30}(?: [A-Z]\w{2,20})?) )(?=event \d{1,5}[:,]))?"
    r"(?P<word>event)(?: ID| No\.?| number)? {0,2}[:#]? {0,2}(?P<id>\d{1,5})(?![\w.%/)\]]|-\w)"
    r"(?P<mark>[\s:=.,;\u2013-]{0,4})",
    re.IGNORECASE,
)
_LISTED = regex(
    r"(?P<source>[A-Za-z][\w .$-]{1,40}), (?P<type>error|warning|information)(?:, |:|$)(?P<text>[^\n]*)", re.IGNORECASE
)
"""`Event 650, SNA Server, Warning, …`: the viewer's columns in one row."""

_FROM = regex(
    r"(?:from (?P<source>[A-Z]\w{2,30}(?: (?:Private|Public))?)[.,:]? ?)?(?:Category: [\w /-]{1,60}? )?"
    r"(?:Description: ?)?"
)
_HAS = regex(r"(?:has|with)(?: the)?(?: following)?\s+(?=source|description)", re.IGNORECASE)
_FILLING = regex(r"(?<!\s)\s+(?:and|with)(?: the)?(?: following)?$", re.IGNORECASE)
_TYPED = regex(r"\(?(?P<type>error|warning|information)\)?(?:[:.,] *(?=[A-Z\"])|[\s:.,)-]*$)", re.IGNORECASE)
_SENTENCE = regex(r"[\"'(\u201c<]{0,3}(?:[A-Z0-9%\\]|[a-z]{1,3}[A-Z:])")
_WORD = regex(r"[A-Za-z]{2,}")
_GOES_ON = frozenset({"of", "and", "or", "in", "on", "to", "is", "was", "for", "at", "by", "with"})

LIKE_CITED = Likely(
    rb"\A\W{0,12}(?:\w{4,11}:\s{1,3})?(?:[\w-]{3,31} (?:\w{3,21} )?)?"
    + like("event")
    + rb"(?: "
    + like("id", "no.", "no", "number")
    + rb")?\s{0,2}[:#]?\s{0,2}0",
    words=("event",),
)
"""Rows that may cite an event, by their shapes."""

_ENUMERATED = 10
_COMMON = 100
"""Below it, a number in small letters or without a mark behind it is that of a page, a chapter or a click."""

_FEWEST = 2
_FEWEST_UNMARKED = 3
_FEWEST_BELOW = 3


class Cited(Struct, frozen=True, kw_only=True):
    """The head of a cited event; `text` is what its row has of the description. `marked` tells that a colon, a dash or
    the like stands behind the number, `capital` that the word before it begins so.
    """

    id: int
    source: str | None = None
    type: str | None = None
    text: str = ""
    labelled: bool = False
    marked: bool = False
    capital: bool = True

    @property
    def certain(self) -> bool:
        """Whether it names more than a number and a text."""
        return self.labelled or self.source is not None

    def fields(self) -> RowFields:
        """The head as a row of labelled fields."""
        said = (("id", str(self.id)), ("source", self.source), ("type", self.type), ("text", self.text or None))
        return RowFields(tuple(Field(name, value, 0, explicit=True) for name, value in said if value is not None))


def cited_of(row: str) -> Cited | None:
    """The head of an event that a row begins with, if it does; a sentence may begin with the same words."""
    match = _HEAD.match(row)
    if match is None or not 0 < int(match["id"]) <= 0xFFFF:
        return None
    source = match["source"]
    if source is not None and source.partition(" ")[0].lower() in NO_SOURCES:
        return None
    rest = row[match.end() :].strip()
    cited = Cited(
        id=int(match["id"]), text=rest, marked=bool(match["mark"].strip()), capital=match["word"][:1].isupper()
    )
    if source is not None:
        return structs.replace(cited, source=source)
    return _listed(cited) or _labelled(cited) or _typed(cited)


def _listed(cited: Cited) -> Cited | None:
    found = _LISTED.match(cited.text)
    if found is None:
        return None
    source, kind = found["source"].strip(), found["type"].lower()
    return structs.replace(cited, source=source, type=kind, text=found["text"].strip())


def _labelled(cited: Cited) -> Cited | None:
    has = _HAS.match(cited.text)
    rest = cited.text if has is None else cited.text[has.end() :]
    found = fields_of(rest, header=True)
    if found.leads and all(field.name != "id" for field in found.fields):
        values = {field.name: _FILLING.sub("", field.value) for field in reversed(found.fields)}
        return structs.replace(
            cited,
            source=values.get("source") or None,
            type=values.get("type"),
            text=values.get("text", ""),
            labelled=True,
        )
    other = _FROM.match(cited.text)
    if other is None or not other.end():
        return None
    return structs.replace(cited, source=other["source"], text=cited.text[other.end() :].strip(), labelled=True)


def _typed(cited: Cited) -> Cited:
    found = _TYPED.match(cited.text)
    if found is None:
        return cited
    return structs.replace(cited, type=found["type"].lower(), text=cited.text[found.end() :])


def event_in(row: str, below: str) -> Cited | None:
    """The event that a row of a log, a mail or a note cites; `below` is the next row that is not blank."""
    cited = cited_of(row)
    if cited is None or is_program(row):
        return None
    if cited.certain:
        return cited
    if cited.id < _ENUMERATED or (cited.id < _COMMON and not (cited.capital and (cited.marked or not cited.text))):
        return None
    if not cited.text:
        described = _may_describe(below, _FEWEST_BELOW) or fields_of(below, header=True).leads
        return cited if described and _HEAD.match(below) is None else None
    if not cited.marked and cited.text[0].isdigit():  # `event 2240 16 pages queued`: what a program counts
        return None
    return cited if _may_describe(cited.text, _FEWEST if cited.marked else _FEWEST_UNMARKED) else None


def _may_describe(text: str, fewest: int) -> bool:
    """Whether a description may begin so: as sentences do, with so many words at least."""
    words = _WORD.findall(text[:400])
    return _SENTENCE.match(text.lstrip()) is not None and len(words) >= fewest and words[0].lower() not in _GOES_ON


def may_cite(row: str) -> bool:
    """Whether a row begins as a cited event does."""
    return _HEAD.match(row) is not None
