import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.lines import Text
from triage.text.repair import repair
from triage.text.system import read_system


def text_of(text: str) -> Text:
    return repair(text, "utf-8")


@pytest.mark.parametrize(
    ("text", "product", "version", "build", "pack"),
    [
        ("Windows 8 Kernel Version 9600 MP (8 procs) Free x64", "Windows 8.1", "6.3", 9600, None),
        ("Windows XP Version 2600 (Service Pack 3) MP (2 procs) Free x86 compatible", "Windows XP", "5.1", 2600, 3),
        ("Windows XP Version 2600 (Service Pack 3)", "Windows XP", "5.1", 2600, 3),
        ("Kernel Version 1381 UP Free", "Windows NT 4.0", "4.0", 1381, None),
        ("Windows 2000 Kernel Version 2195 (Service Pack 2) UP Free x86 compatible", "Windows 2000", "5.0", 2195, 2),
        ("Windows Server 2003 Kernel Version 3790 (Service Pack 1) MP (4 procs) Free x86 compatible",
         "Windows Server 2003", "5.2", 3790, 1),
        ("Windows 7 Kernel Version 7601 (Service Pack 1) MP (4 procs) Free x64\nProduct: LanManNt, suite: Enterprise",
         "Windows Server 2008 R2", "6.1", 7601, 1),
        ("Connected to Windows 10 19041 x64 target at (Mon Jun 14 20:48:16.370)", "Windows 10", "10.0", 19041, None),
        ("Built by: 2600.xpsp_sp3_gdr.100216-1514", "Windows XP", "5.1", 2600, None),
        ("[WinVer]\nMicrosoft Windows NT 10.0.19045.0", "Windows 10", "10.0", 19045, None),
        ("Microsoft Windows XP Professional Service Pack 3 (build 2600)", "Windows XP", "5.1", 2600, 3),
        ("OS: Windows 10.0 (Build 26200)", "Windows 11", "10.0", 26200, None),
        ("  Operating System: Windows XP Professional (5.1, Build 2600) Service Pack 2 (2600.xpsp_sp2_gdr.050301-1519)",
         "Windows XP", "5.1", 2600, 2),
        ("Windows XP (v5.1 build 2600 Service Pack 3)", "Windows XP", "5.1", 2600, 3),
        ("Microsoft Windows NT [v15.1381].", "Windows NT 4.0", "4.0", 1381, None),
        ("Microsoft Windows 2000 [v15.2195].", "Windows 2000", "5.0", 2195, None),
        ("Windows 10.0.26100.8328", "Windows 11", "10.0", 26100, None),
        ("OS_VERSION:  10.0.22621.1", "Windows 11", "10.0", 22621, None),
        ("BUILDOSVER_STR:  7601.24214.amd64fre.win7sp1_ldr.180801-1700", "Windows 7", "6.1", 7601, None),
        ("BUILDOSVER_STR:  10.0.19041.1023\nOSBUILD:  19042", "Windows 10", "10.0", 19042, None),
        ("Windows 10 Version 26200 (9446) MP (16 procs) Free x64", "Windows 10", "10.0", 26200, None),
        ("    Key  : WER.OS.Version\n    Value: 10.0.17763.1", "Windows 10", "10.0", 17763, None),
        ("        Windows Version: 4.0\n        Current Build: 1381\n        Service Pack: 6",
         "Windows NT 4.0", "4.0", 1381, 6),
        ("        Windows Version: 3.51\n        Current Build: 1057\n        Service Pack: None",
         "Windows NT 3.51", "3.51", 1057, None),
        ("Microsoft (R) Windows NT (R) 4.0 1381 Service Pack 4 Uniprocessor Free.", "Windows NT 4.0", "4.0", 1381, 4),
        ("Microsoft (R) Windows 2000 (R) 5.0 2195 Service Pack 3 Multiprocessor Free.", "Windows 2000", "5.0", 2195, 3),
        ("Microsoft (R) Windows (R) 5.02. 3790 Service Pack 1 Multiprocessor.", "Windows Server 2003", "5.2", 3790, 1),
        ("Microsoft (R) Windows NT (TM) Version 4.0 (Build 1381: Service Pack 3)", "Windows NT 4.0", "4.0", 1381, 3),
        ("Microsoft Windows [Version 6.1.7601]", "Windows 7", "6.1", 7601, None),
        ("Windows 98 [Version 4.10.1998]", "Windows 98", "4.10", 1998, None),
        ("Windows 95 4.00.950 B", "Windows 95", "4.0", 950, None),
        ("OS Name:                   Microsoft(R) Windows(R) Server 2003, Standard Edition\n"
         "OS Version:                5.2.3790 Service Pack 2 Build 3790", "Windows Server 2003", "5.2", 3790, 2),
        ("OS Version:\t6.1.7601.2.1.0.768.3", "Windows 7", "6.1", 7601, None),
        ("Operating system: Windows NT\n                  10.0.10586 ", "Windows 10", "10.0", 10586, None),
        ("operating system  : Windows 7 x64 Service Pack 1 build 7601", "Windows 7", "6.1", 7601, 1),
    ],
)  # fmt: skip
def test_the_forms(text: str, product: str, version: str, build: int, pack: int | None) -> None:
    system = read_system(text_of(text))
    assert system is not None
    assert (system.product, system.version, system.build, system.service_pack) == (product, version, build, pack)


def test_a_banner_tells_all_of_the_machine() -> None:
    system = read_system(
        text_of(
            "Windows 7 Kernel Version 7601 (Service Pack 1) MP (8 procs) Free x64\nProduct: WinNt, suite: Any\n"
            "Built by: 7601.17514.amd64fre.win7sp1_rtm.101119-1850\nSystem Uptime: 1 days 2:03:04.500\n"
        )
    )
    assert system is not None
    assert (system.architecture, system.processors, system.revision) == ("x64", 8, 17514)
    assert system.uptime == 26 * 3600 + 3 * 60 + 4
    assert system.lines == (1, 4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Microsoft (R) Windows Debugger Version 6.12.0002.633 X86",
        "System Uptime: not available",
        "The server runs version 5.5 of the product",
        "Windows shut down",
    ],
)
def test_what_tells_nothing(text: str) -> None:
    assert read_system(text_of(text)) is None


def test_another_build_is_another_machine() -> None:
    system = read_system(text_of("Built by: 2600.xpsp\nWindows 7 Kernel Version 7601 (Service Pack 1) UP Free x64"))
    assert system is not None
    assert (system.build, system.service_pack) == (2600, None)


@pytest.mark.parametrize("unit", ["a", "1.", " ", "Windows ", "Version 4.0 (Build ", "Version 1 ", "\n"])
def test_a_megabyte_of_one_thing_is_read(unit: str) -> None:
    assert read_system(text_of(unit * (1_000_000 // len(unit)))) is None


@given(st.text(alphabet="Windows NTVersion BuildServicePack0123456789.():\n", max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read(text: str) -> None:
    read_system(text_of(text))
