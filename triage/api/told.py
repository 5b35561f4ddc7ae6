"""What the writer of a text tells beside what programs print: a ticket, a mail, notes between pieces of logs."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from triage.engine import Match
from triage.engine.confidence import band
from triage.facts.incident import RECORDED
from triage.facts.words import STOP_WORDS
from triage.formats.binary import Data
from triage.formats.debugger.noise import is_noise
from triage.model.evidence import DESCRIPTION, Evidence, Incident, Lines, Message, Told
from triage.text.changes import is_change_log
from triage.text.decode import BINARY, decode
from triage.text.lazy import regex
from triage.text.prose import is_advice, is_program, is_prose, is_source
from triage.text.repair import split
from triage.text.stamps import is_stamped

MAX_TOLD: Final = 48_000
"""Bytes of a text that may tell of a fault: who tells of a crash is brief, and what is longer is a log."""

MIN_SAID: Final = 40
SAID_SHARE: Final = 0.1
"""Characters of rows that read as a person's words, and their part of what no reader understood: where nobody says
anything, a list of requests or a program's source would be searched for."""

MIN_ALONE: Final = 100
"""The same characters where nothing was printed and the text is no letter: one sentence below a web server's log makes
no ticket of it."""

LETTER_SHARE: Final = 0.7
GRAMMAR_SHARE: Final = 0.2
"""Characters in rows that read as a person's words, and articles, pronouns and the like among the words, from which on
a text is a letter: logs go without them."""

TWICE: Final = 2
"""How often a person says the same; what stands there more often but for its numbers, a program has written."""

_LETTERS = regex(r"[^\W\d_]+")
_NUMBER = regex(r"(?<![\w.])\d[\d:.,/-]*(?![\w.])")
"""Times, sizes and counters in rows of no person; what is a code there, a reader has understood."""

_CRASH: Final = tuple(
    word.encode()
    for word in (
        "access violation", "page fault", "protection fault", "protection violation", "protection error", "blue screen",
        "bluescreen", "dr watson", "dr. watson", "drwatson", "stop error", "stop message", "stop screen", "stop code",
        "stop 0x", "stop: 0x", "bug check", "bugcheck", "unhandled exception", "illegal operation", "trap frame",
        "stack trace", "status_access_violation", "crash", "stops responding", "stopped responding",
    )
)  # fmt: skip
"""What people call a crash. Looked for one by one: that is far faster than one pattern for all."""

