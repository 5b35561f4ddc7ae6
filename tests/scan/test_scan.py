"""One outcome a source, in one order everywhere, and one bad source costs no other."""

import io
import os
import sys
from pathlib import Path

import pytest

from triage.errors import PackError, SourceError
from triage.model.report import Report, SourceInfo
from triage.scan import Source, find, name_of, outcomes


def named(data: bytes, name: str) -> Report:
    return Report(source=SourceInfo(path=name, format="text", bytes=len(data)))


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for name in ("b/2.log", "b/10.log", "a.log", "c/deep/er/x.dmp", "B.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_a_folder_is_walked_in_the_order_of_names(share: Path) -> None:
    found = [source.path.relative_to(share).as_posix() for source in find([share], folders=True)]
    assert found == ["B.log", "a.log", "b/10.log", "b/2.log", "c/deep/er/x.dmp"]


def test_paths_keep_the_order_they_were_given_in(share: Path) -> None:
    found = [source.name for source in find([share / "b", "-", share / "a.log"], folders=True)]
    assert found == [str(share / "b" / "10.log"), str(share / "b" / "2.log"), "stdin", str(share / "a.log")]


def test_links_in_a_folder_are_not_followed(share: Path) -> None:
    (share / "loop").symlink_to(share, target_is_directory=True)
    (share / "z.log").symlink_to(share / "a.log")
    assert len(list(find([share], folders=True))) == 5
    assert len(list(find([share / "loop"], folders=True))) == 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are of Unix")
def test_what_is_no_file_is_passed_over_in_a_folder(share: Path) -> None:
    os.mkfifo(share / "pipe")
    assert len(list(find([share], folders=True))) == 5


def test_a_folder_is_refused_where_files_are_asked_for(share: Path) -> None:
    (error,) = find([share], folders=False)
    assert str(error) == f"{share}: a folder; `triage scan` reads folders"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.write_bytes(b"12345"), "larger than 4 bytes; cut out the part around the crash"),
    ],
)
def test_a_source_that_cannot_be_read_says_why(tmp_path: Path, make: object, why: str) -> None:
    path = tmp_path / "a.log"
    make(path)
    with pytest.raises(SourceError) as caught:
        Source("a.log", path).read(limit=4)
    assert str(caught.value) == f"a.log: {why}"


def test_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match=r"^a.log: permission denied$"):
        Source("a.log", tmp_path / "a.log").read()


def test_a_name_with_a_null_character_is_no_file() -> None:
    (source,) = find(["a\0b"], folders=True)
    with pytest.raises(SourceError, match="not a file name"):
        source.read()


def test_standard_input_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\x00text")))
    assert Source("stdin").read() == b"\xff\x00text"


def test_names_that_are_no_text_can_be_printed() -> None:
    assert name_of(os.fsdecode(b"caf\xe9.log")) == r"caf\xe9.log"


def test_every_source_has_its_outcome(share: Path) -> None:
    def analyst(data: bytes, name: str) -> Report:
        if name.endswith("a.log"):
            raise ZeroDivisionError("division by zero")
        if name.endswith("B.log"):
            raise SourceError("nothing to read")
        if name.endswith("10.log"):
            raise MemoryError
        if name.endswith("2.log"):
            raise PackError("damaged", path="a.pack")
        return named(data, name)

    found = list(outcomes(find([share, share / "gone"], folders=True), analyst))
    assert [str(outcome) if isinstance(outcome, Exception) else outcome.source.bytes for outcome in found] == [
        f"{share / 'B.log'}: nothing to read",
        f"{share / 'a.log'}: internal error, please report it (ZeroDivisionError: division by zero)",
        f"{share / 'b' / '10.log'}: too large for this machine's memory; cut out the part around the crash",
        "a.pack: damaged",
        15,
        f"{share / 'gone'}: no such file",
    ]
