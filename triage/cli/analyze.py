"""`triage analyze`."""

from pathlib import Path

import click

from triage import api
from triage.cli import is_piped
from triage.cli.options import SOURCE, explain_option, format_option, inventory_option, knowledge_option, top_option
from triage.cli.output import put_out, writer
from triage.cli.stock import stock_of
from triage.scan import STDIN, find, outcomes


@click.command()
@click.argument("files", nargs=-1, type=SOURCE, metavar="[FILE]...")
@format_option("text", "json", "jsonl", "markdown")
@explain_option
@top_option
@inventory_option
@knowledge_option
@click.pass_context
def analyze(
    ctx: click.Context,
    files: tuple[str, ...],
    form: str,
    explain: bool,
    top: int,
    inventories: tuple[Path, ...],
    knowledge: Path | None,
) -> None:
    """Say which article describes a crash and what to do.

    FILE is debugger output, a Dr. Watson log, event records, a STOP screen or a fault message; `-`, or no FILE at
    all, is standard input.
    """
    if not files and not is_piped():
        ctx.fail("no input: name a FILE, or pipe debugger output in")
    pack = api.load_knowledge(knowledge)
    stock = stock_of(inventories)
    found = outcomes(
        find(files or (STDIN,), folders=False),
        lambda data, name: api.analyze(data, path=name, knowledge=pack, top=top, inventory=stock),
    )
    ctx.exit(put_out(found, writer(form, explain=explain, many=len(files) > 1)).status)
