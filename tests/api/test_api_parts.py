"""The parts of the report that the api composes: summary, signature, next steps, hexadecimal text, codes."""

import msgspec
import pytest
from msgspec.structs import replace

from builders.knowledge import CODES, FRAMES
from triage.api.convert import address, code
from triage.api.lookup import look_up
from triage.api.parameters import parameters_of
from triage.api.signature import signature
from triage.api.steps import next_steps
from triage.api.summary import summary
from triage.api.suspect import suspect
from triage.errors import SourceError
from triage.knowledge.codes import Codes
from triage.model.code import CodeEntry, Hint, ParameterValue
from triage.model.evidence import (
    BugCheck,
    Event,
    Evidence,
    ExceptionRecord,
    Frame,
    Incident,
    Message,
    Module,
    Process,
    System,
)
from triage.model.report import ParameterInfo

KNOWN = Codes.of(CODES)

CRASH = Incident(
    kind="exception",
    process=Process(name="ledger.exe", pid=145),
    exception=ExceptionRecord(code=0xC0000005, chance="second", access="write", target=0),
    faulting_module="ledger.exe",
    faulting_offset=0x1234,
    stack=(
        Frame(module="ntdll", function="KiUserExceptionDispatcher"),
        Frame(module="ntdll", function="RtlDestroyHeap", offset=0x1C),
        Frame(module="msvcrt", function="realloc"),
        Frame(module="ledger", function=None, offset=0x99),
        Frame(module="ledger", function="Post"),
        Frame(module="ledger", function="main"),
    ),
)
LOADED = Incident(
    kind="exception",
    exception=ExceptionRecord(code=0xC0000005, chance="first"),
    modules=tuple(Module(name=f"m{number}.dll") for number in range(7)),
)
STOP = Incident(kind="bugcheck", bugcheck=BugCheck(code=0x1E, parameters=(0xC0000005, 0, 1), caused_by="votes.sys"))
NAMED = Incident(kind="bugcheck", bugcheck=BugCheck(name="BAD_BALLOT"))
EVENT = Incident(kind="event", event=Event(source="PrintLedger", id=4711, type="error", text="The  journal\nis locked"))
FAULT = Incident(
    kind="fault", process=Process(name="EXCEL"), faulting_module="KERNEL32.DLL", faulting_address="0167:bff9a3c0"
)
OLD_FAULT = Incident(kind="fault", faulting_module="GDI.EXE", faulting_address="0001:4f50")
STACK = Incident(kind="stack", stack=(Frame(module="store", function="EcWork", offset=16),))
PROSE = Incident(kind="prose", messages=(Message("it stops " * 100),))
MAIL = Incident(kind="prose", messages=(Message("Hi all,"), Message("the press stops printing after some hours.")))
UNNAMED = Incident(kind="exception", exception=ExceptionRecord(code=-0x1F928C9D))


