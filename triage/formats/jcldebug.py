"""Logs of the exception dialog of the JEDI Code Library, which many Delphi and Lazarus programs use.

    Application Title: Orchard
    Application File: C:\\Orchard\\Orchard.exe
    Exception class: EAccessViolation
    Exception message: Access violation at address 00687E11 in module 'Orchard.exe'. Read of address 0000000C.
    Exception address: 00687E11
    Exception stack
    Stack list, generated 27.12.2021 20:41:42
    [00687E11]{Orchard.exe  } System.Win.Taskbar.TWinTaskbar.CheckITB3 (Line 109, "System.Win.Taskbar.pas" + 1) + $0
    (00286E11){Orchard.exe  } [00687E11] Trees.TLeaf.Check + $21
    System   : Microsoft Windows 10 Professional, Version: 10.0, Build: 4A65, "…"

Folklore: two forms of frames, with and without the offset from the code's begin before the name; names are whole
(unit, class, method). The build of the system is printed in hexadecimal in some versions, so it is not read.
Source: jcl, source/windows/JclDebug.pas, GetLocationInfoStr; experts/debug/dialog/ExceptDlg.pas.
"""

from collections.abc import Iterator

from triage.model.evidence import Frame, Incident, Lines, Message, Process
from triage.text.delphi import module_of, offset_of, record_of
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, image, number, part, rows_with, span

_LABEL = regex(r"\s{0,8}(?P<key>Application [Ff]ile|Exception (?:class|message|address)): (?P<value>\S[^\n]{0,1000})")
_FRAME = regex(
    r"\s{0,8}(?:\((?P<code>[0-9A-F]{8,16})\)|\[(?P<first>[0-9A-F]{8,16})\])\{(?P<module>[^{}\n]{1,120}?)\s{0,20}\}"
    r"(?: \[(?P<second>[0-9A-F]{8,16})\])?(?P<rest>[^\n]{0,1000})"
)
_NAME = regex(
    r"\s{1,4}(?P<name>[A-Za-z_@][^\s()]{0,300})(?P<line>[^\n]{0,300}?)(?:\+ \$(?P<offset>[0-9A-F]{1,8}))?\s{0,4}"
)
_LINE = regex(r'\(Line (\d{1,8}), "([^"\n]{1,200})"')
_FEWEST_ALONE = 2
_REACH = 2_000
_ABOVE = 12


def read(text: Text) -> Reading:
    """Every report is one incident."""
    starts = [
        index for index in rows_with(text, "Exception class: ", most=MAX_REPORTS) if _LABEL.match(text.rows[index])
    ]
    if not starts:
        return _stack_alone(text)
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    for at, index in enumerate(starts):
        first = max(0, index - _ABOVE, (starts[at - 1] + 4) if at else 0)
        body = part(text, index, min(starts[at + 1] if at + 1 < len(starts) else len(text.rows), index + _REACH))
        stack = tuple(_frames(body))
        labels = _labels(text, first, index + 5)
        if "exception message" not in labels and not stack:
            continue
        incidents.append(_incident(body, labels, stack))
        claimed += [span(body, 0, 2), *(frame.lines for frame in stack)] if len(body) > 2 else [incidents[-1].lines]
    return Reading(incidents=tuple(incidents), claimed=tuple(claimed))


def _stack_alone(text: Text) -> Reading:
    """The rows of a stack that were copied without the log around them."""
    stack = tuple(_frames(text))
    if len(stack) < _FEWEST_ALONE:
        return Reading()
    lines = (stack[0].lines[0], stack[-1].lines[1])
    incident = Incident(kind="stack", lines=lines, stack=stack)
    return Reading(incidents=(incident,), claimed=(lines,))


def _labels(text: Text, first: int, end: int) -> dict[str, str]:
    labels: dict[str, str] = {}
    for row in text.rows[first:end]:
        found = _LABEL.fullmatch(row[:1100])
        if found is not None:
            labels[found["key"].lower()] = found["value"].strip()
    return labels


def _incident(body: Text, labels: dict[str, str], stack: tuple[Frame, ...]) -> Incident:
    kind, message = labels.get("exception class", ""), labels.get("exception message", "")
    here = span(body, 0, min(2, len(body) - 1))
    process = image(labels.get("application file"))
    top = stack[0] if stack else None
    return Incident(
        kind="exception",
        lines=(here[0], stack[-1].lines[1] if stack else here[1]),
        process=None if process is None else Process(name=process),
        exception=record_of(kind, message, here, number(labels.get("exception address"))),
        stack=stack,
        faulting_module=module_of(message) or (None if top is None else top.module),
        faulting_offset=offset_of(message),
        faulting_function=None if top is None else top.function,
        messages=(Message(": ".join(one for one in (kind, message) if one), here),),
    )


def _frames(body: Text) -> Iterator[Frame]:
    """The first list of frames; those of other threads follow behind a heading."""
    last = 0
    for count, index in enumerate(rows_with(body, "]{", "){", most=MAX_FRAMES)):
        found = _FRAME.fullmatch(body.rows[index][:1400])
        if found is None:
            continue
        if last and index - last > 1:
            return
        last = index
        named = _NAME.fullmatch(found["rest"])
        line = None if named is None else _LINE.search(named["line"])
        if count < MAX_FRAMES:
            yield Frame(
                module=found["module"].strip(),
                function=None if named is None else named["name"],
                offset=None if named is None or line is not None else number(named["offset"]),
                address=number(found["second"] or found["first"]),
                source=None if line is None else f"{line[2]}:{line[1]}",
                lines=span(body, index, index),
            )
