"""`triage follow`, also `triage --follow`."""

import sys
from pathlib import Path

import click

from triage import api
from triage.cli.options import explain_option, format_option, knowledge_option, top_option
from triage.cli.output import put_out, writer
from triage.errors import SourceError
from triage.scan.follow import SETTLE
from triage.scan.follow import follow as follow_stream


@click.command()
@format_option("text", "jsonl", "markdown")
@click.option("--settle", type=click.FloatRange(0.05, 3600), default=SETTLE, show_default=True, metavar="SECONDS",
              help="Take what has come for complete after so much silence.")  # fmt: skip
@explain_option
@top_option
@knowledge_option
@click.pass_context
def follow(ctx: click.Context, form: str, settle: float, explain: bool, top: int, knowledge: Path | None) -> None:
    """Tell of crashes in a stream as they happen.

    Reads standard input until it ends: `tail -f app.log | triage follow`. Each report has the incidents that have
    become complete since the one before.
    """
    if sys.stdin is None:
        raise SourceError("standard input is closed", path="stdin")
    pack = api.load_knowledge(knowledge)
    target = writer(form, explain=explain, many=True)
    found = follow_stream(sys.stdin.buffer, "stdin", pack, top=top, settle=settle)
    ctx.exit(put_out(found, target, notices=False).status)
