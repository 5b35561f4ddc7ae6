"""`triage analyze`."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triage import api
from triage.cli import is_piped
from triage.cli.options import (
    PATH,
    SOURCE,
    explain_option,
    format_option,
    inventory_option,
    knowledge_option,
    top_option,
)
from triage.cli.output import put_out, writer
from triage.cli.stock import stock_of
from triage.formats.binary import Data
from triage.scan import STDIN, Outcome, Source, find, outcomes

if TYPE_CHECKING:
    from triage.advice import Stock

Large = Callable[[Source], Iterator[Outcome]]
Step = Callable[[Data, str], Data]
"""What is done to a source, given with its name, before it is read."""


@click.command()
@click.argument("files", nargs=-1, type=SOURCE, metavar="[FILE]...")
@format_option("text", "json", "jsonl", "markdown")
@explain_option
@top_option
@inventory_option
@click.option(
    "--stackwalk",
    "symbols",
    type=PATH,
    metavar="DIR",
    help="Let minidump-stackwalk, which must be on PATH, walk minidumps with the Breakpad symbols in DIR.",
)
@knowledge_option
@click.pass_context
def analyze(
    ctx: click.Context,
    files: tuple[str, ...],
    form: str,
    explain: bool,
    top: int,
    inventories: tuple[Path, ...],
    symbols: Path | None,
    knowledge: Path | None,
) -> None:
    """Say which article describes a crash and what to do.

    FILE is debugger output, a dump, an event log, a crash report, a STOP screen, a fault message, or a container of
    such files (zip, cab, 7z, tar, gzip …); `-`, or no FILE at all, is standard input.
    """
    if not files and not is_piped():
        ctx.fail("no input: name a FILE, or pipe debugger output in")
    pack = api.load_knowledge(knowledge)
    stock = stock_of(inventories)
    walked: Step = _unchanged
    large: Large | None = partial(_large, knowledge, top, stock)
    if symbols is not None:
        from triage.cli.stackwalk import stackwalker  # noqa: PLC0415 - what starts programs is slow to import

        walked, large = stackwalker(symbols), None
    found = outcomes(
        find(files or (STDIN,), folders=False),
        lambda data, name: api.analyze(walked(data, name), path=name, knowledge=pack, top=top, inventory=stock),
        large=large,
    )
    ctx.exit(put_out(found, writer(form, explain=explain, many=len(files) > 1)).status)


def _large(knowledge: Path | None, top: int, stock: "Stock | None", source: Source) -> Iterator[Outcome]:
    """The outcomes of a file that is too large for this process."""
    from triage.cli.large import outcomes_of_large  # noqa: PLC0415 - most files are small, and every run starts

    inventory = None if stock is None else stock.inventory
    return outcomes_of_large(source, knowledge=knowledge, top=top, inventory=inventory)


def _unchanged(data: Data, _: str) -> Data:
    return data
