"""The runner without workers: every source is read in this process, one after the other, but for large dumps."""

from collections.abc import Iterable, Iterator

from triage.scan.apart import Apart
from triage.scan.examine import Examiner
from triage.scan.found import Given, Kept, Result, at_once
from triage.scan.source import Source
from triage.scan.steps import step_of


class Serial:
    """Reads here. No limit of time or memory holds; Ctrl-C ends between two sources.

    Dumps and containers that are too large to be held are left to a worker (see `apart`).
    """

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner
        self._stopped = False
        self._apart = Apart(examiner.setup)

    def stop(self) -> None:
        """Begin no other source."""
        self._stopped = True
        self._apart.stop()

    def run(self, sources: Iterable[Given]) -> Iterator[Result]:
        """One result for each source, in their order."""
        with self._apart:
            for source in sources:
                if self._stopped:
                    return
                if isinstance(source, Kept):
                    yield self._examiner.do(step_of(source)).result or Result(source.name)
                elif not isinstance(source, Source):
                    yield at_once(source)
                elif self._examiner.would_map(source):
                    yield from self._apart.examine(source)
                else:
                    yield self._examiner.examine(source)
