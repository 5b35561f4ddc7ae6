"""The score as a probability, and the bands that name it."""

import math
from collections.abc import Mapping
from typing import Final

from triage.model.report import Band
from triage.model.weights import Confidence, Logistic

BANDS: Final[tuple[tuple[float, Band], ...]] = ((0.9, "certain"), (0.6, "likely"), (0.3, "possible"))
SEARCHED: Final = 0.02


def confidence(known: Mapping[str, float], which: Mapping[str, float], model: Confidence) -> float:
    """The fitted probability that a finding is right, to three digits.

    Three digits are what the fit supports, and rounding makes the last bit of a machine's exponential invisible.
    """
    return round(_probability(known, model.known) * _probability(which, model.which), 3)


def described(which: Mapping[str, float], model: Confidence) -> float:
    """The same for a person's description, in whose words nobody is named and nothing is quoted exactly."""
    return round(_probability(which, model.described), 3)


def _probability(features: Mapping[str, float], model: Logistic) -> float:
    total = model.intercept + sum(model.coefficients.get(name, 0.0) * value for name, value in sorted(features.items()))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def band(confidence: float, *, searching: bool = False) -> Band | None:
    """The band of a confidence; None for one too low to be shown.

    Who searches in words of his own expects a list to choose from, so there every finding above `SEARCHED` is possible.
    """
    if searching and SEARCHED <= confidence < BANDS[-1][0]:
        return "possible"
    return next((name for floor, name in BANDS if confidence >= floor), None)
