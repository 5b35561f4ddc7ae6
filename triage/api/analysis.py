"""Bytes or words through formats, engine and advice to a Report."""

from collections.abc import Iterable
from hashlib import sha256

from msgspec.structs import replace

from triage.advice import Stock, plan_all
from triage.api.convert import report_of
from triage.engine import match
from triage.errors import SourceError
from triage.facts.words import STOP_WORDS
from triage.formats import read_evidence
from triage.formats.binary import Data
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence, Incident, Lines, Message
from triage.model.inventory import Inventory
from triage.model.report import Plan, Report, SourceInfo
from triage.text.decode import decode
from triage.text.prose import is_prose

DEFAULT_TOP = 5
MAX_WORDS = 100_000
MAX_TOLD = 20_000
"""Bytes of a text that may be a person's description: who tells of a crash is brief."""

MIN_TOLD = 60
PROSE_SHARE = 0.7
GRAMMAR_SHARE = 0.2
"""Characters in rows of prose, and their part of the text, from which on it is taken to be one. So many of
its words are articles, pronouns and the like: logs go without them."""


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
        person = told(data, evidence)
        if person is not None:
            evidence = replace(evidence, incidents=(*evidence.incidents, *person.incidents))
            matches = match(evidence, knowledge, top=top)
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


def description(words: str) -> Evidence:
    """A person's description as evidence: one incident of its words; none where there are no words."""
    text = " ".join(words[:MAX_WORDS].split())
    incidents = (Incident(kind="prose", messages=(Message(text),)),) if text else ()
    return Evidence(format="words", incidents=incidents)


def told(data: Data, evidence: Evidence | None = None) -> Evidence | None:
    """A short text in a person's own words (a ticket, a mail) as a description; None where it is anything else.

    What `evidence` has read of it is no person's: a text that holds nothing but a STOP screen is no description.
    """
    if len(data) > MAX_TOLD:
        return None
    text, encoding = decode(bytes(data))
    read = (
        {line for incident in evidence.incidents for line in _span(incident.lines)} if evidence is not None else set()
    )
    rows = [row for number, row in enumerate(text.splitlines(), 1) if row.strip() and number not in read]
    told = sum(len(row) for row in rows if is_prose(row))
    words = " ".join(rows).lower().split()
    if told < MIN_TOLD or told < PROSE_SHARE * sum(map(len, rows)):
        return None
    if sum(word in STOP_WORDS for word in words) < GRAMMAR_SHARE * len(words):
        return None
    return replace(description(text), encoding=encoding)


def _span(lines: Lines) -> range:
    return range(lines[0], lines[1] + 1)


def search(words: str, knowledge: Pack, top: int = DEFAULT_TOP, *, path: str = "words") -> Report:
    """The articles that a person's description fits. Raises SourceError if there are no words."""
    evidence = description(words)
    if not evidence.incidents:
        raise SourceError("no words to search for", path=path)
    source = SourceInfo(path=path, format="words", bytes=len(words.encode("utf-8", "replace")))
    return report_of(evidence, match(evidence, knowledge, top=top), source=source, knowledge=knowledge)
