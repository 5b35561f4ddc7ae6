"""Call stacks that the library StackWalker prints, and what segfault-handler for Node.js prints above one.

    PID 7764 received SIGSEGV for address: 0x954adc7d
    SymInit: Symbol-SearchPath: '.;C:\\orchard;C:\\Windows;', symOptions: 530, UserName: 'ada'
    OS-Version: 10.0.17763 () 0x110-0x3
    C:\\orchard\\orchard.exe:orchard.exe (00007FF795490000), size: 667648 (result: 0), SymType: '-exported-', PDB: '…'
    0.766 Error CrashHandler.cpp:621: Received SIGSEGV                Factorio, or where it happened:
    78.507 Crashed in C:\\orchard\\orchard.exe (0x00007ff7e8550000 - 0x00007ff7e982a000)
    c:\\src\\stackwalker.cpp (941): StackWalker::ShowCallstack
    00007FFCFD13459E (ntdll): (filename not available): KiUserExceptionDispatcher
    0000000012819E94 (leaf 0000000012800000): (filename not available) (0): Grow     Miranda NG, with the module's base
    052A57E1 (leaf 05290000): w:\\orchard\\leaf.cpp (146): Grow
    AC\\leaf.cpp (299): Leaf::grow                                     Assetto Corsa: three rows of nothing but calls
    00007FF6954ADC7D (orchard): (filename not available): (function-name not available)

Folklore: the address of segfault-handler is the lower half of the instruction's, by which the frame that failed is
found: the frames above it are the handler's own and the system's. The same words come from Linux, with other frames
(`/lib/libpthread.so.0(+0x110e0)[0x7f7c…]`): those tell of no Windows crash. ERROR rows of the symbol engine stand
between frames. A stack without the signal is a stack and no crash. Source: StackWalker.cpp, OnCallstackEntry;
node-segfault-handler, src/segfault-handler.cpp.
"""

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Process, System
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, first_match, image, rows_with, span
from triage.text.system_builds import product_of_build, version_of_build

_SIGNAL = regex(
    r"[^\n]{0,80}?(?:PID \d{1,9} received SIGSEGV for address: 0x(?P<address>[0-9a-f]{1,16})\b|Received SIGSEGV"
    r"\s{0,4}$)"
)
_PLAIN = regex(
    r"\s{0,8}(?P<address>[0-9A-F]{8,16}) \((?P<module>[^()\n]{1,120}?|\(module-name not available\))(?: (?P<base>"
    r"[0-9A-F]{8,16}))?\): "
    r"(?:\((?:filename|line-number) not available\)(?: \(0\))?|(?P<source>[^\n()]{1,300}\.\w{1,4} \(\d{1,7}\))): "
    r"(?P<function>\S[^\n]{0,1000}?)\s{0,4}"
)
_SOURCED = regex(
    r"\s{0,8}(?P<file>[^\n()]{1,300}?\.\w{1,4}) ?\((?P<line>\d{1,7})\): (?P<function>\S[^\n]{0,1000}?)\s{0,4}"
)
_BETWEEN = ("ERROR: Sym", "SymInit:", "OS-Version:", ", size: ")
_OS = regex(
    r"\s{0,8}OS-Version: (?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{3,5})\b(?: \(Service Pack (?P<pack>\d)\))?"
)
_CRASHED_IN = regex(r"[^\n]{0,60}?\bCrashed in (?P<path>[A-Za-z]:\\[^\n]{1,300}?\.exe) \(0x[0-9a-f]{8,16} - ")
_NO_NAME = "(function-name not available)"
_CALL = regex(r"[A-Za-z_~?`][^\s<>]{0,200}(?:<[^\n]{0,400}>[^\s<>]{0,200}){0,4}")
"""A function of C++, and nothing that a compiler says of a row of its source."""

_CALLS = 3
"""Rows of calls with their sources, and nothing else, that are a stack without any other sign."""

_NOT_AVAILABLE = ("not available): ", "not available) (")
_ABOVE = 4
"""Rows that may stand between a signal and its first frame."""

_LOW = 0xFFFFFFFF
_ACCESS_VIOLATION = 0xC0000005


