"""A worker: a process that reads the sources it is told, `python -m triage.scan.worker`.

It is a program of its own and no fork or child of multiprocessing, so that it can be started from anywhere (a cluster's
daemons may have no such children) and never runs the caller's main module again.
"""

import os
import signal
import sys

from msgspec.structs import replace

from triage.errors import TriageError
from triage.scan.examine import Examiner
from triage.scan.frames import SETUP, TASK, Ready, get, put


def main() -> None:
    """Read the setup, then tasks, until the other side goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started this
    source = sys.stdin.buffer
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what some library prints must not stand between the messages
    message = get(source)
    if message is None:
        return
    setup = replace(SETUP.decode(message), mapped=True)
    limit_memory(setup.memory)
    try:
        examiner = Examiner(setup)
    except TriageError as error:
        put(target, Ready(str(error)))
        return
    put(target, Ready())
    while (message := get(source)) is not None:
        for step in TASK.decode(message).steps:
            put(target, examiner.do(step))


def limit_memory(size: int) -> None:
    """Let this process have so many bytes of its own at most, where the system can hold it to that (Linux).

    What counts is data: files that are mapped for reading do not, nor does the cache of the system.
    """
    try:
        import resource  # noqa: PLC0415 - not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = size if hard == resource.RLIM_INFINITY else min(size, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    except (ImportError, ValueError, OSError):
        return


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the scan that started this is gone, and nobody wants to know
        os._exit(1)
