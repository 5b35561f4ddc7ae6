"""A small writer of user minidumps: streams are added as bytes, strings and memory find their own place."""

import struct
from dataclasses import dataclass, field

ARCHITECTURES = {"x86": 0, "ARM": 5, "x64": 9, "ARM64": 12}
HEADER_SIZE = 32
RESERVED_STREAMS = 24


@dataclass
class MinidumpBuilder:
    """Writes a minidump; every `add_*` returns the builder, `write()` the file."""

    architecture: str = "x86"
    time: int = 0x4A000000
    body: bytearray = field(default_factory=bytearray)
    streams: list[tuple[int, int, int]] = field(default_factory=list)
    modules: list[bytes] = field(default_factory=list)
    threads: list[bytes] = field(default_factory=list)
    memory: list[tuple[int, int, int]] = field(default_factory=list)

    def put(self, raw: bytes) -> int:
        """Lays bytes into the file; their offset."""
        self.body += b"\0" * (-len(self.body) % 8)
        offset = HEADER_SIZE + 12 * RESERVED_STREAMS + len(self.body)
        self.body += raw
        return offset

    def text(self, value: str) -> int:
        raw = value.encode("utf-16-le")
        return self.put(struct.pack("<I", len(raw)) + raw + b"\0\0")

    def add_stream(self, kind: int, raw: bytes) -> "MinidumpBuilder":
        self.streams.append((kind, len(raw), self.put(raw)))
        return self

    def add_system(
        self, *, version=(5, 1), build=2600, kind=1, platform=2, pack: str | None = "Service Pack 3", processors=2
    ) -> "MinidumpBuilder":
        where = 0 if pack is None else self.text(pack)
        processor = ARCHITECTURES[self.architecture]
        raw = struct.pack(
            "<HHHBBIIIIIHH24x", processor, 6, 0x0F0B, processors, kind, *version, build, platform, where, 0x100, 0
        )
        return self.add_stream(7, raw)

    def add_module(
        self,
        path: str,
        base: int,
        size: int,
        *,
        version: tuple[int, int, int, int] | None = None,
        timestamp: int = 0x41107D6C,
        checksum: int = 0x1F2D3,
        debug: bytes = b"",
    ) -> "MinidumpBuilder":
        name = self.text(path)
        where = self.put(debug) if debug else 0
        words = [0] * 13
        if version:
            high, low = version[0] << 16 | version[1], version[2] << 16 | version[3]
            words[:6] = [0xFEEF04BD, 0x10000, high, low, high, low]
        raw = struct.pack("<QIIII13I", base, size, checksum, timestamp, name, *words)
        self.modules.append(raw + struct.pack("<IIII16x", len(debug), where, 0, 0))
        return self

    def add_memory(self, address: int, raw: bytes) -> "MinidumpBuilder":
        self.memory.append((address, len(raw), self.put(raw)))
        return self

    def add_thread(self, number: int, context: bytes, stack: tuple[int, bytes] = (0, b""), teb: int = 0):
        where = self.put(context) if context else 0
        memory = self.put(stack[1]) if stack[1] else 0
        self.threads.append(
            struct.pack("<IIIIQQIIII", number, 0, 32, 0, teb, stack[0], len(stack[1]), memory, len(context), where)
        )
        return self

    def add_exception(
        self, code: int, address: int, *, thread: int = 0x1A4, parameters: tuple[int, ...] = (), context: bytes = b""
    ) -> "MinidumpBuilder":
        where = self.put(context) if context else 0
        padded = (*parameters, *([0] * (15 - len(parameters))))
        raw = struct.pack(
            "<II IIQQII15Q II", thread, 0, code, 0, 0, address, len(parameters), 0, *padded, len(context), where
        )
        return self.add_stream(6, raw)

    def add_misc(self, *, pid: int, started: int = 0x49FFFF00, build_text: str = "") -> "MinidumpBuilder":
        raw = struct.pack("<6I", 832, 3, pid, started, 1, 2) + b"\0" * 208
        raw += build_text.encode("utf-16-le").ljust(520, b"\0") + b"\0" * 80
        return self.add_stream(15, raw)

    def add_unloaded(self, *entries: tuple[str, int, int]) -> "MinidumpBuilder":
        rows = b"".join(
            struct.pack("<QIIII", base, size, 0x1234, 0x45D70AB1, self.text(name)) for name, base, size in entries
        )
        return self.add_stream(14, struct.pack("<III", 12, 24, len(entries)) + rows)

    def add_handles(self, *kinds: str) -> "MinidumpBuilder":
        names = {kind: self.text(kind) for kind in kinds}
        rows = b"".join(
            struct.pack("<QIIIIII", 4 * number, names[kind], 0, 0, 0x1F0003, 1, 1)
            for number, kind in enumerate(kinds, 1)
        )
        return self.add_stream(12, struct.pack("<IIII", 16, 32, len(kinds), 0) + rows)

    def add_regions(self, *regions: tuple[int, int, int, int, int]) -> "MinidumpBuilder":
        """Each region is base, size, state, protection and kind."""
        rows = b"".join(
            struct.pack("<QQIIQIIII", base, base, protect, 0, size, state, protect, kind, 0)
            for base, size, state, protect, kind in regions
        )
        return self.add_stream(16, struct.pack("<IIQ", 16, 48, len(regions)) + rows)

    def add_assertion(self, expression: str, function: str, file: str, line: int, kind: int = 1) -> "MinidumpBuilder":
        texts = b"".join(text.encode("utf-16-le").ljust(256, b"\0") for text in (expression, function, file))
        return self.add_stream(0x47670002, texts + struct.pack("<II", line, kind))

    def add_annotations(self, simple: dict[str, str], module: dict[str, str]) -> "MinidumpBuilder":
        """Crashpad's annotations: `simple` of the process, `module` as typed objects of the first module."""

        def utf8(value: str) -> int:
            return self.put(struct.pack("<I", len(value.encode())) + value.encode() + b"\0")

        pairs = [(utf8(name), utf8(value)) for name, value in simple.items()]
        simple_at = self.put(struct.pack("<I", len(pairs)) + b"".join(struct.pack("<II", *pair) for pair in pairs))
        objects = [(utf8(name), utf8(value)) for name, value in module.items()]
        objects_at = self.put(
            struct.pack("<I", len(objects))
            + b"".join(struct.pack("<IHHI", name, 1, 0, value) for name, value in objects)
        )
        link = self.put(struct.pack("<IIIIIII", 1, 0, 0, 0, 0, 4 + 12 * len(objects), objects_at))
        links_at = self.put(struct.pack("<IIII", 1, 0, 28, link))
        raw = struct.pack("<I32xIIII", 1, 4 + 8 * len(pairs), simple_at, 16, links_at)
        return self.add_stream(0x43500001, raw)

    def write(self, *, announce: dict[int, int] | None = None, padded: bool = False) -> bytes:
        """The file. `announce` gives lists another count than they have rows, `padded` aligns their rows to eight."""
        announce = announce or {}
        lists = {3: self.threads, 4: self.modules, 5: [struct.pack("<QII", *piece) for piece in self.memory]}
        for kind, rows in lists.items():
            if rows:
                count = struct.pack("<I", announce.get(kind, len(rows))) + (b"\0\0\0\0" if padded else b"")
                self.add_stream(kind, count + b"".join(rows))
        directory = b"".join(struct.pack("<III", *entry) for entry in self.streams)
        header = struct.pack("<4sIIIIIQ", b"MDMP", 0x0000A793, len(self.streams), HEADER_SIZE, 0, self.time, 0x1000)
        return header + directory.ljust(12 * RESERVED_STREAMS, b"\0") + bytes(self.body)


