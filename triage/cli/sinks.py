"""Where the results of a scan go: pages, JSON, tables, a database, or a summary at the end."""

import csv
import io
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from triage.cli.output import Writer
from triage.errors import TriageError
from triage.scan.database import Database, values
from triage.scan.found import Fault, Found, Result
from triage.scan.rows import COLUMNS, NUMBERS, Row, rows_of

DATABASES = frozenset({".db", ".sqlite", ".sqlite3"})
_BATCH = 4096
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Sink(Protocol):
    """Takes results one by one; `close` writes what has to stand at the end."""

    @property
    def is_safe(self) -> bool:
        """Whether all that it took would be there if no more could be written."""

    def add(self, found: Found | Fault) -> None:
        """Take one report, or the reason why there is none."""

    def close(self) -> None:
        """Write the end."""


class Guarded:
    """A sink of whole results that takes no more once it cannot be written; `written` are those that are there."""

    def __init__(self, sink: Sink, path: Path | None) -> None:
        """`path` is where it writes; None is standard output, whose reader may go, which is no fault."""
        self._sink = sink
        self._path = path
        self.written = self._taken = 0
        self.fault: TriageError | None = None

    def add(self, result: Result) -> None:
        """Take a result."""
        if self.fault is not None:
            return
        try:
            for one in result.found:
                self._sink.add(one)
            self._taken += 1
            if self._sink.is_safe:
                self.written = self._taken
        except (OSError, TriageError) as error:
            self._failed(error)

    def close(self) -> None:
        """Write the end."""
        try:
            self._sink.close()
        except (OSError, TriageError) as error:
            self._failed(error)

    def _failed(self, error: OSError | TriageError) -> None:
        if self._path is None:
            raise error
        if isinstance(error, OSError):
            error = TriageError(f"cannot be written: {(error.strerror or str(error)).lower()}", path=self._path)
        self.fault = self.fault or error


class Nothing:
    """Keeps nothing: what is wanted is the summary."""

    @property
    def is_safe(self) -> bool:
        """Always: there is nothing to lose."""
        return True

    def add(self, found: Found | Fault) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Reports:
    """The writers of reports that `analyze` has."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @property
    def is_safe(self) -> bool:
        """Always: it writes at once."""
        return True

    def add(self, found: Found | Fault) -> None:
        """A report as it is; faults stand on standard error alone."""
        if isinstance(found, Found):
            self._writer.write(found.report)

    def close(self) -> None:
        """The end of a list."""
        self._writer.close()


class Csv:
    """One line an incident, by RFC 4180; `'` before what a spreadsheet would take for a formula."""

    def __init__(self, stream: BinaryIO) -> None:
        self._text = io.TextIOWrapper(stream, "utf-8", errors="backslashreplace", newline="", write_through=True)
        self._csv = csv.writer(self._text)
        self._csv.writerow(COLUMNS)

    @property
    def is_safe(self) -> bool:
        """Always: it writes at once."""
        return True

    def add(self, found: Found | Fault) -> None:
        """A line for each incident."""
        if isinstance(found, Found):
            self._csv.writerows([_cell(value) for value in values(row)] for row in rows_of(found))

    def close(self) -> None:
        """Give the stream back."""
        self._text.flush()
        self._text.detach()


class Parquet:
    """A row an incident, by pyarrow."""

    def __init__(self, path: Path) -> None:
        """Raises TriageError without pa."""
        try:
            import pyarrow as pa  # noqa: PLC0415 - an extra
            from pyarrow import parquet  # noqa: PLC0415
        except ImportError as error:
            raise TriageError("Parquet needs the extra `parquet`: pip install 'crash-triage[parquet]'") from error
        kinds = {int: pa.int64(), float: pa.float64()}
        self._schema = pa.schema([(name, kinds.get(NUMBERS.get(name, str), pa.string())) for name in COLUMNS])
        self._table = pa.Table
        self._writer: Any = parquet.ParquetWriter(path, self._schema)
        self._rows: list[Row] = []

    @property
    def is_safe(self) -> bool:
        """Never: the file cannot be read without its end."""
        return False

    def add(self, found: Found | Fault) -> None:
        """A row for each incident."""
        if isinstance(found, Found):
            self._rows += rows_of(found)
            if len(self._rows) >= _BATCH:
                self._write()

    def close(self) -> None:
        """The last rows and the end of the file."""
        self._write()
        self._writer.close()

    def _write(self) -> None:
        columns = {name: [getattr(row, name) for row in self._rows] for name in COLUMNS}
        if self._rows:
            self._writer.write_table(self._table.from_pydict(columns, schema=self._schema))
        self._rows = []


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def database(path: Path) -> Sink:
    """The SQLite file."""
    return Database(path)
