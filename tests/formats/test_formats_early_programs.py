"""What programs of the years around 2000 print when they fail: Java 1.4, Diablo II, servers, Cygwin, Visual C++ 6."""

import pytest

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import HANDLERS, JAVA, TRACES, VISUALSTUDIO
from triage.model.evidence import Incident

AV = 0xC0000005


def only(text: str) -> Incident:
    (incident,) = read_evidence(text.encode()).incidents
    return incident


JAVA_14 = r"""An unexpected exception has been detected in native code outside the VM.
Unexpected Signal : EXCEPTION_ACCESS_VIOLATION (0xc0000005) occurred at PC=0x6D0A1B3F
Function=Java_orchard_Tree_grow+0x13F
Library=C:\orchard\jre\bin\leaf.dll

Current Java thread:
	at orchard.Tree.grow(Native Method)
	at orchard.Tree.main(Tree.java:34)

Dynamic libraries:
0x00400000 - 0x0040B000 	C:\orchard\jre\bin\java.exe
0x6D000000 - 0x6D105000 	C:\orchard\jre\bin\leaf.dll
"""


def test_java_1_4_tells_the_place_by_function_and_library() -> None:
    read = reading(JAVA, JAVA_14)
    (incident,) = read.incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (AV, 0x6D0A1B3F)
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 0xA1B3F)
    assert incident.faulting_function == "Java_orchard_Tree_grow"
    assert incident.process is not None
    assert incident.process.name == "java.exe"
    assert [module.name for module in read.modules] == ["java.exe", "leaf.dll"]


def test_java_1_3_prints_no_code_and_a_page_may_part_the_rows() -> None:
    text = (
        "Unexpected Signal : EXCEPTION_ACCESS_VIOLATION occurred at PC=0x6D20349C\n\n"
        "Function name=(N/A)\n\nLibrary=C:\\orchard\\jre\\bin\\leaf.dll\n\nNOTE: We are unable to locate the function\n"
    )
    incident = only_incident(JAVA, text)
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module, incident.faulting_function) == (AV, "leaf.dll", None)


@pytest.mark.parametrize(
    "text",
    [
        JAVA_14.replace("EXCEPTION_ACCESS_VIOLATION (0xc0000005)", "11"),
        "    // Unexpected Signal : EXCEPTION_ACCESS_VIOLATION occurred at PC=0x6d0bbc65\n    grow();\n",
    ],
)
def test_a_signal_of_another_system_and_a_remark_in_a_source_are_no_crash(text: str) -> None:
    assert reading(JAVA, text).incidents == ()


CRAWL = r"""18:42:55.612  Stack Crawl:
18:42:55.612  Address  Frame    Module       Return    Stack
18:42:55.612  6ff60eaf 0019d68c Leaf.dll     Leaf!Ordinal10035+00DF [omap]
18:42:55.612  6ff612eb 0019ecbc Leaf.dll     Leaf!Ordinal10052+018B [omap]
18:42:55.614  Stack walk error: 299
"""
DIABLO = (
    r"""18:42:55.054  PROGRAM:       Orchard v1.13
18:42:55.054  TIME:          2003-05-14 18:42:55.014
18:42:55.054
18:42:55.054  ***** UNHANDLED EXCEPTION: ACCESS_VIOLATION (c0000005)
18:42:55.054  Fault address:  6FF616A0 01:000106A0 C:\Orchard\Leaf.dll
18:42:55.054  eax:100edf9c ebx:00000337 ecx:0019f110 edx:0cd13d98 esi:2ad8b1a8
18:42:55.054  edi:000001ec ebp:0019f124 esp:0019f0f8 eip:6ff616a0 flg:00010202
18:42:55.056  Enumerate modules...
18:42:55.075      Base:00400000h  Size:  11000h  Name:Orchard.exe      Path:C:\Orchard\Orchard.exe
18:42:55.075      Base:6FF50000h  Size:  14000h  Name:Leaf.dll         Path:C:\Orchard\Leaf.dll
"""
    + CRAWL
)


