r"""The form for people: `minidump-stackwalk --human`, `minidump_stackwalk` of Breakpad.

    Operating system: Windows NT
                      10.0.19045 3803
    CPU: amd64
         family 6 model 158 stepping 10
         8 CPUs
    Crash reason:  EXCEPTION_ACCESS_VIOLATION_READ
    Crash address: 0x1c
    Thread 0 main (crashed)
     0  quill.exe!Page::Draw [page.cpp : 217 + 0x12]
        rax = 0x0000000000000000   rdx = 0x…
        Found by: given as instruction pointer in context
     1  ntdll.dll + 0xeb94
        Found by: stack scanning

        Stack contents:
         00000018f0a3ef38 da ac 0c 7c fb 7f 00 00                          ...|....        (-s, what the frame holds)
        Possible instruction pointers:
         *(0x00000018f0a3ef38) = 0x00007ffb7c0cacda <Leaf::grow(int)> [leaf.cpp : 12 + 0x4]

    Loaded modules:
    0x00400000 - 0x0041dfff  quill.exe  4.1.0.77  (main)  (WARNING: No symbols, quill.pdb, …)

People paste parts of it: a thread alone, without registers, without the rows "Found by"; or frames from the middle of
one, where a tracker cut the rest.
"""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from triage.model.evidence import Frame, Module, Trust
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_MODULES, MAX_REPORTS, number, program_of
from triage.text.stackwalk import Walk, kept

_OS = regex(r"\s{0,20}Operating system:\s{0,20}(?P<os>[\w .]{1,40}?)(?:\s(?P<version>\d{1,2}\.\d[^\n]{0,80}))?\s*$")
_VERSION = regex(r"\s{0,60}(?P<version>\d{1,2}\.\d{1,3}\S{0,20}[^\n]{0,80})$")
_CPU = regex(r"\s{0,20}CPU:\s{0,10}(?P<cpu>\w{1,20})")
_CPUS = regex(r"\s{0,60}(?P<count>\d{1,4}) CPUs?\s*$")
_REASON_ABOVE = regex(
    r"\s{0,20}(?:Exception|Crash) (?:type|reason):\s{0,10}(?P<reason>EXCEPTION_[A-Z_]{3,60})\s*$", re.IGNORECASE
)
_ABOVE = 16
"""Rows above a thread without the head of its report in which a program's own report tells the reason."""

_FACT = regex(
    r"\s{0,20}(?P<name>Crash reason|Crash address|Assertion|Process uptime|Crashing instruction|Process ID):"
    r"\s{0,10}(?P<value>[^\n]{0,300})"
)
_THREAD = regex(r"\s{0,20}Thread (?P<number>\d{1,5})\b(?P<rest>[^\n]{0,200})$")
_FRAME = regex(r"\s{0,20}(?P<index>\d{1,4})  (?P<where>\S[^\n]{0,4000})$")
_FOUND = regex(r"\s{1,20}Found by: (?P<how>[^\n]{1,80})")
_REGISTER = regex(r"\s{1,20}(?P<name>[a-z]\w{1,5}) = 0x(?P<value>[0-9a-f]{4,16})\b", re.IGNORECASE)
_POINTER = regex(r"\b(?P<name>eip|rip|pc) = 0x(?P<value>[0-9a-f]{4,16})\b", re.IGNORECASE)
_CONTENTS = regex(
    r"\s{1,20}(?:Stack contents:|Possible instruction pointers:)\s{0,4}$"
    r"|\s{2,20}[0-9a-f]{8}(?:[0-9a-f]{8})?(?: [0-9a-f]{2}){4,16}\s"
    r"|\s{2,20}\*\(0x[0-9a-f]{8,16}\) = 0x[0-9a-f]{8,16}\b",
    re.IGNORECASE,
)
"""What `minidump_stackwalk -s` prints of a frame's stack, between the frames."""

_MODULE = regex(
    r"\s{0,20}0x(?P<base>[0-9a-f]{4,16}) - 0x(?P<end>[0-9a-f]{4,16})  (?P<name>\S[^\n]{0,260}?)"
    r"(?:  (?P<version>\?\?\?|\d[\w.]{0,40}))?(?P<marks>(?:  \([^\n]{0,300})?)$",
    re.IGNORECASE,
)
_SOURCE = regex(
    r"(?P<place>[^\n]{1,3000}) \[(?P<file>[^\[\]\n]{1,400}?) : (?P<line>\d{1,8})(?: \+ 0x[0-9a-f]{1,8})?\]$"
)
_OFFSET = regex(r"(?P<place>[^\n]{1,3000}) \+ 0x(?P<offset>[0-9a-f]{1,16})$")
_CONTENTS = regex(
    r"\s{1,20}(?:Stack contents:|Possible instruction pointers:|[0-9a-f]{8,16} (?:[0-9a-f]{2} ){2,16}"
    r"|\*\(0x[0-9a-f]{8,16}\) = 0x)",
    re.IGNORECASE,
)
"""The memory of a frame, `minidump_stackwalk -s`, and what in it may be a return address."""

