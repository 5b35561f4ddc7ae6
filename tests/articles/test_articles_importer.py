"""Importing a directory: order, jobs, broken articles."""

from pathlib import Path

import pytest

from builders.articles import article, products
from triage.articles import import_archive
from triage.errors import ArticleError, SourceError

CRASH = {"SYMPTOMS": "You receive a general protection fault."}
OTHER = {"SYMPTOMS": "The page is blue."}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for number, sections in ((900300, CRASH), (900100, CRASH), (900200, OTHER)):
        path = tmp_path / str(number)[:3] / f"Q{number}" / "README.md"
        path.parent.mkdir(parents=True)
        path.write_bytes(article(sections, identity=f"Q{number}"))
    (tmp_path / "README.md").write_text("About this archive")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path


@pytest.mark.parametrize("jobs", [1, 2])
def test_rules_come_in_the_order_of_names(archive: Path, jobs: int) -> None:
    told: list[ArticleError] = []
    steps: list[tuple[int, int]] = []
    rules = import_archive(
        archive, products(), jobs=jobs, warn=told.append, progress=lambda done, total: steps.append((done, total))
    )
    assert [rule.id for rule in rules] == ["Q900100", "Q900200", "Q900300"]
    assert [error.path for error in told] == [str(archive / "README.md")]
    assert steps[-1] == (4, 4)


def test_only_the_crash_class(archive: Path) -> None:
    rules = import_archive(archive, products(), only_crash_class=True)
    assert [rule.id for rule in rules] == ["Q900100", "Q900300"]


def test_an_id_comes_once(archive: Path) -> None:
    (archive / "copy.txt").write_bytes(article(CRASH, identity="Q900100"))
    rules = list(import_archive(archive, products()))
    assert sorted(rule.id for rule in rules) == ["Q900100", "Q900200", "Q900300"]


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_no_directory_or_nothing_in_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError):
        list(import_archive(tmp_path / name, products()))
