"""The report as JSON, and back: a saved report decodes strictly, so that it can be rendered again without the rules."""

import codecs
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from triage.errors import SourceError
from triage.model.report import Report

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


def compact(report: Report) -> bytes:
    """The report on one line, without a newline at its end; one such line a source makes JSON Lines."""
    return _encoder.encode(report)


def pretty(report: Report) -> bytes:
    """The report for a reader: indented by two spaces, without a newline at its end."""
    return msgspec.json.format(_encoder.encode(report), indent=2)


def decode(data: bytes, *, path: str) -> Report:
    """A saved report. Raises SourceError, with the field that is wrong, for anything else."""
    return _decoded(data, Report, path)


def decode_all(data: bytes, *, path: str) -> Iterator[Report]:
    """The saved reports of a file: one, a list of them, or one a line (JSON Lines).

    Raises SourceError, with the field or the line that is wrong, for anything else; what stands before it is given.
    """
    text = data.removeprefix(codecs.BOM_UTF8).strip()  # Windows PowerShell 5.1 puts the mark before what it saves
    if text.startswith(b"["):
        yield from _decoded(text, tuple[Report, ...], path)
    elif text.count(b'{"schema":') > 1 and b"\n" in text:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield _decoded(line, Report, path, number)
    else:
        yield decode(text, path=path)


def _decoded(data: bytes, wanted: type[T], path: str, line: int | None = None) -> T:
    try:
        return msgspec.json.decode(data, type=wanted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(f"not a report of triage: {error}", path=path, line=line) from error


def schema() -> bytes:
    """JSON Schema (draft 2020-12) of the report, as the types say it."""
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Report)}
    return msgspec.json.format(_encoder.encode(document), indent=2)