def context_x86(*, eip: int, esp: int, ebp: int = 0, size: int = 716) -> bytes:
    raw = bytearray(size)
    struct.pack_into("<I", raw, 0, 0x1003F)
    struct.pack_into("<12I", raw, 0x9C, 1, 2, 3, 4, 5, 6, ebp, eip, 0x1B, 0x246, esp, 0x23)
    return bytes(raw)


def context_x64(*, rip: int, rsp: int) -> bytes:
    raw = bytearray(1232)
    struct.pack_into("<I", raw, 0x30, 0x10001F)
    struct.pack_into("<Q", raw, 0x98, rsp)
    struct.pack_into("<Q", raw, 0xF8, rip)
    return bytes(raw)


def context_arm64(*, pc: int, sp: int, fp: int = 0, lr: int = 0) -> bytes:
    raw = bytearray(912)
    struct.pack_into("<I", raw, 0, 0x400007)
    struct.pack_into("<4Q", raw, 0xF0, fp, lr, sp, pc)
    return bytes(raw)


def words(*values: int, width: int = 4) -> bytes:
    return b"".join(value.to_bytes(width, "little") for value in values)


def rsds(name: str, age: int = 2) -> bytes:
    guid = bytes.fromhex("78563412bc9af0de0123456789abcdef")
    return b"RSDS" + guid + struct.pack("<I", age) + name.encode() + b"\0"


def crashed_editor() -> MinidumpBuilder:
    """A 32-bit program on Windows XP that wrote to address 0x18 two calls below its entry."""
    stack = words(7, 0x0012F020, 0x00402345, 9, 0x11, 0x12, 0x13, 0x14, 0x0012F040, 0x00401111, 0, 0, 0, 0x7C816FD7)
    context = context_x86(eip=0x00401050, esp=0x0012F000, ebp=0x0012F004)
    return (
        MinidumpBuilder()
        .add_system()
        .add_misc(pid=1234)
        .add_module(
            r"C:\Program Files\Acme\editor.exe", 0x400000, 0x20000, version=(3, 1, 0, 77), debug=rsds("editor.pdb")
        )
        .add_module(r"C:\WINDOWS\system32\kernel32.dll", 0x7C800000, 0xF6000, version=(5, 1, 2600, 5512))
        .add_unloaded(("plugin.dll", 0x10000000, 0x8000))
        .add_handles("File", "Event", "File")
        .add_regions((0x0, 0x10000, 0x10000, 0x01, 0), (0x400000, 0x20000, 0x1000, 0x20, 0x1000000))
        .add_thread(0x1A4, context, (0x0012F000, stack))
        .add_exception(0xC0000005, 0x00401050, parameters=(1, 0x18), context=context)
    )
