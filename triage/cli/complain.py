"""Messages on standard error: one line a fault, cleaned of what the input may have put into it."""

import sys

import click

from triage.errors import RuleError, TriageError
from triage.render.clean import clean


def complain(error: TriageError | str) -> None:
    """Write the error, or each fault that it holds, on a line of its own."""
    faults: tuple[TriageError | str, ...] = (error,)
    if isinstance(error, RuleError) and error.faults:
        faults = error.faults
    for fault in faults:
        if sys.stderr is not None:  # closed by the caller (`2>&-`)
            # The stream is named because click would write UTF-8 to one that asks for ASCII.
            click.echo(f"triage: {clean(str(fault))}", file=sys.stderr)
