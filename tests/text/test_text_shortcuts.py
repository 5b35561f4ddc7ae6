"""What readers do in one step for the plain form of a row gives what they make of it step by step."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text import code_pages, modules_loads, stacks_rows, symbols
from triage.text.lines import Text

NEVER = re.compile(r"(?!)")

NAMES = ("ledger", "ntdll", "a.exe", "Foo", "Foo::Bar", "operator", "NoSymbols", "nosymbols", "~Foo", "new", "0x", "12")
MARKS = ("!", "+", "+0x", "1f", "::", ":", " at", "?", "$", "-", " ", "(", ")", "[", "]")
ROWS = (
    "0012f010 ", "771a3f00 ", "00000000`04a8e9d0 ", "00 ", "# ", " ", ":", ": ", "ntdll!Foo+0x1", "deadbeef", "Foo",
    "771a3f0", "0012f010:", "(Inline)", "<Unloaded_a.dll>+1", "0x12", "`", "\t", "ChildEBP",
)  # fmt: skip
LOADS = (
    "ModLoad: 00400000 0041d000   ", "ModLoad: 7ffb`5fde0000 00007ffb`5fe8c000 ", "C:", "\\", "WINNT", "\\quill.dll",
    "b.exe", " ", "Program Files", ".sys", "\n", "x", "(1a4.9c8): Access violation", ".DLL", "{4}", "eax=",
)  # fmt: skip


@given(st.lists(st.sampled_from([*NAMES, *MARKS]), max_size=8).map("".join), st.booleans())
@settings(deadline=None, max_examples=500)
def test_symbols(text: str, bare: bool) -> None:
    for one in (text, f"ledger!{text}", f"ledger!{text}+0x1f"):
        assert symbols.read_symbol(one, bare=bare) == symbols._read(one, bare)


@given(st.lists(st.sampled_from(ROWS), max_size=9).map("".join))
@settings(deadline=None, max_examples=500)
def test_rows_of_stacks(line: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        short = stacks_rows.read_row(line)
        patch.setattr(stacks_rows, "_PLAIN", NEVER)
        assert short == stacks_rows.read_row(line)


@given(st.lists(st.sampled_from(LOADS), max_size=16).map("".join))
@settings(deadline=None, max_examples=500)
def test_loads_of_modules(text: str) -> None:
    source = Text(text.split("\n"))
    with pytest.MonkeyPatch.context() as patch:
        short = list(modules_loads.read_loads(source))
        patch.setattr(modules_loads, "_PLAIN", NEVER)
        assert short == list(modules_loads.read_loads(source))


@given(st.lists(st.sampled_from([b"a", b"\xe9", b"\r", b"\n", b"b" * 300, b"\xfc" * 200]), max_size=20).map(b"".join))
@settings(deadline=None, max_examples=300)
def test_samples_of_lines_with_letters_above_127(data: bytes) -> None:
    whole = []
    size = 0
    for line in code_pages._LINE.findall(data):
        whole.append(line)
        size += len(line)
        if size >= code_pages._MOST:
            break
    assert code_pages._sample(data) == b"\n".join(whole)
