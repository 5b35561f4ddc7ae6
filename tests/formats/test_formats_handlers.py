"""Reports of the crash handlers that programs bring along, of Free Pascal's run-time library, and of dump viewers."""

import pytest

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import BLUESCREENS, HANDLERS, LAZARUS
from triage.text.repair import repair

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
    ("head", "stamp"),
    [
        ("[20:14:43.150] [CrashHandler.cpp:72] [critical] Exception: 0xC0000005\nRegisters: \n", ""),
        (
            "[2022-09-16 16:19:13.786] [c:\\orchard\\workspace\\develop\\lib\\CrashHandler.cpp:345] [critical] "
            "EXCEPTION 0xC0000005 occurred\n",
            "[2022-09-16 16:19:13.786] [c:\\orchard\\workspace\\develop\\lib\\CrashHandler.cpp:177] [critical] ",
        ),
    ],
    ids=["one record of the log", "a record of the log for each row"],
)
def test_a_log_whose_records_are_the_code_and_the_registers(head: str, stamp: str) -> None:
    names = ("RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R9", "R10", "R11", "RIP")
    rows = "".join(f"{stamp}{name}: 0x00007FF660C9C0{at:02X}\n" for at, name in enumerate(names))
    incident = only_incident(HANDLERS, head + rows)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7FF660C9C00B)


def test_a_label_of_one_word_behind_a_logs_stamp_needs_the_registers() -> None:
    assert (
        read_evidence(b"[12:00:01] [app.cpp:7] [error] Exception: 0xC0000005\nThe request is tried again.\n").incidents
        == ()
    )


def test_the_nearest_name_and_its_address_behind_an_equals_sign() -> None:
    found = reading(
        HANDLERS,
        "ExceptionCode = 0xC0000005\nTrace00 0x00007FF6B1A31C4C = 0x00007FF6B1A31C30(Grow) + 0x1C\n"
        "Trace01 0x00007FF6B1A32C4C = ?\n0x00007FF6B1A30000 - 0x00007FF6B1A6FFFF = orchard.exe\n",
    )
    (incident,) = found.incidents
    assert frames(incident) == ["Grow", "orchard.exe+2c4c"]
    assert [module.name for module in found.modules] == ["orchard.exe"]


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
        "exception Class   : EDivByZero\nMessage           : Division by zero\n\n"
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


def test_an_exception_of_no_class_of_its_own_is_one_too() -> None:
    incident = only_incident(
        LAZARUS,
        "Path              : C:\\opt\\orchard.exe\nException Class   : Exception\n"
        "Message           : Out of leaves.\n  $00501A3E\n  $005E2CDD  TREES_$$_GROW,  line 357 of units/trees.pas\n",
    )
    assert incident.process is not None
    assert (incident.process.name, incident.exception, len(incident.stack)) == ("orchard.exe", None, 2)


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


TRANSLATED = """\
Dump-Datei        : 051621-9000-01.dmp
Absturzzeit       : 16.05.2021 10:10:57
Fehlerprüfstring  : DRIVER_CORRUPTED_MMPOOL
Fehlerprüfcode    : 0x000000d0
Parameter 1       : 0x786f6273
Parameter 2       : 0x00000006
Parameter 3       : 0x00000000
Parameter 4       : 0x00000000
Verursachender Treiber: orchard.sys
Verursachende Adresse: orchard.sys+bf03
Dateibeschreibung :
Produktname       :
Hersteller        :
Dateiversion      :
Prozessor         : 32-Bit
Absturzadresse    : ntoskrnl.exe+e2d58
Stapeladresse 1   : orchard.sys+be8f
Hauptversion      : 15
Nebenversion      : 9600
"""


@pytest.mark.parametrize("listed", [TRANSLATED, TRANSLATED.replace("\n", "\n\n")])
def test_labels_of_another_language_are_told_by_their_places(listed: str) -> None:
    found = reading(BLUESCREENS, listed)
    (incident,) = found.incidents
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.name) == (0xD0, "DRIVER_CORRUPTED_MMPOOL")
    assert incident.bugcheck.parameters == (0x786F6273, 6, 0, 0)
    assert (incident.faulting_module, incident.faulting_offset) == ("orchard.sys", 0xBF03)
    assert found.system is not None
    assert (found.system.build, found.system.architecture) == (9600, "x86")


@pytest.mark.parametrize("gap", ["\t", "  "])
def test_a_list_copied_row_by_row(gap: str) -> None:
    row = gap.join(
        [
            "011719-6437-01.dmp", "1/17/2019 9:35:05 AM", "SYSTEM_SERVICE_EXCEPTION", "0x0000003b",
            "00000000`c0000005", "fffff801`2345abcd", "ffffb58c`1bb7d2a0", "00000000`00000000", "orchard.sys",
            "orchard.sys+1b35f0", "x64", "ntoskrnl.exe+1b35f0", "C:\\Windows\\Minidump\\011719-6437-01.dmp", "8", "15",
            "17134", "1,234,567",
        ]
    )  # fmt: skip
    found = reading(BLUESCREENS, f"{row}\n{row.replace('011719', '021920')}\n")
    assert len(found.incidents) == 2
    stop = found.incidents[0].bugcheck
    assert stop is not None
    assert (stop.code, stop.name) == (0x3B, "SYSTEM_SERVICE_EXCEPTION")
    assert stop.parameters == (0xC0000005, 0xFFFFF8012345ABCD, 0xFFFFB58C1BB7D2A0, 0)
    assert (found.incidents[0].faulting_module, found.incidents[0].faulting_offset) == ("orchard.sys", 0x1B35F0)
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


