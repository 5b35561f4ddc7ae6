"""Pieces of the patterns of fault messages: numbers and places as programs print them, and as people quote them."""

from typing import Final

HEX: Final = r"[0oO][xX][0-9a-fA-FxX.]{1,17}"
SEGMENTED: Final = r"[0-9a-zA-Z]{2,5}:[0-9a-zA-Z]{3,9}"
PLACE: Final = rf"<[^>]{{1,40}}>|\[[^\]\n]{{1,40}}\]|{SEGMENTED}|{HEX}|[0-9a-fA-F]{{8,16}}"
"""An address, or what stands for one where a person quotes the message: `<address>`, `[memory\naddress]`."""

LOOSE: Final = rf"{PLACE}|x{{3,8}}|(?:some[ -])?(?:memory[\s-])?address|addr\d?"
"""The same where the words around it can be of nothing else: `at xxxx`, `at "memory address"`."""

STATUS: Final = r"(?:0x)?[cC8eE][0-9a-fA-F]{6,8}"
"""An exception code, with a digit lost or doubled as people type it."""

IMAGE: Final = r"[\w$~-]{1,40}\.(?:exe|dll|ocx|drv|cpl|sys|mod)"
