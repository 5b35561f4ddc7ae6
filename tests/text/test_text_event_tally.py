"""The events of a log file that become incidents."""

import pytest

from triage.model.evidence import NO_LINES, Incident
from triage.text import event_tally
from triage.text.event_facts import EventFacts, facts_of
from triage.text.event_record import Record
from triage.text.event_tally import Tally

VALUES = ("quill.exe", "1.0", "4a5bc637", "inkwell.dll", "4.1", "56eb2fb9", "c0000005", "0001d2a4", "ffc")


def crash(*values: str, time: str | None = None) -> Record:
    return Record(
        lines=NO_LINES,
        source="Application Error",
        id=1000,
        time=time,
        values=tuple((None, value) for value in values),
    )


def times(incidents: list[Incident]) -> list[str | None]:
    return [one.event.time for one in incidents if one.event is not None]


def test_what_a_crash_says_again_is_read_once_and_told_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Record] = []

    def counted(record: Record) -> EventFacts:
        read.append(record)
        return facts_of(record)

    monkeypatch.setattr(event_tally, "facts_of", counted)
    tally = Tally(10)
    for time in ("one", "two"):
        assert tally.wants("said", crash=True)
        tally.add(crash(*VALUES, time=time), tells=True)
    tally.add(crash("ledger.exe", *VALUES[1:]), tells=True)
    assert times(tally.incidents) == ["one", "two", None]
    assert [one.process and one.process.name for one in tally.incidents] == ["quill.exe", "quill.exe", "ledger.exe"]
    assert len(read) == 2
    assert not list(tally.left_out())


def test_what_cannot_tell_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(event_tally, "facts_of")
    tally = Tally(1)
    tally.add(crash(*VALUES), tells=False)
    assert tally.incidents[0].exception is None


def test_what_is_left_out_is_counted() -> None:
    tally = Tally(2)
    for said, wanted in (("a", True), ("a", False), ("b", True), ("c", False), ("b", False)):
        assert tally.wants(said, crash=False) is wanted
        if wanted:
            tally.add(crash(said), tells=False)
    assert list(tally.left_out()) == [
        "2 events that repeat an earlier one are left out",
        "only the first 2 events are reported, 1 more are left out",
    ]