_BARE = regex(r"0x(?P<address>[0-9a-f]{1,16})\b(?: \(unloaded [^\n]{0,300})?", re.IGNORECASE)
_HOW: tuple[tuple[str, Trust], ...] = (
    ("given as instruction pointer", "context"),
    ("call frame info with scanning", "scan"),
    ("call frame info", "unwind"),
    ("previous frame", "frame-pointer"),
    ("stack scanning", "scan"),
)
_FIRST_FRAME = 16
"""Rows from the heading of a thread to how its first frame was found; the registers stand between."""

_GAP = 3
"""Rows that are no part of this form (empty ones, of the GPU or the distribution) and may stand within a walk."""


_HEADS = ("perating system:", "Crash reason:", "oaded modules:", "crashed)", "Found by: ")
"""Words of the rows in which a walk may begin; `_begins` looks closer."""


def read_walks(text: Text) -> tuple[Walk, ...]:
    """Every walk of the text in this form: from its head, or from the thread that crashed."""
    walks: list[Walk] = []
    index = before = 0
    for head in text.holding(_HEADS, exact=True):
        if len(walks) >= MAX_REPORTS:
            break
        if head < index:
            continue
        begin = head
        if "Found by:" in text.rows[head]:
            begin = _thread_above(text.rows, head, index)
            begin = _frame_above(text.rows, head, index) if begin < 0 else begin
        if begin < 0 or not _begins(text.rows, begin):
            continue
        index = begin
        walker = _Walker(text, index)
        walker.run()
        if walker.frames and "crash reason" not in walker.facts:
            walker.facts |= _reason_above(text.rows, begin, before)
        before = index = walker.last + 1
        if walker.frames or walker.facts or walker.has_modules:
            walks.append(walker.walk())
    return tuple(walks)


def _begins(rows: Sequence[str], index: int) -> bool:
    """Whether a walk begins in this row: the system above the processor, the reason, or a thread with its frames.

    Reports of other programs have rows like each of these alone ("Operating system: Windows 10").
    """
    row = rows[index]
    if "perating system:" in row:
        return _OS.match(row[:200]) is not None and any(
            _CPU.match(later[:100]) for later in rows[index + 1 : index + 5]
        )
    if "Crash reason:" in row:
        return _FACT.match(row[:400]) is not None
    if "oaded modules:" in row:
        # The list alone, as it is cut out of the middle of a report.
        return index + 1 < len(rows) and _MODULE.match(rows[index + 1][:600]) is not None
    if _THREAD.match(row[:300]) is None:
        return _frame_of(row) is not None
    return any(_frame_of(later) is not None for later in rows[index + 1 : index + 3])


def _reason_above(rows: Sequence[str], begin: int, end: int) -> dict[str, str]:
    """The reason that a program's own report gives above the thread, not before row `end`.

    Exception type: EXCEPTION_ACCESS_VIOLATION_READ
    """
    for row in rows[max(end, begin - _ABOVE) : begin]:
        if (found := _REASON_ABOVE.match(row[:120])) is not None:
            return {"crash reason": found["reason"]}
    return {}


def _thread_above(rows: Sequence[str], index: int, end: int) -> int:
    """The heading of the thread whose first frame was found so, not before `end`; -1 where there is none.

    Of a report that was cut or posted in parts, a thread without the head of the report is left.
    """
    above = range(index - 1, max(end - 1, index - _FIRST_FRAME), -1)
    return next((at for at in above if _THREAD.match(rows[at][:300]) is not None), -1)


def _frame_above(rows: Sequence[str], index: int, end: int) -> int:
    """The frame that was found so, not before `end`; -1 where its row was cut off."""
    above = range(index - 1, max(end - 1, index - _FIRST_FRAME), -1)
    return next((at for at in above if _frame_of(rows[at]) is not None), -1)


