"""Reports of the crash handlers that programs bring along, of Free Pascal's run-time library, and of dump viewers."""

import pytest

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import BLUESCREENS, HANDLERS, LAZARUS

MSJ = """\
=======================================================
Exception code: C0000005 ACCESS_VIOLATION at 00E4A2C5
Version 1.04.1207
Fault time: 2011/03/08 18:32:26
Fault address:  00E4A2C5 01:00A492C5 C:\\Games\\Orchard\\orchard.exe
file:     harvest.sqm
Registers:
EAX:00000000 EBX:1B2C3D4E
CS:EIP:0023:00E4A2C5
=======================================================
"""

PORT = """\
Code: C0000005 (Access Violation - tried to write address 0000002C)
Address: 0041D333
Flags: 00000000

Windows NT 6.1 Build 7601 Service Pack 1

EAX=00000000  EBX=007f1a90  ECX=00000000  EDX=00000001

Loaded modules:
00400000 - 006DDFFF *orchard.exe
76F90000 - 7710FFFF  ntdll.dll
"""

SERVER = """\
  Exception: 0xC0000005  (EXCEPTION_ACCESS_VIOLATION)
  Address  : 0x00007FF83EF32F58
  Process  : 1684

  AV Type  : READ at 0x0000000000000010

-- Raw Stack ----------
  #0   0x00007FF6CE317351  orchard.exe
  #1   0x00007FF83EF32F58  MSVCP140.dll
  #2   0x00007FF6CF425DB8  orchard.exe
"""


def test_the_handler_of_msj_names_the_module_behind_a_section() -> None:
    incident = only_incident(HANDLERS, MSJ)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0xE4A2C5)
    assert (incident.faulting_module, incident.faulting_offset) == ("orchard.exe", None)
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"
    assert read_evidence(MSJ.encode()).format == "crash-handler", "not a debugger's record"


def test_a_list_of_modules_gives_the_offset() -> None:
    found = reading(HANDLERS, PORT)
    (incident,) = found.incidents
    record = incident.exception
    assert record is not None
    assert (record.address, record.access, record.target) == (0x41D333, "write", 0x2C)
    assert (incident.faulting_module, incident.faulting_offset) == ("orchard.exe", 0x1D333)
    assert [module.name for module in found.modules] == ["orchard.exe", "ntdll.dll"]
    assert found.system is not None
    assert (found.system.build, found.system.service_pack) == (7601, 1)


def test_the_frame_at_the_exceptions_address_failed_not_the_handlers() -> None:
    incident = only_incident(HANDLERS, SERVER)
    assert incident.exception is not None
    assert (incident.exception.access, incident.exception.target) == ("read", 0x10)
    assert incident.faulting_module == "MSVCP140.dll"
    assert len(incident.stack) == 3


def test_labels_with_equals_signs() -> None:
    incident = only_incident(
        HANDLERS,
        "Version = 1.5.7\nTime = Tue Apr 14\nModule = C:\\Windows\\SysWOW64\\post.dll\nCode = 0xC0000005\n"
        "Offset = 0x0002E4F3\n\nEAX=00000000  EBX=BE250001\n",
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("post.dll", 0x2E4F3)


@pytest.mark.parametrize(
    "text",
    [
        "HTTP\nCode: C0000005\nBody: none\n",
        "Error code: 404\nAddress: 12 Main Street\n",
        "Code: 0xC0000005\nAddress: 12 Main Street\nModule: billing\n",
        "Reason: EXCEPTION_HANDLER_MISSING\nOffset: 12\nModule: a.dll\n",
    ],
)
def test_a_code_without_a_place_is_no_report(text: str) -> None:
    assert read_evidence(text.encode()).incidents == ()


PASCAL = """\
An unhandled exception occurred at $00000001003A5FCF:
EAccessViolation: Access violation
  $00000001003A5FCF  TREES_$$_GROW,  line 337 of units/trees.pas
  $000000010006454D
"""


def test_free_pascal_tells_class_address_and_stack() -> None:
    incident = only_incident(LAZARUS, PASCAL)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x1003A5FCF)
    assert frames(incident) == ["TREES_$$_GROW", "10006454d"]
    assert incident.stack[0].source == "units/trees.pas:337"


