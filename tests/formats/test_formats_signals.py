"""Programs for Windows that tell their crashes as signals: Cataclysm: Dark Days Ahead, Godot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.sources import frames, only_incident, reading
from triage.formats import signals
from triage.formats.texts import SIGNALS
from triage.text.repair import repair

LOGGED = """\
CRASH LOG FILE: ./config/crash.log
VERSION: 0.E-3726
TYPE: Signal
MESSAGE: SIGSEGV: Segmentation fault
STACK TRACE:
"""
OLD = """\
    @0x555FB5[orchard.exe+0x155FB5]
    LEAF_error+0x4B034@0xE280A0[orchard.exe+0xA280A0]
    KiUserExceptionDispatcher+0x2E@0x7FF91088E70E[ntdll.dll+0x9E70E]
    Grow+0x12FD6@0xE48976[tree.dll+0xA48976]
"""
NEW = """\

  #0
    (dbghelp: @0x65c3d6[orchard.exe+0x25c3d6]),
    (libbacktrace: Z21debug_write_backtraceRSo+0x56@0x65c3d6),
    (libbacktrace: 0x65c3d6    [unknown src]:0    [unknown func]),
  #1
    (dbghelp: Grow+0x4b034@0x10d8480[orchard.exe+0xcd8480]),
"""
ELSEWHERE = """\

    ./orchard(_Z21debug_write_backtraceRSo+0x43) [0x55e556991cba]
    /usr/lib/libc.so.6(+0x3d6a0) [0x7f8e124ec6a0]
"""


def test_a_signal_tells_the_code_and_the_dispatcher_the_frame_that_failed() -> None:
    incident = only_incident(SIGNALS, LOGGED + OLD)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0xE48976)
    assert (incident.faulting_module, incident.faulting_function) == ("tree.dll", "Grow")
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"
    assert frames(incident, 2) == ["orchard.exe+155fb5", "orchard.exe!LEAF_error"]


def test_of_two_libraries_one_names_the_modules() -> None:
    incident = only_incident(SIGNALS, LOGGED + NEW)
    assert frames(incident, 3) == ["orchard.exe+25c3d6", "orchard.exe!Grow"]


def test_the_same_log_of_another_system_is_no_crash_of_windows_and_nobodys_words() -> None:
    found = reading(SIGNALS, LOGGED + ELSEWHERE)
    assert not found.incidents
    assert found.claimed == ((1, 8),)


@pytest.mark.parametrize(
    ("signal", "code"), [("11", 0xC0000005), ("4", 0xC000001D), ("8", 0xC0000094), ("22", None), ("77", None)]
)
def test_godot_tells_a_signal_by_its_number(signal: str, code: int | None) -> None:
    incident = only_incident(
        SIGNALS,
        f"CrashHandlerException: Program crashed with signal {signal}\nEngine version: Godot Engine v4.4.1\n"
        "Dumping the backtrace. Please include this.\n[1] error(-1): no debug info in PE/COFF executable\n"
        "[2] Leaf::grow (C:\\src\\leaf.cpp:42)\n",
    )
    assert (incident.exception and incident.exception.code) == code
    assert [(frame.function, frame.source) for frame in incident.stack] == [("Leaf::grow", "C:\\src\\leaf.cpp:42")]


def test_godots_report_of_another_system_is_none() -> None:
    assert not signals.read(repair("handle_crash: Program crashed with signal 11\n", "utf-8")).incidents


@given(
    st.lists(st.sampled_from([*LOGGED.splitlines(), *OLD.splitlines(), *NEW.splitlines(), "", "x" * 600]), max_size=40)
)
def test_rows_in_any_order_are_read_within_their_lines(rows: list[str]) -> None:
    for incident in signals.read(repair("\n".join(rows), "utf-8")).incidents:
        assert 1 <= incident.lines[0] <= incident.lines[1] <= len(rows)
