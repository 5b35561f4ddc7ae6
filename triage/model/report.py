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

BANDS: Final[tuple[tuple[float, Band], ...]] = ((0.9, "certain"), (0.6, "likely"), (0.3, "possible"))
"""The least confidence of each band."""

LOUD: Final = BANDS[1][0]
"""Least confidence of a finding that says what to do, rather than what may be."""

REMOTE: Final = 0.1
"""Below it, what was found for something printed is the nearest article and no answer: its advice is not shown."""

Status = Literal["applies", "already-installed", "unknown"]
FileState = Literal["older", "same-or-newer", "absent", "unknown"]
PackState = Literal["there", "older", "unknown", "other-system"]
ActionKind = Literal["service-pack", "hotfix", "steps", "workaround", "other-cause", "other-system", "read"]


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
    hotfixes: tuple[str, ...] = ()


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


class ParameterInfo(Struct, frozen=True, kw_only=True):
    """A parameter of a bug check: its value, what a parameter of this place means, and what this value says."""

    value: Hex
    meaning: str = ""
    says: str = ""


class NextStep(Struct, frozen=True, kw_only=True):
    """A debugger command that would tell more, and what it shows."""

    command: str
    shows: str = ""


class IncidentInfo(Struct, frozen=True, kw_only=True):
    """One thing that went wrong, numbered from 1 in the order of the source.

    `meaning` says what its code means, `parameters` what those of a bug check do; `hint` the likely class of fault and
    `next_steps` what to look at, for incidents that no rule describes. `suspect` is the module to look at first: the
    one that the text blames, or the first that is no part of Windows.
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
    parameters: tuple[ParameterInfo, ...] = ()
    hint: Hint | None = None
    next_steps: tuple[NextStep, ...] = ()
    suspect: str | None = None


class Because(Struct, frozen=True, kw_only=True):
    """A fact of the incident that speaks for or against a rule; `weight` is its rarity in bits."""

    fact: str
    lines: Lines | None = None
    similarity: float = 1.0
    weight: float = 0.0

    @property
    def kind(self) -> str:
        """What the fact is about: `faulting` of `faulting:ntfs`."""
        return self.fact.partition(":")[0]

    @property
    def value(self) -> str:
        """The fact without its kind."""
        return self.fact.partition(":")[2]


class ServicePackAdvice(Struct, frozen=True, kw_only=True):
    """Which pack: first corrected in, the latest to install, what the source shows to be installed.

    `product` is the one whose packs are installed, `carries` the product of the fix where they differ (IIS 5.0 with
    Windows 2000). `contained_in` names the packs that have the fix, first to last; `cumulative` says that later packs
    have what earlier ones have. `latest_named` says that the article names "the latest" pack and no number;
    `shown_by` is the article of the archive that proves the pack where the rule's own does not. `unreleased` says that
    the pack which was to bring the fix never came. `proof` is what shows the installed pack. `needs` is the pack that
    must be installed before the one to install; `first_build` is the build that shows the first pack; `end_of_support`
    is an ISO date.
    """

    product: str
    fixed_in: int | None = None
    fixed_in_name: str | None = None
    install: int | None = None
    install_name: str | None = None
    installed: int | None = None
    article: str | None = None
    state: PackState = "unknown"
    carries: str | None = None
    contained_in: tuple[str, ...] = ()
    cumulative: bool = True
    latest_named: bool = False
    shown_by: str | None = None
    unreleased: bool = False
    installed_name: str | None = None
    proof: str | None = None
    needs: str | None = None
    first_build: str | None = None
    end_of_support: str | None = None
    system: bool = False


class FileAdvice(Struct, frozen=True, kw_only=True):
    """A file of the fix against the one found; `where` is its path, `reason` says why nothing could be told."""

    name: str
    fixed: str | None = None
    found: str | None = None
    state: FileState = "unknown"
    where: str | None = None
    reason: str = ""


class Advice(Struct, frozen=True, kw_only=True):
    """What to do. `summary` is composed by triage; `steps` are a rule author's own words.

    `packs` are all the service packs that bring the fix, the first being `service_pack`. `installed_hotfix` is the
    article whose update the system lists. `superseded_by` is the chain of later articles that replace this fix's files,
    the newest last; `repeats` are articles with the same files. `registry` are keys and values that the article names.
    `restart` is True where what is installed replaces parts of the running system, None where that is not known.
    """

    status: Status
    summary: str
    here: str = ""
    service_pack: ServicePackAdvice | None = None
    files: tuple[FileAdvice, ...] = ()
    articles: tuple[str, ...] = ()
    workaround: bool = False
    hotfix: bool = False
    steps: tuple[str, ...] = ()
    packs: tuple[ServicePackAdvice, ...] = ()
    installed_hotfix: str | None = None
    superseded_by: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    registry: tuple[str, ...] = ()
    restart: bool | None = None


UNDESCRIBED: Final = "undescribed"
"""The kind of the doubt that the fault may be one that no rule describes."""


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
    decides: tuple[NextStep, ...] = ()
    see_also: tuple[str, ...] = ()

    @property
    def stated(self) -> str:
        """Band and confidence as people read them: `likely, 0.89`, or `possible, 0.93 if any is right` where it is held
        back."""
        condition = " if any is right" if self.is_held_back else ""
        return f"{self.band}, {self.confidence:.2f}{condition}"

    def is_answer(self, kind: str, least: float = REMOTE) -> bool:
        """Whether it answers an incident of this kind: what is less sure than `least` about something printed is only
        near. Who tells of a fault in words asks for all that is near."""
        return kind == "prose" or self.confidence >= least

    @property
    def is_held_back(self) -> bool:
        """Whether it would be more than possible, were it not in doubt that any rule describes the fault."""
        return self.confidence >= LOUD and any(item.kind == UNDESCRIBED for item in self.against)

    @property
    def to_do(self) -> str:
        """The label of what to do: nobody is to install something because an article may be about another fault."""
        return "If so" if self.band == "possible" else "Do"


class Action(Struct, frozen=True, kw_only=True):
    """One thing to do. `covers` are the rules that it settles, `why` says so in words; `articles` tell how to do it.

    `product` and `name` are the pack of an action of kind "service-pack".
    """

    number: int
    kind: ActionKind
    summary: str
    covers: tuple[str, ...] = ()
    why: str = ""
    articles: tuple[str, ...] = ()
    product: str | None = None
    name: str | None = None
    restart: bool | None = None


class Plan(Struct, frozen=True, kw_only=True):
    """The fewest things to do about the findings, in order.

    `findings` are the rules that count: the best of each incident, and others that are likely. `uncovered` are those
    that nothing to install is known for.
    """

    summary: str
    findings: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    uncovered: tuple[str, ...] = ()


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
    plan: Plan | None = None
