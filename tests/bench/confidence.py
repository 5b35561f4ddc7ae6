"""Fit the model of the confidence on labelled logs, and say how reliable it is.

    python tests/bench/confidence.py LABELS.jsonl [LABELS.jsonl …] [--prose LABELS.jsonl --pack PACK] [--write]

Two packs are built from the tree's rules: with all of them, and without any that is expected, so that the fit learns
what the best finding looks like where no rule describes the fault. It is done twice, each time with half of the
articles (by a hash of the id), and the figures are of the other half; `--write` then fits on all and writes
rules/weights. Needs numpy and scikit-learn.
The model for descriptions is fitted on those of --prose (kind "prose"), searched in a pack of the whole archive;
without --prose it stays as it is.
"""

import argparse
import hashlib
import json
import math
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import yaml
from labelled import WEIGHTS, queries, rules
from made import module_logs
from sklearn.ensemble import GradientBoostingClassifier

from triage.api.analysis import description
from triage.engine.confidence import confidence
from triage.engine.rank import Ranked, rank
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_products, load_weights
from triage.knowledge.pack import Pack
from triage.model.trees import Tree, Trees
from triage.model.weights import Confidence, Logistic

DESCRIBED = 0.93
"""Part of the real crashes that some rule describes: weight of the logs whose rule is there against those without."""

DEPTH = 5
RIDGE = 0.5
LATER = 0.4
"""Weight of a finding behind the first one: there are four of them, and few are right."""

RATE = 0.1
"""How much each tree adds of what it has learnt."""


class Sample(NamedTuple):
    """One finding of one log: the query's set and ids, whether its rule was in the pack, position, features, right."""

    labels: str
    expect: frozenset[str]
    present: bool
    position: int
    found: Ranked
    right: bool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="write rules/weights/confidence.yaml")
    parser.add_argument("--prose", type=Path, help="labelled descriptions")
    parser.add_argument("--pack", type=Path, help="the pack that they are searched in")
    parser.add_argument("--described", type=float, default=DESCRIBED)
    options = parser.parse_args()
    samples = list(_samples(options.labels))
    told: list[tuple[float, Sample]] = []
    for half in (True, False):
        fitted = fit_right([sample for sample in samples if held_out(sample) is half], options.described)
        others = [sample for sample in samples if held_out(sample) is not half and sample.position == 0]
        told += [(_probability(sample, fitted), sample) for sample in others]
    report(told)
    searched = fit_described(options.prose, options.pack) if options.prose and options.pack else None
    if options.write:
        _write(fit_right(samples, options.described), searched, options)
    return 0


def _samples(files: Sequence[Path]) -> Iterable[Sample]:
    logs, known, weights = list(queries(files)), rules(), load_weights(WEIGHTS)
    logs += module_logs(known)
    products = load_products(WEIGHTS.parent / "products")
    expected = {rule for log in logs for rule in log.expect}
    with tempfile.TemporaryDirectory() as folder:
        for present in (True, False):
            path = Path(folder) / f"{present}.pack"
            build_pack((rule for rule in known if present or rule.id not in expected), products, (), weights, path)
            pack = Pack.open(path)
            for log in logs:
                found = rank(log.evidence, pack)[: DEPTH + 1]
                ids = [pack.rule_at(item.rule).id for item in found]
                for position, (item, rule) in enumerate(zip(found, ids, strict=True)):
                    yield Sample(log.labels, log.expect, present, position, item, rule in log.expect)
            pack.close()


def held_out(sample: Sample) -> bool:
    return hashlib.sha256(min(sample.expect).encode()).digest()[0] % 2 == 1


class Model(NamedTuple):
    names: tuple[str, ...]
    values: tuple[float, ...]


def fit_right(samples: Sequence[Sample], described: float) -> Trees:
    """The trees: whether a finding of a log is right, with its rule in the pack and without, the first above all."""
    first = [sample for sample in samples if sample.position < DEPTH]
    names = sorted({name for sample in first for name in sample.found.features})
    table = np.array([[sample.found.features.get(name, 0.0) for name in names] for sample in first])
    right = np.array([sample.right for sample in first])
    weight = np.array(
        [(described if sample.present else 1.0 - described) * (LATER if sample.position else 1.0) for sample in first]
    )
    fitted = GradientBoostingClassifier(
        n_estimators=80, max_depth=3, learning_rate=RATE, subsample=0.7, min_samples_leaf=15, random_state=0
    ).fit(table, right, sample_weight=weight)
    share = float((weight * right).sum() / weight.sum())
    return Trees(
        base=round(math.log(share / (1.0 - share)), 4),
        trees=tuple(_tree(estimator.tree_, names) for estimator in fitted.estimators_.ravel()),
    )


def _tree(tree: Any, names: Sequence[str]) -> Tree:
    """A fitted tree in our rows, which hold its questions alone, in the order in which it holds them."""
    asks = [node for node in range(tree.node_count) if tree.children_left[node] >= 0]
    ends = [node for node in range(tree.node_count) if tree.children_left[node] < 0]
    row = {node: index for index, node in enumerate(asks)} | {node: -index - 1 for index, node in enumerate(ends)}
    if not asks:  # nothing parts the samples: one question with one answer
        return Tree(
            features=("",), limits=(0.0,), low=(-1,), high=(-1,), leaves=(round(RATE * float(tree.value[0]), 4),)
        )
    return Tree(
        features=tuple(names[tree.feature[node]] for node in asks),
        limits=tuple(round(float(tree.threshold[node]), 5) for node in asks),
        low=tuple(row[tree.children_left[node]] for node in asks),
        high=tuple(row[tree.children_right[node]] for node in asks),
        leaves=tuple(round(RATE * float(tree.value[node].item()), 4) for node in ends),
    )


