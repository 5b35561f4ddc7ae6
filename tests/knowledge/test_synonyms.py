"""A thesaurus says what people say for what articles write; it is looked up the other way round, by stems."""

import sqlite3
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.knowledge import ROOT
from triage.errors import PackError, RuleError
from triage.facts.words import lost_signs, said_stems
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_synonyms, load_weights
from triage.knowledge.pack import Pack
from triage.knowledge.synonyms import meanings
from triage.model.synonym import LIKE, LONGEST, SAME, Synonyms


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


def test_articles_are_read_as_their_rules_are() -> None:
    found = meanings({"tcp/ip": Synonyms(same=("networking",)), "Ledger.exe": Synonyms(same=("books",))})
    assert found == {"book": {"ledger": SAME}, "network": {"tcp": SAME, "ip": SAME}}


def test_an_apostrophe_is_one_however_it_is_written() -> None:
    assert meanings({"unable": Synonyms(same=("can't",))}) == meanings({"unable": Synonyms(same=("can\u2019t",))})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ink: {}\nquill: {same: [pen with black ink]}", r":2: same\[0\]: `pen with black ink` has 4 words; at"),
        ("ink: {}\nquill: {same: [pen, does]}", r":2: same\[1\]: `does` stands in every text; leave it out"),
        ("ink: {}\nquill: {like: [before]}", r":2: like\[0\]: `before` stands in every text"),
        ("ink: {}\nquill: {like: ['7']}", r":2: like\[0\]: `7` stands in every text"),
        ("ink: {}\nquill: {like: [.log]}", r":2: like\[0\]: `.log` would be looked for without \."),
        ("ink: {}\nquill: {like: ['']}", r":2: like\[0\]: `` has no words"),
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


@pytest.mark.parametrize("row", [(b"garden", b"\x80"), (None, b"\x80"), ("garden", b"\x81\xa1a\x03"), ("garden", "x")])
def test_a_damaged_thesaurus_of_a_pack_is_told(tmp_path: Path, row: tuple[object, object]) -> None:
    path = tmp_path / "damaged.pack"
    build_pack((), (), (), load_weights(ROOT / "rules" / "weights"), path)
    connection = sqlite3.connect(path)
    connection.executescript("DROP TABLE meaning; CREATE TABLE meaning (said, data)")
    connection.execute("INSERT INTO meaning VALUES (?,?)", row)
    connection.commit()
    connection.close()
    pack = Pack.open(path)
    with pytest.raises(PackError, match="build it again"):
        pack.meanings()
    pack.close()


@given(st.text(max_size=300))
def test_any_text_has_words_and_signs(text: str) -> None:
    assert all(said_stems(text))
    assert not (set(lost_signs(text)) & set(string.ascii_letters))
    for said, meant in meanings({"quill": Synonyms(same=(text,))}).items():
        assert (said.split(), meant) == (said_stems(text), {"quill": SAME})


def test_a_pack_of_before_there_was_a_thesaurus_has_none(tmp_path: Path) -> None:
    path = tmp_path / "old.pack"
    build_pack((), (), (), load_weights(ROOT / "rules" / "weights"), path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE meaning")
    connection.commit()
    connection.close()
    pack = Pack.open(path)
    assert pack.meanings_of(["garden"]) == pack.meanings() == {}
    pack.close()
