"""A thesaurus turned around: from the words that people say to the words of articles that they may mean.

Both sides are compared by their stems, so "freezes", "froze up" and "freeze" need no entries of their own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from triage.facts.words import STOP_WORDS, lost_signs, said_stems, stem, written_stems
from triage.knowledge.faults import Fault
from triage.model.synonym import LIKE, LONGEST, SAME, Close, Meanings, Synonyms

_SILENT: Final = STOP_WORDS | frozenset(map(stem, STOP_WORDS))
"""What no one means anything by, as said and as a stem ("doe" of "does")."""


def faults_of_phrases(data: Any) -> Iterator[Fault]:
    """The phrases of an entry (plain data) that would not be found, or where they are not said.

    Those are longer than any that is looked for, stop words and single digits, and such as lose their signs: `.log`
    would be any "log".
    """
    for field in ("same", "like"):
        phrases = data.get(field) if isinstance(data, dict) else None
        for place, phrase in enumerate(phrases if isinstance(phrases, list) else ()):
            if isinstance(phrase, str) and (fault := _fault_of(phrase)):
                yield Fault(f"`{phrase}` {fault}", (field, place))


def _fault_of(phrase: str) -> str:
    said = said_stems(phrase)
    if len(said) > LONGEST:
        return f"has {len(said)} words; at most {LONGEST} are looked for"
    if signs := lost_signs(phrase):
        return f"would be looked for without {signs}; leave it out"
    if len(said) == 1 and (said[0] in _SILENT or len(said[0]) == 1):
        return "stands in every text; leave it out"
    return "" if said else "has no words"


def meanings(thesaurus: Mapping[str, Synonyms]) -> Meanings:
    """What the phrases of a thesaurus mean, in alphabetical order.

    Of a phrase of the articles each word is meant that what is said has not itself: who says "low memory" says "memory"
    already.
    """
    found: defaultdict[str, dict[str, Close]] = defaultdict(dict)
    for written, synonyms in thesaurus.items():
        words = written_stems(written)
        for phrase in synonyms.like:
            found[" ".join(said_stems(phrase))].update(_others(words, phrase, LIKE))
    for written, synonyms in thesaurus.items():
        words = written_stems(written)
        for phrase in synonyms.same:
            found[" ".join(said_stems(phrase))].update(_others(words, phrase, SAME))
    return {said: dict(sorted(meant.items())) for said, meant in sorted(found.items()) if meant}


def _others(words: list[str], phrase: str, close: Close) -> dict[str, Close]:
    said = said_stems(phrase)
    return {word: close for word in words if word not in said}
