"""Exception handlers of Delphi programs: madExcept, EurekaLog, JclDebug."""

import pytest

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import EUREKALOG, JCLDEBUG, MADEXCEPT
from triage.text.delphi import module_of, offset_of, record_of
from triage.text.repair import repair

VIOLATION = "Access violation at address 00401E19 in module 'Orchard.exe'. Write of address 00000001."

MAD = """\
date/time         : 2016-02-11, 17:25:54, 544ms
operating system  : Windows 7 x64 Service Pack 1 build 7601
process id        : $dc4
executable        : Orchard.exe
exec. date/time   : 2012-11-24 02:37
madExcept version : 3.0m
exception number  : 1
exception class   : {kind}
exception message : {message}

main thread ($f80):
00401e19 +019 Orchard.exe Trees          8960  +1 TLeafList.GetItems
00893650 +127 Orchard.exe Main           1558 +25 TMainForm.WMShellNotify
76da2b52 +016 USER32.dll                          CallWindowProcW
765cde1a +010 kernel32.dll                        BaseThreadInitThunk

thread $191c:
77c559f2 +0a ntdll.dll     NtWaitForMultipleObjects
765cde1a +10 kernel32.dll  BaseThreadInitThunk

modules:
00400000 Orchard.exe  0.96.0.1582  C:\\Program Files\\Orchard
76d90000 USER32.dll   6.1.7601.17514  C:\\Windows\\system32

disassembling:
00651f70      public Trees.TLeafList.GetItems:  ; function entry point
00652f7a      > call    -$22b9af ($4265d0)     ; Classes.TList.Get
"""


def test_madexcept_tells_process_system_and_the_first_threads_stack() -> None:
    found = reading(MADEXCEPT, MAD.format(kind="EAccessViolation", message=VIOLATION))
    (incident,) = found.incidents
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("Orchard.exe", 0xDC4)
    record = incident.exception
    assert record is not None
    assert (record.code, record.address, record.access, record.target) == (0xC0000005, 0x401E19, "write", 1)
    assert incident.faulting_module == "Orchard.exe"
    assert frames(incident, 9) == [
        "Orchard.exe!Trees.TLeafList.GetItems",
        "Orchard.exe!Main.TMainForm.WMShellNotify",
        "USER32.dll!CallWindowProcW",
        "kernel32.dll!BaseThreadInitThunk",
    ]
    assert found.system is not None
    assert (found.system.build, found.system.service_pack) == (7601, 1)
    assert [(module.name, module.version, module.path) for module in found.modules] == [
        ("Orchard.exe", "0.96.0.1582", "C:\\Program Files\\Orchard\\Orchard.exe"),
        ("USER32.dll", "6.1.7601.17514", "C:\\Windows\\system32\\USER32.dll"),
    ]


def test_a_class_of_the_programs_own_has_no_code() -> None:
    incident = only_incident(MADEXCEPT, MAD.format(kind="EListError", message="List index out of bounds (1)."))
    assert incident.exception is None
    assert [message.text for message in incident.messages] == ["EListError: List index out of bounds (1)."]


def test_each_report_of_a_file_is_an_incident() -> None:
    one = MAD.format(kind="EAccessViolation", message=VIOLATION)
    assert len(reading(MADEXCEPT, f"{one}\n{one}").incidents) == 2


@pytest.mark.parametrize(
    ("kind", "message", "code"),
    [
        ("EAccessViolation", VIOLATION, 0xC0000005),
        ("EDivByZero", "Division by zero.", 0xC0000094),
        ("EZeroDivide", "Floating point division by zero.", 0xC000008E),
        ("EStackOverflow", "Stack overflow.", 0xC00000FD),
        ("EExternalException", "External exception C0000006.", 0xC0000006),
        ("EPrivilege", "Privileged instruction.", 0xC0000096),
    ],
)
def test_classes_that_stand_for_exceptions_of_the_system(kind: str, message: str, code: int) -> None:
    record = record_of(kind, message, (1, 1))
    assert record is not None
    assert record.code == code


