import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.model.evidence import ExceptionRecord
from triage.text.exceptions import read_sightings
from triage.text.lines import Text
from triage.text.repair import repair


def text_of(text: str) -> Text:
    return repair(text, "utf-8")


def read_exceptions(text: Text) -> tuple[ExceptionRecord, ...]:
    return tuple(sighting.record for sighting in read_sightings(text))


@pytest.mark.parametrize(
    ("line", "code", "chance"),
    [
        ("Access violation - code c0000005 (first chance)", 0xC0000005, "first"),
        ("(9a4.1b2c): Access violation - code c0000005 (!!! second chance !!!)", 0xC0000005, "second"),
        ("(1a0.7c): Unknown exception - code 0000071a (first chance)", 0x71A, "first"),
        ("(9c4.8): C++ EH exception - code e06d7363 (first chance)", 0xE06D7363, "first"),
        ("(9c4.8): Integer divide-by-zero - code c0000094 (!!! second chance !!!)", 0xC0000094, "second"),
        ("(1f.2e): Break instruction exception - code 80000003 (first/second chance not available)", 0x80000003, None),
        ("Last event: 1c04.2308: Stack overflow - code c00000fd (first chance)", 0xC00000FD, "first"),
        ("0:000> (9a4.1b2c): In-page I/O error - code c0000006 (first chance)", 0xC0000006, "first"),
        ("D:\\x\\tail.dll Access violation - code c0000005 (first chance)", 0xC0000005, "first"),
        ("NTSD: access violation", 0xC0000005, "first"),
        ("CDB: integer divide by zero\nCDB: !!! second chance !!!", 0xC0000094, "second"),
        ("Unhandled exception in Ledger.exe (POST.DLL): 0xC0000005: Access Violation.", 0xC0000005, "second"),
        ("First-chance exception in ledger.exe: 0xC00000FD: Stack Overflow.", 0xC00000FD, "first"),
        ("   ExceptionCode: c0000374", 0xC0000374, None),
        ("EXCEPTION_CODE: (NTSTATUS) 0xc0000409 - The system detected an overrun", 0xC0000409, None),
        ("ERROR_CODE: (NTSTATUS) 0xc0000005 - The instruction at 0x%p", 0xC0000005, None),
        ("EXCEPTION_CODE: (Win32) 0x1 (1) - Incorrect function.", 1, None),
        ("Second Chance Exception Type: STATUS_ACCESS_VIOLATION (0xC0000005)", 0xC0000005, "second"),
        ("Crash reason:  EXCEPTION_ACCESS_VIOLATION_WRITE", 0xC0000005, None),
        ("unexpected exception: code=80000003 addr=80121575", 0x80000003, None),
        ("*** An Access Violation occurred in winlogon.exe:", 0xC0000005, "second"),
        ("Access\nviolation\n- code\nc0000005\n(first\nchance)", 0xC0000005, "first"),
    ],
)
def test_the_forms(line: str, code: int, chance: str | None) -> None:
    (record,) = read_exceptions(text_of(line))
    assert (record.code, record.chance) == (code, chance)


@pytest.mark.parametrize(
    "line",
    [
        "Some common problems are exception code 0x80000003.  This means a hard",
        "ERROR_CODE: 404",
        "The setup ended with code 00000001 (see the log)",
        "exit code c0000005",
        "Unhandled exception in thread started by <function run at 0x7f11>",
        "An exception happened while executing a system service routine.",
    ],
)
def test_words_about_exceptions_are_none(line: str) -> None:
    assert read_exceptions(text_of(line)) == ()


def test_registers_symbol_and_instruction_below_the_line_belong_to_it() -> None:
    (sighting,) = read_sightings(
        text_of(
            "(9a4.1b2c): Access violation - code c0000005 (first chance)\n"
            "First chance exceptions are reported before any exception handling.\n"
            "eax=00000000 ebx=7efde000 ecx=00000010 edx=00000000 esi=00000000 edi=00000000\n"
            "eip=00401a2c esp=0012ff50 ebp=0012ff88 iopl=0         nv up ei pl zr na pe nc\n"
            "quill!Render+0x1c:\n"
            "00401a2c 8901            mov     dword ptr [ecx],eax  ds:002b:00000010=????????\n"
        )
    )
    assert (sighting.pid, sighting.tid, sighting.symbol) == (0x9A4, 0x1B2C, "quill!Render+0x1c")
    record = sighting.record
    assert (record.address, record.access, record.target) == (0x401A2C, "write", 0x10)
    assert record.lines == (1, 1)


