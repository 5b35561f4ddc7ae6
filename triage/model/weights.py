"""The engine's constants as data: the schema of rules/weights/engine.yaml."""

from msgspec import Struct


class Confidence(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A logistic regression: the confidence is 1 / (1 + exp(-(intercept + sum(coefficient * feature))))."""

    intercept: float
    coefficients: dict[str, float]


class Weights(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`kinds` scales the rarity of each kind of fact; `unknown` is the share of a fact's weight that counts when no rule
    has it; `prose_share` is what a message word counts that a rule has only in its prose; `severity` is how much of
    an event's evidence counts by its type; `calm` and `alarm` are stems of what harmless and harmful events say."""

    note: str
    kinds: dict[str, float]
    unknown: dict[str, float]
    prose_share: float
    severity: dict[str, float]
    calm: dict[str, float]
    confidence: Confidence
