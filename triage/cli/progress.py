"""Progress on a terminal, silence in a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error; call what you get with how many of `total` are done."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield _nothing
        return
    with click.progressbar(length=total, label=what, file=sys.stderr, show_pos=True, update_min_steps=50) as bar:
        shown = 0

        def step(done: int) -> None:
            nonlocal shown
            bar.update(done - shown)
            shown = done

        yield step


def _nothing(done: int) -> None:
    """No terminal, no progress."""
