import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.model.evidence import Process
from triage.text.lines import Text
from triage.text.process import read_named
from triage.text.prompts import command, read_commands, without_commands
from triage.text.repair import repair


def read_process(text: Text) -> Process | None:
    return min(read_named(text), key=lambda one: one.rank).process if read_named(text) else None


@pytest.mark.parametrize(
    ("text", "name", "pid"),
    [
        ("PROCESS_NAME:  ledger.exe", "ledger.exe", None),
        ("PROCESS_NAME  ledger.exe", "ledger.exe", None),
        ("PROCESS_NAME:  Ledger Host.exe", "Ledger Host.exe", None),
        ('CommandLine: "C:\\Program Files\\Ledger\\ledger.exe" D:\\books\\b.exe', "ledger.exe", None),
        ("CommandLine: C:\\Program Files\\Ledger\\ledger.exe D:\\books.txt", "ledger.exe", None),
        (".  0  id: 145\tcreate\tname: ledger.exe", "ledger.exe", 0x145),
        ("Loading Dump File [c:\\dumps\\ledger.exe.2372.dmp]", "ledger.exe", None),
        ("    ImageFile:    'C:\\apps\\ledger.exe'", "ledger.exe", None),
        ("    DirBase: 06f80 ObjectTable: e1a  Cid: 0a8c\n    Image: ledger.exe", "ledger.exe", 0xA8C),
        (
            "ModLoad: 00400000 0041d000   C:\\apps\\ledger.exe\nModLoad: 10000000 10010000   C:\\apps\\x.exe",
            "ledger.exe",
            None,
        ),
        ("CDB ModLoad: 00007ff6`00400000 00007ff6`0041d000   ledger.exe", "ledger.exe", None),
    ],
)
def test_the_forms(text: str, name: str, pid: int | None) -> None:
    assert read_process(repair(text, "utf-8")) == Process(name=name, pid=pid)


def test_the_surest_source_wins() -> None:
    text = "ModLoad: 00400000 0041d000   C:\\apps\\cmd.exe\nPROCESS_NAME:  ledger.exe\nCommandLine: x.exe"
    assert read_process(repair(text, "utf-8")) == Process(name="ledger.exe")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ModLoad: 77f60000 77fbc000   ntdll.dll\nModLoad: 00400000 0041d000   C:\\a\\b.exe",
        "the process ended",
        "Image path: C:\\x",
    ],
)
def test_what_names_none(text: str) -> None:
    assert read_process(repair(text, "utf-8")) is None


@pytest.mark.parametrize(
    ("row", "typed"),
    [
        ("0:000> kb", "kb"),
        ("3: kd> !analyze -v", "!analyze -v"),
        ("0:038:x86> k", "k"),
        ("kd> .bugcheck", ".bugcheck"),
        ("0 kd !analyze", "0 kd !analyze"),
        ("0:000> (9a4.1b2c): Access violation - code c0000005 (first chance)", None),
        ("0:001> ModLoad: 00400000 0041d000   C:\\apps\\ledger.exe", None),
        ("a > b", None),
    ],
)
def test_prompts(row: str, typed: str | None) -> None:
    assert command(row) == typed


def test_what_was_typed_and_echoed_is_no_evidence() -> None:
    text = repair(
        "0:000> .echo Break - code c0000005 (first chance)\nBreak - code c0000005 (first chance)\nx",
        "utf-8",
    )
    assert list(without_commands(text, read_commands(text)).rows) == ["", "", "x"]


@given(st.text(alphabet='PROCESS_NAME: CommandLine"\\.exe\n0:>kd', max_size=200))
@settings(deadline=None, max_examples=100)
def test_any_text_is_read(text: str) -> None:
    process = read_process(repair(text, "utf-8"))
    assert process is None or process.name


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ('C:\\Debuggers>windbg.exe -g -G -o "C:\\Apps\\Quill Pro\\quill.exe" --flag http://127.0.0.1/', "quill.exe"),
        ("> cdb -g quill.exe page.txt", "quill.exe"),
        ("cdb -z quill.exe.dmp", None),
        ("windbg is a debugger like cdb.exe", None),
        ("PROCESS_NAME:  {process_name}", None),
    ],
)
def test_the_program_that_a_debugger_was_told_to_start(row: str, name: str | None) -> None:
    found = read_named(Text([row]))
    assert (found[0].process.name if found else None) == name
