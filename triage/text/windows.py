"""The parts of a large source that can hold evidence, found without building rows for the rest.

A log of hundreds of megabytes without a landmark of any format is dismissed by looking for bytes in it; of one that
has some, only the neighbourhood of landmarks becomes text.
"""

import codecs
from collections.abc import Iterator

from msgspec import Struct

from triage.model.evidence import Damage
from triage.text.decode import BINARY, detect
from triage.text.lines import Text
from triage.text.repair import assemble, clean_rows, repair

_CHUNK = 1 << 20
SMALL = 8 << 20
"""Sources up to this size are read whole once they have a landmark."""

_MOST = 48 << 20
"""So many characters of a large source become rows; the rest is left out, with a warning."""

_OVERLAP = 128


class Source(Struct, frozen=True):
    """The readable part of some bytes. `landmarks` are those that it holds."""

    text: Text
    encoding: str
    landmarks: frozenset[str]
    warnings: tuple[Damage, ...] = ()


def read_source(data: bytes, landmarks: tuple[str, ...]) -> Source:
    """The text of `data` around `landmarks` (lower case); no rows at all where it holds none of them."""
    encoding, start = detect(data)
    if encoding == BINARY:
        return Source(Text(()), BINARY, frozenset())
    seen: set[str] = set()
    wanted: list[bool] = []
    tail = ""
    order = sorted(landmarks, key=len)
    # Where "violation" is not, "access violation" need not be looked for.
    shorter = {one: next((inner for inner in order if inner in one and inner != one), None) for one in order}
    for chunk in _chunks(data, encoding, start):
        low = (tail + chunk).lower()
        hits: set[str] = set()
        for landmark in order:
            inner = shorter[landmark]
            if (inner is None or inner in hits) and landmark in low:
                hits.add(landmark)
        seen |= hits
        wanted.append(bool(hits))
        tail = chunk[-_OVERLAP:]
    if not seen:
        return Source(Text((), encoding=encoding), encoding, frozenset())
    if len(data) <= SMALL:
        return Source(repair("".join(_chunks(data, encoding, start)), encoding), encoding, frozenset(seen))
    rows, numbers, warnings = _rows(data, encoding, start, _with_neighbours(wanted))
    return Source(assemble(rows, numbers, encoding), encoding, frozenset(seen), warnings)


def _with_neighbours(wanted: list[bool]) -> list[bool]:
    """A chunk goes with the one before and the one after it: a record may reach over the edge."""
    return [any(wanted[max(0, index - 1) : index + 2]) for index in range(len(wanted))]


def _chunks(data: bytes, encoding: str, start: int) -> Iterator[str]:
    """The text in pieces of bounded size."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    view = memoryview(data)
    for offset in range(start, len(data), _CHUNK):
        yield decoder.decode(view[offset : offset + _CHUNK])
    yield decoder.decode(b"", final=True)


def _rows(
    data: bytes, encoding: str, start: int, wanted: list[bool]
) -> tuple[list[str], list[int], tuple[Damage, ...]]:
    """Cleaned rows of the wanted chunks, with their line numbers in the whole source."""
    rows: list[str] = []
    numbers: list[int] = []
    line, taken = 1, 0
    pending = ""
    full = False
    for index, chunk in enumerate(_chunks(data, encoding, start)):
        block = pending + chunk
        pending = ""
        if index + 1 < len(wanted):
            # A CR at the very end may be half of a line end.
            cut = max(block.rfind("\n"), block.rfind("\r", 0, -1)) + 1
            # A line longer than a chunk is cut where the chunk ends.
            if cut:
                block, pending = block[:cut], block[cut:]
        count = _line_ends(block)
        if wanted[index] and not full:
            for number, row in clean_rows(block, line):
                rows.append(row)
                numbers.append(number)
            taken += len(block)
            full = taken > _MOST
            if full:
                warning = Damage(
                    (line + count, line + count), f"only the first {_MOST >> 20} MB with crash evidence are read"
                )
        line += count
    return rows, numbers, (warning,) if full else ()


def _line_ends(block: str) -> int:
    block_ends = block.count("\n") + block.count("\r") - block.count("\r\n")
    return block_ends - block.count("\r\r\n")
