"""Reports as people post them: their ends, their heads, quoted, with words of their own around them."""

import pytest

from triage.formats import read_evidence
from triage.model.evidence import Evidence, Incident


def evidence(text: str) -> Evidence:
    return read_evidence(text.encode())


def only(text: str) -> Incident:
    (incident,) = evidence(text).incidents
    return incident


def code_of(incident: Incident) -> int | None:
    return None if incident.exception is None else incident.exception.code


def test_a_loggers_row_without_quotes_names_reason_and_place() -> None:
    incident = only(
        "====== CRASH INFO ======\n\nUnhandled exception EXCEPTION_ACCESS_VIOLATION at 0x00007FF9FD905F3E "
        "LEAVES.dll+175F3E movzx ecx, byte ptr [rax+0x26]\nException Flags: 0x00000000\n"
        "Access Violation: Tried to read memory at 0x0000000000000026\n"
    )
    assert code_of(incident) == 0xC0000005
    assert (incident.faulting_module, incident.faulting_offset) == ("LEAVES.dll", 0x175F3E)


UNITY_FRAMES = """\
  ERROR: SymGetSymFromAddr64, GetLastError: 'Attempt to access invalid address.' (Address: 00007FFC5AFB36A0)
0x00007FFC5AFB36A0 (UnityPlayer) (function-name not available)
0x00007FFC5C22A18B (UnityPlayer) UnityMain
0x00007FFCFA7826B1 (ntdll) RtlUserThreadStart
"""


@pytest.mark.parametrize("end", ["", "\n========== END OF STACKTRACE ===========\n"])
def test_the_end_of_unitys_call_stack_is_told_by_its_frames(end: str) -> None:
    incident = only(UNITY_FRAMES + end)
    assert incident.faulting_module == "UnityPlayer"
    assert [frame.function for frame in incident.stack] == [None, "UnityMain", "RtlUserThreadStart"]


STOP = """\
DRIVER_IRQL_NOT_LESS_OR_EQUAL (d1)
Arguments:
Arg1: 000000000000000a, memory referenced
Arg2: 0000000000000002, IRQL
Arg3: 0000000000000000, value 0 = read operation, 1 = write operation
Arg4: fffff8040b4fb714, address which referenced memory
"""


def test_the_place_in_paged_code_right_below_a_stops_arguments_is_the_stops() -> None:
    incident = only(STOP + "\nIP_IN_PAGED_CODE: \nORCHARD!Grow+34\nfffff804`0b4fb714 f6470a05        test    eax,5\n")
    assert (incident.faulting_module, incident.faulting_function) == ("ORCHARD", "Grow")


def test_the_dumps_name_in_an_analysis_names_the_program() -> None:
    incident = only(
        "FILE_IN_CAB:  orchard.exe.12620.dmp\n\nEXCEPTION_RECORD:  (.exr -1)\n"
        "ExceptionAddress: 00007ffea543e2ec (leaf!Grow+0x00000000000000ac)\n"
        "   ExceptionCode: c0000005 (Access violation)\n"
    )
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"


def test_a_kernel_dumps_name_names_no_program() -> None:
    assert only("FILE_IN_CAB:  042122-7765-01.dmp\n\n" + STOP).process is None


def test_the_code_that_does_not_agree_with_the_analysis_is_the_exceptions() -> None:
    text = 'DEBUG_FLR_EXCEPTION_CODE(8000ffff) and the ".exr -1" ExceptionCode(c0000409) don\'t match\n'
    assert code_of(only(text)) == 0xC0000409


