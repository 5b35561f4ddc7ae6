"""Reports to a stream in the format asked for, and the exit status of what was written."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import BinaryIO, Protocol, TextIO

import click

from triage.cli.complain import complain
from triage.errors import TriageError
from triage.model.report import Report
from triage.render import json, markdown, text
from triage.render.phrases import count, no_evidence
from triage.render.unexplained import explained
from triage.scan import Outcome

DEFAULT_WIDTH = 100
FOUND, NOTHING, ERROR = 0, 1, TriageError.exit_code


class Writer(Protocol):
    """Takes reports one by one; `close` writes what has to stand at the end."""

    def write(self, report: Report) -> None:
        """Write one report."""

    def close(self) -> None:
        """Write the end."""


class LineWriter:
    """JSON Lines."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, report: Report) -> None:
        """One report, one line."""
        self._stream.write(json.compact(report) + b"\n")

    def close(self) -> None:
        """Nothing stands at the end."""


class JsonWriter:
    """One report as an object; several as a list."""

    def __init__(self, stream: BinaryIO, *, many: bool) -> None:
        self._stream = stream
        self._many = many
        self._count = 0

    def write(self, report: Report) -> None:
        """One report, indented."""
        if self._many:
            self._stream.write(b",\n" if self._count else b"[\n")
        self._stream.write(json.pretty(report) + (b"" if self._many else b"\n"))
        self._count += 1

    def close(self) -> None:
        """The list's end."""
        if self._many:
            self._stream.write(b"\n]\n" if self._count else b"[]\n")


class PageWriter:
    """Pages for people, an empty line between them. Sources without an incident make no page."""

    def __init__(self, stream: BinaryIO | None, page: Callable[[Report], str], *, colour: bool = False) -> None:
        self._stream = stream
        self._page = page
        self._colour = colour
        self._count = 0

    def write(self, report: Report) -> None:
        """One page."""
        if report.incidents or report.findings:
            page = ("\n" if self._count else "") + self._page(report) + "\n"
            if self._stream is None:
                put_text(page, nl=False, colour=self._colour)
            else:
                self._stream.write(page.encode("utf-8", "backslashreplace"))
            self._count += 1

    def close(self) -> None:
        """Nothing stands at the end."""


def writer(form: str, stream: BinaryIO | None = None, *, explain: bool = False, many: bool = False) -> Writer:
    """The writer of a format to a file, or to standard output where no stream is given."""
    if form == "markdown":
        return PageWriter(stream, markdown.render)
    if form == "text":
        colour = stream is None and wants_colour()
        width = DEFAULT_WIDTH if stream is not None else terminal_width()
        return PageWriter(
            stream, lambda report: text.render(report, width=width, colour=colour, explain=explain), colour=colour
        )
    binary = standard_output().buffer if stream is None else stream
    return LineWriter(binary) if form == "jsonl" else JsonWriter(binary, many=many)


def terminal_width() -> int:
    """Columns of the terminal, or COLUMNS where it is set.

    As `shutil.get_terminal_size`, whose module takes its time to import all kinds of compression.
    """
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns[:6]) > 0:
        return int(columns[:6])
    try:
        return os.get_terminal_size(standard_output().fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError):  # no terminal
        return DEFAULT_WIDTH


def standard_output() -> TextIO:
    """Standard output. Raises TriageError where the caller has closed it (`>&-`)."""
    if sys.stdout is None:
        raise TriageError("standard output is closed; nothing can be printed")
    return sys.stdout


def put_text(page: str, *, nl: bool = True, colour: bool = True) -> None:
    """Write a rendered page to standard output, with the colours that it has."""
    if page:
        # The stream is named because click would write UTF-8 to one that asks for ASCII.
        click.echo(page, file=standard_output(), nl=nl, color=colour)


def wants_colour() -> bool:
    """Colour on a terminal; NO_COLOR (no-color.org) forbids it, FORCE_COLOR asks for it in a pipe too."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return standard_output().isatty() and os.environ.get("TERM") != "dumb"


class Tally:
    """How many sources gave what, and the exit status that follows: an error outweighs all else, as with grep."""

    def __init__(self) -> None:
        self.sources = self.incidents = self.findings = self.errors = 0

    def count(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.sources += 1
        if isinstance(outcome, TriageError):
            self.errors += 1
        else:
            self.incidents += bool(outcome.incidents)
            self.findings += bool(explained(outcome))

    @property
    def status(self) -> int:
        """0 a finding, 1 none, 2 an error."""
        return ERROR if self.errors else FOUND if self.findings else NOTHING

    def __str__(self) -> str:
        return (
            f"{count(self.sources, 'source')}: {self.incidents} with crash evidence, "
            f"{self.findings} with an article, {count(self.errors, 'error')}"
        )


def put_out(outcomes: Iterable[Outcome], target: Writer, *, notices: bool = True) -> Tally:
    """Write the reports, complain about the errors; `notices` also tells of each source that holds no crash."""
    tally = Tally()
    for outcome in outcomes:
        tally.count(outcome)
        if isinstance(outcome, TriageError):
            complain(outcome)
            continue
        target.write(outcome)
        if notices and not outcome.incidents:
            complain(f"{outcome.source.path}: {no_evidence(outcome)}")
    target.close()
    return tally
