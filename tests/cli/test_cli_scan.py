"""`triage scan` and `triage follow`: what comes out, on which stream, in which file, with which status."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders.knowledge import LOG, QUIET, UNKNOWN, small_pack
from triage.cli import cli

HOME = str(Path(sys.modules["triage.cli"].__file__ or "").parents[2])


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_pack(tmp_path_factory.mktemp("knowledge") / "small.pack"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    share = tmp_path / "share"
    share.mkdir()
    for name, text in {"a.log": LOG, "b.log": QUIET, "c.log": UNKNOWN, "d.txt": LOG + QUIET}.items():
        (share / name).write_text(text)
    return share


def run(pack: str, *args: object, stdin: str | None = None) -> Result:
    environment = {"NO_COLOR": None, "FORCE_COLOR": None, "COLUMNS": "100", "TRIAGE_KNOWLEDGE": pack}
    return CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin, env=environment, prog_name="triage")


def started(pack: str, *args: object, **more: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "triage", *map(str, args)],
        env={**os.environ, "TRIAGE_KNOWLEDGE": pack, "PYTHONPATH": HOME},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,  # type: ignore[call-overload]
    )


def test_text_is_a_summary_by_bucket(pack: str, folder: Path) -> None:
    result = run(pack, "scan", folder)
    assert result.exit_code == 0
    assert result.stdout.startswith("What to do first\n")
    assert "3 incidents in 2 buckets" in result.stdout
    assert " 2x  c0000005" in result.stdout
    assert result.stderr == "triage: 4 sources: 3 with crash evidence, 2 with an article, 0 errors\n"


def test_quiet_prints_no_count(pack: str, folder: Path) -> None:
    assert run(pack, "scan", "--quiet", folder).stderr == ""


def test_pages_are_those_of_analyze(pack: str, folder: Path) -> None:
    page = run(pack, "scan", "-f", "pages", folder / "a.log").stdout
    assert page == run(pack, "analyze", folder / "a.log").stdout


@pytest.mark.parametrize("jobs", [0, 1, 2])
def test_the_output_does_not_depend_on_the_number_of_workers(pack: str, folder: Path, jobs: int) -> None:
    lines = run(pack, "scan", "-f", "jsonl", "-j", jobs, folder).stdout.splitlines()
    assert [Path(json.loads(line)["source"]["path"]).name for line in lines] == ["a.log", "b.log", "c.log", "d.txt"]


def test_standard_input_is_read_among_other_sources(pack: str, folder: Path) -> None:
    process = started(pack, "scan", "-q", "-j", "1", "-f", "jsonl", folder / "a.log", "-", folder / "c.log",
                      stdin=subprocess.PIPE)  # fmt: skip
    out, err = process.communicate(LOG.encode(), timeout=60)
    assert err == b""
    paths = [json.loads(line)["source"]["path"] for line in out.splitlines()]
    assert paths == [str(folder / "a.log"), "stdin", str(folder / "c.log")]


def test_csv_has_a_line_for_each_incident_and_no_formula(pack: str, folder: Path) -> None:
    (folder / "=cmd.log").write_text(LOG)
    os.chdir(folder)
    rows = list(csv.DictReader(io.StringIO(run(pack, "scan", "-f", "csv", "=cmd.log", "a.log").stdout)))
    assert [row["source"] for row in rows] == ["'=cmd.log", "a.log"]
    assert {row["rule"] for row in rows} == {"Q900001"}


def test_a_name_ending_in_db_makes_a_database(pack: str, folder: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert run(pack, "scan", folder, "-o", folder / "x.db").exit_code == 0
    connection = sqlite3.connect(folder / "x.db")
    assert connection.execute("SELECT signature, count FROM bucket").fetchall()[0] == ("c0000005", 2)
    assert connection.execute("SELECT count(*) FROM source").fetchone() == (4,)
    connection.close()


def test_parquet(pack: str, folder: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", exc_type=ImportError)
    assert run(pack, "scan", "-f", "parquet", folder, "-o", tmp_path / "x.parquet").exit_code == 0
    rows = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert [row["code"] for row in rows] == ["c0000005", "c0000095", "c0000005"]
    assert rows[0]["confidence"] > 0


@pytest.mark.parametrize("form", ["sqlite", "parquet"])
def test_what_is_no_text_needs_a_file(pack: str, folder: Path, form: str) -> None:
    result = run(pack, "scan", "-f", form, folder)
    assert result.exit_code == 2
    assert f"--format {form} needs --output FILE" in result.stderr


def test_files_are_chosen_by_name(pack: str, folder: Path) -> None:
    result = run(pack, "scan", "-f", "jsonl", "--include", "*.log", "--exclude", "c.*", folder)
    assert [Path(json.loads(line)["source"]["path"]).name for line in result.stdout.splitlines()] == ["a.log", "b.log"]


def test_state_in_the_folder_that_is_read(pack: str, folder: Path) -> None:
    first = run(pack, "scan", "-f", "jsonl", "--state", folder / "scan.state", folder)
    second = run(pack, "scan", "-f", "jsonl", "--state", folder / "scan.state", folder)
    assert len(first.stdout.splitlines()) == 4
    assert second.stdout == first.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes with a name are of Unix")
def test_ctrl_c_ends_with_what_is_done_so_far(pack: str, folder: Path) -> None:
    os.mkfifo(folder / "z.pipe")
    process = started(pack, "scan", "-j", "1", "-f", "jsonl", folder, folder / "z.pipe")
    with (folder / "z.pipe").open("wb"):  # opens when the worker has come as far as that
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    names = [Path(json.loads(line)["source"]["path"]).name for line in out.splitlines()]
    assert names in (["a.log", "b.log", "c.log"], ["a.log", "b.log", "c.log", "d.txt"])  # the last may be on its way


@pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes with a name are of Unix")
def test_what_a_killed_scan_had_found_is_not_lost_and_its_workers_end(pack: str, folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "z.pipe")
    state = tmp_path / "scan.state"
    process = started(pack, "scan", "-j", "1", "-f", "jsonl", "--state", state, folder, folder / "z.pipe")
    with (folder / "z.pipe").open("wb") as pipe:  # opens when the worker has come as far as that
        process.kill()
        process.wait(timeout=60)
        connection = sqlite3.connect(state)
        (known,) = connection.execute("SELECT count(*) FROM source").fetchone()
        connection.close()
        pipe.write(LOG.encode())
    process.communicate(timeout=60)  # its standard error ends with the worker
    assert known >= 1
    result = run(pack, "scan", "-f", "jsonl", "--state", state, folder)
    assert len(result.stdout.splitlines()) == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("form", ["jsonl", "csv", "text"])
def test_a_full_disk_costs_one_line_and_status_2(pack: str, folder: Path, form: str) -> None:
    result = run(pack, "scan", "-f", form, folder, "-o", "/dev/full", "--state", folder / "s.state")
    assert result.exit_code == 2
    assert "no space left on device" in result.stderr
    again = run(pack, "scan", "-f", "jsonl", folder, "--state", folder / "s.state")
    assert len(again.stdout.splitlines()) == 4


def test_a_wrong_cluster_costs_one_line(pack: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", exc_type=ImportError)
    result = run(pack, "scan", folder, "--cluster", "nowhere")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("args", [("--follow",), ("follow",), ("--follow", "-"), ("-f", "text", "--follow")])
def test_a_stream_is_followed_to_its_end(pack: str, args: tuple[str, ...]) -> None:
    result = run(pack, *args, stdin=QUIET + LOG + QUIET)
    assert result.exit_code == 0
    assert "Q900001" in result.stdout


def test_a_stream_is_told_of_while_it_goes_on(pack: str) -> None:
    process = started(pack, "follow", "--settle", "0.1", "-f", "jsonl", stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(LOG.encode())
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["findings"][0]["rule"] == "Q900001"
    out, _ = process.communicate(UNKNOWN.encode(), timeout=60)
    assert json.loads(out)["incidents"][0]["exception"]["code"] == "c0000095"
