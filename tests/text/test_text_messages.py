"""Helpers for sentences that programs print."""

import pytest

from triage.text.messages import block_end, indent_of, is_alternative, is_ruler, near, starts_other_evidence, unwrap


@pytest.mark.parametrize(
    ("word", "target", "same"),
    [
        ("fault", "fault", True),
        ("falut", "fault", True),
        ("fualt", "fault", True),
        ("faul", "fault", True),
        ("faullt", "fault", True),
        ("faxlt", "fault", True),
        ("faxxt", "fault", False),
        ("default", "fault", False),
        ("", "fault", False),
    ],
)
def test_near_forgives_one_typing_error(word: str, target: str, same: bool) -> None:
    assert near(word, target) is same
    assert near(target, word) is same


def test_unwrap_joins_lines_and_drops_outer_quotes() -> None:
    assert unwrap('  "The service\n\t terminated."  ') == "The service terminated."


@pytest.mark.parametrize("row", ["-----", "  ====", "* * * *", "- - - -"])
def test_rulers(row: str) -> None:
    assert is_ruler(row)


@pytest.mark.parametrize("row", ["-or-", " - and - ", "(or)", "OR"])
def test_alternatives(row: str) -> None:
    assert is_alternative(row)


@pytest.mark.parametrize(
    "row", ["0:000> kb", "ModLoad: 77f00000 77f5e000", "*** STOP: 0x1E", "Application exception occurred:", "NOTE: x"]
)
def test_lines_of_other_evidence(row: str) -> None:
    assert starts_other_evidence(row)
    assert not starts_other_evidence("The service terminated.")


def test_tabs_indent_to_columns_of_eight() -> None:
    assert [indent_of("x"), indent_of("\tx"), indent_of("  \tx"), indent_of("\t  x")] == [0, 8, 8, 10]


def test_a_quoted_block_ends_where_the_article_goes_on() -> None:
    rows = ["  STOP: 0x1E", "  name", "", "  more", "", "Prose of the article."]
    assert block_end(rows, 0, limit=10, paragraphs=3) == 4
    assert block_end(rows, 0, limit=10, paragraphs=1) == 2
    assert block_end(["a", "-or-", "b"], 0, limit=10, paragraphs=3) == 1


def test_a_row_of_blanks_is_no_alternative_and_takes_no_time() -> None:
    assert not is_alternative(" *" + 200_000 * " " + "x")
    assert is_alternative("    -or-  ")
