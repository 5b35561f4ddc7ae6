"""Buckets, rows, the database and the summary of a scan."""

import sqlite3
from collections import deque
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from builders.knowledge import LOG, UNKNOWN
from triage.errors import SourceError
from triage.model.report import Advice, ExceptionInfo, Finding, IncidentInfo, Report, SourceInfo
from triage.scan import Source
from triage.scan.buckets import Buckets
from triage.scan.database import Database
from triage.scan.examine import Examiner
from triage.scan.found import Fault, Found
from triage.scan.rows import COLUMNS, rows_of
from triage.scan.setup import Setup
from triage.scan.summary import summary

EVENT = (
    "Event Type: Error\nEvent Source: Ledger\nEvent ID: {}\nDate: 2004-02-0{}\nTime: 10:11:12\n"
    "Computer: HOST{}\nDescription:\nThe day {} cannot be closed.\n\n"
)


@pytest.fixture
def found(setup: Setup, tmp_path: Path) -> list[Found | Fault]:
    texts = {
        "a.log": LOG,
        "b.log": LOG + "\n",
        "copy.log": LOG,
        "c.log": UNKNOWN,
        "d.log": "".join(EVENT.format(77, day, day % 2, day) for day in (3, 1, 2)),
    }
    results: list[Found | Fault] = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        results += Examiner(setup).examine(Source(name, tmp_path / name)).found
    return [*results, Fault("permission denied", "e.log")]


@pytest.fixture
def buckets(found: list[Found | Fault]) -> Buckets:
    buckets = Buckets()
    for one in found:
        if isinstance(one, Found):
            buckets.add(one)
    return buckets


def test_equal_crashes_are_one_bucket_and_equal_files_count_once(buckets: Buckets) -> None:
    first, *_ = buckets.ranked()
    assert (first.signature, first.count, first.sources) == ("c0000005", 2, 2)
    assert first.finding is not None
    assert first.finding.rule == "Q900001"
    assert buckets.copies == 1


def test_mere_events_come_after_crashes(buckets: Buckets) -> None:
    ranked = buckets.ranked()
    assert [one.signature for one in ranked][-1] == "event Ledger/77"
    assert ranked[-1].count == 3


def test_a_bucket_tells_when_and_where(buckets: Buckets) -> None:
    events = buckets.ranked()[-1]
    assert events.files == {"d.log": 1}
    assert events.machines <= {"HOST0", "HOST1"}
    assert events.first is not None
    assert events.last is not None
    assert events.first <= events.last


def test_the_summary_begins_with_what_to_do(buckets: Buckets) -> None:
    lines = list(summary(buckets, top=20, width=100))
    assert lines[0] == "What to do first"
    assert "Windows 2000 Service Pack" in lines[1]
    assert lines[1].lstrip().startswith("2x")
    assert "5 more" not in lines[-1]
    assert max(map(len, lines)) <= 100
    assert list(summary(Buckets(), top=20, width=100)) == []


def test_few_buckets_are_shown_if_few_are_asked_for(buckets: Buckets) -> None:
    lines = list(summary(buckets, top=1, width=80))
    assert lines[-1].startswith("2 more buckets")


def test_a_row_has_all_columns(found: list[Found | Fault]) -> None:
    (row,) = rows_of(found[0])  # type: ignore[arg-type]
    assert row.rule == "Q900001"
    assert row.code == "c0000005"
    assert row.source == "a.log"
    assert (row.first_line, row.last_line) != (0, 0)
    assert set(COLUMNS) >= {"source", "signature", "todo", "machine", "time"}


def test_the_database_answers_queries(found: list[Found | Fault], tmp_path: Path) -> None:
    path = tmp_path / "all.db"
    for _ in range(2):  # a second scan replaces the first
        database = Database(path)
        for one in found:
            database.add(one)
        database.close()
    connection = sqlite3.connect(path)
    ask = lambda query: connection.execute(query).fetchall()  # noqa: E731
    assert ask("SELECT count(*) FROM source") == [(6,)]
    assert ask("SELECT path, error FROM source WHERE error IS NOT NULL") == [("e.log", "permission denied")]
    assert ask("SELECT signature, count, sources, rule FROM bucket")[:1] == [("c0000005", 3, 3, "Q900001")]
    assert ask("SELECT DISTINCT rule FROM finding WHERE rank = 1") == [("Q900001",)]
    connection.close()


def test_a_database_of_another_program_is_not_replaced(pack: Path) -> None:
    size = pack.stat().st_size
    with pytest.raises(SourceError, match="no database of a scan"):
        Database(pack)
    assert pack.stat().st_size == size


def test_a_full_disk_is_told(found: list[Found | Fault], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(tmp_path / "full.db")
    database._sql.execute("PRAGMA max_page_count=20")
    fill = partial(deque, (database.add(found[0]) for _ in range(10_000)), maxlen=0)
    with pytest.raises(SourceError, match=r"full\.db: cannot be written \(database or disk is full\)"):
        fill()
    database._sql.close()


def told(name: str, finding: Finding | None, place: str = "") -> Found:
    """A report on one access violation, with or without a place."""
    incident = IncidentInfo(
        number=1, kind="exception", lines=(1, 1), summary=name, signature=f"c0000005{place}",
        exception=ExceptionInfo(code="c0000005"),
    )  # fmt: skip
    findings = () if finding is None else (finding,)
    source = SourceInfo(path=name, format="windbg", sha256=name)
    return Found(Report(source=source, incidents=(incident,), findings=findings))


@pytest.mark.parametrize(
    ("place", "ended", "share"),
    [
        pytest.param("", 1, ", for 2 of 3", id="a code alone is shared by unlike faults"),
        pytest.param(" | ledger!Post", 2, "", id="with a place they are one fault"),
    ],
)
def test_a_finding_speaks_for_the_incidents_of_its_fault_only(place: str, ended: int, share: str) -> None:
    advice = Advice(status="unknown", summary="install it", hotfix=True)
    finding = Finding(rule="Q1", title="t", url=None, incident=1, confidence=0.8, band="likely", advice=advice)
    there = replace(finding, confidence=0.7, advice=replace(advice, status="already-installed"))
    buckets = Buckets()
    for number, one in enumerate((finding, there, None)):
        buckets.add(told(f"{number}.log", one, place))
    assert buckets.ended_by(["Q1"]) == ended
    assert f"Q1  t  likely, 0.80{share}" in [line.strip() for line in summary(buckets, top=9, width=100)]


def test_what_is_only_possible_is_no_advice_for_a_fleet() -> None:
    advice = Advice(status="unknown", summary="get it", hotfix=True)
    weak = Finding(rule="Q1", title="t", url=None, incident=1, confidence=0.4, band="possible", advice=advice)
    buckets = Buckets()
    buckets.add(told("a.log", weak))
    assert buckets.plan() is None