def test_a_programs_own_labels_above_the_stack() -> None:
    incident = only_incident(
        LAZARUS,
        "Program exception!\nApplication       : Orchard\nPath              : C:\\opt\\orchard.exe\n"
        "Exception Class   : EDivByZero\nMessage           : Division by zero\n\n"
        "Exception Address : $000000010000A23A\n  $000000010000A2C2\n"
        "  $00000001003A5FCF line 337 of ../units/trees.pas\n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000094, 0x10000A23A)
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"
    assert len(incident.stack) == 2


@pytest.mark.parametrize(("error", "code"), [(216, 0xC0000005), (200, 0xC0000094), (201, None)])
def test_a_run_time_error_is_an_exception_where_the_system_raised_it(error: int, code: int | None) -> None:
    incident = only_incident(LAZARUS, f"Runtime error {error} at $00401234\n  $00401234\n")
    assert (None if incident.exception is None else incident.exception.code) == code


LISTED = """\
==================================================
Dump File         : 021820-6437-01.dmp
Bug Check String  : SYSTEM_SERVICE_EXCEPTION
Bug Check Code    : 0x0000003b
Parameter 1       : 00000000`c0000005
Parameter 2       : fffff801`2345abcd
Parameter 3       : ffffb58c`1bb7d2a0
Parameter 4       : 00000000`00000000
Caused By Driver  : orchard.sys
Caused By Address : orchard.sys+1b35f0
Processor         : x64
Crash Address     : ntoskrnl.exe+1b35f0
Major Version     : 15
Minor Version     : 17134
==================================================
Dump File         : 021920-6438-01.dmp
Bug Check String  : MEMORY_MANAGEMENT
Bug Check Code    : 0x0000001a
Parameter 1       : 00000000`00041790
Caused By Driver  : ntoskrnl.exe
==================================================
"""


def test_every_dump_of_a_list_is_a_stop() -> None:
    found = reading(BLUESCREENS, LISTED)
    first, second = found.incidents
    assert first.bugcheck is not None
    assert second.bugcheck is not None
    assert (first.bugcheck.code, first.bugcheck.name) == (0x3B, "SYSTEM_SERVICE_EXCEPTION")
    assert first.bugcheck.parameters == (0xC0000005, 0xFFFFF8012345ABCD, 0xFFFFB58C1BB7D2A0, 0)
    assert (first.faulting_module, first.faulting_offset) == ("orchard.sys", 0x1B35F0)
    assert (second.bugcheck.code, second.bugcheck.parameters) == (0x1A, (0x41790,))
    assert found.system is not None
    assert (found.system.build, found.system.architecture) == (17134, "x64")


def test_a_stop_in_sentences() -> None:
    incident = only_incident(
        BLUESCREENS,
        "On Mon 12/4/2017 your computer crashed\ncrash dump file: C:\\Windows\\Minidump\\120417-1-01.dmp\n"
        "This was probably caused by the following module: orchard.sys (orchard+0x1234)\n"
        "Bugcheck code: 0x116 (0xFFFFFA800A1B2C30, 0xFFFFF8800F9A1234, 0xFFFFFFFFC000009A, 0x4)\n"
        "Error: VIDEO_TDR_ERROR\n",
    )
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.name) == (0x116, "VIDEO_TDR_ERROR")
    assert len(incident.bugcheck.parameters) == 4
    assert (incident.faulting_module, incident.faulting_offset) == ("orchard.sys", 0x1234)


