"""Crashes that runtimes, compilers, servers and engines tell in fixed words, with calls of their own below."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import HANDLERS, HISTORY, TRACES
from triage.text.handler_shapes import shaped_frames
from triage.text.lines import Text
from triage.text.repair import repair

AV = 0xC0000005

CRASHES: list[tuple[str, int | None, list[str], str | None]] = [
    (
        "2024-01-02T10:00:00.000 F - *** unhandled exception (access violation) at 0x00007FF6F083898D, terminating\n"
        "F - *** access violation was a read from 0x0\n"
        "F - *** stack trace for unhandled exception:\n"
        "F - orchardd.exe    ...\\src\\orchard\\leaf.cpp(239)        orchard::Leaf::grow+0x2d\n"
        "F - orchardd.exe    ...\\src\\orchard\\tree.cpp(41)         orchard::Tree::grow+0x1f\n",
        AV,
        ["orchardd.exe!orchard::Leaf::grow", "orchardd.exe!orchard::Tree::grow"],
        "orchardd.exe",
    ),
    (
        "leaf.rb:7: [BUG] Segmentation fault\n\n"
        "-- C level backtrace information -------------------------------------------\n"
        "C:\\WINDOWS\\SYSTEM32\\ntdll.dll(KiUserExceptionDispatcher+0x2e) [0x00007FFED513C0E4]\n"
        "C:\\Orchard\\leaf.so(grow_leaf+0x14) [0x00007FFED5130014]\n",
        AV,
        ["ntdll.dll!KiUserExceptionDispatcher", "leaf.so!grow_leaf"],
        None,
    ),
    (
        "application crashed\ncode: 0xC0000005 (ACCESS_VIOLATION)\nwrite access violation at 0x0000000000001234\n"
        "base address: 0x00007FF6DB1C0000 (orchard.exe)\n"
        "    stack 00: 0x00007FF6DB1C1BB0 (leaf.c:10:6) [grow]\n"
        "    stack 01: 0x00007FFB7C817077 (KERNEL32.DLL)\n",
        AV,
        ["grow", "7ffb7c817077"],
        "orchard.exe",
    ),
    (
        "==42==ERROR: AddressSanitizer: access-violation on unknown address 0x02c423af0000 (pc 0x7ffb7e054740 bp 0x11 "
        "sp 0x12 T7)\n==42==The signal is caused by a WRITE memory access.\n"
        "    #0 0x7ffb7e05473f  (C:\\Windows\\SYSTEM32\\ntdll.dll+0x18009473f)\n"
        "    #1 0x7ffb60de034e in orchard::Leaf::grow(int) D:\\orchard\\leaf.cpp:23:7\n"
        "    #2 0x7ffb7ddc1411 in BaseThreadInitThunk+0x21 (C:\\Windows\\KERNEL32.DLL+0x180001411)\n",
        AV,
        ["ntdll.dll+9473f", "orchard::Leaf::grow(int)"],
        None,
    ),
    (
        "== ExceptionList ==\n"
        "ThreadId   | ExceptionCode                            | ExceptionFlags | ExceptionRecord | ExceptionAddress "
        "| ExceptionInformation\n"
        "0x00001a2c | ExceptionCode.EXCEPTION_ACCESS_VIOLATION | 0x00000000     | 0x00000000      | 0x00412c10       "
        "| [0, 0]\n",
        AV,
        [],
        None,
    ),
    (
        "Access Violation:(c:\\orchard\\graft.exe)\nCS:EIP 0023:004081C5  SS:ESP 002B:0019F0D4\n",
        AV,
        [],
        "graft.exe",
    ),
    (
        "20:15:24 Exception : access violation at  EIP = 0x006A613D   ESP = 0x009E7C00   in C:\\Orchard\\orchard.exe\n",
        AV,
        [],
        "orchard.exe",
    ),
    (
        "AddrPC           Params\n"
        "00007FFA7F9E1BF6 00000001000FAF98 00007FFAAF695BA1 00000185C45E1E00  leaf.dll!Leaf::grow+0x56\n"
        "00007FFA7F9E1C00 0000000000000000 0000000000000001 0000000000000002  orchard.exe!main+0x12  [D:\\o.cpp @ 4]\n",
        None,
        ["leaf.dll!Leaf::grow", "orchard.exe!main"],
        "orchard.exe",
    ),
    (
        "forrtl: severe (157): Program Exception - access violation\n"
        "Image              PC                Routine            Line        Source\n"
        "orchard.exe        000000013F213DDF  LEAF_mp_GROW             1957  leaf.F90\n"
        "orchard.exe        000000013F32FBDC  Unknown               Unknown  Unknown\n"
        "ntdll.dll          0000000077BCC521  Unknown               Unknown  Unknown\n",
        AV,
        ["orchard.exe!LEAF_mp_GROW", "13f32fbdc"],
        "orchard.exe",
    ),
    (
        "MAME error:Exception at EIP=00007ff632a219e2 (leaf::grow() const+0x0018): ACCESS VIOLATION\n"
        "MAME error:While attempting to write memory at 0000000000000010\n"
        "MAME error:Stack crawl:\n"
        "MAME error:  000000affdaf9140: 00007ff632a219e2 (leaf::grow() const+0x0018)\n"
        "MAME error:  000000affdaf9260: 00007ff632a22377 (not found)\n",
        AV,
        ["leaf::grow() const", "7ff632a22377"],
        None,
    ),
    (
        "orchard> Access violation in generated code when writing 0x0\n\n"
        " Attempting to reconstruct a stack trace...\n\n"
        "   Frame\tCode address\n"
        " * 0x461da80\t0x37f7b66 C:\\orchard\\graft.exe+0x33f7b66\n"
        " * 0x461da88\t0x3\n",
        AV,
        ["graft.exe+33f7b66", "3"],
        "graft.exe",
    ),
    (
        "Exception: STATUS_STACK_OVERFLOW at rip=7FEFD011817\n"
        "rax=0000000000003AB0 rbx=0000000000000000 rcx=00000000021E3C30\n"
        "program=C:\\orchard\\bin\\graft.exe, pid 164600, thread main\n"
        "Stack trace:\n"
        "Frame        Function    Args\n"
        "000FFFF7570  7FEFD011817 (000021E3FF0, 00000000000, 00000413258, 000021E3C30)\n",
        0xC00000FD,
        ["7fefd011817"],
        "graft.exe",
    ),
    ("  37131 [main] graft 7848 handle_exceptions: Exception: STATUS_ACCESS_VIOLATION\n", AV, [], "graft"),
    (
        "object.Error@(0): Access Violation\n----------------\n"
        "0x00402011 in void leaf.grow() at d:\\orchard\\leaf.d(12)\n0x0040276E\n",
        AV,
        ["void leaf.grow()", "40276e"],
        None,
    ),
    (
        '  "CrashAddress": "41E373",\n  "FaultingModulePath": "D:\\\\Orchard\\\\orchard.exe"\n',
        None,
        [],
        "orchard.exe",
    ),
    (
        "==4711==ERROR: AddressSanitizer: access-violation on unknown address 0x000000000010 (pc 0x7ff6a2a31234 bp 0x1"
        " sp 0x2 T0)\n==4711==The signal is caused by a READ memory access.\n"
        "==4711==WARNING: Failed to use and restart external symbolizer!\n"
        "    #0 0x7ff6a2a31233 in orchard::grow(int *) const C:\\orchard\\leaf.cc:12:3\n"
        "    #1 0x7ffb8b0a1b2b  (C:\\orchard\\orchard.exe+0x140012345)\n",
        AV,
        ["orchard::grow(int *) const", "orchard.exe+12345"],
        "orchard.exe",
    ),
]


@pytest.mark.parametrize(("text", "code", "calls", "process"), CRASHES, ids=[one[0][:24] for one in CRASHES])
def test_words_of_a_runtime_and_its_calls(text: str, code: int | None, calls: list[str], process: str | None) -> None:
    incident = only_incident(TRACES, text)
    assert (None if incident.exception is None else incident.exception.code) == code
    assert frames(incident, 2) == calls
    assert (None if incident.process is None else incident.process.name) == process


STACKS = [
    (
        'Address: 0281A830h (leaf+8A830h), symbol: "Grow" (+AAF0h)\nAddress: 0281A930h (leaf+8A930h)\n',
        ["leaf!Grow", "leaf+8a930"],
    ),
    (
        "00007FF7704BE921  000000384E3220F0  grow+3A1  d:\\orchard\\leaf.cpp line 571\n"
        "        Parameter  unsigned int Days = 0x7\n"
        "        int * Leaves = NULL\n"
        "00007FF7704BE800  000000384E322100  plant+21  d:\\orchard\\tree.cpp line 11\n",
        ["grow", "plant"],
    ),
    (
        "C:\\Orchard\\bin\\orchard.exe at 00007FF797981076\n"
        "C:\\Windows\\System32\\KERNEL32.DLL at 00007FFDAFC17374 BaseThreadInitThunk() + 20 byte(s)\n",
        ["7ff797981076", "KERNEL32.DLL!BaseThreadInitThunk"],
    ),
    (
        "0023:6E53B633 (0x54A3C558 0x00208B50 0x0135F82C 0x6E53DFCD) leaf.dll\n"
        "0023:00780D46 (0x0082E6F0 0x0135FB24 0x0CB438F8 0x00000000) Orchard.exe, oTree:Grow()+374 byte(s),"
        " P:\\orchard\\tree.cpp, line 773+8 byte(s)\n",
        ["6e53b633", "Orchard.exe!oTree:Grow"],
    ),
]


@pytest.mark.parametrize(("text", "calls"), STACKS)
def test_calls_alone_are_a_stack_and_no_crash(text: str, calls: list[str]) -> None:
    incident = only_incident(TRACES, text)
    assert (incident.kind, incident.exception) == ("stack", None)
    assert frames(incident, 2) == calls


@pytest.mark.parametrize(
    "text",
    [
        "leaf.rb:7: [BUG] Segmentation fault at 0x0\n-- C level backtrace information ---------------\n"
        "/usr/lib/libruby.so.3.1(rb_vm_bugreport+0x5a0) [0x7f4a3c2b1a30] vm_dump.c:759\n",
        "forrtl: severe (174): SIGSEGV, segmentation fault occurred\n",
        "Access Violation:(see the manual)\n",
        "the frame is 0x461da80 0x37f7b66 in the table\n byte(s) are read\n",
        "grow+3A1 is at line 571\n",
        "==4711==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000010 (pc 0x55f8a2a31234 bp 0x7 sp 0x7)\n"
        "    #0 0x55f8a2a31234 in grow /orchard/leaf.c:12:3\n",
    ],
)
def test_the_same_words_elsewhere_are_none(text: str) -> None:
    assert not TRACES.read(repair(text, "utf-8")).incidents


def test_cygwin_tells_one_crash_in_its_dump_and_on_the_console() -> None:
    text = (
        "Exception: STATUS_ACCESS_VIOLATION at eip=6801364A\n"
        "ebp=0022F8A4 esp=0022F88C program=C:\\Orchard\\bin\\graft.exe\n"
        "Stack trace:\nFrame     Function  Args\n"
        "0022F8A4  6801364A  (00005009, 00000000, 00110000, 00000000)\n"
        "  12193 [main] graft 4092 handle_exceptions: Exception: STATUS_ACCESS_VIOLATION\n"
    )
    incident = only_incident(TRACES, text)
    assert incident.process is not None
    assert incident.process.name == "graft.exe"


def test_what_failed_in_ruby_stands_below_the_dispatcher() -> None:
    assert only_incident(TRACES, CRASHES[1][0]).faulting_module == "leaf.so"


HISTORIES = [
    (
        "General protection fault!\n\nHistory: ULeaf::Grow <- UObject::ProcessEvent <-\n"
        "(Oak Orchard.Oak0, Function Orchard.Oak.Tick) <-\nUGameEngine::Tick <- MainLoop\n-----\n",
        ["ULeaf::Grow", "UObject::ProcessEvent", "UGameEngine::Tick"],
    ),
    (
        "Critical: General protection fault!\n"
        "Exit: Executing UWindowsClient::ShutdownAfterError\n"
        "Critical: ULeaf::Grow\nCritical: (Oak Orchard.Oak0)\nCritical: MainLoop\nExit: Exiting.\n",
        ["ULeaf::Grow", "MainLoop"],
    ),
]


@pytest.mark.parametrize(("text", "calls"), HISTORIES)
def test_the_history_of_the_first_unreal_engines(text: str, calls: list[str]) -> None:
    incident = only_incident(HISTORY, text)
    assert (incident.kind, frames(incident)) == ("fault", calls)
    assert incident.faulting_function == calls[0]


def test_the_place_that_such_an_engine_tells_is_an_offset() -> None:
    text = "In module 'C:\\Orchard\\System\\Orchard.exe' (243800 bytes) at address 00001ebb\n"
    incident = only_incident(HISTORY, text)
    assert (incident.faulting_module, incident.faulting_offset) == ("Orchard.exe", 0x1EBB)


@pytest.mark.parametrize(
    "text", ["General protection fault!\n", "History: we moved the trees <- and planted new ones\n", "History: a\n"]
)
def test_a_history_of_other_things_is_none(text: str) -> None:
    assert not reading(HISTORY, text).incidents


SHAPES = [
    "[TrackBack] Function Leaf::grow at 0x7FFC1D0B4F00  [leaf.dll]\n"
    "[TrackBack] Function Tree::grow at 0x7FFC1D0B4F80  [leaf.dll]\n"
    "[TrackBack] Function main at 0x7FF61D0B4F00  [orchard.exe]\n",
    "#3 leaf.dll+0x1a2b Leaf::grow\n#4 leaf.dll+0x1a3b Tree::grow\n\n#5 orchard.exe+0x12 main\n",
]


@pytest.mark.parametrize("rows", SHAPES)
def test_calls_in_a_form_that_nobody_knows(rows: str) -> None:
    text = f"Unhandled exception 0xC0000005 at address 0x004027C2\n{rows}"
    incident = only_incident(HANDLERS, text)
    assert frames(incident) == ["leaf.dll!Leaf::grow", "leaf.dll!Tree::grow", "orchard.exe!main"]


@pytest.mark.parametrize(
    "rows",
    [
        "leaf.dll 0x7FFC1D0B0000\noak.dll 0x7FFC1D0C0000\norchard.exe 0x7FF61D0B0000\n",
        "leaf.dll+0x1a2b Leaf::grow\n",
        "leaf.dll 0x7FFC1D0B0000 - 0x7FFC1D0B8000 grow\n" * 4,
        "the file leaf.dll was written at 0x7FFC1D0B4F00 by us\n" * 4,
    ],
)
def test_lists_and_sentences_are_no_calls(rows: str) -> None:
    assert not list(shaped_frames(Text(rows.split("\n"))))


def test_modules_below_a_heading_are_calls() -> None:
    rows = "Stack trace:\nleaf.dll+0x1a2b\nleaf.dll+0x1a3b\norchard.exe+0x12\n"
    assert [frame.offset for frame in shaped_frames(Text(rows.split("\n")))] == [0x1A2B, 0x1A3B, 0x12]


PIECES = tuple(
    row
    for text in (*(one[0] for one in CRASHES), *(one[0] for one in STACKS + HISTORIES), *SHAPES)
    for row in text.split("\n")
)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=40), max_size=30))
@settings(deadline=None, max_examples=200)
def test_any_rows_are_read(rows: list[str]) -> None:
    text = "\n".join(rows)
    last = len(text.splitlines()) + len(rows) + 1
    for incident in read_evidence(text.encode()).incidents:
        assert 0 < incident.lines[0] <= incident.lines[1] <= last
    list(shaped_frames(Text([row.replace("\n", " ") for row in rows])))
