"""Reading fault messages of Windows 3.x, 9x and NT out of text, wrapped and mistyped as people send them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct, structs

from triage.model.evidence import NO_LINES, Access, Chance, Frame, Lines
from triage.text.changes import is_change_log
from triage.text.fault_patterns import (
    ANCHOR,
    ANCHOR_KEYS,
    CAUSE,
    CAUSE_KEYS,
    HEADING,
    PATTERNS,
    PLACED,
    PREFACES,
    PROMISING,
)
from triage.text.fault_words import ACCESS_VIOLATION, TRAPS, VOCABULARY, code_of, meant_status
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.messages import is_alternative, near, starts_other_evidence, unwrap
from triage.text.prose import ARTICLE, in_page, in_source, is_advice, is_literal

_REACH = 8
_OPENING = 3
_WINDOW = 24
_MAX_WINDOWS = 5_000
_MAX_ROW = 2_000
_ADJACENT = 15

_WORD = regex(r"[A-Za-z]{4,16}")
_TOKEN = regex(r"\S+")
_TRIM = "\"'`.,;:()[]<>*!?"
_CONTINUES = regex(
    r"\s*(?:the\s+mem|in\s+module|at\s+[\da-f]|the\s+required|exception:|\S+\s+exception:|win32\s+exception\s?:)",
    re.IGNORECASE,
)
_ACCESSES: dict[str, Access] = {"read": "read", "writ": "write", "execut": "execute", "dep": "execute"}
_PLACEHOLDER = regex(r"[<\[>\]]|^[.xX]+$|\.\.\.$")
_EXTENSION = regex(r"[\w)}~-]\.{1,2}[a-z0-9]{2,4}>?$", re.IGNORECASE)
_SEGMENTED = regex(r"(?P<segment>[0-9A-Fa-f]{2,5}):(?P<offset>[0-9A-Fa-f]{3,9})")
_NO_NAMES = frozenset(
    {
        "this",
        "the",
        "it",
        "which",
        "that",
        "program",
        "fatal",
        "has",
        "unhandled",
        "uncaught",
        "unexpected",
        "following",
        "chance",
        "an",
        "this program",
        "this application",
    }
)
_REGISTERS = regex(
    r"\s*(?:Registers:|Bytes at CS:EIP:|Stack dump:"
    r"|(?:(?:E?[A-D]X|E?[SD]I|E[BIS]P|[C-GS]S|EFLGS)=[0-9a-fA-F]{4,8}\s*){1,4}$"
    r"|(?:(?:[0-9a-fA-F]{2}){1,4}\s+){3,16}(?:[0-9a-fA-F]{2}){1,4}\s*$)",
    re.IGNORECASE,
)
_BOXED = frozenset({"instruction", "software", "start"})
"""Messages that stand in a box of Windows NT, under its title."""

_NEEDS: dict[str, frozenset[str]] = {
    "vxd": frozenset({"address", "module"}),
    "box": frozenset({"code", "address", "module", "process"}),
    "coded": frozenset({"module", "module2", "process"}),
}
"""Of these fields a message of the kind has one; without any, it is a sentence about faults."""

_DESCRIBING = frozenset({"coded", "flags"})
"""Messages that services write into the midst of their events' descriptions."""

_BEGINNING = regex(
    r"\s{0,80}(?:\S{1,60}\s{1,4}){0,5}?[^\w\s]{0,3}(?:c[aus]{2,4}e?d?\b|performed\b|(?:gp ?)?fault\b|violation|overflow"
    r"|instruct|exception|fatal\b|error\b|unhandled|first-chance|run-?time|r60\d\d|program:|dosx)",
    re.IGNORECASE,
)
"""A row with which a fault message may begin: one of its words is among the first."""

_LEVEL = regex(r"^\s{0,80}\[?(?:ERROR|ERR|FATAL|CRITICAL|SEVERE|WARNING|WARN|INFO|DEBUG)\]?\s?[:|-]\s")
_TITLE = regex(
    r"^(?:[^\n]{0,80}?\bapplication error\b|\s{0,80}(?:error(?= ?:)|dr\.? ?watson\b))[\s:.-]{0,4}", re.IGNORECASE
)
_MODALS = frozenset({"may", "can", "could", "will", "would", "might", "should", "to", "not", "and", "or", "also"})
_RELATIVE = frozenset({"which", "that", "who", "what", "this", "it", "never", "so", "always", "often"})
"""Words that stand before "caused" and are no program's name."""

