"""Words that a description means and does not say help to find its article, less than those that it says."""

from collections.abc import Iterator

import pytest

from builders.knowledge import ROOT
from triage.api.told import description
from triage.engine import match
from triage.engine.synonyms import MAX_SAID, meant_by
from triage.facts import Fact
from triage.facts.words import said_stems
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_synonyms, load_weights
from triage.knowledge.pack import Pack
from triage.knowledge.synonyms import meanings
from triage.model.rule import Rule, Source, Symptoms
from triage.model.synonym import Synonyms

THESAURUS = meanings({
    "stops responding": Synonyms(same=("seizes", "locks up", "dead"), like=("hourglass",)),
    "directory": Synonyms(same=("folder",)),
    "padlock": Synonyms(same=("lock",)),
    "gate": Synonyms(like=("folder",)),
})  # fmt: skip
WEIGHTS = load_weights(ROOT / "rules" / "weights")


def article(number: int, words: str) -> Rule:
    source = Source("microsoft-kb", "1999-05-01")
    return Rule(
        id=f"Q{number}", title=f"Case {number}", source=source, symptoms=Symptoms(words=tuple(sorted(words.split())))
    )


HANGS = article(100_001, "spooler respond printer")
LISTS = article(100_002, "directory listing printer")
GATES = article(100_003, "gate hinge printer")
FOLDERS = article(100_004, "folder colour printer")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pack]:
    path = tmp_path_factory.mktemp("meant") / "test.pack"
    filler = (article(200_000 + number, f"printer filling{number}") for number in range(120))
    build_pack((HANGS, LISTS, GATES, FOLDERS, *filler), (), (), WEIGHTS, path, synonyms=THESAURUS)
    pack = Pack.open(path)
    yield pack
    pack.close()


def meant(pack: Pack, text: str, spoken: frozenset[int] | None = None) -> dict[str, Fact]:
    (incident,) = description(text).incidents
    return {item.fact.value: item.fact for item in meant_by(incident, pack, spoken)}


def found(pack: Pack, text: str) -> list[str]:
    return [finding.rule.id for finding in match(description(text), pack)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It seizes.", {"stop", "respond"}),
        ("it seized: an hourglass", {"stop", "respond"}),
        ("the whole thing\nlocks\nup", {"stop", "respond", "padlock"}),
        ("it stops, dead", {"respond"}),  # "stops" is said
        ("the printer", set()),
    ],
)
def test_what_a_description_means(pack: Pack, text: str, words: set[str]) -> None:
    assert meant(pack, text).keys() == words


def test_it_stands_where_it_is_said_and_counts_by_how_close_it_is(pack: Pack) -> None:
    same, like = (meant(pack, f"the printer\n{word}")["respond"] for word in ("seizes", "hourglass"))
    assert (same.kind, same.lines, same.share) == ("meant", (2, 2), WEIGHTS.told.same)
    assert (like.kind, like.lines, like.share) == ("meant", (2, 2), WEIGHTS.told.like)
    assert 1 > same.share > like.share > 0


def test_the_rows_of_programs_mean_what_they_say(pack: Pack) -> None:
    assert meant(pack, "seizes\nfolder", frozenset({2})).keys() == {"directori", "gate"}


def test_a_phrase_may_be_wrapped_and_does_not_leap_over_other_rows(pack: Pack) -> None:
    assert "respond" in meant(pack, "it locks\nup")
    assert "respond" not in meant(pack, "it locks\nand then\nup", frozenset({1, 3}))


def test_only_so_many_words_are_looked_up(pack: Pack) -> None:
    assert meant(pack, "leaf " * (MAX_SAID - 1) + "seizes").keys() == {"stop", "respond"}
    assert meant(pack, "leaf " * MAX_SAID + "seizes") == {}


@pytest.mark.parametrize("said", ["freezes", "hourglass", "reboot", "garbage"])
def test_words_that_are_no_names_are_no_nicknames(said: str) -> None:
    thesaurus = load_synonyms(ROOT / "rules" / "synonyms.yaml")
    assert said not in WEIGHTS.nicknames
    assert thesaurus[" ".join(said_stems(said))]


def test_an_article_in_other_words_is_found(pack: Pack) -> None:
    assert found(pack, "the spooler seizes")[0] == HANGS.id
    assert found(pack, "the printer seizes")[0] == HANGS.id


def test_what_is_said_counts_more_than_what_is_meant_and_the_closer_more_than_the_looser(pack: Pack) -> None:
    assert found(pack, "printer of a folder")[:3] == [FOLDERS.id, LISTS.id, GATES.id]


def test_one_thing_said_is_one_thing_meant(pack: Pack) -> None:
    (finding,) = [one for one in match(description("spooler seizes"), pack) if one.rule.id == HANGS.id]
    kinds = [item.fact.partition(":")[0] for item in finding.because]
    assert sorted(kinds) == ["meant", "prose"]


def test_the_same_words_give_the_same_facts_in_the_same_order(pack: Pack) -> None:
    text = "it seizes and the folder has an hourglass, dead"
    (incident,) = description(text).incidents
    assert meant_by(incident, pack) == meant_by(incident, pack)
