"""The boxes that the C runtime shows when an assertion fails or the program ends itself.

    Microsoft Visual C++ Runtime Library
    Debug Assertion Failed!

    Program: D:\\orchard\\Debug\\orchard.exe
    File: minkernel\\crts\\ucrt\\src\\appcrt\\heap\\debug_heap.cpp
    Line: 904

    Expression: _CrtIsValidHeapPointer(block)

    Runtime Error!
    Program: C:\\Orchard\\orchard.exe
    This application has requested the Runtime to terminate it in an unusual way.

Folklore: "Program" is the module whose assertion failed, a DLL as often as a program, and is cut to its last 60
characters ("...ard\\Debug\\orchard.exe"); empty rows stand between, are lost, or stand between all rows. No code is
shown: abort() ends with exit code 3, and Retry goes on to a breakpoint. R6025 and its like are read with the other
faults.
Source: Universal CRT, startup/assert.cpp, misc/dbgrpt.cpp.
"""

import re
from collections.abc import Iterator

from triage.text.faults import Fault
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_names import base_name

_HEAD = regex(r"[^\n]{0,40}?(?P<words>(?:Debug )?Assertion failed!?|Runtime Error!)\s{0,4}", re.IGNORECASE)
_FIELD = regex(
    r"[^\w\n]{0,8}(?P<name>Program|File|Line|Expression|Module):\s{0,8}(?P<value>[^\n]{0,600}?)\s{0,8}", re.IGNORECASE
)
_UNUSUAL = regex(
    r"\W{0,8}(?P<words>This application has requested the Runtime to terminate it in an unusual way)", re.IGNORECASE
)
_REACH = 14
_MOST = 1_000
_IMAGE = regex(r"[^\n<>|\"*?]{1,260}\.\w{2,4}")


def read_runtime(text: Text) -> Iterator[Fault]:
    """A fault for each box with the program beside what failed; `kind` is "runtime"."""
    for index in text.holding(("assertion failed", "runtime error!"))[:_MOST]:
        head = _HEAD.fullmatch(text.rows[index][:200])
        fault = None if head is None else _box(text, index, head["words"])
        if fault is not None:
            yield fault


def _box(text: Text, index: int, words: str) -> Fault | None:
    """What the rows below the heading say; None where no program or nothing of what failed stands there."""
    fields: dict[str, str] = {}
    last = index
    wanted: str | None = None
    unusual: str | None = None
    for at in range(index + 1, min(len(text.rows), index + 1 + _REACH)):
        row = text.rows[at][:800]
        found = _FIELD.fullmatch(row)
        ending = _UNUSUAL.match(row)
        if found is not None:
            wanted = found["name"].lower()
            if fields.setdefault(wanted, found["value"]):
                wanted = None
        elif ending is not None:
            unusual = ending["words"]
        elif wanted is not None and row.strip():
            # A value that stands below its label.
            fields[wanted], wanted = row.strip(), None
        elif row.strip():
            continue
        else:
            continue
        last = at
    program = fields.get("program", "").strip("\"'\u2018\u2019 ")
    what = unusual or fields.get("expression")
    if not what or _IMAGE.fullmatch(program) is None:
        return None
    name = base_name(program.replace("/", "\\"))
    program_file = name.lower().endswith(".exe")
    said = [words, what]
    if (source := base_name(fields.get("file", "").replace("/", "\\"))) and unusual is None:
        said.append(f"({source}, line {fields['line']})" if "line" in fields else f"({source})")
    return Fault(
        kind="runtime",
        message=" ".join(" ".join(said).split()),
        lines=(text.numbers[index], text.numbers[last]),
        rows=(index, last),
        process=name if program_file else None,
        module=None if program_file else name,
    )
