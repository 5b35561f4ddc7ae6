"""Kernel dumps: the bug check, the drivers, and who is to blame."""

import struct

import pytest

from builders.kerneldumps import BITMAP_FULL, FULL, KernelDumpBuilder, crashed_network
from builders.minidumps import context_x86, words
from triage.errors import SourceError
from triage.formats.kerneldump import FORMAT, read, read_kernel_dump

NO_TABLES = "page tables are not in the dump: no drivers can be listed"


def told(data: bytes) -> list[str]:
    return [warning.text for warning in read(data).warnings]


def test_a_triage_dump_becomes_one_bug_check():
    evidence = read(crashed_network().write())
    (incident,) = evidence.incidents
    assert evidence.format == FORMAT.name == "kerneldump"
    assert incident.kind == "bugcheck"
    assert incident.bugcheck.code == 0xD1
    assert incident.bugcheck.parameters == (0x28, 2, 1, 0xFFFFF80400003456)
    assert (incident.faulting_module, incident.faulting_offset) == ("acmenet.sys", 0x3456)
    assert incident.exception is None
    assert evidence.warnings == ()


def test_the_header_tells_the_machine():
    system = read(crashed_network().write()).system
    assert (system.product, system.version, system.build) == ("Windows 10", "10.0", 19045)
    assert (system.architecture, system.processors, system.uptime) == ("x64", 8, 3600)
    assert read_kernel_dump(crashed_network().write()).time == 1655526400


def test_drivers_are_listed_with_time_and_size():
    kernel, driver, gone = read(crashed_network().write()).modules
    assert (kernel.name, kernel.path) == ("ntoskrnl.exe", r"\SystemRoot\system32\ntoskrnl.exe")
    assert (driver.base, driver.end) == (0xFFFFF80400000000, 0xFFFFF80400022000)
    assert (driver.timestamp, driver.checksum, driver.unloaded) == (0x5F3C1A77, 0x2BADC, False)
    assert (gone.name, gone.unloaded) == ("dump_storpor", True)


def test_the_stack_is_scanned_for_return_addresses():
    (incident,) = read(crashed_network().write()).incidents
    assert [(frame.module, frame.offset, frame.trust) for frame in incident.stack] == [
        ("ntoskrnl.exe", 0x205000, "context"),
        ("acmenet.sys", 0x3456, "scan"),
        ("ntoskrnl.exe", 0x212345, "scan"),
    ]


def narrow(**changes) -> KernelDumpBuilder:
    """A 32-bit system that a printer driver stopped."""
    fields = {
        "bits": 32,
        "code": 0x1000008E,
        "parameters": (0xC0000005, 0xF8A01234, 0xF8B00000, 0),
        "build": 2600,
        "processors": 1,
        "service_pack": 0x300,
        "registers": context_x86(eip=0xF8A01234, esp=0xF8B00000, ebp=0xF8B00004),
        "stack": (0xF8B00000, words(0, 0, 0x804D9876, 0)),
        "drivers": [("ntoskrnl.exe", 0x804D7000, 0x1F8000), (r"\??\C:\WINNT\prn.sys", 0xF8A00000, 0x8000)],
        "unloaded": [("cdrom.sys", 0xF8C00000, 0xF8C10000)],
    }
    return KernelDumpBuilder(**(fields | changes))


def test_a_32_bit_triage_dump():
    evidence = read(narrow().write())
    (incident,) = evidence.incidents
    assert incident.bugcheck.code == 0x1000008E
    assert (incident.faulting_module, incident.faulting_offset) == ("prn.sys", 0x1234)
    assert [module.name for module in evidence.modules] == ["ntoskrnl.exe", "prn.sys", "cdrom.sys"]
    assert evidence.modules[1].timestamp == 0x5F3C1A77
    assert (evidence.system.product, evidence.system.service_pack) == ("Windows XP", 3)
    assert [(frame.module, frame.trust) for frame in incident.stack] == [
        ("prn.sys", "context"),
        ("ntoskrnl.exe", "frame-pointer"),
    ]


