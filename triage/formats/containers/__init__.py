"""Containers: compressed files and archives, one inside another, as the files that are in them.

Told by content, never by name. All of it is bounded (see `Limits`). What is large lies in an unnamed temporary file
(see `binary.store`). A member that is damaged costs none of the others.
"""

from collections.abc import Callable, Iterator
from importlib import import_module

from triage.formats.binary import Data
from triage.formats.containers.kinds import container_of, is_tar
from triage.formats.containers.limits import Budget, Limits, Member, Part
from triage.formats.containers.names import printable, unpacked

__all__ = ["Limits", "Member", "container_of", "members"]

Opener = Callable[[Data, Budget], Iterator[Part]]

_STREAMS = frozenset({"gzip", "bzip2", "xz", "zstd"})
_ARCHIVES = {
    "zip": ("triage.formats.containers.zips", "open_zip"),
    "tar": ("triage.formats.containers.tars", "open_tar"),
    "cab": ("triage.formats.containers.cabs", "open_cab"),
    "7z": ("triage.formats.containers.sevenzip", "open_7z"),
}


def members(data: Data, name: str, limits: Limits | None = None) -> Iterator[Member]:
    """Every file in the container `data`, which is called `name`, and in the containers in it, in their order.

    Empty files and folders are passed over. A member whose name is that of a container tells what is wrong with it.
    Raises nothing, whatever the bytes are.
    """
    bounds = limits or Limits()
    return _Walk(bounds, Budget(bounds, len(data))).walk(data, name, ())


class _Walk:
    def __init__(self, limits: Limits, budget: Budget) -> None:
        self._limits = limits
        self._budget = budget
        self._full = False

    def walk(self, data: Data, name: str, kinds: tuple[str, ...]) -> Iterator[Member]:
        kind = container_of(data)
        if kind is None:
            return
        inner = (*kinds, kind)
        taken: dict[str, int] = {}
        for part in _opener(kind)(data, self._budget):
            if self._full:
                return
            if not self._budget.count():
                self._full = True
                text = f"more than {self._limits.members:,} files; the rest is left out"
                yield Member(name=name, kinds=kinds or inner, data=None, fault=text)
                return
            called = self._name(part, name, kind, taken)
            if part.data is None:
                if part.fault is not None:
                    yield Member(name=called if part.name else name, kinds=inner, data=None, fault=part.fault)
                continue
            self._budget.take(len(part.data))
            yield from self._member(part.data, part.fault, called, inner)

    def _member(self, data: Data, fault: str | None, name: str, kinds: tuple[str, ...]) -> Iterator[Member]:
        kind = container_of(data)
        if kind is None:
            yield Member(name=name, kinds=kinds, data=data, fault=fault)
            return
        if len(kinds) >= self._limits.depth:
            text = f"nested more than {self._limits.depth} deep; unpack it by hand"
            yield Member(name=name, kinds=kinds, data=None, fault=text)
            return
        if fault is not None:
            yield Member(name=name, kinds=kinds, data=None, fault=fault)
        yield from self.walk(data, name, kinds)

    @staticmethod
    def _name(part: Part, name: str, kind: str, taken: dict[str, int]) -> str:
        """The member's name; a second one of the same name gets a number."""
        if kind in _STREAMS:
            # A packed tar is one archive to whoever packed it: `logs.tar.gz!app.log`.
            return name if part.data is not None and is_tar(part.data) else f"{name}!{unpacked(name, kind)}"
        called = printable(part.name)
        taken[called] = taken.get(called, 0) + 1
        return f"{name}!{called}" if taken[called] == 1 else f"{name}!{called} ({taken[called]})"


def _opener(kind: str) -> Opener:
    """The reader of a kind; imported when there is something for it to read."""
    if kind in _STREAMS:
        streams = import_module("triage.formats.containers.streams")
        return lambda data, budget: streams.open_stream(kind, data, budget)
    module, function = _ARCHIVES[kind]
    opener: Opener = getattr(import_module(module), function)
    return opener
