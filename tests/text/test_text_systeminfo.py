"""What systeminfo and its like tell of product, service pack and installed updates."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.lines import Text
from triage.text.repair import repair
from triage.text.system import read_system
from triage.text.systeminfo import MAX_HOTFIXES, read_facts, read_hotfixes

SERVER_2003 = """\

Host Name:                 LEDGER01
OS Name:                   Microsoft(R) Windows(R) Server 2003, Standard Edition
OS Version:                5.2.3790 Service Pack 1 Build 3790
OS Manufacturer:           Microsoft Corporation
System Type:               X86-based PC
Processor(s):              1 Processor(s) Installed.
                           [01]: x86 Family 15 Model 4 Stepping 1 GenuineIntel ~2992 Mhz
Page File Location(s):     C:\\pagefile.sys
Hotfix(s):                 5 Hotfix(s) Installed.
                           [01]: File 1
                           [02]: Q147222
                           [03]: KB890046 - Update
                           [04]: KB896358 - Update
                           [05]: SP1 - SP
Network Card(s):           1 NIC(s) Installed.
                           [01]: Ledger KB123456 Adapter
"""

GERMAN_XP = """\
Hostname:                      KASSE
Betriebssystemname:            Microsoft Windows XP Professional
Betriebssystemversion:         5.1.2600 Service Pack 2 Build 2600
Systemtyp:                     X86-basierter PC
Hotfix(es):                    2 Hotfix(e) installiert.
                               [01]: KB873339 - Update
                               [02]: Q828026
"""

NO_PACK = """\
OS Name:                   Microsoft Windows 7 Professional
OS Version:                6.1.7600 N/A Build 7600
System Type:               x64-based PC
Hotfix(s):                 N/A
"""


def text_of(text: str) -> Text:
    return repair(text, "utf-8")


@pytest.mark.parametrize(
    ("text", "product", "build", "pack", "architecture", "hotfixes"),
    [
        (SERVER_2003, "Windows Server 2003", 3790, 1, "x86", ("Q147222", "Q890046", "Q896358")),
        (GERMAN_XP, "Windows XP", 2600, 2, "x86", ("Q873339", "Q828026")),
        (NO_PACK, "Windows 7", 7600, 0, "x64", ()),
    ],
    ids=["a server", "German", "no pack"],
)
def test_product_pack_and_updates(
    text: str, product: str, build: int, pack: int, architecture: str, hotfixes: tuple[str, ...]
) -> None:
    system = read_system(text_of(text))
    assert system is not None
    assert (system.product, system.build, system.service_pack) == (product, build, pack)
    assert (system.architecture, system.hotfixes) == (architecture, hotfixes)


@pytest.mark.parametrize(
    ("text", "hotfixes"),
    [
        ('"LEDGER01","2 Hotfix(s) Installed.,[01]: KB958644,[02]: KB967715"', ("Q958644", "Q967715")),
        (
            "Caption  CSName    Description  HotFixID   InstalledOn\n"
            "http://x LEDGER01  Update       KB2479943  2/1/2012\n"
            "http://y LEDGER01  Update       KB2491683  2/1/2012\n",
            ("Q2479943", "Q2491683"),
        ),
        (
            "Source        Description      HotFixID      InstalledBy\n"
            "------        -----------      --------      -----------\n"
            "LEDGER01      Security Update  KB4534310     NT AUTHORITY\\SYSTEM\n",
            ("Q4534310",),
        ),
        ("Hotfixes:\n   [Q147222]:\n   [Q252795]:\nUptime: 3 Days\n[Q111111]:\n[Q1]", ("Q147222", "Q252795")),
        (
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\HotFix\\Q329115\n"
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates\\Windows 2000\\SP5\\KB823559\n",
            ("Q329115", "Q823559"),
        ),
        ("We installed the hotfix of Q329115 last week, and Q300972 too.", ()),
        ("Hotfix(s): 1 Hotfix(s) Installed.\n[01]: Q329115\n\nThe server then stopped.\nSee KB300972.", ("Q329115",)),
        ("Revision 3 of the plan\n[01]: KB900000", ()),
    ],
    ids=["csv", "wmic", "Get-HotFix", "srvinfo", "registry", "prose", "prose below a list", "no list"],
)
def test_the_forms_of_lists(text: str, hotfixes: tuple[str, ...]) -> None:
    assert read_hotfixes(text_of(text)) == hotfixes


def test_another_build_in_the_text_is_another_machine() -> None:
    system = read_system(text_of("Windows 2000 Kernel Version 2195 UP Free x86\n" + NO_PACK))
    assert system is not None
    assert (system.build, system.service_pack) == (2195, None)


def test_the_number_of_updates_is_bounded() -> None:
    rows = "\n".join(f"[{number:02}]: KB{100000 + number}" for number in range(MAX_HOTFIXES + 50))
    assert len(read_hotfixes(text_of(f"Hotfix(s):\n{rows}"))) == MAX_HOTFIXES


@pytest.mark.parametrize("filler", ["a", "1", " ", "[1]: KB", ": ", "\n", "\\Updates\\"])
def test_megabytes_of_one_thing_are_read_in_passing(filler: str) -> None:
    text = Text(("Hotfix(s):", *(filler * (1_000_000 // len(filler))).split("\n")))
    assert read_hotfixes(text) == ()
    assert read_facts(text) is None


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.sampled_from([*SERVER_2003.splitlines(), *GERMAN_XP.splitlines(), "HotFixID"]) | st.text(max_size=60))
)
def test_any_rows_are_read(rows: list[str]) -> None:
    text = Text(tuple(row.replace("\n", " ") for row in rows))
    assert all(number.startswith("Q") and number[1:].isdigit() for number in read_hotfixes(text))
    read_facts(text)
