# ruff: noqa: RUF001 - the texts are of languages whose letters look like Latin ones
"""Pieces of reports as people paste them: rows that have lost what stood above, and forms that few programs print."""

import pytest

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import (
    CRASHLOGGER,
    DEBUGGER,
    DRWATSON,
    EUREKALOG,
    EVENTS,
    JAVA,
    JCLDEBUG,
    MADEXCEPT,
    STACKWALK,
    STOPSCREEN,
    UNITY,
    UNREAL,
    VISUALSTUDIO,
    WER,
    WINE,
)


@pytest.mark.parametrize(
    "heading",
    ["Event 1000, Application Error", '"Event 1000, Application Error"', "**Ereignis 1000, Application Error**"],
)
def test_the_viewers_heading_begins_an_event(heading: str) -> None:
    found = reading(
        EVENTS,
        f"{heading}\nFaulting application name: ledger.exe, version: 1.0.0.1, time stamp: 0x5bb627c7\n"
        "Faulting module name: post.dll, version: 2.0, time stamp: 0x524f83ff\nException code: 0xc0000409\n"
        "Fault offset: 0x00074a30\n\nEvent 1026, .NET Runtime\nApplication: ledger.exe\nFramework Version: v4.0.30319\n"
        "Description: The process was terminated due to an unhandled exception.\n"
        "Exception Info: System.Net.WebException\n   at Ledger.Posting.Post()\n",
    )
    assert [incident.event.id for incident in found.incidents if incident.event] == [1000, 1026]


@pytest.mark.parametrize(
    "text",
    [
        "Aplikacja: ledger.exe\nWersja architektury: v4.0.30319\nOpis: proces został przerwany z powodu wyjątku.\n"
        "Informacje o wyjątku: System.NullReferenceException\n   w Ledger.Posting.Post()\n",
        "Application : ledger.exe\nVersion du Framework : v4.0.30319\nDescription : le processus a été arrêté.\n"
        "Informations sur l'exception : System.NullReferenceException\n   à Ledger.Posting.Post()\n",
        "应用程序: ledger.exe\nFramework 版本: v4.0.30319\n说明: 由于未经处理的异常，进程终止。\n"
        "异常信息: System.NullReferenceException\n   在 Ledger.Posting.Post()\n",
    ],
)
def test_the_event_of_net_in_other_languages(text: str) -> None:
    incident = only_incident(EVENTS, text)
    assert incident.event is not None
    assert (incident.event.source, incident.event.id) == (".NET Runtime", 1026)
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"
    assert [frame.function for frame in incident.stack] == ["Ledger.Posting.Post"]


def test_german_words_alone_make_an_event() -> None:
    incident = only_incident(
        EVENTS,
        "Name der fehlerhaften Anwendung: ledger.exe, Version: 1.0, Zeitstempel: 0x5bb627c7\n"
        "Name des fehlerhaften Moduls: post.dll, Version: 2.0, Zeitstempel: 0x524f83ff\nAusnahmecode: 0xe0434352\n"
        "Fehleroffset: 0x0000c41f\nID des fehlerhaften Prozesses: 0x0x13F4\n",
    )
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("ledger.exe", 0x13F4)
    assert (incident.faulting_module, incident.faulting_offset) == ("post.dll", 0xC41F)


@pytest.mark.parametrize(
    "words",
    [
        "The computer has rebooted from a bugcheck.  The bugcheck was: ",
        "Der Computer wurde nach einem schwerwiegenden Fehler neu gestartet. Der Fehlercode war: ",
        "L'ordinateur a redémarré après une vérification d'erreur. La vérification d'erreur était : ",
    ],
)
def test_the_sentence_about_a_stop_is_its_event(words: str) -> None:
    incident = only_incident(
        EVENTS,
        f"{words}0x000000a0 (0x00000000000000f0, 0x0000000000000004, 0x000000000000000e, 0xffffb38360639040). "
        "A dump was saved in: C:\\WINDOWS\\MEMORY.DMP.\n",
    )
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters[0]) == (0xA0, 0xF0)


