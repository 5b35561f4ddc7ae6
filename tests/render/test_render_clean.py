"""No value of the input reaches the terminal raw."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.render.clean import clean, columns, cut, shorten


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("clusapi.dll", "clusapi.dll"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x1b[2J\x1b[31mred", r"\x1b[2J\x1b[31mred"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202efdp.exe", r"\u202efdp.exe"),
        ("a\u2066b\u2069", r"a\u2066b\u2069"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("\ufefftext", r"\ufefftext"),
        ("two\r\nlines\tand a tab", "two  lines and a tab"),
        ("line\u2028separator", "line separator"),
        ("nul\x00byte", r"nul\x00byte"),
        ("lone \udc80 surrogate", r"lone \udc80 surrogate"),
        ("\U000e0041 tag", r"\U000e0041 tag"),
        ("Grüße, 世界", "Grüße, 世界"),
    ],
)
def test_cleans(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_keeps_accents_but_not_towers_of_them() -> None:
    assert clean("e\u0301") == "e\u0301"
    assert clean("e" + "\u0301" * 500) == "e" + "\u0301" * 4


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters(exclude_categories=())))
def test_whatever_comes_in_is_printable_text_on_one_line(raw: str) -> None:
    shown = clean(raw)
    assert shown.isprintable()
    assert len(shown.splitlines()) <= 1
    assert not any(
        unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for char in shown
    )
    assert clean(shown) == shown


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])), st.integers(1, 20))
def test_cut_loses_nothing_and_keeps_to_the_width(raw: str, width: int) -> None:
    text = clean(raw)
    head, tail = cut(text, width)
    assert head + tail == text
    assert columns(head) <= max(width, 2)
    assert head or not text


def test_wide_characters_take_two_cells() -> None:
    assert columns("世界") == 4
    assert cut("世界", 3) == ("世", "界")
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abc", 4) == "abc"
