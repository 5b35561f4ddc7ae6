"""A directory of articles to rules, on several processors, whatever single articles are like."""

import multiprocessing
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from triage.articles.classes import is_crash_class
from triage.articles.names import ProductNames
from triage.articles.reading import MAX_BYTES, read_article, rule_of
from triage.errors import ArticleError, SourceError
from triage.model.rule import Rule

SUFFIXES: Final = frozenset({".md", ".txt"})
_CHUNK: Final = 200
_MOST_JOBS: Final = 64

Warn = Callable[[ArticleError], None]
"""Told of every article that could not be read; it is left out."""

Progress = Callable[[int, int], None]
"""Told (articles done, articles in all) from time to time."""

_Outcome = tuple[list[Rule], list[tuple[str, str]]]


def import_archive(
    directory: Path,
    products: ProductNames,
    *,
    only_crash_class: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
    warn: Warn | None = None,
) -> Iterator[Rule]:
    """The rule of every article under `directory`, in the order of the files' names; each id once.

    `only_crash_class` leaves articles about other things out. Articles that cannot be read are told to `warn` and left
    out. Raises SourceError where there is no such directory or no article in it.
    """
    paths = article_paths(directory)
    chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
    work = _Work(products, only_crash_class)
    seen: set[str] = set()
    done = 0
    with closing(_outcomes(work, chunks, min(jobs, _MOST_JOBS, len(chunks)))) as outcomes:
        for chunk, (rules, faults) in zip(chunks, outcomes, strict=True):
            done += len(chunk)
            if progress is not None:
                progress(done, len(paths))
            if warn is not None:
                for path, message in faults:
                    warn(ArticleError(message, path=path))
            for rule in rules:
                if rule.id not in seen:
                    seen.add(rule.id)
                    yield rule


def article_paths(directory: Path) -> list[Path]:
    """The files that may be articles, sorted; links are not followed out of the directory."""
    if not directory.is_dir():
        raise SourceError("no such directory", path=directory)
    paths = sorted(path for path in directory.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    if not paths:
        raise SourceError("no articles (*.md, *.txt) in this directory", path=directory)
    return paths


class _Work:
    """One chunk of files to rules; sent to the worker processes."""

    def __init__(self, products: ProductNames, only_crash_class: bool) -> None:
        self._products = products
        self._only_crash_class = only_crash_class

    def __call__(self, paths: Sequence[Path]) -> _Outcome:
        rules: list[Rule] = []
        faults: list[tuple[str, str]] = []
        for path in paths:
            try:
                rule = self._rule(path)
            except ArticleError as error:
                faults.append((str(path), error.message))
            except OSError as error:
                faults.append((str(path), error.strerror or "cannot be read"))
            else:
                if rule is not None:
                    rules.append(rule)
        return rules, faults

    def _rule(self, path: Path) -> Rule | None:
        if path.stat().st_size > MAX_BYTES:
            raise ArticleError(f"larger than {MAX_BYTES >> 20} MiB; this is no article")
        article = read_article(path.read_bytes())
        rule = rule_of(article, self._products)
        return None if self._only_crash_class and not is_crash_class(article, rule) else rule


def _outcomes(work: _Work, chunks: Sequence[Sequence[Path]], jobs: int) -> Generator[_Outcome, None, None]:
    if jobs <= 1:
        yield from map(work, chunks)
        return
    with multiprocessing.get_context().Pool(jobs) as pool:
        yield from pool.imap(work, chunks)
