"""Words, codes and numbers of messages get one spelling on both sides of a comparison."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.facts.words import MAX_TOKENS, stem, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Unexpected error 0xfffffa84 occurred", ["word unexpected", "word error", "code fffffa84", "word occurred"]),
        ("error -1404", ["word error", "code fffffa84"]),
        ("error fffffa84", ["word error", "code fffffa84"]),
        ("status of oxc000012f", ["word status", "word oxc000012f"]),
        ("port 1433 of SRV1", ["word port", "number 1433", "word srv1"]),
        ("C:\\exchsrvr\\BIN\\Store.exe failed", ["word exchsrvr", "word bin", "word store", "word failed"]),
        ("server <server name> and %1 in file XXXX", ["word server", "word file"]),
        ("the of and", []),
        ("can't open user's file", ["word can't", "word open", "word user", "word file"]),
        ("12345678 bytes", ["number 12345678", "word bytes"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [f"{token.kind} {token.value}" for token in tokens(text)] == expected


@pytest.mark.parametrize("words", [("crash", "crashes", "crashed", "crashing"), ("fault", "faults"), ("stop", "stops")])
def test_inflected_forms_share_a_stem(words: tuple[str, ...]) -> None:
    assert len({stem(word) for word in words}) == 1


def test_a_text_without_end_yields_a_bounded_number_of_tokens() -> None:
    assert sum(1 for _ in tokens("word " * 100_000)) <= MAX_TOKENS


@given(st.text(max_size=400))
@settings(deadline=None)
def test_any_text_is_read(text: str) -> None:
    for token in tokens(text):
        assert token.value
        assert 0 <= token.start < token.end <= len(text.lower())
