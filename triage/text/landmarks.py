"""Which landmarks of the formats stand in a piece of bytes, as fast as the machine allows.

With hyperscan (extra `fast`) all landmarks are looked for in one pass; without it, `sieve` does it. Both find the same.
Case is that of ASCII and, for other letters, their lower and upper form.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import import_module
from typing import Final

from triage.text.sieve import Sieve

Landmarks = tuple[str, ...]
Find = Callable[[bytes], frozenset[str]]
"""A piece of bytes to the landmarks that it holds."""

Tell = Callable[[bytes], bool]
"""A piece of bytes to whether it holds any."""

LONGEST: Final = 128
"""No landmark has more bytes in any encoding; so many of the piece before go with a piece that is cut anywhere."""


def all_of(formats_landmarks: Iterable[Landmarks]) -> Landmarks:
    """The landmarks of several formats, each once, in a fixed order."""
    return tuple(sorted({landmark for landmarks in formats_landmarks for landmark in landmarks}))


@lru_cache(maxsize=16)
def finder(landmarks: Landmarks, encoding: str, *, fast: bool = True) -> Find:
    """A function that finds `landmarks` (lower case) in bytes of the encoding.

    Not to be shared between threads. `fast=False` leaves hyperscan out, and so does its absence.
    """
    return (_all_at_once(landmarks, encoding) if fast else None) or _sieve(landmarks, encoding).find


@lru_cache(maxsize=16)
def teller(landmarks: Landmarks, encoding: str, *, fast: bool = True) -> Tell:
    """The same for who only asks whether there is any."""
    all_at_once = _all_at_once(landmarks, encoding) if fast else None
    return _sieve(landmarks, encoding).tells if all_at_once is None else lambda piece: bool(all_at_once(piece))


def _sieve(landmarks: Landmarks, encoding: str) -> Sieve:
    return Sieve(landmarks, encoding, lambda one: pattern(one, encoding))


def warm() -> bool:
    """Load what finds all landmarks at once, where many sources follow; whether it is there."""
    try:
        import_module("hyperscan")
    except ImportError:
        return False
    return True


def pattern(landmark: str, encoding: str) -> bytes | None:
    """A regular expression, for matching without regard to ASCII case; None where the encoding lacks a letter."""
    parts = []
    for sign in landmark:
        forms = (sign,) if sign.isascii() else (sign, sign.upper())
        escaped = sorted({_escape(form.encode(encoding, "ignore")) for form in forms} - {b""})
        if not escaped:
            return None
        parts.append(escaped[0] if len(escaped) == 1 else b"(?:" + b"|".join(escaped) + b")")
    return b"".join(parts)


def _escape(form: bytes) -> bytes:
    """Letters and digits as they are, all else by number: NUL and line ends must not end or bend a pattern."""
    return b"".join(bytes((byte,)) if chr(byte).isalnum() and byte < 128 else b"\\x%02x" % byte for byte in form)


def _all_at_once(landmarks: Landmarks, encoding: str) -> Find | None:
    try:
        import hyperscan  # noqa: PLC0415 - an extra, and only large sources are worth its start
    except ImportError:
        return None
    known = [(landmark, source) for landmark in landmarks if (source := pattern(landmark, encoding)) is not None]
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[source for _, source in known],
        ids=list(range(len(known))),
        elements=len(known),
        flags=hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH,
    )
    hits: list[int] = []

    def found(number: int, _start: int, _end: int, _flags: int, _context: object) -> bool | None:
        hits.append(number)
        return None  # go on

    def find(piece: bytes) -> frozenset[str]:
        hits.clear()
        database.scan(piece, match_event_handler=found)
        return frozenset(known[number][0] for number in hits)

    return find
