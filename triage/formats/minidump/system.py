"""The machine and the process: MINIDUMP_SYSTEM_INFO and MINIDUMP_MISC_INFO to _5 (minidumpapiset.h)."""

from struct import Struct as Layout

from msgspec import Struct

from triage.formats.binary.machine import (
    ARCHITECTURES,
    PLATFORM_NT,
    product_of,
    service_pack_of_build,
    service_pack_of_text,
)
from triage.formats.binary.reader import text16
from triage.formats.minidump.container import Container
from triage.formats.minidump.layout import MISC_INFO, STREAM_NAMES, SYSTEM_INFO
from triage.model.evidence import System
from triage.text.lazy import regex

_SYSTEM = Layout("<HHHBBIIIIIHH")
_MISC = Layout("<6I")

_HAS_PID, _HAS_TIMES = 1, 2
_BUILD_TEXT = 0xE8
"""Offset of MINIDUMP_MISC_INFO_4.BuildString: behind times (24 bytes), power (20), flags (16) and time zone (172)."""
_BUILD_TEXT_SIZE = 520
_BUILD = regex(r"(?<![\d.])(?:\d{1,2}\.\d{1,2}\.)?(\d{3,6})\.(\d{1,6})(?!\d)")

# VER_PLATFORM_* and, from 0x8000 on, what Breakpad and Crashpad write.
_PLATFORMS = {
    0: "windows", 1: "windows", 2: "windows", 3: "windows", 0x8101: "macos", 0x8102: "ios", 0x8201: "linux",
    0x8202: "solaris", 0x8203: "android", 0x8204: "ps3", 0x8205: "nacl", 0x8206: "fuchsia",
}  # fmt: skip
_OTHER_ARCHITECTURES = {0x8001: "SPARC", 0x8002: "PowerPC64", 0x8003: "ARM64", 0x8004: "MIPS64"}
_NARROW = ("x86", "ARM", "MIPS", "PowerPC", "Alpha")


class Machine(Struct, frozen=True, kw_only=True):
    """The system with what `System` has no field for: platform and size of an address in bytes."""

    system: System | None = None
    platform: str | None = None
    pointer: int = 8


class ProcessTimes(Struct, frozen=True, kw_only=True):
    """Process id, creation time in seconds since 1970, and the system's own text of its build."""

    pid: int | None = None
    started: int | None = None
    build_text: str | None = None


def read_machine(dump: Container) -> Machine:
    """What the system information stream says; without it, an empty Machine and a note of the damage."""
    fields = dump.stream(SYSTEM_INFO, _SYSTEM)
    if fields is None:
        if SYSTEM_INFO not in dump.streams:
            dump.damages.note("no system information: the processor is not known, so no registers are read")
        return Machine()
    processor, _, _, processors, kind, major, minor, build, platform_id, pack_at, _, _ = fields
    architecture = ARCHITECTURES.get(processor) or _OTHER_ARCHITECTURES.get(processor)
    if architecture is None:
        dump.damages.note(f"unknown processor architecture {processor:#x}: no registers are read")
    platform = _PLATFORMS.get(platform_id)
    if platform is None:
        dump.damages.note(f"unknown platform {platform_id:#x}")
    pack = dump.text(pack_at, "the service pack's name")
    return Machine(
        system=System(
            product=product_of(major, minor, build, kind, platform_id) if platform == "windows" else None,
            version=f"{major}.{minor}",
            build=build & 0xFFFF if platform_id == 1 else build,
            service_pack=_service_pack(pack, (major, minor), build) if platform_id == PLATFORM_NT else None,
            architecture=architecture,
            processors=processors or None,
        ),
        platform=platform,
        pointer=4 if architecture in _NARROW else 8,
    )


def _service_pack(text: str | None, version: tuple[int, int], build: int) -> int | None:
    """The service pack's number; 0 where a system that has packs names none, None where the dump does not tell."""
    if text:
        return service_pack_of_text(text)
    if text is None:
        return service_pack_of_build(build)
    return 0 if (3, 10) <= version <= (6, 1) else None


def read_times(dump: Container) -> ProcessTimes:
    """What the miscellaneous information says; all versions of the structure begin alike and grow at the end."""
    place = dump.streams.get(MISC_INFO)
    if place is None:
        return ProcessTimes()
    fields = dump.reader.unpack(_MISC, place.offset) if place.size >= _MISC.size else None
    if fields is None:
        dump.damages.note(f"{STREAM_NAMES[MISC_INFO]} stream is too short: {place.size} bytes")
        return ProcessTimes()
    size, flags, pid, started, _, _ = fields
    text = ""
    if min(size, place.size) >= _BUILD_TEXT + _BUILD_TEXT_SIZE:
        text = text16(dump.reader.bytes_at(place.offset + _BUILD_TEXT, _BUILD_TEXT_SIZE))
    return ProcessTimes(
        pid=pid if flags & _HAS_PID else None,
        started=started or None if flags & _HAS_TIMES else None,
        build_text=text or None,
    )


def build_of(build_text: str | None) -> tuple[int, int] | None:
    """Build and revision of the system's text of its build.

    It comes as `10.0.14393.0 (rs1_release.160715-1616)`, `16299.637.amd64fre.rs3_release_svc.180808-1748` or
    `Windows NT 10.0.22631.4751 (WinBuild.160101.0800)`.
    """
    found = _BUILD.search((build_text or "")[:200])
    return (int(found[1]), int(found[2])) if found else None
