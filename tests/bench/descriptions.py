"""How well descriptions find their articles, and the fit of how sure to be of that.

    python tests/bench/descriptions.py LABELS.jsonl [LABELS.jsonl …] --pack PACK [--unknown FOLDER …] [--write]

tests/bench/told.jsonl are 295 descriptions and 93 tickets written for this, each of one article's fault in other words
than the article's. LABELS have descriptions (kind "prose") and texts with logs around them (any other kind); PACK
holds the rules that they are searched in, best those of a whole archive. The texts under the folders of `--unknown`
are of faults that no rule describes. Says how many articles are found first and among the first five, and how sure the
fit is of texts that it has not seen. `--write` puts the fitted model into rules/weights/confidence.yaml. Needs the
extra `bench`.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from labelled import WEIGHTS
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from triage.api.told import description, said_in, with_told
from triage.engine.rank import rank
from triage.formats import read_evidence
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence

DEPTH = 6
LATER = 0.3
"""Weight of a finding behind the first one."""

WITHOUT = 0.15
"""Weight of a labelled text whose article is taken away."""

UNKNOWN = 2.5
"""Weight of a text that no rule describes."""

FOLDS = 8
MAX_BYTES = 48_000


Found = tuple[tuple[str, dict[str, float]], ...]


class Text(NamedTuple):
    """A text's kind, the rules that describe it, and its findings: id and features."""

    kind: str
    expect: frozenset[str]
    found: Found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--unknown", type=Path, nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    pack = Pack.open(options.pack)
    texts = [text for path in options.labels for text in _labelled(path, pack)]
    texts += _unknown(options.unknown, pack)
    pack.close()
    _tell_ranks(texts)
    names, points, right, weights, groups, first = _table(texts)
    stated = np.zeros(len(right))
    for seen, unseen in GroupKFold(FOLDS).split(points, right, groups):
        stated[unseen] = _fit(points[seen], right[seen], weights[seen]).predict_proba(points[unseen])[:, 1]
    _tell_sureness(texts, groups, first, stated, right)
    if options.write:
        _write(names, _fit(points, right, weights))
    return 0


def _labelled(path: Path, pack: Pack) -> Iterator[Text]:
    for line in path.read_text("utf-8").splitlines():
        label = json.loads(line)
        data = (path.with_suffix("") / Path(label["file"]).name).read_bytes()
        prose = label["kind"] == "prose"
        found = _found(description(data.decode("utf-8", "replace")), pack) if prose else _told(data, pack)
        yield Text(label["kind"], frozenset(label["expect"]), found or ())


def _unknown(folders: Sequence[Path], pack: Pack) -> Iterator[Text]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.stat().st_size < MAX_BYTES:
                found = _told(path.read_bytes(), pack)
                if found is not None:
                    yield Text("unknown", frozenset(), found)


def _told(data: bytes, pack: Pack) -> Found | None:
    evidence = with_told(data, read_evidence(data))
    said = said_in(evidence)
    return None if said is None else _found(said, pack, evidence)


def _found(evidence: Evidence, pack: Pack, beside: Evidence | None = None) -> Found:
    return tuple((pack.rule_at(item.rule).id, item.features) for item in rank(evidence, pack, beside))


def _tell_ranks(texts: Sequence[Text]) -> None:
    for kind in sorted({text.kind for text in texts if text.expect}):
        ranks = [
            next((at for at, (rule, _) in enumerate(t.found) if rule in t.expect), DEPTH)
            for t in texts
            if t.kind == kind
        ]
        first, five = (sum(rank < depth for rank in ranks) / len(ranks) for depth in (1, 5))
        print(f"{kind}: {len(ranks)} texts, R@1 {first:.3f}, R@5 {five:.3f}")


def _table(texts: Sequence[Text]):  # type: ignore[no-untyped-def]
    """Features, whether right, weight, and number of the text of each finding; where the first findings stand."""
    names = sorted({name for text in texts for _, features in text.found for name in features})
    rows: list[list[float]] = []
    right: list[bool] = []
    weights: list[float] = []
    groups: list[int] = []
    first: list[int] = []
    for number, text in enumerate(texts):
        for without, weight in ((False, 1.0 if text.expect else UNKNOWN), (True, WITHOUT if text.expect else 0.0)):
            kept = [item for item in text.found if weight and not (without and item[0] in text.expect)][:DEPTH]
            for position, (rule, features) in enumerate(kept):
                if not (position or without):
                    first.append(len(rows))
                rows.append([features[name] for name in names])
                right.append(rule in text.expect)
                weights.append(weight * (LATER if position else 1.0))
                groups.append(number)
    return names, np.array(rows), np.array(right), np.array(weights), np.array(groups), first


def _fit(points: np.ndarray, right: np.ndarray, weights: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=2.0, max_iter=2000).fit(points, right, sample_weight=weights)


def _tell_sureness(
    texts: Sequence[Text], groups: np.ndarray, first: Sequence[int], stated: np.ndarray, right: np.ndarray
) -> None:
    for kind in sorted({text.kind for text in texts}):
        rows = [row for row in first if texts[groups[row]].kind == kind]
        sure = [row for row in rows if stated[row] >= 0.6]
        print(
            f"{kind}: stated {stated[rows].mean():.2f}, right {right[rows].mean():.2f}, "
            f"possible {(stated[rows] >= 0.3).mean():.2f}, likely {len(sure) / len(rows):.2f}, "
            f"of those right {right[sure].mean() if sure else 0:.2f}"
        )


def _write(names: Sequence[str], fitted: LogisticRegression) -> None:
    path = WEIGHTS / "confidence.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    coefficients = {name: round(float(value), 3) for name, value in zip(names, fitted.coef_[0], strict=True)}
    data["described"] = {"intercept": round(float(fitted.intercept_[0]), 3), "coefficients": coefficients}
    path.write_text(yaml.safe_dump(data, sort_keys=False, width=118, default_flow_style=None), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