def test_xml_that_is_cut_off_belongs_to_the_event_above() -> None:
    found = reading(
        EVENTS,
        "Log Name:      Application\nSource:        Application Error\nEvent ID:      1000\nLevel:         Error\n"
        "Description:\nFaulting application name: ledger.exe, version: 3.7, time stamp: 0x637e91e1\n"
        "Faulting module name: post.dll, version: 10.0, time stamp: 0x398a1cce\nException code: 0xe0434352\n"
        "Fault offset: 0x00000000000c837a\nEvent Xml:\n"
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">\n  <System>\n'
        '    <Provider Name="Application Error" />\n    <EventID>1000</EventID>\n',
    )
    assert len(found.incidents) == 1


@pytest.mark.parametrize("blanks", ["\t", "       "])
def test_the_dialog_after_a_stop(blanks: str) -> None:
    text = (
        f"Problem signature:\n  Problem Event Name:{blanks}BlueScreen\n  OS Version:{blanks}6.1.7601.2.1.0.256.1\n"
        f"  Locale ID:{blanks}1033\n\nAdditional information about the problem:\n  BCCode:{blanks}d1\n"
        f"  BCP1:{blanks}0000000000000018\n  BCP2:{blanks}0000000000000002\n  BCP3:{blanks}0000000000000000\n"
        f"  BCP4:{blanks}FFFFF8800188E5E2\n  OS Version:{blanks}6_1_7601\n  Service Pack:{blanks}1_0\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters) == (0xD1, (0x18, 2, 0, 0xFFFFF8800188E5E2))


def test_numbered_parameters_count_by_their_number() -> None:
    incident = only_incident(
        WER, "事件名称: AppHangB1\n响应: 不可用\nCab ID: 0\n问题签名:\nP1: ledger.exe\nP2: 10.0.22621.2070\n"
    )
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"


@pytest.mark.parametrize("row", ["{}", "Main Error: {}", "> {}"])
def test_the_first_row_of_a_loggers_report_alone(row: str) -> None:
    said = 'Unhandled exception "EXCEPTION_STACK_OVERFLOW" at 0x7FF647BBE31C Fallout4.exe+015E31C\tmov eax, [rcx]'
    incident = only_incident(CRASHLOGGER, row.format(said) + "\n")
    assert incident.exception is not None
    assert incident.exception.code == 0xC00000FD
    assert (incident.faulting_module, incident.faulting_offset) == ("Fallout4.exe", 0x15E31C)


def test_a_frameworks_report_without_its_first_row() -> None:
    incident = only_incident(
        CRASHLOGGER,
        "FrameworkName: NetScriptFramework\nApplicationName: SkyrimSE.exe\n\nProbable callstack\n{\n"
        "  [0]   0x7FF7B168CBF2     (SkyrimSE.exe+ECCBF2)          unk_ECCBA0+52\n"
        "  [1]   0x7FF92A55CB6B     (Stats.dll+4CB6B)\n}\n",
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("SkyrimSE.exe", 0xECCBF2)
    assert frames(incident)[1] == "Stats.dll+4cb6b"


def test_the_window_of_unreals_reporter_has_modules_without_addresses() -> None:
    incident = only_incident(
        UNREAL,
        "LoginId:c1c995204cbf8d62\nEpicAccountId:dfb5237f\n\nAssertion failed: IsValid() "
        "[File:E:\\UE\\SharedPointer.h] [Line: 1109]\n\n"
        "UnrealEditor_Orchard!UTree::Grow() [F:\\Orchard\\Tree.cpp:680]\nUnrealEditor_Core\n"
        "kernel32\nntdll\n\nHarvest again\n",
    )
    assert incident.stack[0].function == "UTree::Grow()"
    assert [frame.module for frame in incident.stack] == [
        "UnrealEditor_Orchard",
        "UnrealEditor_Core",
        "kernel32",
        "ntdll",
    ]


def test_words_of_an_engine_without_stack_or_announcement_are_no_crash() -> None:
    said = "Assertion failed: IsValid() [File:E:\\UE\\SharedPointer.h] [Line: 1109]\n"
    assert reading(UNREAL, f"I saw this once:\n{said}and then\nall was well\n").incidents == ()
    assert len(reading(UNREAL, f"LogWindows: Error: appError called: {said}").incidents) == 1


def test_unitys_frames_above_its_search_path() -> None:
    found = reading(
        UNITY,
        "0x00007FFBDAA67182 (UnityPlayer) UnityMain\n0x00007FFBDAA674CA (UnityPlayer) UnityMain\n"
        "SymInit: Symbol-SearchPath: '.;C:\\Windows;', symOptions: 534, UserName: 'Ada'\n"
        "OS-Version: 6.1.7601 (Service Pack 1) 0x100-0x1\n"
        "C:\\Orchard\\orchard.exe:orchard.exe (00007FF762360000), size: 675840 (result: 0), fileVersion: 2021.3.16.5\n",
    )
    (incident,) = found.incidents
    assert len(incident.stack) == 2
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"
    assert found.system is not None
    assert found.system.service_pack == 1


def test_a_mod_loaders_report_is_read_as_winedbgs() -> None:
    incident = only_incident(
        WINE,
        "Unhandled exception at 0x774B00C5 in ntdll.dll (+0x400c5): 0xC0000005: Access violation writing location "
        "0x00000024.\n    Backtrace (may be wrong):\n"
        "        =>0x774B00C5 RtlEnterCriticalSection+0x15 in ntdll.dll (+0x400c5) (0x0177F8A8) \n"
        "          0x00823FD0 in ledger.exe (+0x423fd0) (0x0177F8E4) \n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.access) == (0xC0000005, "write")
    assert frames(incident) == ["ntdll.dll!RtlEnterCriticalSection", "ledger.exe+423fd0"]


def test_headings_of_eurekalog_that_markdown_made_larger() -> None:
    incident = only_incident(
        EUREKALOG,
        "EurekaLog 6.0.25\n## Exception:\n\n  2.2 Address       : 00401E19\n  2.5 Type          : EAccessViolation\n"
        "## Call Stack Information:\n\n|Address |Module     |Unit      |Class    |Procedure/Method|Line|\n"
        "|00401E19|Orchard.exe|Trees.pas |TLeaf    |Grow            |12  |\n",
    )
    assert frames(incident) == ["Orchard.exe!Trees.TLeaf.Grow"]


def test_a_module_list_cut_out_of_a_stackwalk() -> None:
    found = reading(
        STACKWALK,
        "Loaded modules:\n0x01390000 - 0x04039fff  orchard.exe  ???  (main)\n"
        "0x63610000 - 0x6367ffff  post.dll  6.1.7\n",
    )
    assert [module.name for module in found.modules] == ["orchard.exe", "post.dll"]
    assert found.incidents == ()


def test_arguments_that_have_lost_their_name() -> None:
    incident = only_incident(
        DEBUGGER,
        "Arguments:\nArg1: 0000000000000062, A driver has forgotten to free its pool allocations.\n"
        "Arg2: ffffd407b3ac53a0, name of the driver having the issue.\nArg3: ffffd407b3ccbee0, information.\n"
        "Arg4: 0000000000000003, total # of allocations.\n\nBUGCHECK_STR:  0xc4_62\n\nIMAGE_NAME:  orchard.sys\n",
    )
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters) == (
        0xC4,
        (0x62, 0xFFFFD407B3AC53A0, 0xFFFFD407B3CCBEE0, 3),
    )


def test_parameters_of_a_stop_each_on_its_row() -> None:
    incident = only_incident(
        STOPSCREEN,
        "STOP Message: 000000d1 \n\n1. Parameter 00000009 \n2. Parameter 00000002 \n3. Parameter 00000000 \n"
        "4. Parameter f7b2c5a4 \n",
    )
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters) == (0xD1, (9, 2, 0, 0xF7B2C5A4))


@pytest.mark.parametrize(("line", "unit"), [("Zeile", "Bytes"), ("Строка", "байт"), ("Line", "bytes")])
def test_the_call_stack_window_in_other_languages(line: str, unit: str) -> None:
    incident = only_incident(
        VISUALSTUDIO,
        " \t13ed17b0()\t\n"
        f" \tuser32.dll!_DispatchMessageW@4()  + 0xf {unit}\t\n>\tpost.mir!Post(wchar_t * line)  {line} 284\tC++\n"
        f" \tledger.exe!wWinMain(HINSTANCE__ * instance)  {line} 68 + 0xa {unit}\tC++\n"
        f" \tkernel32.dll!_BaseProcessStart@4()  + 0x23 {unit}\n",
    )
    assert frames(incident, 9) == [
        "13ed17b0",
        "user32.dll!_DispatchMessageW@4",
        "post.mir!Post",
        "ledger.exe!wWinMain",
        "kernel32.dll!_BaseProcessStart@4",
    ]


def test_the_code_of_an_exception_above_the_stop_that_raised_it() -> None:
    incident = only_incident(
        DEBUGGER,
        "EXCEPTION_CODE: (NTSTATUS) 0xc0000005 - The instruction at 0x%08lx referenced memory at 0x%08lx.\n\n"
        "FAULTING_IP:\norchard+1a2c\nf7b21a2c 8b4804          mov     ecx,dword ptr [eax+4]\n\n"
        "BUGCHECK_STR:  0x8E\n\nPROCESS_NAME:  press.exe\n",
    )
    assert incident.kind == "bugcheck"
    assert incident.bugcheck is not None
    assert incident.bugcheck.code == 0x8E
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005


def test_handlers_of_exceptions_are_no_stack() -> None:
    found = reading(
        DEBUGGER,
        "(9d8.1d54): Access violation - code c0000005 (first chance)\n0:007> !exchain\n"
        "0095ff2c: ntdll!ExecuteHandler2+3a (77316278)\n0095ff80: press!Grow+1d (10012a9d)\n",
    )
    assert [incident.stack for incident in found.incidents] == [()]


def test_columns_that_documentation_leaves_out() -> None:
    incident = only_incident(
        DEBUGGER,
        "Child-SP          RetAddr           : Args to Child : Call Site\n"
        "fffff880`0371d8f8 fffff800`02e8a1e9 : ... : nt!KeBugCheckEx\n"
        "fffff880`0371d900 fffff800`02e88e60 : ... : orchard!Grow+0x1c\n",
    )
    assert frames(incident) == ["nt!KeBugCheckEx", "orchard!Grow"]


def test_a_base_without_the_word_in_front_of_it() -> None:
    incident = only_incident(
        STOPSCREEN,
        "*** STOP: 0x0000001E (0xC0000005,0x800E8731,0x00000000,0x00000018)\n"
        "*** 800E8731 has base at 800E0000 - orchard.sys\n",
    )
    assert incident.bugcheck is not None
    assert incident.faulting_module == "orchard.sys"


def test_dr_watsons_row_about_the_exception_alone() -> None:
    incident = only_incident(
        DRWATSON,
        "Exception number: c0000094 (divide by zero)\n\nFAULT ->77f3b2c1 f7f1             div     ecx\n\n"
        "*----> Stack Back Trace <----*\n\nFramePtr ReturnAd Param#1  Param#2  Param#3  Param#4  Function Name\n"
        "0012fda0 0040102f 005d0017 02280122 005d85f4 005d0000 press!Grow \n",
    )
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000094
    assert frames(incident) == ["press!Grow"]


def test_frames_of_wine_without_their_heading() -> None:
    incident = only_incident(
        WINE,
        "Unhandled exception: page fault on write access to 0x00000000 in 32-bit code (0x0043369f).\n"
        "Stack dump:\n0x0b3ee90c:  7b82ced8 00000000 7ba3b348 7b884401\n"
        "=>0 0x0043369f in orchard (+0x3369f) (0x0b3ee938)\n"
        "  1 0x7bc76320 call_thread_func+0xb() in ntdll (0x0b3eea28)\n",
    )
    assert frames(incident) == ["orchard+3369f", "ntdll!call_thread_func"]


def test_rows_of_lm_alone() -> None:
    found = read_evidence(
        b"fffff880`04400000 fffff880`0440e000   orchard    (deferred)\n"
        b"fffff880`0440e000 fffff880`04418000   press      (pdb symbols)\n"
    )
    assert [module.name for module in found.modules] == ["orchard", "press"]


def test_wines_frames_and_modules_without_their_first_rows() -> None:
    found = reading(
        WINE,
        " ESI:00000002 EDI:0021df58\nStack dump:\n0x0102f5c0:  ffd54101 7ffd8c00 00000211 0041f107\nBacktrace:\n"
        "=>0 0x00402bd6 in orchard (+0x2bd6) (0x0102f5e8)\n  1 0x00403350 in orchard (+0x334f) (0x0102f638)\n"
        "Modules:\nModule  Address                 Debug info      Name (1 modules)\n"
        "PE        400000-  e27000       Dwarf           orchard\n",
    )
    (incident,) = found.incidents
    assert (incident.kind, frames(incident)) == ("stack", ["orchard+2bd6", "orchard+334f"])
    assert [module.name for module in found.modules] == ["orchard"]


@pytest.mark.parametrize(
    ("text", "code", "module"),
    [
        (
            "STACK_COMMAND:  ~0s; .ecxr ; kb\n\nSYMBOL_NAME:  press!Grow+2b\n\nMODULE_NAME: press\n\n"
            "FAILURE_BUCKET_ID:  INVALID_POINTER_READ_c0000006_press.dll!Grow\n",
            0xC0000006,
            "press",
        ),
        (
            "    Key  : Failure.Bucket\n    Value: INVALID_POINTER_READ_c0000005_orchard.exe!Unknown\n\n"
            "    Key  : Failure.Exception.Code\n    Value: 0xc0000005\n\n"
            "    Key  : Failure.Exception.IP.Address\n    Value: 0xcc724a\n\n"
            "    Key  : Failure.Exception.IP.Module\n    Value: orchard\n\n"
            "    Key  : Failure.Exception.IP.Offset\n    Value: 0x20724a\n",
            0xC0000005,
            "orchard",
        ),
    ],
)
def test_a_code_that_only_the_bucket_or_a_key_tells(text: str, code: int, module: str) -> None:
    incident = only_incident(DEBUGGER, text)
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module) == (code, module)
    assert incident.faulting_offset in {None, 0x20724A}


