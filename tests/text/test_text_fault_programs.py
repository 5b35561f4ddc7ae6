"""Faults as single programs and runtimes tell them, each in words of its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import read_evidence
from triage.formats.faults import incident_of
from triage.text.fault_programs import SOURCES
from triage.text.fault_words import meant_status
from triage.text.faults import Fault, read_faults
from triage.text.lines import Text


def faults(text: str) -> tuple[Fault, ...]:
    return read_faults(Text(text.split("\n")))


AV = 0xC0000005

CASES: list[tuple[str, dict[str, object]]] = [
    (
        "ledger.exe caused an Access Violation at location 7c34fedc in module post71.dll Reading from location"
        " 00072925.",
        {
            "code": AV,
            "process": "ledger.exe",
            "module": "post71.dll",
            "address": 0x7C34FEDC,
            "access": "read",
            "target": 0x72925,
        },
    ),
    (
        "Access violation at 0x00007FF8CD02BDC0 read to 0x0000025900000000 in 'post.dll'",
        {"code": AV, "module": "post.dll", "address": 0x7FF8CD02BDC0, "access": "read"},
    ),
    ("Access violation write to 0x0BFFFFF8", {"code": AV, "access": "write", "target": 0xBFFFFF8}),
    ("ledger.exe crashes with exception code 0xc0000005 at once", {"code": AV, "process": "ledger.exe"}),
    ("OSError: exception: access violation writing 0x0000000000000010", {"code": AV, "access": "write", "target": 16}),
    ("OSError: exception: stack overflow", {"code": 0xC00000FD}),
    (
        "Error:  Access violation at 0x005A12F4 (tried to read from 0x00002018), program terminated.",
        {"code": AV, "address": 0x5A12F4, "access": "read", "target": 0x2018},
    ),
    (
        'unknown location(0): fatal error: in "ledger/posts": memory access violation occurred at address 0x00000018,'
        " while attempting to  write to an inaccessible (or protected) address",
        {"code": AV, "address": None, "access": "write", "target": 0x18},
    ),
    (
        "Critical error at address 005A12F4h in thread 47:\nAccess violation: attempted to write to address 00000018h",
        {"code": AV, "address": 0x5A12F4, "access": "write", "target": 0x18},
    ),
    ("ledger_test.cpp(12): FATAL ERROR: test case CRASHED: SIGSEGV - Stack overflow", {"code": 0xC00000FD}),
    ("severe (157): program exception access violation", {"code": AV}),
    (
        "ORA-07445: exception encountered: core dump [kpost()+59] [ACCESS_VIOLATION] [ADDR:0x10] [PC:0x60AC3D]"
        " [UNABLE_TO_WRITE] []",
        {"code": AV, "function": "kpost", "address": 0x60AC3D, "target": 16, "access": "write"},
    ),
    (
        "Access violation.\n  The code attempted to access a virtual\n  address without privilege to do so.",
        {"code": AV},
    ),
    (
        "The game crashes at the first screen with an Exception code 0xC0000005 @ EIP := 0x6A98785F.",
        {"code": AV, "address": 0x6A98785F},
    ),
    ("It crashed with exception code 0xc0000005", {"code": AV}),
    (
        'ledger.exe caused BREAKPOINT in module "C:\\Ledger\\post.dll"'
        " at 0033:00007FFB309F3D03, Post::Fail()+659 byte(s)",
        {"code": 0x80000003, "process": "ledger.exe", "module": "post.dll", "function": "Post::Fail"},
    ),
    (
        'Ledger.exe caused ACCESS_VIOLATION in module "C:\\Ledger\\Ledger.exe" at 001B:0040114E',
        {"code": AV, "process": "Ledger.exe", "module": "Ledger.exe"},
    ),
    (
        "Fatal error: Exception code=C0000005 @ 02/04/2002 8:41:09 PM.\n"
        "Error log file: C:\\Ledger\\vfp7err.log Called\n"
        "from - post line 5 {c:\\ledger\\post.prg c:\\ledger\\post.fxp}",
        {"code": AV},
    ),
    ("Fatal Error: Exception code C000005", {"code": AV}),
    ("Fatal error. Exception=C00000005", {"code": AV}),
    ("Fatal Exception: error code=c0000005", {"code": AV}),
    ("OLE Exception error: Exception code c0000005. OLE object may be corrupt.", {"code": AV}),
    (
        "Win32s - Error in LEDGER.EXE\nUnhandled Exception detected. (Code: 0xC0000005)",
        {"code": AV, "process": "LEDGER.EXE"},
    ),
    (
        "Win32s Error. LEDGER.EXE Unhandled Exception Detected. (Code: 0xC0000005\nw32scomb.dll:10660)",
        {"code": AV, "process": "LEDGER.EXE", "module": "w32scomb.dll"},
    ),
    ("Exception 0xC0000005 was occurred (LedgerC64.exe, PID=2375)", {"code": AV, "process": "LedgerC64.exe"}),
    (
        "Exception 0xC0000005 (Read  x0000000008421F80) was occurred (LedgerC64.exe, PID=2375)",
        {"code": AV, "process": "LedgerC64.exe", "access": "read", "target": 0x8421F80},
    ),
    ("An unhandled win32 exception\noccurred in ledger.exe [4242].", {"process": "ledger.exe"}),
    ("An unhandled Microsoft .NET Framework exception occurred in ledger.exe [4242].", {"process": "ledger.exe"}),
    (
        "EXCEPTION : Access violation in LEAF4! (+0xd4cf)----Address : 0x0040e4cf",
        {"code": AV, "module": "LEAF4", "offset": 0xD4CF, "address": 0x40E4CF},
    ),
    (
        "EXCEPTION : Attempt to read from address 0x004CDA74 in LEAFSETUP!",
        {"code": AV, "module": "LEAFSETUP", "access": "read", "target": 0x4CDA74},
    ),
    (
        "Access violation in leaf4x! (+0xea6ae) address is 0x004EB6AE",
        {"code": AV, "offset": 0xEA6AE, "address": 0x4EB6AE},
    ),
    ("EXCEPTION: Access violation in LEAF4 0x72446 leaf4.exe", {"module": "LEAF4", "process": "leaf4.exe"}),
    ("EXCEPTION: Access violation in Leaf::OnGrow()", {"code": AV, "function": "Leaf::OnGrow"}),
    ("Unhandled exception in LEAF.DLL 0xC000001D: Illegal instruction", {"code": 0xC000001D, "module": "LEAF.DLL"}),
    ("Unhandled exception in ledger.exe (LEAF40.DLL); Stack Overflow.", {"code": 0xC00000FD, "module": "LEAF40.DLL"}),
    ("Ledger caused an IPF in module leaf32.dll", {"code": AV, "module": "leaf32.dll"}),
    ("LEDGER caused a General Protection", {"code": AV, "process": "LEDGER"}),
    ("General Protection Fault Eror in module LEAFLIB.DLL", {"code": AV, "module": "LEAFLIB.DLL"}),
    ("A fatal excpetion 0E has occurred in vxd leaf(01)", {"code": AV, "module": "leaf"}),
    ("OLE exception code 0 from Visual Ledger for Windows:10", {"code": None}),
    ("Debug Assertion Failed! File: leafcore.cpp Line: 2325", {"code": None}),
    ("Exception in ledger.exe: 0x00000004: Divide by Zero", {"code": 0xC0000094, "process": "ledger.exe"}),
    (
        "Access Violation (0xC0000005) in LEAF.DLL at 0x5003eaed.",
        {"code": AV, "module": "LEAF.DLL", "address": 0x5003EAED},
    ),
    ("Access violation c0000005 in Ledger.exe", {"code": AV, "module": "Ledger.exe"}),
    ("Ledger.exe: Access violation 0xc00005 address 0x7789887a", {"process": "Ledger.exe", "address": 0x7789887A}),
    (
        "LEDGER.EXE\n\nAccess violation (0xc0000005), Address 0x01dec73c",
        {"process": "LEDGER.EXE", "address": 0x1DEC73C, "code": AV},
    ),
    (
        "SqlDumpExceptionHandler: Process 54 generated\nfatal exception c0000005 EXCEPTION_ACCESS_VIOLATION.",
        {"code": AV},
    ),
    ("ledger.exe INTERNAL ERROR, exception code - 0xc0000005.", {"code": AV, "process": "ledger.exe"}),
    (
        "An application exception has occurred: LEDGER.EXE\nException 0xC0000005 (access violation)",
        {"process": "LEDGER.EXE"},
    ),
    (
        "An application exception has occurred: LEDGER.EXE\nException 0xC0000005",  # cut behind the code
        {"process": "LEDGER.EXE", "code": AV},
    ),
    ("The application Ledger.exe generated an exception: access violation\n(0xc0000005)", {"process": "Ledger.exe"}),
    ("Win32 Exception in MMC Admin UI!\n\nWIN32 Exception : STACK_OVERFLOW", {"code": 0xC00000FD}),
    (
        "Performed an illegal operation\nFault Location: 0028:C0296A08\nFaulty Component: LEAF(03) + 00000380",
        {"module": "LEAF", "offset": 0x380, "place": "0028:C0296A08"},
    ),
    ("A Fatal Exception has occurred at 0028-C0268F8A in VXD LEAF(04)+00000532.", {"module": "LEAF", "offset": 0x532}),
    ("Fatal exception oe has occurred at 0028:C0280024", {"code": AV, "address": 0xC0280024}),
    ("A Fatal Exception 0E has occurred @ 0028:C025A0A0 in VxD leaf(06)+000010a0", {"module": "leaf", "code": AV}),
    ("An exception 0E has occurred in Ledger.exe...", {"module": "Ledger.exe", "code": AV}),
    ('"An invalid page fault has occurred in LEAF6r.dll..."', {"module": "LEAF6r.dll", "code": AV}),
    ("EMM386 exception error #12, enter to reboot computer", {"process": "EMM386", "code": AV}),
    (
        "9001:\nAn exception has occurred. Code: 0xc0000005 Flags: 0x00000000\nAddress: 0x0bc759ba",
        {"code": AV, "address": 0xBC759BA},
    ),
    ("run-time error R6915 -\nDOSX16: unhandled exception", {"process": "DOSX16"}),
    (
        "The instruction at ' 0xff042500 ' referenced memory at ' 0xff042500 '\ncould not be read.",
        {"address": 0xFF042500, "access": "read"},
    ),
    ("The instruction at xxxx referenced memory at xxxx. The memory could not be\nwritten.", {"access": "write"}),
    (
        "Instruction at 0x7722D608 referenced memory at 0x003DDEE0 could not be\nread. Exception error in leafsvc.exe.",
        {"process": "leafsvc.exe", "access": "read", "target": 0x3DDEE0},
    ),
]


@pytest.mark.parametrize(("text", "fields"), CASES, ids=[text.split("\n")[0] for text, _ in CASES])
def test_a_programs_own_words_tell_its_fault(text: str, fields: dict[str, object]) -> None:
    fault = faults(text)[-1]
    assert {name: getattr(fault, name) for name in fields} == fields


@pytest.mark.parametrize("text", [text for text, _ in CASES], ids=[text.split("\n")[0] for text, _ in CASES])
def test_a_text_that_holds_nothing_else_has_a_landmark(text: str) -> None:
    assert read_evidence(f"This is what I see:\n\n{text}\n".encode()).incidents


@pytest.mark.parametrize(
    "text",
    [
        "An access violation (0xC0000005) is what the processor reports.",
        "ledger.c(12): fatal error C1083: Cannot open include file: 'leaf.h'",
        "Fatal error: Uncaught exception 'Leaf' in leaf.php on line 80004005",
        "The exception in ledger was handled! Nothing else happened.",
        "I get an access violation in Ledger!",
        "An unhandled win32 exception occurred in ledger.exe is seen when the basket is empty.",
    ],
)
def test_words_about_faults_are_none(text: str) -> None:
    assert faults(text) == ()


def test_the_procedures_of_foxpro_are_its_stack() -> None:
    (fault,) = faults(
        "Fatal error: Exception code=C0000005\n"
        "Called from - leaf.grow line 12 {c:\\leaf\\leaf.vct c:\\leaf\\leaf.fxp}\nCalled from - tree line 0 { }"
    )
    assert [(frame.function, frame.source) for frame in incident_of(fault).stack] == [
        ("leaf.grow", "c:\\leaf\\leaf.vct"),
        ("tree", None),
    ]


@pytest.mark.parametrize(
    ("printed", "code"),
    [("C000005", AV), ("0xC00000005", AV), ("C0000009A", 0xC000009A), ("C0000005", None), ("80004005", None)],
)
def test_a_code_with_a_digit_too_many_or_too_few(printed: str, code: int | None) -> None:
    assert meant_status(printed) == code


@pytest.mark.parametrize(
    ("text", "process", "module", "access", "target"),
    [
        (
            "Orchard.exe caused an Access Violation at location 004028A0 in module Leaf5.dll Writing to location"
            " 0000000C.",
            "Orchard.exe", "Leaf5.dll", "write", 0xC,
        ),
        (
            "C:\\My Documents\\The Orchard\\The Orchard debug.exe caused an Access Violation at location 77c4610f in"
            " module C:\\WINDOWS\\system32\\leaf.dll Reading from location 0be12000.",
            "The Orchard debug.exe", "leaf.dll", "read", 0x0BE12000,
        ),
        (
            "> orchard.exe caused an Access Violation at location 00007FFE282FDF5E in module wow64.dll DEP violation at"
            " location 0000000000000010.",
            "orchard.exe", "wow64.dll", "execute", 0x10,
        ),
    ],
)  # fmt: skip
def test_dr_mingw(text: str, process: str, module: str, access: str, target: int) -> None:
    (fault,) = read_faults(Text(text.split("\n")))
    assert (fault.process, fault.code, fault.access, fault.target) == (process, AV, access, target)
    assert fault.module is not None
    assert fault.module.endswith(module)


PIECES = [word for _, _, words in SOURCES for word in words]
PIECES += ["C0000005", "0xC0000005 ", " in ", "LEDGER.EXE ", "access violation ", "address ", "\n", "called from - a {"]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40))
def test_any_text_is_read_without_error(pieces: list[str]) -> None:
    text = Text("".join(pieces).split("\n"))
    for fault in read_faults(text):
        assert 1 <= fault.lines[0] <= fault.lines[1] <= len(text)
