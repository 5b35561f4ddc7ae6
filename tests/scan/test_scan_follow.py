"""Of a stream that goes on, each incident is told once, as soon as it is complete."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.knowledge import LOG, UNKNOWN
from triage.api import load_knowledge
from triage.formats import read_evidence
from triage.model.evidence import Evidence
from triage.scan.follow import Tail, follow
from triage.text import regions

QUIET = "12:00:01 served /index.html to client 7 in 12 ms\n"


@pytest.fixture
def tail(monkeypatch: pytest.MonkeyPatch) -> Tail:
    for name, size in (("CONTEXT", 2_000), ("OVERLAP", 4_000), ("BATCH", 20_000)):
        monkeypatch.setattr(regions, name, size)
    return Tail()


def told(tail: Tail, text: str, piece: int = 500) -> list[tuple[int, int]]:
    data = text.encode()
    found = [tail.more(data[start : start + piece]) for start in range(0, len(data), piece)]
    return lines(found)


def lines(found: list[Evidence | None]) -> list[tuple[int, int]]:
    return [one.lines for evidence in found if evidence is not None for one in evidence.incidents]


def test_an_incident_is_told_when_quiet_lines_follow(tail: Tail) -> None:
    assert told(tail, QUIET * 10 + LOG) == []
    assert told(tail, QUIET * 100) == [(14, 14)]
    assert told(tail, QUIET * 1000) == []


def test_an_incident_is_told_after_a_silence_and_only_once(tail: Tail) -> None:
    assert told(tail, LOG) == []
    assert lines([tail.silence(), tail.silence()]) == [(4, 4)]
    assert told(tail, QUIET * 100) == []
    assert told(tail, UNKNOWN) == []
    assert lines([tail.silence()]) == [(105, 105)]


def test_a_crash_after_an_event_that_was_told_is_no_part_of_it(tail: Tail) -> None:
    event = (
        "Event Type:\tError\nEvent Source:\tMSExchangeIS Private\nEvent Category:\tGeneral\nEvent ID:\t2078\n"
        "Date:\t\t4/5/2001\nTime:\t\t3:00:00 AM\nUser:\t\tN/A\nComputer:\tMAIL3\n"
        "Description:\nUnable to submit, send, or transfer out a message.\n"
    )
    assert told(tail, event) == []
    (first,) = lines([tail.silence()])
    assert told(tail, QUIET * 3 + UNKNOWN) == []
    (second,) = lines([tail.silence()])
    assert second == (event.count("\n") + 4,) * 2
    assert first[1] <= event.count("\n")


def test_a_line_without_its_end_waits_for_it(tail: Tail) -> None:
    assert told(tail, UNKNOWN.rstrip("\n")) == []
    assert tail.silence() is None
    assert lines([tail.silence(last=True)]) == [(1, 1)]


def test_memory_is_bounded(tail: Tail) -> None:
    told(tail, QUIET * 10_000)
    assert len(tail._data) < 4_000
    told(tail, UNKNOWN * 10_000)
    assert len(tail._data) < 60_000


def test_lines_keep_their_numbers_however_long_the_stream(tail: Tail) -> None:
    text = "".join(QUIET * 300 + UNKNOWN for _ in range(5)) + QUIET * 300
    assert told(tail, text) == [(301 * number, 301 * number) for number in range(1, 6)]


@given(st.lists(st.sampled_from([QUIET * 60, LOG, UNKNOWN, "\n"]), max_size=12), st.integers(1, 900))
@settings(deadline=None, max_examples=40)
def test_every_incident_is_told_once(parts: list[str], piece: int) -> None:
    text = "".join(parts)
    tail = Tail()
    found = told(tail, text, piece) + lines([tail.silence(last=True)])
    assert found == [one.lines for one in read_evidence(text.encode()).incidents]


def test_a_pipe_is_read_as_it_fills(pack: Path) -> None:
    reader, pipe = os.pipe()

    def reports() -> Iterator[object]:
        with os.fdopen(reader, "rb") as stream:
            yield from follow(stream, "stdin", load_knowledge(pack), top=5, settle=0.05)

    found = reports()
    os.write(pipe, LOG.encode())
    first = next(found)
    assert first.findings[0].rule == "Q900001"  # type: ignore[attr-defined]
    os.write(pipe, UNKNOWN.encode())
    assert next(found).incidents[0].lines == (5, 5)  # type: ignore[attr-defined]
    os.close(pipe)
    assert list(found) == []
