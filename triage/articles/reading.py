"""An article's bytes to its rule."""

from typing import Final

from triage.articles import kbarchive
from triage.articles.article import Article
from triage.articles.fix import fix_of
from triage.articles.layout import Layout
from triage.articles.names import ProductNames, applies_of
from triage.articles.symptoms import cause_words, symptoms_of
from triage.errors import ArticleError
from triage.model.rule import Rule, Source

LAYOUTS: Final[tuple[Layout, ...]] = (kbarchive.LAYOUT,)
"""The layouts in the order in which they are asked."""

MAX_BYTES: Final = 8 << 20


def read_article(data: bytes) -> Article:
    """An article in any known layout. Raises ArticleError where no layout knows it, or it is larger than 8 MiB."""
    if len(data) > MAX_BYTES:
        raise ArticleError(f"larger than {MAX_BYTES >> 20} MiB; this is no article")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = text.replace("\r\n", "\n").replace("\x00", "")
    for layout in LAYOUTS:
        if layout.recognises(text):
            article = layout.read(text)
            if not article.title:
                raise ArticleError(f"{article.id} has no title")
            return article
    raise ArticleError("not in the layout of any known archive")


def rule_of(article: Article, products: ProductNames) -> Rule:
    """The article's facts: its symptoms, its fix, and what it applies to. None of its sentences."""
    applies = applies_of(article, products)
    fix, others = fix_of(article, applies, products)
    symptoms = symptoms_of(article)
    return Rule(
        id=article.id,
        title=article.title,
        source=Source(article.source, article.revised),
        applies_to=applies,
        symptoms=symptoms,
        cause=cause_words(article, symptoms),
        fix=fix,
        see_also=others,
    )
