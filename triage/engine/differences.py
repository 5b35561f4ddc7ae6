"""What kind of words a message and a template differ in.

    The <…> service could not be started because the account is locked.
    The Ledger service could not be stopped because the acount LEDGER is

One word is another one (`stopped`): this is another message, though nearly the same. A word that is misspelt, a name
that no rule knows and an end that is cut off say nothing of the kind.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Final, NamedTuple

from triage.engine.alignment import FILLS, Alignment, Gap, gaps_of
from triage.engine.similarity import misspelt
from triage.facts.words import stem, tokens

MOST: Final = 10
"""More words than that of a kind say no more."""

LOOKED_AT: Final = 24
"""Words of a gap that are looked at on either side: of more, most are of another message."""

SHORTEST: Final = 4
"""Letters that a word needs to be recognised though it is misspelt."""


class _Parted(NamedTuple):
    """The words of a gap that belong to nothing on the other side: known words of the message, names that no rule
    knows, numbers; words of the template, its numbers. `misspelt` counts those that belong together."""

    words: int
    names: int
    numbers: int
    lost: int
    lost_numbers: int
    misspelt: int


def difference_features(alignment: Alignment, unknown: Collection[str]) -> dict[str, float]:
    """How many words differ and how, each from 0 to 1; `unknown` are the stems of the message's words that no rule has.

    `swapped` are words in the place of others, `other numbers` the same of numbers; `strange` and `gone` stand between
    what both have, `cut before` and `cut off` are missing before and behind it, `further` are there besides.
    """
    found = dict.fromkeys(_FEATURES, 0)
    for gap in gaps_of(alignment):
        parted = _part(gap, unknown)
        swapped = min(parted.words, parted.lost)
        found["misspelt"] += parted.misspelt
        found["swapped"] += swapped
        found["other numbers"] += min(parted.numbers, parted.lost_numbers)
        if gap.place == "between":
            found["strange"] += parted.words
            found["gone"] += parted.lost
            found["names"] += parted.names
        else:
            found["cut off" if gap.place == "behind" else "cut before"] += parted.lost - swapped
            found["further"] += parted.words - swapped
    return {name: min(count, MOST) / MOST for name, count in found.items()}


_FEATURES: Final = (
    "swapped", "other numbers", "strange", "gone", "names", "misspelt", "cut before", "cut off", "further",
)  # fmt: skip


def _part(gap: Gap, unknown: Collection[str]) -> _Parted:
    lost = list(gap.lost[:LOOKED_AT])
    wanted = len(lost)
    left = []
    for word in gap.left[:LOOKED_AT]:
        meant = misspelt(word, lost) if lost and len(word) >= SHORTEST and word.isalpha() else None
        if meant is None:
            left.append(word)
        else:
            lost.remove(meant)
    kinds = [_kind(word, unknown) for word in left[FILLS * gap.fills :]]
    theirs = [_kind(word, ()) for word in lost]
    return _Parted(
        words=kinds.count("word"),
        names=kinds.count("name"),
        numbers=kinds.count("number"),
        lost=theirs.count("word"),
        lost_numbers=theirs.count("number"),
        misspelt=wanted - len(lost),
    )


def _kind(word: str, unknown: Collection[str]) -> str:
    """Whether a word is a known one, a name, a number or code, or has no meaning of its own."""
    kind, root = _told(word)
    return "name" if root in unknown else kind


@lru_cache(maxsize=16384)
def _told(word: str) -> tuple[str, str]:
    """What kind a word is by itself, and its stem."""
    token = next(iter(tokens(word)), None)
    if token is None:
        return "none", ""
    return ("word", stem(token.value)) if token.kind == "word" else ("number", "")
