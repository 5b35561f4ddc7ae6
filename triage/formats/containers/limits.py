"""What unpacking may cost at most, and what comes out of it."""

from msgspec import Struct

from triage.formats.binary import Data

MIB = 1 << 20


class Limits(Struct, frozen=True, kw_only=True):
    """Bounds on one container with all that is nested in it; sizes are in bytes.

    All members together may hold `ratio` times the container, at least `floor` and at most `total`. Text packs to a
    hundredth at best, dumps with empty pages to less; what is beyond is made to fill a disk, not to be read.
    `slow` is how much of it may come from decoders in Python, which give some megabytes a second.
    """

    depth: int = 8
    members: int = 20_000
    member: int = 1 << 30
    total: int = 4 << 30
    ratio: int = 200
    floor: int = 48 * MIB
    slow: int = 32 * MIB


class Member(Struct, frozen=True, kw_only=True):
    """One file in a container. `name` is printable, each container before a `!`: `mail.zip!logs/app.log`.

    `kinds` are the containers from the outermost inwards ("zip", "gzip"). `data` is what could be read, None where
    nothing could; `fault` says what is lost, None where nothing is.
    """

    name: str
    kinds: tuple[str, ...]
    data: Data | None
    fault: str | None = None


class Part(Struct, frozen=True):
    """What a reader of one kind of container found: name as stored, data, fault."""

    name: str
    data: Data | None
    fault: str | None = None


class Budget:
    """What is left of the limits while a container is unpacked."""

    def __init__(self, limits: Limits, size: int) -> None:
        self._member = limits.member
        self._bytes = min(limits.total, max(limits.floor, limits.ratio * size))
        self._members = limits.members
        self.slow = limits.slow

    @property
    def room(self) -> int:
        """Bytes that the next member may have."""
        return max(0, min(self._member, self._bytes))

    def take(self, size: int) -> None:
        """Count the bytes of a member."""
        self._bytes -= size

    def count(self) -> bool:
        """Count a member; False where there have been too many."""
        self._members -= 1
        return self._members >= 0


def size_text(count: int) -> str:
    """A size for messages: "64 MiB"."""
    for shift, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if count >= 1 << shift:
            return f"{count / (1 << shift):.0f} {unit}"
    return f"{count} bytes"


def too_large(room: int) -> str:
    """The fault of a member that is cut where its room ends."""
    return f"cut off after {size_text(room)}: more than is unpacked of one source; unpack it by hand"