@pytest.mark.parametrize(
    ("instruction", "access"),
    [
        ("8b4108          mov     eax,dword ptr [ecx+8]  ds:0023:00000008=????????", "read"),
        ("ff7104          push    dword ptr [ecx+4]    ds:0023:00000004=????????", "read"),
        ("c60000          mov     byte ptr [eax],0   ds:0023:00000000=??", "write"),
        ("8b4108          mov     eax,dword ptr [ecx+8]\nds:0023:00000008=????????", "read"),
        ("8b4108          mov     eax,dword ptr [ecx+8]  ds:0023:00000008=00000001", None),
        ("f3a5            rep movs dword ptr es:[edi],dword ptr [esi] es:0023:00000008=????????", None),
    ],
)
def test_the_instruction_tells_the_access(instruction: str, access: str | None) -> None:
    (record,) = read_exceptions(text_of(f"Access violation - code c0000005 (first chance)\n00401a2c {instruction}"))
    assert record.access == access


def test_the_context_ends_at_the_next_event() -> None:
    first, second = read_exceptions(
        text_of(
            "(9a4.1): C++ EH exception - code e06d7363 (first chance)\n"
            "(9a4.1): Access violation - code c0000005 (first chance)\n"
            "quill!Render+0x1c:\n00401a2c 8901            mov     dword ptr [ecx],eax\n"
        )
    )
    assert first.address is None
    assert second.address == 0x401A2C


def test_a_record_with_its_parameters() -> None:
    (sighting,) = read_sightings(
        text_of(
            "EXCEPTION_RECORD:  ffffffff -- (.exr 0xffffffffffffffff)\n"
            "ExceptionAddress: 00007ff6`8d1c2b40 (harbor!Queue::Pop+0x0000000000000020)\n"
            "   ExceptionCode: c0000005 (Access violation)\n  ExceptionFlags: 00000000\nNumberParameters: 2\n"
            "   Parameter[0]: 0000000000000001\n   Parameter[1]: 0000000000000018\n"
            "Attempt to write to address 0000000000000018\n"
        )
    )
    record = sighting.record
    assert sighting.symbol == "harbor!Queue::Pop+0x0000000000000020"
    assert record.address == 0x7FF68D1C2B40
    assert (record.parameters, record.access, record.target, record.lines) == ((1, 0x18), "write", 0x18, (2, 8))


def test_the_symbol_of_a_record_may_be_wrapped_below_its_address() -> None:
    (sighting,) = read_sightings(
        text_of(
            "ExceptionAddress: 00007ff6`8d1c2b40\n(harbor!Queue::Pop+0x0000000000000020)\n"
            "   ExceptionCode: c0000005 (Access violation)\n"
        )
    )
    assert sighting.symbol == "harbor!Queue::Pop+0x0000000000000020"


@pytest.mark.parametrize(("kind", "access"), [(0, "read"), (1, "write"), (8, "execute")])
def test_parameters_tell_access_where_no_words_do(kind: int, access: str) -> None:
    (record,) = read_exceptions(
        text_of(
            f"EXCEPTION_CODE: (NTSTATUS) 0xc0000005\nEXCEPTION_PARAMETER1:  {kind:08x}\nEXCEPTION_PARAMETER2:  00000018"
        )
    )
    assert (record.access, record.target) == (access, 0x18)


def test_two_records_are_two() -> None:
    record = "ExceptionAddress: 0040{0}000\n   ExceptionCode: c0000005\nNumberParameters: 0\n"
    assert [one.address for one in read_exceptions(text_of(record.format(1) + record.format(2)))] == [
        0x401000,
        0x402000,
    ]


def test_visual_studio_names_process_and_module() -> None:
    (sighting,) = read_sightings(text_of("Unhandled exception in Ledger.exe (POST.DLL): 0xC0000005: Access Violation."))
    assert (sighting.process, sighting.module) == ("Ledger.exe", "POST.DLL")


