"""What is left of a report when its head, its labels or its rows' ends went elsewhere; what only looks like a crash."""

import pytest

from builders.sources import frames, only_incident, reading
from triage.api.told import with_told
from triage.formats import read_evidence
from triage.formats.texts import (
    EVENTS,
    EXITCODES,
    HANDLERS,
    JAVA,
    MADEXCEPT,
    STOPSCREEN,
    UNITY,
    UNREAL,
    VISUALSTUDIO,
    WINE,
)
from triage.model.evidence import Incident

AV = 0xC0000005


def only(text: str) -> Incident:
    (incident,) = read_evidence(text.encode()).incidents
    return incident


@pytest.mark.parametrize(
    "row",
    [
        "A fatal exception (code 0xc0000005) occurred. The process is terminating.",
        "An unhandled exception (code C0000005) has occurred",
        "Unhandled access violation (C0000005) detected (Thread 1842).",
        "Fatal access violation (0xC0000005) was caught",
    ],
)
def test_a_code_in_brackets_within_a_sentence(row: str) -> None:
    incident = only(f"10:02 ripening\n{row}\n")
    assert incident.exception is not None
    assert incident.exception.code == AV


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "1. [0x7ff6395b3935] grow_leaf +20421, leaf.c line 1862\n2. [0x7ffb0a1b2c3d] kernel32\n",
            ["grow_leaf+20421", "kernel32"],
        ),
        ("00007FFE8390D669 LEAF!\n00007FFE8390D700 LEAF!GrowLeaf+0x1c\n", ["LEAF", "LEAF!GrowLeaf"]),
        ("leaf.dll+0x21611 (GrowLeaf)\norchard.exe+0x1c40\n", ["leaf.dll!GrowLeaf", "orchard.exe+1c40"]),
    ],
)
def test_frames_of_handlers_below_the_sentence(rows: str, expected: list[str]) -> None:
    incident = only_incident(HANDLERS, f"A fatal exception (code 0xc0000005) occurred.\n\nCall stack:\n{rows}\n")
    assert len(incident.stack) == 2
    for frame, told in zip(incident.stack, expected, strict=True):
        assert (frame.function or frame.module or "") in told


def test_a_fence_that_is_glued_to_the_first_frame() -> None:
    text = (
        "```Assertion failed: Leaf.IsValid() [File:D:\\Orchard\\Leaf.cpp] [Line: 42]\n\n"
        "`UE4Editor_Leaf!ALeaf::Grow() [d:\\orchard\\leaf.cpp:42]\n"
        "UE4Editor_Leaf!ALeaf::Tick() [d:\\orchard\\leaf.cpp:52]\nUE4Editor_Core\nkernel32\n```\n"
    )
    incident = only_incident(UNREAL, text)
    assert frames(incident, 1) == ["UE4Editor_Leaf!ALeaf::Grow()"]


@pytest.mark.parametrize("tail", [" - Windows drivers | Microsoft Docs", " | Microsoft Learn", " - Microsoft Learn"])
def test_the_title_of_documentation_is_no_stop(tail: str) -> None:
    title = "Bug Check 0xC1 SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION"
    assert not read_evidence(f"- [1] {title}{tail}\n".encode()).incidents
    assert only_incident(STOPSCREEN, f"{title}\n").bugcheck is not None


@pytest.mark.parametrize("word", ["Noticed", "saw", "following", "with"])
def test_the_word_before_an_event_is_no_source(word: str) -> None:
    text = (
        f"{word} Event ID 1026 for .NET Framework in the viewer:\n\nApplication: Orchard.exe\n"
        "Framework Version: v4.0.30319\nDescription: The process was terminated due to an unhandled exception.\n"
        "Exception Info: System.NullReferenceException\n   at Orchard.Leaf.Grow()\n"
    )
    sources = [one.event.source for one in read_evidence(text.encode()).incidents if one.event is not None]
    assert word not in sources
    assert word.lower() not in [source.lower() for source in sources if source]


