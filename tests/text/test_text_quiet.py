"""The collector of garbage rests while a text is read, which leaves it nothing to collect."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from triage.formats import read_evidence
from triage.text.quiet import collector_paused

SAMPLES = sorted((Path(__file__).parents[2] / "samples").rglob("*.txt"))


@pytest.fixture
def stopped() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_it_rests_within_and_goes_on_behind() -> None:
    assert gc.isenabled()
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="quill"), collector_paused():
        raise ValueError("quill")
    assert gc.isenabled()


@pytest.mark.usefixtures("stopped")
def test_whoever_has_stopped_it_finds_it_stopped() -> None:
    read_evidence(b"(1a4.9c8): Access violation - code c0000005 (first chance)\n")
    assert not gc.isenabled()


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_what_was_read_is_gone_without_it(path: Path) -> None:
    data = path.read_bytes()
    read_evidence(data)  # readers are imported, and their patterns made
    gc.collect()
    read_evidence(data * (1 + 20_000 // len(data)))
    assert not _garbage()


def _garbage() -> list[object]:
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        return gc.garbage.copy()
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
