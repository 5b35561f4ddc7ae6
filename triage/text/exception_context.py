"""What a debugger prints below the line of an exception: registers, the symbol, the instruction and its operand.

eax=00000000 ebx=00000000 … eip=77f7d357 esp=0006f964 …
ntdll!RtlFreeHeap+0x1b:
77f7d357 8902            mov     dword ptr [edx],eax  ds:0023:00000010=????????
"""

import re
from bisect import bisect_left

from msgspec import Struct

from triage.model.evidence import Access
from triage.text.folding import Likely, like
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.numbers import hexadecimal

_MOST_ROWS = 40

# The next event, prompt or module row ends what belongs to this one.
_END = regex(
    r"^[\s#*/;>-]{0,16}(?:\S{0,12}\s?ModLoad:|\([0-9a-f]{1,8}\.[0-9a-f]{1,8}\):|\d{1,4}:\d{1,4}(?::\w{1,8})?>|(?:\d{1,3}:\s)?l?kd>"
    r"|\*{20}|ChildEBP|Child-SP|FramePtr|FAULTING_IP|STACK_TEXT)",
    re.IGNORECASE,
)
_NEXT = regex(r"\s-\scode\s[0-9a-f]{8}", re.IGNORECASE)
_POINTER = regex(r"(?<![a-z])[er]ip\s?=\s?([0-9a-f]{8,16})\b", re.IGNORECASE)
# IA-64 and Alpha show the address only with the instruction.
_SYMBOL = regex(
    r"^[\s#*/;>-]{0,16}((?:[\w.$~#-]{1,128}![^\s:][^\n]{0,1000}?|[\w.$~#-]{1,128})(?:\+(?:0x)?[0-9a-f]{1,16})?)"
    r"(?:\s\[[^\[\]]{1,400}\])?:?\s{0,4}$",
    re.IGNORECASE,
)
# SNATRC!com_trc_dumpl+aa: 61d01cea 8a47ff   mov   al,[edi-0x1]      (symbol and instruction run together)
_RUN_TOGETHER = regex(r"(?<=[\w)>]):\s{1,8}(?=[0-9a-f]{8}(?:`?[0-9a-f]{8})?\s{1,4}[0-9a-f?]{2})", re.IGNORECASE)
_NAMED = regex(r"^[^\s!]{1,128}(?:![^\n]{1,1200}|\+0x[0-9a-f]{1,16})$", re.IGNORECASE)
_INSTRUCTION = regex(
    r"^[\s#*/;>-]{0,16}([0-9a-f]{8}(?:`?[0-9a-f]{8})?)\s{1,4}(?:[0-9a-f]{2,32}|\?\?)\s{1,32}([a-z?][a-z0-9.?]{0,12})(?:\s{1,16}(.{0,200}))?$",
    re.IGNORECASE,
)
_OPERAND = regex(r"\b[defgs]s:(?:[0-9a-f]{4}:)?([0-9a-f]{8}(?:`?[0-9a-f]{8})?)=(\?\?|[0-9a-f])", re.IGNORECASE)
_MEMORY_FIRST = regex(
    r"(?:(?:xmmword|ymmword|qword|dword|word|byte|tbyte|mmword)\s{1,2}ptr\s)?\s?(?:[defgs]s:)?\[", re.IGNORECASE
)
# Shapes of rows that one of these may match: with an address, a symbol, or what ends a context.
_ENDS = ("ModLoad:", "ChildEBP", "Child-SP", "FramePtr", "FAULTING_IP", "STACK_TEXT", "*" * 20)
_LIKELY = (
    Likely(
        rb"[\s#*/;>-]{0,16}(?:0{8}|\(0{1,8}\.0|0{1,4}:0{1,4}|(?:0{1,3}:\s)?l?" + like("kd>") + rb")",
        heads=rb"[\s#*/;>(-]|0{8}|0{1,4}:|l?" + like("kd>"),
    ),
    Likely(rb"!|\+0x?0|ip\s?=\s?0{8}|" + like(*_ENDS), words=("!", "+0", "ip=", "ip =", *_ENDS)),
    Likely(rb":\s{1,8}0{8}"),
)
# Instructions that only look at a first operand in memory.
_READERS = frozenset(
    "cmp test push call jmp mul imul div idiv bt fld fmul fadd fsub fdiv fild fcom lidt ldmxcsr".split()
)


class Context(Struct, frozen=True, kw_only=True):
    """Where an exception happened; `last` is the index of the last row that told it."""

    address: int | None = None
    symbol: str | None = None
    access: Access | None = None
    target: int | None = None
    last: int = -1


def read_context(text: Text, start: int) -> Context:
    """The context printed from row `start` on, as far as it is there."""
    address = target = None
    access: Access | None = None
    symbol = None
    last = -1
    likely = text.likely(*_LIKELY)
    for index in likely[bisect_left(likely, start) : bisect_left(likely, start + _MOST_ROWS)]:
        row = text.rows[index][:2000]
        lowered = row.lower()
        if _END.match(row) or ("code" in lowered and _NEXT.search(row)):
            break
        if ":" in row and (parted := _RUN_TOGETHER.search(row)):
            symbol = symbol or row[: parted.start()].strip()
            row = row[parted.end() :]
        if address is None and "ip" in lowered and (pointer := _POINTER.search(row)):
            address, last = hexadecimal(pointer[1]), index
        elif instruction := _INSTRUCTION.match(row):
            address = hexadecimal(instruction[1]) if address is None else address
            # A mailer wraps the operand to the next row.
            operands = (instruction[3] or "") + " " + (text.rows[index + 1][:200] if index + 1 < len(text.rows) else "")
            access, target = _operand(instruction[2], operands)
            last = index
            break
        elif (
            symbol is None
            and ("!" in row or "+0x" in lowered)  # what the name of a symbol must have
            and (found := _SYMBOL.match(row))
            and _is_symbol(found[1], row)
        ):
            symbol, last = found[1].rstrip(": "), index
    return Context(address=address, symbol=symbol, access=access, target=target, last=last)


def _is_symbol(name: str, row: str) -> bool:
    """Whether it is `module!function`, `module+0x12`, or a name of its own that a colon ends."""
    return _NAMED.match(name.rstrip(": ")) is not None and (row.rstrip().endswith((":", "]")) or "!" in name)


def _operand(instruction: str, operands: str) -> tuple[Access | None, int | None]:
    """How the instruction touched memory that was not there, and where."""
    operand = _OPERAND.search(operands)
    if operand is None or operand[2] != "??":
        return None, None
    target = hexadecimal(operand[1])
    if instruction.lower().startswith(("rep", "movs", "stos", "scas", "cmps")):
        return None, target
    writes = _MEMORY_FIRST.match(operands) is not None and instruction.lower() not in _READERS
    return ("write" if writes else "read"), target