def test_an_exception_of_cpp_that_nobody_caught_has_its_code() -> None:
    line = "{} at 0x751a4b32 in ledger.exe: Microsoft C++ exception: std::bad_alloc at memory location 0x0012f7b4."
    (sighting,) = read_sightings(text_of(line.format("Unhandled exception")))
    assert (sighting.record.code, sighting.record.address, sighting.process) == (0xE06D7363, 0x751A4B32, "ledger.exe")
    assert read_sightings(text_of(line.format("First-chance exception"))) == ()


def test_what_was_touched_is_told_without_the_words_for_it_too() -> None:
    line = "Unhandled exception at 0x7BF8F289 in post.dll: 0xC0000005: reading location 0x84040008"
    (sighting,) = read_sightings(text_of(line))
    assert (sighting.module, sighting.record.access, sighting.record.target) == ("post.dll", "read", 0x84040008)


@pytest.mark.parametrize(
    "unit", ["a", "1", " ", "\n", "code c0000005 ", "- code ", "a - ", "exception: ", "CDB: ", "("]
)
def test_a_megabyte_of_one_thing_is_read(unit: str) -> None:
    assert len(read_sightings(text_of(unit * (1_000_000 // len(unit))))) <= 1


@given(st.text(alphabet="acdeox05 -():!\n.+exceptionviolationfirstchance", max_size=300))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read(text: str) -> None:
    for record in read_exceptions(text_of(text)):
        assert 0 <= record.code <= 0xFFFFFFFF
        assert record.lines[0] <= record.lines[1]


@pytest.mark.parametrize(
    ("printed", "name"),
    [("orchard.exe.12144.dmp", "orchard.exe"), ("orchard.exe.dmp", "orchard.exe"), ("8acbe77983bb.dmp", None)],
)
def test_visual_studio_names_the_dump_where_one_is_open(printed: str, name: str | None) -> None:
    line = (
        f"Unhandled exception at 0x1111B (leaf.dll) in {printed}: 0xC0000005: Access violation reading location 0x3C."
    )
    (sighting,) = read_sightings(text_of(line.replace("0x1111B", "0x0001111B")))
    assert (sighting.process, sighting.module) == (name, "leaf.dll")


def test_a_line_of_visual_studio_that_has_lost_its_beginning() -> None:
    (sighting,) = read_sightings(text_of(" orchard.exe: 0xC0000005: Access violation reading location 0x0000004B."))
    assert (sighting.process, sighting.record.access, sighting.record.target) == ("orchard.exe", "read", 0x4B)


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("Prozessname: orchard.exe : C:\\Orchard\\orchard.exe", "Ausnahmecode: 0xC0000005"),
        ("进程名称:\torchard.exe : C:\\Orchard\\orchard.exe", "异常代码:\t0xC0000005"),
        ("Nom du processus : orchard.exe : C:\\orchard.exe", "Code d'exception : 0xC0000005"),
    ],
    ids=["German", "Chinese", "French"],
)
def test_the_summary_of_a_dump_in_any_language(program: str, code: str) -> None:
    (sighting,) = read_sightings(text_of(f"{program}\nx64\n{code}\n"))
    assert (sighting.process, sighting.record.code) == ("orchard.exe", 0xC0000005)
    assert read_sightings(text_of(f"{program.partition(' : C')[0]}\nx64\n{code}\n")) == ()


def test_the_summary_of_a_dump_as_it_is_retyped() -> None:
    words = "The thread tried to read from or write to a virtual address for which it has not the access."
    (sighting,) = read_sightings(text_of(f"errorcode:  0xC0000005\nerrorinfo:  {words}\n"))
    assert sighting.record.code == 0xC0000005
    assert read_sightings(text_of("errorcode:  0xC0000005\nerrorinfo:  what it means is told below\n")) == ()


@pytest.mark.parametrize(
    ("row", "access", "target"),
    [
        ("Unhandled exception at module leaf.dll: Access violation reading location...", "read", None),
        ("It says: unhandled exception in module leaf.dll: access violation writing location 0x10", "write", 0x10),
    ],
)
def test_visual_studio_as_people_remember_it(row: str, access: str, target: int | None) -> None:
    (sighting,) = read_sightings(text_of(row))
    assert (sighting.module, sighting.record.access, sighting.record.target) == ("leaf.dll", access, target)


@pytest.mark.parametrize(
    ("row", "chance", "access"),
    [
        ("Exception thrown: read access violation.", "first", "read"),
        ("> Unhandled exception thrown: write access violation.", "second", "write"),
    ],
)
def test_the_helper_of_visual_studio_says_what_was_tried(row: str, chance: str, access: str) -> None:
    (sighting,) = read_sightings(text_of(f"{row}\n**this** was nullptr.\n"))
    assert (sighting.record.code, sighting.record.chance, sighting.record.access) == (0xC0000005, chance, access)


def test_what_is_said_about_the_helper_of_visual_studio_is_no_exception() -> None:
    row = 'The message "Exception thrown: read access violation." means that a pointer was wrong.'
    assert read_sightings(text_of(row)) == ()


def test_a_comment_of_a_program_that_knows_the_code_is_none() -> None:
    assert read_sightings(text_of("    /// Access violation - code c0000005")) == ()


@pytest.mark.parametrize("address", ["00007FFE16FB1B91 quill.00007FFE16FB1B91", "quill.00007FFE16FB1B91"])
def test_exinfo_of_x64dbg_names_the_module_before_the_address(address: str) -> None:
    (sighting,) = read_sightings(
        text_of(
            "EXCEPTION_DEBUG_INFO:\n           dwFirstChance: 1\n"
            "           ExceptionCode: C0000005 (EXCEPTION_ACCESS_VIOLATION)\n"
            f"        ExceptionAddress: {address}\n"
        )
    )
    assert (sighting.record.code, sighting.record.address, sighting.module) == (0xC0000005, 0x7FFE16FB1B91, "quill")


def test_strings_in_a_programs_list_tell_of_no_exception() -> None:
    assert (
        read_exceptions(
            text_of('        rows = [\n            "ExceptionCode: e06d7363 (C++ EH exception)",\n        ]')
        )
        == ()
    )


def test_what_the_heap_says_before_it_breaks_in() -> None:
    (first, second) = read_exceptions(
        text_of(
            "Critical error detected c0000374\n(bac.4f40): Break instruction exception - code 80000003 (first chance)"
        )
    )
    assert (first.code, second.code) == (0xC0000374, 0x80000003)


def test_memory_that_was_read_as_a_record_is_none() -> None:
    record = "ExceptionAddress: 00401a2c\n   ExceptionCode: {}\n  ExceptionFlags: 00000000\nNumberParameters: {}\n"
    assert not read_exceptions(text_of(record.format("69727720", 2818099)))
    (found,) = read_exceptions(text_of(record.format("c0000005", 2)))
    assert found.code == 0xC0000005


def test_the_key_of_an_access_violation_where_the_analysis_is_cut_behind_its_keys() -> None:
    key = "KEY_VALUES_STRING: 1\n\n    Key  : AV.Fault\n    Value: Write\n"
    (found,) = read_exceptions(text_of(key))
    assert (found.code, found.access) == (0xC0000005, "write")
    (found,) = read_exceptions(text_of(key + "\nEXCEPTION_CODE: (NTSTATUS) 0xc0000006 - An I/O error\n"))
    assert (found.code, found.access) == (0xC0000006, "write")


def test_the_parameters_of_a_record_under_the_name_that_x64dbg_gives_them() -> None:
    (record,) = read_exceptions(
        text_of(
            "           ExceptionCode: C0000005 (EXCEPTION_ACCESS_VIOLATION)\n"
            "        ExceptionAddress: orchard.7F2A1E50\n        NumberParameters: 2\n"
            "ExceptionInformation[00]: 00000001 Write\nExceptionInformation[01]: 00000010 Inaccessible Address\n"
        )
    )
    assert (record.access, record.target) == ("write", 0x10)


@pytest.mark.parametrize(
    ("above", "process"),
    [("The following access violation may occur in Ledger.exe:", "Ledger.exe"), ("It may occur in Ledger.exe.", None)],
)
def test_an_article_introduces_what_the_debugger_of_the_nt_era_said(above: str, process: str | None) -> None:
    (found,) = read_sightings(text_of(f"{above}\n\nNTSD: access violation\neax=0ee01008 ebx=0b771dc8\n"))
    assert (found.record.code, found.process) == (0xC0000005, process)
