"""Workers side by side: results in the order of the sources, whatever becomes of a worker.

Each worker is a process with a thread here that feeds it (see `feeder`). A source that ends its worker twice, or takes
too long, is reported; the sources after it are not touched by that. A text of gigabytes is shared out among the workers
(see `spread`).

With two workers on two processors, what this process does is missing there. So a worker has its next task before it is
done with the last, and its answers are taken some at a time.
"""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from queue import SimpleQueue
from typing import Final

from triage.errors import SourceError
from triage.formats.large import SPAN
from triage.scan.feeder import BUNCH, BUNCH_BYTES, TICK, Feeder, Item, Process, answer_of_lost, watch
from triage.scan.found import Fault, Given, Kept, Result, at_once
from triage.scan.setup import Setup
from triage.scan.source import Source
from triage.scan.spread import Spread
from triage.scan.steps import Answer, Step, step_of

AHEAD: Final = 512
"""Tasks that may be done before the oldest one that is not; their results wait."""


class Pool:
    """So many workers for one run over sources."""

    def __init__(self, setup: Setup, jobs: int, *, idle: list[Process] | None = None) -> None:
        """`idle` are workers of an earlier run with the same setup, and takes those of this one at its end."""
        self.setup = setup
        self.idle = idle
        self.stopped = False
        self._tasks: deque[list[Item]] = deque()
        self._closed = False
        self._changed = threading.Condition()
        self._results: SimpleQueue[list[tuple[int, Result]] | str | None] = SimpleQueue()
        self._feeders = [Feeder(self) for _ in range(jobs)]

    def run(self, sources: Iterable[Given]) -> Iterator[Result]:
        """One result for each source, in their order. After `stop`, those that are there already, and no more.

        Raises SourceError if the workers cannot begin: the knowledge cannot be opened.
        """
        for thread in (*self._feeders, threading.Thread(target=watch, args=(self, self._feeders), daemon=True)):
            thread.start()
        ended = False
        try:
            yield from self._in_order(iter(sources))
            ended = self.idle is not None
        finally:
            if not ended:
                self.stop()
            for feeder in self._feeders:
                feeder.join()
            self.stopped = True

    def stop(self) -> None:
        """End the run; may be called from a signal's handler, and more than once."""
        self.stopped = True
        for feeder in self._feeders:
            feeder.kill()
        self._results.put(None)

    def pids(self) -> list[int]:
        """Process ids of the workers that run."""
        return [pid for feeder in self._feeders if (pid := feeder.pid) is not None]

    def next_task(self, *, wait: bool = True) -> list[Item] | None:
        """What a free worker is to do, waiting for it if so told. None where there is nothing, or the run has ended."""
        with self._changed:
            while not self._tasks:
                if self._closed or self.stopped or not wait:
                    return None
                self._changed.wait(TICK)
            return None if self.stopped else self._tasks.popleft()

    def give_back(self, items: list[Item]) -> None:
        """Take back a task that was not begun."""
        if items:
            with self._changed:
                self._tasks.appendleft(items)
                self._changed.notify()

    def done(self, answers: list[tuple[Item, Answer]]) -> None:
        """Take answers."""
        results: list[tuple[int, Result]] = []
        for item, answer in answers:
            spread = item.spread
            if answer.large is not None:
                spread = Spread(item.step.source, answer.large)
                self._more(item.number, spread, spread.steps())
            elif spread is None:
                results.append((item.number, answer.result or Result(item.step.source.name)))
            elif answer.result is not None:
                results.append((item.number, spread.with_faults(answer.result)))
            else:
                self._take(item, spread, answer)
        if results:
            self._results.put(results)

    def lost(self, item: Item, text: str) -> None:
        """Give an item up."""
        self.done([(item, answer_of_lost(item, text))])

    def fail(self, fault: str) -> None:
        """End the run with an error, if it has not ended."""
        self._results.put(None if self.stopped else fault)

    def _take(self, item: Item, spread: Spread, answer: Answer) -> None:
        """A step on a large text is done; those that are of no use any more go with it."""
        with self._changed:
            steps = spread.take(item.step, answer)
            if spread.has_enough:
                idle = [task for task in self._tasks if task[0].spread is spread and not spread.needed(task[0].step)]
                self._tasks = deque(task for task in self._tasks if task not in idle)
                for (one,) in idle:
                    steps += spread.skip(one.step)
        self._more(item.number, spread, steps)

    def _more(self, number: int, spread: Spread, steps: list[Step]) -> None:
        """Steps on a large text, which go before all other tasks: its result is waited for."""
        with self._changed:
            for step in reversed(steps):
                self._tasks.appendleft([Item(number, step, SPAN, spread=spread)])
            self._changed.notify_all()

    def _in_order(self, sources: Iterator[Given]) -> Iterator[Result]:
        waiting: dict[int, Result] = {}
        given = shown = 0
        more = True
        while more or shown < given:
            while more and self._is_room(given - shown, is_next_there=shown in waiting):
                items, count, more = self._bunch(sources, given, waiting)
                given += count
                self._give(items)
            for _ in range(BUNCH):
                if shown not in waiting:
                    break
                yield waiting.pop(shown)
                shown += 1
            if self.stopped:
                break
            if shown >= given or shown in waiting:
                continue
            answer = self._results.get()
            if isinstance(answer, str):
                raise SourceError(answer)
            if answer is not None:
                waiting.update(answer)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self.stopped:
            yield from self._left(waiting)

    def _left(self, waiting: dict[int, Result]) -> Iterator[Result]:
        """After a stop: what was done and had to wait for its turn."""
        while not self._results.empty():
            answer = self._results.get()
            if isinstance(answer, list):
                waiting.update(answer)
        for number in sorted(waiting):
            yield waiting[number]

    def _is_room(self, unshown: int, *, is_next_there: bool) -> bool:
        """Whether to look for more tasks. What is known makes none, and has to be shown as soon as that can be done."""
        most = BUNCH if is_next_there else AHEAD * BUNCH
        return unshown < most and len(self._tasks) < 2 * len(self._feeders)

    def _bunch(self, sources: Iterator[Given], number: int, waiting: dict[int, Result]) -> tuple[list[Item], int, bool]:
        """The items of the next task, how many sources were taken for it, and whether there may be more.

        What needs no reading has its result in `waiting` and is no item.
        """
        items: list[Item] = []
        count = size = 0
        for count, given in enumerate(islice(sources, BUNCH), 1):
            if isinstance(given, Source | Kept):
                try:
                    length = given.stat()[0] if isinstance(given, Source) else 0
                except SourceError as error:  # gone since it was found
                    waiting[number + count - 1] = Result(given.name, (Fault(error.message, given.name),))
                    continue
                items.append(Item(number + count - 1, step_of(given), length))
                size += length
                if size >= BUNCH_BYTES:
                    return items, count, True
            else:
                waiting[number + count - 1] = at_once(given)
        return items, count, count == BUNCH

    def _give(self, items: list[Item]) -> None:
        if items:
            with self._changed:
                self._tasks.append(items)
                self._changed.notify()
