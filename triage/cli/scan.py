"""`triage scan`."""

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import BinaryIO, cast

import click

from triage.cli.complain import complain
from triage.cli.group import INTERRUPTED
from triage.cli.meter import meter
from triage.cli.options import (
    PATH,
    SOURCE,
    explain_option,
    format_option,
    inventory_option,
    knowledge_option,
    top_option,
)
from triage.cli.output import DEFAULT_WIDTH, Tally, put_text, terminal_width, writer
from triage.cli.sinks import DATABASES, Csv, Guarded, Nothing, Parquet, Reports, Sink, database
from triage.cli.stock import inventory_of, mark_of
from triage.cli.whole import WholeRecords
from triage.errors import SourceError, TriageError
from triage.knowledge.pack import load_knowledge
from triage.render.clean import clean
from triage.render.phrases import count
from triage.scan import Source, find
from triage.scan.buckets import Buckets
from triage.scan.found import Fault, Found, Given, Result
from triage.scan.later import Later
from triage.scan.setup import Setup, jobs_here
from triage.scan.source import Choice
from triage.scan.state import Remembering, Runner, State, rules_of
from triage.scan.summary import summary

MIB = 1 << 20


@click.command()
@click.argument("paths", nargs=-1, required=True, type=SOURCE, metavar="PATH...")
@format_option("text", "pages", "jsonl", "json", "csv", "markdown", "parquet", "sqlite")
@click.option("--output", "-o", type=PATH, metavar="FILE", help="Write to FILE; FILE.db makes an SQLite database.")
@click.option("--jobs", "-j", type=click.IntRange(0, 256), metavar="N", help="Worker processes; 0 reads in this one.")
@click.option("--include", multiple=True, metavar="GLOB", help="Read only files of such names, or paths with a /.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files and folders of such names or paths.")
@click.option("--links/--no-links", default=False, help="Follow links in folders.")
@click.option("--state", type=PATH, metavar="FILE", help="Remember what was read, and read only what is new.")
@click.option("--timeout", type=click.FloatRange(0.1), default=120.0, show_default=True, metavar="SECONDS",
              help="Give a source up after so long, and a second for each 20 MiB.")  # fmt: skip
@click.option("--memory", type=click.IntRange(128), default=1024, show_default=True, metavar="MIB",
              help="Memory that a worker may have.")  # fmt: skip
@click.option("--buckets", type=click.IntRange(1), default=20, show_default=True, metavar="N",
              help="Buckets that the text shows.")  # fmt: skip
@click.option("--cluster", metavar="ADDRESS", help="Scan on a Dask cluster: tcp://scheduler:8786, or local:N.")
@click.option("--quiet", "-q", is_flag=True, help="Print neither progress nor the count at the end.")
@explain_option
@top_option
@inventory_option
@knowledge_option
@click.pass_context
def scan(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    form: str,
    output: Path | None,
    jobs: int | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    links: bool,
    state: Path | None,
    timeout: float,
    memory: int,
    buckets: int,
    cluster: str | None,
    quiet: bool,
    explain: bool,
    top: int,
    inventories: tuple[Path, ...],
    knowledge: Path | None,
) -> None:
    """Analyze every file in folders, and group the crashes.

    PATH is a file, a folder, which is read with all folders below it, or an address (s3://…, with the extra `remote`).
    What cannot be read costs one line on standard error, and the rest goes on. Ctrl-C ends with what is done so far.
    """
    setup = Setup(
        knowledge=knowledge,
        inventory=inventory_of(inventories),
        top=top,
        keep=state is not None,
        seconds=timeout,
        memory=memory * MIB,
    )
    pack = load_knowledge(knowledge)
    examiner = Later(setup, pack)
    choice = Choice(include, exclude, links)
    if form == "text" and output is not None and output.suffix.lower() in DATABASES:
        form = "sqlite"

    def sources() -> Iterator[Source | SourceError]:
        return _but(tuple(filter(None, (output, state))), find(paths, folders=True, choice=choice))

    groups, tally = Buckets(), Tally()
    with ExitStack() as stack:
        runner: Runner = _runner(jobs, cluster, setup, examiner)
        if state is not None:
            rules = f"{rules_of(pack.path)} {top}{mark_of(setup.inventory)}"
            memory_of = State(state, rules=rules, lost=partial(_lost_state, tally))
            stack.callback(memory_of.close)
            runner = Remembering(runner, memory_of, examiner)
        sink = Guarded(_sink(form, output, explain=explain, stack=stack), output)
        stop = stack.enter_context(_ctrl_c(runner))
        done = stack.enter_context(meter(sources, quiet=quiet))
        try:
            for result in runner.run(_with_stdin(sources(), examiner)):
                _take(result, tally, groups)
                sink.add(result)
                done(sum(one.report.source.bytes for one in result.found if isinstance(one, Found)))
                if sink.fault is not None:
                    runner.stop()
        except KeyboardInterrupt:
            stop.append(signal.SIGINT)
        finally:
            sink.close()
    if sink.fault is not None:
        # What was found is not lost with the disk: it goes where there still is room.
        complain(f"{sink.fault}; {count(sink.written, 'source')} written, and here is what was found until then")
        tally.errors += 1
    if form == "text" or sink.fault is not None:
        _put_summary(groups, None if sink.fault is not None else output, buckets)
    if not quiet and (output is not None or form in {"text", "pages"}):
        click.echo(f"triage: {'stopped; ' if stop or sink.fault is not None else ''}{tally}", err=True)
    ctx.exit(INTERRUPTED if stop else tally.status)


