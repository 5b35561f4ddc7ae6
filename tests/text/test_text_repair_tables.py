"""Tables of Markdown that tell of one thing, field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.formats import read_evidence
from triage.text.repair import repair


def rows(text: str) -> list[str]:
    return list(repair(text, "utf-8").rows)


@pytest.mark.parametrize(
    "heading", ["| Field | Value |", "| 信息 | 值 |", "|Property|Details|", "| | |", "| Field | Value | Note |"]
)
def test_a_table_of_names_and_values_is_the_rows_that_it_was_made_of(heading: str) -> None:
    ruler = "|---" * (heading.count("|") - 1) + "|"
    table = f"{heading}\n{ruler}\n| Exception code | `0xC0000005` |\n| **Fault offset** | 0x3a4b2 |\n\nThe end |"
    assert rows(table)[2:] == ["Exception code: 0xC0000005", "Fault offset: 0x3a4b2", "", "The end |"]


@pytest.mark.parametrize(
    "table",
    [
        "| Code | Meaning |\n|---|---|\n| 0xC0000005 | Access violation |",
        "| Key | Value |\n|---|---|\n| Access violation | 0xC0000005 |\n| Heap corruption | 0xC0000374 |",
        "| Name | Value |\n|---|---|\n| Exception code | 0xC0000005 |",
        "| Field | Value |\n| Exception code | 0xC0000005 |",
        "| Field | Value |\n|---|---|\n| STATUS_ACCESS_VIOLATION | 0xC0000005 |\n| 0x50 | 1 |",
    ],
)
def test_other_tables_stay(table: str) -> None:
    assert rows(table) == table.split("\n")


def test_an_event_in_a_table_is_read_as_one() -> None:
    (incident,) = read_evidence(
        b"| Field | Value |\n|-------|-------|\n| Faulting application | LEDGER.EXE v16.0.17126.20132 |\n"
        b"| Faulting module | post.dll v10.0.22621.3155 |\n| Exception code | 0xc0000005 (STATUS_ACCESS_VIOLATION) |\n"
        b"| Fault offset | 0x000000000003a4b2 (identical in both crashes) |\n"
    ).incidents
    assert incident.process is not None
    assert incident.exception is not None
    assert (incident.process.name, incident.faulting_module) == ("LEDGER.EXE", "post.dll")
    assert (incident.exception.code, incident.faulting_offset) == (0xC0000005, 0x3A4B2)


@given(
    st.lists(
        st.sampled_from(["|", "---", "|---|---|", "| Field | Value |", "| a | 0xC0000005 |", "", " | "]), max_size=12
    )
)
def test_any_table_keeps_its_number_of_rows(parts: list[str]) -> None:
    assert len(rows("\n".join(["x", *parts, "x"]))) == len(parts) + 2
