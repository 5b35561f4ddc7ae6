"""Knowledge-base articles to rules; one module an article layout.

    article bytes ── layout ──▶ Article ── symptoms, fix ──▶ Rule

The rule holds the article's facts and none of its sentences.
"""

from triage.articles.article import Article
from triage.articles.classes import is_crash_class
from triage.articles.folders import rule_path
from triage.articles.importer import import_archive
from triage.articles.names import ProductNames
from triage.articles.reading import LAYOUTS, read_article, rule_of

__all__ = [
    "LAYOUTS",
    "Article",
    "ProductNames",
    "import_archive",
    "is_crash_class",
    "read_article",
    "rule_of",
    "rule_path",
]
