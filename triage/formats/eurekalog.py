"""Reports of EurekaLog, an exception handler of Delphi and C++Builder programs.

    EurekaLog 6.0.25
    Application:
      1.2 Name/Description: Orchard.exe
    Exception:
      2.2 Address       : 00401E19
      2.3 Module Name   : Orchard.exe - (Orchard)
      2.5 Type          : EAccessViolation
      2.6 Message       : Access violation at address 00401E19. Write of address 00000001.
    Operating System:
      6.1 Type   : Microsoft Windows XP
      6.2 Build #: 2600
      6.3 Update : Service Pack 3
    Call Stack Information:
    |Address |Module     |Unit      |Class    |Procedure/Method|Line|
    |*Exception Thread: ID=1234; Priority=0; Class=; [Main]          |
    |00401E19|Orchard.exe|System.pas|         |@FreeMem        |    |
    Modules Information:
    |Handle  |Name       |Description|Version|Size  |Modified|Path   |

Folklore: sections are numbered differently in every version, so labels count and numbers do not; the columns are named
by the heading of their table. The thread with the exception comes first.
Source: EurekaLog documentation, "bug report format", versions 6 and 7.
"""

from collections.abc import Iterator

from triage.model.evidence import Frame, Incident, Lines, Message, Module, Process, System
from triage.text.delphi import module_of, offset_of, record_of
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_MODULES, MAX_REPORTS, image, number, part, rows_with, span
from triage.text.system_builds import product_of_build, version_of_build

_LABEL = regex(r"\s{0,8}(?:\d{1,2}\.\d{1,2}\.? )?(?P<key>[A-Z][\w/ #.-]{1,30}?)\s{0,24}: (?P<value>\S[^\n]{0,1000})?")
# Where people paste a report, a row of dashes below a heading makes it a heading of Markdown.
_SECTION = regex(r"\s{0,4}(?:#{1,4} )?(?P<name>[A-Z][\w/ ]{2,40}?):?\s{0,8}")
_PACK = regex(r"Service Pack (\d{1,2})")
_SECTIONS = frozenset(
    {
        "application",
        "exception",
        "user",
        "active controls",
        "computer",
        "operating system",
        "network",
        "custom information",
        "call stack information",
        "modules information",
        "processes information",
        "assembler information",
        "registers",
        "steps to reproduce",
    }
)
_TABLES = ("call stack information", "modules information")
_REACH = 8_000


def read(text: Text) -> Reading:
    """Every report is one incident; the module table of the first is the source's."""
    starts = _starts(text)
    incidents: list[Incident] = []
    modules: tuple[Module, ...] = ()
    claimed: list[Lines] = []
    system: System | None = None
    for at, first in enumerate(starts):
        body = part(text, first, min(starts[at + 1] if at + 1 < len(starts) else len(text.rows), first + _REACH))
        sections, last = _sections(body)
        stack = tuple(_frames(body, *sections.get("call stack information", (0, 0))))
        said = _labels(body, *sections.get("exception", (0, 0)))
        if not stack and "type" not in said:
            continue
        listed = tuple(_modules(body, *sections.get("modules information", (0, 0))))
        program = _labels(body, *sections.get("application", (0, 0)))
        incidents.append(_incident(body, said, program, stack))
        modules = modules or listed
        system = system or _system(body, sections.get("operating system", (0, 0)))
        claimed.append(span(body, 0, last))
    return Reading(incidents=tuple(incidents), modules=modules, system=system, claimed=tuple(claimed))


def _starts(text: Text) -> list[int]:
    """Rows with the program's name and version that a section follows; a report without them begins with a section."""
    starts: list[int] = []
    for index in rows_with(text, "EurekaLog ", "Call Stack Information", most=MAX_REPORTS):
        if "Call Stack" in text.rows[index]:
            if not starts or index - starts[-1] > _REACH or _has_stack(text, starts[-1], index):
                starts.append(index)
        elif any((_name(row) or "") in _SECTIONS for row in text.rows[index + 1 : index + 8]):
            starts.append(index)
    return starts


def _has_stack(text: Text, first: int, index: int) -> bool:
    return any("Call Stack Information" in row for row in text.rows[max(first, index - _REACH) : index])


def _name(row: str) -> str | None:
    found = _SECTION.fullmatch(row[:60])
    return None if found is None else found["name"].lower()