def test_a_problem_signature_may_be_quoted_and_pushed_in() -> None:
    incident = only(
        "It says:\n\n    > Problem signature:\n    >   Problem Event Name:\tBEX\n"
        "    >   Application Name:\torchard.exe\n    >   Application Version:\t0.9.2.4\n"
        "    >   Application Timestamp:\t549deba6\n    >   Fault Module Name:\tLEAF90.dll\n"
        "    >   Fault Module Version:\t9.0.30729.6161\n    >   Fault Module Timestamp:\t4dace5b9\n"
        "    >   Exception Offset:\t00036d36\n    >   Exception Code:\tc0000417\n    >   Exception Data:\t00000000\n"
        "    >   OS Version:\t6.1.7601.2.1.0.256.1\n"
    )
    assert (code_of(incident), incident.faulting_module, incident.faulting_offset) == (
        0xC0000417,
        "LEAF90.dll",
        0x36D36,
    )


def test_a_walked_thread_below_a_report_of_its_own_has_that_reports_reason() -> None:
    incident = only(
        "Exception type: EXCEPTION_ACCESS_VIOLATION_READ\nCrash at: ORCHARD.exe + 0x8b0c16\n\nVersion: 5.20\n\n"
        "Thread 11 (crashed)\n 0  ORCHARD.exe + 0x8b0c16\n    eip = 0x00d70c16   esp = 0x0ba7edb8\n"
        "    Found by: given as instruction pointer in context\n 1  ORCHARD.exe + 0x8fd284\n"
        "    Found by: previous frame's frame pointer\n"
    )
    assert code_of(incident) == 0xC0000005
    assert incident.process is not None
    assert incident.process.name == "ORCHARD.exe"


TRACE = "   at Orchard.Native.grow(IntPtr leaf, Int32 days)\n   at Orchard.Tree.Grow()\n"


def test_an_access_violation_that_a_log_tells_with_its_trace_is_a_crash() -> None:
    incident = only("==== BEGIN ====\nSystem.AccessViolationException: Attempted to read.\n" + TRACE)
    assert code_of(incident) == 0xC0000005
    assert [frame.function for frame in incident.stack] == ["Orchard.Native.grow", "Orchard.Tree.Grow"]


@pytest.mark.parametrize(
    "text",
    [
        "You may get System.AccessViolationException: Attempted to read.\nThen do this.\n",
        "System.IO.IOException: The device is not ready.\n" + TRACE,
    ],
)
def test_a_mention_of_it_and_what_a_program_can_handle_are_none(text: str) -> None:
    assert not evidence(text).incidents


def test_the_name_and_the_message_of_a_delphi_programs_box_are_one() -> None:
    incident = only(
        "Exception EAccessViolation in module Orchard.exe at 0050601B.\n\n"
        "Access violation at address 00BA601B in module 'Orchard.exe'. Read of address 0000000C.\n"
    )
    assert code_of(incident) == 0xC0000005
    assert len(incident.messages) == 2


XML = (
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
    '<Provider Name="Windows Error Reporting" /><EventID Qualifiers="0">1001</EventID><Level>4</Level>'
    "<Channel>Application</Channel></System><EventData><Data>19375</Data><Data>5</Data><Data>BEX64</Data>"
    "<Data>-</Data><Data>0</Data><Data>orchard.exe</Data><Data>0.1.0.0</Data><Data>5fc0ff21</Data>"
    "<Data>leaf.dll</Data><Data>0.1.0.0</Data><Data>5fc0ff21</Data><Data>0000000000194475</Data>"
    "<Data>c0000409</Data><Data>0000000000000007</Data></EventData></Event>\n"
)


def test_a_heading_with_an_events_number_above_its_xml_is_that_event() -> None:
    incident = only("***Windows Error Reporting - Event Id 1001***\n```xml\n" + XML + "```\n")
    assert incident.event is not None
    assert (incident.event.source, incident.faulting_offset) == ("Windows Error Reporting", 0x194475)


