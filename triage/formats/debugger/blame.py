"""Where it happened, as the text itself says: module, offset in it, function. Reading only; nothing is blamed here."""

import re

from msgspec import Struct

from triage.formats.debugger.analysis import Analysis
from triage.formats.debugger.cases import Case
from triage.model.evidence import ExceptionRecord, Module
from triage.text.lazy import regex
from triage.text.numbers import hexadecimal
from triage.text.symbols import Symbol, read_symbol

_EXTENSION = regex(r"\.(?:exe|dll|sys|drv|ocx|cpl|ax|scr|com|vxd)$", re.IGNORECASE)
# What !analyze says where it found none.
_NOTHING = frozenset({"unknown_module", "unknown_image", "unknown", "unknown_function", "none", "", "_"})


class Place(Struct, frozen=True, kw_only=True):
    """Where it happened; `offset` counts from the module's base."""

    module: str | None = None
    offset: int | None = None
    function: str | None = None


def symbol_of(text: str | None) -> Symbol | None:
    """The parts of a symbol as printed, or None where it names no module ("+42424242")."""
    symbol = read_symbol(text.strip().rstrip(":")) if text else None
    if symbol is None or symbol.module is None or symbol.module.lower() in _NOTHING:
        return None
    return symbol


def stem(name: str) -> str:
    """A module's name without extension and case, for comparing."""
    return _EXTENSION.sub("", name.lower())


def place_of(case: Case, record: ExceptionRecord | None, modules: tuple[Module, ...], top: Symbol | None) -> Place:
    """Where the case happened. `top` is the symbol of the stack's first frame, which names no module by itself."""
    symbols = _symbols(case)
    module = _module(case, symbols)
    if module is None and record is not None and record.address is not None:
        holder = _holder(modules, record.address)
        module = None if holder is None else holder.name
    if module is None:
        return Place()
    same = [symbol for symbol in symbols if stem(_names_module(symbol)) == stem(module)]
    offset = next((one.offset for one in same if one.function is None and one.offset is not None), None)
    if offset is None:
        offset = _watson_offset(case.analysis, module)
    if offset is None and record is not None and record.address is not None:
        offset = _offset_in(modules, module, record.address)
    if top is not None and stem(_names_module(top)) == stem(module):
        same.append(top)
    return Place(module=module, offset=offset, function=next((one.function for one in same if one.function), None))


def _names_module(symbol: Symbol) -> str:
    return symbol.module or ""


def _symbols(case: Case) -> list[Symbol]:
    """Every symbol that the text gives for the place, surest first."""
    texts: list[str | None] = []
    if case.analysis is not None:
        texts += [case.analysis.get("SYMBOL_NAME"), case.analysis.get("FAULTING_IP"), case.analysis.get("FOLLOWUP_IP")]
        texts.append(_keyed(case.analysis))
    if case.cause is not None:
        texts.append(case.cause.symbol)
    texts += [sighting.symbol for sighting in sorted(case.sightings, key=lambda one: one.origin != "record")]
    return [symbol for text in texts if (symbol := symbol_of(text)) is not None]


def _keyed(analysis: Analysis) -> str | None:
    """The place as `!analyze` of 2023 and later has it among its keys, each part a value of its own."""
    module, offset = analysis.get("Failure.Exception.IP.Module"), analysis.get("Failure.Exception.IP.Offset")
    return f"{module}+{offset}" if module and offset else module


def _module(case: Case, symbols: list[Symbol]) -> str | None:
    analysis = case.analysis
    named: list[str | None] = []
    if analysis is not None:
        named += [analysis.get("MODULE_NAME"), analysis.get("IMAGE_NAME")]
    if case.cause is not None:
        named.append(case.cause.image)
    for name in named:
        word = (name or "").split()[0] if (name or "").split() else ""
        if word.lower() not in _NOTHING:
            return word
    if symbols:
        return symbols[0].module
    said = next((sighting.module for sighting in case.sightings if sighting.module), None)
    # FAULTING_MODULE: 7c900000 ntdll
    faulting = (analysis.get("FAULTING_MODULE") or "").split() if analysis is not None else []
    return said or (faulting[1] if len(faulting) == 2 else None)


def _watson_offset(analysis: Analysis | None, module: str) -> int | None:
    if analysis is None or stem(analysis.get("WATSON_BKT_MODULE") or "") != stem(module):
        return None
    offset = analysis.get("WATSON_BKT_MODOFFSET")
    return None if offset is None else hexadecimal(offset.split()[0])


def _offset_in(modules: tuple[Module, ...], name: str, address: int) -> int | None:
    holder = _holder(modules, address)
    if holder is None or holder.base is None or stem(holder.name).replace(".", "_") != stem(name).replace(".", "_"):
        return None
    return address - holder.base


def _holder(modules: tuple[Module, ...], address: int) -> Module | None:
    """The module that was at the address, the last of those loaded there."""
    for module in reversed(modules):
        if module.base is not None and module.end is not None and module.base <= address < module.end:
            return module
    return None
