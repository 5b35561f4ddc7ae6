"""Sources of every format, damaged copies of them, and what reading one costs: for robustness.py and fuzz.py.

Sources are the tree's samples, the texts that stand in the readers' tests, dumps, event logs and containers made by
tests/builders, and, where there is a folder of real ones, some of those.
"""

import ast
import random
import re
import struct
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from builders.containers import ARCHIVERS, PACKERS, lzx_cabinet  # noqa: E402 - the tree's own
from builders.eventlogs import event_log  # noqa: E402
from builders.fulldumps import DRIVERS_32, DRIVERS_64, full_dump  # noqa: E402
from builders.kerneldumps import KernelDumpBuilder, crashed_network  # noqa: E402
from builders.minidumps import MinidumpBuilder, context_arm64, context_x64, crashed_editor, words  # noqa: E402
from builders.oldeventlogs import crashed_server  # noqa: E402
from triage.errors import SourceError  # noqa: E402
from triage.formats import read_evidence  # noqa: E402
from triage.formats.binaries import binary_format  # noqa: E402
from triage.formats.containers import container_of, members  # noqa: E402

_SHORTEST = 60
_LONGEST_REAL = 2_300_000
_FEW = 40
_NUMBER = re.compile(rb"(?<![0-9A-Za-z])(?:0x)?[0-9][0-9A-Fa-f]{0,15}(?![0-9A-Za-z])")
_IMPOSSIBLE = (b"2147483648", b"4294967295", b"-1", b"0xffffffffffffffffffff", b"9" * 40)


class Sample(NamedTuple):
    """A source that is whole: its format (of a container, its kind), where it comes from, and its bytes."""

    format: str
    name: str
    data: bytes


class Loss(NamedTuple):
    """What was read of a source, as far as damage can be seen to take of it."""

    incidents: int
    modules: int
    systems: int
    files: int
    bytes: int
    warnings: frozenset[str]


def read_all(data: bytes, limit: int = 64) -> Loss:
    """Reads a source as the command line does: the files of a container, or the source itself.

    Raises SourceError where a source that is no container holds nothing that can be read.
    """
    if container_of(data) is None:
        return _told(data)
    incidents = modules = systems = files = size = 0
    warnings: set[str] = set()
    for member in members(data, "source"):
        if member.fault is not None:
            warnings.add(member.fault)
        if member.data is None:
            continue
        files += 1
        size += len(member.data)
        if files > limit:
            continue
        try:
            told = _told(member.data)
        except SourceError as error:
            warnings.add(error.message)
            continue
        incidents += told.incidents
        modules += told.modules
        systems += told.systems
        warnings |= told.warnings
    return Loss(incidents, modules, systems, files, size, frozenset(warnings))


def _told(data: bytes) -> Loss:
    evidence = read_evidence(data)
    return Loss(
        incidents=len(evidence.incidents),
        modules=len(evidence.modules),
        systems=int(evidence.system is not None),
        files=1,
        bytes=0,
        warnings=frozenset(warning.text for warning in evidence.warnings),
    )


def kind_of(data: bytes) -> str:
    """The format that a whole source is read as."""
    return container_of(data) or read_evidence(data).format


def samples(real: Path | None) -> list[Sample]:
    """One sample of each different source; `real` is a folder of measurements with dumps, logs and event logs."""
    found = {data: name for name, data in _sources(real)}
    return sorted((Sample(kind_of(data), name, data) for data, name in found.items()), key=lambda one: one[:2])


