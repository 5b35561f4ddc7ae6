"""A page of text for a terminal: labelled blocks that wrap, tables, and colour where the terminal takes it.

All values pass `clean` here, in `Page`, and nowhere else: what a renderer writes cannot reach the terminal around it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from triage.render.clean import clean, columns, cut

Style = Literal["", "strong", "good", "warn", "bad", "dim"]
SGR: dict[Style, str] = {"strong": "1", "good": "1;32", "warn": "1;33", "bad": "1;31", "dim": "2"}
"""Select Graphic Rendition parameters (ECMA-48, section 8.3.117) of each style."""

MIN_WIDTH = 40
MAX_WIDTH = 120
"""Longer lines than this are hard to read however wide the terminal is."""


class Span(NamedTuple):
    """A piece of text in one style."""

    text: str
    style: Style = ""


Piece = Span | str


class Page:
    """Lines of output, at most `width` cells wide; `colour` says whether styles become escape sequences."""

    def __init__(self, width: int = 100, *, colour: bool = False) -> None:
        self.width = min(max(width, MIN_WIDTH), MAX_WIDTH)
        self.colour = colour
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self._lines)

    def blank(self) -> None:
        """An empty line, unless there is one already."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def block(self, head: Piece, *pieces: Piece, indent: int = 0, gutter: int = 0, right: Piece = "") -> None:
        """Wrapped text with a hanging indent: `head` stands in the `gutter` columns at the left of the first line.

        `right` goes to the right edge of the first line if it fits, else after the text.
        """
        head_span, body, edge = _span(head), [_span(piece) for piece in pieces], _span(right)
        room = self.width - indent - gutter
        if edge.text:
            wide = columns(edge.text)
            used = sum(columns(span.text) for span in body)
            if used + 2 + wide <= room:
                body.append(Span(" " * (room - used - wide)))
            else:
                body.append(Span("  "))
            body.append(edge)
        rows = list(_wrap(body, room)) or [[]]
        margin = " " * (indent + gutter)
        for number, row in enumerate(rows):
            text = self._row(row)
            if number == 0 and gutter:
                pad = max(gutter - columns(head_span.text), 1)
                self._lines.append((" " * indent + self._paint(head_span) + " " * pad + text).rstrip())
            else:
                self._lines.append((margin + text).rstrip())

    def table(self, rows: Iterable[Sequence[Piece]], *, indent: int) -> None:
        """Columns as wide as their widest cell; the last one takes what is left and wraps."""
        cells = [[_span(piece) for piece in row] for row in rows]
        if not cells:
            return
        widths = [max(columns(row[at].text) for row in cells) for at in range(len(cells[0]) - 1)]
        gutter = sum(widths) + 2 * len(widths)
        last = max(self.width - indent - gutter, 10)
        for row in cells:
            lead = " " * indent
            for span, width in zip(row, widths, strict=False):
                lead += self._paint(span) + " " * (width - columns(span.text) + 2)
            for number, line in enumerate(_wrap([row[-1]], last)):
                text = self._row(line)
                self._lines.append(((lead if number == 0 else " " * (indent + gutter)) + text).rstrip())

    def _row(self, spans: list[Span]) -> str:
        """Neighbours of one style painted in one go; blanks at the end left out."""
        while spans and spans[-1].text.isspace():
            spans.pop()
        runs = groupby(spans, lambda span: span.style)
        return "".join(self._paint(Span("".join(span.text for span in run), style)) for style, run in runs)

    def _paint(self, span: Span) -> str:
        code = SGR.get(span.style)
        return f"\x1b[{code}m{span.text}\x1b[0m" if self.colour and code and span.text else span.text


def _span(piece: Piece) -> Span:
    return Span(clean(piece)) if isinstance(piece, str) else Span(clean(piece.text), piece.style)


def _size(word: Iterable[Span]) -> int:
    return sum(columns(span.text) for span in word)


def _wrap(spans: Iterable[Span], width: int) -> Iterator[list[Span]]:
    """Rows of at most `width` cells, broken at spaces, and inside a word only where it is wider than a row."""
    row: list[Span] = []
    used = 0
    for word in _words(spans):
        blank = word[0].text.isspace()
        for part in [word] if _size(word) <= width else _chop(word, width):
            size = _size(part)
            if used + size > width:
                if row:
                    yield row
                row, used = [], 0
            if row or not blank:
                row.extend(part)
                used += size
    if row:
        yield row


def _chop(word: Iterable[Span], width: int) -> Iterator[list[Span]]:
    """Parts of at most `width` cells of a word that no row can hold."""
    for span in word:
        rest = span.text
        while rest:
            part, rest = cut(rest, width)
            yield [Span(part, span.style)]


def _words(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Runs of spaces and runs of other characters; a word may go on from one span to the next."""
    word: list[Span] = []
    for span in spans:
        for blank, run in groupby(span.text, str.isspace):
            part = Span("".join(run), span.style)
            if blank:
                if word:
                    yield word
                    word = []
                yield [part]
            else:
                word.append(part)
    if word:
        yield word
