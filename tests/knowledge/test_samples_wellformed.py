"""Every sample is complete, and its expectations are ones that the samples' README explains."""

import json
from pathlib import Path
from typing import get_args

import pytest

from triage.knowledge.loader import load_rules
from triage.model.report import Band, Report

SAMPLES = Path(__file__).parents[2] / "samples"
CASES = sorted(path.parent for path in SAMPLES.glob("*/expected.json"))
OWN = {"n_incidents", "n_modules", "n_findings", "has_incident", "band_at_most"}


def test_there_are_at_least_fifteen() -> None:
    assert len(CASES) >= 15
    assert {path for path in SAMPLES.iterdir() if path.is_dir()} == set(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_sample_is_complete(case: Path) -> None:
    assert len(list(case.iterdir())) == 2, "one input and expected.json"
    assert f"| `{case.name}` |" in (SAMPLES / "README.md").read_text(encoding="utf-8")
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert set(expected) <= OWN | set(Report.__struct_fields__)
    assert expected.get("band_at_most", "possible") in get_args(Band)


def test_rules_written_by_hand_that_samples_name_exist() -> None:
    known = {rule.id for rule in load_rules(SAMPLES.parent / "rules" / "handwritten")}
    for case in CASES:
        expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        named = {finding["rule"] for finding in expected.get("findings", ())}
        assert {rule for rule in named if rule.startswith("T")} <= known, case.name
