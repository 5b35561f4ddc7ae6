"""Facts of a rule, in the units in which a machine shows them."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from triage.facts.fact import Fact, Unit, text_facts
from triage.facts.incident import bugcheck_facts
from triage.facts.names import image_stem, source_name, symbol_names
from triage.facts.words import stem, tokens
from triage.model.evidence import BugCheck
from triage.model.rule import BugCheckSymptom, EventSymptom, FaultSymptom, Rule


def rule_units(rule: Rule) -> tuple[Unit, ...]:
    """The rule's symptoms as units: each event with its message, each message, each stack, faults, codes, addresses,
    its own id and the articles that it names, prose."""
    symptoms = rule.symptoms
    units = [Unit("event", _keys(_event(event))) for event in symptoms.events]
    units += [Unit("message", _keys(text_facts(message))) for message in symptoms.messages]
    units += [Unit("stack", _keys(_stack(stack))) for stack in symptoms.stacks]
    units += [Unit("fault", _keys(_fault(fault, symptoms.processes))) for fault in symptoms.faulting]
    codes = [Fact("exception", f"{item.code:08x}") for item in symptoms.exceptions]
    for item in symptoms.bugchecks:
        codes += _bugcheck(item)
    codes += [Fact("process", image_stem(name)) for name in symptoms.processes]
    units.append(Unit("codes", _keys(codes)))
    units.append(Unit("modules", _keys(Fact("module", image_stem(name)) for name in symptoms.modules)))
    units.append(Unit("addresses", _keys(Fact("low", low) for low in symptoms.addresses)))
    named = dict.fromkeys((rule.id, *rule.see_also, *rule.fix.obtain))
    units.append(Unit("articles", _keys(Fact("article", article.lower()) for article in named)))
    units.append(Unit("prose", _keys(_prose(rule))))
    units.append(Unit("told", _keys(_told(rule))))
    return tuple(unit for unit in units if unit.keys)


def unit_texts(rule: Rule) -> tuple[str, ...]:
    """The template of each of the rule's first units, those of events and messages, in the order of `rule_units`."""
    symptoms = rule.symptoms
    events = (event for event in symptoms.events if event.id is not None or event.source or event.message)
    return (*(event.message or "" for event in events), *symptoms.messages)


def _keys(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.key for fact in facts))


def _event(event: EventSymptom) -> Iterator[Fact]:
    source = source_name(event.source or "")
    if event.id is not None:
        if source:
            yield Fact("event", f"{source}/{event.id}")
        yield Fact("event-id", str(event.id))
    if source:
        yield Fact("source", source)
    if event.message:
        yield from text_facts(event.message)


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
        for token in tokens(word):
            if token.kind == "word":
                yield Fact("prose", stem(token.value))
            else:
                yield Fact("code" if token.kind == "code" else "number", token.value)


def _told(rule: Rule) -> Iterator[Fact]:
    """Words in which a person may tell of the fault; those of the title say best what it is about.

    What the article applies to is told as well: `Exchange Server 5.5 SP3`.
    """
    for value in _spoken((rule.title,)):
        yield Fact("title", value)
        yield Fact("told", value)
    products = (text for applies in rule.applies_to for text in (applies.product, *applies.versions))
    for value in _spoken((*rule.symptoms.words, *rule.cause, *products)):
        yield Fact("told", value)


def _spoken(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for token in tokens(text):
            if token.kind in {"word", "number"}:
                yield stem(token.value) if token.kind == "word" else token.value
