"""Large files, read by workers on behalf of a process that reads all else itself.

A dump of gigabytes has to be mapped into memory, and a mapped file that another program cuts ends the process that
looks at it: the command's own process must not be that one. So memory does not grow with the file either.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from triage.scan.feeder import Process, end_worker
from triage.scan.found import Result
from triage.scan.pool import Pool
from triage.scan.setup import Setup
from triage.scan.source import Source


class Apart:
    """Workers that are started for the first large file, and wait for the next one."""

    def __init__(self, setup: Setup, jobs: int = 1) -> None:
        self._setup = replace(setup, seconds=float("inf"))
        self._jobs = jobs
        self._idle: list[Process] = []
        self._pool: Pool | None = None

    def __enter__(self) -> "Apart":
        """For `with`: the workers end with it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the workers go."""
        while self._idle:
            end_worker(self._idle.pop())

    def examine(self, source: Source) -> Iterator[Result]:
        """What a file gives. Raises SourceError if no worker can begin."""
        self._pool = Pool(self._setup, self._jobs, idle=self._idle)
        yield from self._pool.run([source])

    def stop(self) -> None:
        """End what is being read; may be called from a signal's handler."""
        if self._pool is not None:
            self._pool.stop()
