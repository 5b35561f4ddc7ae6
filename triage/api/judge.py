"""Evidence that was read before, or elsewhere, through engine and advice to a Report."""

from msgspec.structs import replace

from triage.advice import Stock
from triage.api.convert import report_of
from triage.api.told import said_in, unsure
from triage.engine import Match, held_against, match, worth_showing
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence
from triage.model.report import Report, SourceInfo


def judge(evidence: Evidence, *, source: SourceInfo, knowledge: Pack, top: int, stock: Stock | None = None) -> Report:
    """The report on evidence. `stock` is an inventory of the machine that crashed."""
    matches = match(evidence, knowledge, top=top)
    if all(found.band == "possible" for found in matches):
        # What was printed does not settle it; what the writer says around it may.
        evidence, matches = _with_told(evidence, matches, knowledge, top)
    return report_of(evidence, matches, source=source, knowledge=knowledge, stock=stock)


def _with_told(
    evidence: Evidence, printed: tuple[Match, ...], knowledge: Pack, top: int
) -> tuple[Evidence, tuple[Match, ...]]:
    """The evidence with what is told beside it, if that finds anything, and the findings of both."""
    said = said_in(evidence)
    if said is None:
        return evidence, printed
    place = len(evidence.incidents)
    theirs = sorted(
        (
            held_against(one, evidence, knowledge)
            for one in match(said.evidence, knowledge, top=top)
            if said.leads_to(one)
        ),
        key=lambda one: -one.confidence,
    )
    found = [unsure(one, place) for one in worth_showing(theirs)]
    if not found:
        return evidence, printed
    best: dict[str, Match] = {}
    for one in sorted([*printed, *found], key=lambda one: -one.confidence):
        best.setdefault(one.rule.id, one)
    return replace(evidence, incidents=(*evidence.incidents, *said.evidence.incidents)), tuple(best.values())[:top]
