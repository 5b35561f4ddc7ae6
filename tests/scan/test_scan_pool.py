"""Workers: the order of results is that of the sources, and what ends a worker ends nothing else."""

import os
import signal
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from builders.knowledge import LOG
from builders.minidumps import MinidumpBuilder
from triage.errors import SourceError
from triage.scan import Source, find
from triage.scan.examine import Examiner
from triage.scan.feeder import Process, end_worker
from triage.scan.found import Fault, Found, Result
from triage.scan.pool import Pool
from triage.scan.serial import Serial
from triage.scan.setup import Setup

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes with a name and signals are of Unix")


def told(results: Iterator[Result]) -> list[bytes]:
    return [msgspec.json.encode(result) for result in results]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_workers_find_what_one_process_finds_in_the_same_order(setup: Setup, crashes: Path, jobs: int) -> None:
    sources = list(find([crashes, crashes / "gone", crashes / "01.log"], folders=True))
    assert told(Pool(setup, jobs).run(sources)) == told(Serial(Examiner(setup)).run(sources))


def test_no_sources_give_no_results(setup: Setup) -> None:
    assert list(Pool(setup, 2).run([])) == []


def test_errors_of_the_walk_keep_their_place(setup: Setup, crashes: Path) -> None:
    mixed = [SourceError("permission denied", path="x"), *find([crashes], folders=True), SourceError("gone", path="y")]
    results = list(Pool(setup, 2).run(mixed))
    assert (results[0].name, results[-1].name) == ("x", "y")
    assert results[0].found == (Fault("permission denied", "x"),)
    assert len(results) == 43