def read(text: Text) -> Reading:
    """Every stack is one incident; one below a signal is of an access violation."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    system: System | None = None
    done = -1
    for index in rows_with(
        text, "eceived SIGSEGV", *_NOT_AVAILABLE, ".cpp (", ".cpp(", ".CPP (", most=MAX_REPORTS * 20
    ):
        if index <= done or len(incidents) >= MAX_REPORTS:
            continue
        signal = _SIGNAL.match(text.rows[index][:200])
        plain = _PLAIN.fullmatch(text.rows[index][:1200]) is not None
        if signal is None and not plain and not _is_call(text, index):
            continue
        stack, last = _stack(text, index)
        if sum(frame.module is not None for frame in stack) < (1 if signal is not None else 2 if plain else 0):
            continue
        done = last
        first = index if signal is not None else text.index_of(stack[0].lines[0])
        system = system or _system(text, index, last)
        owner = first_match(text.rows[max(0, first - _ABOVE) : first], _CRASHED_IN)
        process = None if owner is None else image(owner["path"])
        low = None if signal is None or signal["address"] is None else int(signal["address"], 16) & _LOW
        at = next((frame for frame in stack if low is not None and frame.address and frame.address & _LOW == low), None)
        incidents.append(
            Incident(
                kind="stack" if signal is None else "exception",
                lines=span(text, first, last),
                process=None if process is None else Process(name=process),
                exception=None
                if signal is None
                else ExceptionRecord(
                    code=_ACCESS_VIOLATION, address=None if at is None else at.address, lines=span(text, index, index)
                ),
                stack=stack,
                faulting_module=None if at is None else at.module,
                faulting_function=None if at is None else at.function,
            )
        )
        claimed.append(span(text, first, last))
    return Reading(incidents=tuple(incidents), system=system, claimed=tuple(claimed))


def _is_call(text: Text, index: int) -> bool:
    """Whether a run of calls begins with the row: each with its source, and their functions are names."""
    rows = text.rows[index : index + _CALLS]
    found = [_SOURCED.fullmatch(row[:1200]) for row in rows]
    return len(found) == _CALLS and all(
        one is not None and _CALL.fullmatch(one["function"]) is not None for one in found
    )


def _stack(text: Text, index: int) -> tuple[tuple[Frame, ...], int]:
    """The frames from a row on; those with a source stand above the first without one, too."""
    first = index
    while first > 0 and index - first < MAX_FRAMES and _in_stack(text.rows[first - 1][:1200]):
        first -= 1
    frames: list[Frame] = []
    last = index
    for at in range(first, min(len(text.rows), index + MAX_FRAMES)):
        row = text.rows[at][:1200]
        plain = _PLAIN.fullmatch(row)
        sourced = None if plain is not None else _SOURCED.fullmatch(row)
        if plain is not None:
            function = plain["function"]
            frames.append(
                Frame(
                    module=None if plain["module"].startswith("(") else plain["module"],
                    source=plain["source"],
                    function=None if function == _NO_NAME else function,
                    address=int(plain["address"], 16),
                    lines=span(text, at, at),
                )
            )
            last = at
        elif sourced is not None:
            source = f"{sourced['file']}:{sourced['line']}"
            frames.append(Frame(function=sourced["function"], source=source, lines=span(text, at, at)))
            last = at
        elif at > index and row.strip() and (frames or at - index > _ABOVE) and not any(w in row for w in _BETWEEN):
            break
    return tuple(frames), last


def _in_stack(row: str) -> bool:
    return _SOURCED.fullmatch(row) is not None or row.lstrip().startswith("ERROR: Sym")


def _system(text: Text, first: int, last: int) -> System | None:
    rows = text.rows[max(0, first - 20) : last]
    found = first_match(rows, _OS)
    if found is None:
        return None
    build = int(found["build"])
    return System(
        product=product_of_build(build, None, server=False, version=found["version"]),
        version=version_of_build(build) or found["version"],
        build=build,
        service_pack=None if found["pack"] is None else int(found["pack"]),
        lines=span(text, first, last),
    )
