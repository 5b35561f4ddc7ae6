"""`triage formats`."""

from collections.abc import Iterator

import click
import msgspec

from triage.cli import is_piped
from triage.cli.complain import complain
from triage.cli.options import SOURCE, format_option
from triage.cli.output import ERROR, FOUND, NOTHING, put_text, terminal_width, wants_colour
from triage.errors import SourceError
from triage.formats.containers import container_of, members
from triage.formats.identify import Identity, identify
from triage.render import identity as page
from triage.scan import STDIN, Source, find


@click.command()
@click.argument("files", nargs=-1, type=SOURCE, metavar="FILE...")
@format_option("text", "jsonl")
@click.pass_context
def formats(ctx: click.Context, files: tuple[str, ...], form: str) -> None:
    """Tell which format each FILE is read as, and why.

    What told it: the first bytes of a dump, the landmarks of a text and the lines that each format read, the encoding.
    Of a container every file in it is told. `-`, or no FILE at all, is standard input.
    """
    if not files and not is_piped():
        ctx.fail("no input: name a FILE, or pipe something in")
    status = NOTHING
    for found in _identities(files or (STDIN,)):
        if isinstance(found, SourceError):
            complain(found)
            status = ERROR
            continue
        if found.fault is not None:
            status = ERROR
        elif status == NOTHING and found.incidents:
            status = FOUND
        if form == "jsonl":
            click.echo(msgspec.json.encode(found))
        else:
            put_text(page.render(found, width=terminal_width(), colour=wants_colour()))
    ctx.exit(status)


def _identities(files: tuple[str, ...]) -> Iterator[Identity | SourceError]:
    for source in find(files, folders=False):
        if isinstance(source, SourceError):
            yield source
        else:
            yield from _of(source)


def _of(source: Source) -> Iterator[Identity | SourceError]:
    try:
        data = source.read()
    except SourceError as error:
        yield error
        return
    if container_of(data) is None:
        yield identify(data, source.name)
        return
    for member in members(data, source.name):
        if member.data is not None:
            yield identify(member.data, member.name, member.kinds)
        if member.fault is not None:
            yield SourceError(member.fault, path=member.name)
