"""Why a rule was found: facts for it, facts against it, and what of its symptoms the source does not show."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Final

from triage.engine.era import is_younger
from triage.engine.score import Score
from triage.engine.severity import breaks_off, is_harmless
from triage.facts import Fact, printed_facts
from triage.facts.incident import CRASHES
from triage.facts.names import image_stem
from triage.knowledge.pack import Pack
from triage.knowledge.products import Products
from triage.model.evidence import DESCRIPTION, Evidence, Incident
from triage.model.report import Because
from triage.model.rule import Rule
from triage.model.weights import Common, Outcome
from triage.text.lazy import regex

_NAME: Final = regex(r"_|\.(?:exe|dll|sys|ocx|drv)$")
"""Of the words of a message, those that only a program's or a service's name can be."""

_CRASHES_OR_BOXES: Final = CRASHES | {"message"}
"""`An application error has occurred and an application error log is being generated.`, cut, names no code."""

COMMON: Final = "common"
"""The kind of the doubt that nothing is shared with a rule but what any program's crash prints."""

MAX_BECAUSE: Final = 24
MAX_MISSING: Final = 8


def explain(
    rule: Rule, incident: Incident, evidence: Evidence, score: Score, pack: Pack, year: int
) -> tuple[tuple[Because, ...], tuple[Because, ...], tuple[str, ...]]:
    """Facts for (heaviest first), facts against, and distinctive symptoms of the best unit that are missing.

    `year` is that of the evidence (see `era`).
    """
    keys = [item.fact.key for item in score.matched]
    heaviest = sorted(zip(score.matched, keys, strict=True), key=lambda pair: (-pair[0].weight, pair[1]))
    because = tuple(
        [
            Because(fact=key, lines=item.fact.lines, similarity=round(item.similarity, 2), weight=round(item.weight, 1))
            for item, key in heaviest[:MAX_BECAUSE]
        ]
    )
    missing = tuple(islice(_missing(rule, score.unit, keys), MAX_MISSING))
    doubts = (
        *against(rule, incident, evidence, pack.products),
        *_other_names(incident, missing),
        *_anybodys(incident, evidence, score, pack.weights.common, pack.frames.tell_little),
        *_harmless(incident, pack.weights.outcome),
        *_bare(incident, score, pack.weights.common),
        *_too_young(rule, year),
    )
    return because, doubts, missing


def _other_names(incident: Incident, missing: Iterable[str]) -> Iterator[Because]:
    """The names in an event's template that the event does not have: it is about something else.

    `The ORCHARD_BOOT service terminated unexpectedly. It has done this 1 time(s).` is one sentence for all services.
    """
    if incident.event is not None and not breaks_off(incident):
        names = (key.removeprefix("word:") for key in missing if key.startswith("word:"))
        yield from (Because(fact=f"name:{name}", lines=incident.lines) for name in names if _NAME.search(name))


def _anybodys(
    incident: Incident, evidence: Evidence, score: Score, common: Common, helpers: Collection[str]
) -> Iterator[Because]:
    """That a crash, or what is told beside a log, shares nothing with the rule but what any program's crash prints.

    `The exception Integer division by zero (0xc0000094) occurred in the application at location 0x00401f3c.`, or the
    function `memcpy`, which is one of the `helpers`.
    """
    told = incident.kind == "prose" and evidence.format != DESCRIPTION
    if told or (incident.kind in _CRASHES_OR_BOXES and incident.bugcheck is None):
        facts = [item.fact for item in score.matched]
        if facts and all(fact.value in helpers or _is_common(fact, common) for fact in facts):
            yield Because(fact=f"{COMMON}:{incident.kind}", lines=incident.lines)


def _harmless(incident: Incident, outcome: Outcome) -> Iterator[Because]:
    """That the incident is an event that says that all went well.

    `Source: NETLOGON / Type: Information / The partial synchronization … completed successfully. 3 change(s) …`: an
    article about replication quotes it word for word, and so do the logs of every domain controller.
    """
    if is_harmless(incident, outcome) and incident.event is not None:
        yield Because(fact=f"harmless:{incident.event.type}", lines=incident.event.lines)


