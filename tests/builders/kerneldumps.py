"""A small writer of kernel dumps: the header of either width, and the block of a triage dump."""

import struct
from dataclasses import dataclass, field

FULL, TRIAGE, BITMAP_FULL = 1, 4, 5


@dataclass
class KernelDumpBuilder:
    """Writes a kernel dump of 32 or 64 bits; `write()` is the file."""

    bits: int = 64
    code: int = 0xD1
    parameters: tuple[int, int, int, int] = (0, 2, 0, 0)
    build: int = 19045
    processors: int = 8
    machine: int | None = None
    kind: int = TRIAGE
    product: int = 1
    service_pack: int = 0
    time: int = 133_000_000_000_000_000
    uptime: int = 36_000_000_000
    registers: bytes = b""
    stack: tuple[int, bytes] = (0, b"")
    drivers: list[tuple[str, int, int]] = field(default_factory=list)
    unloaded: list[tuple[str, int, int]] = field(default_factory=list)
    announced: int | None = None

    def write(self) -> bytes:
        return self._wide() if self.bits == 64 else self._narrow()

    def _wide(self) -> bytes:
        raw = bytearray(b"PAGE" * (0x2000 // 4))
        raw[:8] = b"PAGEDU64"
        struct.pack_into("<IIQQQQ", raw, 8, 15, self.build, 0x1AD000, 0, 0xFFFFF80000001000, 0)
        struct.pack_into("<II", raw, 0x30, self.machine or 0x8664, self.processors)
        struct.pack_into("<I4x4Q", raw, 0x38, self.code, *self.parameters)
        raw[0x348 : 0x348 + len(self.registers)] = self.registers
        # The breakpoint by which the system entered the debugger.
        struct.pack_into("<I", raw, 0xF00, 0x80000003)
        struct.pack_into("<I", raw, 0xF98, self.kind)
        struct.pack_into("<Q", raw, 0xFA8, self.time)
        struct.pack_into("<Q", raw, 0x1030, self.uptime)
        struct.pack_into("<I", raw, 0x1040, self.product)
        return bytes(raw) + (self._block(0x2000) if self.kind == TRIAGE else b"")

    def _narrow(self) -> bytes:
        raw = bytearray(b"PAGE" * (0x1000 // 4))
        raw[:8] = b"PAGEDUMP"
        struct.pack_into("<IIIIII", raw, 8, 15, self.build, 0x39000, 0, 0x80559720, 0)
        struct.pack_into("<II", raw, 0x20, self.machine or 0x14C, self.processors)
        struct.pack_into("<I4I", raw, 0x28, self.code, *self.parameters)
        raw[0x320 : 0x320 + len(self.registers)] = self.registers
        struct.pack_into("<I", raw, 0xF88, self.kind)
        struct.pack_into("<I", raw, 0xF94, self.product)
        struct.pack_into("<QQ", raw, 0xFB8, self.uptime, self.time)
        return bytes(raw) + (self._block(0x1000) if self.kind == TRIAGE else b"")

    def _block(self, start: int) -> bytes:
        wide = self.bits == 64
        size = 0x80 if wide else 0x68
        body = bytearray()

        def put(raw: bytes) -> int:
            nonlocal body
            body += b"\0" * (-len(body) % 8)
            offset = start + size + len(body)
            body += raw
            return offset

        unloaded = put(
            b"".join([struct.pack("<Q" if wide else "<I", len(self.unloaded)), *map(self._gone, self.unloaded)])
        )
        stack = put(self.stack[1])
        pool = put(b"")
        names = [put(struct.pack("<I", len(name)) + name.encode("utf-16-le") + b"\0\0") for name, _, _ in self.drivers]
        pool_size = start + size + len(body) - pool
        entries = put(
            b"".join(
                self._entry(where, base, length) for where, (_, base, length) in zip(names, self.drivers, strict=True)
            )
        )
        count = len(self.drivers) if self.announced is None else self.announced
        total = start + size + len(body) + 4
        block = struct.pack(
            "<18I", self.service_pack, total, total - 4, 0, 0, 0, unloaded, 0, 0, 0, stack, len(self.stack[1]), entries,
            count, pool, pool_size, 0, 0xFFFFFFFF,
        )  # fmt: skip
        block += struct.pack("<Q32x4I" if wide else "<I12x4I", self.stack[0], 0, 0, 0, 0)
        return block.ljust(size, b"\0") + bytes(body) + b"TRGD"

    def _gone(self, entry: tuple[str, int, int]) -> bytes:
        name, base, end = entry
        raw = name[:12].encode("utf-16-le")
        layout = "<HH4xQ24sQQ" if self.bits == 64 else "<HHI24sII"
        return struct.pack(layout, len(raw), len(raw), 0, raw, base, end)

    def _entry(self, name: int, base: int, length: int) -> bytes:
        wide = self.bits == 64
        raw = bytearray(0x90 if wide else 0x4C)
        struct.pack_into("<I", raw, 0, name)
        struct.pack_into("<Q" if wide else "<I", raw, 0x38 if wide else 0x1C, base)
        struct.pack_into("<I", raw, 0x48 if wide else 0x24, length)
        struct.pack_into("<I", raw, 0x80 if wide else 0x44, 0x2BADC)
        struct.pack_into("<I", raw, 0x88 if wide else 0x48, 0x5F3C1A77)
        return bytes(raw)


def crashed_network() -> KernelDumpBuilder:
    """A 64-bit system that a network driver stopped."""
    from builders.minidumps import context_x64, words

    top = 0xFFFFA80001000000
    return KernelDumpBuilder(
        code=0xD1,
        parameters=(0x28, 2, 1, 0xFFFFF80400003456),
        registers=context_x64(rip=0xFFFFF80000205000, rsp=top),
        stack=(top, words(0, 5, 0xFFFFF80400003456, 0xFFFFF80000212345, width=8)),
        drivers=[
            (r"\SystemRoot\system32\ntoskrnl.exe", 0xFFFFF80000000000, 0x1046000),
            (r"\SystemRoot\System32\drivers\acmenet.sys", 0xFFFFF80400000000, 0x22000),
        ],
        unloaded=[("dump_storpor", 0xFFFFF80500000000, 0xFFFFF80500008000)],
    )
