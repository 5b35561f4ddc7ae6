"""Undo what mailers, forums, trackers and other logs did to a text before any reader sees it.

Only what stands before (or after) every line of a block goes: a single line is never changed for its looks. Rows
keep the number of the source line that they came from. All of it is linear in the length of the text.
"""

import re
from collections.abc import Iterator, Sequence

from triage.text.folding import Likely, fold
from triage.text.forms import Forms
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.repair_blocks import collapse_blank_lines, dedent, reads_as_debugger, strip_prefixes
from triage.text.repair_tables import untabled
from triage.text.shapes import Shapes

TABLE = 4
"""Tabs of a row from which on it is one of a table."""

MAX_ROW = 16_384
"""Longer lines (a log without line ends, a binary that slipped through) are cut into rows of this length."""

_FEW_LINES = (3, 200)
_CUT = regex(
    r"ModLoad:\s{1,4}[0-9a-f]{8}\s{1,12}[0-9a-f]{8}\b|\bcode [0-9a-f]{8}\b|\(first chance\)|second chance",
    re.IGNORECASE,
)
_NARROW = 20
_ESCAPE_SEQUENCE = regex(r"\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|[()][A-Z0-9]|[=>])?")
_CONTROLS = {code: None for code in range(32) if code != 9} | {
    0x7F: None,
    0x200B: None,  # zero-width space, as copied from web pages
    0xFEFF: None,  # byte order mark in the middle: files were joined
    0xA0: " ",
    0x2010: "-",
    0x2011: "-",
    0x2013: "-",
    0x2014: "-",
    0x2018: "'",
    0x2019: "'",
    0x201C: '"',
    0x201D: '"',
    0xD7: "x",  # WordPress takes the x between two digits for a times sign, U+00D7
}
# WordPress turns the backtick of a 64-bit address into a typographic quote (U+2018)
_HALF_QUOTE = regex(r"(?<=[0-9a-fA-F]{8})[\u2018\u2019\u00b4'](?=[0-9a-fA-F]{8})")
# What a program wrote into a string of JSON or SQL: "Message": "The service ended.\r\n\r\nProcess ID: 1a2c\r\n"
_WRITTEN_BREAK = "\\r\\n"
_BARE_BREAKS = ("\\\\n", "\\n")
_LEAST_WRITTEN = 3
# The quotes of the string itself; those of its text have a backslash before them.
_OWN_QUOTE = regex(r'(?<!\\)"')
_BREAK = regex(r"<br\s?/?>", re.IGNORECASE)
# Tags of pages; those of programs that paint pages, <p className="mono">, stay: they tell that nothing happened
_TAGS = regex(
    r"</?(?:pre|code|p|div|tt|blockquote|font|span|b|strong|em)(?:\s(?:(?!className=|=\{)[^<>]){0,200})?>",
    re.IGNORECASE,
)
_ENTITIES = {"&gt;": ">", "&lt;": "<", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&nbsp;": " ", "&#96;": "`"}
_ENTITY = regex("|".join(_ENTITIES), re.IGNORECASE)
# Shapes of rows with tags or entities
_TAGS_AND_ENTITIES = ("<br", "<pre", "<code", "&gt;", "&lt;", "&quot;", "&nbsp;", "&#")
# Markdown escapes of characters that no Windows path holds: \` \> \< \|, and of a star that is no wildcard of a path
_ESCAPED = regex(r"\\([`<>|])|(?<![\w.:\\])\\(\*)")
_ESCAPED_SIGNS = ("\\`", "\\<", "\\>", "\\|", "\\*")
# \_ and \! within a name that is no path: CNC\_Ctrl, nt\!KeBugCheckEx, ntfs!\_except\_handler3
_ESCAPED_WORD = regex(r"(?<=[\w!:~(])\\([_!#\[\]+-])(?=\w|\\_)")
# Markdown's links, as editors and chats make them of names that look like hosts: [ntdll.dll](http://ntdll.dll)
_LINK = regex(r"\[([^\[\]\n]{1,200})\]\((?:[a-z][a-z0-9]{1,15}://|mailto:)[^()\s]{1,400}\)", re.IGNORECASE)
# **orchard.sys**+1bae0: what a person made bold in the midst of what was printed
_BOLD = regex(r"(?<![*\w])\*\*(?=[^\s*])([^*\n]{1,200}?)(?<=[^\s*])\*\*(?!\*)")
# - `IMAGE_NAME: orchard.sys`: an item of a list that is code from end to end
_SPAN = regex(r"(\s{0,16}(?:[-*+]|\d{1,2}\.)\s{1,4})`([^`\n]{1,400})`\s*$")

# Shapes of rows that are something else once they are clean; all others lose no more than the blanks at their end.
_DISGUISED = (
    Likely(rb"\\[`<>|*_!#\[\]+-]"),
    Likely(rb"0{8}'0{8}", words=("00000000'00000000",)),
    Likely(rb"\]\([a-z0]{2,16}:", words=("](",)),
    Likely(rb"\*\*[^\s*][^*]*\*\*", words=("**",)),
    Likely(rb"[ \t]*(?:[-*+]|0{1,2}\.)[ \t]{1,4}`[^`]+`$", words=(" `",)),
)
_CONTROL_SIGNS = bytes({*range(32), 127} - {10})


def repair(text: str, encoding: str) -> Text:
    """Rows fit for the readers, with quoting, prefixes, escapes and doubled line ends undone."""
    lines = split(text)
    return repaired(lines, Shapes.of(lines), encoding)


def repaired(lines: list[str], shapes: Shapes, encoding: str) -> Text:
    """The same of lines as `split` gives them, with their shapes: a line that needs no repair costs next to nothing."""
    rows, numbers, shapes = _clean_lines(lines, shapes, 1)
    return assemble(rows, numbers, encoding, shapes)


def clean_part(text: str, first: int, forms: Forms) -> tuple[list[str], Sequence[int], Shapes]:
    """The rows of a part of a text, each cleaned by itself, with their source line numbers and shapes."""
    lines = split(text)
    return _clean_lines(lines, Shapes.of(lines, forms), first)


def _clean_lines(lines: list[str], shapes: Shapes, first: int) -> tuple[list[str], Sequence[int], Shapes]:
    if len(lines) <= _FEW_LINES[1] or _has_tags(shapes) or max(map(len, shapes.forms.all), default=0) > MAX_ROW:
        numbered = list(_cleaned(lines, "\n".join(lines), first))
        rows = [row for _, row in numbered]
        return rows, [number for number, _ in numbered], Shapes.of(rows, shapes.forms)
    rows = list(map(str.rstrip, lines))
    for index in shapes.likely(*_DISGUISED):
        rows[index] = clean(lines[index])
    for index in shapes.with_any(_CONTROL_SIGNS):
        rows[index] = clean(lines[index])
    return rows, range(first, first + len(rows)), shapes.changed(rows)


def _has_tags(shapes: Shapes) -> bool:
    """Whether a row may have markup in it, which is taken out of all rows or none, or line ends written out."""
    if shapes.forms.any_of(b"\\") and shapes.forms.holding(fold(_WRITTEN_BREAK)):
        return True
    return shapes.forms.any_of(b"<&") and any(shapes.forms.holding(fold(word)) for word in _TAGS_AND_ENTITIES)


def assemble(rows: list[str], numbers: Sequence[int], encoding: str, shapes: Shapes | None = None) -> Text:
    """A Text of cleaned rows, whose shapes may be known, after repairs that need to see several rows."""
    shapes = Shapes.of(rows) if shapes is None else shapes
    rows, shapes = strip_prefixes(rows, shapes)
    rows, shapes = untabled(rows, shapes)
    rows = dedent(rows)
    rows, numbers = collapse_blank_lines(rows, numbers)
    return Text(rows, numbers, encoding=encoding, shapes=shapes.changed(rows))


def split(text: str) -> list[str]:
    """The lines of a text, whatever ends them."""
    if "\r" in text:
        # A file that went through two conversions ends its lines in CR CR LF.
        if "\r\r\n" in text:
            text = text.replace("\r\r\n", "\n")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _cleaned(lines: list[str], text: str, first: int) -> Iterator[tuple[int, str]]:
    """Source line numbers and rows, each row cleaned by itself; a long line or one with <br> gives several."""
    has_tags = _BREAK.search(text) is not None or "<pre" in text or "<code" in text
    has_entities = _ENTITY.search(text) is not None and "<Event" not in text
    plain = text.isascii() and not has_tags and not has_entities
    lines = unfold(lines)
    for number, line in enumerate(lines, first):
        if not line:
            yield number, ""
            continue
        if plain and len(line) <= MAX_ROW and not _may_be_disguised(line) and line.isprintable():
            yield number, line.rstrip()
            continue
        if "\\n" in line and (rows := _written_rows(line)):
            yield from ((number, clean(row[:MAX_ROW])) for row in rows)
            continue
        for start in range(0, max(len(line), 1), MAX_ROW):
            row = clean(line[start : start + MAX_ROW])
            if has_entities and "&" in row:
                row = _ENTITY.sub(lambda found: _ENTITIES[found[0].lower()], row).replace("&amp;", "&")
            if has_tags and "<" in row:
                row = _TAGS.sub("", row)
                pieces = _BREAK.split(row)
                # A <br> at the end of a line says nothing that the line end does not say.
                for index, piece in enumerate(pieces):
                    if piece.strip() or index == 0:
                        yield number, piece.rstrip()
                continue
            yield number, row


def _may_be_disguised(line: str) -> bool:
    return "\\" in line or "'" in line or "**" in line or "](" in line or line.endswith("`")


def _written_rows(line: str) -> list[str]:
    """The rows of a line that holds the text of several, with its line ends, tabs and backslashes written out.

    Empty where it holds none. A backslash and an n stand in paths too (`C:\\new`), so they count only where what is
    between them is what a debugger prints; JSON in a string of JSON has two backslashes.
    """
    for mark in (_WRITTEN_BREAK, *_BARE_BREAKS):
        if line.count(mark) >= _LEAST_WRITTEN:
            first, *rows, last = line.split(mark)
            # What stands before and behind the string
            begins = max((found.end() for found in _OWN_QUOTE.finditer(first)), default=0)
            head = [first[: begins - 1], first[begins:]] if begins else [first]
            rows = [*head, *rows, *_OWN_QUOTE.split(last, 1)]
            rows = [row.replace("\\t", "\t").replace('\\"', '"').replace("\\\\", "\\") for row in rows]
            proved = mark == _WRITTEN_BREAK or sum(map(reads_as_debugger, rows)) >= _LEAST_WRITTEN
            return rows if proved else []
    return []


def unfold(lines: list[str]) -> list[str]:
    """One long line that was cut every so many characters, in the middle of words too, put together again.

    Only a text that is nothing but such a line: all its lines but the last are of one width (a blank at the cut may
    have been lost), and no line is longer. Joined lines leave blank ones behind, so that numbers stay.
    """
    if not _FEW_LINES[0] <= len(lines) <= _FEW_LINES[1]:
        return lines
    original, lines = lines, [line.expandtabs(8) for line in lines]
    width = max(len(line) for line in lines)
    if width < _NARROW or not 0 < len(lines[-1]) <= width or any(not width - 1 <= len(line) for line in lines[:-1]):
        return original
    whole = "".join(line.ljust(width) for line in lines[:-1]) + lines[-1]
    # Rows of a table are of one width too. In a cut line, what debuggers print goes on across the cuts.
    if not any(found.start() // width != (found.end() - 1) // width for found in _CUT.finditer(whole)):
        return original
    return [whole, *([""] * (len(lines) - 1))]


def _expanded(line: str) -> str:
    """The line with blanks for tabs; those of a table's row leave two at least, more than its words have between."""
    return (line.replace("\t", " \t") if line.count("\t") >= TABLE else line).expandtabs(8)


def clean(line: str) -> str:
    """One line without control characters, escape sequences and typographic or Markdown disguise."""
    if line.isascii():
        if "\x1b" in line:
            line = _ESCAPE_SEQUENCE.sub("", line)
        if not line.isprintable():
            line = _expanded(line).translate(_CONTROLS)
    else:
        line = _expanded(_HALF_QUOTE.sub("`", _ESCAPE_SEQUENCE.sub("", line))).translate(_CONTROLS)
    if "\\" in line:
        line = _unescaped(line)
    if "'" in line:
        line = _HALF_QUOTE.sub("`", line)
    if "](" in line or "**" in line:
        line = _BOLD.sub(r"\1", _LINK.sub(r"\1", line))
    if line.endswith("`"):
        line = _SPAN.sub(r"\1\2", line)
    return line.rstrip()


def _unescaped(line: str) -> str:
    """The line without the backslashes that Markdown needs; those of paths stay."""
    if any(sign in line for sign in _ESCAPED_SIGNS):
        line = _ESCAPED.sub(r"\1\2", line)
    if "\\\\" not in line:
        # What stands before a path may be escaped; the path's own backslashes stay.
        place = line.find(":\\")
        before = line if place < 0 else line[: place - 1]
        if "\\" in before:
            line = _ESCAPED_WORD.sub(r"\1", before) + line[len(before) :]
    return line
