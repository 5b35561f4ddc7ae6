"""Wrapping keeps to the width, loses no word and puts colour only where it is asked for."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.render.clean import clean, columns
from triage.render.page import MAX_WIDTH, MIN_WIDTH, SGR, Page, Span, Style

STYLES: tuple[Style, ...] = ("", *SGR)


@pytest.mark.parametrize(("asked", "used"), [(1, MIN_WIDTH), (80, 80), (10_000, MAX_WIDTH)])
def test_width_stays_within_what_can_be_read(asked: int, used: int) -> None:
    assert Page(asked).width == used


def test_a_block_hangs_under_its_head() -> None:
    page = Page(40)
    page.block("Do", "install the service pack and start again afterwards", indent=3, gutter=5)
    assert str(page).splitlines() == ["   Do   install the service pack and", "        start again afterwards"]


def test_what_belongs_at_the_right_edge_ends_there() -> None:
    page = Page(40)
    page.block("Q1", "short", gutter=5, right="likely, 0.9")
    assert str(page).startswith("Q1   short")
    assert str(page).endswith("likely, 0.9")
    assert columns(str(page)) == 40


def test_what_does_not_fit_at_the_right_edge_follows_the_text() -> None:
    page = Page(40)
    page.block("Q1", "a title that fills the line nearly", gutter=5, right="likely, 0.9")
    assert str(page).splitlines() == ["Q1   a title that fills the line nearly", "     likely, 0.9"]


def test_a_table_lines_its_columns_up() -> None:
    page = Page(40)
    page.table([["7.3", "line 3", "module quorum"], ["11.0", "-", "word vote"]], indent=2)
    assert str(page).splitlines() == ["  7.3   line 3  module quorum", "  11.0  -       word vote"]


def test_neighbours_of_one_style_are_painted_once() -> None:
    page = Page(60, colour=True)
    page.block("", Span("two words", "bad"), " plain")
    assert str(page) == "\x1b[1;31mtwo words\x1b[0m plain"


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.builds(Span, st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(STYLES))),
    st.integers(40, 120),
    st.booleans(),
)
def test_any_text_wraps_within_the_width(spans: list[Span], width: int, colour: bool) -> None:
    page = Page(width, colour=colour)
    page.block("Head", *spans, indent=2, gutter=6)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", str(page))
    assert all(columns(line) <= width and line.isprintable() for line in plain.split("\n"))
    assert "".join(plain.split()) == "Head" + "".join("".join(clean(span.text).split()) for span in spans)
