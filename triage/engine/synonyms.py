"""What the words of a description may mean in the words of articles, by the thesaurus of the pack."""

from typing import Final, NamedTuple

from triage.facts import Fact
from triage.facts.words import said_stems
from triage.knowledge.pack import Pack
from triage.knowledge.synonyms import LONGEST, SAME
from triage.model.evidence import Incident

MAX_SAID: Final = 4000
"""Words of a description that are looked up, each with the two behind it."""


class Meant(NamedTuple):
    """A word of articles that something said may mean: the fact, with what it counts as its share, and what was said
    (stems with blanks between)."""

    fact: Fact
    said: str


def meant_by(incident: Incident, pack: Pack, spoken: frozenset[int] | None = None) -> list[Meant]:
    """The words of articles that a description means and does not say itself; each for what is said most closely.

    Longer phrases come first: who writes "locks up" speaks of no lock. `spoken` are the lines that a person wrote,
    where others stand between them: a program says what it means.
    """
    told = pack.weights.told
    rows = [row for row in incident.messages if spoken is None or row.lines[0] in spoken]
    said = [(stem, row.lines) for row in rows for stem in said_stems(row.text)][:MAX_SAID]
    stems = [stem for stem, _ in said]
    runs = [
        (" ".join(stems[start : start + size]), said[start][1])
        for size in range(LONGEST, 0, -1)
        for start in range(len(stems) - size + 1)
    ]
    meanings = pack.meanings_of(sorted({run for run, _ in runs}))
    themselves = frozenset(stems)
    closest: dict[str, tuple[int, Meant]] = {}
    for run, lines in runs:
        for word, close in meanings.get(run, {}).items():
            if word not in themselves and (word not in closest or close < closest[word][0]):
                share = told.same if close == SAME else told.like
                closest[word] = close, Meant(Fact("meant", word, lines, share), run)
    return [meant for _, meant in closest.values()]
