"""Containers: what is in them, what damage leaves of them, and what they may cost."""

import gzip
import io
import lzma
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders.containers import ARCHIVERS, PACKERS, cabinet, lzx_cabinet, seven_zipped, tarred, zipped, zstandard
from builders.lzx import ALIGNED, UNCOMPRESSED, VERBATIM
from triage.formats.containers import Limits, Member, container_of, members
from triage.formats.containers.names import printable

LOG = b"ModLoad: 00400000 0041d000   C:\\apps\\quill.exe\r\nAccess violation - code c0000005 (first chance)\r\n" * 40
FILES = {"app.log": LOG, "sub/ledger.dmp": bytes(range(256)) * 400, "z.txt": b"last one\r\n"}


def opened(data: bytes, name: str = "mail", limits: Limits | None = None) -> list[Member]:
    return list(members(data, name, limits))


def contents(data: bytes, name: str = "mail") -> dict[str, bytes | None]:
    return {member.name: member.data for member in opened(data, name)}


@pytest.mark.parametrize(("kind", "pack"), PACKERS.items())
def test_a_compressed_file_is_one_member(kind: str, pack: Callable[[bytes], bytes]) -> None:
    data = pack(LOG)
    assert container_of(data) == kind
    assert opened(data) == [Member(name="mail!content", kinds=(kind,), data=LOG)]


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("app.log.gz", "app.log.gz!app.log"),
        ("logs/app.LOG.GZ", "logs/app.LOG.GZ!app.LOG"),
        ("a.zip!b.log.gz", "a.zip!b.log.gz!b.log"),
        ("app.gz", "app.gz!app"),
        (".gz", ".gz!content"),
        ("stdin", "stdin!content"),
    ],
)
def test_the_content_of_a_compressed_file_is_called_after_it(name: str, inner: str) -> None:
    assert list(contents(gzip.compress(LOG), name)) == [inner]


@pytest.mark.parametrize(("kind", "pack"), ARCHIVERS.items())
def test_an_archive_has_a_member_for_each_file(kind: str, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    data = pack(FILES)
    assert container_of(data) == kind
    assert contents(data) == {f"mail!{name}": content for name, content in FILES.items()}


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=str
)
def test_zip_by_every_method_of_the_library(method: int) -> None:
    assert contents(zipped({"a.log": LOG}, method)) == {"mail!a.log": LOG}


def headers(data: bytes) -> list[int]:
    return [info.offset for info in tarfile.open(fileobj=io.BytesIO(data))]


@pytest.mark.parametrize(("damaged", "lost"), [(0, "app.log"), (1, "sub/ledger.dmp"), (2, "z.txt")])
def test_a_damaged_header_of_a_tar_costs_its_own_file_only(damaged: int, lost: str) -> None:
    data = bytearray(tarred(FILES))
    data[headers(bytes(data))[damaged] + 100] ^= 3
    found = contents(bytes(data))
    assert found.pop("mail") is None
    assert found == {f"mail!{name}": content for name, content in FILES.items() if name != lost}


def test_a_tar_that_is_cut_between_two_files_says_so() -> None:
    data = tarred(FILES)
    *files, fault = opened(data[: headers(data)[2]])
    assert [member.name for member in files] == ["mail!app.log", "mail!sub/ledger.dmp"]
    assert fault.fault == "cut off: the mark of its end is missing"


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=str)
def test_tar_of_every_form(form: int) -> None:
    name = "a/" * 45 + "b.log"
    assert contents(tarred({name: LOG}, form)) == {f"mail!{name}": LOG}


@pytest.mark.parametrize(("method", "reserve"), [(0, 0), (1, 0), (1, 12)])
def test_cabinets_stored_and_compressed(method: int, reserve: int) -> None:
    files = {"minidump.dmp": bytes(range(251)) * 700, "version.txt": b"Windows NT Version 5.1\r\n"}
    assert contents(cabinet(files, method=method, reserve=reserve)) == {f"mail!{n}": d for n, d in files.items()}


CALLS = b"".join(
    b"\xe8" + struct.pack("<i", n * 7919 % 500_000 - 200_000) + b"\x55\x8b\xec" * (n % 5) for n in range(6000)
)


