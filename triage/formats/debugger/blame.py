"""Where it happened, as the text itself says: module, offset in it, function. Reading only; nothing is blamed here."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

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


_FEW_QUESTIONS = 3
"""So many addresses are looked up one by one before it pays to sort the modules."""


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


def place_of(case: Case, record: ExceptionRecord | None, images: "Images", top: Symbol | None) -> Place:
    """Where the case happened. `top` is the symbol of the stack's first frame, which names no module by itself."""
    symbols = _symbols(case)
    module = _module(case, symbols)
    if module is None and record is not None and record.address is not None:
        holder = images.holder(record.address)
        module = None if holder is None else holder.name
    if module is None:
        return Place()
    same = [symbol for symbol in symbols if stem(_names_module(symbol)) == stem(module)]
    offset = next((one.offset for one in same if one.function is None and one.offset is not None), None)
    if offset is None:
        told = (one for one in case.sightings if one.offset is not None and stem(one.module or "") == stem(module))
        offset = next((one.offset for one in told), None)
    if offset is None:
        offset = _watson_offset(case.analysis, module)
    if offset is None and record is not None and record.address is not None:
        offset = _offset_in(images, module, record.address)
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
        texts += [case.analysis.get("IP_IN_PAGED_CODE"), _keyed(case.analysis)]
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
    if analysis is not None and analysis.has_wrong_symbols:
        faulting = []
    bucket = None if analysis is None else analysis.bucket[1] or analysis.kernel_bucket
    return said or (faulting[1] if len(faulting) == 2 else bucket)


def _watson_offset(analysis: Analysis | None, module: str) -> int | None:
    if analysis is None or stem(analysis.get("WATSON_BKT_MODULE") or "") != stem(module):
        return None
    offset = analysis.get("WATSON_BKT_MODOFFSET")
    return None if offset is None else hexadecimal(offset.split()[0])


def _offset_in(images: "Images", name: str, address: int) -> int | None:
    holder = images.holder(address)
    if holder is None or holder.base is None or stem(holder.name).replace(".", "_") != stem(name).replace(".", "_"):
        return None
    return address - holder.base


class Images:
    """The modules of a text by where they were loaded."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self._modules = modules
        self._asked = 0

    @cached_property
    def _spans(self) -> list[tuple[int, int, int]]:
        """Start, end and place in the order of loading, sorted."""
        return sorted(
            [
                (one.base, one.end, order)
                for order, one in enumerate(self._modules)
                if one.base is not None and one.end is not None
            ]
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _, _ in self._spans]

    @cached_property
    def _furthest(self) -> list[int]:
        """For each of the spans the furthest end of it and those before."""
        return list(accumulate((end for _, end, _ in self._spans), max))

    def holder(self, address: int) -> Module | None:
        """The module that was at the address, the last of those loaded there."""
        self._asked += 1
        if self._asked <= _FEW_QUESTIONS:
            for module in reversed(self._modules):
                if module.base is not None and module.end is not None and module.base <= address < module.end:
                    return module
            return None
        place = bisect_right(self._starts, address) - 1
        found = -1
        while place >= 0 and self._furthest[place] > address:
            _, end, order = self._spans[place]
            if end > address:
                found = max(found, order)
            place -= 1
        return self._modules[found] if found >= 0 else None
