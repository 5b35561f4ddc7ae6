"""Sentences that programs print: joining wrapped lines, forgiving typing errors, seeing where other evidence begins."""

import re
from collections.abc import Sequence

from triage.model.evidence import Lines
from triage.text.lazy import regex
from triage.text.lines import Text

_BLANKS = regex(r"\s+")
_EDGES = " \t\r\n\"'`*“”„«»\u2018\u2019"

_OTHER_EVIDENCE = regex(
    r"\s*(?:\d{1,3}:\d{1,3}(?::x86)?> |\d{0,2}:? ?kd> |quit:\s*$|(?:CDB )?ModLoad:|Loading Dump File|Symbol search path"
    r"|Microsoft \(R\) Windows (?:NT )?Debugger|Application exception occurred|\*{1,4}----?> |State Dump for Thread"
    r"|FramePtr |ChildEBP |Child-SP |\*\*\* ERROR: |\*\*\* WARNING: |\*{3} ?STOP|STOP:? ?0x|- ?<Event\b|<Event\b"
    r"|NOTE:|Q\d{5,6}[: ])"
)
"""Lines that only a debugger, Dr. Watson or a stop screen prints, and notes and lists of articles beside a message: a
message cannot go on over them."""

_RULER = regex(r"\s*([-=_*~#+])(?: ?\1){3,}\s*$")
_LONGEST_ALTERNATIVE = 40
_ALTERNATIVE = regex(r"\s{0,40}[-(*]{0,3}\s{0,8}(?:or|and|and/or)\s{0,8}[-)*:]{0,3}\s{0,40}$", re.IGNORECASE)


def unwrap(text: str) -> str:
    """The text on one line: every run of white space is one blank, outer quotes and emphasis are gone."""
    return " ".join(text.split()).strip(_EDGES)


def near(word: str, target: str) -> bool:
    """Whether two words are the same up to one typing error: a letter lost, doubled, wrong, or two swapped."""
    if word == target:
        return True
    short, long = sorted((word, target), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return swapped or short[at + 1 :] == long[at + 1 :]


def is_ruler(row: str) -> bool:
    """A row of dashes, stars or the like that only divides."""
    return _RULER.match(row) is not None


def is_alternative(row: str) -> bool:
    """`-or-` between two messages, as knowledge-base articles write it."""
    row = row.strip()
    # Blanks in a row may belong to any of the pattern's three gaps, and a hostile row is all blanks.
    return len(row) <= _LONGEST_ALTERNATIVE and _ALTERNATIVE.match(row) is not None


def starts_other_evidence(row: str) -> bool:
    """Whether the row is printed by a debugger, Dr. Watson or a stop screen, so that no message goes on over it."""
    return _OTHER_EVIDENCE.match(row) is not None


def indent_of(row: str) -> int:
    """Columns of white space before the first character; tabs go to multiples of eight."""
    head = row[: len(row) - len(row.lstrip())]
    return len(head.expandtabs(8))


def lines_of_rows(text: Text, first: int, last: int) -> Lines:
    """Source lines of the rows first..last, both inclusive."""
    return (text.numbers[first], text.numbers[last])


def paragraph_end(rows: Sequence[str], start: int, limit: int) -> int:
    """Index after the last row of the paragraph that begins at `start`, at most `limit` rows on."""
    end = start
    while end < min(len(rows), start + limit) and rows[end].strip():
        end += 1
    return end


def block_end(rows: Sequence[str], start: int, *, limit: int, paragraphs: int) -> int:
    """Index after the last row of a quoted message whose first row is `start`.

    A message goes over blank lines for at most `paragraphs` paragraphs, as long as what follows is indented at least
    as far as its first row (articles indent what they quote), is no ruler, no `-or-`, and no other evidence.
    """
    end = start
    indent = indent_of(rows[start])
    count = 1
    for index in range(start, min(len(rows), start + limit)):
        row = rows[index]
        if not row.strip():
            continue
        if index > start:
            after_blank = index > end
            count += after_blank
            if after_blank and (count > paragraphs or indent_of(row) < indent):
                break
            if is_ruler(row) or is_alternative(row) or starts_other_evidence(row):
                break
        end = index + 1
    return end
