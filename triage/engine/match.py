"""The matcher: what ranking found, with confidence, bands and reasons.

Pure: the same evidence and the same pack give the same matches in the same order.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from triage.engine.confidence import band
from triage.engine.era import year_of
from triage.engine.explain import COMMON, against, explain
from triage.engine.rank import rank
from triage.knowledge.pack import Pack
from triage.model.evidence import DESCRIPTION, Evidence, Incident
from triage.model.report import BANDS, UNDESCRIBED, Band, Because
from triage.model.rule import Rule
from triage.model.weights import Weights

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

    @property
    def known(self) -> bool:
        """Whether it is in no doubt that some rule describes the fault."""
        return all(item.kind != UNDESCRIBED for item in self.against)


def match(evidence: Evidence, pack: Pack, *, top: int = 10, beside: Evidence | None = None) -> tuple[Match, ...]:
    """The rules that describe the evidence, best first over all its incidents, each rule at most once.

    `beside` is the evidence of the logs in which a description stands: their codes and modules are looked for with its
    words, and a rule to which no words of a person lead is none.
    """
    found: list[Match] = []
    year = year_of(beside or evidence, pack)
    listed = rank(evidence, pack, beside, year)
    together = sum(ranked.confidence for ranked in listed[:RIVALS]) >= BANDS[-1][0]
    asked = evidence.format == DESCRIPTION
    told = all(incident.kind == "prose" for incident in evidence.incidents)
    searching = asked or (told and together)
    for ranked in listed:
        if len(found) >= top and not ranked.exact:
            continue
        if band(ranked.confidence, searching=searching, together=together) is None and not ranked.exact:
            continue
        rule = pack.rule_at(ranked.rule)
        incident = evidence.incidents[ranked.incident]
        because, doubts, missing = explain(rule, incident, evidence, ranked.score, pack, year)
        if not ranked.known:
            doubts = (*doubts, Because(fact=f"{UNDESCRIBED}:{incident.kind}", lines=incident.lines))
        sure = doubted(ranked.confidence, doubts, pack.weights)
        if ranked.exact:
            sure = max(sure, pack.weights.exact)
        level = band(sure, known=ranked.known, searching=searching, together=together)
        if level is None:
            continue
        found.append(
            Match(
                rule=rule,
                incident=ranked.incident,
                confidence=sure,
                band=level,
                because=because,
                against=doubts,
                missing=missing,
            )
        )
    shown = sorted(found, key=lambda match: -match.confidence)[:top]
    return tuple(shown) if asked else worth_showing(shown)


def held_against(found: Match, printed: Evidence, pack: Pack) -> Match:
    """A finding of what was told, doubted for what programs printed: another code, module or process in each incident
    that shows one."""
    doubts: list[Because] = []
    for kind, shows in _SHOWS.items():
        theirs = [
            [item for item in against(found.rule, one, printed, pack.products) if item.kind == kind]
            for one in printed.incidents
            if shows(one)
        ]
        if theirs and all(theirs):
            doubts += theirs[0]
    sure = doubted(found.confidence, doubts, pack.weights)
    return replace(found, confidence=sure, against=(*found.against, *doubts))


_SHOWS: Final[Mapping[str, Callable[[Incident], bool]]] = {
    "exception": lambda incident: incident.exception is not None,
    "bugcheck": lambda incident: incident.bugcheck is not None and incident.bugcheck.code is not None,
    "faulting": lambda incident: bool(incident.faulting_module),
    "process": lambda incident: incident.process is not None,
}
"""Kinds of doubts, and whether an incident shows what may give rise to them."""


def worth_showing(found: Sequence[Match]) -> tuple[Match, ...]:
    """The findings, best first, without those that are too unsure by themselves where all of them together are, too.

    They were together when they were looked for; what speaks against them may have left too little.
    """
    together = sum(match.confidence for match in found[:RIVALS]) >= BANDS[-1][0]
    return tuple(one for one in found if together or one.confidence >= BANDS[-1][0])


def doubted(confidence: float, against: Iterable[Because], weights: Weights) -> float:
    """The confidence that what speaks against the rule leaves; kinds of facts without a share take nothing away."""
    kinds = [fact.kind for fact in against]
    for kind in kinds:
        confidence *= weights.against.get(kind, 1.0)
    return round(min(confidence, weights.common.most) if COMMON in kinds else confidence, 3)
