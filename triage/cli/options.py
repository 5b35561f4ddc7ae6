"""Options that several commands share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

# click would refuse an unreadable file before any other is looked at; whoever opens it says what is wrong.
SOURCE = click.Path(readable=False)
PATH = click.Path(path_type=Path, readable=False)

knowledge_option = click.option(
    "--knowledge",
    "-k",
    type=PATH,
    envvar="TRIAGE_KNOWLEDGE",
    metavar="PACK",
    help="Use this knowledge pack in place of the built-in one (also: TRIAGE_KNOWLEDGE).",
)

top_option = click.option(
    "--top", "-n", type=click.IntRange(1, 100), default=5, show_default=True, help="Show at most so many findings."
)

explain_option = click.option("--explain", is_flag=True, help="Show all facts for and against each finding.")

inventory_option = click.option(
    "--inventory",
    "-i",
    "inventories",
    type=PATH,
    multiple=True,
    metavar="FILE_OR_DIR",
    help="What is installed: a saved inventory, output of systeminfo, or a folder of binaries (repeatable).",
)

jobs_option = click.option(
    "--jobs", "-j", type=click.IntRange(1, 64), default=os.cpu_count() or 1, metavar="N", help="Processes to use."
)


def format_option(*formats: str) -> Callable[[F], F]:
    """`--format`, the first of the formats being the default."""
    return click.option(
        "--format",
        "-f",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print the report.",
    )
