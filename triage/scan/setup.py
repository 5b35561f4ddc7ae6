"""What a scan is asked to do: light to import, for the process that only shares the work out."""

import os
from pathlib import Path

from msgspec import Struct

from triage.model.inventory import Inventory
from triage.scan.source import HELD_LIMIT


class Setup(Struct, frozen=True, kw_only=True):
    """What every worker needs to know. Limits: seconds a source, bytes of memory a worker, bytes read of a source.

    `mapped` is whether large files may be mapped into memory: by a process that can be ended and replaced.
    `inventory` says what is installed on the machine that all sources are of.
    """

    knowledge: Path | None = None
    inventory: Inventory | None = None
    top: int = 5
    keep: bool = False
    seconds: float = 120.0
    memory: int = 1 << 30
    limit: int = HELD_LIMIT
    mapped: bool = False

    def patience(self, size: int) -> float:
        """Seconds that a source of this size may take."""
        return self.seconds + size / (20 << 20)


def jobs_here() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        return os.cpu_count() or 1
