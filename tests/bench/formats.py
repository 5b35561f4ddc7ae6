"""How fast formats are read, beside the packages that read the same files, in one run.

    python tests/bench/formats.py [--real FOLDER] [--megabytes N] [--rounds N] [--only dumps,evtx,text]

- User minidumps against the package `minidump` (MinidumpFile.parse_bytes), on the files that it can read. It reads the
  streams; what is measured of triage also walks the failing thread's stack and makes the evidence.
- Event logs against the bare iteration of the package `evtx` in one thread, which decodes each event to XML.
- Debugger text: megabytes a second of one core, of logs made here. Some are sessions of a debugger: a program prints
  some dozens of its own sentences with other values, a quarter of them sentences that never come again, and every so
  many rows it hits an access violation, with registers and a stack. The others are as dense as can be: half of one is
  what a program prints, the rest are loads of modules, stacks, registers and memory; then nothing but one of these; one
  row in a hundred of what the program prints here is an exception that it handles, in one of its threads; exceptions of
  ever new threads; and nothing but sentences that never come again.

Files are those of a folder of real dumps and event logs, where there is one, else what tests/builders make. Each figure
is the best of some rounds by the processor's time, the two sides of a ratio in turns. Prints Markdown.
"""

import argparse
import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

from damage import ROOT, samples

from builders.eventlogs import VALUES, crash_event, event_log
from triage.formats import minidump, read_evidence

_WORDS = (
    "the a leaf of ledger was posted to orchard and waits for quill until ink dries open closed page book entry"
    " account sum total client server session request answer queue worker pool cache table row column index key"
    " value name path file folder stream buffer block sector disk network socket port address peer connect accept"
    " send receive retry time out late early next last first second third again never always while after before"
    " during because state idle busy ready running stopped paused resumed begin end start finish commit rollback"
    " lock unlock wait signal event handle object class method call return result status success warning limit"
    " size count number order list tree node edge root branch trunk seed apple pear plum cherry harvest basket"
    " crate barn gate fence meadow river bridge mill wheel stone flour bread oven table chair lamp window door key"
    " ring bell clock hour minute month year winter summer"
).split()
_MODULES = "ntdll kernel32 KERNELBASE orchard ledger quill inkwell msvcrt ole32 rpcrt4 user32 gdi32".split()
_FUNCTIONS = (
    "RtlUserThreadStart BaseThreadInitThunk TLeaf::Grow CLedger::Post NtWaitForSingleObject RtlpAllocateHeap "
    "WaitForMultipleObjectsEx CInk::Dry OpenQuill DispatchMessageWorker"
).split()
_STOP = (
    "(1a4.9c8): Access violation - code c0000005 (first chance)",
    "First chance exceptions are reported before any exception handling.",
    "eax=00000000 ebx=00000001 ecx=00000002 edx=00000003 esi=00000004 edi=00000005",
    "eip=00401050 esp=0012f000 ebp=0012f004 iopl=0         nv up ei pl zr na pe nc",
    "orchard!CLedger::Post+0x50:",
    "00401050 8b4808          mov     ecx,dword ptr [eax+8] ds:0023:00000008=????????",
)