def test_stops_of_application_verifier_are_none_of_the_system() -> None:
    analysis = only_incident(
        DEBUGGER,
        "APPLICATION_VERIFIER_LOCKS_LOCK_NOT_INITIALIZED (210)\nCritical section not initialized.\nArguments:\n"
        "Arg1: 00000054f840fb31, Critical section address.\n\nEXCEPTION_RECORD:  (.exr -1)\n"
        "ExceptionAddress: 000007f95cf72190 (vrfcore!VerifierStopMessageEx+0x00000000000006d0)\n"
        "   ExceptionCode: 80000003 (Break instruction exception)\n",
    )
    assert analysis.bugcheck is None
    stop = "VERIFIER STOP 00000619: pid 0xEF1: Freeing memory block with invalid start address.\n"
    assert read_evidence(stop.encode()).incidents == ()


def test_unitys_rows_without_its_name() -> None:
    found = reading(
        UNITY,
        "The crash log says:\norchard.dll caused an Access Violation (0xc0000005)\n"
        "  in module orchard.dll at 0033:f76b5373.\n\nand also:\n"
        "`Read from location 0000000000000000 caused an access violation.`\n",
    )
    (incident,) = found.incidents
    assert (incident.faulting_module, incident.process) == ("orchard.dll", None)
    location = read_evidence(b"Read from location 0000000000000000 caused an access violation.\n")
    assert all(incident.process is None for incident in location.incidents)


