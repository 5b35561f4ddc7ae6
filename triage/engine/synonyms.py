"""What the words of a description may mean in the words of articles, by the thesaurus of the pack."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from triage.facts import Fact
from triage.facts.words import said_stems
from triage.knowledge.pack import Pack
from triage.model.evidence import Incident, Lines
from triage.model.synonym import LONGEST, SAME

MAX_SAID: Final = 4000
"""Words of a description that are looked up, each with the two after it."""


class Meant(NamedTuple):
    """A word of articles that something said may mean: the fact, with what it counts as its share, and what was said
    (stems with blanks between)."""

    fact: Fact
    said: str


def meant_by(incident: Incident, pack: Pack, spoken: frozenset[int] | None = None) -> list[Meant]:
    """The words of articles that a description means and does not say itself; each for what is said most closely, and
    of several for the longest.

    `spoken` are the lines that a person wrote, where others stand between them: a program says what it means.
    """
    told = pack.weights.told
    said = [place for place in _said(incident) if spoken is None or place[1][0] in spoken][:MAX_SAID]
    pieces = (said[start : start + size] for size in range(LONGEST, 0, -1) for start in range(len(said) - size + 1))
    runs = [(" ".join(stem for stem, _ in piece), piece[0][1]) for piece in pieces if _follows(piece)]
    meanings = pack.meanings_of(sorted({run for run, _ in runs}))
    themselves = frozenset(stem for stem, _ in said)
    closest: dict[str, tuple[int, Meant]] = {}
    for run, lines in runs:
        for word, close in meanings.get(run, {}).items():
            if word not in themselves and (word not in closest or close < closest[word][0]):
                share = told.same if close == SAME else told.like
                closest[word] = close, Meant(Fact("meant", word, lines, share), run)
    return [meant for _, meant in closest.values()]


def _said(incident: Incident) -> Iterator[tuple[str, Lines]]:
    """The stems of what is said, with their rows."""
    for row in incident.messages:
        for stem in said_stems(row.text):
            yield stem, row.lines


def _follows(words: Sequence[tuple[str, Lines]]) -> bool:
    """Whether words stand in one row or in rows that follow each other: a phrase may be wrapped."""
    return all(below[0] - above[1] <= 1 for (_, above), (_, below) in pairwise(words))
