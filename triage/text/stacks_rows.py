"""The rows of a printed stack: what its columns hold and where the symbol begins. Pure functions over one line.

    ChildEBP RetAddr  Args to Child
    0028cb3c 771a0f00 004fcd04 003330e8 ffffffff ntdll!memcpy+0x33                      kb, kv
    # Child-SP          RetAddr           : Args to Child                 : Call Site
    00 00000000`04a8d9d0 00007ffa`0b8e8f92 : 00000000`00000000 … : t2k!Foo+0x2155       kn, 64-bit
    00007ffd`2d950484 : 0000019d`f64ebaa0 … : chakra!EmitArgs+0xddda3                   kb, 64-bit: no stack pointer
    01        1c 0012fe08 7c8025cb kernel32!WaitForSingleObject+0x12                    kf: bytes used
    05 (Inline Function) --------`-------- foo!Inlined+0x12                             inline frames
    FramePtr  RetAddr   Param1   Param2   Param3   Function Name                        Windows NT 3.x, 4.0
    fc99c9a8  fa10965f  fcd260e8 fc99c9d4 fa0e41e0 NTFS!NtfsExceptionFilter+0x46e1
    0a3ffc18  77f6c600  000000d0.00000000 77fa5ad0 ledger!Post+0x1b                     a parameter of 64 bits there
    SLClose-0x28c leaf+0x2cb5 @ 0x70a92cb5                                              Cuckoo's sandbox
    0, orchard.exe!Grow+0x1e3                                                           copied from System Informer
    00000000001B9528  00007FFE7DBC9A85  00007FFE7DC20E10  return to ntdll.00007FFE7DBC9A85 from ntdll.NtClose
    Thread ID                Address  To       From     Size Part Comment               x64dbg, whose numbers are all
                             05364E04 7F2AC8BF 7F2ADE50 5A8  User orchard.Grow+F0       hexadecimal

Sources: Debugging Tools for Windows, "k, kb, kc, kd, kf, kp, kv"; the Dr. Watson log of Windows NT.
"""

import re

from msgspec import Struct

from triage.text.folding import Likely, like
from triage.text.lazy import regex
from triage.text.lines import Text

MAX_ROW = 4096
_MAX_COLUMNS = 12

_NUMBER = regex(r"\s*(?:#\s?)?([0-9a-fA-F]{1,3})(?:(?=\s)|,(?=\s[^\s!]{1,80}\.\w{3}!))")
_BYTES_USED = regex(r"\s+[0-9a-fA-F]{1,6}(?=\s+[0-9a-fA-F]{8})")
_INLINE = regex(r"\s*\((?:Inline Function|Inline)\)[\s.:`-]{1,200}")
_COLUMN = regex(r"\s*([0-9a-fA-F]{8}(?:[`.]?[0-9a-fA-F]{8})?)(?=[\s:]|$)")
_HALVES = str.maketrans("", "", "`.")
_COLON = regex(r"\s*:(?=\s|$)")
_ELIDED = regex(r"\s*\.{3}(?=\s*:\s)")
"""`: ... :`, where documentation leaves the parameters out."""


_ELIDED_ROW = regex(r"\s{0,16}\.{3} : ([\w.$~-]{1,128}![^\n]{1,1000}?)(?: \.{3})?\s{0,8}")
"""`... : nt!KeBugCheckEx+0x104 ...`, where documentation leaves all columns out."""


_SANDBOX = regex(
    r"\s{0,16}(?:[^\s+]\S{0,300}[+-]0x[0-9a-f]{1,8} ){0,2}(?P<place>[\w.$~-]{1,80}\+0x[0-9a-f]{1,12}) @"
    r" 0x(?P<first>[0-9a-f]{5,16})\s{0,8}",
    re.IGNORECASE,
)
"""The nearest exports before and behind the place, then the place; the exports say nothing of what ran."""


_CROSS_DEBUGGER = regex(
    r"\s{0,60}(?P<first>[0-9a-f]{8}(?:[0-9a-f]{8})?)(?:\s{1,8}[0-9a-f]{8,16}){2}\s{1,8}[0-9a-f]{1,8}\s{1,8}(?:User|System)\s{1,8}"
    r"(?P<module>[\w$~-]{1,80})\.(?P<function>[A-Za-z_?@][^\s+]{1,400})(?:\+(?P<offset>[0-9a-f]{1,8}))?\s{0,8}",
    re.IGNORECASE,
)


