"""`triage codes`."""

from pathlib import Path

import click
import msgspec

from triage import api
from triage.api.lookup import look_up
from triage.cli.complain import complain
from triage.cli.options import format_option, knowledge_option
from triage.cli.output import FOUND, NOTHING, put_text, terminal_width, wants_colour
from triage.cli.search import Words
from triage.render import facts


@click.command(cls=Words)
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@format_option("text", "jsonl")
@knowledge_option
@click.pass_context
def codes(ctx: click.Context, codes: tuple[str, ...], form: str, knowledge: Path | None) -> None:
    """Explain exception codes, error codes and stop codes.

    CODE is a number as evidence shows it (c0000005, 0x1e, -1073741819, 1460) or a name (STATUS_IN_PAGE_ERROR).
    """
    pack = api.load_knowledge(knowledge)
    status = FOUND
    for word in codes:
        entries = look_up(word, pack.codes)
        if not entries:
            complain(f"{word}: no such code in the knowledge")
            status = NOTHING
        elif form == "jsonl":
            for entry in entries:
                click.echo(msgspec.json.encode(entry))
        else:
            put_text(facts.codes(entries, width=terminal_width(), colour=wants_colour()))
    ctx.exit(status)
