"""Which landmarks of the formats stand in a piece of bytes, and where.

All are looked for in one pass, by an automaton after Aho and Corasick (package `ahocorasick_rs`): how many there are
costs nothing, so a format may declare as many words as it has. Bytes are searched as they are, in whatever encoding, so
that what holds no crash, as most text does, need not even be decoded. With hyperscan (extra `fast`), what holds no
landmark at all is passed over four times as fast; what is found is the same.

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

Locate = Callable[[bytes], Iterator[tuple[int, bool]]]
"""A piece of bytes to where landmarks begin in it, each with whether it is one that may begin evidence, and not only
lead on; of those that overlap, one, but some may come twice."""

Tell = Callable[[bytes], bool]
"""A piece of bytes to whether it holds any."""

LONGEST: Final = 128
"""No landmark has more bytes in any encoding; so many of the piece before go with a piece that is cut anywhere."""


_PIECE: Final = 1 << 15
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
    patterns = tuple(form for _, form in known)
    search = _automaton(patterns).find_matches_as_indexes

    def find(piece: bytes) -> frozenset[str]:
        numbers: set[int] = set()
        for _, part in _parts(piece, patterns):
            numbers.update(number for number, _, _ in search(part, overlapping=True))
        return frozenset(map(names.__getitem__, numbers))

    return find


@lru_cache(maxsize=16)
def locator(landmarks: Landmarks, encoding: str, leads: Landmarks = ()) -> Locate:
    """The same for who asks where landmarks are, whichever they be; `leads` are literals that only lead on."""
    begin = tuple(dict.fromkeys(form for one in landmarks for form in forms(one, encoding)))
    patterns = tuple(dict.fromkeys([*begin, *(form for one in leads for form in forms(one, encoding))]))
    search = _automaton(patterns, longest=True).find_matches_as_indexes  # `.dll` must not hide the landmark `.dll!`
    count = len(begin)
    return lambda piece: (
        (at + start, number < count) for at, part in _parts(piece, patterns) for number, start, _ in search(part)
    )


def _parts(data: bytes, patterns: tuple[bytes, ...]) -> Iterator[tuple[int, bytes]]:
    """The bytes with ASCII letters in lower case, part by part, each with where it begins; the last bytes of each stand
    in the next one, too. Parts that are known to hold none of the patterns may be missing.
    """
    may_hold = _prefilter(patterns) if len(data) >= _PIECE else None
    for at in range(0, max(len(data) - LONGEST, 1), _PIECE):
        part = data[at : at + _PIECE + LONGEST]
        if may_hold is None or may_hold(part):
            yield at, part.lower()


@lru_cache(maxsize=8)
def _prefilter(patterns: tuple[bytes, ...]) -> Tell | None:
    """Whether any of the patterns is there, in any case of ASCII; None without hyperscan. Not for several threads."""
    try:
        import hyperscan  # noqa: PLC0415 - an extra, and only large sources are worth its start
    except ImportError:
        return None
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[b"".join(b"\\x%02x" % byte for byte in pattern) for pattern in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH,
    )
    hits: list[int] = []

    def found(number: int, _start: int, _end: int, _flags: int, _context: object) -> bool | None:
        hits.append(number)
        return None  # go on: ending a search is an error to the package

    def may_hold(piece: bytes) -> bool:
        hits.clear()
        database.scan(piece, match_event_handler=found)
        return bool(hits)

    return may_hold


def teller(landmarks: Landmarks, encoding: str) -> Tell:
    """The same for who only asks whether there is any."""
    locate = locator(landmarks, encoding)
    return lambda piece: any(locate(piece))


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
def _automaton(patterns: tuple[bytes, ...], *, longest: bool = False) -> "BytesAhoCorasick":
    from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind  # noqa: PLC0415 - as above

    kind = MatchKind.LeftmostLongest if longest else MatchKind.Standard
    return BytesAhoCorasick(list(patterns), matchkind=kind, implementation=Implementation.DFA)
