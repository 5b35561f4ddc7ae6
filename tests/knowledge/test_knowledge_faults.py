"""Every fault of a value is found, by its place in the value as it was written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from triage.knowledge.faults import MAX_FAULTS, faults_of
from triage.model.rule import Rule

FIELDS = st.sampled_from(["id", "title", "source", "kind", "symptoms", "words", "exceptions", "code", "fix", "a.b[0]`"])
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=20,
)


def test_a_right_value_has_none() -> None:
    assert list(faults_of({"id": "X1", "title": "a", "source": {"kind": "b"}}, Rule)) == []


def test_what_follows_from_a_fault_is_not_told() -> None:
    (fault,) = faults_of({"id": "X1", "title": 1, "source": {"kind": "b"}}, Rule)
    assert (fault.where, fault.message) == ("title", "Expected `str`, got `int`")


def test_the_faults_of_a_value_without_end_are_bounded() -> None:
    words = list(range(10 * MAX_FAULTS))
    assert (
        len(list(faults_of({"id": "X1", "title": "a", "source": {"kind": "b"}, "see_also": words}, Rule))) == MAX_FAULTS
    )


@given(VALUES)
@settings(deadline=None, max_examples=60)
def test_any_value_is_judged(value: object) -> None:
    assert len(list(faults_of(value, Rule))) <= MAX_FAULTS
