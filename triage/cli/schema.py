"""`triage schema`."""

import click

from triage.render.json import schema as report_schema


@click.command()
def schema() -> None:
    """Print the JSON Schema of the report."""
    click.echo(report_schema().decode())