@pytest.mark.parametrize("kind", ["EListError", "EConvertError", "Exception", ""])
def test_other_classes_give_no_record(kind: str) -> None:
    assert record_of(kind, VIOLATION, (1, 1)) is None


@pytest.mark.parametrize(
    ("message", "access", "target"),
    [
        (VIOLATION, "write", 1),
        ("Zugriffsverletzung bei Adresse 00401E19 in Modul 'Orchard.exe'. Lesen von Adresse 00000004.", "read", 4),
        ("Zugriffsverletzung bei Adresse 00401E19 in Modul 'Orchard.exe'. Schreiben von Adresse 00000004.", "write", 4),
        (
            "Violation d'accès à l'adresse 00401E19 dans le module 'Orchard.exe'. Lecture de l'adresse 00000010.",
            "read",
            16,
        ),
        (
            "モジュール 'Orchard.exe' のアドレス 00401E19 でアドレス 00000008 に対する読み取り違反がおきました。.",
            "read",
            8,
        ),
    ],
)
def test_messages_keep_the_order_of_their_numbers_in_every_language(message: str, access: str, target: int) -> None:
    record = record_of("EAccessViolation", message, (1, 1))
    assert record is not None
    assert (record.address, record.access, record.target) == (0x401E19, access, target)
    assert module_of(message) == "Orchard.exe"


EUREKA = """\
EurekaLog 6.0.25

Application:
-------------------------------------------------------
  1.1 Start Date      : Wed, 12 Mar 2008 09:00:00 +0100
  1.2 Name/Description: Orchard.exe - (Tree keeper)

Exception:
-------------------------------------------------------
  2.2 Address       : 00401E19
  2.3 Module Name   : Orchard.exe - (Tree keeper)
  2.5 Type          : EAccessViolation
  2.6 Message       : {message}

Operating System:
-----------------------------------------------
  6.1 Type    : Microsoft Windows XP
  6.2 Build # : 2600
  6.3 Update  : Service Pack 3

Call Stack Information:
------------------------------------------------------------------------
{heading}
------------------------------------------------------------------------
|*Exception Thread: ID=1234; Priority=0; Class=; [Main]                |
|----------------------------------------------------------------------|
{rows}
|----------------------------------------------------------------------|
|Running Thread: ID=99; Priority=0; Class=                             |
|----------------------------------------------------------------------|
{other}
------------------------------------------------------------------------

Modules Information:
-----------------------------------------------------------------------------------------------
|Handle  |Name       |Description |Version       |Size   |Modified           |Path                    |
-----------------------------------------------------------------------------------------------
|00400000|Orchard.exe|Tree keeper |1.2.3.4       |1234567|2008-01-02 03:04:05|C:\\Program Files\\Orchard|
|7C900000|ntdll.dll  |NT Layer DLL|5.1.2600.5512 |706048 |2008-04-14 00:00:00|C:\\WINDOWS\\system32     |
-----------------------------------------------------------------------------------------------
"""
VERSION_6 = {
    "heading": "|Address |Module     |Unit      |Class    |Procedure/Method|Line   |",
    "rows": "|00401E19|Orchard.exe|System.pas|         |@FreeMem        |       |\n"
    "|0047CC59|Orchard.exe|Trees.pas |TLeafList|GetItems        |812[4] |",
    "other": "|7C90E514|ntdll.dll  |          |         |KiFastSystemCall|       |",
}
VERSION_7 = {
    "heading": "|Methods |Details|Stack   |Address |Module     |Offset  |Unit  |Class    |Procedure/Method|Line|",
    "rows": "|+00000020|03     |00000000|00401E19|Orchard.exe|00001E19|System|         |@FreeMem        |    |\n"
    "|+00000020|04     |0018F850|0047CC59|Orchard.exe|0007CC59|Trees |TLeafList|GetItems        |812 |",
    "other": "|00000020|03     |00000000|7C90E514|ntdll.dll|0000E514|      |         |KiFastSystemCall|    |",
}


