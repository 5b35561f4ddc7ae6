"""Progress on a terminal, silence in a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import click


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; call what you get with how many are done and how many there are."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield _nothing
        return
    with ExitStack() as stack:
        update: Callable[[int], None] | None = None
        shown = 0

        def step(done: int, total: int) -> None:
            nonlocal update, shown
            if update is None:  # only now is the total known
                bar = click.progressbar(length=total, label=what, file=sys.stderr, show_pos=True)
                update = stack.enter_context(bar).update
            update(done - shown)
            shown = done

        yield step


def _nothing(done: int, total: int) -> None:
    """No terminal, no progress."""
