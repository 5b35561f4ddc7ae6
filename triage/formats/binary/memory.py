"""The memory that a dump holds, by address."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable

from triage.formats.binary.reader import Reader


class Memory:
    """Reads memory by address, as far as the dump holds it."""

    def __init__(self, reader: Reader, found: Iterable[tuple[int, int, int]]) -> None:
        """`found` are the pieces: address, size in bytes and offset in the file."""
        self._reader = reader
        pieces = sorted(set(found))
        self._starts, self._sizes, self._offsets = (
            array("Q", column) for column in (zip(*pieces, strict=True) if pieces else ((), (), ()))
        )

    def read(self, address: int, size: int) -> bytes:
        """Up to `size` bytes from `address`: fewer where the piece ends, none where the dump has no such memory."""
        place = bisect_right(self._starts, address) - 1
        # A small piece around the instruction pointer may start inside of a larger one: look at a few before.
        for candidate in range(place, place - 4 if place > 3 else -1, -1):
            skip = address - self._starts[candidate]
            there = self._sizes[candidate] - skip
            if there > 0:
                return self._reader.bytes_at(self._offsets[candidate] + skip, min(size, there))
        return b""

    def pointer(self, address: int, width: int) -> int | None:
        """The little-endian number of `width` bytes at `address`."""
        raw = self.read(address, width)
        return int.from_bytes(raw, "little") if len(raw) == width else None