def fit_described(labels: Path, pack_path: Path) -> Model:
    """The model for descriptions, and a line on how well the search does."""
    pack = Pack.open(pack_path)
    rows: list[tuple[dict[str, float], bool, float]] = []
    ranks: list[int | None] = []
    for line in labels.read_text("utf-8").splitlines():
        label = json.loads(line)
        if label["kind"] != "prose":
            continue
        words = (labels.with_suffix("") / Path(label["file"]).name).read_text("utf-8", "replace")
        found = rank(description(words), pack)
        right = [pack.rule_at(item.rule).id in label["expect"] for item in found]
        ranks.append(right.index(True) if any(right) else None)
        rows += [
            (item.features, hit, 1.0 if position == 0 else 0.3)
            for position, (item, hit) in enumerate(zip(found, right, strict=True))
            if position < DEPTH
        ]
    pack.close()
    first, five = (sum(r is not None and r < depth for r in ranks) / len(ranks) for depth in (1, 5))
    print(f"{labels.stem}: {len(ranks)} descriptions, R@1 {first:.3f}, R@5 {five:.3f}")
    return _fit(rows)


def _fit(rows: Sequence[tuple[dict[str, float], bool, float]]) -> Model:
    """Ridge logistic regression by Newton's method."""
    names = ("", *sorted({name for features, _, _ in rows for name in features}))
    points = [([1.0, *(features.get(name, 0.0) for name in names[1:])], float(right), w) for features, right, w in rows]
    theta = [0.0] * len(names)
    for _ in range(40):
        step = _solve(*_derivatives(points, theta))
        theta = [value - change for value, change in zip(theta, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return Model(names, tuple(theta))


def _derivatives(
    points: Sequence[tuple[list[float], float, float]], theta: list[float]
) -> tuple[list[list[float]], list[float]]:
    size = len(theta)
    gradient = [RIDGE * value if index else 0.0 for index, value in enumerate(theta)]
    hessian = [[0.0] * size for _ in range(size)]
    for index in range(size):
        hessian[index][index] = RIDGE if index else 1e-6
    for features, right, weight in points:
        p = _sigmoid(sum(a * b for a, b in zip(features, theta, strict=True)))
        used = [index for index, value in enumerate(features) if value]
        slope, bend = weight * (p - right), weight * p * (1.0 - p) + 1e-9
        for row in used:
            gradient[row] += slope * features[row]
            for column in used:
                hessian[row][column] += bend * features[row] * features[column]
    return hessian, gradient


def _solve(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gaussian elimination with partial pivoting; the matrix is positive definite."""
    size = len(vector)
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            if factor:
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    solution = [0.0] * size
    for row in reversed(range(size)):
        rest = sum(rows[row][column] * solution[column] for column in range(row + 1, size))
        solution[row] = (rows[row][size] - rest) / rows[row][row]
    return solution


def _sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def _probability(sample: Sample, fitted: Trees) -> float:
    nothing = Logistic(intercept=0.0, coefficients={})
    return confidence(sample.found.features, Confidence(note="", right=fitted, described=nothing))


def report(found: Sequence[tuple[float, Sample]]) -> None:
    """How far stated and true shares differ for first findings, by set, and what is said too loudly."""
    for labels in sorted({sample.labels for _, sample in found}):
        told = [(p, sample) for p, sample in found if sample.labels == labels]
        present = [(p, sample.right) for p, sample in told if sample.present]
        absent = [p for p, sample in told if not sample.present]
        certain = [right for p, right in present if p >= 0.9]
        print(
            f"{labels}: {len(present)} logs of articles not fitted on, "
            f"ECE {_ece([pair for pair in present if pair[0] >= 0.3]):.3f}, "
            f"certain {len(certain) / len(present):.3f} of them, right {sum(certain) / max(1, len(certain)):.3f}; "
            f"without the rule {sum(p >= 0.6 for p in absent) / len(absent):.3f} certain or likely"
        )
        for low in range(10):
            inside = [right for p, right in present if low <= p * 10 < low + 1 or (low == 9 and p >= 1.0)]
            if inside:
                share = sum(inside) / len(inside)
                print(f"  stated {low / 10:.1f} to {low / 10 + 0.1:.1f}: {len(inside):4}, right {share:.2f}")


def _ece(pairs: Sequence[tuple[float, bool]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p, right in pairs:
        bins.setdefault(min(9, int(p * 10)), []).append((p, right))
    gaps = (abs(sum(p for p, _ in inside) - sum(right for _, right in inside)) for inside in bins.values())
    return sum(gaps) / len(pairs) if pairs else 1.0


def _write(right: Trees, searched: Model | None, options: argparse.Namespace) -> None:
    path = WEIGHTS / "confidence.yaml"
    kept = yaml.safe_load(path.read_text("utf-8"))["described"]
    data = {
        "note": (
            f"Fitted by tests/bench/confidence.py on {', '.join(path.stem for path in options.labels)}; "
            f"{options.described:g} of real crashes are taken to be described by some rule."
        ),
        "right": msgspec.to_builtins(right),
        "described": kept if searched is None else _plain(searched),
    }
    path.write_text(yaml.safe_dump(data, sort_keys=False, width=118, default_flow_style=None), "utf-8")


def _plain(model: Model) -> dict[str, object]:
    pairs = {name: round(value, 3) for name, value in zip(model.names, model.values, strict=True)}
    return {"intercept": pairs.pop(""), "coefficients": pairs}


if __name__ == "__main__":
    sys.exit(main())
