"""One worker that does some steps, one after the other: what a worker of a cluster does with a task."""

import threading
from collections.abc import Sequence

from triage.errors import SourceError
from triage.scan.feeder import BUNCH, Feeder, Item, Process, answer_of_lost, watch
from triage.scan.setup import Setup
from triage.scan.steps import Answer, Step


class Alone:
    """Does what it is told to and nothing else: a text that is better shared out is handed back as such."""

    def __init__(self, setup: Setup, *, idle: list[Process] | None = None) -> None:
        """`idle` may have a worker of an earlier run with the same setup, and takes that of this one at its end."""
        self.setup = setup
        self.idle = idle
        self.stopped = False
        self._tasks: list[list[Item]] = []
        self._answers: dict[int, Answer] = {}
        self._fault: str | None = None

    def run(self, steps: Sequence[tuple[Step, int]]) -> list[Answer]:
        """One answer for each step, given with the bytes that it is about.

        Raises SourceError if the worker cannot begin: the knowledge cannot be opened.
        """
        items = [Item(number, step, size) for number, (step, size) in enumerate(steps)]
        self._tasks = [items[at : at + BUNCH] for at in range(0, len(items), BUNCH)]
        feeder = Feeder(self)
        threading.Thread(target=watch, args=(self, [feeder]), daemon=True).start()
        feeder.start()
        feeder.join()
        self.stopped = True
        if self._fault is not None:
            raise SourceError(self._fault)
        return [self._answers[item.number] for item in items]

    def next_task(self, *, wait: bool = True) -> list[Item] | None:  # noqa: ARG002 - there never are more
        """The next of the tasks."""
        return self._tasks.pop(0) if self._tasks else None

    def give_back(self, items: list[Item]) -> None:
        """Take back a task that was not begun."""
        if items:
            self._tasks.insert(0, items)

    def done(self, answers: list[tuple[Item, Answer]]) -> None:
        """Take answers."""
        self._answers.update((item.number, answer) for item, answer in answers)

    def lost(self, item: Item, text: str) -> None:
        """Give an item up."""
        self.done([(item, answer_of_lost(item, text))])

    def fail(self, fault: str) -> None:
        """End the run."""
        self._fault = fault
