"""`triage scan`."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import click

from triage import api
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
from triage.errors import SourceError
from triage.scan import Source, find, outcomes


@click.command()
@click.argument("paths", nargs=-1, required=True, type=SOURCE, metavar="PATH...")
@format_option("text", "jsonl", "json", "markdown")
@click.option("--output", "-o", type=PATH, metavar="FILE", help="Write to FILE instead of standard output.")
@explain_option
@top_option
@inventory_option
@knowledge_option
@click.pass_context
def scan(
    ctx: click.Context,
    paths: tuple[str, ...],
    form: str,
    output: Path | None,
    explain: bool,
    top: int,
    inventories: tuple[Path, ...],
    knowledge: Path | None,
) -> None:
    """Analyze every file in folders, one report each.

    PATH is a file or a folder, which is read with all folders below it, in the order of names; links in it are not
    followed. What cannot be read costs one line on standard error, and the rest goes on.
    """
    pack = api.load_knowledge(knowledge)
    stock = stock_of(inventories)
    found = outcomes(
        _but(output, find(paths, folders=True)),
        lambda data, name: api.analyze(data, path=name, knowledge=pack, top=top, inventory=stock),
    )
    with nullcontext() if output is None else output.open("wb") as stream:
        tally = put_out(found, writer(form, stream, explain=explain, many=True), notices=False)
    if form == "text":
        click.echo(f"triage: {tally}", err=True)
    ctx.exit(tally.status)


def _but(output: Path | None, sources: Iterator[Source | SourceError]) -> Iterator[Source | SourceError]:
    """The sources without the file that is being written, which may lie in a folder that is read."""
    for source in sources:
        path = source.path if isinstance(source, Source) else None
        if output is None or path is None or not _same(path, output):
            yield source


def _same(path: Path, output: Path) -> bool:
    try:
        return path.name == output.name and path.samefile(output)
    except (OSError, ValueError):  # it is gone, or no name at all; reading it will tell
        return False