def _bare(incident: Incident, score: Score, common: Common) -> Iterator[Because]:
    """That a crash shares nothing with the rule but the program's name, and what any program's crash prints.

    A program has more than one access violation in its life: `App: ledger.exe (pid=97)` / `Exception number: c0000005`
    is what an article about one of them quotes, and what Dr. Watson writes of any other.
    """
    process = incident.process
    if process is not None and incident.kind in CRASHES and incident.bugcheck is None:
        names = {process.name.lower(), image_stem(process.name)}
        facts = [item.fact for item in score.matched if item.fact.kind != "process" and item.fact.value not in names]
        if all(_is_common(fact, common) for fact in facts):
            yield Because(fact=f"only:{image_stem(process.name)}", lines=incident.lines)


def _too_young(rule: Rule, year: int) -> Iterator[Because]:
    """That the evidence is of a time after the article."""
    if is_younger(year, rule):
        yield Because(fact=f"year:{year}")


def _is_common(fact: Fact, common: Common) -> bool:
    if fact.kind in {"word", "prose", "meant"}:
        return fact.value in common.words or fact.value in common.programs
    if fact.kind == "pair":
        return all(word in common.words or word in common.programs for word in fact.value.split("_"))
    return fact.kind in {"exception", "code"} or (fact.kind == "process" and fact.value in common.programs)


def against(rule: Rule, incident: Incident, evidence: Evidence, products: Products) -> Iterator[Because]:
    """The facts of an incident that speak against a rule: another code, module, process or product."""
    symptoms, record = rule.symptoms, incident.exception
    if record is not None and symptoms.exceptions and record.code not in {item.code for item in symptoms.exceptions}:
        yield Because(fact=f"exception:{record.code:08x}", lines=record.lines)
    bugcheck = incident.bugcheck
    if (
        bugcheck is not None
        and bugcheck.code is not None
        and symptoms.bugchecks
        and bugcheck.code not in {item.code for item in symptoms.bugchecks}
    ):
        yield Because(fact=f"bugcheck:{bugcheck.code:08x}", lines=bugcheck.lines)
    if incident.faulting_module and symptoms.faulting:
        faulting = image_stem(incident.faulting_module)
        if all(image_stem(item.module) != faulting for item in symptoms.faulting):
            yield Because(fact=f"faulting:{faulting}", lines=incident.lines)
    if incident.process is not None and symptoms.processes:
        process = image_stem(incident.process.name)
        if all(image_stem(name) != process for name in symptoms.processes):
            yield Because(fact=f"process:{process}", lines=incident.lines)
    yield from _against_system(rule, evidence, products)


def _against_system(rule: Rule, evidence: Evidence, products: Products) -> Iterator[Because]:
    """A system that the article is not about; one about programs says nothing of the systems that they run on."""
    system = evidence.system
    if system is None or not system.product or not rule.applies_to:
        return
    meant = {name for applies in rule.applies_to for name in (applies.product, *products.releases(applies))}
    families = {products.family_of(name) for name in meant}
    if all(name.startswith("Windows") for name in meant) and system.product not in meant:
        named_exactly = meant - families
        if named_exactly or products.family_of(system.product) not in families:
            yield Because(fact=f"product:{system.product}", lines=system.lines)


def _missing(rule: Rule, unit: int, shown: Iterable[str]) -> Iterator[str]:
    """What of a unit's facts is missing; pairs and calls, which come last, say nothing that their parts do not."""
    if unit < 0:
        return
    passed = set(shown)
    for fact in printed_facts(rule, unit):
        if fact.kind in {"pair", "call"}:
            return
        key = fact.key
        if key not in passed:
            passed.add(key)
            yield key