def test_a_source_that_takes_too_long_is_left_out(setup: Setup, crashes: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("pipes with a name are of Unix")
    os.mkfifo(crashes / "never")  # nobody will ever write to it
    sources = [Source("a", crashes / "00.log"), Source("never", crashes / "never"), Source("b", crashes / "03.log")]
    first, slow, last = Pool(msgspec.structs.replace(setup, seconds=4.0), 1).run(sources)
    assert isinstance(first.found[0], Found)
    assert slow.found == (Fault("took longer than 4 seconds; left out (--timeout)", "never"),)
    assert isinstance(last.found[0], Found)


@POSIX
def test_workers_that_are_killed_are_replaced_and_nothing_is_lost(setup: Setup, crashes: Path) -> None:
    sources = list(find([crashes], folders=True))
    pool = Pool(setup, 2)
    results = []
    for result in pool.run(sources):
        results.append(result)
        if len(results) == 1:
            for pid in pool.pids():
                os.kill(pid, signal.SIGKILL)
    assert told(iter(results)) == told(Serial(Examiner(setup)).run(sources))


@pytest.fixture
def poison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes workers run a statement when they open a file that is called `poison.log`."""
    folder = tmp_path / "sitecustomize"
    folder.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(folder))

    def brew(statement: str) -> None:
        (folder / "sitecustomize.py").write_text(
            "import os, pathlib\n"
            "opened = pathlib.Path.open\n"
            "def open(self, *args, **more):\n"
            "    if self.name == 'poison.log':\n"
            f"        {statement}\n"
            "    return opened(self, *args, **more)\n"
            "pathlib.Path.open = open\n"
        )

    return brew


@POSIX
def test_a_source_that_kills_its_reader_is_reported_and_the_others_are_read(
    setup: Setup, crashes: Path, poison: Callable[[str], None]
) -> None:
    poison("os.kill(os.getpid(), 9)")
    sources = list(find([crashes], folders=True))
    sources.insert(3, Source("poison.log", crashes / "poison.log"))
    (crashes / "poison.log").write_text(LOG)
    results = list(Pool(setup, 2).run(sources))
    assert [result.name for result in results] == [source.name for source in sources]  # type: ignore[union-attr]
    faults = [result.found[0] for result in results if isinstance(result.found[0], Fault)]
    assert "ended the process that read it, twice (status -9); left out" in [fault.message for fault in faults]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds data to a limit")
def test_a_source_that_needs_too_much_memory_is_left_out(
    setup: Setup, crashes: Path, poison: Callable[[str], None]
) -> None:
    poison("self.greed = bytearray(160 << 20)")
    (crashes / "poison.log").write_text(LOG)
    sources = [Source("large", crashes / "poison.log"), Source("b", crashes / "00.log")]
    large, small = Pool(msgspec.structs.replace(setup, memory=128 << 20), 1).run(sources)
    assert isinstance(large.found[0], Fault)
    assert "memory" in large.found[0].message
    assert isinstance(small.found[0], Found)


@POSIX
def test_a_dump_that_is_cut_while_it_is_mapped_costs_nothing_but_a_worker(
    setup: Setup, crashes: Path, poison: Callable[[str], None]
) -> None:
    """The system ends who reads a mapping beyond the end of its file; the second reader finds the file as it is."""
    dump = MinidumpBuilder().add_system().add_module("C:\\app.exe", 0x400000, 0x1000).write()
    path = crashes / "poison.log"
    path.write_bytes(dump + bytes(40 << 20))
    poison(
        "file = opened(self, *args, **more); from triage.formats.binary import store; mapped = store.mapped; "
        f"store.mapped = lambda one: (mapped(one), os.truncate(self, {len(dump)}))[0]; return file"
    )
    sources = [Source("a", crashes / "00.log"), Source("cut.dmp", path), Source("b", crashes / "03.log")]
    first, cut, last = Pool(setup, 1).run(sources)
    assert isinstance(first.found[0], Found)
    assert isinstance(last.found[0], Found)
    assert isinstance(cut.found[0], Found)
    assert cut.found[0].report.source.bytes == len(dump)
    assert [module.name for module in cut.found[0].report.modules] == ["app.exe"]


def test_knowledge_that_cannot_be_opened_is_told_once(setup: Setup, crashes: Path) -> None:
    bad = msgspec.structs.replace(setup, knowledge=crashes / "00.log")
    with pytest.raises(SourceError, match="not a knowledge pack"):
        list(Pool(bad, 2).run(find([crashes], folders=True)))


def test_a_stopped_run_gives_what_is_done_and_no_more(setup: Setup, crashes: Path) -> None:
    pool = Pool(setup, 2)
    results = []
    for result in pool.run(find([crashes], folders=True)):
        results.append(result.name)
        pool.stop()
    assert 1 <= len(results) <= 41
    assert pool.pids() == []


def test_a_file_that_goes_while_the_scan_runs_costs_a_line(setup: Setup, crashes: Path) -> None:
    sources = list(find([crashes], folders=True))
    (crashes / "05.log").unlink()
    results = list(Pool(setup, 2).run(sources))
    assert len(results) == 41
    assert results[5].found == (Fault("no such file", str(crashes / "05.log")),)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds data to a limit")
def test_a_dump_takes_no_more_memory_for_being_large_nor_for_being_packed(setup: Setup, tmp_path: Path) -> None:
    dump = MinidumpBuilder().add_system().add_module("C:\\app.exe", 0x400000, 0x1000).write() + bytes(160 << 20)
    (tmp_path / "a.dmp").write_bytes(dump)
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("inner.dmp", dump)
    with tarfile.open(tmp_path / "c.tar", "w") as tar:
        tar.add(tmp_path / "a.dmp", "inner.dmp")
    found = [
        one
        for result in Pool(msgspec.structs.replace(setup, memory=128 << 20), 1).run(find([tmp_path], folders=True))
        for one in result.found
    ]
    assert [(one.report.source.format, one.report.source.bytes) for one in found if isinstance(one, Found)] == 3 * [
        ("minidump", len(dump))
    ]


@POSIX
def test_workers_wait_for_another_run_where_they_are_to(setup: Setup, crashes: Path) -> None:
    sources = list(find([crashes], folders=True))
    expected = told(Serial(Examiner(setup)).run(sources))
    idle: list[Process] = []
    assert told(Pool(setup, 2, idle=idle).run(sources)) == expected
    first = {process.pid for process in idle}
    assert first
    assert told(Pool(setup, 2, idle=idle).run(sources)) == expected
    assert first & {process.pid for process in idle}
    idle[0].kill()
    idle[0].wait()
    assert told(Pool(setup, 2, idle=idle).run(sources)) == expected
    for process in idle:
        end_worker(process)
