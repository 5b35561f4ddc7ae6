"""What the numbers of a dump's header say about the machine: product, service pack, processor.

Versions and builds: "Operating System Version" and "Windows release information" pages of learn.microsoft.com;
processor numbers: SYSTEM_INFO.wProcessorArchitecture (sysinfoapi.h) and IMAGE_FILE_MACHINE_* (PE format page).
"""

from triage.text.lazy import regex

ARCHITECTURES = {0: "x86", 1: "MIPS", 2: "Alpha", 3: "PowerPC", 5: "ARM", 6: "IA64", 9: "x64", 10: "x86", 12: "ARM64"}
"""By PROCESSOR_ARCHITECTURE_*; 10 is a 32-bit process on 64-bit Windows."""

MACHINES = {
    0x014C: "x86", 0x0162: "MIPS", 0x0166: "MIPS", 0x0184: "Alpha", 0x0284: "Alpha64", 0x01F0: "PowerPC",
    0x0200: "IA64", 0x01C0: "ARM", 0x01C4: "ARM", 0x8664: "x64", 0xAA64: "ARM64",
}  # fmt: skip
"""By IMAGE_FILE_MACHINE_*."""

_WORKSTATIONS = {
    (3, 10): "Windows NT 3.1", (3, 50): "Windows NT 3.5", (3, 51): "Windows NT 3.51", (4, 0): "Windows NT 4.0",
    (5, 0): "Windows 2000", (5, 1): "Windows XP", (5, 2): "Windows XP x64 Edition", (6, 0): "Windows Vista",
    (6, 1): "Windows 7", (6, 2): "Windows 8", (6, 3): "Windows 8.1",
}  # fmt: skip
_SERVERS = {
    (5, 2): "Windows Server 2003", (6, 0): "Windows Server 2008", (6, 1): "Windows Server 2008 R2",
    (6, 2): "Windows Server 2012", (6, 3): "Windows Server 2012 R2",
}  # fmt: skip
_SERVERS_10 = ((26100, "2025"), (20348, "2022"), (17763, "2019"), (0, "2016"))
_WINDOWS_9X = {(4, 0): "Windows 95", (4, 10): "Windows 98", (4, 90): "Windows Millennium Edition"}

_VERSION_OF_BUILD = (
    (807, (3, 50)), (1057, (3, 51)), (1381, (4, 0)), (2195, (5, 0)), (2600, (5, 1)), (3790, (5, 2)), (6003, (6, 0)),
    (7601, (6, 1)), (9200, (6, 2)), (9600, (6, 3)), (99999, (10, 0)),
)  # fmt: skip
_PACK_OF_BUILD = {6000: 0, 6001: 1, 6002: 2, 6003: 2, 7600: 0, 7601: 1}

PLATFORM_9X = 1
PLATFORM_NT = 2

_PACK = regex(r"(?<!\d)(\d{1,2})(?!\d)[^\d]{0,20}$")


def product_of(major: int, minor: int, build: int, kind: int | None, platform: int = PLATFORM_NT) -> str | None:
    """The product's name. `kind` is VER_NT_WORKSTATION (1), domain controller (2) or server (3), None if unknown."""
    version = (major, minor)
    if platform == PLATFORM_9X:
        return _WINDOWS_9X.get(version)
    if platform != PLATFORM_NT:
        return None
    server = kind in (2, 3)
    if version == (10, 0):
        if server:
            return "Windows Server " + next(name for first, name in _SERVERS_10 if build >= first)
        return "Windows 11" if build >= 22000 else "Windows 10"
    if version == (5, 2) and kind is None:
        return "Windows Server 2003"
    return _SERVERS.get(version, _WORKSTATIONS.get(version)) if server else _WORKSTATIONS.get(version)


def version_of_build(build: int) -> tuple[int, int] | None:
    """Major and minor version of Windows NT for a build number, where the dump tells nothing else."""
    if build < 500:
        return None
    return next((version for last, version in _VERSION_OF_BUILD if build <= last), None)


def service_pack_of_build(build: int) -> int | None:
    """The service pack, where the build number alone tells it (Windows Vista and 7)."""
    return _PACK_OF_BUILD.get(build)


def service_pack_of_text(text: str) -> int | None:
    """The number of `Service Pack 3`, `Service Pack 3, v.3311` or `SP2`; None where the text has none."""
    found = _PACK.search(text.partition(",")[0][:80])
    return int(found[1]) if found else None
