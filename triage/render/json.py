"""The report as JSON, and back: a saved report decodes strictly, so that it can be rendered again without the rules."""

import msgspec

from triage.errors import SourceError
from triage.model.report import Report

_encoder = msgspec.json.Encoder()


def compact(report: Report) -> bytes:
    """The report on one line, without a newline at its end; one such line a source makes JSON Lines."""
    return _encoder.encode(report)


def pretty(report: Report) -> bytes:
    """The report for a reader: indented by two spaces, without a newline at its end."""
    return msgspec.json.format(_encoder.encode(report), indent=2)


def decode(data: bytes, *, path: str) -> Report:
    """A saved report. Raises SourceError, with the field that is wrong, for anything else."""
    try:
        return msgspec.json.decode(data, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(f"not a report of triage: {error}", path=path) from error


def schema() -> bytes:
    """JSON Schema (draft 2020-12) of the report, as the types say it."""
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Report)}
    return msgspec.json.format(_encoder.encode(document), indent=2)
