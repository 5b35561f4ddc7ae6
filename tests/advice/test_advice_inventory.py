"""Inventories: images whole and damaged, saved and joined, and what they prove about a fix."""

import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.images import image
from triage.advice import Stock, advise, inventory
from triage.advice.inventory import decode, files_under, is_copy, join, take, take_folder
from triage.advice.pe import read_image
from triage.errors import SourceError
from triage.knowledge.loader import load_products
from triage.knowledge.products import Products
from triage.model.evidence import Evidence, Incident, Module, System
from triage.model.inventory import Inventory, InventoryFile, InventoryWarning
from triage.model.report import Advice
from triage.model.rule import Applies, Fix, FixFile, PackRef, Rule, Source

PRODUCTS = Products(load_products(Path(__file__).parents[2] / "rules" / "products"))
BARE = {"machine": None, "timestamp": None, "file_version": None}


def read(folder: Path, name: str, data: bytes) -> tuple[InventoryFile | None, tuple[str, ...]]:
    path = folder / name
    path.write_bytes(data)
    return read_image(path, name)


def test_an_image_tells_version_time_checksum_size_and_machine(tmp_path: Path) -> None:
    data = image((5, 0, 2195, 2779), timestamp=0x3BC5D4F3, checksum=0xC0DE)
    assert read(tmp_path, "Vote.dll", data) == (
        InventoryFile(
            name="Vote.dll",
            path="Vote.dll",
            size=len(data),
            machine="x86",
            timestamp=0x3BC5D4F3,
            checksum=0xC0DE,
            file_version="5.0.2195.2779",
            product_version="5.0.2195.2779",
            product="Ledger",
        ),
        (),
    )


@pytest.mark.parametrize(
    ("number", "machine"), [(0x14C, "x86"), (0x8664, "x64"), (0x184, "Alpha"), (0x200, "IA64"), (0x7777, "7777")]
)
def test_machines(tmp_path: Path, number: int, machine: str) -> None:
    entry, faults = read(tmp_path, "vote.sys", image(machine=number))
    assert entry is not None
    assert (entry.machine, faults) == (machine, ())


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)", "5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)"),
        ("5.1.2600.2180", "5.1.2600.2180"),
        ("Release 7", "5.1.2600.2180"),
        ("5.01", "5.1.2600.2180"),
    ],
    ids=["with its branch", "the number", "a name", "the maker's own number"],
)
def test_the_text_counts_where_it_tells_the_number(tmp_path: Path, text: str, version: str) -> None:
    entry, _ = read(tmp_path, "vote.dll", image((5, 1, 2600, 2180), text=text))
    assert entry is not None
    assert entry.file_version == version


WHOLE = image()


@pytest.mark.parametrize(
    ("name", "data", "fault", "kept"),
    [
        ("a.dll", b"", "a program by its name, and empty", BARE),
        ("a.dll", bytes(4096), "a program by its name, without a header", BARE),
        ("a.dll", WHOLE[:0x20], "cut off in its header", BARE),
        ("a.dll", WHOLE[:0x50], "cut off in its header", BARE),
        ("a.dll", WHOLE[:0x90], "damaged headers (File Header missing)", BARE),
        ("a.dll", WHOLE[:0x100], "cut off in its headers, or they are damaged", {"machine": "x86"}),
        (
            "a.dll",
            WHOLE[:0x300],
            "cut off: 768 bytes are there and 1,024 were",
            {"machine": "x86", "file_version": "5.0.2195.2779"},
        ),
        ("setup.txt", WHOLE[:0x300], "cut off: 768 bytes are there and 1,024 were", {"machine": "x86"}),
    ],
)
def test_damage_is_told_and_loses_nothing_else(
    tmp_path: Path, name: str, data: bytes, fault: str, kept: dict[str, object]
) -> None:
    entry, faults = read(tmp_path, name, data)
    assert entry is not None
    assert (entry.name, entry.size, faults) == (name, len(data), (fault,))
    assert {key: getattr(entry, key) for key in kept} == kept


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.txt", b"MZ is how programs begin; not this one".ljust(200)),
        ("notes.txt", b""),
        ("gdi.exe", WHOLE.replace(b"PE\0\0", b"NE\5\1", 1)),
        ("edit.exe", b"MZ" + bytes(22) + b"\x1c\0" + bytes(34) + bytes(4) + b"\xcd\x21" * 50),
    ],
    ids=["text", "empty text", "a program of 16-bit Windows", "a DOS program"],
)
def test_other_files_are_passed_over(tmp_path: Path, name: str, data: bytes) -> None:
    assert read(tmp_path, name, data) == (None, ())


