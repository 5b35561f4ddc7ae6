"""`triage inventory`, and `analyze --inventory` with what it makes."""

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from builders.images import image
from builders.knowledge import FILLERS, LOG, SHUTDOWN, small_pack
from triage.cli import cli
from triage.model.rule import Fix, FixFile, PackRef, Rule

SYSTEMINFO = """\
OS Name:       Microsoft Windows 2000 Server
OS Version:    5.0.2195 Service Pack 1 Build 2195
Hotfix(s):     1 Hotfix(s) Installed.
               [01]: Q900001
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> str:
    fix = Fix(files=(FixFile("quorum.dll", "5.0.2195.2779"),), service_packs=(PackRef("Windows 2000", 2),))
    rules: tuple[Rule, ...] = (msgspec.structs.replace(SHUTDOWN, fix=fix),)
    return str(small_pack(tmp_path_factory.mktemp("pack") / "test.pack", (*rules, *FILLERS)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    binaries = tmp_path / "copy"
    binaries.mkdir()
    (binaries / "Quorum.dll").write_bytes(image((5, 0, 2195, 1600)))
    (binaries / "cut.dll").write_bytes(image()[:0x50])
    (tmp_path / "crash.log").write_text(LOG)
    (tmp_path / "info.txt").write_text(SYSTEMINFO)
    return tmp_path


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def test_json_on_standard_output_and_a_line_for_each_damaged_file(folder: Path) -> None:
    result = run("inventory", folder / "copy")
    taken = json.loads(result.stdout)
    assert taken["schema"] == "triage/inventory-1"
    assert [(file["path"], file.get("file_version")) for file in taken["files"]] == [
        ("Quorum.dll", "5.0.2195.1600"),
        ("cut.dll", None),
    ]
    assert result.stderr == "triage: cut.dll: cut off in its header\n"
    assert result.exit_code == 0


def test_a_file_and_the_output_of_systeminfo(folder: Path) -> None:
    saved = folder / "saved.json"
    result = run("inventory", folder / "copy", "--systeminfo", folder / "info.txt", "-o", saved)
    assert (result.exit_code, "2 program files" in result.stderr) == (0, True)
    assert json.loads(saved.read_text())["system"]["hotfixes"] == ["Q900001"]


def test_a_folder_without_programs(tmp_path: Path) -> None:
    result = run("inventory", tmp_path)
    assert (result.exit_code, json.loads(result.stdout)["files"]) == (1, [])


@pytest.mark.parametrize("name", ["gone", "crash.log"])
def test_no_folder_is_an_error(folder: Path, name: str) -> None:
    result = run("inventory", folder / name)
    assert (result.exit_code, "folder" in result.stderr) == (2, True)


def advice(pack: str, folder: Path, *inventories: str) -> dict[str, object]:
    options = [word for name in inventories for word in ("--inventory", str(folder / name))]
    result = run("analyze", folder / "crash.log", "-f", "json", "-k", pack, *options)
    assert result.exit_code == 0, result.stderr
    found: dict[str, object] = json.loads(result.stdout)["findings"][0]["advice"]
    return found


def test_analysis_uses_folders_saved_inventories_and_systeminfo(pack: str, folder: Path) -> None:
    assert advice(pack, folder)["status"] == "unknown"
    run("inventory", folder / "copy", "-o", folder / "saved.json")
    for name in ("copy", "saved.json"):
        found = advice(pack, folder, name)
        assert found["status"] == "applies"
        assert found["files"] == [
            {
                "name": "quorum.dll", "fixed": "5.0.2195.2779", "found": "5.0.2195.1600", "state": "older",
                "where": "Quorum.dll", "reason": "",
            }
        ]  # fmt: skip
    told = advice(pack, folder, "info.txt")
    assert (told["status"], told["installed_hotfix"]) == ("already-installed", "Q900001")
    assert advice(pack, folder, "info.txt", "copy")["status"] == "applies"


@pytest.mark.parametrize("name", ["crash.log", "gone.json"])
def test_what_is_no_inventory_is_an_error(pack: str, folder: Path, name: str) -> None:
    result = run("analyze", folder / "crash.log", "-k", pack, "--inventory", folder / name)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_a_scan_takes_the_inventory_along(pack: str, folder: Path) -> None:
    result = run("scan", folder / "crash.log", "-f", "jsonl", "-k", pack, "--jobs", "0", "--inventory", folder / "copy")
    assert json.loads(result.stdout)["findings"][0]["advice"]["status"] == "applies"
    pooled = run("scan", folder / "crash.log", "-f", "jsonl", "-k", pack, "--jobs", "1", "--inventory", folder / "copy")
    assert pooled.stdout == result.stdout
