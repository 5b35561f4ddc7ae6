"""The files of a fix against those on the machine."""

from datetime import UTC, datetime, timedelta
from typing import Final

from triage.advice import branches
from triage.advice.branches import Version
from triage.advice.machine import MANY_MODULES, Image, Machine
from triage.model.report import FileAdvice, FileState
from triage.model.rule import FixFile

LINK_TIMES: Final = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC))
"""Within these the time stamp of an image is when it was linked; later linkers of Windows write a hash there."""

RELEASED_WITHIN: Final = timedelta(days=45)
"""A corrected file was linked at most so long before the date that the fix's table shows."""


def compare_files(files: tuple[FixFile, ...], machine: Machine, *, same_system: bool = True) -> tuple[FileAdvice, ...]:
    """One entry for each file name of the fix, in the fix's order.

    A fix may list a file several times, for processors and for product branches. A row of another processor is left
    out where the machine's is known, and a version is compared with the rows of its own branch only. `same_system`
    says that the fix is for the machine's system as far as that is known; dates tell nothing between two systems.
    """
    rows: dict[str, list[FixFile]] = {}
    for file in files:
        if not _other_processor(file.platform, machine.architecture):
            rows.setdefault(file.name.lower(), []).append(file)
    return tuple(_compare(name, choices, machine, by_date=same_system) for name, choices in rows.items())


def _compare(name: str, rows: list[FixFile], machine: Machine, *, by_date: bool) -> FileAdvice:
    fixed = [version for row in rows if (version := branches.read(row.version)) is not None]
    printed = fixed[0].text if fixed else None
    display = rows[0].name
    images = machine.found(name)
    told = [entry for image in images if (entry := _by_version(display, image, fixed)) is not None]
    if not told and by_date and not fixed:
        told = [entry for image in images if (entry := _by_date(display, image, rows)) is not None]
    if told:
        # Of several copies in use the log's comes first; in an inventory, one that is not corrected decides.
        stored = all(image.stored for image in images)
        return next((entry for entry in told if entry.state == "older"), told[0]) if stored else told[0]
    if images:
        seen = next((image for image in images if image.version is not None), images[0])
        text = _number(seen.version) if seen.version is not None else None
        reason = "another branch" if text and fixed else "no version" if fixed else ""
        return FileAdvice(name=display, fixed=printed, found=text, where=_where(seen), reason=reason)
    return FileAdvice(name=display, fixed=printed, state="absent" if _absent(name, machine) else "unknown")


def _by_version(display: str, image: Image, fixed: list[Version]) -> FileAdvice | None:
    found = image.version
    if found is None:
        return None
    comparable = sorted(
        (wanted for wanted in fixed if branches.order(found, wanted) is not None), key=lambda wanted: wanted.numbers
    )
    if not comparable:
        return None
    wanted = comparable[0]
    state: FileState = "older" if branches.order(found, wanted) == -1 else "same-or-newer"
    return FileAdvice(name=display, fixed=wanted.text, found=_number(found), state=state, where=_where(image))


def _by_date(display: str, image: Image, rows: list[FixFile]) -> FileAdvice | None:
    """By the time at which the image was linked, where the fix's table has dates and no versions (Windows NT).

    A link time after the table's date is of a later build, and one long before it of an earlier one; what lies
    between may be either.
    """
    dates = sorted(date for row in rows if (date := _day(row.date)) is not None)
    if image.timestamp is None or not dates:
        return None
    linked = datetime.fromtimestamp(min(image.timestamp, 0xFFFF_FFFF), UTC)
    if not LINK_TIMES[0] <= linked <= LINK_TIMES[1]:
        return None
    if linked < dates[0] - RELEASED_WITHIN:
        state: FileState = "older"
    elif linked > dates[-1] + timedelta(days=1):
        state = "same-or-newer"
    else:
        return None
    return FileAdvice(
        name=display,
        fixed=f"of {dates[0].date()}",
        found=f"linked {linked.date()}",
        state=state,
        where=_where(image),
    )


def _day(date: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None
    except ValueError:
        return None


def _absent(name: str, machine: Machine) -> bool:
    """Whether a full list of modules, or an inventory of some size, lacks the file; a short one proves no absence."""
    stem = name.rpartition(".")[0] or name
    listed = len(machine.listed) >= MANY_MODULES
    stored = machine.stock is not None and machine.stock.size >= MANY_MODULES
    return (listed or stored) and not {name, stem} & machine.listed


def _number(version: Version) -> str:
    return ".".join(map(str, version.numbers))


def _where(image: Image) -> str | None:
    return image.path if image.stored else None


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
    "ia-64": "ia64",
    "arm": "arm",
    "arm64": "arm64",
}


def _other_processor(platform: str | None, architecture: str | None) -> bool:
    if platform is None or architecture is None:
        return False
    wanted, here = (_PROCESSORS.get(name.lower()) for name in (platform, architecture))
    return wanted is not None and here is not None and wanted != here