@pytest.mark.parametrize(
    ("incident", "line"),
    [
        (CRASH, "Access violation c0000005, second chance, write of 00000000 in ledger.exe at ledger.exe+1234"),
        (
            LOADED,
            "Access violation c0000005, first chance; just before it were loaded "
            "m0.dll, m1.dll, m2.dll, m3.dll, m4.dll and 2 more",
        ),
        (STOP, "Stop 0x1e KMODE_EXCEPTION_NOT_HANDLED (c0000005, 0, 1), caused by votes.sys"),
        (NAMED, "Stop BAD_BALLOT"),
        (EVENT, "Event 4711 of PrintLedger (error): The journal is locked"),
        (
            replace(STOP, faulting_module="VOTES.SYS"),
            "Stop 0x1e KMODE_EXCEPTION_NOT_HANDLED (c0000005, 0, 1), caused by votes.sys",
        ),
        (FAULT, "Fault in EXCEL at KERNEL32.DLL 0167:bff9a3c0"),
        # Where the program itself failed and no place in it is known, its name is said once.
        (
            replace(CRASH, faulting_module="LEDGER.EXE", faulting_offset=None),
            "Access violation c0000005, second chance, write of 00000000 in ledger.exe",
        ),
        (STACK, "Call stack at store!EcWork+10"),
        (UNNAMED, "Exception e06d7363"),
        (MAIL, "Description: the press stops printing after some hours."),
        (Incident(kind="prose", messages=(Message("no ink"),)), "Description: no ink"),
    ],
)
def test_the_summary_says_what_happened_and_where(incident: Incident, line: str) -> None:
    assert summary(incident, KNOWN) == line


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("STATUS_ACCESS_VIOLATION", "Access violation"),
        ("STATUS_DLL_NOT_FOUND", "DLL not found"),
        ("CPP_EXCEPTION", "C++ exception"),
        ("CLR_EXCEPTION", ".NET exception"),
        ("COR_E_EXECUTIONENGINE", "COR_E_EXECUTIONENGINE"),
        ("Delphi exception", "Delphi exception"),
    ],
)
def test_names_of_codes_are_told_as_people_write_them(name: str, told: str) -> None:
    codes = Codes.of([CodeEntry(kind="exception", code=0xE06D7363, name=name, meaning="m")])
    assert summary(UNNAMED, codes) == f"{told} e06d7363"


@pytest.mark.parametrize(
    ("source", "text", "line"),
    [
        (".NET Runtime", "Exception Info: Fruit.Press.JamException at a", "unhandled Fruit.Press.JamException"),
        (".NET Runtime", "Ausnahmeinformationen: System.IO.IOException bei a", "unhandled System.IO.IOException"),
        (".NET Runtime", "Exception Info: exception code c0000005", "Exception Info: exception code c0000005"),
        (".NET Runtime", "\u5f02\u5e38\u4fe1\u606f\uff1aSystem.IO.IOException", "unhandled System.IO.IOException"),
        (".NET Runtime", "Application: My.AppException.exe ended", "Application: My.AppException.exe ended"),
        (".NET Runtime", "ended at Fruit.Press.ThrowJamException()", "ended at Fruit.Press.ThrowJamException()"),
        (".NET Runtime Optimization", "Info: Fruit.JamException", "Info: Fruit.JamException"),
        ("Ledger", "Info: Fruit.Press.JamException", "Info: Fruit.Press.JamException"),
    ],
)  # fmt: skip
def test_an_event_of_net_is_told_by_the_exception_that_it_names(source: str, text: str, line: str) -> None:
    event = Incident(kind="event", event=Event(source=source, id=1026, text=text))
    assert summary(event, KNOWN) == f"Event 1026 of {source}: {line}"


def test_other_events_of_net_may_tell_of_what_was_handled() -> None:
    event = Incident(kind="event", event=Event(source=".NET Runtime", id=0, text="Retried: Fruit.Press.JamException"))
    assert summary(event, KNOWN) == "Event 0 of .NET Runtime: Retried: Fruit.Press.JamException"


def test_a_module_that_was_loaded_twice_is_told_once() -> None:
    module = Module(name="m.dll")
    loaded = Incident(kind="exception", exception=ExceptionRecord(code=1), modules=(module, module))
    assert summary(loaded, KNOWN).endswith("; just before it were loaded m.dll")


def test_a_long_message_is_cut() -> None:
    assert len(summary(PROSE, KNOWN)) < 200
    assert summary(PROSE, KNOWN).endswith("…")


