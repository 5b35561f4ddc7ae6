"""Registers out of a thread's saved context.

CONTEXT of winnt.h: x86 716 bytes, AMD64 1232, ARM64 912, ARM 416. Breakpad's first layout for ARM64 (796 bytes) differs
in the flags' width, but has its integer registers at the same offsets.
"""

from collections.abc import Iterator, Mapping
from struct import Struct as Layout
from typing import NamedTuple

from msgspec import Struct


class _Field(NamedTuple):
    names: tuple[str, ...]
    offset: int
    layout: Layout


class Processor(Struct, frozen=True, kw_only=True):
    """How an architecture's context is laid out, and which registers are pointers to code, stack and frame.

    `frame` is None where compilers do not keep a chain of frame pointers. `width` is the size of an address in bytes.
    """

    name: str
    width: int
    size: int
    code: str
    stack: str
    frame: str | None
    fields: tuple[_Field, ...]

    @property
    def reach(self) -> int:
        """How many bytes of a context hold the pointer to code."""
        return next(offset + layout.size for names, offset, layout in self.fields if self.code in names)

    def read(self, raw: bytes) -> dict[str, int]:
        """Registers by lower-case name; those that `raw` is too short for are missing."""
        values: dict[str, int] = {}
        for names, offset, layout in self.fields:
            if offset + layout.size <= len(raw):
                values.update(zip(names, layout.unpack_from(raw, offset), strict=True))
        return values


class Saved(Mapping[str, int]):
    """The registers of a saved context, which is read when one of them is asked for: few threads' are."""

    def __init__(self, processor: Processor, raw: bytes) -> None:
        self._processor = processor
        self._raw = raw
        self._values: dict[str, int] | None = None

    def _read(self) -> dict[str, int]:
        if self._values is None:
            self._values = self._processor.read(self._raw)
        return self._values

    def __getitem__(self, name: str) -> int:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


X86 = Processor(
    name="x86",
    width=4,
    size=0xCC,
    code="eip",
    stack="esp",
    frame="ebp",
    fields=(_Field(tuple("edi esi ebx edx ecx eax ebp eip cs eflags esp ss".split()), 0x9C, Layout("<12I")),),
)
X64 = Processor(
    name="x64",
    width=8,
    size=0x100,
    code="rip",
    stack="rsp",
    frame=None,
    fields=(
        _Field(("cs", "eflags"), 0x38, Layout("<H10xI")),
        _Field(
            tuple("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 rip".split()), 0x78, Layout("<17Q")
        ),
    ),
)
ARM64 = Processor(
    name="ARM64",
    width=8,
    size=0x110,
    code="pc",
    stack="sp",
    frame="fp",
    fields=(_Field((*(f"x{number}" for number in range(29)), "fp", "lr", "sp", "pc"), 8, Layout("<33Q")),),
)
ARM = Processor(
    name="ARM",
    width=4,
    size=0x48,
    code="pc",
    stack="sp",
    frame=None,
    fields=(_Field((*(f"r{number}" for number in range(13)), "sp", "lr", "pc", "cpsr"), 4, Layout("<17I")),),
)

PROCESSORS: Mapping[str, Processor] = {processor.name: processor for processor in (X86, X64, ARM64, ARM)}

REACH = {processor.name: processor.reach for processor in PROCESSORS.values()}
"""How many bytes of a context hold the pointer to code, by processor."""

_X86_CONTEXT = 716


def processor_of(architecture: str | None, context_size: int) -> Processor | None:
    """The layout of a context of that size; a 32-bit one in an x64 dump is a WOW64 thread's own."""
    if architecture == "x64" and context_size == _X86_CONTEXT:
        return X86
    return PROCESSORS.get(architecture or "")
