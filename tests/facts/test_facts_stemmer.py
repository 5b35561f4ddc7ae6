"""The stemmer is the English one of snowballstemmer, alone."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.facts.stemmer import english


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("crashes", "crash"),
        ("corrupted", "corrupt"),
        ("unexpectedly", "unexpect"),
        ("printing", "print"),
        ("replies", "repli"),
        ("database", "databas"),
    ],
)
def test_words_lose_their_inflection(word: str, stem: str) -> None:
    assert english().stemWord(word) == stem


@given(st.text("abcdefghijklmnopqrstuvwxyz'", max_size=30))
@settings(deadline=None)
def test_it_is_the_package_s_own_english(word: str) -> None:
    from snowballstemmer.english_stemmer import EnglishStemmer

    assert english().stemWord(word) == EnglishStemmer().stemWord(word)


def test_no_other_language_is_imported() -> None:
    code = "import sys; from triage.facts.stemmer import english; english(); print([*sys.modules])"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert "english_stemmer" in modules
    assert "french_stemmer" not in modules
