"""Dr. Watson of Windows 3.x (drwatson.log).

Dr. Watson 0.80 Failure Report - Tue Mar  3 10:51:36 1992
LEDGER had a 'Exceed Segment Bounds (Read)' fault at LEDGER _PostEntry+006b
…
Windows version 3.10
…
Stack Frame 0 is LEDGER _PostEntry+006b        ss:bp 0d7f:237a
Stack Frame 2 is USER 1:00a3                   ss:bp 0d7f:239e
"""

from msgspec import Struct

from triage.model.evidence import Frame, Lines, System
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.messages import lines_of_rows

_MAX_REPORTS = 500
_HAD = regex(
    r"(?P<process>[\w$~.-]{1,20})\s+had\s+an?\s+'(?P<words>[^'\n]{3,60})'\s+fault\s+at\s+(?P<module>[\w$~.-]{1,20})\s+"
    r"(?P<place>[\w@$?:.]{1,80}(?:\+[0-9a-fA-F]{1,8})?)"
)
_FRAME = regex(
    r"\s*Stack Frame\s+\d{1,3}\s+is\s+(?P<module>[\w$~.-]{1,20})\s+(?P<place>[\w@$?:.]{1,80}(?:\+[0-9a-fA-F]{1,8})?)"
)
_VERSION = regex(r"\s*Windows version (?P<version>3\.\d{1,2})\b")
_REPORT = regex(r"\s*Dr\. Watson [\d.]+ Failure Report")
_END = regex(r"\s*Stop Dr\. Watson")


class Report16(Struct, frozen=True, kw_only=True):
    """A failure report. `place` is segment and offset where there is no symbol ("1:00a3")."""

    lines: Lines
    process: str
    module: str
    message: str
    function: str | None = None
    offset: int | None = None
    place: str | None = None
    stack: tuple[Frame, ...] = ()
    system: System | None = None


def read_reports(text: Text) -> tuple[Report16, ...]:
    """Every failure report of the log."""
    found: list[Report16] = []
    matches = [match for _, match in zip(range(_MAX_REPORTS), _HAD.finditer(text.joined), strict=False)]
    starts = [text.row_of(match.start()) for match in matches]
    for index, match in enumerate(matches):
        limit = starts[index + 1] if index + 1 < len(starts) else len(text.rows)
        first, last = starts[index], text.row_of(match.end() - 1)
        frames: list[Frame] = []
        system = None
        for row in range(last + 1, limit):
            if _REPORT.match(text.rows[row]) or _END.match(text.rows[row]):
                break
            number = text.numbers[row]
            if (frame := _FRAME.match(text.rows[row])) is not None and len(frames) < 256:
                function, offset, _ = _place(frame["place"])
                frames.append(Frame(module=frame["module"], function=function, offset=offset, lines=(number, number)))
                last = row
            elif (version := _VERSION.match(text.rows[row])) is not None:
                product = {"3.10": "Windows 3.1", "3.11": "Windows 3.11"}.get(version["version"])
                system = System(product=product, version=version["version"], lines=(number, number))
                last = row
        function, offset, place = _place(match["place"])
        found.append(
            Report16(
                lines=lines_of_rows(text, first, last),
                process=match["process"],
                module=match["module"],
                message=" ".join(match.group().split()),
                function=function,
                offset=offset,
                place=place,
                stack=tuple(frames),
                system=system,
            )
        )
    return tuple(found)


def _place(printed: str) -> tuple[str | None, int | None, str | None]:
    """Function, offset in it, and the place as printed where it is a segment and offset."""
    if ":" in printed:
        return None, None, printed
    name, _, offset = printed.partition("+")
    return name, int(offset, 16) if offset else None, None