_CONTROL = regex(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Nobody types these: the row is a piece of a program or of a picture, whatever letters stand in it."""

_REVIEW = regex(
    r"^(?:[`~]{3,8}diff\b|@@ -\d{1,7}(?:,\d{1,7})? \+\d{1,7}(?:,\d{1,7})? @@|diff --git |#{2,5} Document Details\b)"
    r"|\b(?:for|of|in) (?:this|your) (?:PR|pull request)\b",
    re.MULTILINE,
)
"""What only the review of a change holds, or what is said about a page of documentation: it speaks of crashes, of which
none has happened."""

MAX_WORDS: Final = 100_000

LIKELY: Final = 0.89
"""Most that print and words make together: certain is what print alone shows."""

HELD: Final = 0.4
"""Most that a finding of the print keeps beside words where it is in doubt that any rule describes the fault: the words
have found their article whether it is described there or not."""

LEAST_LEFT: Final = 0.3
"""Part of its confidence that a finding of the print keeps, whatever the words say."""

UNSURE: Final = 0.59
"""Most that words beside a log can make of a rule: possible, no more. What was printed is evidence; words are not."""


def description(words: str) -> Evidence:
    """A person's description as evidence: one incident of its words, row by row; none where there are no words."""
    return _incident([Message(" ".join(row.split()), (at, at)) for at, row in enumerate(split(words[:MAX_WORDS]), 1)])


def with_told(data: Data, evidence: Evidence) -> Evidence:
    """The evidence with what is told in a short text: the rows that no reader understood, or all rows of a letter.

    What the readers made of it is no person's: a text that is nothing but a STOP screen tells nothing.
    """
    if len(data) > MAX_TOLD or evidence.encoding == BINARY:
        return evidence
    text, _ = decode(bytes(data))
    written = split(text)
    explains = not evidence.incidents and (is_advice(written) or is_source(written))
    if explains or _REVIEW.search(text) is not None or is_change_log(written):
        return evidence
    spans = [
        *(incident.lines for incident in evidence.incidents),
        *(module.lines for module in evidence.modules),
        # What a reader understood and says why it is no crash, or where it is damaged: a dump of another system.
        *(damage.lines for damage in evidence.warnings),
    ]
    read = _lines_of(spans)
    # Rows as the readers count them, whatever ends them: else a row that was read would count as told.
    every = [(number, row) for number, row in enumerate(written, 1) if row.strip()]
    # A letter quotes what it saw in the midst of its sentences: `Ten minutes later it says STOP 0x24 and NTFS.SYS.`
    prose = frozenset(number for number, row in every if _is_spoken(row))
    letter = _is_letter(every, prose)
    left = every if letter else [(n, row) for n, row in every if n not in read and not is_noise(row)]
    repeated = Counter(_wording(row) for _, row in left)
    spoken = frozenset(number for number, row in left if number in prose and repeated[_wording(row)] <= TWICE)
    said = sum(len(row) for number, row in left if number in spoken)
    if said < (MIN_SAID if letter or evidence.incidents else MIN_ALONE) or said < SAID_SHARE * sum(
        len(row) for _, row in left
    ):
        return evidence
    rows = tuple(
        Message(" ".join((row if number in spoken else _NUMBER.sub(" ", row)).split()), (number, number))
        for number, row in left
    )
    return replace(evidence, told=Told(rows, tuple(sorted(spoken))))


def tells_of_a_crash(data: Data) -> bool:
    """Whether a short text speaks of a crash in words: of the many texts of a share, those are worth a search."""
    if len(data) > MAX_TOLD:
        return False
    plain = bytes(data).replace(b"\0", b"").lower()  # without the zeros of UTF-16
    return any(word in plain for word in _CRASH)


def said_in(evidence: Evidence) -> Evidence | None:
    """What is told in a source as a description, one incident of the rows that no reader understood; None where
    nothing is."""
    told = evidence.told
    if told is None:
        return None
    return replace(evidence, incidents=_incident(told.rows).incidents, modules=(), warnings=(), told=None)


def _is_spoken(row: str) -> bool:
    # What begins with date and time is a program's, in however good sentences.
    return _CONTROL.search(row) is None and not is_stamped(row) and is_prose(row) and not is_program(row)


def _is_letter(rows: Sequence[tuple[int, str]], prose: frozenset[int]) -> bool:
    """Whether a text is a person's from end to end: sentences, with the small words that no log has.

    `prose` are the numbers of the rows that read as a person's words.
    """
    told = sum(len(row) for number, row in rows if number in prose)
    words = [word for _, row in rows for word in row.lower().split()]
    return told >= LETTER_SHARE * sum(len(row) for _, row in rows) and sum(
        word in STOP_WORDS for word in words
    ) >= GRAMMAR_SHARE * len(words)


def _wording(row: str) -> str:
    return " ".join(_LETTERS.findall(row))


def unsure(found: Match, incident: int) -> Match:
    """A finding of a description beside a log, whose incident is the log's number `incident`."""
    return replace(found, incident=incident, confidence=min(found.confidence, UNSURE), band="possible")


def agreed(printed: Sequence[Match], told: Sequence[Match], evidence: Evidence, place: int) -> list[Match]:
    """The findings of what was printed in the evidence and of what was told beside it, best first, each rule once.

    A rule that both lead to is likelier than by either alone, as of two witnesses who have not heard each other, and
    what it has gained is lost to those that only the print leads to: one fault has one cause. A letter that repeats
    what was printed is no second witness so far as it does. `place` is the number of the told incident.
    """
    spoken = {one.rule.id: one for one in told}
    both = {
        one.rule.id: _together(one, its, evidence.incidents[one.incident].lines)
        for one in printed
        if (its := spoken.get(one.rule.id)) is not None
    }
    surest = max(both.values(), default=0.0)
    alone = max((one.confidence for one in told if one.rule.id not in both), default=0.0)
    best: dict[str, Match] = {}
    for one in printed:
        left = max(min(_beside(one.confidence, alone), 1.0 - surest), LEAST_LEFT * one.confidence)
        sure = both.get(one.rule.id, left if one.known else min(left, HELD))
        best[one.rule.id] = _surely(one, min(sure, LIKELY))
    for one in told:
        best.setdefault(one.rule.id, unsure(one, place))
    return sorted(best.values(), key=lambda one: -one.confidence)


def _beside(confidence: float, other: float) -> float:
    """What a confidence is beside that of another cause from another witness: one fault has one cause."""
    return confidence * (1.0 - other) / (1.0 - confidence * other)


_NO_WORDS: Final = RECORDED | {"code"}


def _together(printed: Match, told: Match, read: Lines) -> float:
    """The confidence of a rule to which the printed lines and what is told both lead."""
    said = _own_share(printed, told, read) * min(told.confidence, UNSURE)
    return round(1.0 - (1.0 - printed.confidence) * (1.0 - said), 3)


def _own_share(printed: Match, told: Match, read: Lines) -> float:
    """The share of the words that lead to a finding which did not do so already where they were printed."""
    first, last = read
    heard = {fact.value for fact in printed.because if fact.lines and first <= fact.lines[0] <= last}
    words = [fact for fact in told.because if fact.kind not in _NO_WORDS]
    total = sum(fact.weight for fact in words)
    repeated = sum(fact.weight for fact in words if fact.value in heard)
    return 1.0 - repeated / total if total else 1.0


def _surely(found: Match, confidence: float) -> Match:
    return replace(found, confidence=round(confidence, 3), band=band(confidence, known=found.known) or "possible")


def _incident(rows: Sequence[Message]) -> Evidence:
    rows = [row for row in rows if row.text]
    if not rows:
        return Evidence(format=DESCRIPTION)
    lines = (rows[0].lines[0], rows[-1].lines[1])
    return Evidence(format=DESCRIPTION, incidents=(Incident(kind="prose", lines=lines, messages=tuple(rows)),))


def _lines_of(spans: Iterable[Lines]) -> set[int]:
    """The lines of all spans, each looked at once, however many of them lie over each other."""
    lines: set[int] = set()
    end = 0
    for first, last in sorted(spans):
        lines.update(range(max(first, end + 1), last + 1))
        end = max(end, last)
    return lines
