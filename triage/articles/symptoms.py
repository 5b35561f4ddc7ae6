"""Symptoms of an article: what its quotations show to the log readers, what its sentences tell, and its words."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from msgspec import structs

from triage.articles.article import Article, Paragraph, SectionName
from triage.articles.evidence import MAX_FRAMES, Observation, observe, observe_prose
from triage.articles.prose import read_codes, read_prose, read_symbols
from triage.articles.quotes import Quote, is_code, read_inline, read_quotes
from triage.articles.sections import read_paragraphs
from triage.articles.templates import key_of
from triage.articles.told_events import told_events
from triage.articles.voice import is_remark, message_of
from triage.articles.words import word_set
from triage.model.rule import EventSymptom, Symptoms
from triage.text.event_cited import cited_of
from triage.text.event_record import type_of

MAX_MESSAGES: Final = 12
MAX_EVENTS: Final = 16
MAX_STACKS: Final = 6
MAX_EACH: Final = 12
MAX_MODULES: Final = 40
MAX_ADDRESSES: Final = 64

_DESCRIPTION = re.compile(r"\bdescription\b[^:]{0,60}:$", re.IGNORECASE)
"""`The description may be similar to:`, where the event's other fields stand above."""

_DUMPED = re.compile(r"(?<!\w)[0-9a-f]{8}(?!\w)", re.IGNORECASE)
_MACHINE = re.compile(
    r"\b(?:e?[abcd]x|e[sd]i|e[sbi]p|[c-gs]s)=[0-9a-f<]{4}"
    r"|\b[0-9a-f]{2,16} +(?:mov|push|pop|call|test|jn?[ez]|jmp|inc|dec|lea|cmp|add|sub|xor|ret|int)\b",
    re.IGNORECASE,
)
"""Registers and instructions, which a dump shows beside its messages."""

_MOST_DUMPED: Final = 6

_T = TypeVar("_T")


def symptoms_of(article: Article) -> Symptoms:
    """All symptoms of an article; its own sentences leave only the set of their words."""
    observed: list[Symptoms] = []
    printed: list[str] = []
    listed: list[str] = []
    last: EventSymptom | None = None
    for quote in read_quotes(article):
        observation = observe(quote.rows)
        observed.append(observation.symptoms)
        paragraphs = list(_unclaimed(quote, observation.claimed))
        more, plain = _told(quote, paragraphs, observation)
        if last is not None and plain and quote.printed and _DESCRIPTION.search(quote.lead):
            more = structs.replace(more, events=(structs.replace(last, message=message_of(plain.pop(0)) or None),))
        last = next(reversed((*observation.symptoms.events, *more.events)), None)
        last = last if last is not None and last.message is None else None
        observed.append(more)
        if observation.symptoms.stacks and not observation.symptoms.exceptions:
            observed.append(Symptoms(exceptions=read_codes(quote.lead)))
        if quote.printed:
            printed += plain
        if quote.printed or quote.section in article.symptom_sections:
            listed += plain
    observed += [
        observe_prose(_running_rows(article, names)) for names in ((*article.symptom_sections, "more"), ("cause",))
    ]
    observed.append(Symptoms(events=told_events(article), exceptions=read_codes("\n".join(printed))))
    told = article.paragraphs(*article.symptom_sections)
    printed += read_inline(told)
    prose = [paragraph.text for paragraph in told if paragraph.kind != "block"]
    running = read_prose("\n".join([f"{article.title}.", *prose]))
    if not any((running.events, running.bugchecks, *(item.events or item.bugchecks for item in observed))):
        elsewhere = [p.text for s in article.sections if s.name not in article.symptom_sections for p in s.paragraphs]
        rest = read_prose("\n".join(elsewhere))
        observed.append(Symptoms(events=rest.events, bugchecks=rest.bugchecks))
    spoken = [text for text in prose if not _is_dump(text)]
    return _together(article, observed, running, printed, [*spoken, *listed])


def cause_words(article: Article, symptoms: Symptoms) -> tuple[str, ...]:
    """The words in which an article tells of the cause, without those that it has of the symptoms already."""
    told = [paragraph.text for paragraph in article.paragraphs("cause") if paragraph.kind != "block"]
    known = frozenset(symptoms.words)
    return tuple(word for word in word_set(told) if word not in known)


def _is_dump(text: str) -> bool:
    """Whether a paragraph at the margin is a dump of registers or of a stack: its numbers are no words of a fault."""
    return len(_DUMPED.findall(text)) > _MOST_DUMPED


def _running_rows(article: Article, names: tuple[SectionName, ...]) -> tuple[str, ...]:
    """The rows of what is no block, a blank row after each paragraph."""
    paragraphs = [p for s in article.sections if s.name in names for p in s.paragraphs if p.kind != "block"]
    return tuple(row for paragraph in paragraphs for row in (*paragraph.rows, ""))


def _told(quote: Quote, paragraphs: list[Paragraph], observation: Observation) -> tuple[Symptoms, list[str]]:
    """What the paragraphs that no reader understood tell nevertheless, and those that are plain messages.

    Events told by number and text, the text in the next paragraph or after a phrase with the number ("event 1029 with
    the following text:"); symbols that stand alone where a stack was wrapped.
    """
    events: list[EventSymptom] = []
    stacks: list[tuple[str, ...]] = []
    plain: list[str] = []
    for paragraph in paragraphs:
        if len(_MACHINE.findall(paragraph.text)) > 1 or "__imp__" in paragraph.text:
            continue
        numbered = tuple(_numbered(paragraph))
        symbols = (
            tuple(symbol for stack in read_symbols(paragraph.text) for symbol in stack) if observation.claimed else ()
        )
        if not numbered and not symbols:
            if events and events[-1].message is None:
                events[-1] = structs.replace(events[-1], message=message_of(paragraph.text) or None)
            else:
                plain.append(paragraph.text)
        events += numbered
        stacks += [symbols[:MAX_FRAMES]] if symbols else []
    if quote.printed and plain and not events and not observation.symptoms.events:
        named = read_prose(quote.lead).events
        if len(named) == 1:
            events.append(structs.replace(named[0], message=message_of(plain[0]) or None))
            plain = plain[1:]
    return Symptoms(events=tuple(events), stacks=tuple(stacks)), plain


