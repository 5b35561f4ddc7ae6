"""Which landmarks of the formats stand in a piece of bytes, and where.

All are looked for in one pass, by an automaton after Aho and Corasick (package `ahocorasick_rs`): how many there are
costs nothing, so a format may declare as many words as it has. Bytes are searched as they are, in whatever encoding, so
that what holds no crash, as most text does, need not even be decoded.

Case is that of ASCII. A landmark with other letters is looked for in lower case, in upper case, as a sentence begins
and with each word capitalised, which is how programs write it.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

Landmarks = tuple[str, ...]

Find = Callable[[bytes], frozenset[str]]
"""A piece of bytes to the landmarks that it holds."""

Locate = Callable[[bytes], Iterator[int]]
"""A piece of bytes to where landmarks begin in it; of those that overlap, one, but some may come twice."""

Tell = Callable[[bytes], bool]
"""A piece of bytes to whether it holds any."""

LONGEST: Final = 128
"""No landmark has more bytes in any encoding; so many of the piece before go with a piece that is cut anywhere."""


_PIECE: Final = 1 << 17
"""Bytes that are searched at once: of bytes that are nothing but landmarks, the hits take a hundred times as many."""


def all_of(formats_landmarks: Iterable[Landmarks]) -> Landmarks:
    """The landmarks of several formats, each once, in a fixed order."""
    return tuple(sorted({landmark for landmarks in formats_landmarks for landmark in landmarks}))


def warm() -> None:
    """Load what finds all landmarks at once, where many sources follow."""
    import ahocorasick_rs  # noqa: F401, PLC0415 - most texts are small, every run starts


def is_warm() -> bool:
    """Whether it is loaded, so that it pays for a short text, too."""
    return "ahocorasick_rs" in sys.modules


@lru_cache(maxsize=16)
def finder(landmarks: Landmarks, encoding: str) -> Find:
    """A function that finds `landmarks` (lower case) in bytes of the encoding."""
    known = [(landmark, form) for landmark in landmarks for form in forms(landmark, encoding)]
    names = [landmark for landmark, _ in known]
    search = _automaton(tuple(form for _, form in known)).find_matches_as_indexes

    def find(piece: bytes) -> frozenset[str]:
        numbers: set[int] = set()
        for _, part in _parts(piece):
            numbers.update(number for number, _, _ in search(part, overlapping=True))
        return frozenset(map(names.__getitem__, numbers))

    return find


@lru_cache(maxsize=16)
def locator(landmarks: Landmarks, encoding: str) -> Locate:
    """The same for who asks where landmarks are, whichever they be."""
    search = _automaton(tuple(form for one in landmarks for form in forms(one, encoding))).find_matches_as_indexes
    return lambda piece: (at + start for at, part in _parts(piece) for _, start, _ in search(part))


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The bytes with ASCII letters in lower case, part by part, each with where it begins; the last bytes of each stand
    in the next one, too.
    """
    for at in range(0, max(len(data) - LONGEST, 1), _PIECE):
        yield at, data[at : at + _PIECE + LONGEST].lower()


def teller(landmarks: Landmarks, encoding: str) -> Tell:
    """The same for who only asks whether there is any."""
    locate = locator(landmarks, encoding)
    return lambda piece: next(locate(piece), None) is not None


def forms(landmark: str, encoding: str) -> list[bytes]:
    """How a landmark stands in bytes whose ASCII letters are in lower case; none if the encoding lacks a letter of it.

    Bytes of other letters that look like capitals are changed with them, here as there.
    """
    found: dict[bytes, None] = {}
    written = (landmark, landmark.upper(), landmark.capitalize(), landmark.title())
    for form in written[:1] if landmark.isascii() else written:
        try:
            found[form.encode(encoding).lower()] = None
        except UnicodeEncodeError:
            continue
    return list(found)


@lru_cache(maxsize=32)
def _automaton(patterns: tuple[bytes, ...]) -> "BytesAhoCorasick":
    from ahocorasick_rs import BytesAhoCorasick, Implementation  # noqa: PLC0415 - as above

    return BytesAhoCorasick(list(dict.fromkeys(patterns)), implementation=Implementation.DFA)
