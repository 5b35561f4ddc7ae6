"""Stacks and frames while their lines are gathered, and the questions that decide where a line belongs."""

from itertools import pairwise

from msgspec import structs

from triage.model.evidence import Frame
from triage.text.lazy import regex
from triage.text.stacks_rows import Row, open_brackets
from triage.text.symbols import Symbol, read_symbol

MAX_FRAMES = 2_000

_CUT_OFFSET = regex(r"(?:0x)?[0-9a-fA-F]{1,4}")
_CUT_NAME = regex(r"\w{1,60}\+0x[0-9a-fA-F]{1,16}|x[0-9a-fA-F]{1,16}")
_MAX_WRAPPED = 4
_SCREEN = 80
_FEWEST_BARE, _FEWEST_OFFSETS, _SHORTEST_NAME = 3, 2, 4

_ARGUMENTS = regex(r"(?<=\w)\((?:0x[0-9a-fA-F]{1,16}(?:, |\))){1,32}\Z")
"""`STORE+0x31304(0x0000000E, 0x59CA6830, 0x00000400)`: mailers and trace tools print a call as source writes it."""


class Draft:
    """A frame while its lines are gathered."""

    __slots__ = ("columns", "first", "glued", "last", "parts", "row")

    def __init__(self, row: Row, index: int) -> None:
        self.row = row
        self.parts = [row.tail] if row.tail else []
        self.first = self.last = index
        self.columns = row.columns
        self.glued = False

    @property
    def tail(self) -> str:
        """The symbol and its notes, with the wraps joined; without a blank where a name was cut in two."""
        return ("" if self.glued else " ").join(self.parts)

    def extend(self, part: str, index: int) -> None:
        """Add what row `index` of the text carries on with."""
        self.parts.append(part)
        self.last = index


