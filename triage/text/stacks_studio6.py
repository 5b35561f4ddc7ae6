"""Call stacks as the debugger of Visual C++ 4 to 6 copies them, innermost call first, without any heading.

    CLeaf::Grow(int 3, CTree * 0x0012f8a4) line 42 + 11 bytes
    MFC42D! AfxCallWndProc + 27 bytes
    ORCHARD! mainCRTStartup + 227 bytes
    KERNEL32! 77e8893d()

Folklore: a call of the program's own sources names no module; where only exports are known, a module stands before the
mark and a blank, and without those the address. The number behind the plus counts bytes, in decimal, from the function
or, where a line is told, from that line. Values of the arguments stand in the brackets, long ones with brackets of
their own. Two such rows are a stack where one of them has a module; a row alone is a remark on a source.
"""

from collections.abc import Iterator

from triage.model.evidence import Frame, Lines
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, rows_with, span

_OWN = regex(
    r"[>\s]{0,12}(?P<function>[A-Za-z_~][^()\n!]{0,300})\([^\n]{0,1500}\) line (?P<line>\d{1,7})"
    r"(?: \+ (?P<bytes>\d{1,7}) bytes)?\s{0,8}"
)
_OTHERS = regex(
    r"[>\s]{0,12}(?P<module>[A-Z][A-Z0-9_~$.-]{0,40})! (?:(?P<address>[0-9a-f]{8})\(\)"
    r"|(?P<function>[^\s()!][^()\n!]{0,300}?)(?:\([^\n]{0,1500}\))?"
    r"(?:(?: line (?P<line>\d{1,7}))?(?: \+ (?P<bytes>\d{1,7}) bytes)|(?<=\))))\s{0,8}"
)
_WORDS = (") line ", " bytes", "! 7", "! 0", "! 1", "! 2", "! 3", "! 4", "! 5", "! 6", "! b")
_FEWEST = 2


def read_studio6(text: Text) -> Iterator[tuple[tuple[Frame, ...], Lines]]:
    """Every run of rows that are such calls, with its lines."""
    done = -1
    for index in rows_with(text, *_WORDS):
        if index <= done:
            continue
        frames: list[Frame] = []
        at = index
        while at < len(text.rows) and (frame := _frame(text, at)) is not None:
            if len(frames) < MAX_FRAMES:
                frames.append(frame)
            at += 1
        done = max(index, at - 1)
        if len(frames) >= _FEWEST and any(frame.module is not None for frame in frames):
            yield tuple(frames), span(text, index, at - 1)


def _frame(text: Text, index: int) -> Frame | None:
    row = text.rows[index][:2000]
    found = _OTHERS.fullmatch(row) or _OWN.fullmatch(row)
    if found is None:
        return None
    said = found.groupdict()
    function, address, inside = said.get("function"), said.get("address"), said.get("bytes")
    return Frame(
        module=said.get("module"),
        function=None if function is None else function.strip(),
        offset=None if inside is None or said.get("line") is not None else int(inside),
        address=None if address is None else int(address, 16),
        lines=span(text, index, index),
    )
