"""What `--inventory` names, ready for many sources; nothing is imported where nothing is named."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage.advice import Stock


def stock_of(paths: Sequence[Path]) -> "Stock | None":
    """The inventory of the machine that crashed, joined of all paths; None where none is given."""
    if not paths:
        return None
    from triage.advice import Stock  # noqa: PLC0415 - a plain run needs neither this nor the reading of files
    from triage.cli.inventory import given  # noqa: PLC0415

    found = given(paths)
    return None if found is None else Stock(found)
