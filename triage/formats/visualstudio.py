"""The output window of Visual Studio and VS Code: modules as they load, and how the program ended.

    'orchard.exe' (Win32): Loaded 'C:\\Windows\\System32\\ntdll.dll'. Cannot find or open the PDB file.
    Loaded 'C:\\Windows\\System32\\kernel32.dll'. Symbols loaded.
    "orchard.exe"(CLR v4.0.30319: DefaultDomain): 已加载"C:\\orchard\\leaf.dll"。已跳过加载符号。
    Exception thrown at 0x00007FF6A2A31234 in orchard.exe: 0xC0000005: Access violation reading location 0x0000000000.
    The program '[4242] orchard.exe' has exited with code -1073741819 (0xc0000005) 'Access violation'.
    >  orchard.exe!Leaf::Grow(int days) Line 42  C++
    ORCHARD! mainCRTStartup + 227 bytes                     Visual C++ 4 to 6: see stacks_studio6

Folklore: lines of exceptions look like those of other debuggers and are read with them. A program that
an exception ended exits with its code; where the exception's own line is there, the exit says nothing new. 0xc000013a
is Ctrl-C, and small or negative numbers are the program's own.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, Module, Process
from triage.text.exception_studio import read_studio
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_MODULES, image, rows_with, span
from triage.text.stacks_studio6 import read_studio6
from triage.text.symbols import read_symbol

_LOADED = regex(
    r"\s{0,8}(?:'[^'\n]{1,200}'(?: \([^()\n]{1,200}\))?: )?Loaded '(?P<path>[^'\n]{1,400}\.\w{2,4})'"
    r"(?:[.,][^\n]{0,200})?"
    r"|\s{0,8}[\"“]"
    r"(?P<program>[^\"“”\n]{1,200}\.exe)[\"”] ?[(\uff08][^()\uff08\uff09\n]{1,200}[)\uff09][:\uff1a] ?(?:已加载|已載入)"
    r"[\"“](?P<other>[^\"“”\n]{1,400}\.\w{2,4})[\"”][^\n]{0,300}"
)
_EXITED = regex(
    r"[^\n]{0,40}?The program '(?:\[(?P<pid>\d{1,9})\] )?(?P<name>[^'\n]{1,300}?)(?:: [\w ()./:-]{1,60})?'"
    r" has exited with code -?\d{1,11} \(0x(?P<code>[0-9a-f]{1,8})\)(?: '(?P<words>[^'\n]{1,100})')?"
)
_CALL = regex(
    r"`{0,3}[>\s]{0,48}(?:\[Inline Frame\] )?(?P<symbol>(?!\s)[\w. +()-]{1,120}\.\w{2,4}![^\n\t]{1,1000}?)"
    r"(?:\s{1,8}(?P<language>C\+\+|C#|C|F#|Basic|Unknown|Unbekannt))?"
    r"(?:\s{1,8}(?:Non-user code\. ?)?"
    r"(?:(?:No |Skipped loading )?symbols(?: loaded)?\.|Cannot find or open the PDB[^\n]{0,20}))?"
    r"\s{0,8}",
    re.IGNORECASE,
)
_OLD_OFFSET = regex(r"\s{0,8}\+ 0x([0-9a-f]{1,8}) [^\W\d_]{2,12}\s{0,8}$", re.IGNORECASE)
"""`user32.dll!_DispatchMessageW@4()  + 0xf bytes`, as versions up to 2010 print a frame without a source."""

_UNNAMED = regex(r"[\w. +()-]{1,120}\.\w{2,4}![0-9a-f]{8}(?:[0-9a-f]{8})?\(\)", re.IGNORECASE)
"""`orchard.dll!00007ffa3def1ea7()`: without symbols there is no language, but the address tells what it is."""

_PLAIN_NAME = regex(r"[\w.+-]{1,120}")
_SOURCE = regex(r"\s{1,8}at (?P<file>[A-Za-z]:\\[^\n]{1,400}?)\((?P<line>\d{1,7})\)\s{0,8}")
"""`   at D:\\orchard\\leaf.cpp(42)` below its frame, as Visual Studio 2019 and later copy it."""

_BARE = regex(r"[>\s]{0,12}([0-9a-f]{8}(?:[0-9a-f]{8})?)\(\)\s{0,8}")
_BETWEEN = ("[External Code]", "[Frames below may be ")
"""Rows among the frames for those that the debugger does not show, or does not trust."""

_LINE_WORDS = regex(r"\s(?:Line|Zeile|Ligne|Строка|Línea|Riga|Linha|wiersz|řádek|행|줄|行) \d{1,7}\b")
_BELOW = 3
"""Rows from an exception's line to the first frame, at most."""

_ENDED_BY_USER = 0xC000013A
_BREAKPOINTS = frozenset({0x80000003, 0x80000004})


