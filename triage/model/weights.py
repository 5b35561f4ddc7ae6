"""The engine's constants as data: the schema of rules/weights/*.yaml."""

import math
from collections.abc import Mapping
from itertools import repeat
from operator import mul

from msgspec import Struct

from triage.model.trees import MAX_LEAF, Trees


class Logistic(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A logistic regression: 1 / (1 + exp(-(intercept + sum(coefficient * feature))))."""

    intercept: float
    coefficients: dict[str, float]


class Confidence(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fitted model of the confidence: that a finding is right, though perhaps no rule describes the incident.

    `known` says how a finding looks if it is as likely that no rule describes the incident as that one does; one below
    `least` is not loud, however right it would be if one did, unless all features of one of the lists in `exact` are at
    their full. `described` is the model for a person's description, which is asked by fewer features.
    """

    note: str
    right: Trees
    known: Trees
    least: float
    described: Logistic
    exact: tuple[tuple[str, ...], ...] = ()


class Ranking(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fitted order of the best candidates: the sum of coefficient times feature, greater before smaller."""

    note: str
    coefficients: dict[str, float]

    def __post_init__(self) -> None:
        if not all(abs(value) <= MAX_LEAF for value in self.coefficients.values()):  # which no NaN is, either
            raise ValueError("a coefficient of the order is no log odds")

    def total(self, features: Mapping[str, float]) -> float:
        """The sum, rounded once, so that no order counts; features without a coefficient count nothing."""
        return math.fsum(map(mul, map(self.coefficients.get, features, repeat(0.0)), features.values()))


class Outcome(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much of an event's evidence counts, by its type and by what its description says of the outcome.

    `types` is by event type ("none" where the event has no type). A description with a word of `alarm` counts at least
    `alarmed`; one without, but with a word of `calm`, is multiplied by `calmed`. Words are stems.
    """

    types: dict[str, float]
    alarm: tuple[str, ...]
    calm: tuple[str, ...]
    alarmed: float
    calmed: float


class Era(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was not there before a year: image stems, "64-bit" (programs of x64) and "format …" of `triage formats`.

    What it leaves of the confidence of an older article is `against` of kind "year".
    """

    since: dict[str, int]


class Common(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What Windows and the runtimes of languages print for a crash of any program, whatever its cause.

    `words` are stems of their boxes and of the texts of their codes, `programs` stems of images that many products
    have. `most` is the greatest confidence of a rule with which an incident shares no more than that.
    """

    most: float
    words: frozenset[str]
    programs: frozenset[str]


class Told(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much the share of a rule's words counts that a description has: as a power of that share.

    The power is the description's number of known words divided by `words`, but at least `least` and at most `most`.
    `product` is by which part a rule gains of which a product is named in full, `confirmed` and `fixed` by which part
    those gain whose vendor confirmed a fault and that a service pack fixes: people tell of faults. `same` and `like`
    are what a word of articles counts that is not said but meant (see rules/synonyms.yaml).
    """

    words: float
    least: float
    most: float
    product: float = 0.0
    confirmed: float = 0.0
    fixed: float = 0.0
    same: float = 0.0
    like: float = 0.0


class Weights(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What facts weigh and how scores are put together.

    `kinds` scales the rarity of each kind of fact; `unknown` is the share of the greatest weight that a fact counts
    that no rule has; `prose_share` is what a message word counts that a rule has only in its prose. The exponents say
    how much the two coverages matter (`cut_exponent` takes the place of the backward one where the message breaks
    off), `whole_share` how much the rule's whole evidence does beside its best unit, and `later_share` what a match of
    a late unit loses. `told` is for a person's description. `exact` is the least confidence of a rule whose own
    conditions (`require`) are all met: its author says that they suffice. `against` is what each kind of
    contradiction leaves of the confidence. `nicknames` are what people write in lower
    case, with what articles write in their place. `ranking` orders the candidates that the score puts first.
    """

    note: str
    kinds: dict[str, float]
    unknown: dict[str, float]
    prose_share: float
    forward_exponent: float
    backward_exponent: float
    cut_exponent: float
    whole_share: float
    later_share: float
    told: Told
    exact: float
    against: dict[str, float]
    outcome: Outcome
    era: Era
    common: Common
    nicknames: dict[str, str]
    confidence: Confidence
    ranking: Ranking
