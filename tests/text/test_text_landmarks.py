"""Landmarks are found in bytes of every encoding, with hyperscan and without it alike."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import FORMATS
from triage.text.landmarks import LONGEST, all_of, finder, pattern, teller
from triage.text.sieve import Sieve

LANDMARKS = all_of(known.landmarks for known in FORMATS)
ENCODINGS = ("utf-8", "cp1252", "cp437", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


@pytest.fixture(params=["hyperscan", "absent", "plain"])
def fast(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    finder.cache_clear()
    teller.cache_clear()
    if request.param == "hyperscan":
        pytest.importorskip("hyperscan", exc_type=ImportError)
    elif request.param == "absent":
        monkeypatch.setitem(sys.modules, "hyperscan", None)
    yield request.param != "plain"
    finder.cache_clear()
    teller.cache_clear()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_landmark_of_every_format_is_found_in_any_case(encoding: str, fast: bool) -> None:
    find = finder(LANDMARKS, encoding, fast=fast)
    for landmark in LANDMARKS:
        if pattern(landmark, encoding) is not None:
            for form in (landmark, landmark.upper(), landmark.title()):
                text = f"quiet {form} quiet".encode(encoding, "replace")
                if text.decode(encoding).lower().find(landmark) >= 0:
                    assert landmark in find(text), form
                    assert teller(LANDMARKS, encoding, fast=fast)(text), form


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_landmark_is_longer_than_what_goes_with_a_piece(encoding: str) -> None:
    assert max(len(landmark.encode(encoding, "replace")) for landmark in LANDMARKS) < LONGEST


def test_quiet_text_has_none(fast: bool) -> None:
    assert finder(LANDMARKS, "utf-8", fast=fast)(b"GET /index.html HTTP/1.0 200 " * 9) == frozenset()
    assert not teller(LANDMARKS, "utf-8", fast=fast)(b"GET /index.html HTTP/1.0 200 " * 9)


@given(st.text(max_size=80), st.sampled_from(LANDMARKS), st.sampled_from(ENCODINGS))
@settings(deadline=None, max_examples=100)
def test_both_ways_find_the_same(noise: str, landmark: str, encoding: str) -> None:
    pytest.importorskip("hyperscan", exc_type=ImportError)
    piece = (noise[:40] + landmark.upper() + noise[40:]).encode(encoding, "replace")
    plain, fast = (finder(LANDMARKS, encoding, fast=way)(piece) for way in (False, True))
    assert plain - fast <= {one for one in plain if pattern(one, encoding) is None}


@pytest.mark.parametrize("sign", ["a", "0", " ", "\n", "\x00", "\xe9"])
def test_a_megabyte_of_one_sign_costs_no_more_than_its_reading(sign: str, fast: bool) -> None:
    finder(LANDMARKS, "utf-8", fast=fast)(sign.encode() * 1_000_000)


@given(
    st.lists(st.tuples(st.text("Xx0abcfk :[\n\r\té事", max_size=12), st.sampled_from(LANDMARKS)), max_size=12),
    st.sampled_from(ENCODINGS),
)
@settings(deadline=None, max_examples=100)
def test_what_was_seen_before_changes_nothing(pieces: list[tuple[str, str]], encoding: str) -> None:
    remembering = Sieve(LANDMARKS, encoding, lambda one: pattern(one, encoding))
    for noise, landmark in pieces:
        # A line that was clean once, and is the same again but for signs that are not looked at.
        for text in (noise + landmark[1:], noise + landmark, noise + "7" + landmark.upper(), landmark[:-1] + noise):
            piece = text.encode(encoding, "replace")
            fresh = Sieve(LANDMARKS, encoding, lambda one: pattern(one, encoding))
            assert remembering.find(piece) == fresh.find(piece)
            assert remembering.tells(piece) == bool(fresh.find(piece))


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.text.sieve.KNOWN", 50)
    kept = Sieve(LANDMARKS, "utf-8", lambda one: pattern(one, "utf-8"))
    for first in "ghijklmnop":
        words = [f"{first}{second}{third}" for second in "qrstuv" for third in "ghijkl"]
        assert kept.find("\n".join(words).encode()) == frozenset()
        assert kept.find(f"{' '.join(words)} exception".encode()) == {"exception"}
        assert len(kept._words) <= 50 + 37
        assert len(kept._lines) <= 50 + 37


def test_all_parts_of_a_landmark_that_is_ascii_are_known() -> None:
    assert {landmark for landmark in LANDMARKS if not landmark.isascii()} == {
        one.landmark for one in Sieve(LANDMARKS, "utf-8", lambda one: pattern(one, "utf-8"))._foreign
    }


@pytest.mark.parametrize("encoding", ["cp932", "cp936", "cp949", "cp950", "cp866", "cp1251"])
def test_code_pages_that_lack_some_letters_have_the_other_landmarks(encoding: str) -> None:
    assert finder(LANDMARKS, encoding, fast=False)(b"an exception") == {"exception"}
