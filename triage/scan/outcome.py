"""One outcome a source, in the order of the sources: a report, or the error that stood in its way."""

from collections.abc import Callable, Iterable, Iterator

from triage.errors import SourceError, TriageError
from triage.model.report import Report
from triage.scan.source import DEFAULT_LIMIT, Source

Analyst = Callable[[bytes, str], Report]
"""Bytes and the source's name to a report."""

Failure = TriageError
Outcome = Report | Failure


def outcomes(
    sources: Iterable[Source | SourceError], analyst: Analyst, *, limit: int = DEFAULT_LIMIT
) -> Iterator[Outcome]:
    """Analyse each source by itself, so that what fails in one leaves the others whole.

    This is where workers would come in: the order of outcomes is the order of sources, and `analyst` keeps nothing
    between two calls.
    """
    for source in sources:
        yield source if isinstance(source, SourceError) else outcome(source, analyst, limit=limit)


def outcome(source: Source, analyst: Analyst, *, limit: int = DEFAULT_LIMIT) -> Outcome:
    """The report on a source, or why there is none."""
    try:
        return analyst(source.read(limit), source.name)
    except TriageError as error:
        return error if error.path else _named(error, source.name)
    except MemoryError:
        return SourceError("too large for this machine's memory; cut out the part around the crash", path=source.name)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one source must not cost the user the others
        return SourceError(f"internal error, please report it ({type(error).__name__}: {error})", path=source.name)


def _named(error: TriageError, name: str) -> TriageError:
    """The same error with the source's name."""
    return type(error)(error.message, path=name, line=error.line)
