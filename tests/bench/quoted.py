"""Logs made of what articles quote: many more than anybody labels by hand, but labelled roughly.

Of each article, the passage that looks most like evidence is printed as a machine would have: addresses, dates and
process ids are others, placeholders have names, rows are wrapped anew, and what a log holds besides stands around it.
Each is made once as it is and once in worse state: half of the message lost, letters mistyped, symbols gone. Right are
all articles that hold nearly all of the passage; one that more than a few hold tells none of them and is left out. The
same articles give the same logs.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from labelled import Query

from triage.articles.article import Article
from triage.articles.quotes import read_quotes
from triage.articles.reading import read_article
from triage.formats import read_evidence

LABELS: Final = "quoted"
MOST_RIGHT: Final = 4
"""Articles that may hold a passage for it to tell one of them."""

SAME: Final = 0.85
"""Share of a passage's runs of words that an article has to hold to be right."""

RUN: Final = 3
"""Words of a run."""

MOST_ROWS: Final = 60
SHORTEST: Final = 25
"""Characters of a passage."""

SOURCE_ROWS: Final = 3
"""Rows of a programming language from which on a passage is source code."""

KINDS: Final = (
    (
        "drwatson",
        re.compile(
            r"Application exception occurred|^\s*App: |Exception number: |State Dump", re.IGNORECASE | re.MULTILINE
        ),
    ),
    ("stop", re.compile(r"\bSTOP:? ?\(?(?:0x[0-9a-f]|c0000)", re.IGNORECASE)),
    ("stack", re.compile(r"(?:\b\w{2,20}!\w{3,}[\s\S]{0,200}){3}")),
    ("event", re.compile(r"\bEvent ?(?:ID)? ?[:#]? {0,8}\d{1,5}\b", re.IGNORECASE)),
    (
        "fault",
        re.compile(
            r"caused an? (?:invalid|general|stack|exception|divide|page)|instruction at|general protection"
            r"|invalid page fault|\bexception\b|access violation|illegal operation",
            re.IGNORECASE,
        ),
    ),
)
"""What a passage may be, the first that fits."""