def _take(result: Result, tally: Tally, groups: Buckets) -> None:
    for one in result.found:
        if isinstance(one, Fault):
            error = one.error()
            tally.count(error)
            complain(error)
        else:
            tally.count(one.report)
            groups.add(one)
            if one.changed is not None:
                complain(f"{one.report.source.path}: {one.changed}")


def _lost_state(tally: Tally, error: TriageError) -> None:
    """The memory of scans cannot be written: what is found is told all the same, and the next scan reads it again."""
    complain(f"{error}; the scan goes on without it")
    tally.errors += 1


def _runner(jobs: int | None, cluster: str | None, setup: Setup, examiner: Later) -> Runner:
    if cluster is not None:
        from triage.scan.cluster import Cluster  # noqa: PLC0415 - an extra

        return Cluster(setup, cluster)
    if jobs == 0:
        from triage.scan.serial import Serial  # noqa: PLC0415

        return Serial(examiner())
    from triage.scan.pool import Pool  # noqa: PLC0415

    return Pool(setup, jobs or jobs_here())


def _sink(form: str, output: Path | None, *, explain: bool, stack: ExitStack) -> Sink:
    if form in {"sqlite", "parquet"}:
        if output is None:
            raise click.UsageError(f"--format {form} needs --output FILE")
        return database(output) if form == "sqlite" else Parquet(output)
    stream: BinaryIO | None = None
    if output is not None:
        stream = cast("BinaryIO", stack.enter_context(WholeRecords(output)))
    if form == "text":
        return Nothing()
    if form == "csv":
        return Csv(sys.stdout.buffer if stream is None else stream)
    return Reports(writer("text" if form == "pages" else form, stream, explain=explain, many=True))


def _put_summary(groups: Buckets, output: Path | None, top: int) -> None:
    width = terminal_width() if output is None else DEFAULT_WIDTH
    page = "\n".join(clean(line) for line in summary(groups, top=top, width=width)).rstrip("\n")
    if output is not None:
        output.write_bytes((page + "\n").encode("utf-8", "backslashreplace") if page else b"")
    elif page:
        put_text(page, colour=False)


@contextmanager
def _ctrl_c(runner: Runner) -> Iterator[list[int]]:
    """The first Ctrl-C stops the runner, and what is done is still written; a second one ends at once."""
    signals: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if signals:
            raise KeyboardInterrupt
        signals.append(number)
        runner.stop()

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # not in the main thread
        yield signals
        return
    try:
        yield signals
    finally:
        signal.signal(signal.SIGINT, before)


def _with_stdin(sources: Iterable[Source | SourceError], examiner: Later) -> Iterator[Given]:
    """The sources, standard input being read here: no other process has it."""
    for source in sources:
        if isinstance(source, Source) and source.path is None and source.url is None:
            yield examiner().examine(source)
        else:
            yield source


def _but(written: tuple[Path, ...], sources: Iterator[Source | SourceError]) -> Iterator[Source | SourceError]:
    """The sources without the files that are being written, which may lie in a folder that is read."""
    names = {f"{path.name}{tail}": path for path in written for tail in ("", "-wal", "-shm", "-journal")}
    if not names:
        yield from sources
        return
    for source in sources:
        path = source.path if isinstance(source, Source) else None
        if path is None or path.name not in names or not _same(path, names[path.name]):
            yield source


def _same(path: Path, output: Path) -> bool:
    try:
        return path.name != output.name or path.samefile(output)
    except (OSError, ValueError):  # it is gone, or no name at all; reading it will tell
        return False
