"""Every incident of a source against the pack: scored pairs of incident and rule, ranked over the whole source."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from msgspec import Struct

from triage.engine.candidates import BREADTH, candidates, weigh
from triage.engine.conditions import check
from triage.engine.confidence import confidence, described
from triage.engine.features import Standing, known_features, which_features
from triage.engine.nicknames import spelled_out
from triage.engine.score import Score, Shown, score, shown
from triage.engine.severity import breaks_off, severity
from triage.facts import Fact, incident_facts
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence, Incident
from triage.model.rule import Rule

MAX_INCIDENTS: Final = 400
"""Distinct incidents of one source that are matched."""

KEPT: Final = 20
"""Rules of one incident that take part in the ranking over the source."""

RANKED: Final = 24
"""Rules ranked over the whole source."""

SUPPORT: Final = 0.3
"""What a rule's further incidents count beside its best one."""


class Ranked(Struct, frozen=True, kw_only=True):
    """A scored pair of incident and rule, not yet explained; `known` and `which` are the confidence's features.

    `exact` says that the rule has conditions of its own, and that they are met.
    """

    rule: int
    incident: int
    score: Score
    value: float
    known: dict[str, float]
    which: dict[str, float]
    confidence: float
    exact: bool


def rank(evidence: Evidence, pack: Pack) -> list[Ranked]:
    """The rules that came into question, best first, each with the incident that it describes best."""
    pairs: dict[int, list[_Pair]] = {}
    for index, incident, facts in _distinct(evidence, pack.weights.nicknames):
        weight = severity(incident, pack.weights.outcome)
        view = shown(weigh(facts, pack), cut=breaks_off(incident), prose=incident.kind == "prose")
        for rule, result, exact in _score_incident(view, facts, incident, evidence, pack):
            pairs.setdefault(rule, []).append(_Pair(index, view, result, result.value * weight, weight, exact))
    ordered = sorted((_combined(rule, found) for rule, found in pairs.items()), key=lambda item: (-item[1], item[0]))
    ordered = [item for position, item in enumerate(ordered) if position < RANKED or item[2].exact]
    values = [*(value for _, value, _ in ordered), 0.0]
    return [
        _ranked(
            rule,
            value,
            best,
            Standing(
                margin=_part(value - values[position + 1], value),
                behind=_part(values[0] - value, values[0]),
                severity=best.severity,
            ),
            evidence,
            pack,
        )
        for position, (rule, value, best) in enumerate(ordered)
    ]


class _Pair(NamedTuple):
    """A rule's score on one incident; `value` is weighed by how much the incident matters."""

    incident: int
    shown: Shown
    score: Score
    value: float
    severity: float
    exact: bool


def _combined(rule: int, found: list[_Pair]) -> tuple[int, float, _Pair]:
    """A rule that describes several incidents of the source is likelier than one that describes the best of them."""
    found.sort(key=lambda pair: (-pair.value, pair.incident))
    best = found[0]
    return rule, best.value + SUPPORT * sum(pair.value for pair in found[1:]), best


def _ranked(rule: int, value: float, best: _Pair, standing: Standing, evidence: Evidence, pack: Pack) -> Ranked:
    model = pack.weights.confidence
    known = known_features(best.shown, best.score, evidence.incidents[best.incident].kind)
    which = which_features(best.score, standing)
    sure = described(which, model) if best.shown.prose else confidence(known, which, model)
    return Ranked(
        rule=rule,
        incident=best.incident,
        score=best.score,
        value=value,
        known=known,
        which=which,
        confidence=sure,
        exact=best.exact,
    )


def _part(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _distinct(evidence: Evidence, nicknames: Mapping[str, str]) -> Iterator[tuple[int, Incident, list[Fact]]]:
    """Incidents that say something new: the tenth copy of an event adds nothing."""
    seen: set[frozenset[str]] = set()
    for index, incident in enumerate(evidence.incidents):
        its_facts = incident_facts(spelled_out(incident, nicknames), evidence)
        keys = frozenset(fact.key for fact in its_facts)
        if not keys or keys in seen:
            continue
        seen.add(keys)
        yield index, incident, its_facts
        if len(seen) >= MAX_INCIDENTS:
            return


def _score_incident(
    view: Shown, its_facts: list[Fact], incident: Incident, evidence: Evidence, pack: Pack
) -> list[tuple[int, Score, bool]]:
    """Numbers and scores of the rules that could describe the incident, and whether their own conditions are met."""
    results: list[tuple[int, Score, bool]] = []
    for number in candidates(view.weighted, pack, BREADTH if view.prose else 1):
        facts = pack.facts_at(number)
        result = score(view, facts, pack.weights, pack.prose_length)
        exact = False
        if facts.conditional:
            rule = pack.rule_at(number)
            if not _allowed(rule, incident, evidence, its_facts):
                continue
            exact = bool(rule.require)
        results.append((number, result, exact))
    results.sort(key=lambda item: (-item[1].value, item[0]))
    return [item for position, item in enumerate(results) if position < KEPT or item[2]]


def _allowed(rule: Rule, incident: Incident, evidence: Evidence, facts: list[Fact]) -> bool:
    if rule.require and check(rule.require, incident, evidence, facts) != "met":
        return False
    return not (rule.exclude and check(rule.exclude, incident, evidence, facts) == "met")
