"""Confidences are probabilities with bands."""

import pytest

from triage.engine.confidence import band, confidence
from triage.model.weights import Confidence, Logistic

SURE = Logistic(intercept=30.0, coefficients={})
MODEL = Confidence(note="test", known=Logistic(intercept=-2.0, coefficients={"text": 4.0}), which=SURE, described=SURE)


@pytest.mark.parametrize(("text", "expected"), [(0.0, 0.119), (0.5, 0.5), (1.0, 0.881)])
def test_the_logistic_curve(text: float, expected: float) -> None:
    assert confidence({"text": text, "unused": 9.0}, {}, MODEL) == expected


def test_a_finding_is_right_if_the_fault_is_known_and_it_is_this_one() -> None:
    model = Confidence(note="test", known=MODEL.known, which=MODEL.known, described=SURE)
    assert confidence({"text": 0.5}, {"text": 0.5}, model) == 0.25


@pytest.mark.parametrize("extreme", [1e9, -1e9])
def test_extremes_stay_probabilities(extreme: float) -> None:
    assert 0.0 <= confidence({"text": extreme}, {}, MODEL) <= 1.0


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