@pytest.mark.parametrize("window", [15, 17, 21])
@pytest.mark.parametrize(
    "kinds", [(VERBATIM,), (ALIGNED,), (UNCOMPRESSED,), (VERBATIM, UNCOMPRESSED, ALIGNED)], ids=str
)
@pytest.mark.parametrize("calls", [0, len(CALLS)], ids=["text", "program"])
def test_cabinets_by_lzx(window: int, kinds: tuple[int, ...], calls: int) -> None:
    files = {"minidump.dmp": CALLS, "version.txt": LOG * 9, "zeros": bytes(70_001)}
    found = opened(lzx_cabinet(files, window, kinds, calls))
    assert {member.name: member.data for member in found} == {f"mail!{name}": data for name, data in files.items()}
    assert all(member.fault is None for member in found)


def test_what_python_has_to_decode_is_bounded() -> None:
    (member,) = opened(lzx_cabinet({"a": bytes(300_000)}), limits=Limits(slow=100_000))
    assert len(member.data or b"") == 100_000
    assert "more than is unpacked" in (member.fault or "")


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_damaged_lzx_is_read_up_to_the_damage(data: st.DataObject) -> None:
    damaged = bytearray(LZX)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(60, len(LZX) - 1))] ^= data.draw(st.integers(1, 255))
    for member in opened(bytes(damaged)):
        assert len(member.data or b"") <= len(LOG)


LZX = lzx_cabinet({"a.log": LOG}, kinds=(ALIGNED,))


@pytest.mark.parametrize("data", [LOG, b"", b"BZh9 is how bzip2 begins\n", b"PK", b"MSCF", b"1234567\n" * 200])
def test_what_is_no_container_has_no_members(data: bytes) -> None:
    assert container_of(data) is None
    assert opened(data) == []


def test_containers_in_containers() -> None:
    inner = zipped({"app.log": LOG, "logs.tar.gz": gzip.compress(tarred({"x/y.log": b"deep"}))})
    assert contents(cabinet({"mail.zip": inner}), "case.cab") == {
        "case.cab!mail.zip!app.log": LOG,
        "case.cab!mail.zip!logs.tar.gz!x/y.log": b"deep",
    }
    assert opened(cabinet({"mail.zip": inner}))[1].kinds == ("cab", "zip", "gzip", "tar")


def test_streams_end_to_end_are_one_file() -> None:
    for pack in PACKERS.values():
        assert contents(pack(b"one ") + pack(b"two")) == {"mail!content": b"one two"}


def test_what_follows_a_stream_is_no_part_of_it() -> None:
    assert opened(gzip.compress(LOG) + bytes(512)) == [Member(name="mail!content", kinds=("gzip",), data=LOG)]


def test_empty_files_and_folders_are_passed_over() -> None:
    assert contents(zipped({"empty.log": b"", "folder/": b"", "a.log": LOG})) == {"mail!a.log": LOG}


def test_files_of_one_name_stay_apart() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for data in (b"one", b"two"):
            info = tarfile.TarInfo("a.log")
            info.size = 3
            archive.addfile(info, io.BytesIO(data))
    assert contents(out.getvalue()) == {"mail!a.log": b"one", "mail!a.log (2)": b"two"}


def test_links_and_devices_are_passed_over() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo("secret")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert opened(out.getvalue()) == []


# Damage.


@pytest.mark.parametrize(("kind", "pack"), PACKERS.items())
def test_a_cut_off_stream_says_so(kind: str, pack: Callable[[bytes], bytes]) -> None:
    (member,) = opened(pack(bytes(range(256)) * 2000)[:-30])
    assert member.fault == "cut off: the end of it is missing"