class _Walker:
    """Goes along the rows of a walk, from its first to the last one that is of this form."""

    def __init__(self, text: Text, first: int) -> None:
        self._text = text
        self._first = self.last = first
        self.facts: dict[str, str] = {}
        self.frames: list[Frame] = []
        self._modules: list[Module] = []
        self._main: str | None = None
        self._part = "head" if _frame_of(text.rows[first]) is None else "crashed"
        self._seen_thread = self._part == "crashed"
        self._address: int | None = None

    @property
    def has_modules(self) -> bool:
        """Whether a module list was read."""
        return bool(self._modules)

    def run(self) -> None:
        """Read up to the end of the walk."""
        strange = 0
        for index in range(self._first, len(self._text.rows)):
            row = self._text.rows[index]
            if index > self._first and "perating system:" in row and _OS.match(row[:200]):
                return
            if row.strip() and self._take(row[:5000], index):
                self.last, strange = index, 0
                continue
            strange += 1
            if strange > _GAP:
                return

    def _take(self, row: str, index: int) -> bool:
        if (thread := _THREAD.match(row)) is not None:
            crashed = "crashed)" in thread["rest"] or "requested" in thread["rest"] or index == self._first
            # The thread that crashed comes first; a paste of one other thread says nothing of the crash.
            self._part = "crashed" if crashed and not self._seen_thread else "other"
            self._seen_thread = self._seen_thread or crashed
            return True
        heading = row.strip().lower()
        if heading in {"loaded modules:", "unloaded modules:"}:
            self._part = heading.split(" ")[0]
            return True
        if self._part in {"loaded", "unloaded"}:
            return self._module(row, index)
        if self._part == "head":
            return self._head(row)
        return self._frame(row, index)

    def _head(self, row: str) -> bool:
        for pattern in (_OS, _FACT, _CPU, _CPUS):
            if (found := pattern.match(row)) is not None:
                if pattern is _FACT:
                    self.facts.setdefault(found["name"].lower(), found["value"].strip())
                else:
                    self.facts.update({key: value for key, value in found.groupdict().items() if value})
                return True
        if "os" in self.facts and "version" not in self.facts and (found := _VERSION.match(row)) is not None:
            self.facts["version"] = found["version"].strip()
            return True
        return row.startswith(("   ", "GPU:", "Linux ", "Mac ")) and len(row) < 200

    def _frame(self, row: str, index: int) -> bool:
        if (how := _FOUND.match(row)) is not None:
            if self._part == "crashed" and self.frames:
                self.frames[-1] = _trusted(self.frames[-1], how["how"])
            return True
        if _CONTENTS.match(row) is not None:
            return True
        if _REGISTER.match(row) is not None:
            pointer = _POINTER.search(row)
            if pointer is not None and self._part == "crashed" and len(self.frames) == 1 and self._address is None:
                self._address = int(pointer["value"], 16)
            return True
        if _CONTENTS.match(row[:200]) is not None:
            return True
        frame = _frame_of(row)
        if frame is not None and self._part == "crashed":
            number = self._text.numbers[index]
            self.frames.append(replace(frame, lines=(number, number)))
        return frame is not None or row.strip() == "<no frames>"

    def _module(self, row: str, index: int) -> bool:
        found = _MODULE.match(row[:900])
        if found is None:
            return False
        if len(self._modules) < MAX_MODULES:
            number = self._text.numbers[index]
            version = found["version"]
            name = found["name"].strip()
            self._modules.append(
                Module(
                    name=name,
                    base=int(found["base"], 16),
                    end=int(found["end"], 16) + 1,
                    version=None if version in {None, "???"} else version,
                    unloaded=self._part == "unloaded",
                    lines=(number, number),
                )
            )
            if "(main)" in found["marks"]:
                self._main = name
        return True

    def walk(self) -> Walk:
        """What was read."""
        facts = self.facts
        count = facts.get("count")
        return Walk(
            lines=(self._text.numbers[self._first], self._text.numbers[self.last]),
            reason=facts.get("crash reason"),
            address=number(facts.get("crash address")),
            code_address=self._address,
            assertion=facts.get("assertion"),
            frames=kept(self.frames),
            modules=tuple(self._modules),
            process=self._main or program_of(module.name for module in self._modules),
            os=facts.get("os"),
            version=facts.get("version"),
            cpu=facts.get("cpu"),
            processors=int(count) if count else None,
        )


def _frame_of(row: str) -> Frame | None:
    """The frame of a row: module and function, module and offset, or an address alone."""
    found = _FRAME.match(row[:4200])
    if found is None:
        return None
    where = found["where"].strip()
    if (bare := _BARE.fullmatch(where)) is not None:
        return Frame(address=int(bare["address"], 16))
    source = offset = None
    if (place := _SOURCE.match(where)) is not None:
        where, source = place["place"], f"{place['file']}:{place['line']}"
    elif (place := _OFFSET.match(where)) is not None:
        where, offset = place["place"], int(place["offset"], 16)
    module, mark, function = where.partition("!")
    if not mark and source is None and offset is None:
        return None
    return Frame(module=module.strip() or None, function=function.strip() or None, offset=offset, source=source)


def _trusted(frame: Frame, how: str) -> Frame:
    """The frame with how it was found."""
    if how.startswith("inlin"):
        return replace(frame, inline=True)
    return replace(frame, trust=next((trust for words, trust in _HOW if how.startswith(words)), frame.trust))
