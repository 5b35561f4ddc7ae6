"""Dr. Watson logs of Windows NT and of Windows 3.x."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.drwatson import program_of, read_records
from triage.text.drwatson16 import read_reports
from triage.text.drwatson_lists import image_of
from triage.text.lines import Text

LOG = """\
Microsoft (R) Windows NT (TM) Version 4.00 DrWtsn32
Copyright (C) 1985-1996 Microsoft Corp. All rights reserved.

Application exception occurred:
        App:  (pid=133)
        When: 4/8/2000 @ 14:58:36.336
        Exception number: c0000005 (access violation)

*----> System Information <----*
        Computer Name: LEDGER01
        Number of Processors: 2
        Processor Type: x86 Family 6 Model 5 Stepping 2
        Windows Version: 4.0
        Current Build: 1381
        Service Pack: 5
        Current Type: Multiprocessor Free

*----> Task List <----*
   0 Idle.exe
 133 LEDGER.exe
   0 _Total.exe

(00400000 - 00482000) exe\\ledger.dbg
(77f60000 - 77fbe000) dll\\ntdll.dbg

State Dump for Thread Id 0x6e

function: NtWaitForSingleObject
        77f67e4c b8c5000000       mov     eax,0xc5

*----> Stack Back Trace <----*

FramePtr ReturnAd Param#1  Param#2  Param#3  Param#4  Function Name
0012cf78 77f04f37 00000048 ffffffff 00000000 00402a11 ntdll!NtWaitForSingleObject
0012ffc0 00402a11 00000048 ffffffff 00000000 00000000 kernel32!WaitForSingleObject

State Dump for Thread Id 0x91

function: RtlAllocateHeap
        77f6ce40 8bec             mov     ebp,esp
FAULT ->77f6ce4c 8b3a             mov     edi,[edx]              ds:00000000=????????

*----> Stack Back Trace <----*

FramePtr ReturnAd Param#1  Param#2  Param#3  Param#4  Function Name
0090ff78 0041122c 00140000 00000000 00000010 00000001 ntdll!RtlAllocateHeap
0090ffb8 77f04ee8 00000010 00000000 00000000 00000000 ledger!PostEntry

Application exception occurred:
        App: exe\\services.dbg (pid=45)
        When: 4/9/2000 @ 01:02:03.004
        Exception number: c0000094 (divide by zero)