def test_an_event_named_in_a_sentence_and_then_shown_is_one() -> None:
    shown = "Log Name: Application\nSource: Orchard\nEvent ID: 2042\nLevel: Error\nDescription:\nThe leaf fell.\n"
    (incident,) = reading(EVENTS, "I get Event ID 2042 every night:\n" + shown).incidents
    assert incident.event is not None
    assert (incident.event.source, incident.event.id) == ("Orchard", 2042)


def test_a_title_and_its_first_sentence_tell_of_one_exception() -> None:
    said = "Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading address 0x00000010"
    assert len(read_evidence(f"# Crash: {said}\n\nI get this one:\n\n{said}\n".encode()).incidents) == 1
    other = said.replace("0x00000010", "0x00000020")
    assert len(read_evidence(f"{said}\n\n{other}\n".encode()).incidents) == 2


EVENT = (
    "Log Name: System\nSource: Microsoft-Windows-WER-SystemErrorReporting\nEvent ID: 1001\nLevel: Error\nDescription:\n"
    "The computer has rebooted from a bugcheck. The bugcheck was: 0x0000009f (0x0000000000000003, 0xffffcd0f9ee2a060, "
    "0xfffff8076c86d7f0, 0xffffcd0fa4ee1a20). A dump was saved in: C:\\WINDOWS\\MEMORY.DMP.\n\n"
)
REPORT = (
    "Problem signature:\n  Problem Event Name: BlueScreen\n  OS Version: 10.0.19045.2.0.0.256.48\n\n"
    "Additional information about the problem:\n  BCCode: 9f\n  BCP1: 0000000000000003\n  BCP2: FFFFCD0F9EE2A060\n"
    "  BCP3: FFFFF8076C86D7F0\n  BCP4: {last}\n"
)


@pytest.mark.parametrize(("last", "count"), [("FFFFCD0FA4EE1A20", 1), ("FFFFCD0FA4EE1B30", 2)])
def test_the_event_of_a_stop_and_its_problem_report_are_one_where_all_parameters_agree(last: str, count: int) -> None:
    incidents = read_evidence((EVENT + REPORT.format(last=last)).encode()).incidents
    assert len(incidents) == count
    assert any(one.event is not None and one.event.id == 1001 for one in incidents)


UNITY_BLOCK = (
    "C:\\Orchard\\{name}\nImage Base: 0x{base:08x}  Image Size: 0x0002a000\n"
    "File Size:  165944     File Time:  2016-06-08_004346\nVersion:\n   Company:    Leaf\n   Product:    Leaf\n"
    "   FileDesc:   Leaf\n   FileVer:    1.2.3.4\n   ProdVer:    1.2.3.4\n\n"
)


def test_the_end_of_unitys_error_log_is_a_list_of_modules() -> None:
    text = "".join(UNITY_BLOCK.format(name=f"leaf{n}.dll", base=0x6F000000 + 0x100000 * n) for n in range(3))
    told = reading(UNITY, "Module 2\n" + text)
    assert [module.name for module in told.modules] == ["leaf0.dll", "leaf1.dll", "leaf2.dll"]
    assert not told.incidents


INNER = """\
main thread ($6658), inner exception level 1:
>> EAccessViolation, Access violation at address 00401E19 in module 'Orchard.exe'. Read of address 00000001.
00401e19 +019 Orchard.exe Trees          8960  +1 TLeafList.GetItems
00893650 +127 Orchard.exe Main           1558 +25 TMainForm.WMShellNotify
"""


def test_pieces_of_madexcept() -> None:
    incident = only_incident(MADEXCEPT, INNER)
    assert incident.exception is not None
    assert incident.exception.code == AV
    assert frames(incident, 1) == ["Orchard.exe!Trees.TLeafList.GetItems"]
    bare = "main thread ($f80):\n" + "".join(INNER.splitlines(keepends=True)[2:])
    incident = only_incident(MADEXCEPT, bare)
    assert (incident.exception, len(incident.stack)) == (None, 2)
    assert not reading(MADEXCEPT, "main thread ($f80):\nwaits for leaves\n").incidents


