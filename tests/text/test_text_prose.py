"""Rows that read as a person's words, and rows that programs print in words."""

import pytest

from triage.text.prose import is_literal, is_program, is_prose


@pytest.mark.parametrize(
    "row",
    [
        "The server stops every night when the backup starts.",
        "> we have seen it on three machines by now",
        "Der Server ist seit gestern Nacht mit einer Meldung abgestürzt",
        "I loaded the mini dump file into the debugger and see no symbols there",
        "Version 2 of the program does it as well",
    ],
)
def test_a_person_writes_it(row: str) -> None:
    assert is_prose(row)


@pytest.mark.parametrize(
    "row",
    [
        "",
        "It fails.",
        "Loading Dump File [C:\\WINDOWS\\Minidump\\Mini071405-02.dmp]",
        "Mini Kernel Dump File: Only registers and stack trace are available",
        "User Mini Dump File: Only registers, stack and portions of memory are available",
        "Kernel Summary Dump File: Only kernel address space is available",
        "Use !analyze -v to get detailed debugging information.",
        "Loading unloaded module list",
        "Debug session time: Thu Jul 14 18:22:07.546 2005 (GMT+2)",
        "*** WARNING: Unable to verify timestamp for the module",
        "#Fields: time c-ip cs-method cs-uri-stem sc-status",
        "#Software: Microsoft Internet Information Services 5.0 on this server",
        "10.4.0.17 GET /help/what-to-do-after-a-crash.htm 200",
        "for (int i = 0; i < 10; ++i) { run(i, values[i]); }",
        "0012f9a8 7c90e920 7c8025cb 00000694 00000000 ntdll!KiFastSystemCallRet",
    ],
)
def test_no_person_writes_it(row: str) -> None:
    assert not is_prose(row)


@pytest.mark.parametrize(
    "row",
    [
        "    // The computer has rebooted from a bugcheck.",
        "/// 1001: The computer has rebooted from a bugcheck.",
        'Write-Host "*Event ID 6008 is an error of the system that shut down unexpectedly*" -ForegroundColor Green',
        'message = "The service terminated unexpectedly"',
        '     "Windows rebooted without a clean shutdown first. This can happen "',
        '     "after a crash, a hang, or a sudden loss of power.",',
        "The %1 service terminated unexpectedly.  It has done this %2 time(s).",
        'Print("Access violation on %s, switch to the server", src);',
    ],
)
def test_rows_of_a_program(row: str) -> None:
    assert is_program(row)


@pytest.mark.parametrize(
    "row",
    [
        "The server stops every night when the backup starts.",
        '"The Ledger service cannot be started."',
        'It said "The Ledger service cannot be started", and then the screen went blue',
        "CPU usage is 90% since then (see the picture)",
        "- we have seen it on three machines (all of them new)",
    ],
)
def test_a_person_is_no_program(row: str) -> None:
    assert not is_program(row)


@pytest.mark.parametrize("row", ['"' * 10**6, '" ' * 10**6, "'a" * 10**6, "{" * 10**6, "a=" * 10**6, "%" * 10**6])
def test_long_rows_of_a_program_cost_no_more_than_their_beginning(row: str) -> None:
    assert is_program(row) == is_program(row[:2_000])


@pytest.mark.parametrize("row", ["a " * 10**6, "Kernel " * 10**5, "#" * 10**6, "* " * 10**6, "ab" * 10**6])
def test_long_rows_cost_no_more_than_their_beginning(row: str) -> None:
    assert is_prose(row) == is_prose(row.strip()[:400])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('            "ExceptionCode: e06d7363 (C++ EH exception)",', True),
        ('    b"STACK_TEXT:" + ', True),
        ('  "Exception code: 0xc0000005\\n" +', True),
        ('"Message": "Faulting application name: ledger.exe",', False),
        ('He said "it crashed", and left', False),
    ],
)
def test_a_literal_is_a_row_of_its_own(row: str, expected: bool) -> None:
    assert is_literal(row) is expected
