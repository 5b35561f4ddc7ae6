"""Addresses on an incident's lines, of which the low half is the same on every machine."""

from hypothesis import given
from hypothesis import strategies as st

from triage.facts import incident_facts
from triage.facts.names import low_half
from triage.formats import read_evidence
from triage.model.evidence import Evidence, Incident
from triage.text.addresses import MAX_ADDRESSES, with_addresses
from triage.text.lines import Text


def found(*rows: str) -> list[int]:
    text = Text(rows)
    incident = with_addresses([Incident(kind="stack", lines=(1, len(rows)))], text)[0]
    return [address.value for address in incident.addresses]


def test_return_addresses_and_operands_are_read_in_their_order() -> None:
    assert found("0112f220 6c546801 00000000 00422560", "call 0x77f81234") == [
        0x112F220, 0x6C546801, 0x422560, 0x77F81234,
    ]  # fmt: skip


def test_both_halves_of_64_bits_are_one_address() -> None:
    assert found("00000067`e0f3f278 00007ff8`8a192e2d orchard!Post+0xa", "fffff801`c0000005") == [
        0x67_E0F3_F278, 0x7FF8_8A19_2E2D,
    ]  # fmt: skip


def test_addresses_of_the_first_threads_stack_tell_nothing() -> None:
    assert found("0012f220 0012ff44 77f81234", "EBP=0018FF44 ESP=0019fe60") == [0x77F81234]
    assert found("00000000`0012f220 00007ff8`0012f220") == [0x7FF8_0012_F220]


def test_a_segment_and_offset_is_an_address() -> None:
    assert found("LEDGER caused an invalid page fault in module LEDGER.EXE at 0137:3000b8bb.") == [0x3000B8BB]


def test_bases_of_images_and_small_numbers_tell_nothing() -> None:
    assert (
        found(
            "ModLoad: 77f60000 77fbe123   ntdll.dll",
            "77f60000 is a base",
            "error 00000005",
            "code c0000005",
            "Exception e06d7363h, then 80000003",
            "deadbeef1",
        )
        == []
    )


def test_other_lines_are_not_the_incidents() -> None:
    text = Text(("77f81234", "77f81235", "77f81236"))
    incident = with_addresses([Incident(kind="stack", lines=(2, 2))], text)[0]
    assert [(address.value, address.lines) for address in incident.addresses] == [(0x77F81235, (2, 2))]


def test_the_same_image_at_another_base_has_the_same_low_halves() -> None:
    def lows(base: int) -> set[str]:
        log = f"LEDGER caused an invalid page fault in module LEDGER.EXE at 0137:{base + 0xB8BB:08x}."
        evidence = read_evidence(log.encode())
        return {fact.value for fact in incident_facts(evidence.incidents[0], evidence) if fact.kind == "low"}

    assert lows(0x30000000) == lows(0x00D20000) == {"b8bb"}
    assert low_half(0x3000000A) == "000a"


@given(st.lists(st.text(alphabet="0123456789abcdefxh .:`\t", max_size=120), max_size=60))
def test_any_rows_give_few_addresses(rows: list[str]) -> None:
    assert len(found(*rows)) <= MAX_ADDRESSES


def test_dumps_have_no_lines_and_no_printed_addresses() -> None:
    incident = Incident(kind="exception")
    assert with_addresses([incident], Text(("77f81234",)))[0] is incident
    assert incident_facts(incident, Evidence(format="minidump")) == []
