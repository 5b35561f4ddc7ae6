"""User minidumps: what is read out of a whole one, and what is said of a damaged one."""

import struct

import pytest

from builders.minidumps import (
    MinidumpBuilder,
    context_arm64,
    context_x64,
    context_x86,
    crashed_editor,
    rsds,
    words,
)
from triage.errors import SourceError
from triage.formats.minidump import FORMAT, read, read_minidump


def told(data: bytes) -> list[str]:
    return [warning.text for warning in read(data).warnings]


def frames(data: bytes) -> list[tuple[str | None, int | None, str]]:
    (incident,) = read(data).incidents
    return [(frame.module, frame.offset, frame.trust) for frame in incident.stack]


def test_an_access_violation_becomes_one_incident():
    evidence = read(crashed_editor().write())
    (incident,) = evidence.incidents
    assert evidence.format == FORMAT.name == "minidump"
    assert incident.kind == "exception"
    assert incident.lines == (0, 0)
    assert (incident.process.name, incident.process.pid) == ("editor.exe", 1234)
    record = incident.exception
    assert (record.code, record.address, record.access, record.target) == (0xC0000005, 0x401050, "write", 0x18)
    assert record.chance is None
    assert (incident.faulting_module, incident.faulting_offset) == ("editor.exe", 0x1050)
    assert evidence.warnings == ()


def test_the_system_is_named_as_products_are():
    system = read(crashed_editor().write()).system
    assert (system.product, system.version, system.build) == ("Windows XP", "5.1", 2600)
    assert (system.service_pack, system.architecture, system.processors) == (3, "x86", 2)


@pytest.mark.parametrize(
    ("version", "build", "kind", "platform", "product"),
    [
        ((3, 51), 1057, 1, 2, "Windows NT 3.51"),
        ((4, 0), 1381, 3, 2, "Windows NT 4.0"),
        ((4, 10), 2222, 1, 1, "Windows 98"),
        ((5, 0), 2195, 2, 2, "Windows 2000"),
        ((5, 2), 3790, 3, 2, "Windows Server 2003"),
        ((6, 0), 6002, 3, 2, "Windows Server 2008"),
        ((6, 1), 7601, 1, 2, "Windows 7"),
        ((10, 0), 19045, 1, 2, "Windows 10"),
        ((10, 0), 22631, 1, 2, "Windows 11"),
        ((10, 0), 17763, 3, 2, "Windows Server 2019"),
        ((5, 15), 0, 0, 0x8201, None),
    ],
)
def test_versions_name_products(version, build, kind, platform, product):
    data = MinidumpBuilder().add_system(version=version, build=build, kind=kind, platform=platform).write()
    assert read(data).system.product == product


@pytest.mark.parametrize(
    ("text", "version", "pack"),
    [
        ("Service Pack 6", (4, 0), 6),
        ("Service Pack 2, v.2055", (5, 1), 2),
        ("", (6, 1), 0),
        ("", (10, 0), None),
        (None, (5, 1), None),
    ],
)
def test_service_packs_are_numbers(text, version, pack):
    assert read(MinidumpBuilder().add_system(pack=text, version=version).write()).system.service_pack == pack


def test_modules_carry_version_time_and_debug_file():
    first, second, gone = read(crashed_editor().write()).modules
    assert (first.name, first.path) == ("editor.exe", r"C:\Program Files\Acme\editor.exe")
    assert (first.base, first.end, first.version) == (0x400000, 0x420000, "3.1.0.77")
    assert (first.timestamp, first.checksum) == (0x41107D6C, 0x1F2D3)
    assert first.pdb == "editor.pdb/123456789ABCDEF00123456789ABCDEF2"
    assert (second.name, second.version, second.pdb) == ("kernel32.dll", "5.1.2600.5512", None)
    assert (gone.name, gone.unloaded) == ("plugin.dll", True)


@pytest.mark.parametrize(
    ("debug", "pdb"),
    [
        (rsds("d:\\src\\tool.pdb", age=0x1F), "tool.pdb/123456789ABCDEF00123456789ABCDEF1F"),
        (b"NB10" + struct.pack("<III", 0, 0x3B7D8475, 1) + b"old.pdb\0", "old.pdb/3B7D84751"),
        (b"LEpB" + bytes(range(20)), "build-id/000102030405060708090a0b0c0d0e0f10111213"),
        (b"????nothing known", None),
    ],
)
def test_debug_records_of_every_age(debug, pdb):
    data = MinidumpBuilder().add_module("tool.exe", 0x400000, 0x1000, debug=debug).write()
    assert read(data).modules[0].pdb == pdb


