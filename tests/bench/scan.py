"""How fast `triage scan` is, beside ripgrep and beside itself with other numbers of workers, bytes and rules.

    python tests/bench/scan.py [--folder DIR] [--web GB] [--files N] [--large GB] [--only web,plain,share,memory,mix,…]

Builds its inputs (web-server logs, a share of altered samples, one large log with three crashes, dumps of many sizes),
measures, and prints Markdown. Each ratio is of runs one after the other on the same machine; that of two workers to
one holds on a machine that does nothing else. ripgrep (`rg`) has to be on PATH for the first. Peak memory is that of
the largest process.
"""

import argparse
import gzip
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from triage.api import analyze, load_knowledge
from triage.formats import LANDMARKS
from triage.knowledge.build import build_pack
from triage.model.report import Report
from triage.text.decode import decode
from triage.text.landmarks import finder

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from builders.eventlogs import crash_event, event_log  # noqa: E402
from builders.kerneldumps import crashed_network  # noqa: E402
from builders.minidumps import MinidumpBuilder, context_x64, words  # noqa: E402

SAMPLES = [path for path in sorted(ROOT.glob("samples/*/input.*")) if "no-crash" not in str(path)]
PAGES = (
    "index.html images/logo.png default.asp products/view api/v2/items search?q=shoes cart checkout about.htm".split()
)
MISLEADING = "children/toys stack/overflow docs/exceptions/io.html second-chance.asp".split()
AGENTS = ("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", "Mozilla/5.0 (X11; U; Linux i686; rv:1.7)", "-")
MEASURED = (
    "import resource,subprocess,sys,time\n"
    "start=time.perf_counter()\n"
    "done=subprocess.run(sys.argv[2:],stdout=open(sys.argv[1],'wb'),stderr=subprocess.PIPE)\n"
    "used=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(time.perf_counter()-start,used.ru_maxrss,used.ru_utime+used.ru_stime)\n"
    "sys.stderr.buffer.write(done.stderr[-2000:])\n"
)


class Run(msgspec.Struct):
    """A command: seconds, MiB of its largest process, what it printed, seconds of processors (of all its processes)."""

    seconds: float
    mib: float
    output: Path
    cpu: float

    def reports(self) -> list[Report]:
        return [msgspec.json.decode(line, type=Report) for line in self.output.read_bytes().splitlines()]


def run(folder: Path, *command: object) -> Run:
    output = folder / "output"
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(output), *map(str, command)],
        check=True,
        capture_output=True,
        text=True,
        # As installed: with compiled modules.
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""},
    )
    seconds, kib, cpu = done.stdout.split()
    return Run(float(seconds), int(kib) / 1024, output, float(cpu))


def scan(folder: Path, *args: object) -> Run:
    return run(folder, sys.executable, "-m", "triage", "scan", "-q", "-f", "jsonl", *args)


def web_lines(seed: int, count: int) -> bytes:
    """Requests; one in 100,000 has a word in it that evidence has, too."""
    dice = random.Random(seed)  # noqa: S311 - the same inputs every time
    lines = []
    for number in range(count):
        page = dice.choice(MISLEADING) if number % 100_000 == 99_999 else dice.choice(PAGES)
        lines.append(
            f"10.{dice.randrange(256)}.{dice.randrange(256)}.7 - - "
            f"[12/Mar/2004:10:{number // 60 % 60:02}:{number % 60:02} +0100]"
            f' "GET /{page} HTTP/1.1" {dice.choice((200, 304, 404))} {dice.randrange(90_000)} "-" '
            f'"{dice.choice(AGENTS)}"\n'
        )
    return "".join(lines).encode()


def write_web(folder: Path, size: int, files: int = 6) -> None:
    folder.mkdir(parents=True)
    for number in range(files):
        block = web_lines(number, 200_000)
        with (folder / f"access{number}.log").open("wb") as file:
            while file.tell() < size // files:
                file.write(block)


def altered(dice: random.Random, text: str) -> str:
    """The sample with another machine's process ids, and lines of a log around it."""
    quiet = web_lines(dice.randrange(50), dice.randrange(1, 40)).decode()
    return quiet + "\n" + "\n".join(text.splitlines()) + "\n" + quiet + f"end of log {dice.randrange(10**9)}\n"


