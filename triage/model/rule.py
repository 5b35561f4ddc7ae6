"""A knowledge-base article as facts: what it looks like, what fixes it. The schema of rules/articles/*.yaml.

A rule holds no sentence of its article. `messages` are what the failing program prints, at most 40 words each, with
`<…>` for what varies; `words` is the sorted set of words of the symptom prose.
"""

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from triage.model.evidence import Access, Chance, EventType

GAP: Final = "<…>"
"""What stands in a message for what varies from machine to machine."""

LowHalf = Annotated[str, Meta(pattern="^[0-9a-f]{4}$", max_length=4)]


class Source(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the facts come from; `kind` picks the address template, `revised` is an ISO date."""

    kind: str
    revised: str | None = None


class Applies(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A product that the article is about, by its canonical name, and its versions ("4.0", "5.5", "SP3")."""

    product: str
    versions: tuple[str, ...] = ()


class ExceptionSymptom(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An exception code (32 bits), with chance and kind of access where the article tells them."""

    code: int
    chance: Chance | None = None
    access: Access | None = None


class BugCheckSymptom(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A stop code; `parameters` holds None for those that are addresses and so differ from machine to machine."""

    code: int
    parameters: tuple[int | None, ...] = ()


class FaultSymptom(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The faulting module, and its fixed address ("0001:4f50") or offset where the article gives one."""

    module: str
    address: str | None = None


class EventSymptom(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An event log record: source, id, type and the template of its description."""

    source: str | None = None
    id: int | None = None
    type: EventType | None = None
    message: str | None = None


class Symptoms(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What a machine with this fault shows. The same shape states conditions (`require`, `exclude`).

    `addresses` are the low halves (four hexadecimal digits) of the 32-bit addresses that are printed with the fault:
    an image is moved by multiples of 64 KiB, so these are the same on every machine that has the same files.
    """

    exceptions: tuple[ExceptionSymptom, ...] = ()
    bugchecks: tuple[BugCheckSymptom, ...] = ()
    processes: tuple[str, ...] = ()
    faulting: tuple[FaultSymptom, ...] = ()
    stacks: tuple[tuple[str, ...], ...] = ()
    modules: tuple[str, ...] = ()
    events: tuple[EventSymptom, ...] = ()
    addresses: tuple[LowHalf, ...] = ()
    messages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class PackRef(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A service pack by product and number; `number` is "latest" where the article only says so."""

    product: str
    number: int | Literal["latest"]
    suffix: str | None = None


class FixFile(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A corrected file of the hotfix table: version as printed, ISO date, size in bytes, platform ("x86", "Alpha")."""

    name: str
    version: str | None = None
    date: str | None = None
    size: int | None = None
    platform: str | None = None


class Fix(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What ends the fault. `obtain` lists articles that tell how to get it.

    `steps` are a rule author's own words; the importer never writes them. `confirmed` says that the vendor
    confirmed a problem; `hotfix` that a fix outside of service packs existed.
    """

    service_packs: tuple[PackRef, ...] = ()
    files: tuple[FixFile, ...] = ()
    obtain: tuple[str, ...] = ()
    hotfix: bool = False
    confirmed: bool = False
    workaround: bool = False
    registry: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


class Rule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One article's facts.

    `cause` is the sorted set of words that the article has of the cause, without those of `symptoms.words`.
    """

    id: str
    title: str
    source: Source
    applies_to: tuple[Applies, ...] = ()
    symptoms: Symptoms = Symptoms()
    cause: tuple[str, ...] = ()
    require: Symptoms | UnsetType = UNSET
    exclude: Symptoms | UnsetType = UNSET
    fix: Fix = Fix()
    see_also: tuple[str, ...] = ()
