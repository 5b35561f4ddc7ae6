"""Names that are nearly the same. The only module that imports rapidfuzz."""

from collections.abc import Sequence
from typing import Final, cast

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, Indel

CUTOFF: Final = {
    "word": 0.78,
    "prose": 0.78,
    "source": 0.8,
    "process": 0.8,
    "faulting": 0.8,
    "module": 0.85,
    "function": 0.88,
}
"""How like a name must be to one that is known, by kind: a word may have lost or swapped a letter, while two
functions that differ in one letter are mostly two functions."""

SHORT_NAME: Final = "~"

MISSPELT: Final = 0.7
"""How like the word of a template must be to one that stands in its place, to be the same word misspelt."""

Edit = tuple[str, int, int, int, int]
"""One step from one sequence to another: equal, delete or insert, start and end in the one, in the other."""


def nearest(kind: str, name: str, known: Sequence[str]) -> tuple[str, float] | None:
    """The known name most like `name`, and how like it is in (0, 1]; None where none is like enough.

    An 8.3 name (`DECPSM~1`) matches a long name that begins with what stands before the tilde, if only one does.
    """
    stub, tilde, _ = name.partition(SHORT_NAME)
    if tilde:
        longer = [candidate for candidate in known if candidate.startswith(stub)]
        return (longer[0], 0.9) if len(longer) == 1 else None
    cutoff = CUTOFF.get(kind, 0.85)
    best = process.extractOne(name, known, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=cutoff)
    return None if best is None else (best[0], float(best[1]))


def misspelt(word: str, meant: Sequence[str]) -> str | None:
    """The word most like `word` of those that may be meant by it; None where none is like enough."""
    best = process.extractOne(word, meant, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=MISSPELT)
    return None if best is None else str(best[0])


def edits(left: Sequence[str], right: Sequence[str]) -> list[Edit]:
    """How `right` comes from `left` word by word."""
    # Tuples, whatever the package's stubs call them.
    return cast("list[Edit]", Indel.opcodes(left, right).as_list())


def alike(left: str, right: str) -> float:
    """How like two texts are to the letter, in [0, 1]."""
    return float(Indel.normalized_similarity(left, right))
