"""Bytes or words through formats, engine and advice to a Report."""

from collections.abc import Iterable
from hashlib import sha256

from triage.advice import Stock, plan_all
from triage.api.convert import report_of
from triage.api.judge import judge
from triage.api.told import description, with_told
from triage.engine import match
from triage.errors import SourceError
from triage.formats import read_evidence
from triage.formats.binary import Data
from triage.knowledge.pack import Pack
from triage.model.evidence import DESCRIPTION
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
    evidence = with_told(data, read_evidence(data))
    source = SourceInfo(
        path=path,
        format=evidence.format,
        encoding=evidence.encoding,
        bytes=len(data),
        sha256=_digest(data),
    )
    stock = Stock(inventory) if isinstance(inventory, Inventory) else inventory
    return judge(evidence, source=source, knowledge=knowledge, top=top, stock=stock)


def _digest(data: Data) -> str:
    if isinstance(data, bytes):
        return sha256(data).hexdigest()
    from triage.formats.binary.store import digest_of  # noqa: PLC0415 - only large members of containers are mapped

    return digest_of(data)


def plan_reports(reports: Iterable[Report]) -> Plan | None:
    """The fewest things to do about the findings of many reports together; None where none has a finding."""
    return plan_all(report.findings for report in reports)


def search(words: str, knowledge: Pack, top: int = DEFAULT_TOP, *, path: str = "words") -> Report:
    """The articles that a person's description fits. Raises SourceError if there are no words."""
    evidence = description(words)
    if not evidence.incidents:
        raise SourceError("no words to search for", path=path)
    source = SourceInfo(path=path, format=DESCRIPTION, bytes=len(words.encode("utf-8", "replace")))
    return report_of(evidence, match(evidence, knowledge, top=top), source=source, knowledge=knowledge)
