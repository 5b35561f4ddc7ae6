"""Call stacks in text, as every debugger since Windows NT 3.1 prints them, and as mailers and articles wrap them.

The reader walks the lines once. A stack opens at a heading (column names, a `k` command, STACK_TEXT, a thread
heading of minidump_stackwalk) or, without one, at a row that can be nothing else; it ends at a prompt, another
heading, or a line that is no part of it. What opened without a heading must prove itself by more than one row.

Folklore, each with a test:

- Rows of 72 or 80 columns are wrapped: between the columns, before the symbol, inside `(FPO: [2,0,2])`, inside a
  decorated name. A row whose symbol never comes is dropped, its neighbours stay.
- "WARNING: Stack unwind information not available." and "*** ERROR: Symbol file could not be found." stand between
  rows, wrapped themselves.
- `dds esp` prints rows of the same shape: they are a stack only under a heading, and never when the first column
  climbs by exactly one word from row to row.
- Damaged logs lose the columns, not the symbols: a lone `module!function+0x…` inside a stack is a row of it.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from triage.model.evidence import NO_LINES, Frame, Lines
from triage.text import stacks_marks as marks
from triage.text.lines import Text
from triage.text.stacks_rows import MAX_ROW, Row, is_header, note_goes_on, open_brackets, read_row
from triage.text.symbols import Symbol, read_symbol

MAX_STACKS = 20_000
MAX_FRAMES = 2_000

# A line that opens nothing holds none of these; tested before anything else, because most lines of a log open nothing.
_OPENERS = ("!", "+0x", "RetAddr", "ReturnAd", "EBP", "-SP", "Call Site", "EIP", "STACK_TEXT", ">", "hread", "d: ")
_CUT_OFFSET = re.compile(r"(?:0x)?[0-9a-fA-F]{1,4}")
_MAX_WRAPPED = 4
_MAX_ARGUMENT_ROWS = 64
_MOST_COLUMNS = 6
"""Frame pointer, return address and four parameters; two halves of a wrapped row hold no more together."""


class Stack(Struct, frozen=True, kw_only=True):
    """A stack, innermost call first. `thread` is an id as printed (hex without 0x, "pid.tid" where both are told);
    `heading` is the command or heading that introduced it."""

    frames: tuple[Frame, ...]
    lines: Lines = NO_LINES
    thread: str | None = None
    heading: str | None = None


def read_stacks(text: Text) -> tuple[Stack, ...]:
    """Every stack of the text, in order, one a thread; linear in the length of the text."""
    return _Reader(text).read()


class _Draft:
    """A frame while its lines are gathered."""

    __slots__ = ("bare", "columns", "first", "glued", "last", "parts", "row")

    def __init__(self, row: Row, index: int, *, bare: bool = False) -> None:
        self.row = row
        self.parts = [row.tail] if row.tail else []
        self.first = self.last = index
        self.columns = row.columns
        self.bare = bare
        self.glued = False

    @property
    def tail(self) -> str:
        return ("" if self.glued else " ").join(self.parts)

    def extend(self, part: str, index: int) -> None:
        self.parts.append(part)
        self.last = index


class _Open:
    """A stack while its rows are gathered."""

    __slots__ = (
        "bare",
        "drafts",
        "first",
        "gap",
        "heading",
        "noise",
        "pending",
        "strangers",
        "sure",
        "thread",
        "walked",
    )

    def __init__(self, first: int, *, sure: bool, heading: str | None, thread: str | None) -> None:
        self.first = first
        self.sure = sure
        self.heading = heading
        self.thread = thread
        self.walked = False
        self.bare = False
        self.drafts: list[_Draft] = []
        self.pending: _Draft | None = None
        self.gap = self.noise = self.strangers = 0

    def add(self, draft: _Draft) -> None:
        if len(self.drafts) < MAX_FRAMES:
            self.drafts.append(draft)
        self.pending = None
        self.gap = self.noise = self.strangers = 0


class _Reader:
    """The walk over the lines. Handlers take a line in turn; the first that knows it returns True."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.stacks: list[Stack] = []
        self.open: _Open | None = None
        self.heading: str | None = None
        self.thread: str | None = None
        self.quiet = False
        self.handlers = (self._prompt, self._thread, self._heading, self._frame, self._goes_on, self._noise)

    def read(self) -> tuple[Stack, ...]:
        for index, line in enumerate(self.text.rows):
            if self.open is None and not any(opener in line for opener in _OPENERS):
                continue
            self._step(index, line[:MAX_ROW])
            if len(self.stacks) >= MAX_STACKS:
                break
        self._close()
        return tuple(self.stacks)

    def _step(self, index: int, line: str) -> None:
        if not line or line.isspace():
            if self.open is not None:
                self.open.gap += 1
            return
        if not any(handler(index, line) for handler in self.handlers):
            self._stranger(index)

    # -- what stands around stacks

    def _prompt(self, index: int, line: str) -> bool:
        command = marks.prompt(line) if ">" in line else None
        if command is None:
            return False
        self._close()
        self.heading = self.thread = None
        self.quiet = False
        if is_header(command) or read_row(command).columns >= 2:
            self._step(index, command)  # output of a script starts behind the prompt: "0:000> ChildEBP RetAddr"
        elif command:
            self.heading = command[:120]
            self.quiet = marks.is_dump_command(command)
            if marks.is_stack_command(command):
                self._begin(index, sure=True).bare = True
        return True

    def _thread(self, index: int, line: str) -> bool:
        if "d" not in line or ("hread" not in line and "HREAD" not in line and "d:" not in line):
            return False
        found = marks.thread(line)
        if found is None:
            return False
        self._close()
        self.thread, self.heading, self.quiet = found.id, line.strip()[:120], False
        if found.walked:
            self._begin(index, sure=True).walked = True
        return True

    def _heading(self, index: int, line: str) -> bool:
        behind = marks.behind_stack_text(line) if "STACK_TEXT" in line else None
        if behind is not None:
            self._close()
            self.heading, self.quiet = "STACK_TEXT", False
            self._begin(index, sure=True).bare = True
            self._step(index, behind)
            return True
        if not is_header(line):
            return False
        if self.open is None or self.open.drafts:
            self._close()
            self._begin(index, sure=True)
        if self.open is not None:
            self.open.sure, self.open.pending, self.open.gap, self.open.walked = True, None, 0, False
            self.open.heading = self.open.heading or " ".join(line.split())[:120]
        return True

    def _noise(self, _index: int, line: str) -> bool:
        if self.open is None:
            return False
        if marks.is_noise(line):
            self.open.noise = 2  # these lines are wrapped, too
            return True
        return self.open.walked and marks.is_walked_detail(line)

    def _stranger(self, index: int) -> None:
        stack = self.open
        if stack is None:
            return
        if stack.noise and not stack.gap:
            stack.noise -= 1
        elif not stack.gap and stack.strangers < 2 and self._may_resume(stack, index):
            stack.strangers += 1
        else:
            self._close()

    def _may_resume(self, stack: _Open, index: int) -> bool:
        if stack.sure and not stack.drafts:
            return True
        if index + 1 >= len(self.text.rows):
            return False
        row = read_row(self.text.rows[index + 1])
        return row.columns >= 2 and _symbol(row.tail) is not None

    # -- rows

    def _frame(self, index: int, line: str) -> bool:
        if self.quiet and self.open is None:
            return False
        row = read_row(line)
        stack = self.open
        if stack is not None and stack.pending is not None and self._completes(stack, stack.pending, index, row, line):
            return True
        if row.columns < 2 and not row.inline:
            return self._symbol_row(index, row, line)
        if not row.tail:
            if stack is not None:
                stack.pending = _Draft(row, index)
            return stack is not None
        named = stack is not None and stack.sure
        if _symbol(row.tail) is None and not (named and _is_bare_name(row)):
            return _is_runtime_frame(row.tail) and named
        if stack is not None and _restarts(stack, row):
            self._close()
            stack = None
        self._ensure(index).add(_Draft(row, index))
        return True

    def _completes(self, stack: _Open, pending: _Draft, index: int, row: Row, line: str) -> bool:
        """Whether this line is the missing half of a wrapped row; if the symbol never comes, the half is dropped."""
        if row.columns and pending.columns + row.columns > _MOST_COLUMNS:
            stack.pending = None
            return False
        if row.columns and not row.tail:
            pending.columns += row.columns
            pending.last = index
            return True
        tail = row.tail if row.columns else line.strip()
        if _symbol(tail) is None:
            stack.pending = None
            return False
        pending.extend(tail, index)
        pending.columns += row.columns
        stack.add(pending)
        return True

    def _symbol_row(self, index: int, row: Row, line: str) -> bool:
        """A line that holds a symbol and no columns."""
        stack = self.open
        if stack is not None and stack.walked:
            return self._walked_row(stack, index, line)
        text = marks.without_hash_usage(line).strip()
        symbol = _lone_symbol(text)
        if symbol is None and row.number is not None:
            text = row.tail
            symbol = _lone_symbol(text)
        if symbol is None:
            return False
        member = stack is not None and not stack.gap and (stack.bare or symbol.offset is not None)
        if member and stack is not None and stack.drafts and _splits_name(stack.drafts[-1].tail, text):
            return False
        if not member and "!" not in text.partition("+")[0]:
            return False
        if member and stack is not None:
            stack.add(_Draft(Row(tail=text), index, bare=True))
            return True
        self._close()
        half = self._half_before(index)
        stack = self._begin(index if half is None else half.first, sure=False)
        if half is None:
            stack.bare = True
            stack.add(_Draft(Row(tail=text), index, bare=True))
        else:
            half.extend(text, index)
            stack.add(half)
        return True

    def _walked_row(self, stack: _Open, index: int, line: str) -> bool:
        found = marks.walked_frame(line)
        if found is None or read_symbol(found[1], bare=True) is None:
            return False
        stack.add(_Draft(Row(number=found[0], tail=found[1]), index))
        return True

    def _half_before(self, index: int) -> _Draft | None:
        """The line above, if it is the first half of a wrapped row without any heading."""
        row = read_row(self.text.rows[index - 1]) if index else Row()
        return _Draft(row, index - 1) if row.columns >= 3 and not row.tail else None

    def _goes_on(self, index: int, line: str) -> bool:
        """Whether the line carries on the frame before it."""
        stack = self.open
        if stack is None or stack.gap > 1 or not stack.drafts or stack.pending is not None:
            return False
        draft, text = stack.drafts[-1], line.strip()
        if len(draft.parts) > _MAX_ARGUMENT_ROWS:
            return False
        note = note_goes_on(text)
        if not note and (stack.gap or not (_closes_note(draft, text) or _splits_name(draft.tail, text))):
            return False
        draft.glued = draft.glued or (not note and not open_brackets(draft.tail))
        draft.extend(text, index)
        stack.gap = 0
        return True

    # -- opening and closing

    def _begin(self, index: int, *, sure: bool) -> _Open:
        self.open = _Open(index, sure=sure, heading=self.heading, thread=self.thread)
        return self.open

    def _ensure(self, index: int) -> _Open:
        return self.open if self.open is not None else self._begin(index, sure=False)

    def _close(self) -> None:
        stack, self.open = self.open, None
        if stack is None or not stack.drafts:
            return
        frames = tuple(self._frames(stack))
        if not frames or not (_is_named(stack, frames) if stack.sure else _proves_itself(stack, frames)):
            return
        last = stack.drafts[-1].last
        self.heading = self.thread = None  # a heading speaks for one stack
        lines = (self.text.numbers[stack.first], self.text.numbers[last])
        self.stacks.append(Stack(frames=frames, lines=lines, thread=stack.thread, heading=stack.heading))

    def _frames(self, stack: _Open) -> Iterator[Frame]:
        numbers = self.text.numbers
        for draft in stack.drafts:
            symbol = read_symbol(draft.tail, bare=True)
            if symbol is None:
                continue
            yield Frame(
                module=symbol.module,
                function=symbol.function,
                offset=symbol.offset,
                address=symbol.address,
                source=symbol.source,
                inline=draft.row.inline,
                lines=(numbers[draft.first], numbers[draft.last]),
            )