def test_frames_of_madexcept_without_anything_above() -> None:
    rows = "".join(INNER.splitlines(keepends=True)[2:])
    mad = "0047a1c0 +0a0 Orchard.exe madExcept            CallThreadProcSafe\n"
    incident = only_incident(MADEXCEPT, "It ends like this, with madExcept version 4:\n\n" + rows + mad)
    assert len(incident.stack) == 3


def test_a_list_of_javas_libraries_alone() -> None:
    text = (
        "Dynamic libraries:\n0x00400000 - 0x0044c000 \tC:\\Orchard\\bin\\java.exe\n"
        "0x77d80000 - 0x77f00000 \tC:\\Windows\\SYSTEM32\\ntdll.dll\n"
    )
    told = reading(JAVA, text)
    assert [module.name for module in told.modules] == ["java.exe", "ntdll.dll"]
    assert not told.incidents


def test_frames_of_visual_studio_without_symbols() -> None:
    rows = ">\tleaf.dll!00007ffa3def1ea7()\n \tleaf.dll!00007ffa3def2000()\n \torchard.exe!00007ff61c2d3e4f()\n"
    incident = only_incident(VISUALSTUDIO, rows + " \tntdll.dll!RtlUserThreadStart()\tUnknown\n")
    assert [frame.address for frame in incident.stack[:3]] == [0x7FFA3DEF1EA7, 0x7FFA3DEF2000, 0x7FF61C2D3E4F]


def test_wines_line_cut_by_a_terminal() -> None:
    text = "Unhandled exception: page fault on read access to 0x42424242 in 32-bit c\node (0x0000000042424242).\n"
    incident = only_incident(WINE, text)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (AV, 0x42424242)


def test_an_exit_code_in_code_marks() -> None:
    incident = only_incident(EXITCODES, "The service exited with `0xc0000409` after an hour\n")
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000409


def test_the_review_of_a_change_tells_no_crash() -> None:
    words = (
        "Hello,\n\nwhen the service starts, the program crashes every time with an access violation.\n"
        "We restarted the server twice and it did not help at all.\n\nRegards, Ann\n"
    )
    change = "\n```diff\n@@ -1,4 +1,5 @@\n-    leaf.grow();\n+    if (leaf) leaf.grow();\n```\n"
    for text, told in ((words, True), (words + change, False)):
        data = text.encode()
        evidence = read_evidence(data)
        assert (with_told(data, evidence) != evidence) is told


def test_frames_of_calls_alone_with_numbers_bold_and_without_names() -> None:
    text = " # Call Site\n00 ntdll!NtWait\n01 **KERNELBASE!WaitEx**\n02 Orchard!\n03 orchard!Orchard.Leaf.Grow\n"
    incident = only(text)
    assert frames(incident, 3) == ["ntdll!NtWait", "KERNELBASE!WaitEx", "orchard!Orchard.Leaf.Grow"]


def test_a_stack_that_was_copied_with_commas() -> None:
    incident = only(
        "0, ntoskrnl.exe!KiApc+0x1e3\n1, ntoskrnl.exe!KiWait+0x3dd\n2, orchard.exe!Grow+0x2a\n3, 0x50108000\n"
    )
    assert frames(incident, 3) == ["ntoskrnl.exe!KiApc", "ntoskrnl.exe!KiWait", "orchard.exe!Grow"]


@pytest.mark.parametrize(
    "text",
    [
        "line 42   leaf->grow();  --> Exception thrown: read access violation. leaf was nullptr.",
        "**Exception text** Exception thrown: read access violation.\nthis was nullptr.",
        "Exception: Exception 0xc0000005 encountered at address 0x20d7b0: User-mode data violation",
        "[10:02:03][critical][trace] Exception STATUS_ACCESS_VIOLATION (0XC0000005) occured!",
        "Access violation at adresse 9D58F945 in modul 'Leaf.bpl'. Read at adress 00000000",
    ],
)
def test_sentences_as_people_and_programs_turn_them(text: str) -> None:
    incident = only(f"{text}\n")
    assert incident.exception is not None
    assert incident.exception.code == AV


def test_the_helper_of_visual_studio_in_a_string_is_none() -> None:
    text = 'log("Exception thrown: read access violation. leaf was nullptr.");\n'
    assert not read_evidence(text.encode()).incidents


