"""Event log files of Windows NT to Server 2003."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.oldeventlogs import HEADER, crashed_server, old_event_log, old_record
from triage.errors import SourceError
from triage.formats import read_evidence
from triage.formats.evt import read


def test_reports_of_crashes_and_errors_are_incidents() -> None:
    evidence = read(crashed_server())
    watson, stop, crash, system, clock = evidence.incidents
    assert [incident.event.id for incident in evidence.incidents if incident.event] == [4097, 1001, 1000, 1003, 29]
    assert watson.process is not None
    assert watson.exception is not None
    assert (watson.process.name, watson.exception.code, watson.exception.address) == (
        "ledger.exe",
        0xC0000005,
        0x77FCB032,
    )
    assert watson.faulting_function == "RtlFreeHeap"
    assert stop.bugcheck is not None
    assert (stop.bugcheck.code, stop.bugcheck.parameters) == (0x1E, (0xC0000005, 0xBFF00010, 0, 0x10))
    assert crash.process is not None
    assert (crash.process.name, crash.faulting_module, crash.faulting_offset) == ("ledger.exe", "post.dll", 0x1D2A4)
    assert system.bugcheck is not None
    assert (system.bugcheck.code, len(system.bugcheck.parameters)) == (0x1000008E, 4)
    assert clock.event is not None
    assert (clock.event.source, clock.event.type, clock.event.computer) == ("W32Time", "warning", "LEDGER07")
    assert [warning.text for warning in evidence.warnings] == ["1 events that repeat an earlier one are left out"]


def test_a_record_that_goes_on_behind_the_header_is_put_together() -> None:
    records = [old_record(number, f"Ledger{number}", 7, (f"said {number}",)) for number in range(1, 5)]
    evidence = read(old_event_log(*records, wrap=60))
    assert [incident.event.source for incident in evidence.incidents if incident.event] == [
        "Ledger1",
        "Ledger2",
        "Ledger3",
        "Ledger4",
    ]


def test_it_is_told_by_its_first_bytes() -> None:
    assert read_evidence(crashed_server()).format == "evt"


def test_a_damaged_record_is_left_out_and_said() -> None:
    log = bytearray(crashed_server())
    log[HEADER] ^= 0xFF
    evidence = read(bytes(log))
    assert len(evidence.incidents) == 5
    assert "1 events are damaged and left out" in [warning.text for warning in evidence.warnings]


def test_a_source_that_is_no_name_says_so() -> None:
    # An event of another source may be of no interest, so that nothing else would tell that it was one.
    log = crashed_server()
    name = log.index("DrWatson".encode("utf-16-le"))
    evidence = read(log[: name + 4] + b"\xff" * 4 + log[name + 8 :])
    assert [one.event.id for one in evidence.incidents if one.event] == [1001, 1000, 1003, 29]
    assert "the names in an event hold what is no letter" in [warning.text for warning in evidence.warnings]


def test_more_strings_than_an_event_can_hold_say_that_it_is_damaged() -> None:
    # Its type went with the number of strings, so it would be passed over as one that tells of no fault.
    log = bytearray(old_event_log(old_record(1, "Ledger", 7, ("said",))))
    kind = HEADER + 24
    assert int.from_bytes(log[kind : kind + 2], "little") == 1
    log[kind : kind + 4] = (1 << 31).to_bytes(4, "little")
    evidence = read(bytes(log))
    assert evidence.incidents == ()
    assert "an event's strings lie outside of it" in [warning.text for warning in evidence.warnings]


@pytest.mark.parametrize("number", [1 << 31, (1 << 32) - 1])
def test_a_number_that_no_event_has_says_that_it_is_damaged(number: int) -> None:
    log = bytearray(crashed_server())
    place = log.index("DrWatson".encode("utf-16-le")) - 36  # the names stand behind the fixed part of a record
    assert int.from_bytes(log[place : place + 4], "little") & 0xFFFF == 4097
    log[place : place + 4] = number.to_bytes(4, "little")
    assert "an event has an impossible number" in [warning.text for warning in read(bytes(log)).warnings]


def test_a_log_that_is_cut_off_says_so() -> None:
    log = crashed_server()
    evidence = read(log[: len(log) // 2])
    assert any("cut off" in warning.text for warning in evidence.warnings)
    with pytest.raises(SourceError, match="cut off in its header"):
        read(log[:20])


def test_nine_strings_are_those_of_later_systems() -> None:
    values = ("ledger.exe", "1.0", "5f9f901d", "post.dll", "2.0", "524f83ff", "c0000409", "0006dd27", "5f8")
    (incident,) = read(old_event_log(old_record(1, "Application Error", 1000, values))).incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_offset) == (0xC0000409, 0x6DD27)


@given(data=st.data())
@settings(deadline=None, max_examples=80)
def test_any_damage_is_read_around(data: st.DataObject) -> None:
    log = bytearray(crashed_server())
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(log) - 4))
        log[at : at + 4] = data.draw(st.binary(min_size=4, max_size=4))
    cut = data.draw(st.integers(HEADER, len(log)))
    evidence = read(bytes(log[:cut]))
    assert len(evidence.incidents) <= 7
