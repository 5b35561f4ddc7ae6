"""What `--inventory` names to an inventory: files of a folder, a saved inventory, or the output of `systeminfo`."""

from collections.abc import Iterable
from pathlib import Path

from triage.advice import inventory
from triage.errors import SourceError
from triage.model.inventory import Inventory
from triage.text.decode import decode
from triage.text.repair import repair
from triage.text.system import read_system

MAX_TEXT = 16 << 20
"""Bytes of a text that is looked at; `systeminfo` prints some kilobytes."""


def take_inventory(folder: Path, *, root: str) -> Inventory:
    """The program files in a folder and below; `root` is what the inventory calls the folder.

    Damage is a warning. Raises SourceError where there is no such folder.
    """
    if not folder.is_dir():
        raise SourceError("no folder" if folder.exists() else "no such folder", path=root)
    return inventory.take(inventory.files_under(folder), root=root)


def read_inventory(data: bytes, *, path: str) -> Inventory:
    """A saved inventory, or the system and updates that a text tells of. Raises SourceError where it is neither."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return inventory.decode(data, path=path)
    text, encoding = decode(data[:MAX_TEXT])
    system = read_system(repair(text, encoding))
    if system is None:
        raise SourceError("neither an inventory (`triage inventory` makes one) nor the output of systeminfo", path=path)
    return Inventory(root=path, system=system)


def join_inventories(inventories: Iterable[Inventory]) -> Inventory | None:
    """Several inventories of one machine as one; None of none."""
    return inventory.join(inventories)
