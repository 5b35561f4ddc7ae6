"""What goes wrong in the middle of a share of some size: nothing that was found is lost, and each fault is told."""

import contextlib
import csv
import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders.knowledge import LOG, QUIET, UNKNOWN, small_pack
from triage.cli import cli
from triage.scan import examine, find
from triage.scan.examine import Examiner
from triage.scan.pool import Pool
from triage.scan.serial import Serial
from triage.scan.setup import Setup

HOME = str(Path(sys.modules["triage.cli"].__file__ or "").parents[2])
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and pipes with a name are of Unix")
BEFORE, BEHIND = 700, 300


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_pack(tmp_path_factory.mktemp("knowledge") / "small.pack"))


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand files in folders, one in ten with a crash."""
    folder = tmp_path_factory.mktemp("share")
    for number in range(BEFORE + BEHIND):
        place = folder / ("a" if number < BEFORE else "z") / f"{number % 7}"
        place.mkdir(parents=True, exist_ok=True)
        text = (LOG, *9 * (QUIET,))[number % 10] if number % 30 else UNKNOWN
        (place / f"{number:04}.log").write_text(f"host {number}\n{text}")
    return folder


@pytest.fixture
def halted(share: Path) -> Iterator[Path]:
    """The same share with a pipe in its middle, at which a worker waits."""
    pipe = share / "m.pipe"
    os.mkfifo(pipe)
    yield pipe
    pipe.unlink()


def started(pack: str, *args: object, **more: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "triage", "scan", *map(str, args)],
        env={**os.environ, "TRIAGE_KNOWLEDGE": pack, "PYTHONPATH": HOME},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,  # type: ignore[call-overload]
    )


def run(pack: str, *args: object) -> Result:
    environment = {"NO_COLOR": None, "FORCE_COLOR": None, "COLUMNS": "100", "TRIAGE_KNOWLEDGE": pack}
    return CliRunner().invoke(cli, ["scan", *map(str, args)], env=environment, prog_name="triage")


def paths(lines: bytes) -> list[str]:
    return [json.loads(line)["source"]["path"] for line in lines.splitlines()]


@POSIX
def test_workers_that_are_killed_again_and_again_lose_nothing(pack: str, share: Path) -> None:
    setup = Setup(knowledge=Path(pack))
    pool = Pool(setup, 3)
    results = []
    for result in pool.run(find([share], folders=True)):
        results.append(result)
        if len(results) % 150 == 1:
            os.kill(pool.pids()[0], signal.SIGKILL)
    # A source may be the one that a worker reads at its end twice, and is reported then.
    expected = list(Serial(Examiner(setup)).run(find([share], folders=True)))
    assert [one.name for one in results] == [one.name for one in expected]
    assert sum(one != other for one, other in zip(results, expected, strict=True)) <= 1


@POSIX
@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite"])
def test_a_killed_scan_leaves_what_it_had_written(
    pack: str, share: Path, halted: Path, tmp_path: Path, form: str
) -> None:
    output, state = tmp_path / "out", tmp_path / "scan.state"
    sources = [share / "a", halted, share / "z"]
    process = started(pack, "-j", "1", "-f", form, "-o", output, "--state", state, *sources)

    def done() -> int:
        if not output.exists():
            return 0
        if form == "sqlite":
            with contextlib.closing(sqlite3.connect(f"file:{output}?mode=ro", uri=True)) as connection:
                try:
                    return int(connection.execute("SELECT max(rowid) FROM source").fetchone()[0] or 0)
                except sqlite3.Error:  # not made yet
                    return 0
        return len(output.read_bytes().splitlines())

    enough = {"jsonl": BEFORE, "csv": 1 + BEFORE // 10, "sqlite": BEFORE - 20}[form]
    with halted.open("wb"):
        while done() < enough:
            assert process.poll() is None
        process.kill()
        process.wait(timeout=60)
    assert process.communicate(timeout=60)[1] == b""  # its workers say nothing, and have ended
    if form == "jsonl":
        assert len(paths(output.read_bytes())) == BEFORE
    elif form == "csv":
        rows = list(csv.reader(output.read_text("utf-8").splitlines()))
        assert {len(row) for row in rows} == {len(rows[0])}
    else:
        with sqlite3.connect(output) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    # What the state remembers need not be read again, and the scan goes on where it was.
    whole = run(pack, "-j", "1", "-f", "jsonl", share / "a", share / "z").stdout_bytes
    with sqlite3.connect(state) as connection:
        (known,) = connection.execute("SELECT count(*) FROM source").fetchone()
    assert known >= 500  # the last of them may have been on their way
    assert run(pack, "-j", "1", "-f", "jsonl", "--state", state, share / "a", share / "z").stdout_bytes == whole


def _limit(size: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@POSIX
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_disk_that_fills_up_leaves_whole_records_and_the_summary(
    pack: str, share: Path, tmp_path: Path, form: str
) -> None:
    output = tmp_path / "out"
    process = started(pack, "-j", "1", "-f", form, "-o", output, share, preexec_fn=lambda: _limit(20_000))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2
    first, last = err.decode().splitlines()
    assert first.startswith(f"triage: {output}: cannot be written: file too large; ")
    assert first.endswith("sources written, and here is what was found until then")
    assert last.startswith("triage: stopped; ")
    assert b"incidents in" in out
    if form == "jsonl":
        assert f"; {len(paths(output.read_bytes()))} sources" in first
    else:
        rows = list(csv.reader(output.read_text("utf-8").splitlines()))
        assert {len(row) for row in rows} == {len(rows[0])}


@POSIX
def test_a_database_that_fills_up_keeps_what_is_in_it(pack: str, share: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.db"
    process = started(pack, "-j", "1", "-o", output, share, preexec_fn=lambda: _limit(120_000))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert f"{output}: cannot be written" in err.decode()
    assert b"incidents in" in out
    with sqlite3.connect(output) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (written,) = connection.execute("SELECT count(*) FROM source").fetchone()
    assert f"; {written} sources written, " in err.decode()


@POSIX
def test_a_table_that_finds_no_room_for_its_end_is_told_as_lost(pack: str, share: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow.parquet", exc_type=ImportError)
    output = tmp_path / "out.parquet"
    process = started(pack, "-j", "1", "-f", "parquet", "-o", output, share, preexec_fn=lambda: _limit(2_000))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert f"{output}: cannot be written" in err.decode()
    assert "; 0 sources written, and here is what was found until then" in err.decode()
    assert b"incidents in" in out


@POSIX
def test_a_state_that_fills_up_costs_the_state_alone(pack: str, share: Path, tmp_path: Path) -> None:
    state = tmp_path / "scan.state"
    process = started(pack, "-j", "1", "-f", "jsonl", "--state", state, share, preexec_fn=lambda: _limit(150_000))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert len(paths(out)) == BEFORE + BEHIND
    (line,) = err.decode().splitlines()
    assert line.startswith(f"triage: {state}: cannot be used")
    assert line.endswith("; the scan goes on without it")


def test_folders_and_files_that_may_not_be_read_cost_a_line_each(
    pack: str, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, opened = os.scandir, Path.open

    def scandir(path: Path) -> object:
        if Path(path).name == "3":
            raise PermissionError(errno.EACCES, "Permission denied")
        return listed(path)

    def open_(self: Path, *args: object, **more: object) -> object:
        if self.name == "0000.log":
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(self, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "open", open_)
    result = run(pack, "-j", "0", "-f", "jsonl", "-q", share)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"triage: {share / 'a' / '0' / '0000.log'}: permission denied",
        f"triage: {share / 'a' / '3'}: permission denied",
        f"triage: {share / 'z' / '3'}: permission denied",
    ]
    missing = sum(number % 7 == 3 for number in range(BEFORE + BEHIND)) + 1
    assert len(paths(result.stdout_bytes)) == BEFORE + BEHIND - missing


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("grow", "grew while it was read, from {0:,} to {1:,} bytes; scan it again for the rest"),
        ("cut", "was cut while it was read, from {0:,} to 5 bytes; scan it again for the rest"),
        ("go", "went away while it was read; scan it again for the rest"),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_told_of(
    pack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, text: str
) -> None:
    path = tmp_path / "app.log"
    path.write_text(LOG)
    size = path.stat().st_size
    judge = examine.judge

    def change(*args: object, **more: object) -> object:
        if what == "grow":
            with path.open("a") as file:
                file.write("more\n")
        elif what == "cut":
            os.truncate(path, 5)
        else:
            path.unlink()
        return judge(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(examine, "judge", change)
    result = run(pack, "-j", "0", "-f", "jsonl", "-q", path)
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["incidents"]) == 1
    assert result.stderr == f"triage: {path}: {text.format(size, size + 5)}\n"
