"""The text of a source that fits into memory, if a landmark of any format stands in it; `regions` has the others."""

from msgspec import Struct

from triage.text.decode import BINARY, detect
from triage.text.landmarks import finder, is_warm
from triage.text.lines import Text
from triage.text.repair import repaired, split
from triage.text.shapes import Shapes

SMALL = 8 << 20
"""What has evidence in sources up to this size is read together, wherever it stands."""

WHOLE = 1 << 20
"""Sources up to this size are read whole once they have a landmark."""

_WORTH = 1 << 16
"""From this size on a search in the bytes, before they become text, pays."""


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
    seen = None
    if len(data) >= _WORTH or is_warm():
        # What holds no crash, as most files do, need not even become text.
        seen = finder(landmarks, encoding)(data)
        if not seen:
            return Source(Text((), encoding=encoding), encoding, seen)
    lines = split(data[start:].decode(encoding, "replace"))
    shapes = Shapes.of(lines)
    if seen is None:
        text = Text(lines, encoding=encoding, shapes=shapes)
        seen = text.landmarks(landmarks)
        if not seen:
            return Source(Text((), encoding=encoding), encoding, seen)
    return Source(repaired(lines, shapes, encoding), encoding, seen)
