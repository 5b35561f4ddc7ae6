"""Exceptions as debuggers report them, from NTSD of Windows NT 3.51 to WinDbg of today.

A `Sighting` is one place of the text that tells of an exception; several sightings may tell of the same one (first
and second chance, the record, the fields of !analyze). Values in explanations ("Some common problems are exception
code 0x80000003") are no sightings: every form needs its own frame around the code.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Chance, ExceptionRecord
from triage.text.exception_context import read_context
from triage.text.exception_names import code_of
from triage.text.exception_rows import read_rows
from triage.text.exception_studio import read_studio
from triage.text.exception_types import MAX_SIGHTINGS, Sighting
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.numbers import code32, hexadecimal
from triage.text.prose import in_source, is_literal

# Access violation - code c0000005 (first chance)
_CODE = regex(r"\bcode[:\s]{0,1}\s{0,8}(?:0x)?([0-9a-f]{8})\b", re.IGNORECASE)
_CODE_WORD = regex(r"\bcode[:\s0-9a-f]", re.IGNORECASE)
_NAME = regex(
    r"(?:\(([0-9a-f]{1,8})\.([0-9a-f]{1,8})\):?\s{1,8})?([a-z][a-z0-9/+'()\[\] \n-]{2,60}?)\s{0,8}-\s{0,8}$",
    re.IGNORECASE,
)
_WORD = regex(r"[^\s]+")
_EXPECTED = "may be expected and handled"
_ABOVE = 6
"""Rows above those words in which the exception's own row stands, where it is there."""

_ACCESS_VIOLATION = 0xC0000005
_CHANCE = regex(
    r"[\s.,]{0,12}\(?\s{0,4}!{0,3}\s{0,4}(first/second\s{1,4}chance|first\s{1,4}chance|second\s{1,4}chance|last"
    r"\s{1,4}chance)"
    r"(?:\s{1,4}not\s{1,4}available|\s{1,4}!{1,3})?",
    re.IGNORECASE,
)


def read_sightings(text: Text) -> tuple[Sighting, ...]:
    """Every place that tells of an exception, in the order of the text; at most `MAX_SIGHTINGS`."""
    found = [*_events(text), *_cut_events(text), *read_studio(text), *read_rows(text)]
    found.sort(key=lambda sighting: sighting.lines)
    return tuple(found[:MAX_SIGHTINGS])


def _events(text: Text) -> list[Sighting]:
    """`NAME - code XXXXXXXX (chance)`, wherever a mailer has broken or joined the lines."""
    found: list[Sighting] = []
    for hit in text.matches(_CODE, ("code",), _CODE_WORD):
        start, end = hit.span()
        before = text.joined[max(0, start - 120) : start]
        if not before.rstrip().endswith("-"):
            continue
        # Most stand behind their process and thread; a name holds no point, so none begins further left.
        opened = before.find("(", before.rfind("\n") + 1)
        name = _NAME.match(before, opened) if opened >= 0 else None
        if name is None or name[1] is None:
            name = _NAME.search(before)
        chance = _CHANCE.match(text.joined, end)
        code = hexadecimal(hit[1])
        if name is None or not code:  # of a dump without an exception the debugger says that its code is 0
            continue
        index = text.row_of(start)
        if is_literal(text.rows[index]) or in_source(text.rows, index):
            continue
        if chance is None and name[1] is None:
            begun = text.rows[index].lstrip()
            if code_of(" ".join(name[3].split()[-4:])) is None or begun.startswith(("//", "/*", "* ")):
                continue  # a comment of a program that knows the code
        words, place = _words(name)
        stop = chance.end() if chance else end
        context = read_context(text, text.row_of(stop - 1) + 1)
        record = ExceptionRecord(
            code=code32(code),
            chance=_chance(chance[1] if chance else ""),
            address=context.address,
            access=context.access,
            target=context.target,
            lines=text.lines_of(start - len(before) + place, stop),
        )
        pid, tid = (None if digits is None else hexadecimal(digits) for digits in (name[1], name[2]))
        said = f"{words} - {text.joined[start:stop]}{')' if chance else ''}"
        found.append(
            Sighting(
                record=record,
                origin="event",
                symbol=context.symbol,
                pid=pid,
                tid=tid,
                last_row=context.last,
                words=" ".join(said.split()),
            )
        )
        if len(found) >= MAX_SIGHTINGS:
            break
    return found


def _cut_events(text: Text) -> Iterator[Sighting]:
    """First chances whose own row was cut away, with the words below it and the context left.

    on may be expected and handled.
    eax=06700ff8 ebx=058f0f70 … eip=1000caf5 …
    orchard!Grow+0x15:
    1000caf5 8b08            mov     ecx,dword ptr [eax]  ds:002b:06700ff8=????????

    The words say that it was an exception, the question marks that the memory was not there.
    """
    for index in text.holding((_EXPECTED,)):
        above = text.rows[max(0, index - _ABOVE) : index]
        if any(_CODE.search(row) is not None for row in above):
            continue
        context = read_context(text, index + 1)
        if context.target is None or context.address is None:
            continue
        lines = (text.numbers[index], text.numbers[index])
        record = ExceptionRecord(
            code=_ACCESS_VIOLATION,
            chance="first",
            address=context.address,
            access=context.access,
            target=context.target,
            lines=lines,
        )
        yield Sighting(record=record, origin="event", symbol=context.symbol, last_row=context.last)


def _words(name: re.Match[str]) -> tuple[str, int]:
    """The exception's name without the words before it, and where (pid.tid) or else the name begins.

    Where lines have run together, the path of a module stands before it: "…\\Mtxoci.dll Access violation".
    """
    words = list(_WORD.finditer(name[3]))
    best = words[-1].start()
    for word in words[-5:]:
        if code_of(name[3][word.start() :]) is not None or word[0].lower() == "unknown":
            best = word.start()
            break
    else:
        # An exception that no table knows: its words stand on one line.
        line = name[3].rfind("\n") + 1
        best = min(word.start() for word in words if word.start() >= line) if line < len(name[3]) else best
    return " ".join(name[3][best:].split()), name.start() if name[1] else name.start(3) + best


def _chance(words: str) -> Chance | None:
    words = words.lower()
    if words.startswith("first/second") or not words:
        return None
    return "first" if words.startswith("first") else "second"
