"""What a layout of articles is: one module a layout, listed in `triage.articles.LAYOUTS`."""

from collections.abc import Callable

from msgspec import Struct

from triage.articles.article import Article


class Layout(Struct, frozen=True, kw_only=True):
    """`recognises` looks at the beginning of the decoded text; `read` raises ArticleError for what it cannot read."""

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[str], Article]
