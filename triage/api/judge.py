"""Evidence that was read before, or elsewhere, through engine and advice to a Report."""

from triage.advice import Stock
from triage.api.convert import report_of
from triage.engine import match
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence
from triage.model.report import Report, SourceInfo


def judge(evidence: Evidence, *, source: SourceInfo, knowledge: Pack, top: int, stock: Stock | None = None) -> Report:
    """The report on evidence; what `analyze` gives on the bytes that it was read of, but for what a person tells there
    beside the logs.

    `stock` is an inventory of the machine that crashed.
    """
    return report_of(evidence, match(evidence, knowledge, top=top), source=source, knowledge=knowledge, stock=stock)
