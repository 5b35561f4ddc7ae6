"""A share with crashes in it, and a small knowledge pack."""

from pathlib import Path

import pytest

from builders.knowledge import LOG, QUIET, UNKNOWN, small_pack
from triage.formats import large
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


@pytest.fixture(scope="session")
def two_spans(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Really more than a span, for workers that know no other."""
    path = tmp_path_factory.mktemp("large") / "large.log"
    block = QUIET * (4_000_000 // len(QUIET))
    with path.open("w") as file:
        file.write(LOG)
        for _ in range(large.SPAN // len(block) + 2):
            file.write(block)
        file.write(LOG.replace("145", "188"))
    return Source("large.log", path)


def listed(folder: Path) -> list[Source]:
    return [source for source in find([folder], folders=True) if isinstance(source, Source)]