_RUNS = regex(r"\s{2,}")
_RUNTIME = regex(r"\bR60\d\d\b")
_CALLED = regex(
    r"called\s+from\s+-\s+(?P<function>[\w.]{1,80})\s+line\s+\d{1,6}\s*\{(?P<source>[^{}]{0,320})\}",
    re.IGNORECASE,
)
_PROGRAM = regex(r"\s{0,80}[\w$~-]{1,40}\.exe\s{0,80}", re.IGNORECASE)
_SENTENCE = regex(
    r"\n\s*\n|[:.]\.?\s+|(?:^|\n)\s*[-*•]\s+|[\"'“`]\s*|application\s+error(?:\s?[:-])?\s+|\.\s", re.IGNORECASE
)
_FLAT = frozenset({0x137, 0x13F, 0x157, 0x15F, 0x167, 0x16F, 0x177, 0x17F, 0x187, 0x18F, 0x197, 0x19F, 0x1B, 0x28})


class Fault(Struct, frozen=True, kw_only=True):
    """A fault message. `address` is an address of the flat address space, `place` the address as printed where it
    is a segment and offset ("0005:0dd0"); `kind` is the name of the pattern that read it.
    """

    kind: str
    message: str = ""
    lines: Lines = NO_LINES
    rows: tuple[int, int] = (0, 0)
    process: str | None = None
    module: str | None = None
    offset: int | None = None
    code: int | None = None
    chance: Chance | None = None
    address: int | None = None
    place: str | None = None
    access: Access | None = None
    target: int | None = None
    function: str | None = None
    stack: tuple[Frame, ...] = ()
    prefaces: tuple[str, ...] = ()


def read_faults(text: Text) -> tuple[Fault, ...]:
    """All fault messages of the text, in its order; messages that only announce one are joined to it.

    Those that were fixed in a program, version by version, are none.
    """
    found: list[Fault] = []
    for first, last in _windows(text):
        if _is_promising("\n".join(row[:_MAX_ROW] for row in text.rows[first:last]).lower()):
            found.extend(_faults_of(text, first, last))
    joined = _with_prefaces(found)
    if joined and is_change_log(text.rows):
        return ()
    if any(_is_bare(fault) for fault in joined) and not text.holding(ARTICLE) and is_advice(text.rows):
        return tuple(fault for fault in joined if not _is_bare(fault))
    return joined


def _is_bare(fault: Fault) -> bool:
    """What Windows 9x says to everybody, without a program's name: a guide quotes no more."""
    return fault.kind in PREFACES and fault.process is None


def message_at(text: Text, index: int) -> bool:
    """Whether a fault message begins with the row, and not only somewhere in it; a log's level may stand before it, or
    the title of its box.
    """
    row = text.rows[index][:_MAX_ROW]
    if _BEGINNING.match(row) is None and ("rror" not in row or _BEGINNING.match(_TITLE.sub("", row)) is None):
        return False
    rows = text.rows[index : index + _OPENING]
    last = next((at for at, row in enumerate(rows) if not row.strip()), len(rows))
    paragraph = "\n".join(row[:_MAX_ROW] for row in rows[:last]).lower()
    if ANCHOR.search(paragraph) is None or not _is_promising(paragraph):
        return False
    begun = {unwrap(row), unwrap(_LEVEL.sub("", row)), unwrap(_TITLE.sub("", row))}
    return any(
        fault.rows[0] == index
        and fault.kind not in _DESCRIBING
        and any(one.startswith(fault.message) or fault.message.startswith(one) for one in begun)
        for fault in _faults_of(text, index, index + last)
    )


def _is_promising(paragraph: str) -> bool:
    """Whether a paragraph in lower case can hold a fault message: logs speak of exceptions and causes all the time."""
    return any(word in paragraph for word in PROMISING) or PLACED.search(paragraph) is not None


