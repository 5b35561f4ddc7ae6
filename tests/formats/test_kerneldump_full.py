"""Full and bitmap kernel dumps: the drivers in their memory, through their page tables."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.fulldumps import DRIVERS_32, DRIVERS_64, full_dump
from builders.kerneldumps import BITMAP_FULL, FULL
from builders.minidumps import context_x64, words
from triage.formats.kerneldump import read


def told(data: bytes) -> list[str]:
    return [warning.text for warning in read(data).warnings]


@pytest.mark.parametrize("kind", [FULL, BITMAP_FULL])
def test_drivers_of_a_64_bit_dump(kind: int) -> None:
    evidence = read(full_dump(DRIVERS_64, kind=kind, code=0xD1, parameters=(0x28, 2, 1, 0xFFFFF88004003456)))
    assert [(module.name, module.path, module.base, module.end) for module in evidence.modules] == [
        ("ntoskrnl.exe", r"\SystemRoot\system32\ntoskrnl.exe", 0xFFFFF80002000000, 0xFFFFF80002600000),
        ("acmenet.sys", r"\SystemRoot\System32\drivers\acmenet.sys", 0xFFFFF88004000000, 0xFFFFF88004022000),
    ]
    assert [(module.timestamp, module.checksum) for module in evidence.modules] == [(0x5F3C1A77, 0x2BADC)] * 2
    (incident,) = evidence.incidents
    assert (incident.faulting_module, incident.faulting_offset) == ("acmenet.sys", 0x3456)
    assert evidence.warnings == ()


@pytest.mark.parametrize("pae", [False, True])
def test_drivers_of_a_32_bit_dump(pae: bool) -> None:
    evidence = read(full_dump(DRIVERS_32, bits=32, pae=pae, code=0x50, parameters=(8, 0, 0xF8A01234, 0), build=2195))
    assert [module.name for module in evidence.modules] == ["ntoskrnl.exe", "prn.sys"]
    assert evidence.incidents[0].faulting_module == "prn.sys"
    assert evidence.warnings == ()


def test_the_stack_is_in_the_memory_too() -> None:
    top = 0xFFFFF8A001000F00
    data = full_dump(
        DRIVERS_64,
        registers=context_x64(rip=0xFFFFF80002205000, rsp=top),
        stack=(top, words(0, 5, 0xFFFFF88004003456, 0xFFFFF80002212345, width=8)),
    )
    (incident,) = read(data).incidents
    assert [(frame.module, frame.trust) for frame in incident.stack] == [
        ("ntoskrnl.exe", "context"),
        ("acmenet.sys", "scan"),
        ("ntoskrnl.exe", "scan"),
    ]


def test_large_pages_are_followed() -> None:
    """The kernel itself lies in pages of 2 MiB, its data too."""
    evidence = read(full_dump(DRIVERS_64, kind=BITMAP_FULL, large=True))
    assert [module.name for module in evidence.modules] == ["ntoskrnl.exe", "acmenet.sys"]
    assert evidence.warnings == ()


def test_a_list_that_is_cut_off_says_so() -> None:
    data = full_dump(DRIVERS_64)
    assert any("cut off" in text for text in told(data[: len(data) // 2]))
    assert "page tables are not in the dump: no drivers can be listed" in told(data[:0x2000])


def test_a_list_that_runs_in_a_circle_ends() -> None:
    drivers = [(rf"\drivers\d{number}.sys", 0xFFFFF88004000000 + number * 0x100000, 0x1000) for number in range(5)]
    data = bytearray(full_dump(drivers))
    record = struct.pack("<Q", 0xFFFFF80000001000 + 0x1000 + 0x100)
    second = bytes(data).find(struct.pack("<Q", 0xFFFFF80000001000 + 0x1000 + 0x200))
    data[second : second + 8] = record
    assert told(bytes(data)) == ["list of drivers is damaged after 2"]


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_any_damage_is_read_around(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([FULL, BITMAP_FULL]))
    dump = bytearray(full_dump(DRIVERS_64, kind=kind))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0x10, len(dump) - 8))
        dump[at : at + 8] = data.draw(st.binary(min_size=8, max_size=8))
    evidence = read(bytes(dump[: data.draw(st.integers(0x2000, len(dump)))]))
    assert len(evidence.modules) <= 8192