def _symbol(tail: str) -> Symbol | None:
    """The symbol of a row that must begin with one; labels of disassembly end in a colon and are none."""
    symbol = read_symbol(tail) if tail else None
    return None if symbol is None or symbol.rest.startswith((":", "=", ",")) else symbol


def _lone_symbol(text: str) -> Symbol | None:
    """The symbol of a line that holds nothing else."""
    if ("!" not in text and "+0x" not in text and not text.startswith("0x")) or text.endswith((":", ";", ".", ",")):
        return None
    symbol = read_symbol(text)
    return None if symbol is None or symbol.rest else symbol


def _is_bare_name(row: Row) -> bool:
    """A function without a module: the Function Name column of NT, and the managed frames of !clrstack."""
    symbol = read_symbol(row.tail, bare=True)
    if symbol is None or symbol.function is None or symbol.rest:
        return False
    return row.columns >= 4 or (row.columns == 2 and "." in symbol.function and "(" in row.tail)


def _is_runtime_frame(tail: str) -> bool:
    """`[HelperMethodFrame: 000000d11fbcd1a8]` and the like stand in for code of the runtime, and name none."""
    return tail.startswith("[") and "Frame" in tail[:80]


def _restarts(stack: _Open, row: Row) -> bool:
    """Frame numbers that start anew belong to another stack."""
    if row.number is None or not stack.drafts:
        return False
    before = stack.drafts[-1].row.number
    return before is not None and row.number <= before and row.number == 0


