"""Binary sources are told by their first bytes, and their readers are imported for them only."""

import subprocess
import sys

import pytest

from builders.kerneldumps import crashed_network
from builders.minidumps import crashed_editor
from triage.errors import SourceError
from triage.formats import read_evidence
from triage.formats.binaries import BINARY_FORMATS, BinaryEntry, binary_format


@pytest.mark.parametrize("entry", BINARY_FORMATS, ids=lambda entry: entry.name)
def test_the_table_says_what_the_readers_say(entry: BinaryEntry) -> None:
    reader = entry.load()
    assert (reader.name, set(reader.magic)) == (entry.name, set(entry.magic))


def test_a_user_minidump_is_read_as_such() -> None:
    evidence = read_evidence(crashed_editor().write())
    assert (evidence.format, evidence.encoding) == ("minidump", "binary")
    assert [incident.kind for incident in evidence.incidents] == ["exception"]


def test_a_kernel_dump_is_read_as_such() -> None:
    evidence = read_evidence(crashed_network().write())
    assert (evidence.format, evidence.encoding) == ("kerneldump", "binary")
    assert [incident.kind for incident in evidence.incidents] == ["bugcheck"]


def test_a_text_that_only_speaks_of_a_dump_is_text() -> None:
    assert binary_format(b"the file begins with MDMP\n") is None
    assert read_evidence(b"PAGE fault, said the user\n").format == "text"


@pytest.mark.parametrize("data", [b"MDMP", b"PAGEDU64"], ids=["minidump", "kerneldump"])
def test_a_dump_without_its_header_is_an_error(data: bytes) -> None:
    with pytest.raises(SourceError, match="cut off in its header"):
        read_evidence(data)


def test_text_does_not_pay_for_the_binary_formats() -> None:
    program = (
        "import sys, triage.formats as formats\n"
        "formats.read_evidence(b'Access violation - code c0000005 (first chance)\\n')\n"
        f"heavy = {[entry.module for entry in BINARY_FORMATS]!r}\n"
        "print(*(name for name in heavy if name in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
