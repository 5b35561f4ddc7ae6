"""Files that are too large for the command's own process: read as a scan reads them."""

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from triage.cli.complain import complain
from triage.errors import SourceError
from triage.model.inventory import Inventory
from triage.model.report import Report
from triage.scan import Outcome, Source
from triage.scan.apart import Apart
from triage.scan.found import Fault
from triage.scan.setup import Setup, jobs_here


def outcomes_of_large(
    source: Source, *, knowledge: Path | None, top: int, inventory: Inventory | None
) -> Iterator[Outcome]:
    """The reports on a large file, or why there are none."""
    setup = Setup(knowledge=knowledge, inventory=inventory, top=top)
    with Apart(setup, jobs_here()) as apart:
        for result in apart.examine(source):
            for one in result.found:
                if isinstance(one, Fault):
                    yield one.error()
                    continue
                if one.changed is not None:
                    complain(f"{one.report.source.path}: {one.changed}")
                yield _with_digest(one.report, source)


def _with_digest(report: Report, source: Source) -> Outcome:
    """The report with its source's SHA-256, which a scan makes of a large text only where there is a crash in it."""
    if report.source.sha256 is not None:
        return report
    try:
        digest = source.digest()
    except SourceError as error:
        return error
    return replace(report, source=replace(report.source, sha256=digest))
