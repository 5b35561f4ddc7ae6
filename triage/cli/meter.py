"""How far a scan is, on a terminal: sources, bytes, rate, time left. Silent in a pipe."""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from triage.errors import SourceError
from triage.scan.source import Source

_EVERY = 0.2
_CLEAR = "\r\x1b[K"


class Meter:
    """Counts what is done, and counts ahead what there is to do."""

    def __init__(self, ahead: Callable[[], Iterable[Source | SourceError]]) -> None:
        self._ahead = ahead
        self._begun = self._shown = time.monotonic()
        self._sources = self._bytes = 0
        self._all: tuple[int, int] | None = None
        self._ended = False
        threading.Thread(target=self._count, daemon=True).start()

    def done(self, size: int) -> None:
        """One source more, with so many bytes."""
        self._sources += 1
        self._bytes += size
        now = time.monotonic()
        if now - self._shown >= _EVERY:
            self._shown = now
            sys.stderr.write(_CLEAR + self.line(now - self._begun))
            sys.stderr.flush()

    def end(self) -> None:
        """Leave a clean line."""
        self._ended = True
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()

    def line(self, seconds: float) -> str:
        """`120 of 20,000 sources, 1.2 GB, 85 MB/s, 3:05 left`."""
        rate = self._bytes / max(seconds, 0.001)
        of = left = ""
        if self._all is not None:
            sources, size = self._all
            of = f" of {sources:,}"
            share = self._bytes / size if size else self._sources / max(sources, 1)
            rest = int(seconds / share - seconds) if share else 0
            left = f", {max(rest, 0) // 60}:{max(rest, 0) % 60:02d} left"
        return f"{self._sources:,}{of} sources, {self._bytes / 1e9:,.1f} GB, {rate / 1e6:,.0f} MB/s{left}"

    def _count(self) -> None:
        count = size = 0
        for source in self._ahead():
            if self._ended:
                return
            count += 1
            if isinstance(source, Source):
                try:
                    size += source.stat()[0]
                except SourceError:
                    continue
        self._all = (count, size)


@contextmanager
def meter(ahead: Callable[[], Iterable[Source | SourceError]], *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """What you get takes the bytes of each source that is done; it shows nothing unless there is a terminal."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _size: None
        return
    shown = Meter(ahead)
    try:
        yield shown.done
    finally:
        shown.end()