def test_unreals_stack_without_its_announcement() -> None:
    rows = (
        "[2026.01.06-23.31.57:471][705]LogWindows: Error: [Callstack] 0x00007ff696843334 Orchard.exe!Grow() []\n"
        "[2026.01.06-23.31.57:472][705]LogWindows: Error: [Callstack] 0x00007ff69684443e Orchard.exe!Run() []\n"
    )
    incident = only_incident(UNREAL, rows)
    assert (incident.kind, frames(incident)) == ("stack", ["Orchard.exe!Grow()", "Orchard.exe!Run()"])
    assert reading(UNREAL, "LogOutputDevice: === Handled ensure: ===\n" + rows).incidents == ()


def test_the_sentence_about_a_stop_above_the_reports_dialog() -> None:
    incident = only_incident(
        EVENTS,
        "The computer has rebooted from a bugcheck.  The bugcheck was: 0x0000003b (0x00000000c0000005, "
        "0xfffff80815a0f9c9, 0xffffbf0094c14e71, 0x0000000000000000). A dump was saved in: C:\\WINDOWS\\MEMORY.DMP.\n\n"
        "Source\nWindows\n\nProblem signature\nProblem Event Name:\tBlueScreen\nCode:\t3b\nParameter 1:\tc0000005\n"
        "Parameter 2:\tfffff80815a0f9c9\nParameter 3:\tffffbf0094c14e71\nParameter 4:\t0\nOS version:\t10_0_14372\n",
    )
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters[0]) == (0x3B, 0xC0000005)


