"""Minidumps through `minidump-stackwalk`, where the user asks for it: with symbols it finds the functions' names.

Both programs of that name will do: rust-minidump's `minidump-stackwalk` and Breakpad's `minidump_stackwalk`. They are
run for minidumps only, on a copy that is deleted again, with what time and output they may take.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from triage.errors import SourceError
from triage.formats.binaries import binary_format
from triage.formats.binary import Data

PROGRAMS = ("minidump-stackwalk", "minidump_stackwalk")
SECONDS = 300
MAX_OUTPUT = 64 << 20

Step = Callable[[Data, str], Data]


def stackwalker(symbols: Path) -> Step:
    """What replaces the bytes of a minidump, given with its name, by what the program prints of it.

    Raises SourceError where neither program is on PATH.
    """
    program = next((found for name in PROGRAMS if (found := shutil.which(name)) is not None), None)
    if program is None:
        raise SourceError(f"no {PROGRAMS[0]} on PATH (cargo install {PROGRAMS[0]}); leave --stackwalk out")
    return lambda data, name: _walked(program, symbols, data, name)


def _walked(program: str, symbols: Path, data: Data, name: str) -> Data:
    entry = binary_format(data)
    if entry is None or entry.name != "minidump":
        return data
    with TemporaryDirectory(prefix="triage-") as folder:
        dump, output = Path(folder, "source.dmp"), Path(folder, "output")
        dump.write_bytes(data)
        machine = Path(program).stem.endswith("_stackwalk")
        arguments = ["-m", str(dump), str(symbols)]
        if not machine:
            arguments = ["--json", "--symbols-path", str(symbols), str(dump)]
        try:
            with output.open("wb") as stream:
                run = subprocess.run(  # noqa: S603 - the user asked for this program, and no shell is in between
                    [program, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=subprocess.PIPE,
                    timeout=SECONDS,
                    check=False,
                )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SourceError(f"{PROGRAMS[0]} cannot be run ({type(error).__name__})", path=name) from error
        with output.open("rb") as stream:
            walked = stream.read(MAX_OUTPUT)
    if run.returncode or not walked.strip():
        said = run.stderr.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1][:200]
        raise SourceError(f"{PROGRAMS[0]} cannot read it ({said or run.returncode}); leave --stackwalk out", path=name)
    return walked
