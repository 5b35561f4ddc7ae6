"""A Dask cluster gives what one process gives, whatever becomes of its workers."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from triage.errors import SourceError
from triage.scan import Source, find
from triage.scan.examine import Examiner
from triage.scan.found import Kept, Result
from triage.scan.serial import Serial
from triage.scan.setup import Setup
from triage.scan.steps import Look, Step

pytest.importorskip("distributed", exc_type=ImportError)

from triage.scan import cluster

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # Dask's own, of ports, deprecations and slow machines
    pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by signals of Unix here"),
]


class Nodes:
    """A scheduler and workers as an administrator starts them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        for _ in range(600):
            if file.is_file() and file.read_text().endswith("}"):
                break
            time.sleep(0.05)  # the scheduler says where it listens when it does
        self.address = str(msgspec.json.decode(file.read_bytes())["address"])

    def start(self, role: str, *args: str) -> subprocess.Popen[bytes]:
        """One process of the cluster."""
        log = (self._folder / f"{role}{len(self._processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + role, *args],
            stdout=log,
            stderr=log,
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(Path(cluster.__file__).parents[2])},
        )
        log.close()
        self._processes.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker without a nanny, so that whoever kills it kills it for good."""
        return self.start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self._folder),
        )  # fmt: skip

    def end(self) -> None:
        """All of it."""
        for process in self._processes:
            process.kill()
            process.wait()


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    (tmp_path / "nodes").mkdir()
    nodes = Nodes(tmp_path / "nodes")
    yield nodes
    nodes.end()


@pytest.fixture
def share(crashes: Path) -> Path:
    for number in range(100, 260):
        shutil.copy(crashes / f"{number % 40:02}.log", crashes / f"{number}.log")
    return crashes


def test_a_cluster_whose_worker_is_killed_finds_what_one_process_finds(
    nodes: Nodes, setup: Setup, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CHUNK", 8)
    workers = [nodes.worker(), nodes.worker()]
    sources = [*find([share], folders=True), SourceError("permission denied", path="x")]
    results = []
    for result in cluster.Cluster(setup, nodes.address).run(sources):
        results.append(result)
        if len(results) == 10:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()
    assert results == list(Serial(Examiner(setup)).run(sources))


def test_a_worker_that_comes_late_gets_the_knowledge_though_all_who_had_it_are_gone(
    nodes: Nodes, setup: Setup, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CHUNK", 8)
    first = nodes.worker()
    sources = find([share], folders=True)
    results = []
    for result in cluster.Cluster(setup, nodes.address).run(sources):
        results.append(result)
        if len(results) == 10:
            first.send_signal(signal.SIGKILL)
            first.wait()
            nodes.worker()
    assert results == list(Serial(Examiner(setup)).run(find([share], folders=True)))


def test_a_large_text_is_shared_out_among_the_workers_one_of_which_is_killed(
    nodes: Nodes, setup: Setup, crashes: Path, two_spans: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[type, int]] = []
    submit = cluster.Cluster._submit

    def noted(self: cluster.Cluster, chunk: object, places: list[int], wanted: list[Step], *spread: object) -> None:
        steps.extend((type(step), len(wanted)) for step in wanted)
        submit(self, chunk, places, wanted, *spread)  # type: ignore[arg-type]
        if sum(kind is Look for kind, _ in steps) == 2 and workers[0].poll() is None:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()

    monkeypatch.setattr(cluster.Cluster, "_submit", noted)
    workers = [nodes.worker(), nodes.worker()]
    sources = [Source("a", crashes / "00.log"), two_spans, Source("b", crashes / "03.log")]
    results = list(cluster.Cluster(setup, nodes.address).run(sources))
    assert results == list(Serial(Examiner(setup)).run(sources))
    assert [(Look, 1), (Look, 1)] == [one for one in steps if one[0] is Look]  # each may be done by another worker
    assert workers[0].poll() is not None


def test_what_is_known_keeps_its_place_and_what_is_kept_is_matched(nodes: Nodes, setup: Setup, crashes: Path) -> None:
    nodes.worker()
    keeping = msgspec.structs.replace(setup, keep=True)
    log = Source("a", crashes / "00.log")
    read = Examiner(keeping).examine(log)
    kept = Kept(Source("b", crashes / "gone"), read)
    known = Result("known")
    results = list(cluster.Cluster(keeping, nodes.address).run([known, log, kept, SourceError("gone", path="x")]))
    assert [result.name for result in results] == ["known", "a", "a", "x"]
    assert results[1] == results[2] == read


def test_the_knowledge_of_the_caller_is_used(nodes: Nodes, setup: Setup, crashes: Path) -> None:
    nodes.worker()
    (result, *_) = cluster.Cluster(setup, nodes.address).run(find([crashes / "00.log"], folders=True))
    assert result.found[0].report.findings[0].rule == "Q900001"  # type: ignore[union-attr]


def test_no_scheduler_costs_a_line(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(SourceError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        cluster.Cluster(setup, "tcp://127.0.0.1:9")