def _closes_note(draft: _Draft, text: str) -> bool:
    """Whether the line goes on with a note (FPO, source) or an argument list (kP) that the frame left open."""
    tail = draft.tail
    if not open_brackets(tail):
        return False
    note = tail.rfind("(FPO") >= 0 or "[" in tail
    if note:
        return len(draft.parts) < _MAX_WRAPPED and len(text) < 100 and (text[0] in "[(" or "]" in text or ")" in text)
    return text.endswith(",") or ")" in text


def _splits_name(tail: str, text: str) -> bool:
    """Whether the wrap cut a name: `…@@AAEJPAU_RPC_` and `MESSAGE@@IPAJ@Z+0xb0`, or `store!MDB::` and `FreeLockid`."""
    if _CUT_OFFSET.fullmatch(text):  # "…IPAJ@Z+" and then "0xd6", "…IPAJ@Z+0xd" and then "6"
        return "!" in tail and " " not in tail and (tail.endswith("+") or ("+0x" in tail and not text.startswith("0x")))
    if "!" in text or "+" in tail or " " in tail:
        return False
    head = text.split("+", 1)[0]
    if tail.endswith("::"):
        return " " not in head.split(" [", 1)[0].split(" (", 1)[0]
    return "!?" in tail and " " not in head and (head == "Z" or "@" in head)


def _is_named(stack: _Open, frames: tuple[Frame, ...]) -> bool:
    """A heading alone is no proof when all that follows is numbers."""
    return any(frame.module or frame.function for frame in frames) or stack.drafts[0].columns >= 2


def _proves_itself(stack: _Open, frames: tuple[Frame, ...]) -> bool:
    """Whether rows without a heading are a stack: several of them, and not a dump of memory beside its symbols."""
    if stack.bare:
        return len(frames) >= 3 and sum(frame.offset is not None for frame in frames) >= 2
    named = sum(frame.module is not None for frame in frames)
    if any(draft.columns >= 5 for draft in stack.drafts) and named:
        return True
    firsts = [draft.row.first for draft in stack.drafts if draft.row.first is not None]
    steps = {later - earlier for earlier, later in pairwise(firsts)}
    return named >= 2 and not steps <= {4, 8}
