"""`triage formats`, and containers in the commands that read sources."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders.containers import PACKERS, cabinet, tarred, zipped
from builders.minidumps import crashed_editor
from triage.cli import cli

LOG = b"ModLoad: 00400000 0041d000   C:\\apps\\quill.exe\r\nAccess violation - code c0000005 (first chance)\r\n"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False, standalone_mode=False)


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "mail.zip"
    inner = PACKERS["gzip"](tarred({"logs/app.log": LOG, "../e.dmp": crashed_editor().write()}))
    path.write_bytes(zipped({"a.log": LOG, "case.tgz": inner, "bad.dmp": b"MDMP", "note\x1b.txt": b"hello"}))
    return path


def test_every_file_of_a_container_is_told(mail: Path) -> None:
    result = run("formats", mail, "--format", "jsonl")
    found = {Path(one["path"]).name: one for one in map(json.loads, result.stdout.splitlines())}
    assert {name: (one["format"], one["containers"]) for name, one in found.items()} == {
        "mail.zip!a.log": ("windbg", ["zip"]),
        "app.log": ("windbg", ["zip", "gzip", "tar"]),
        "mail.zip!case.tgz!e.dmp": ("minidump", ["zip", "gzip", "tar"]),
        "mail.zip!bad.dmp": ("minidump", ["zip"]),
        "mail.zip!note\\x1b.txt": ("text", ["zip"]),
    }
    assert result.return_value == 2


def test_the_page_says_why(mail: Path) -> None:
    page = run("formats", mail).stdout
    assert "windbg read most of it: 2 of 2 lines" in page
    assert "landmarks 'modload:'" in page
    assert "begins with 4d 44 4d 50" in page
    assert "zip > gzip > tar" in page
    assert "cut off in its header" in page
    assert "\x1b" not in page


@pytest.mark.parametrize(("data", "status"), [(LOG, 0), (b"hello\n", 1), (b"MDMP", 2)])
def test_the_exit_status_is_that_of_the_other_commands(tmp_path: Path, data: bytes, status: int) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert run("formats", path).return_value == status


def test_scan_reports_on_every_file_of_a_container(mail: Path, builtin_knowledge: object) -> None:
    lines = run("scan", mail.parent, "--format", "jsonl", "--jobs", "1").stdout.splitlines()
    reports = [report for report in map(json.loads, lines) if "source" in report]
    paths = {report["source"]["path"]: len(report["incidents"]) for report in reports}
    assert paths[f"{mail}!a.log"] == 1
    assert paths[f"{mail}!case.tgz!logs/app.log"] == 1
    assert paths[f"{mail}!case.tgz!e.dmp"] == 1


def test_analyze_warns_of_what_a_damaged_container_lost(tmp_path: Path, builtin_knowledge: object) -> None:
    noise = b"".join(b"%d\n" % (n * 7919 % 104729) for n in range(20_000))
    whole = cabinet({"app.log": LOG + noise})
    path = tmp_path / "case.cab"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    report = json.loads(run("analyze", path, "--format", "json").stdout)
    assert report["source"]["path"] == f"{path}!app.log"
    assert len(report["incidents"]) == 1
    assert report["warnings"][0]["text"] == "cut off: the end of it is missing"
