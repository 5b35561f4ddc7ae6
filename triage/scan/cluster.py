"""The same scan on a Dask cluster: sources spread over its workers, results in the order of the sources.

Each Dask worker reads in a process of its own (see `worker`), so that limits of time and memory hold there as they do
here, and a source that ends its reader costs no Dask worker. The knowledge goes once to each worker. Sources have to be
where the workers can read them: on a share that is mounted in the same place, or at an address.
"""

import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from triage.errors import SourceError
from triage.knowledge.pack import BUILTIN
from triage.scan.found import Fault, Given, Result, at_once
from triage.scan.frames import from_wire, to_wire
from triage.scan.pool import Pool, Process, end_worker
from triage.scan.setup import Setup
from triage.scan.source import Source

AHEAD: Final = 8
"""Tasks for each thread of the cluster that are under way at a time."""

CHUNK: Final = 64
CHUNK_BYTES: Final = 64 << 20
"""Sources of one task, at most."""

RETRIES: Final = 5
PATIENCE: Final = 20
"""Seconds that a scheduler may take to answer."""

_PACKS: dict[str, "tempfile.TemporaryDirectory[str]"] = {}
_READERS: dict[bytes, list[Process]] = {}
_RESULTS = msgspec.msgpack.Decoder(tuple[Result, ...])


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
        """End the run early."""
        self._stopped = True

    def run(self, sources: Iterable[Given]) -> Iterator[Result]:
        """One result for each source, in their order."""
        pending: deque[tuple[list[Given], Any]] = deque()
        try:
            pack = (self._setup.knowledge or BUILTIN).read_bytes()
            digest = sha256(pack).hexdigest()
            # One copy goes to each worker that needs it, from worker to worker.
            knowledge = self._client.scatter(pack, broadcast=True, hash=True)
            setup = to_wire(replace(self._setup, knowledge=None))
            most = AHEAD * max(1, sum(self._client.nthreads().values()))
            for chunk in _chunks(sources):
                tasks = to_wire(tuple(one for one in chunk if isinstance(one, Source)))
                future = self._client.submit(
                    read_there, tasks, setup, knowledge, digest, retries=RETRIES, pure=False, key=None
                )
                pending.append((chunk, future))
                while pending and (len(pending) >= most or pending[0][1].done()) and not self._stopped:
                    yield from _in_order(*pending.popleft())
                if self._stopped:
                    break
            while pending and not self._stopped:
                yield from _in_order(*pending.popleft())
        finally:
            for _, future in pending:
                future.cancel()
            self._client.close()
            if self._local is not None:
                self._local.close()


def read_there(tasks: bytes, setup: bytes, knowledge: bytes, digest: str) -> bytes:
    """On a worker of the cluster: read the sources, in a process that may be killed."""
    path = _knowledge_file(knowledge, digest)
    pool = Pool(replace(from_wire(setup, Setup), knowledge=path), 1, idle=_idle(setup + digest.encode()))
    sources = from_wire(tasks, tuple[Source, ...])
    return msgspec.msgpack.encode(tuple(pool.run(sources)))


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


def _in_order(chunk: list[Given], future: Any) -> Iterator[Result]:
    """The results of a task, and the faults of those that were none."""
    try:
        results = iter(_RESULTS.decode(future.result()))
    except Exception as error:  # noqa: BLE001 - whatever the cluster says, the other tasks go on
        reason = f"lost on the cluster ({type(error).__name__}: {str(error)[:200]})"
        results = iter([Result(one.name, (Fault(reason, one.name),)) for one in chunk if isinstance(one, Source)])
    for one in chunk:
        yield next(results) if isinstance(one, Source) else at_once(one)


def _chunks(sources: Iterable[Given]) -> Iterator[list[Given]]:
    """Sources by size: small ones together, large ones alone."""
    chunk: list[Given] = []
    size = 0
    for source in sources:
        chunk.append(source)
        if isinstance(source, Source):
            try:
                size += source.stat()[0]
            except SourceError:
                size += 0  # the worker will say what is wrong with it
        if len(chunk) >= CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
