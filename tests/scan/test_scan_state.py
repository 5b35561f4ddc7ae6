"""A second scan reads only what is new; other rules match what was kept; a stopped scan goes on."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from builders.knowledge import LOG, QUIET, RULES, UNKNOWN, small_pack
from triage.errors import SourceError
from triage.scan import Source, find
from triage.scan.examine import Examiner
from triage.scan.found import Fault, Found, Given, Result
from triage.scan.pool import Pool
from triage.scan.serial import Serial
from triage.scan.setup import Setup
from triage.scan.state import Remembering, State, rules_of, stamp_of


class Counting(Serial):
    """Remembers what it was asked to read."""

    def __init__(self, examiner: Examiner) -> None:
        super().__init__(examiner)
        self.read: list[str] = []

    def run(self, sources: Iterable[Given]) -> Iterator[Result]:
        def counted() -> Iterator[Given]:
            for source in sources:
                if isinstance(source, Source):
                    self.read.append(source.name)
                yield source

        return super().run(counted())


class Scan:
    """Scans of one folder with one state."""

    def __init__(self, folder: Path, pack: Path, state: Path) -> None:
        self.folder, self.state = folder, state
        self.use(pack)

    def use(self, pack: Path) -> None:
        self.examiner = Examiner(Setup(knowledge=pack, keep=True))

    def run(self, stop_after: int = 10**9) -> tuple[list[Result], list[str]]:
        state = State(self.state, rules=rules_of(self.examiner.knowledge.path))
        runner = Counting(self.examiner)
        results = []
        for result in Remembering(runner, state, lambda: self.examiner).run(find([self.folder], folders=True)):
            results.append(result)
            if len(results) == stop_after:
                runner.stop()
        state.close()
        return results, [Path(name).name for name in runner.read]


@pytest.fixture
def scan(crashes: Path, pack: Path, tmp_path: Path) -> Scan:
    return Scan(crashes, pack, tmp_path / "scan.state")


def test_what_is_unchanged_is_not_read_again(scan: Scan) -> None:
    first, read = scan.run()
    assert len(read) == 41
    again, read = scan.run()
    assert read == []
    assert again == first


def test_what_could_not_be_read_is_tried_again_and_what_holds_nothing_is_not(scan: Scan) -> None:
    (scan.folder / "gone.log").write_text(LOG)
    opened = Path.open

    def refuse(self: Path, *args: object, **more: object) -> object:
        if self.name == "gone.log":
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **more)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        first, _ = scan.run()
    again, read = scan.run()
    assert read == ["gone.log"]
    faults = [[one for one in result.found if isinstance(one, Fault)] for result in (*first, *again)]
    assert [fault.message for (fault,) in filter(None, faults)] == [
        "empty; there is nothing to read",
        "permission denied",
        "empty; there is nothing to read",
    ]


def test_what_is_new_or_changed_is_read_and_keeps_its_place(scan: Scan) -> None:
    scan.run()
    (scan.folder / "05.log").write_text(LOG + UNKNOWN)
    (scan.folder / "055.log").write_text(LOG)
    (scan.folder / "07.log").unlink()
    results, read = scan.run()
    assert read == ["05.log", "055.log"]
    assert [result.name for result in results] == [
        source.name for source in find([scan.folder], folders=True) if isinstance(source, Source)
    ]


def test_a_file_that_was_only_touched_is_known_by_its_digest(scan: Scan) -> None:
    first, _ = scan.run()
    os.utime(scan.folder / "00.log", (1, 1))
    again, read = scan.run()
    assert read == []
    assert again == first


def test_other_rules_match_what_was_kept_without_reading(scan: Scan, tmp_path: Path) -> None:
    def findings(results: list[Result]) -> list[list[str]]:
        return [
            [finding.rule for finding in one.report.findings]
            for result in results
            for one in result.found
            if isinstance(one, Found)
        ]

    before, _ = scan.run()
    other = small_pack(tmp_path / "other.pack", RULES[1:])
    scan.use(other)
    after, read = scan.run()
    assert read == []
    assert findings(before) != findings(after)
    fresh, _ = Scan(scan.folder, other, tmp_path / "fresh.state").run()
    assert after == fresh
    once_more, read = scan.run()
    assert read == []
    assert once_more == after


@pytest.mark.parametrize("jobs", [1, 2])
def test_workers_match_what_was_kept(scan: Scan, tmp_path: Path, jobs: int) -> None:
    scan.run()
    scan.use(small_pack(tmp_path / "other.pack", RULES[1:]))
    expected, _ = scan.run()
    for path in scan.folder.iterdir():  # what is there to read says other than before, and looks the same
        status = path.stat()
        path.write_bytes(b"x" * status.st_size)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    scan.use(tmp_path / "other.pack")
    state = State(scan.state, rules="others still")
    runner = Remembering(Pool(scan.examiner.setup, jobs), state, lambda: scan.examiner)
    assert list(runner.run(find([scan.folder], folders=True))) == expected
    state.close()


def test_a_scan_that_was_stopped_goes_on_where_it_was(scan: Scan) -> None:
    part, _ = scan.run(stop_after=15)
    assert len(part) == 15
    whole, read = scan.run()
    assert len(whole) == 41
    assert read[:2] == ["15.log", "16.log"]


@pytest.mark.parametrize("content", [b"not a database at all, but longer than a header\n" * 9, "pack"])
def test_a_file_that_is_no_state_is_left_alone(scan: Scan, pack: Path, content: bytes | str) -> None:
    data = pack.read_bytes() if isinstance(content, str) else content
    scan.state.write_bytes(data)
    with pytest.raises(SourceError, match=r"scan\.state: "):
        scan.run()
    assert scan.state.read_bytes() == data


def test_a_damaged_record_is_read_again(scan: Scan) -> None:
    import sqlite3

    first, _ = scan.run()
    with sqlite3.connect(scan.state) as connection:
        connection.execute("UPDATE source SET data=x'00'")
    connection.close()
    assert scan.run()[0] == first


def test_quiet_sources_are_remembered_too(scan: Scan) -> None:
    (scan.folder / "quiet.log").write_text(QUIET)
    scan.run()
    assert "quiet.log" not in scan.run()[1]


class TestGrown:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in ("examine", "state"):
            monkeypatch.setattr(f"triage.scan.{module}.SMALL", 20_000)
        for module in ("text.regions", "formats.large"):
            monkeypatch.setattr(f"triage.{module}.OVERLAP", 8_000)

    def lines(self, results: list[Result]) -> list[tuple[int, int]]:
        (found,) = (one for one in results[0].found if isinstance(one, Found))
        return [one.lines for one in found.report.incidents]

    @pytest.fixture
    def log(self, scan: Scan) -> Path:
        path = scan.folder / "0.log"
        path.write_text(QUIET * 500 + LOG + QUIET * 500)
        return path

    @pytest.mark.parametrize(
        "more", [QUIET * 900, QUIET * 3000 + UNKNOWN, UNKNOWN + QUIET, LOG + QUIET * 400 + UNKNOWN]
    )
    def test_of_a_log_that_grew_only_the_end_is_read(self, scan: Scan, log: Path, tmp_path: Path, more: str) -> None:
        scan.run()
        with log.open("a") as file:
            file.write(more)
        results, read = scan.run()
        assert read == ["0.log"]
        fresh, _ = Scan(scan.folder, scan.examiner.knowledge.path, tmp_path / "fresh").run()
        assert self.lines(results) == self.lines(fresh)
        assert results[0].found[0].report.findings == fresh[0].found[0].report.findings  # type: ignore[union-attr]
        again, read = scan.run()
        assert read == []
        assert again == results

    def test_other_rules_do_not_make_a_log_that_grew_a_new_one(self, scan: Scan, log: Path, tmp_path: Path) -> None:
        scan.run()
        scan.use(small_pack(tmp_path / "other.pack", RULES[1:]))
        scan.run()
        with log.open("a") as file:
            file.write(UNKNOWN)
        state = State(scan.state, rules=rules_of(scan.examiner.knowledge.path))
        source = Source(str(log), log)
        stamp = stamp_of(source)
        assert stamp is not None
        assert state.read_of(source, stamp) == stamp.size - len(UNKNOWN)
        state.close()

    def test_an_incident_that_was_cut_off_is_completed(self, scan: Scan, log: Path) -> None:
        lines = LOG.splitlines(keepends=True)
        log.write_text(QUIET * 500 + "".join(lines[:2]))
        assert self.lines(scan.run()[0]) == []
        with log.open("a") as file:
            file.write("".join(lines[2:]))
        results, _ = scan.run()
        assert self.lines(results) == [(1004, 1004)]
        assert results[0].found[0].report.findings[0].rule == "Q900001"  # type: ignore[union-attr]

    def test_a_log_that_was_begun_anew_is_read_from_its_beginning(self, scan: Scan, log: Path) -> None:
        scan.run()
        log.write_text(UNKNOWN + QUIET * 2000)
        assert self.lines(scan.run()[0]) == [(1, 1)]

    def test_the_end_is_found_in_wide_characters_too(self, scan: Scan, log: Path) -> None:
        log.write_bytes((QUIET * 500 + LOG + QUIET * 500).encode("utf-16"))
        scan.run()
        with log.open("ab") as file:
            file.write((QUIET * 3 + UNKNOWN).encode("utf-16-le"))
        assert self.lines(scan.run()[0]) == [(1004, 1004), (2011, 2011)]
