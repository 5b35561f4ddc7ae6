"""One outcome a source, in the order of the sources: a report, or the error that stood in its way."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from msgspec.structs import replace

from triage.errors import SourceError, TriageError
from triage.formats.binary import Data
from triage.formats.binary.store import IN_MEMORY
from triage.formats.containers import Member, container_of, members
from triage.model.report import Report, WarningInfo
from triage.scan.source import HELD_LIMIT, Source

Analyst = Callable[[Data, str], Report]
"""Bytes and the source's name to a report."""

T = TypeVar("T")
Failure = TriageError
Outcome = Report | Failure


def outcomes(
    sources: Iterable[Source | SourceError],
    analyst: Analyst,
    *,
    limit: int = HELD_LIMIT,
    large: Callable[[Source], Iterator[Outcome]] | None = None,
) -> Iterator[Outcome]:
    """Analyse each source by itself, so that what fails in one leaves the others whole.

    In the order of the sources, in this process; `triage.scan.pool` does the same in several. Files that are too large
    to be held are left to `large`, where it is given.
    """
    for source in sources:
        if isinstance(source, SourceError):
            yield source
        elif large is not None and _is_large(source):
            yield from large(source)
        else:
            yield from outcomes_of(source, analyst, limit=limit)


def _is_large(source: Source) -> bool:
    try:
        return source.path is not None and source.stat()[0] > IN_MEMORY
    except SourceError:
        return False  # whoever reads it will say what is wrong


def outcomes_of(
    source: Source, analyst: Analyst, *, limit: int = HELD_LIMIT, mapped: bool = False
) -> Iterator[Outcome]:
    """The report on a source, or why there is none; of a container, one for each file in it.

    With `mapped` a large file is not copied but mapped where it lies, and may be of any size.
    """
    data = _guarded(lambda: source.mapped(limit) if mapped else source.held(limit), source.name)
    if isinstance(data, TriageError):
        yield data
    elif container_of(data) is None:
        yield _guarded(lambda: analyst(data, source.name), source.name)
    else:
        yield from _of_members(data, source.name, analyst)


def _of_members(data: Data, name: str, analyst: Analyst) -> Iterator[Outcome]:
    """One outcome for each file in a container, and one for each piece of damage that lost whole files."""
    empty = True
    for member in members(data, name):
        empty = False
        yield SourceError(member.fault or "empty", path=member.name) if member.data is None else _of(member, analyst)
    if empty:
        yield SourceError("an archive without files in it", path=name)


def _of(member: Member, analyst: Analyst) -> Outcome:
    content = member.data or b""
    found = _guarded(lambda: analyst(content, member.name), member.name)
    if member.fault is None or isinstance(found, TriageError):
        return found
    return replace(found, warnings=(WarningInfo(lines=(0, 0), text=member.fault), *found.warnings))


def _guarded(step: Callable[[], T], name: str) -> T | TriageError:
    """What the step gives, or the error that stood in its way."""
    try:
        return step()
    except TriageError as error:
        return error if error.path else _named(error, name)
    except MemoryError:
        return SourceError("too large for this machine's memory; cut out the part around the crash", path=name)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one source must not cost the user the others
        return SourceError(f"internal error, please report it ({type(error).__name__}: {error})", path=name)


def _named(error: TriageError, name: str) -> TriageError:
    """The same error with the source's name."""
    return type(error)(error.message, path=name, line=error.line)
