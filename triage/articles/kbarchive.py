"""The layout of Microsoft Knowledge Base articles as the kbarchive collection keeps them.

A page of a static site: front matter with the title (HTML entities in it), then the article's text, each row behind one
tab, between `{% raw %}` and `{% endraw %}`:

    ---
    title: "Q100999: Server &quot;Hangs&quot; After Restart"
    ---
        Article: Q100999
        Product(s): Microsoft Windows NT
        Last Modified: 08-MAY-2002

Files without the front matter, and rows without the tab, are read too.
"""

import html
import re
from collections.abc import Sequence
from typing import Final

from triage.articles.article import Article
from triage.articles.dates import iso_date
from triage.articles.header import read_applies, read_fields
from triage.articles.layout import Layout
from triage.articles.sections import read_sections
from triage.errors import ArticleError

SOURCE: Final = "microsoft-kb"
MAX_ROWS: Final = 40_000
MAX_TITLE: Final = 400

_ARTICLE = re.compile(r"^[ \t]{0,4}Article: {0,4}Q\d{4,7}[ \t]*$", re.MULTILINE)
_TITLE = re.compile(r"^(?:title: \"?|## )(Q\d{4,7}): ?(.{1,400}?)\"?[ \t]*$", re.MULTILINE)
_ID = re.compile(r"Q\d{4,7}")
_FOOTER = re.compile(r"={50,}\s*$")
_QUERY: Final = "additional query words:"
_MAX_FOOTER: Final = 30


def recognises(text: str) -> bool:
    """Whether the text has the row `Article: Q…` near its beginning."""
    return _ARTICLE.search(text, 0, 4000) is not None


def read(text: str) -> Article:
    """The article. Raises ArticleError where the text has no header."""
    start = _ARTICLE.search(text)
    if start is None:
        raise ArticleError("no row 'Article: Q…'; this is no article of the archive")
    rows = [_row(row) for row in text[start.start() :].split("\n", MAX_ROWS)[:MAX_ROWS]]
    rows = rows[: next((index for index, row in enumerate(rows) if row.startswith("{% endraw")), len(rows))]
    fields, index = read_fields(rows)
    applies, index = read_applies(rows, index)
    body, query, footer = _split_footer(rows[index:])
    identity = _ID.search(fields.get("Article", ""))
    title = _TITLE.search(text)
    keywords = f"{fields.get('Keyword(s)', '')} {footer.get('Keywords', '')}".split()
    return Article(
        id=identity.group() if identity else "",
        title=_clean_title(title[2]) if title else "",
        source=SOURCE,
        revised=iso_date(fields.get("Last Modified", "")),
        product=fields.get("Product(s)", ""),
        version=fields.get("Version(s)", ""),
        applies=applies,
        keywords=tuple(dict.fromkeys(word for word in keywords if word != "|")),
        query_words=tuple(query.split()[:200]),
        sections=read_sections(body),
    )


def _row(row: str) -> str:
    row = row.rstrip("\r")
    return row.removeprefix("\t").removesuffix("<BR/>")


def _clean_title(printed: str) -> str:
    return " ".join(html.unescape(printed).split())[:MAX_TITLE]


def _split_footer(rows: Sequence[str]) -> tuple[Sequence[str], str, dict[str, str]]:
    """Body, additional query words and footer fields. Articles of the eighties have neither."""
    end = len(rows)
    footer: dict[str, str] = {}
    rules = [index for index in range(max(0, len(rows) - _MAX_FOOTER), len(rows)) if _FOOTER.match(rows[index])]
    if rules:
        end = rules[0]
        for row in rows[end:]:
            name, colon, value = row.partition(":")
            if colon and name.strip().isalpha():
                footer.setdefault(name.strip(), value.strip())
    query = ""
    for index in range(max(0, end - _MAX_FOOTER), end):
        if rows[index].lower().startswith(_QUERY):
            query = " ".join([rows[index][len(_QUERY) :], *rows[index + 1 : end]])
            end = index
            break
    return rows[:end], query, footer


LAYOUT: Final = Layout(name=SOURCE, recognises=recognises, read=read)
