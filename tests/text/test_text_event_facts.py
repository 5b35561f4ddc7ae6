# ruff: noqa: RUF001 - the texts are of languages whose letters look like Latin ones
"""What the description of an event tells of a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.event_facts import _LABEL_SIGNS, _LABELS, EventFacts, facts_of
from triage.text.event_record import Record


def facts(body: str, *, source: str | None = None, number: int | None = None) -> EventFacts:
    return facts_of(Record(lines=(1, 1), source=source, id=number, body=body))


CRASH = {"process": "ledger.exe", "module": "post.dll", "code": 0xC0000409, "offset": 0x74A30}

APPLICATION_ERRORS: list[tuple[str, str]] = [
    (
        "Windows 7 and later",
        "Faulting application name: ledger.exe, version: 1.0.0.1, time stamp: 0x5bb627c7\n"
        "Faulting module name: post.dll, version: 2.0, time stamp: 0x524f83ff\nException code: 0xc0000409\n"
        "Fault offset: 0x0000000000074a30\nFaulting process id: 0x46b0\nFaulting application path: "
        "C:\\Apps\\ledger.exe",
    ),
    (
        "Windows Vista",
        "Faulting application ledger.exe, version 1.0.0.1, time stamp 0x5bb627c7, faulting module "
        "post.dll, version 2.0, "
        "time stamp 0x524f83ff, exception code 0xc0000409, fault offset 0x00074a30, process id "
        "0x46b0, application start time 0x1.",
    ),
    (
        "German, on one line",
        "Name der fehlerhaften Anwendung: ledger.exe, Version: 1.0, Zeitstempel: 0x5bb627c7 Name "
        "des fehlerhaften Moduls: "
        "post.dll, Version: 2.0, Zeitstempel: 0x524f83ff Ausnahmecode: 0xc0000409 Fehleroffset: 0x0000000000074a30 "
        "ID des fehlerhaften Prozesses: 0x46b0",
    ),
    (
        "French",
        "Nom de l\u2019application défaillante ledger.exe, version : 1.0, horodatage : 0x5bb627c7\n"
        "Nom du module défaillant : post.dll, version : 2.0, horodatage : 0x524f83ff\n"
        "Code d\u2019exception : 0xc0000409\nDécalage d\u2019erreur : 0x00074a30\nID du processus défaillant : 0x46b0",
    ),
    (
        "Russian",
        "Имя сбойного приложения: ledger.exe, версия: 1.0, отметка времени: 0x5bb627c7\n"
        "Имя сбойного модуля: post.dll, версия: 2.0, отметка времени 0x524f83ff\nКод исключения: 0xc0000409\n"
        "Смещение ошибки: 0x00074a30\nИдентификатор сбойного процесса: 0x46b0",
    ),
    (
        "Chinese",
        "错误应用程序名称: ledger.exe，版本: 1.0，时间戳: 0x5bb627c7\n错误模块名称: post.dll，版本: 2.0，时间戳: "
        "0x524f83ff\n"
        "异常代码: 0xc0000409\n错误偏移量: 0x00074a30\n错误进程 ID: 0x46b0",
    ),
    (
        "Japanese",
        "障害が発生しているアプリケーション名: ledger.exe、バージョン: 1.0、タイム スタンプ: 0x5bb627c7\n"
        "障害が発生しているモジュール名: post.dll、バージョン: 2.0、タイム スタンプ: 0x524f83ff\n例外コード: "
        "0xc0000409\n"
        "障害オフセット: 0x00074a30\n障害が発生しているプロセス ID: 0x46b0",
    ),
    (
        "Japanese of Windows 11, with remarks behind the values",
        "障害が発生しているアプリケーション名: ledger.exe、バージョン: 1.0\n"
        "障害が発生したモジュール名: post.dll、バージョン: 2.0\n例外コード: 0xc0000409        ← STATUS_X\n"
        "フォールト オフセット: 0x00074a30\n障害が発生したプロセス ID: 0x46b0",
    ),
    (
        "Chinese of Windows 11",
        "出错应用程序名称： ledger.exe，版本： 1.0，时间戳： 0x5bb627c7\n出错模块名称： post.dll， 版本： 2.0\n"
        "异常代码： 0xc0000409\n错误偏移： 0x0000000000074a30\n出错进程 ID： 0x46B0",
    ),
]


@pytest.mark.parametrize("body", [body for _, body in APPLICATION_ERRORS], ids=[name for name, _ in APPLICATION_ERRORS])
def test_application_error_1000_in_every_language(body: str) -> None:
    found = facts(body)
    assert {name: getattr(found, name) for name in CRASH} == CRASH
    assert found.pid == 0x46B0


def test_what_stands_for_a_name_is_none() -> None:
    found = facts(
        "Faulting application ledger.exe, version 1.0, faulting module <some module>, fault address 0x<digits>."
    )
    assert (found.process, found.module) == ("ledger.exe", None)


@pytest.mark.parametrize(
    "body",
    [
        "The program ledger.exe version 1.0 stopped interacting with Windows and was closed.",
        "ledger.exe stopped interacting with Windows and was closed",
        "Programm ledger.exe, Version 1.0 kann nicht mehr unter Windows ausgeführt werden und wurde beendet.",
        "Le programme ledger.exe version 1.0 a cessé d\u2019interagir avec Windows et a été fermé.",
        "El programa ledger.exe versión 1.0 dejó de interactuar con Windows y se cerró.",
        "Программа ledger.exe версии 1.0 прекратила взаимодействие с Windows и была закрыта.",
        "程序 ledger.exe 版本 1.0 停止与 Windows 交互并关闭。",
    ],
)
def test_a_program_that_hung_is_named_in_every_language(body: str) -> None:
    assert facts(body, source="Application Hang", number=1002).process == "ledger.exe"


def test_the_first_insertion_string_of_application_hang_is_the_program() -> None:
    strings = ("Daily Ledger.exe", "2.1.0.0", "1a2c", "01d0dfdba57c4b68", "15", "C:\\Apps\\Daily Ledger.exe")
    record = Record(lines=(1, 9), source="Application Hang", id=1002, values=tuple((None, one) for one in strings))
    assert facts_of(record).process == "Daily Ledger.exe"


def test_application_error_of_windows_xp() -> None:
    found = facts(
        "Faulting application ledger.exe, version 1.0, faulting module post.dll, version 2.0, fault address 0x0001b2c3."
    )
    assert (found.process, found.module, found.offset, found.code) == ("ledger.exe", "post.dll", 0x1B2C3, None)


@pytest.mark.parametrize("named", [False, True])
def test_application_error_as_insertion_strings(named: bool) -> None:
    values = ("ledger.exe", "1.0", "5bb627c7", "post.dll", "2.0", "524f83ff", "c0000409", "00074a30", "46b0")
    names = ("AppName", "AppVersion", "AppTimeStamp", "ModuleName", "ModuleVersion", "ModuleTimeStamp", "ExceptionCode")
    names += ("FaultingOffset", "ProcessId")
    pairs = tuple((name if named else None, value) for name, value in zip(names, values, strict=True))
    found = facts_of(Record(lines=(1, 1), source="Application Error", id=1000, values=pairs))
    assert {name: getattr(found, name) for name in CRASH} == CRASH


@pytest.mark.parametrize(
    ("name", "seven", "eight"), [("APPCRASH", "c0000409", "00074a30"), ("BEX", "00074a30", "c0000409")]
)
def test_error_reporting_reads_the_signature_of_the_event_name(name: str, seven: str, eight: str) -> None:
    body = f"Fault bucket 12, type 5\nEvent Name: {name}\nResponse: Not available\nCab Id: 0\n\nProblem signature:\n"
    body += "P1: ledger.exe\nP2: 1.0\nP3: 5bb627c7\nP4: post.dll\nP5: 2.0\nP6: 524f83ff\n"
    body += f"P7: {seven}\nP8: {eight}\nP9: \nP10: "
    found = facts(body)
    assert {name: getattr(found, name) for name in CRASH} == CRASH


def test_dr_watsons_own_event() -> None:
    found = facts(
        "The application, exe\\ledger.DBG, generated an application error\nThe error occurred on 4/"
        "8/2000 @ 11:07:30.280\n"
        "The exception generated was c0000005 at address 02cf169c (HashRemove)"
    )
    assert (found.process, found.code, found.address, found.function) == (
        "ledger.exe",
        0xC0000005,
        0x2CF169C,
        "HashRemove",
    )


BUGCHECKS: list[tuple[str, str, int]] = [
    ("The computer has rebooted from a bugcheck.  The bugcheck was : 0x0000001e (0xc0000005, 0x80115334, 0x00000000, "
     "0x0000004c). A dump was saved in: C:\\WINNT\\MEMORY.DMP.", "Save Dump", 1001),
    ("The computer has rebooted from a bugcheck.\n\t  The bugcheck was: 0x0000001e (0xc0000005, 0x80115334,\n"
     "\t  0x00000000, 0x0000004c).\n\t  A full dump was not saved.", "Save Dump", 1000),
    ("Der Computer ist nach einem schwerwiegenden Fehler neu gestartet. Der Fehlercode war: 0x0000001e (0xc0000005, "
     "0x80115334, 0x00000000, 0x0000004c).", "BugCheck", 1001),
    ("Error code 0000001e, parameter1 c0000005, parameter2 80115334, parameter3 00000000, parameter4 0000004c.",
     "System Error", 1003),
    ("Fault bucket x, type 0\nEvent Name: BlueScreen\nP1: 1e\nP2: c0000005\nP3: 80115334\nP4: 0\nP5: 4c", "x", 1001),
]  # fmt: skip


@pytest.mark.parametrize(("body", "source", "number"), BUGCHECKS)
def test_bug_checks(body: str, source: str, number: int) -> None:
    bugcheck = facts(body, source=source, number=number).bugcheck
    assert bugcheck is not None
    assert (bugcheck.code, bugcheck.parameters) == (0x1E, (0xC0000005, 0x80115334, 0, 0x4C))


@pytest.mark.parametrize(("code", "expected"), [("26", 0x1A), ("0", None)])
def test_kernel_power_41_is_decimal_and_0_is_a_loss_of_power(code: str, expected: int | None) -> None:
    values = (("BugcheckCode", code), *((f"BugcheckParameter{i}", f"0x{i}") for i in range(1, 5)))
    bugcheck = facts_of(Record(lines=(1, 1), source="Microsoft-Windows-Kernel-Power", id=41, values=values)).bugcheck
    assert (bugcheck.code if bugcheck else None) == expected
    if bugcheck is not None:
        assert bugcheck.parameters == (1, 2, 3, 4)


def test_dotnet_gives_process_and_managed_stack() -> None:
    found = facts(
        "Application: ledger.exe\nFramework Version: v4.0.30319\nDescription: The process was "
        "terminated due to an unhandled "
        "exception.\nException Info: System.NullReferenceException\n   at "
        "Ledger.Entry.Post(System.String)\n   at Ledger.Main()"
    )
    assert found.process == "ledger.exe"
    assert [frame.function for frame in found.stack] == ["Ledger.Entry.Post", "Ledger.Main"]


def test_a_pop_up_holds_the_fault_message() -> None:
    found = facts(
        'Application popup: ledger.exe - Application Error : The instruction at "0x77f7d357" '
        'referenced memory at "0x00000010". '
        'The memory could not be "read".'
    )
    assert (found.process, found.code, found.address, found.access, found.target) == (
        "ledger.exe",
        0xC0000005,
        0x77F7D357,
        "read",
        0x10,
    )


@pytest.mark.parametrize(
    ("body", "code", "address"),
    [
        (
            "An unexpected error has occurred. Error: Exception c0000005 occurred at Address 76accbcd.",
            0xC0000005,
            0x76ACCBCD,
        ),
        ("An exception (0xC0000005) has occurred that stopped the service.", 0xC0000005, None),
        ("A memory access violation has occurred. (Exception address: 0x4496c2.)", 0xC0000005, 0x4496C2),
        ("The Post service terminated unexpectedly. It has done this 1 time(s).", None, None),
    ],
)
def test_exceptions_that_services_tell_of(body: str, code: int | None, address: int | None) -> None:
    found = facts(body)
    assert (found.code, found.address) == (code, address)


@pytest.mark.parametrize(
    "body",
    [
        "应用程序弹出: ledger.exe - 应用程序错误 : 发生异常 未知的软件异常 (0xc06d007e)，位置为 0x7c812fd3。",
        "The following information is part of the event: ledger.exe - Application Error, The exception unknown "
        "software exception (0xc06d007e) occurred in the application at location 0x7c812fd3.",
    ],
)
def test_a_pop_up_in_any_language_and_without_its_message(body: str) -> None:
    found = facts(body, source="Application Popup", number=26)
    assert (found.process, found.code, found.address) == ("ledger.exe", 0xC06D007E, 0x7C812FD3)


def test_a_hang_and_a_process_that_ended() -> None:
    hang = facts(
        "Hanging application ledger.exe, version 1.0, hang module hungapp, version 0.0.0.0, hang address 0x00000000."
    )
    assert (hang.process, hang.module) == ("ledger.exe", "hungapp")
    ended = facts("A process (LEDGER.EXE) ended abnormally due to a protection violation")
    assert ended.process == "LEDGER.EXE"


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200), st.sampled_from([None, "BugCheck", "System Error"]), st.integers(0, 70000))
def test_any_description_is_read_without_error(body: str, source: str | None, number: int) -> None:
    facts(body, source=source, number=number)


def test_each_label_has_a_sign_by_which_it_is_looked_for() -> None:
    labels = [label for _, labels in _LABELS for label in labels if label.isascii()]
    assert labels
    assert [label for label in labels if not any(sign in label for sign in _LABEL_SIGNS)] == []


VALUES = {"process": "ledger.exe", "module": "post.dll", "code": "c0000005", "offset": "1f", "pid": "1f"}
MEANT = {"process": "ledger.exe", "module": "post.dll", "code": 0xC0000005, "offset": 0x1F, "pid": 0x1F}


@pytest.mark.parametrize(("field", "label"), [(field, label) for field, labels in _LABELS for label in labels])
def test_each_label_is_found(field: str, label: str) -> None:
    module = "" if field == "module" else "\nFaulting module name: post.dll"
    assert getattr(facts(f"{label}: {VALUES[field]}{module}"), field) == MEANT[field]


def test_the_first_sentence_about_an_exception_counts() -> None:
    found = facts("An exception was caught. Access violation (0xc0000005). Exception code: c0000094")
    assert found.code == 0xC0000005


@pytest.mark.parametrize("gap", [" \u2026 ", " ... ", ", version: 1.0\n"])
def test_a_name_ends_where_something_was_left_out(gap: str) -> None:
    found = facts(
        f"Faulting application name: ledger.exe{gap}Faulting module name: post.dll\nException code: 0xc0000409"
    )
    assert (found.process, found.module) == ("ledger.exe", "post.dll")
