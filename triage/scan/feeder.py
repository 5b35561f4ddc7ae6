"""One worker and the thread that feeds it: tasks go out ahead, answers come in some at a time, the dead are replaced.

A worker that takes too long for a source is killed. One that dies is replaced, and what it was at is tried once more
and then given up.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct

from triage.scan.found import Fault, Result
from triage.scan.frames import ANSWER, READY, Task, frame, get, put, split
from triage.scan.setup import Setup
from triage.scan.spread import Spread
from triage.scan.steps import WHOLE, Answer, Step

Process = subprocess.Popen[bytes]

BUNCH: Final = 16
BUNCH_BYTES: Final = 1 << 20
"""Small sources go to a worker together, so that it does not wait between them."""

TICK = 0.2
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


class Tasks(Protocol):
    """Where a feeder's tasks come from and its answers go; it calls from a thread of its own.

    `idle` are workers that wait for a run, and takes those of this one at its end.
    """

    setup: Setup
    idle: list[Process] | None
    stopped: bool

    def next_task(self, *, wait: bool = True) -> list[Item] | None:
        """What a free worker is to do, waiting for it if so told. None where there is nothing, or the run has ended."""

    def give_back(self, items: list[Item]) -> None:
        """Take back a task that was not begun."""

    def done(self, answers: list[tuple[Item, Answer]]) -> None:
        """Take answers."""

    def lost(self, item: Item, text: str) -> None:
        """Give an item up."""

    def fail(self, fault: str) -> None:
        """End the run with an error, if it has not ended."""


class Feeder(threading.Thread):
    """Starts a worker, gives it tasks, takes its answers, and starts another where it died."""

    def __init__(self, pool: Tasks) -> None:
        super().__init__(daemon=True)
        self._pool = pool
        self._process: Process | None = None
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

    @property
    def pid(self) -> int | None:
        """Process id of the worker, where one runs."""
        process = self._process
        return None if process is None else process.pid

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


def watch(pool: Tasks, feeders: list[Feeder]) -> None:
    """Kill what takes too long, until the run ends."""
    while not pool.stopped:
        time.sleep(TICK)
        now = time.monotonic()
        for feeder in feeders:
            deadline = feeder.deadline
            if deadline is not None and deadline < now:
                feeder.kill()


def answer_of_lost(item: Item, text: str) -> Answer:
    """What stands for the answer to an item that was given up."""
    name = item.step.source.name
    whole = isinstance(item.step, WHOLE)
    return Answer(result=Result(name, (Fault(text, name),))) if whole else Answer(fault=text)


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
