"""How fast `triage scan` is, beside ripgrep and beside itself with other numbers of workers, bytes and rules.

    python tests/bench/scan.py [--folder DIR] [--web GB] [--files N] [--large GB] [--only web,share,bytes,rules]

Builds its inputs (web-server logs, a share of altered samples, one large log with three crashes), measures, and prints
Markdown. Each ratio is of runs one after the other on the same machine. ripgrep (`rg`) has to be on PATH for the first.
Peak memory is that of the largest process.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from triage.api import analyze, load_knowledge
from triage.formats import FORMATS
from triage.knowledge.build import build_pack
from triage.model.report import Report
from triage.text.decode import decode
from triage.text.landmarks import all_of

ROOT = Path(__file__).parents[2]
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
        env={**os.environ, "PYTHONPATH": str(ROOT)},
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
    words = all_of(known.landmarks for known in FORMATS)
    literals.write_text("\n".join(sorted({word.strip("\n") for word in words})) + "\n", "utf-8")
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


def share(folder: Path, files: int, large: int) -> Iterator[str]:
    crashes = write_share(folder / "share", files, large)
    total = sum(path.stat().st_size for path in (folder / "share").rglob("*.log"))
    yield f"## A share: {files:,} files, {len(crashes):,} with crashes, a log of {large / 1e9:.1f} GB"
    yield f"\n{total / 1e9:.2f} GB in all.\n"
    yield "| | seconds | of processors | MiB | incidents | a processor second |\n|---|---|---|---|---|---|"
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


def by_rules(folder: Path) -> Iterator[str]:
    yield "## Cost by rules (200 files with crashes), in seconds of a processor\n"
    yield "| rules | seconds | without starting |\n|---|---|---|"
    whole = load_knowledge()
    ids = [rule_id for rule_id, _, _ in whole.rule_ids()]
    for path in write_share(folder / "all", 4000, 0):
        (folder / "c").mkdir(exist_ok=True)
        path.rename(folder / "c" / path.name)
    (folder / "none").mkdir()
    (folder / "none" / "a.log").write_text("nothing\n")
    for share_of in (16, 4, 1):
        rules = [rule for rule_id in ids[::share_of] if (rule := whole.rule(rule_id)) is not None]
        pack = folder / f"{share_of}.pack"
        build_pack(rules, whole.products.all, whole.code_entries(), whole.weights, pack)
        start = scan(folder, "-j", 1, "-k", pack, folder / "none").cpu
        done = scan(folder, "-j", 1, "-k", pack, folder / "c").cpu
        yield f"| {len(rules):,} | {done:.2f} | {done - start:.2f} |"
    yield ""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--web", type=float, default=1.5)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--large", type=float, default=4.0)
    parser.add_argument("--only", default="web,share,bytes,rules")
    args = parser.parse_args()
    wanted = args.only.split(",")
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors, Python {sys.version.split()[0]}\n")
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        parts = {
            "web": lambda: web(folder, int(args.web * 1e9)),
            "share": lambda: share(folder, args.files, int(args.large * 1e9)),
            "bytes": lambda: by_bytes(folder),
            "rules": lambda: by_rules(folder),
        }
        for part in wanted:
            for line in parts[part]():
                print(line, flush=True)


if __name__ == "__main__":
    main()