def test_an_events_description_and_its_xml_below_a_persons_heading_are_one() -> None:
    incident = only(
        "Application Error, Event-ID 1000:\nFaulting application name: orchard.exe, version: 1.2.3.0, time stamp: "
        "0x538e9f1f\nFaulting module name: leaf.dll, version: 1.2.3.0, time stamp: 0x538e9f1f\n"
        "Exception code: 0xc0000005\nFault offset: 0x009ecff1\n\n----XML View----\n"
        '- <Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">\n- <System>\n'
        '  <Provider Name="Application Error" />\n  <EventID Qualifiers="0">1000</EventID>\n  <Level>2</Level>\n'
        "  <Channel>Application</Channel>\n  </System>\n- <EventData>\n  <Data>orchard.exe</Data>\n"
        "  <Data>1.2.3.0</Data>\n  <Data>538e9f1f</Data>\n  <Data>leaf.dll</Data>\n"
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 0x9ECFF1)


def test_a_mention_of_another_event_above_it_stays_one_of_its_own() -> None:
    assert len(evidence("It begins with Event ID 7031:\n" + XML).incidents) == 2


def test_a_method_of_dumpstack_is_known_by_its_name() -> None:
    incident = only(
        "(1a4.2b8): Access violation - code c0000005 (first chance)\n0:000> !dumpstack -EE\n"
        "OS Thread Id: 0xfba0 (0)\nCurrent frame: \nChildEBP RetAddr  Caller, Callee\n"
        "0060e95c 123e038b (MethodDesc 0ac0611c +0x1b Orchard.Tree.Grow(Orchard.Leaf))\n"
        "0060e97c 123e0066 (MethodDesc 0ac06134 +0x1e Orchard.Tree.Fall())\n"
    )
    assert [(frame.function, frame.offset) for frame in incident.stack] == [
        ("Orchard.Tree.Grow", 0x1B),
        ("Orchard.Tree.Fall", 0x1E),
    ]


def test_the_quotes_behind_a_list_of_modules_are_no_part_of_a_path() -> None:
    (module,) = evidence(
        "start             end                 module name\n"
        '00007ff9`84fa0000 00007ff9`85206000   ntdll      (pdb symbols)    C:\\sym\\ntdll.pdb\\23A\\ntdll.pdb"""\n'
    ).modules
    assert module.name == "ntdll"


def test_javas_error_file_of_another_system_tells_nobodys_words() -> None:
    found = evidence(
        "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n"
        "#  SIGSEGV (0xb) at pc=0x00007fcfe110ade0, pid=55469, tid=140530789209872\n#\n# Problematic frame:\n"
        "# C  [libleaf.so+0x15de0]\n#\n# See problematic frame for where to report the bug.\n#\n"
    )
    assert not found.incidents
    assert [warning.lines for warning in found.warnings] == [(2, 9)]


TAIL = """\
SYMBOL_NAME:  leaf!Grow+19b

FOLLOWUP_NAME:  MachineOwner

MODULE_NAME: leaf

STACK_COMMAND:  ~0s ; kb

"""


def test_the_address_of_error_reporting_names_program_and_code() -> None:
    incident = only(
        TAIL
        + "WATSON_STAGEONE_URL:  http://watson.microsoft.com/StageOne/orchard_exe/2_3_0_0/554b4a5b/leaf_dll/2_3_0_0/"
        "554b4a5a/c0000005/0005e1e3.htm?Retriage=1\n\nFollowup: MachineOwner\n"
    )
    assert code_of(incident) == 0xC0000005
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"


def test_a_bucket_may_stand_on_the_row_below_its_key() -> None:
    text = (
        TAIL
        + "FAILURE_BUCKET_ID:\nSTACK_BUFFER_OVERRUN_EXPLOITABLE_c0000409_leaf.dll!Unknown\n\nFollowup: MachineOwner\n"
    )
    assert code_of(only(text)) == 0xC0000409


def test_the_bucket_of_a_critical_process_names_it() -> None:
    text = TAIL + "FAILURE_BUCKET_ID:  0xEF_orchard.exe_BUGCHECK_CRITICAL_PROCESS_6689_leaf!Grow\n\nFollowup: x\n"
    incident = only(text)
    assert incident.bugcheck is not None
    assert incident.process is not None
    assert (incident.bugcheck.code, incident.process.name) == (0xEF, "orchard.exe")


