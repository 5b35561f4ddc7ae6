"""What the type of a rule does not say of its word sets."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from triage.knowledge.faults import Fault


def faults_of_cause(rule: Any) -> Iterator[Fault]:
    """The faults of `cause` in a rule's plain data: a sorted set without the words of `symptoms.words`.

    What is of another type than it should be is told elsewhere.
    """
    cause = _words(rule, "cause")
    symptoms = frozenset(_words(rule.get("symptoms"), "words")) if isinstance(rule, dict) else frozenset()
    for index, word in enumerate(cause):
        if word in symptoms:
            yield Fault(f"`{word}` is in symptoms.words already; leave it out here", ("cause", index))
    for index, (left, right) in enumerate(pairwise(cause), 1):
        if left == right:
            yield Fault(f"`{right}` stands here twice", ("cause", index))
        elif left > right:
            yield Fault(f"`{right}` must stand before `{left}`; words are sorted", ("cause", index))


def _words(fields: Any, name: str) -> list[str]:
    words = fields.get(name) if isinstance(fields, dict) else None
    return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else []
