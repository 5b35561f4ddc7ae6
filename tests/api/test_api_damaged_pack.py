"""A pack with damage anywhere gives a report or one clear error, and nothing else."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.knowledge import LOG, small_pack
from triage.api import analyze, load_knowledge, search
from triage.errors import PackError
from triage.render import json, text


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("packs") / "small.pack")


def use(path: Path) -> None:
    knowledge = load_knowledge(path)
    try:
        report = analyze(LOG.encode(), path="a.log", knowledge=knowledge)
        assert text.render(report)
        assert json.compact(report)
        search("the cluster votes at shutdown c0000005", knowledge)
        list(knowledge.rule_ids())
        knowledge.code_entries()
    finally:
        knowledge.close()


def test_the_whole_pack_is_used(whole: Path) -> None:
    use(whole)


@given(
    st.lists(st.tuples(st.integers(0, 1 << 30), st.integers(0, 255)), min_size=1, max_size=60),
    st.none() | st.integers(0, 1 << 30),
)
@settings(deadline=None, max_examples=80)
def test_damage_is_told(whole: Path, changes: list[tuple[int, int]], length: int | None) -> None:
    data = bytearray(whole.read_bytes())
    for place, value in changes:
        data[place % len(data)] = value
    damaged = whole.with_name("damaged.pack")
    damaged.write_bytes(data if length is None else data[: length % len(data)])
    with contextlib.suppress(PackError):
        use(damaged)
