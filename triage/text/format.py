"""What a format is: a name, the landmarks without which it cannot be there, and its reader."""

from collections.abc import Callable
from importlib import import_module

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


class Deferred(Struct, frozen=True):
    """The function `read` of a module, which is imported when it is first called."""

    module: str

    def __call__(self, text: Text) -> Reading:
        """What the module's `read` understood of the text."""
        reading = import_module(self.module).read(text)
        if not isinstance(reading, Reading):
            raise TypeError(f"{self.module}.read gives no reading")
        return reading


class Format(Struct, frozen=True, kw_only=True):
    """A reader of text.

    `landmarks` are lower-case literals: a text without any of them holds nothing for this format, and `read` is not
    called. `read` gets the repaired text with lines claimed by earlier formats blanked, and raises nothing for
    damaged input. `documents` are those landmarks that stand in documents which can be read as a whole or not at all:
    JSON without its first bracket is none. `leads` are literals of what follows in a long report, such as the rows of
    its stack; they say nothing without the report.
    """

    name: str
    landmarks: tuple[str, ...]
    documents: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    read: Callable[[Text], Reading]