def test_everything_else_is_there_for_who_asks():
    dump = read_minidump(
        crashed_editor()
        .add_stream(10, b"*** procdump -e editor.exe\0")
        .add_assertion("size <= limit", "grow", "list.cpp", 88)
        .add_annotations({"channel": "beta"}, {"abort_message": "out of handles"})
        .write()
    )
    assert dump.handles == {"File": 2, "Event": 1}
    assert (dump.target_region.state, dump.target_region.protect) == ("free", "no access")
    assert dump.threads[0].registers["eip"] == 0x401050
    assert (dump.time, dump.started, dump.pid) == (0x4A000000, 0x49FFFF00, 1234)
    assert dump.comments == ("*** procdump -e editor.exe",)
    assert dump.assertion == "invalid parameter size <= limit in grow list.cpp:88"
    assert dump.annotations == (("channel", "beta"), ("abort_message", "out of handles"))


def test_what_the_program_said_is_a_message_and_the_rest_is_context():
    data = crashed_editor().add_annotations({"channel": "beta"}, {"abort_message": "out of handles"}).write()
    (incident,) = read(data).incidents
    assert [message.text for message in incident.messages] == ["out of handles"]
    assert [message.text for message in incident.context] == ["channel: beta"]


def test_frame_pointers_are_followed_as_far_as_they_hold():
    assert frames(crashed_editor().write()) == [
        ("editor.exe", 0x1050, "context"),
        ("editor.exe", 0x2345, "frame-pointer"),
        ("editor.exe", 0x1111, "frame-pointer"),
        ("kernel32.dll", 0x16FD7, "scan"),
    ]


def test_a_broken_chain_is_found_again_by_a_scan():
    stack = words(0x33, 0x00402000, 0x0012F014, 0x00401234, 0x55, 0, 0x7C816FD7)
    context = context_x86(eip=0x00401050, esp=0x0012F000, ebp=0xDEADBEEF)
    data = (
        MinidumpBuilder()
        .add_system()
        .add_module("a.exe", 0x400000, 0x10000)
        .add_module("kernel32.dll", 0x7C800000, 0xF6000)
        .add_thread(0x1A4, context, (0x0012F000, stack))
        .add_exception(0xC0000005, 0x00401050, context=context)
        .write()
    )
    assert frames(data) == [
        ("a.exe", 0x1050, "context"),
        ("a.exe", 0x2000, "scan"),
        ("a.exe", 0x1234, "scan"),
        ("kernel32.dll", 0x16FD7, "frame-pointer"),
    ]


def test_a_word_that_no_call_precedes_is_no_return_address():
    base = 0x140000000
    code = b"\x90" * 0x100 + b"\xe8\x00\x00\x00\x00" + b"\x90" * 0x100
    context = context_x64(rip=base + 0x1010, rsp=0x2000)
    data = (
        MinidumpBuilder("x64")
        .add_system(version=(10, 0), build=19045, pack="")
        .add_module("a.exe", base, 0x10000)
        .add_memory(base + 0x1000, code)
        .add_thread(0x1A4, context, (0x2000, words(base + 0x1080, base + 0x500, base + 0x1105, width=8)))
        .add_exception(0xC0000005, base + 0x1010, context=context)
        .write()
    )
    assert frames(data) == [("a.exe", 0x1010, "context"), ("a.exe", 0x1105, "scan")]


def test_a_word_into_data_is_no_return_address():
    context = context_x86(eip=0x401050, esp=0x1000)
    data = (
        MinidumpBuilder()
        .add_system()
        .add_module("a.exe", 0x400000, 0x10000)
        .add_regions((0x401000, 0x4000, 0x1000, 0x20, 0x1000000), (0x405000, 0xB000, 0x1000, 0x04, 0x1000000))
        .add_thread(0x1A4, context, (0x1000, words(0x406000, 0x402000)))
        .add_exception(0xC0000005, 0x401050, context=context)
        .write()
    )
    assert frames(data) == [("a.exe", 0x1050, "context"), ("a.exe", 0x2000, "scan")]


def test_arm64_is_walked_and_signed_addresses_are_stripped():
    base, stack = 0x7FF600000000, 0x5000
    signed = 0x00A3_0000_0000_0000 | base + 0x2000
    raw = words(0, 0, 0x5020, signed, 0, base + 0x3000, width=8)
    context = context_arm64(pc=base + 0x1234, sp=stack, fp=stack + 0x10)
    data = (
        MinidumpBuilder("ARM64")
        .add_system(version=(10, 0), build=22631, pack="")
        .add_module("a.exe", base, 0x10000)
        .add_thread(0x1A4, context, (stack, raw))
        .add_exception(0xC0000005, base + 0x1234, parameters=(0, 8), context=context)
        .write()
    )
    assert frames(data) == [
        ("a.exe", 0x1234, "context"),
        ("a.exe", 0x2000, "frame-pointer"),
        ("a.exe", 0x3000, "frame-pointer"),
    ]
    assert read(data).system.architecture == "ARM64"