def test_the_record_that_a_debugger_prints_is_no_handlers() -> None:
    text = (
        "ExceptionAddress: 6f2a2308 (quill!Page::Draw+0x1b8)\n   ExceptionCode: c0000005 (Access violation)\n"
        "  ExceptionFlags: 00000000\nNumberParameters: 2\n   Parameter[0]: 00000000\n   Parameter[1]: 0d6f4000\n"
    )
    assert reading(HANDLERS, text).incidents == ()


def test_a_code_in_a_table_of_codes_is_no_report() -> None:
    text = "Exception Code:\nXCPT_ACCESS_VIOLATION (0xC0000005)\nReason: ACCESS_VIOLATION\nError code: ERROR_OTHER\n"
    assert reading(HANDLERS, text).incidents == ()


def test_words_of_a_handler_in_its_source_are_no_report() -> None:
    assert reading(HANDLERS, '    printf("Exception C0000005 caught!");\n').incidents == ()


COLUMNS = """\
Exception Record:

ExceptionCode         : EXCEPTION_ACCESS_VIOLATION
Exception Address     : 0x00007FFA30A9D883
Exception Module      : leaf.dll
Exception Parameters  : 0x2
\tParameters[0] : 0x0000000000000001
\tParameters[1] : 0x0000000000000060

Stack trace:
leaf.dll            :0x00007FFA308CD480  Grow
orchard.exe         :0x00007FF7908D7686  Symbols not available
"""

PLAYER = """\
Unhandled exception: c0000005
Fault address: 7FFB26E2F3D0 (c:\\program files (x86)\\orchard\\leaf.dll)
Windows version: 10.0 build 19045 (release: 22H2; revision: 2130; 64-bit)

Stack            EIP              Arg0             Arg1             Arg2             Arg3             Address
000000D04B6FF2A0 00007FFB26E2F3D0 0000000000000000 0000000000000000 0000000000000000 0000000000000000 leaf.dll!0x7ffb26e2f3d0
000000D04B6FF320 00007FFB5A10268A 0000000000000000 0000000000000000 0000000000000000 0000000000000000 ucrtbase.dll!recalloc+0x9a
"""  # noqa: E501 - as wide as it is printed

DECIMAL = """\
[12:00:01] Unhandled exception: EXCEPTION_ACCESS_VIOLATION (C0000005)
Flags=0, Address = 0x62ab6b2e
  0) 0x62ab6b2e (leaf.dll + 92974)
  1) grow(void *, int) + 30 (grow.cpp:549) (Orchard.exe + 688062)
"""

COMPILER = """\
1>Stack dump:
1>0.\tProgram arguments: D:\\orchard\\graft.exe leaf.rsp
1>Exception Code: 0xC0000005
1> #0 0x00007ff6f64211fe (D:\\orchard\\graft.exe+0x15311fe)
1> #1 0x00007ffc2bb9259d (C:\\WINDOWS\\System32\\KERNEL32.DLL+0x1259d)
"""

EMULATOR = """\
Unhandled Win32 exception 0xC0000005.
Segfault reading location 000000000cb83000 at 0000000000109210.
Instruction address: 0000000000109210.
Module name: 'orchard.exe'.
Module base: 0000000000010000.
"""

LINKER = """\
  ExceptionCode            = C0000005
  ExceptionAddress         = 00007FF7B6F3A1B4 (00007FF7B6EF0000) "D:\\orchard\\graft.exe"
  ExceptionInformation[ 0] = 0000000000000000
  ExceptionInformation[ 1] = 0000000000000018
"""

FACTORY = """\
 204.820 Error Handler.cpp:503: Exception Code: c0000005, Address: 0x00007ff7880ba9ef
ModuleBase: 0x00007ff787660000, ImageSize: 02806000, RelativeAddress: 00a5a9ef
 204.820 Error Handler.cpp:509: Access Violation: Read at address 00000000000002F8
 204.820 Crashed in D:\\Orchard\\orchard.exe (0x00007ff787660000 - 0x00007ff789e66000)
"""


def test_a_report_in_columns_tells_the_access_in_its_parameters() -> None:
    incident = only_incident(HANDLERS, COLUMNS)
    record = incident.exception
    assert record is not None
    assert (record.code, record.access, record.target, record.address) == (0xC0000005, "write", 0x60, 0x7FFA30A9D883)
    assert (incident.faulting_module, incident.process and incident.process.name) == ("leaf.dll", "orchard.exe")
    assert [(frame.module, frame.function) for frame in incident.stack] == [("leaf.dll", "Grow"), ("orchard.exe", None)]


def test_a_module_behind_the_address_and_an_address_for_a_name() -> None:
    found = reading(HANDLERS, PLAYER)
    (incident,) = found.incidents
    assert incident.faulting_module == "leaf.dll"
    assert [(frame.module, frame.function) for frame in incident.stack] == [
        ("leaf.dll", None),
        ("ucrtbase.dll", "recalloc"),
    ]
    assert found.system is not None
    assert found.system.build == 19045


def test_decimal_offsets_are_told_by_where_they_put_the_module() -> None:
    incident = only_incident(HANDLERS, DECIMAL)
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 92974)
    assert (incident.stack[1].function, incident.stack[1].offset) == ("grow(void *, int)", 30)
    hexadecimal = only_incident(HANDLERS, DECIMAL.replace("0x62ab6b2e", "0x62b32974"))
    assert hexadecimal.faulting_offset == 0x92974