_RETURN_TO = regex(
    r"\s{0,16}(?P<first>[0-9a-f]{8}(?:[0-9a-f]{8})?)(?:\s{1,8}[0-9a-f]{8,16}){2}\s{1,8}return to [\w$~.-]{1,120} from "
    r"(?P<module>[\w$~-]{1,80})\.(?:(?P<address>[0-9a-f]{8}(?:[0-9a-f]{8})?)|(?P<function>[A-Za-z_?@]\S{1,400}))\s{0,8}",
    re.IGNORECASE,
)
"""The same of versions before 2018: what was called stands in the comment, by its address where nobody named it."""


# A row of kb and kv without a frame's number, as most are: columns, one blank between them, and the symbol.
_PLAIN = regex(r"((?:[0-9a-fA-F]{8}(?:`[0-9a-fA-F]{8})? ){2,6})((?![0-9a-fA-F]{8})[A-Za-z_<].*)")


# The same with a plain symbol, and perhaps a frame's number before and a note behind it: as shapes, and as rows where
# the letter that a name begins with may be a digit by its shape. What names columns is a heading wherever it stands.
def _run_of(digit: str, letter: str, nothing: str, note: str) -> str:
    column = rf"(?:{digit}{{8}}(?:`{digit}{{8}})? )"
    return (
        rf"(?:{digit}{{1,3}} )?(?:{column}{{2,6}}|{column}{{1,2}}: {column}{{4}}: )(?!{digit}{{8}})"
        rf"{letter}[\w.$~-]{{0,127}}"
        rf"!(?!{nothing}\b){letter}[\w:~<>,]{{0,300}}\+0x{digit}{{1,16}}"
        rf"(?: \({note}: (?:\[[\w, -]{{1,32}}\] ?){{1,2}}\))?"
    )


_LIKE_RUN = Likely(_run_of("0", "[a-z_0]", "nosym0ols", "0po").encode() + rb"\Z", heads=rb"0{8}|0{1,3} 0", signs=b"!")
_COLUMN_NAMES = regex(like("childebp", "child-sp", "frameptr", "retaddr", "returnad", "return-ra", "callee-sp"))
_IS_RUN = regex(_run_of("[0-9a-fA-F]", "[A-Za-z_]", "(?i:nosymbols)", "(?i:FPO)"), re.ASCII)
_CERTAIN = regex(rb"[^!]*[ ][g-z_][^ !]*![g-z_]")


def plain_runs(text: Text) -> list[range]:
    """The rows of stacks that are plain, as the ranges in which they follow each other.

    No frame's number starts anew within a range.
    """
    shapes, rows = text.shapes, text.rows
    found: list[int] = []
    begun: set[int] = set()
    is_run = _IS_RUN.fullmatch
    for form in shapes.forms.likely(_LIKE_RUN):
        group, shape = shapes.rows_of(form), shapes.forms.all[form]
        if _COLUMN_NAMES.search(shape) is not None:
            continue
        if _CERTAIN.match(shape) is None or not shape.isascii():
            group = [index for index in group if is_run(rows[index]) is not None]
        found += group
        if b" " in shape[:4]:
            begun.update([index for index in group if rows[index].startswith(("0 ", "00 ", "000 "))])
    found.sort()
    runs: list[range] = []
    first = last = -2
    for index in found:
        if not rows[index]:  # another format's
            continue
        if index != last + 1 or index in begun:
            if last >= 0:
                runs.append(range(first, last + 1))
            first = index
        last = index
    if last >= 0:
        runs.append(range(first, last + 1))
    return runs


class Row(Struct, frozen=True, kw_only=True):
    """One line taken apart: frame number, count of address columns, first of them, and the text behind them."""

    number: int | None = None
    columns: int = 0
    first: int | None = None
    inline: bool = False
    tail: str = ""


