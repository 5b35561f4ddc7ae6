"""Headers of kernel dumps, and what a reader makes of a dump.

Layout: DUMP_HEADER32 and DUMP_HEADER64 as Ghidra (ghidra.file.formats.dump.pagedump) and Rizin
(librz/bin/format/dmp) describe them. Fields that the writer left alone hold `PAGE` over and over.
"""

from collections.abc import Mapping
from struct import Struct as Layout

from msgspec import Struct

from triage.model.evidence import Damage, Frame, Module, System

MAGIC_64 = b"PAGEDU64"
MAGIC_32 = b"PAGEDUMP"
UNSET_32 = 0x45474150
UNSET_64 = 0x4547415045474150

TRIAGE = 4
KINDS = {
    1: "full", 2: "kernel", 3: "header", TRIAGE: "triage", 5: "bitmap full", 6: "bitmap kernel", 7: "automatic",
}  # fmt: skip

MAX_DRIVERS = 8192
MAX_UNLOADED = 1024
MAX_BLOCKS = 65536


class HeaderShape(Struct, frozen=True, kw_only=True):
    """Offsets in the header of one width; `triage` is where the triage dump's own block begins."""

    width: int
    size: int
    numbers: Layout
    processors: int
    bugcheck: Layout
    bugcheck_at: int
    context: int
    dump_type: int
    product_type: int
    time: int
    uptime: int
    comment: int

    @property
    def top(self) -> int:
        """The last address of that width."""
        return (1 << 8 * self.width) - 1


# `numbers`: major and minor version (of which the minor one is the build), page directory, PFN database, list of loaded
# modules, list of processes; at `processors`: machine and number of processors.
SHAPE_64 = HeaderShape(
    width=8, size=0x2000, numbers=Layout("<IIQQQQ"), processors=0x30, bugcheck=Layout("<I4x4Q"), bugcheck_at=0x38,
    context=0x348, dump_type=0xF98, product_type=0x1040, time=0xFA8, uptime=0x1030, comment=0xFB0,
)  # fmt: skip
SHAPE_32 = HeaderShape(
    width=4, size=0x1000, numbers=Layout("<IIIIII"), processors=0x20, bugcheck=Layout("<I4I"), bugcheck_at=0x28,
    context=0x320, dump_type=0xF88, product_type=0xF94, time=0xFC0, uptime=0xFB8, comment=0x820,
)  # fmt: skip


class KernelDump(Struct, frozen=True, kw_only=True):
    """All that was read out of a kernel dump.

    `kind` is the name of the dump's type, `time` when the system crashed in seconds since 1970. `parameters` are the
    four of the bug check. `faulting` is the address among them that tells where the failing code stands.
    """

    bits: int
    kind: str | None = None
    system: System | None = None
    time: int | None = None
    code: int | None = None
    parameters: tuple[int, ...] = ()
    faulting: int | None = None
    comment: str | None = None
    registers: Mapping[str, int] = {}
    drivers: tuple[Module, ...] = ()
    unloaded: tuple[Module, ...] = ()
    stack: tuple[Frame, ...] = ()
    warnings: tuple[Damage, ...] = ()