def test_the_call_stack_below_a_code_is_enough() -> None:
    incident = only_incident(HANDLERS, COMPILER)
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_offset) == ("graft.exe", 0x15311FE)
    assert reading(HANDLERS, COMPILER.partition("1> #0")[0]).incidents == ()


def test_the_base_of_the_module_gives_the_offset() -> None:
    incident = only_incident(HANDLERS, EMULATOR)
    assert (incident.faulting_module, incident.faulting_offset) == ("orchard.exe", 0xF9210)
    linker = only_incident(HANDLERS, LINKER)
    assert (linker.faulting_module, linker.faulting_offset) == ("graft.exe", 0x4A1B4)
    assert linker.exception is not None
    assert (linker.exception.access, linker.exception.target) == ("read", 0x18)


def test_rows_of_a_log_are_a_report_too() -> None:
    incident = only_incident(HANDLERS, FACTORY)
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_offset) == ("orchard.exe", 0xA5A9EF)
    assert incident.exception is not None
    assert (incident.exception.access, incident.exception.target) == ("read", 0x2F8)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Received fatal exception EXCEPTION_ACCESS_VIOLATION\n", None),
        ("EXCEPTION_ACCESS_VIOLATION (0xc0000005) at address 0xe00063e7\n", 0xE00063E7),
        ("Exception C0000005 at 00409088\nRegisters:\n", 0x409088),
        ("*** Unhandled exception 0xC0000005 (EXCEPTION_ACCESS_VIOLATION) at address 0x004027C2\n", 0x4027C2),
        ("## EXCEPTION: 0xC0000005 at address: 0x00538CFC: ACCESS VIOLATION  read attempt to address 0xB0\n", 0x538CFC),
        ("Crash reason:\n Exception: C0000005\n Location:  0059423B\n", 0x59423B),
        ("Error   : EXCEPTION_ACCESS_VIOLATION\nAddress : 0x00007FF73F1CED46\nModule  : orchard.exe\n", 0x7FF73F1CED46),
        (
            "Exception caught: Access Violation (0xc0000005)\nEIP = 0x0041A2C3\nFault while reading 0x00000004\n",
            0x41A2C3,
        ),
        ("200101 14:38:51 [ERROR] orchardd got exception 0xc0000005 ;\n", None),
        ("I keep getting an Unhandled Exception C0000005 (EXCEPTION_ACCESS_VIOLATION) on day two\n", None),
        ("C0000005 (EXCEPTION_ACCESS_VIOLATION)\n\nIt fails.\n", None),
        ('It says "UNHANDLED EXCEPTION: ACCESS_VIOLATION (c0000005)" at night\n', None),
        ("exception 0XC0000005 (ACCESS_VIOLATION) from Vectored Exception Handler catched; wait\n", None),
        ("0x00483FF9: ACCESS VIOLATION  read attempt to address 0x00000008\n", 0x483FF9),
        ("Exception: EXCEPTION_ACCESS_VIOLATION at 0x4f -- unknown function (ip: 000000000000004f)\n", 0x4F),
        ("Leaf 20:01:07.927 Oak (AUD,H1)  Unhandled exception 0xC0000005\n", None),
        ("Code: C0000005h, flags: 00000000h, address: 71D33A88h\n", 0x71D33A88),
        ("# C0000005 ACCESS_VIOLATION at 41C2C667 00:00000000\n", 0x41C2C667),
        (
            "*** Caught exception c0000005 (EXCEPTION_ACCESS_VIOLATION) [address=00000000000000E8,"
            " ip=00007FF7B61672E7] ***\n",
            0x7FF7B61672E7,
        ),
        ("|[0xC0000005:ntstatus] The instruction at 0x%p referenced memory at 0x%p.\n", None),
        ("Orchard Error: EXCEPTION_ACCESS_VIOLATION\n", None),
        ("访问冲突\uff080xC0000005\uff09\n", None),
        ("raised STORAGE_ERROR : EXCEPTION_ACCESS_VIOLATION\n", None),
        ("[22:53:37] Graft::HandleException: Exception (Code: 0xC0000005 at 0x0F4D8196)!\n", 0xF4D8196),
        (
            '[Crash] Unhandled exception at address 0x00000000fd123abc (code: 0xc0000005): "Access violation"\n',
            0xFD123ABC,
        ),
        ('"Received Exception Code 0xC0000005 @ EIP := 0x00197435(=GrowLeaf +0x20a5)\n', 0x197435),
        ("EmuMain (0xA80): Recieved Exception (Code := 0xC0000005)\n\n EIP := 0x100062E7 EFL := 0x00010202\n", None),
        ("OSError: [WinError -1073741819] Windows Error 0xc0000005\n", None),
        ("  >ExH - Thread d3d1a50e61b9, ExCode 0xc0000005, RIP 0000000140307AF5: ACCESS_VIOLATION READ\n", 0x140307AF5),
        ("5.4 Crash 0xc0000005 (Access Violation) leaf.dll+0x00a570f0\n", None),
        ("Crash on startup: Access Violation (c0000005)\n\nIt fails.\n", None),
    ],
)
def test_sentences_that_tell_a_code(text: str, address: int | None) -> None:
    incident = only_incident(HANDLERS, text)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, address)


def test_an_invalid_access_names_the_address_of_the_data() -> None:
    text = "Invalid memory access (C0000005) at address 0x1234\n[0x7ffe0948c196] Grow +27 in D:\\leaf.dll\n"
    incident = only_incident(HANDLERS, text)
    assert incident.exception is not None
    assert (incident.exception.address, incident.exception.target) == (None, 0x1234)