def test_a_folder_gives_its_programs_in_order_with_a_warning_for_each_damaged_one(tmp_path: Path) -> None:
    for name, data in (("b/vote.dll", WHOLE), ("b/cut.dll", WHOLE[:0x50]), ("a.exe", WHOLE), ("readme.txt", b"hello")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "link").symlink_to(tmp_path)
    taken = take_folder(tmp_path, root="copy")
    assert [file.path for file in taken.files] == ["a.exe", "b/cut.dll", "b/vote.dll"]
    assert taken.warnings == (InventoryWarning("b/cut.dll", "cut off in its header"),)
    assert (taken.root, decode(msgspec.json.encode(taken), path="x")) == ("copy", taken)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind here")
def test_what_cannot_be_opened_costs_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.dll").write_bytes(WHOLE)
    (tmp_path / "a.dll").chmod(0)
    assert take(files_under(tmp_path)).warnings == (InventoryWarning("a.dll", "cannot be read"),)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        take_folder(tmp_path / "gone", root="gone")
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="no folder"):
        take_folder(tmp_path / "file", root="file")


@pytest.mark.parametrize(
    "data", [b'{"files": 1}', b'{"schema": "triage/report-1"}', b"hello", b"\xff\xfe{", b"", b"{" * 9000]
)
def test_what_is_no_inventory_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="inventory"):
        inventory.read(data, path="x")


def test_the_output_of_systeminfo_is_an_inventory_without_files() -> None:
    text = "OS Version:  5.0.2195 Service Pack 3 Build 2195\nHotfix(s): 1 Hotfix(s) Installed.\n  [01]: Q329115\n"
    found = inventory.read(text.encode(), path="info.txt").system
    assert found is not None
    assert (found.product, found.service_pack, found.hotfixes) == ("Windows 2000", 3, ("Q329115",))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(WHOLE)), st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8))
