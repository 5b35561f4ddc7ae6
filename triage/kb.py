"""From an archive of articles to rules and packs: the work behind `triage rules import` and `triage kb build`.

An archive is any folder with one article a file, as `<id>/README.md` or `<id>.md` or `<id>.txt`.
"""

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from triage.articles import is_crash_class, read_article, rule_of
from triage.errors import ArticleError, PackError, RuleError, SourceError, TriageError
from triage.knowledge.build import build_pack
from triage.knowledge.pack import Pack
from triage.knowledge.products import Products
from triage.model.code import CodeEntry
from triage.model.rule import Rule

ARTICLE_KIND: Final = "microsoft-kb"
"""Source kind of rules that come from articles; all others were written by hand."""

MAX_ARTICLE: Final = 16 << 20

_ARTICLE_NAME = re.compile(r"(?:README|Q?[0-9]{5,7})\.(?:md|txt)", re.IGNORECASE)

Complain = Callable[[TriageError], None]
"""Called for every article that gives no rule; the import goes on."""

Progress = Callable[[int], None]
"""Called with the number of articles or rules done so far."""


def find_articles(archive: Path) -> list[Path]:
    """All article files below a folder, in the order of their names. Raises SourceError if there are none."""
    if not archive.is_dir():
        raise SourceError("no such folder of articles", path=archive)
    found: list[Path] = []
    for folder, folders, names in os.walk(archive):
        folders.sort()
        found.extend(Path(folder, name) for name in sorted(names) if _ARTICLE_NAME.fullmatch(name))
    if not found:
        raise SourceError("no articles here; an article is a file <id>/README.md or <id>.txt", path=archive)
    return found


def find_article(archive: Path, article: str) -> Path | None:
    """The file of one article, looked for where an archive would keep it before the whole archive is walked."""
    digits = article.removeprefix("Q")
    folder = digits[:-3].zfill(3)
    for place in (archive / "kb" / folder / article, archive / folder / article, archive / article):
        if (place / "README.md").is_file():
            return place / "README.md"
    if not archive.is_dir():
        raise SourceError("no such folder of articles", path=archive)
    return next((path for path in find_articles(archive) if article in {path.parent.name, path.stem}), None)


def read_rules(
    paths: Iterable[Path], products: Products, *, every: bool, complain: Complain, progress: Progress | None = None
) -> Iterator[Rule]:
    """One rule of every article, or only of those that describe a crash; of two with one id the first."""
    seen: set[str] = set()
    for done, path in enumerate(paths, 1):
        try:
            rule = _rule(path, products, every=every)
        except TriageError as error:
            complain(error)
            rule = None
        if progress is not None:
            progress(done)
        if rule is None:
            continue
        if rule.id in seen:
            complain(RuleError(f"{rule.id} came before; this one is left out", path=path))
            continue
        seen.add(rule.id)
        yield rule


def _rule(path: Path, products: Products, *, every: bool) -> Rule | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_ARTICLE + 1)
    except OSError as error:
        raise ArticleError(f"cannot be read: {(error.strerror or 'input/output error').lower()}", path=path) from error
    if len(data) > MAX_ARTICLE:
        raise ArticleError(f"larger than {MAX_ARTICLE >> 20} MiB, which no article is", path=path)
    try:
        article = read_article(data)
    except ArticleError as error:
        raise ArticleError(error.message, path=path, line=error.line) from error
    rule = rule_of(article, products)
    return rule if every or is_crash_class(article, rule) else None


def builtin_rules(knowledge: Pack, *, articles: bool) -> Iterator[Rule]:
    """The rules of a pack that were written by hand, and those that came from articles too if asked for."""
    for number, _, kind in list(knowledge.rule_ids()):
        rule = knowledge.rule(number) if articles or kind != ARTICLE_KIND else None
        if rule is not None:
            yield rule


def build(rules: Iterable[Rule], knowledge: Pack, output: Path, *, progress: Progress | None = None) -> int:
    """Write a pack of the rules, with products, codes and weights of another pack; how many rules it holds.

    Of two rules with one id the first stands.
    """
    return build_pack(
        _distinct(rules), knowledge.products.all, _codes_of(knowledge), knowledge.weights, output, progress=progress
    )


def _codes_of(knowledge: Pack) -> tuple[CodeEntry, ...]:
    """All code tables of a pack; `Codes` answers single questions and has no list."""
    try:
        with closing(
            sqlite3.connect(f"{knowledge.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            rows = connection.execute("SELECT data FROM code ORDER BY kind, code").fetchall()
        return tuple(msgspec.msgpack.decode(data, type=CodeEntry) for (data,) in rows)
    except (sqlite3.Error, msgspec.DecodeError) as error:
        raise PackError(f"the knowledge pack is damaged ({error}); build it again", path=knowledge.path) from error


def _distinct(rules: Iterable[Rule]) -> Iterator[Rule]:
    seen: set[str] = set()
    for rule in rules:
        if rule.id not in seen:
            seen.add(rule.id)
            yield rule
