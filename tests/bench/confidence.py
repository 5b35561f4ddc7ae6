"""Fit the model of the confidence on labelled logs, and say how reliable it is.

    python tests/bench/confidence.py LABELS.jsonl [LABELS.jsonl …] [--articles FOLDER] [--unknown FOLDER …] [--write]

Two packs are built from the tree's rules: with all of them, and without any that is expected, so that the fit learns
what the best finding looks like where no rule describes the fault. Of the texts under the folders of `--unknown`, those
count that show a system younger than the articles: what is found for them is wrong, however it looks. Of the articles
of `--articles` (the folder that the rules were imported from) logs are made of what they quote (quoted.py), and each is
asked of the rules with its own and without. All is done twice, each time with half of the articles (by a hash of the
id), and the figures are of the other half; `--write` then fits on all and writes rules/weights. Needs the extra
`bench`. The model for descriptions is fitted by descriptions.py and stays as it is, and so does `exact`, which is set
by hand.
"""

import argparse
import hashlib
import math
import sys
import tempfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
import numpy as np
import yaml
from labelled import WEIGHTS, Query, queries, rules
from made import LABELS as MADE
from made import module_logs
from quoted import LABELS as QUOTED
from quoted import quoted_logs
from sklearn.ensemble import GradientBoostingClassifier

from triage.engine.confidence import is_exact, probability
from triage.engine.era import year_of
from triage.engine.explain import explain
from triage.engine.match import doubted
from triage.engine.rank import Ranked, rank
from triage.formats import read_evidence
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_products, load_weights
from triage.knowledge.pack import FactRow, Pack
from triage.model.evidence import Evidence
from triage.model.report import BANDS, LOUD
from triage.model.rule import Rule
from triage.model.trees import Tree, Trees

YOUNGEST = 2003
"""Year from which on no article of the archive is."""

CERTAIN = BANDS[0][0]
DESCRIBED = 0.965
"""Part of the real crashes that some rule describes: weight of the logs whose rule is there against those without."""

LEAST = 1e-3
"""Confidences have three digits."""

ALLOWED = 0.033
"""Part of the labelled logs that may have a loud finding without their rule. Of 0.02, little more than half of the logs
that were damaged have a certain finding with it."""

DEPTH = 5
UNKNOWN = 2.0
"""Weight of a text that no rule describes."""

ROUGHLY = 0.1
"""Weight of a log made of what an article quotes: there are many, and who is right is known roughly."""

LATER = 0.4
"""Weight of a finding behind the first one: there are four of them, and few are right."""

QUESTIONS = 4
"""Questions from the root of a tree to a leaf."""

CHOICE = 0.2
"""Share of the features that each question is chosen from: many say nearly the same, and all are to be heard."""

RATE = 0.1
"""How much each tree adds of what it has learnt."""


class Question(NamedTuple):
    """What a model is to answer, and how.

    `described` is the part of the faults that some rule describes, `made` the weight of a log of modules (they are few,
    and unlike all others), `trees` how many answer, and `leaf` for how many findings each of their leaves speaks: with
    fewer, the fit knows its own logs by heart.
    """

    described: float
    made: float
    trees: int
    leaf: int


RIGHT = Question(DESCRIBED, 1.0, 120, 100)
KNOWN = Question(0.5, 3.0, 240, 50)


class Sample(NamedTuple):
    """One finding of one log: the log's number, its set and ids, whether its rule was in the pack, the position in the
    fitted order, features, what the doubts leave of its confidence, right."""

    log: int
    labels: str
    expect: frozenset[str]
    present: bool
    position: int
    found: Ranked
    left: float
    right: bool


