"""The types of facts, and the facts that text holds."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from triage.facts.words import Token, stem, tokens
from triage.model.evidence import NO_LINES, Lines

FactKind = Literal[
    "exception", "bugcheck", "parameter", "code", "process", "faulting", "address", "function", "call", "module",
    "event", "event-id", "source", "word", "pair", "number", "prose", "meant", "told", "title", "low", "article",
]  # fmt: skip
"""What a fact is about. `pair` is two neighbouring words of a message, `call` two neighbouring frames, `prose` a word
of a description rather than of a program's message, `meant` one that it does not say but may mean, `told` any word of
an article, `title` one of its title, `address` the fixed address of a fault, `low` the low half of any address,
`article` the id of an article that is named."""

UnitKind = Literal["event", "message", "stack", "fault", "codes", "modules", "addresses", "articles", "prose"]
"""What belongs together on the rule's side: one event with its message, one stack, …"""


class Fact(Struct, frozen=True, gc=False):
    """One fact of an incident.

    `share` in (0, 1] is how much of the fact's weight counts (less for frames deep in a stack).
    """

    kind: FactKind
    value: str
    lines: Lines = NO_LINES
    share: float = 1.0

    @property
    def key(self) -> str:
        """The string by which facts are compared."""
        return f"{self.kind}:{self.value}"


class Unit(Struct, frozen=True):
    """Facts of a rule that are seen together, as keys in a fixed order."""

    kind: UnitKind
    keys: tuple[str, ...]


def text_facts(text: str, lines: Lines = NO_LINES, share: float = 1.0, *, pairs: bool = True) -> Iterator[Fact]:
    """Facts of a message: its words by stem, its codes and numbers, and its pairs of neighbours."""
    found: list[Token] = list(tokens(text))
    spelled = [stem(token.value) if token.kind == "word" else token.value for token in found]
    for token, value in zip(found, spelled, strict=True):
        yield Fact(_KIND[token.kind], value, lines, share)
    if pairs:
        for left, right in pairwise(zip(found, spelled, strict=True)):
            if left[0].kind == right[0].kind == "word":
                yield Fact("pair", f"{left[1]}_{right[1]}", lines, share)


_KIND: dict[str, FactKind] = {"word": "word", "code": "code", "number": "number", "article": "article"}


def distinct(facts: Iterable[Fact]) -> list[Fact]:
    """The facts without repetitions, in order of first appearance, each with its greatest share."""
    best: dict[str, Fact] = {}
    for fact in facts:
        known = best.get(fact.key)
        if known is None or fact.share > known.share:
            best[fact.key] = fact
    return list(best.values())