DOTNET = """\
Application: Orchard.exe
Framework Version: v4.0.30319
Description: The process was terminated due to an unhandled exception.
Exception Info: exception code e0434352, exception address 00007FFB9D2A5C28
Stack:

"""
CRASH = (
    "Faulting application name: Orchard.exe, version: 0.7.1.0, time stamp: 0x54a32bc0\n"
    "Faulting module name: LEAFBASE.dll, version: 10.0.10158.0, time stamp: 0x558cc73c\n"
    "Exception code: 0xe0434352\nFault offset: 0x0000000000015c28\n"
)


def test_what_net_says_without_the_program_s_name() -> None:
    (incident,) = evidence(
        ".NET Version: 9.0.3\nDescription: The process was terminated due to an unhandled exception.\n"
        "Exception Info: exception code c0000005, exception address 00007FFFB640E42A\n"
    ).incidents
    assert incident.event is not None
    assert incident.exception is not None
    assert (incident.event.id, incident.exception.code) == (1026, 0xC0000005)


def test_another_event_below_a_persons_words_is_one_of_its_own() -> None:
    found = evidence(DOTNET + "Application error that immediately follows the .NET error:\n" + CRASH)
    assert [one.event and one.event.id for one in found.incidents] == [1026, 1000]
    assert found.incidents[1].faulting_offset == 0x15C28


def test_the_modules_that_end_above_unitys_call_stack_are_its_modules() -> None:
    found = evidence(
        "c:\\games\\Orchard\\Leaf.dll:Leaf.dll (00007FFEC3DE0000), size: 1904640 (result: 0), SymType: '-deferred-'\n"
        "C:\\games\\Orchard\\Tree.dll:Tree.dll (00007FFEE3350000), size: 2048000 (result: 0), SymType: '-deferred-'\n"
        "========== OUTPUTTING STACK TRACE ==================\n0x00007FFE986441ED (UnityPlayer) UnityMain\n"
    )
    assert [module.name for module in found.modules] == ["Leaf.dll", "Tree.dll"]
    assert len(found.incidents) == 1


JAVA = [
    "#",
    "# A fatal error has been detected by the Java Runtime Environment:",
    "#",
    "#  EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x00007ffcb9fd6280, pid=16036, tid=10976",
    "#",
    "# Problematic frame:",
    "# C  [leaf6axx.dll+0x196280]",
    "#",
]


def test_a_launchers_stamps_before_javas_error_file() -> None:
    incident = only("\n".join(f"[20/06/2023 17:11:05 PM] {row}" for row in JAVA))
    assert (code_of(incident), incident.faulting_offset) == (0xC0000005, 0x196280)


@pytest.mark.parametrize(
    "said", ['The problematic frame was "leaf6axx.dll+0x196280".', "problematic framework is leaf6axx.dll+0x196280"]
)
def test_words_tell_the_frame_of_an_error_file_that_is_cut_above_it(said: str) -> None:
    incident = only("\n".join((said, "", *JAVA[:5], "# Problematic")))
    assert (code_of(incident), incident.faulting_module, incident.faulting_offset) == (
        0xC0000005,
        "leaf6axx.dll",
        0x196280,
    )


def test_the_frame_of_an_error_file_without_its_first_rows() -> None:
    rows = (f"11:16:36.089\ngame\n{row}" for row in JAVA[4:])
    incident = only("it does not start:\n" + "\n".join(rows))
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf6axx.dll", 0x196280)


def test_such_a_frame_of_another_system_is_none() -> None:
    assert not evidence("# Problematic frame:\n# C  [libleaf.so+0x196280]\n#\n").incidents


def test_blank_rows_between_unreals_words_and_its_stack() -> None:
    incident = only(
        "Assertion failed: !IsRooted() [File:D:\\orchard\\leaf.h] [Line: 178] \n\n\n\n"
        "UnrealEditor_Core!FDebug::Check() [D:\\orchard\\check.cpp:728]\nUnrealEditor!WinMain() [D:\\a.cpp:1]\n"
    )
    assert [frame.function for frame in incident.stack] == ["FDebug::Check()", "WinMain()"]


