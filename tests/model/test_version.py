"""File versions: what is read, and which may be compared."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.model.version import compare, parse_version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("5.0.2195.2779", (5, 0, 2195, 2779)),
        ("5.00.2195.2779", (5, 0, 2195, 2779)),
        ("5, 0, 2195, 1", (5, 0, 2195, 1)),
        ("6.0.6001.18000 (longhorn_rtm.080118-1840)", (6, 0, 6001, 18000)),
        (" 4.72.3110.8", (4, 72, 3110, 8)),
        ("v1.2", (1, 2, 0, 0)),
        ("8.0", (8, 0, 0, 0)),
        ("5", None),
        ("1.2.3.4.5", None),
        ("", None),
        (None, None),
        ("not known", None),
    ],
)
def test_versions_as_they_are_printed(text: str | None, version: tuple[int, ...] | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("found", "fixed", "order"),
    [
        ("5.0.2195.1600", "5.0.2195.2103", -1),
        ("5.0.2195.2103", "5.0.2195.2103", 0),
        ("5.0.2195.6717", "5.0.2195.2103", 1),
        ("5.5.2653.23", "5.5.2650.24", 1),
        ("5.1.2600.100", "5.0.2195.2103", None),
        ("5.0.2195.6717", "4.0.1381.7086", None),
        ("5.1.2600.5512", "5.1.2600.1255", None),
        ("6.0.6001.22200", "6.0.6001.18100", None),
        ("6.0.6002.18005", "6.0.6001.18100", None),
        ("2.0.1493.2009", "1.2.889.0", None),
    ],
    ids=str,
)
def test_versions_are_ordered_within_their_branch_only(found: str, fixed: str, order: int | None) -> None:
    left, right = parse_version(found), parse_version(fixed)
    assert left is not None
    assert right is not None
    assert compare(left, right) == order


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    version = parse_version(text)
    assert version is None or len(version) == 4


@pytest.mark.parametrize("unit", ["a", "1", " ", "\n", "1."])
def test_long_text_is_no_version(unit: str) -> None:
    assert parse_version(unit * 1_000_000) is None
