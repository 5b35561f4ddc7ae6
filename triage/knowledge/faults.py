"""Every fault of a value that does not follow its type, where the decoder itself stops at the first."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

MAX_FAULTS: Final = 50
"""Faults told of one value; whoever has more begins with these."""

_STEP: Final = re.compile(r"\.([^.\[\]]{1,200})|\[(\d{1,9}|\.\.\.)\]")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.{1,200})`")
_MISSING: Final = re.compile(r"Object missing required field `(.{1,200})`")

Step = str | int
"""A key of a mapping or an index of a list."""


class Fault(NamedTuple):
    """What is wrong, and the way there from the value's root."""

    message: str
    steps: tuple[Step, ...]

    @property
    def where(self) -> str:
        """The way as it is written: `symptoms.exceptions[0].code`."""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.steps).lstrip(".")


def faults_of(data: Any, kind: Any) -> Iterator[Fault]:
    """The faults of plain data (dicts, lists, scalars) against a type; none where it converts.

    What is found faulty is taken out and the rest is tried again. `data` is used up.
    """
    indexes: dict[int, list[int]] = {}
    removed: set[tuple[Step, ...]] = set()
    for _ in range(MAX_FAULTS):
        try:
            msgspec.convert(data, kind, strict=True)
        except msgspec.ValidationError as error:
            message, _, path = str(error).partition(" - at `$")
            steps = [_step(*match.groups()) for match in _STEP.finditer(path.removesuffix("`"))]
            unknown, missing = _UNKNOWN.match(message), _MISSING.match(message)
            if unknown is not None:
                steps.append(unknown[1])
                message = "no such field"
            told = _as_written(data, steps, indexes)
            if missing is None:
                yield Fault(message, told)
            elif (*told, missing[1]) not in removed:  # else what was there has been told as faulty
                yield Fault("missing", (*told, missing[1]))
            removed.add(told)
            if not _take_out(data, steps, indexes):
                return
        else:
            return


def _step(key: str | None, index: str | None) -> Step:
    if key is not None:
        return key
    return int(index) if index is not None and index.isdecimal() else 0


def _as_written(data: Any, steps: list[Step], indexes: dict[int, list[int]]) -> tuple[Step, ...]:
    """The steps with the indexes that the items had before others were taken out."""
    told: list[Step] = []
    for step in steps:
        there = isinstance(data, list) and isinstance(step, int) and step < len(data)
        told.append(indexes.get(id(data), range(step + 1))[step] if there and isinstance(step, int) else step)
        data = _child(data, step)
    return tuple(told)


def _take_out(data: Any, steps: list[Step], indexes: dict[int, list[int]]) -> bool:
    """Whether there was something at the end of the steps, which is now gone."""
    if not steps:
        return False
    *way, last = steps
    for step in way:
        data = _child(data, step)
    if isinstance(data, dict) and last in data:
        del data[last]
        return True
    if isinstance(data, list) and isinstance(last, int) and last < len(data):
        indexes.setdefault(id(data), list(range(len(data)))).pop(last)
        del data[last]
        return True
    return False


def _child(data: Any, step: Step) -> Any:
    if isinstance(data, dict):
        return data.get(step)
    return data[step] if isinstance(data, list) and isinstance(step, int) and step < len(data) else None
