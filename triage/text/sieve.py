"""Landmarks found with the standard library alone, where hyperscan is not installed.

To look for a hundred literals one after the other costs a hundred passes. But logs repeat themselves. Without digits,
the letters of hexadecimal numbers and most signs, what the interpreter deletes at a gigabyte a second, nearly every
line is one that was seen before, and of a new line nearly every word. Only words that are new are searched. What looks
like part of a landmark is looked for in the bytes as they were, so that the result is exact.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

KEPT: Final = b"cghijklmnopqrstuvwxyz\t!#'(+:;<>[{| "
"""The signs that remain. Any will do for the result; with fewer, more lines are alike, and more are suspected."""

KNOWN: Final = 100_000
"""Lines and words that are remembered."""

_LONGEST_KNOWN = 400
_FEW = 2

_FOLD: Final = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_DELETED: Final = bytes(byte for byte in range(256) if _FOLD[byte] not in KEPT and byte != 10)
_Known = tuple[bytes, bytes, str]
"""What is left of a landmark, its bytes in lower case, the landmark itself."""

_NONE: Final[frozenset[bytes]] = frozenset()
_NO_LANDMARKS: Final[frozenset[_Known]] = frozenset()


class Sieve:
    """Finds landmarks in bytes of one encoding. `pattern` gives the regular expression of one that is not ASCII."""

    def __init__(self, landmarks: tuple[str, ...], encoding: str, pattern: Callable[[str], bytes | None]) -> None:
        self._width = len("a".encode(encoding))
        # By the longest word of what is left of them. What is left of a landmark stands in what is left of its line.
        self._by_word: dict[bytes, list[_Known]] = {}
        self._always: list[_Known] = []
        self._foreign: list[_Foreign] = []
        for landmark in landmarks:
            if not landmark.isascii():
                expression = pattern(landmark)
                if expression is not None:
                    self._foreign.append(_Foreign(landmark, encoding, expression))
                continue
            needle = landmark.encode(encoding)
            rest = _reduced(needle).strip(b"\n")
            word = max(rest.split(), key=len, default=b"")
            target = self._by_word.setdefault(word, []) if _tells(word) else self._always
            target.append((rest, needle, landmark))
        self._roots, self._within = _forest(list(self._by_word))
        self._lines: dict[bytes, frozenset[_Known]] = {}
        self._words: dict[bytes, frozenset[bytes]] = {}
        self._last = b""

    def find(self, piece: bytes) -> frozenset[str]:
        """The landmarks that the bytes hold."""
        suspected = self._suspected(_reduced(piece))
        suspected.update(self._always)
        hits: set[str] = set()
        if suspected:
            low = piece.lower()
            hits.update(landmark for _, needle, landmark in suspected if needle in low)
        if self._foreign and not self._is_ascii(piece):
            low = piece.lower()
            hits.update(one.landmark for one in self._foreign if one.is_in(piece, low))
        return frozenset(hits)

    def tells(self, piece: bytes) -> bool:
        """Whether the bytes hold any landmark.

        The one that was found last is looked for first: where evidence is dense, it stands in the next piece, too.
        """
        low = piece.lower()
        if self._last and self._last in low:
            return True
        suspected = self._suspected(_reduced(piece))
        suspected.update(self._always)
        found = next((needle for _, needle, _ in suspected if needle in low), None)
        if found is not None:
            self._last = found
            return True
        return not self._is_ascii(piece) and any(one.is_in(piece, low) for one in self._foreign)

    def _suspected(self, reduced: bytes) -> set[_Known]:
        """The landmarks that the bytes may hold by what is left of them."""
        lines = set(reduced.split(b"\n"))
        known = self._lines
        new = lines.difference(known)
        found: set[_Known] = set()
        if len(new) < len(lines):
            found.update(*map(known.__getitem__, lines.difference(new)))
        if new:
            found.update(*self._look(new))
        return found

    def _look(self, lines: set[bytes]) -> Iterator[frozenset[_Known]]:
        """The landmarks that lines may hold; remembers them."""
        words = set(b" ".join(lines).split())
        if len(self._words) > KNOWN:
            self._words.clear()
        self._learn(words.difference(self._words))
        suspect = {word for word in words if self._words[word]}
        if len(self._lines) > KNOWN:
            self._lines.clear()
        for line in lines:
            bad = suspect.intersection(line.split()) if suspect else _NONE
            candidates = (one for word in bad for part in self._words[word] for one in self._by_word[part])
            held = frozenset(one for one in candidates if one[0] in line) if bad else _NO_LANDMARKS
            if len(line) <= _LONGEST_KNOWN:
                self._lines[line] = held
            if held:
                yield held

    def _learn(self, words: set[bytes]) -> None:
        """Remember which words of landmarks stand in words."""
        self._words.update(dict.fromkeys(words, _NONE))
        together = b" ".join(words)
        for root in self._roots:
            at = together.find(root)
            while at >= 0:
                end = together.find(b" ", at)
                end = len(together) if end < 0 else end
                word = together[together.rfind(b" ", 0, at) + 1 : end]
                self._words[word] |= self._from(root, word)
                at = together.find(root, end)

    def _from(self, root: bytes, word: bytes) -> set[bytes]:
        """A word of landmarks that stands in a word, and those that hold it and stand there, too."""
        found: set[bytes] = set()
        pending = [root]
        while pending:
            part = pending.pop()
            if part in word:
                found.add(part)
                pending += self._within.get(part, ())
        return found

    def _is_ascii(self, piece: bytes) -> bool:
        if self._width == 1:
            return piece.isascii()
        letters = piece.translate(None, b"\0")
        return letters.isascii() and len(letters) * self._width == len(piece)


class _Foreign:
    """A landmark with letters beyond ASCII: looked for as an expression where a part of it is there."""

    def __init__(self, landmark: str, encoding: str, expression: bytes) -> None:
        self.landmark = landmark
        self._expression = re.compile(expression, re.IGNORECASE)
        runs = re.findall(r"[\x00-\x7f]{3,}", landmark)
        if landmark.upper() == landmark:  # letters that have one form
            self._parts: list[bytes] = [landmark.encode(encoding)]
            self._low = False
        elif runs:
            self._parts, self._low = [max(runs, key=len).encode(encoding)], True
        else:
            # A code page may have one form of a letter and not the other.
            forms = [form.encode(encoding, "ignore") for form in (landmark[0], landmark[0].upper())]
            self._parts, self._low = [form for form in forms if form], False

    def is_in(self, piece: bytes, low: bytes) -> bool:
        """Whether it stands in the bytes; `low` are they in lower case (of ASCII)."""
        searched = low if self._low else piece
        return any(part in searched for part in self._parts) and self._expression.search(piece) is not None


def _tells(word: bytes) -> bool:
    """Whether a word is rare enough to be looked for in its place: two letters stand in too many words."""
    return len(word) > _FEW or (len(word) == _FEW and not word.isalpha())


def _reduced(data: bytes) -> bytes:
    return data.translate(_FOLD, _DELETED)


def _forest(parts: list[bytes]) -> tuple[list[bytes], dict[bytes, list[bytes]]]:
    """Those that hold no other, and for each those that hold it and need to be looked for only where it is."""
    roots: list[bytes] = []
    within: dict[bytes, list[bytes]] = {}
    for part in sorted(parts, key=lambda one: (len(one), one)):
        inner = [other for other in parts if other != part and other in part]
        if inner:
            within.setdefault(max(inner, key=len), []).append(part)
        else:
            roots.append(part)
    return roots, within
