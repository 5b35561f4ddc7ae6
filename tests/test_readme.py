"""What the README says is so: its commands exist with their options, its rule is one, its library example runs."""

import re
import shlex
from pathlib import Path
from textwrap import dedent

import click
import pytest

from triage.api import analyze, load_knowledge
from triage.cli import cli
from triage.knowledge.loader import load_rules
from triage.knowledge.pack import Pack
from triage.render.text import render

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def commands() -> list[list[str]]:
    """Words of every call of triage in the examples, without what a shell makes of them."""
    found = []
    for line in "\n".join(blocks("sh")).splitlines():
        for part in re.split(r"\s+(?:\||&&)\s+", line):
            words = shlex.split(part, comments=True)
            if words and Path(words[0]).name == "triage":
                found.append(words[1:])
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_a_command_of_the_readme_is_understood(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.cli.is_piped", lambda: True)
    monkeypatch.setattr(click.Command, "invoke", lambda command, context: None)
    cli.main(words, "triage", standalone_mode=False)  # raises for a word that no command takes


def test_a_command_that_is_not_there_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click.Command, "invoke", lambda command, context: None)
    with pytest.raises(click.UsageError):
        cli.main(["analyze", "--no-such-option"], "triage", standalone_mode=False)


def test_there_are_commands() -> None:
    assert len(commands()) > 10


def test_every_command_is_told() -> None:
    told = {words[0] for words in commands() if words} | set(re.findall(r"`triage (\w+)", README))
    assert set(cli.list_commands(click.Context(cli))) - told == set()


def test_the_rule_is_one(tmp_path: Path) -> None:
    (text,) = blocks("yaml")
    name = re.search(r"^id: (\w+)$", text, re.MULTILINE)
    assert name is not None
    (tmp_path / f"{name[1]}.yaml").write_text(text, "utf-8")
    (rule,) = load_rules(tmp_path)
    assert rule.require
    assert rule.exclude


def test_the_library_example_names_what_there_is(builtin_knowledge: Pack) -> None:
    (text,) = blocks("python")
    compile(text, "README.md", "exec")
    assert {"load_knowledge", "analyze"} <= set(re.findall(r"\w+", text))
    sample = ROOT / "samples" / "q279247" / "input.txt"
    report = analyze(sample.read_bytes(), path="crash.log", knowledge=builtin_knowledge)
    assert report.findings[0].advice.summary
    assert load_knowledge is not None


def test_the_folders_are_all_told() -> None:
    folders = {path.name for path in (ROOT / "triage").iterdir() if (path / "__init__.py").is_file()}
    assert {folder for folder in folders if f"`triage/{folder}`" not in README} == set()


def test_the_page_is_what_the_sample_gives(builtin_knowledge: Pack) -> None:
    """But for how sure it is: that moves a little with the rules."""
    sample = ROOT / "samples" / "q279247" / "input.txt"
    page = render(analyze(sample.read_bytes(), path="stdin", knowledge=builtin_knowledge), width=120)
    first, *_, last = page.splitlines()
    shown = dedent(README[README.index(f"    {first}") :].partition(f"{last}\n")[0] + last)
    assert [re.sub(r" +\w+, \d\.\d\d$", "", line) for line in shown.splitlines()] == [
        re.sub(r" +\w+, \d\.\d\d$", "", line) for line in page.splitlines()
    ]
