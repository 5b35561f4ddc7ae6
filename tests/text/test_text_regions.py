"""Of a text that may be endless, whole lines around landmarks come out, numbered as in the source."""

import io
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text import regions
from triage.text.landmarks import locator
from triage.text.regions import Batch, Lines, Part, batches, line_ends, parts


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (
        ("CHUNK", 2048),
        ("GRAIN", 256),
        ("PROBE", 64),
        ("NEAR", 256),
        ("STRETCH", 4096),
        ("CONTEXT", 768),
        ("BATCH", 4096),
        ("OVERLAP", 1024),
    ):
        monkeypatch.setattr(regions, name, size)


def everywhere(_: bytes) -> list[tuple[float, float]]:
    return [(1, inf)]


def cut(
    text: str,
    encoding: str = "utf-8",
    *,
    twice: bool = True,
    start: int = 0,
    line: int = 1,
    evident: regions.Evident = everywhere,
) -> list[Part]:
    data = text.encode(encoding)
    stream = io.BytesIO(data)
    stream.seek(start)
    return list(
        parts(
            stream,
            encoding,
            locator(("stop:", "chance"), encoding),
            Lines((lambda: io.BytesIO(data)) if twice else None, encoding, start, line),
            start=start,
            evident=evident,
        )
    )


def numbered(count: int, end: str = "\n", *marks: int) -> str:
    return "".join(f"line {number}{' STOP:' if number in marks else ''}{end}" for number in range(1, count + 1))


