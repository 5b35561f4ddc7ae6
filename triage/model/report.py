"""The report: what an analysis tells, and the JSON contract `triage/report-1`.

Codes and addresses are lower-case hexadecimal text without `0x` (codes of 8 digits), so that the JSON is what these
types say and a saved report decodes strictly into them. Fields may be added; none changes its meaning.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from triage.model.code import Hint
from triage.model.evidence import Access, Chance, EventType, Kind, Lines

SCHEMA: Final = "triage/report-1"

Hex = Annotated[str, Meta(pattern="^[0-9a-f]+$")]
Band = Literal["certain", "likely", "possible"]
Status = Literal["applies", "already-installed", "unknown"]
FileState = Literal["older", "same-or-newer", "absent", "unknown"]


class SourceInfo(Struct, frozen=True, kw_only=True):
    """The input: `bytes` is its size, `format` the reader that understood most of it."""

    path: str
    format: str
    encoding: str | None = None
    bytes: int = 0
    sha256: str | None = None


class SystemInfo(Struct, frozen=True, kw_only=True):
    """The machine as far as the source tells."""

    product: str | None = None
    version: str | None = None
    build: int | None = None
    service_pack: int | None = None
    architecture: str | None = None


class ModuleInfo(Struct, frozen=True, kw_only=True):
    """A module of the source's module list."""

    name: str
    path: str | None = None
    base: Hex | None = None
    end: Hex | None = None
    version: str | None = None


class ProcessInfo(Struct, frozen=True, kw_only=True):
    """The process that failed."""

    name: str
    pid: int | None = None


class ExceptionInfo(Struct, frozen=True, kw_only=True):
    """An exception record with the code's symbolic name where one is known."""

    code: Hex
    name: str | None = None
    chance: Chance | None = None
    address: Hex | None = None
    access: Access | None = None
    target: Hex | None = None
    parameters: tuple[Hex, ...] = ()


class BugCheckInfo(Struct, frozen=True, kw_only=True):
    """A bug check with its name where one is known."""

    code: Hex | None = None
    name: str | None = None
    parameters: tuple[Hex, ...] = ()
    caused_by: str | None = None


class EventInfo(Struct, frozen=True, kw_only=True):
    """An event log record."""

    source: str | None = None
    id: int | None = None
    type: EventType | None = None
    text: str | None = None


class FrameInfo(Struct, frozen=True, kw_only=True):
    """One frame of the incident's stack."""

    module: str | None = None
    function: str | None = None
    offset: Hex | None = None
    address: Hex | None = None
    trust: str = "printed"


class NextStep(Struct, frozen=True, kw_only=True):
    """A debugger command that would tell more, and what it shows."""

    command: str
    shows: str = ""


class IncidentInfo(Struct, frozen=True, kw_only=True):
    """One thing that went wrong, numbered from 1 in the order of the source.

    `meaning` says what its code means; `hint` the likely class of fault and `next_steps` what to look at, for
    incidents that no rule describes.
    """

    number: int
    kind: Kind
    lines: Lines
    summary: str = ""
    process: ProcessInfo | None = None
    exception: ExceptionInfo | None = None
    bugcheck: BugCheckInfo | None = None
    event: EventInfo | None = None
    faulting_module: str | None = None
    faulting_offset: Hex | None = None
    faulting_address: str | None = None
    stack: tuple[FrameInfo, ...] = ()
    messages: tuple[str, ...] = ()
    signature: str = ""
    meaning: str = ""
    hint: Hint | None = None
    next_steps: tuple[NextStep, ...] = ()


class Because(Struct, frozen=True, kw_only=True):
    """A fact of the incident that speaks for or against a rule; `weight` is its rarity in bits."""

    fact: str
    lines: Lines | None = None
    similarity: float = 1.0
    weight: float = 0.0


class ServicePackAdvice(Struct, frozen=True, kw_only=True):
    """Which pack: first corrected in, the latest to install, what the source shows to be installed."""

    product: str
    fixed_in: int | None = None
    fixed_in_name: str | None = None
    install: int | None = None
    install_name: str | None = None
    installed: int | None = None
    article: str | None = None


class FileAdvice(Struct, frozen=True, kw_only=True):
    """A file of the fix against the one found."""

    name: str
    fixed: str | None = None
    found: str | None = None
    state: FileState = "unknown"


class Advice(Struct, frozen=True, kw_only=True):
    """What to do. `summary` is composed by triage; `steps` are a rule author's own words."""

    status: Status
    summary: str
    here: str = ""
    service_pack: ServicePackAdvice | None = None
    files: tuple[FileAdvice, ...] = ()
    articles: tuple[str, ...] = ()
    workaround: bool = False
    hotfix: bool = False
    steps: tuple[str, ...] = ()


class Finding(Struct, frozen=True, kw_only=True):
    """A rule that describes an incident, how sure that is, and why."""

    rule: str
    title: str
    url: str | None
    incident: int
    confidence: float
    band: Band
    advice: Advice
    because: tuple[Because, ...] = ()
    against: tuple[Because, ...] = ()
    missing: tuple[str, ...] = ()
    see_also: tuple[str, ...] = ()


class WarningInfo(Struct, frozen=True, kw_only=True):
    """Damage that was read around."""

    lines: Lines
    text: str


class Report(Struct, frozen=True, kw_only=True):
    """All that triage has to say about one source."""

    schema: Literal["triage/report-1"] = SCHEMA
    source: SourceInfo
    system: SystemInfo | None = None
    modules: tuple[ModuleInfo, ...] = ()
    incidents: tuple[IncidentInfo, ...] = ()
    findings: tuple[Finding, ...] = ()
    warnings: tuple[WarningInfo, ...] = ()
