"""Every incident of a source against the pack: scored pairs of incident and rule, ranked over the whole source."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from msgspec import Struct

from triage.engine.alignment import Alignment
from triage.engine.candidates import candidates, weigh
from triage.engine.conditions import check
from triage.engine.confidence import confidence, described, is_known
from triage.engine.description import describing, weigh_description
from triage.engine.era import year_of
from triage.engine.features import FAR, Standing, described_features, known_features, which_features
from triage.engine.nicknames import spelled_out
from triage.engine.order import Candidate, order
from triage.engine.score import Score, Shown, score, shown
from triage.engine.severity import breaks_off, severity
from triage.engine.synonyms import meant_by
from triage.facts import Fact, incident_facts, recorded_facts
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence, Incident

MAX_INCIDENTS: Final = 400
"""Distinct incidents of one source that are matched."""

KEPT: Final = 20
"""Rules of one incident that take part in the ranking over the source."""

RANKED: Final = 24
"""Rules ranked over the whole source."""

ASKED: Final = 5
"""Findings whose confidence is worth computing: those behind them are never right, or nearly so."""

HOPELESS: Final = 7.0
"""How far behind the first, in log odds of the fitted order, a finding's confidence is not worth computing any more:
it stands for one right answer in a thousand, and none was above 0.14 on labelled logs."""

FAINT: Final = 0.15
"""Confidence below which nothing that a person says beside the print makes a finding loud, and it is not asked whether
it may be."""

SUPPORT: Final = 0.3
"""What a rule's further incidents count beside its best one."""


class Ranked(Struct, frozen=True, kw_only=True):
    """A scored pair of incident and rule, not yet explained; the confidence was computed from `features`.

    `exact` says that the rule has conditions of its own, and that they are met; `known` that the finding may be loud.
    """

    rule: int
    incident: int
    score: Score
    value: float
    features: dict[str, float]
    confidence: float
    exact: bool
    known: bool = True


def rank(evidence: Evidence, pack: Pack, beside: Evidence | None = None, year: int | None = None) -> list[Ranked]:
    """The rules that came into question, best first, each with the incident that it describes best.

    `beside` is the evidence of the logs in which a description stands, `year` that of the evidence where it is known.
    """
    pairs: dict[int, list[_Pair]] = {}
    told: list[_Told] = []
    for index, incident, facts in _distinct(evidence, pack.weights.nicknames):
        if incident.kind == "prose":
            spoken = _spoken(beside)
            meant = meant_by(incident, pack, spoken)
            description = weigh_description([*facts, *_recorded(beside)], pack, meant)
            for rule, result in describing(description, pack, spoken):
                allowed, exact = _conditions(rule, incident, facts, evidence, pack)
                if allowed:
                    told.append(_Told(rule, index, result, description.words, exact))
            continue
        weight = severity(incident, pack.weights.outcome)
        view = shown(weigh(facts, pack), cut=breaks_off(incident))
        for rule, result, exact in _score_incident(view, facts, incident, evidence, pack):
            pairs.setdefault(rule, []).append(_Pair(index, view, result, result.value * weight, weight, exact))
    found = sorted(
        (_combined(rule, scored) for rule, scored in pairs.items()), key=lambda item: (-item.value, item.rule)
    )
    found = [item for position, item in enumerate(found) if position < RANKED or item.best.exact]
    printed = _ordered(found, evidence, pack, year_of(evidence, pack) if year is None else year) if found else []
    return _merged(printed, _described(told, pack)) if told else printed


def _recorded(beside: Evidence | None) -> list[Fact]:
    return [] if beside is None else recorded_facts(beside)


def _spoken(beside: Evidence | None) -> frozenset[int] | None:
    return None if beside is None or beside.told is None else frozenset(beside.told.spoken)


def _ordered(found: list["_Combined"], evidence: Evidence, pack: Pack, year: int) -> list[Ranked]:
    """What was printed: the best candidates by how sure they are, the others behind them in the order of their scores.

    How sure depends on where they stand in the fitted order; it asks for more than that, and knows better.
    """
    places = order(
        [
            Candidate(
                item.rule,
                item.best.incident,
                item.best.score,
                item.best.severity,
                item.value / item.best.value if item.best.value else 1.0,
            )
            for item in found
        ],
        evidence,
        pack,
        year,
    )
    first = sorted(
        zip(found[: len(places)], places, strict=True), key=lambda pair: (-pair[1].place, -pair[0].value, pair[0].rule)
    )
    highest = first[0][1].place if first else 0.0
    results: list[Ranked] = []
    asked = sum(highest - place.place < HOPELESS for _, place in first[:ASKED])
    for position, (item, place) in enumerate(first[:asked]):
        following = first[position + 1][1].place if position + 1 < len(first) else place.place - FAR
        standing = Standing(
            margin=place.place - following,
            behind=highest - place.place,
            share=place.share,
            severity=item.best.severity,
        )
        results.append(_asked(item, standing, place.alignment, evidence, pack))
    results.sort(key=lambda item: -item.confidence)
    return [*results, *(_ranked(item) for item, _ in first[asked:]), *(_ranked(item) for item in found[len(places) :])]