def _windows(text: Text) -> Iterator[tuple[int, int]]:
    """Row ranges (end exclusive) worth reading: the paragraph around each row that names a fault."""
    done = 0
    count = 0
    rows = text.rows
    for match in _anchored_rows(text):
        if match < done:
            continue
        first = _first(rows, match, done)
        last = match + 1
        while last < min(len(rows), first + _WINDOW):
            row = rows[last]
            if starts_other_evidence(row) or is_alternative(row):
                break
            if not row.strip() and not (last + 1 < len(rows) and _CONTINUES.match(rows[last + 1])):
                break
            if last - match >= _REACH and not ANCHOR.search(row.lower()):
                break
            last += 1
        done = last
        count += 1
        if count > _MAX_WINDOWS:
            return
        yield first, last


def _first(rows: Sequence[str], anchored: int, done: int) -> int:
    """The row with which the message around a row that names a fault may begin, none of those before `done`."""
    first = anchored
    if _RUNTIME.search(rows[anchored]):
        first = next((at for at in range(max(done, anchored - 4), anchored) if "rogram:" in rows[at]), anchored)
    while first > max(done, anchored - 3) and rows[first - 1].strip() and not is_alternative(rows[first - 1]):
        first -= 1
    if first - 1 > done and not rows[first - 1].strip() and _PROGRAM.fullmatch(rows[first - 2][:_MAX_ROW]):
        first -= 2  # the program's name above a box of Windows NT
    return first


def _anchored_rows(text: Text) -> Iterator[int]:
    """Rows that name a fault; most fail the cheap test for a key first."""
    rows = text.rows
    causes = [index for index in text.holding(CAUSE_KEYS) if CAUSE.search(rows[index]) is not None]
    for index in sorted({*text.holding(ANCHOR_KEYS), *causes}):
        if ANCHOR.search(rows[index][:_MAX_ROW].lower()) is None or is_literal(rows[index]):
            continue
        if in_page(rows, index) or in_source(rows, index):
            continue
        yield index


def _faults_of(text: Text, first: int, last: int) -> list[Fault]:
    rows = ["" if is_literal(row) else _RUNS.sub(" ", row[:_MAX_ROW]) for row in text.rows[first:last]]
    original = "\n".join(rows)
    plain, origin = _corrected(original)
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row) + 1)
    taken: list[tuple[int, int]] = []
    faults: list[tuple[int, Fault]] = []
    lowered = plain.lower()
    for kind, pattern, keywords in PATTERNS:
        if not any(keyword in lowered for keyword in keywords):
            continue
        for match in pattern.finditer(plain):
            fault = _fault(kind, match, plain)
            if fault is None:
                continue
            start, fields = fault
            if any(start < end and begin < match.end() for begin, end in taken):
                continue
            taken.append((start, match.end()))
            begin, end = origin(start), origin(match.end())
            top, bottom = (first + bisect_right(starts, at) - 1 for at in (begin, max(begin, end - 1)))
            bottom = min(bottom, last - 1)
            process = fields.process
            if process is None and kind in _BOXED:
                process = _titled(text, plain[:start], first)
            read = structs.replace(
                fields,
                message=unwrap(original[begin:end]),
                lines=(text.numbers[top], text.numbers[bottom]),
                rows=(top, bottom),
                process=process,
                stack=tuple(_calls(match.groupdict().get("calls"), (text.numbers[top], text.numbers[bottom]))),
            )
            faults.append((start, read))
    return [fault for _, fault in sorted(faults, key=lambda pair: pair[0])]


def _fault(kind: str, match: re.Match[str], plain: str) -> tuple[int, Fault] | None:
    """Where the message starts, and its fields without place and text; None where the match is prose."""
    group = {name: value for name, value in match.groupdict().items() if value}
    start = match.start()
    module = _name(group.get("module") or group.get("module2"))
    process = _name(group.get("process"))
    if kind == "fault":
        if module and "label" not in group and not _EXTENSION.search(module):
            module = None
        if "by" in group:
            start, process = _subject(plain, start)
        if ("by" not in group or process is None) and module is None and "label" not in group:
            return None
        if "by" not in group and not _is_fault(group["words"]):
            return None
        if module is None and "label" not in group and not _is_program(process, group["words"], "trap" in group):
            return None
        if process is not None and process.lower().endswith(".dll") and module in (None, process):
            # A handler that only knows modules; 16-bit libraries were named as tasks, beside another module.
            module, process = process, None
    elif kind in _NEEDS and _NEEDS[kind].isdisjoint(group):
        return None
    if kind == "box" and "words" in group and code_of(group["words"]) is None:
        return None
    address, place = _address(group.get("address"))
    access = (group.get("access") or "").lower()
    fields = Fault(
        kind=kind,
        process=process,
        module=module,
        code=_code(kind, group),
        chance="first" if group.get("chance", "").lower().startswith("first") else None,
        address=address,
        place=place,
        target=_number(group.get("target")),
        access=next((value for key, value in _ACCESSES.items() if access.startswith(key[:4])), None),
        offset=_number(group.get("offset")),
        function=group.get("function"),
    )
    return start, fields