def read(text: Text) -> Reading:
    """The modules of the run, and an incident for a program that ended by an exception that no other row tells of."""
    modules: list[Module] = []
    claimed: list[Lines] = []
    incidents: list[Incident] = []
    for index in rows_with(text, "Loaded '", "已加载", "已載入"):
        found = _LOADED.fullmatch(text.rows[index][:1000])
        if found is None or len(modules) >= MAX_MODULES:
            continue
        path = found["path"] or found["other"]
        lines = span(text, index, index)
        modules.append(Module(name=image(path) or path, path=path if "\\" in path else None, lines=lines))
        claimed.append(lines)
    sightings = tuple(read_studio(text))
    for stack, lines in _stacks(text, [sighting.record.lines[1] for sighting in sightings]):
        incidents.append(Incident(kind="stack", lines=lines, stack=stack))
        claimed.append(lines)
    for stack, lines in read_studio6(text):
        incidents.append(Incident(kind="stack", lines=lines, stack=stack))
        claimed.append(lines)
    told = {sighting.record.code for sighting in sightings}
    for index in rows_with(text, "has exited with code "):
        found = _EXITED.match(text.rows[index][:600])
        if found is None:
            continue
        lines = span(text, index, index)
        claimed.append(lines)
        code = int(found["code"], 16)
        name = image(found["name"])
        if code in told or not _is_crash(code) or name is None:
            continue
        incidents.append(
            Incident(
                kind="exception",
                lines=lines,
                process=Process(name=name, pid=None if found["pid"] is None else int(found["pid"])),
                exception=ExceptionRecord(code=code, lines=lines),
                messages=(Message(found["words"], lines),) if found["words"] else (),
            )
        )
    return Reading(incidents=tuple(incidents), modules=tuple(modules), claimed=tuple(claimed))


def _stacks(text: Text, thrown: Sequence[int]) -> Iterator[tuple[tuple[Frame, ...], Lines]]:
    """The rows of the call stack window, as they are copied: two at least that end in a language or a line, or one
    right below the line of an exception, which `thrown` has.

    Above the first may stand the address of code that is in no module, `13ed17b0()`; modules of other endings than
    .exe and .dll may stand between.
    """
    done = -1
    for index in rows_with(text, ".exe!", ".dll!", "[External Code]"):
        if index <= done:
            continue
        first = index
        frames: list[Frame] = []
        while first - 1 > done and first > index - MAX_FRAMES and _frame(text, first - 1) is not None:
            first -= 1
        frames = [frame for at in range(first, index) if (frame := _frame(text, at)) is not None]
        if first - 1 > done and (bare := _bare(text, first - 1)) is not None:
            first, frames = first - 1, [bare, *frames]
        done, cut_off = index, False
        while done < len(text.rows):
            frame = _frame(text, done) or _bare(text, done)
            if frame is None and frames and (source := _SOURCE.fullmatch(text.rows[done][:500])) is not None:
                frames[-1] = replace(frames[-1], source=f"{source['file']}:{source['line']}")
            elif frame is None and not any(word in text.rows[done] for word in _BETWEEN):
                break
            cut_off = cut_off or frame is None
            if frame is not None and len(frames) < MAX_FRAMES:
                frames.append(frame)
            done += 1
        done -= 1
        here = text.numbers[first]
        if len(frames) > 1 or (frames and (cut_off or any(0 < here - line <= _BELOW for line in thrown))):
            yield tuple(frames), span(text, first, done)


def _bare(text: Text, index: int) -> Frame | None:
    found = _BARE.fullmatch(text.rows[index][:80])
    return None if found is None else Frame(address=int(found[1], 16), lines=span(text, index, index))


def _frame(text: Text, index: int) -> Frame | None:
    found = _CALL.fullmatch(text.rows[index][:2000])
    if found is None:
        return None
    printed = found["symbol"]
    offset = _OLD_OFFSET.search(printed)
    line = _LINE_WORDS.search(printed)
    if found["language"] is None and offset is None and line is None and _UNNAMED.fullmatch(printed) is None:
        return None
    if line is not None or offset is not None:
        # What stands behind the arguments is the debugger's, and a reader of symbols would take it for a name.
        printed = printed[: min(hit.start() for hit in (line, offset) if hit is not None)]
    # Plug-ins have names with blanks and brackets, which no debugger's symbols have.
    module, mark, rest = printed.partition("!")
    odd = not _PLAIN_NAME.fullmatch(module)
    printed = f"plugin{mark}{rest}" if odd else printed
    symbol = read_symbol(printed if offset is None or line is not None else f"{printed}+0x{offset[1]}")
    if symbol is None:
        return None
    return Frame(
        module=module if odd else symbol.module,
        function=symbol.function,
        offset=symbol.offset,
        address=symbol.address,
        lines=span(text, index, index),
    )


def _is_crash(code: int) -> bool:
    """Whether the exit code is one of the system's errors or of a language's exceptions."""
    return code in _BREAKPOINTS or (code >> 28 in {0xC, 0xE} and code != _ENDED_BY_USER)