@pytest.mark.parametrize(
    ("row", "module", "function", "offset"),
    [
        ("  1    orchard.exe                 Grow (+ 14119760)", "orchard.exe", "Grow", 14119760),
        ("grow at D:/orchard\\\\leaf.jl:1191 [inlined]", None, "grow", None),
        ("orchard::Grow [0x00007FFD8E6A4C1D+77] (D:\\\\leaf.cc:611)", None, "orchard::Grow", 77),
        ("1: leaf.dll+0x55f75 (Grow)", "leaf.dll", "Grow", None),
        ("1: leaf.dll+0x55f75", "leaf.dll", None, 0x55F75),
        ("0x00007FF71F7C0A8C, D:\\\\graft.exe(0x00007FF71F2A0000) + 0x520A8C byte(s)", "graft.exe", None, 0x520A8C),
        ("60992710  00000000  load_leaves+3090", None, "load_leaves", 0x3090),
        (
            "75AC3736 LEAF.dll GrowLeaf + 0x716 (0x004372E0 0x00000000 0x00000010 0x00000000)",
            "LEAF.dll",
            "GrowLeaf",
            0x716,
        ),
        ("[GrowLeaf]: ??? addr:0x7ff6db5809b5", None, "GrowLeaf", None),
        ("SymGetSymFromAddr:487, addr:0x7ff6db5809b5", None, None, None),
        ("0x00007ff663cbb250 +0x0042b250 Leaf.exe         GrowLeaf", "Leaf.exe", "GrowLeaf", None),
        ("0x00007ff663cbb250 +0x0042b250 Leaf.exe", "Leaf.exe", None, 0x42B250),
        ("004027C2 orchard.exe (0x0019DD7C 0x00544298 0x0C729368 0x0019DB54)", "orchard.exe", None, None),
    ],
)
def test_frames_of_many_handlers(row: str, module: str | None, function: str | None, offset: int | None) -> None:
    text = f"Unhandled exception 0xC0000005 at address 0x004027C2\n{row}\n".replace("\\\\", "\\")
    (frame,) = only_incident(HANDLERS, text).stack
    assert (frame.module, frame.function, frame.offset) == (module, function, offset)


def test_dr_watsons_box_is_a_fault_message_and_no_report_of_a_handler() -> None:
    box = (
        "An application error has occurred and an application error log is being generated.\n\n"
        "orchard.exe\nException: access violation (0xc0000005), Address: 0x77f12345\n"
    )
    evidence = read_evidence(box.encode())
    assert evidence.format == "fault"
    (incident,) = evidence.incidents
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x77F12345)
    assert incident.messages[1].text == "orchard.exe Exception: access violation (0xc0000005), Address: 0x77f12345"


GEODE = """\
== Exception Information ==
Faulty Module: D:\\Games\\Orchard\\geode\\unzipped\\grower.leaf\\grower.leaf.dll
Exception Code: c0000005 (EXCEPTION_ACCESS_VIOLATION)
Exception Flags: 0
Instruction Address: 00007FFCD7965CC4 (grower.leaf.dll + 145cc4)
Exception Details: Failed to read from memory at 0x0
Crashed thread: Main

== Stack Trace ==
 - D:\\Games\\Orchard\\geode\\unzipped\\grower.leaf\\grower.leaf.dll + 145cc4 (Leaf::grow + 10)
 - 0000019332908049 (Hook handler)
 - orchard.dll + 11642b
"""


def test_a_report_with_dashes_before_its_frames() -> None:
    incident = only_incident(HANDLERS, GEODE)
    assert (incident.faulting_module, incident.faulting_offset) == ("grower.leaf.dll", 0x145CC4)
    assert frames(incident) == ["grower.leaf.dll!Leaf::grow", "19332908049", "orchard.dll+11642b"]
    assert incident.exception is not None
    assert (incident.exception.access, incident.exception.target) == ("read", 0)


def test_a_sentence_behind_a_stamp_names_the_place_in_brackets() -> None:
    incident = only_incident(
        HANDLERS,
        "[11:29:30] EXCEPTION_ACCESS_VIOLATION (0xC0000005) @ Address 0x7FFB68A9BBC8 (orchard.dll+0x6BBC8 base:0x7F)\n"
        "RIP: 7FFB68A9BBC8 RSP: AE524FCF20 RBP: AE524FEC80 RAX: 0\n\n"
        "Trace   0  0000000180012d26 (ntdll.dll+12D26)\n"
        "Trace   1  000000018006bbc8 (orchard.dll+6BBC8)\n",
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("orchard.dll", 0x6BBC8)
    assert frames(incident) == ["ntdll.dll+12d26", "orchard.dll+6bbc8"]


@pytest.mark.parametrize(
    ("text", "process"),
    [
        (
            "Error Type: Unhandled Exception: EXCEPTION_ACCESS_VIOLATION\n\n"
            "Memory Address: reading address 0x00000010\n\n"
            "Process: Orchard-WinGDK.exe / Orchard-Win64.exe (UE-Orchard)\n",
            "Orchard-WinGDK.exe",
        ),
        (
            "Error reason: Unhandled exception\nExpression: EXCEPTION_ACCESS_VIOLATION (0xC0000005)\n"
            "Message: The thread attempted to read inaccessible data at 0x10.\n",
            None,
        ),
        (
            "Program: D:\\Orchard\\orchardd.exe\nReason: Access violation. Illegal read by 0x7ff6db0d65ef at 0x10\n",
            "orchardd.exe",
        ),
    ],
)
def test_a_code_and_what_was_touched_are_enough(text: str, process: str | None) -> None:
    incident = only_incident(HANDLERS, text)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.access, incident.exception.target) == (0xC0000005, "read", 0x10)
    assert (None if incident.process is None else incident.process.name) == process


