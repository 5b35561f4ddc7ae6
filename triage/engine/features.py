"""What findings are ordered by, and what their confidence is computed from.

The order of the best candidates is fitted on features of each alone. The confidence answers two questions that are
answered by different things. Is the fault described by any rule at all? That shows in how completely the best rule
explains the incident: who failed (identity), what was said (text), and how much of the rule is there. And if so, is it
this rule? That shows in the distance to the other rules.
"""

import math
from functools import cache
from typing import Final, NamedTuple

from triage.engine.alignment import Alignment
from triage.engine.differences import difference_features
from triage.engine.score import LATEST, Score, Shown
from triage.facts.fact import FactKind
from triage.model.evidence import Incident
from triage.model.rule import Rule

IDENTITY: Final[frozenset[FactKind]] = frozenset({
    "event", "event-id", "source", "process", "faulting", "address", "bugcheck", "parameter", "function", "call",
    "module",
})  # fmt: skip
"""Facts that say who failed and how, rather than in what words."""

TEXT: Final[frozenset[FactKind]] = frozenset({"word", "pair", "code", "number"})

EACH: Final[dict[FactKind, str]] = {
    kind: f"shown {kind}"
    for kind in (
        "process", "faulting", "address", "low", "bugcheck", "parameter", "function", "call", "module", "code",
    )
}  # fmt: skip
"""Facts that are looked at kind by kind: the place of a fault says more than its program and its code together."""

IDENTITY_LEVELS: Final = (0.5, 0.95)
TEXT_LEVELS: Final = (0.6, 0.8, 0.9, 0.97, 0.995)
BACKWARD_LEVELS: Final = (0.5, 0.8, 0.95, 0.99)
"""Shares at which the fit may step: whether everything fits says more than how much of it does."""

LARGE: Final = 7.0

CLOSE: Final = 0.5
FAR: Final = 4.0
"""Distances in the fitted order, in units of log odds: beyond the far one another rule is no rival."""

LEAST: Final = 1e-3
"""What takes the place of 0 in a logarithm."""

MOST_WORDS: Final = 10
MOST_RUNS: Final = 8


class Standing(NamedTuple):
    """Where a finding stands among those of the source.

    `margin` is the distance to the next one in the fitted order, `behind` that to the first, `share` the finding's part
    of the probability that the order gives to all of them, `severity` how much its incident matters.
    """

    margin: float
    behind: float
    share: float
    severity: float


def order_features(
    score: Score,
    incident: Incident,
    rule: Rule,
    alignment: Alignment | None,
    *,
    severity: float,
    support: float,
    repeated: bool,
    against: frozenset[str],
) -> dict[str, float]:
    """Features by which the best candidates of a source are put in order.

    `support` is by how much the rule's score grew by further incidents, as a factor; `repeated` says that the source
    holds the incident's event several times; `against` are the kinds of facts that speak against the rule.
    """
    event = incident.event
    kind = None if event is None else event.type
    types = () if event is None else [item.type for item in rule.symptoms.events if item.id == event.id and item.type]
    features = {
        "value": _log(score.value),
        "severity": _log(severity),
        "support": _log(support),
        "forward": _log(score.forward),
        "backward": _log(score.backward),
        "bits": _log(score.bits),
        "type fits": float(kind in types),
        "other type": float(kind is not None and bool(types) and kind not in types),
        "information": float(kind == "information"),
        "audit": float(kind in {"success-audit", "failure-audit"}),
        "warning": float(kind == "warning"),
        "repeated": float(repeated),
    }
    for fact in against:
        features[f"against {fact}"] = 1.0
    if alignment is None:
        features["no alignment"] = 1.0
    else:
        features["same"] = _log(alignment.same)
        features.update(_aligned(alignment))
    return features


def _aligned(alignment: Alignment) -> dict[str, float]:
    return {
        "told": alignment.told,
        "shown": alignment.shown,
        "left": min(alignment.left, MOST_WORDS) / MOST_WORDS,
        "lost": min(alignment.lost, MOST_WORDS) / MOST_WORDS,
        "runs": min(alignment.runs, MOST_RUNS) / MOST_RUNS,
        "alike": alignment.alike,
        "exact": float(not alignment.left and not alignment.lost),
    }


def _log(value: float) -> float:
    return math.log(max(value, LEAST))


def known_features(incident: Shown, score: Score, kind: str, alignment: Alignment | None) -> dict[str, float]:
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
    for kind_of_fact, items in incident.own_kinds().items():
        shown = EACH.get(kind_of_fact)
        if shown is not None:
            found = sum([item.weight for item in items if id(item) in matched])
            features[shown] = 2.0 * found / sum([item.weight for item in items]) - 1.0
    for step, _, level in _steps("identity", IDENTITY_LEVELS):
        features[step] = float(identity is None or identity >= level)
    # What a cut message lacks of the rule's says nothing: only that it is cut does.
    backward = None if incident.cut else score.backward
    for name, share, levels in (("text", text, TEXT_LEVELS), ("backward", backward, BACKWARD_LEVELS)):
        for step, identified, level in _steps(name, levels):
            features[step] = reached = float(share is None or share >= level)
            features[identified] = reached * full_identity
    if alignment is not None:
        features.update(_aligned(alignment))
        if alignment.left or alignment.lost:
            features.update(difference_features(alignment, incident.names))
    return features


def which_features(score: Score, standing: Standing) -> dict[str, float]:
    """Features of the question whether it is this rule, if any rule describes the incident."""
    share = min(max(standing.share, LEAST), 1.0 - LEAST)
    return {
        "share": math.log(share / (1.0 - share)),
        "margin": min(standing.margin, FAR) / FAR,
        "close margin": min(standing.margin, CLOSE) / CLOSE,
        "behind": min(standing.behind, FAR) / FAR,
        "close behind": min(standing.behind / CLOSE, 1.0),
        "late": min(max(score.unit, 0), LATEST) / LATEST,
        "severity": standing.severity,
        "forward": score.forward,
        "backward": score.backward,
    }


def described_features(score: Score, *, margin: float, behind: float, words: int) -> dict[str, float]:
    """The same for a person's description: `margin` and `behind` are relative distances of scores, `words` how many
    words of the description some rule has."""
    return {
        "margin": min(margin, 0.5) / 0.5,
        "close margin": min(margin, 0.1) / 0.1,
        "behind": behind,
        "close behind": min(behind / 0.2, 1.0),
        "bits": _size(score.bits),
        "covered": score.backward,
        "bits & covered": _size(score.bits) * score.backward,
        "words": _size(words),
    }


def _share(incident: Shown, matched: set[int], kinds: frozenset[FactKind]) -> float | None:
    """Share of the incident's weight in facts of these kinds that the rule explains; None if it shows none."""
    items, total = incident.own(kinds)
    return sum([item.weight for item in items if id(item) in matched]) / total if total else None


def _size(bits: float) -> float:
    """How much evidence there is, from 0 to 1 on a scale of doublings; more than a long message is not surer."""
    return min(math.log2(1.0 + bits), LARGE) / LARGE


@cache
def _steps(name: str, levels: tuple[float, ...]) -> tuple[tuple[str, str, float], ...]:
    """The names of the features that say whether a level is reached, alone and by a full identity, and the level."""
    return tuple((f"{name} {level}", f"{name} {level} & identity", level) for level in levels)