def test_a_ruler_below_unitys_frames_without_any_head() -> None:
    incident = only(
        "0x6C994849 (mono-2.0-bdwgc) mono_get_info\n0x78D85A1E (UnityPlayer) UnityMain\n\n"
        "========== END OF STACKTRACE ===========\n"
    )
    assert [frame.function for frame in incident.stack] == ["mono_get_info", "UnityMain"]
    assert incident.faulting_module == "mono-2.0-bdwgc"


def test_unitys_words_in_one_row_name_a_module_and_no_program() -> None:
    incident = only("leaf.dll caused an Access Violation (0xc0000005) in module leaf.dll at 0033:e8a29eeb.\n")
    assert (code_of(incident), incident.faulting_module, incident.process) == (0xC0000005, "leaf.dll", None)


def test_the_same_words_quoted_again_below_are_the_same_crash() -> None:
    text = (
        "leaf.dll caused an Access Violation (0xc0000005) in module leaf.dll at 0033:e8a29eeb.\n\n"
        "You can search for 'leaf.dll caused an Access Violation' and see what others did.\n"
    )
    assert len(evidence(text).incidents) == 1


def test_a_paradox_frame_without_a_name_has_none() -> None:
    incident = only(
        "Unhandled Exception C0000005 (EXCEPTION_ACCESS_VIOLATION) at address 0x00007FF710D0BCC2\n\nStack Trace: \n"
        "  1    orchard.exe                 (function-name not available) (+ 0)\n"
        "  2    orchard.exe                 Grow (+ 1001629)\n"
    )
    assert [(frame.function, frame.offset) for frame in incident.stack] == [(None, None), ("Grow", 1001629)]


def test_the_head_of_a_session_alone_tells_the_system() -> None:
    found = evidence(
        "Windows 10 Version 19043 MP (16 procs) Free x64\nProduct: WinNt, suite: SingleUserTS\n"
        "Debug session time: Thu Jul  8 22:36:53.000 2021 (UTC - 5:00)\n"
    )
    assert found.system is not None
    assert found.system.build == 19043


def test_a_session_in_a_comment_with_two_stars() -> None:
    incident = only(
        "/*\n** Description:\n** 0:000> k\n** ChildEBP RetAddr  \n"
        "** 001ef974 00f0538a ORCHARDBASE!RaiseIt+0x58\n** 001ef9ac 00f1c5c9 orchard!Grow+0x48 [d:\\leaf.cpp @ 157]\n"
        "** *** ERROR: Symbol file could not be found.  Defaulted to export symbols for leaf32.dll - \n"
        "** 001ef9c0 00f1c5d8 orchard!main+0x19\n*/\n"
    )
    assert [frame.function for frame in incident.stack] == ["RaiseIt", "Grow", "main"]


def test_strings_that_go_on_in_the_next_row_are_a_programs() -> None:
    rows = (
        '    "Last event: 1234.5678: Access violation - code c0000005 (first chance)\\n"\n',
        '    "  debugger time: Thu Apr 15 23:35:45.123 2026\\n"\n',
    )
    assert not evidence("_LAST = (\n" + "".join(rows) + ")\n").incidents


def test_a_call_stack_of_one_frame_is_told_by_what_the_debugger_leaves_out() -> None:
    incident = only(
        "Exception thrown at 0x6DCCCC2A (leaf140.dll) in orchard.exe: 0xC0000005: Access violation reading location "
        "0x00000000.\n\n>\tleaf140.dll!6dcccc2a()\tUnknown\n"
        " \t[Frames below may be incorrect and/or missing, no symbols loaded for leaf140.dll]\t\n \t[External Code]\t\n"
    )
    assert [(frame.module, frame.address) for frame in incident.stack] == [("leaf140.dll", 0x6DCCCC2A)]


