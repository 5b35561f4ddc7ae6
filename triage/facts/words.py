"""Words of messages and descriptions as comparable tokens.

Both sides of a comparison pass through here: the text of an incident and the templates and word sets of rules.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from triage.facts.stemmer import Stemmer, english
from triage.text.lazy import regex

MAX_TOKENS: Final = 600
"""Tokens read of one text: a message is short, and a longer text is a log that no reader understood."""

STOP_WORDS: Final = frozenset(
    "a about after all also an and any are as at be because been before being both but by can could did do does "
    "during each either for from get gets had has have he her him his how i if in into is it its itself just may me "
    "might more most must my no nor not of off on once one only or other our out over own s same she should so some "
    "such t than that the their them then there these they this those through to too under until up upon us use used "
    "using very was we were what when where which while who will with within would you your".split()
)
"""Words without a meaning of their own. Negations go too: they are lost in word sets anyway."""

_TOKEN = regex(r"<[^<>\n]{0,60}>|%\d{1,2}|0x[0-9a-f]{1,16}|-?[^\W_][\w.$'-]{0,62}")
_HEX = regex(r"[0-9a-f]{8}|0x[0-9a-f]{1,16}")
_INTEGER = regex(r"-?[0-9]{1,10}")
_IMAGE_SUFFIX = regex(r"\.(?:exe|dll|sys|drv|ocx|vxd|dbg|386|com)$")
_ARTICLE = regex(r"q[0-9]{5,6}")
_SAID = regex(r"[^\W_][\w.+'/-]{0,30}")
_PLACEHOLDER = regex(r"x{2,}|n{2,}|y{2,}|z{2,}")


class Token(NamedTuple):
    """A token: `kind` is "word", "code" (status values), "number" or "article" (its id).

    `start` and `end` are offsets in the text.
    """

    kind: str
    value: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Tokens of `text` in order, stop words and placeholders left out.

    Numbers that are codes get one spelling: -1811, 0xfffff8ed and fffff8ed are all the code fffff8ed, as the same
    error is printed in decimal by one program and in hexadecimal by the next.
    """
    lowered = text.lower()
    for count, match in enumerate(_TOKEN.finditer(lowered)):
        if count >= MAX_TOKENS:
            return
        token = _classify(match.group())
        if token is not None:
            yield Token(*token, match.start(), match.end())


def said_stems(text: str) -> list[str]:
    """Stems of all words of what a person says, in order, stop words too: "can't get in", "out of paper"."""
    return [stem(word.strip("'-./_")) for word in _SAID.findall(_plain_signs(text))]


def lost_signs(text: str) -> str:
    """What `said_stems` leaves out of a text, but for the blanks between the words."""
    return "".join(_SAID.sub("", _plain_signs(text)).split())


def written_stems(text: str) -> list[str]:
    """Stems of the words of what an article writes, as the rules made from articles have them; no stop words."""
    return [stem(token.value) for token in tokens(text) if token.kind in {"word", "number"}]


def _plain_signs(text: str) -> str:
    # Mail programs write the apostrophe of "can't" in their own way.
    return text.lower().replace("\u2019", "'")


@lru_cache(maxsize=16384)
def _classify(raw: str) -> tuple[str, str] | None:
    if raw[0] in "<%":
        return None
    if _HEX.fullmatch(raw) and (raw.startswith("0x") or not raw.isdigit()):
        value = int(raw, 16)
        return ("code", f"{value:08x}") if value > 0xF else ("number", str(value))
    if _INTEGER.fullmatch(raw):
        value = int(raw)
        if value < 0:
            return ("code", f"{value & 0xFFFFFFFF:08x}")
        return ("number", str(value)) if value > 1 else None
    if _ARTICLE.fullmatch(raw):
        return "article", raw
    word = raw.strip("-'.$")
    word = _IMAGE_SUFFIX.sub("", word).removesuffix("'s")
    if len(word) < 2 or word in STOP_WORDS or _PLACEHOLDER.fullmatch(word):
        return None
    return "word", word


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer:
    return english()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without its inflection: "crashes", "crashed" and "crash" are one."""
    if not word.isalpha() or not word.isascii():
        return word
    return _stemmer().stemWord(word)
