"""What the readers of exceptions hand to each other."""

from typing import Literal

from msgspec import Struct

from triage.model.evidence import ExceptionRecord, Lines

MAX_SIGHTINGS = 20_000

Origin = Literal["event", "record", "field", "note"]
"""How it was told: the debugger stopped (`event`), a record was shown (`record`), as fields of !analyze (`field`), or
by another tool (`note`)."""


class Sighting(Struct, frozen=True, kw_only=True):
    """One mention of an exception. `symbol` is where it happened as printed ("ntdll!RtlFreeHeap+0x1b"); `last_row` is
    the index of the last row of registers and instruction printed below it, -1 without."""

    record: ExceptionRecord
    origin: Origin
    pid: int | None = None
    tid: int | None = None
    symbol: str | None = None
    process: str | None = None
    module: str | None = None
    offset: int | None = None
    """From the base of `module`, where the line tells it: `in ntdll.dll (+0x400c5)`."""

    last_row: int = -1
    words: str = ""
    """What the debugger said, less what a mailer put around it: "Access violation - code c0000005 (first chance)"."""

    @property
    def lines(self) -> Lines:
        """The lines that tell of it."""
        return self.record.lines
