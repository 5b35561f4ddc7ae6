"""A very large text, shared out among workers: what is found depends neither on who reads what nor on the order."""

import os
import random
import signal
import sys
from collections import deque
from pathlib import Path

import msgspec
import pytest

from builders.knowledge import LOG, QUIET, UNKNOWN
from triage.formats import large
from triage.scan import Source, spread
from triage.scan.examine import Examiner
from triage.scan.found import Fault, Found, Result
from triage.scan.pool import Pool
from triage.scan.setup import Setup
from triage.scan.spread import Spread
from triage.scan.steps import Answer, Count, Digest, Join, Look, Read

SPACE = QUIET * (40_000 // len(QUIET) + 1)


@pytest.fixture
def small_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "SPAN", 50_000)
    monkeypatch.setattr(large, "OVERLAP", 16_384)
    monkeypatch.setattr("triage.scan.examine.SPAN", 50_000)
    monkeypatch.setattr("triage.scan.examine.SMALL", 40_000)


@pytest.fixture
def log(tmp_path: Path) -> Source:
    path = tmp_path / "large.log"
    path.write_text(SPACE + LOG + SPACE * 3 + UNKNOWN + SPACE * 2 + LOG.replace("145", "188") + SPACE)
    return Source("large.log", path)


def in_any_order(examiner: Examiner, source: Source, dice: random.Random) -> tuple[Result, list[object]]:
    """The result where the steps are done in an order that the dice give, and the steps."""
    answer = examiner.do(Read(source))
    assert answer.large is not None
    work = Spread(source, answer.large)
    steps, done = work.steps(), list[object]()
    while answer.result is None:
        step = steps.pop(dice.randrange(len(steps)))
        if not work.needed(step):
            steps += work.skip(step)
            continue
        done.append(step)
        answer = examiner.do(step)
        steps += work.take(step, answer)
    return work.with_faults(answer.result), done


@pytest.mark.usefixtures("small_spans")
def test_the_order_of_the_steps_changes_nothing(setup: Setup, log: Source) -> None:
    examiner = Examiner(setup)
    expected = examiner.examine(log)
    assert isinstance(expected.found[0], Found)
    assert len(expected.found[0].report.incidents) == 3
    assert expected.found[0].report.source.sha256 is not None
    for seed in range(8):
        result, steps = in_any_order(examiner, log, random.Random(seed))  # noqa: S311 - the same orders every time
        assert result == expected
        assert sum(isinstance(step, Join) for step in steps) == 1
        assert sum(isinstance(step, Digest) for step in steps) == 1


@pytest.mark.usefixtures("small_spans")
def test_lines_are_counted_as_far_as_evidence_stands_and_not_beyond(setup: Setup, tmp_path: Path) -> None:
    (tmp_path / "quiet.log").write_text(SPACE * 9)
    (tmp_path / "early.log").write_text(LOG + SPACE * 9)
    examiner = Examiner(setup)
    for name in ("quiet.log", "early.log"):
        _, steps = in_any_order(examiner, Source(name, tmp_path / name), random.Random(1))  # noqa: S311
        assert not any(isinstance(step, Count) for step in steps)


@pytest.mark.usefixtures("small_spans")
def test_a_log_that_grew_is_read_from_where_it_was_read_before(setup: Setup, log: Source) -> None:
    examiner = Examiner(setup)
    assert log.path is not None
    whole = examiner.examine(log).found[0]
    late = examiner.examine(msgspec.structs.replace(log, begin=log.path.stat().st_size - 45_000)).found[0]
    assert isinstance(whole, Found)
    assert isinstance(late, Found)
    assert late.report.incidents[0].lines == whole.report.incidents[-1].lines
    assert len(late.report.incidents) == 1


@pytest.mark.usefixtures("small_spans")
def test_no_more_is_read_than_is_reported(setup: Setup, log: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "MAX_INCIDENTS", 1)
    monkeypatch.setattr(large, "MAX_INCIDENTS", 1)
    result, steps = in_any_order(Examiner(setup), log, random.Random(3))  # noqa: S311
    (found,) = result.found
    assert isinstance(found, Found)
    assert len(found.report.incidents) == 1
    expected = Examiner(setup).examine(log)
    assert result == expected
    assert steps


@pytest.mark.usefixtures("small_spans")
def test_a_span_that_cannot_be_read_costs_its_incidents_and_no_others(setup: Setup, log: Source) -> None:
    examiner = Examiner(setup)
    answer = examiner.do(Read(log))
    assert answer.large is not None
    work = Spread(log, answer.large)
    steps = deque(work.steps())
    while answer.result is None:
        step = steps.popleft()
        answer = examiner.do(step)
        if isinstance(step, Look) and step.index == 0:
            answer = Answer(fault="ended the process that read it, twice (status -9); left out")
        steps += work.take(step, answer)
    found, fault = work.with_faults(answer.result).found
    assert isinstance(found, Found)
    assert len(found.report.incidents) == 2
    assert isinstance(fault, Fault)
    assert fault.message.endswith("left out; lost are bytes 0 to 50,000")


def test_workers_share_a_large_text_and_give_what_one_process_gives(
    setup: Setup, crashes: Path, two_spans: Source
) -> None:
    sources = [Source("a", crashes / "00.log"), two_spans, Source("b", crashes / "03.log")]
    expected = [Examiner(setup).examine(source) for source in sources]
    assert isinstance(expected[1].found[0], Found)
    assert len(expected[1].found[0].report.incidents) == 2
    for jobs in (1, 2):
        assert list(Pool(setup, jobs).run(sources)) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of Unix")
def test_a_worker_that_is_killed_within_a_large_text_costs_nothing(setup: Setup, two_spans: Source) -> None:
    class Killing(Pool):
        kills = 1

        def done(self, answers: list[tuple[object, Answer]]) -> None:  # type: ignore[override]
            super().done(answers)  # type: ignore[arg-type]
            if self.kills and any(answer.large or answer.part for _, answer in answers):
                self.kills -= 1
                for pid in self.pids():
                    os.kill(pid, signal.SIGKILL)

    pool = Killing(setup, 2)
    assert list(pool.run([two_spans])) == [Examiner(setup).examine(two_spans)]
    assert pool.kills == 0
