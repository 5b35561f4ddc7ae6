"""What one source says about a crash, as read, before any rule is looked at.

Numbers stay numbers here (addresses, codes, offsets: int). An address may be 0: test with `is None`.
Every fact carries `lines`, the 1-based inclusive range of source lines that it stands on; sources without
lines (dumps) use (0, 0).
"""

from typing import Literal

from msgspec import Struct

Lines = tuple[int, int]
"""First and last line of the source, 1-based and inclusive; (0, 0) where the source has no lines."""

NO_LINES: Lines = (0, 0)

DESCRIPTION = "words"
"""The format of evidence that is nothing but what a person asks in words of his own."""

Kind = Literal["exception", "bugcheck", "event", "fault", "stack", "message", "prose"]
"""What an incident is first of all: `fault` is a Windows 3.x/9x fault message, `message` an error box or line of a
failing program, `stack` a call stack without a code, `prose` a person's description."""

Chance = Literal["first", "second"]
Access = Literal["read", "write", "execute"]
Trust = Literal["context", "unwind", "frame-pointer", "scan", "printed"]
"""How a frame was obtained; `printed` means that the text shows it and does not say how."""


class Message(Struct, frozen=True, gc=False):
    """Something that the failing program or the system printed."""

    text: str
    lines: Lines = NO_LINES


class Module(Struct, frozen=True, kw_only=True, gc=False):
    """A loaded image. `base` and `end` are addresses, `timestamp` is seconds since 1970, `checksum` the PE field."""

    name: str
    base: int | None = None
    end: int | None = None
    path: str | None = None
    version: str | None = None
    product_version: str | None = None
    timestamp: int | None = None
    checksum: int | None = None
    pdb: str | None = None
    unloaded: bool = False
    lines: Lines = NO_LINES


class Frame(Struct, frozen=True, kw_only=True, gc=False):
    """One call on a stack: `module!function+offset`, or `module+offset`, or a bare address.

    `digits` is the width to which the text pads `offset` (SkyrimSE.exe+06441E1): people search for it as printed.
    """

    module: str | None = None
    function: str | None = None
    offset: int | None = None
    digits: int = 0
    address: int | None = None
    source: str | None = None
    inline: bool = False
    trust: Trust = "printed"
    lines: Lines = NO_LINES


class ExceptionRecord(Struct, frozen=True, kw_only=True, gc=False):
    """An exception record. `code` is the 32-bit status; `target` is the address read, written or executed."""

    code: int
    chance: Chance | None = None
    address: int | None = None
    access: Access | None = None
    target: int | None = None
    parameters: tuple[int, ...] = ()
    lines: Lines = NO_LINES


class BugCheck(Struct, frozen=True, kw_only=True, gc=False):
    """A stop error: code, up to four parameters as printed, and the driver that the text itself names."""

    code: int | None = None
    name: str | None = None
    parameters: tuple[int, ...] = ()
    caused_by: str | None = None
    lines: Lines = NO_LINES


EventType = Literal["error", "warning", "information", "critical", "success-audit", "failure-audit"]


class Event(Struct, frozen=True, kw_only=True, gc=False):
    """A record of the Windows event log. `text` is its description, joined to one line."""

    source: str | None = None
    id: int | None = None
    type: EventType | None = None
    category: str | None = None
    log: str | None = None
    text: str = ""
    time: str | None = None
    computer: str | None = None
    lines: Lines = NO_LINES


class Process(Struct, frozen=True, kw_only=True, gc=False):
    """The process that failed, by its image name as printed, without a path."""

    name: str
    pid: int | None = None


class System(Struct, frozen=True, kw_only=True, gc=False):
    """The machine: `product` as in rules/products ("Windows NT 4.0"), `version` "4.0", `build` 1381.

    `hotfixes` are the ids of installed updates by their number, as articles are named ("Q329115" for KB329115 too).
    """

    product: str | None = None
    version: str | None = None
    build: int | None = None
    revision: int | None = None
    service_pack: int | None = None
    architecture: str | None = None
    processors: int | None = None
    uptime: int | None = None
    hotfixes: tuple[str, ...] = ()
    lines: Lines = NO_LINES


class Address(Struct, frozen=True, gc=False):
    """A number that a text prints in the form of an address."""

    value: int
    lines: Lines = NO_LINES


class Incident(Struct, frozen=True, kw_only=True, gc=False):
    """One thing that went wrong; a source holds none, one or hundreds.

    `modules` are those that belong to this incident alone (loaded just before it, or listed in its record).
    `faulting_address` is kept as printed where it is a segment and offset ("0028:c0012345"), the fixed
    address by which faults of 16-bit and Windows 9x modules are known.
    `addresses` are all that the incident's own lines print, in their order: of what, the text seldom says.
    `context` is text around the incident that no reader understood: weak evidence, never a claim.
    """

    kind: Kind
    lines: Lines = NO_LINES
    process: Process | None = None
    exception: ExceptionRecord | None = None
    bugcheck: BugCheck | None = None
    event: Event | None = None
    stack: tuple[Frame, ...] = ()
    faulting_module: str | None = None
    faulting_offset: int | None = None
    faulting_function: str | None = None
    faulting_address: str | None = None
    modules: tuple[Module, ...] = ()
    messages: tuple[Message, ...] = ()
    addresses: tuple[Address, ...] = ()
    context: tuple[Message, ...] = ()


class Damage(Struct, frozen=True, gc=False):
    """Damage that was read around; never an exception."""

    lines: Lines
    text: str


class Told(Struct, frozen=True, gc=False):
    """The rows of a text that no reader understood; `spoken` are the numbers of those that read as a person's words."""

    rows: tuple[Message, ...]
    spoken: tuple[int, ...]


class Evidence(Struct, frozen=True, kw_only=True, gc=False):
    """All that one source says. `told` is what its writer tells beside what programs print, if anything."""

    format: str
    encoding: str | None = None
    incidents: tuple[Incident, ...] = ()
    modules: tuple[Module, ...] = ()
    system: System | None = None
    warnings: tuple[Damage, ...] = ()
    told: Told | None = None
