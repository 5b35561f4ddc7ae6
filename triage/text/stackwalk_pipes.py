r"""The form for programs: `minidump_stackwalk -m`, and the `dump` of Socorro's older processed crashes.

    OS|Windows NT|5.1.2600 Service Pack 2
    CPU|x86|GenuineIntel family 6 model 14 stepping 8|1
    GPU|||
    Crash|EXCEPTION_ACCESS_VIOLATION_READ|0x1c|0
    Module|quill.exe|4.1.0.77|quill.pdb|3A5F…2|0x00400000|0x0041dfff|1
    0|0|quill.exe|Page::Draw(int)|c:\quill\page.cpp|217|0x12
    0|1|ntdll.dll||||0xeb94

Modules of 2007 have neither debug file nor id: `Module|xpcom.dll|0.0.0.0|0x00fb0000|0x00fbafff|0`. A function's name
may hold a `|` itself (`operator|`), so frames are read from both ends. The first row may stand behind whatever quotes
the text in a program: `dump = r\"\"\"OS|Windows NT|…`. Others have a string for each row, in a list or
one behind the other: `"Crash|EXCEPTION_ACCESS_VIOLATION_READ|0x1c|0",` and `'CPU|x86|GenuineIntel|1\n'`.
"""

from collections.abc import Iterable
from itertools import islice

from triage.model.evidence import Frame, Module
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_MODULES, MAX_REPORTS, number
from triage.text.stackwalk import Walk, kept

_HEAD = regex(r"(?:^|.{0,200}[^\w|])OS\|(?P<rest>[^|]{0,40}\|[^|]{0,120})\|?\s*$")
_FRAME = regex(r"\d{1,5}\|\d{1,5}\|")
_STRING = regex(r"\s{0,80}(?P<quote>[\"'])(?P<said>[^\"'\n]{0,2000}?)(?:\\r)?(?:\\n)?(?P=quote),?\s{0,8}")
_GAP = 3
"""Empty rows that may stand between two rows of one dump."""


def read_pipes(text: Text) -> tuple[Walk, ...]:
    """Every dump of the text in this form."""
    walks: list[Walk] = []
    done = 0
    for first in text.holding(("OS|",), exact=True):
        if first < done or (head := _HEAD.match(_bare(text.rows[first])[:500])) is None:
            continue
        if len(walks) >= MAX_REPORTS:
            break
        rows = _rows(text, first)
        done = rows[-1][0] + 1
        lines = (text.numbers[first], text.numbers[rows[-1][0]])
        cells = [("OS", *head["rest"].split("|")), *(tuple(row.split("|")) for _, row in rows[1:])]
        walks.append(walk_of(cells, lines))
    return tuple(walks)


def _bare(row: str) -> str:
    """The row without the quotes that make it a string of a program."""
    found = _STRING.fullmatch(row[:2100])
    return row if found is None else found["said"]


def _rows(text: Text, first: int) -> list[tuple[int, str]]:
    """The rows of a dump, from its `OS|` on."""
    found = [(first, text.rows[first])]
    empty = 0
    for index in range(first + 1, len(text.rows)):
        row = _bare(text.rows[index]).strip()
        if not row:
            empty += 1
            if empty > _GAP:
                break
        elif _FRAME.match(row) or row.startswith(("CPU|", "GPU|", "Crash|", "Module|")):
            empty = 0
            found.append((index, row))
        else:
            break
    return found


def walk_of(cells: Iterable[tuple[str, ...]], lines: tuple[int, int]) -> Walk:
    """The walk that the rows tell, each given as its fields."""
    facts: dict[str, tuple[str, ...]] = {}
    modules: list[Module] = []
    main: str | None = None
    frames: dict[str, list[Frame]] = {}
    for row in cells:
        if row[0] == "Module" and len(row) >= 6:
            module = _module(row, lines)
            if module is not None and len(modules) < MAX_MODULES:
                modules.append(module)
                main = module.name if row[-1].strip() == "1" and main is None else main
        elif len(row) >= 7 and row[0].isdecimal():
            frames.setdefault(row[0], []).append(_frame(row, lines))
        else:
            facts.setdefault(row[0], row[1:])
    os, version = _cell(facts, "OS", 0), _cell(facts, "OS", 1)
    crash_thread = _cell(facts, "Crash", 2)
    thread = crash_thread if crash_thread in frames else next(iter(frames), "")
    processors = _cell(facts, "CPU", 2)
    return Walk(
        lines=lines,
        reason=_cell(facts, "Crash", 0),
        address=number(_cell(facts, "Crash", 1)),
        frames=kept(frames.get(thread or "", ())),
        modules=tuple(modules),
        process=_process(main, modules),
        os=os,
        version=version,
        cpu=_cell(facts, "CPU", 0),
        processors=int(processors) if processors and processors.isdecimal() and len(processors) < 5 else None,
    )


def _process(main: str | None, modules: list[Module]) -> str | None:
    """The program: the module marked as the main one where that is a program, else the first that is.

    Dumps of 2007 mark the first module of the list, which is sorted by address: a library that lies below the program.
    """
    names = [main or "", *(module.name for module in modules)]
    return next((name for name in names if name.lower().endswith(".exe")), main)


def _cell(facts: dict[str, tuple[str, ...]], kind: str, place: int) -> str | None:
    row = facts.get(kind, ())
    return row[place].strip() or None if place < len(row) else None


def _module(row: tuple[str, ...], lines: tuple[int, int]) -> Module | None:
    # Counted from the end: two fields more in the middle since 2008.
    base, end = number(row[-3]), number(row[-2])
    if not row[1].strip():
        return None
    return Module(
        name=row[1].strip()[:260],
        base=base,
        end=end + 1 if end is not None else None,
        version=row[2].strip() or None,
        pdb=(row[3].strip() or None) if len(row) >= 8 else None,
        lines=lines,
    )


def _frame(row: tuple[str, ...], lines: tuple[int, int]) -> Frame:
    source, line, offset = row[-3:]
    function = "|".join(islice(row, 3, len(row) - 3)).strip()
    module = row[2].strip()
    place = number(offset)
    return Frame(
        module=module or None,
        function=function or None,
        # Behind a source line the offset counts from that line, not from the function.
        offset=None if source.strip() else place,
        address=place if not module and not function else None,
        source=f"{source.strip()}:{line.strip()}" if source.strip() else None,
        lines=lines,
    )
