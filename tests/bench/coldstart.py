"""How long `triage analyze` of a small sample takes, against importing the libraries that such a program needs.

    python tests/bench/coldstart.py [SAMPLE]

Prints the median of both, taken in turns so that a busy machine slows both, and their ratio.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
YARDSTICK = "import click, yaml, rapidfuzz"


def seconds(command: list[str]) -> float:
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=compiled)
    return time.perf_counter() - start


def main() -> None:
    samples = Path(__file__).parents[2] / "samples"
    sample = sys.argv[1] if len(sys.argv) > 1 else str(next(iter(sorted(samples.glob("*/input.*")))))
    triage = [sys.executable, "-m", "triage", "analyze", sample]
    yardstick = [sys.executable, "-c", YARDSTICK]
    for command in (triage, yardstick):
        seconds(command)  # the first run compiles the modules and fills the caches
    pairs = [(seconds(triage), seconds(yardstick)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"triage analyze {ours * 1000:.0f} ms, {YARDSTICK!r} {theirs * 1000:.0f} ms, ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
