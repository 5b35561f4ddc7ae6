"""The matcher: every incident of a source against the pack, ranked over the whole source.

Pure: the same evidence and the same pack give the same matches in the same order.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from triage.engine.candidates import candidates, weigh
from triage.engine.conditions import check
from triage.engine.confidence import band, probability
from triage.engine.explain import explain
from triage.engine.score import Score, Shown, score, shown
from triage.facts import Fact, incident_facts
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence, Incident
from triage.model.report import Band, Because
from triage.model.rule import Rule

MAX_INCIDENTS: Final = 400
"""Distinct incidents of one source that are matched."""

KEPT: Final = 10
"""Rules of one incident that take part in the ranking over the source."""


class Match(Struct, frozen=True, kw_only=True):
    """A rule that describes an incident (`incident` counts from 0 in the evidence)."""

    rule: Rule
    incident: int
    confidence: float
    band: Band
    because: tuple[Because, ...] = ()
    against: tuple[Because, ...] = ()
    missing: tuple[str, ...] = ()


class Ranked(Struct, frozen=True, kw_only=True):
    """A scored pair of incident and rule, not yet explained; the confidence is computed from `features`."""

    rule: int
    incident: int
    score: Score
    value: float
    features: dict[str, float]
    confidence: float


def match(evidence: Evidence, pack: Pack, *, top: int = 10) -> tuple[Match, ...]:
    """The rules that describe the evidence, best first over all its incidents, each rule at most once."""
    facts: dict[int, list[Fact]] = {}
    found: list[Match] = []
    for ranked in rank(evidence, pack, facts):
        if len(found) >= top:
            break
        level = band(ranked.confidence)
        if level is None:
            continue
        rule = pack.rule_at(ranked.rule)
        incident = evidence.incidents[ranked.incident]
        because, against, missing = explain(rule, incident, evidence, ranked.score)
        found.append(
            Match(
                rule=rule,
                incident=ranked.incident,
                confidence=ranked.confidence,
                band=level,
                because=because,
                against=against,
                missing=missing,
            )
        )
    return tuple(found)


def rank(evidence: Evidence, pack: Pack, facts: dict[int, list[Fact]] | None = None) -> list[Ranked]:
    """All pairs of incident and rule that came into question, best first; one for each rule."""
    scored: list[tuple[int, int, Score, float]] = []
    for index, incident, its_facts in _distinct(evidence):
        if facts is not None:
            facts[index] = its_facts
        weight = severity(incident, pack)
        for rule, result in _score_incident(its_facts, incident, evidence, pack):
            scored.append((index, rule, result, result.value * weight))
    scored.sort(key=lambda item: (-item[3], item[1], item[0]))
    best: dict[int, tuple[int, int, Score, float]] = {}
    for item in scored:
        best.setdefault(item[1], item)
    ordered = list(best.values())
    return [
        _ranked(item, ordered[position + 1][3] if position + 1 < len(ordered) else 0.0, ordered[0][3], evidence, pack)
        for position, item in enumerate(ordered)
    ]


def _ranked(
    item: tuple[int, int, Score, float], next_value: float, top_value: float, evidence: Evidence, pack: Pack
) -> Ranked:
    index, rule, result, value = item
    features = {
        "forward": result.forward,
        "backward": result.backward,
        "bits": min(result.bits, 100.0),
        "margin": (value - next_value) / value if value else 0.0,
        "lead": value / top_value if top_value else 0.0,
        "severity": severity(evidence.incidents[index], pack),
    }
    return Ranked(
        rule=rule,
        incident=index,
        score=result,
        value=value,
        features=features,
        confidence=probability(features, pack.weights.confidence),
    )


def severity(incident: Incident, pack: Pack) -> float:
    """How much of the incident's evidence counts: an event that says that all is well is seldom what one looks for."""
    if incident.event is None:
        return 1.0
    return pack.weights.severity.get(incident.event.type or "none", 1.0)


def _distinct(evidence: Evidence) -> Iterator[tuple[int, Incident, list[Fact]]]:
    """Incidents that say something new: the tenth copy of an event adds nothing."""
    seen: set[frozenset[str]] = set()
    for index, incident in enumerate(evidence.incidents):
        its_facts = incident_facts(incident, evidence)
        keys = frozenset(fact.key for fact in its_facts)
        if not keys or keys in seen:
            continue
        seen.add(keys)
        yield index, incident, its_facts
        if len(seen) >= MAX_INCIDENTS:
            return


def _score_incident(
    its_facts: list[Fact], incident: Incident, evidence: Evidence, pack: Pack
) -> list[tuple[int, Score]]:
    weighted = weigh(its_facts, pack)
    view: Shown = shown(weighted)
    results: list[tuple[int, Score]] = []
    for number in candidates(weighted, pack):
        rule = pack.facts_at(number)
        result = score(view, rule)
        if rule.conditional and not _allowed(pack.rule_at(number), incident, evidence, its_facts):
            continue
        results.append((number, result))
    results.sort(key=lambda item: (-item[1].value, item[0]))
    return results[:KEPT]


def _allowed(rule: Rule, incident: Incident, evidence: Evidence, facts: list[Fact]) -> bool:
    if rule.require and check(rule.require, incident, evidence, facts) != "met":
        return False
    return not (rule.exclude and check(rule.exclude, incident, evidence, facts) == "met")