@pytest.mark.parametrize("twice", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_parts_are_whole_lines_with_their_numbers(encoding: str, end: str, *, twice: bool) -> None:
    marks = {1, 400, 1200, 1203, 2999, 3000}
    text = numbered(3000, end, *marks)
    seen: set[int] = set()
    for part in cut(text, encoding, twice=twice):
        lines = part.data.decode(encoding).replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, row in enumerate(lines[:-1], part.line):
            assert row.split()[1] == str(number)
            seen.add(number)
    assert marks <= seen
    assert all(set(range(max(1, mark - 5), min(3000, mark + 5) + 1)) <= seen for mark in marks)
    assert len(seen) < 2500


def test_a_text_without_landmarks_gives_nothing() -> None:
    assert cut(numbered(5000)) == []


def test_reading_may_begin_at_any_line() -> None:
    text = numbered(3000, "\n", 2500)
    start = text.index("line 2000\n")
    part, *_ = found = cut(text, start=start, line=2000)
    assert b"line 2500 STOP:" in b"".join(one.data for one in found)
    assert part.data.startswith(f"line {part.line}\n".encode())


def test_a_landmark_on_the_border_of_two_pieces_is_found() -> None:
    for place in range(240, 272):
        assert len(cut("." * place + "stop:" + "." * 3000)) > 0
    for place in range(2030, 2060):
        assert len(cut("." * place + "stop:" + "." * 3000)) > 0


@given(
    st.lists(st.sampled_from(["\n", "\r", "\r\n", "x", "stop:", "chance", "é", " ", "." * 200]), max_size=300),
    st.booleans(),
)
@settings(deadline=None, max_examples=150)
def test_numbers_and_bytes_are_those_of_the_source(pieces: list[str], twice: bool) -> None:
    text = "".join(pieces)
    data = text.encode()
    end = 0
    for part in cut(text, twice=twice):
        assert part.start >= end
        end = part.start + len(part.data)
        assert data[part.start : end] == part.data
        assert part.line == 1 + line_ends(data[: part.start], "utf-8")


def all_batches(text: str) -> list[Batch]:
    return list(batches(iter(cut(text)), "utf-8"))


def test_evidence_far_apart_is_parted_by_blank_rows() -> None:
    (batch,) = all_batches(numbered(3000, "\n", 500, 2500))
    assert (batch.first, batch.end) == (-inf, inf)
    gap = max(b - a for a, b in zip(batch.text.numbers, batch.text.numbers[1:], strict=False))
    assert gap > 1000
    assert "" in batch.text.rows


def test_long_evidence_comes_in_batches_that_overlap_and_share_no_line() -> None:
    text = "".join(f"line {number} stop: {number}\n" for number in range(1, 5001))
    found = all_batches(text)
    assert len(found) > 4
    assert max(len(batch.text.joined) for batch in found) < 4 * 4096
    for one, other in pairwise(found):
        assert one.end == other.first
        assert other.text.numbers[0] < one.end < one.text.numbers[-1]
    assert sum(batch.first <= number < batch.end for batch in found for number in batch.text.numbers) == 5000


@pytest.mark.parametrize(
    "text", ["stop: " * 5000, "stop:" + "a" * 100_000, "\n" * 50_000, "stop:\r" * 3000, "", "\x00" * 9000]
)
def test_texts_without_proper_lines_do_not_pile_up(text: str) -> None:
    assert all(len(batch.text.joined) < 32_768 for batch in all_batches(text))


def lines_of(parts: list[Part]) -> set[int]:
    return {number for part in parts for number in range(part.line, part.line + part.data.count(b"\n"))}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("evidence", [{700}, {40, 2900}, {1500, 1501}, {1, 3000}])
def test_of_many_landmarks_only_those_with_evidence_come_out(evidence: set[int], encoding: str) -> None:
    text = "".join(f"line {number} STOP:{' crash' if number in evidence else ''}\n" for number in range(1, 3001))

    def evident(piece: bytes) -> list[tuple[float, float]]:
        rows = piece.decode(encoding).splitlines()
        return [(number, number) for number, row in enumerate(rows, 1) if row.endswith("crash")]

    found = {row for part in cut(text, encoding, evident=evident) for row in part.data.decode(encoding).splitlines()}
    assert {f"line {number} STOP: crash" for number in evidence} <= found
    # What follows evidence and has landmarks goes with it.
    assert all(int(row.split()[1]) > min(evidence) - 100 for row in found)


def test_a_text_of_nothing_but_landmarks_is_asked_about_in_ever_larger_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "CHUNK", 1 << 16)
    asked: list[int] = []

    def evident(piece: bytes) -> list[tuple[float, float]]:
        asked.append(len(piece))
        return []

    text = numbered(20_000, "\n", *range(1, 20_001))
    assert cut(text, evident=evident) == []
    assert asked[0] < asked[1] < asked[2] < max(asked)
    assert sum(asked) < 2 * len(text)
    assert len(asked) < len(text) / asked[0] / 5


def test_landmarks_far_apart_are_asked_about_together_without_what_lies_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regions, "CHUNK", 1 << 16)
    asked: list[bytes] = []

    def evident(piece: bytes) -> list[tuple[float, float]]:
        asked.append(piece)
        return []

    marks = (10, 1000, 2000)
    assert cut(numbered(3000, "\n", *marks), evident=evident) == []
    (piece,) = asked
    assert piece.count(b"STOP:") == 3
    assert piece.count(b"\n\n\n") == 2
    assert len(piece) < 3 * 256 * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("crash", [10, 1000, 2000])
def test_evidence_is_found_where_it_stands_in_what_was_asked_together(
    crash: int, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regions, "CHUNK", 1 << 16)
    text = numbered(3000, "\n", 10, 1000, 2000).replace(f"line {crash} STOP:", f"line {crash} STOP: crash")

    def evident(piece: bytes) -> list[tuple[float, float]]:
        rows = piece.decode(encoding).split("\n")
        return [(number, number) for number, row in enumerate(rows, 1) if row.endswith("crash")]

    (part,) = cut(text, encoding, evident=evident)
    assert f"line {crash} STOP: crash\n" in part.data.decode(encoding)
    assert len(part.data.decode(encoding)) < 2 * 768 + 4 * 256


