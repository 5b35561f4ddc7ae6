"""The files of a fix against those on the machine."""

from triage.advice.machine import MANY_MODULES, Machine
from triage.model.report import FileAdvice, FileState
from triage.model.rule import FixFile
from triage.model.version import FileVersion, compare, parse_version


def compare_files(files: tuple[FixFile, ...], machine: Machine) -> tuple[FileAdvice, ...]:
    """One entry for each file name of the fix, in the fix's order.

    A fix may list a file several times, for processors and for product branches. A row of another processor is left
    out where the machine's is known, and a version is compared with the rows of its own branch only.
    """
    rows: dict[str, list[FixFile]] = {}
    for file in files:
        if not _other_processor(file.platform, machine.architecture):
            rows.setdefault(file.name.lower(), []).append(file)
    return tuple(_compare(name, choices, machine) for name, choices in rows.items())


def _compare(name: str, rows: list[FixFile], machine: Machine) -> FileAdvice:
    stem = name.rpartition(".")[0] or name
    found = machine.versions.get(name) or machine.versions.get(stem, ())
    fixed = [
        (version, " ".join((row.version or "").split())) for row in rows if (version := parse_version(row.version))
    ]
    printed = fixed[0][1] if fixed else None
    display = rows[0].name
    for version in found:
        comparable = sorted((wanted, text) for wanted, text in fixed if compare(version, wanted) is not None)
        if comparable:
            wanted, text = comparable[0]
            state: FileState = "older" if version < wanted else "same-or-newer"
            return FileAdvice(name=display, fixed=text, found=_text(version), state=state)
    if found:
        return FileAdvice(name=display, fixed=printed, found=_text(found[0]))
    absent = len(machine.listed) >= MANY_MODULES and not {name, stem} & machine.listed
    return FileAdvice(name=display, fixed=printed, state="absent" if absent else "unknown")


def _text(version: FileVersion) -> str:
    return ".".join(map(str, version))


_PROCESSORS = {
    "x86": "x86",
    "i386": "x86",
    "intel": "x86",
    "alpha": "alpha",
    "axp": "alpha",
    "mips": "mips",
    "ppc": "ppc",
    "powerpc": "ppc",
    "x64": "x64",
    "amd64": "x64",
    "ia64": "ia64",
    "arm": "arm",
    "arm64": "arm64",
}


def _other_processor(platform: str | None, architecture: str | None) -> bool:
    if platform is None or architecture is None:
        return False
    wanted, here = (_PROCESSORS.get(name.lower()) for name in (platform, architecture))
    return wanted is not None and here is not None and wanted != here