class Told(NamedTuple):
    """What models that have not seen a finding say of it: that it is right, and that it is known at all."""

    sure: float
    known: float
    sample: Sample


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="write rules/weights/confidence.yaml")
    parser.add_argument("--articles", type=Path, help="folder of the archive's articles")
    parser.add_argument("--unknown", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    samples = list(_samples(options.labels, options.unknown, options.articles))
    told: list[Told] = []
    exact = load_weights(WEIGHTS).confidence.exact
    for half in (True, False):
        fitting = [sample for sample in samples if held_out(sample) is half]
        fitted, known = fit(fitting, RIGHT), fit(fitting, KNOWN)
        others = [sample for sample in samples if held_out(sample) is not half]
        told += [Told(probability(one.found.features, fitted), _known(one, known, exact), one) for one in others]
    labels = {path.stem for path in options.labels}
    more = given_back([one for one in told if one.sample.labels in labels])
    told = list(_surest(one._replace(sure=_with(one, more)) for one in told))
    least = least_known([one for one in told if one.sample.labels in labels])
    print(f"log odds given back {more}, known from {least}")
    report(told, least)
    if options.write:
        right = fit(samples, RIGHT)
        right = msgspec.structs.replace(right, base=round(right.base + more, 4))
        _write(right, fit(samples, KNOWN), least, options)
    return 0


def _known(sample: Sample, known: Trees, exact: Sequence[Sequence[str]]) -> float:
    features = sample.found.features
    return 1.0 if is_exact(features, exact) else probability(features, known)


def _samples(files: Sequence[Path], unknown: Sequence[Path], articles: Path | None) -> Iterable[Sample]:
    logs, known, weights = list(queries(files)), rules(), load_weights(WEIGHTS)
    logs += module_logs(known)
    products = load_products(WEIGHTS.parent / "products")
    expected = {rule for log in logs for rule in log.expect}
    with tempfile.TemporaryDirectory() as folder:
        for present in (True, False):
            path = Path(folder) / f"{present}.pack"
            build_pack((rule for rule in known if present or rule.id not in expected), products, (), weights, path)
            pack = Pack.open(path)
            for number, log in enumerate(logs):
                yield from _asked(number, log, pack, present=present)
            if present:
                yield from _unknown(unknown, len(logs), pack)
                if articles is not None:
                    yield from _quoted(articles, expected, pack)
            pack.close()


def _asked(number: int, log: Query, pack: Pack, *, present: bool) -> Iterable[Sample]:
    """The findings of a log in the fitted order, whatever the model says that is to be fitted anew."""
    found = [item for item in rank(log.evidence, pack) if item.features]
    found.sort(key=lambda item: -item.features["share"])
    for position, item in enumerate(found[:DEPTH]):
        right = pack.rule_at(item.rule).id in log.expect
        left = _left(item, log.evidence, pack)
        yield Sample(number, log.labels, log.expect, present, position, item, left, right)


def _quoted(folder: Path, labelled: Collection[str], pack: Pack) -> Iterable[Sample]:
    """The findings of the logs made of what articles quote, numbered from -1 down."""
    numbers = {pack.rule_at(number).id: number for number in range(pack.size)}
    for number, log in enumerate(quoted_logs(folder, numbers.keys(), labelled)):
        yield from _asked(-number - 1, log, pack, present=True)
        own = frozenset(numbers[rule] for rule in log.expect)
        yield from _asked(-number - 1, log, cast("Pack", _Without(pack, own)), present=False)


class _Without:
    """A pack as if some of its rules were not there: building one for each log would take days."""

    def __init__(self, pack: Pack, rules: frozenset[int]) -> None:
        self._pack = pack
        self._rules = rules

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pack, name)

    def facts(self, keys: Iterable[str]) -> dict[str, FactRow]:
        """The facts that another rule has as well."""
        rows = self._pack.facts(keys)
        return {key: row for key, row in rows.items() if not self._rules.issuperset(self._pack.rules_with(row.number))}

    def lists_of(self, facts: Sequence[int]) -> dict[int, list[int]]:
        """The other rules that have each fact."""
        lists = self._pack.lists_of(facts)
        return {fact: [rule for rule in rules if rule not in self._rules] for fact, rules in lists.items()}

    def sets_of(self, facts: Sequence[int]) -> dict[int, int]:
        """The same as sets."""
        others = ~sum(1 << rule for rule in self._rules)
        return {fact: rules & others for fact, rules in self._pack.sets_of(facts).items()}


def _unknown(folders: Sequence[Path], first: int, pack: Pack) -> Iterable[Sample]:
    """The findings of articles for texts of younger systems, numbered from `first`."""
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    for number, path in enumerate(paths, first):
        evidence = read_evidence(path.read_bytes())
        if year_of(evidence, pack) < YOUNGEST:
            continue
        articles = [item for item in rank(evidence, pack) if item.features and _is_article(pack.rule_at(item.rule))]
        for position, item in enumerate(sorted(articles, key=lambda item: -item.features["share"])[:DEPTH]):
            left = _left(item, evidence, pack)
            yield Sample(number, "unknown", frozenset((path.name,)), True, position, item, left, False)


def _left(found: Ranked, evidence: Evidence, pack: Pack) -> float:
    """The part of its confidence that what speaks against a finding leaves it."""
    rule, incident = pack.rule_at(found.rule), evidence.incidents[found.incident]
    _, doubts, _ = explain(rule, incident, evidence, found.score, pack, year_of(evidence, pack))
    return doubted(1.0, doubts, pack.weights)


def _is_article(rule: Rule) -> bool:
    return rule.source.kind == "microsoft-kb"


def _surest(told: Iterable[Told]) -> Iterable[Told]:
    """The finding of each log that comes first."""
    best: dict[tuple[int, bool], Told] = {}
    for one in told:
        first = best.get((one.sample.log, one.sample.present))
        if first is None or one.sure > first.sure:
            best[one.sample.log, one.sample.present] = one
    return best.values()


def given_back(told: Sequence[Told]) -> float:
    """Log odds that the model is short of, since the doubts, which are set by hand, count what it has counted already.

    Those that make the stated confidences of the labelled logs likeliest.
    """
    return min((step / 20 for step in range(41)), key=lambda more: _surprise(told, more))