def write_share(folder: Path, files: int, large: int) -> list[Path]:
    """One file in twenty has a crash; returns those."""
    dice = random.Random(7)  # noqa: S311
    texts = [decode(path.read_bytes())[0] for path in SAMPLES]
    quiet = [web_lines(seed, 100 + 20 * seed) for seed in range(40)]
    crashes = []
    for number in range(files):
        path = folder / f"{number % 97:02}" / f"{number:06}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % 20 == 0:
            path.write_text(altered(dice, texts[number // 20 % len(texts)]), "utf-8")
            crashes.append(path)
        else:
            path.write_bytes(quiet[dice.randrange(len(quiet))] + b"%d\n" % dice.randrange(10**9))
    if large:
        write_large(folder / "large.log", large, texts[1:4])
    return crashes


def write_large(path: Path, size: int, texts: list[str]) -> None:
    block = web_lines(99, 99_000)
    marks = [size // 10, size // 2, size - size // 20]
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(block)
            if marks and file.tell() > marks[0]:
                marks.pop(0)
                text = "\n".join(texts[len(marks)].splitlines())
                file.write(b"\n" + text.encode() + b"\n")


def web(folder: Path, size: int) -> Iterator[str]:
    write_web(folder / "web", size)
    literals = folder / "literals"
    literals.write_text("\n".join(sorted({word.strip("\n") for word in LANDMARKS})) + "\n", "utf-8")
    yield f"## {size / 1e9:.1f} GB of web-server logs without a crash\n"
    yield "| | seconds | GB/s | MiB | times ripgrep |\n|---|---|---|---|---|"
    rg = shutil.which("rg")
    command = (rg or "rg", "-j2", "-c", "-i", "-F", "-f", literals, folder / "web")
    scan(folder, folder / "web")  # once, so that both find the files in memory
    base = min((run(folder, *command) for _ in range(2)), key=lambda one: one.seconds) if rg else None
    if base:
        yield f"| ripgrep -c -i -F -j2 | {base.seconds:.2f} | {size / 1e9 / base.seconds:.2f} | {base.mib:.0f} | 1.00 |"
    for jobs in (1, 2):
        done = min((scan(folder, "-j", jobs, folder / "web") for _ in range(2)), key=lambda one: one.seconds)
        ratio = f"{done.seconds / base.seconds:.2f}" if base else "-"
        found = sum(len(report.incidents) for report in done.reports())
        rate = size / 1e9 / done.seconds
        yield f"| scan -j {jobs} ({found} incidents) | {done.seconds:.2f} | {rate:.2f} | {done.mib:.0f} | {ratio} |"
    shutil.rmtree(folder / "web")
    yield ""


def plain(folder: Path) -> Iterator[str]:
    """The search for landmarks alone, on one processor."""
    yield "## Landmarks in memory, MB a second of a processor\n"
    yield "| | MB a second |\n|---|---|"
    find = finder(LANDMARKS, "utf-8")
    texts = {
        "web-server logs": web_lines(1, 200_000),
        "logs of a service, a new number in each line": service_lines(2, 150_000),
        "sources of the standard library": b"".join(
            path.read_bytes() for path in sorted(Path(os.__file__).parent.glob("*.py"))
        ),
    }
    for name, text in texts.items():
        grains = [text[at : at + 16_384] for at in range(0, len(text), 16_384)]
        times = []
        for _ in range(3):
            start = time.process_time()
            for grain in grains:
                find(grain)
            times.append(time.process_time() - start)
        yield f"| {name} | {len(text) / 1e6 / min(times):,.0f} |"
    yield ""


def service_lines(seed: int, count: int) -> bytes:
    """What a service logs: a time, one of some sentences, one of some users, a number that never comes again."""
    dice = random.Random(seed)  # noqa: S311
    verbs = "request served,session opened,session closed,cache missed,row locked,table read,plan made,health good"
    users = ["".join(dice.choices("abdefghiklmnoprstu", k=7)) for _ in range(400)]
    return "".join(
        f"2024-03-{number // 9000 % 28 + 1:02}T10:{number // 60 % 60:02}:{number % 60:02}.{dice.randrange(1000):03}Z "
        f"INFO [pool-{dice.randrange(9)}] {dice.choice(users)}: {dice.choice(verbs.split(','))} "
        f"id={dice.getrandbits(64):016x} {dice.randrange(10_000)} ms\n"
        for number in range(count)
    ).encode()


def user_dump(seed: int, *, threads: int, stack: int, heap: int) -> bytes:
    """A dump of a 64-bit program with so many threads, bytes of each stack, and bytes of other memory."""
    dice = random.Random(seed)  # noqa: S311
    dump = MinidumpBuilder("x64").add_system(version=(10, 0), build=19045, pack=None).add_misc(pid=seed)
    bases = []
    for number in range(110):
        bases.append(0x7FF600000000 + number * 0x200000)
        name = "C:\\Program Files\\App\\" if number < 30 else "C:\\Windows\\System32\\"
        dump.add_module(f"{name}module{number}.dll", bases[-1], 0x100000, version=(10, 0, 19041, number))
    for number in range(threads):
        frames = [dice.choice(bases) + dice.randrange(0x100000) if dice.random() < 0.2 else dice.getrandbits(20)
                  for _ in range(stack // 8)]  # fmt: skip
        at = 0x20_0000_0000 + number * 0x100000
        dump.add_thread(number + 1, context_x64(rip=bases[number % 30] + 0x1234, rsp=at), (at, words(*frames, width=8)))
    if heap:
        dump.add_memory(0x10_0000_0000, dice.randbytes(1 << 20) * (heap >> 20))
    context = context_x64(rip=bases[seed % 30] + 0x1234, rsp=0x20_0000_0000)
    dump.add_exception(0xC0000005, bases[seed % 30] + 0x1234, thread=1, parameters=(0, 24), context=context)
    return dump.write()


KINDS = (
    # of 1,000 dumps that a fleet sends, so many; what they are; how one is made; how many of them are measured
    (850, "small user dumps", lambda seed: user_dump(seed, threads=12, stack=8192, heap=0), 400),
    (100, "user dumps with data of modules", lambda seed: user_dump(seed, threads=40, stack=16_384, heap=2 << 20), 80),
    (40, "small kernel dumps", lambda seed: crashed_network().write() + bytes(1 << 18), 300),
    (9, "user dumps with some heap", lambda seed: user_dump(seed, threads=60, stack=32_768, heap=48 << 20), 10),
    (1, "full user dumps", lambda seed: user_dump(seed, threads=100, stack=65_536, heap=512 << 20), 2),
)


def mix(folder: Path) -> Iterator[str]:
    """What a mixture of dumps costs, size by size: the ground of the plan for a fleet."""
    yield "## A mixture of dumps\n"
    yield "| in 1,000 | kind | MB each | processor ms each | MB/s | MiB |\n|---|---|---|---|---|---|"
    (folder / "none").mkdir()
    (folder / "none" / "a.log").write_text("nothing\n")
    idle = scan(folder, "-j", 1, folder / "none").cpu
    size_of_all = time_of_all = 0.0
    for share_of, name, make, count in KINDS:
        dumps = folder / "dumps"
        dumps.mkdir()
        size = 0
        for number in range(count):
            data = make(number)
            size += len(data)
            (dumps / f"{number}.dmp").write_bytes(data)
            del data
        done = scan(folder, "-j", 1, dumps)
        each = max(0.0, done.cpu - idle) / count
        size_of_all += share_of * size / count
        time_of_all += share_of * each
        rate = size / count / 1e6 / each if each else 0
        yield f"| {share_of} | {name} | {size / count / 1e6:,.2f} | {1000 * each:,.1f} | {rate:,.0f} | {done.mib:.0f} |"
        shutil.rmtree(dumps)
    yield f"| 1,000 | all | {size_of_all / 1e9:,.2f} | {time_of_all:,.1f} | {size_of_all / 1e6 / time_of_all:,.0f} | |"
    yield ""


def memory(folder: Path) -> Iterator[str]:
    """Peak memory of the largest process for one source of a gigabyte of each kind."""
    yield "## One source of 1 GB\n"
    yield "| | seconds | MiB |\n|---|---|---|"
    place = folder / "one"
    place.mkdir()
    filler = random.Random(3).randbytes(1 << 20)  # noqa: S311

    def lengthened(name: str, head: bytes) -> Path:
        with (place / name).open("wb") as file:
            file.write(head)
            for _ in range(1000):
                file.write(filler)
        return place / name

    def logged(name: str) -> Path:
        block = web_lines(4, 100_000)
        with gzip.open(place / name, "wb", compresslevel=1) as file:
            for _ in range(1_000_000_000 // len(block)):
                file.write(block)
        return place / name

    def packed(name: str, method: int) -> Path:
        with zipfile.ZipFile(place / name, "w", method, compresslevel=1) as archive:
            archive.write(lengthened("inner.dmp", user_dump(5, threads=12, stack=8192, heap=0)), "inner.dmp")
        (place / "inner.dmp").unlink()
        return place / name

    def tarred(name: str) -> Path:
        with tarfile.open(place / name, "w") as archive:
            archive.add(lengthened("inner.dmp", crashed_network().write()), "inner.dmp")
        (place / "inner.dmp").unlink()
        return place / name

    def events(name: str) -> Path:
        quiet = [crash_event(source="Service Control Manager", number=7036, level=4) for _ in range(55)]
        blocks = 15_000
        log = bytearray(event_log(quiet, [crash_event()]))
        log[42:44] = blocks.to_bytes(2, "little")
        log[124:128] = zlib.crc32(log[:120]).to_bytes(4, "little")
        block = bytes(log[4096 : 4096 + 65_536])
        with (place / name).open("wb") as file:
            file.write(log)
            for _ in range(blocks - 2):
                file.write(block)
        return place / name

    made = {
        "full user dump": lambda: lengthened("a.dmp", user_dump(5, threads=12, stack=8192, heap=0)),
        "kernel dump": lambda: lengthened("b.dmp", crashed_network().write()),
        "dump in a zip, deflated": lambda: packed("c.zip", zipfile.ZIP_DEFLATED),
        "dump in a zip, stored": lambda: packed("d.zip", zipfile.ZIP_STORED),
        "dump in a tar": lambda: tarred("e.tar"),
        "log in a gz": lambda: logged("f.log.gz"),
        "event log": lambda: events("g.evtx"),
    }
    for name, make in made.items():
        path = make()
        done = scan(folder, "-j", 1, path)
        found = sum(len(report.incidents) for report in done.reports())
        yield f"| {name} ({found} incidents) | {done.seconds:.1f} | {done.mib:.0f} |"
        path.unlink()
    yield ""


def share(folder: Path, files: int, large: int) -> Iterator[str]:
    crashes = write_share(folder / "share", files, large)
    total = sum(path.stat().st_size for path in (folder / "share").rglob("*.log"))
    yield f"## A share: {files:,} files, {len(crashes):,} with crashes, a log of {large / 1e9:.1f} GB"
    yield f"\n{total / 1e9:.2f} GB in all.\n"
    yield "| | seconds | of processors | MiB | incidents | a processor second |\n|---|---|---|---|---|---|"
    if hasattr(os, "sync"):
        os.sync()  # what is still to be written is not of the scan
    for path in (folder / "share").rglob("*.log"):
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass  # all runs find the files in memory, as far as that holds them
    seconds = {}
    found: dict[str, list[tuple[int, str]]] = {}
    for jobs in (1, 2):
        done = scan(folder, "-j", jobs, folder / "share")
        seconds[jobs] = done.seconds
        found = {
            report.source.path: [(one.lines[0], one.signature) for one in report.incidents] for report in done.reports()
        }
        count = sum(map(len, found.values()))
        rate = count / done.cpu
        yield f"| -j {jobs} | {done.seconds:.1f} | {done.cpu:.1f} | {done.mib:.0f} | {count:,} | {rate:.0f} |"
    state = folder / "state"
    first = scan(folder, "-j", 2, "--state", state, folder / "share")
    second = scan(folder, "-j", 2, "--state", state, folder / "share")
    yield f"| -j 2 --state, first | {first.seconds:.1f} | {first.cpu:.1f} | {first.mib:.0f} | | |"
    yield f"| -j 2 --state, second | {second.seconds:.1f} | {second.cpu:.1f} | {second.mib:.0f} | | |"
    one = scan(folder, "-j", 1, "--state", state, folder / "share")
    yield f"| -j 1 --state, third | {one.seconds:.1f} | {one.cpu:.1f} | {one.mib:.0f} | | |"
    pack = folder / "half.pack"
    rules_in(pack, 2)
    other = scan(folder, "-j", 2, "--state", state, "-k", pack, folder / "share")
    yield f"| -j 2 --state, other rules | {other.seconds:.1f} | {other.cpu:.1f} | {other.mib:.0f} | | |"
    yield f"\nTwo workers are {seconds[1] / seconds[2]:.2f} times as fast as one; "
    yield f"the second run with --state takes {100 * second.seconds / first.seconds:.1f} % of the first."
    knowledge = load_knowledge()
    alone = lost = 0
    for path in crashes:
        report = analyze(path.read_bytes(), path=str(path), knowledge=knowledge)
        expected = [(one.lines[0], one.signature) for one in report.incidents]
        alone += len(expected)
        lost += len(set(expected) - set(found[str(path)]))
    yield f"One by one, the files with crashes give {alone:,} incidents; the scan lost {lost} of them."
    if large:
        count = len(found[str(folder / "share" / "large.log")])
        yield f"In the large log the scan found {count} incidents; 3 are in it."
    shutil.rmtree(folder / "share")
    yield ""


def by_bytes(folder: Path) -> Iterator[str]:
    yield "## Cost by bytes, in seconds of a processor\n"
    yield "| MB without a crash | seconds | files with crashes | seconds |"
    yield "|---|---|---|---|"
    for factor in (1, 2, 4):
        write_web(folder / "w", factor * 250_000_000, files=1)
        for path in write_share(folder / "all", factor * 4000, 0):
            (folder / "c").mkdir(exist_ok=True)
            path.rename(folder / "c" / path.name)
        quiet, crashed = scan(folder, "-j", 1, folder / "w"), scan(folder, "-j", 1, folder / "c")
        yield f"| {factor * 250} | {quiet.cpu:.2f} | {factor * 200} | {crashed.cpu:.2f} |"
        for name in ("w", "c", "all"):
            shutil.rmtree(folder / name)
    yield ""


def rules_in(pack: Path, share_of: int) -> int:
    """Write a pack of every so many-th rule; how many it has."""
    whole = load_knowledge()
    ids = [rule_id for rule_id, _, _ in whole.rule_ids()]
    rules = [rule for rule_id in ids[::share_of] if (rule := whole.rule(rule_id)) is not None]
    build_pack(rules, whole.products.all, whole.code_entries(), whole.weights, pack, frames=whole.frames)
    return len(rules)


def by_rules(folder: Path) -> Iterator[str]:
    yield "## Cost by rules (200 files with crashes), in seconds of a processor\n"
    yield "| rules | seconds | without starting |\n|---|---|---|"
    for path in write_share(folder / "all", 4000, 0):
        (folder / "c").mkdir(exist_ok=True)
        path.rename(folder / "c" / path.name)
    (folder / "none").mkdir()
    (folder / "none" / "a.log").write_text("nothing\n")
    for share_of in (16, 4, 1):
        pack = folder / f"{share_of}.pack"
        rules = rules_in(pack, share_of)
        start = scan(folder, "-j", 1, "-k", pack, folder / "none").cpu
        done = scan(folder, "-j", 1, "-k", pack, folder / "c").cpu
        yield f"| {rules:,} | {done:.2f} | {done - start:.2f} |"
    yield ""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--web", type=float, default=1.5)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--large", type=float, default=4.0)
    parser.add_argument("--only", default="web,plain,share,memory,mix,bytes,rules")
    args = parser.parse_args()
    wanted = args.only.split(",")
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors, Python {sys.version.split()[0]}\n")
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        parts = {
            "web": lambda: web(folder, int(args.web * 1e9)),
            "share": lambda: share(folder, args.files, int(args.large * 1e9)),
            "plain": lambda: plain(folder),
            "memory": lambda: memory(folder),
            "mix": lambda: mix(folder),
            "bytes": lambda: by_bytes(folder),
            "rules": lambda: by_rules(folder),
        }
        for part in wanted:
            for line in parts[part]():
                print(line, flush=True)


if __name__ == "__main__":
    main()
