"""Fault messages: Windows 3.x and 9x, Windows NT, common runtimes; wrapped and mistyped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.faults import Fault, read_faults, register_dump_end
from triage.text.lines import Text


def faults(text: str) -> tuple[Fault, ...]:
    return read_faults(Text(text.split("\n")))


AV = 0xC0000005

CASES: list[tuple[str, dict[str, object]]] = [
    (
        "The instruction at 0x00007ff749b8b308 accessed memory at 0x0000000000000000. The memory could not be read",
        {"address": 0x7FF749B8B308, "target": 0, "access": "read", "code": AV},
    ),
    (
        "LEDGER caused a general protection fault in module POSTLIB.DLL at 0005:0dd0",
        {"process": "LEDGER", "module": "POSTLIB.DLL", "place": "0005:0dd0", "address": None, "code": AV},
    ),
    (
        "Ledger caused an invalid page fault in\nmodule KERNEL32.DLL at 015f:bff9a3c0.",
        {"process": "Ledger", "module": "KERNEL32.DLL", "place": "015f:bff9a3c0", "address": 0xBFF9A3C0, "code": AV},
    ),
    (
        "LEDGER casued an invallid page falut in moudle POSTLIB.DLL at 0137:00402a11.",
        {"process": "LEDGER", "module": "POSTLIB.DLL", "address": 0x402A11, "code": AV},
    ),
    (
        "Golf 2000 caused an invalid page fault in module Graphics.dll.",
        {"process": "Golf 2000", "module": "Graphics.dll"},
    ),
    ("Application Error: NOTES caused a Stack Fault in module USER.EXE", {"process": "NOTES", "module": "USER.EXE"}),
    ("Visual Ledger has caused an error in POST.DLL", {"process": "Visual Ledger", "module": "POST.DLL", "code": None}),
    ("<Program> caused an invalid page fault in module Post.dll.", {"process": None, "module": "Post.dll", "code": AV}),
    ("Ledger caused an exception 03H in module Post.dll.", {"code": 0x80000003}),
    ("Ledger caused an exception c0000006h in module Post.dll", {"code": 0xC0000006}),
    ("Ledger caused a divide error in module Post.dll at 0001:1234", {"code": 0xC0000094}),
    ("Ledger caused an invalid page fault in module <unknown> at 0000:7fdc0000.", {"module": "unknown"}),
    ("GP fault in Module KRNL386.EXE at 0001:4f50", {"process": None, "module": "KRNL386.EXE", "place": "0001:4f50"}),
    (
        'Ledger.exe - Application Error\n\nThe instruction at "0x77f7d357" referenced memory at "0x00000000". The\n'
        'memory could not be "written".',
        {"process": "Ledger.exe", "address": 0x77F7D357, "target": 0, "access": "write", "code": AV},
    ),
    (
        "Ink.exe Application Error\n\nInstruction at 017A1B8A\nMemory location 00131000\nThe memory could not be read.",
        {"address": 0x17A1B8A, "target": 0x131000, "access": "read"},
    ),
    ("A Fatal Exception Error 0D has occurred in VxD VMM(01) + 00001840", {"module": "VMM", "offset": 0x1840}),
    ('The instruction at "0x..." referenced memory at "0x...". The memory could not be "read".', {"address": None}),
    (
        "The exception unknown software exception (0xc00000fd) occurred in the application at location 0x77f7d357.",
        {"code": 0xC00000FD, "address": 0x77F7D357},
    ),
    (
        "An application error has occurred and an application error log is being generated.\n\n"
        "LEDGER.exe\nException: access violation (0xc0000005), Address: 0x00402a11",
        {"process": "LEDGER.exe", "code": AV, "address": 0x402A11},
    ),
    ("LEDGER.exe Exception: Access Violation (0x00000005) Address: 0x00402a11", {"code": AV}),
    (
        "Unhandled exception in ledger.exe (MFC42.DLL): 0xC0000005: Access Violation.",
        {"process": "ledger.exe", "module": "MFC42.DLL", "code": AV, "chance": None},
    ),
    (
        "First-chance exception at 0x00401a2b in ledger.exe: 0xC0000094: Integer division by zero.",
        {"process": "ledger.exe", "code": 0xC0000094, "chance": "first", "address": 0x401A2B},
    ),
    (
        "A fatal exception 0E has occurred at 0028:C0012345 in VXD IFSMGR(01) +\n00001234. The "
        "application will be closed.",
        {"module": "IFSMGR", "offset": 0x1234, "place": "0028:C0012345", "address": 0xC0012345, "code": AV},
    ),
    (
        "An exception 0E has occurred at 0028:C00A3E11 in VxD ---. This was called "
        "from\n0028:C0042F1C in VxD VFAT(01) + 0000B4C4.",
        {"module": "VFAT", "offset": 0xB4C4},
    ),
    (
        "Program: C:\\APPS\\LEDGER.EXE\n\nR6025\n- pure virtual function call",
        {"process": "LEDGER.EXE", "kind": "runtime"},
    ),
    (
        "DOSXMSF : fatal error DX1020: unhandled exception: General protection fault;",
        {"process": "DOSXMSF", "code": AV},
    ),
    (
        "Access violation at address 0040F2B4 in module 'Ledger.exe'. Read of address 0000001C.",
        {"module": "Ledger.exe", "address": 0x40F2B4, "access": "read", "target": 0x1C},
    ),
    (
        "Access violation at address 50018BD8 in module 'rtl290.bpl' (offset 18BD8). Read of address 0000001C.",
        {"module": "rtl290.bpl", "address": 0x50018BD8, "offset": 0x18BD8, "access": "read", "target": 0x1C},
    ),
    ("Exception EPostError in module LEDGER.EXE at 0005A1B2. Class not registered", {"module": "LEDGER.EXE"}),
    ("Fatal error: Exception code: C0000005", {"code": AV}),
    ("Run-time error '91': Object variable not set", {"kind": "basic", "code": None}),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reads_the_message(text: str, expected: dict[str, object]) -> None:
    (fault,) = faults(text)
    assert {name: getattr(fault, name) for name in expected} == expected


def test_the_announcing_box_joins_the_fault_in_its_details() -> None:
    (fault,) = faults(
        "This program has performed an illegal operation and will be shut down.\n\nDetails:\n\n"
        "LEDGER caused an invalid page fault in module POSTLIB.DLL at 0137:00402a11."
    )
    assert fault.lines == (1, 5)
    assert fault.prefaces == ("This program has performed an illegal operation and will be shut down",)
    assert fault.message == "LEDGER caused an invalid page fault in module POSTLIB.DLL at 0137:00402a11"


def test_messages_side_by_side_stay_apart() -> None:
    found = faults(
        "- LEDGER caused a general protection fault in module A.DLL.\n\n-or-\n\n- POST caused an "
        "invalid page fault in module B.DLL."
    )
    assert [(f.process, f.module, f.lines) for f in found] == [("LEDGER", "A.DLL", (1, 1)), ("POST", "B.DLL", (5, 5))]


def test_the_message_keeps_the_words_as_they_were_typed() -> None:
    (fault,) = faults("LEDGER casued an invallid page falut in moudle POSTLIB.DLL")
    assert fault.message == "LEDGER casued an invallid page falut in moudle POSTLIB.DLL"


@pytest.mark.parametrize(
    "prose",
    [
        "The setting may cause a general protection fault.",
        "An error in the configuration caused a failure.",
        "The exception handler returned an error.",
        "In module A the values are referenced by name.",
        "Such requests never cause an error condition.",
        "When evaluating it causes an error the search is aborted.",
        "The value that caused the error is included.",
        "Trying so causes an error exception.",
        "Intentionally cause an exception in the test.",
        "self.nonexistent_bucket_name has caused an error, and it has ended",
        "It doesn't cause an error.",
        "Test which causes a stack overflow with this option due to a too deep recursion.",
        "correction r6090 was incorrect as there was another problem",
        "",
    ],
)
def test_prose_is_no_message(prose: str) -> None:
    assert faults(prose) == ()


def test_the_register_dump_belongs_to_the_message() -> None:
    rows = [
        "LEDGER caused an invalid page fault in module A.DLL at 0137:00402a11.",
        "Registers:",
        "EAX=00000000 CS=0137 EIP=00402a11 EFLGS=00010246",
        "Bytes at CS:EIP:",
        "ff 1e c4 0c c4 1e 2c 01 26 c7 87 35 27 02 00 b8",
        "Then I closed it.",
    ]
    assert register_dump_end(Text(rows), 0) == 4


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "caused a ",
                "page fault ",
                "in module ",
                "The instruction at ",
                "0x",
                "\n",
                "exception ",
                "X.DLL ",
                ": ",
                "x",
            ]
        )
        | st.text(max_size=6),
        max_size=40,
    )
)
def test_any_text_is_read_without_error(pieces: list[str]) -> None:
    text = Text("".join(pieces).split("\n"))
    for fault in read_faults(text):
        assert 1 <= fault.lines[0] <= fault.lines[1] <= len(text)


@pytest.mark.parametrize(
    ("text", "code", "process"),
    [
        (
            "orchard.exe - Application Error\nThe application failed to initialize properly (0xc0000142). Click OK to"
            " terminate the application.",
            0xC0000142,
            "orchard.exe",
        ),
        ("The application was unable to start correctly (0xc000007b). Click OK to close it.", 0xC000007B, None),
        ("FATAL ERROR:  Unhandled Access Violation Reading 0x0010 Exception at 5d1e2b34h", 0xC0000005, None),
        ("FATAL ERROR: Unhandled e06d7363h Exception at fd46cacdh", 0xE06D7363, None),
        ("tests/a.py::b Windows fatal exception: code 0xc06d007f", 0xC06D007F, None),
        (
            "svc.exe - Application Error: The exception Breakpoint\nA breakpoint has been reached.\n"
            "(0x80000003) occurred in the application at location 0x7c90120e.",
            0x80000003,
            "svc.exe",
        ),
    ],
)
def test_boxes_of_programs_that_do_not_start_and_of_cad_programs(text: str, code: int, process: str | None) -> None:
    (fault,) = faults(text)
    assert (fault.code, fault.process) == (code, process)


def test_a_lost_quotation_mark_behind_a_module() -> None:
    (fault,) = faults("Access violation at address 0000000000E42277 in module 'orchard.exe Read of address 00000000.")
    assert (fault.module, fault.access) == ("orchard.exe", "read")


def test_a_guide_quotes_what_windows_says_to_everybody() -> None:
    guide = [
        "If you are using Windows 98, you may receive the following message:",
        "This program has performed an illegal operation and will be shut down.",
        "If you click on Details, you may receive a message of the form:",
        "[Program] caused an invalid page fault in module at [location].",
    ]
    assert read_faults(Text(guide)) == ()
    assert read_faults(Text(guide[1:2])) != ()