@pytest.mark.parametrize(
    ("code", "parameters", "module"),
    [
        (0x0A, (0, 2, 0, 0xF8A01000), "prn.sys"),
        (0x1E, (0xC0000005, 0xF8A01000, 0, 0), "prn.sys"),
        (0x50, (0x1234, 0, 0xF8A01000, 0), "prn.sys"),
        (0x50, (0x1234, 0, 0, 0), None),
        (0xD1, (0xF8A01000, 2, 0, 0x804D8000), "ntoskrnl.exe"),
        (0xCE, (0xF8C01000, 0, 0xF8C01000, 0), "cdrom.sys"),
        (0x9F, (0xF8A01000, 0, 0, 0), None),
    ],
)
def test_the_faulting_driver_comes_from_the_parameter_that_is_code(code, parameters, module):
    (incident,) = read(narrow(code=code, parameters=parameters).write()).incidents
    assert incident.faulting_module == module


@pytest.mark.parametrize(("bits", "kind"), [(32, FULL), (64, FULL), (64, BITMAP_FULL)])
def test_full_dumps_tell_what_their_header_holds(bits, kind):
    data = KernelDumpBuilder(bits=bits, kind=kind, code=0x7B, parameters=(1, 2, 3, 4), build=7601, product=3).write()
    evidence = read(data)
    assert evidence.incidents[0].bugcheck.parameters == (1, 2, 3, 4)
    assert (evidence.system.product, evidence.system.service_pack) == ("Windows Server 2008 R2", 1)


def test_a_dump_without_a_bug_check_has_no_incident():
    data = KernelDumpBuilder(code=0x45474150, kind=FULL).write()
    assert read(data).incidents == ()
    assert "header holds no bug check: a dump of a running system, or damaged" in told(data)


def test_fields_that_were_never_written_are_not_facts():
    data = bytearray(crashed_network().write())
    data[0xFA8:0xFB0] = data[0x1030:0x1038] = b"PAGEPAGE"
    dump = read_kernel_dump(bytes(data))
    assert (dump.time, dump.system.uptime, dump.comment) == (None, None, None)


def test_a_file_cut_in_its_header_cannot_be_read():
    with pytest.raises(SourceError, match="cut off in its header"):
        read(crashed_network().write()[:0x50])


@pytest.mark.parametrize("count", [3, 0x7FFFFFFF, 0xFFFFFFFF])
def test_impossible_counts_become_a_warning(count):
    builder = crashed_network()
    builder.announced = count
    evidence = read(builder.write())
    assert len([module for module in evidence.modules if not module.unloaded]) == 2
    assert f"list of drivers announces {count} entries, 2 are there" in told(builder.write())


def test_a_cut_dump_says_what_is_lost():
    data = crashed_network().write()
    assert any(text.startswith("triage dump is cut off") for text in told(data[:-200]))
    assert "triage dump is cut off before its list of drivers" in told(data[:0x2010])
    assert "header is cut off: 4096 of 8192 bytes" in told(data[:0x1000])
    assert read(data[:0x1000]).incidents[0].bugcheck.code == 0xD1


def blob(size: int) -> bytes:
    return struct.pack("<I16sIII", 32, b"0123456789abcdef", size, 0, 4) + bytes(size + 4)


def test_secondary_data_that_is_cut_off_is_noticed():
    data = crashed_network().write() + b"DumpBlob" + struct.pack("<II", 16, 19045) + blob(100) + blob(7)
    assert told(data) == []
    assert told(data[:-20]) == ["data behind the triage dump is cut off or damaged"]


def test_a_full_dump_shorter_than_its_memory_is_cut_off():
    data = bytearray(KernelDumpBuilder(kind=FULL).write())
    struct.pack_into("<I4xQ", data, 0x88, 1, 3)
    assert told(bytes(data)) == ["dump is cut off: 8192 of 20480 bytes", NO_TABLES]
    assert told(bytes(data) + bytes(3 * 4096)) == [NO_TABLES]


def test_a_bitmap_dump_shorter_than_its_pages_is_cut_off():
    header = KernelDumpBuilder(kind=BITMAP_FULL).write()
    bitmap = (b"SDMPDUMP" + bytes(24) + struct.pack("<QQQ", 0x3000, 2, 64)).ljust(0x1000, b"\0")
    assert told(header + bitmap + bytes(2 * 4096)) == [NO_TABLES]
    assert told(header + bitmap + bytes(4096)) == ["dump is cut off: 16384 of 20480 bytes", NO_TABLES]
    assert told(header) == ["map of the memory in the dump is cut off or damaged", NO_TABLES]
