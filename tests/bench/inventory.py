"""How long `triage inventory` takes for many program files, against bare pefile that reads the same directory.

    python tests/bench/inventory.py [FILES] [FOLDER...]

The files are copies of the launchers that pip and setuptools ship (or of the programs in FOLDER), each with bytes of
its own at its end, so that no two are alike. The limit is 1.5 times bare pefile; interpreters start for both. The bare
run leaves `close` out, which looks for garbage after each file and takes half of the time.
"""

import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from itertools import cycle, islice
from pathlib import Path

LIMIT = 1.5
ROUNDS = 5

BARE = """
import sys
from pathlib import Path
import pefile
resources = [pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]]
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        image = pefile.PE(str(path), fast_load=True)
        image.parse_data_directories(directories=resources)
"""


def programs(folders: list[Path]) -> list[Path]:
    """Program files below the folders, smallest first names first."""
    found = sorted(path for folder in folders for path in folder.rglob("*.exe") if path.is_file())
    if not found:
        sys.exit("no .exe below " + ", ".join(map(str, folders)))
    return found


def fill(target: Path, sources: list[Path], count: int) -> int:
    """Copy sources in turn until there are `count`; how many bytes."""
    total = 0
    for number, source in enumerate(islice(cycle(sources), count)):
        data = source.read_bytes() + number.to_bytes(16, "little")
        folder = target / f"{number % 20:02}"
        folder.mkdir(exist_ok=True)
        (folder / f"{source.stem}-{number}.exe").write_bytes(data)
        total += len(data)
    return total


def seconds(command: list[str]) -> float:
    """Processor time of one run: on a busy machine the clock measures the others as well."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print; exit status 1 where the limit is passed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    folders = [Path(word) for word in sys.argv[2:]] or [Path(sysconfig.get_paths()["purelib"])]
    with tempfile.TemporaryDirectory() as name:
        size = fill(Path(name), programs(folders), count)
        bare_run = [sys.executable, "-c", BARE, name]
        our_run = [sys.executable, "-m", "triage", "inventory", name]
        pairs = [(seconds(bare_run), seconds(our_run)) for _ in range(ROUNDS + 1)][1:]  # the first one warms up
    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = ours / bare
    print(f"{count} files, {size / 1e6:.0f} MB: bare pefile {bare:.2f} s, triage {ours:.2f} s, ratio {ratio:.2f}")
    sys.exit(ratio > LIMIT)


if __name__ == "__main__":
    main()
