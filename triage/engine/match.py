"""The matcher: what ranking found, with confidence, bands and reasons.

Pure: the same evidence and the same pack give the same matches in the same order.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from triage.engine.confidence import BANDS, band
from triage.engine.era import is_younger, year_of
from triage.engine.explain import explain
from triage.engine.rank import rank
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence
from triage.model.report import Band, Because
from triage.model.rule import Rule

RIVALS: Final = 5
"""Findings that are shown together where none of them is possible by itself, but it is that one of them is right."""


class Match(Struct, frozen=True, kw_only=True):
    """A rule that describes an incident (`incident` counts from 0 in the evidence)."""

    rule: Rule
    incident: int
    confidence: float
    band: Band
    because: tuple[Because, ...] = ()
    against: tuple[Because, ...] = ()
    missing: tuple[str, ...] = ()


def match(evidence: Evidence, pack: Pack, *, top: int = 10) -> tuple[Match, ...]:
    """The rules that describe the evidence, best first over all its incidents, each rule at most once."""
    found: list[Match] = []
    year = year_of(evidence, pack)
    listed = rank(evidence, pack)
    together = sum(ranked.confidence for ranked in listed[:RIVALS]) >= BANDS[-1][0]
    asked = evidence.format == "words"
    told = all(incident.kind == "prose" for incident in evidence.incidents)
    searching = asked or (told and together)
    for ranked in listed:
        if len(found) >= top and not ranked.exact:
            continue
        if band(ranked.confidence, searching=searching, together=together) is None and not ranked.exact:
            continue
        rule = pack.rule_at(ranked.rule)
        incident = evidence.incidents[ranked.incident]
        because, against, missing = explain(rule, incident, evidence, ranked.score, pack.products)
        if is_younger(year, rule):
            against = (*against, Because(fact=f"year:{year}"))
        sure = _doubted(ranked.confidence, against, pack.weights.against)
        if ranked.exact:
            sure = max(sure, pack.weights.exact)
        level = band(sure, searching=searching, together=together)
        if level is None:
            continue
        found.append(
            Match(
                rule=rule,
                incident=ranked.incident,
                confidence=sure,
                band=level,
                because=because,
                against=against,
                missing=missing,
            )
        )
    shown = sorted(found, key=lambda match: -match.confidence)[:top]
    if not asked and sum(match.confidence for match in shown[:RIVALS]) < BANDS[-1][0]:
        # What speaks against them has left too little: not even together are they possible.
        shown = [one for one in shown if one.confidence >= BANDS[-1][0]]
    return tuple(shown)


def _doubted(confidence: float, against: Iterable[Because], shares: Mapping[str, float]) -> float:
    """The confidence that what speaks against the rule leaves; kinds of facts without a share take nothing away."""
    for fact in against:
        confidence *= shares.get(fact.fact.partition(":")[0], 1.0)
    return round(confidence, 3)
