"""Wine's debugger: one fault told twice, frames by number and address, whatever happened to the lines."""

import pytest

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import WINE

REPORT = """\
wine: Unhandled page fault on read access to 00000004 at address 0041A2C3 (thread 0024), starting debugger...
Unhandled exception: page fault on read access to 0x00000004 in 32-bit code (0x0041a2c3).
Register dump:
 CS:0023 SS:002b DS:002b ES:002b FS:0063 GS:006b
 EIP:0041a2c3 ESP:0033cec4 EBP:0033fed8 EFLAGS:00010246(  R- --  I  Z- -P- )
Stack dump:
0x0033fec4:  7b460da2 7ffdf000 7b46506c 7b46506c
Backtrace:
=>0 0x0041a2c3 in fruit press (+0x1a2c3) (0x0033fed8)
  1 0x6ed9e03c WINPOS_SysCommand+0xeac(hwnd=<is not available>) [Z:\\src\\user32\\winpos.c:3056] in user32 (0x0033fee8)
  2 0x7b463dae call_process_entry+0x1d() in kernel32 (0x0033ffec)
0x0041a2c3: movl\t0x4(%eax),%eax
Modules:
Module\tAddress\t\t\tDebug info\tName (4 modules)
PE\t  400000-  4c5000\tExport          fruit press
PE\t6ed50000-6ef00000\tDwarf           user32
ELF\t7b400000-7b7f0000\tDwarf           kernel32<elf>
  \\-PE\t7b420000-7b7f0000\t\\               kernel32
Threads:
process  tid      prio (all id:s are in hex)
00000020 (D) C:\\Games\\Fruit Press\\press.exe
\t00000024    0 <==
System information:
    Wine build: wine-8.0
    Platform: i386
    Version: Windows 7
"""


def test_the_kernels_line_and_the_debuggers_report_are_one_incident() -> None:
    found = reading(WINE, REPORT)
    (incident,) = found.incidents
    record = incident.exception
    assert record is not None
    assert (record.code, record.access, record.target, record.address) == (0xC0000005, "read", 4, 0x41A2C3)
    assert (incident.faulting_module, incident.faulting_offset) == ("fruit press", 0x1A2C3)
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("press.exe", 0x20)
    assert found.system is not None
    assert found.system.product == "Windows 7"


def test_a_call_of_what_is_not_implemented_is_told_with_two_addresses() -> None:
    def report(called: str, stopped: str) -> str:
        return (
            f"wine: Unimplemented function {called} called at address 0x7b840f60 (thread 0009), starting debugger...\n"
            f"Unhandled exception: unimplemented function {stopped} called in 32-bit code (0x7b840fda).\n"
            "Backtrace:\n=>0 0x7b840fda RaiseException+0x7a() in kernel32 (0x0024a9b4)\n"
        )

    incident = only_incident(WINE, report("leaf_36.dll.GrowLeaf", "leaf_36.dll.GrowLeaf"))
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module) == (0x80000100, "kernel32")
    assert len(reading(WINE, report("leaf_36.dll.GrowLeaf", "leaf_36.dll.GrowStem")).incidents) == 2


def test_frames_name_modules_functions_and_sources() -> None:
    incident = only_incident(WINE, REPORT)
    assert frames(incident) == ["fruit press+1a2c3", "user32!WINPOS_SysCommand", "kernel32!call_process_entry"]
    assert incident.stack[1].source == "Z:\\src\\user32\\winpos.c:3056"
    assert incident.stack[2].offset == 0x1D


def test_each_row_of_the_module_table_is_a_module() -> None:
    modules = reading(WINE, REPORT).modules
    assert [module.name for module in modules] == ["fruit press", "user32", "kernel32<elf>", "kernel32"]
    assert (modules[0].base, modules[0].end) == (0x400000, 0x4C5000)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("\nUnhandled", "\nnhandled"),
        lambda text: "".join(f"> {row}\n" for row in text.splitlines()),
        lambda text: "> `" + "\n> ".join(text.splitlines()[1:]),
        lambda text: " ".join(text.splitlines()[1:11]),
        lambda text: "".join(f"[app         ] {row}\n" for row in text.splitlines()),
        lambda text: text.replace("\n", "\r\n"),
    ],
    ids=["first letter lost", "quoted", "quoted with a back quote", "on one line", "with a prefix", "CR LF"],
)
def test_reports_are_read_whatever_happened_to_them(damage: object) -> None:
    assert callable(damage)
    incident = only_incident(WINE, damage(REPORT))
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005
    assert frames(incident, 2) == ["fruit press+1a2c3", "user32!WINPOS_SysCommand"]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("page fault on write access to 0x00000000", 0xC0000005),
        ("divide by zero", 0xC0000094),
        ("illegal instruction", 0xC000001D),
        ("privileged instruction", 0xC0000096),
        ("stack overflow", 0xC00000FD),
        ("C++ exception(object = 0x0033f2a0, type = 0x0052f1d8)", 0xE06D7363),
        ("0xe0434352", 0xE0434352),
        ("unimplemented function wininet.dll.InternetOpenA called", 0x80000100),
    ],
)
def test_words_stand_for_codes(what: str, code: int) -> None:
    incident = only_incident(WINE, f"Unhandled exception: {what} in 64-bit code (0x0000000140001234).")
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (code, 0x140001234)


