"""Windows Error Reporting: what the numbered parameters of a problem signature mean, by the event's name alone."""

import pytest

from builders.sources import only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import WER
from triage.model.evidence import System

HEAD = "Version=1\nEventType={name}\nEventTime=133000000000000000\nReportType=2\n"
OS_VERSION = "DynamicSig[1].Name={label}\nDynamicSig[1].Value=6.1.7601.2.1.0.256.48\n"


def report(name: str, values: list[str], label: str = "OS Version") -> str:
    rows = [f"Sig[{at}].Name=Label {at}\nSig[{at}].Value={value}\n" for at, value in enumerate(values)]
    return HEAD.format(name=name) + "".join(rows) + OS_VERSION.format(label=label)


CRASH = ["ledger.exe", "1.0.0.7", "4bb67a3f", "post.dll", "2.1.0.0", "4bb67a40", "c0000005", "0001f2c4"]
BEX = [*CRASH[:6], "0007f6fe", "c0000409", "00000007"]
CLR = ["ledger.exe", "1.0", "4bb67a3f", "Ledger.Core", "1.0", "4bb67a40", "1a", "2f", "System.NullReferenceException"]


@pytest.mark.parametrize(
    ("name", "values", "module", "code", "offset"),
    [
        ("APPCRASH", CRASH, "post.dll", 0xC0000005, 0x1F2C4),
        ("BEX", BEX, "post.dll", 0xC0000409, 0x7F6FE),
        ("BEX64", BEX, "post.dll", 0xC0000409, 0x7F6FE),
        ("CLR20r3", CLR, "Ledger.Core", 0xE0434352, None),
    ],
)
def test_the_events_name_says_what_the_parameters_mean(
    name: str, values: list[str], module: str, code: int, offset: int | None
) -> None:
    incident = only_incident(WER, report(name, values))
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"
    assert incident.exception is not None
    assert (incident.faulting_module, incident.exception.code, incident.faulting_offset) == (module, code, offset)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("ffffffffc0000005", 0xC0000005),
        ("c0000005", 0xC0000005),
        ("000001f2a4c01d58", None),
        ("80000000c0000005", None),
    ],
)
def test_a_code_has_32_bits(printed: str, code: int | None) -> None:
    incident = only_incident(WER, report("APPCRASH", [*CRASH[:6], printed, CRASH[7]]))
    assert (incident.exception and incident.exception.code) == code


def test_the_type_of_a_dotnet_exception_is_kept() -> None:
    incident = only_incident(WER, report("CLR20r3", CLR))
    assert [message.text for message in incident.messages] == ["CLR20r3 System.NullReferenceException"]


@pytest.mark.parametrize("label", ["OS Version", "Betriebsystemversion", "OS 版本", "Версия системы"])
def test_the_systems_version_is_known_in_every_language(label: str) -> None:
    system = reading(WER, report("APPCRASH", CRASH, label)).system
    assert system is not None
    assert (system.product, system.build, system.service_pack) == ("Windows 7", 7601, 1)


def test_each_loaded_module_is_a_row() -> None:
    rows = "".join(f"LoadedModule[{at}]=C:\\Windows\\System32\\part{at}.dll\n" for at in range(40))
    modules = reading(WER, report("APPCRASH", CRASH) + rows).modules
    assert [module.name for module in modules] == [f"part{at}.dll" for at in range(40)]
    assert modules[7].path == "C:\\Windows\\System32\\part7.dll"


def test_utf16_without_a_mark_is_read() -> None:
    evidence = read_evidence(report("APPCRASH", CRASH).replace("\n", "\r\n").encode("utf-16-le"))
    assert (evidence.format, len(evidence.incidents)) == ("wer", 1)


def test_the_end_of_a_file_tells_modules_and_system() -> None:
    tail = (
        "LoadedModule[98]=C:\\Windows\\System32\\rasadhlp.dll\nState[0].Key=Transport.DoneStage1\nState[0].Value=1\n"
        "OsInfo[0].Key=vermaj\nOsInfo[0].Value=10\nOsInfo[2].Key=verbld\nOsInfo[2].Value=19045\n"
        "OsInfo[3].Key=ubr\nOsInfo[3].Value=2486\nOsInfo[4].Key=versp\nOsInfo[4].Value=0\n"
    )
    found = reading(WER, tail)
    assert found.incidents == ()
    assert len(found.modules) == 1
    assert found.system is not None
    assert (found.system.build, found.system.revision, found.system.service_pack) == (19045, 2486, None)


