"""Confidences are probabilities with bands."""

import msgspec
import pytest

from triage.engine.confidence import band, confidence, described, is_known
from triage.model.trees import Tree, Trees
from triage.model.weights import Confidence, Logistic

LOGISTIC = Logistic(intercept=-2.0, coefficients={"text": 4.0})
FITS = Tree(features=("fits",), limits=(0.5,), low=(-1,), high=(-2,), leaves=(-1.0, 1.0))
NEXT = Tree(features=("fits", "margin"), limits=(0.5, 2.0), low=(-1, -2), high=(1, -3), leaves=(0.0, 0.25, 1.0))
MODEL = Confidence(
    note="test", right=Trees(base=0.0, trees=(FITS, NEXT)), known=Trees(base=0.0, trees=(FITS,)), least=0.7,
    described=LOGISTIC,
)  # fmt: skip


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ({}, 0.269),  # 1 / (1 + e^1): what is not told counts as 0
        ({"fits": 1.0}, 0.777),
        ({"fits": 1.0, "margin": 3.0}, 0.881),
        ({"fits": 0.5, "margin": 3.0}, 0.269),
    ],
)
def test_trees_add_up_to_log_odds(features: dict[str, float], expected: float) -> None:
    assert confidence(features, MODEL) == expected


@pytest.mark.parametrize(("text", "expected"), [(0.0, 0.119), (0.5, 0.5), (1.0, 0.881)])
def test_the_logistic_curve(text: float, expected: float) -> None:
    assert described({"text": text, "unused": 9.0}, MODEL) == expected


@pytest.mark.parametrize("extreme", [1e9, -1e9])
def test_extremes_stay_probabilities(extreme: float) -> None:
    assert 0.0 <= described({"text": extreme}, MODEL) <= 1.0
    assert 0.0 <= confidence({}, msgspec.structs.replace(MODEL, right=Trees(base=extreme, trees=()))) <= 1.0


@pytest.mark.parametrize(
    "rows",
    [
        {"features": [], "limits": [], "low": [], "high": [], "leaves": []},
        {"features": ["a"], "limits": [], "low": [-1], "high": [-1], "leaves": [1.0]},
        {"features": ["a"], "limits": [0.5], "low": [0], "high": [-1], "leaves": [1.0]},  # goes round for ever
        {"features": ["a"], "limits": [0.5], "low": [-1], "high": [-2], "leaves": [1.0]},  # no such leaf
        {"features": ["a"], "limits": [0.5], "low": [-1], "high": [1], "leaves": [1.0]},  # no such row
        {"features": ["a"], "limits": [0.5], "low": [-1], "high": [-1], "leaves": [1.0, 2.0]},  # no tree
    ],
)
def test_a_damaged_tree_is_refused(rows: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(rows, Tree)


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        pytest.param({"code": 1.0, "place": 1.0}, True, id="all of it"),
        pytest.param({"code": 1.0, "place": 0.99}, False, id="nearly all"),
        pytest.param({"place": 1.0}, False, id="one of two"),
    ],
)
def test_what_is_shown_to_the_byte_is_known(features: dict[str, float], expected: bool) -> None:
    assert is_known(features, msgspec.structs.replace(MODEL, exact=(("code", "place"),))) is expected
    assert is_known(features, MODEL) is False


@pytest.mark.parametrize(("features", "expected"), [({}, False), ({"fits": 1.0}, True)])
def test_known_is_what_its_own_model_takes_for_known_often_enough(features: dict[str, float], expected: bool) -> None:
    assert is_known(features, MODEL) is expected  # 0.269, 0.731


@pytest.mark.parametrize(
    ("value", "expected"), [(0.95, "possible"), (0.7, "possible"), (0.3, "possible"), (0.299, None)]
)
def test_a_fault_that_no_rule_may_describe_has_possible_findings_at_most(value: float, expected: str | None) -> None:
    assert band(value, known=False) == expected


def test_what_is_right_only_together_is_shown_together() -> None:
    assert band(0.1, together=True) == "possible"
    assert band(0.004, together=True) is None


def test_who_searches_gets_a_list_to_choose_from() -> None:
    assert band(0.1, searching=True) == "possible"
    assert band(0.1) is None
    assert band(0.7, searching=True) == "likely"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.95, "certain"), (0.9, "certain"), (0.6, "likely"), (0.3, "possible"), (0.299, None)],
)
def test_bands(value: float, expected: str | None) -> None:
    assert band(value) == expected
