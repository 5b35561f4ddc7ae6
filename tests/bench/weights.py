"""Fit what kinds of facts weigh, by coordinate descent on labelled logs.

    python tests/bench/weights.py LABELS.jsonl [LABELS.jsonl …] [--rounds N]

Each kind's weight is tried larger and smaller; a change stays where it raises the number of logs whose right rule comes
first, plus seven tenths of those where it is among the first five. Prints the weights to be written to
rules/weights/engine.yaml; some twenty seconds a trial.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from labelled import WEIGHTS, Query, queries, rules
from msgspec.structs import replace

from triage.engine.rank import rank
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_weights
from triage.knowledge.pack import Pack
from triage.model.rule import Rule
from triage.model.weights import Weights

STEPS = (0.8, 1.3)
FIVE = 0.7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    logs, known, weights = list(queries(options.labels)), rules(), load_weights(WEIGHTS)
    best = _worth(weights, known, logs)
    for _ in range(options.rounds):
        for kind in weights.kinds:
            for step in STEPS:
                kinds = weights.kinds | {kind: round(weights.kinds[kind] * step, 2)}
                worth = _worth(replace(weights, kinds=kinds), known, logs)
                if worth > best:
                    best, weights = worth, replace(weights, kinds=kinds)
                    print(f"{kind}: {kinds[kind]}  {best / len(logs) / (1 + FIVE):.4f}", flush=True)
                    break
    return 0


def _worth(weights: Weights, known: Sequence[Rule], logs: Sequence[Query]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trial.pack"
        build_pack(known, (), (), weights, path)
        pack = Pack.open(path)
        worth = 0.0
        for log in logs:
            ids = [pack.rule_at(item.rule).id for item in rank(log.evidence, pack)[:5]]
            worth += (not log.expect.isdisjoint(ids[:1])) + FIVE * (not log.expect.isdisjoint(ids))
        pack.close()
        return worth


if __name__ == "__main__":
    sys.exit(main())