_SOURCE = re.compile(r"#include|\bvoid main\b|[;{}]\s*$|^\s*(?://|/\*|C  )", re.MULTILINE)
_HEX = re.compile(r"(?<!\w)(0x)?([0-9a-f]{8})(?!\w)", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b")
_TIME = re.compile(r"\b\d{1,2}:\d\d:\d\d\b")
_HOLE = re.compile(r"<[a-z][\w ./-]{1,40}>|%\d\b|\[[a-z][a-z ]{2,30}name\]", re.IGNORECASE)
_PROCESS_ID = re.compile(r"(?<=pid=)\d+")
_ROW = re.compile(
    r"!|\b[0-9a-f]{8}\b.*\b[0-9a-f]{8}\b|^\s*(?:Event ?ID|Source|Type|Category|App|When)\s*:", re.IGNORECASE
)
"""Rows with a form of their own, which are not wrapped."""

_SYMBOL = re.compile(r"\b(\w+)!(?!<)[\w:~@?$]+(?:\+0x[0-9a-f]+)?")
_WORD = re.compile(r"[a-z]+|\d+")

_NAMES = "LEDGER ORCHARD NTSRV01 BRANCH7 MAILHUB depot sales-2 PDC_EAST jmiller Archive3".split()
_MODULES = (
    "ntdll kernel32 user32 gdi32 advapi32 rpcrt4 ole32 oleaut32 msvcrt shell32 comctl32 ws2_32 version winmm netapi32 "
    "samlib secur32 mpr lz32"
).split()
_CALM: Final = (
    ("EventLog", 6005, "The Event log service was started."),
    ("EventLog", 6006, "The Event log service was stopped."),
    ("EventLog", 6009, "Microsoft (R) Windows NT (R) 4.0 1381 Service Pack 5 Uniprocessor Free."),
    ("Print", 10, "Document 3, Budget owned by clerk was printed on LaserJet via port LPT1:. Pages printed: 1"),
    (
        "BROWSER",
        8015,
        "The browser has forced an election on network NetBT_E100B1 because a master browser is started.",
    ),
    ("NETLOGON", 5711, "The partial synchronization request from the server DEPOT completed successfully."),
    ("Tcpip", 4201, "The system detected that a network adapter was connected, and has initiated normal operation."),
    ("Srv", 2013, "The D: disk is at or near capacity.  You may need to delete some files."),
    ("ESE97", 100, "The database engine 5.00.1460 started."),
    ("MSExchangeIS Private", 1013, "Finished deleting folders and messages older than the age limit."),
    ("Rdr", 3028, "The redirector has completed its initialization."),
    ("MSSQLServer", 17055, "SQL Server is ready for client connections."),
    ("W32Time", 64, "The time service is running."),
    ("Service Control Manager", 7036, "The Spooler service entered the running state."),
    ("Application Popup", 26, "Application popup: Backup: The job has finished."),
)
"""Events that any log holds."""

_BANNER = [
    "",
    "Microsoft (R) Windows Debugger  Version 4.0.0018.0",
    "Copyright (c) Microsoft Corporation. All rights reserved.",
    "",
    "Loading Dump File [C:\\dumps\\memory.dmp]",
    "Symbol search path is: C:\\symbols",
    "",
]


def quoted_logs(folder: Path, ids: Collection[str], labelled: Collection[str]) -> Iterator[Query]:
    """The labelled logs of the articles `ids` under `folder`, without those for which one of `labelled` is right."""
    passages: list[tuple[str, str, Sequence[str]]] = []
    holders: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("*.md")):
        article = read_article(path.read_bytes())
        if article.id not in ids:
            continue
        for run in _runs(path.read_text("utf-8", "replace")):
            holders[run].add(article.id)
        picked = passage_of(article)
        if picked is not None:
            passages.append((article.id, *picked))
    for article_id, kind, rows in passages:
        runs = _runs("\n".join(rows))
        held = Counter(holder for run in runs for holder in holders[run])
        right = frozenset({article_id} | {holder for holder, count in held.items() if count >= SAME * len(runs)})
        if len(right) <= MOST_RIGHT and right.isdisjoint(labelled):
            for damaged in (False, True):
                text = printed(rows, kind, random.Random(f"{article_id}/{damaged}"), damaged=damaged)  # noqa: S311
                yield Query(LABELS, kind, right, read_evidence(text.encode()))


def passage_of(article: Article) -> tuple[str, Sequence[str]] | None:
    """Kind and rows of the passage that looks most like evidence: of the symptoms, printed, of the first kind."""
    best: tuple[tuple[bool, bool, int], str, Sequence[str]] | None = None
    for quote in read_quotes(article):
        rows = quote.rows[:MOST_ROWS]
        text = "\n".join(rows)
        place = next((index for index, (_, pattern) in enumerate(KINDS) if pattern.search(text)), None)
        if place is None or len(text) <= SHORTEST or len(_SOURCE.findall(text)) >= SOURCE_ROWS:
            continue
        key = (quote.section in article.symptom_sections, quote.printed, -place)
        if best is None or key > best[0]:
            best = (key, KINDS[place][0], rows)
    return None if best is None else best[1:]


