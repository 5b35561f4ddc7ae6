"""Evidence that was read before, or elsewhere, through engine and advice to a Report."""

from typing import Final

from msgspec.structs import replace

from triage.advice import Stock
from triage.api.convert import report_of
from triage.api.told import agreed, said_in
from triage.engine import Match, held_against, match, worth_showing
from triage.facts.incident import RECORDED
from triage.knowledge.codes import Codes
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence, Incident
from triage.model.report import LOUD, Report, SourceInfo

RECORDS: Final = 2
"""How many kinds of what was recorded of a crash say that a rule is about this one."""

ALONE: Final = 0.2
"""Least confidence of what is told where nothing was printed: several articles that are unlikely each are a list to
choose from for who describes a fault, and no fault by themselves (a web server's log with one sentence below it)."""

LONGEST: Final = 80
"""Rows of sentences from which on a text of a share, where nothing was printed, is a manual: letters are shorter."""


def judge(
    evidence: Evidence,
    *,
    source: SourceInfo,
    knowledge: Pack,
    top: int,
    stock: Stock | None = None,
    asked: bool = True,
) -> Report:
    """The report on evidence. `stock` is an inventory of the machine that crashed.

    `asked` says that somebody asks about this very source. Of the many texts of a share, one that only speaks of
    crashes may be a manual: it tells of one where its words alone make an article likely.
    """
    evidence = _with_numbers(evidence, knowledge.codes)
    matches = match(evidence, knowledge, top=top)
    if all(found.band != "certain" for found in matches):
        # What was printed does not settle it; what the writer says around it may.
        evidence, matches = _with_told(evidence, matches, knowledge, top, asked=asked)
    return report_of(evidence, matches, source=source, knowledge=knowledge, stock=stock)


def _with_numbers(evidence: Evidence, codes: Codes) -> Evidence:
    """The evidence with the numbers of stops that are told by name alone, as screens show them since Windows 8."""
    incidents = tuple(_numbered(incident, codes) for incident in evidence.incidents)
    return evidence if incidents == evidence.incidents else replace(evidence, incidents=incidents)


def _numbered(incident: Incident, codes: Codes) -> Incident:
    stop = incident.bugcheck
    if stop is None or stop.code is not None or stop.name is None:
        return incident
    entry = codes.named(stop.name)
    if entry is None or entry.kind != "bugcheck":
        return incident
    return replace(incident, bugcheck=replace(stop, code=entry.code))


def _has_record(found: Match) -> bool:
    """Whether what a system recorded speaks for a finding of words, such as its code and its module."""
    return len({item.kind for item in found.because} & RECORDED) >= RECORDS


def _is_manual(evidence: Evidence) -> bool:
    """Whether so much is told that nobody tells it of one crash."""
    return evidence.told is not None and len(evidence.told.spoken) > LONGEST


def _with_told(
    evidence: Evidence, printed: tuple[Match, ...], knowledge: Pack, top: int, *, asked: bool
) -> tuple[Evidence, tuple[Match, ...]]:
    """The evidence with what is told beside it, if that finds anything, and the findings of both."""
    said = said_in(evidence)
    if said is None:
        return evidence, printed
    place = len(evidence.incidents)
    theirs = sorted(
        (held_against(one, evidence, knowledge) for one in match(said, knowledge, top=top, beside=evidence)),
        key=lambda one: -one.confidence,
    )
    found = worth_showing(theirs)
    if not evidence.incidents and (
        all(one.confidence < (ALONE if asked else LOUD) for one in found) or (not asked and _is_manual(evidence))
    ):
        found = ()
    if any(one.band != "possible" for one in printed):
        # The print needs no further candidates but those that it bears out as well; the words may say which it is.
        known = {one.rule.id for one in printed}
        found = tuple(one for one in found if one.rule.id in known or _has_record(one))
    if not found:
        return evidence, printed
    matches = tuple(agreed(printed, found, evidence, place))[:top]
    if all(one.incident != place for one in matches):
        return evidence, matches  # the words have only told which of the printed findings it is
    return replace(evidence, incidents=(*evidence.incidents, *said.incidents)), matches