def _sources(real: Path | None) -> Iterator[tuple[str, bytes]]:
    texts = [(path.parent.name, path.read_bytes()) for path in sorted(ROOT.glob("samples/*/input.*"))]
    yield from texts
    for path in sorted([*ROOT.glob("tests/formats/*.py"), *ROOT.glob("tests/text/*.py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) >= _SHORTEST:
                data = node.value.encode("utf-8", "replace")
                if "\n" in node.value and read_evidence(data).incidents:
                    yield f"{path.stem}:{node.lineno}", data
    yield from _dumps()
    yield "made event log", event_log()
    yield "made old event log", crashed_server()
    yield from _containers(dict(texts[:6]) | {"editor.dmp": crashed_editor().write()})
    if real is not None:
        yield from _real(real)


def _dumps() -> Iterator[tuple[str, bytes]]:
    editor = crashed_editor().add_assertion("leaves", "grow", "leaf.cpp", 7).add_annotations({"v": "4"}, {"why": "x"})
    yield "editor", editor.write()
    yield "many modules", _wide().write()
    phone = MinidumpBuilder(architecture="ARM64").add_system(version=(10, 0), build=22631, pack=None)
    context = context_arm64(pc=0x7FF600001050, sp=0x10000, fp=0x10010)
    stack = words(0, 0, 0x10020, 0x7FF600001234, 0, 0x7FF600001300, width=8)
    phone.add_module(r"C:\Apps\ledger.exe", 0x7FF600000000, 0x40000, version=(1, 2, 3, 4))
    phone.add_thread(7, context, (0x10000, stack)).add_exception(0xC0000005, 0x7FF600001050, thread=7, context=context)
    yield "ARM64", phone.write()
    yield "network driver", crashed_network().write()
    yield "32 bits", KernelDumpBuilder(bits=32, drivers=[(r"\WINDOWS\ntoskrnl.exe", 0x804D7000, 0x200000)]).write()
    yield "full", full_dump(DRIVERS_64, code=0xD1, parameters=(0x28, 2, 1, 0xFFFFF88004003456))
    yield "bitmap", full_dump(DRIVERS_64, kind=5)
    yield "full of 32 bits", full_dump(DRIVERS_32, bits=32, pae=True, build=2195)


def _wide() -> MinidumpBuilder:
    """A dump with as many modules and threads as a large program has."""
    dump = MinidumpBuilder(architecture="x64").add_system(version=(6, 1), build=7601, pack="Service Pack 1")
    for number in range(120):
        dump.add_module(
            rf"C:\Orchard\part{number}.dll", 0x180000000 + number * 0x100000, 0x80000, version=(1, number, 0, 2)
        )
    for number in range(30):
        stack = words(*(0x180001000 + step * 0x101008 for step in range(60)), width=8)
        dump.add_thread(
            number + 1,
            context_x64(rip=0x180001200, rsp=0x200000 + number * 0x10000),
            (0x200000 + number * 0x10000, stack),
        )
    return dump.add_misc(pid=9, build_text="7601.17514.amd64fre").add_exception(0xC0000005, 0x180001200, thread=3)


def _containers(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    log = b"".join(files.values())
    for name, pack in PACKERS.items():
        yield f"packed by {name}", pack(log)
    for name, archive in ARCHIVERS.items():
        yield f"archive {name}", archive(files)
    yield "cabinet by LZX", lzx_cabinet(files)
    yield "tar in gzip in zip", ARCHIVERS["zip"]({"logs.tgz": PACKERS["gzip"](ARCHIVERS["tar"](files))})


def _real(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("dumps/files/*")) + sorted(folder.glob("evtx/*.evtx")):
        if path.stat().st_size <= _LONGEST_REAL:
            yield path.name, path.read_bytes()
    logs = [path for path in sorted(folder.glob("real-logs/texts/**/*")) if path.is_file()]
    for path in logs[:: max(1, len(logs) // _FEW)]:
        yield path.name, path.read_bytes()


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def _flip(data: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(dice.choice((1, 3, 12, 60))):
        damaged[_place(data, dice)] ^= 1 << dice.randrange(8)
    return bytes(damaged)


def _count(data: bytes, dice: random.Random) -> bytes:
    """A 32-bit number, or a number that is written out, becomes one that cannot be."""
    written = list(_NUMBER.finditer(data[: 1 << 20])) if binary_format(data) is None else []
    if written and container_of(data) is None:
        match = dice.choice(written)
        return data[: match.start()] + dice.choice(_IMPOSSIBLE) + data[match.end() :]
    damaged = bytearray(data)
    for _ in range(dice.choice((1, 1, 4))):
        at = min(_place(data, dice) & ~3, max(0, len(data) - 4))
        damaged[at : at + 4] = struct.pack("<I", dice.choice((1 << 31, (1 << 32) - 1)))
    return bytes(damaged)


def _splice(data: bytes, dice: random.Random, other: bytes) -> bytes:
    """A piece of another source, or of this one, put in or put over what was there."""
    source = dice.choice((data, other))
    start = dice.randrange(len(source))
    piece = source[start : start + dice.choice((16, 200, 4_000))]
    at = _place(data, dice)
    return data[:at] + piece + data[at + dice.choice((0, len(piece))) :]


def _repeat(data: bytes, dice: random.Random) -> bytes:
    """A piece of it a great many times."""
    start = dice.randrange(len(data))
    piece = data[start : start + dice.choice((1, 8, 60, 400, 3_000))]
    return data[:start] + piece * (dice.choice((4_000, 60_000, 250_000)) // len(piece)) + data[start:]


def _join(data: bytes, dice: random.Random) -> bytes:
    """Rows run together, as a mail or a form leaves them: one row then has the landmarks of several."""
    rows = data.split(b"\n")
    often = dice.choice((0.1, 0.5, 0.9))
    return b"".join(row + (b" " if dice.random() < often else b"\n") for row in rows[:-1]) + rows[-1]


def _place(data: bytes, dice: random.Random) -> int:
    """A place to damage: half of them near the start, where headers, directories and counts stand."""
    return dice.randrange(min(len(data), 4_096) if dice.random() < 0.5 else len(data))


DAMAGES = ("cut", "flipped", "count", "spliced", "repeated", "joined")


def damaged(sample: Sample, kind: str, other: bytes, dice: random.Random) -> bytes:
    """A damaged copy."""
    ways: dict[str, Callable[[bytes, random.Random], bytes]] = {
        "cut": _cut,
        "flipped": _flip,
        "count": _count,
        "spliced": partial(_splice, other=other),
        "repeated": _repeat,
        "joined": _join,
    }
    return ways[kind](sample.data, dice)


def silent_loss(sample: Sample, whole: Loss, copy: Loss) -> bool:
    """Whether less was read of a copy that is cut, or that has an impossible count, and nothing new is said of it.

    Of a container, the files and bytes are compared: few have checksums of what is in the files.
    """
    parts = slice(3, 5) if container_of(sample.data) else slice(0, 3)
    return copy.warnings <= whole.warnings and any(
        part < all_of_it for part, all_of_it in zip(copy[parts], whole[parts], strict=True)
    )
