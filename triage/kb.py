"""From an archive of articles to rules and packs: the work behind `triage rules import` and `triage kb build`.

An archive is any folder with one article a file, at any depth.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from triage.articles import import_archive, rule_path
from triage.errors import ArticleError, RuleError, SourceError
from triage.knowledge.build import build_pack
from triage.knowledge.pack import Pack
from triage.knowledge.writer import rule_to_yaml
from triage.model.rule import Rule

ARTICLE_KIND: Final = "microsoft-kb"
"""Source kind of rules that come from articles; all others were written by hand."""

Complain = Callable[[ArticleError], None]
"""Called for every article that gives no rule; the import goes on."""

Progress = Callable[[int, int], None]
"""Called with how many articles are done, and how many there are."""


def read_rules(
    archive: Path,
    knowledge: Pack,
    *,
    every: bool,
    jobs: int = 1,
    complain: Complain | None = None,
    progress: Progress | None = None,
) -> Iterator[Rule]:
    """One rule of every article, or only of those that describe a crash; of two with one id the first."""
    return import_archive(
        archive, knowledge.products, only_crash_class=not every, jobs=jobs, progress=progress, warn=complain
    )


def write_rules(rules: Iterable[Rule], knowledge: Pack, output: Path) -> int:
    """Write each rule as a YAML file in the folder of its product; how many. Raises RuleError where that fails.

    The same rule gives the same bytes, so importing twice changes nothing.
    """
    written = 0
    for rule in rules:
        path = output / rule_path(rule, knowledge.products)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(rule_to_yaml(rule), "utf-8", newline="\n")
        except OSError as error:
            raise RuleError(f"cannot be written: {(error.strerror or 'output error').lower()}", path=path) from error
        written += 1
    return written


def find_article(archive: Path, article: str) -> Path | None:
    """The file of one article, looked for where an archive would keep it before the whole archive is walked."""
    if not archive.is_dir():
        raise SourceError("no such folder of articles", path=archive)
    folder = article.removeprefix("Q")[:-3].zfill(3)
    for place in (archive / "kb" / folder / article, archive / folder / article, archive / article):
        if (place / "README.md").is_file():
            return place / "README.md"
    names = {f"{article}.md", f"{article}.txt"}
    return next((path for path in sorted(archive.rglob("*")) if path.name in names and path.is_file()), None)


def kept_rules(knowledge: Pack, *, articles: bool) -> Iterator[Rule]:
    """The rules of a pack that were written by hand, and those that came from articles too if asked for."""
    for rule_id, _, kind in list(knowledge.rule_ids()):
        rule = knowledge.rule(rule_id) if articles or kind != ARTICLE_KIND else None
        if rule is not None:
            yield rule


def build(rules: Iterable[Rule], knowledge: Pack, output: Path) -> int:
    """Write a pack of the rules, with all else of another pack; how many rules it holds.

    Of two rules with one id the first stands.
    """
    return build_pack(
        _distinct(rules),
        knowledge.products.all,
        knowledge.code_entries(),
        knowledge.weights,
        output,
        frames=knowledge.frames,
        synonyms=knowledge.meanings(),
    )


def _distinct(rules: Iterable[Rule]) -> Iterator[Rule]:
    seen: set[str] = set()
    for rule in rules:
        if rule.id not in seen:
            seen.add(rule.id)
            yield rule