def test_a_servers_frames_with_source_and_address() -> None:
    text = (
        "[10:02:03][critical][trace] Exception STATUS_ACCESS_VIOLATION (0XC0000005) occured!\n"
        "[10:02:03][critical][trace] at leaf::grow in C:\\orchard\\leaf.cpp: line: 42: address: 0x7FF7DF67FA40\n"
        "[10:02:03][critical][trace]   L *leaf(8) one: ?\n"
        "[10:02:03][critical][trace] at main in C:\\orchard\\main.cpp: line: 7: address: 0x7FF7DFA2C110\n"
    )
    incident = only_incident(HANDLERS, text)
    assert [(frame.function, frame.address) for frame in incident.stack][:1] == [("leaf::grow", 0x7FF7DF67FA40)]


DATA = (
    "  AppName orchard.exe\n  AppVersion 1.2.0.4\n  ModuleName leaf.dll\n  ModuleVersion 1.0.0.0\n"
    "  ExceptionCode c0000005\n  FaultingOffset 000000000000862b\n  ProcessId 0xe24\n"
)


def test_the_data_of_an_application_error_alone() -> None:
    incident = only(f"It says:\n{DATA}\n")
    assert incident.event is not None
    assert incident.process is not None
    told = (incident.event.id, incident.process.name, incident.faulting_module, incident.faulting_offset)
    assert told == (1000, "orchard.exe", "leaf.dll", 0x862B)
    assert not reading(EVENTS, "  AppName orchard.exe\n  AppVersion 1.2.0.4\nevent id\n").incidents


def test_the_description_of_an_application_error_from_its_second_row_on() -> None:
    text = (
        "Faulting module name: leaf.dll, version: 6.0.2023.32017, time stamp: 0x6491fccb\nException code: 0xc0000005\n"
        "Fault offset: 0x00000000001d26a1\nFaulting process id: 0xd74\n"
    )
    incident = only(text)
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 0x1D26A1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I got a blue screen: SYSTEM_THREAD_EXCEPTION_NOT_HANDLED", "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED"),
        (
            'A blue screen, the message saying: "SYSTEM THREAD EXCEPTION NOT HANDLED"',
            "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED",
        ),
        ('I had a BSOD.\n\nThe error code is "DPC_WATCHDOG_VIOLATION".', "DPC_WATCHDOG_VIOLATION"),
        ("Random BSODs (memory management) since last week", "MEMORY_MANAGEMENT"),
        ("BSOD: SYSTEM_SERVICE_EXCEPTION (leaf.dll)", "SYSTEM_SERVICE_EXCEPTION"),
    ],
)
def test_a_stop_that_is_told_by_its_name(text: str, name: str) -> None:
    incident = only_incident(STOPSCREEN, text)
    assert incident.bugcheck is not None
    assert incident.bugcheck.name == name
    assert incident.faulting_module == ("leaf.dll" if "leaf" in text else None)


@pytest.mark.parametrize(
    "text",
    [
        "Bug checks such as DPC_WATCHDOG_VIOLATION mean that a driver hangs.",
        "# How to fix the blue screen DPC_WATCHDOG_VIOLATION",
        "BSOD PFN_LIST_CORRUPT, BSOD BAD_POOL_HEADER and BSOD BAD_POOL_CALLER",
        "* [Bug Check 0x4E PFN_LIST_CORRUPT - Windows drivers](https://example.com/bug-check-0x4e)",
        "You open the tool. It shows a blue screen report with Bugcheck code: 0x3B. You update your driver.",
    ],
)
def test_who_explains_stops_tells_of_none(text: str) -> None:
    assert not read_evidence(text.encode()).incidents


def test_an_event_that_is_explained_has_not_happened() -> None:
    explained = "Event ID 1000 typically appears in the viewer.\nCheck for events such as:\n- Event ID 1001 (Windows)\n"
    assert not read_evidence(explained.encode()).incidents
    assert read_evidence(explained.replace("typically appears", "appears").encode()).incidents