def test_the_modules_of_diablo_ii_turn_the_section_of_its_fault_address_into_an_offset() -> None:
    read = reading(HANDLERS, DIABLO)
    (incident,) = read.incidents
    assert (incident.faulting_module, incident.faulting_offset) == ("Leaf.dll", 0x116A0)
    assert frames(incident) == ["Leaf.dll!Ordinal10035", "Leaf.dll!Ordinal10052"]
    assert [(module.name, module.base, module.end) for module in read.modules] == [
        ("Orchard.exe", 0x400000, 0x411000),
        ("Leaf.dll", 0x6FF50000, 0x6FF64000),
    ]


def test_its_stack_crawl_alone_is_a_stack() -> None:
    incident = only_incident(TRACES, CRAWL)
    assert (incident.kind, incident.exception) == ("stack", None)
    assert frames(incident) == ["Leaf.dll!Ordinal10035", "Leaf.dll!Ordinal10052"]


SQL_SERVER = """\
* BEGIN STACK DUMP:
*   03/08/04 10:11:12 spid 51
*   Exception Address = 004C1F2A (Post::Book + 0000001F Line 0+00000000)
*   Exception Code    = c0000005 EXCEPTION_ACCESS_VIOLATION
*   Access Violation occurred reading address 00000010
* Short Stack Dump
* 004C1F2A Module(ledger+000C1F2A) (Post::Book+0000001F)
* 0041B7A3 Module(ledger+0001B7A3)
"""
MYSQL = """\
041012 14:22:31 - orchardd got exception 0xc0000005 ;
0043EFC1    orchard.exe!Tree::grow()[tree.cc:151]
77E6482F    kernel32.dll!GetModuleHandleA()
"""
NOTES = """\
### Exception code: c0000005 (ACCESS_VIOLATION)
############################################################
@[ 1] 0x60123456 nleaf._Panic@4+66 (1,a3b1f0,0,0)
@[ 2] 0x60124567 nleaf._Grow@4+31 (12f1c4,1)
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SQL_SERVER, ["ledger!Post::Book", "ledger+1b7a3"]),
        (MYSQL, ["orchard.exe!Tree::grow", "kernel32.dll!GetModuleHandleA"]),
        (NOTES, ["nleaf!_Panic@4", "nleaf!_Grow@4"]),
    ],
    ids=["SQL Server", "MySQL", "Lotus Notes"],
)
def test_servers_print_their_stacks_in_forms_of_their_own(text: str, expected: list[str]) -> None:
    incident = only_incident(HANDLERS, text)
    assert incident.exception is not None
    assert incident.exception.code == AV
    assert frames(incident) == expected


def test_cygwins_32_bit_dump_has_its_program_behind_the_registers() -> None:
    incident = only(
        "Exception: STATUS_ACCESS_VIOLATION at eip=00401095\n"
        "eax=00000000 ebx=00000004 ecx=6110E7C8 edx=00000000 esi=6117E740 edi=61004C40\n"
        "ebp=0022FF88 esp=0022FF70 program=C:\\cygwin\\home\\orchard.exe, pid 3412, thread main\n"
        "Stack trace:\n"
        "Frame     Function  Args\n"
        "0022FF88  00401095  (00000001, 6117E740, 00A80098, 61004C40)\n"
        "0022FFC8  61006198  (00000000, 0022FFD4, 61005510, 0022FFFF)\n"
        "End of stack trace\n"
    )
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("orchard.exe", 3412)
    assert [frame.address for frame in incident.stack] == [0x401095, 0x61006198]


CALLS = """\
CLeaf::Grow(int 3, CTree * 0x0012f8a4 {CTree hWnd=???}) line 42 + 11 bytes
LEAFD! grow_all + 63 bytes
ORCHARD! mainCRTStartup + 227 bytes
KERNEL32! 77e8893d()
"""


def test_the_call_stack_of_visual_c_6_counts_bytes_from_the_function_or_from_the_line() -> None:
    incident = only_incident(VISUALSTUDIO, f"It stops here:\n\n{CALLS}\nAny idea?\n")
    assert incident.kind == "stack"
    assert [(one.module, one.function, one.offset, one.address) for one in incident.stack] == [
        (None, "CLeaf::Grow", None, None),
        ("LEAFD", "grow_all", 63, None),
        ("ORCHARD", "mainCRTStartup", 227, None),
        ("KERNEL32", None, None, 0x77E8893D),
    ]


def test_the_stack_below_the_words_of_an_exception_is_its_own() -> None:
    words = "Unhandled exception in orchard.exe (LEAFD.DLL): 0xC0000005: Access Violation.\n\n"
    incident = only(words + CALLS)
    assert incident.exception is not None
    assert (incident.exception.code, len(incident.stack)) == (AV, 4)


@pytest.mark.parametrize(
    "text",
    [
        "KERNEL32! 77e8893d()\n",
        "grow(int) line 42 + 11 bytes\nshrink(int) line 50\nWhat KERNEL32! says is no matter.\n",
    ],
    ids=["one row alone", "no module"],
)
def test_rows_that_name_no_module_or_stand_alone_are_no_stack(text: str) -> None:
    assert reading(VISUALSTUDIO, text).incidents == ()


def test_the_event_of_a_stop_names_the_system_that_stopped() -> None:
    text = (
        "\tEvent ID: 1000\n\tSource: Save Dump\n\tDescription:\n\tThe computer has rebooted from a bugcheck.\n"
        "\tThe bugcheck was: 0x0000000a (0x00000008, 0x00000002, 0x00000000,\n\t  0x80115334).\n"
        "\tMicrosoft Windows NT [v15.1381].\n"
    )
    evidence = read_evidence(text.encode())
    (incident,) = evidence.incidents
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, len(incident.bugcheck.parameters)) == (10, 4)
    assert evidence.system is not None
    assert evidence.system.build == 1381


def test_a_call_stack_that_an_editor_indented() -> None:
    """Blanks before a frame are no part of its module's name."""
    indent = " " * 24
    incident = only(
        "Unhandled exception at 0x7711DFE4 (leaf.dll) in Orchard.exe: 0xC0000005: Access violation.\n\n"
        f"{indent}leaf.dll!7711dfe4()\tUnknown\n{indent}Orchard.exe!Grow(int days) Line 496\tC++\n"
    )
    assert [frame.module for frame in incident.stack] == ["leaf.dll", "Orchard.exe"]


