"""What is too large to hold lies in a file, and is read there as it would be in memory."""

import errno
import mmap
import tempfile
import zipfile
import zlib
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.containers import seven_zipped, tarred, zipped
from builders.eventlogs import event_log
from builders.kerneldumps import crashed_network
from builders.minidumps import MinidumpBuilder
from triage.formats import read_evidence
from triage.formats.binary import store
from triage.formats.binary.store import NoRoomError, Store, crc_of, digest_of, file_of, mapped, part_of
from triage.formats.containers import members


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything of more than some bytes is large."""
    monkeypatch.setattr(store, "IN_MEMORY", 100)
    monkeypatch.setattr(store, "_PIECE", 70)
    monkeypatch.setattr(store, "_DROP_EVERY", 128)


def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("size", [0, 1, 100, 101, 5000])
def test_what_is_stored_comes_back(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    kept = Store()
    for at in range(0, size, 33):
        kept.write(content[at : at + 33])
    assert kept.tell() == size
    data = kept.data()
    assert isinstance(data, mmap.mmap) == (size > 100)
    assert bytes(data[:]) == content
    assert digest_of(data) == sha256(content).hexdigest()
    assert crc_of(data) == zlib.crc32(content)
    assert bytes(part_of(data, 3, size)[:]) == content[3:]


@pytest.mark.usefixtures("small")
def test_only_the_beginning_may_be_asked_for() -> None:
    kept = Store()
    kept.write(bytes(200))
    assert len(kept.data(150)) == 150


@pytest.mark.usefixtures("small")
def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    full_disk(monkeypatch)
    with pytest.raises(NoRoomError, match="temporary file: no space left on device"):
        Store().write(bytes(200))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 90)), max_size=20))
@settings(deadline=None, max_examples=50)
def test_a_mapping_reads_like_a_file(steps: list[tuple[int, int]]) -> None:
    content = bytes(number % 251 for number in range(300))
    with tempfile.TemporaryFile() as kept:
        kept.write(content)
        kept.flush()
        ours, plain = file_of(mapped(kept)), BytesIO(content)
        for place, size in steps:
            assert ours.seek(place) == plain.seek(place)
            assert ours.read(size) == plain.read(size)
        assert ours.seek(0, 2) == 300


def test_an_empty_file_is_no_mapping(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    with (tmp_path / "empty").open("rb") as file:
        assert mapped(file) == b""


CONTENT = {
    "a.log": b"quiet line\n" * 40,
    "small.txt": b"x",
    "user.dmp": MinidumpBuilder().add_system().add_module("C:\\app.exe", 0x400000, 0x1000).write() + bytes(900),
    "logs.zip": zipped({"inner.log": b"inner line\n" * 30}),
}


@pytest.mark.parametrize(
    "data",
    [
        zipped(CONTENT),
        zipped(CONTENT, zipfile.ZIP_STORED),
        zipped(CONTENT, zipfile.ZIP_LZMA),
        zipped(CONTENT)[:-30],
        tarred(CONTENT),
        tarred(CONTENT)[:-2000],
        seven_zipped(CONTENT),
        zipped({"deep.tar": tarred(CONTENT)}),
    ],
    ids=["zip", "stored", "lzma", "cut zip", "tar", "cut tar", "7z", "tar in zip"],
)
def test_containers_give_the_same_from_files_as_from_memory(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [(one.name, one.fault, one.data) for one in members(data, "x")]
    (tmp_path / "x").write_bytes(data)
    monkeypatch.setattr(store, "IN_MEMORY", 100)
    monkeypatch.setattr(store, "_PIECE", 70)
    with (tmp_path / "x").open("rb") as file:
        found = list(members(mapped(file), "x"))
    assert [(one.name, one.fault, one.data and bytes(one.data[:])) for one in found] == expected
    assert any(isinstance(one.data, mmap.mmap) for one in found)


@pytest.mark.usefixtures("small")
def test_a_member_for_which_there_is_no_room_costs_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    full_disk(monkeypatch)
    for data in (zipped(CONTENT), zipped(CONTENT, zipfile.ZIP_STORED), tarred(CONTENT)):
        found = {one.name: one for one in members(data, "x")}
        assert found["x!small.txt"].data == b"x"
        fault = found["x!a.log"].fault
        assert fault is not None
        assert "no space left on device (TMPDIR names another place)" in fault


@pytest.mark.parametrize("data", [event_log(), crashed_network().write(), CONTENT["user.dmp"]])
def test_dumps_and_event_logs_are_read_alike_from_files(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    with (tmp_path / "x").open("rb") as file:
        assert read_evidence(mapped(file)) == read_evidence(data)
