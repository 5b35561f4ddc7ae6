"""A pack gives back what was built into it, and refuses what is no pack."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from triage.errors import PackError
from triage.facts import told_keys
from triage.knowledge.build import build_pack, rarity
from triage.knowledge.pack import Pack
from triage.model.code import CodeEntry
from triage.model.product import Product, ServicePack
from triage.model.rule import EventSymptom, Rule, Source, Symptoms
from triage.model.signature import FrameNames
from triage.model.weights import Common, Confidence, Era, Logistic, Outcome, Ranking, Told, Trees, Weights

FLAT = Logistic(intercept=0.0, coefficients={})
WEIGHTS = Weights(
    note="test",
    kinds={"event": 2.0},
    unknown={"word": 0.2},
    prose_share=0.4,
    forward_exponent=0.5,
    backward_exponent=0.5,
    cut_exponent=0.2,
    whole_share=0.1,
    later_share=0.1,
    told=Told(words=80, least=0.5, most=2.5),
    exact=0.7,
    against={},
    outcome=Outcome(types={}, alarm=(), calm=(), alarmed=1.0, calmed=1.0),
    era=Era(since={}),
    common=Common(most=0.5, words=frozenset(), programs=frozenset()),
    nicknames={},
    confidence=Confidence(
        note="test", right=Trees(base=0.0, trees=()), known=Trees(base=0.0, trees=()), least=0.0, described=FLAT
    ),
    ranking=Ranking(note="test", coefficients={"value": 1.0}),
)


def rule(number: int) -> Rule:
    event = EventSymptom("Srv", 2000 + number, None, f"disk {'full' if number % 2 else 'slow'} problem{number}")
    return Rule(
        id=f"Q{100000 + number}",
        title=f"Fault {number}",
        source=Source("microsoft-kb"),
        symptoms=Symptoms(events=(event,)),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "test.pack"
    products = (Product(product="Windows 2000", version="5.0", service_packs=(ServicePack(number=1),)),)
    codes = (CodeEntry(kind="exception", code=0xC0000005, name="STATUS_ACCESS_VIOLATION"),)
    assert build_pack((rule(number) for number in range(40)), products, codes, WEIGHTS, target) == 40
    return target


def test_rules_come_back_whole(path: Path) -> None:
    pack = Pack.open(path)
    assert pack.rule("Q100007") == rule(7)
    assert pack.rule("Q999999") is None
    assert pack.size == 40
    assert [entry[0] for entry in pack.rule_ids()] == [f"Q{100000 + number}" for number in range(40)]


def test_rare_facts_weigh_more_and_lead_to_their_rules(path: Path) -> None:
    pack = Pack.open(path)
    rows = pack.facts(["event:srv/2007", "source:srv", "word:disk", "word:absent"])
    assert set(rows) == {"event:srv/2007", "source:srv", "word:disk"}
    assert rows["event:srv/2007"].weight > rows["source:srv"].weight
    assert list(pack.rules_with(rows["event:srv/2007"].number)) == [7]
    assert len(pack.rules_with(rows["word:disk"].number)) == 40


def test_facts_of_a_rule_stand_unit_by_unit(path: Path) -> None:
    pack = Pack.open(path)
    facts = pack.facts_at(7)
    assert facts.units == ("event", "articles", "prose")
    assert facts.ends[-1] == len(facts.facts) == len(facts.weights)
    assert facts.totals[0] == sum(facts.weights[: facts.ends[0]])
    assert not facts.conditional


def test_the_words_in_which_a_rule_is_told_come_back_with_their_weights(path: Path) -> None:
    pack = Pack.open(path)
    numbers = [7, 3, 7]
    rows = [{row.number: row.weight for row in pack.facts(told_keys(rule(number))).values()} for number in numbers]
    assert all(rows)
    assert pack.told_of(numbers) == rows
    assert pack.told_totals(numbers) == [sum(row.values()) for row in rows]
    assert pack.told_totals(()) == pack.told_of(()) == []


def test_a_told_word_leads_to_its_rules(path: Path) -> None:
    pack = Pack.open(path)
    rows = pack.facts(["told:fault", "told:7", "title:fault", "told:absent"])
    assert set(rows) == {"told:fault", "told:7", "title:fault"}
    assert list(pack.rules_with(rows["told:7"].number)) == [7]
    assert len(pack.rules_with(rows["told:fault"].number)) == 40


def test_names_are_found_by_their_beginning(path: Path) -> None:
    pack = Pack.open(path)
    assert "problem7" in pack.names_like("word", "problen7")
    assert pack.names_like("number", "12345") == []


def test_products_codes_and_weights_come_along(path: Path) -> None:
    pack = Pack.open(path)
    entry = pack.codes.exception(0xC0000005)
    assert entry is not None
    assert entry.name == "STATUS_ACCESS_VIOLATION"
    assert pack.codes.code_of("status_access_violation") == 0xC0000005
    assert pack.products.canonical("Windows 2000") == "Windows 2000"
    assert pack.weights == WEIGHTS


def test_names_for_signatures_come_along_in_the_same_order(tmp_path: Path) -> None:
    frames = FrameNames(irrelevant=frozenset({f"wait{n}" for n in range(50)}), sentinels=frozenset({"door"}))
    paths = [tmp_path / "a.pack", tmp_path / "b.pack"]
    for target in paths:
        build_pack([rule(1)], (), (), WEIGHTS, target, frames=frames)
    assert Pack.open(paths[0]).frames == frames
    with closing(sqlite3.connect(paths[0])) as connection:
        (stored,) = connection.execute("SELECT value FROM meta WHERE key='frames'").fetchone()
    assert list(msgspec.msgpack.decode(stored)["irrelevant"]) == sorted(frames.irrelevant)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_pack_without_names_for_signatures_has_none(path: Path) -> None:
    assert Pack.open(path).frames == FrameNames()


def test_an_article_has_an_address(path: Path) -> None:
    pack = Pack.open(path)
    found = pack.rule("Q100007")
    assert found is not None
    assert pack.url(found) == "https://jeffpar.github.io/kbarchive/kb/100/Q100007/"


def test_building_twice_gives_the_same_answers(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pack"
    build_pack([rule(number) for number in range(40)], (), (), WEIGHTS, again)
    keys = ["event:srv/2007", "source:srv", "word:disk"]
    assert Pack.open(again).facts(keys) == Pack.open(path).facts(keys)


@pytest.mark.parametrize("content", [b"", b"junk" * 1000, b"SQLite format 3\x00" + b"\xff" * 200])
def test_what_is_no_pack_is_refused(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.pack"
    broken.write_bytes(content)
    with pytest.raises(PackError, match="not a knowledge pack"):
        Pack.open(broken)


def test_a_missing_pack_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no such knowledge pack"):
        Pack.open(tmp_path / "absent.pack")


def test_a_pack_of_another_version_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.commit()
    connection.close()
    with pytest.raises(PackError, match="another version"):
        Pack.open(path)


def test_damage_inside_is_told_when_it_is_met(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE rule SET data=x'c1', title='x'")
    connection.execute("UPDATE unit SET data=x'c1'")
    connection.execute("DELETE FROM meta")
    connection.commit()
    connection.close()
    pack = Pack.open(path)
    for question in (
        lambda: pack.rule("Q100001"),
        lambda: pack.facts_at(1),
        lambda: pack.weights,
        lambda: pack.frames,
        lambda: pack.size,
    ):
        with pytest.raises(PackError, match="damaged"):
            question()


@pytest.mark.parametrize(
    ("damage", "question"),
    [
        ("DELETE FROM told WHERE num=3", lambda pack: pack.told_of([2, 3])),
        ("UPDATE told SET weights=substr(weights, 5)", lambda pack: pack.told_of([2])),
        ("UPDATE told SET facts=substr(facts, 3)", lambda pack: pack.told_of([2])),
        ("UPDATE told SET facts='text'", lambda pack: pack.told_of([2])),
        ("UPDATE told SET weights=7", lambda pack: pack.told_of([2])),
        ("DELETE FROM meta WHERE key='told'", lambda pack: pack.told_totals([2])),
        ("UPDATE meta SET value=x'c40400000000' WHERE key='told'", lambda pack: pack.told_totals([0])),
        ("SELECT 1", lambda pack: pack.told_totals([40])),
        ("UPDATE posting SET rules=x'000000'", lambda pack: pack.rules_with(0)),
    ],
)
def test_damaged_words_of_rules_are_told(path: Path, damage: str, question: Callable[[Pack], object]) -> None:
    connection = sqlite3.connect(path)
    connection.execute(damage)
    connection.commit()
    connection.close()
    with pytest.raises(PackError, match="damaged"):
        question(Pack.open(path))


def test_a_pack_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be written"):
        build_pack([], (), (), WEIGHTS, tmp_path / "absent" / "x.pack")
    assert list(tmp_path.iterdir()) == []


def test_rarity_is_a_whole_number_and_never_negative() -> None:
    assert rarity(1, 10_000) == 12703
    assert rarity(10_000, 10_000) >= 0
    assert rarity(3, 3) >= 0
