"""What is installed: program files, and what `systeminfo` tells. The JSON contract `triage/inventory-1`.

An inventory is taken on the machine that crashed and read on another one, so it holds facts only, and is decoded
strictly. Fields may be added; none changes its meaning.
"""

from typing import Final, Literal

from msgspec import Struct

from triage.model.evidence import System

SCHEMA: Final = "triage/inventory-1"


class InventoryFile(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A program file (PE image).

    `path` is relative to the inventory's root, with the separators of the machine that took it; `size` is in bytes;
    `machine` is the processor ("x86", "x64", "alpha" …, or the number in hexadecimal); `timestamp` is the header's
    seconds since 1970 and `checksum` its own sum, as stored, not as it would have to be. The versions are texts of the
    version resource; None where the file has none.
    """

    name: str
    path: str
    size: int
    machine: str | None = None
    timestamp: int | None = None
    checksum: int | None = None
    file_version: str | None = None
    product_version: str | None = None
    product: str | None = None


class InventoryWarning(Struct, frozen=True):
    """A file that could not be read in full."""

    path: str
    text: str


class Inventory(Struct, frozen=True, kw_only=True):
    """Program files by path, in the order of paths; `system` and its hotfixes where `systeminfo` was read too."""

    schema: Literal["triage/inventory-1"] = SCHEMA
    root: str = ""
    system: System | None = None
    files: tuple[InventoryFile, ...] = ()
    warnings: tuple[InventoryWarning, ...] = ()
