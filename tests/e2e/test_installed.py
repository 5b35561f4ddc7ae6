"""The installed program as a user meets it: pipes, signals, streams, exit status. No code of the tree runs here."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = Path(sys.executable).with_name("triage.exe" if os.name == "nt" else "triage")
SAMPLES = ROOT / "samples"

LOG = """\
ModLoad: 77e80000 77f35000   C:\\WINNT\\system32\\KERNEL32.dll
Access violation - code c0000005 (first chance)
"""

NOISE = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(256)) * 12


def command() -> list[str]:
    """The console script, or the module where triage is not installed."""
    return [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-m", "triage"]


def environment(**more: str) -> dict[str, str]:
    ours = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "TRIAGE_KNOWLEDGE", "TRIAGE_DEBUG"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    if not SCRIPT.exists():
        kept["PYTHONPATH"] = str(ROOT)
    return {**kept, **more}


def run(*args: object, stdin: bytes = b"", cwd: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    call = [*command(), *map(str, args)]
    return subprocess.run(
        call, input=stdin, capture_output=True, cwd=cwd, env=environment(**env), timeout=120, check=False
    )


def lines_of(stream: bytes) -> list[str]:
    return stream.decode().splitlines()


def sample() -> Path:
    return next(iter(sorted(SAMPLES.glob("*/input.*"))))


def test_a_sample_piped_in_finds_its_article(tmp_path: Path) -> None:
    case = SAMPLES / "q279247" / "input.txt"
    result = run(stdin=case.read_bytes(), cwd=tmp_path)
    assert result.returncode == 0
    assert result.stderr == b""
    text = result.stdout.decode()
    assert "Q279247" in text.split("\n\n")[1]
    assert "Windows 2000 Service Pack 2" in text
    assert "Service Pack 4" in text
    assert "Q260910" in text


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    case = sample().read_bytes()
    first, second = (run("analyze", "-f", "json", stdin=case, cwd=tmp_path, PYTHONHASHSEED=seed) for seed in "12")
    assert first.stdout == second.stdout != b""


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (b"", {2}),
        (bytes(range(256)) * 512, {1, 2}),
        (NOISE, {1, 2}),
        (b"\x1f\x8b\x08\x00 cut", {1, 2}),
        (b"\xff" * 4096, {1, 2}),
        (b"all is well\n" * 100_000, {1}),
        (b"\x1b[31m" * 1000, {1, 2}),
    ],
    ids=["empty", "junk", "noise", "cut-gzip", "ones", "quiet", "escapes"],
)
def test_bad_input_costs_one_clear_line(tmp_path: Path, data: bytes, statuses: set[int]) -> None:
    (tmp_path / "bad.log").write_bytes(data)
    (tmp_path / "good.log").write_text(LOG)
    alone = run("analyze", "bad.log", cwd=tmp_path)
    assert alone.returncode in statuses
    assert alone.stdout == b""
    assert len(lines_of(alone.stderr)) == 1
    assert lines_of(alone.stderr)[0].startswith("triage: bad.log: ")
    both = run("analyze", "-f", "jsonl", "bad.log", "good.log", cwd=tmp_path)
    assert json.loads(lines_of(both.stdout)[-1])["incidents"][0]["exception"]["code"] == "c0000005"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("analyze", "gone.log"), "triage: gone.log: no such file"),
        (("analyze", "folder"), "triage: folder: a folder; `triage scan` reads folders"),
        (("analyze", "good.log", "-k", "gone.pack"), "triage: gone.pack: no such knowledge pack"),
        (("analyze", "good.log", "-k", "bad.pack"), "triage: bad.pack: not a knowledge pack"),
        (("analyze", "good.log", "-k", "folder"), "triage: folder: a folder, not a knowledge pack"),
        (("rules", "lint", "T1.yaml"), "triage: T1.yaml:2: "),
        (("scan", "gone"), "triage: gone: no such file"),
        (("good.log",), "triage: no command 'good.log'; to analyze it: triage analyze good.log"),
    ],
)
def test_errors_cost_one_line_that_names_file_and_fault(tmp_path: Path, args: tuple[str, ...], message: str) -> None:
    (tmp_path / "good.log").write_text(LOG)
    (tmp_path / "bad.pack").write_bytes(b"no pack")
    (tmp_path / "T1.yaml").write_text("id: T1\ntitle: [a]\nsource: {kind: triage}\n")
    (tmp_path / "folder").mkdir()
    result = run(*args, cwd=tmp_path)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr.decode()
    assert [line for line in lines_of(result.stderr) if line.startswith(message)]
    assert sum(line.startswith("triage: ") for line in lines_of(result.stderr)) <= 2


@pytest.mark.skipif(sys.platform != "linux", reason="a file that nobody can read, not even root, is a thing of /proc")
def test_an_unreadable_file(tmp_path: Path) -> None:
    result = run("analyze", "/proc/self/mem", cwd=tmp_path)
    assert result.returncode == 2
    assert lines_of(result.stderr) == ["triage: /proc/self/mem: cannot be read: input/output error"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs modes, which root ignores")
def test_a_file_without_permission_leaves_the_others(tmp_path: Path) -> None:
    for name in ("shut.log", "good.log"):
        (tmp_path / name).write_text(LOG)
    (tmp_path / "shut.log").chmod(0)
    result = run("analyze", "-f", "jsonl", "shut.log", "good.log", cwd=tmp_path)
    assert lines_of(result.stderr) == ["triage: shut.log: permission denied"]
    assert json.loads(result.stdout)["source"]["path"] == "good.log"
    assert result.returncode == 2


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "cp437"}], ids=str
)
def test_what_the_terminal_cannot_show_is_escaped(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "odd.log").write_bytes(LOG.replace("KERNEL32", "K\x9bRNEL\x1b[31m\u0416").encode())
    result = run("analyze", "odd.log", cwd=tmp_path, **env)
    assert result.returncode in {0, 1}
    assert result.stderr == b""
    assert b"\x1b" not in result.stdout
    if "ascii" in env.values():
        assert b"\\u0416" in result.stdout


@pytest.mark.skipif(os.name == "nt", reason="descriptors are closed in a shell of Unix")
@pytest.mark.parametrize(
    ("line", "status", "message"),
    [
        ("analyze good.log >&-", 2, "triage: standard output is closed; nothing can be printed\n"),
        ("analyze good.log -f json >&-", 2, "triage: standard output is closed; nothing can be printed\n"),
        ("analyze - <&-", 2, "triage: stdin: standard input is closed\n"),
        ("analyze gone.log 2>&-", 2, ""),
    ],
)
def test_closed_streams(tmp_path: Path, line: str, status: int, message: str) -> None:
    (tmp_path / "good.log").write_text(LOG)
    shell = ["sh", "-c", f'"$@" {line}', "sh", *command()]
    result = subprocess.run(shell, capture_output=True, cwd=tmp_path, env=environment(), check=False, text=True)
    assert (result.returncode, result.stderr) == (status, message)


@pytest.mark.skipif(os.name == "nt", reason="pipes with a name and signals are of Unix")
class TestPipes:
    def test_the_reader_may_go(self, tmp_path: Path) -> None:
        for number in range(300):
            (tmp_path / f"{number}.log").write_text(LOG * 20)
        with subprocess.Popen(
            [*command(), "scan", "-f", "jsonl", "."],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment(),
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline().startswith(b"{")
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(60) == 141

    @pytest.fixture
    def interruptible(self) -> Iterator[None]:
        """What a shell runs in the background ignores Ctrl-C, and hands that on to what it runs."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)

    @pytest.mark.usefixtures("interruptible")
    def test_ctrl_c_ends_quietly(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "endless")
        with subprocess.Popen(
            [*command(), "analyze", "endless"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment(),
        ) as process:
            with (tmp_path / "endless").open("wb"):  # opens when triage has opened the other end
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=60)
            assert (out, err, process.returncode) == (b"", b"", 130)

    def test_a_full_disk_is_told(self, tmp_path: Path) -> None:
        if not Path("/dev/full").exists():
            pytest.skip("no /dev/full here")
        with Path("/dev/full").open("wb") as full:
            result = subprocess.run(
                [*command(), "schema"],
                stdout=full,
                stderr=subprocess.PIPE,
                cwd=tmp_path,
                env=environment(),
                check=False,
            )
        assert result.returncode == 2
        assert result.stderr == b"triage: no space left on device\n"


