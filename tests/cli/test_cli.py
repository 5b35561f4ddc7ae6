"""The command line: what is typed, what comes out on which stream, and the exit status."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders.knowledge import LOG, QUIET, UNKNOWN, small_pack
from builders.reports import SHUTDOWN
from triage import __version__
from triage.cli import COMMANDS, cli
from triage.cli.group import LazyGroup
from triage.render.json import compact, pretty


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_pack(tmp_path_factory.mktemp("knowledge") / "small.pack"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.log").write_text(LOG)
    (tmp_path / "b.log").write_text(QUIET)
    (tmp_path / "c.log").write_text(UNKNOWN)
    return tmp_path


def run(*args: object, stdin: str | bytes | None = None, **env: str) -> Result:
    environment = {"NO_COLOR": None, "FORCE_COLOR": None, "COLUMNS": "100", "TRIAGE_KNOWLEDGE": None, **env}
    return CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin, env=environment, prog_name="triage")


def rules_of(result: Result) -> list[str]:
    return [finding["rule"] for finding in json.loads(result.stdout)["findings"]]


class TestRoot:
    def test_what_is_piped_in_is_analyzed(self, pack: str) -> None:
        result = run(stdin=LOG, TRIAGE_KNOWLEDGE=pack)
        assert result.exit_code == 0
        assert "Q900001" in result.stdout
        assert result.stdout.startswith("stdin: debugger output, 1 incident\n")
        assert result.stderr == ""

    @pytest.mark.parametrize(
        "args",
        [
            ("--format", "json", "-k", "PACK"),
            ("-k", "PACK", "analyze", "--format", "json", "-"),
            ("analyze", "-", "-k", "PACK", "--format", "json"),
            ("analyze", "--format=json", "-kPACK"),
            ("-", "--format", "json", "-k", "PACK"),
        ],
    )
    def test_options_go_anywhere(self, pack: str, args: tuple[str, ...]) -> None:
        result = run(*(arg.replace("PACK", pack) for arg in args), stdin=LOG)
        assert result.exit_code == 0
        assert rules_of(result)[0] == "Q900001"

    def test_on_a_terminal_without_input_it_helps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("triage.cli.is_piped", lambda: False)
        result = run()
        assert result.exit_code == 0
        assert result.stdout.startswith("Usage: triage")
        assert all(command in result.stdout for command in COMMANDS)

    def test_version(self) -> None:
        assert run("--version").stdout == f"triage {__version__}\n"

    @pytest.mark.parametrize(
        ("word", "hint"),
        [
            ("a.log", "no command 'a.log'; to analyze it: triage analyze a.log"),
            ("analyse", "no command 'analyse'; did you mean 'analyze'?"),
            ("frobnicate", "no command 'frobnicate' (`triage --help` tells more)"),
        ],
    )
    def test_a_word_that_is_no_command_gets_a_hint(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, word: str, hint: str
    ) -> None:
        monkeypatch.chdir(folder)
        result = run(word)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert hint in result.stderr
        assert result.stderr.count("\n") == 1

    @pytest.mark.parametrize(
        "args", [("analyze", "--nonsense"), ("scan",), ("analyze", "--top", "0"), ("rules", "shwo")]
    )
    def test_a_wrong_call_costs_one_line(self, args: tuple[str, ...]) -> None:
        result = run(*args, stdin="")
        assert result.exit_code == 2
        assert result.stderr.startswith("triage: ")
        assert result.stderr.count("\n") == 1
        assert "--help` tells more)" in result.stderr

    def test_help_imports_no_command_and_still_tells_the_truth(self) -> None:
        def check(group: LazyGroup) -> None:
            for name, (_, text) in group.table.items():
                command = group.get_command(None, name)  # type: ignore[arg-type]
                assert command is not None
                assert command.name == name
                assert (command.help or "").startswith(text), name
                if isinstance(command, LazyGroup):
                    check(command)

        check(cli)


class TestAnalyze:
    def test_json_of_one_file_is_an_object_and_of_several_a_list(self, pack: str, folder: Path) -> None:
        one = run("analyze", "-k", pack, "-f", "json", folder / "a.log")
        assert json.loads(one.stdout)["source"]["path"] == str(folder / "a.log")
        several = run("analyze", "-k", pack, "-f", "json", folder / "a.log", folder / "b.log")
        assert [len(report["incidents"]) for report in json.loads(several.stdout)] == [1, 0]
        lines = run("analyze", "-k", pack, "-f", "jsonl", folder / "a.log", folder / "b.log")
        assert [json.loads(line) for line in lines.stdout.splitlines()] == json.loads(several.stdout)

    @pytest.mark.parametrize(("name", "status"), [("a.log", 0), ("b.log", 1), ("c.log", 1), ("gone.log", 2)])
    def test_the_exit_status_is_as_greps(self, pack: str, folder: Path, name: str, status: int) -> None:
        assert run("analyze", "-k", pack, folder / name).exit_code == status

    def test_an_error_outweighs_a_finding_and_the_rest_goes_on(self, pack: str, folder: Path) -> None:
        result = run("analyze", "-k", pack, folder / "gone.log", folder / "a.log")
        assert result.exit_code == 2
        assert result.stderr == f"triage: {folder / 'gone.log'}: no such file\n"
        assert "Q900001" in result.stdout

    def test_no_crash_is_told_on_standard_error(self, pack: str, folder: Path) -> None:
        result = run("analyze", "-k", pack, folder / "b.log")
        assert result.stdout == ""
        assert result.stderr.startswith(f"triage: {folder / 'b.log'}: no crash evidence found")
        assert result.stderr.count("\n") == 1

    def test_a_crash_that_no_rule_describes_is_told_with_what_is_known(self, pack: str, folder: Path) -> None:
        result = run("analyze", "-k", pack, folder / "c.log")
        assert "c0000095, second chance" in result.stdout
        assert "no article of the knowledge describes this" in result.stdout
        assert "!analyze -v" in result.stdout

    def test_explain_shows_facts_with_lines_and_weights(self, pack: str, folder: Path) -> None:
        result = run("analyze", "--explain", "-k", pack, folder / "a.log")
        assert "For " in result.stdout
        assert "line 1  module quorum" in result.stdout

    def test_top_limits_the_findings(self, pack: str, folder: Path) -> None:
        assert len(rules_of(run("analyze", "-n1", "-f", "json", "-k", pack, folder / "a.log"))) == 1

    @pytest.mark.parametrize(
        ("env", "coloured"),
        [
            ({}, False),
            ({"FORCE_COLOR": "1"}, True),
            ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
            ({"NO_COLOR": ""}, False),
        ],
    )
    def test_colour_only_where_it_is_wanted(self, pack: str, folder: Path, env: dict[str, str], coloured: bool) -> None:
        assert ("\x1b[" in run("analyze", "-k", pack, folder / "a.log", **env).stdout) is coloured

    def test_markdown(self, pack: str, folder: Path) -> None:
        assert "### [Q900001](https://" in run("analyze", "-f", "markdown", "-k", pack, folder / "a.log").stdout

    def test_escapes_of_the_input_stay_where_they_are(self, pack: str) -> None:
        log = LOG.replace("Quorum", "Quo\x1b[31mrum\u202e")
        for args in (("--explain",), ("-f", "markdown")):
            out = run("analyze", "-k", pack, *args, stdin=log).stdout
            assert "\x1b" not in out
            assert "\u202e" not in out

    def test_an_internal_fault_costs_one_line_and_no_other_input(
        self, pack: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("triage.api.analyze", lambda data, **_: 1 // 0)
        result = run("analyze", "-k", pack, folder / "a.log")
        assert result.exit_code == 2
        assert "internal error, please report it (ZeroDivisionError" in result.stderr
        assert "Traceback" not in result.stderr


class TestBadInput:
    @pytest.mark.parametrize(
        ("data", "status"),
        [
            (b"", 2),
            (b"\n\n \n", 1),
            (bytes(range(256)) * 64, 1),
            (b"\x00" * 5000, 1),
            (b"MZ" + bytes(1000), 1),
            (b"\xff\xfe" + b"\x00\xd8" * 200, 1),
            (b"a" * 100_000, 1),
        ],
        ids=["empty", "blank", "junk", "zeros", "program", "half-characters", "one-line"],
    )
    def test_a_source_without_a_crash(self, pack: str, tmp_path: Path, data: bytes, status: int) -> None:
        (tmp_path / "in.bin").write_bytes(data)
        result = run("analyze", "-k", pack, tmp_path / "in.bin")
        assert result.exit_code in {status, 2}
        assert result.stdout == ""
        assert result.stderr.startswith(f"triage: {tmp_path / 'in.bin'}: ")
        assert result.stderr.count("\n") == 1

    def test_a_folder(self, pack: str, tmp_path: Path) -> None:
        result = run("analyze", "-k", pack, tmp_path)
        assert (result.exit_code, result.stderr) == (2, f"triage: {tmp_path}: a folder; `triage scan` reads folders\n")

    @pytest.mark.parametrize("content", [None, b"", b"not a pack", b"SQLite format 3\x00" + bytes(84), "cut", "folder"])
    def test_a_broken_pack(self, pack: str, tmp_path: Path, content: bytes | str | None) -> None:
        path = tmp_path / "my.pack"
        if content == "cut":
            whole = Path(pack).read_bytes()
            path.write_bytes(whole[: len(whole) // 2])
        elif content == "folder":
            path.mkdir()
        elif isinstance(content, bytes):
            path.write_bytes(content)
        result = run("analyze", "-k", path, stdin=LOG)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "my.pack: " in result.stderr
        assert result.stderr.count("\n") == 1

    def test_broken_rules_are_told_all_at_once(self, tmp_path: Path) -> None:
        (tmp_path / "Q900001.yaml").write_text("id: Q900001\ntitle: [a, b]\nsource: {kind: triage}\n")
        (tmp_path / "Q900002.yaml").write_text("id: Q900002\ntitle: {\n")
        for args in (("rules", "lint", tmp_path), ("kb", "build", "--rules", tmp_path, "-o", tmp_path / "out.pack")):
            result = run(*args)
            assert result.exit_code == 2
            first, second = result.stderr.splitlines()
            assert first.startswith(f"triage: {tmp_path / 'Q900001.yaml'}:2: title: ")
            assert second.startswith(f"triage: {tmp_path / 'Q900002.yaml'}:")


class TestScan:
    def test_one_report_a_source_in_order(self, pack: str, folder: Path) -> None:
        result = run("scan", "-k", pack, "-f", "jsonl", folder)
        names = [Path(json.loads(line)["source"]["path"]).name for line in result.stdout.splitlines()]
        assert names == ["a.log", "b.log", "c.log"]
        assert result.exit_code == 0

    def test_text_leaves_quiet_sources_out_and_ends_with_a_count(self, pack: str, folder: Path) -> None:
        result = run("scan", "-k", pack, folder)
        assert "b.log" not in result.stdout
        assert result.stderr == "triage: 3 sources: 2 with crash evidence, 1 with an article, 0 errors\n"

    def test_errors_cost_a_line_and_the_rest_goes_on(self, pack: str, folder: Path) -> None:
        (folder / "aa.log").write_bytes(b"")
        result = run("scan", "-k", pack, "-f", "jsonl", folder, folder / "gone")
        assert result.exit_code == 2
        assert len(result.stdout.splitlines()) == 3
        assert len(result.stderr.splitlines()) == 2

    def test_output_to_a_file_in_the_folder_that_is_read(self, pack: str, folder: Path) -> None:
        for _ in range(2):
            result = run("scan", "-k", pack, "-f", "jsonl", folder, "--output", folder / "all.jsonl")
            assert result.stdout == ""
            assert len((folder / "all.jsonl").read_text().splitlines()) == 3

    def test_a_source_of_the_outputs_name_may_be_gone(self, pack: str, folder: Path) -> None:
        result = run("scan", "-q", "-k", pack, "-f", "jsonl", folder / "gone" / "all.jsonl", "-o", folder / "all.jsonl")
        assert result.stderr == f"triage: {folder / 'gone' / 'all.jsonl'}: no such file\n"

    def test_an_output_that_cannot_be_written(self, pack: str, folder: Path) -> None:
        result = run("scan", "-k", pack, folder, "-o", folder / "no" / "such" / "file")
        assert result.exit_code == 2
        assert result.stderr == f"triage: {folder / 'no' / 'such' / 'file'}: no such file or directory\n"


class TestSearch:
    @pytest.mark.parametrize("args", [("cluster", "vote", "violation"), ("cluster vote violation",)])
    def test_words(self, pack: str, args: tuple[str, ...]) -> None:
        result = run("search", "-k", pack, "-f", "json", *args)
        assert json.loads(result.stdout)["source"]["format"] == "words"
        assert json.loads(result.stdout)["incidents"][0]["kind"] == "prose"

    def test_standard_input(self, pack: str) -> None:
        result = run("search", "-", "-k", pack, "-f", "jsonl", stdin="the cluster\nvotes and quorum.dll crashes")
        assert json.loads(result.stdout)["source"]["path"] == "stdin"

    def test_negative_numbers_are_words(self, pack: str) -> None:
        assert "-1811" in run("search", "error", "-1811", "-f", "json", "-k", pack).stdout

    def test_no_words(self, pack: str) -> None:
        assert run("search", "-k", pack, "  ").exit_code == 2


class TestRules:
    def test_list_narrows_by_words_and_product(self, pack: str) -> None:
        assert run("rules", "list", "-k", pack, "cluster").stdout.startswith("Q900001")
        assert run("rules", "list", "-k", pack, "--product", "Windows 2000").stdout.count("\n") == 1
        assert run("rules", "list", "-k", pack, "no such words").exit_code == 1
        first = run("rules", "list", "-k", pack, "-f", "jsonl").stdout.splitlines()[0]
        assert json.loads(first) == {
            "id": "Q900001",
            "title": "Access Violation While the Cluster Votes",
            "kind": "microsoft-kb",
        }

    @pytest.mark.parametrize("number", ["Q900001", "q900001", "900001"])
    def test_show(self, pack: str, number: str) -> None:
        result = run("rules", "show", "-k", pack, number)
        assert result.exit_code == 0
        assert "id: Q900001\n" in result.stdout
        assert json.loads(run("rules", "show", "-k", pack, number, "-f", "json").stdout)["id"] == "Q900001"

    def test_show_prints_the_local_article(self, pack: str, tmp_path: Path) -> None:
        place = tmp_path / "kb" / "900" / "Q900001"
        place.mkdir(parents=True)
        (place / "README.md").write_text("the article \x1b[2J itself")
        result = run("rules", "show", "-k", pack, "Q900001", "--archive", tmp_path)
        assert r"the article \x1b[2J itself" in result.stdout

    def test_show_of_an_unknown_rule(self, pack: str) -> None:
        result = run("rules", "show", "-k", pack, "Q1")
        assert (result.exit_code, result.stdout) == (1, "")

    def test_lint_of_good_rules(self, tmp_path: Path) -> None:
        (tmp_path / "T1.yaml").write_text("id: T1\ntitle: A\nsource: {kind: triage}\n")
        assert run("rules", "lint", tmp_path).stdout == "1 rule, no faults\n"

    def test_lint_tells_addresses_and_words_that_are_not_as_they_should_be(self, tmp_path: Path) -> None:
        rule = "id: T1\ntitle: A\nsource: {kind: triage}\nsymptoms:\n  addresses: [beef, 2F36]\n  words: [lock]\n"
        path = tmp_path / "T1.yaml"
        path.write_text(f"{rule}cause: [queue, lock]\n")
        result = run("rules", "lint", tmp_path)
        assert result.exit_code == 2
        assert [line.split(": ")[1:3] for line in result.stderr.splitlines()] == [
            [f"{path}:5", "symptoms.addresses[1]"],
            [f"{path}:7", "cause[1]"],  # a word of the symptoms
            [f"{path}:7", "cause[1]"],  # and not in its place
        ]


class TestRest:
    def test_codes(self, pack: str) -> None:
        out = run("codes", "-k", pack, "c0000005", "0x1e", "-1073741819").stdout
        assert "STATUS_ACCESS_VIOLATION" in out
        assert "KMODE_EXCEPTION_NOT_HANDLED" in out
        assert out.count("c0000005") == 2
        assert run("codes", "-k", pack, "deadbee1").exit_code == 1
        assert run("codes", "-k", pack, "%%").exit_code == 2

    def test_a_saved_report_is_rendered_again(self, pack: str, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(pretty(SHUTDOWN))
        assert "Q900001" in run("render", tmp_path / "a.json").stdout
        result = run("render", stdin="{}")
        assert result.exit_code == 2
        assert result.stderr.startswith("triage: stdin: not a report of triage: Object missing required field `source`")

    def test_what_analyze_and_scan_wrote_of_many_is_rendered_again(self, pack: str, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes((compact(SHUTDOWN) + b"\n") * 2)
        result = run("render", tmp_path / "a.jsonl", "--format", "json")
        assert (result.exit_code, len(json.loads(result.stdout))) == (0, 2)
        assert run("render", stdin=result.stdout).stdout.count("Q900001") == 2 * run(
            "render", stdin=compact(SHUTDOWN).decode()
        ).stdout.count("Q900001")

    def test_schema(self) -> None:
        assert json.loads(run("schema").stdout)["$schema"].endswith("2020-12/schema")

    @pytest.mark.parametrize("shell", ["zsh", "fish", "powershell"])
    def test_completion_scripts(self, shell: str) -> None:
        assert "_TRIAGE_COMPLETE" in run("completion", shell).stdout

    @pytest.mark.parametrize(
        ("words", "incomplete", "candidate"),
        [
            ("triage", "ana", "plain\tanalyze\t"),
            ("triage\nrules", "", "plain\timport\t"),
            ("triage\nscan\n--f", "--f", "plain\t--format\t"),
        ],
    )
    def test_completion_in_powershell(self, words: str, incomplete: str, candidate: str) -> None:
        result = run(_TRIAGE_COMPLETE="powershell_complete", COMP_WORDS=words, COMP_WORD=incomplete)
        assert candidate in result.stdout