def test_any_damage_is_survived(
    tmp_path_factory: pytest.TempPathFactory, size: int, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(WHOLE)
    for at, value in changes:
        data[at] = value
    path = tmp_path_factory.mktemp("damaged") / "a.dll"
    path.write_bytes(data[:size])
    entry, faults = read_image(path, "a.dll")
    assert entry is None or entry.size == size
    assert all("\n" not in fault for fault in faults)


# What an inventory proves

FIX = Fix(files=(FixFile("vote.dll", "5.0.2195.2779"),), hotfix=True)


def stored(*files: tuple[str, str | None], system: System | None = None) -> Stock:
    entries = tuple(
        InventoryFile(name=path.rpartition("/")[2], path=path, size=1, file_version=version) for path, version in files
    )
    return Stock(Inventory(root="C", files=entries, system=system))


def ask(fix: Fix, stock: Stock, *modules: Module, system: System | None = None) -> Advice:
    rule = Rule(
        id="Q100001",
        title="The Vote Is Lost",
        source=Source("microsoft-kb", "2002-05-08"),
        applies_to=(Applies("Windows 2000"),),
        fix=fix,
    )
    evidence = Evidence(format="windbg", modules=modules, system=system)
    return advise(rule, evidence, Incident(kind="exception"), PRODUCTS, stock=stock)


@pytest.mark.parametrize(
    ("files", "state", "status", "where"),
    [
        ([("system32/Vote.dll", "5.0.2195.1600")], "older", "applies", "system32/Vote.dll"),
        ([("system32/Vote.dll", "5.0.2195.2779")], "same-or-newer", "already-installed", "system32/Vote.dll"),
        ([("system32/vote.dll", "5.1.2600.5512")], "unknown", "unknown", "system32/vote.dll"),
        ([("system32/vote.dll", None)], "unknown", "unknown", "system32/vote.dll"),
        (
            [("$NtUninstallQ300000$/vote.dll", "5.0.2195.1"), ("system32/vote.dll", "5.0.2195.3000")],
            "same-or-newer",
            "already-installed",
            "system32/vote.dll",
        ),
        (
            [("app/vote.dll", "5.0.2195.1"), ("system32/vote.dll", "5.0.2195.3000")],
            "older",
            "applies",
            "app/vote.dll",
        ),
        ([(f"system32/other{n}.dll", "1.0") for n in range(12)], "absent", "unknown", None),
        ([("system32/other.dll", "1.0")], "unknown", "unknown", None),
    ],
    ids=["older", "same", "another branch", "no version", "old copy kept", "one copy left", "absent", "short list"],
)
def test_files_of_an_inventory(files: list[tuple[str, str | None]], state: str, status: str, where: str | None) -> None:
    advice = ask(FIX, stored(*files))
    assert (advice.files[0].state, advice.status, advice.files[0].where) == (state, status, where)


def test_the_log_counts_before_the_inventory() -> None:
    stock = stored(("system32/vote.dll", "5.0.2195.3000"))
    assert ask(FIX, stock, Module(name="vote.dll", version="5.0.2195.1")).status == "applies"
    assert ask(FIX, stock, Module(name="vote.dll")).status == "already-installed"


def test_a_systems_own_files_show_its_service_pack() -> None:
    fix = Fix(service_packs=(PackRef("Windows XP", 2),))
    assert ask(fix, stored(("system32/ntdll.dll", "5.1.2600.1106"))).status == "applies"
    advice = ask(fix, stored(("system32/ntdll.dll", "5.1.2600.5512 (xpsp.080413-2111)"))).service_pack
    assert advice is not None
    assert (advice.state, advice.installed, advice.proof) == ("there", 3, "ntdll.dll 5.1.2600.5512 (xpsp.080413-2111)")


def test_systeminfo_shows_the_pack_and_the_update() -> None:
    system = System(product="Windows 2000", build=2195, service_pack=4, hotfixes=("Q100001",))
    assert ask(Fix(service_packs=(PackRef("Windows 2000", 3),)), stored(system=system)).status == "already-installed"
    advice = ask(FIX, stored(system=system))
    assert (advice.status, advice.installed_hotfix) == ("already-installed", "Q100001")
    assert advice.here == "the system lists Q100001 as installed: look for another cause"
    older = ask(FIX, stored(("system32/vote.dll", "5.0.2195.1"), system=system))
    assert older.status == "applies"  # a file that was put back proves more than the list
    missing = ask(FIX, stored(system=System(product="Windows 2000", hotfixes=("Q5",))))
    assert missing.here == "the system's list of updates does not have Q100001"


def test_an_inventory_of_another_build_is_of_another_machine() -> None:
    taken = stored(system=System(product="Windows 2000", build=2195, service_pack=4))
    log = System(product="Windows NT 4.0", version="4.0", build=1381, service_pack=3)
    advice = ask(Fix(service_packs=(PackRef("Windows NT 4.0", 4),)), taken, system=log).service_pack
    assert advice is not None
    assert (advice.product, advice.installed) == ("Windows NT 4.0", 3)


def test_inventories_of_one_machine_are_joined() -> None:
    files = Inventory(root="C", files=(InventoryFile(name="a", path="a", size=1),))
    info = Inventory(root="info.txt", system=System(build=2195))
    both = join([files, info])
    assert both is not None
    assert (both.root, both.system, both.files) == ("C, info.txt", info.system, files.files)
    assert join([]) is None
    assert join([info]) is info


@pytest.mark.parametrize(
    ("path", "copy"),
    [
        ("WINNT/system32/vote.dll", False),
        ("WINNT/system32/drivers/vote.sys", False),
        ("WINNT\\$NtServicePackUninstall$\\vote.sys", True),
        ("WINNT/$hf_mig$/KB1/SP2QFE/vote.sys", True),
        ("WINNT/system32/dllcache/vote.dll", True),
        ("WINNT/ServicePackFiles/i386/vote.dll", True),
        ("vote.dll", False),
    ],
)
def test_copies_that_are_not_run(path: str, copy: bool) -> None:
    assert is_copy(path) is copy