def crashes(piece: bytes) -> list[tuple[float, float]]:
    return [(number, number) for number, row in enumerate(piece.split(b"\n"), 1) if row.endswith(b"crash")]


def test_lines_are_told_apart_behind_many_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "CHUNK", 1 << 18)
    monkeypatch.setattr(regions, "LEAST", 64)
    marks = range(100, 9000, 200)
    text = numbered(9000, "\n", *marks).replace("line 8500 STOP:", "line 8500 STOP: crash")
    found = lines_of(cut(text, evident=crashes))
    assert 8500 in found
    assert min(found) > 8300


def test_evidence_stands_before_its_landmark_too() -> None:
    text = numbered(3000, "\n", 1500).replace("line 1497\n", "line 1497 crash\n")
    for shift in range(0, 300, 7):
        assert {1497, 1500} <= lines_of(cut("." * shift + "\n" + text, evident=crashes))


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_what_is_told_by_the_rows_behind_a_landmark_is_found_wherever_a_chunk_ends(encoding: str, end: str) -> None:
    def evident(piece: bytes) -> list[tuple[float, float]]:
        rows = piece.decode(encoding).split("\n")
        return [(at, at + 1) for at, row in enumerate(rows[:-1], 1) if "STOP:" in row and rows[at] == "at last"]

    for before in range(1800, 2200, 9):
        text = "." * (before - 1) + "\nSTOP:\nat last" + end
        assert len(cut(text, encoding, evident=evident)) == 1, before
        assert len(cut(text + "\n" + "." * 900 + end, encoding, evident=evident)) == 1, before


def test_words_of_evidence_after_evidence_are_asked_about_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "CHUNK", 1 << 16)
    text = numbered(6000, "\n", *range(30, 6000, 60)).replace("line 90 STOP:", "line 90 STOP: crash")
    assert max(lines_of(cut(text, evident=crashes))) < 400


def test_words_of_evidence_without_a_gap_are_asked_about_again_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "CHUNK", 1 << 16)
    text = numbered(6000, "\n", *range(90, 6000, 5)).replace("line 90 STOP:", "line 90 STOP: crash")
    last = max(lines_of(cut(text, evident=crashes)))
    assert 4096 + 768 < sum(len(row) + 1 for row in text.split("\n")[:last]) < 4096 + 4 * 768


def test_where_evidence_comes_again_it_is_not_asked_about_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "CHUNK", 1 << 16)
    asked: list[bytes] = []

    def evident(piece: bytes) -> list[tuple[float, float]]:
        asked.append(piece)
        return crashes(piece)

    marks = range(50, 6000, 70)  # nearer than twice the context, farther than NEAR
    text = numbered(6000, "\n", *marks).replace("STOP:", "STOP: crash")
    found = lines_of(cut(text, evident=evident))
    assert set(marks) <= found
    assert sum(map(len, asked)) < len(text) / 2


def test_rows_that_lead_on_do_so_behind_evidence_alone() -> None:
    rows = [f"line {number}{' leads' if number % 20 == 0 else ''}" for number in range(1, 3001)]
    rows[999] = "line 1000 STOP: crash"
    data = "\n".join(rows).encode()

    def kept(*leads: str) -> set[int]:
        stream = io.BytesIO(data)
        lines = Lines(lambda: io.BytesIO(data), "utf-8", 0)
        locate = locator(("stop:", "chance"), "utf-8", leads)
        return lines_of(list(parts(stream, "utf-8", locate, lines, evident=crashes)))

    assert min(kept()) == min(kept("leads"))
    assert max(kept()) < 1200
    assert max(kept("leads")) > 1300


def test_of_a_text_that_is_taken_whole_all_evidence_comes_at_once() -> None:
    text = numbered(3000, "\n", 500, 2500)
    (batch,) = batches(iter(cut(text)), "utf-8", whole=True)
    assert {500, 2500} <= set(batch.text.numbers)
    assert len(batch.text.rows) < 1000
