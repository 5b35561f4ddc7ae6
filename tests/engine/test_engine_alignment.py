"""Messages beside templates: the machine's own words stand in the gaps, and other words say that it is another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.engine.alignment import align, words_of

SERVICE = "The <…> service failed to start due to the following error: <…>"


def aligned(text: str, template: str):
    return align(text, words_of(text), template)


def test_what_stands_in_a_gap_is_the_machines_own() -> None:
    found = aligned("The Ledger service failed to start due to the following error: The name is invalid.", SERVICE)
    assert found is not None
    assert (found.left, found.lost) == (0, 0)
    assert found.told == found.shown == 1.0


@pytest.mark.parametrize(
    ("text", "left", "lost"),
    [
        ("The Ledger service failed to stop due to the following error: none", 1, 1),
        ("The Ledger service failed to start", 0, 5),
        ("Yesterday the Ledger service failed to start due to the following error: none", 1, 0),
    ],
)
def test_words_too_many_and_words_missing_are_counted(text: str, left: int, lost: int) -> None:
    found = aligned(text, SERVICE)
    assert found is not None
    assert (found.left, found.lost) == (left, lost)


def test_a_gap_takes_few_words() -> None:
    found = aligned("The " + "very " * 30 + "last service failed", "The <…> service failed")
    assert found is not None
    assert found.left > 20


def test_letters_tell_retyped_messages_apart() -> None:
    printed, retyped = "fault in module KERNEL32.DLL", "fault in module Kernel32.dll"
    same, other = aligned(printed, printed), aligned(retyped, printed)
    assert same is not None
    assert other is not None
    assert same.alike == 1.0 > other.alike
    assert same.left == other.left == 0


@pytest.mark.parametrize(("text", "template"), [("", SERVICE), ("words", ""), ("words", "<…>"), ("…", "…")])
def test_without_words_there_is_nothing_to_lay_together(text: str, template: str) -> None:
    assert aligned(text, template) is None


@given(st.text(max_size=300), st.text(max_size=200))
def test_any_two_texts_give_shares(text: str, template: str) -> None:
    found = aligned(text, template)
    if found is not None:
        assert 0.0 <= found.told <= 1.0
        assert 0.0 <= found.shown <= 1.0
        assert 0.0 <= found.alike <= 1.0
        assert min(found.left, found.lost, found.same) >= 0
