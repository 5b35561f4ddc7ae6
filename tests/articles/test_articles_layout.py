"""The archive's layout: header, list of products, sections, footer."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.articles import article, products, rule
from triage.articles import read_article, rule_of, rule_path
from triage.articles.dates import iso_date
from triage.articles.sections import read_paragraphs
from triage.errors import ArticleError, TriageError
from triage.model.rule import Applies

SYMPTOMS = {"SYMPTOMS": "The ledger closes early.", "STATUS": "Nobody has looked at it."}


def test_header_becomes_id_title_and_date() -> None:
    made = rule(SYMPTOMS, title='Ledger "Hangs" & Stops')
    assert (made.id, made.title) == ("Q900123", 'Ledger "Hangs" & Stops')
    assert (made.source.kind, made.source.revised) == ("microsoft-kb", "2002-05-08")


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("08-MAY-2002", "2002-05-08"),
        ("9-NOV-1988", "1988-11-09"),
        ("31-FOO-1999", None),
        ("", None),
        ("99-MAY-2002", None),
    ],
)
def test_dates_are_iso(printed: str, iso: str | None) -> None:
    assert iso_date(printed) == iso


def test_editions_of_one_product_are_one_entry_and_platforms_come_last() -> None:
    made = rule(
        SYMPTOMS,
        applies=(
            "Microsoft SNA Server, versions 3.0, 4.0, on platform(s):",
            "   - the operating system: Microsoft Windows 2000 ",
            "Microsoft SNA Server, version 4.0 SP2 ",
            "the hardware: Intel x86 ",
        ),
    )
    assert [applies.product for applies in made.applies_to] == ["SNA Server", "Windows 2000"]
    assert made.applies_to[0].versions == ("3.0", "4.0", "4.0 SP2")


def test_a_product_that_is_not_known_keeps_its_printed_name() -> None:
    made = rule(SYMPTOMS, applies=("Microsoft Snail Racer for Windows, versions 1.0, 2.0b ",))
    assert made.applies_to == (Applies("Snail Racer for Windows", ("1.0", "2.0b")),)
    assert str(rule_path(made, products())) == "other/Q900123.yaml"


def test_rules_lie_in_the_folder_of_their_first_known_product() -> None:
    made = rule(SYMPTOMS, applies=("Microsoft Snail Racer ", "Microsoft Windows NT Server version 4.0 "))
    assert str(rule_path(made, products())) == "windows-nt/Q900123.yaml"


def test_sections_are_found_by_heading_with_and_without_a_rule_under_it() -> None:
    text = (
        "SYMPTOM\n=======\n\nIt stops.\n\nMORE INFORMATION\n\nA long tale.\n\nCD-ROM PROBLEMS\n===============\n\nNone."
    )
    found = read_article(article(text))
    assert [section.name for section in found.sections] == ["symptoms", "more"]


def test_an_article_without_sections_is_all_body() -> None:
    found = read_article(article("The compiler beeps.\n\nIt beeps again.", applies=(), query=None))
    assert [section.name for section in found.sections] == ["body"]
    assert found.symptom_sections == ("body",)


def test_footer_and_query_words_are_no_text_of_the_article() -> None:
    found = read_article(article(SYMPTOMS, keywords="kbBug kbWinNT400SP4Fix", query="ledger friday\nblue"))
    assert found.query_words == ("ledger", "friday", "blue")
    assert "kbWinNT400SP4Fix" in found.keywords
    assert all("Technology" not in p.text for s in found.sections for p in s.paragraphs)


def test_paragraphs_are_told_by_their_indentation() -> None:
    rows = [
        "You see:",
        "",
        "  Event ID: 7",
        "  Source: Ledger",
        "",
        "1. Do this.",
        "  And that.",
        "2. Stop.",
        "",
        "Title",
        "-----",
        "x",
    ]
    kinds = [(p.kind, len(p.rows)) for p in read_paragraphs(rows)]
    assert kinds == [("prose", 1), ("block", 2), ("item", 2), ("item", 1), ("heading", 1), ("prose", 1)]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff" * 300, b"# A readme\n\nNot an article.\n", b"Article: Q1\n", b"x" * (9 << 20)]
)
def test_what_is_no_article_is_refused(data: bytes) -> None:
    with pytest.raises(ArticleError):
        read_article(data)


def test_an_article_with_damaged_bytes_is_read() -> None:
    damaged = article(SYMPTOMS).replace(b"early", b"ear\xffly\x00")
    assert rule_of(read_article(damaged), products()).id == "Q900123"


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=600), st.lists(st.text(max_size=120), max_size=12))
def test_any_text_in_an_article_gives_a_rule_or_a_triage_error(text: str, rows: list[str]) -> None:
    data = article({"SYMPTOMS": text, "RESOLUTION": "\n".join(rows)})
    with contextlib.suppress(TriageError):
        rule_of(read_article(data), products())


@pytest.mark.parametrize(
    "filler", ["a", "7", " ", "\n", "- ", "(", "0x", "Service Pack ", "Q123456 ", '"', "STOP ", "event 1 "]
)
def test_long_runs_are_read_in_linear_time(filler: str) -> None:
    text = f"You receive the following error message:\n\n  {filler * (1_000_000 // len(filler))}"
    made = rule_of(read_article(article({"SYMPTOMS": text, "RESOLUTION": text})), products())
    assert len(made.symptoms.words) <= 120
