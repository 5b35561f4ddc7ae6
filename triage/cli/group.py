"""A command group that imports a command when it is called, and ends as a program in a pipe should."""

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from triage.cli.complain import complain
from triage.errors import TriageError

Table = Mapping[str, tuple[str, str]]
"""Command name to `module:attribute` and one line of help, so that `--help` imports nothing."""

ERROR = TriageError.exit_code
BROKEN_PIPE = 141
INTERRUPTED = 130
"""What shells report of programs that SIGPIPE (13) and SIGINT (2) ended: 128 and the signal's number."""


class LazyGroup(click.Group):
    """Commands by name in a table. All errors end here, each as one line on standard error."""

    def __init__(self, *args: Any, table: Table, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module."""
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name][0].partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{attribute} is no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table's own lines, so that no command is imported for help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.table.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say what to type where a file, or a mistyped command, stands in place of a command."""
        name = args[0]
        if name not in self.table and not ctx.resilient_parsing:
            ctx.fail(_unknown(name, self.table))
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run and exit: every error becomes its line and its status."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            status = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx is not None else "triage"
            complain(f"{error.format_message()} (`{command} --help` tells more)")
            status = ERROR
        except (click.ClickException, click.Abort) as error:
            complain(error.format_message() if isinstance(error, click.ClickException) else "stopped")
            status = ERROR
        except TriageError as error:
            complain(error)
            status = error.exit_code
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            complain(f"{where}{(error.strerror or str(error)).lower()}")
            status = ERROR
        except Exception as error:  # a fault of ours: one line for the user, all of it for who asks
            if os.environ.get("TRIAGE_DEBUG"):
                raise
            complain(f"internal error, please report it with TRIAGE_DEBUG=1 ({type(error).__name__}: {error})")
            status = ERROR
        sys.exit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """End quietly where the reader of a pipe has gone, or the user pressed Ctrl-C."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                if sys.stdout is not None:  # closed by the caller (`>&-`)
                    sys.stdout.flush()
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if not _is_broken_pipe(error):
                raise
            _let_go_of_stdout()
            ctx.exit(BROKEN_PIPE)


def _unknown(name: str, table: Table) -> str:
    if Path(name).exists():
        return f"no command {name!r}; to analyze it: triage analyze {name}"
    from difflib import get_close_matches  # noqa: PLC0415 - slow to import, and needed for this message alone

    close = get_close_matches(name, table, n=1)
    return f"no command {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")


def _is_broken_pipe(error: OSError) -> bool:
    # Windows says EINVAL where the reader of a pipe has gone.
    return error.errno == errno.EPIPE or (sys.platform == "win32" and error.errno == errno.EINVAL)


def _let_go_of_stdout() -> None:
    """Point standard output elsewhere, or the interpreter complains when it flushes it at exit."""
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, sys.stdout.fileno())
    except (OSError, ValueError):  # not a real stream, so nothing will be flushed
        return
    finally:
        os.close(sink)
