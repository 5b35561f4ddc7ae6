"""Stacks of minidumps that another program has walked, in its three forms."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import read_evidence
from triage.formats.stackwalk import read
from triage.model.evidence import Evidence, Incident
from triage.text.lines import Text
from triage.text.stackwalk import access_of_reason, code_of_reason

HUMAN = r"""Operating system: Windows NT
                  10.0.19045 3803
CPU: amd64
     family 6 model 158 stepping 10
     8 CPUs
GPU: UNKNOWN

Crash reason:  EXCEPTION_ACCESS_VIOLATION_WRITE
Crash address: 0x1c
Process uptime: 12 seconds

Thread 0 main (crashed)
 0  inkwell.dll!ink::Page::Flush<char const *>(int) [c:\src\page.cpp : 217 + 0x12]
    rax = 0x0000000000000000   rdx = 0x00007ff6440123a0
    rip = 0x00007ffb10012345
    Found by: given as instruction pointer in context
 1  quill.exe!Document::Save [document.cpp : 88]
    Found by: inlining
 2  quill.exe!wmain + 0x28
    rsp = 0x000000c0ffeff8a0   rip = 0x00007ff644001234
    Found by: call frame info
 3  kernel32.dll + 0x17034
    Found by: previous frame's frame pointer
 4  0x7ff6aa
    Found by: stack scanning

Thread 1
 0  ntdll.dll + 0x9d8c4
    rip = 0x00007ffb2f09d8c4

Loaded modules:
0x7ff644000000 - 0x7ff644ffffff  quill.exe  4.1.0.77  (main)  (WARNING: No symbols, quill.pdb, 0123456789ABCDEF1)
0x7ffb10000000 - 0x7ffb100fffff  inkwell.dll  ???
0x7ffb2f000000 - 0x7ffb2f1fffff  ntdll.dll  10.0.19041.3803

Unloaded modules:
0x7ffb30000000 - 0x7ffb300fffff  oldink.dll  ???
"""

PIPES = r"""OS|Windows NT|5.1.2600 Service Pack 3
CPU|x86|GenuineIntel family 6 model 14 stepping 8|2
GPU|||
Crash|EXCEPTION_ACCESS_VIOLATION_READ|0x1c|1
Module|quill.exe|4.1.0.77|quill.pdb|0123456789ABCDEF1|0x00400000|0x0041dfff|1
Module|inkwell.dll||inkwell.pdb|0123456789ABCDEF2|0x10000000|0x1000ffff|0