@pytest.mark.parametrize(("values", "code"), [(CRASH, 0xC0000005), (BEX, 0xC0000409)])
def test_a_lost_event_name_is_told_by_the_shape_of_the_parameters(values: list[str], code: int) -> None:
    text = report("", values).split("ReportType=2\n")[1]
    incident = only_incident(WER, text)
    assert incident.exception is not None
    assert incident.exception.code == code


def test_an_unknown_module_stays_as_printed() -> None:
    values = [*CRASH[:3], "unknown", "", "00000000", "c0000005", "0000000000000000"]
    incident = only_incident(WER, report("APPCRASH", values))
    assert (incident.faulting_module, incident.faulting_offset) == ("unknown", 0)


@pytest.mark.parametrize("name", ["WindowsUpdateFailure3", "PCA2", "CbsPackageServicingFailure2"])
def test_events_that_are_no_crash_give_no_incident(name: str) -> None:
    assert reading(WER, report(name, CRASH)).incidents == ()


def test_a_dialogs_rows_go_by_their_order() -> None:
    incident = only_incident(
        WER,
        "Problemsignatur:\n  Problemereignisname:\tBEX64\n  Anwendungsname:\tledger.exe\n"
        "  Anwendungsversion:\t1.0.0.7\n"
        "  Anwendungszeitstempel:\t4bb67a3f\n  Fehlermodulname:\tpost.dll\n  Fehlermodulversion:\t2.1.0.0\n"
        "  Fehlermodulzeitstempel:\t4bb67a40\n  Ausnahmeoffset:\t000000000007f6fe\n  Ausnahmecode:\tc0000409\n"
        "  Ausnahmedaten:\t0000000000000007\n  Betriebsystemversion:\t6.1.7601.2.1.0.256.48\n"
        "  Gebietsschema-ID:\t1031\n",
    )
    assert incident.exception is not None
    assert (incident.faulting_module, incident.faulting_offset, incident.exception.code) == (
        "post.dll",
        0x7F6FE,
        0xC0000409,
    )


@pytest.mark.parametrize(
    "between", ["", "Creation Time:\t14/01/2026 10:41:59\nProblem:\tStopped working\nStatus:\tSent\n"]
)
def test_the_program_of_a_package_is_that_of_the_path_above(between: str) -> None:
    incident = only_incident(
        WER,
        f"Faulting Application Path:\tC:\\Apps\\Ledger_cw5\\ledger.exe\n{between}\nProblem signature\n"
        "Problem Event Name:\tMoAppCrash\nPackage Full Name:\tLedger_1.0_neutral\nApplication Name:\tpraid:App\n"
        "Application Version:\t1.0.0.7\nApplication Timestamp:\t4bb67a3f\nFault Module Name:\tpost.dll\n"
        "Fault Module Version:\t2.1.0.0\nFault Module Timestamp:\t4bb67a40\nException Code:\tc0000005\n"
        "Exception Offset:\t000000000007f6fe\nOS Version:\t10.0.19045.2.0.0.256.48\n",
    )
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module) == ("ledger.exe", "post.dll")


def test_the_signature_of_windows_xp() -> None:
    incident = only_incident(
        WER, "AppName: ledger.exe\t AppVer: 1.0.0.7\t ModName: mso.dll\nModVer: 9.0.0.2717\t Offset: 0001f2c4\n"
    )
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module, incident.faulting_offset) == (
        "ledger.exe",
        "mso.dll",
        0x1F2C4,
    )


def test_a_stop_reported_after_the_restart() -> None:
    found = reading(
        WER,
        "BCCode : 1000008e     BCP1 : C0000005     BCP2 : BF80A8B9     BCP3 : A4D87B5C     \n"
        "BCP4 : 00000000     OSVer : 5_1_2600     SP : 2_0     Product : 256_1     \n",
    )
    (incident,) = found.incidents
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters) == (
        0x1000008E,
        (0xC0000005, 0xBF80A8B9, 0xA4D87B5C, 0),
    )
    assert isinstance(found.system, System)
    assert (found.system.product, found.system.service_pack) == ("Windows XP", 2)


def test_the_xml_beside_a_report() -> None:
    found = reading(
        WER,
        '<?xml version="1.0" encoding="UTF-16"?>\n<WERReportMetadata>\n<OSVersionInformation>\n'
        "<WindowsNTVersion>10.0</WindowsNTVersion>\n<Build>19041 </Build>\n</OSVersionInformation>\n"
        "<ProcessInformation>\n<Pid>9412</Pid>\n<ImageName>ledger.exe</ImageName>\n</ProcessInformation>\n"
        "<ProblemSignatures>\n<EventType>APPCRASH</EventType>\n"
        + "".join(f"<Parameter{at}>{value}</Parameter{at}>\n" for at, value in enumerate(CRASH))
        + "</ProblemSignatures>\n<DynamicSignatures>\n<Parameter1>10.0.19041.2.0.0.256.48</Parameter1>\n",
    )
    (incident,) = found.incidents
    assert incident.process is not None
    assert (incident.process.pid, incident.faulting_module) == (9412, "post.dll")
    assert found.system is not None
    assert found.system.build == 19041


