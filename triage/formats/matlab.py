"""Crash dumps of MATLAB on Windows: matlab_crash_dump.4242-1, and what its window shows of one.

              Access violation detected at Thu Feb  1 14:19:20 2018
    Configuration:
      MATLAB Architecture : win64
      MATLAB Root         : C:\\Program Files\\MATLAB\\R2017b
      Operating System    : Microsoft Windows 10 Enterprise
      Window System       : Version 10.0 (Build 15063)
    Fault Count: 1
    Abnormal termination:
    Access violation
    Register State (from fault):
      RAX = 0000000000000000  RBX = 000000000000004e
      RIP = 00007ffb0729f4a0  EFL = 00010246
    Stack Trace (from fault):
    [  0] 0x00007ffb0729f4a0 C:\\Program Files\\MATLAB\\R2017b\\bin\\win64\\libmx.dll+00165886 mxGetPr+00000638

Folklore: offsets have eight decimal digits, from the image's base and from the function. On other systems the words are
"Segmentation violation", the architecture is glnxa64 or maci64, and the paths have no drive: such a dump tells of no
Windows crash. "abort()" and "Assertion" stand where a violation would: they have no code. The module is often a MEX
file, whose ending is .mexw64. Its rows are pushed in, quoted and cut as people like.
"""

from collections.abc import Iterator

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, System
from triage.text.exception_names import code_of
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, first_match, image, number, part, rows_with, span
from triage.text.system_builds import product_of_build, version_of_build

_DETECTED = regex(r"[\s>|*-]{0,80}(?P<words>[A-Za-z][\w ()-]{3,40}?) detected at \S[^\n]{0,60}")
_ABNORMAL = regex(r"[\s>|*-]{0,24}Abnormal termination:\s{0,8}(?P<words>[^\n]{0,80})")
_PLACE = regex(r"[^\n]{0,200}?\b[ER]IP = (?P<address>[0-9a-f]{8,16})\b")
_ROW = regex(
    r"[\s>|*-]{0,16}\[\s{0,3}\d{1,4}\]\s{1,4}0x(?P<address>[0-9a-f]{8,16})\s{1,200}(?P<path>[^\n+]{1,400}?)"
    r"\+(?P<offset>\d{1,12})(?:\s{1,4}(?P<function>\S[^\n]{0,1000}?)\+(?P<inside>\d{1,12}))?\s{0,8}"
)
_WINDOW = regex(
    r"[^\n]{0,40}?Window System\s{0,12}: Version (?P<version>\d{1,2}\.\d{1,2}) \(Build (?P<build>\d{3,5})"
    r"(?:: Service Pack (?P<pack>\d))?"
)
_NAME = regex(r"[^\n]{0,40}?Operating System\s{0,12}: (?:Microsoft )?(?P<name>Windows [^\n]{1,60})")
_ON_WINDOWS = regex(
    r"[^\n]{0,40}?(?:MATLAB Architecture\s{0,12}: win(?:32|64)|Operating System\s{0,12}: (?:Microsoft )?Windows"
    r"|MATLAB Root\s{0,12}: [A-Za-z]:\\|\[\s{0,3}\d{1,4}\]\s{1,4}0x[0-9a-f]{8,16}\s{1,200}[A-Za-z]:\\)"
)
_STACK = "Stack Trace"
_REACH = 600


def read(text: Text) -> Reading:
    """Every dump is one incident; its heading and "Abnormal termination" tell of the same."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    system: System | None = None
    done = -1
    for index in rows_with(text, " detected at ", "Abnormal termination:", most=MAX_REPORTS):
        if index <= done:
            continue
        body = part(text, index, min(len(text.rows), index + _REACH))
        words = _words(body)
        if words is None or not any(_ON_WINDOWS.match(row[:600]) for row in body.rows):
            continue
        stack = tuple(_frames(body))
        here = span(body, 0, 0)
        told = rows_with(body, "Abnormal termination:", "Window System", "RIP = ", "EIP = ", most=4)
        last = max([here[1], *(frame.lines[1] for frame in stack), *(body.numbers[at] for at in told)])
        place = first_match((body.rows[at] for at in rows_with(body, "IP = ", most=4)), _PLACE)
        code = code_of(words)
        top = stack[0] if stack else None
        incidents.append(
            Incident(
                kind="message" if code is None else "exception",
                lines=(here[0], last),
                exception=None
                if code is None
                else ExceptionRecord(
                    code=code, address=None if place is None else number(place["address"]), lines=here
                ),
                stack=stack,
                faulting_module=None if top is None else top.module,
                faulting_function=None if top is None else top.function,
                faulting_offset=None if top is None or top.function is not None else top.offset,
                messages=() if code is not None else (Message(words, here),),
            )
        )
        claimed.append((here[0], last))
        system = system or _system(body)
        done = text.index_of(last)
    return Reading(incidents=tuple(incidents), system=system, claimed=tuple(claimed))


def _words(body: Text) -> str | None:
    """What was detected: in the heading, behind "Abnormal termination:" or below it."""
    detected = _DETECTED.fullmatch(body.rows[0][:300])
    if detected is not None:
        near = any("Configuration:" in row or "Fault Count" in row for row in body.rows[1:60])
        return detected["words"].strip() if near else None
    abnormal = _ABNORMAL.fullmatch(body.rows[0][:200])
    if abnormal is None:
        return None
    below = body.rows[1].strip(" >|*-")[:80] if len(body) > 1 else ""
    return abnormal["words"].strip() or below or None


def _frames(body: Text) -> Iterator[Frame]:
    """The first run of rows of a stack."""
    last = count = 0
    for index in rows_with(body, "] 0x", most=MAX_FRAMES):
        found = _ROW.fullmatch(body.rows[index][:2000])
        if found is None or (count and index - last > 2):
            if count:
                return
            continue
        last = index
        count += 1
        function = found["function"]
        yield Frame(
            module=image(found["path"]),
            function=function,
            offset=int(found["offset"] if function is None else found["inside"]),
            address=int(found["address"], 16),
            lines=span(body, index, index),
        )


def _system(body: Text) -> System | None:
    build = first_match((body.rows[at] for at in rows_with(body, "Window System", most=2)), _WINDOW)
    if build is None:
        return None
    at = rows_with(body, "Window System", most=1)[0]
    name = first_match((body.rows[at] for at in rows_with(body, "Operating System", most=2)), _NAME)
    number_of_build = int(build["build"])
    named = None if name is None else name["name"].strip()
    return System(
        product=product_of_build(
            number_of_build, named, server=named is not None and "Server" in named, version=build["version"]
        ),
        version=version_of_build(number_of_build) or build["version"],
        build=number_of_build,
        service_pack=None if build["pack"] is None else int(build["pack"]),
        lines=span(body, at, at),
    )
