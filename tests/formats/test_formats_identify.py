"""Which format a source is read as, and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.kerneldumps import crashed_network
from builders.minidumps import crashed_editor
from triage.formats.identify import identify
from triage.formats.texts import FORMATS
from triage.text.windows import SMALL

LOG = """ModLoad: 00400000 0041d000   C:\\apps\\quill.exe
ModLoad: 10000000 10010000   C:\\apps\\inkwell.dll
Access violation - code c0000005 (first chance)
"""


def test_a_text_is_told_by_the_format_that_read_most_of_it() -> None:
    found = identify(LOG.encode(), "a.log", ("zip",))
    assert (found.path, found.format, found.encoding, found.containers) == ("a.log", "windbg", "utf-8", ("zip",))
    assert (found.rows, found.incidents, found.modules, found.magic) == (3, 1, 2, None)
    (claim,) = [claim for claim in found.claims if claim.format == "windbg"]
    assert (claim.lines, claim.incidents, claim.modules) == (3, 1, 2)
    assert "modload:" in claim.landmarks


def test_claims_are_of_all_formats_that_were_asked() -> None:
    text = LOG + "\nEvent ID: 1000\nSource: Application Error\nDescription: Faulting application quill.exe\n"
    names = [claim.format for claim in identify(text.encode(), "a.log").claims]
    assert {"windbg", "eventlog"} <= set(names)
    assert names == [known.name for known in FORMATS if known.name in names]


@pytest.mark.parametrize(
    ("data", "name", "magic"),
    [
        (crashed_editor().write(), "minidump", "4d 44 4d 50"),
        (crashed_network().write(), "kerneldump", "50 41 47 45 44 55 36 34"),
    ],
)
def test_a_dump_is_told_by_its_first_bytes(data: bytes, name: str, magic: str) -> None:
    found = identify(data, "x.dmp")
    assert (found.format, found.magic, found.incidents, found.fault) == (name, magic, 1, None)


def test_a_dump_that_cannot_be_read_says_why() -> None:
    found = identify(b"MDMP", "x.dmp")
    assert found.format == "minidump"
    assert "cut off in its header" in (found.fault or "")


@pytest.mark.parametrize(
    ("data", "name", "encoding"),
    [
        (b"nothing of interest\n", "text", "utf-8"),
        (bytes(range(256)) * 8, "binary", "binary"),
        ("Fehler in größe.exe".encode("cp1252"), "text", "cp1252"),
        (b"", "text", "utf-8"),
    ],
)
def test_what_holds_no_evidence_is_told_too(data: bytes, name: str, encoding: str) -> None:
    found = identify(data, "x")
    assert (found.format, found.encoding, found.incidents) == (name, encoding, 0)


def test_of_a_large_text_only_the_beginning_is_looked_at() -> None:
    found = identify(LOG.encode() + b"x\n" * (SMALL // 2), "big.log")
    assert (found.part, found.format) == (SMALL, "windbg")


@given(data=st.binary(max_size=400))
@settings(deadline=None, max_examples=100)
def test_any_bytes_are_told(data: bytes) -> None:
    assert identify(data, "x").bytes == len(data)
