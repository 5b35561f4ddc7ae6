"""The command line: one module a command, imported when it is called and not before."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from triage import __version__
from triage.cli.group import LazyGroup

COMMANDS = {
    "analyze": ("triage.cli.analyze:analyze", "Say which article describes a crash and what to do."),
    "scan": ("triage.cli.scan:scan", "Analyze every file in folders, and group the crashes."),
    "follow": ("triage.cli.follow:follow", "Tell of crashes in a stream as they happen."),
    "search": ("triage.cli.search:search", "Find the articles that fit a description in words."),
    "inventory": ("triage.cli.inventory:inventory", "List the program files of a folder with their versions."),
    "formats": ("triage.cli.formats:formats", "Tell which format each FILE is read as, and why."),
    "codes": ("triage.cli.codes:codes", "Explain exception codes, error codes and stop codes."),
    "rules": ("triage.cli.rules:rules", "Import, list, show and check rules."),
    "kb": ("triage.cli.kb:kb", "Build a knowledge pack from an archive of articles."),
    "render": ("triage.cli.render:render", "Print saved JSON reports again, as text or Markdown."),
    "schema": ("triage.cli.schema:schema", "Print the JSON Schema of the report."),
    "completion": ("triage.cli.completion:completion", "Print the script that completes commands in a shell."),
}


class Triage(LazyGroup):
    """The root command: what is piped into it without a command is analysed."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Add the shell that click does not know, where that shell asks for candidates."""
        if os.environ.get("_TRIAGE_COMPLETE", "").startswith("powershell"):
            import_module("triage.cli.completion")
        return super().main(args, prog_name, complete_var, standalone_mode, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let options stand before the command, and put `analyze` where none is named."""
        return super().parse_args(ctx, args if ctx.resilient_parsing else self._with_command(args))

    def _with_command(self, args: list[str]) -> list[str]:
        if not args:
            return ["analyze"] if is_piped() else args
        if not args[0].startswith("-") or args[0] in {"--help", "-h", "--version"}:
            return args
        if "--follow" in args:
            return ["follow", *(word for word in args if word not in {"--follow", "-"})]
        at = next((place for place, word in enumerate(args) if word in self.table), None)
        return ["analyze", *args] if at is None else [args[at], *args[:at], *args[at + 1 :]]


def is_piped() -> bool:
    """Whether standard input is anything but a terminal."""
    return sys.stdin is not None and not sys.stdin.isatty()


@click.group(
    cls=Triage,
    table=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 an article was found, 1 none, 2 an error.",
)
@click.version_option(__version__, prog_name="triage", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Match Windows crash evidence to the knowledge-base article that describes it.

    Pipe debugger output in, or name files: `cdb -z user.dmp -c "!analyze -v; lm; q" | triage`
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> NoReturn:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # it may be replaced, or not there at all (pythonw)
            stream.reconfigure(errors="backslashreplace")
    cli.main(prog_name="triage")
    raise AssertionError("click's main does not return")
