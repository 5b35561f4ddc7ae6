"""Fit the order of the best candidates on labelled logs, and say how well it does on articles that it has not seen.

    python tests/bench/ranking.py LABELS.jsonl [LABELS.jsonl …] [--pack PACK] [--ridge N] [--write]

The candidates of each log are a choice among several: the fit makes the right ones likely (a conditional logit with a
ridge, by L-BFGS). It is done four times, each time without a quarter of the articles (by a hash of the id), and the
figures are of that quarter; `--write` then fits on all and writes rules/weights/ranking.yaml. Needs numpy and scipy.
"""

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from labelled import WEIGHTS, Query, queries, rules
from scipy.optimize import minimize

from triage.engine import order, rank  # the modules: the fit watches what they weigh
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_products, load_weights
from triage.knowledge.pack import Pack

PARTS = 4
Features = dict[str, float]


class Choice(NamedTuple):
    """The candidates of one log, as the score puts them: features of each, and whether it is right."""

    labels: str
    expect: frozenset[str]
    features: tuple[Features, ...]
    right: tuple[bool, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--pack", type=Path, help="rules to rank, in place of the tree's")
    parser.add_argument("--ridge", type=float, default=10.0)
    parser.add_argument("--write", action="store_true", help="write rules/weights/ranking.yaml")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.pack
        if path is None:
            path = Path(folder) / "all.pack"
            build_pack(rules(), load_products(WEIGHTS.parent / "products"), (), load_weights(WEIGHTS), path)
        pack = Pack.open(path)
        choices = [choice_of(log, pack) for log in queries(options.labels)]
        pack.close()
    names = sorted({name for choice in choices for one in choice.features for name in one})
    for labels in sorted({choice.labels for choice in choices}):
        print(f"{labels}: as the score has it {_told([_place(c.right) for c in choices if c.labels == labels])}")
    places: dict[str, list[int | None]] = {}
    for part in range(PARTS):
        weights = fit([choice for choice in choices if _part(choice) != part], names, options.ridge)
        for choice in choices:
            if _part(choice) == part:
                places.setdefault(choice.labels, []).append(_place(_sorted(choice, names, weights)))
    for labels, found in sorted(places.items()):
        print(f"{labels}: {len(found)} logs, none of whose articles was fitted on: {_told(found)}")
    if options.write:
        _write(names, fit(choices, names, options.ridge), options.labels)
    return 0


def choice_of(log: Query, pack: Pack) -> Choice:
    """What the features of a log's candidates are, taken from where the engine weighs them."""
    seen: list[Features] = []
    weighed = order.weighed

    def watch(features: Features, pack: Pack) -> float:
        seen.append(features)
        return -float(len(seen))  # the order in which they were given

    order.weighed = watch
    try:
        found = rank.rank(log.evidence, pack)[: len(seen)]
    finally:
        order.weighed = weighed
    right = tuple(pack.rule_at(item.rule).id in log.expect for item in found[: len(seen)])
    return Choice(log.labels, log.expect, tuple(seen[: len(right)]), right)


def _part(choice: Choice) -> int:
    return hashlib.sha256(min(choice.expect).encode()).digest()[1] % PARTS


def fit(choices: Sequence[Choice], names: Sequence[str], ridge: float) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Coefficients in the order of the names; logs without a right candidate teach nothing."""
    used = [choice for choice in choices if any(choice.right)]
    table = np.array([[one.get(name, 0.0) for name in names] for choice in used for one in choice.features])
    right = np.array([hit for choice in used for hit in choice.right])
    sizes = np.array([len(choice.right) for choice in used])
    starts, group = np.concatenate([[0], np.cumsum(sizes)[:-1]]), np.repeat(np.arange(len(used)), sizes)
    scale = table.std(axis=0) + 1e-6
    table = (table - table.mean(axis=0)) / scale

    def loss(weights: Any) -> tuple[float, Any]:
        place = table @ weights
        power = np.exp(place - np.maximum.reduceat(place, starts)[group])
        every, hits = np.add.reduceat(power, starts), np.add.reduceat(np.where(right, power, 0.0), starts)
        slope = power / every[group] - np.where(right, power, 0.0) / hits[group]
        value = np.log(every).sum() - np.log(hits).sum() + ridge / 2 * weights @ weights
        return float(value), table.T @ slope + ridge * weights

    return minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x / scale


def _sorted(choice: Choice, names: Sequence[str], weights: Any) -> list[bool]:
    places = [sum(w * one.get(name, 0.0) for name, w in zip(names, weights, strict=True)) for one in choice.features]
    return [choice.right[index] for index in sorted(range(len(places)), key=lambda index: -places[index])]


def _place(right: Sequence[bool]) -> int | None:
    return list(right).index(True) if any(right) else None


def _told(places: Sequence[int | None]) -> str:
    first, five = (sum(place is not None and place < depth for place in places) / len(places) for depth in (1, 5))
    return f"R@1 {first:.4f}, R@5 {five:.4f}"


def _write(names: Sequence[str], weights: Any, labels: Sequence[Path]) -> None:
    data = {
        "note": f"Fitted by tests/bench/ranking.py on {', '.join(path.stem for path in labels)}.",
        "coefficients": {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)},
    }
    (WEIGHTS / "ranking.yaml").write_text(yaml.safe_dump(data, sort_keys=False, width=120), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
