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
from collections.abc import Iterable, Iterator, Sequence

from triage.model.evidence import Frame, Lines
from triage.text import stacks_marks as marks
from triage.text.folding import Likely, like
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.stacks_drafts import (
    MAX_FRAMES,
    Draft,
    OpenStack,
    closes_note,
    cut_by_screen,
    is_bare_name,
    is_named,
    is_runtime_frame,
    lone_symbol,
    of_managed_call,
    proves_itself,
    restarts,
    row_symbol,
    splits_name,
)
from triage.text.stacks_rows import (
    HEADER_WORDS,
    MAX_ROW,
    Row,
    is_header,
    names_calls_alone,
    note_goes_on,
    open_brackets,
    plain_runs,
    read_row,
)
from triage.text.symbols import read_symbol

MAX_STACKS = 20_000

# A line that opens nothing holds none of these; tested before anything else, because most lines of a log open nothing.
_LIKE_SYMBOL = Likely(rb"!|\+0x", words=("!", "+0x"))
_OPENERS = ("RetAddr", "ReturnAd", "EBP", "-SP", "Call Site", "EIP", "STACK_TEXT", "  From  ", "[stats]:")
# These stand in ordinary logs too, so it counts what is around them: 0:000> kb, > kb, Thread 0 (crashed), Id: 1364.a9
_WEAK_OPENERS = (">", "hread", "Id: ", "id: ")
_MAY_OPEN = regex(r"(?:\d|kd|:\w{1,8}|\s|^)>|hread (?:Id|\d)|[iI]d: ")
_LIKE_WEAK_OPENERS = Likely(
    rb"(?:[0\s]|" + like("kd") + rb"|:\w{1,8}|\A)>|" + like("hread Id", "hread 0", "id: "),
    words=(">", "hread Id", "hread 0", "id: "),
)
_CALLED = regex(r"[\s>#*_-]{0,8}(?:call ?stack|stack ?trace|back ?trace):?[\s*_]{0,6}", re.IGNORECASE)
"""`Call stack:`, and below it `orchard+0x1c7bc`, as people retype what a debugger showed."""

_NAMELESS = regex(r"[\w.$~-]{1,128}!")
_MAX_ARGUMENT_ROWS = 64
_FEWEST_COLUMNS = 2
_LEAST_COLUMNS = len("77f7d357:")
"""Characters of the shortest row with columns."""

_MOST_COLUMNS = 6
"""Frame pointer, return address and four parameters; two halves of a wrapped row hold no more together."""


class Stack:
    """A stack, innermost call first. `thread` is an id as printed (hex without 0x, "pid.tid" where both are told);
    `heading` is the command or heading that introduced it.

    Its frames are made when they are asked for: of the hundred threads of a process one or two matter.
    """

    __slots__ = ("_drafts", "_frames", "_text", "heading", "lines", "thread")

    def __init__(
        self, text: Text, drafts: Sequence[Draft | range], lines: Lines, thread: str | None, heading: str | None
    ):
        self._text = text
        self._drafts = drafts
        self._frames: tuple[Frame, ...] | None = None
        self.lines = lines
        self.thread = thread
        self.heading = heading

    @property
    def frames(self) -> tuple[Frame, ...]:
        """All frames."""
        if self._frames is None:
            self._frames = tuple(frames_of(self._text, self._drafts))
        return self._frames

    @property
    def top(self) -> Frame | None:
        """The innermost frame."""
        return next(iter(frames_of(self._text, self._drafts) if self._frames is None else self._frames), None)


def frames_of(text: Text, drafts: Iterable[Draft | range]) -> Iterator[Frame]:
    """The frames of drafts, and of the plain rows in ranges."""
    numbers = text.numbers
    for one in drafts:
        for draft in (Draft(read_row(text.rows[index]), index) for index in one) if isinstance(one, range) else (one,):
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


def read_stacks(text: Text) -> tuple[Stack, ...]:
    """Every stack of the text, in order, one a thread; linear in the length of the text."""
    return _Reader(text).read()


def _openers(text: Text) -> list[int]:
    """The rows that can open a stack."""
    rows = text.rows
    weak = [
        index
        for index in text.likely(_LIKE_WEAK_OPENERS)
        if any(word in rows[index] for word in _WEAK_OPENERS) and _MAY_OPEN.search(rows[index][:MAX_ROW]) is not None
    ]
    return sorted(weak + text.likely(_LIKE_SYMBOL) + text.holding(_OPENERS, exact=True))