@pytest.mark.parametrize("word", ["First chance", "Second chance", "Uncaught", "Unexpected"])
def test_how_an_exception_came_is_no_name_of_a_program(word: str) -> None:
    assert only(f"{word} exception: Access violation at 00401a2c\n").process is None


def test_early_dr_mingw_repeats_the_address_behind_the_path() -> None:
    text = (
        "C:\\Big Orchard\\leaf.exe caused an Access Violation at location 77c4610f in module C:\\twig.dll Writing"
        " to location 0be12000.\n\nRegisters:\neax=810100f8\n\nCall stack:\n"
        "77C4610F  C:\\twig.dll:77C4610F  strcat\n"
        "00458F85  C:\\Big Orchard\\leaf.exe:00458F85\n"
        "00402C58  C:\\Big Orchard\\leaf.exe:00402C58  Grow(Leaf*, int (*)(void*), ...)  C:/orchard/leaf.cpp:12\n"
    )
    incident = only(text)
    assert incident.exception is not None
    assert [(frame.module, frame.function) for frame in incident.stack] == [
        ("twig.dll", "strcat"),
        ("leaf.exe", None),
        ("leaf.exe", "Grow"),
    ]
    assert incident.stack[2].source == "C:/orchard/leaf.cpp:12"


FL_STUDIO = """\
OS Version:
Windows 10 (Version 22H2, OS Build 19045.6093, 64-bit Edition)

Exception:
Access violation at address 0000000064774A22 in module 'Leaf.vst3'. Read of address 0000000000000000

Callstack:
0000000064490000:0000000064774A22: Leaf.vst3
0000000065150000:00000000654E967C: Orchard Wrapper_x64.dll
"""