def _numbered(paragraph: Paragraph) -> Iterator[EventSymptom]:
    """Events that are quoted by number and text alone: `Event 38: APPC session deactivated abnormally`.

    What stands in a quotation needs no proof that it is an event.
    """
    heads = [(index, cited) for index, row in enumerate(paragraph.rows) if (cited := cited_of(row)) is not None]
    ends = [index for index, _ in heads[1:]]
    for (start, cited), end in zip(heads, [*ends, len(paragraph.rows)], strict=False):
        text = " ".join([cited.text, *paragraph.rows[start + 1 : end]]).strip()
        yield EventSymptom(source=cited.source, id=cited.id, type=type_of(cited.type), message=message_of(text) or None)


def _unclaimed(quote: Quote, claimed: frozenset[int]) -> Iterator[Paragraph]:
    """The paragraphs of a quotation that no reader understood: plain messages. Of those that a reader understood in
    part, the events above it that only a quotation tells.
    """
    start = 0
    for paragraph in read_paragraphs(quote.rows):
        while start < len(quote.rows) and quote.rows[start].strip() != paragraph.rows[0].strip():
            start += 1
        known = claimed.intersection(range(start, start + len(paragraph.rows)))
        if known and cited_of(paragraph.rows[0]) is not None and min(known) > start:
            yield structs.replace(paragraph, rows=paragraph.rows[: min(known) - start])
        elif not known and not is_code(paragraph) and not (start and is_remark(paragraph.text)):
            yield paragraph
        start += len(paragraph.rows)


def _together(
    article: Article, observed: list[Symptoms], running: Symptoms, printed: list[str], prose: list[str]
) -> Symptoms:
    sources = [*observed, running]
    events = _events([event for source in observed for event in source.events], running.events)
    described = tuple(dict.fromkeys(key_of(event.message) for event in events if event.message))
    messages = _messages([*(m for source in observed for m in source.messages), *map(message_of, printed)], described)
    words = word_set([article.title], messages, described, article.query_words, prose)

    def every(of: Callable[[Symptoms], Iterable[_T]], limit: int = MAX_EACH) -> tuple[_T, ...]:
        return tuple(dict.fromkeys(item for source in sources for item in of(source)))[:limit]

    faulting = every(lambda s: s.faulting)
    exact = {fault.module for fault in faulting if fault.address}
    exceptions = every(lambda s: s.exceptions)
    precise = {item.code for item in exceptions if item.chance or item.access}
    bugchecks = every(lambda s: s.bugchecks)
    full = {item.code for item in bugchecks if item.parameters}
    return Symptoms(
        exceptions=tuple(e for e in exceptions if e.chance or e.access or e.code not in precise),
        bugchecks=tuple(b for b in bugchecks if b.parameters or b.code not in full),
        processes=every(lambda s: s.processes),
        faulting=tuple(fault for fault in faulting if fault.address or fault.module not in exact),
        stacks=_stacks(every(lambda s: s.stacks, 4 * MAX_STACKS)),
        modules=tuple(sorted(every(lambda s: s.modules, MAX_MODULES))),
        events=events,
        addresses=every(lambda s: s.addresses, MAX_ADDRESSES),
        messages=messages,
        words=words,
    )


def _events(read: Iterable[EventSymptom], told: Iterable[EventSymptom]) -> tuple[EventSymptom, ...]:
    """Events read out of quotations, and those of sentences that no quotation shows with as much detail."""
    kept: list[EventSymptom] = []
    for event in (*read, *told):
        same = [index for index, known in enumerate(kept) if _same(known, event)]
        if not same:
            kept.append(event)
        elif event.message is None:
            known = kept[same[0]]
            kept[same[0]] = structs.replace(known, source=known.source or event.source, type=known.type or event.type)
        elif all(key_of(kept[index].message or "") != key_of(event.message) for index in same):
            empty = next((index for index in same if kept[index].message is None), None)
            if empty is None:
                kept.append(event)
            else:
                kept[empty] = structs.replace(
                    event, source=event.source or kept[empty].source, type=event.type or kept[empty].type
                )
    return tuple(kept[:MAX_EVENTS])


def _same(left: EventSymptom, right: EventSymptom) -> bool:
    """The same id, and no other source; "MTA" is MSExchangeMTA."""
    if left.id is None or left.id != right.id:
        return False
    if not left.source or not right.source:
        return True
    names = (left.source.lower(), right.source.lower())
    return names[0] in names[1] or names[1] in names[0]


def _messages(found: Iterable[str], described: tuple[str, ...]) -> tuple[str, ...]:
    """Templates once each, without those that an event's description or another template holds."""
    kept: dict[str, str] = {}
    for template in found:
        key = key_of(template)
        if len(key) < 4 or key in kept or any(key in known for known in (*described, *kept)):
            continue
        kept[key] = template
    return tuple(kept.values())[:MAX_MESSAGES]


def _stacks(found: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Stacks once each; a single symbol that a longer stack holds is left out."""
    stacks = list(found)
    long = {symbol for stack in stacks if len(stack) > 1 for symbol in stack}
    return tuple(stack for stack in stacks if len(stack) > 1 or stack[0] not in long)[:MAX_STACKS]
