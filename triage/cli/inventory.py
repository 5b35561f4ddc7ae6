"""`triage inventory`, and what `--inventory` names."""

from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from triage.advice.inventory import join, read, take_folder
from triage.cli.complain import complain
from triage.cli.options import PATH
from triage.model.inventory import Inventory, InventoryWarning
from triage.render.clean import clean
from triage.render.phrases import count
from triage.scan import Source, name_of

MAX_SAVED = 256 << 20
"""Bytes of a saved inventory; 200,000 files take about 60 MB."""


@click.command()
@click.argument("folder", type=PATH, metavar="DIR")
@click.option("--output", "-o", type=PATH, metavar="FILE", help="Write to FILE instead of standard output.")
@click.option(
    "--systeminfo",
    type=PATH,
    metavar="FILE",
    help="Add product, service pack and updates from the output of `systeminfo`.",
)
@click.pass_context
def inventory(ctx: click.Context, folder: Path, output: Path | None, systeminfo: Path | None) -> None:
    """List the program files of a folder with their versions.

    The list is JSON. DIR is read with all folders below it, on the machine that crashed or on a copy of its files;
    `analyze --inventory` then tells which files of a fix are older. Damaged files cost one line on standard error each,
    and stay in the list with what could be read.
    """
    taken = take_folder(folder, root=name_of(folder))
    if systeminfo is not None:
        taken = msgspec.structs.replace(taken, system=_saved(systeminfo).system)
    data = msgspec.json.format(msgspec.json.encode(taken), indent=1) + b"\n"
    if output is None:
        click.echo(data, nl=False)
    else:
        output.write_bytes(data)
        click.echo(f"triage: {count(len(taken.files), 'program file')} in {clean(str(output))}", err=True)
    _tell(taken.warnings)
    ctx.exit(0 if taken.files else 1)


def given(paths: Iterable[Path]) -> Inventory | None:
    """What `--inventory` names, joined: saved inventories, outputs of systeminfo, folders; None for nothing."""
    parts = []
    for path in paths:
        if path.is_dir():
            parts.append(take_folder(path, root=name_of(path)))
            _tell(parts[-1].warnings)
        else:
            parts.append(_saved(path))
    return join(parts)


def _saved(path: Path) -> Inventory:
    return read(Source(name_of(path), path).read(MAX_SAVED), path=name_of(path))


def _tell(warnings: Iterable[InventoryWarning]) -> None:
    for warning in warnings:
        complain(f"{warning.path}: {warning.text}")