def _surprise(told: Sequence[Told], more: float) -> float:
    first = _surest(one._replace(sure=_with(one, more)) for one in told if one.sample.present)
    stated = [min(max(one.sure, LEAST), 1.0 - LEAST) for one in first]
    right = [one.sample.right for one in first]
    return -sum(math.log(p if hit else 1.0 - p) for p, hit in zip(stated, right, strict=True))


def _with(one: Told, more: float) -> float:
    """How sure a finding is with so many more log odds, and what doubts leave of it."""
    sure = min(max(one.sure, LEAST), 1.0 - LEAST)
    return one.sample.left / (1.0 + math.exp(-more) * (1.0 - sure) / sure)


def least_known(told: Sequence[Told]) -> float:
    """What a finding must be known by to be loud, so that of the logs without their rule few enough are."""
    absent = [one for one in told if not one.sample.present]
    loud = sorted((one.known for one in absent if one.sure >= LOUD), reverse=True)
    allowed = int(ALLOWED * len(absent))
    return round(loud[allowed] + 0.001, 3) if allowed < len(loud) else 0.0


def held_out(sample: Sample) -> bool:
    return hashlib.sha256(min(sample.expect).encode()).digest()[0] % 2 == 1


def fit(samples: Sequence[Sample], question: Question) -> Trees:
    """The trees: whether a finding of a log is right, with its rule in the pack and without, the first above all."""
    names = sorted({name for sample in samples for name in sample.found.features})
    table = np.array([[sample.found.features.get(name, 0.0) for name in names] for sample in samples])
    right = np.array([sample.right for sample in samples])
    weight = np.array(
        [
            (UNKNOWN if sample.labels == "unknown" else abs(question.described - (not sample.present)))
            * (LATER if sample.position else 1.0)
            * (question.made if sample.labels == MADE else 1.0)
            * (ROUGHLY if sample.labels == QUOTED else 1.0)
            for sample in samples
        ]
    )
    fitted = GradientBoostingClassifier(
        n_estimators=question.trees,
        max_depth=QUESTIONS,
        max_features=CHOICE,
        learning_rate=RATE,
        subsample=0.7,
        min_samples_leaf=question.leaf,
        random_state=0,
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


def report(found: Sequence[Told], least: float) -> None:
    """How far stated and true shares differ for first findings, by set, and what is said too loudly."""
    unknown = [one for one in found if one.sample.labels == "unknown"]
    print(f"unknown: {len(unknown)} texts, {_share(unknown, LOUD, least):.3f} certain or likely")
    for labels in sorted({one.sample.labels for one in found} - {"unknown"}):
        told = [one for one in found if one.sample.labels == labels]
        present = [one for one in told if one.sample.present]
        absent = [one for one in told if not one.sample.present]
        certain = [one.sample.right for one in present if one.sure >= CERTAIN and one.known >= least]
        pairs = [(one.sure, one.sample.right) for one in present]
        print(
            f"{labels}: {len(present)} logs of articles not fitted on, "
            f"R@1 {sum(right for _, right in pairs) / len(present):.3f}, "
            f"ECE {_ece([pair for pair in pairs if pair[0] >= 0.3]):.3f}, "
            f"certain {len(certain) / len(present):.3f} of them, right {sum(certain) / max(1, len(certain)):.3f}; "
            f"without the rule {_share(absent, LOUD, least):.3f} certain or likely"
        )
        for low in range(10):
            inside = [right for p, right in pairs if low <= p * 10 < low + 1 or (low == 9 and p >= 1.0)]
            if inside:
                share = sum(inside) / len(inside)
                print(f"  stated {low / 10:.1f} to {low / 10 + 0.1:.1f}: {len(inside):4}, right {share:.2f}")


def _share(told: Sequence[Told], sure: float, known: float) -> float:
    return sum(one.sure >= sure and one.known >= known for one in told) / max(1, len(told))


def _ece(pairs: Sequence[tuple[float, bool]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p, right in pairs:
        bins.setdefault(min(9, int(p * 10)), []).append((p, right))
    gaps = (abs(sum(p for p, _ in inside) - sum(right for _, right in inside)) for inside in bins.values())
    return sum(gaps) / len(pairs) if pairs else 1.0


def _write(right: Trees, known: Trees, least: float, options: argparse.Namespace) -> None:
    path = WEIGHTS / "confidence.yaml"
    kept = yaml.safe_load(path.read_text("utf-8"))
    data = {
        "note": (
            f"Fitted by tests/bench/confidence.py on {', '.join(path.stem for path in options.labels)}"
            f"{' and what articles quote' if options.articles else ''}; "
            f"{RIGHT.described:g} of real crashes are taken to be described by some rule for `right`, "
            f"{KNOWN.described:g} for `known`; {ALLOWED:g} of the logs without their rule may be known."
        ),
        "right": msgspec.to_builtins(right),
        "known": msgspec.to_builtins(known),
        "least": least,
        "described": kept["described"],
        "exact": kept["exact"],
    }
    path.write_text(yaml.safe_dump(data, sort_keys=False, width=118, default_flow_style=None), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
