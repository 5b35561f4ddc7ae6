"""Bytes or words through formats, engine and advice to a Report."""

from collections.abc import Iterable
from hashlib import sha256

from msgspec.structs import replace

from triage.advice import Stock, plan_all
from triage.api.convert import report_of
from triage.api.told import description, told, unsure
from triage.engine import Match, held_against, match, worth_showing
from triage.errors import SourceError
from triage.formats import read_evidence
from triage.formats.binary import Data
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence
from triage.model.inventory import Inventory
from triage.model.report import Plan, Report, SourceInfo

DEFAULT_TOP = 5


def analyze(
    data: Data,
    *,
    path: str,
    knowledge: Pack,
    top: int = DEFAULT_TOP,
    inventory: Inventory | Stock | None = None,
) -> Report:
    """What a source says and which articles describe it, the best `top` findings over all its incidents.

    `path` only names the source in the report. `inventory` says what is installed on the machine that crashed; of many
    sources of one machine, make a Stock of it once. Raises SourceError where nothing can be read; damage that was read
    around is a warning in the report.
    """
    if not data:
        raise SourceError("empty; there is nothing to read", path=path)
    evidence = read_evidence(data)
    matches = match(evidence, knowledge, top=top)
    if all(found.band == "possible" for found in matches):
        # What was printed does not settle it; what the writer says around it may.
        evidence, matches = _with_told(data, evidence, matches, knowledge, top)
    source = SourceInfo(
        path=path,
        format=evidence.format,
        encoding=evidence.encoding,
        bytes=len(data),
        sha256=_digest(data),
    )
    stock = Stock(inventory) if isinstance(inventory, Inventory) else inventory
    return report_of(evidence, matches, source=source, knowledge=knowledge, stock=stock)


def _digest(data: Data) -> str:
    if isinstance(data, bytes):
        return sha256(data).hexdigest()
    from triage.formats.binary.store import digest_of  # noqa: PLC0415 - only large members of containers are mapped

    return digest_of(data)


def plan_reports(reports: Iterable[Report]) -> Plan | None:
    """The fewest things to do about the findings of many reports together; None where none has a finding."""
    return plan_all(report.findings for report in reports)


def _with_told(
    data: Data, evidence: Evidence, printed: tuple[Match, ...], knowledge: Pack, top: int
) -> tuple[Evidence, tuple[Match, ...]]:
    """The evidence with what is told beside it, if that finds anything, and the findings of both."""
    said = told(data, evidence)
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


def search(words: str, knowledge: Pack, top: int = DEFAULT_TOP, *, path: str = "words") -> Report:
    """The articles that a person's description fits. Raises SourceError if there are no words."""
    evidence = description(words)
    if not evidence.incidents:
        raise SourceError("no words to search for", path=path)
    source = SourceInfo(path=path, format="words", bytes=len(words.encode("utf-8", "replace")))
    return report_of(evidence, match(evidence, knowledge, top=top), source=source, knowledge=knowledge)
