"""A thesaurus says what people say for what articles write; it is looked up the other way round, by stems."""

from pathlib import Path

import pytest

from builders.knowledge import ROOT
from triage.errors import RuleError
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_synonyms, load_weights
from triage.knowledge.pack import Pack
from triage.knowledge.synonyms import LIKE, LONGEST, SAME, meanings
from triage.model.synonym import Synonyms


def test_what_people_say_leads_to_what_articles_write() -> None:
    found = meanings({"orchard": Synonyms(same=("garden", "fruit trees"), like=("apples",))})
    assert found == {"appl": {"orchard": LIKE}, "fruit tree": {"orchard": SAME}, "garden": {"orchard": SAME}}


def test_each_word_of_a_phrase_of_the_articles_is_meant_but_for_stop_words() -> None:
    assert meanings({"out of ink": Synonyms(same=("empty",))}) == {"empti": {"ink": SAME}}
    assert meanings({"quill breaks": Synonyms(same=("snaps",))}) == {"snap": {"break": SAME, "quill": SAME}}


def test_what_is_said_already_is_not_meant() -> None:
    assert meanings({"low ink": Synonyms(same=("hardly any ink",))}) == {"hard ani ink": {"low": SAME}}


def test_of_two_entries_the_closer_one_counts() -> None:
    thesaurus = {"quill": Synonyms(like=("pen",)), "quills": Synonyms(same=("pen",))}
    assert meanings(thesaurus) == {"pen": {"quill": SAME}}


def test_a_word_without_a_meaning_of_its_own_says_nothing() -> None:
    assert meanings({"above": Synonyms(same=("over", "higher"))}) == {"higher": {"abov": SAME}}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ink: {}\nquill: {same: [pen with black ink]}", r":2: same\[0\]: has 4 words; at most 3 are looked for"),
        ("ink: {}\nquill: {sane: [pen]}", ":2: sane: no such field"),
        ("ink: {}\nquill: pen", ":2: Expected `object`, got `str`"),
        ("- ink", "no words with their synonyms in this file"),
        ("", "no words with their synonyms in this file"),
    ],
)
def test_what_is_wrong_with_a_thesaurus_is_said(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "synonyms.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(RuleError, match=fault):
        load_synonyms(path)


def test_an_entry_without_synonyms_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.yaml"
    path.write_text("ink:\nquill: {same: [pen]}", "utf-8")
    assert load_synonyms(path) == {"pen": {"quill": SAME}}


def test_the_built_in_thesaurus_is_sound() -> None:
    found = load_synonyms(ROOT / "rules" / "synonyms.yaml")
    assert found["freez"]["respond"] == SAME
    assert all(said and len(said.split()) <= LONGEST for said in found)


def test_a_pack_gives_back_what_it_was_given_and_no_more(tmp_path: Path) -> None:
    synonyms = meanings({f"orchard{number}": Synonyms(same=(f"garden{number}", "trees")) for number in range(700)})
    weights = load_weights(ROOT / "rules" / "weights")
    build_pack((), (), (), weights, tmp_path / "with.pack", synonyms=synonyms)
    pack = Pack.open(tmp_path / "with.pack")
    asked = [f"garden{number}" for number in range(0, 1200, 2)]
    assert pack.meanings_of(asked) == {said: synonyms[said] for said in asked if said in synonyms}
    assert pack.meanings_of([]) == {}
    assert pack.meanings() == synonyms
    pack.close()


def test_a_pack_of_before_there_was_a_thesaurus_has_none(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "old.pack"
    build_pack((), (), (), load_weights(ROOT / "rules" / "weights"), path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE meaning")
    connection.commit()
    connection.close()
    pack = Pack.open(path)
    assert pack.meanings_of(["garden"]) == pack.meanings() == {}
    pack.close()