def read_row(line: str) -> Row:
    """Any line as a row; a line that is no row of a stack has no columns (its first word may pass for a number)."""
    line = line[:MAX_ROW]
    plain = _PLAIN.fullmatch(line)
    if plain is not None:
        columns = plain[1].split()
        return Row(columns=len(columns), first=int(columns[0].replace("`", ""), 16), tail=plain[2].rstrip())
    sandbox = _SANDBOX.fullmatch(line) if " @ 0x" in line else None
    if sandbox is not None:
        return Row(columns=2, first=int(sandbox["first"], 16), tail=sandbox["place"])
    crossed = _CROSS_DEBUGGER.fullmatch(line) if " User " in line or " System " in line else None
    if crossed is not None:
        offset = f"+0x{crossed['offset']}" if crossed["offset"] else ""
        tail = f"{crossed['module']}!{crossed['function']}{offset}"
        return Row(columns=3, first=int(crossed["first"], 16), tail=tail)
    told = _RETURN_TO.fullmatch(line) if " return to " in line else None
    if told is not None:
        tail = f"{told['module']}!{told['function'] or '0x' + told['address']}"
        return Row(columns=3, first=int(told["first"], 16), tail=tail)
    elided = _ELIDED_ROW.fullmatch(line)
    if elided is not None:
        return Row(columns=2, tail=elided[1].rstrip())
    number, start = None, 0
    found = _NUMBER.match(line)
    if found is not None:
        number, start = int(found[1], 16), found.end()
    used = _BYTES_USED.match(line, start) if number is not None else None
    position = start if used is None else used.end()
    inline = _INLINE.match(line, position)
    if inline is not None:
        return Row(number=number, inline=True, tail=line[inline.end() :].strip())
    columns, first, end = _columns(line, position)
    return Row(number=number, columns=columns, first=first, tail=line[end if columns else start :].strip())


def _columns(line: str, position: int) -> tuple[int, int | None, int]:
    """Count of address columns from `position` on, the first of them, and where they end."""
    columns, colons, first = 0, 0, None
    while columns < _MAX_COLUMNS:
        found = _COLUMN.match(line, position)
        if found is not None:
            first = int(found[1].translate(_HALVES), 16) if first is None else first
            columns += 1
        else:
            found = _COLON.match(line, position) if columns and colons < 2 else None
            if found is None:
                break
            colons += 1
            elided = _ELIDED.match(line, found.end())
            found = found if elided is None else elided
        position = found.end()
    # 64-bit kb prints no stack pointer: there one column with a colon makes a frame, elsewhere it takes two.
    return columns + (1 if columns == 1 and colons else 0), first, position


_HEADER = regex(
    r"\b(?:ChildEBP|Child-SP|Child SP|FramePtr|RetAddr|ReturnAd|Return-RA|Callee-SP|ESP\s{1,8}EIP"
    r"|Address\s{1,24}To\s{1,24}From\s{1,24}(?:Size|Comment))\b",
    re.IGNORECASE,
)
HEADER_WORDS = (
    *("childebp", "child-sp", "child sp", "frameptr", "retaddr", "returnad", "return-ra", "callee-sp", "eip"),
    *("call site", "  to  "),
)
"""In lower case, one of which stands in every line of ASCII that names columns."""

_CALL_SITE_ALONE = regex(r"[\s#]*Call Site\s*", re.IGNORECASE)


def names_calls_alone(line: str) -> bool:
    """Whether a header names no other column: what follows are symbols, perhaps with the number of their frame (kc)."""
    return _CALL_SITE_ALONE.fullmatch(line[:200]) is not None


def is_header(line: str) -> bool:
    """Whether the line names the columns of a stack."""
    return _HEADER.search(line, 0, 400) is not None or _CALL_SITE_ALONE.fullmatch(line[:200]) is not None


_NOTE_GOES_ON = regex(
    r"\s*(?:\(FPO\b|FPO:|\(CONV:|\(U[NK]{1,2}NOWN FPO|\(TrapFrame"
    r"|\((?:0x[0-9a-f]{1,16}[,)]|\.{3}\)|\{\.{3})"
    r"|\[\s?(?:omap\]|[^\s\[\]]{1,300} @ \d)|\+\s?0x[0-9a-fA-F])",
    re.IGNORECASE,
)


def note_goes_on(line: str) -> bool:
    """Whether a line begins with what stands behind a symbol: `(FPO: [2,0,2])`, `[omap]`, `[foo.c @ 12]`, `+0x1c`."""
    return _NOTE_GOES_ON.match(line) is not None


def open_brackets(text: str) -> int:
    """How many parentheses and brackets `text` opens and does not close."""
    return max(text.count("(") - text.count(")"), 0) + max(text.count("[") - text.count("]"), 0)