0|0|ntdll.dll||||0xeb94
1|0|inkwell.dll|Pen::operator||(Pen const &)|c:\src\pen.cpp|21|0x4
1|1|quill.exe|wmain|||0x33
1|2|quill.exe||||0x1999
"""

DOCUMENT: dict[str, Any] = {
    "status": "OK",
    "pid": 4321,
    "crash_info": {
        "type": "EXCEPTION_ACCESS_VIOLATION_READ",
        "address": "0x0000001c",
        "crashing_thread": 1,
        "assertion": None,
    },
    "system_info": {"os": "Windows NT", "os_ver": "6.1.7601 Service Pack 1", "cpu_arch": "x86", "cpu_count": 4},
    "main_module": 0,
    "modules": [
        {"filename": "quill.exe", "base_addr": "0x00400000", "end_addr": "0x0041e000", "version": "4.1.0.77"},
        {"filename": "inkwell.dll", "base_addr": "0x10000000", "end_addr": "0x10010000", "debug_file": "inkwell.pdb"},
    ],
    "unloaded_modules": [{"filename": "oldink.dll", "base_addr": "0x20000000", "end_addr": "0x20010000"}],
    "threads": [
        {"frames": [{"module": "ntdll.dll", "module_offset": "0x0000eb94", "offset": "0x7c90eb94"}]},
        {
            "frames": [
                {
                    "module": "inkwell.dll",
                    "module_offset": "0x00001234",
                    "offset": "0x10001234",
                    "trust": "context",
                    "inlines": None,
                },
                {
                    "module": "quill.exe",
                    "function": "wmain",
                    "function_offset": "0x0033",
                    "offset": "0x00401999",
                    "file": "main.cpp",
                    "line": 7,
                    "trust": "cfi",
                    "inlines": [{"function": "Document::Save", "file": "document.cpp", "line": 88}],
                },
            ]
        },
    ],
}


def the_one(evidence: Evidence) -> Incident:
    (incident,) = evidence.incidents
    return incident


def frames(incident: Incident) -> list[tuple[str | None, str | None, int | None, str]]:
    return [(one.module, one.function, one.offset, "inline" if one.inline else one.trust) for one in incident.stack]


def test_the_form_for_people() -> None:
    evidence = read_evidence(HUMAN.encode())
    incident = the_one(evidence)
    assert evidence.format == "stackwalk"
    assert (incident.kind, incident.lines) == ("exception", (1, 37))
    record = incident.exception
    assert record is not None
    assert (record.code, record.access, record.target, record.address) == (0xC0000005, "write", 0x1C, 0x7FFB10012345)
    assert frames(incident) == [
        ("inkwell.dll", "ink::Page::Flush<char const *>(int)", None, "context"),
        ("quill.exe", "Document::Save", None, "inline"),
        ("quill.exe", "wmain", 0x28, "unwind"),
        ("kernel32.dll", None, 0x17034, "frame-pointer"),
        (None, None, None, "scan"),
    ]
    assert incident.stack[0].source == r"c:\src\page.cpp:217"
    assert incident.stack[4].address == 0x7FF6AA
    assert incident.process is not None
    assert incident.process.name == "quill.exe"
    assert (incident.faulting_module, incident.faulting_offset) == ("inkwell.dll", 0x12345)
    assert [(one.name, one.version, one.unloaded) for one in evidence.modules] == [
        ("quill.exe", "4.1.0.77", False),
        ("inkwell.dll", None, False),
        ("ntdll.dll", "10.0.19041.3803", False),
        ("oldink.dll", None, True),
    ]
    system = evidence.system
    assert system is not None
    assert (system.product, system.build, system.revision, system.architecture, system.processors) == (
        "Windows 10", 19045, 3803, "x64", 8,
    )  # fmt: skip


def test_the_form_for_programs() -> None:
    evidence = read_evidence(PIPES.encode())
    incident = the_one(evidence)
    assert evidence.format == "stackwalk"
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.target) == (0xC0000005, 0x1C)
    assert frames(incident) == [
        ("inkwell.dll", "Pen::operator||(Pen const &)", None, "printed"),
        ("quill.exe", "wmain", 0x33, "printed"),
        ("quill.exe", None, 0x1999, "printed"),
    ]
    assert incident.process is not None
    assert incident.process.name == "quill.exe"
    assert [(one.name, one.base, one.end, one.pdb) for one in evidence.modules] == [
        ("quill.exe", 0x400000, 0x41E000, "quill.pdb"),
        ("inkwell.dll", 0x10000000, 0x10010000, "inkwell.pdb"),
    ]
    system = evidence.system
    assert system is not None
    assert (system.product, system.service_pack, system.processors) == ("Windows XP", 3, 2)


def test_modules_of_2007_have_fewer_fields_and_mark_the_wrong_one() -> None:
    text = """    dump = '''OS|Windows NT|5.1.2600 Service Pack 2
CPU|x86|GenuineIntel family 6 model 14 stepping 8
Crash|EXCEPTION_ACCESS_VIOLATION|0x0|0
Module|inkwell.dll|4.7.0.0|0x00270000|0x003abfff|1
Module|quill.exe|4.1.0.77|0x00400000|0x0041bfff|0

0|0|inkwell.dll||||0x1234
"""
    evidence = read_evidence(text.encode())
    assert [(one.name, one.end) for one in evidence.modules] == [("inkwell.dll", 0x3AC000), ("quill.exe", 0x41C000)]
    process = the_one(evidence).process
    assert process is not None
    assert process.name == "quill.exe"


@pytest.mark.parametrize("indent", [None, 2], ids=["one line", "pretty"])
@pytest.mark.parametrize("wrap", [lambda d: d, lambda d: {"uuid": "0-1", "json_dump": d}, lambda d: {"hits": [d]}])
def test_the_json_form(indent: int | None, wrap: Any) -> None:
    evidence = read_evidence(("snapshot of\n---\n" + json.dumps(wrap(DOCUMENT), indent=indent)).encode())
    incident = the_one(evidence)
    assert evidence.format == "stackwalk"
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("quill.exe", 4321)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.access, incident.exception.target) == (0xC0000005, "read", 0x1C)
    assert (incident.faulting_module, incident.faulting_offset) == ("inkwell.dll", 0x1234)
    assert frames(incident) == [
        ("inkwell.dll", None, 0x1234, "context"),
        ("quill.exe", "Document::Save", None, "inline"),
        ("quill.exe", "wmain", 0x33, "unwind"),
    ]
    assert incident.stack[0].digits == 8
    assert [(one.name, one.unloaded) for one in evidence.modules] == [
        ("quill.exe", False), ("inkwell.dll", False), ("oldink.dll", True),
    ]  # fmt: skip
    assert evidence.system is not None
    assert (evidence.system.build, evidence.system.service_pack) == (7601, 1)


def test_json_on_one_long_line() -> None:
    document = {**DOCUMENT, "modules": DOCUMENT["modules"] * 400}
    evidence = read_evidence(json.dumps(document).encode())
    assert len(evidence.modules) == 801
    assert evidence.warnings == ()


def test_json_that_was_cut_off_is_read_up_to_there() -> None:
    text = json.dumps(DOCUMENT, indent=1)
    evidence = read_evidence(text[: text.index("oldink.dll")].encode())
    assert len(evidence.modules) == 2
    assert the_one(evidence).exception is not None
    assert [warning.text for warning in evidence.warnings] == ["the JSON is cut off or damaged, read up to there"]


def test_an_old_processed_crash_holds_the_form_for_programs() -> None:
    crash = {"uuid": "0-1", "os_name": "Windows NT", "dump": PIPES}
    assert the_one(read_evidence(json.dumps(crash).encode())).faulting_function == "Pen::operator||(Pen const &)"


def test_facts_of_a_processed_crash_stand_in_for_what_the_dump_lost() -> None:
    document = {**DOCUMENT, "crash_info": {"crashing_thread": 1}, "system_info": {}}
    crash = {"json_dump": document, "reason": "EXCEPTION_STACK_OVERFLOW", "os_version": "10.0.19045"}
    evidence = read_evidence(json.dumps(crash).encode())
    record = the_one(evidence).exception
    assert record is not None
    assert (record.code, record.address) == (0xC00000FD, 0x10001234)
    assert evidence.system is not None
    assert evidence.system.build == 19045


@pytest.mark.parametrize(
    ("reason", "code", "access"),
    [
        ("EXCEPTION_ACCESS_VIOLATION", 0xC0000005, None),
        ("EXCEPTION_ACCESS_VIOLATION_EXEC", 0xC0000005, "execute"),
        ("EXCEPTION_IN_PAGE_ERROR_READ / STATUS_DEVICE_DATA_ERROR", 0xC0000006, "read"),
        ("EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_FATAL_APP_EXIT", 0xC0000409, None),
        ("0xc0000409 / 0x00000007", 0xC0000409, None),
        ("0xe06d7363", 0xE06D7363, None),
        ("SIGSEGV", None, None),
        (None, None, None),
    ],
)
def test_reasons(reason: str | None, code: int | None, access: str | None) -> None:
    assert (code_of_reason(reason), access_of_reason(reason)) == (code, access)


@pytest.mark.parametrize("reason", ["No crash", "Simulated Exception"])
def test_a_dump_of_a_process_that_went_on_is_no_crash(reason: str) -> None:
    evidence = read_evidence(HUMAN.replace("EXCEPTION_ACCESS_VIOLATION_WRITE", reason).encode())
    assert evidence.incidents == ()
    assert evidence.modules


def test_a_dump_of_another_system_is_told_and_is_no_crash_of_windows() -> None:
    text = HUMAN.replace("Windows NT\n                  10.0.19045 3803", "Linux\n      0.0.0 Linux 5.4").replace(
        "EXCEPTION_ACCESS_VIOLATION_WRITE", "SIGSEGV / SEGV_MAPERR"
    )
    evidence = read_evidence(text.encode())
    assert (evidence.incidents, evidence.system) == ((), None)
    assert [warning.text for warning in evidence.warnings] == ["a process of Linux, not of Windows"]


def test_a_thread_alone_is_enough() -> None:
    text = HUMAN[HUMAN.index("Thread 0 main") : HUMAN.index("Thread 1")]
    incident = the_one(read_evidence(text.encode()))
    assert incident.faulting_module == "inkwell.dll"
    assert len(incident.stack) == 5


def test_several_walks_in_one_text() -> None:
    evidence = read_evidence((HUMAN + "\n\n\n\n\n" + HUMAN + "\nand as fields:\n" + PIPES).encode())
    assert [incident.lines for incident in evidence.incidents] == [(1, 37), (43, 79), (82, 92)]


@pytest.mark.parametrize(
    "text",
    [
        "Operating system: Windows 10\nOur program crashed) yesterday\n",
        "Thread 4 (crashed)\nno frames here\n",
        "OS|\nCPU|\n",
        '{"crash_info": 5}\n',
        '{"crash_info": {}, "modules": "many", "threads": {"frames": 1}}\n',
        '{"crash_info": {"type": 7}, "crashing_thread": {"frames": [1, null, {}]}, "main_module": 9e9}\n',
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    assert all(incident.exception is None for incident in read_evidence(text.encode()).incidents)


@pytest.mark.parametrize(
    "row",
    [
        "{",
        '{"',
        '{"a":',
        '["',
        "OS|",
        "Module|",
        "|",
        " 0  a!",
        "Thread 1 (crashed)",
        "0x1 - 0x2  ",
        '"\\',
        "a",
        " ",
        "1",
    ],
)
def test_long_runs_are_read_in_linear_time(row: str) -> None:
    lead = "OS|Windows NT|5\nOperating system: Windows NT\nCPU: x86\nThread 0 (crashed)\n 0  a + 0x1\n"
    for run in (row * (200_000 // len(row)), (row + "\n") * 20_000):
        assert read(Text([*(lead + run).split("\n"), '"crash_info"'])) is not None


@given(
    text=st.lists(
        st.one_of(
            st.sampled_from([*HUMAN.split("\n"), *PIPES.split("\n"), *json.dumps(DOCUMENT, indent=1).split("\n")]),
            st.text(max_size=40),
        ),
        max_size=40,
    )
)
@settings(deadline=None, max_examples=200)
def test_any_rows_are_read(text: list[str]) -> None:
    reading = read(Text([row.replace("\n", " ") for row in text]))
    assert all(first <= last for first, last in reading.claimed)


@given(cut=st.integers(0, 3000), flip=st.integers(0, 3000), sign=st.characters(max_codepoint=126))
@settings(deadline=None, max_examples=150)
def test_damaged_json_is_read(cut: int, flip: int, sign: str) -> None:
    text = json.dumps(DOCUMENT)
    read(Text([text[:flip] + sign + text[flip + 1 : cut]]))


PAGE = """\
Crash Reason\tEXCEPTION_ACCESS_VIOLATION_READ
Crash Address\t0x10
OS Version\t10.0.19042
Crashing Thread (0), Name: MainThread
Frame\tModule\tSignature\tSource\tTrust
0\tquill.dll\tPage::Draw(int)\tsrc/page.cpp:217\tcontext
1\tquill.exe\twmain\tsrc/main.cpp:31\tcfi
"""

QUOTED = """\
Reason: EXCEPTION_ACCESS_VIOLATION_READ
Top 10 frames of crashing thread:
0  quill.dll  Page::Draw(int)  src/page.cpp:217
1  quill.exe  wmain  src/main.cpp:31
"""


@pytest.mark.parametrize("text", [PAGE, PAGE.replace("\t", " | "), QUOTED, QUOTED.replace("  ", " ")])
def test_a_page_of_the_crash_server_and_what_bugs_quote_of_it(text: str) -> None:
    incident = the_one(read_evidence(text.encode()))
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.access) == (0xC0000005, "read")
    assert incident.process is not None
    assert incident.process.name == "quill.exe"
    assert [(frame.module, frame.function) for frame in incident.stack] == [
        ("quill.dll", "Page::Draw(int)"),
        ("quill.exe", "wmain"),
    ]
    assert incident.stack[0].source == "src/page.cpp:217"


def test_a_reason_alone_is_no_page() -> None:
    assert read_evidence(b"Reason: EXCEPTION_ACCESS_VIOLATION_READ\n").incidents == ()


FRAGMENT = """\
Thread 16
 0  ntdll.dll + 0x21f42
    eip = 0x77c21f42   esp = 0x0d18fe28   ebp = 0x0d18ff88   ebx = 0x00000003
    Found by: given as instruction pointer in context
 1  quill.exe!Document::Save + 0x1337a
    Found by: previous frame's frame pointer
"""


def test_a_thread_without_the_head_of_its_report_is_a_stack() -> None:
    (incident,) = read_evidence(
        f"It hangs like this:\n\n{FRAGMENT}\nThread 17\n 0  ntdll.dll + 0x99\n".encode()
    ).incidents
    assert incident.kind == "stack"
    assert [(frame.module, frame.offset) for frame in incident.stack] == [
        ("ntdll.dll", 0x21F42),
        ("quill.exe", 0x1337A),
    ]


def test_a_thread_below_the_one_that_crashed_stays_out_of_its_stack() -> None:
    (incident,) = read_evidence(f"{HUMAN}\n{FRAGMENT}".encode()).incidents
    assert incident.exception is not None
    assert all(frame.offset != 0x21F42 for frame in incident.stack)


BACKTRACE = """\
Classifier: invalid-read
Crash info:
\tApplication: quill.exe
\tCrashed YES
\treason: EXCEPTION_ACCESS_VIOLATION_READ
\taddress: 0x11
Memory Regions:
Sysinfo:
\tarch: x86 GenuineIntel family 6 model 142 stepping 9
\tcpu_count: 4
\tos: Windows NT windows 10.0.17134
Modules:
\t0xe0000 - 0x109000\tquill.exe
\t0x4070000 - 0x777e000\tinkwell.dll 22.20.16.4749
Threads:
\tthread-0 tid=10216
\t[0] C:\\quill\\quill.exe!Page::Draw(int) [c:\\quill\\page.cpp : 272 + 0x5]
\t\tip=0xe1f1c sp=0xdbbf6cc bp=0xdbbf884
\t[1] C:\\Windows\\System32\\ntdll.dll!TppWorkerThread + 0x296
\tthread-1 tid=10217
\t[0] C:\\Windows\\System32\\ntdll.dll!_ZwWait@20 + 0xc

Thanks for looking.
"""


def test_a_report_of_backtrace() -> None:
    evidence = read_evidence(BACKTRACE.encode())
    (incident,) = (one for one in evidence.incidents if one.exception is not None)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.access, incident.exception.target) == (0xC0000005, "read", 0x11)
    assert incident.process is not None
    assert incident.process.name == "quill.exe"
    assert [(one.module, one.function, one.offset, one.source) for one in incident.stack] == [
        ("quill.exe", "Page::Draw(int)", None, "c:\\quill\\page.cpp:272"),
        ("ntdll.dll", "TppWorkerThread", 0x296, None),
    ]
    assert [(one.name, one.base, one.version) for one in evidence.modules] == [
        ("quill.exe", 0xE0000, None),
        ("inkwell.dll", 0x4070000, "22.20.16.4749"),
    ]
    assert evidence.system is not None
    assert evidence.system.build == 17134


@pytest.mark.parametrize(("before", "behind"), [('    "', '",'), ("    '", "\\n'"), ('\t"', '\\r\\n"')])
def test_a_program_may_have_a_string_for_each_row_of_fields(before: str, behind: str) -> None:
    text = "dump = (\n" + "".join(f"{before}{row}{behind}\n" for row in PIPES.strip().split("\n")) + ")\n"
    plain, quoted = read_evidence(PIPES.encode()), read_evidence(text.encode())
    assert [one.name for one in quoted.modules] == [one.name for one in plain.modules]
    assert [one.process for one in quoted.incidents] == [one.process for one in plain.incidents]
    assert [len(one.stack) for one in quoted.incidents] == [len(one.stack) for one in plain.incidents]


STREAMS = r"""MDRawModule
  base_of_image                   = 0x400000
  size_of_image                   = 0x2d000
  checksum                        = 0x0
  (code_file)                     = "c:\quill\quill.exe"
  (version)                       = "4.1.0.77"

MDException
  thread_id                                  = 0xbf4
  exception_record.exception_code            = {code}
  exception_record.exception_flags           = 0x0
  exception_record.exception_address         = 0x40429e
  exception_record.number_parameters         = 2
  exception_record.exception_information[ 0] = 0x1
  exception_record.exception_information[ 1] = 0x45
  thread_context.rva                         = 0x7852

MDRawSystemInfo
  major_version                              = 0x5 (5)
  minor_version                              = 0x1 (1)
  build_number                               = 0xa28 (2600)
  platform_id                                = {platform}
  (csd_version)                              = "Service Pack 2"
"""


def test_the_streams_of_a_dump_tell_what_its_walk_would() -> None:
    evidence = read_evidence(STREAMS.format(code="0xc0000005", platform="0x2 (windows)").encode())
    (incident,) = evidence.incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.access, incident.exception.target) == (
        0xC0000005,
        "write",
        0x45,
    )
    assert incident.exception.address == 0x40429E
    assert (incident.faulting_module, incident.faulting_offset) == ("quill.exe", 0x429E)
    assert incident.process is not None
    assert incident.process.name == "quill.exe"
    assert evidence.system is not None
    assert (evidence.system.build, evidence.system.service_pack) == (2600, 2)


def test_one_stream_alone_tells_the_code_whatever_it_is() -> None:
    text = "MDException\n  exception_record.exception_code            = 0x879\n"
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.exception is not None
    assert incident.exception.code == 0x879


@pytest.mark.parametrize(
    "text",
    [
        STREAMS.format(code="0xb", platform="0x8201 (linux)"),
        "MDException\n  exception_record.exception_code            = 0xb\n",
    ],
    ids=["told", "untold"],
)
def test_a_signal_is_no_exception_of_windows(text: str) -> None:
    assert read_evidence(text.encode()).incidents == ()


def test_a_report_of_backtrace_from_linux_is_no_incident() -> None:
    text = "Crash info:\n\tApplication: quill\n\treason: SIGSEGV\nSysinfo:\n\tos: Linux 5.4.0\n"
    assert read(Text(text.split("\n"))).incidents == ()


def test_crash_info_of_other_programs_is_none() -> None:
    assert read(Text(["Crash info:", "  see the attached file"])).incidents == ()


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.sampled_from([*BACKTRACE.splitlines(), "\t[1] a!b [c : 1 + 0x", "\t0x1 - 0x0\tx", "[" * 40])
        | st.text(max_size=20),
        max_size=30,
    )
)
def test_any_rows_of_backtrace_are_read_without_error(rows: list[str]) -> None:
    text = Text(["Crash info:", *rows])
    for incident in read(text).incidents:
        assert 1 <= incident.lines[0] <= incident.lines[1] <= len(text)


CONTENTS = """Thread 3
 0  ntdll.dll + 0x9d8c4
    rsp = 0x00000018f0a3ef38   rip = 0x00007ffb2f09d8c4
    Found by: given as instruction pointer in context

    Stack contents:
     00000018f0a3ef38 da ac 01 10 fb 7f 00 00 00 00 00 00 00 00 00 00  ................
     00000018f0a3ef48 a0 23 01 44 f6 7f 00 00                          .#.D....
    Possible instruction pointers:
     *(0x00000018f0a3ef38) = 0x00007ffb1001acda <ink::Page::Flush(int)> [page.cpp : 217 + 0x12]

 1  inkwell.dll + 0x1acda
    rsp = 0x00000018f0a3ef40   rip = 0x00007ffb1001acda
    Found by: stack scanning
"""


def test_what_each_frame_holds_of_the_stack_stands_between_the_frames() -> None:
    (incident,) = read(Text(CONTENTS.split("\n"))).incidents
    assert [frame.module for frame in incident.stack] == ["ntdll.dll", "inkwell.dll"]
    assert incident.stack[1].offset == 0x1ACDA
    assert incident.stack[1].trust == "scan"