BOINC = """\
Unhandled Exception Detected...

- Unhandled Exception Record -
Reason: Access Violation (0xc0000005) at address 0x0046C0FE read attempt to address 0x00000014

Engaging BOINC Windows Runtime Debugger...

ModLoad: 0000000000400000 0000000000185000 C:\\ProgramData\\harvest_5.10.exe (-nosymbols- Symbols Loaded)

- Unhandled Exception Record -
Reason: Access Violation (0xc0000005) at address 0x0046C0FE read attempt to address 0x00000014

- Registers -
eax=00000000 ebx=00000000 ecx=77e4245b edx=7c82ed54 esi=77e424a8 edi=00454f20
eip=0046c0fe esp=00a1fd64 ebp=00a1ffb4

- Callstack -
ChildEBP RetAddr  Args to Child
0012fe60 0040203b 00000000 00000000 00000000 00000001 harvest_5.10!worker+0x0 (c:\\src\\harvest\\work.c:174)
0012fe80 004239ce 77e66063 00000000 00000000 00000000 harvest_5.10!+0x0
"""

RAIDER = """\
Exception Code: ACCESS_VIOLATION
Disasm: 77BEFA7F\tMOVS DWORD PTR ES:[EDI],DWORD PTR [ESI]

Seh Chain:
--------------------------------------------------
1 \t76E7E47D \tmsvcrt.dll

Called From                   Returns To
--------------------------------------------------
ntdll.77BEFA7F                ntdll.77BEE9D9
msnetobj.6B823726             msnetobj.6B823814
"""

VEGAS = """\
Exception C0000005 caught!

Calltrace:
0x00000000 ==>            Orchard (0x00A72639) : EntryPoint+0xFFFFFFFF
0x0019F8D0 ==>            harvest (0x10A7309E) : Grow+0x1E

REG |    VALUE   | DEREFERENCE INFO
eip | 0x00A72639 |
"""

NEWER_VEGAS = """\
Exception: EXCEPTION_ACCESS_VIOLATION (C0000005)

Thread:

Calltrace:
     ebp    |                   Address                 |                 Function                 |  Source
 0x001AF504 |                      Orchard (0x009611EB) |                                          |
 0x001AF754 |                      harvest (0x1000A2AD) | Grow+0x7D                                | D:\\grow.cpp:37
"""

LAUNCHER = """\
Access violation exception (0xC0000005) at 0x0000000037580C4A
Read from 0x0000000000000018 failed
Callstack:
0000000037580C4A: ?? () in Orchard64.exe
0000000037584855: Tree::Grow (int) in harvest.dll
"""


@pytest.mark.parametrize(
    ("text", "code", "address", "target", "module", "stack"),
    [
        (BOINC, 0xC0000005, 0x46C0FE, 0x14, "harvest_5.10", ["harvest_5.10!worker", "harvest_5.10"]),
        (RAIDER, 0xC0000005, 0x77BEFA7F, None, "ntdll", ["ntdll", "msnetobj"]),
        (VEGAS, 0xC0000005, 0xA72639, None, "Orchard", ["Orchard", "harvest!Grow"]),
        (NEWER_VEGAS, 0xC0000005, 0x9611EB, None, "Orchard", ["Orchard", "harvest!Grow"]),
        (LAUNCHER, 0xC0000005, 0x37580C4A, 0x18, "Orchard64.exe", ["Orchard64.exe", "harvest.dll!Tree::Grow"]),
    ],
)
def test_reports_with_frames_of_their_own(
    text: str, code: int, address: int, target: int | None, module: str, stack: list[str]
) -> None:
    incident = only_incident(HANDLERS, text)
    record = incident.exception
    assert record is not None
    assert (record.code, record.address, record.target) == (code, address, target)
    assert incident.faulting_module == module
    assert ["!".join(filter(None, (frame.module, frame.function))) for frame in incident.stack] == stack


def test_a_code_in_a_table_of_codes_is_no_report() -> None:
    text = "Exception Code:\nXCPT_ACCESS_VIOLATION (0xC0000005)\nReason: ACCESS_VIOLATION\nError code: ERROR_OTHER\n"
    assert reading(HANDLERS, text).incidents == ()


def test_words_of_a_handler_in_its_source_are_no_report() -> None:
    assert reading(HANDLERS, '    printf("Exception C0000005 caught!");\n').incidents == ()
