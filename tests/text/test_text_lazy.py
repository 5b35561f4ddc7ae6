"""Patterns that compile at their first use do what compiled ones do, and every one of the package compiles."""

import gc
import pkgutil
import re
from importlib import import_module

import pytest

import triage
from triage.text.lazy import _Lazy, regex

MODULES = [module.name for module in pkgutil.walk_packages(triage.__path__, "triage.") if "__main__" not in module.name]


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.search("")


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("search", ("xxAB1",)),
        ("match", ("AB12",)),
        ("fullmatch", ("ab1",)),
        ("search", ("ab1 ab2", 2, 7)),
    ],
)
def test_it_finds_what_a_compiled_pattern_finds(method: str, args: tuple[object, ...]) -> None:
    ours, theirs = (make("([a-z]+)(?P<n>[0-9])", re.IGNORECASE) for make in (regex, re.compile))
    for _ in range(2):  # before and after it is compiled
        found, wanted = (getattr(either, method)(*args) for either in (ours, theirs))
        assert (found.span(), found.groupdict()) == (wanted.span(), wanted.groupdict())


def test_it_has_the_other_methods_too() -> None:
    comma = regex(",")
    assert comma.split("a,b") == ["a", "b"]
    assert comma.sub(";", "a,b") == "a;b"
    assert [match.start() for match in regex(rb"\d").finditer(b"a1b2")] == [1, 3]
    assert comma.pattern == ","
    assert not hasattr(comma, "no_such_thing")


def test_every_pattern_of_the_package_compiles() -> None:
    for name in MODULES:
        import_module(name)
    gc.collect()  # what other tests left behind
    patterns = [item for item in gc.get_objects() if type(item) is _Lazy]
    assert len(patterns) > 200
    for pattern in patterns:
        assert pattern.groups >= 0, pattern._made_of
