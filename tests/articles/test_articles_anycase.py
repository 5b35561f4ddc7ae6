"""Patterns for any case find what a pattern that ignores case finds."""

from importlib import import_module
from pkgutil import iter_modules
from re import Match

import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage.articles
from triage.articles.anycase import AnyCase

PATTERNS = {
    f"{module.name}.{name}": value
    for module in iter_modules(triage.articles.__path__)
    for name, value in vars(import_module(f"triage.articles.{module.name}")).items()
    if isinstance(value, AnyCase)
}


def spans(found: Match[str] | None) -> tuple[int, int] | None:
    return found.span() if found else None


def test_there_are_some() -> None:
    assert len(PATTERNS) > 10


@pytest.mark.parametrize("name", PATTERNS)
@given(st.data())
def test_what_matches_is_found(name: str, data: st.DataObject) -> None:
    """Texts made from the pattern itself: what is needed stands in each, and positions are those in the text."""
    pattern = PATTERNS[name]
    text = data.draw(st.from_regex(pattern.folded))
    assert pattern.folded.search(text)
    for tried in (text, text.upper(), text.encode("ascii", "replace").decode("ascii")):
        assert spans(pattern.search(tried)) == spans(pattern.folded.search(tried))
        assert [*map(spans, pattern.finditer(tried))] == [*map(spans, pattern.folded.finditer(tried))]


@given(st.text(st.sampled_from("aAbBkK \u212asS\u017f\u0130\u0131iI")))
def test_letters_beyond_ascii_are_compared_as_ever(text: str) -> None:
    pattern = AnyCase(r"\bs?[ik]+ a", needs=("a",))
    assert spans(pattern.search(text)) == spans(pattern.folded.search(text))


def test_a_pattern_with_capitals_is_refused() -> None:
    with pytest.raises(ValueError, match="lower case"):
        AnyCase(r"\bStop")
    assert AnyCase(r"\S\Dstop").search("x:STOP")
