"""The prefilter loses nothing: a large text gives the incidents that reading all of it gives."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import LANDMARKS, large, read_evidence, read_text
from triage.formats.large import read_large
from triage.formats.texts import FORMATS
from triage.model.evidence import Evidence
from triage.text import regions
from triage.text.decode import decode
from triage.text.repair import repair
from triage.text.windows import SMALL, WHOLE

SAMPLES = sorted(Path(__file__).parents[2].joinpath("samples").glob("*/input.*"))
TEXTS = {path.parent.name: text for path in SAMPLES if (text := decode(path.read_bytes())[0])}
QUIET = '10.0.0.7 - - [11/Feb/2019:08:12:01 +0100] "GET /part{}/index.html HTTP/1.1" 200 5120 "-" "Mozilla/4.0"\n'


def quiet(count: int) -> str:
    return "".join(QUIET.format(number) for number in range(count))


def of_large(text: str, encoding: str = "utf-8") -> Evidence:
    data = text.encode(encoding, "replace")
    return read_large(lambda: io.BytesIO(data))


def told(evidence: Evidence) -> list[object]:
    return [
        (one.kind, one.lines, one.exception, one.bugcheck, one.event, one.stack, one.faulting_module)
        for one in evidence.incidents
    ]


def test_the_list_of_landmarks_is_that_of_the_formats() -> None:
    declared = {landmark for known in FORMATS for landmark in known.landmarks}
    assert set(LANDMARKS) == declared
    for landmark in declared:
        if not landmark.startswith("\n"):
            assert large.landmark_teller("utf-8")(landmark.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("name", TEXTS)
def test_every_sample_within_a_large_log_is_read_as_by_itself(name: str, encoding: str) -> None:
    text = quiet(1200) + "\n" + "\n".join(TEXTS[name].splitlines()) + "\n" + quiet(1200)
    assert told(of_large(text, encoding)) == told(read_text(repair(text, encoding)))


@given(
    st.lists(st.tuples(st.sampled_from(sorted(TEXTS)), st.integers(0, 1500)), min_size=1, max_size=3), st.integers(0, 9)
)
@settings(deadline=None, max_examples=12)
def test_no_incident_of_several_is_lost(crashes: list[tuple[str, int]], last: int) -> None:
    text = ""
    for name, before in crashes:
        text += quiet(before) + "\n" + "\n".join(TEXTS[name].splitlines()) + "\n"
    text += quiet(last * 100)
    whole = {(one.kind, one.lines) for one in read_text(repair(text, "utf-8")).incidents}
    assert whole <= {(one.kind, one.lines) for one in of_large(text).incidents}


def test_batches_find_what_stands_on_their_borders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "BATCH", 20_000)
    monkeypatch.setattr(regions, "OVERLAP", 8_000)
    crash = (
        "(2c4.7a{0:x}): Access violation - code c0000005 (first chance)\nquill!Render{0}+0x1f:\n"
        "ChildEBP RetAddr\n0012f000 77f00000 quill!Render{0}+0x1f\n0012f010 77f00010 quill!Page{0}+0x2f\n\n"
    )
    text = "".join(crash.format(number) for number in range(1000))
    assert len(text) > 6 * 20_000
    evidence = of_large(text)
    assert [one.lines[0] for one in evidence.incidents] == [6 * number + 1 for number in range(1000)]


@pytest.mark.parametrize(("encoding", "ends"), [("utf-8", "\n"), ("utf-16-le", "\r\n"), ("cp1252", "\r")])
def test_a_text_of_several_spans_gives_what_one_gives(
    monkeypatch: pytest.MonkeyPatch, encoding: str, ends: str
) -> None:
    text = ""
    for number, name in enumerate(sorted(TEXTS)[:9]):
        text += quiet(300 + 170 * number) + "\n" + "\n".join(TEXTS[name].splitlines()) + "\n"
    text = (text + quiet(4000)).replace("\n", ends)
    whole = of_large(text, encoding)
    assert len(whole.incidents) > 5
    monkeypatch.setattr(large, "OVERLAP", 16 << 10)
    for span in (100_001, 1 << 19):
        monkeypatch.setattr(large, "SPAN", span)
        split = of_large(text, encoding)
        # What has a border between it may be told apart where one reading joins it.
        assert {(one.kind, one.lines[0]) for one in whole.incidents} <= {
            (one.kind, one.lines[0]) for one in split.incidents
        }
        assert set(split.modules) == set(whole.modules)


def test_an_incident_on_the_border_of_two_spans_is_found_once_wherever_the_border_lies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crash = "\n".join(TEXTS["q279247"].splitlines()) + "\n"
    text = quiet(900) + "\n" + crash + quiet(900)
    whole = told(of_large(text))
    begin = text.index(crash)
    monkeypatch.setattr(large, "OVERLAP", 16 << 10)
    for border in range(begin - 300, begin + len(crash) + 300, 37):
        monkeypatch.setattr(large, "SPAN", border)
        assert told(of_large(text)) == whole


def test_facts_of_a_later_span_keep_their_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    text = quiet(2000) + "\n" + TEXTS["q279247"]
    whole = of_large(text)
    monkeypatch.setattr(large, "OVERLAP", 16 << 10)
    monkeypatch.setattr(large, "SPAN", 50_000)
    split = of_large(text)
    assert (split.incidents, split.modules) == (whole.incidents, whole.modules)
    assert split.incidents[0].exception is not None
    assert split.incidents[0].exception.lines[0] > 2000


def test_large_bytes_take_the_way_of_large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.formats.WHOLE", 10_000)
    text = quiet(2000) + TEXTS["q279247"] + quiet(2000)
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.lines[0] > 2000


def test_bytes_that_are_no_text_say_so() -> None:
    assert read_large(lambda: io.BytesIO(bytes(range(256)) * 100)).format == "binary"


def test_a_long_report_is_read_to_its_end() -> None:
    rows = [
        'Unhandled exception "EXCEPTION_ACCESS_VIOLATION" at 0x7FF6A1C08F6A Ledger.exe+1AF8F6A',
        "",
        "PROBABLE CALL STACK:",
        "\t[0] 0x7FF6A1C08F6A Ledger.exe+1AF8F6A",
        "",
        "STACK:",
        *(f"\t[RSP+{8 * number:<4X}] 0x{number:<16X} (size_t)" for number in range(4000)),
        "",
        "MODULES:",
        *(f"\tquill{number:03}.dll 0x7FF8{number:04X}0000" for number in range(400)),
    ]
    text = quiet(12_000) + "\n" + "\n".join(rows) + "\n" + quiet(12_000)
    evidence = of_large(text)
    assert len(evidence.incidents) == 1
    assert len(evidence.modules) == 400
    assert told(evidence) == told(read_text(repair(text, "utf-8")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_document_that_can_only_be_read_as_a_whole_is(encoding: str) -> None:
    modules = [{"filename": f"quill{number}.dll", "base_addr": f"0x{number + 1:x}0000"} for number in range(300)]
    dump = {
        "crash_info": {"type": "EXCEPTION_ACCESS_VIOLATION_READ", "address": "0x8", "crashing_thread": 0},
        "crashing_thread": {"threads_index": 0, "frames": [{"frame": 0, "module": "ledger.exe", "offset": "0x1f2c"}]},
        "notes": ["The ledger was posted to the orchard."] * 40_000,
        "modules": modules,
    }
    data = json.dumps(dump, indent=1).encode(encoding)
    assert WHOLE < len(data) < SMALL
    evidence = read_evidence(data)
    assert len(evidence.incidents) == 1
    assert len(evidence.modules) == 300


def test_a_document_in_a_larger_text_is_read_as_far_as_it_can_be() -> None:
    dump = {
        "crash_info": {"type": "EXCEPTION_ACCESS_VIOLATION_READ", "address": "0x8", "crashing_thread": 0},
        "notes": ["The ledger was posted."] * 300,
        "crashing_thread": {"threads_index": 0, "frames": [{"frame": 0, "module": "ledger.exe", "offset": "0x1f2c"}]},
    }
    text = quiet(12_000) + "\n" + json.dumps(dump, indent=1) + "\n" + quiet(12_000)
    assert told(of_large(text)) == told(read_text(repair(text, "utf-8")))
    assert len(of_large(text).incidents) == 1


def test_what_a_source_of_a_few_megabytes_says_is_read_together() -> None:
    # The program is named where the session begins, and nothing after it speaks of modules.
    start = "Microsoft (R) Windows Debugger Version 6.12\nCommandLine: C:\\orchard\\ledger.exe\n"
    start += "".join(f"ModLoad: 00{at:02x}0000 00{at:02x}8000   quill{at}.dll\n" for at in range(0x40, 0x60))
    crash = "(2c4.7a0): Access violation - code c0000005 (first chance)\nquill64!Render+0x1f:\n"
    text = start + quiet(24_000) + crash + quiet(100)
    assert WHOLE < len(text) < SMALL
    (incident,) = read_evidence(text.encode()).incidents
    assert told(read_evidence(text.encode())) == told(read_text(repair(text, "utf-8")))
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"


def test_a_source_that_begins_with_lost_blocks_is_read() -> None:
    data = b"\0" * ((1 << 20) + 10) + (quiet(3000) + TEXTS["q279247"]).encode()
    assert [one.kind for one in read_evidence(data).incidents] == ["exception"]


def test_modules_beyond_what_is_reported_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "MAX_MODULES", 20)
    loads = "".join(f"ModLoad: 00{at:02x}0000 00{at:02x}8000   quill{at}.dll\n" for at in range(0x40, 0x60))
    evidence = of_large(loads)
    assert len(evidence.modules) == 20
    assert [one.text for one in evidence.warnings] == ["only the first 20 modules are reported"]


def test_the_number_of_incidents_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "MAX_INCIDENTS", 5)
    text = "".join(f"(1.{n:x}): Access violation - code c0000005 (first chance)\n" for n in range(50))
    evidence = of_large(text)
    assert len(evidence.incidents) == 5
    assert evidence.warnings[-1].text == "only the first 5 incidents are reported"
