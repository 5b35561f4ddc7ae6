"""The JSON is the contract: it follows its own schema and decodes into the same report."""

import json

import jsonschema
import pytest
from hypothesis import given, settings

from builders.reports import SHUTDOWN, any_report
from triage.errors import SourceError
from triage.model.report import Report
from triage.render.json import compact, decode, decode_all, pretty, schema

VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema()))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema()))


@settings(deadline=None, max_examples=100)
@given(any_report)
def test_every_report_follows_the_schema_and_comes_back(report: Report) -> None:
    VALIDATOR.validate(json.loads(pretty(report)))
    assert b"\n" not in compact(report)
    assert decode(compact(report), path="a.json") == decode(pretty(report), path="a.json") == report


@pytest.mark.parametrize("path", [("source", "path"), ("incidents", 0, "number"), ("findings", 0, "advice", "status")])
def test_the_schema_asks_for_what_a_reader_needs(path: tuple[str | int, ...]) -> None:
    document = json.loads(pretty(SHUTDOWN))
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "truncated"),
        (b"\xff\xfe", "malformed"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"schema": "triage/report-2", "source": {"path": "a", "format": "text"}}', r"`\$\.schema`"),
        (b'{"source": {"path": 1, "format": "text"}}', r"`\$\.source\.path`"),
        (b'{"x":' + b"[" * 100_000, "truncated|recursion"),
    ],
)
def test_what_is_no_report_is_refused_with_the_field(data: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=f"a.json: not a report of triage: .*(?:{why})"):
        decode(data, path="a.json")


@pytest.mark.parametrize(
    ("data", "number"),
    [
        pytest.param(pretty(SHUTDOWN), 1, id="one"),
        pytest.param(compact(SHUTDOWN) + b"\n", 1, id="a line"),
        pytest.param(b"[\n" + pretty(SHUTDOWN) + b",\n" + pretty(SHUTDOWN) + b"\n]\n", 2, id="a list"),
        pytest.param(b"[]\n", 0, id="an empty list"),
        pytest.param((compact(SHUTDOWN) + b"\r\n\r\n") * 3, 3, id="JSON Lines"),
        pytest.param(b"\xef\xbb\xbf" + pretty(SHUTDOWN), 1, id="byte order mark"),
    ],
)
def test_saved_reports_come_back_from_all_that_is_written(data: bytes, number: int) -> None:
    assert list(decode_all(data, path="a.json")) == [SHUTDOWN] * number


def test_what_is_wrong_in_json_lines_is_told_by_its_line() -> None:
    found = decode_all(compact(SHUTDOWN) + b"\n{}\n" + compact(SHUTDOWN), path="a.jsonl")
    assert next(found) == SHUTDOWN
    with pytest.raises(SourceError, match=r"a\.jsonl:2: not a report of triage"):
        next(found)
