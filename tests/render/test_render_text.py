"""The page leads with what happened, which article, how sure and what to do."""

import re

import msgspec
import pytest
from hypothesis import given, settings

from builders.reports import EMPTY, SHUTDOWN, any_report
from triage.model.report import Because, Finding, Report
from triage.render import markdown, text
from triage.render.clean import columns
from triage.render.phrases import because

PAGE = """\
stdin: debugger output, 2 incidents

1  Access violation c0000005, first chance; just before it were loaded quorum.dll, vote.dll (lines
   3-9)
   Q900001  Access Violation While the Cluster Votes                                    likely, 0.93
   Do       install Windows 2000 Service Pack 2 or later
   Here     the log does not tell the service pack
   File     vote.dll: 5.0.2195.10, fixed in 5.0.2195.20, older
   Because  2 of 3 modules (lines 3-5), exception code c0000005 (line 6); nothing against it
   See      Q900003, Q900002, https://kb.example/Q900001/
   or       Q900004  Another Article                                                  possible, 0.35

2  Access violation c0000005, second chance in ledger.exe at ledger+1234 (lines 12-19)
   Unknown  no article of the knowledge describes this
   Known    c0000005 is STATUS_ACCESS_VIOLATION; faulting module ledger.exe
            A thread touched memory that it may not touch.
   Next     lmvm ledger  version, date and maker of ledger

Damage   line 3: module list cut off"""


def test_the_whole_page() -> None:
    assert text.render(SHUTDOWN, width=100) == PAGE


def test_a_trace_of_a_finding_takes_no_line_unless_all_is_asked_for() -> None:
    first, second = SHUTDOWN.findings
    trace = msgspec.structs.replace(second, confidence=0.004)
    unsure = msgspec.structs.replace(SHUTDOWN, findings=(msgspec.structs.replace(first, confidence=0.2), trace))
    assert trace.rule not in text.render(unsure)
    assert trace.rule in text.render(unsure, explain=True)


def test_explained_it_shows_every_fact_with_line_and_weight() -> None:
    page = text.render(SHUTDOWN, explain=True)
    for row in (
        "For      3 facts, 17.7 bits",
        "  7.3  line 3  module quorum",
        "  9.3  line 5  module vote (similarity 0.80)",
        "Against  1 fact, 2.0 bits",
        "  2.0  -  product windows nt",
        "Missing  1 fact of the article that the source does not show",
        "-  module tally",
    ):
        assert row in page


def test_without_a_crash_it_says_what_triage_reads() -> None:
    assert text.render(EMPTY).startswith("quiet.log: no crash evidence found; triage reads debugger output")


def test_names_come_before_words_and_no_number_twice() -> None:
    facts = ("word:vote", "word:ballot", "code:c0000005", "exception:c0000005", "code:c0000096", "module:quorum")
    finding = Finding(
        rule="Q1",
        title="",
        url=None,
        incident=1,
        confidence=0.9,
        band="certain",
        advice=SHUTDOWN.findings[0].advice,
        because=tuple(Because(fact=fact, weight=9.0 - place) for place, fact in enumerate(facts)),
    )
    assert because(finding) == (
        "exception code c0000005, code in the text c0000096, module quorum, 2 words; nothing against it"
    )


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (("event:votes/7", "source:votes", "event-id:7"), "event votes/7"),
        (("source:votes", "event-id:8", "event:votes/7"), "event id 8, event votes/7"),
        (("function:ecballot", "word:ecballot", "word:urn"), "function ecballot, word urn"),
        (("function:quorum!ecvote", "word:ecvote"), "function quorum!ecvote"),
    ],
)
def test_what_another_fact_says_already_is_not_told_again(facts: tuple[str, ...], told: str) -> None:
    shown = tuple(Because(fact=fact, weight=9.0 - place) for place, fact in enumerate(facts))
    finding = msgspec.structs.replace(SHUTDOWN.findings[0], because=shown, against=(), missing=())
    assert because(finding) == f"{told}; nothing against it"


def test_a_module_list_alone_is_told_from_nothing() -> None:
    report = Report(source=EMPTY.source, modules=SHUTDOWN.modules)
    assert text.render(report).startswith("quiet.log: 1 module, but no crash; the output of `!analyze -v`")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_width_is_kept(width: int) -> None:
    assert all(columns(line) <= width for line in text.render(SHUTDOWN, width=width).splitlines())


@settings(deadline=None, max_examples=150)
@given(any_report)
def test_no_report_can_break_the_page(report: Report) -> None:
    page = text.render(report, explain=True)
    assert all(line.isprintable() for line in page.split("\n"))
    painted = text.render(report, explain=True, colour=True)
    assert re.sub(r"\x1b\[(?:1|2|1;3[123])m|\x1b\[0m", "", painted) == page
    assert all(line.isprintable() for line in markdown.render(report).split("\n"))


def test_markdown_escapes_markup_of_the_input() -> None:
    report = Report(source=SHUTDOWN.source, incidents=SHUTDOWN.incidents[1:], warnings=SHUTDOWN.warnings)
    assert "`" not in markdown.render(report).replace("\\`", "")
    page = markdown.render(SHUTDOWN)
    assert "### [Q900001](https://kb.example/Q900001/) Access Violation While the Cluster Votes (likely, 0.93)" in page
    assert "- **Do:** install Windows 2000 Service Pack 2 or later" in page
    assert "STATUS_" not in page.replace("STATUS\\_", "")
