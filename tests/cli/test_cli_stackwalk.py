"""`triage analyze --stackwalk`: the program is found on PATH, run for minidumps alone, and its faults are one line."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders.minidumps import crashed_editor
from triage.cli import cli
from triage.errors import SourceError

LOG = b"ModLoad: 00400000 0041d000   C:\\apps\\quill.exe\r\nAccess violation - code c0000005 (first chance)\r\n"
WALKED = {
    "crash_info": {"type": "EXCEPTION_ACCESS_VIOLATION_READ", "address": "0x18", "crashing_thread": 0},
    "crashing_thread": {"frames": [{"module": "editor.exe", "function": "Document::Save", "trust": "context"}]},
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False, standalone_mode=False)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "bin" / "minidump-stackwalk"
    program.parent.mkdir()
    monkeypatch.setenv("PATH", str(program.parent))
    return program


def write(program: Path, body: str) -> None:
    program.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    program.chmod(0o755)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "user.dmp"
    path.write_bytes(crashed_editor().write())
    return path


def test_its_stack_is_read(stand_in: Path, dump: Path, tmp_path: Path, builtin_knowledge: object) -> None:
    write(stand_in, f"assert open(sys.argv[-1], 'rb').read(4) == b'MDMP'\nprint({json.dumps(WALKED)!r})")
    report = json.loads(run("analyze", dump, "--stackwalk", tmp_path, "--format", "json").stdout)
    assert report["source"]["format"] == "stackwalk"
    assert report["incidents"][0]["stack"][0]["function"] == "Document::Save"


def test_it_is_run_for_minidumps_alone(stand_in: Path, tmp_path: Path, builtin_knowledge: object) -> None:
    write(stand_in, "raise SystemExit(9)")
    log = tmp_path / "a.log"
    log.write_bytes(LOG)
    report = json.loads(run("analyze", log, "--stackwalk", tmp_path, "--format", "json").stdout)
    assert report["source"]["format"] == "windbg"


def test_without_the_option_it_is_not_run(stand_in: Path, dump: Path, builtin_knowledge: object) -> None:
    write(stand_in, "raise SystemExit(9)")
    report = json.loads(run("analyze", dump, "--format", "json").stdout)
    assert report["source"]["format"] == "minidump"


def test_its_faults_are_one_line(stand_in: Path, dump: Path, tmp_path: Path, builtin_knowledge: object) -> None:
    write(stand_in, "sys.stderr.write('warming up\\nbad stream\\n')\nraise SystemExit(3)")
    result = run("analyze", dump, "--stackwalk", tmp_path)
    assert "minidump-stackwalk cannot read it (bad stream); leave --stackwalk out" in result.stderr
    assert result.return_value == 2


def test_its_absence_is_told(stand_in: Path, dump: Path, tmp_path: Path, builtin_knowledge: object) -> None:
    with pytest.raises(SourceError, match="no minidump-stackwalk on PATH"):
        run("analyze", dump, "--stackwalk", tmp_path)
