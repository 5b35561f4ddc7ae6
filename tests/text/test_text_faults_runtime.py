"""The boxes of the C runtime."""

import pytest

from triage.formats import read_evidence
from triage.text.faults_runtime import read_runtime
from triage.text.repair import repair

ASSERTION = """\
---------------------------
Microsoft Visual C++ Runtime Library
---------------------------
Debug Assertion Failed!

Program: {program}
File: minkernel\\crts\\ucrt\\src\\appcrt\\heap\\debug_heap.cpp
Line: 904

Expression: _CrtIsValidHeapPointer(block)

(Press Retry to debug the application)
"""


@pytest.mark.parametrize(
    ("program", "process", "module"),
    [
        ("D:\\orchard\\Debug\\orchard.exe", "orchard.exe", None),
        ("...ard\\Debug\\orchard.exe", "orchard.exe", None),
        ("\n...\\Debug\\leaf.dll", None, "leaf.dll"),
    ],
)
def test_an_assertion_names_the_program_or_the_library(program: str, process: str | None, module: str | None) -> None:
    (fault,) = read_runtime(repair(ASSERTION.format(program=program), "utf-8"))
    assert (fault.process, fault.module) == (process, module)
    assert fault.message == "Debug Assertion Failed! _CrtIsValidHeapPointer(block) (debug_heap.cpp, line 904)"


def test_a_program_that_ends_itself_is_a_message() -> None:
    text = (
        "Runtime Error!\nProgram: C:\\Orchard\\orchard.exe\n"
        "This application has requested the Runtime to terminate it in an unusual way.\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert (incident.kind, incident.exception) == ("message", None)
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"


@pytest.mark.parametrize("text", ["Assertion failed!\n", "Assertion failed!\nProgram: none\nExpression: a\n"])
def test_words_alone_are_none(text: str) -> None:
    assert tuple(read_runtime(repair(text, "utf-8"))) == ()
