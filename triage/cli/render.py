"""`triage render`."""

import click

from triage.cli.options import SOURCE, explain_option, format_option
from triage.cli.output import put_out, writer
from triage.render import json
from triage.scan import STDIN, find, outcomes


@click.command()
@click.argument("files", nargs=-1, type=SOURCE, metavar="[FILE]...")
@format_option("text", "json", "jsonl", "markdown")
@explain_option
@click.pass_context
def render(ctx: click.Context, files: tuple[str, ...], form: str, explain: bool) -> None:
    """Print saved JSON reports again, as text or Markdown.

    FILE holds one report, as `triage analyze --format json` writes it; `-`, or no FILE at all, is standard input.
    """
    found = outcomes(find(files or (STDIN,), folders=False), lambda data, name: json.decode(data, path=name))
    ctx.exit(put_out(found, writer(form, explain=explain, many=len(files) > 1)).status)