def _is_program(name: str | None, words: str, trapped: bool) -> bool:
    """Programs are written with a capital or an extension; prose says what "may" or "key" caused.

    A sentence begins with a capital, too: `Such requests never cause an error`, `Test which causes a stack overflow`.
    So the last word before it counts, and beside a bare word of a fault no capital that may be a sentence's.
    """
    if name is None:
        return False
    last = name.split()[-1]
    if len(last) == 1 or last.lower() in _RELATIVE or last.lower().endswith("ly"):
        return False
    if trapped or _is_fault(words):
        return not name.islower() or "." in name or any(c.isdigit() for c in name)
    return not last[1:].islower() or any(c.isdigit() for c in last) or _EXTENSION.search(last) is not None


def _is_fault(words: str) -> bool:
    """Two words at least: "page fault", not the bare "error in" of prose."""
    return " " in words.strip() and code_of(words) is not None


def _subject(plain: str, end: int) -> tuple[int, str | None]:
    """Start and name of what stands before "caused": a program's name, at most three words after a sentence's end.

    A box title or a list mark may stand before it: `Application Error: WRITE caused a …`, `- DDHELP caused an …`,
    `APPLICATION ERROR - WRITE caused a …`.
    """
    head = plain[max(0, end - 80) : end]
    cut = max((match.end() for match in _SENTENCE.finditer(head)), default=0)
    words = head[cut:].split()
    if not words or words[-1].lower() in _MODALS:
        return end, None
    if len(words) > 3:
        words = words[-2:] if words[-1].isdigit() else words[-1:]
    return max(plain.rfind(words[0], 0, end), 0), _name(" ".join(words))


def _name(printed: str | None) -> str | None:
    """A file or program name without quotes and full stop; None for what stands for one (`<program>`, `...`)."""
    if printed is None:
        return None
    name = unwrap(printed).strip("\"'`;,").rstrip(".)").lstrip("(").strip()
    if name.lower() in {"<unknown>", "unknown"}:
        return name.strip("<>")
    if (
        not any(map(str.isalnum, name))
        or name.lower().startswith("location ")
        or _PLACEHOLDER.search(name)
        or name.lower() in _NO_NAMES
    ):
        return None
    return name.replace("\\", "/").rsplit("/", 1)[-1] if "\\" in name else name


def _code(kind: str, group: dict[str, str]) -> int | None:
    """The printed code; else what the trap number or the fault's words stand for.

    Articles print STATUS_ACCESS_VIOLATION as 0x00000005 too; a code without severity bits beside words that have
    one is read as the words.
    """
    code = _number(group.get("code")) if ":" not in group.get("code", ":") else None
    by_words = code_of(group.get("words", ""))
    if by_words is None:
        code = meant_status(group.get("code", "")) or code
    if code is not None and code <= 0xFFFFFFFF:
        return by_words if by_words is not None and code < 0x40000000 else code
    if "decimal" in group:
        return TRAPS.get(int(group["decimal"]))
    if "trap" in group:
        trap = int(group["trap"].lower().replace("o", "0"), 16)
        return trap if trap > 0xFF else TRAPS.get(trap)
    return ACCESS_VIOLATION if kind == "instruction" or "target" in group else by_words


def _calls(printed: str | None, lines: Lines) -> Iterator[Frame]:
    """The procedures of Visual FoxPro that were running: `Called from - post line 12 {c:\\ledger\\post.prg}`."""
    for match in _CALLED.finditer(printed or ""):
        yield Frame(function=match["function"], source=next(iter(match["source"].split()), None), lines=lines)


def _number(printed: str | None) -> int | None:
    """A hexadecimal number, also with the letter o typed for the zero of 0x; None for a placeholder."""
    if printed is None:
        return None
    digits = printed.lower().strip("\"'`().")
    digits = digits[2:] if digits[:2] in {"0x", "ox"} else digits
    try:
        return int(digits, 16) if 0 < len(digits) <= 16 else None
    except ValueError:
        return None


