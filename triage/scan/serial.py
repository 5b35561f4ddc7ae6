"""The runner without workers: every source is read in this process, one after the other."""

from collections.abc import Iterable, Iterator

from triage.scan.examine import Examiner
from triage.scan.found import Given, Result, at_once
from triage.scan.source import Source


class Serial:
    """Reads here. No limit of time or memory holds; Ctrl-C ends between two sources."""

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner
        self._stopped = False

    def stop(self) -> None:
        """Begin no other source."""
        self._stopped = True

    def run(self, sources: Iterable[Given]) -> Iterator[Result]:
        """One result for each source, in their order."""
        for source in sources:
            if self._stopped:
                return
            yield self._examiner.examine(source) if isinstance(source, Source) else at_once(source)
