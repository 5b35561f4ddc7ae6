"""Event log files: what is chosen of a log, and what damage leaves of it.

The decoder of the binary XML is a package with tests of its own; here a stand-in hands out events as it does.
"""

import struct
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.eventlogs import VALUES, crash_event, event_log
from triage.errors import SourceError, TriageError
from triage.formats import evtx, read_evidence
from triage.model.evidence import Evidence
from triage.text.event_file import record_of
from triage.text.event_kinds import Kinds, kind_of

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">
  <System>
    <Provider Name="{name}"{more}>
    </Provider>
    <EventID Qualifiers="0">{number}</EventID>
    <Level>{level}</Level>
    <Keywords>0x80000000000000</Keywords>
    <TimeCreated SystemTime="2019-05-14T06:10:41.000000Z">
    </TimeCreated>
    <Channel>Application</Channel>
    <Computer>LEDGER07</Computer>
  </System>
"""


def event(name: str, number: int, level: int, *values: str, more: str = "") -> str:
    data = "".join(f"    <Data>{value}</Data>\n" for value in values)
    return (
        HEAD.format(name=name, number=number, level=level, more=more)
        + f"  <EventData>\n{data}    <Binary></Binary>\n  </EventData>\n</Event>\n"
    )


CRASH = event(
    "Application Error", 1000, 2,
    "quill.exe", "4.1.0.77", "4a5bc637", "inkwell.dll", "4.1.0.12", "56eb2fb9", "c0000005", "0001d2a4", "ffc",
)  # fmt: skip


class Parser:
    """Hands out events, and raises those that are errors, as the decoder does for records that are damaged."""

    def __init__(self, events: list[str | Exception]) -> None:
        self._events = events

    def records(self) -> Iterator[dict[str, Any]]:
        return Records(self._events)


class Records:
    def __init__(self, events: list[str | Exception]) -> None:
        self._events = iter(events)

    def __iter__(self) -> "Records":
        return self

    def __next__(self) -> dict[str, Any]:
        following = next(self._events)
        if isinstance(following, Exception):
            raise following
        return {"event_record_id": 1, "timestamp": "", "data": following}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    def reader(*events: str | Exception) -> Evidence:
        monkeypatch.setattr(evtx, "_parser", lambda data: Parser(list(events)))
        return evtx.read(b"")

    return reader


def test_a_crash_is_told_by_its_insertion_strings(read: Any) -> None:
    (incident,) = read(CRASH).incidents
    assert (incident.event.source, incident.event.id, incident.event.type) == ("Application Error", 1000, "error")
    assert (incident.process.name, incident.process.pid) == ("quill.exe", 0xFFC)
    assert incident.exception.code == 0xC0000005
    assert (incident.faulting_module, incident.faulting_offset) == ("inkwell.dll", 0x1D2A4)
    assert (incident.event.log, incident.event.computer) == ("Application", "LEDGER07")
    assert incident.event.time == "2019-05-14T06:10:41.000000Z"


@pytest.mark.parametrize(
    ("xml", "telling"),
    [
        (event("Disk", 7, 2, r"\Device\Harddisk0"), True),
        (event("Disk", 51, 3), True),
        (event("Microsoft-Windows-Kernel-Power", 41, 1), True),
        (event("EventLog", 6005, 4), False),
        (event("Windows Error Reporting", 1001, 4), True),
        (event("Windows Error Reporting", 1002, 4), False),
        (event("Application Popup", 26, 4, "quill.exe - Application Error", "The instruction at …"), True),
        (event("Microsoft-Windows-Security-Auditing", 4624, 0), False),
        ("", False),
    ],
)
def test_errors_warnings_and_reports_of_crashes_matter(xml: str, telling: bool) -> None:
    assert kind_of(xml).telling == telling


def test_the_source_is_the_one_that_the_viewer_shows() -> None:
    xml = event("Microsoft-Windows-WER-SystemErrorReporting", 1001, 2, more=' EventSourceName="BugCheck"')
    assert record_of(xml).source == "BugCheck"


def test_a_stop_is_read_from_its_event(read: Any) -> None:
    xml = event(
        "Microsoft-Windows-WER-SystemErrorReporting", 1001, 2,
        "0x0000009f (0x00000003, 0x84f2a030, 0x82b6dae0, 0x86a7b008)", r"C:\Windows\MEMORY.DMP", "051419-01",
        more=' EventSourceName="BugCheck"',
    )  # fmt: skip
    (incident,) = read(xml).incidents
    assert (incident.bugcheck.code, incident.bugcheck.parameters[0]) == (0x9F, 3)


def test_elements_of_user_data_are_values_by_name() -> None:
    xml = HEAD.format(name="Clerk", number=7, level=2, more="") + (
        '  <UserData>\n    <Failure xmlns="http://clerk">\n      <File>a &amp; b.exe</File>\n    </Failure>\n'
        "  </UserData>\n</Event>\n"
    )
    assert record_of(xml).values == (("File", "a & b.exe"),)


def test_a_repeated_error_is_told_once_and_a_repeated_crash_each_time(read: Any) -> None:
    disk = event("Disk", 7, 2, r"\Device\Harddisk0")
    evidence = read(disk, CRASH, disk, disk, CRASH)
    assert [incident.event.id for incident in evidence.incidents] == [7, 1000, 1000]
    assert [warning.text for warning in evidence.warnings] == ["2 events that repeat an earlier one are left out"]


def test_damaged_events_are_counted_and_the_rest_is_read(read: Any) -> None:
    evidence = read(RuntimeError("record 1"), CRASH, OSError("chunk"), CRASH)
    assert len(evidence.incidents) == 2
    assert [warning.text for warning in evidence.warnings] == ["2 events are damaged and left out"]


@pytest.mark.parametrize(
    ("limit", "value", "left", "told"),
    [
        ("MAX_INCIDENTS", 2, 2, "only the first 2 events are reported, 2 more are left out"),
        ("MAX_RECORDS", 3, 3, "only the first 3 events are read"),
    ],
)
def test_limits_are_told(
    read: Any, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, left: int, told: str
) -> None:
    monkeypatch.setattr(evtx, limit, value)
    evidence = read(CRASH, CRASH, CRASH, CRASH)
    assert len(evidence.incidents) == left
    assert [warning.text for warning in evidence.warnings] == [told]


def test_damage_without_end_is_given_up(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evtx, "_MAX_FAILURES", 5)
    evidence = read(*[RuntimeError()] * 50)
    assert evidence.warnings[0].text == "too much of the file is damaged; the rest is left out"


def test_a_file_cut_off_in_its_header_is_an_error() -> None:
    with pytest.raises(SourceError, match="cut off or damaged in its header"):
        read_evidence(b"ElfFile\0" + bytes(20))


@pytest.mark.parametrize(
    ("announced", "told"), [(0, []), (2, ["cut off: 0 of 2 blocks of 64 KiB are there as a whole"])]
)
def test_a_header_without_its_blocks_is_an_empty_log(announced: int, told: list[str]) -> None:
    header = b"ElfFile\0" + bytes(16) + struct.pack("<QIHHHH", 1, 128, 1, 3, 4096, announced)
    evidence = read_evidence(header.ljust(4096, b"\0"))
    assert evidence.incidents == ()
    assert [warning.text for warning in evidence.warnings] == told


@given(data=st.binary(max_size=600))
@settings(deadline=None, max_examples=60)
def test_any_bytes_behind_the_magic(data: bytes) -> None:
    try:
        evidence = read_evidence(evtx.MAGIC + data)
    except TriageError:
        return
    assert evidence.format == "evtx"


@given(text=st.text(max_size=300))
@settings(deadline=None, max_examples=100)
def test_any_text_is_an_event(text: str) -> None:
    xml = HEAD.format(name=text[:40], number=text[40:50], level="2", more="") + text
    assert kind_of(xml).telling
    assert record_of(xml).lines == (0, 0)


@given(values=st.lists(st.text(alphabet='xy 1<>&"\n\t\u00e9\u0130', max_size=12), max_size=6), names=st.booleans())
@settings(deadline=None, max_examples=200)
def test_values_are_the_same_however_the_event_is_laid_out(values: list[str], names: bool) -> None:
    heads = [f'<Data Name="n{place}">' if names else "<Data>" for place in range(len(values))]
    data = "".join(f"    {head}{escape(value)}</Data>\n" for head, value in zip(heads, values, strict=True))
    xml = f"<Event>\n  <System>\n  </System>\n  <EventData>\n{data}    <Binary>0A</Binary>\n  </EventData>\n</Event>\n"
    found = record_of(xml).values
    # The reader that takes any element takes what has another end.
    assert found == record_of(xml.rstrip()).values
    assert [name for name, _ in found] == [f"n{place}" if names else None for place in range(len(values))]
    assert [value.split() for _, value in found] == [value.split() for value in values]


def test_values_beside_other_elements_are_all_read() -> None:
    data = '<Data>a</Data>\n    <Data Name="n">b</Data>\n    <Other>c</Other>\n    <Data>d</Data>'
    xml = f"<Event>\n  <System>\n  </System>\n  <EventData>\n    {data}\n  </EventData>\n</Event>\n"
    assert record_of(xml).values == ((None, "a"), ("n", "b"), ("Other", "c"), (None, "d"))


def test_events_with_one_head_are_of_one_kind() -> None:
    kinds = Kinds()
    head = CRASH[: CRASH.index("<Keywords>")]
    assert kinds[head] is kinds[head]
    assert kinds[head] == kind_of(CRASH)
    assert kind_of(CRASH).crash


def test_kinds_without_end_are_not_kept() -> None:
    kinds = Kinds()
    for number in range(3_000):
        assert kinds[f'<Provider Name="Ledger"><EventID>{number}</EventID><Level>2</'].id == number
    assert len(kinds) == 2_000


def test_a_file_is_decoded_and_read() -> None:
    evidence = read_evidence(event_log([crash_event(), crash_event(("It runs.",), "Ledger", 7, 4)], [crash_event()]))
    assert [incident.faulting_module for incident in evidence.incidents] == ["inkwell.dll", "inkwell.dll"]
    assert not evidence.warnings


def test_a_file_that_is_cut_tells_it() -> None:
    whole = event_log(*([crash_event((f"quill{number}.exe", *VALUES[1:]))] for number in range(3)))
    evidence = read_evidence(whole[: 4096 + (1 << 16) + 5000])
    assert len(evidence.incidents) < 3
    assert any("cut off" in warning.text for warning in evidence.warnings)
