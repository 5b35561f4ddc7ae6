"""Messages on standard error: one line a fault, cleaned of what the input may have put into it."""

import click

from triage.errors import RuleError, TriageError
from triage.render.clean import clean


def complain(error: TriageError | str) -> None:
    """Write the error, or each fault that it holds, on a line of its own."""
    faults: tuple[TriageError | str, ...] = (error,)
    if isinstance(error, RuleError) and error.faults:
        faults = error.faults
    for fault in faults:
        click.echo(f"triage: {clean(str(fault))}", err=True)