@pytest.mark.parametrize(
    ("incident", "parts"),
    [
        (CRASH, "c0000005 | ntdll!RtlDestroyHeap | msvcrt!realloc | ledger!Post"),
        (STOP, "stop 0000001e | votes.sys"),
        (NAMED, "stop BAD_BALLOT"),
        (EVENT, "event PrintLedger/4711"),
        (FAULT, "KERNEL32.DLL bff9a3c0"),
        (OLD_FAULT, "GDI.EXE 0001:4f50"),
        (STACK, "store!EcWork"),
        (UNNAMED, "e06d7363"),
        (msgspec.structs.replace(UNNAMED, process=Process(name="ledger.exe", pid=9)), "e06d7363 | ledger.exe"),
        (PROSE, ""),
    ],
)
def test_the_signature_holds_nothing_of_one_machine(incident: Incident, parts: str) -> None:
    assert signature(incident, FRAMES) == parts


def commands(incident: Incident, hint: Hint | None = None, **evidence: object) -> list[str]:
    return [step.command for step in next_steps(incident, Evidence(format="windbg", **evidence), hint)]


def test_next_steps_show_what_the_source_does_not() -> None:
    system = System(build=2195)
    versioned = Module(name="ledger.exe", version="1.0")
    assert commands(CRASH) == ["lmvm ledger", ".ecxr; kv", "vertarget"]
    assert commands(CRASH, system=system, modules=(versioned,)) == [".ecxr; kv", "!analyze -v", "kv"]
    assert commands(STOP, system=system) == ["!analyze -v", "lmvm votes", "lm"]
    assert commands(PROSE) == []


@pytest.mark.parametrize(
    ("source", "asked", "with_modules"),
    [
        (
            "winedbg",
            ["bt all", "info share", "WINEDEBUG=+seh,+loaddll wine <program>"],
            ["bt all", "WINEDEBUG=+seh,+loaddll wine <program>"],
        ),
        ("gdb", ["bt full", "info sharedlibrary", "x/i $pc"], ["bt full", "x/i $pc", "info registers"]),
        ("lldb", ["bt all", "image list", "disassemble --frame"], ["bt all", "disassemble --frame", "register read"]),
    ],
)
def test_whoever_uses_another_debugger_is_told_its_commands(
    source: str, asked: list[str], with_modules: list[str]
) -> None:
    bare, listed = Evidence(format=source), Evidence(format=source, modules=(Module(name="ledger.exe"),))
    assert [step.command for step in next_steps(CRASH, bare)] == asked
    assert [step.command for step in next_steps(CRASH, listed)] == with_modules


def test_the_class_of_fault_comes_first_and_no_command_twice() -> None:
    hint = Hint(fault="null-pointer", meaning="", commands=(".ecxr; kv", "r", "u"))
    assert commands(CRASH, hint) == [".ecxr; kv", "r", "lmvm ledger"]


def test_names_of_the_incident_fill_the_commands_and_what_must_be_looked_up_goes_last() -> None:
    hint = Hint(
        fault="bad-image", meaning="", commands=("!handle <handle> f", "!lmi <module>", "gflags /p /enable <process>")
    )
    steps = next_steps(CRASH, Evidence(format="windbg"), hint)
    assert [step.command for step in steps] == ["!lmi ledger", "gflags /p /enable ledger.exe", "lmvm ledger"]
    assert steps[0].shows == "what the headers of ledger say"
    evil = Incident(kind="exception", exception=ExceptionRecord(code=1), process=Process(name="a; .shell b"))
    assert all("shell" not in command for command in commands(evil, hint))


@pytest.mark.parametrize(
    "name", ["x; .shell calc", "a\nb.dll", "$$><evil.txt", "`x`", "", "a" * 500, "../..", "mod\x1b[2J"]
)
def test_no_name_of_the_input_makes_a_command(name: str) -> None:
    crash = Incident(kind="exception", exception=ExceptionRecord(code=1), faulting_module=name)
    assert all(command in {"!analyze -v", "vertarget", "lm", "kv", "lm t n"} for command in commands(crash))