def test_methods_of_nested_classes_and_behind_the_runtimes_frames() -> None:
    incident = only_incident(
        DEBUGGER,
        "0:000:x86> !clrstack\nOS Thread Id: 0x27d9 (0)\nChild SP       IP Call Site\n"
        "00b6f3bc 00a6e078 [InlinedCallFrame: 00b6f3bc] Ledger.Native.Wait()\n"
        "00b6f3b8 68b96f1e Ledger.Posting+Entries.Post(IntPtr, Int32)\n"
        "00b6f650 6b65ebe6 [GCFrame: 00b6f650]\n",
    )
    assert [frame.function for frame in incident.stack] == ["Ledger.Native.Wait", "Ledger.Posting+Entries.Post"]


def test_the_call_stack_window_with_the_state_of_symbols() -> None:
    incident = only_incident(
        VISUALSTUDIO,
        ">\tpost.dll!Post(unsigned char * buf, long & len) Line 2046\tC++\tSymbols loaded.\n"
        " \t[Inline Frame] post.dll!Grow(int) Line 12\tC++\tNon-user code. Symbols loaded.\n"
        " \tledger.dll!00007ff90e8ba68d()\tUnknown\tNo symbols loaded.\n",
    )
    assert frames(incident) == ["post.dll!Post", "post.dll!Grow", "7ff90e8ba68d"]