def test_fl_studio_puts_the_base_before_the_address() -> None:
    evidence = read_evidence(FL_STUDIO.encode())
    (incident,) = evidence.incidents
    assert frames(incident) == ["Leaf.vst3+2e4a22", "Orchard Wrapper_x64.dll+39967c"]
    assert (incident.faulting_module, incident.faulting_offset) == ("Leaf.vst3", 0x2E4A22)
    assert evidence.system is not None
    assert evidence.system.build == 19045


def test_the_first_call_places_no_fault_at_another_address() -> None:
    incident = only(FL_STUDIO.replace(":0000000064774A22", ":0000000064774A99"))
    assert (incident.faulting_module, incident.faulting_offset) == ("Leaf.vst3", None)


@pytest.mark.parametrize("word", ["Recieved", "Received"])
def test_cxbx_writes_registers_and_numbered_calls(word: str) -> None:
    incident = only_incident(
        TRACES,
        f"EmuMain (0xA80): {word} Exception (Code := 0xC0000005)\n\n"
        " EIP := 0x100062E7 EFL := 0x00010202\n EAX := 0x6158756D EBX := 0x00000000\n CR2 := 0x00000000\n\n"
        "  0: CxbxKrnl 0x100062E7 Grow+0x0017\n  1: CxbxKrnl 0x100066D1 Plant+0x0051\n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (AV, 0x100062E7)
    assert frames(incident) == ["CxbxKrnl!Grow", "CxbxKrnl!Plant"]
    assert [frame.offset for frame in incident.stack] == [0x17, 0x51]


def test_a_call_stack_of_something_else_is_left_to_others() -> None:
    assert (
        reading(TRACES, "Call stack:\n  at grow (leaf.js:12)\nCallstack:\nleaf.lua:12: in function grow\n").incidents
        == ()
    )


def test_memory_shown_below_a_frame_does_not_end_the_walk() -> None:
    incident = only(
        "Crash reason:  EXCEPTION_ACCESS_VIOLATION_READ\nCrash address: 0x1c\n\nThread 0 (crashed)\n"
        " 0  leaf.dll + 0x14aa0\n    rip = 0x00007ffdf1e74aa0\n"
        "    Found by: given as instruction pointer in context\n\n    Stack contents:\n"
        "     00000053e5d3a5d0 01 00 00 00 00 00 00 00 d9 f3 8d 24 fe 7f 00 00  ................\n"
        "     00000053e5d3a5e0 01 00 00 00 00 00 00 00 d9 f3 8d 24 fe 7f 00 00  ................\n"
        "    Possible instruction pointers:\n\n"
        "     *(0x00000053e5d3a5d8) = 0x00007ffe248df3d9 [twig.dll + 0x2f3d9]\n\n"
        " 1  twig.dll + 0x2f3d9\n    Found by: stack scanning\n"
    )
    assert frames(incident) == ["leaf.dll+14aa0", "twig.dll+2f3d9"]


@pytest.mark.parametrize("name", ["leaf(x64)", "big leaf", "leaf.vst3"])
def test_wine_prints_the_names_of_plug_ins_as_they_are(name: str) -> None:
    incident = only(
        "Unhandled exception: page fault on read access to 0x0000000000b09bdc in 64-bit code (0x00000001801b7229).\n"
        f"Backtrace:\n=>0 0x00000001801b7229 EntryPoint+0xfff7d801() in {name} (0x0000000001e5f5a0)\n"
        f"  1 0x000000018006933c in {name} (+0x933c) (0x0000000001e5f6a0)\n"
    )
    assert [frame.module for frame in incident.stack] == [name, name]
