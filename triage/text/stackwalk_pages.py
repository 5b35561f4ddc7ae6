r"""The form of pages: reports of Mozilla's crash server as people copy them, and as bugs quote them.

    Crash Reason	EXCEPTION_ACCESS_VIOLATION_READ
    Crash Address	0x10
    OS Version	10.0.19042
    Crashing Thread (0), Name: MainThread
    Frame	Module	Signature	Source	Trust
    0	quill.dll	Page::Draw(int)	src/page.cpp:217	context
    1	quill.exe	wmain	src/main.cpp:31	cfi

    Reason: EXCEPTION_ACCESS_VIOLATION_READ
    Top 10 frames of crashing thread:
    0  quill.dll  Page::Draw  src/page.cpp:217
    1  quill.exe  wmain  src/main.cpp:31

Folklore: cells are parted by tabs, by bars in Markdown, or by blanks; a source is a path with a line, or a link. The
crash address of an access violation is the data's. Reasons of other systems are signals ("SIGSEGV / SEGV_MAPERR").
Source: mozilla-services/socorro, webapp/crashstats/crashstats/templates/crashstats/report_index.html.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Frame
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, number, program_of, rows_with
from triage.text.stackwalk import TRUSTS, Walk

_CELL = r"[\t |:]{1,12}"
_REASON = regex(
    rf"[\s|>*-]{{0,12}}(?:Crash Reason{_CELL}|Reason: )(?P<reason>(?:EXCEPTION|STATUS)_[A-Z_0-9]{{4,60}}[^\t"
    rf"|\n]{{0,80}}|0x[0-9a-f]{{8}})"
    r"[\s|]{0,12}",
    re.IGNORECASE,
)
_ADDRESS = regex(rf"[\s|>*-]{{0,12}}Crash Address{_CELL}(?P<address>0x[0-9a-f]{{1,16}})\b", re.IGNORECASE)
_VERSION = regex(rf"[\s|>*-]{{0,12}}OS Version{_CELL}(?P<version>\d{{1,2}}\.\d[^\t|\n]{{0,60}})", re.IGNORECASE)
_HEADING = regex(r"[\s|>*-]{0,12}(?:Frame[\t |]{1,16}Module|Top \d{1,3} frames of crashing thread)", re.IGNORECASE)
_ROW = regex(
    r"[\s|>*-]{0,12}(?P<index>\d{1,4})[\t |]{1,16}(?P<module>[^\s|]{1,120})(?:[\t |]{1,16}(?P<rest>[^\n]{1,3000}))?"
)
_CELLS = regex(r"\t|\s{0,4}\|\s{0,4}|\s{2,40}")
_SOURCE = regex(r"(?P<function>[^\n]{1,2600}?)\s{1,8}(?P<source>[^\s:]{1,300}:\d{1,8}|\[?https?://[^\n]{1,600})")
_ABOVE, _BELOW = 60, 80


def read_pages(text: Text) -> tuple[Walk, ...]:
    """Every report that tells a reason of Windows, with the frames below it."""
    walks: list[Walk] = []
    done = -1
    for index in rows_with(text, "Crash Reason", "Crash reason", "Reason: ", most=MAX_REPORTS):
        found = _REASON.fullmatch(text.rows[index][:400]) if index > done else None
        if found is None:
            continue
        frames: tuple[Frame, ...] = ()
        done = last = index
        facts: dict[str, str] = {}
        for at in range(max(0, index - _ABOVE), min(len(text.rows), index + _BELOW)):
            row = text.rows[at][:400]
            for pattern in (_ADDRESS, _VERSION):
                if (said := pattern.match(row)) is not None:
                    facts.update({name: value.strip() for name, value in said.groupdict().items()})
            if at > index and _HEADING.match(row) is not None:
                frames, last = _frames(text, at)
                break
        if not frames and "Crash " not in text.rows[index][:40]:
            continue
        done = last
        walks.append(
            Walk(
                lines=(text.numbers[index], text.numbers[last]),
                reason=found["reason"].strip(),
                address=number(facts.get("address")),
                frames=frames,
                process=program_of(frame.module for frame in frames),
                os="Windows NT",
                version=facts.get("version"),
            )
        )
    return tuple(walks)


def _frames(text: Text, heading: int) -> tuple[tuple[Frame, ...], int]:
    frames: list[Frame] = []
    last = heading
    for index, row in _rows(text, heading):
        found = _ROW.fullmatch(row)
        if found is None or len(frames) >= MAX_FRAMES:
            break
        cells = [cell for cell in _CELLS.split((found["rest"] or "").strip(" |\t")) if cell]
        function, source = (cells[0] if cells else None), (cells[1] if len(cells) > 1 else None)
        if function is not None and (parted := _SOURCE.fullmatch(function)) is not None:
            # The tab between them was as wide as a blank.
            function, source = parted["function"], parted["source"]
        frames.append(
            Frame(
                module=found["module"],
                function=None if function is None or function.startswith(("@0x", "0x")) else function,
                source=source,
                trust=TRUSTS.get(cells[-1].strip() if cells else "", "printed"),
                lines=(text.numbers[index], text.numbers[index]),
            )
        )
        last = index
    return tuple(frames), last


def _rows(text: Text, heading: int) -> Iterator[tuple[int, str]]:
    """The rows below a heading, without a ruler and the empty rows right below it."""
    begun = False
    for index in range(heading + 1, min(len(text.rows), heading + 1 + MAX_FRAMES)):
        row = text.rows[index][:4000]
        if not begun and not row.strip(" |:-\t"):
            continue
        begun = True
        yield index, row