def printed(rows: Sequence[str], kind: str, chance: random.Random, *, damaged: bool) -> str:
    """A log that holds the passage as another machine prints it."""
    text = _HOLE.sub(_same(lambda _: chance.choice(_NAMES)), _HEX.sub(_same(_address(chance)), "\n".join(rows)))
    text = _DATE.sub(f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/{chance.choice(('97', '1999', '2001'))}", text)
    text = _TIME.sub(f"{chance.randint(1, 12)}:{chance.randint(10, 59)}:{chance.randint(10, 59)}", text)
    rows = _PROCESS_ID.sub(lambda _: str(chance.randint(50, 4000)), text).split("\n")
    if damaged:
        rows = _damaged(rows, chance)
    if chance.random() < 0.6:
        rows = _wrapped(rows, chance.randint(58, 80))
    before, after = _around(kind, chance)
    return "\n".join([*before, *rows, *after])


def _same(change: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    """A change that gives the same text for the same text."""
    known: dict[str, str] = {}

    def changed(match: re.Match[str]) -> str:
        if match[0] not in known:
            known[match[0]] = change(match)
        return known[match[0]]

    return changed


def _address(chance: random.Random) -> Callable[[re.Match[str]], str]:
    def change(match: re.Match[str]) -> str:
        value = int(match[2], 16)
        status = value >> 24 in {0x80, 0xC0} and not value & 0xFFF000
        if value < 0x10000 or status:
            return match[0]
        page = chance.randrange(0x100, 0xFFF) if value >= 0x80000000 else chance.randrange(0x10, 0x7FF)
        other = f"{page << 20 | (value & 0xFFF if chance.random() < 0.5 else chance.randrange(1 << 20)):08x}"
        return (match[1] or "") + (other.upper() if match[2].isupper() else other)

    return change


def _damaged(rows: Sequence[str], chance: random.Random) -> list[str]:
    """The end of the message lost, letters mistyped, all but the first frames gone and those without symbols."""
    paragraphs = list(_paragraphs(rows))
    words = sum(len(" ".join(run).split()) for run, running in paragraphs if running)
    left = int(words * chance.uniform(0.45, 1.0)) if words > 10 else words
    kept: list[str] = []
    frames = 0
    for run, running in paragraphs:
        if running:
            said = " ".join(run).split()[:left]
            left -= len(said)
            if said:
                kept.append(" ".join(_mistyped(word, chance) if chance.random() < 0.04 else word for word in said))
            continue
        (row,) = run
        frames += "!" in row
        if ("!" in row and frames > 3) or (row.strip().startswith("Source") and chance.random() < 0.3):
            continue
        kept.append(_SYMBOL.sub(lambda match: f"{match[1]}+0x{chance.randrange(0x1000, 0x60000):x}", row))
    return kept


def _mistyped(word: str, chance: random.Random) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    at = chance.randrange(len(word) - 1)
    swapped, lost, doubled = word[at + 1] + word[at] + word[at + 2 :], word[at + 1 :], word[at] + word[at:]
    return word[:at] + chance.choice((swapped, lost, doubled))


def _wrapped(rows: Sequence[str], width: int) -> list[str]:
    wrapped: list[str] = []
    for run, running in _paragraphs(rows):
        if not running:
            wrapped += run
            continue
        row = ""
        for word in " ".join(run).split():
            if row and len(row) + 1 + len(word) > width:
                wrapped.append(row)
                row = word
            else:
                row = f"{row} {word}".strip()
        wrapped.append(row)
    return wrapped


def _paragraphs(rows: Iterable[str]) -> Iterator[tuple[list[str], bool]]:
    """Runs of running text, and single rows that are none."""
    run: list[str] = []
    for row in rows:
        if row.strip() and not _ROW.search(row):
            run.append(row)
            continue
        if run:
            yield run, True
            run = []
        yield [row], False
    if run:
        yield run, True


def _around(kind: str, chance: random.Random) -> tuple[list[str], list[str]]:
    """What stands before and behind the passage: harmless events, or the start of a debugger's session; or nothing."""
    if chance.random() < 0.15 or (kind == "fault" and chance.random() < 0.6):
        return [], []
    if kind in {"event", "fault"}:
        blocks = [_calm_event(chance) for _ in range(chance.randint(2, 11))]
        cut = chance.randint(0, len(blocks))
        return [row for block in blocks[:cut] for row in block], [row for block in blocks[cut:] for row in ("", *block)]
    before = list(_BANNER) if chance.random() < 0.5 else []
    label = chance.choice(("CDB ModLoad: ", "ModLoad: "))
    for name in chance.sample(_MODULES, chance.randint(0, len(_MODULES))):
        base = chance.randrange(0x1000, 0x7800) << 16
        end = base + 0x1000 * chance.randint(4, 90)
        before.append(f"{label}{base:08x} {end:08x}   C:\\WINNT\\System32\\{name}.dll")
    return before, chance.choice(([], ["", "quit:"], ["", "0:004> !locks"]))


def _calm_event(chance: random.Random) -> list[str]:
    source, number, text = chance.choice(_CALM)
    return [
        f"Event ID: {number}",
        f"Source: {source}",
        "Type: Information",
        "Category: None",
        "Description:",
        text,
        "",
    ]


def _runs(text: str) -> set[tuple[str, ...]]:
    """The runs of words of a text, addresses as one word, without placeholders and dates."""
    words = _WORD.findall(_HEX.sub(" hex ", _DATE.sub(" ", _HOLE.sub(" ", text))).lower())
    return {tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))}
