"""The score as a probability, and the bands that name it.

The confidence is how likely a finding is right if some rule describes the fault. Whether one does is asked apart: a
band above "possible" needs both.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from triage.model.report import BANDS, Band
from triage.model.trees import Trees
from triage.model.weights import Confidence

SEARCHED: Final = 0.004
TOGETHER: Final = 0.005
"""Least confidence of a finding that is shown for what it is together with its rivals."""

FULL: Final = 1.0 - 1e-9
"""A share of all, as sums of weights make it."""

_STEEPEST: Final = 30.0


def confidence(features: Mapping[str, float], model: Confidence) -> float:
    """The fitted probability that a finding is right, to three digits."""
    return probability(features, model.right)


def is_known(features: Mapping[str, float], model: Confidence) -> bool:
    """Whether a finding may be loud: it does not look like those of faults whose article is not in the knowledge.

    The confidence takes nearly all faults to be described by some rule, as those are that somebody labelled. Of two
    articles that quote one message, the other one is then found for a fault that only the one describes, and looks as
    good as a right one that was copied with an error. A stop in one driver at one offset is no such thing.
    """
    return is_exact(features, model.exact) or probability(features, model.known) >= model.least


def is_exact(features: Mapping[str, float], exact: Sequence[Sequence[str]]) -> bool:
    """Whether all features of one of the lists are at their full: what the incident shows of each is the rule's."""
    return any(all(features.get(name, 0.0) >= FULL for name in names) for names in exact)


def probability(features: Mapping[str, float], trees: Trees) -> float:
    """What trees say of features, to three digits.

    Three digits are what the fit supports, and rounding makes the last bit of a machine's exponential invisible.
    """
    return round(_sigmoid(trees.total(features)), 3)


def described(features: Mapping[str, float], model: Confidence) -> float:
    """The same for a person's description, in whose words nobody is named and nothing is quoted exactly."""
    known = model.described.coefficients
    return round(
        _sigmoid(
            model.described.intercept + sum(known.get(name, 0.0) * value for name, value in sorted(features.items()))
        ),
        3,
    )


def _sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-_STEEPEST, min(_STEEPEST, value))))


def band(confidence: float, *, known: bool = True, searching: bool = False, together: bool = False) -> Band | None:
    """The band of a confidence; None for one too low to be shown.

    What is not `known` to be described by any rule is possible at most (see `is_known`).
    Who searches in words of his own expects a list to choose from, so there every finding above `SEARCHED` is possible.
    `together` says that it is possible that one of the finding and its rivals is right: then they are shown as well.
    """
    least = SEARCHED if searching else TOGETHER if together else BANDS[-1][0]
    if least <= confidence < BANDS[-1][0]:
        return "possible"
    named = next((name for floor, name in BANDS if confidence >= floor), None)
    return named if known or named is None else BANDS[-1][1]
