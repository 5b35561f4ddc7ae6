"""How long every regular expression of the package takes for text that is made of itself.

    python tests/bench/patterns.py [--length N] [--show N]

Each pattern is asked for rows of its own pieces (what a part of it matches, again and again, with blanks or its last
character behind it), by the method that its module calls it with. Random damage does not hit these: a row has to look
like a pattern's own for it to try every way. What is told is the growth from half of the length to all of it, from
which on it is worse than linear, and the time. Prints Markdown, the worst first. Needs Linux or macOS (SIGALRM).
"""

import argparse
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined] # no public interface tells a pattern's parts
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import triage

LIMIT = 2.0
"""Seconds after which a search is given up."""

LINEAR = 3.0
"""Growth for twice the length up to which a pattern passes for linear: short times are measured roughly."""

FASTEST = 0.0005
"""Seconds below which a growth says nothing."""

_DEEPEST = 3
_SEARCHING = r"\.(?:search|findall|finditer|subn?|split)\b"
_CLASSES = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_NOT_WORD: " "}


class Known(NamedTuple):
    """A pattern by its name, and whether its module searches with it rather than match at the beginning."""

    name: str
    pattern: "re.Pattern[Any]"
    searches: bool


class Slow(NamedTuple):
    """The worst text of a pattern: the time in seconds and how much longer than half of the text takes."""

    seconds: float
    growth: float
    text: str


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--length", type=int, default=1000, help="characters of a text")
    options.add_argument("--show", type=int, default=15)
    given = options.parse_args()
    signal.signal(signal.SIGALRM, _give_up)
    found = [(worst(known, given.length), known) for known in patterns()]
    found.sort(key=lambda one: (one[0].growth <= LINEAR, -one[0].seconds))
    bad = sum(slow.growth > LINEAR for slow, _ in found)
    print(f"{len(found)} patterns, {bad} worse than linear in {given.length} characters\n")
    print("| pattern | ms | growth | text |\n|---|---|---|---|")
    for slow, known in found[: given.show]:
        print(f"| {known.name} | {slow.seconds * 1e3:.1f} | {slow.growth:.1f} | `{slow.text[:40]!r}` |")
    return 0


def _give_up(*_: object) -> None:
    raise TimeoutError


def patterns() -> Iterator[Known]:
    """Every pattern that a module of the package holds by name, or in a table."""
    for entry in pkgutil.walk_packages(triage.__path__, "triage."):
        if entry.name == "triage.__main__":
            continue
        module = import_module(entry.name)
        source = Path(str(module.__file__)).read_text("utf-8")
        for name, value in vars(module).items():
            single = re.search(rf"\b{re.escape(name)}\.\w", source) is not None
            searches = re.search(rf"\b{re.escape(name)}{_SEARCHING}", source) is not None
            for pattern in _within(value):
                # How those of a table are asked is not seen; to search asks for more.
                yield Known(f"{entry.name}.{name}", pattern, searches or not single)


def _within(value: object, depth: int = 0) -> Iterator["re.Pattern[Any]"]:
    """The patterns in a value, be it a table of them."""
    if (made_of := getattr(value, "_made_of", None)) is not None:
        yield re.compile(*made_of)
    elif isinstance(value, re.Pattern):
        yield value
    elif depth < _DEEPEST and isinstance(value, tuple | list | frozenset | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _within(one, depth + 1)


def worst(known: Known, length: int) -> Slow:
    """The text of its pieces that the pattern takes longest for."""
    ask = known.pattern.search if known.searches else known.pattern.match
    of = known.pattern.pattern
    texts = sorted({text for piece in _pieces(known.pattern) for text in _texts(piece, length)})
    _, text = max(((_seconds(ask, _like(of, text)), text) for text in texts), default=(0.0, ""))
    half, whole = (min(_seconds(ask, _like(of, part)) for _ in range(3)) for part in (text[: length // 2], text))
    return Slow(whole, whole / max(half, FASTEST), text)


def _like(pattern: str | bytes, text: str) -> str | bytes:
    return text if isinstance(pattern, str) else text.encode("latin-1", "replace")


def _seconds(ask: Any, text: Any) -> float:
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    start = time.perf_counter()
    try:
        ask(text)
    except TimeoutError:
        return LIMIT
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.perf_counter() - start


def _texts(piece: str, length: int) -> Iterator[str]:
    for text in (piece, piece + " "):
        yield (text * (length // len(text) + 1))[:length]
    yield (piece + piece[-1] * length)[:length]


def _pieces(pattern: "re.Pattern[Any]") -> Iterator[str]:
    """What its beginnings match, and what two neighbours in it do, in the shortest way."""
    parts = list(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    spans = [*((0, end) for end in range(1, len(parts) + 1)), *((begin, begin + 2) for begin in range(len(parts)))]
    for begin, end in spans:
        if text := "".join(map(_shortest, parts[begin:end])):
            yield text


def _shortest(part: tuple[Any, Any]) -> str:
    code, value = part
    if code is codes.LITERAL:
        return chr(value)
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
        least, _, inner = value
        return "".join(map(_shortest, inner)) * max(1, min(int(least), 3))
    if code is codes.SUBPATTERN:
        return "".join(map(_shortest, value[3]))
    if code is codes.BRANCH:
        return "".join(map(_shortest, value[1][0]))
    if code is codes.ATOMIC_GROUP:
        return "".join(map(_shortest, value))
    if code is codes.IN:
        return _member(value[0])
    return "a" if code in {codes.ANY, codes.NOT_LITERAL} else ""


def _member(first: tuple[Any, Any]) -> str:
    code, value = first
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.RANGE:
        return chr(value[0])
    return _CLASSES.get(value, "a") if code is codes.CATEGORY else "z"


if __name__ == "__main__":
    sys.exit(main())