def _address(printed: str | None) -> tuple[int | None, str | None]:
    """The flat address, and the address as printed where it has a segment.

    Windows 9x prints flat addresses with the selector of the code segment: 0137:bff9a3c0 is bff9a3c0, while
    0005:0dd0 is offset 0dd0 of the module's fifth segment.
    """
    if printed is None:
        return None, None
    match = _SEGMENTED.fullmatch(printed.strip())
    if match is None:
        return (_number(printed), None) if ":" not in printed else (None, None)
    flat = len(match["offset"]) == 8 and int(match["segment"], 16) in _FLAT
    return (int(match["offset"], 16) if flat else None), printed.strip()


def _titled(text: Text, before: str, first: int) -> str | None:
    """Process of the box title that stands above the message, in its paragraph or the one before."""
    above = "\n".join(text.rows[max(0, first - 3) : first])
    titles = [match["process"] for match in HEADING.finditer(f"{above}\n{before}")]
    if not titles:
        return None
    name = titles[-1].split(":")[-1].strip()
    return _name(name.split()[-1] if " " in name and name.lower().endswith(".exe") else name)


def _corrected(original: str) -> "tuple[str, _Origin]":
    """The text with typing errors in the fixed words of fault messages put right, and the way back to its offsets."""
    pieces: list[str] = []
    marks: list[tuple[int, int]] = [(0, 0)]
    position = shift = 0
    for token in _TOKEN.finditer(original):
        core = token.group().strip(_TRIM)
        word = core.lower()
        if not _WORD.fullmatch(core) or word in VOCABULARY:
            continue
        right = _right_word(word)
        if right is None or (core.isupper() and len(core) < 9):
            continue
        start = token.start() + token.group().index(core)
        pieces += [original[position:start], right]
        position = start + len(core)
        shift += len(right) - len(core)
        marks.append((position + shift, position))
    pieces.append(original[position:])
    return "".join(pieces), _Origin(marks)


@lru_cache(maxsize=8192)
def _right_word(word: str) -> str | None:
    """The vocabulary's word that is one typing error away, or None."""
    return next((target for target in _CANDIDATES.get(len(word), ()) if near(word, target)), None)


class _Origin:
    """Maps an offset of corrected text to the original's."""

    def __init__(self, marks: list[tuple[int, int]]) -> None:
        self._marks = marks
        self._keys = [mark[0] for mark in marks]

    def __call__(self, offset: int) -> int:
        corrected, original = self._marks[bisect_right(self._keys, offset) - 1]
        return original + offset - corrected


_CANDIDATES: dict[int, tuple[str, ...]] = {
    size: tuple(sorted(word for word in VOCABULARY if abs(len(word) - size) <= 1 and len(word) > 4))
    for size in range(4, 17)
}


def register_dump_end(text: Text, row: int) -> int:
    """Index of the last row of the register and stack dump that Windows 9x shows under a fault, else `row` itself.

    `Registers:`, `EAX=fc6a2864 CS=2eb7 EIP=00000a10 EFLGS=00000246`, `Bytes at CS:EIP:`, `Stack dump:`, bytes.
    """
    last = row
    for index in range(row + 1, min(len(text.rows), row + 24)):
        if _REGISTERS.match(text.rows[index]):
            last = index
        elif text.rows[index].strip():
            break
    return last


def _with_prefaces(found: list[Fault]) -> tuple[Fault, ...]:
    """Joins "This program has performed an illegal operation" to the fault that its details show."""
    kept: list[Fault] = []
    pending: list[Fault] = []
    for fault in found:
        if fault.kind in PREFACES:
            pending.append(fault)
            continue
        near_by = [p for p in pending if fault.rows[0] - p.rows[1] <= _ADJACENT]
        kept += [p for p in pending if p not in near_by]
        pending = []
        if near_by:
            joined = tuple(p.message for p in near_by)
            lines = (min(p.lines[0] for p in near_by), fault.lines[1])
            process = fault.process or next((p.process for p in near_by if p.process), None)
            kept.append(structs.replace(fault, prefaces=joined, lines=lines, process=process))
        else:
            kept.append(fault)
    return tuple(kept + pending)
