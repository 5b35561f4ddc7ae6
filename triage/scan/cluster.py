"""The same scan on a Dask cluster: sources spread over its workers, results in the order of the sources.

Each Dask worker reads in a process of its own (see `worker`), so that limits of time and memory hold there as they do
here, and a source that ends its reader costs no Dask worker. The knowledge goes once to each worker. A text of
gigabytes is shared out among them (see `spread`). Sources have to be where the workers can read them: on a share that
is mounted in the same place, or at an address.
"""

import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from triage.errors import SourceError
from triage.formats.large import SPAN
from triage.knowledge.pack import BUILTIN
from triage.scan.alone import Alone
from triage.scan.feeder import Item, Process, answer_of_lost, end_worker
from triage.scan.found import Given, Kept, Result, at_once
from triage.scan.frames import from_wire, to_wire
from triage.scan.setup import Setup
from triage.scan.source import Source
from triage.scan.spread import Spread
from triage.scan.steps import Again, Answer, Read, Step, step_of

AHEAD: Final = 8
"""Chunks for each thread of the cluster that are under way at a time."""

CHUNK: Final = 64
CHUNK_BYTES: Final = 64 << 20
"""Sources of one task, at most."""

URGENT: Final = 1
"""Dask's priority of the steps on a large text, whose result is waited for; that of chunks is 0."""

RETRIES: Final = 5
PATIENCE: Final = 20
"""Seconds that a scheduler may take to answer."""

_PACKS: dict[str, "tempfile.TemporaryDirectory[str]"] = {}
_READERS: dict[bytes, list[Process]] = {}
_ANSWERS = msgspec.msgpack.Decoder(tuple[Answer, ...])


class _Chunk(Struct):
    """Sources that go to a worker together, and what came of each so far."""

    given: list[Given]
    results: list[Result | None]

    @classmethod
    def of(cls, given: list[Given]) -> "_Chunk":
        """Errors and what is known have their results at once."""
        return cls(given, [None if isinstance(one, Source | Kept) else at_once(one) for one in given])

    def unread(self) -> list[int]:
        """Places of those that are to be read."""
        return [place for place, result in enumerate(self.results) if result is None]


class _Task(Struct):
    """A task that is under way: steps for the sources at some places of a chunk; one where it is of a `spread`."""

    future: Any
    chunk: _Chunk
    places: list[int]
    steps: list[Step]
    spread: Spread | None = None


