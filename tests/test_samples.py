"""Every sample's report says what its expected.json asks for; samples/README.md tells how the two are compared."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from triage.api import analyze
from triage.knowledge.pack import Pack
from triage.model.report import Band
from triage.render.json import compact

SAMPLES = Path(__file__).parents[1] / "samples"
CASES = sorted(path.parent for path in SAMPLES.glob("*/expected.json"))
BANDS = get_args(Band)
"""Surest first."""

NUMBERS = {"code", "address", "target", "base", "end", "offset", "faulting_offset", "parameters"}
IMAGES = {"name", "module", "faulting_module", "caused_by"}


def differences(wanted: Any, found: Any, where: str = "", key: str = "") -> Iterator[str]:
    """What of `wanted` the report does not say, one line each."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict):
            yield f"{where}: nothing there"
            return
        for name, value in wanted.items():
            yield from member(name, value, found, f"{where}.{name}".lstrip("."))
    elif isinstance(wanted, list):
        items = found if isinstance(found, list) else []
        if len(items) < len(wanted):
            yield f"{where}: {len(items)} of {len(wanted)}"
        for index, (left, right) in enumerate(zip(wanted, items, strict=False)):
            yield from differences(left, right, f"{where}[{index}]", key)
    elif normal(wanted, key) != normal(found, key):
        yield f"{where}: {wanted!r} wanted, {found!r} found"


def member(name: str, wanted: Any, found: dict[str, Any], where: str) -> Iterator[str]:
    """One key of an object, which may be one of the words that samples/README.md explains."""
    if name.startswith("n_"):
        there = len(found.get(name[2:], ()))
        if there != wanted:
            yield f"{where}: {wanted} wanted, {there} found"
    elif name == "has_incident":
        if all(list(differences(wanted, incident)) for incident in found["incidents"]):
            yield f"{where}: no incident is like this"
    elif name == "band_at_least":
        if BANDS.index(found["band"]) > BANDS.index(wanted):
            yield f"{where}: {wanted} wanted, {found['band']} found"
    elif name == "band_at_most":
        loud = [item["rule"] for item in found["findings"] if BANDS.index(item["band"]) < BANDS.index(wanted)]
        if loud:
            yield f"{where}: {', '.join(loud)} is surer than {wanted}"
    else:
        yield from differences(wanted, found.get(name), where, name)


def normal(value: Any, key: str) -> Any:
    """The spelling by which values are compared."""
    if not isinstance(value, str):
        return value
    if key in NUMBERS and re.fullmatch("[0-9a-fA-F]+", value):
        return int(value, 16)
    value = value.lower()
    return re.sub(r"\.(?:exe|dll|sys|drv|ocx)$", "", value) if key in IMAGES else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_sample(case: Path, builtin_knowledge: Pack) -> None:
    (source,) = case.glob("input.*")
    report = analyze(source.read_bytes(), path=source.name, knowledge=builtin_knowledge)
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert list(differences(expected, json.loads(compact(report)))) == []


def test_there_are_samples() -> None:
    assert len(CASES) >= 15


@pytest.mark.parametrize(
    ("wanted", "found", "right"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"b": 2}, False),
        ({"code": "1e"}, {"code": "0000001e"}, True),
        ({"name": "Store.exe"}, {"name": "store"}, True),
        ({"source": "Srv"}, {"source": "SRV"}, True),
        ({"stack": [{"module": "a"}]}, {"stack": [{"module": "a.dll"}, {}]}, True),
        ({"stack": [{}, {}]}, {"stack": [{}]}, False),
        ({"n_stack": 0}, {}, True),
        ({"has_incident": {"kind": "stack"}}, {"incidents": [{"kind": "event"}, {"kind": "stack"}]}, True),
        ({"has_incident": {"kind": "stack"}}, {"incidents": []}, False),
        ({"findings": [{"band_at_least": "likely"}]}, {"findings": [{"band": "certain"}]}, True),
        ({"findings": [{"band_at_least": "likely"}]}, {"findings": [{"band": "possible"}]}, False),
        ({"band_at_most": "possible"}, {"findings": [{"band": "likely", "rule": "Q1"}]}, False),
        ({"exception": {"code": "5"}}, {"exception": None}, False),
    ],
)
def test_the_comparison_itself(wanted: dict[str, Any], found: dict[str, Any], right: bool) -> None:
    assert (not list(differences(wanted, found))) is right