def test_one_frame_alone_is_no_stack_of_visual_studio() -> None:
    assert not evidence(">\torchard.exe!Grow() Line 42\tC++\n").incidents


@pytest.mark.parametrize(("chance", "expected"), [(" (first chance)", "first"), ("", "second")])
def test_qt_creator_tells_what_was_touched(chance: str, expected: str) -> None:
    incident = only(
        "Stopped in thread 0 by: Exception at 0x7ff9ac9d8c34, code: 0xc0000005: write access violation at: 0x10, "
        f"flags=0x0{chance}.\n"
    )
    record = incident.exception
    assert record is not None
    assert (record.address, record.access, record.target) == (0x7FF9AC9D8C34, "write", 0x10)
    assert record.chance == expected


BOXED = "szAppName: Orchard.exe\nszAppVer: 0.0.0.0\nszModName: leafcrt.dll\nszModVer: 7.0.2600.3085\noffset: 0003acfa\n"
UNHANDLED = "Unhandled exception at 0x77c4acfa in {}: 0xC0000005: Access violation reading location 0x00000014.\n\n"


def test_a_signature_of_windows_xp_with_each_field_on_its_row() -> None:
    incident = only(BOXED)
    assert (incident.faulting_module, incident.faulting_offset) == ("leafcrt.dll", 0x3ACFA)


def test_the_box_below_the_debuggers_words_tells_where_the_exception_was() -> None:
    incident = only(UNHANDLED.format("Orchard.exe") + BOXED)
    assert (code_of(incident), incident.faulting_module, incident.faulting_offset) == (
        0xC0000005,
        "leafcrt.dll",
        0x3ACFA,
    )


def test_the_box_of_another_program_is_another_crash() -> None:
    assert len(evidence(UNHANDLED.format("Meadow.exe") + BOXED).incidents) == 2


def test_stops_in_a_list_with_one_argument_each_are_no_stops() -> None:
    listed = (
        "BAD_POOL_HEADER (19)\n\nDynamic Memory Corruption\n\nUNEXPECTED_KERNEL_MODE_TRAP (7f)\n"
        "Arg1: 00000000, EXCEPTION_DIVIDED_BY_ZERO\n\nDivide by Zero\n\nKMODE_EXCEPTION_NOT_HANDLED (1e)\n"
        "Arg2: 000000000000f001, The address that the exception occurred at\n"
    )
    assert not any(one.bugcheck for one in evidence(listed).incidents)
    (told,) = evidence("KMODE_EXCEPTION_NOT_HANDLED (1e)\nArguments:\nArg1: c0000005, The code\n").incidents
    assert told.bugcheck is not None
    assert told.bugcheck.code == 0x1E


def test_a_16_bit_library_named_beside_another_module_is_the_task() -> None:
    incident = only("LEAFSHL.DLL caused a General Protection Fault in module USER.EXE at 0001:0345.\n")
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module) == ("LEAFSHL.DLL", "USER.EXE")


def test_a_fence_before_the_first_row_of_a_call_stack_is_none_of_it() -> None:
    incident = only(
        "```>\tLeaf.dll!Tree::Grow(int Most) Line 32\tC++\n \tLeaf.dll!Tree::Fall() Line 22\tC++\n"
        " \t[External Code]\t\n```\n"
    )
    assert [frame.function for frame in incident.stack] == ["Tree::Grow", "Tree::Fall"]


def test_one_frame_below_the_line_of_an_exception_is_its_stack() -> None:
    (incident, *rest) = evidence(
        "Unhandled exception at 0x00007FF6F6698195 in leaf++.exe: 0xC000041D: An unhandled exception was encountered "
        "during a user callback.\n\n>\tleaf++.exe!Leaf::Grow(int days) Line 42\tC++\n"
    ).incidents
    frames = [frame for one in (incident, *rest) for frame in one.stack]
    assert [(frame.module, frame.function) for frame in frames] == [("leaf++.exe", "Leaf::Grow")]