class Cluster:
    """Runs on the scheduler at an address, or on a cluster of this machine (`local:4`)."""

    def __init__(self, setup: Setup, address: str) -> None:
        """Raises SourceError without Dask, or where no scheduler answers."""
        try:
            distributed: Any = import_module("distributed")
        except ImportError as error:
            raise SourceError("a cluster needs the extra `cluster`: pip install 'crash-triage[cluster]'") from error
        self._setup = setup
        self._local: Any = None
        self._stopped = False
        self._tasks: dict[str, _Task] = {}
        self._ready: SimpleQueue[Any] = SimpleQueue()
        kind, _, count = address.partition(":")
        try:
            if kind == "local":
                workers = int(count) if count.isdecimal() and count.isascii() else None
                self._local = distributed.LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None, processes=True
                )
                address = self._local.scheduler_address
            self._client: Any = distributed.Client(address, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            raise SourceError(f"no scheduler answers at {address}: start one with `dask scheduler`") from error

    def stop(self) -> None:
        """End the run early; may be called from a signal's handler."""
        self._stopped = True
        self._ready.put(None)

    def run(self, sources: Iterable[Given]) -> Iterator[Result]:
        """One result for each source, in their order. After `stop`, those that are there already, and no more."""
        chunks = _chunks(sources)
        under_way: deque[_Chunk] = deque()
        more = True
        try:
            pack = (self._setup.knowledge or BUILTIN).read_bytes()
            self._digest = sha256(pack).hexdigest()
            self._knowledge = self._shared(pack)
            self._wire = to_wire(replace(self._setup, knowledge=None))
            most = AHEAD * max(1, sum(self._client.nthreads().values()))
            while (more or under_way) and not self._stopped:
                while more and len(under_way) < most:
                    given = next(chunks, None)
                    more = given is not None
                    if given is not None:
                        under_way.append(self._begin(_Chunk.of(given)))
                while under_way and None not in under_way[0].results:
                    yield from cast("list[Result]", under_way.popleft().results)
                if under_way:
                    future = self._ready.get()
                    if future is not None:
                        self._take(future)
            for chunk in under_way:
                yield from filter(None, chunk.results)
        finally:
            for task in self._tasks.values():
                task.future.cancel()
            self._client.close()
            if self._local is not None:
                self._local.close()

    def _shared(self, pack: bytes) -> Any:
        """The knowledge as the result of a task: one copy goes to each worker that needs it, from worker to worker.

        The scheduler can have it made again where all workers that had it are gone, for example as the first of them
        died before others came. What is scattered is lost then, and with it every task that needs it.
        """
        with import_module("dask").config.set(
            {"distributed.admin.large-graph-warning-threshold": len(pack) * 2 + 1024}
        ):
            return self._client.submit(bytes, pack, retries=RETRIES, pure=False)

    def _begin(self, chunk: _Chunk) -> _Chunk:
        """Let a worker read what is to be read of a chunk."""
        places = chunk.unread()
        if places:
            steps: list[Step] = [step_of(one) for one in chunk.given if isinstance(one, Source | Kept)]
            self._submit(chunk, places, steps)
        return chunk

    def _submit(self, chunk: _Chunk, places: list[int], steps: list[Step], spread: Spread | None = None) -> None:
        future = self._client.submit(
            do_there,
            to_wire(tuple(steps)),
            self._wire,
            self._knowledge,
            self._digest,
            retries=RETRIES,
            pure=False,
            priority=0 if spread is None else URGENT,
        )
        self._tasks[future.key] = _Task(future, chunk, places, steps, spread)
        future.add_done_callback(self._ready.put)

    def _take(self, future: Any) -> None:
        """A task has ended, one way or the other."""
        task = self._tasks.pop(future.key, None)
        if task is None:  # it was of no use any more
            return
        for place, step, answer in zip(task.places, task.steps, _answers(task), strict=True):
            spread, steps = task.spread, list[Step]()
            if answer.large is not None:
                spread = Spread(step.source, answer.large)
                steps = spread.steps()
            elif spread is None:
                task.chunk.results[place] = answer.result or Result(step.source.name)
            elif answer.result is not None:
                task.chunk.results[place] = spread.with_faults(answer.result)
            else:
                steps = [*spread.take(step, answer), *self._skipped(spread)]
            for one in steps:
                self._submit(task.chunk, [place], [one], spread)

    def _skipped(self, spread: Spread) -> list[Step]:
        """What is to be done besides, where some steps on a large text are of no use any more; they are taken back."""
        steps: list[Step] = []
        if spread.has_enough:
            idle = [one for one in self._tasks.values() if one.spread is spread and not spread.needed(one.steps[0])]
            for task in idle:
                del self._tasks[task.future.key]
                task.future.cancel()
                steps += spread.skip(task.steps[0])
        return steps


def do_there(steps: bytes, setup: bytes, knowledge: bytes, digest: str) -> bytes:
    """On a worker of the cluster: do the steps, in a process that may be killed."""
    path = _knowledge_file(knowledge, digest)
    worker = Alone(replace(from_wire(setup, Setup), knowledge=path), idle=_idle(setup + digest.encode()))
    told = from_wire(steps, tuple[Step, ...])
    return msgspec.msgpack.encode(worker.run([(step, _size(step)) for step in told]))


def _size(step: Step) -> int:
    """Bytes that a step is about, which its time depends on."""
    if not isinstance(step, Read):
        return 0 if isinstance(step, Again) else SPAN
    try:
        return step.source.stat()[0]
    except SourceError:
        return 0  # whoever reads it will say what is wrong


def _idle(kind: bytes) -> list[Process]:
    """Readers of this process that wait for a task of the same scan; to start one takes longer than many a task."""
    for other in [one for one in _READERS if one != kind]:
        for process in _READERS.pop(other, []):
            end_worker(process)
    return _READERS.setdefault(kind, [])


def _knowledge_file(knowledge: bytes, digest: str) -> Path:
    """The pack as a file of this machine, in a folder that is nobody else's; written once in each process."""
    if digest not in _PACKS:
        folder = tempfile.TemporaryDirectory(prefix="triage-")
        (Path(folder.name) / "knowledge.pack").write_bytes(knowledge)
        _PACKS[digest] = folder
    return Path(_PACKS[digest].name) / "knowledge.pack"


def _answers(task: _Task) -> Sequence[Answer]:
    """What came of a task; where it was lost, a fault for each of its steps."""
    try:
        return _ANSWERS.decode(task.future.result())
    except Exception as error:  # noqa: BLE001 - whatever the cluster says, the other tasks go on
        reason = f"lost on the cluster ({type(error).__name__}: {str(error)[:200]})"
        return [answer_of_lost(Item(0, step), reason) for step in task.steps]


def _chunks(sources: Iterable[Given]) -> Iterator[list[Given]]:
    """Sources by size: small ones together, large ones alone."""
    chunk: list[Given] = []
    size = 0
    for source in sources:
        length = _size(Read(source)) if isinstance(source, Source) else 0
        if chunk and size + length > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(source)
        size += length
        if len(chunk) >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
