"""The errors that triage raises on purpose.

Every message is one line that a user can act on: where (file, line), what is wrong, what to do.
The exit status sits on the class, so the command line needs no table of its own.
"""

from pathlib import PurePath
from typing import ClassVar


class TriageError(Exception):
    """Root of all errors meant for the user; anything else that escapes is a bug."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, path: str | PurePath | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = None if path is None else str(path)
        self.line = line

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        return f"{where}: {self.message}" if where else self.message


class SourceError(TriageError):
    """A log, dump or stream that cannot be read at all."""


class RuleError(TriageError):
    """A rule, product or code file that does not follow the schema; `faults` holds every one, one line each."""

    def __init__(
        self,
        message: str,
        *,
        path: str | PurePath | None = None,
        line: int | None = None,
        faults: tuple["RuleError", ...] = (),
    ) -> None:
        super().__init__(message, path=path, line=line)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults) if self.faults else super().__str__()


class ArticleError(TriageError):
    """A knowledge-base article whose layout no reader knows."""


class PackError(TriageError):
    """A knowledge pack that is missing, damaged, or made by another version."""
