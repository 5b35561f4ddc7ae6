"""Landmarks are found in bytes of every encoding, all in one pass, and where they stand."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import LANDMARKS
from triage.text import landmarks
from triage.text.landmarks import LONGEST, all_of, finder, forms, locator, teller

ENCODINGS = ("utf-8", "cp1252", "cp437", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
SIGNS = "Xx0abcfk :[\n\r\t\xe9\u4e8b\u0441\u0421"


@pytest.fixture(params=["hyperscan", "without"])
def prefiltered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    landmarks._prefilter.cache_clear()
    monkeypatch.setattr(landmarks, "_PIECE", 512)
    if request.param == "hyperscan":
        pytest.importorskip("hyperscan", exc_type=ImportError)
    else:
        monkeypatch.setitem(sys.modules, "hyperscan", None)
    yield
    landmarks._prefilter.cache_clear()


def written(landmark: str) -> tuple[str, ...]:
    return (landmark, landmark.upper(), landmark.title(), landmark.capitalize())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_landmark_of_every_format_is_found_as_programs_write_it(encoding: str) -> None:
    find, tells = finder(LANDMARKS, encoding), teller(LANDMARKS, encoding)
    for landmark in LANDMARKS:
        if forms(landmark, encoding):
            for form in written(landmark):
                text = f"quiet {form} quiet".encode(encoding, "replace")
                if landmark in text.decode(encoding).lower():
                    assert landmark in find(text), form
                    assert tells(text), form


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_landmark_is_longer_than_what_goes_with_a_piece(encoding: str) -> None:
    assert max(len(form) for landmark in LANDMARKS for form in forms(landmark, encoding)) < LONGEST


def test_quiet_text_has_none() -> None:
    quiet = b"GET /index.html HTTP/1.0 200 " * 9
    assert finder(LANDMARKS, "utf-8")(quiet) == frozenset()
    assert not teller(LANDMARKS, "utf-8")(quiet)
    assert list(locator(LANDMARKS, "utf-8")(quiet)) == []


@given(
    st.lists(st.tuples(st.text(SIGNS, max_size=12), st.sampled_from(LANDMARKS), st.integers(0, 3)), max_size=8),
    st.sampled_from(ENCODINGS),
)
@settings(deadline=None, max_examples=200)
def test_what_is_found_is_what_a_look_for_each_finds(pieces: list[tuple[str, str, int]], encoding: str) -> None:
    text = "".join(noise + written(landmark)[form] for noise, landmark, form in pieces)
    data = text.encode(encoding, "replace")
    low = data.lower()
    expected = {landmark for landmark in LANDMARKS if any(form in low for form in forms(landmark, encoding))}
    assert finder(LANDMARKS, encoding)(data) == expected
    assert teller(LANDMARKS, encoding)(data) == bool(expected)
    places = [place for place, _ in locator(LANDMARKS, encoding)(data)]
    assert bool(places) == bool(expected)
    assert places == sorted(places)
    known = [form for landmark in LANDMARKS for form in forms(landmark, encoding)]
    assert all(any(low.startswith(form, place) for form in known) for place in places)


def test_one_that_is_part_of_another_is_found_with_it() -> None:
    assert finder(all_of([("fault", "page fault"), ("invalid page fault",)]), "utf-8")(b"an Invalid Page Fault in") == {
        "fault",
        "page fault",
        "invalid page fault",
    }


def test_what_only_leads_on_hides_no_landmark_that_begins_with_it() -> None:
    locate = locator((".dll!", "chance"), "utf-8", (".dll",))
    assert list(locate(b"quill.dll!Dry, ledger.dll, first chance")) == [(5, True), (21, False), (33, True)]


@pytest.mark.parametrize("sign", ["a", "0", " ", "\n", "\x00", "\xe9"])
def test_a_megabyte_of_one_sign_costs_no_more_than_its_reading(sign: str) -> None:
    finder(LANDMARKS, "utf-8")(sign.encode() * 1_000_000)


@pytest.mark.parametrize("encoding", ["cp932", "cp936", "cp949", "cp950", "cp866", "cp1251"])
def test_code_pages_that_lack_some_letters_have_the_other_landmarks(encoding: str) -> None:
    assert finder(LANDMARKS, encoding)(b"an exception") == {"exception"}


@pytest.mark.usefixtures("prefiltered")
def test_one_on_the_border_of_what_is_searched_at_once_is_found_in_time_and_place() -> None:
    for place in range(300, 1300):
        data = b"." * place + b"Exception" + b"." * 700
        assert {start for start, _ in locator(LANDMARKS, "utf-8")(data)} == {place}
        assert finder(LANDMARKS, "utf-8")(data) == {"exception"}


@pytest.mark.usefixtures("prefiltered")
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_passes_over_quiet_parts_passes_over_no_landmark(encoding: str) -> None:
    quiet = ("." * 600).encode(encoding)
    for landmark in LANDMARKS:
        for form in forms(landmark, encoding):
            assert landmark in finder(LANDMARKS, encoding)(quiet + form + quiet), landmark