@pytest.mark.parametrize("table", [VERSION_6, VERSION_7], ids=["version 6", "version 7"])
def test_eurekalogs_columns_go_by_their_heading(table: dict[str, str]) -> None:
    found = reading(EUREKALOG, EUREKA.format(message=VIOLATION, **table))
    (incident,) = found.incidents
    assert frames(incident, 9) == ["Orchard.exe!System.@FreeMem", "Orchard.exe!Trees.TLeafList.GetItems"]
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address, incident.exception.target) == (0xC0000005, 0x401E19, 1)
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module) == ("Orchard.exe", "Orchard.exe")
    assert found.system is not None
    assert (found.system.product, found.system.build, found.system.service_pack) == ("Windows XP", 2600, 3)
    assert [(module.name, module.version) for module in found.modules] == [
        ("Orchard.exe", "1.2.3.4"),
        ("ntdll.dll", "5.1.2600.5512"),
    ]


def test_eurekalog_cut_at_any_line_is_read() -> None:
    rows = EUREKA.format(message=VIOLATION, **VERSION_6).splitlines(keepends=True)
    for end in range(1, len(rows)):
        text = repair("".join(rows[:end]), "utf-8")
        system = EUREKALOG.read(text).system
        assert system is None or system.lines[1] <= end


def test_the_exception_dialog_of_the_jedi_library() -> None:
    incident = only_incident(
        JCLDEBUG,
        f" Application Title: Orchard\n Application File: C:\\Orchard\\Orchard.exe\n{'-' * 78}\n"
        f"Exception class: EAccessViolation\nException message: {VIOLATION}\nException address: 00401E19\n{'-' * 78}\n"
        "Exception stack\nStack list, generated 27.12.2021 20:41:42\n"
        '[00401E19]{Orchard.exe } Trees.TLeafList.GetItems (Line 109, "Trees.pas" + 1) + $0\n'
        "(00087019){Orchard.exe } [00488019] Main.TMainForm.Create + $2C\n"
        "[76DA2B52]{USER32.dll  } CallWindowProcW + $16\n",
    )
    assert frames(incident) == [
        "Orchard.exe!Trees.TLeafList.GetItems",
        "Orchard.exe!Main.TMainForm.Create",
        "USER32.dll!CallWindowProcW",
    ]
    assert (incident.stack[0].source, incident.stack[1].offset) == ("Trees.pas:109", 0x2C)
    assert incident.process is not None
    assert incident.process.name == "Orchard.exe"
    assert incident.exception is not None
    assert incident.exception.target == 1


OFFSET = (
    "Access violation at address 00007FF6D8C4C710 in module 'Orchard.exe' (offset 4C710). Read of address 00000010."
)


@pytest.mark.parametrize("message", [OFFSET, OFFSET.replace("(offset 4C710)", "(Offset $0004C710)")])
def test_since_delphi_12_the_message_tells_the_offset_in_the_module(message: str) -> None:
    record = record_of("EAccessViolation", message, (1, 1))
    assert record is not None
    assert (record.address, record.target) == (0x7FF6D8C4C710, 0x10), "the offset is not what was touched"
    assert (module_of(message), offset_of(message)) == ("Orchard.exe", 0x4C710)
    assert only_incident(MADEXCEPT, MAD.format(kind="EAccessViolation", message=message)).faulting_offset == 0x4C710


def test_the_same_words_in_a_box_tell_the_offset_too() -> None:
    (incident,) = read_evidence(OFFSET.encode()).incidents
    assert (incident.faulting_module, incident.faulting_offset) == ("Orchard.exe", 0x4C710)
    assert incident.exception is not None
    assert incident.exception.target == 0x10
