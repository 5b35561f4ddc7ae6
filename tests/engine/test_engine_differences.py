"""How the words differ in which a message and a template differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.engine.alignment import align, gaps_of, words_of
from triage.engine.differences import difference_features

TEMPLATE = "The <…> service could not be started because the account is locked. Error 1057"


def differences(text: str, unknown: frozenset[str] = frozenset(), template: str = TEMPLATE) -> dict[str, int]:
    alignment = align(text, words_of(text), template)
    assert alignment is not None
    return {name: round(10 * part) for name, part in difference_features(alignment, unknown).items() if part}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ledger service could not be started because the account is locked. Error 1057", {}),
        # Another word, or another number, makes it another message.
        (
            "The Ledger service could not be stopped because the account is locked. Error 1057",
            {"swapped": 1, "strange": 1, "gone": 1},
        ),
        ("The Ledger service could not be started because the account is locked. Error 1069", {"other numbers": 1}),
        ("The Ledger service could not be started because the acount is lokced. Error 1057", {"misspelt": 2}),
        ("The Ledger service could not be started because the account is", {"cut off": 2}),
        ("could not be started because the account is locked. Error 1057", {"cut before": 1}),
        (
            "The Ledger service could not be started because the account is locked. Error 1057 Ask somebody else",
            {"further": 3},
        ),
    ],
)
def test_words_differ_in_these_ways(text: str, expected: dict[str, int]) -> None:
    assert differences(text) == expected


def test_a_name_that_no_rule_has_is_no_other_word() -> None:
    text = "The Ledger service could not be started because the account quillbot is locked. Error 1057"
    assert differences(text) == {"strange": 1}
    assert differences(text, frozenset({"quillbot"})) == {"names": 1}


def test_where_nothing_is_in_common_the_words_stand_in_each_others_place() -> None:
    assert differences("orchard fault again", template="printer gone") == {"swapped": 2, "further": 1}


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_differ_by_shares(text: str, template: str) -> None:
    alignment = align(text, words_of(text), template)
    if alignment is not None:
        assert all(0.0 <= part <= 1.0 for part in difference_features(alignment, frozenset()).values())
        lost = sum(len(gap.lost) for gap in gaps_of(alignment))
        left = sum(len(gap.left) for gap in gaps_of(alignment))
        assert lost == alignment.lost
        assert left >= alignment.left
