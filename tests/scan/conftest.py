"""A share with crashes in it, and a small knowledge pack."""

from pathlib import Path

import pytest

from builders.knowledge import LOG, QUIET, UNKNOWN, small_pack
from triage.scan import Source, find
from triage.scan.setup import Setup


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("knowledge") / "small.pack")


@pytest.fixture
def setup(pack: Path) -> Setup:
    return Setup(knowledge=pack)


@pytest.fixture
def crashes(tmp_path: Path) -> Path:
    folder = tmp_path / "crashes"
    folder.mkdir()
    for number in range(40):
        text = (LOG, QUIET, UNKNOWN)[number % 3]
        (folder / f"{number:02}.log").write_text(f"host {number}\n{text}")
    (folder / "empty.log").write_bytes(b"")
    return folder


def listed(folder: Path) -> list[Source]:
    return [source for source in find([folder], folders=True) if isinstance(source, Source)]
