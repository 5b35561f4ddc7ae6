"""What `--inventory` names; nothing is imported where nothing is named."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage.advice import Stock
    from triage.model.inventory import Inventory


def inventory_of(paths: Sequence[Path]) -> "Inventory | None":
    """The inventory of the machine that crashed, joined of all paths; None where none is given."""
    if not paths:
        return None
    from triage.cli.inventory import given  # noqa: PLC0415 - a plain run does not read files of programs

    return given(paths)


def mark_of(inventory: "Inventory | None") -> str:
    """A short text that differs between inventories, for what is remembered of a scan; empty for none."""
    if inventory is None:
        return ""
    import hashlib  # noqa: PLC0415

    import msgspec  # noqa: PLC0415

    return f" {hashlib.sha256(msgspec.msgpack.encode(inventory)).hexdigest()[:16]}"


def stock_of(paths: Sequence[Path]) -> "Stock | None":
    """The same, ready to be asked for files."""
    found = inventory_of(paths)
    if found is None:
        return None
    from triage.advice import Stock  # noqa: PLC0415

    return Stock(found)
