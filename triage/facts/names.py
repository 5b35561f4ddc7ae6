"""Names of images, functions and event sources in the one spelling by which they are compared."""

from functools import lru_cache
from typing import Final

from triage.model.evidence import Frame
from triage.text.lazy import regex
from triage.text.modules_names import without_base
from triage.text.symbols import undecorate

_SUFFIX = regex(r"\.(?:exe|dll|sys|drv|ocx|vxd|dbg|386|cpl|com|scr)$")
_SEPARATORS: Final = "/\\:"

NAMES: Final = 2048
"""Spellings that are remembered: most programs, libraries and event sources were in the last logs, too."""

KERNEL_ALIASES: Final = {"ntoskrnl": "nt", "ntkrnlmp": "nt", "ntkrnlpa": "nt", "ntkrpamp": "nt"}
"""The kernel's image names: the debugger calls every one of them nt."""


@lru_cache(maxsize=NAMES)
def image_stem(name: str) -> str:
    """`D:\\WINNT\\System32\\Clusapi.dll`, `clusapi.dbg`, `clusapi` and a debugger's `clusapi_77b00000` are clusapi."""
    base = name.lower().strip().strip("\"'")
    for separator in _SEPARATORS:
        base = base.rpartition(separator)[2]
    base = without_base(_SUFFIX.sub("", base))
    return KERNEL_ALIASES.get(base, base)


def function_name(name: str) -> str:
    """A function without decoration, template arguments or leading underscores, in lower case."""
    plain = undecorate(name).lower()
    return plain.split("<", 1)[0].lstrip("_@?").strip() if not plain.startswith("<") else plain


def frame_names(frame: Frame) -> tuple[str, str]:
    """Image stem and function name of a frame; an empty string for what the frame does not tell."""
    return image_stem(frame.module or ""), function_name(frame.function or "")


def symbol_names(symbol: str) -> tuple[str, str]:
    """The same of a rule's "module!function"; a symbol without `!` is a module alone."""
    module, bang, function = symbol.partition("!")
    return image_stem(module), function_name(function) if bang else ""


@lru_cache(maxsize=NAMES)
def source_name(source: str) -> str:
    """An event source: "MSExchangeIS Private" is msexchangeisprivate, however it is spaced and cased."""
    return "".join(char for char in source.lower() if char.isalnum())


def low_half(address: int) -> str:
    """The part of an address that is the same wherever its image is loaded: four hexadecimal digits."""
    return f"{address & 0xFFFF:04x}"
