"""How long matching one incident takes, against the number of rules.

    python tests/bench/latency.py LABELS.jsonl [--pack PACK …]

Reads the labelled logs, then times the matcher alone on each incident: median and 95th percentile in milliseconds of
CPU time, for packs of 1,000, 3,000 and all rules of the tree, and for each --pack (one of a whole archive, say).
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from labelled import WEIGHTS, queries, rules
from msgspec.structs import replace

from triage.engine import match
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_products, load_weights
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence

SIZES = (1_000, 3_000, None)
MOST = 1_500
"""Incidents timed: enough for a steady median."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--pack", action="append", type=Path, default=[])
    options = parser.parse_args()
    single = [
        replace(log.evidence, incidents=(incident,))
        for log in queries(options.labels)
        for incident in log.evidence.incidents
    ]
    single = single[:: max(1, len(single) // MOST)]
    known, weights, products = rules(), load_weights(WEIGHTS), load_products(WEIGHTS.parent / "products")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.pack"
            step = 1 if size is None else len(known) / size
            some = known if size is None else [known[int(position * step)] for position in range(size)]
            build_pack(some, products, (), weights, path)
            _time(path, single)
        for path in options.pack:
            _time(path, single)
    return 0


def _time(path: Path, single: Sequence[Evidence]) -> None:
    pack = Pack.open(path)
    match(single[0], pack)
    taken = []
    for evidence in single:
        start = time.process_time()
        match(evidence, pack)
        taken.append(1000 * (time.process_time() - start))
    taken.sort()
    median, late = taken[len(taken) // 2], taken[len(taken) * 95 // 100]
    print(
        f"{pack.size:7,} rules: {len(taken):,} incidents, median {median:.2f} ms, 95 % within {late:.2f} ms", flush=True
    )
    pack.close()


if __name__ == "__main__":
    sys.exit(main())
