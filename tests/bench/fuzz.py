"""Fuzzes the readers, led by what code the inputs reach.

    python tests/bench/fuzz.py [--seconds N] [--corpus FOLDER] [--kind text|dump|container|all]

Needs the package `atheris` (Linux). Runs for N seconds (600) and starts from the samples of every format. Stops where a
reader raises anything but TriageError, or an input takes more than 20 seconds or the process more than 1 GiB (the code
is slower and larger than it is otherwise; `robustness.py` measures without), and writes that input beside the corpus,
or to the working folder. Without `--corpus`, what is learnt is kept in a temporary folder and lost.
"""

import argparse
import hashlib
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["triage"], enable_loader_override=False):
    from damage import binary_format, container_of, read_all, samples

    from triage.errors import TriageError
    from triage.formats import FORMATS
    from triage.formats.binaries import BINARY_FORMATS

MAX_BYTES = 1 << 16
SLOW_SECONDS = 20
MOST_MIB = 1024


def one_input(data: bytes) -> None:
    """Reads one input."""
    if not data:
        return
    try:
        read_all(data, limit=8)
    except TriageError:
        return


def kind_of(data: bytes) -> str:
    """The part of the readers that an input belongs to."""
    if container_of(data) is not None:
        return "container"
    return "text" if binary_format(data) is None else "dump"


def load_formats() -> None:
    """Imports the readers that are imported when they are first needed, so that they are instrumented, too."""
    with atheris.instrument_imports(include=["triage"], enable_loader_override=False):
        for known in FORMATS:
            module = getattr(known.read, "module", None)
            if isinstance(module, str):
                import_module(module)
        for entry in BINARY_FORMATS:
            import_module(entry.module)
        for name in ("cabs", "lzx", "sevenzip", "streams", "tars", "zips"):
            import_module(f"triage.formats.containers.{name}")


def words() -> list[str]:
    """What leads to the readers, as a dictionary for the fuzzer."""
    landmarks = sorted({landmark for known in FORMATS for landmark in known.landmarks})
    quoted = [
        "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word.encode())
        for word in landmarks
    ]
    return [f'"{word}"' for word in quoted if word]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--kind", choices=["text", "dump", "container", "all"], default="all")
    options = parser.parse_args()
    load_formats()
    with tempfile.TemporaryDirectory() as temporary:
        corpus = options.corpus or Path(temporary) / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        for sample in samples(None):
            if len(sample.data) <= MAX_BYTES * 2 and options.kind in ("all", kind_of(sample.data)):
                (corpus / hashlib.sha1(sample.data, usedforsecurity=False).hexdigest()).write_bytes(sample.data)
        dictionary = Path(temporary) / "words"
        dictionary.write_text("\n".join(words()) + "\n", "utf-8")
        arguments = [
            sys.argv[0],
            str(corpus),
            f"-max_total_time={options.seconds}",
            f"-max_len={MAX_BYTES * 2}",
            f"-timeout={SLOW_SECONDS}",
            f"-rss_limit_mb={MOST_MIB}",
            f"-dict={dictionary}",
            f"-artifact_prefix={options.corpus.parent if options.corpus else Path.cwd()}/",
            "-print_final_stats=1",
        ]
        atheris.Setup(arguments, one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
