"""From an archive to rules and packs."""

from pathlib import Path

import pytest

from builders.knowledge import OWN, RULES, SHUTDOWN, small_pack
from triage import kb
from triage.errors import PackError, RuleError, SourceError
from triage.knowledge.loader import load_rules
from triage.knowledge.pack import Pack
from triage.model.rule import Rule, Source


@pytest.fixture
def knowledge(tmp_path: Path) -> Pack:
    return Pack.open(small_pack(tmp_path / "small.pack"))


def test_rules_are_written_once_and_for_all(knowledge: Pack, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    assert kb.write_rules(RULES, knowledge, folder) == len(RULES)
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    kb.write_rules(RULES, knowledge, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before
    assert set(load_rules(folder)) == set(RULES)


def test_a_folder_that_cannot_be_written_is_told(knowledge: Pack, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RuleError, match="cannot be written"):
        kb.write_rules([SHUTDOWN], knowledge, tmp_path / "file")


@pytest.mark.parametrize(
    "place", ["kb/900/Q900001/README.md", "900/Q900001/README.md", "Q900001/README.md", "deep/er/Q900001.txt"]
)
def test_an_article_is_found_where_archives_keep_it(tmp_path: Path, place: str) -> None:
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text("text")
    assert kb.find_article(tmp_path, "Q900001") == tmp_path / place
    assert kb.find_article(tmp_path, "Q900002") is None


def test_an_archive_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        kb.find_article(tmp_path / "gone", "Q900001")


def test_hand_written_rules_are_told_from_those_of_articles(knowledge: Pack) -> None:
    assert list(kb.kept_rules(knowledge, articles=False)) == [OWN]
    assert {rule.id for rule in kb.kept_rules(knowledge, articles=True)} == {rule.id for rule in RULES}


def test_a_pack_takes_products_codes_weights_and_synonyms_along(knowledge: Pack, tmp_path: Path) -> None:
    other = Rule(id="Q900001", title="Another of the same id", source=Source(kind="microsoft-kb"))
    assert kb.build([SHUTDOWN, OWN, other], knowledge, tmp_path / "new.pack") == 2
    built = Pack.open(tmp_path / "new.pack")
    assert built.rule("Q900001") == SHUTDOWN
    assert built.products.all == knowledge.products.all
    assert built.meanings() == knowledge.meanings() != {}
    assert built.weights == knowledge.weights
    entry = built.codes.bugcheck(0x1E)
    assert entry is not None
    assert entry.name == "KMODE_EXCEPTION_NOT_HANDLED"


def test_a_pack_that_cannot_be_written_is_told(knowledge: Pack, tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be written"):
        kb.build([OWN], knowledge, tmp_path / "no" / "folder" / "new.pack")
