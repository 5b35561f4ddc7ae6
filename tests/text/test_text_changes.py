"""What is a list of changes, and what is a letter that speaks of one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import read_evidence
from triage.text.changes import is_change_log

ITEMS = [
    "- Fixed an access violation in leaf.exe (Windows) that occurred when a file was opened.",
    "- faster",
    "- smaller",
]

LOGS = {
    "a title": ["# Changelog", "", *ITEMS],
    "a title with the program": ["Orchard v1.5.1.6 Release Notes", "==============", *ITEMS],
    "NEWS of GNU": ["Orchard NEWS -- history of user-visible changes.", *ITEMS],
    "changes in a version": ["Changes in orchard 0.40.1", *ITEMS],
    "versions": [
        *("-----", "## 1.8.0 (2019-03-02)", "-----", ITEMS[0], "## 1.7.2 (2019-02-01)", ITEMS[1], "v1.7.1", ITEMS[2]),
    ],
    "headings below versions": [
        *("2.1.5", "=====", "### Significant changes relative to 2.1.4:", "", f"1. {ITEMS[0]}", "2.1.4", "1. faster"),
        *("2.1.3", "2. smaller"),
    ],
    "a package": [
        "orchard (1.8-2) unstable; urgency=medium",
        "",
        "  * Fix a crash when the ledger is empty.",
        " -- A",
        "",
    ],
    "days": [
        *("Tue Jun 12 2018  A. Grower <grower@example.org>", "\t* Bugfix: it crashed", "Mon Jun 11 2018 A. Grower"),
        *("\t* another", "11 July 2011, v2.4", "\t* the third"),
    ],
    "days of GNU": [
        *("2009-03-12  A. Grower  <grower@example.org>", "* leaf.c: crash", "2009-03-11  B. Grower  <b@example.org>"),
        *("* stem.c: crash", "2009-03-10  A. Grower  <grower@example.org>", "* root.c: crash"),
    ],
}


@pytest.mark.parametrize("rows", LOGS.values(), ids=LOGS)
def test_a_list_of_changes(rows: list[str]) -> None:
    assert is_change_log(rows)
    assert read_evidence("\n".join(rows).encode()).incidents == ()


@pytest.mark.parametrize(
    "rows",
    [
        ["Hello,", "since 1.8.0 it crashes. I have:", *ITEMS],
        ["I read the release notes, and they say", *ITEMS, "but mine crashes all the same."],
        ["No changes in the server since 2010", *ITEMS],
        ["I have bad news: the server crashed", *ITEMS],
        ["what is new in it?", *ITEMS],
        [
            "- sniffer",
            " 0.55   LEAF -> bcast   Find Name ROOT",
            " 1.10   LEAF -> bcast   Find Name",
            " 2.00   STEM",
            *ITEMS,
        ],
        ["# Changelog", "nothing yet"],
        ["2024-05-01", "- it crashed", "2024-05-02 it crashed again", "- twice", "2024-05-03", "- not at all"],
        ["Windows 10.0.19045", "Node 14.8.0 (x86)", "npm 6.14.7", "1. start it", "2. wait", "3. it crashes"],
        ["192.168.0.1", "10.0.0.1", "10.0.0.2", *ITEMS[1:], "- 3 of them answer"],
        [],
    ],
)
def test_what_only_speaks_of_changes(rows: list[str]) -> None:
    assert not is_change_log(rows)


def test_a_message_beside_them_is_one() -> None:
    assert read_evidence("\n".join(["I have:", *ITEMS]).encode()).incidents


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text("-*#0123456789.v ()[]<>@:abcJun\t", max_size=300), max_size=60))
def test_any_rows_are_looked_at(rows: list[str]) -> None:
    assert is_change_log(rows) in {True, False}