def test_a_list_of_addresses_is_no_stack_without_a_report() -> None:
    assert reading(HANDLERS, "Exception code: 0xC0000005\n - milk\n - butter\n").incidents == ()


def test_the_program_that_failed_is_the_process() -> None:
    text = "Exception Code: c0000005, Address: 0x00007ff7880ba9ef\nModule: orchard.exe\n"
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"


HOOK = """\
[12:05:08.9469941][ERROR/ExceptionHandler.cpp:45] EXCEPTION_ACCESS_VIOLATION
Dumping registers:
RAX: 0x7FF7685F6E78
R8:  0x0
RIP: 0x7FF765489D9F
Dumping stacktrace:
[0]\t0x7FFD5785A15B
[1]\torchard.dll+0x3C3C9
[2]\tD:\\orchard\\src\\leaf.cpp L: 52 orchard::leaf::grow
[3]\tORCHARD64.dll Leaf::Fall (ORCHARD64.dll+0x3AE7A)

--------End of exception--------
"""


def test_a_hook_that_prints_the_name_alone_above_the_registers() -> None:
    incident = only_incident(HANDLERS, HOOK)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7FF765489D9F)
    assert frames(incident, 4) == [
        "7ffd5785a15b",
        "orchard.dll+3c3c9",
        "orchard::leaf::grow",
        "ORCHARD64.dll!Leaf::Fall",
    ]
    assert incident.stack[2].source == "D:\\orchard\\src\\leaf.cpp:52"


def test_a_hook_that_tells_the_script_between_the_name_and_the_registers() -> None:
    text = """\
[18:41:01.8796698][FATAL/log_message_error_box.cpp:14] EXCEPTION_ACCESS_VIOLATION
Currently executing script: leaf_controller
Thread program counter (could be inaccurate): 14411380378843791543
Dumping registers:
RAX: 0x1
R8:  0x172F8CB2A00
Dumping stacktrace:
[0]\tLeaf.dll+0x182694 0x7FFF3BA32694
[1]\torchard.exe+0x16750DE 0x7FF66A6650DE
[2]\tKERNEL32.DLL BaseThreadInitThunk
--------End of exception--------
"""
    incident = only_incident(HANDLERS, text)
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005
    assert frames(incident, 3) == ["Leaf.dll+182694", "orchard.exe+16750de", "KERNEL32.DLL!BaseThreadInitThunk"]
    assert incident.stack[0].address == 0x7FFF3BA32694


def test_a_stack_above_the_row_that_tells_the_reason() -> None:
    text = """\
Here is my log, with the window in the background
stack dump [0]\t D:\\Games\\The Orchard\\orchard.exe+0x3C47DEB 0x7FF702987DEB
stack dump [1]\t 0xA759AFF270
stack dump [2]\t D:\\Games\\The Orchard\\leaf.dll+0x38DAEE3 0x7FF70261AEE3

Exiting after fatal event  (FATAL_EXCEPTION). Fatal type:  EXCEPTION_ACCESS_VIOLATION
"""
    incident = only_incident(HANDLERS, text)
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module) == (0xC0000005, "orchard.exe")
    assert frames(incident, 3) == ["orchard.exe+3c47deb", "a759aff270", "leaf.dll+38daee3"]
    (alone,) = reading(HANDLERS, text.splitlines()[-1] + "\n").incidents
    assert alone.stack == ()


def test_a_call_stack_below_a_heading_between_rulers() -> None:
    text = """\
=== BASIC INFORMATION: ========================
Playtime: 00:10:37.7677472
Exception: EXCEPTION_ACCESS_VIOLATION (C0000005)
Last Error: The handle is invalid. (00000006)
Install Path: D:\\Games\\Orchard
OS:  Windows 11 Enterprise - 22631 (23H2)
RAM: 24.00 GB
=== CALL STACK: ===============================
   EBP     |     Function Address | Function Name    | Source
0x0019F9B4 |    leaf (0x10007584) | leaf_grow+0x4    |
0x0019F9E8 | Orchard (0x00583BE9) |                  |
"""
    incident = only_incident(HANDLERS, text)
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module) == (0xC0000005, "leaf")
    assert frames(incident, 1) == ["leaf!leaf_grow"]


NEWER = """\
[07:20:19] [ORCHARD] [errr] Orchard has crashed!
[07:20:19] [ORCHARD] [errr]   Version: 1.27.6.0
[07:20:19] [ORCHARD] [errr]   EXCEPTION_ACCESS_VIOLATION
[07:20:19] [ORCHARD] [errr]   Attempted to read from: 0x2060
[07:20:19] [ORCHARD] [errr]   At: leaf.dll + 0x32b1b1
[07:20:19] [ORCHARD] [errr] Callstack:
[07:20:19] [ORCHARD] [errr]   leaf.dll + 0x32b1b1
[07:20:19] [ORCHARD] [errr]   Orchard.dll + 0xbbbdc
"""
OLDER = """\
[2022-05-03 12:23:30.609] [error] Cause: Access Violation
Attempted to read from: 0x0000000000002060
[2022-05-03 12:23:30.609] [error] At: leaf.dll + 0x32b1b1
[2022-05-03 12:23:30.610] [error]     leaf.dll + 0x32b1b1 (0x7ffdb13db1b1)
[2022-05-03 12:23:30.610] [error]     Orchard.dll + 0xbbbdc (0x7ffdd93fbbdc)
"""


