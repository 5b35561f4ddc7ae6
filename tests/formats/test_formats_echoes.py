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


FRAMES = (
    '[22017E0F]{leaf240.bpl} Leaf.TLeaf.Grow (Line 317, "Leaf.pas" + 0) + $F\n'
    '[501577F6]{rtl240.bpl  } System.Classes.TStrings.IndexOf (Line 6445, "System.Classes.pas" + 2) + $17\n'
)


@pytest.mark.parametrize(
    ("box", "count"),
    [
        ("Access violation at address 22017E0F in module 'leaf240.bpl'. Read of address 00000044.", 1),
        ("Access violation at address 00017E0F in module 'tree.bpl'. Read of address 00000044.", 2),
    ],
)
def test_the_box_of_a_delphi_program_and_the_frames_of_its_handler(box: str, count: int) -> None:
    incidents = read_evidence(f"{box}\n\n{FRAMES}".encode()).incidents
    assert len(incidents) == count
    assert incidents[-1].stack


STOPPED = (
    "*** Fatal System Error: 0x000000c1\n"
    "                       (0xFFFFB88CFE17AFF0,0x00000000000000D8,0x0000000000000010,0x0000000000000021)\n\n"
    "Break instruction exception - code 80000003 (first chance)\n\nA fatal system error has occurred.\n"
)
ASKED = (
    "nt!DbgBreakPointWithStatus:\nfffff807`3ebc3220 cc              int     3\n2: kd> kn\n"
    " # Child-SP          RetAddr               Call Site\n"
    "00 ffff878b`1fde6558 fffff807`3ec91582     nt!DbgBreakPointWithStatus\n"
    "01 ffff878b`1fde6560 fffff807`3ec90d07     nt!KiBugCheckDebugBreak+0x12\n"
    "02 ffff878b`1fde65c0 fffff807`3ebb9fa7     nt!KeBugCheck2+0x957\n"
)


@pytest.mark.parametrize("below", ["", "\n" + ASKED])
def test_a_stop_and_the_breakpoint_at_which_it_hands_over(below: str) -> None:
    (incident,) = read_evidence((STOPPED + below).encode()).incidents
    assert incident.bugcheck is not None
    assert incident.exception is not None
    assert (incident.bugcheck.code, incident.exception.code, len(incident.stack)) == (
        0xC1,
        0x80000003,
        3 if below else 0,
    )


def test_an_analysis_knows_the_module_better_than_the_sentence_above_it() -> None:
    text = (
        "BSOD bugcheck KERNEL_MODE_HEAP_CORRUPTION (0x13A) in leaf-kext_v1.sys\n\nFrom WinDbg:\n"
        "MODULE_NAME: leaf_kext_v1\n\nIMAGE_NAME:  leaf-kext_v1.sys\n"
        "FAILURE_BUCKET_ID: 0x13a_11_PMas_leaf_kext_v1!unknown_function\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.faulting_module) == (0x13A, "leaf_kext_v1")
