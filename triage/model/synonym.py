"""What people say for what articles write: the schema of rules/synonyms.yaml."""

from msgspec import Struct


class Synonyms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words and phrases of people for one word or phrase of the articles.

    `same` mean the same ("freezes" for "stops responding"), `like` are what people tell instead ("hourglass").
    """

    same: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
