"""Exit codes that are exceptions, as shells, build tools and development environments print them."""

import pytest

from builders.sources import reading
from triage.formats import read_evidence
from triage.formats.texts import EXITCODES


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Process finished with exit code -1073741819 (0xC0000005)", 0xC0000005),
        ("进程已结束,退出代码-1073741819 (0xC0000005)", 0xC0000005),
        ("npm ERR! errno 3221225477", 0xC0000005),
        ("npm ERR! code 3221225781", 0xC0000135),
        ("the kernel died with returncode 3221225477", 0xC0000005),
        ("The host ended: exit_code: -1073740791", 0xC0000409),
        ("renderer process crashed: { reason: 'crashed', exitCode: -2147483645 }", 0x80000003),
        ("worker (2856) exited with status exit code: 0xc0000374", 0xC0000374),
        ("# exited with 0xC0000005 (access violation)", 0xC0000005),
        ("LOG:  server process (PID 14052) was terminated by exception 0xC0000005", 0xC0000005),
        ("unknown file: error: SEH exception with code 0xc0000005 thrown in the test body.", 0xC0000005),
        ("12/20 Test #12: grow ...Exit code 0xc0000409", 0xC0000409),
        ("process exited with code -529697949", 0xE06D7363),
        ("WARNING: application exited with abnormal code 0xc000001d", 0xC000001D),
        ("     | orchard exited with code -1073741819", 0xC0000005),
        ("Error Code: 1073741819 (0xC0000005 - Access Violation)", 0xC0000005),
        ("process exited with code -1066598273", 0xC06D007F),
    ],
)
def test_a_code_beside_a_word_of_ending_is_an_exception(row: str, code: int) -> None:
    evidence = read_evidence(f"{row}\n".encode())
    (incident,) = evidence.incidents
    assert incident.exception is not None
    assert (incident.kind, incident.exception.code) == ("message", code)


@pytest.mark.parametrize(
    "row",
    [
        "Process finished with exit code 0",
        "The thread 9500 has exited with code 3762509125 (0xe0435545).",
        "Process finished with exit code 139 (interrupted by signal 11: SIGSEGV)",
        "server process (PID 570505) was terminated by signal 11: Segmentation fault",
        "exited with code -1073741510",
        "program exited with code 0xc000013a",
        "| 3221225477 | | decimal form of 0xC0000005 |",
        "if (exit_code == 0xC0000005) return;",
        "const EXIT_CRASHED: i32 = -1073741819;",
        "case 0xC0000005: return exit code;",
        "The serial number is 3221225477",
        "request 13221225477 returned status 200",
        "Error code: (NTSTATUS) 0xc000042c (3221226540) - The requested operation requires elevation.",
        "import ctypes\ncode = 3765269347\nwith self.assertRaises(OSError):\n    ctypes.set(code)",
    ],
)
def test_other_endings_and_lists_of_codes_are_none(row: str) -> None:
    assert read_evidence(f"{row}\n".encode()).incidents == ()


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (
            "error: process didn't exit successfully: `target\\debug\\orchard.exe` (exit code: 0xc0000005, STATUS)",
            "orchard.exe",
        ),
        ("D:\\orchard\\build\\orchard.exe exited with code -1073741819", "orchard.exe"),
        ("Command '['C:\\\\py\\\\python.exe', '-m', 'x']' returned non-zero exit status 3221225477.", "python.exe"),
        ("exited with code -1073741819", None),
    ],
)
def test_the_program_is_the_one_that_the_row_names(row: str, name: str | None) -> None:
    (incident,) = reading(EXITCODES, f"{row}\n").incidents
    assert (incident.process and incident.process.name) == name


def test_a_crash_told_by_those_above_is_one() -> None:
    text = "orchard.exe exited with code -1073741819\nnpm ERR! errno 3221225477\nnpm ERR! Exit status 3221225477\n"
    (incident,) = reading(EXITCODES, text).incidents
    assert incident.process is not None


def test_an_exit_code_says_nothing_new_beside_the_exception_itself() -> None:
    text = (
        "Unhandled exception at 0x00A3FCB4 in orchard.exe: 0xC0000005: Access violation writing location 0x0000028C.\n"
        "orchard.exe exited with code -1073741819\n"
        "pear.exe exited with code -1073741819\n"
    )
    first, second = read_evidence(text.encode()).incidents
    assert first.kind == "exception"
    assert second.process is not None
    assert second.process.name == "pear.exe", "another program's crash is another crash"