def test_a_frame_outside_of_any_module_keeps_its_address() -> None:
    incident = only_incident(
        WINE,
        "Unhandled exception: page fault on read access to 0x82cd9360 in wow64 32-bit code (0x82cd9360).\nBacktrace:\n"
        "=>0 0x82cd9360 (0x0080f2c8)\n  1 0x004c5444 in press (+0xc5444) (0x0080f2ec)\n",
    )
    assert frames(incident) == ["82cd9360", "press+c5444"]
    assert incident.faulting_module is None


def test_two_faults_are_two_incidents() -> None:
    other = REPORT.replace("0041a2c3", "0041b000").replace("0041A2C3", "0041B000")
    assert len(reading(WINE, REPORT + other).incidents) == 2


def test_a_row_of_wines_log_is_all_where_no_debugger_starts() -> None:
    incident = only_incident(
        WINE, "0024:err:seh:NtRaiseException Unhandled exception code c0000005 flags 0 addr 0x59adb3\n"
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x59ADB3)


@pytest.mark.parametrize(("words", "code"), [("division by zero", 0xC0000094), ("invalid float operation", 0xC0000090)])
def test_more_words_of_wine(words: str, code: int) -> None:
    incident = only_incident(
        WINE, f"wine: Unhandled {words} at address 0xd10f239b (thread 0025), starting debugger...\n"
    )
    assert incident.exception is not None
    assert incident.exception.code == code


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("> /games/Orchard$ wine ./orchard.exe -opengl\n", ""),
        ("[app         ] + wine64 orchard.exe\n[app         ] ", ""),
        ("+ wine orchard.exe\n", ""),
        ("$ WINEPREFIX=~/.orchard wine64 'C:\\Games\\orchard.exe'\n", ""),
        ("", "/usr/local/bin/orchard: line 11:  5484 Segmentation fault      wine orchard.exe\n"),
    ],
)
def test_the_shell_names_the_program(above: str, below: str) -> None:
    fault = "wine: Unhandled page fault on read access to 0x60c7c7d7 at address 0x7bc3aa59 (thread 0009)\n"
    incident = only_incident(WINE, above + fault + below)
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"


def test_talk_about_wine_names_no_program() -> None:
    fault = "wine: Unhandled page fault on read access to 0x60c7c7d7 at address 0x7bc3aa59 (thread 0009)\n"
    assert only_incident(WINE, "I use wine with orchard.exe every day\n" + fault).process is None


def test_the_kernels_line_wrapped_before_its_address() -> None:
    incident = only_incident(
        WINE,
        "wine: Unhandled page fault on read access to 0000000000000018\n      at address 1400439E8 (thread 01)\n",
    )
    assert incident.exception is not None
    assert (incident.exception.address, incident.exception.target) == (0x1400439E8, 0x18)


def test_the_head_of_a_loaders_report_places_it_where_the_frame_has_a_name() -> None:
    incident = only_incident(
        WINE,
        "Unhandled exception at 0x77C4B2E3 in ntdll.dll (+0x4b2e3): 0xC0000005: "
        "Access violation writing location 0x00000024.\n"
        "    Backtrace (may be wrong):\n"
        "        =>0x77C4B2E3 RtlEnterCriticalSection+0x13 in ntdll.dll (+0x4b2e3) (0x0FBDFE8C)\n",
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("ntdll.dll", 0x4B2E3)


@pytest.mark.parametrize("base", ["  400000- 3985000", "00000140000000-00000140985000"])
def test_the_module_where_programs_are_is_the_process(base: str) -> None:
    incident = only_incident(
        WINE,
        "Unhandled exception: page fault on read access to 0xffffffff in 32-bit code (0x0040e040).\n"
        "Backtrace:\n=>0 0x0040e040 in the orchard (+0xe040) (0x0033fed8)\n"
        f"Modules:\nModule\tAddress\t\t\tDebug info\tName (2 modules)\nPE\t{base}\tExport          the orchard\n"
        "PE\t10000000-109d1000\tDeferred        leaf\n",
    )
    assert incident.process is not None
    assert incident.process.name == "the orchard"


def test_a_report_cut_within_a_frame_keeps_its_module() -> None:
    incident = only_incident(
        WINE,
        "Unhandled exception: page fault on read access to 0x00000000 in 64-bit code (0x000000007b44ec17).\n"
        "Backtrace:\n=>0 0x000000007b44ec17 in kernel32 (+0x2ec17) (0x000000000021f520)\n"
        "  1 0x00007f56490c93a4 grow+0x263() in orchard (0x000000",
    )
    assert [frame.module for frame in incident.stack] == ["kernel32", "orchard"]


def test_a_report_of_which_neither_head_nor_frames_can_be_read_is_none() -> None:
    text = (
        b"Unhandled exception: page fault on read access to 0xffffffff in 32\xff\xff-bit code (0x0040e040).\n"
        b"Backtrace:\n=>0 0x004\xdb0e040 in ledger (+0xe040) (0x0033fed8)\n"
    )
    assert [incident.kind for incident in read_evidence(text).incidents] == ["fault"]


def test_a_name_too_long_for_its_column_runs_into_the_path() -> None:
    path = "Z:\\home\\anna\\setup_orchard_demo_weekend_1.11.exe"
    text = REPORT.replace("fruit press\nPE", f"setup_orchard_demo_weekend_1.1{path}\nPE").split("Threads:")[0]
    read = reading(WINE, text)
    assert (read.modules[0].name, read.modules[0].path) == ("setup_orchard_demo_weekend_1.11.exe", path)
