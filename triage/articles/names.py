"""What the importer asks of the products: the shape of `triage.knowledge.products.Products`."""

import re
from typing import Final, Protocol

from triage.articles.article import Article
from triage.model.product import Product
from triage.model.rule import Applies, PackRef

MAX_APPLIES: Final = 24

_VERSIONS = re.compile(r",? versions? (.*)$", re.IGNORECASE)
_USED_WITH = re.compile(r",? (?:included with|used with|on platform\(s\))[:,]?.*$", re.IGNORECASE)
_EDITOR = re.compile(r"\*[^*]{0,80}\*")
_PLATFORM: Final = "the operating system:"
_HARDWARE: Final = "the hardware:"


class ProductNames(Protocol):
    """Names of products as articles print them, to canonical names."""

    def get(self, product: str | None) -> Product | None:
        """The product with this canonical name, None for one that is not known."""

    def canonical(self, name: str) -> str | None:
        """The canonical name of a printed one, None for one that is not known."""

    def parse_applies(self, line: str) -> tuple[Applies, ...]:
        """A line of an "applies to" list by family and versions; empty for products that are not known."""

    def pack_of_keyword(self, keyword: str) -> PackRef | None:
        """The service pack that a keyword such as kbWin2000SP2Fix names."""


def applies_of(article: Article, products: ProductNames) -> tuple[Applies, ...]:
    """The products of an article, each once with its versions; by the header's product where there is no list.

    Systems that the product runs on ("the operating system: Microsoft Windows NT") come last.
    """
    lines = [line for line in article.applies if not line.lower().startswith(_PLATFORM)]
    lines += [line for line in article.applies if line.lower().startswith(_PLATFORM)]
    if not lines and article.product and article.product != "See article":
        lines = [article.product]
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.lower().startswith(_HARDWARE):
            continue
        for applies in products.parse_applies(line) or _printed(line):
            found.setdefault(applies.product, []).extend(applies.versions)
    merged = (Applies(name, tuple(dict.fromkeys(versions))) for name, versions in found.items())
    return tuple(merged)[:MAX_APPLIES]


def _printed(line: str) -> tuple[Applies, ...]:
    """`Microsoft Golf for Windows, versions 1.0, 2.0` as Golf for Windows with its versions."""
    text = _USED_WITH.sub("", _EDITOR.sub("", line.removeprefix(_PLATFORM))).strip(" ,:")
    match = _VERSIONS.search(text)
    versions = tuple(part.strip()[:40] for part in match[1].split(",") if part.strip())[:20] if match else ()
    name = (text[: match.start()] if match else text).strip(" ,:")
    for prefix in ("The ", "Microsoft "):
        name = name.removeprefix(prefix)
    return (Applies(name[:100], versions),) if name else ()