class OpenStack:
    """A stack while its rows are gathered."""

    __slots__ = (
        "bare",
        "count",
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
        self.drafts: list[Draft | range] = []
        self.count = 0
        self.pending: Draft | None = None
        self.gap = self.noise = self.strangers = 0

    def add(self, draft: Draft) -> None:
        """Take a frame in; the stack is whole again up to here."""
        if self.count < MAX_FRAMES:
            self.drafts.append(draft)
            self.count += 1
        self._goes_on()

    def add_run(self, indices: range, last: Draft) -> None:
        """Take in plain rows that follow each other, and the one below them."""
        self.drafts += [indices, last]
        self.count += len(indices) + 1
        self._goes_on()

    @property
    def last(self) -> Draft | None:
        """The last frame."""
        draft = self.drafts[-1] if self.drafts else None
        return draft if isinstance(draft, Draft) else None

    def _goes_on(self) -> None:
        self.pending = None
        self.gap = self.noise = self.strangers = 0


def row_symbol(tail: str) -> Symbol | None:
    """The symbol of a row that must begin with one; labels of disassembly end in a colon and are none."""
    symbol = read_symbol(tail) if tail else None
    return None if symbol is None or symbol.rest.startswith((":", "=", ",")) else symbol


def lone_symbol(text: str) -> Symbol | None:
    """The symbol of a line that holds nothing else but the arguments of the call."""
    arguments = _ARGUMENTS.search(text) if text.endswith(")") else None
    if arguments is not None:
        text = text[: arguments.start()]
    if ("!" not in text and "+0x" not in text and not text.startswith("0x")) or text.endswith((":", ";", ".", ",")):
        return None
    symbol = read_symbol(text)
    return None if symbol is None or symbol.rest else symbol


def is_bare_name(row: Row) -> bool:
    """A function without a module: the Function Name column of NT, and the managed frames of !clrstack."""
    symbol = read_symbol(row.tail, bare=True)
    if symbol is None or symbol.function is None or symbol.rest:
        return False
    return row.columns >= 4 or (row.columns == 2 and "." in symbol.function and "(" in row.tail)


def is_runtime_frame(tail: str) -> bool:
    """`[HelperMethodFrame: 000000d11fbce1a8]` and the like stand in for code of the runtime, and name none."""
    return tail.startswith("[") and "Frame" in tail[:80]


def of_managed_call(row: Row) -> Row:
    """The row with the method that stands behind the runtime's frame: `[InlinedCallFrame: 00b6f3bc] A.B.Wait()`."""
    _, bracket, name = row.tail.partition("] ")
    return structs.replace(row, tail=name.strip()) if bracket and "(" in name and is_runtime_frame(row.tail) else row


def restarts(stack: OpenStack, row: Row) -> bool:
    """Frame numbers that start anew belong to another stack."""
    if row.number is None or stack.last is None:
        return False
    before = stack.last.row.number
    return before is not None and row.number <= before and row.number == 0


def closes_note(draft: Draft, text: str) -> bool:
    """Whether the line goes on with a note (FPO, source) or an argument list (kP) that the frame left open."""
    tail = draft.tail
    if not open_brackets(tail):
        return False
    note = tail.rfind("(FPO") >= 0 or "[" in tail
    if note:
        return len(draft.parts) < _MAX_WRAPPED and len(text) < 100 and (text[0] in "[(" or "]" in text or ")" in text)
    return text.endswith(",") or ")" in text


def splits_name(tail: str, text: str) -> bool:
    """Whether the wrap cut a name: `…@@AAEJPAU_RPC_` and `MESSAGE@@IPAJ@Z+0xb0`, or `store!MDB::` and `FreeLockid`."""
    if _CUT_OFFSET.fullmatch(text):  # "…IPAJ@Z+" and then "0xd6", "…IPAJ@Z+0xd" and then "6"
        return "!" in tail and " " not in tail and (tail.endswith("+") or ("+0x" in tail and not text.startswith("0x")))
    if "!" in text or "+" in tail or " " in tail:
        return False
    head = text.split("+", 1)[0]
    if tail.endswith("::"):
        return " " not in head.split(" [", 1)[0].split(" (", 1)[0]
    return "!?" in tail and " " not in head and (head == "Z" or "@" in head)


def cut_by_screen(draft: Draft, row: str, text: str) -> bool:
    """Whether a screen of 80 columns cut the row of the frame, between any two characters.

    `0012f8c4 004012ab 00000001 0012f8f0 00403010 orchard!PickAllApplesOfTheBasketOf` and below it `Trees+0x1c`, or
    `…Trees+0` and `x1c`. What a row that is not full is followed by is a frame of its own, or a remark.
    """
    tail = draft.tail
    if len(row) != _SCREEN or draft.columns < 2 or " " in tail or "!" not in tail:
        return False
    found = _CUT_NAME.fullmatch(text)
    return found is not None and (tail.endswith("+0") if "+" in tail else "+" in text)


def is_named(stack: OpenStack, frames: tuple[Frame, ...]) -> bool:
    """A heading alone is no proof when all that follows is numbers."""
    return any(frame.module or frame.function for frame in frames) or _drafts(stack)[0].columns >= 2


def _are_calls(frames: tuple[Frame, ...]) -> bool:
    """Whether symbols without offsets are calls of each other. Lists of what a program imports, and of what a debugger
    finds by a pattern, are sorted or repeat the pattern; `Sheet1!A1` is a cell.
    """
    names = [(frame.function or "").lower() for frame in frames]
    if len(set(names)) < len(names) or any(
        frame.module is None or len(name) < _SHORTEST_NAME for frame, name in zip(frames, names, strict=True)
    ):
        return False
    return names not in (sorted(names), sorted(names, reverse=True))


def _drafts(stack: OpenStack) -> list[Draft]:
    """The frames of a stack without runs: only what is sure to be one has them."""
    return [draft for draft in stack.drafts if isinstance(draft, Draft)]


def proves_itself(stack: OpenStack, frames: tuple[Frame, ...]) -> bool:
    """Whether rows without a heading are a stack: several of them, and not a dump of memory beside its symbols."""
    if stack.bare:
        return len(frames) >= _FEWEST_BARE and (
            sum(frame.offset is not None for frame in frames) >= _FEWEST_OFFSETS or _are_calls(frames)
        )
    named = sum(frame.module is not None for frame in frames)
    drafts = _drafts(stack)
    if any(draft.columns >= 5 for draft in drafts) and named:
        return True
    firsts = [draft.row.first for draft in drafts if draft.row.first is not None]
    steps = {later - earlier for earlier, later in pairwise(firsts)}
    return named >= 2 and not steps <= {4, 8}
