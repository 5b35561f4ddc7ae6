"""Workers side by side: results in the order of the sources, whatever becomes of a worker.

Each worker is a process with a thread here that feeds it. A worker that takes too long for a source is killed; one
that dies is replaced, its source is tried once more and then reported. The sources after it are not touched by that.
A text of gigabytes is shared out among the workers (see `spread`).

With two workers on two processors, what this process does is missing there. So a worker has its next task before it is
done with the last, and its answers are taken some at a time.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from msgspec import Struct

from triage.errors import SourceError
from triage.formats.large import SPAN
from triage.scan.found import Fault, Given, Result, at_once
from triage.scan.frames import ANSWER, READY, Task, frame, get, put, split
from triage.scan.setup import Setup
from triage.scan.source import Source
from triage.scan.spread import Spread
from triage.scan.steps import Answer, Join, Read, Step

Process = subprocess.Popen[bytes]

AHEAD: Final = 512
"""Tasks that may be done before the oldest one that is not; their results wait."""

BUNCH: Final = 16
BUNCH_BYTES: Final = 1 << 20
"""Small sources go to a worker together, so that it does not wait between them."""

_TICK = 0.2
_GATHER = 0.02
"""Seconds for which answers may gather while a worker has enough to do, so that this process is not woken for each."""

_READ_AT_ONCE = 1 << 16
_FITS = 1 << 15 if sys.platform == "linux" else 1 << 12
"""Bytes that a pipe takes without waiting for its reader."""

_TRIES = 2
_STILLBORN = "a worker ended before it had begun"


class Item(Struct):
    """A step, the number of its source in the order of all, and how often a worker died of it."""

    number: int
    step: Step
    size: int = 0
    deaths: int = 0
    spread: Spread | None = None


class _Feeder(threading.Thread):
    """Starts a worker, gives it tasks, takes its answers, and starts another where it died."""

    def __init__(self, pool: "Pool") -> None:
        super().__init__(daemon=True)
        self._pool = pool
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self.deadline: float | None = None

    def run(self) -> None:
        """Until there are no more tasks."""
        try:
            self._work()
        except OSError as error:  # no more processes, files or memory to be had
            self._pool.fail(f"a worker cannot be started: {(error.strerror or str(error)).lower()}")

    def _work(self) -> None:
        pool = self._pool
        while (items := pool.next_task()) is not None:
            while items and not pool.stopped:
                fault = self._begin() if self._process is None else None
                if fault is not None:
                    pool.fail(fault)
                    return
                items = self._feed(items)
        self._leave()

    def kill(self) -> None:
        """End the process now; what it was reading gets no result."""
        process = self._process
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()

    def end(self) -> None:
        """Let the process go, or make it."""
        process, self._process = self._process, None
        self.deadline = None
        self._rest = b""
        if process is not None:
            end_worker(process, kill=self._pool.stopped)

    def _leave(self) -> None:
        """There is no more to do: the process goes, or waits for another run."""
        process, idle = self._process, self._pool.idle
        if process is not None and idle is not None and not self._pool.stopped:
            self._process = None
            idle.append(process)
        self.end()

    def _begin(self) -> str | None:
        """Start a process; why none can work, where none can. One that is killed at once says nothing of the next."""
        fault: str | None = _STILLBORN
        for _ in range(_TRIES):
            if fault == _STILLBORN and not self._pool.stopped:
                fault = self._start()
        return fault

    def _start(self) -> str | None:
        while self._pool.idle:
            waiting = self._pool.idle.pop()
            if waiting.poll() is None:
                self._process = waiting
                return None
            end_worker(waiting)
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "triage.scan.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for this process
        )
        if process.stdin is None or process.stdout is None:
            raise AssertionError("pipes were asked for")
        try:
            put(process.stdin, self._pool.setup)
            answer = get(process.stdout)
        except OSError:
            answer = None
        if answer is None:
            self.end()
            return _STILLBORN
        ready = READY.decode(answer)
        if ready.fault is not None:
            self.end()
        return ready.fault

    def _feed(self, items: list[Item]) -> list[Item]:
        """Let the worker do the items, and more while there are any; those that it left undone."""
        pool, process = self._pool, self._process
        if process is None or process.stdin is None:
            raise AssertionError("the worker was started")
        undone: deque[Item] = deque()
        begun = 0  # so many of the undone are of the last task that was sent
        held: bytes | None = frame(Task(tuple(item.step for item in items)))
        late = False
        with contextlib.suppress(OSError):
            while items or undone:
                # While the worker writes an answer, it does not read: what does not fit into a pipe has to wait for it.
                if held is not None and (not undone or (len(undone) <= begun and len(held) <= _FITS)):
                    process.stdin.write(held)
                    process.stdin.flush()
                    undone += items
                    begun, items, held = len(items), [], None
                self.deadline = deadline = time.monotonic() + pool.setup.patience(undone[0].size)
                answers = self._answers(gather=len(undone) > BUNCH // 2)
                self.deadline = None
                if not answers:
                    late = time.monotonic() >= deadline
                    break
                pool.done([(undone.popleft(), ANSWER.decode(answer)) for answer in answers])
                if held is None and len(undone) < BUNCH and sum(item.size for item in undone) < BUNCH_BYTES:
                    items = pool.next_task(wait=False) or []
                    held = frame(Task(tuple(item.step for item in items))) if items else None
        return self._bury(list(undone), items, late=late) if undone else self._bury(items) if items else []

    def _answers(self, *, gather: bool) -> list[bytes]:
        """The answers that are there, at least one; none where the worker has gone."""
        process = self._process
        if process is None or process.stdout is None:
            raise AssertionError("the worker was started")
        place = process.stdout.fileno()
        messages: list[bytes] = []
        while not messages:
            if gather and len(self._rest) < _READ_AT_ONCE // 2:
                time.sleep(_GATHER)
            data = os.read(place, _READ_AT_ONCE)
            if not data:
                break
            messages, self._rest = split(self._rest + data)
        return messages

    def _bury(self, items: list[Item], unsent: list[Item] | None = None, *, late: bool = False) -> list[Item]:
        """The worker died at the first of the items: try it again, or report it."""
        process = self._process
        self.end()
        if self._pool.stopped:
            return []
        self._pool.give_back(unsent or [])
        first = items[0]
        first.deaths += 1
        if late:
            text = f"took longer than {self._pool.setup.patience(first.size):.3g} seconds; left out (--timeout)"
        elif first.deaths < _TRIES:
            return items
        else:
            status = process.returncode if process is not None else None
            text = f"ended the process that read it, twice (status {status}); left out"
        self._pool.lost(first, text)
        return items[1:]


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
        self._feeders = [_Feeder(self) for _ in range(jobs)]

    def run(self, sources: Iterable[Given]) -> Iterator[Result]:
        """One result for each source, in their order. After `stop`, those that are there already, and no more.

        Raises SourceError if the workers cannot begin: the knowledge cannot be opened.
        """
        for thread in (*self._feeders, threading.Thread(target=self._watch, daemon=True)):
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
        return [feeder._process.pid for feeder in self._feeders if feeder._process is not None]  # noqa: SLF001

    def next_task(self, *, wait: bool = True) -> list[Item] | None:
        """What a free worker is to do, waiting for it if so told. None where there is nothing, or the run has ended."""
        with self._changed:
            while not self._tasks:
                if self._closed or self.stopped or not wait:
                    return None
                self._changed.wait(_TICK)
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
        source = item.step.source
        result = Result(source.name, (Fault(text, source.name),))
        self.done([(item, Answer(result=result) if isinstance(item.step, Read | Join) else Answer(fault=text))])

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
            if isinstance(given, Source):
                try:
                    length, _ = given.stat()
                except SourceError as error:  # gone since it was found
                    waiting[number + count - 1] = Result(given.name, (Fault(error.message, given.name),))
                    continue
                items.append(Item(number + count - 1, Read(given), length))
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

    def _watch(self) -> None:
        """Kill what takes too long."""
        while not self.stopped:
            time.sleep(_TICK)
            now = time.monotonic()
            for feeder in self._feeders:
                deadline = feeder.deadline
                if deadline is not None and deadline < now:
                    feeder.kill()


def end_worker(process: Process, *, kill: bool = False) -> None:
    """Let a worker go, once it has done what it is at, or end it now."""
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    if kill:
        process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _environment() -> dict[str, str]:
    """A worker finds the package where this process found it."""
    home = str(Path(__file__).parents[2])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
