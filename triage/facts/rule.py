"""Facts of a rule, in the units in which a machine shows them."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from triage.facts.fact import Fact, Unit, UnitKind, text_facts
from triage.facts.incident import bugcheck_facts
from triage.facts.names import image_stem, source_name, symbol_names
from triage.facts.words import stem, tokens
from triage.model.evidence import BugCheck
from triage.model.rule import BugCheckSymptom, EventSymptom, FaultSymptom, Rule, Symptoms

_Draft = tuple[UnitKind, Iterable[Fact]]
"""A unit's facts before anybody has asked for them: its words are not yet told apart."""


def rule_units(rule: Rule) -> tuple[Unit, ...]:
    """The rule's symptoms as units: each event with its message, each message, each stack, faults, codes, addresses,
    its own id and the articles that it names, prose."""
    units = (Unit(kind, _keys(facts)) for kind, facts in _drafts(rule))
    return tuple(unit for unit in units if unit.keys)


def printed_facts(rule: Rule, position: int) -> Iterator[Fact]:
    """The facts of `rule_units(rule)[position]` one by one, perhaps more than once; none of a unit that is not there or
    is prose."""
    for kind, facts in _drafts(rule):
        if kind == "prose":
            return
        wanted = iter(facts)
        first = next(wanted, None)
        if first is not None and not position:
            yield first
            yield from wanted
            return
        position -= first is not None


def _drafts(rule: Rule) -> Iterator[_Draft]:
    symptoms = rule.symptoms
    yield from (("event", _event(event)) for event in symptoms.events)
    yield from (("message", _quoted(message)) for message in symptoms.messages)
    yield from (("stack", _stack(stack)) for stack in symptoms.stacks)
    yield from (("fault", _fault(fault, symptoms.processes)) for fault in symptoms.faulting)
    yield "codes", _codes(symptoms)
    yield "modules", (Fact("module", image_stem(name)) for name in symptoms.modules)
    yield "addresses", (Fact("low", low) for low in symptoms.addresses)
    named = dict.fromkeys((rule.id, *rule.see_also, *rule.fix.obtain))
    yield "articles", (Fact("article", article.lower()) for article in named)
    yield "prose", _prose(rule)


def unit_texts(rule: Rule) -> tuple[str, ...]:
    """The template of each of the rule's first units, those of events and messages, in the order of `rule_units`."""
    symptoms = rule.symptoms
    events = (event for event in symptoms.events if event.id is not None or event.source or event.message)
    return (*(event.message or "" for event in events), *symptoms.messages)


def told_keys(rule: Rule) -> tuple[str, ...]:
    """Words in which a person may tell of the fault, as keys; those of the title say best what it is about.

    What the article applies to is told as well: `Exchange Server 5.5 SP3`.
    """
    products = (text for applies in rule.applies_to for text in (applies.product, *applies.versions))
    title = list(_spoken((rule.title,)))
    others = _spoken((*rule.symptoms.words, *rule.cause, *products))
    return _keys((*(Fact("title", word) for word in title), *(Fact("told", word) for word in (*title, *others))))


def product_words(rule: Rule) -> list[frozenset[str]]:
    """The words of each product that the rule's article applies to, as told words are spelled: `exchang`, `server`."""
    return [frozenset(_words(applies.product)) - _MAKERS for applies in rule.applies_to]


_MAKERS = frozenset({"microsoft"})
"""Nobody says it of a product of Microsoft."""


def _spoken(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _words(text)


@lru_cache(maxsize=16384)
def _words(text: str) -> tuple[str, ...]:
    found = (token for token in tokens(text) if token.kind in {"word", "number"})
    return tuple(stem(token.value) if token.kind == "word" else token.value for token in found)


def _keys(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.key for fact in facts))


@lru_cache(maxsize=1024)
def _quoted(message: str) -> tuple[Fact, ...]:
    """Facts of a template: the rules that describe one incident are found for the next one as well."""
    return tuple(text_facts(message))


def _codes(symptoms: Symptoms) -> Iterator[Fact]:
    yield from (Fact("exception", f"{item.code:08x}") for item in symptoms.exceptions)
    for item in symptoms.bugchecks:
        yield from _bugcheck(item)
    yield from (Fact("process", image_stem(name)) for name in symptoms.processes)


def _event(event: EventSymptom) -> Iterator[Fact]:
    source = source_name(event.source or "")
    if event.id is not None:
        if source:
            yield Fact("event", f"{source}/{event.id}")
        yield Fact("event-id", str(event.id))
    if source:
        yield Fact("source", source)
    if event.message:
        yield from _quoted(event.message)


def _stack(stack: tuple[str, ...]) -> Iterator[Fact]:
    named = [symbol_names(symbol) for symbol in stack]
    for module, function in named:
        if function:
            yield Fact("function", function)
        if module:
            yield Fact("module", module)
    for above, below in pairwise(named):
        if above[1] and below[1]:
            yield Fact("call", f"{above[1]}>{below[1]}")


def _fault(fault: FaultSymptom, processes: tuple[str, ...]) -> Iterator[Fact]:
    yield Fact("faulting", image_stem(fault.module))
    for name in processes:
        yield Fact("process", image_stem(name))
    if fault.address:
        yield Fact("address", fault.address.lower())
        offset = fault.address.rpartition(":")[2].lower().lstrip("0")
        if offset:
            yield Fact("address", offset)


def _bugcheck(item: BugCheckSymptom) -> Iterator[Fact]:
    # An address differs from machine to machine; -1 stands for it, which is no code and no small number.
    known = tuple(0xFFFFFFFF if value is None else value for value in item.parameters)
    yield from bugcheck_facts(BugCheck(code=item.code, parameters=known))


def _prose(rule: Rule) -> Iterator[Fact]:
    for token in tokens(rule.title):
        if token.kind == "word":
            yield Fact("prose", stem(token.value))
    for word in rule.symptoms.words:
        yield from _described(word)


@lru_cache(maxsize=16384)
def _described(word: str) -> tuple[Fact, ...]:
    """Facts of an entry of a rule's word set."""
    return tuple(
        Fact("prose", stem(token.value))
        if token.kind == "word"
        else Fact("code" if token.kind == "code" else "number", token.value)
        for token in tokens(word)
    )
