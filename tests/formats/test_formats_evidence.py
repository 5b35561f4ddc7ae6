"""Bytes to evidence: every format on one text, joined; large and hostile sources."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.errors import SourceError
from triage.formats import read_evidence, read_text
from triage.formats.texts import EVENTS, FORMATS
from triage.text.event_crashes import APPLICATION, HUNG, REBOOTED, RESTARTED, SERVICE_ENDED
from triage.text.event_labels import LABELS
from triage.text.format import Format, Reading
from triage.text.lines import Text
from triage.text.repair import repair

CRASH = (
    "ModLoad: 00400000 0041d000   C:\\apps\\quill.exe\r\n"
    "(9a4.1b2c): Access violation - code c0000005 (!!! second chance !!!)\r\n"
    "quill!Render+0x1c:\r\n"
    "00401a2c 8901            mov     dword ptr [ecx],eax  ds:002b:00000010=????????\r\n"
)


def test_the_formats_of_text() -> None:
    assert len({known.name for known in FORMATS}) == len(FORMATS)
    assert [known.name for known in FORMATS][-4:] == ["windbg", "stop", "fault", "exit-code"], (
        "the least particular ones come last"
    )


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_a_format_is_told_by_landmarks_in_lower_case_and_read_by_a_module(known: Format) -> None:
    assert all(landmark == landmark.lower() != "" for landmark in known.landmarks)
    assert known.read(Text(("",))) == Reading()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_the_encoding_changes_nothing(encoding: str) -> None:
    evidence = read_evidence(CRASH.encode(encoding))
    (incident,) = evidence.incidents
    assert evidence.format == "windbg"
    assert (incident.lines, incident.faulting_function) == ((2, 2), "Render")
    assert [module.name for module in evidence.modules] == ["quill.exe"]


def test_text_and_bytes_read_alike() -> None:
    assert read_text(repair(CRASH, "utf-8")) == read_evidence(CRASH.encode())


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 5000, bytes(range(256)) * 40, b"Nothing went wrong today.\n", b"\n" * 100]
)
def test_nothing_to_read(data: bytes) -> None:
    evidence = read_evidence(data)
    assert (evidence.incidents, evidence.modules, evidence.format) == ((), (), "text")


def test_context_is_the_prose_nearby_and_no_debugger_output() -> None:
    text = (
        "After we installed the new printer driver the editor stops when a page is printed.\r\n\r\n"
        "Microsoft (R) Windows Debugger Version 6.12.0002.633 X86\r\n"
        + CRASH
        + "\r\nDoes anybody know what this is?\r\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert [message.text for message in incident.context] == [
        "After we installed the new printer driver the editor stops when a page is printed.",
        "Does anybody know what this is?",
    ]
    assert incident.context[0].lines == (1, 1)


def test_context_is_bounded() -> None:
    words = "".join(f"This is the line that somebody wrote before it, number {number}.\n" for number in range(200))
    (incident,) = read_evidence((words + CRASH).encode()).incidents
    assert len(incident.context) == 15
    assert incident.context[-1].lines == (200, 200)


def test_a_stop_on_screen_and_in_the_debugger_is_one_incident() -> None:
    text = (
        "*** STOP: 0x00000050 (0xE1065000,0x00000000,0xF8A41B2C,0x00000001)\n\n"
        "BugCheck 50, {e1065000, 0, f8a41b2c, 1}\nProbably caused by : inkwell.sys ( inkwell+1b2c )\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.bugcheck is not None
    assert incident.bugcheck.caused_by == "inkwell.sys"
    assert incident.faulting_module == "inkwell.sys"


@given(st.binary(max_size=600))
@settings(deadline=None, max_examples=150)
def test_any_bytes_are_read(data: bytes) -> None:
    with suppress(SourceError):  # the first bytes of a dump, and no more of it
        read_evidence(data)


@given(st.integers(0, len(CRASH)), st.binary(max_size=8), st.integers(0, 12))
@settings(deadline=None, max_examples=150)
def test_damage_anywhere_is_read_around(place: int, junk: bytes, lost: int) -> None:
    data = CRASH.encode()
    with suppress(SourceError):
        read_evidence(data[:place] + junk + data[place + lost :])


@pytest.mark.parametrize("apostrophe", ["'", "\u2019"])
def test_what_names_an_event_in_any_language_has_a_landmark(apostrophe: str) -> None:
    known = [landmark.strip() for landmark in EVENTS.landmarks]
    words = (*APPLICATION, *REBOOTED, *SERVICE_ENDED, *RESTARTED, *HUNG, *LABELS["id"])
    printed = [word.lower().replace("'", apostrophe) for word in words if word != "event number"]
    assert [word for word in printed if not any(landmark in word for landmark in known)] == []


EVENT = "Faulting application name: ledger.exe, version: 1.0\nFaulting module name: post.dll, version: 2.1\n"


@pytest.mark.parametrize("before", [True, False])
def test_words_on_a_code_are_no_crash_beside_the_crash_that_has_it(before: bool) -> None:
    event = EVENT + "Exception code: 0xc06d007e\nFault offset: 0x0001f2c4\n"
    words = "Exception code: 0xc06d007e is ERROR_MOD_NOT_FOUND, so some library could not be found.\n"
    text = f"{words}\n{event}" if before else f"{event}\n{words}"
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.faulting_module == "post.dll"


def test_another_code_is_another_crash() -> None:
    event = EVENT + "Exception code: 0xc06d007e\nFault offset: 0x0001f2c4\n"
    found = read_evidence(f"{event}\n\nFatal error: Exception code: C0000005\n".encode()).incidents
    assert [one.exception.code for one in found if one.exception is not None] == [0xC06D007E, 0xC0000005]


@pytest.mark.parametrize(
    ("row", "program"),
    [
        ("General Protection Fault in module QUILL.EXE at 0001:4E00", "QUILL.EXE"),
        ("QUILL caused a General Protection Fault in module KRNL386.EXE at 0001:4E00", "QUILL"),
        ("General Protection Fault in module KRNL386.EXE at 0001:4E00", None),  # a library of Windows 3.x
        ("General Protection Fault in module QUILL.DLL at 0001:4E00", None),
    ],
)
def test_a_module_that_is_a_program_is_the_process(row: str, program: str | None) -> None:
    (incident,) = read_evidence(f"{row}\n".encode()).incidents
    assert (incident.process.name if incident.process is not None else None) == program