class _Told(NamedTuple):
    """A rule's score on a description."""

    rule: int
    incident: int
    score: Score
    words: int
    exact: bool


def _described(told: list[_Told], pack: Pack) -> list[Ranked]:
    """A person's words: nothing is quoted, so the score alone chooses, and its own model says how sure to be.

    The last one that is chosen is measured by the next that is not; what stands behind all others is ahead of nothing.
    None is surer than the one before it: the score knows better which comes first.
    """
    best: dict[int, _Told] = {}
    for item in sorted(told, key=lambda item: (-item.score.value, item.rule, item.incident)):
        best.setdefault(item.rule, item)
    found = [item for position, item in enumerate(best.values()) if position < RANKED or item.exact]
    values = [item.score.value for item in best.values()]
    values.append(values[-1] if len(values) > 1 else 0.0)
    results: list[Ranked] = []
    most = 1.0
    for position, item in enumerate(found):
        which = described_features(
            item.score,
            margin=_part(item.score.value - values[position + 1], item.score.value),
            behind=_part(values[0] - item.score.value, values[0]),
            words=item.words,
        )
        most = min(most, described(which, pack.weights.confidence))
        results.append(
            Ranked(
                rule=item.rule,
                incident=item.incident,
                score=item.score,
                value=item.score.value,
                features=which,
                confidence=most,
                exact=item.exact,
            )
        )
    return results


def _merged(printed: list[Ranked], told: list[Ranked]) -> list[Ranked]:
    """What was printed and what was told in one order, each rule where it is surer."""
    best: dict[int, Ranked] = {}
    for item in sorted([*printed, *told], key=lambda item: -item.confidence):
        best.setdefault(item.rule, item)
    return list(best.values())


class _Pair(NamedTuple):
    """A rule's score on one incident; `value` is weighed by how much the incident matters."""

    incident: int
    shown: Shown
    score: Score
    value: float
    severity: float
    exact: bool


class _Combined(NamedTuple):
    """A rule's score over the whole source, and its best pair."""

    rule: int
    value: float
    best: _Pair


def _combined(rule: int, scored: list[_Pair]) -> _Combined:
    """A rule that describes several incidents of the source is likelier than one that describes the best of them."""
    scored.sort(key=lambda pair: (-pair.value, pair.incident))
    best = scored[0]
    return _Combined(rule, best.value + SUPPORT * sum([pair.value for pair in scored[1:]]), best)


def _ranked(
    item: _Combined, features: dict[str, float] | None = None, confidence: float = 0.0, *, known: bool = True
) -> Ranked:
    best = item.best
    return Ranked(
        rule=item.rule,
        incident=best.incident,
        score=best.score,
        value=item.value,
        features=features or {},
        confidence=confidence,
        exact=best.exact,
        known=known or best.exact,
    )


def _asked(item: _Combined, standing: Standing, alignment: Alignment | None, evidence: Evidence, pack: Pack) -> Ranked:
    best = item.best
    features = known_features(best.shown, best.score, evidence.incidents[best.incident].kind, alignment)
    features.update(which_features(best.score, standing))
    sure = confidence(features, pack.weights.confidence)
    known = sure < FAINT or is_known(features, pack.weights.confidence)
    return _ranked(item, features, sure, known=known)


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
    numbers = candidates(view.weighted, pack)
    for number, facts in zip(numbers, pack.facts_of(numbers), strict=True):
        result = score(view, facts, pack.weights)
        exact = False
        if facts.conditional:
            allowed, exact = _conditions(number, incident, its_facts, evidence, pack)
            if not allowed:
                continue
        results.append((number, result, exact))
    results.sort(key=lambda item: (-item[1].value, item[0]))
    return [item for position, item in enumerate(results) if position < KEPT or item[2]]


def _conditions(
    number: int, incident: Incident, facts: list[Fact], evidence: Evidence, pack: Pack
) -> tuple[bool, bool]:
    """Whether a rule's own conditions allow it, and whether it has such that are met."""
    if number not in pack.conditional:
        return True, False
    rule = pack.rule_at(number)
    if rule.require and check(rule.require, incident, evidence, facts) != "met":
        return False, False
    return not (rule.exclude and check(rule.exclude, incident, evidence, facts) == "met"), bool(rule.require)
