"""`triage render`."""

from collections.abc import Iterator

import click

from triage.cli.options import SOURCE, explain_option, format_option
from triage.cli.output import put_out, writer
from triage.errors import SourceError
from triage.render import json
from triage.scan import STDIN, Outcome, find


@click.command()
@click.argument("files", nargs=-1, type=SOURCE, metavar="[FILE]...")
@format_option("text", "json", "jsonl", "markdown")
@explain_option
@click.pass_context
def render(ctx: click.Context, files: tuple[str, ...], form: str, explain: bool) -> None:
    """Print saved JSON reports again, as text or Markdown.

    FILE is what `analyze`, `search` or `scan` wrote as json or jsonl: one report or many; `-`, or no FILE at all, is
    standard input.
    """
    found = list(_saved(files or (STDIN,)))
    ctx.exit(put_out(found, writer(form, explain=explain, many=len(found) > 1)).status)


def _saved(files: tuple[str, ...]) -> Iterator[Outcome]:
    for source in find(files, folders=False):
        if isinstance(source, SourceError):
            yield source
            continue
        try:
            yield from json.decode_all(source.read(), path=source.name)
        except SourceError as error:
            yield error