@pytest.mark.parametrize(
    ("args", "strangers"),
    [
        (
            ("analyze", "-"),
            {
                *("yaml", "pefile", "evtx", "shutil", "multiprocessing", "snowballstemmer.french_stemmer"),
                *("triage.kb", "triage.articles", "triage.knowledge.loader", "triage.knowledge.build"),
                *("triage.formats.java", "triage.formats.minidump", "triage.formats.large"),
            },
        ),
        (("--help",), {"yaml", "pefile", "rapidfuzz", "msgspec.json", "sqlite3", "triage.engine", "triage.formats"}),
        (("--version",), {"yaml", "pefile", "rapidfuzz", "sqlite3", "triage.engine", "triage.formats"}),
    ],
)
def test_a_start_imports_only_what_it_needs(tmp_path: Path, args: tuple[str, ...], strangers: set[str]) -> None:
    code = (
        "import sys; from triage.cli import cli; sys.stdout, out = sys.stderr, sys.stdout\n"
        f"try: cli.main({list(args)!r}, prog_name='triage')\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=out)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        input=LOG.encode(),
        capture_output=True,
        cwd=tmp_path,
        env=environment(),
        check=True,
    )
    assert strangers & set(lines_of(result.stdout)) == set()


def test_an_archive_becomes_a_pack_that_answers(tmp_path: Path) -> None:
    article = tmp_path / "kb" / "999" / "Q999111"
    article.mkdir(parents=True)
    (article / "README.md").write_text(ARTICLE)
    built = run("kb", "build", "kb", "--output", "my.pack", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    assert built.stderr == b""
    log = "ModLoad: 1000000 1010000  C:\\apps\\Tallybox.dll\nUnknown exception - code c000041d (first chance)\n"
    result = run("analyze", "-f", "json", "-k", "my.pack", stdin=log.encode(), cwd=tmp_path)
    assert json.loads(result.stdout)["findings"][0]["rule"] == "Q999111"
    shown = run("rules", "show", "Q999111", "-k", "my.pack", "--archive", "kb", cwd=tmp_path)
    assert b"The tally box counts votes twice" in shown.stdout


ARTICLE = """\
---
layout: page
title: "Q999111: Tally Box Stops While Votes Are Counted"
permalink: /kb/999/Q999111/
---

## Q999111: Tally Box Stops While Votes Are Counted

{% raw %}

\tArticle: Q999111
\tProduct(s): Microsoft Windows 2000
\tVersion(s): 2000
\tOperating System(s):
\tKeyword(s): kbWin2000SP3Fix
\tLast Modified: 02-FEB-2002
\t
\t-------------------------------------------------------------------------------
\tThe information in this article applies to:
\t
\t- Microsoft Windows 2000 Server
\t-------------------------------------------------------------------------------
\t
\tSYMPTOMS
\t========
\t
\tWhen the ballot closes, the following may be shown in the debugger:
\t
\t  ModLoad: 6a750000 6a76e000 D:\\Winnt\\System32\\Tallybox.dll
\t  Unknown exception - code c000041d (first chance)
\t
\tCAUSE
\t=====
\t
\tThe tally box counts votes twice.
\t
\tSTATUS
\t======
\t
\tMicrosoft has confirmed this to be a problem in Windows 2000. This problem was
\tfirst corrected in Windows 2000 Service Pack 3.
\t

{% endraw %}
"""
