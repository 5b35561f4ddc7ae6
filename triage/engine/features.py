"""What the confidence of a finding is computed from.

Two questions are kept apart, since they are answered by different things. Is the fault described by any rule at all?
That shows in how completely the best rule explains the incident: who failed (identity), what was said (text), and how
much of the rule is there. And if so, is it this rule? That shows in the distance to the other rules.
"""

import math
from typing import Final, NamedTuple

from triage.engine.score import LATEST, Score, Shown
from triage.facts.fact import FactKind

IDENTITY: Final[frozenset[FactKind]] = frozenset({
    "event", "event-id", "source", "process", "faulting", "address", "bugcheck", "parameter", "function", "call",
    "module",
})  # fmt: skip
"""Facts that say who failed and how, rather than in what words."""

TEXT: Final[frozenset[FactKind]] = frozenset({"word", "pair", "code", "number"})

IDENTITY_LEVELS: Final = (0.5, 0.95)
TEXT_LEVELS: Final = (0.6, 0.8, 0.9, 0.97, 0.995)
BACKWARD_LEVELS: Final = (0.5, 0.8, 0.95, 0.99)
"""Shares at which the fit may step: whether everything fits says more than how much of it does."""

OWN: Final = 0.5
"""Least share of a fact that is the incident's own: the modules of the start-up list are not."""

LARGE: Final = 7.0

CLOSE: Final = 0.1
FAR: Final = 0.5
"""Relative distances beyond which another rule is no rival (half of the score) or hardly one (a tenth)."""


class Standing(NamedTuple):
    """Where a finding stands among those of the source: relative distance to the next one, and behind the first."""

    margin: float
    behind: float
    severity: float


def known_features(incident: Shown, score: Score, kind: str) -> dict[str, float]:
    """Features of the question whether any rule describes the incident, asked of its best rule."""
    matched = {id(item) for item in score.matched}
    identity = _share(incident, matched, IDENTITY)
    text = _share(incident, matched, TEXT)
    full_identity = identity is None or identity >= IDENTITY_LEVELS[-1]
    bits = _size(score.bits)
    features = {
        "bits": bits,
        "bits & identity": bits * full_identity,
        "whole": score.whole,
        "cut": float(incident.cut),
        "no identity": float(identity is None),
        "no text": float(text is None),
        f"kind {kind}": 1.0,
    }
    features |= _levels("identity", identity, IDENTITY_LEVELS)
    # What a cut message lacks of the rule's says nothing: only that it is cut does.
    backward = None if incident.cut else score.backward
    steps = _levels("text", text, TEXT_LEVELS) | _levels("backward", backward, BACKWARD_LEVELS)
    for name, value in steps.items():
        features[name] = value
        features[f"{name} & identity"] = value * full_identity
    return features


def which_features(score: Score, standing: Standing) -> dict[str, float]:
    """Features of the question whether it is this rule, if any rule describes the incident."""
    return {
        "margin": min(standing.margin, FAR) / FAR,
        "close margin": min(standing.margin, CLOSE) / CLOSE,
        "behind": standing.behind,
        "close behind": min(standing.behind / (2 * CLOSE), 1.0),
        "whole": score.whole,
        "late": min(max(score.unit, 0), LATEST) / LATEST,
        "bits": _size(score.bits),
        "severity": standing.severity,
        "forward": score.forward,
        "backward": score.backward,
    }


def _share(incident: Shown, matched: set[int], kinds: frozenset[FactKind]) -> float | None:
    """Share of the incident's weight in facts of these kinds that the rule explains; None if it shows none."""
    items = [item for item in incident.weighted if item.fact.kind in kinds and item.fact.share >= OWN]
    total = sum(item.weight for item in items)
    return sum(item.weight for item in items if id(item) in matched) / total if total else None


def _size(bits: float) -> float:
    """How much evidence there is, from 0 to 1 on a scale of doublings; more than a long message is not surer."""
    return min(math.log2(1.0 + bits), LARGE) / LARGE


def _levels(name: str, share: float | None, levels: tuple[float, ...]) -> dict[str, float]:
    return {f"{name} {level}": float(share is None or share >= level) for level in levels}
