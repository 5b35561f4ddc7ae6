"""Damaged dumps of every kind: no exception but SourceError, whatever the bytes are."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.kerneldumps import crashed_network
from builders.minidumps import crashed_editor
from triage.errors import SourceError
from triage.formats import kerneldump, minidump
from triage.formats.binary.reader import MAX_WARNINGS
from triage.model.evidence import Evidence

EDITOR = crashed_editor().add_assertion("a", "b", "c", 1).add_annotations({"a": "b"}, {"reason": "c"}).write()
NETWORK = crashed_network().write()
SOURCES = pytest.mark.parametrize(("read", "whole"), [(minidump.read, EDITOR), (kerneldump.read, NETWORK)])
NUMBERS = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def survive(read, data: bytes) -> Evidence | None:
    try:
        evidence = read(data)
    except SourceError:
        return None
    assert len(evidence.warnings) <= MAX_WARNINGS + 1
    return evidence


@SOURCES
def test_cut_anywhere(read, whole):
    for end in range(0, len(whole), 64):
        evidence = survive(read, whole[:end])
        assert evidence is None or evidence.warnings, f"cut at {end}, and nothing said of it"


@SOURCES
def test_any_word_replaced_by_an_impossible_number(read, whole):
    for offset in range(0, min(len(whole), 0x4000) - 4, 4):
        for number in NUMBERS:
            survive(read, whole[:offset] + struct.pack("<I", number) + whole[offset + 4 :])


@SOURCES
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_bytes_flipped_and_pieces_moved(read, whole, data):
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 12))):
        damaged[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    start, end, target = (data.draw(st.integers(8, len(whole))) for _ in range(3))
    damaged[target:target] = damaged[start:end][:512]
    survive(read, bytes(damaged))


@pytest.mark.parametrize("magic", [b"MDMP", b"PAGEDU64", b"PAGEDUMP"])
@settings(deadline=None, max_examples=100)
@given(rest=st.binary(max_size=400))
def test_any_bytes_behind_the_magic(magic, rest):
    read = minidump.read if magic == b"MDMP" else kerneldump.read
    survive(read, magic + rest)
    survive(read, magic + rest * 50)


@SOURCES
def test_a_view_reads_as_the_bytes_do(read, whole):
    assert read(memoryview(whole)) == read(whole)