def test_a_field_of_an_analysis_may_have_lost_its_colon() -> None:
    incident = only("PROCESS_NAME: leaf.exe\nERROR_CODE(NTSTATUS) 0xe06d7363 - <Unable to get error code text>\n")
    assert incident.exception is not None
    assert incident.exception.code == 0xE06D7363


def test_the_last_rows_of_an_event_tell_module_and_offset_of_any_status() -> None:
    incident = only(
        "Faulting module name: leaf.dll, version: 4.7.3110.0, time stamp: 0x5ae8c35b\n"
        "Exception code: 0x800703e9\nFault offset: 0x002b15da\n"
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 0x2B15DA)


def test_who_crashed_names_the_driver_with_its_offset() -> None:
    incident = only(
        "Crash dump file:  C:\\WINDOWS\\Minidump\\040626-33718-01.dmp (Minidump)\n"
        "Bugcheck code:  0xD1(0x38, 0x2, 0x0, 0xFFFFF80575674019)\nBugcheck name: DRIVER_IRQL_NOT_LESS_OR_EQUAL\n"
        "Driver or module in which error occurred:  LEAF64.SYS (LEAF64+4019)\n"
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("LEAF64.SYS", 0x4019)


def test_the_title_of_a_box_may_stand_before_a_dash() -> None:
    incident = only("APPLICATION ERROR - LEAF caused a General Protection Fault in module KRNL386.EXE at 0001:5675\n")
    assert incident.process is not None
    assert incident.process.name == "LEAF"


def test_frames_from_the_middle_of_a_thread_are_a_stack() -> None:
    (incident,) = evidence(
        "    eip = 0x5fb3fb0b   esp = 0x001238dc   ebp = 0x00123c64\n    Found by: previous frame's frame pointer\n"
        "486  Leaf5.dll + 0x22da98\n    eip = 0x5fb3da98   esp = 0x00123c6c   ebp = 0x00123cbc\n"
        "    Found by: previous frame's frame pointer\n487  orchard.exe!WinMain + 0x23cc\n"
        "    eip = 0x5fb3dce0   esp = 0x00123cc4   ebp = 0x00123d3c\n    Found by: previous frame's frame pointer\n"
    ).incidents
    assert [(frame.module, frame.offset) for frame in incident.stack] == [
        ("Leaf5.dll", 0x22DA98),
        ("orchard.exe", 0x23CC),
    ]


def test_the_stack_that_a_person_announces_is_not_the_events() -> None:
    found = evidence(
        "Faulting application name: orchard.exe, version: 0.0.0.0, time stamp: 0x5547a2d5\n"
        "Faulting module name: orchard.exe, version: 0.0.0.0, time stamp: 0x5547a2d5\nException code: 0xc0000409\n"
        "Fault offset: 0x0000000000032de0\n\nI looked at the dumps. All share this call stack:\n"
        " # Child-SP          RetAddr           Call Site\n"
        "00 00000000`0013f610 00000001`4002a73b orchard!abort+0x34\n"
        "01 00000000`0013f640 00000001`400be813 orchard!grow+0x3ab\n"
    )
    frames = [frame.function for incident in found.incidents for frame in incident.stack]
    assert frames == ["abort", "grow"]


def test_a_message_with_places_for_its_words_was_printed_by_nobody() -> None:
    text = "*** An Access Violation occurred in <command line>:<function>\nThe instruction at 74B63B53 tried to write"
    assert all(incident.kind == "prose" for incident in evidence(text).incidents)


def test_the_build_may_stand_in_brackets_behind_the_release() -> None:
    found = evidence("Windows Server 2019 Version 1809 (OS Build 17763.1637)\nException code: 0xc0000005\n")
    assert found.system is not None
    assert found.system.build == 17763
    found = evidence("Windows 11\nVersion 24H2 (Build 26100.3476)\nException code: 0xc0000005\n")
    assert found.system is not None
    assert found.system.build == 26100
