"""The binary formats: told by their first bytes, read by modules that are imported only for such a source."""

from importlib import import_module

from msgspec import Struct
from msgspec.structs import replace

from triage.formats.binary import BinaryFormat, Data
from triage.model.evidence import Evidence
from triage.text.decode import BINARY

_LONGEST = 16


class BinaryEntry(Struct, frozen=True):
    """A binary format by name and magic, and the module whose `FORMAT` reads it."""

    name: str
    magic: tuple[bytes, ...]
    module: str

    def load(self) -> BinaryFormat:
        """The reader itself."""
        found = import_module(self.module).FORMAT
        if not isinstance(found, BinaryFormat):
            raise TypeError(f"{self.module}.FORMAT is no binary format")
        return found


BINARY_FORMATS = (
    BinaryEntry("minidump", (b"MDMP",), "triage.formats.minidump"),
    BinaryEntry("kerneldump", (b"PAGEDU64", b"PAGEDUMP"), "triage.formats.kerneldump"),
    BinaryEntry("evtx", (b"ElfFile\x00",), "triage.formats.evtx"),
    BinaryEntry("evt", (b"\x30\x00\x00\x00LfLe",), "triage.formats.evt"),
)


def binary_format(data: Data) -> BinaryEntry | None:
    """The format that claims a source by its first bytes; None where it is text, or nothing that is known."""
    head = bytes(data[:_LONGEST])
    return next((entry for entry in BINARY_FORMATS if head.startswith(entry.magic)), None)


def read_binary(entry: BinaryEntry, data: Data) -> Evidence:
    """Evidence of a binary source. Raises SourceError where it is cut off so early that nothing can be read."""
    return replace(entry.load().read(data), encoding=BINARY)
