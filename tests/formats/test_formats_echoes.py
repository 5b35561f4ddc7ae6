"""What only echoes a report that stands beside it is one incident with it."""

import pytest

from triage.formats import read_evidence

REPORT = """\
Exception class: EAccessViolation
Exception message: Access violation at address 00687E11 in module 'Orchard.exe'. Read of address 0000000C.
Exception address: 00687E11
------------------------------------------------------------------------------
Exception stack
Stack list, generated 04.01.2022 10:01:22
[00687E11]{Orchard.exe } Leaf.TLeaf.Grow (Line 109, "Leaf.pas" + 1) + $0
[006885FA]{Orchard.exe } Leaf.TLeaf.Fall (Line 299, "Leaf.pas" + 1) + $2
"""


def test_the_message_that_a_handler_shows_above_its_report() -> None:
    shown = "Access violation at address 00687E11 in module 'Orchard.exe'. Read of address 0000000C.\n\n"
    (incident,) = read_evidence((shown + REPORT).encode()).incidents
    assert incident.stack


def test_the_same_exception_elsewhere_is_another() -> None:
    shown = "Access violation at address 00700000 in module 'Orchard.exe'. Read of address 0000000C.\n\n"
    assert len(read_evidence((shown + REPORT).encode()).incidents) == 2


def test_the_words_that_a_person_quotes_of_what_follows() -> None:
    text = (
        'It ends with "Windows fatal exception: access violation". Here is all of it:\n'
        "Windows fatal exception: access violation\n\nCurrent thread 0x00001d14 (most recent call first):\n"
    )
    assert len(read_evidence(text.encode()).incidents) == 1


def test_the_heading_of_a_report_that_is_folded_up() -> None:
    text = (
        "<summary>Crash reason:  EXCEPTION_ACCESS_VIOLATION_READ ::  0  leaf.dll + 0x14 </summary>\n\n"
        "Operating system: Windows NT\n                  6.1.7601 Service Pack 1\nCPU: x86\n\n"
        "Crash reason:  EXCEPTION_ACCESS_VIOLATION_READ\nCrash address: 0x4\n\nThread 0 (crashed)\n"
        " 0  leaf.dll + 0x14bd54\n    eip = 0x6620bd54   esp = 0x00286620\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.stack


@pytest.mark.parametrize("between", [30, 300])
def test_what_stands_far_from_a_report_may_be_another(between: int) -> None:
    text = "Windows fatal exception: access violation\n" + "a row\n" * between + REPORT
    assert len(read_evidence(text.encode()).incidents) == 2
