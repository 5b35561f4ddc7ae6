"""Crash reports of QGIS on Windows, as its crash handler shows them for copying into a tracker.

    **Python Stack Trace**
    Windows fatal exception: access violation
    Current thread 0x00003c90 (most recent call first):
      File "C:\\orchard\\grow.py", line 250 in run
    Crash ID: [4b9240caa7a7a972e2f50ed69cd603de4545b4ca](…)
    Stack Trace
    OrchardMap::grow orchardmap.cpp:1862
    QObject::event :
    QGIS Info
    QGIS Version: 3.40.11-Bratislava
    System Info
    Kernel Type: winnt
    Kernel Version: 10.0.26100

Folklore: a frame is a function, then the source file and line with a colon between, which are empty for most: what is
left is `QObject::event :`. Names are the nearest export's, hence `version :` in the middle; no module is told. The
exception is told only by Python's part, which newer releases have above the stack. On other systems the kernel is
another, and the frames are a debugger's. Source: QGIS, src/crashhandler/qgscrashreport.cpp.
"""

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, System
from triage.text.exception_names import code_of
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, first_match, rows_with, span
from triage.text.system_builds import product_of_build, version_of_build

_HEADING = regex(r"[\s>#*]{0,16}Stack Trace[\s:*]{0,8}")
_FRAME = regex(
    r"[\s>|]{0,16}(?P<function>[A-Za-z_~`?][^\n]{0,500}?) "
    r"(?P<source>[^\s:]{1,200}\.(?:cpp|c|h|cc|hpp):\d{1,7}|:)\s{0,8}"
)
_SKIPPED = regex(r"[\s>|]{0,16}(?:```\w{0,10}|</?pre>|<br ?/?>)?\s{0,8}")
_FATAL = regex(r"[\s>|]{0,16}Windows fatal exception: (?P<words>[a-z][a-z ]{3,40}?)\s{0,8}")
_KERNEL = regex(r"[^\n]{0,24}?Kernel Version: (?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{3,5})\b")
_OTHER_KERNEL = regex(r"[^\n]{0,24}?Kernel Type: (?!winnt)\w{1,20}")
_ABOVE = 80
_BELOW = 40
_FEWEST = 2


def read(text: Text) -> Reading:
    """Every stack is one incident; an exception that Python's part tells above it is its exception."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    system: System | None = None
    done = -1
    for index in rows_with(text, "Stack Trace", most=MAX_REPORTS):
        if index <= done or _HEADING.fullmatch(text.rows[index][:60]) is None:
            continue
        stack, last = _stack(text, index + 1)
        end = min(len(text.rows), last + _BELOW)
        if len(stack) < _FEWEST or first_match(text.rows[last:end], _OTHER_KERNEL) is not None:
            continue
        told = _exception(text, max(done + 1, index - _ABOVE), index)
        first = index if told is None else told[0]
        incidents.append(
            Incident(
                kind="stack" if told is None else "exception",
                lines=span(text, first, last),
                exception=None if told is None else told[1],
                stack=stack,
            )
        )
        claimed += [span(text, index, last)] if told is None else [span(text, first, first), span(text, index, last)]
        system = system or _system(text, last, end)
        done = last
    return Reading(incidents=tuple(incidents), system=system, claimed=tuple(claimed))


def _stack(text: Text, first: int) -> tuple[tuple[Frame, ...], int]:
    """The frames from a row on, and the row of the last of them."""
    frames: list[Frame] = []
    last = first - 1
    for index in range(first, min(len(text.rows), first + MAX_FRAMES)):
        row = text.rows[index][:800]
        found = _FRAME.fullmatch(row)
        if found is not None:
            source = found["source"]
            frames.append(
                Frame(
                    function=found["function"],
                    source=None if source == ":" else source,
                    lines=span(text, index, index),
                )
            )
            last = index
        elif frames or _SKIPPED.fullmatch(row) is None:
            break
    return tuple(frames), last


def _exception(text: Text, first: int, end: int) -> tuple[int, ExceptionRecord] | None:
    """The last fatal exception that Python's part tells in these rows, with its row."""
    for index in range(end - 1, first - 1, -1):
        found = _FATAL.fullmatch(text.rows[index][:120])
        code = None if found is None else code_of(found["words"])
        if code is not None:
            return index, ExceptionRecord(code=code, lines=span(text, index, index))
    return None


def _system(text: Text, first: int, end: int) -> System | None:
    found = first_match(text.rows[first:end], _KERNEL)
    if found is None:
        return None
    build = int(found["build"])
    return System(
        product=product_of_build(build, None, server=False, version=found["version"]),
        version=version_of_build(build) or found["version"],
        build=build,
        lines=span(text, first, end - 1),
    )
