"""Files larger than the memory that the command may have: `analyze` and `scan --jobs 0` read them as workers do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from builders.knowledge import LOG, QUIET, small_pack
from builders.minidumps import MinidumpBuilder

HOME = str(Path(sys.modules["triage"].__file__ or "").parents[1])
MEMORY = 160 << 20
LARGE = 300 << 20
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds data to a limit")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_pack(tmp_path_factory.mktemp("knowledge") / "small.pack"))


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "full.dmp"
    path.write_bytes(MinidumpBuilder().add_system().add_module("C:\\app.exe", 0x400000, 0x1000).write())
    os.truncate(path, LARGE)
    return path


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "app.log"
    quiet = QUIET * (4_000_000 // len(QUIET))
    with path.open("w") as file:
        for number in range(LARGE // len(quiet)):
            file.write(quiet + LOG if number == 9 else quiet)
    return path


def _limit(room: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))


def run(
    pack: str, *args: object, stdin: Path | None = None, room: int = 1 << 30, **more: str
) -> "subprocess.CompletedProcess[bytes]":
    with (Path(os.devnull) if stdin is None else stdin).open("rb") as stream:
        return subprocess.run(
            [sys.executable, "-m", "triage", *map(str, args)],
            env={**os.environ, "TRIAGE_KNOWLEDGE": pack, "PYTHONPATH": HOME, **more},
            stdin=stream,
            capture_output=True,
            preexec_fn=lambda: _limit(room),
            check=False,
        )


def reports(done: "subprocess.CompletedProcess[bytes]") -> list[dict[str, object]]:
    assert all(b": no crash evidence found" in line for line in done.stderr.splitlines())
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("command", ["analyze -f jsonl", "scan -q -j 0 -f jsonl", "scan -q -j 1 -f jsonl"])
def test_a_dump_larger_than_the_memory_is_read(pack: str, dump: Path, command: str) -> None:
    (report,) = reports(run(pack, *command.split(), dump))
    assert report["source"]["format"] == "minidump"  # type: ignore[index]
    assert report["source"]["bytes"] == LARGE  # type: ignore[index]


def test_a_log_larger_than_the_memory_is_read_and_the_report_is_whole(pack: str, log: Path) -> None:
    by_name = run(pack, "analyze", "-f", "jsonl", log)
    (report,) = reports(by_name)
    assert len(report["incidents"]) == 1  # type: ignore[arg-type]
    assert reports(run(pack, "scan", "-q", "-j", "0", "-f", "jsonl", log)) == [report]
    (piped,) = reports(run(pack, "analyze", "-f", "jsonl", stdin=log))
    assert piped["source"] == {**report["source"], "path": "stdin"}  # type: ignore[dict-item]
    assert piped["incidents"] == report["incidents"]


def test_a_large_log_without_a_crash_has_its_digest_too(pack: str, tmp_path: Path) -> None:
    (tmp_path / "quiet.log").write_text(QUIET * (20_000_000 // len(QUIET)))
    (report,) = reports(run(pack, "analyze", "-f", "jsonl", tmp_path / "quiet.log"))
    assert len(report["source"]["sha256"]) == 64  # type: ignore[index]


def test_what_is_piped_in_may_be_larger_than_the_memory(pack: str, dump: Path) -> None:
    (report,) = reports(run(pack, "analyze", "-f", "jsonl", stdin=dump))
    assert report["source"]["bytes"] == LARGE  # type: ignore[index]


def test_what_is_piped_in_and_finds_no_room_costs_one_line(pack: str, dump: Path) -> None:
    done = run(pack, "analyze", stdin=dump, room=100 << 20)
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line == ("triage: stdin: does not fit into a temporary file: file too large (TMPDIR names another place)")


@pytest.mark.parametrize("command", ["analyze -f jsonl", "scan -q -j 0 -f jsonl"])
def test_a_dump_that_is_cut_while_it_is_read_does_not_end_the_command(pack: str, tmp_path: Path, command: str) -> None:
    """The system ends who reads a mapping beyond the end of its file: that has to be a worker."""
    dump = MinidumpBuilder().add_system().add_module("C:\\app.exe", 0x400000, 0x1000).write()
    path = tmp_path / "cut.dmp"
    path.write_bytes(dump + bytes(40 << 20))
    (tmp_path / "after.log").write_text(LOG)
    (tmp_path / "sitecustomize.py").write_text(
        "import os\n"
        "from triage.formats.binary import store\n"
        "mapped = store.mapped\n"
        f"store.mapped = lambda file: (mapped(file), os.truncate({str(path)!r}, {len(dump)}))[0]\n"
    )
    paths = f"{tmp_path}{os.pathsep}{HOME}"
    cut, after = reports(run(pack, *command.split(), path, tmp_path / "after.log", PYTHONPATH=paths))
    assert cut["source"]["bytes"] == len(dump)  # type: ignore[index]
    assert len(after["incidents"]) == 1  # type: ignore[arg-type]
