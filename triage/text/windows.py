"""The text of a source that fits into memory, if a landmark of any format stands in it; `regions` has the others."""

import sys

from msgspec import Struct

from triage.text.decode import BINARY, detect
from triage.text.landmarks import finder
from triage.text.lines import Text
from triage.text.repair import repair

SMALL = 8 << 20
"""Sources up to this size are read whole once they have a landmark."""

_WORTH = 1 << 18
"""From this size on the start of the fast search pays."""


class Source(Struct, frozen=True):
    """The readable part of some bytes. `landmarks` are those that it holds."""

    text: Text
    encoding: str
    landmarks: frozenset[str]


def read_source(data: bytes, landmarks: tuple[str, ...]) -> Source:
    """The text of `data` if it holds one of `landmarks` (lower case); no rows at all where it holds none of them."""
    encoding, start = detect(data)
    if encoding == BINARY:
        return Source(Text(()), BINARY, frozenset())
    seen = finder(landmarks, encoding, fast=len(data) >= _WORTH or "hyperscan" in sys.modules)(data)
    if not seen:
        return Source(Text((), encoding=encoding), encoding, frozenset())
    return Source(repair(data[start:].decode(encoding, "replace"), encoding), encoding, seen)