def test_the_files_of_appcompat_are_modules() -> None:
    found = reading(
        WER,
        '<?xml version="1.0" encoding="UTF-16"?>\n<DATABASE>\n<EXE NAME="ledger.exe" FILTER="GRABMI_FILTER_PRIVACY">\n'
        '    <MATCHING_FILE NAME="ledger.exe" SIZE="4608" CHECKSUM="0xC5A1" BIN_FILE_VERSION="1.0.0.7" />\n'
        '    <MATCHING_FILE NAME="post.dll" SIZE="9728" CHECKSUM="0xC5A2" BIN_FILE_VERSION="2.1.0.0" />\n</EXE>\n',
    )
    assert [(module.name, module.version) for module in found.modules] == [
        ("ledger.exe", "1.0.0.7"),
        ("post.dll", "2.1.0.0"),
    ]


def test_a_module_that_was_gone_is_known_by_its_name() -> None:
    incident = only_incident(WER, report("BEX64", [*BEX[:3], "post.dll_unloaded", *BEX[4:]]))
    assert incident.faulting_module == "post.dll"
    assert [message.text for message in incident.messages] == ["BEX64 post.dll_unloaded"]


def test_the_dialogs_first_label_may_have_lost_its_colon() -> None:
    rows = [f"  Label {at}:\t{value}" for at, value in enumerate(CRASH)]
    text = "Problem signature:\n  Problem Event Name\tAPPCRASH\n" + "\n".join(rows) + "\n"
    incident = only_incident(WER, text)
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module) == ("ledger.exe", "post.dll")


RUSSIAN = (
    "I installed it and it writes \u0418\u043c\u044f \u0441\u043e\u0431\u044b\u0442\u0438\u044f:\tAPPCRASH   "
    "\u0418\u043c\u044f \u043f\u0440\u0438\u043b\u043e\u0436\u0435\u043d\u0438\u044f:\tLedger Post.exe   "
    "Wersja:\t1.7.3.0   Znacznik:\t5a10ad86   Modu\u0142:\tKERNELBASE.dll   Wersja:\t6.1.7601.18798   "
    "Znacznik:\t5507b485   Kod:\tc06d007e   Offset:\t0000c42d   System:\t6.1.7601.2.1.0.256.1   "
    "ID:\t1049  if you speak it"
)


def test_a_dialog_on_one_row_in_any_language() -> None:
    found = reading(WER, RUSSIAN)
    (incident,) = found.incidents
    assert incident.exception is not None
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module, incident.faulting_offset, incident.exception.code) == (
        "Ledger Post.exe",
        "KERNELBASE.dll",
        0xC42D,
        0xC06D007E,
    )
    assert found.system is not None
    assert found.system.build == 7601


def test_the_module_that_a_hashed_stack_came_from() -> None:
    values = (*CRASH[:3], "StackHash_863b", *CRASH[4:7], "PCH_B1_FROM_ntdll+0x00000000000911FA", *CRASH[8:])
    rows = "".join(f"  Label {at}:\t{value}\n" for at, value in enumerate(values))
    incident = only_incident(WER, f"Problem signature:\n  Problem Event Name:\tAPPCRASH\n{rows}")
    assert (incident.faulting_module, incident.faulting_offset) == ("ntdll", 0x911FA)


def test_english_labels_name_the_fields_of_a_list() -> None:
    incident = only_incident(
        WER,
        "Windows Reliability Monitor shows:\n\n- Event name: MoAppCrash\n- Package full name: Orchard_1.0_x64__abc\n"
        "- Application path: C:\\Apps\\orchard.exe\n- Fault module: leaf.dll\n- Exception code: c06d007f\n"
        "- Exception offset: 0001f2c4\n- OS version: 10.0.26200.2.0.0.256.48\n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module) == (0xC06D007F, "leaf.dll")
    assert incident.faulting_offset == 0x1F2C4


def test_who_posts_a_signature_may_translate_its_labels() -> None:
    rows = "".join(f"  P {at:02}:\t{value}\n" for at, value in enumerate(CLR, start=1))
    incident = only_incident(WER, f"EventType clr20r3\n{rows}  OS version:\t6.1.7601.2.1.0.256.1\n")
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module) == ("ledger.exe", "Ledger.Core")
