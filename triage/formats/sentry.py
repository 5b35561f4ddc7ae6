"""Crash reports as Sentry shows them for reading, in the form of Apple's.

    OS Version: Windows 10.0.19041 (508)
    Report Version: 104

    Crashed Thread: 22040

    Application Specific Information:
    Fatal Error: EXCEPTION_ACCESS_VIOLATION_EXEC / 0x0

    Thread 22040 Crashed:
    0   orchard.exe                     0x7ff66d17b66d      Leaf::Grow
    1   ntdll.dll                       0x7ffb8f24cea0      RtlUserThreadStart

    Thread 9128
    0   ntdll.dll                       0x7ffb8f27c144      ZwWaitForSingleObject

    Loaded Images:
    0x7ff66d160000 - 0x7ff66d9c0fff orchard.exe x86_64 <…> C:\\orchard\\orchard.exe

Folklore: "/" parts the exception's name from the address it is about: the data's for access violations. `<unknown>`
stands where no name is known. The same form tells of other systems by their names ("macOS 11.2"), whose exceptions are
EXC_… . The threads that did not crash come in any order, and people paste them alone: those tell of no crash.
"""

from collections.abc import Iterator

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Module, Process, System
from triage.text.exception_names import code_of_symbol
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import (
    MAX_FRAMES,
    MAX_MODULES,
    MAX_REPORTS,
    first_match,
    image,
    number,
    part,
    placed,
    program_of,
    rows_with,
    span,
)
from triage.text.stackwalk import access_of_reason, code_of_reason
from triage.text.system_builds import product_of_build, version_of_build

_FATAL = regex(
    r"[\s>|*-]{0,16}Fatal Error: (?P<name>(?:EXCEPTION|STATUS)_[A-Z_0-9]{4,60}|0x[0-9a-f]{8})(?: / (?P<at>\S{1,40}))?"
    r"\s{0,8}$"
)
_CRASHED = regex(r"[\s>|*-]{0,16}Thread \d{1,10}(?: name: [^\n]{1,80})? Crashed:\s{0,8}")
_FRAME = regex(
    r"[\s>|*-]{0,16}\d{1,4}\s{1,8}(?P<module>[^\s]{1,120}(?: [^\s]{1,40}){0,3}?)\s{1,60}0x(?P<address>[0-9a-f]{4,16})"
    r"(?:\s{1,16}(?P<function>\S[^\n]{0,1000}?))?\s{0,8}"
)
_IMAGE = regex(
    r"[\s>|*-]{0,16}0x(?P<base>[0-9a-f]{4,16}) - 0x(?P<end>[0-9a-f]{4,16}) (?P<name>\S[^\n<>]{0,120}?)(?: \S{3,10})?"
    r" <[^<>\n]{0,80}>(?: (?P<path>\S[^\n]{0,400}))?"
)
_OS = regex(
    r"[\s>|*-]{0,16}OS Version: Windows (?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{3,5})(?:[. ]\(?"
    r"(?P<revision>\d{1,6}))?"
)
_SOURCE = regex(r"(?P<function>[^\n]{1,800}?) \((?P<source>[^()\n]{1,300}:\d{1,8})\)")
_UNKNOWN = "<unknown>"
_ABOVE = 40
_REACH = 5_000


def read(text: Text) -> Reading:
    """Every report is one incident, with the stack of the thread that crashed; the images are the modules."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    modules: list[Module] = []
    system: System | None = None
    heads = [
        (index, found)
        for index in rows_with(text, "Fatal Error: ", most=MAX_REPORTS)
        if (found := _FATAL.match(text.rows[index][:300])) is not None
    ]
    # A report ends where the next one begins: else each of many would read the images of all behind it.
    ends = [*(index for index, _ in heads[1:]), len(text.rows)]
    for (index, found), end in zip(heads, ends, strict=False):
        body = part(text, index, min(end, index + _REACH))
        crashed = next(
            (at for at in rows_with(body, "Crashed:", most=4) if _CRASHED.fullmatch(body.rows[at][:200])), None
        )
        code = code_of_reason(found["name"]) or code_of_symbol(found["name"])
        if code is None or crashed is None:
            continue
        listed = tuple(_modules(body))
        stack = tuple(placed(frame, listed) for frame in _frames(body, crashed + 1))
        process = program_of([*(module.name for module in listed[:1]), *(frame.module for frame in stack)])
        top = stack[0] if stack else None
        touched = "ACCESS_VIOLATION" in found["name"] or "IN_PAGE" in found["name"]
        here = span(body, 0, 0)
        last = stack[-1].lines[1] if stack else body.numbers[crashed]
        incidents.append(
            Incident(
                kind="exception",
                lines=(here[0], last),
                process=None if process is None else Process(name=process),
                exception=ExceptionRecord(
                    code=code,
                    address=None if top is None else top.address,
                    access=access_of_reason(found["name"]),
                    target=number(found["at"]) if touched else None,
                    lines=here,
                ),
                stack=stack,
                faulting_module=None if top is None else top.module,
                faulting_offset=None if top is None or top.function is not None else top.offset,
                faulting_function=None if top is None else top.function,
            )
        )
        claimed += [here, span(body, crashed, crashed), *(frame.lines for frame in stack)]
        claimed += [module.lines for module in listed]
        modules += listed if not modules else ()
        system = system or _system(text, index)
    return Reading(incidents=tuple(incidents), modules=tuple(modules), system=system, claimed=tuple(claimed))


def _frames(body: Text, first: int) -> Iterator[Frame]:
    for index in range(first, min(len(body), first + MAX_FRAMES)):
        found = _FRAME.fullmatch(body.rows[index][:1600])
        if found is None:
            return
        function = found["function"]
        sourced = None if function is None else _SOURCE.fullmatch(function)
        yield Frame(
            module=found["module"],
            function=None if function in {None, _UNKNOWN} else function if sourced is None else sourced["function"],
            address=int(found["address"], 16),
            source=None if sourced is None else sourced["source"],
            lines=span(body, index, index),
        )


def _modules(body: Text) -> Iterator[Module]:
    for index in rows_with(body, " - 0x", most=MAX_MODULES):
        found = _IMAGE.match(body.rows[index][:800])
        if found is not None:
            path = (found["path"] or "").strip()
            yield Module(
                name=image(path) or found["name"].strip(),
                base=int(found["base"], 16),
                end=int(found["end"], 16) + 1,
                path=path if "\\" in path else None,
                lines=span(body, index, index),
            )


def _system(text: Text, index: int) -> System | None:
    above = text.rows[max(0, index - _ABOVE) : index]
    found = first_match(above, _OS)
    if found is None:
        return None
    build = int(found["build"])
    at = next(at for at in range(max(0, index - _ABOVE), index) if _OS.match(text.rows[at][:600]))
    return System(
        product=product_of_build(build, None, server=False, version=found["version"]),
        version=version_of_build(build) or found["version"],
        build=build,
        revision=None if found["revision"] is None else int(found["revision"]),
        lines=span(text, at, at),
    )