"""


def test_every_record_of_a_log_is_read() -> None:
    first, second = read_records(Text(LOG.split("\n")))
    assert (first.code, second.code) == (0xC0000005, 0xC0000094)
    assert (second.process, second.pid) == ("services.exe", 45)
    assert first.lines == (4, LOG[: LOG.index("0090ffb8")].count(chr(10)) + 1)


def test_a_record_without_name_takes_it_from_the_task_list() -> None:
    record = read_records(Text(LOG.split("\n")))[0]
    assert (record.process, record.pid) == ("LEDGER.exe", 133)


def test_the_stack_is_that_of_the_thread_that_failed() -> None:
    record = read_records(Text(LOG.split("\n")))[0]
    assert [(f.module, f.function) for f in record.stack] == [("ntdll", "RtlAllocateHeap"), ("ledger", "PostEntry")]
    assert (record.function, record.address, record.thread) == ("RtlAllocateHeap", 0x77F6CE4C, 0x91)


def test_modules_and_system_are_read() -> None:
    record = read_records(Text(LOG.split("\n")))[0]
    assert [(m.name, m.base, m.end) for m in record.modules] == [
        ("ledger.exe", 0x400000, 0x482000),
        ("ntdll.dll", 0x77F60000, 0x77FBE000),
    ]
    assert record.system is not None
    assert (record.system.product, record.system.build, record.system.service_pack, record.system.processors) == (
        "Windows NT 4.0",
        1381,
        5,
        2,
    )


@pytest.mark.parametrize(
    ("printed", "program"),
    [
        ("snabase.DBG", "snabase.exe"),
        ("exe\\winlogon.dbg", "winlogon.exe"),
        ("obj\\i386\\ledger.exe", "ledger.exe"),
        ("[path]ledger.exe", "ledger.exe"),
        ("", None),
        ("<process>", None),
    ],
)
def test_the_symbol_file_names_the_program(printed: str, program: str | None) -> None:
    assert program_of(printed) == program


@pytest.mark.parametrize(
    ("path", "name"), [("dll\\ntdll.dbg", "ntdll.dll"), ("drv\\post.dbg", "post.drv"), ("C:\\WINNT\\x.cpl", "x.cpl")]
)
def test_the_folder_tells_a_modules_extension(path: str, name: str) -> None:
    assert image_of(path) == name


def test_a_header_wrapped_by_a_mailer_and_a_lost_first_line() -> None:
    (record,) = read_records(
        Text(["App: exe\\ledger.dbg (<pid>) 4/8/00 Exception", "number: c0000005 (access violation)"])
    )
    assert (record.process, record.code) == ("ledger.exe", 0xC0000005)


def test_a_part_without_header_still_gives_the_function_and_stack() -> None:
    start = LOG.index("function: RtlAllocateHeap")
    (record,) = read_records(Text(LOG[start : LOG.index("Application exception", start)].split("\n")))
    assert (record.code, record.function, record.stack[0].function) == (None, "RtlAllocateHeap", "RtlAllocateHeap")


@pytest.mark.parametrize("behind", ["", " [...]", " 1b763fca b101 mov cl,0x1 1d9ec650 8b5004 mov edx,[eax+0x4]"])
def test_what_a_mailer_joined_to_the_function_is_no_part_of_its_name(behind: str) -> None:
    (record,) = read_records(Text([f"function: PostEntry{behind}", "FAULT ->6e251afa 8b4604   mov eax,[esi+0x4]"]))
    assert (record.function, record.address) == ("PostEntry", 0x6E251AFA)


def test_prose_after_a_quoted_record_stays_unclaimed() -> None:
    rows = [
        "Application exception occurred:",
        "App: ledger.DBG (pid=9)",
        "Exception number: c0000005",
        "",
        "This is known.",
    ]
    assert read_records(Text(rows))[0].lines == (1, 3)


def test_a_path_that_a_mailer_broke_at_a_blank() -> None:
    rows = [
        "Application exception occurred:",
        "        App: C:\\Program Files\\Ledger Software\\Posting",
        "Engine\\system\\Ledger.exe (pid=3276)",
        "        Exception number: c0000005 (access violation)",
    ]
    (record,) = read_records(Text(rows))
    assert (record.process, record.pid) == ("Ledger.exe", 3276)
    assert record.printed == "C:\\Program Files\\Ledger Software\\Posting Engine\\system\\Ledger.exe"


def test_the_stack_of_a_thread_that_waited_is_not_taken_for_the_failing_one() -> None:
    rows = [
        "Application exception occurred:",
        "App: ledger.DBG (pid=9)",
        "Exception number: 80000003 (hardcoded breakpoint)",
        "FramePtr ReturnAd Param#1  Param#2  Param#3  Param#4  Function Name",
        "002acf58 75f6f690 00000007 002affa0 00000000 ffffffff ntdll!NtWaitForMultipleObjects",
        "002acf74 60c5775f 00000007 002affa0 00000000 ffffffff kernel32!WaitForMultipleObjects",
        "State Dump for Thread Id 0x363",
        "function: DbgBreakPoint",
        "FAULT ->77a05148 cc               int     3",
    ]
    (record,) = read_records(Text(rows))
    assert (record.function, record.stack) == ("DbgBreakPoint", ())


def test_windows_3_reports() -> None:
    rows = [
        "Dr. Watson 0.80 Failure Report - Tue Mar  3 10:51:36 1992",
        "LEDGER had a 'Exceed Segment Bounds (Read)' fault at LEDGER",
        "_PostEntry+006b",
        "$tag$LEDGER$Exceed Segment Bounds (Read)$LEDGER _PostEntry+006b$push$Tue",
        "Windows version 3.10",
        "Stack Frame 0 is LEDGER _PostEntry+006b        ss:bp 0d7f:237a",
        "Stack Frame 1 is USER 1:00a3                   ss:bp 0d7f:239e",
        "Stop Dr. Watson 0.80",
    ]
    (report,) = read_reports(Text(rows))
    assert (report.process, report.module, report.function, report.offset) == ("LEDGER", "LEDGER", "_PostEntry", 0x6B)
    assert [(f.module, f.function) for f in report.stack] == [("LEDGER", "_PostEntry"), ("USER", None)]
    assert (report.lines, report.system.product if report.system else None) == ((2, 7), "Windows 3.1")


PIECES = [
    "Application exception occurred:\n",
    "App: x.dbg (pid=1)\n",
    "Exception number: c0000005\n",
    "FAULT ->77f00000 ",
]
PIECES += [
    "function: f\n",
    "State Dump for Thread Id 0x1\n",
    "(00400000 - 00401000) x\n",
    "\n",
    "X had a 'y fault' fault at X z+1\n",
]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40))
def test_any_text_is_read_without_error(pieces: list[str]) -> None:
    text = Text("".join(pieces).split("\n"))
    for record in (*read_records(text), *read_reports(text)):
        assert 1 <= record.lines[0] <= record.lines[1] <= len(text)


GERMAN = """\
Anwendungsausnahme aufgetreten:
        Anwendung: C:\\Programme\\Hauptbuch\\hauptbuch.exe (pid=1380)
        Wann: 22.08.2005 @ 18:20:43.625
        Ausnahmenummer: c0000005 (Zugriffsverletzung)

