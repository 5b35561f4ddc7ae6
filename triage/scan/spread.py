"""The work on one very large text as steps, which several workers may do side by side.

First each span is read by itself. Only if there is evidence are the lines before it counted and is the digest made, in
steps of their own. What is found depends neither on who does the steps nor on their order.
"""

from triage.formats.large import MAX_INCIDENTS, spans_of
from triage.scan.found import Fault, Result
from triage.scan.source import Source
from triage.scan.steps import Answer, Count, Digest, Join, Large, Look, Part, Step


class Spread:
    """Knows what was done and what remains. Give `take` each answer until one of them, that of Join, has a result."""

    def __init__(self, source: Source, large: Large) -> None:
        self._source = source
        self._large = large
        known, unread = spans_of(large.size, begin=source.begin, mark=large.mark)
        self._spans = [*known, *unread]
        self._first = len(known)
        self._parts: list[Part | None] = [*(Part() for _ in known), *(None for _ in unread)]
        self._counted: set[int] = set()
        self._counts: dict[int, int] = {}
        self._digest: str | None = None
        self._wants_digest = source.begin == 0
        self._asked_digest = self._has_digest = False
        self._faults: dict[str, tuple[int, int | None]] = {}
        self._broken: str | None = None
        self._joined = False
        self.has_enough = False
        """Whether some steps may be of no use any more."""

    def steps(self) -> list[Step]:
        """What is to be done first."""
        return [self._look(index) for index in range(self._first, len(self._spans))]

    def needed(self, step: Step) -> bool:
        """Whether the step is still of use: a text gives no more than so many incidents."""
        return self._broken is None and not (isinstance(step, Look) and step.index >= self._end())

    def take(self, step: Step, answer: Answer) -> list[Step]:
        """What is to be done besides, now that this is."""
        if isinstance(step, Look):
            self._parts[step.index] = answer.part or Part()
            if answer.fault is not None:
                first, _ = self._faults.get(answer.fault, (step.span.first, None))
                self._faults[answer.fault] = (first, step.span.last)
        elif isinstance(step, Count):
            if answer.lines is None:
                self._broken = answer.fault or "its lines cannot be counted"
            self._counts[step.index] = answer.lines or 0
        elif isinstance(step, Digest):
            self._has_digest, self._digest = True, answer.sha256
        return self._more()

    def skip(self, step: Step) -> list[Step]:
        """What is to be done besides, after a step that is of no use any more."""
        return self.take(step, Answer(lines=0))

    def fault(self, text: str) -> Result:
        """The result where putting the spans together failed."""
        return Result(self._source.name, (Fault(text, self._source.name),))

    def with_faults(self, result: Result) -> Result:
        """The result, and what of the text could not be read."""
        faults = tuple(
            Fault(f"{text}; lost are bytes {first:,} to {'its end' if last is None else f'{last:,}'}", result.name)
            for text, (first, last) in self._faults.items()
        )
        return Result(result.name, (*result.found, *faults))

    def _look(self, index: int) -> Look:
        return Look(self._source, self._large, self._spans[index], index)

    def _end(self) -> int:
        """The span from which on nothing is wanted."""
        incidents = 0
        for index, part in enumerate(self._parts):
            if part is None:
                break
            incidents += part.incidents
            if incidents > MAX_INCIDENTS:
                return index + 1
        return len(self._parts)

    def _more(self) -> list[Step]:
        if self._joined:
            return []
        end = self._end()
        self.has_enough = end < len(self._parts) or self._broken is not None
        telling = [index for index, part in enumerate(self._parts[:end]) if part is not None and part.evidence]
        last = telling[-1] if telling else -1
        steps: list[Step] = []
        for index in range(last):
            part = self._parts[index]
            if part is not None and part.lines is None and index not in self._counted:
                self._counted.add(index)
                steps.append(Count(self._source, self._large, self._spans[index], index))
        if telling and self._wants_digest and not self._asked_digest and any(self._incidents()):
            self._asked_digest = True
            steps.append(Digest(self._source))
        waiting = len(self._counted) > len(self._counts) or self._asked_digest > self._has_digest
        if not steps and (self._broken is not None or not (waiting or None in self._parts[:end])):
            self._joined = True
            steps.append(self._join(end))
        return steps

    def _incidents(self) -> list[int]:
        return [part.incidents for part in self._parts if part is not None]

    def _join(self, end: int) -> Join:
        parts = tuple(
            Part(part.evidence, part.incidents, part.before, self._counts.get(index, part.lines))
            for index, part in enumerate(self._parts[:end])
            if part is not None
        )
        return Join(self._source, self._large, parts, self._digest)