@pytest.mark.parametrize("text", [NEWER, OLDER])
def test_a_mods_log_with_stamps_before_every_row(text: str) -> None:
    incident = only_incident(HANDLERS, text)
    assert incident.exception is not None
    told = incident.exception
    assert (told.code, told.access, told.target) == (0xC0000005, "read", 0x2060)
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 0x32B1B1)
    assert frames(incident, 2) == ["leaf.dll+32b1b1", "Orchard.dll+bbbdc"]


def test_the_words_alone_are_no_report() -> None:
    assert reading(HANDLERS, "[07:20:19] [error] It failed.\nAttempted to read from: 0x2060\n").incidents == ()


def test_an_engines_log_with_a_selector_before_the_address() -> None:
    text = """\
Executable: D:\\Games (x86)\\Orchard\\bin\\win_x64\\Orchard.exe

Exception Code: 0xC0000005
Exception Addr: 0x0033:0x00007FFC343DC10D
Exception Module: <Unknown>
Exception Description: EXCEPTION_ACCESS_VIOLATION, Attempt to read from address 0xFFFFFFFFFFFFFFFF

[Crashed] Call Stack: ["Main" [3712]]
 17) function=0x00007FFC343DC10D
 16) function=0x00007FFC34455162
"""
    incident = only_incident(HANDLERS, text.replace("\\\\", "\\"))
    assert incident.exception is not None
    told = incident.exception
    assert (told.address, told.access, told.target) == (0x7FFC343DC10D, "read", 0xFFFFFFFFFFFFFFFF)
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module) == ("Orchard.exe", None)
    assert [frame.address for frame in incident.stack] == [0x7FFC343DC10D, 0x7FFC34455162]


def test_a_hook_that_lists_modules_first() -> None:
    found = reading(
        HANDLERS,
        "[13:10:29.8713527][ERROR/exception_handler.cpp:27] EXCEPTION_ACCESS_VIOLATION\nDumping modules:\n"
        "orchard.exe Base Address: 0x7FF6667F0000 Size: 63526912\n"
        "leaf.dll Base Address: 0x7FF83AC10000 Size: 1245184\n",
    )
    (incident,) = found.incidents
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005
    assert [module.name for module in found.modules] == ["orchard.exe", "leaf.dll"]


def test_registers_below_another_row_are_no_report() -> None:
    assert reading(HANDLERS, "Tests passed.\nDumping registers:\nRAX: 0x1\n").incidents == ()


def test_a_record_with_the_numbers_of_pascal() -> None:
    incident = only_incident(
        HANDLERS,
        "ExceptionInfo: $01E4E1C0\n  ExceptionRecord: $01E4E2A0\n"
        "    ExceptionCode: $C0000005 = EXCEPTION_ACCESS_VIOLATION - The thread tried to read from or write to a page\n"
        "    ExceptionFlags: $00000000\n    ExceptionAddress: $010D21E6\n"
        "    ExceptionInformation[0]: $00000000\n    ExceptionInformation[1]: $0000000C\nCallstack (Frames):\n"
        '[010D21E6] Leaf.TLeaf.Grow (Line 1842, "Leaf.pas")\n'
        '[005A0C1B] Orchard.Controls.TTree.Click (Line 7454, "Orchard.Controls.pas")\n',
    )
    assert incident.exception is not None
    assert (incident.exception.address, incident.exception.access, incident.exception.target) == (0x10D21E6, "read", 12)
    assert frames(incident) == ["Leaf.TLeaf.Grow", "Orchard.Controls.TTree.Click"]
    assert incident.stack[0].source == "Leaf.pas:1842"


SANDBOX = """\
stacktrace:
LeafRaise+0x4b LeafFilter-0xf leaf4+0x1e106 @ 0x7769e106
OrchardClose-0x28c orchard+0x2cb5 @ 0x70a92cb5

exception.instruction_r: c9 c2 10 00 cc cc
exception.symbol: RaiseException+0x54 GetCommandLineA-0x6
exception.instruction: leave
exception.module: KERNELBASE.dll
exception.exception_code: 0xc0000005
exception.offset: 46887
exception.address: 0x7577b727
registers.esp: 2029612
"""


def test_a_sandbox_prints_the_stack_above_the_code_and_the_offset_in_decimal() -> None:
    incident = only_incident(HANDLERS, SANDBOX)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7577B727)
    assert (incident.faulting_module, incident.faulting_offset) == ("KERNELBASE.dll", 0xB727)
    assert frames(incident) == ["leaf4+1e106", "orchard+2cb5"]


EXPORTS = """\
0x00007ff6cc78d228 +0x0040d228 Orchard.exe      GrowLeaf
0x00007ffce5690f0e +0x000a0f0e ntdll.dll        KiUserExceptionDispatcher
0x00007ff6cc7ab250 +0x0042b250 Orchard.exe      GrowLeaf
"""


def test_a_stack_right_above_the_code_that_stands_with_the_place() -> None:
    incident = only_incident(
        HANDLERS, f"{EXPORTS}Exception 0xc0000005 at 0x7ff6cc7ab250(+0x42b250) in module Orchard.exe\n"
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("Orchard.exe", 0x42B250)
    assert len(incident.stack) == 3


def test_nothing_is_at_the_address_zero() -> None:
    incident = only_incident(HANDLERS, f"{EXPORTS}Exception 0xc0000005 at 0x0\n")
    assert incident.exception is not None
    assert (incident.exception.address, incident.faulting_module, len(incident.stack)) == (0, None, 3)


@pytest.mark.parametrize("printed", ["3221225477", "0x3221225477 (The instruction at 0x%p)", "-1073741819"])
def test_a_code_in_decimal(printed: str) -> None:
    incident = only_incident(HANDLERS, f"Exception address: leaf.dll+91C9A8\nExceptionCode: {printed}\n")
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 0x91C9A8)


