"""Values of the input made safe to print: no control character, terminal escape or text direction trick gets through.

Logs carry what attackers put into them. ESC and the C1 controls (U+0080-U+009F; U+009B alone opens a sequence) drive
the terminal; bidirectional controls (U+202A-U+202E, U+2066-U+2069) show text in another order than it has, so that a
file name reads `exe.txt` for `txt.exe`; zero-width characters hide. Python's notion of printable text leaves out all
of these (Unicode categories Other and Separator, but for the space), so there is no list here to fall behind.
"""

from unicodedata import combining, east_asian_width

MAX_MARKS = 4
"""Combining marks kept after one character; more than that is not writing but ink over the lines around it."""


def clean(value: str) -> str:
    """One line of printable text: white space becomes a space, what cannot be printed its escape (`\\x1b`)."""
    if value.isascii() and value.isprintable():
        return value
    parts: list[str] = []
    marks = 0
    for character in value:
        marks = marks + 1 if combining(character) else 0
        if marks > MAX_MARKS:
            continue
        if character.isprintable():
            parts.append(character)
        elif character.isspace() and not "\x1c" <= character <= "\x1f":  # separators of old tapes count as space
            parts.append(" ")
        else:
            parts.append(_escape(character))
    return "".join(parts)


def _escape(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def columns(text: str) -> int:
    """How many terminal cells a printable text takes: two for wide characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def cut(text: str, width: int) -> tuple[str, str]:
    """Split printable text after at most `width` cells, but after one character at least."""
    if text.isascii():
        at = max(width, 1)
        return text[:at], text[at:]
    used = 0
    for at, character in enumerate(text):
        used += _cells(character)
        if used > width and at:
            return text[:at], text[at:]
    return text, ""


def shorten(text: str, width: int) -> str:
    """Text cut to `width` cells, with an ellipsis where something was lost."""
    if columns(text) <= width:
        return text
    return cut(text, max(width - 1, 1))[0].rstrip() + "…"


def _cells(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in {"W", "F"} else 1