@pytest.mark.parametrize(
    "sentence",
    [
        "Event ID 1000 indicates an application crash or unhandled exception.",
        "Event ID 1000 is generated by the error reporting service when an application meets a fatal error.",
        "Event 1000 is part of the event log of Windows and is written by whoever watches programs.",
        "Event ID 1000 is usually about a program that ended before it was told to.",
    ],
)
def test_a_page_about_an_event_has_seen_none(sentence: str) -> None:
    badges = "Event ID 1000ErrorApplication ErrorOrchard\n\nEvent ID 1000 - Application Error: Crash Detection\n\n"
    below = "\n\nEvent ID 1000Application Error 5 methods 12 min\nEvent Reference\n"
    assert read_evidence((badges + sentence + below).encode()).incidents == ()
    assert read_evidence(b"Event ID 1000 is logged when I start it.\n").incidents


def test_a_manual_is_no_letter() -> None:
    text = (
        "When the system crashed with an access violation, you have to run the debugger on the dump.\n"
        "Use the command to understand more about the cause, if you have the right symbols on the machine.\n"
        "It will get you very close to a root cause of the problem, and it is always your code.\n"
    )
    data = text.encode()
    assert with_told(data, read_evidence(data)).told is None
    own = ("I do not understand it. " + text).encode()
    assert with_told(own, read_evidence(own)).told is not None


def test_the_head_of_a_dump() -> None:
    head = "MachineImageType . . .alpha\nBugCheckCode . . . . .0x0000001e\nBugCheckParameter1 . .0x{0:08x}\n"
    incident = only(head.format(0xC0000005) + "BugCheckParameter2 . .0x80115334\n")
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters) == (0x1E, (0xC0000005, 0x80115334))
    empty = only(head.format(0) + "BugCheckParameter2 . .0x00000000\n").bugcheck
    assert empty is not None
    assert empty.parameters == (), "nobody filled them in"


def test_an_event_below_a_heading_that_a_person_wrote() -> None:
    text = (
        "Application Error:\nFaulting application name: orchard.exe, version: 2.1.10.0, time stamp: 0x623ff65b\n"
        "Faulting module name: KERNELBASE.dll, version: 10.0.22000.527, time stamp: 0xc2abc35e\n"
        "Exception code: 0xe0434352\nFault offset: 0x0013ece2\n\n.NET Runtime Error:\nApplication: orchard.exe\n"
        "Framework Version: v4.0.30319\nDescription: The process was terminated due to an unhandled exception.\n"
        "Exception Info: System.IO.FileNotFoundException\n   at Orchard.Leaf.Grow(System.Object)\n"
    )
    events = [one.event.id for one in read_evidence(text.encode()).incidents if one.event is not None]
    assert events == [1000, 1026]


def test_a_log_of_lazarus_with_the_message_alone() -> None:
    text = "Exception Access violation\n  Stack trace:\n  $00745DC9  GROWLEAF,  line 120 of leaf.pas\n  $004ECA97\n"
    incident = only(text)
    assert incident.exception is not None
    assert (incident.exception.code, [frame.function for frame in incident.stack]) == (AV, ["GROWLEAF", None])


def test_an_exit_code_on_the_next_row() -> None:
    text = "error: process failed: `target\\orchard.exe` (exit code:\n0xc0000005, STATUS_ACCESS_VIOLATION)\n"
    incident = only_incident(EXITCODES, text)
    assert incident.process is not None
    assert (incident.process.name, incident.lines) == ("orchard.exe", (1, 2))


def test_a_bucket_alone() -> None:
    incident = only("# 0x9F_3_POWER_DOWN_WDF_WAIT_TIMEOUT_IMAGE_leaf-dco.sys\n\nSeen on ten machines.\n")
    assert incident.bugcheck is not None
    assert incident.bugcheck.code == 0x9F


def test_the_words_of_procdump_are_no_persons() -> None:
    text = (
        "ProcDump v10.0 - Sysinternals process dump utility\nCopyright (C) 2009-2020 Leaf and Company\n"
        "Set to:\n  (REG_SZ) Auto     = 1\n\nProcDump is now set as the Just-in-time (AeDebug) debugger.\n"
    )
    data = text.encode()
    assert with_told(data, read_evidence(data)).told is None
