"""A thesaurus turned around: from the words that people say to the words of articles that they may mean.

Both sides are compared by their stems, so "freezes", "froze up" and "freeze" need no entries of their own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from triage.facts.words import STOP_WORDS, said_stems
from triage.knowledge.faults import Fault
from triage.model.synonym import Synonyms

LONGEST: Final = 3
"""Words of the longest phrase that people say ("every now and then" is one too long)."""

SAME: Final = 1
LIKE: Final = 2
"""How close what is said comes to what articles write."""

Meanings = dict[str, dict[str, int]]
"""By what is said, as stems with blanks between: stems of words in articles, each with how close it is."""


def faults_of_phrases(data: Any) -> Iterator[Fault]:
    """The phrases of an entry (plain data) that are longer than any that is looked for."""
    for field in ("same", "like"):
        phrases = data.get(field) if isinstance(data, dict) else None
        for place, phrase in enumerate(phrases if isinstance(phrases, list) else ()):
            words = len(said_stems(phrase)) if isinstance(phrase, str) else 0
            if words > LONGEST:
                yield Fault(f"has {words} words; at most {LONGEST} are looked for", (field, place))


def meanings(thesaurus: Mapping[str, Synonyms]) -> Meanings:
    """What the phrases of a thesaurus mean, in alphabetical order.

    Of a phrase of the articles each word is meant that what is said has not itself: who says "low memory" says "memory"
    already.
    """
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for written, synonyms in thesaurus.items():
        words = [stem for stem in said_stems(written) if stem not in STOP_WORDS]
        for close, phrases in ((SAME, synonyms.same), (LIKE, synonyms.like)):
            for phrase in phrases:
                said = said_stems(phrase)
                for word in words:
                    if word not in said:
                        meant = found[" ".join(said)]
                        meant[word] = min(close, meant.get(word, close))
    return {said: dict(sorted(meant.items())) for said, meant in sorted(found.items()) if said not in STOP_WORDS}
