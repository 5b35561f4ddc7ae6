"""Confidences are probabilities with bands."""

import pytest

from triage.engine.confidence import band, probability
from triage.model.weights import Confidence

MODEL = Confidence(note="test", intercept=-2.0, coefficients={"forward": 4.0})


@pytest.mark.parametrize(("forward", "expected"), [(0.0, 0.119), (0.5, 0.5), (1.0, 0.881)])
def test_the_logistic_curve(forward: float, expected: float) -> None:
    assert probability({"forward": forward, "unused": 9.0}, MODEL) == expected


@pytest.mark.parametrize("extreme", [1e9, -1e9])
def test_extremes_stay_probabilities(extreme: float) -> None:
    assert 0.0 <= probability({"forward": extreme}, MODEL) <= 1.0


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [(0.95, "certain"), (0.9, "certain"), (0.6, "likely"), (0.3, "possible"), (0.299, None)],
)
def test_bands(confidence: float, expected: str | None) -> None:
    assert band(confidence) == expected
