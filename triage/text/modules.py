"""Modules that a text lists, in whatever form: `ModLoad:` rows, `lm` and `lmv`, Dr. Watson's and others' tables."""

from operator import attrgetter

from msgspec import Struct

from triage.model.evidence import Damage, Lines, Module
from triage.text.lines import Text, joined
from triage.text.modules_lists import read_lists
from triage.text.modules_loads import read_loads
from triage.text.modules_shown import read_shown
from triage.text.modules_tables import read_tables

MAX_MODULES = 200_000


class ModuleList(Struct, frozen=True, kw_only=True):
    """One module for each row of the text, in order, also where an image was loaded twice.

    `claimed` are the lines that the rows stand on, joined where they follow each other; `warnings` tell of rows that
    were cut off.
    """

    modules: tuple[Module, ...] = ()
    claimed: tuple[Lines, ...] = ()
    warnings: tuple[Damage, ...] = ()


def read_modules(text: Text) -> ModuleList:
    """Every module row of the text; linear in its length."""
    modules: list[Module] = []
    warnings: list[Damage] = []
    items = [*read_loads(text), *read_lists(text), *read_tables(text)]
    listed = {item.base for item in items if isinstance(item, Module)}
    items += [module for module in read_shown(text) if module.base not in listed]  # somebody looked at one of the list
    items.sort(key=attrgetter("lines"))
    for item in items:
        if isinstance(item, Damage):
            warnings.append(item)
        elif len(modules) >= MAX_MODULES:
            warnings.append(Damage(item.lines, f"more than {MAX_MODULES:,} module rows; the rest is not read"))
            break
        else:
            modules.append(item)
    return ModuleList(
        modules=tuple(modules), claimed=joined(module.lines for module in modules), warnings=tuple(warnings[:1000])
    )