def test_a_cut_off_gzip_gives_what_is_there() -> None:
    data = "".join(f"{n * 7919 % 65521:x}\n" for n in range(20_000)).encode()
    packed = gzip.compress(data)
    (member,) = opened(packed[: len(packed) // 2])
    assert member.data
    assert data.startswith(member.data)
    assert len(member.data) > len(data) // 3


def test_a_zip_without_its_end_is_read_by_the_headers_of_its_members() -> None:
    whole = zipped({"a.log": LOG, "b.log": LOG[::-1]})
    cut = whole[: whole.index(b"PK\x01\x02")]
    assert {name: data for name, data in contents(cut).items() if data} == {"mail!a.log": LOG, "mail!b.log": LOG[::-1]}
    assert "searched for" in (opened(cut)[0].fault or "")


def test_a_zip_written_to_a_pipe_and_cut_off() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:  # type: ignore[override]  # RawIOBase takes any buffer
            self.data += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.log", LOG)
        archive.writestr("b.log", b"b" * 5000)
    cut = pipe.data[: pipe.data.index(b"PK\x01\x02")]
    assert {n: d for n, d in contents(cut).items() if d} == {"mail!a.log": LOG, "mail!b.log": b"b" * 5000}


@pytest.mark.parametrize("pack", [zipped, cabinet, tarred], ids=["zip", "cab", "tar"])
def test_a_cut_off_archive_gives_its_first_files(pack: Callable[[dict[str, bytes]], bytes]) -> None:
    noise = b"".join(struct.pack("<I", n * 2654435761 & 0xFFFFFFFF) for n in range(9000))
    whole = pack({"a.log": LOG, "b.bin": noise})
    found = opened(whole[: len(whole) - len(noise) // 2])
    assert found[[member.name for member in found].index("mail!a.log")] == Member(
        name="mail!a.log", kinds=found[0].kinds, data=LOG
    )
    part = next(member for member in found if member.name == "mail!b.bin")
    assert part.data
    assert noise.startswith(part.data)
    assert part.fault


def test_one_bad_member_costs_no_other() -> None:
    data = bytearray(zipped({"a.log": LOG, "b.log": LOG, "c.log": LOG}))
    second = data.index(b"PK\x03\x04", 10)
    data[second + 40 : second + 60] = b"\xff" * 20
    found = opened(bytes(data))
    assert [member.name for member in found] == ["mail!a.log", "mail!b.log", "mail!c.log"]
    assert [member.fault is None for member in found] == [True, False, True]


def test_one_bad_folder_of_a_7z_costs_no_other() -> None:
    found = opened(seven_zipped({"a.log": LOG, "b.log": LOG[::-1]}))
    assert [member.data for member in found] == [LOG, LOG[::-1]]


def test_a_checksum_that_does_not_fit_is_told() -> None:
    data = bytearray(zipped({"a.log": LOG}, zipfile.ZIP_STORED))
    data[60] ^= 1
    (member,) = opened(bytes(data))
    assert member.fault == "damaged: the checksum is another one"
    assert member.data is not None


@pytest.mark.parametrize(
    ("offset", "value", "told"),
    [
        (8, 1, "encrypted; unpack it with its password"),
        (10, 98, "packed by method 98, which is not supported; unpack it by hand"),
    ],
)
def test_members_that_cannot_be_unpacked_say_why(offset: int, value: int, told: str) -> None:
    data = bytearray(zipped({"a.log": LOG}))
    data[data.index(b"PK\x01\x02") + offset] = value
    (member,) = opened(bytes(data))
    assert (member.data, member.fault) == (None, told)


def test_a_cabinet_of_a_set_says_what_lies_elsewhere() -> None:
    data = bytearray(cabinet({"a.log": LOG, "b.log": LOG}))
    at = data.index(b"b.log\0") - 8
    data[at : at + 2] = struct.pack("<H", 0xFFFE)
    found = opened(bytes(data))
    assert [(member.name, member.fault) for member in found] == [
        ("mail", "1 files lie in another cabinet of the set"),
        ("mail!a.log", None),
    ]


@pytest.mark.parametrize("method", [2, 3 | 15 << 8])
def test_a_cabinet_by_another_method_never_raises(method: int) -> None:
    data = bytearray(cabinet({"a.log": LOG}))
    data[36 + 6 : 36 + 8] = struct.pack("<H", method)
    (member,) = opened(bytes(data))
    assert member.fault


# Cost.


def test_nesting_is_followed_to_a_bound() -> None:
    data = LOG
    for _ in range(50):
        data = gzip.compress(data)
    (member,) = opened(data)
    assert (member.data, member.fault) == (None, "nested more than 8 deep; unpack it by hand")
    assert len(member.kinds) == 8


def test_archives_nested_fifty_deep_cost_only_what_lies_deepest() -> None:
    data = zipped({"app.log": LOG})
    for _ in range(50):
        data = zipped({"inner.zip": data, "note.txt": b"here"})
    found = opened(data)
    assert sum(member.data == b"here" for member in found) == 8
    assert [member.fault for member in found if member.fault] == ["nested more than 8 deep; unpack it by hand"]


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        lambda data: lzma.compress(data, preset=1),
        lambda data: zipped({"a": data}),
        zstandard,
        lambda data: seven_zipped({"a": data}),
        lambda data: gzip.compress(gzip.compress(data)),
    ],
    ids=["gzip", "xz", "zip", "zstd", "7z", "nested"],
)
def test_a_bomb_is_cut_off(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(80 << 20))
    tracemalloc.start()
    try:
        found = opened(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(len(member.data or b"") for member in found) <= 48 << 20
    assert peak < 200 << 20
    assert any(member.fault and "more than is unpacked of one source" in member.fault for member in found)


def test_members_that_share_their_data_share_the_budget() -> None:
    """Overlapping files (Fifield's bomb): each entry of the table of contents points to one and the same data."""
    data = zipped({"a": bytes(4 << 20)})
    central = data.index(b"PK\x01\x02")
    entry, end = data[central : data.index(b"PK\x05\x06")], bytearray(data[data.index(b"PK\x05\x06") :])
    count = 400
    end[8:16] = struct.pack("<HHI", count, count, count * len(entry))
    total = sum(len(member.data or b"") for member in members(data[:central] + entry * count + bytes(end), "bomb"))
    assert total <= 48 << 20


def test_the_number_of_members_is_bounded() -> None:
    found = opened(zipped({f"{n}.log": b"x" for n in range(60)}), limits=Limits(members=50))
    assert len(found) == 51
    assert found[-1] == Member(name="mail", kinds=("zip",), data=None, fault="more than 50 files; the rest is left out")


def test_many_small_streams_end_to_end_are_bounded() -> None:
    (member,) = opened(gzip.compress(b"x") * 10_050)
    assert member.data == b"x" * 10_000
    assert member.fault == "more than 10000 streams end to end; the rest is left out"


def test_a_table_of_contents_of_millions_is_not_built() -> None:
    data = b"PK\x03\x04" + b"PK\x01\x02" * 300_000
    tracemalloc.start()
    try:
        opened(data)
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()


# Names.


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("logs/app.log", "logs/app.log"),
        ("logs\\app.log", "logs/app.log"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\drwtsn32.log", "Windows/drwtsn32.log"),
        ("\\\\server\\share\\a.log", "server/share/a.log"),
        ("a/./b", "a/b"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\r\0c", "a\\x0ab\\x0d\\x00c"),
        ("fdp\u202egol.exe", "fdp\\u202egol.exe"),
        ("größe 日本.log", "größe 日本.log"),
        ("\ud800", "\\ud800"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_names_are_printed_and_never_lead_anywhere(stored: str, shown: str) -> None:
    assert printable(stored) == shown


@pytest.mark.parametrize("pack", [zipped, tarred, cabinet], ids=["zip", "tar", "cab"])
def test_names_of_tricksters(pack: Callable[[dict[str, bytes]], bytes]) -> None:
    data = pack({"../../../tmp/x.log": LOG, "a\x1b]0;b.log": LOG})
    assert contents(data) == {"mail!tmp/x.log": LOG, "mail!a\\x1b]0;b.log": LOG}


def test_a_name_that_leads_out_of_a_7z_costs_only_that_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from py7zr import py7zr

    monkeypatch.setattr(py7zr, "check_archive_path", lambda name: True)
    data = seven_zipped({"../x.log": LOG, "a.log": LOG})
    monkeypatch.undo()
    found = {member.name: member for member in opened(data)}
    assert found["mail!a.log"].data == LOG
    assert found["mail!x.log"].fault


@given(name=st.text(max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_name_is_one_printable_line(name: str) -> None:
    shown = printable(name)
    assert shown.isprintable()
    assert shown.encode()
    assert not {"..", ""} & set(shown.split("/"))


WHOLE = {
    **{kind: pack(LOG) for kind, pack in PACKERS.items()},
    **{kind: pack({"a.log": LOG, "b.log": b"b" * 999}) for kind, pack in ARCHIVERS.items()},
}


@pytest.mark.parametrize("name", WHOLE)
@given(data=st.data())
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_damage_raises(name: str, data: st.DataObject) -> None:
    whole = WHOLE[name]
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        piece = data.draw(st.sampled_from([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\x80", b"\x7f", b"\x01"]))
        damaged[at : at + len(piece)] = piece
    cut = data.draw(st.integers(0, len(damaged)))
    for member in members(bytes(damaged[:cut] if data.draw(st.booleans()) else damaged), "x"):
        assert member.data is not None or member.fault
        assert member.name.isprintable()


@given(
    data=st.binary(max_size=300), magic=st.sampled_from([b"PK\x03\x04", b"MSCF\0\0\0\0", b"7z\xbc\xaf\x27\x1c", b""])
)
@settings(deadline=None, max_examples=200)
def test_any_bytes_open(data: bytes, magic: bytes) -> None:
    for member in members(magic + data, "x"):
        assert member.name.startswith("x")


def test_a_damaged_block_of_a_cabinet_ends_its_folder() -> None:
    data = bytearray(cabinet({"a.log": LOG * 20, "b.log": LOG}))
    data[-40:-30] = zlib.compress(b"x" * 40)[:10]
    assert all(member.fault is None or "damaged" in member.fault for member in opened(bytes(data)))
