"""Which files of a folder are read, links, long paths of Windows, and addresses."""

import importlib
import sys
from pathlib import Path

import msgspec
import pytest

from builders.knowledge import LOG, QUIET
from builders.minidumps import MinidumpBuilder
from triage.errors import SourceError
from triage.scan import Source, find
from triage.scan.examine import Examiner
from triage.scan.found import Found
from triage.scan.remote import is_url
from triage.scan.serial import Serial
from triage.scan.setup import Setup
from triage.scan.source import Choice, long_path
from triage.scan.state import Remembering, State


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for name in ("a.log", "a.txt", "old/b.log", "old/deep/c.log", "new/d.log", "new/old/e.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    ("include", "exclude", "names"),
    [
        ((), (), ["a.log", "a.txt", "new/d.log", "new/old/e.log", "old/b.log", "old/deep/c.log"]),
        (("*.txt",), (), ["a.txt"]),
        (("*.txt", "d.*"), (), ["a.txt", "new/d.log"]),
        (("old/*",), (), ["old/b.log", "old/deep/c.log"]),
        ((), ("old",), ["a.log", "a.txt", "new/d.log"]),
        ((), ("new/old",), ["a.log", "a.txt", "new/d.log", "old/b.log", "old/deep/c.log"]),
        (("*.log",), ("?.log",), []),
    ],
)
def test_names_and_paths_choose(
    share: Path, include: tuple[str, ...], exclude: tuple[str, ...], names: list[str]
) -> None:
    found = [
        source.path.relative_to(share).as_posix()
        for source in find([share], folders=True, choice=Choice(include, exclude))
        if isinstance(source, Source) and source.path is not None
    ]
    assert found == names


def test_a_path_that_is_named_is_read_whatever_its_name(share: Path) -> None:
    assert len(list(find([share / "a.log"], folders=True, choice=Choice(("*.txt",), ("*",))))) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_are_followed_where_that_is_asked_for_and_never_in_circles(share: Path) -> None:
    (share / "new" / "up").symlink_to(share, target_is_directory=True)
    (share / "new" / "z.log").symlink_to(share / "a.log")
    assert len(list(find([share], folders=True))) == 6
    followed = [source.name for source in find([share], folders=True, choice=Choice(links=True))]  # type: ignore[union-attr]
    assert len(followed) == 7
    assert followed.count(str(share / "new" / "z.log")) == 1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("C:\\logs\\a.log", "C:\\logs\\a.log"),
        ("C:\\" + "d\\" * 130 + "a.log", "\\\\?\\C:\\" + "d\\" * 130 + "a.log"),
        ("\\\\host\\share\\" + "d\\" * 130 + "a.log", "\\\\?\\UNC\\host\\share\\" + "d\\" * 130 + "a.log"),
        ("\\\\?\\C:\\" + "d\\" * 130 + "a.log", "\\\\?\\C:\\" + "d\\" * 130 + "a.log"),
    ],
)
def test_long_paths_of_windows(path: str, form: str) -> None:
    assert long_path(path, windows=True) == form
    assert long_path(path, windows=False) == path


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("s3://bucket/logs", True),
        ("memory://a", True),
        ("zip::s3://b/a.zip", True),
        ("C:\\logs", False),
        ("c:/logs", False),
    ],
)
def test_what_is_an_address(text: str, *, url: bool) -> None:
    assert is_url(text) is url


class TestRemote:
    @pytest.fixture(autouse=True)
    def storage(self) -> None:
        fsspec = pytest.importorskip("fsspec")
        memory = fsspec.filesystem("memory")
        memory.store.clear()
        for name in ("logs/a.log", "logs/b/c.log", "logs/b/d.txt"):
            memory.pipe(f"/{name}", LOG.encode())

    def test_a_folder_at_an_address_is_read_by_name(self, setup: Setup) -> None:
        sources = list(find(["memory://logs"], folders=True, choice=Choice(("*.log",))))
        assert [source.name for source in sources] == ["memory:///logs/a.log", "memory:///logs/b/c.log"]  # type: ignore[union-attr]
        (found,) = Examiner(setup).examine(sources[0]).found  # type: ignore[arg-type]
        assert found.report.findings[0].rule == "Q900001"  # type: ignore[union-attr]

    def test_a_large_text_and_a_large_dump_at_an_address(self, setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("triage.scan.examine.SMALL", 10_000)
        monkeypatch.setattr("triage.scan.source.IN_MEMORY", 1000)
        dump = MinidumpBuilder().add_system().add_module("C:\\app.exe", 0x400000, 0x1000).write()
        memory = importlib.import_module("fsspec").filesystem("memory")
        memory.pipe("/large/a.log", (QUIET * 500 + LOG).encode())
        memory.pipe("/large/b.dmp", dump + bytes(5000))
        examiner = Examiner(msgspec.structs.replace(setup, mapped=True))
        log, mapped = (examiner.examine(one).found[0] for one in find(["memory://large"], folders=True))  # type: ignore[arg-type]
        assert isinstance(log, Found)
        assert [one.lines[0] for one in log.report.incidents] == [QUIET.count("\n") * 500 + LOG.count("\n")]
        assert isinstance(mapped, Found)
        assert mapped.report.source.format == "minidump"

    def test_what_is_unchanged_at_an_address_is_not_read_again(self, setup: Setup, tmp_path: Path) -> None:
        examiner = Examiner(msgspec.structs.replace(setup, keep=True))
        results = []
        for _ in range(2):
            state = State(tmp_path / "scan.state", rules="1")
            results.append(
                list(Remembering(Serial(examiner), state, lambda: examiner).run(find(["memory://logs"], folders=True)))
            )
            known = state.kept
            state.close()
        assert results[0] == results[1]
        assert known == 3

    def test_a_file_at_an_address(self) -> None:
        (source,) = find(["memory://logs/b/d.txt"], folders=False)
        assert isinstance(source, Source)
        assert source.read() == LOG.encode()
        assert source.stat()[0] == len(LOG)

    @pytest.mark.parametrize(
        ("address", "why"),
        [
            ("memory://none", "no such file or folder"),
            ("nosuchstorage://x/y", "cannot be opened: Protocol not known: nosuchstorage"),
            ("memory://logs", "a folder; `triage scan` reads folders"),
        ],
    )
    def test_what_cannot_be_read_costs_a_line(self, address: str, why: str) -> None:
        (error,) = find([address], folders=False)
        assert isinstance(error, SourceError)
        assert str(error) == f"{address}: {why}"