def test_a_number_that_is_no_code_of_an_exception() -> None:
    rows = b"Exception address: leaf.dll+91C9A8\nException code: 1698765432\n"
    assert read_evidence(rows).incidents == ()


def test_a_record_in_one_row_of_a_journal() -> None:
    incident = only_incident(
        HANDLERS,
        "'C 10-Mar-2021 09:31:08.934;   0:< ExceptionCode=0xc0000005 ExceptionFlags=0x00000000"
        " ExceptionAddress=00007FFDB758063D \n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7FFDB758063D)


def test_a_stack_of_a_sandbox_without_its_exception() -> None:
    (incident,) = read_evidence(SANDBOX[: SANDBOX.index("exception.")].encode()).incidents
    assert frames(incident) == ["leaf4+1e106", "orchard+2cb5"]


def test_a_log_that_names_the_code_and_the_last_hooked_call() -> None:
    incident = only_incident(
        HANDLERS,
        "INFO (22:32:54.0392): Windows Exception (c0000005). Last hooked call: void *__stdcall Open(const wchar_t *)\n"
        "ERROR (22:32:54.0392): This is a critical error, the application will probably crash now.\n",
    )
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005


def test_a_handler_in_rust_that_asks_for_a_report() -> None:
    incident = only_incident(
        HANDLERS,
        "error: unhandled exception in leaf, please report a bug:\ncode 0xC0000005 at address 0x7ff869045d0c\n"
        "EXCEPTION_ACCESS_VIOLATION reading 0x2\nrax=000000a5cc9d8590 rip=00007ff869045d0c eflags=0000000000010202\n"
        "stack backtrace:\n   0:     0x7ff7a766959d - <unknown>\n   1:     0x7ff869045d0c - grow_leaf\n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7FF869045D0C)
    assert incident.process is not None
    assert incident.process.name == "leaf"
    assert frames(incident) == ["7ff7a766959d", "grow_leaf"]


@pytest.mark.parametrize("place", ["[leaf.dll] + 0x0004F936", "leaf.dll+0x4f936"])
def test_an_address_that_is_a_module_and_an_offset(place: str) -> None:
    incident = only_incident(HANDLERS, f"xception Code: 0xC0000005\nAddress: {place}\n")
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 0x4F936)


def test_frames_of_heroes_iii_stand_below_their_heading() -> None:
    incident = only_incident(
        HANDLERS,
        "> Failed to read data at FFFF0625.\nEIP: FFFF0625. Code: C0000005\n\n> Registers\nEAX: 00060630 (int: 3948)\n"
        "\n> Callstack\nUser32.39A13\nLeaf hd.004F885E\n\\_leaf_.16A67\n\n> Stack\n02D39A0C: 00000000 (int: 0)\n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0xFFFF0625)
    assert [(one.module, one.offset, one.address) for one in incident.stack] == [
        ("User32", 0x39A13, None),
        ("Leaf hd", None, 0x4F885E),
        ("_leaf_", 0x16A67, None),
    ]


def test_versions_are_no_frames() -> None:
    incident = only_incident(HANDLERS, "EIP: FFFF0625. Code: C0000005\nLeaf.1207\nLeaf.1208\n")
    assert incident.stack == ()


def test_a_module_alone_in_brackets() -> None:
    incident = only_incident(
        HANDLERS,
        "  Exception EXCEPTION_ACCESS_VIOLATION (0xC0000005) at address 0x76FF733D (leaf.dll).\n\nModules:\n"
        "  Base     Size     Path (Exception Offset)\n  01400000 0001A000 C:\\Orchard\\orchard.exe\n"
        "=>76FA0000 001AF000 C:\\Orchard\\leaf.dll  <==  0005733D\n",
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 0x5733D)


@pytest.mark.parametrize(
    "rows",
    [
        'Exception address: 0x005381A5 ("orchard.exe"+0x1381A5)\nException code: 0xC0000005\n',
        "Exception At Address: 0x005381A5 in orchard.exe+0x1381A5\n"
        "Exception: 0xC0000005 - Access violation reading location 0\n",
    ],
)
def test_an_address_with_its_module_behind_it(rows: str) -> None:
    incident = only_incident(HANDLERS, rows)
    assert (incident.faulting_module, incident.faulting_offset) == ("orchard.exe", 0x1381A5)


def test_the_kind_of_access_and_what_was_touched_behind_the_name() -> None:
    incident = only_incident(
        HANDLERS, "Exception At Address: 0x0042A1B2\nException Code: ACCESS_VIOLATION T: 1 A: 0x00000018\n"
    )
    assert incident.exception is not None
    assert (incident.exception.access, incident.exception.target) == ("write", 0x18)


def test_the_selector_of_programs_of_32_bits_stands_before_the_address() -> None:
    rows = "Process: orchard.exe\nReason: 0xC0000005 - EXCEPTION_ACCESS_VIOLATION at 0023:0042A1B2\n"
    incident = only_incident(HANDLERS, rows + "Attempt to read from 0x0000008A\n")
    assert incident.exception is not None
    assert (incident.exception.address, incident.exception.target) == (0x42A1B2, 0x8A)


def test_a_code_and_its_name_alone_in_a_row() -> None:
    incident = only_incident(HANDLERS, "It says:\n\n0xC0000005 - STATUS_ACCESS_VIOLATION\n")
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005


def test_a_list_of_codes_and_names_is_none() -> None:
    rows = "0xC0000005 - STATUS_ACCESS_VIOLATION\n0xC0000006 - STATUS_IN_PAGE_ERROR\n"
    assert reading(HANDLERS, rows).incidents == ()


@pytest.mark.parametrize(
    ("row", "module", "offset", "address"),
    [
        ("EIP: Leaf hd.0061E002. Code: C0000005", "Leaf hd", None, 0x61E002),
        ("# Crash in [Town Hall] dialog (HotSeat) EIP: Leaf.14D4D. Code: C0000005", "Leaf", 0x14D4D, None),
    ],
)
def test_a_pointer_with_its_module(row: str, module: str, offset: int | None, address: int | None) -> None:
    incident = only_incident(HANDLERS, f"{row}\n")
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, address)
    assert (incident.faulting_module, incident.faulting_offset) == (module, offset)


@pytest.mark.parametrize(
    "text",
    [
        "exception 0xC0000005 (STACK_OVERFLOW) from Vectored Exception Handler catched; wait\n",
        "UNHANDLED EXCEPTION: STACK_OVERFLOW (c0000005)\n",
        "# C0000005 BREAKPOINT at 41C2C667 00:00000000\n",
        "Crash 0xc0000005 (Stack overflow) leaf.dll+0x00a570f0\n",
        "One: Access Violation (c0000005)\nTwo: Stack Overflow (c00000fd)\nThree: Illegal Instruction (c000001d)\n",
        "raised STORAGE_ERROR : stack overflow or erroneous memory access\n",
        "Code: AA67913Ch, as the manual has it\n",
    ],
)
def test_a_code_that_is_not_its_names_is_none(text: str) -> None:
    told = [one.exception for one in HANDLERS.read(repair(text, "utf-8")).incidents]
    assert all(one is None or one.code != 0xC0000005 for one in told)


def test_a_code_with_its_module_in_a_title() -> None:
    incident = only_incident(HANDLERS, "5.4 Crash 0xc0000005 (Access Violation) leaf.dll+0x00a570f0\n")
    assert (incident.faulting_module, incident.faulting_offset) == ("leaf.dll", 0xA570F0)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("#0 0x00007ff63ef6765b C:\\llvm\\graft.exe 0xd765b C:\\llvm\\graft.exe 0xd70b3\n", ["graft.exe+d765b"]),
        ("2024 INFO  EDCORE: 0x0000000001C2C667 (leaf): (function-name not available) + 0x0\n", ["1c2c667"]),
        ("2024 INFO  EDCORE: 0x0000000001C2C667 (leaf): Grow + 0x12\n", ["leaf!Grow"]),
        ("[00007FFD7D39E237] Grow+0x1e7\n[00007FFD7D39E000]\n", ["Grow", "7ffd7d39e000"]),
        ("Stack:\nleaf!grow+0x558a [c:\\orchard\\leaf.c @ 1111]\nntdll+0x12\n", ["leaf!grow", "ntdll+12"]),
        ('Address: 0281A830h (leaf+8A830h), symbol: "Grow" (+AAF0h)\n', ["leaf!Grow"]),
    ],
)
def test_frames_of_more_handlers(rows: str, told: list[str]) -> None:
    incident = only_incident(HANDLERS, f"Unhandled exception 0xC0000005 at address 0x004027C2\n{rows}")
    assert [one.removeprefix("leaf!(") for one in frames(incident, len(told))] == told


