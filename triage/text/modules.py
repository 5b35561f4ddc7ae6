"""Modules that a text lists, in whatever form: `ModLoad:` rows, `lm` and `lmv`, Dr. Watson's and others' tables."""

from heapq import merge
from typing import TYPE_CHECKING

from msgspec import Struct

from triage.model.evidence import Damage, Lines, Module
from triage.text.lines import Text
from triage.text.modules_lists import read_lists
from triage.text.modules_loads import read_loads
from triage.text.modules_tables import read_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MODULES = 200_000


class ModuleList(Struct, frozen=True, kw_only=True):
    """One module for each row of the text, in order, also where an image was loaded twice.

    `claimed` are the lines that the rows stand on; `warnings` tell of rows that were cut off.
    """

    modules: tuple[Module, ...] = ()
    claimed: tuple[Lines, ...] = ()
    warnings: tuple[Damage, ...] = ()


def read_modules(text: Text) -> ModuleList:
    """Every module row of the text; linear in its length."""
    modules: list[Module] = []
    warnings: list[Damage] = []
    rows: list[Iterator[Module | Damage]] = [read_loads(text), read_lists(text), read_tables(text)]
    for item in merge(*rows, key=_order):
        if isinstance(item, Damage):
            warnings.append(item)
        elif len(modules) >= MAX_MODULES:
            warnings.append(Damage(item.lines, f"more than {MAX_MODULES:,} module rows; the rest is not read"))
            break
        else:
            modules.append(item)
    claimed = tuple(dict.fromkeys(module.lines for module in modules))
    return ModuleList(modules=tuple(modules), claimed=claimed, warnings=tuple(warnings[:1000]))


def _order(item: Module | Damage) -> Lines:
    return item.lines
