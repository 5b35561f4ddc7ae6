"""What the readers of dumps share: bounded reading, addresses and modules, registers, walks along a stack."""

from collections.abc import Callable
from mmap import mmap

from msgspec import Struct

from triage.model.evidence import Evidence

Data = bytes | memoryview | mmap
"""What a reader of dumps gets: a file in memory, or mapped into it."""


class BinaryFormat(Struct, frozen=True, kw_only=True):
    """A reader of a binary format.

    `magic` are the first bytes of such a source, any one of them. `read` gets the whole source and raises SourceError
    only where nothing can be read; damage becomes warnings of the Evidence.
    """

    name: str
    magic: tuple[bytes, ...]
    read: Callable[[Data], Evidence]

    def claims(self, data: Data) -> bool:
        """Whether the source begins as this format does."""
        return any(bytes(data[: len(magic)]) == magic for magic in self.magic)
