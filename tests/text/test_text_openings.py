"""Rows with which another text begins: crash reports, fault messages, rows of logs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.text.lines import Text
from triage.text.openings import Openings, is_open
from triage.text.stamps import is_stamped


@pytest.mark.parametrize(
    "row",
    [
        "2004-04-08 13:25:10,120 ERROR Ledger: stopped",
        "2004-04-08T13:25:10.120Z stopped",
        "[4/8/2004 1:25:10 PM] stopped",
        "08.04.2004 13:25 stopped",
        "Apr  8 13:25:10 desk ledger[212]: stopped",
        "Thu Apr 8, 2004 13:25:10 stopped",
        "8 Apr 2004, 13:25:10 stopped",
    ],
)
def test_rows_that_begin_with_date_and_time(row: str) -> None:
    assert is_stamped(row)


@pytest.mark.parametrize(
    "row", ["1:25:10 PM was the time", "4/8/2004 was the day", "On 4/8/2004 13:25:10 it stopped", "0000: 00 00 04 00"]
)
def test_rows_that_only_hold_a_date_or_a_time(row: str) -> None:
    assert not is_stamped(row)


@pytest.mark.parametrize(
    "row",
    [
        "It printed:",
        "The shutdown at",
        "Ledger.exe - Application Error : ",
        "Ledger.exe - Application Error",
        "It stopped because",
        "Reason = ",
        "ledger,",
    ],
)
def test_rows_that_go_on_below(row: str) -> None:
    assert is_open(row)


@pytest.mark.parametrize("row", ["It has stopped.", "It has stopped", "Size in bytes: 4096", "the format", ""])
def test_rows_that_are_at_their_end(row: str) -> None:
    assert not is_open(row)


@pytest.mark.parametrize(
    "rows",
    [
        "Exception code: 0xc0000005",
        "Exception Info: System.NullReferenceException",
        "Problem signature:\nP1: ledger.exe",
        "   at Ledger.Post.Run()",
        "ledger!Post+0x1b",
        "An unhandled exception has occurred.",
        "Unhandled exception in the service",
        "Version=1",
    ],
)
def test_rows_of_descriptions_begin_no_report(rows: str) -> None:
    assert not Openings(Text(rows.split("\n"))).printed(0)


@pytest.mark.parametrize(
    ("rows", "begins"),
    [
        ("LEDGER caused an invalid page fault in\nmodule POST.DLL at 0137:00402b1a.", True),
        ("Yesterday: LEDGER caused an invalid page fault in\nmodule POST.DLL at 0137:00402b1a.", False),
        ("It was stopped.\nLEDGER caused an invalid page fault in module POST.DLL at 0137:00402b1a.", False),
        ("Ledger.exe - Application Error\nThe instruction at 0x77f7d357 referenced memory at 0x00000008.", True),
        ("Ledger.exe - Application Error\nwas the title of the box.", False),
        ("[ERROR] - LEDGER caused an invalid page fault in module POST.DLL at 0137:00402b1a.", True),
        ("Die Anweisung in 0x77f7d357 verweist auf Speicher in 0x00000008.", True),
        ("Der Dienst meldet, er habe angehalten, da die Anweisung in 0x77f7d357 auf 0x00000008 verweist.", False),
        ("module POST.DLL at 0137:00402b1a.", False),
        ("", False),
    ],
)
def test_fault_messages_begin_with_their_own_first_row(rows: str, *, begins: bool) -> None:
    assert Openings(Text(rows.split("\n"))).told(0) is begins


_WORDS = [
    *("LEDGER caused an ", "invalid page fault in ", "module ", "POST.DLL ", "at 0137:00402b1a", "ledger!Post+0x1b"),
    *("Application Error", "2004-04-08 ", "13:25:10", "Unhandled exception. ", "System.", "[", "(", ": ", " ", "\n"),
]


@given(st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=12)), max_size=24))
def test_every_row_of_any_text_begins_something_or_nothing(pieces: list[str]) -> None:
    text = Text("".join(pieces).split("\n"))
    openings = Openings(text)
    for index, row in enumerate(text.rows):
        assert isinstance(is_stamped(row) or is_open(row), bool)
        # What begins depends on the row and what stands below it, not on what stands above.
        below = Openings(Text(text.rows[index:]))
        assert below.printed(0) == openings.printed(index)
        assert below.told(0) == openings.told(index)