def best(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The least processor time of each work, in seconds; taken in turns, so that a busy machine slows all."""
    least = [float("inf")] * len(works)
    for _ in range(rounds):
        for index, work in enumerate(works):
            start = time.process_time()
            work()
            least[index] = min(least[index], time.process_time() - start)
    return least


def dumps(real: Path | None, rounds: int) -> None:
    """The ratio for user minidumps."""
    from minidump.minidumpfile import MinidumpFile

    logging.disable(logging.CRITICAL)
    files = [sample.data for sample in samples(real) if sample.format == "minidump"]
    both = [data for data in files if _reads(MinidumpFile.parse_bytes, data) and _reads(minidump.read, data)]
    ours, theirs = best(
        rounds,
        lambda: [minidump.read(data) for data in both],
        lambda: [MinidumpFile.parse_bytes(data) for data in both],
    )
    print(
        f"| {len(both)} user minidumps of {len(files)} | {ours * 1e3:.1f} ms | minidump {theirs * 1e3:.1f} ms ", end=""
    )
    print(f"| {theirs / ours:.2f} times as fast | 3 times |", flush=True)


def _reads(read: Callable[[bytes], object], data: bytes) -> bool:
    start = time.process_time()
    try:
        read(data)
    except Exception:  # noqa: BLE001 - the package raises anything for dumps that it does not know
        return False
    return time.process_time() - start < 1


def event_logs(real: Path | None, rounds: int) -> None:
    """The ratio for event logs."""
    from evtx import PyEvtxParser

    found = sorted(real.glob("evtx/*.evtx")) if real is not None else []
    sources = [(path.name, path.read_bytes()) for path in found]
    crash, other = crash_event(), crash_event(("The service entered the running state.",), "Ledger", 7, 4)
    block = [crash, *([other] * 40)]
    sources.append(("made, one crash of 41 events", event_log(*([block] * 40))))
    sources.append(("made, different crashes", event_log(*([_crashes(number) for number in range(8)]))))
    for name, data in sources:
        ours, theirs = best(
            rounds,
            lambda data=data: read_evidence(data),
            lambda data=data: list(PyEvtxParser(BytesIO(data), 1).records()),
        )
        print(f"| event log {name} | {ours * 1e3:.1f} ms | evtx {theirs * 1e3:.1f} ms ", end="")
        print(f"| {ours / theirs:.2f} times as long | 2 times |", flush=True)


def _crashes(number: int) -> list[object]:
    return [crash_event((f"quill{number}{place}.exe", *VALUES[1:])) for place in range(30)]


def texts(megabytes: float, rounds: int) -> None:
    """Megabytes a second of debugger text."""
    sessions = {f"a session, a crash in {rows:,} rows": session(megabytes, rows) for rows in (500, 5_000, 50_000)}
    kinds = {
        "mixed": (0.1, 0.3, 0.1, 0.5),
        "loads of modules": (1, 0, 0, 0),
        "stacks": (0, 1, 0, 0),
        "registers and memory": (0, 0, 1, 0),
        "what a program prints": (0, 0, 0, 1),
        "first chances of ever new threads": (0, 0, 0, 0, 1),
        "ever new sentences": (0, 0, 0, 0, 0, 1),
    }
    dense = {name: debugger_log(megabytes, shares) for name, shares in kinds.items()}
    for name, data in (sessions | dense).items():
        (ours,) = best(rounds, lambda data=data: read_evidence(data))
        speed = len(data) / ours / 1e6
        print(
            f"| debugger text, {name}, {len(data) / 1e6:.0f} MB | {ours:.2f} s | | {speed:.1f} MB/s | 30 MB/s |",
            flush=True,
        )


def debugger_log(megabytes: float, shares: Sequence[float]) -> bytes:
    """A log of about that size; `shares` of its bytes are module loads, stacks, registers, the program's own rows."""
    dice = random.Random(7)  # noqa: S311 - the same log every time
    makers = (_loads, _stack, _registers, _Program(dice), _chances, _sentences)[: len(shares)]
    symbols = [f"{dice.choice(_MODULES)}!{dice.choice(_FUNCTIONS)}+0x{dice.randrange(4000):x}" for _ in range(400)]
    written = [0.0] * len(makers)
    rows: list[str] = []
    while (total := sum(written)) < megabytes * 1e6:
        kind = max(range(len(makers)), key=lambda place: shares[place] * (total + 1) - written[place])
        for row in makers[kind](dice, symbols):
            rows.append(row)
            written[kind] += len(row) + 2
    return "\r\n".join([*rows, *_STOP]).encode()


def session(megabytes: float, between: int) -> bytes:
    """A log of about that size of a program that crashes once in so many rows."""
    dice = random.Random(5)  # noqa: S311 - the same log every time
    symbols = [f"{dice.choice(_MODULES)}!{dice.choice(_FUNCTIONS)}+0x{dice.randrange(4000):x}" for _ in range(400)]
    program = _Program(dice, chances=0)
    rows: list[str] = [*_loads(dice, symbols)]
    size = crashes = 0
    while size < megabytes * 1e6:
        new = list(program(dice, symbols))
        if len(rows) // between > crashes:
            crashes += 1
            new += [_STOP[0], *_registers(dice, symbols), *_stack(dice, symbols)]
        rows += new
        size += sum(map(len, new)) + 2 * len(new)
    return "\r\n".join(rows).encode()


def _word(dice: random.Random, digits: int = 8) -> str:
    return f"{dice.getrandbits(digits * 4):0{digits}x}"


def _loads(dice: random.Random, _symbols: list[str]) -> Iterator[str]:
    for _ in range(30):
        base = dice.randrange(0x10000, 0x7FFF0) * 0x10000
        name = f"{dice.choice(_MODULES)}{dice.randrange(90)}.dll"
        yield f"ModLoad: {base:08x} {base + 0x20000:08x}   C:\\Orchard\\bin\\{name}"


def _stack(dice: random.Random, symbols: list[str]) -> Iterator[str]:
    thread, count, kind = dice.randrange(60), dice.randrange(5, 30), dice.random()
    if kind < 0.5:
        yield f"0:{thread:03d}> ~{thread}s;kb"
        yield "ChildEBP RetAddr  Args to Child              "
    elif kind < 0.6:
        yield f"0:{thread:03d}> ~{thread}s;kv"
        yield "ChildEBP RetAddr  Args to Child              "
    else:
        yield f"0:{thread:03d}> ~{thread}s;kn"
        yield " # Child-SP          RetAddr               Call Site"
    for number in range(count):
        if kind >= 0.6:
            columns = f"000000{_word(dice, 2)}`{_word(dice)} 00007ff{_word(dice, 1)}`{_word(dice)}"
            yield f"{number:02x} {columns} {dice.choice(symbols)}"
        else:
            note = f" (FPO: [{dice.randrange(9)},{dice.randrange(9)},4])" if kind >= 0.5 and dice.random() < 0.7 else ""
            yield " ".join([*(_word(dice) for _ in range(5)), dice.choice(symbols)]) + note
    yield ""


def _registers(dice: random.Random, symbols: list[str]) -> Iterator[str]:
    yield " ".join(f"{name}={_word(dice)}" for name in ("eax", "ebx", "ecx", "edx", "esi", "edi"))
    yield f"eip={_word(dice)} esp={_word(dice)} ebp={_word(dice)} iopl=0         nv up ei pl nz na po nc"
    yield "cs=001b  ss=0023  ds=0023  es=0023  fs=003b  gs=0000             efl=00000202"
    yield f"{dice.choice(symbols)}:"
    yield f"{_word(dice)} 8b4508          mov     eax,dword ptr [ebp+8] ss:0023:{_word(dice)}=????????"
    yield "0:000> dd esp"
    for _ in range(16):
        yield f"{_word(dice)}  " + " ".join(_word(dice) for _ in range(4))


class _Program:
    """What one program prints: its own sentences with other values, others, and first chances of its threads."""

    def __init__(self, dice: random.Random, chances: float = 0.01) -> None:
        self.chances = chances
        self.process = _word(dice, 3)
        self.threads = [_word(dice, 3) for _ in range(24)]
        self.sentences = [_sentence(dice) for _ in range(60)]

    def __call__(self, dice: random.Random, symbols: list[str]) -> Iterator[str]:
        for _ in range(40):
            kind = dice.random()
            if kind < self.chances:
                yield f"({self.process}.{dice.choice(self.threads)}): C++ EH exception - code e06d7363 (first chance)"
            elif kind < 0.25:
                yield from _sentences(dice, symbols)
            else:
                yield _filled(dice, dice.choice(self.sentences))


def _sentence(dice: random.Random) -> str:
    """A sentence with places for values: # a number, @ hexadecimal digits, % a name."""
    words = [dice.choice(_WORDS) for _ in range(dice.randrange(4, 11))]
    for sign in dice.choices("##@@% ", k=2):
        words.insert(dice.randrange(len(words)), sign)
    return dice.choice(("", "", "DBG: ", "[@] ", "quill: ", "### ")) + " ".join(words)


def _filled(dice: random.Random, sentence: str) -> str:
    parts = []
    for sign in sentence:
        if sign == "#":
            parts.append(str(dice.randrange(10 ** dice.randrange(1, 6))))
        elif sign == "@":
            parts.append(_word(dice, dice.choice((4, 6, 8, 16))))
        elif sign == "%":
            parts.append(f"{dice.choice(_WORDS)}\\{dice.choice(_WORDS)}.log")
        else:
            parts.append(sign)
    return "".join(parts)


def _sentences(dice: random.Random, _symbols: list[str]) -> Iterator[str]:
    yield _filled(dice, _sentence(dice))


def _chances(dice: random.Random, _symbols: list[str]) -> Iterator[str]:
    yield f"({_word(dice, 3)}.{_word(dice, 3)}): C++ EH exception - code e06d7363 (first chance)"
    for _ in range(99):
        yield _filled(dice, "worker # waits for request @ of the ledger")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--real", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--megabytes", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="dumps,evtx,text")
    options = parser.parse_args()
    real = options.real if options.real.is_dir() else None
    print("| source | triage | beside it | figure | target |\n| --- | ---: | ---: | ---: | ---: |", flush=True)
    if "dumps" in options.only:
        try:
            dumps(real, options.rounds * 4)
        except ImportError:
            print("| user minidumps | | the package `minidump` is not there | | 3 times |")
    if "evtx" in options.only:
        event_logs(real, options.rounds * 2)
    if "text" in options.only:
        texts(options.megabytes, min(options.rounds, 3))


if __name__ == "__main__":
    main()