@pytest.mark.parametrize(
    ("name", "asked"),
    [(r"C:\app\Ledger.EXE", "lmvm Ledger"), ("lib.so.dll", "lmvm lib.so"), ("nt", "lmvm nt"), ("a~1.dll", "lmvm a~1")],
)
def test_a_module_is_asked_for_by_the_name_that_lm_gives(name: str, asked: str) -> None:
    crash = Incident(kind="exception", exception=ExceptionRecord(code=1), faulting_module=name)
    assert asked in commands(crash)


@pytest.mark.parametrize(
    ("incident", "name"),
    [
        (CRASH, "ledger.exe"),
        (STOP, "votes.sys"),
        (
            Incident(kind="bugcheck", faulting_module="nt", stack=(Frame(module="hal"), Frame(module="votes"))),
            "votes",
        ),
        (
            Incident(kind="exception", faulting_module=r"C:\Windows\System32\NTDLL.DLL"),
            r"C:\Windows\System32\NTDLL.DLL",
        ),
        (Incident(kind="exception", faulting_module="MSVCR90", stack=(Frame(module="ledger"),)), "ledger"),
        (Incident(kind="exception", faulting_module="Unknown", stack=(Frame(module="ledger"),)), "ledger"),
        (Incident(kind="exception", faulting_module="unknown"), None),
        (PROSE, None),
    ],
    ids=[
        "the faulting one",
        "the blamed one",
        "not the kernel",
        "no other",
        "not the runtime",
        "not what has no name",
        "none has one",
        "none",
    ],
)
def test_the_suspect_is_no_part_of_windows_where_there_is_another(incident: Incident, name: str | None) -> None:
    assert suspect(incident) == name


def test_parameters_are_told_with_the_values_of_the_incident() -> None:
    entry = CodeEntry(
        kind="bugcheck",
        code=0x1E,
        name="KMODE_EXCEPTION_NOT_HANDLED",
        parameters=("status code", "address"),
        status_parameter=1,
        values=(ParameterValue(parameter=2, value=0, meaning="no address at all"),),
    )
    told = parameters_of(BugCheck(code=0x1E, parameters=(0xC0000005, 0, 1)), Codes.of((*CODES[:1], entry)))
    assert told == (
        ParameterInfo(value="c0000005", meaning="status code", says="STATUS_ACCESS_VIOLATION"),
        ParameterInfo(value="00000000", meaning="address", says="no address at all"),
        ParameterInfo(value="00000001"),
    )
    assert parameters_of(BugCheck(code=0x77, parameters=(1,)), KNOWN) == ()
    assert parameters_of(None, KNOWN) == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "00000000"),
        (0x1234, "00001234"),
        (0x77F7D357, "77f7d357"),
        (0x7FF812345678, "00007ff812345678"),
        (-1, "f" * 16),
    ],
)
def test_addresses_are_hexadecimal_text(value: int, text: str) -> None:
    assert address(value) == text


def test_codes_have_eight_digits() -> None:
    assert code(0x1E) == "0000001e"
    assert code(0xFFFFFFFFC0000005) == code(-0x3FFFFFFB) == "c0000005"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("c0000005", ["STATUS_ACCESS_VIOLATION"]),
        ("0xC0000005", ["STATUS_ACCESS_VIOLATION"]),
        ("-1073741819", ["STATUS_ACCESS_VIOLATION"]),
        ("status_access_violation", ["STATUS_ACCESS_VIOLATION"]),
        ("0x1e", ["KMODE_EXCEPTION_NOT_HANDLED", "ERROR_READ_FAULT"]),
        ("30", ["ERROR_READ_FAULT"]),
        ("dead", []),
        ("NO_SUCH_NAME", []),
    ],
)
def test_codes_are_found_however_they_are_written(text: str, names: list[str]) -> None:
    found = [entry.name for entry in look_up(text, KNOWN)]
    assert found == names or (text == "30" and set(names) <= set(found))


@pytest.mark.parametrize("text", ["%", "12 34", "9" * 40, "0x", "-"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="neither a code nor a name"):
        look_up(text, KNOWN)