class _Reader:
    """The walk over the lines. Handlers (`_HANDLERS`) take a line in turn; the first that knows it returns True."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.stacks: list[Stack] = []
        self.open: OpenStack | None = None
        self.heading: str | None = None
        self.thread: str | None = None
        self.quiet = False
        self.headers = frozenset(text.holding(HEADER_WORDS))

    def read(self) -> tuple[Stack, ...]:
        rows = self.text.rows
        openers = _openers(self.text)
        runs = plain_runs(self.text)
        index = place = ahead = 0
        while index < len(rows) and len(self.stacks) < MAX_STACKS:
            if self.open is None:
                while place < len(openers) and openers[place] < index:
                    place += 1
                if place == len(openers):
                    break
                index = openers[place]
            while ahead < len(runs) and runs[ahead].stop <= index:
                ahead += 1
            if ahead < len(runs) and runs[ahead].start <= index and self._run(index, runs[ahead].stop):
                index = runs[ahead].stop
                continue
            self._step(index, rows[index][:MAX_ROW])
            index += 1
        self._close()
        return tuple(self.stacks)

    def _step(self, index: int, line: str) -> None:
        if not line or line.isspace():
            if self.open is not None:
                self.open.gap += 1
            return
        for handler in self._HANDLERS:
            if handler(self, index, line):
                return
        self._stranger(index)

    def _run(self, index: int, stop: int) -> bool:
        """Take in plain rows up to `stop` at once, if nothing but that can become of them."""
        stack = self.open
        if stack is None:
            return self.quiet
        if not stack.sure or stack.pending is not None or stack.count + stop - index > MAX_FRAMES:
            return False
        if stack.drafts and restarts(stack, read_row(self.text.rows[index])):
            return False
        stack.add_run(range(index, stop - 1), Draft(read_row(self.text.rows[stop - 1]), stop - 1))
        return True

    # -- what stands around stacks

    def _prompt(self, index: int, line: str) -> bool:
        command = marks.prompt(line) if ">" in line else None
        if command is None:
            return False
        self._close()
        self.heading = self.thread = None
        self.quiet = False
        if self._is_header(index, command) or (
            len(command) >= _LEAST_COLUMNS and read_row(command).columns >= _FEWEST_COLUMNS
        ):
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

    def _listed(self, index: int, line: str) -> bool:
        found = marks.listed_thread(line) if "." in line[:16] else None
        if found is None or lone_symbol(found[1]) is None:
            return False
        self._close()
        self.thread, self.quiet = found[0], False
        stack = self._begin(index, sure=True)
        stack.bare = True
        stack.add(Draft(Row(tail=found[1]), index))
        return True

    def _shared(self, index: int, line: str) -> bool:
        if "[stats]:" not in line or not marks.is_shared(line):
            return False
        self._close()
        self.thread, self.heading, self.quiet = None, " ".join(line.split())[:120], False
        self._begin(index, sure=True)
        return True

    def _heading(self, index: int, line: str) -> bool:
        behind = marks.behind_stack_text(line) if "STACK_TEXT" in line else None
        if behind is not None:
            self._close()
            self.heading, self.quiet = "STACK_TEXT", False
            self._begin(index, sure=True).bare = True
            if behind:  # nothing behind the label is no gap: calls without columns may begin right below
                self._step(index, behind)
            return True
        if not self._is_header(index, line):
            return False
        if self.open is None or self.open.drafts:
            self._close()
            self._begin(index, sure=True)
        if self.open is not None:
            self.open.sure, self.open.pending, self.open.gap, self.open.walked = True, None, 0, False
            self.open.bare = self.open.bare or names_calls_alone(line)
            self.open.heading = self.open.heading or " ".join(line.split())[:120]
        return True

    def _is_header(self, index: int, line: str) -> bool:
        """Whether a line, or what stands in it behind a prompt, names the columns of a stack."""
        return (index in self.headers or not line.isascii()) and is_header(line)

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

    def _may_resume(self, stack: OpenStack, index: int) -> bool:
        if stack.sure and not stack.drafts:
            return True
        for line in self.text.rows[index + 1 : index + 3]:
            row = read_row(line)
            if (row.columns >= 3 and not row.tail) or (row.columns >= 2 and row_symbol(row.tail) is not None):
                return True
        return False

    # -- rows

    def _frame(self, index: int, line: str) -> bool:
        if self.quiet and self.open is None:
            return False
        row = read_row(line)
        stack = self.open
        if stack is not None and stack.pending is not None and self._completes(stack, stack.pending, index, row, line):
            return True
        single = row.columns == 1 and stack is not None and stack.sure and row_symbol(row.tail) is not None
        if row.columns < 2 and not row.inline and not single:
            return self._symbol_row(index, row, line)
        if not row.tail:
            if stack is not None:
                stack.pending = Draft(row, index)
            return stack is not None
        named = stack is not None and stack.sure
        row = of_managed_call(row) if named and row.tail.startswith("[") else row
        if row_symbol(row.tail) is None and not (named and is_bare_name(row)):
            return is_runtime_frame(row.tail) and named
        if stack is not None and restarts(stack, row):
            self._close()
            stack = None
        self._ensure(index).add(Draft(row, index))
        return True

    def _completes(self, stack: OpenStack, pending: Draft, index: int, row: Row, line: str) -> bool:
        """Whether this line is the missing half of a wrapped row; if the symbol never comes, the half is dropped."""
        if row.columns and pending.columns + row.columns > _MOST_COLUMNS:
            stack.pending = None
            return False
        if row.columns and not row.tail:
            pending.columns += row.columns
            pending.last = index
            return True
        tail = row.tail if row.columns else line.strip()
        if tail.startswith("+") or row_symbol(tail) is None:  # "+0x9f" is the end of a symbol that was lost
            stack.pending = None
            return tail.startswith("+")
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
        if text.startswith("+"):
            return False  # what a wrap cut off, not a call: no offset is without its symbol
        symbol = lone_symbol(text)
        if symbol is None and row.number is not None:
            text = row.tail
            symbol = lone_symbol(text)
        if symbol is None and stack is not None and stack.bare:
            # A person's remark stands behind the symbol: `orchard!main+0x1c        2. here it waits`.
            text = text.partition("   ")[0]
            symbol = lone_symbol(text)
        if symbol is None:
            # `0b System!`: managed code, of which the debugger knows no names.
            return (
                stack is not None
                and stack.sure
                and row.number is not None
                and _NAMELESS.fullmatch(row.tail) is not None
            )
        member = stack is not None and not stack.gap and (stack.bare or symbol.offset is not None)
        if member and stack is not None and stack.last is not None and self._is_rest_of(stack.last, text):
            return False
        if not member and "!" not in text.partition("+")[0] and not self._is_called_above(index):
            return False
        if member and stack is not None:
            stack.add(Draft(Row(tail=text), index))
            return True
        self._close()
        half = self._half_before(index)
        stack = self._begin(index if half is None else half.first, sure=False)
        if half is None:
            stack.bare = True
            stack.add(Draft(Row(tail=text), index))
        else:
            half.extend(text, index)
            stack.add(half)
        return True

    def _is_rest_of(self, draft: Draft, text: str) -> bool:
        """Whether the wrap cut a name, and this is its rest."""
        return splits_name(draft.tail, text) or cut_by_screen(draft, self.text.rows[draft.last], text)

    def _is_called_above(self, index: int) -> bool:
        """Whether a heading in words stands right above: modules and offsets alone begin no stack without one."""
        return index > 0 and _CALLED.fullmatch(self.text.rows[index - 1][:40]) is not None

    def _walked_row(self, stack: OpenStack, index: int, line: str) -> bool:
        found = marks.walked_frame(line)
        if found is None or read_symbol(found[1], bare=True) is None:
            return False
        stack.add(Draft(Row(number=found[0], tail=found[1]), index))
        return True

    def _half_before(self, index: int) -> Draft | None:
        """The line above, if it is the first half of a wrapped row without any heading."""
        row = read_row(self.text.rows[index - 1]) if index else Row()
        return Draft(row, index - 1) if row.columns >= 3 and not row.tail else None

    def _goes_on(self, index: int, line: str) -> bool:
        """Whether the line carries on the frame before it."""
        stack = self.open
        if stack is None or stack.gap > 1 or stack.last is None or stack.pending is not None:
            return False
        draft, text = stack.last, line.strip()
        if len(draft.parts) > _MAX_ARGUMENT_ROWS:
            return False
        note = note_goes_on(text)
        if not note and (stack.gap or not (closes_note(draft, text) or self._is_rest_of(draft, text))):
            return False
        draft.glued = draft.glued or (not note and not open_brackets(draft.tail))
        draft.extend(text, index)
        stack.gap = 0
        return True

    # -- opening and closing

    def _begin(self, index: int, *, sure: bool) -> OpenStack:
        self.open = OpenStack(index, sure=sure, heading=self.heading, thread=self.thread)
        return self.open

    def _ensure(self, index: int) -> OpenStack:
        return self.open if self.open is not None else self._begin(index, sure=False)

    def _close(self) -> None:
        stack, self.open = self.open, None
        if stack is None or stack.last is None:
            return
        lines = (self.text.numbers[stack.first], self.text.numbers[stack.last.last])
        found = Stack(self.text, stack.drafts, lines, stack.thread, stack.heading)
        # Plain rows name their places, which proves a stack that has a heading.
        if stack.count == len(stack.drafts):
            frames = found.frames
            if not frames or not (is_named(stack, frames) if stack.sure else proves_itself(stack, frames)):
                return
        self.heading = self.thread = None  # a heading speaks for one stack
        self.stacks.append(found)

    _HANDLERS = (_prompt, _thread, _listed, _shared, _heading, _frame, _goes_on, _noise)
    """Not kept bound to the reader: that would be a cycle, and the whole text would stay until a collector finds it."""
