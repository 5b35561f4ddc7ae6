"""An article as its layout reader hands it on: header, sections of paragraphs, footer."""

from functools import cached_property
from typing import Final, Literal

from msgspec import Struct

ParagraphKind = Literal["prose", "item", "block", "heading"]
"""`prose` stands at the margin, `item` begins with a bullet or a number, `block` is indented (what programs print,
tables, code, but also what goes on under an item), `heading` is underlined with dashes."""

SectionName = Literal[
    "symptoms", "cause", "resolution", "status", "workaround", "more", "summary", "references", "body"
]  # fmt: skip

SYMPTOM_SECTIONS: Final[tuple[SectionName, ...]] = ("symptoms", "summary", "body")
"""Sections that tell what is seen, best first; `more` only where an article has none of them."""

FIX_SECTIONS: Final[frozenset[SectionName]] = frozenset(
    {"resolution", "status", "workaround", "more", "summary", "body", "cause"}
)


class Paragraph(Struct, frozen=True, dict=True):
    """Rows between two blank lines, as printed; `indent` is that of the first row, in columns."""

    kind: ParagraphKind
    rows: tuple[str, ...]
    indent: int = 0

    @cached_property
    def text(self) -> str:
        """The rows joined to one line."""
        return " ".join(" ".join(self.rows).split())


class Section(Struct, frozen=True):
    """A section and its paragraphs; "body" is what stands before the first heading."""

    name: SectionName
    paragraphs: tuple[Paragraph, ...]


class Article(Struct, frozen=True, kw_only=True):
    """An article: `source` is the kind of archive (it picks the address template), `revised` an ISO date.

    `product` is the header's product line, `applies` the lines of the "applies to" list as printed.
    """

    id: str
    title: str
    source: str
    revised: str | None = None
    product: str = ""
    version: str = ""
    applies: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    query_words: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()

    def paragraphs(self, *names: SectionName) -> tuple[Paragraph, ...]:
        """The paragraphs of the named sections, in the article's order."""
        return tuple(
            paragraph for section in self.sections if section.name in names for paragraph in section.paragraphs
        )

    @property
    def symptom_sections(self) -> tuple[SectionName, ...]:
        """The sections of this article that tell what is seen."""
        there = {section.name for section in self.sections if section.paragraphs}
        return tuple(name for name in SYMPTOM_SECTIONS if name in there) or ("more",)
