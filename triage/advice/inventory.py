"""Inventories: taking one of files, reading a saved one, and looking files up in it."""

import os
import stat
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from triage.errors import SourceError
from triage.model.evidence import Module, System
from triage.model.inventory import Inventory, InventoryFile, InventoryWarning

MAX_FILES: Final = 200_000
"""Files of one inventory; a whole system folder with its caches has about 60,000."""

MAX_TEXT: Final = 16 << 20
"""Bytes of a text that is looked at; `systeminfo` prints some kilobytes."""

_CACHES: Final = (
    "$nt", "$hf_mig$", "dllcache", "servicepackfiles", "winsxs", "i386", "driver cache", "installer", "backup",
    "symbols", "temp", "$recycle.bin", "recycler", "softwaredistribution", "lastgood",
)  # fmt: skip
"""Beginnings of folders that hold copies which are not run: what was replaced, and what waits to be installed."""


def files_under(folder: Path) -> Iterator[tuple[Path, str] | InventoryWarning]:
    """The regular files in a folder and below, sorted by name, each with its path from the folder on.

    Links are not followed; a folder that cannot be read is a warning.
    """
    pending = [(folder, "")]
    while pending:
        path, shown = pending.pop()
        try:
            mode = path.lstat().st_mode if shown else path.stat().st_mode
            if stat.S_ISREG(mode):
                yield path, shown
            elif stat.S_ISDIR(mode):
                names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - names only, and in one order everywhere
                pending += [
                    (path / name, f"{shown}/{_printable(name)}" if shown else _printable(name)) for name in names
                ]
        except OSError as error:
            yield InventoryWarning(shown, f"cannot be read: {(error.strerror or 'input error').lower()}")


def _printable(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def take(
    files: Iterable[tuple[Path, str] | InventoryWarning], *, root: str = "", system: System | None = None
) -> Inventory:
    """The inventory of the files, each given with the path that the inventory shows; other files are passed over.

    Damage and files that cannot be opened become warnings.
    """
    from triage.advice.pe import read_image  # noqa: PLC0415 - pefile takes as long to import as all the rest together

    found: list[InventoryFile] = []
    warnings: list[InventoryWarning] = []
    for file in files:
        if isinstance(file, InventoryWarning):
            warnings.append(file)
            continue
        path, shown = file
        if len(found) >= MAX_FILES:
            warnings.append(InventoryWarning(root, f"only the first {MAX_FILES:,} program files are listed"))
            break
        try:
            entry, faults = read_image(path, shown)
        except SourceError as error:
            warnings.append(InventoryWarning(shown, error.message))
            continue
        warnings += [InventoryWarning(shown, fault) for fault in faults]
        if entry is not None:
            found.append(entry)
    return Inventory(root=root, system=system, files=tuple(found), warnings=tuple(warnings))


def take_folder(folder: Path, *, root: str) -> Inventory:
    """The program files in a folder and below; `root` is what the inventory calls the folder.

    Damage is a warning. Raises SourceError where there is no such folder.
    """
    if not folder.is_dir():
        raise SourceError("no folder" if folder.exists() else "no such folder", path=root)
    return take(files_under(folder), root=root)


def read(data: bytes, *, path: str) -> Inventory:
    """A saved inventory, or the system and updates that a text tells of. Raises SourceError where it is neither."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return decode(data, path=path)
    from triage.text.decode import decode as text_of  # noqa: PLC0415 - taking an inventory reads no text
    from triage.text.repair import repair  # noqa: PLC0415
    from triage.text.system import read_system  # noqa: PLC0415

    text, encoding = text_of(data[:MAX_TEXT])
    system = read_system(repair(text, encoding))
    if system is None:
        raise SourceError("neither an inventory (`triage inventory` makes one) nor the output of systeminfo", path=path)
    return Inventory(root=path, system=system)


def decode(data: bytes, *, path: str) -> Inventory:
    """A saved inventory. Raises SourceError, with the field that is wrong, for anything else."""
    try:
        return msgspec.json.decode(data, type=Inventory)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(f"not an inventory of triage: {error}", path=path) from error


def join(inventories: Iterable[Inventory]) -> Inventory | None:
    """Several inventories of one machine as one; of two systems the first counts. None of none."""
    given = tuple(inventories)
    if len(given) < 2:
        return given[0] if given else None
    return Inventory(
        root=", ".join(dict.fromkeys(inventory.root for inventory in given if inventory.root)),
        system=next((inventory.system for inventory in given if inventory.system is not None), None),
        files=tuple(file for inventory in given for file in inventory.files),
        warnings=tuple(warning for inventory in given for warning in inventory.warnings),
    )


class Stock:
    """An inventory by file names, made once for all findings of a run."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory

    @property
    def system(self) -> System | None:
        """What `systeminfo` told when the inventory was taken."""
        return self.inventory.system

    @property
    def size(self) -> int:
        """How many files there are."""
        return len(self.inventory.files)

    def named(self, name: str) -> tuple[Module, ...]:
        """The files of this name (lower case) as modules, those in use before copies that are kept elsewhere."""
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> dict[str, tuple[Module, ...]]:
        ranked: dict[str, list[tuple[bool, str, Module]]] = {}
        for file in self.inventory.files:
            entry = (is_copy(file.path), file.path, _module(file))
            ranked.setdefault(file.name.lower(), []).append(entry)
        found = {}
        for name, entries in ranked.items():
            entries.sort(key=lambda entry: entry[:2])
            best = entries[0][0]
            found[name] = tuple(module for copy, _, module in entries if copy == best)
        return found


def is_copy(path: str) -> bool:
    """Whether a path leads to a copy that is not run: `Winnt\\$NtUninstallQ299444$\\Srv.sys`."""
    folders = path.lower().replace("\\", "/").split("/")[:-1]
    return any(folder.startswith(_CACHES) for folder in folders)


def _module(file: InventoryFile) -> Module:
    return Module(
        name=file.name,
        path=file.path,
        version=file.file_version,
        product_version=file.product_version,
        timestamp=file.timestamp,
        checksum=file.checksum,
    )
