"""Reading without the garbage collector, which would walk what is read again and again and find nothing.

A reader makes some hundred thousand objects for a few megabytes, and no cycles of them: what it leaves is gone once
nothing refers to it. Up to a fifth of its time went into the search.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection within; for work that ends by itself and whose input is bounded.

    The collector goes on behind it if it ran before. It is one for all threads: where two read at once, it may go on
    while the second still reads, which costs that one time and nothing else.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
