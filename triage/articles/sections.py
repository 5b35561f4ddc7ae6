"""Body of an article: sections by their headings, paragraphs by blank lines and indentation."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from triage.articles.article import Paragraph, Section, SectionName

HEADINGS: Final[dict[str, SectionName]] = {
    "SYMPTOM": "symptoms",
    "SYMPTOMS": "symptoms",
    "PROBLEM": "symptoms",
    "CAUSE": "cause",
    "CAUSES": "cause",
    "RESOLUTION": "resolution",
    "RESOLUTIONS": "resolution",
    "SOLUTION": "resolution",
    "STATUS": "status",
    "WORKAROUND": "workaround",
    "WORKAROUNDS": "workaround",
    "WORK AROUND": "workaround",
    "MORE INFORMATION": "more",
    "FURTHER INFORMATION": "more",
    "SUMMARY": "summary",
    "INTRODUCTION": "summary",
    "REFERENCE": "references",
    "REFERENCES": "references",
}
"""Headings in the archive's spellings. Others ("CD-ROM PROBLEMS") only divide the section that they stand in."""

_UNDERLINE = re.compile(r"={3,}\s*$")
_DASHES = re.compile(r"\s*[-~]{3,}\s*$")
_ITEM = re.compile(r"\s*(?:[-*o•]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")
_FIELD = re.compile(r"(?:Description|Source|Type|Category|Event ?ID) ?:", re.IGNORECASE)
"""A label of an event that stands at the margin though the rows before and behind it are indented:

      Event ID: 4021
          Type: Warning
    Description: The ledger could not be closed
                in time.
"""

_ALTERNATIVE = re.compile(r"\s*-? ?(?:or|and)(?: ?-|:?$)", re.IGNORECASE)


def read_sections(rows: Sequence[str]) -> tuple[Section, ...]:
    """The sections in order; text before the first heading is section "body"."""
    sections: list[tuple[SectionName, list[str]]] = [("body", [])]
    skip = False
    for index, row in enumerate(rows):
        if skip:
            skip = False
            continue
        name = HEADINGS.get(row.strip().rstrip(":"))
        follows = name is not None and index + 1 < len(rows) and _UNDERLINE.match(rows[index + 1]) is not None
        if name is not None and (follows or _alone(rows, index)):
            sections.append((name, []))
            skip = follows
        else:
            sections[-1][1].append(row)
    found = (Section(name, tuple(read_paragraphs(body))) for name, body in sections)
    return tuple(section for section in found if section.paragraphs)


def _alone(rows: Sequence[str], index: int) -> bool:
    before = rows[index - 1].strip() if index else ""
    after = rows[index + 1].strip() if index + 1 < len(rows) else ""
    return not before and not after and not rows[index].startswith((" ", "\t"))


def read_paragraphs(rows: Sequence[str]) -> Iterator[Paragraph]:
    """The paragraphs of a section, split at blank lines and where prose turns into an indented block."""
    chunk: list[str] = []
    for row in rows:
        if row.strip():
            chunk.append(row.rstrip())
        elif chunk:
            yield from _split(chunk)
            chunk = []
    if chunk:
        yield from _split(chunk)


def _split(chunk: list[str]) -> Iterator[Paragraph]:
    start = 0
    for index in range(1, len(chunk)):
        if index <= start:
            continue
        row, before = chunk[index], chunk[index - 1]
        if index == start + 1 and _DASHES.match(row) and not _DASHES.match(before) and indent_of(before) == 0:
            yield Paragraph("heading", (before,))
            start = index + 1
        elif _starts_new(chunk, start, index):
            yield _paragraph(chunk[start:index])
            start = index
    if start < len(chunk):
        yield _paragraph(chunk[start:])


def _starts_new(chunk: list[str], start: int, index: int) -> bool:
    """Whether row `index` begins another paragraph than the one from `start` though no blank line is between."""
    row = chunk[index]
    if not is_item(chunk[start]):
        if indent_of(chunk[start]) == 0:
            return indent_of(row) >= 2 or is_item(row)
        return indent_of(row) == 0 and not _FIELD.match(row)
    return is_item(row) and indent_of(row) <= indent_of(chunk[start]) + 1


def _paragraph(rows: list[str]) -> Paragraph:
    indent = indent_of(rows[0])
    if is_item(rows[0]):
        return Paragraph("item", tuple(rows), indent)
    return Paragraph("block" if indent >= 2 else "prose", tuple(rows), indent)


def is_item(row: str) -> bool:
    """Whether a row begins with a bullet or a number: `- text`, `1. text`, `a) text`."""
    return _ITEM.match(row) is not None


def is_alternative(paragraph: Paragraph) -> bool:
    """`-or-`, `-and-` or `Or:` alone on a row."""
    return (
        len(paragraph.rows) == 1 and len(paragraph.rows[0].strip()) <= 6 and bool(_ALTERNATIVE.match(paragraph.rows[0]))
    )


def indent_of(row: str) -> int:
    """Columns before the first character; a tab counts eight."""
    if row[:1] not in " \t":
        return 0
    if "\t" in row:
        row = row.expandtabs(8)
    return len(row) - len(row.lstrip())
