"""What is told beside a crash is searched for in a scan as by analyze, and never counts as a crash."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from builders.knowledge import FILLERS, QUIET, RULES, SHUTDOWN, SPOOLER, UNKNOWN, small_pack
from triage.api import analyze
from triage.model.rule import Rule, Symptoms
from triage.model.rule import Source as Origin
from triage.scan import Source
from triage.scan.buckets import NO_SIGNATURE, TOLD, Buckets
from triage.scan.database import Database
from triage.scan.examine import Examiner
from triage.scan.found import Found, Kept, Result
from triage.scan.rows import rows_of
from triage.scan.setup import Setup
from triage.scan.steps import step_of

TICKET = """Hello,

since we installed the new service pack the mail server stops every night when the backup starts.
There is no message on the screen, and after a restart it is fine again until the next night.
"""
APART = "\n" * 99
"""So far from a crash, what is told is not read as its context."""

BACKUP = Rule(
    id="Q900010",
    title="Mail Server Stops at Night When a Backup Starts",
    source=Origin(kind="microsoft-kb"),
    symptoms=Symptoms(words=("backup", "installed", "mail", "night", "pack", "restart", "screen", "service", "stops")),
)


@pytest.fixture(scope="module")
def examiner(tmp_path_factory: pytest.TempPathFactory) -> Iterable[Examiner]:
    path = small_pack(tmp_path_factory.mktemp("told") / "told.pack", (SHUTDOWN, SPOOLER, BACKUP, *FILLERS))
    made = Examiner(Setup(knowledge=path, keep=True))
    yield made
    made.knowledge.close()


def write(folder: Path, text: str, name: str = "ticket.txt") -> Source:
    path = folder / name
    path.write_text(text)
    return Source(name, path)


def only(result: Result) -> Found:
    (found,) = result.found
    assert isinstance(found, Found)
    return found


def test_a_scan_reports_what_analyze_reports(examiner: Examiner, tmp_path: Path) -> None:
    text = TICKET + APART + UNKNOWN
    found = only(examiner.examine(write(tmp_path, text)))
    assert found.report == analyze(text.encode(), path="ticket.txt", knowledge=examiner.knowledge)
    assert [incident.kind for incident in found.report.incidents] == ["exception", "prose"]
    assert found.report.findings[0].rule == BACKUP.id


@pytest.mark.parametrize("text", [TICKET, TICKET + QUIET])
def test_a_text_that_shows_no_crash_and_speaks_of_none_is_not_searched(
    examiner: Examiner, tmp_path: Path, text: str
) -> None:
    assert only(examiner.examine(write(tmp_path, text))).report.incidents == ()


@pytest.mark.parametrize("said", ["It crashes.", "A blue screen was there.", "Then it stopped responding."])
def test_a_ticket_that_speaks_of_a_crash_is_searched(examiner: Examiner, tmp_path: Path, said: str) -> None:
    text = f"{TICKET}{said}\n"
    found = only(examiner.examine(write(tmp_path, text)))
    assert found.report == analyze(text.encode(), path="ticket.txt", knowledge=examiner.knowledge)
    assert [(incident.kind, found.report.findings[0].rule) for incident in found.report.incidents] == [
        ("prose", BACKUP.id)
    ]


def test_what_is_told_was_when_the_file_changed_last(examiner: Examiner, tmp_path: Path) -> None:
    crash, said = rows_of(only(examiner.examine(write(tmp_path, TICKET + APART + UNKNOWN))))
    assert (said.kind, said.rule, said.first_line) == ("prose", BACKUP.id, 1)
    assert said.time == crash.time
    assert said.time is not None


def test_other_rules_are_asked_for_the_same_words(examiner: Examiner, tmp_path: Path) -> None:
    source = write(tmp_path, TICKET + APART + UNKNOWN)
    found = only(examiner.examine(source))
    others = Examiner(replace(examiner.setup, knowledge=small_pack(tmp_path / "others.pack", RULES)))
    without = only(others.examine(source))
    assert [incident.kind for incident in without.report.incidents] == ["exception"]
    again = only(examiner.do(step_of(Kept(source, Result(source.name, (without,))))).result or Result(source.name))
    assert again == found
    assert list(rows_of(again)) == list(rows_of(found))


def test_words_are_a_bucket_of_their_own_and_no_crash(examiner: Examiner, tmp_path: Path) -> None:
    found = only(examiner.examine(write(tmp_path, TICKET + APART + UNKNOWN)))
    first, *others = found.report.incidents
    unnamed = replace(found, report=replace(found.report, incidents=(replace(first, signature=""), *others)))
    buckets = Buckets()
    buckets.add(unnamed)
    names = {bucket.signature: bucket for bucket in buckets.ranked()}
    assert names.keys() == {NO_SIGNATURE, TOLD}
    assert names[NO_SIGNATURE].crash
    assert names[NO_SIGNATURE].finding is None
    assert not names[TOLD].crash
    assert names[TOLD].finding is not None

    database = Database(tmp_path / "crashes.db")
    database.add(unnamed)
    database.close()
    with sqlite3.connect(tmp_path / "crashes.db") as connection:
        rows = connection.execute("SELECT count, rule FROM bucket ORDER BY rule").fetchall()
    connection.close()
    assert rows == [(1, None), (1, BACKUP.id)]
