"""Whether damaged sources of every format are read without a fault, in bounds of time and memory, and say what is lost.

    python tests/bench/robustness.py [--copies N] [--jobs N] [--seed N] [--real FOLDER] [--only FORMAT] [--keep FOLDER]

Makes at least N damaged copies (5,000), as many of every format: cut, bits flipped, 32-bit counts set to 2^31 and
2^32-1 (in text: numbers that cannot be), spliced with another source, a piece repeated many times, and rows run
together. Each is read in a worker process and analysed in full. A fault is an exception other than TriageError, a copy
that takes more than 2 seconds of a processor or 300 MiB (the highest resident size of the worker, interpreter and
knowledge included; Linux only), and a worker that dies or hangs. Of copies of dumps, event logs and containers that are
cut or have an impossible count, it is a fault if fewer incidents or modules (of a container: files or bytes) come out
of it, and no warning says so; in text that is cut, nothing shows. Prints a table per format and every fault; `--keep`
writes the copies at fault to a folder. Exit status 1 if there is one.
"""

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter, defaultdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from damage import DAMAGES, ROOT, Loss, Sample, damaged, read_all, samples, silent_loss

from triage.api import analyze, load_knowledge
from triage.errors import TriageError
from triage.formats.binaries import binary_format
from triage.formats.containers import container_of, members

MOST_SECONDS = 2.0
MOST_MIB = 300.0
HANGS = 60
_PEAK = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_FILES_ANALYSED = 8


class Result(NamedTuple):
    """How reading one copy went. `fault` is the exception, `loss` what was read, None where it was refused."""

    seconds: float
    mib: float
    fault: str | None
    loss: Loss | None


def peak() -> float:
    """The highest resident size since the last call, in MiB; 0 where the system does not tell."""
    if not _PEAK.exists():
        return 0.0
    line = next(line for line in _PEAK.read_text().splitlines() if line.startswith("VmHWM"))
    _RESET.write_text("5")
    return int(line.split()[1]) / 1024


def work(pipe: Connection) -> None:
    """Reads copies that come through the pipe, and sends a Result of each."""
    knowledge = load_knowledge()
    peak()
    while True:
        try:
            data = pipe.recv_bytes()
        except EOFError:
            return
        peak()
        fault = loss = None
        start = time.process_time()
        try:
            sources = [data]
            if container_of(data) is not None:
                sources = [member.data for member in members(data, "copy") if member.data][:_FILES_ANALYSED]
            for source in sources:
                analyze(source, path="copy", knowledge=knowledge)
        except TriageError:
            pass
        except BaseException as error:  # noqa: BLE001 - what the measurement is for; panics of Rust are no Exception
            fault = f"{type(error).__name__}: {error}"[:200]
        seconds = time.process_time() - start
        mib = peak()
        if fault is None:
            try:
                loss = read_all(data)
            except TriageError:
                loss = None
            except BaseException as error:  # noqa: BLE001 - as above
                fault = f"{type(error).__name__}: {error}"[:200]
        pipe.send(Result(seconds, mib, fault, loss))


class Worker:
    """A process that reads copies, and is started again when one kills it."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._pipe, there = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=work, args=(there,), daemon=True)
        self._process.start()
        there.close()

    def give(self, data: bytes) -> None:
        self._pipe.send_bytes(data)

    def take(self) -> Result:
        fault = "hangs"
        try:
            if self._pipe.poll(HANGS):
                result: Result = self._pipe.recv()
                return result
        except EOFError:
            fault = "the process died"
        self._process.kill()
        self._process.join()
        self._start()
        return Result(HANGS, 0.0, fault, None)


def faults_of(sample: Sample, data: bytes, kind: str, whole: Loss, result: Result) -> list[str]:
    """What is wrong with how `data`, a copy of the sample, was read."""
    faults = [result.fault] if result.fault else []
    if result.seconds > MOST_SECONDS and not result.fault:
        faults.append(f"took {result.seconds:.1f} s")
    if result.mib > MOST_MIB:
        faults.append(f"took {result.mib:.0f} MiB")
    told = (container_of(sample.data), binary_format(sample.data))
    # A copy that lost the first bytes is a source of another kind; text that is cut ends as any text does.
    decided = kind in ("cut", "count") and any(told) and told == (container_of(data), binary_format(data))
    if decided and result.loss is not None and silent_loss(sample, whole, result.loss):
        faults.append(f"says nothing of its loss: {whole[:5]} -> {result.loss[:5]}")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--copies", type=int, default=5_000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--only", action="append")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    by_format: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples(options.real if options.real.is_dir() else None):
        if not options.only or sample.format in options.only:
            by_format[sample.format].append(sample)
    everything = [sample for those in by_format.values() for sample in those]
    each = -(-options.copies // len(by_format))
    workers = [Worker() for _ in range(options.jobs)]
    print("| format | samples | copies | refused | with warnings | faults | slowest, s | largest, MiB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    told: Counter[str] = Counter()
    total = 0
    for name, those in sorted(by_format.items()):
        wholes = [read_all(sample.data) for sample in those]
        dice = random.Random(f"{options.seed} {name}")  # noqa: S311 - the same copies every time
        jobs = [(dice.randrange(len(those)), DAMAGES[place % len(DAMAGES)]) for place in range(each)]
        refused = warned = wrong = 0
        slowest = largest = 0.0
        for first in range(0, len(jobs), len(workers)):
            batch = []
            for worker, (index, kind) in zip(workers, jobs[first:], strict=False):
                data = damaged(those[index], kind, dice.choice(everything).data, dice)
                worker.give(data or b"\0")
                batch.append((worker, index, kind, data))
            for worker, index, kind, data in batch:
                result = worker.take()
                refused += result.loss is None and result.fault is None
                warned += result.loss is not None and bool(result.loss.warnings)
                slowest, largest = max(slowest, result.seconds), max(largest, result.mib)
                faults = faults_of(those[index], data, kind, wholes[index], result)
                wrong += bool(faults)
                for fault in faults:
                    told[f"{name}, {those[index].name}, {kind}: {fault}"] += 1
                if faults and options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{name}-{total}-{kind}").write_bytes(data)
                total += 1
        print(
            f"| {name} | {len(those)} | {len(jobs)} | {refused} | {warned} | {wrong} | {slowest:.2f} | {largest:.0f} |",
            flush=True,
        )
    print(f"\n{total:,} damaged copies of {len(everything)} samples, {sum(told.values())} faults")
    for text, count in told.most_common():
        print(f"- {text}" + (f" ({count} times)" if count > 1 else ""))
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
