"""What programs that walk the stacks of minidumps print: `minidump-stackwalk` (rust-minidump, Breakpad), Socorro.

Three forms of the same facts, each with a reader of its own: text for people, lines of fields parted by `|` for
programs (`minidump_stackwalk -m`), and JSON. Sources: breakpad's stackwalk_common.cc, rust-minidump's json-schema.md.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from triage.model.evidence import Access, Frame, Lines, Module, System, Trust
from triage.text.exception_names import code_of_symbol
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES
from triage.text.system import read_system

_ARCHITECTURES = {"amd64": "x64", "x86_64": "x64", "x86": "x86", "arm64": "ARM64", "aarch64": "ARM64", "arm": "ARM"}
# Breakpad parts the revision from the build by a blank: 10.0.19045 3803
_REVISION = regex(r"(?<=\d) (?=\d{1,6}$)")
_CODE = regex(r"(?:0x)?(?P<code>[0-9a-f]{8})\b", re.IGNORECASE)
_STATUS = regex(r"\b(?:STATUS|EXCEPTION|FAST_FAIL)_[A-Z0-9_]{3,60}")
_ACCESS: dict[str, Access] = {"_READ": "read", "_WRITE": "write", "_EXEC": "execute"}
_NO_CRASH = frozenset({"", "no crash", "no crash dump", "simulated exception", "dump requested", "0x00000000"})
TRUSTS: dict[str, Trust] = {
    "context": "context",
    "cfi": "unwind",
    "prewalked": "unwind",
    "frame_pointer": "frame-pointer",
    "scan": "scan",
    "cfi_scan": "scan",
}
"""How a frame was found, by the names in the JSON form."""


class Walk(Struct, frozen=True, kw_only=True):
    """A minidump as it was walked. `frames` are those of the thread that crashed, innermost first.

    `reason` is the exception's name as printed; `address` what it is about: that of the data for access violations,
    else that of the code. `os` is the system's name ("Windows NT"), `version` "10.0.19045 1234" or with a pack.
    """

    lines: Lines
    reason: str | None = None
    address: int | None = None
    code_address: int | None = None
    assertion: str | None = None
    frames: tuple[Frame, ...] = ()
    modules: tuple[Module, ...] = ()
    process: str | None = None
    pid: int | None = None
    os: str | None = None
    version: str | None = None
    cpu: str | None = None
    processors: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def crashed(self) -> bool:
        """Whether the dump was written for a crash, not of a process that went on running."""
        return (self.reason or "").lower() not in _NO_CRASH

    @property
    def on_windows(self) -> bool:
        """Whether the process ran on Windows, which is assumed where nothing tells."""
        return self.os is None or self.os.lower().startswith("windows")


def code_of_reason(reason: str | None) -> int | None:
    """The exception code of a reason: `EXCEPTION_ACCESS_VIOLATION_WRITE`, `0xc0000409 / 0x00000005`, `0xe06d7363`.

    Several names may stand in it, the first is the exception's:
    `EXCEPTION_IN_PAGE_ERROR_READ / STATUS_DEVICE_DATA_ERROR`.
    """
    if reason is None:
        return None
    found = _STATUS.search(reason)
    if found is not None and (code := code_of_symbol(found[0])) is not None:
        return code
    number = _CODE.search(reason[:60])
    return None if number is None else int(number["code"], 16)


def access_of_reason(reason: str | None) -> Access | None:
    """Read, write or execute, by the end of the exception's name."""
    name = (reason or "").split(" ")[0]
    return next((access for suffix, access in _ACCESS.items() if name.endswith(suffix)), None)


def system_of(walk: Walk) -> System | None:
    """The machine, as far as the walk tells; None where it does not tell, or was no Windows."""
    if not walk.on_windows:
        return None
    found = None
    if walk.version:
        text = f"Operating system: Windows NT {_REVISION.sub(r'.', walk.version[:100])}"
        found = read_system(Text((text,), (max(walk.lines[0], 1),)))
    architecture = _ARCHITECTURES.get((walk.cpu or "").lower())
    if found is None and architecture is None:
        return None
    known = found or System()
    return System(
        product=known.product,
        version=known.version,
        build=known.build,
        revision=known.revision,
        service_pack=known.service_pack,
        architecture=architecture,
        processors=walk.processors,
        lines=walk.lines,
    )


def kept(frames: Iterable[Frame]) -> tuple[Frame, ...]:
    """The first frames, up to as many as are read of one stack."""
    return tuple(frame for _, frame in zip(range(MAX_FRAMES), frames, strict=False))