def test_an_analysis_whose_only_sign_is_its_arguments() -> None:
    evidence = read_evidence(
        b"IRQL_NOT_LESS_OR_EQUAL (a)\nAn attempt was made to access a pageable address.\nArguments:\n"
        b"Arg1: 00000016, memory referenced\nArg2: 00000002, IRQL\nArg3: 00000000, bitfield :\nArg4: 844805f1, at\n"
    )
    (incident,) = evidence.incidents
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, len(incident.bugcheck.parameters)) == (0xA, 4)


def test_a_dialog_whose_rows_were_joined() -> None:
    incident = only_incident(
        WER,
        "Problem Event Name: APPCRASH Application Name: ledger.exe Application Version: 6.0.1.18000 Application "
        "Timestamp: 47918e5d Fault Module Name: post.dll Fault Module Version: 7.0.1 Fault Module Timestamp: 4791a727 "
        "Exception Code: c0000005 Exception Offset: 00009c01 OS Version: 6.0.6001.2.1.0.768.3 Locale ID: 1041\n",
    )
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"
    assert (incident.faulting_module, incident.faulting_offset) == ("post.dll", 0x9C01)


def test_exinfo_of_x64dbg_and_the_row_of_its_log_are_one_incident() -> None:
    evidence = read_evidence(
        b"EXCEPTION_DEBUG_INFO:\n           dwFirstChance: 0\n"
        b"           ExceptionCode: C0000005 (EXCEPTION_ACCESS_VIOLATION)\n          ExceptionFlags: 00000000\n"
        b"        ExceptionAddress: 77AFB08B leaf.77AFB08B\n        NumberParameters: 2\n"
        b"ExceptionInformation[00]: 00000001 Write\n"
        b"Last chance exception on 77AFB08B (C0000005, EXCEPTION_ACCESS_VIOLATION)!\n"
    )
    (incident,) = evidence.incidents
    assert incident.exception is not None
    assert (incident.faulting_module, incident.exception.chance) == ("leaf", "second")


