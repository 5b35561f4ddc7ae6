"""Events that sentences tell with number and text.

    the log may show Event ID 2009 "Number of sessions exceeds 2048"
    it logs Event 705: Event ID: 705 Source: Ledger Client Description: Logon failed. Error Code: 43

Articles quote so what needs no block of its own; the second form is a block whose rows ran into the item before them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from triage.articles.article import Article, SectionName
from triage.articles.voice import message_of
from triage.model.evidence import EventType
from triage.model.rule import EventSymptom
from triage.text.event_record import type_of

SECTIONS: Final[tuple[SectionName, ...]] = ("symptoms", "summary", "body", "cause", "more")
"""Not what a fix or a reference names: those are events of the installation."""

MAX_TOLD: Final = 12
_LONGEST: Final = 4_000
"""Characters of a paragraph that are looked at."""

_QUOTED = re.compile(
    r"\b[Ee]vents?(?: ?(?:ID|Id|id))?(?: ?(?:[Nn]umber|[Nn]o\.?|error|message))? {0,2}[:=#]? {0,2}(?P<id>\d{1,5})"
    r"(?:[:,.;-]{0,2} {1,2}| ?\()[\"“](?P<text>[^\"“”]{8,400})[\"”]"
)
_FIELDS = re.compile(
    r"\bEvent ?ID ?[:=#]? ?(?P<id>\d{1,5})[,;.]? (?:Event )?Source ?[:=] ?(?P<source>\S[^:=]{1,60}?)[,;.]? "
    r"(?:(?:Event )?Type ?[:=] ?(?P<type>[A-Z][a-z]{2,12})(?: Audit)?[,;.]? )?"
    r"(?:(?:Event )?Category ?[:=] ?[^:=]{1,40}? )?Description ?[:=] ?(?P<text>.{8,400})"
)


def told_events(article: Article) -> tuple[EventSymptom, ...]:
    """The events of an article's running text that have a text of their own, each once."""
    paragraphs = (paragraph.text for paragraph in article.paragraphs(*SECTIONS) if paragraph.kind != "block")
    return tuple(dict.fromkeys(_events(paragraphs)))[:MAX_TOLD]


def _events(paragraphs: Iterable[str]) -> Iterator[EventSymptom]:
    for text in paragraphs:
        if "vent" not in text:
            continue
        for match in _QUOTED.finditer(text, 0, _LONGEST):
            yield from _event(match["id"], match["text"], None, None)
        for match in _FIELDS.finditer(text, 0, _LONGEST):
            yield from _event(match["id"], match["text"], match["source"], type_of(match["type"]))


def _event(number: str, text: str, source: str | None, kind: EventType | None) -> Iterator[EventSymptom]:
    message = message_of(text)
    if message and 0 < int(number) <= 0xFFFF:
        yield EventSymptom(source=source, id=int(number), type=kind, message=message)
