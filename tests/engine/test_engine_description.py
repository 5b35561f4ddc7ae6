"""A description finds the rule that is told in its words: rare ones first, and in a long text most of a rule's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from builders.knowledge import ROOT
from triage.api.told import description
from triage.engine import match
from triage.engine.description import describing, weigh_description
from triage.engine.rank import rank
from triage.engine.score import Score
from triage.facts import Fact, incident_facts
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_weights
from triage.knowledge.pack import Pack
from triage.model.evidence import BugCheck, Evidence, ExceptionRecord, Incident, Message, Told
from triage.model.rule import Applies, ExceptionSymptom, Rule, Source, Symptoms

COMMON = "computer program error message windows file open user server time".split()
FILLER = 120


def article(
    number: int, title: str, words: str, cause: str = "", *applies: Applies, codes: tuple[int, ...] = ()
) -> Rule:
    return Rule(
        id=f"Q{number}",
        title=title,
        source=Source("microsoft-kb", "1999-05-01"),
        applies_to=applies,
        symptoms=Symptoms(words=tuple(sorted(words.split())), exceptions=tuple(map(ExceptionSymptom, codes))),
        cause=tuple(sorted(cause.split())),
    )


def filler() -> Iterator[Rule]:
    """Rules of common words, each with one of its own."""
    for number in range(FILLER):
        words = [COMMON[number % len(COMMON)], COMMON[(number * 7 + 3) % len(COMMON)], f"filling{number}"]
        yield article(200_000 + number, f"Filling {number}", " ".join(words))


KEYBOARD = article(100_001, "Keyboard Is Dead", "program error keyboard typing", "buffer interrupt")
DIALUP = article(100_002, "Modem Hangs Up", "modem dialing line noise", "carrier", Applies("Remote Access", ("7.5",)))
GARDEN = article(
    100_003, "Tulip List Is Wrong", "tulip rose daisy lily orchid peony violet aster dahlia iris poppy lupin"
)
MEADOW = article(
    100_004,
    "Meadow",
    "tulip rose daisy lily orchid peony violet aster dahlia iris poppy lupin "
    "oak ash elm birch willow alder maple hazel rowan beech larch spruce fir pine yew juniper cedar cypress "
    "heron stork crane swan goose teal wigeon pintail garganey gadwall shoveler pochard scaup eider scoter smew",
)
PRINTED = article(100_005, "Printer Jams", "paper tray", codes=(0xC0000194,))
NT = article(100_006, "Clock Is Late", "clock late", "", Applies("Windows NT", ("4.0",)))
RULES = (KEYBOARD, DIALUP, GARDEN, MEADOW, PRINTED, NT)

LONG = " ".join(f"{word} and" for word in " ".join(GARDEN.symptoms.words).split())
REST = "It begins when the computer has been on for a long time and nobody knows why "
MANY = " ".join(f"remark{number}" for number in range(40))


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pack]:
    path = tmp_path_factory.mktemp("described") / "test.pack"
    build_pack((*RULES, *filler()), (), (), load_weights(ROOT / "rules" / "weights"), path)
    pack = Pack.open(path)
    yield pack
    pack.close()


def scores(pack: Pack, text: str) -> dict[str, Score]:
    (incident,) = description(text).incidents
    facts = incident_facts(incident, Evidence(format="words"))
    return {pack.rule_at(number).id: score for number, score in describing(weigh_description(facts, pack), pack)}


def found(pack: Pack, text: str) -> list[str]:
    return [finding.rule.id for finding in match(description(text), pack)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("typing stops and the program shows an error message, the keyboard", KEYBOARD),
        ("the keyboard", KEYBOARD),
        ("the modem", DIALUP),
        ("the keybord on this computer", KEYBOARD),  # mistyped
        ("it hangs", DIALUP),  # a word of the title only
        ("the interrupts of the computer", KEYBOARD),  # a word of the cause only
        ("Remote Access server", DIALUP),  # the product
        ("version 7.5 on the server", DIALUP),  # and its version
        ("the program says c0000194", PRINTED),  # a code
        ("error -1073741420 in the program", PRINTED),  # the same code as the program's language prints it
        ("clock of nt4", NT),  # a nickname
    ],
)
def test_rare_words_of_a_short_text_decide(pack: Pack, text: str, rule: Rule) -> None:
    assert found(pack, text)[0] == rule.id


def test_a_code_of_an_exception_counts_once_though_messages_name_it_too(tmp_path: Path) -> None:
    code = ExceptionSymptom(0xC0000194)
    quoting = article(100_008, "Tray Is Empty", "paper tray", codes=(code.code,))
    quoting = replace(quoting, symptoms=replace(quoting.symptoms, messages=("Orchard failed with 0xc0000194 today",)))
    build_pack((PRINTED, quoting, *filler()), (), (), load_weights(ROOT / "rules" / "weights"), tmp_path / "code.pack")
    pack = Pack.open(tmp_path / "code.pack")
    kinds = [item.fact.kind for item in scores(pack, "it says c0000194")["Q100008"].matched]
    pack.close()
    assert kinds == ["exception"]


def test_the_last_rule_that_is_looked_at_is_no_surer_for_standing_there(pack: Pack) -> None:
    ranked = rank(
        description("program error of the computer, windows file open on the user's server at this time"), pack
    )
    last = min(ranked, key=lambda one: (one.value, -one.rule))
    assert len(ranked) > 10
    assert last.features["margin"] < 1.0
    assert last.confidence <= min(one.confidence for one in ranked)


@pytest.mark.parametrize("text", ["", " \n\t\n", "the and of", "qwzx"])
def test_a_text_without_known_words_finds_nothing(pack: Pack, text: str) -> None:
    assert found(pack, text) == []


def test_of_two_rules_with_the_words_the_one_that_is_told_whole_comes_first(pack: Pack) -> None:
    result = scores(pack, LONG)
    assert result[GARDEN.id].bits == pytest.approx(result[MEADOW.id].bits, rel=0.2)
    assert result[GARDEN.id].backward > 2 * result[MEADOW.id].backward
    assert next(iter(result)) == GARDEN.id


@pytest.mark.parametrize("copies", [2, 3, 4])
def test_the_longer_a_text_the_less_count_rules_of_which_little_is_told(pack: Pack, copies: int) -> None:
    fillings = " ".join(f"filling{number}" for number in range(40 * copies))
    short, long = (scores(pack, text) for text in (LONG, f"{LONG} {fillings}"))
    lead = short[GARDEN.id].value / short[MEADOW.id].value
    assert long[GARDEN.id].value / long[MEADOW.id].value > lead * 1.2


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("the modem", 0.0, id="no product is named"),
        pytest.param("the modem of the access server", 0.5, id="half of its name"),
        pytest.param("the modem of Microsoft Remote Access", 1.0, id="in full"),
    ],
)
def test_a_rule_gains_where_its_product_is_named(pack: Pack, text: str, part: float) -> None:
    result = scores(pack, text)[DIALUP.id]
    told = pack.weights.told
    assert result.value == pytest.approx(result.bits * result.backward**told.least * (1 + part * told.product))


def test_a_short_text_that_shares_a_rare_word_beats_one_that_shares_common_ones(pack: Pack) -> None:
    result = scores(pack, "the computer program shows an error message: keyboard")
    assert next(iter(result)) == KEYBOARD.id


def test_a_mistyped_word_counts_less_than_the_right_one(pack: Pack) -> None:
    right, wrong = (scores(pack, text)[KEYBOARD.id] for text in ("keyboard", "keybord"))
    assert 0 < wrong.bits < right.bits
    (item,) = wrong.matched
    assert (item.fact.key, item.similarity < 1) == ("prose:keyboard", True)


def test_a_word_of_the_title_counts_more_than_another(pack: Pack) -> None:
    result = scores(pack, "modem noise")
    weights = {item.fact.value: item.weight for item in result[DIALUP.id].matched}
    assert weights["modem"] > weights["nois"]


def test_what_a_nickname_means_counts_less_than_what_was_said(pack: Pack) -> None:
    meant, said = (scores(pack, text)[NT.id] for text in ("nt4 clock", "windows nt 4.0 clock"))
    assert 0 < meant.bits < said.bits


def test_shares_of_a_score_are_shares(pack: Pack) -> None:
    for text in ("keyboard", LONG, f"{LONG} {MANY} {REST}", "c0000194 nt4 keybord"):
        for score in scores(pack, text).values():
            assert 0.0 <= score.forward <= 1.0 + 1e-9
            assert 0.0 <= score.backward <= 1.0 + 1e-9
            assert score.value <= score.bits * (1 + pack.weights.told.product) + 1e-9


def test_words_that_some_rule_has_are_counted(pack: Pack) -> None:
    facts = [Fact("prose", "keyboard"), Fact("prose", "modem"), Fact("prose", "qwzx"), Fact("exception", "c0000194")]
    assert weigh_description(facts, pack).words == 2


@pytest.mark.parametrize("change", [str.upper, str.title, lambda text: text.replace(" ", "\n")])
def test_case_and_rows_do_not_matter(pack: Pack, change: Callable[[str], str]) -> None:
    text = "keyboard typing stops in the program"
    assert found(pack, change(text)) == found(pack, text)


def test_a_rule_that_is_printed_and_told_is_found_once_where_it_is_surer(pack: Pack) -> None:
    printed = Incident(kind="exception", exception=ExceptionRecord(code=0xC0000194), lines=(1, 1))
    said = Incident(kind="prose", messages=(Message("the printer jams, paper in the tray", (3, 3)),), lines=(3, 3))
    both = Evidence(format="text", incidents=(printed, said))
    ranked = rank(both, pack)
    assert len({item.rule for item in ranked}) == len(ranked)
    best = {
        item.rule: max(
            one.confidence
            for incident in both.incidents
            for one in rank(_only(incident), pack)
            if one.rule == item.rule
        )
        for item in ranked
    }
    assert {item.rule: item.confidence for item in ranked} == best


def _only(incident: Incident) -> Evidence:
    return Evidence(format="text", incidents=(incident,))


def test_conditions_hold_for_descriptions_too(tmp_path: Path) -> None:
    condition = Symptoms(exceptions=(ExceptionSymptom(0xC0000194),))
    own = Rule(id="T1", title="Own", source=Source("triage"), symptoms=condition, require=condition)
    path = tmp_path / "own.pack"
    build_pack((own, *RULES, *filler()), (), (), load_weights(ROOT / "rules" / "weights"), path)
    pack = Pack.open(path)
    assert "T1" in found(pack, "the program says c0000194")
    assert "T1" not in found(pack, "my own program")
    pack.close()


def test_codes_and_modules_of_the_logs_around_are_asked_with_the_words(pack: Pack) -> None:
    said = description("the paper tray and the keyboard, typing")
    record = ExceptionRecord(code=0xC0000194, lines=(9, 9))
    printed = Evidence(format="text", incidents=(Incident(kind="exception", lines=(9, 9), exception=record),))
    alone, both = (
        {pack.rule_at(item.rule).id: item.confidence for item in rank(said, pack, beside)} for beside in (None, printed)
    )
    assert both[PRINTED.id] > alone[PRINTED.id]
    assert both[KEYBOARD.id] < alone[KEYBOARD.id]
    found = next(found for found in match(said, pack, beside=printed) if found.rule.id == PRINTED.id)
    assert ("exception:c0000194", (9, 9)) in {(item.fact, item.lines) for item in found.because}


def test_logs_of_a_younger_system_speak_against_an_older_article(pack: Pack) -> None:
    said = description("the clock is late")
    old, new = (
        Evidence(
            format="text", incidents=(Incident(kind="bugcheck", bugcheck=BugCheck(code=0x1E, parameters=(value,))),)
        )
        for value in (0x8016C4B8, 0xFFFFF8048016C4B8)
    )
    before, after = (
        next(found for found in match(said, pack, beside=beside) if found.rule.id == NT.id) for beside in (old, new)
    )
    assert "year:2003" not in {item.fact for item in before.against}
    assert "year:2003" in {item.fact for item in after.against}
    assert after.confidence < before.confidence


@pytest.mark.parametrize(
    ("spoken", "found"),
    [
        ((1,), {KEYBOARD.id}),
        ((2,), {DIALUP.id}),
        ((1, 2), {KEYBOARD.id, DIALUP.id}),
        ((3,), set()),
    ],
)
def test_a_rule_has_to_come_from_words_of_the_person(pack: Pack, spoken: tuple[int, ...], found: set[str]) -> None:
    said = description("keyboard typing interrupt\nmodem dialing carrier")
    beside = Evidence(format="text", told=Told((), spoken))
    ranked = {pack.rule_at(item.rule).id for item in rank(said, pack, beside)}
    assert ranked & {KEYBOARD.id, DIALUP.id} == found


def test_no_finding_of_a_description_is_surer_than_the_one_before_it(pack: Pack) -> None:
    ranked = rank(description(f"keyboard modem paper clock tulip {LONG}"), pack)
    by_score = sorted(ranked, key=lambda one: (-one.value, one.rule))
    assert len(by_score) > 3
    assert [one.rule for one in ranked] == [one.rule for one in by_score]
    assert [one.confidence for one in by_score] == sorted((one.confidence for one in by_score), reverse=True)
