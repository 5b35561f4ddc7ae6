"""What a worker can be asked to do, and what it answers: a source, or a share of the work on a very large text."""

from typing import Final

from msgspec import Struct

from triage.formats.large import Span
from triage.scan.found import Kept, Result
from triage.scan.source import Source


class Read(Struct, frozen=True, tag=True):
    """Read a source as a whole, or say that it is a text that is better shared out (see `Large`)."""

    source: Source


class Again(Struct, frozen=True, tag=True):
    """Match what a source gave earlier against the rules of today, without reading it."""

    source: Source
    result: Result


class Look(Struct, frozen=True, tag=True):
    """Read one span of a large text, the `index`-th of it."""

    source: Source
    large: "Large"
    span: Span
    index: int


class Count(Struct, frozen=True, tag=True):
    """Count the lines of a span, which has no evidence while one after it has."""

    source: Source
    large: "Large"
    span: Span
    index: int


class Digest(Struct, frozen=True, tag=True):
    """The SHA-256 of a large text with evidence in it."""

    source: Source


class Join(Struct, frozen=True, tag=True):
    """Put the spans of a large text together, and match what they say."""

    source: Source
    large: "Large"
    parts: tuple["Part", ...]
    sha256: str | None


Step = Read | Again | Look | Count | Digest | Join
WHOLE: Final = (Read, Again, Join)
"""Steps whose answer is the result of a source."""


class Large(Struct, frozen=True):
    """A text of more than a span: how it is written, bytes of its mark, its size and time of the last change."""

    encoding: str
    mark: int
    size: int
    modified: float | None = None


class Part(Struct, frozen=True):
    """What a span says, its evidence as MessagePack, which only the worker that joins them needs to understand."""

    evidence: bytes | None = None
    incidents: int = 0
    before: int = 0
    lines: int | None = None


class Answer(Struct, frozen=True):
    """What came of a step, one of them: `result` of Read, Again and Join, `large` of Read, `part` of Look, and so on.

    `fault` says why there is none. Those three have their faults in the result.
    """

    result: Result | None = None
    large: Large | None = None
    part: Part | None = None
    lines: int | None = None
    sha256: str | None = None
    fault: str | None = None


def step_of(given: Source | Kept) -> Read | Again:
    """What is to be done with a source, or with what is kept of it."""
    return Read(given) if isinstance(given, Source) else Again(given.source, given.result)
