"""Labelled logs and packs of the tree's rules, for the measurements of the engine.

A line of a labels file is `{"file": …, "kind": …, "expect": [ids]}`; the logs lie in the folder of the same name
beside it.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from triage.formats import read_evidence  # noqa: E402 - the tree's package, not an installed one
from triage.knowledge.loader import load_rules  # noqa: E402
from triage.model.evidence import Evidence  # noqa: E402
from triage.model.rule import Rule  # noqa: E402

WEIGHTS = ROOT / "rules" / "weights"


class Query(NamedTuple):
    """One labelled log: the set and kind that it belongs to, the ids that are right, and what it says."""

    labels: str
    kind: str
    expect: frozenset[str]
    evidence: Evidence


def queries(files: Sequence[Path]) -> Iterator[Query]:
    """Every log of the labels files, read."""
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            label = json.loads(line)
            log = path.with_suffix("") / Path(label["file"]).name
            yield Query(path.stem, label["kind"], frozenset(label["expect"]), read_evidence(log.read_bytes()))


def rules() -> tuple[Rule, ...]:
    """All rules of the tree."""
    return load_rules(ROOT / "rules" / "articles", ROOT / "rules" / "handwritten")