*----> Systeminformationen <----*
        Computername: KELLER
        Anzahl der Prozessoren: 1
        Prozessortyp: x86 Family 15 Model 2 Stepping 9
        Windows-Version: 5.1
        Aktuelles Build: 2600
        Service Pack: 2

*----> Statusabbild für Threadkennung 0x7a8 <----*

eip=10001234 esp=0012fab8 ebp=0012fad0 iopl=0         nv up ei pl zr na po nc

Funktion: hauptbuch!Buchen
        10001230 8b4508           mov     eax,[ebp+0x8]
FEHLER ->10001234 8b08             mov     ecx,[eax]

*----> Stack Back Trace <----*
ChildEBP RetAddr  Args to Child
0012fad0 10002abc 00000000 0012fb14 00000001 hauptbuch!Buchen+0x4
0012fb20 7c816d4f 00000000 00000000 7ffd5000 hauptbuch!main+0x1c
"""


def test_a_log_of_german_windows() -> None:
    (record,) = read_records(Text(GERMAN.split("\n")))
    assert (record.process, record.pid, record.code) == ("hauptbuch.exe", 1380, 0xC0000005)
    assert (record.address, record.function, record.thread) == (0x10001234, "hauptbuch!Buchen", 0x7A8)
    assert [frame.function for frame in record.stack] == ["Buchen", "main"]
    assert record.system is not None
    assert (record.system.product, record.system.build, record.system.service_pack) == ("Windows XP", 2600, 2)


@pytest.mark.parametrize(
    ("label", "arrow"), [("funkcja", "BŁĄD ->"), ("fonction ", "FAUTE ->"), ("Funktion", "FEHLER ->")]
)
def test_a_part_of_a_log_in_another_language_tells_where_it_failed(label: str, arrow: str) -> None:
    part = (
        f"{label}: ledger!Post\n        033e3a12 c7008c9ec603     mov     dword ptr [eax],0x3c69e8c\n"
        f"{arrow}033e3a18 cc               int     3\n"
    )
    (record,) = read_records(Text(part.split("\n")))
    assert (record.address, record.function) == (0x033E3A18, "ledger!Post")
