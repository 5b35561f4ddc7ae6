"""What a format is: a name, the landmarks without which it cannot be there, and its reader."""

from collections.abc import Callable

from msgspec import Struct

from triage.model.evidence import Damage, Incident, Lines, Module, System
from triage.text.lines import Text


class Reading(Struct, frozen=True, kw_only=True):
    """What one format understood of a text. Lines in `claimed` are hidden from the formats after it."""

    incidents: tuple[Incident, ...] = ()
    modules: tuple[Module, ...] = ()
    system: System | None = None
    warnings: tuple[Damage, ...] = ()
    claimed: tuple[Lines, ...] = ()


class Format(Struct, frozen=True, kw_only=True):
    """A reader of text.

    `landmarks` are lower-case literals: a text without any of them holds nothing for this format, and `read` is not
    called. `read` gets the repaired text with lines claimed by earlier formats blanked, and raises nothing for
    damaged input.
    """

    name: str
    landmarks: tuple[str, ...]
    read: Callable[[Text], Reading]
