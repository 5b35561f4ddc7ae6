"""What people say for what articles write: the schema of rules/synonyms.yaml."""

from typing import Final, Literal

from msgspec import Struct

LONGEST: Final = 3
"""Words of the longest phrase that people say ("every now and then" is one too long)."""

Close = Literal[1, 2]
SAME: Final = 1
LIKE: Final = 2
"""How close what is said comes to what articles write."""

Meanings = dict[str, dict[str, Close]]
"""By what is said, as stems with blanks between: stems of words in articles, each with how close it is."""


class Synonyms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words and phrases of people for one word or phrase of the articles.

    `same` mean the same ("freezes" for "stops responding"), `like` are what people tell instead ("hourglass").
    """

    same: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