def test_the_first_call_of_julia_stands_behind_the_exception() -> None:
    text = (
        "Exception: EXCEPTION_ACCESS_VIOLATION at 0x7ffd12345678 -- grow at C:\\orchard\\leaf.c:12\n"
        "in expression starting at C:\\orchard\\leaf.jl:3\n"
        "grow at C:\\orchard\\leaf.c:12\n"
        "plant at C:\\orchard\\tree.jl:40\n"
    )
    assert frames(only_incident(HANDLERS, text)) == ["grow", "plant"]


@pytest.mark.parametrize(
    ("row", "process"),
    [
        ('0.\tProgram arguments: "C:\\\\llvm\\\\graft.exe" leaf.cc', "graft.exe"),
        ("2024 INFO EDCORE: Z:\\Orchard\\bin\\Orchard.exe", "Orchard.exe"),
        ("C:\\orchard\\bin\\graft.exe -r --std=08 leaf", "graft.exe"),
    ],
)
def test_the_program_in_a_row_of_its_own(row: str, process: str) -> None:
    incident = only_incident(HANDLERS, f"{row}\nException Code: 0xC0000005\nException Address: 0x004027C2\n")
    assert incident.process is not None
    assert incident.process.name == process


def test_a_handler_that_names_the_module_it_is_in() -> None:
    text = "-- Unhandled Exception in -> leaf.dll\nException Code: 0xC0000005\n"
    assert only_incident(HANDLERS, text).faulting_module == "leaf.dll"


def test_the_place_below_the_registers() -> None:
    text = (
        "Code: C0000005h, flags: 00000000h, address: 71D33A88h\nOperation: read\n\n"
        "EAX: 00000000h\nEIP: 71D33A88h\n\nCrash location:\nModule: leaf\nOffset: 3A88h\n"
    )
    assert only_incident(HANDLERS, text).faulting_module == "leaf"