def _sections(body: Text) -> tuple[dict[str, tuple[int, int]], int]:
    """The rows of each section, and the last row of the report."""
    found: dict[str, tuple[int, int]] = {}
    name, start, last = "", 0, 0
    for index, row in enumerate(body.rows):
        section = _name(row)
        if section in _SECTIONS:
            found.setdefault(name, (start, index))
            name, start = section or "", index + 1
            last = index
        elif row.startswith(("|", "---")) or _LABEL.match(row[:80]) is not None:
            last = index if index - last < 20 else last
    found.setdefault(name, (start, last + 1))
    return found, last


def _labels(body: Text, first: int, end: int) -> dict[str, str]:
    labels: dict[str, str] = {}
    for row in body.rows[first : min(end, first + 60)]:
        found = _LABEL.fullmatch(row[:1100])
        if found is not None:
            labels.setdefault(found["key"].lower().strip(), (found["value"] or "").strip())
    return labels


def _incident(body: Text, said: dict[str, str], program: dict[str, str], stack: tuple[Frame, ...]) -> Incident:
    here = span(body, 0, 0)
    kind, message = said.get("type", ""), said.get("message", "")
    named = said.get("module name", "").split(" - ")[0].strip()
    module = image(named) or module_of(message)
    process = image(program.get("name/description", "").split(" - ")[0]) or _program(stack)
    top = stack[0] if stack else None
    text = ": ".join(part_of for part_of in (kind, message) if part_of)
    return Incident(
        kind="exception" if kind else "stack",
        lines=span(body, 0, len(body) - 1) if not stack else (here[0], stack[-1].lines[1]),
        process=None if process is None else Process(name=process),
        exception=record_of(kind, message, here, number(said.get("address"))),
        stack=stack,
        faulting_module=module or (None if top is None else top.module),
        faulting_offset=offset_of(message) if module == module_of(message) else None,
        faulting_function=None if top is None else top.function,
        messages=(Message(text, here),) if text else (),
    )


def _program(stack: tuple[Frame, ...]) -> str | None:
    return next((one.module for one in stack if one.module and one.module.lower().endswith(".exe")), None)


def _rows(body: Text, first: int, end: int) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table as column name -> cell; a row of other columns (a thread's heading) has none."""
    columns: list[str] = []
    for index in range(first, end):
        row = body.rows[index][:2000].strip()
        if not row.startswith("|"):
            continue
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        lowered = [cell.lower() for cell in cells]
        if "address" in lowered or "handle" in lowered:
            columns = lowered
        elif columns and len(cells) >= len(columns) - 1:
            yield index, dict(zip(columns, cells, strict=False))
        elif columns:
            yield index, {}


def _frames(body: Text, first: int, end: int) -> Iterator[Frame]:
    count = threads = 0
    for index, cells in _rows(body, first, end):
        if not cells:
            threads += 1
            if threads > 1 and count:
                return
            continue
        address = number(cells.get("address"))
        if address is None or count >= MAX_FRAMES:
            continue
        count += 1
        unit = cells.get("unit", "").removesuffix(".pas")
        names = (unit, cells.get("class", ""), cells.get("procedure/method", ""))
        yield Frame(
            module=cells.get("module") or None,
            function=".".join(name for name in names if name) if names[2] else None,
            address=address,
            lines=span(body, index, index),
        )


def _modules(body: Text, first: int, end: int) -> Iterator[Module]:
    for count, (index, cells) in enumerate(_rows(body, first, end)):
        base, name = number(cells.get("handle")), cells.get("name", "")
        if base is not None and name and count < MAX_MODULES:
            folder = cells.get("path", "")
            path = folder if folder.lower().endswith(name.lower()) else f"{folder.rstrip(chr(92))}\\{name}"
            lines = span(body, index, index)
            yield Module(
                name=name, base=base, path=path if folder else None, version=cells.get("version") or None, lines=lines
            )


def _system(body: Text, rows: tuple[int, int]) -> System | None:
    said = _labels(body, *rows)
    build = said.get("build #", said.get("build", "")).split(" ")[0].split(".")[0]
    name = said.get("type") or None
    if name is None and not build.isdecimal():
        return None
    number_of_build = int(build) if build.isdecimal() and len(build) < 6 else None
    pack = _PACK.search(said.get("update", ""))
    return System(
        product=product_of_build(number_of_build, name, server="Server" in (name or ""), version=None),
        version=version_of_build(number_of_build),
        build=number_of_build,
        service_pack=None if pack is None else int(pack[1]),
        lines=span(body, rows[0], rows[1] - 1) if rows[1] else (0, 0),
    )