def test_a_32_bit_program_in_a_64_bit_dump_is_walked_by_its_own_registers():
    teb, area = 0x7FFDE000, 0x9000
    narrow = context_x86(eip=0x00401050, esp=0x0012F000, ebp=0x0012F004)
    context = context_x64(rip=0x77001CF8, rsp=0x8F000)
    data = (
        MinidumpBuilder("x64")
        .add_system(version=(6, 1), build=7601, pack="Service Pack 1")
        .add_module("a.exe", 0x400000, 0x10000)
        .add_module("wow64cpu.dll", 0x77000000, 0x9000)
        .add_memory(teb + 0x1488, words(area, width=8))
        .add_memory(area, words(0) + narrow)
        .add_memory(0x0012F000, words(0, 0, 0x00402345))
        .add_thread(0x1A4, context, (0x8F000, words(0, width=8)), teb=teb)
        .add_exception(0x4000001F, 0x77001CF8, context=context)
        .write()
    )
    assert frames(data) == [("a.exe", 0x1050, "context"), ("a.exe", 0x2345, "frame-pointer")]


def test_a_crash_in_unloaded_code_names_what_was_there():
    context = context_x86(eip=0x10001000, esp=0x1000)
    data = (
        MinidumpBuilder()
        .add_system()
        .add_module("a.exe", 0x400000, 0x1000)
        .add_unloaded(("plugin.dll", 0x10000000, 0x8000))
        .add_exception(0xC0000005, 0x10001000, parameters=(8, 0x10001000), context=context)
        .write()
    )
    (incident,) = read(data).incidents
    assert (incident.faulting_module, incident.faulting_offset) == ("plugin.dll", 0x1000)
    assert incident.exception.access == "execute"


def test_sign_extended_addresses_of_a_32_bit_process_are_cut():
    data = (
        MinidumpBuilder()
        .add_system()
        .add_exception(0xC0000005, 0xFFFFFFFF80001234, parameters=(0, 0xFFFFFFFF90000000))
        .write()
    )
    (incident,) = read(data).incidents
    assert (incident.exception.address, incident.exception.target) == (0x80001234, 0x90000000)


@pytest.mark.parametrize(
    ("text", "build", "revision"),
    [
        ("10.0.14393.7 (rs1_release.160715-1616)", 14393, 7),
        ("16299.637.amd64fre.rs3_release_svc.180808-1748", 16299, 637),
        ("Windows NT 10.0.22631.4751 (WinBuild.160101.0800)", 22631, 4751),
        ("", 19045, None),
    ],
)
def test_the_build_text_tells_the_revision(text, build, revision):
    data = MinidumpBuilder().add_system(version=(10, 0), build=build).add_misc(pid=4, build_text=text).write()
    assert read(data).system.revision == revision


def test_a_program_that_was_told_an_older_version_says_so():
    data = MinidumpBuilder().add_system(version=(6, 2), build=9200)
    data = data.add_misc(pid=4, build_text="10.0.18362.329 (WinBuild.160101.0800)").write()
    assert read(data).system.build == 9200
    assert "the program was told that it runs on build 9200, the system is 18362" in told(data)


def test_lists_with_padding_after_their_count_are_read():
    assert read(crashed_editor().write(padded=True)).modules == read(crashed_editor().write()).modules


def test_no_exception_means_no_incident():
    data = MinidumpBuilder().add_system().add_module("a.exe", 0x400000, 0x1000).write()
    assert read(data).incidents == ()
    assert "no exception: written of a running process, or the exception is lost" in told(data)


def test_another_system_is_no_windows():
    data = MinidumpBuilder("x64").add_system(platform=0x8201, pack=None).add_exception(11, 0x45).write()
    evidence = read(data)
    assert evidence.system.product is None
    assert any("linux" in warning.text for warning in evidence.warnings)


# Damage: what is lost is said, what is there is read.


def test_a_file_cut_in_its_header_cannot_be_read():
    with pytest.raises(SourceError, match="cut off in its header"):
        read(crashed_editor().write()[:20])


def test_a_cut_file_says_what_is_lost():
    data = crashed_editor().write()
    cut = data[: len(data) - 150]
    assert any("module list" in text for text in told(cut))
    assert len(read(cut).modules) < len(read(data).modules)


@pytest.mark.parametrize("count", [3, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_impossible_counts_become_a_warning(count):
    data = crashed_editor().write(announce={4: count})
    assert [module.name for module in read(data).modules] == ["editor.exe", "kernel32.dll", "plugin.dll"]
    assert f"module list announces {count} entries, 2 are there" in told(data)


def test_streams_that_overlap_become_a_warning():
    builder = crashed_editor()
    offset = builder.streams[0][2]
    builder.streams.append((24, 60, offset + 8))
    assert any("overlap" in text for text in told(builder.write()))


def test_a_second_stream_of_a_kind_is_left_out():
    data = crashed_editor().add_system(version=(6, 1), build=7600).write()
    assert read(data).system.build == 2600
    assert "second system information stream ignored" in told(data)


def test_a_module_past_the_end_of_the_address_space_covers_nothing():
    data = MinidumpBuilder().add_module("a.exe", 0xFFFFFFFFFFFF0000, 0xFFFFFFFF).write()
    assert read(data).modules[0].end == read(data).modules[0].base
    assert "a module reaches past the end of the address space" in told(data)