def test_a_console_of_java_whose_rows_were_joined() -> None:
    incident = only_incident(
        JAVA,
        "EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x00007ffc66780057, pid=13732, tid=17052 # # JRE version: "
        "OpenJDK (17.0.6+10) # Problematic frame: #  V  [jvm.dll+0x7a0057] # # No core dump will be written.\n",
    )
    assert frames(incident) == ["jvm.dll+7a0057"]


def test_rows_of_jcls_stack_alone() -> None:
    incident = only_incident(
        JCLDEBUG,
        'After that this comes:\n[9D5BD946]{Orchard.bpl} Trees.TLeaf.Grow (Line 993, "Trees.pas" + 3) + $10\n'
        "(000456CB){demo.exe   } [004466CB] Controls.TWinControl.WndProc + $1D2\n",
    )
    assert (incident.kind, frames(incident)) == (
        "stack",
        ["Orchard.bpl!Trees.TLeaf.Grow", "demo.exe!Controls.TWinControl.WndProc"],
    )


@pytest.mark.parametrize("head", ["exception class    : EAccessViolation\n", ""])
def test_madexcepts_stack_with_and_without_offsets(head: str) -> None:
    incident = only_incident(
        MADEXCEPT,
        f"{head}exception message  : Access violation at address 00007FF932D2DBE5 in module 'press.dll'. Read of "
        "address FFFFFFFFFFFFFFE8.\n\nmain thread ($2da5):\n7ff932d2 press.dll\n00749f51 +251 ledger.exe Debugger "
        " 1073 +33 TDebugger.Log\n",
    )
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005
    assert [frame.module for frame in incident.stack] == ["press.dll", "ledger.exe"]
    assert incident.stack[1].function == "Debugger.TDebugger.Log"


def test_a_fast_fail_has_no_code_in_visual_studio() -> None:
    incident = only_incident(
        DEBUGGER,
        "It said `Unhandled exception at 0x00007FFA1454184F (ntdll.dll) in ledger.exe: A LIST_ENTRY has been corrupted "
        "(i.e. double remove).`\n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.chance) == (0xC0000409, "second")
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"
    assert incident.faulting_module == "ntdll.dll"


def test_the_offset_of_the_program_that_a_mod_loader_prints() -> None:
    (incident,) = read_evidence(
        b"Orchard 1.0.0.0\nUnhandled exception at 0x00601370 in orchard.exe (+0x201370): 0xC0000005: Access violation"
        b" reading location 0x00000000.\n    Register dump:\n        EAX: 0x00000000  EBX: 0x00000001\n"
    ).incidents
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"
    assert (incident.faulting_module, incident.faulting_offset) == ("orchard.exe", 0x201370)
