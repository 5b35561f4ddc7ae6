"""What stands around stacks: prompts, thread headings, warnings in their middle. Pure functions over one line."""

import re

from msgspec import Struct

from triage.text.lazy import regex

_PROMPT = regex(
    r"\s{0,16}(?:(?:\d{1,3}:\s?)?l?[kK][dD]\w{0,8}(?::\s?\w{1,8})?|\d{1,4}:\d{1,4}(?::\w{1,8})?)>\s?(.*)", re.DOTALL
)
# WinDbg of NT 4.0 echoes commands as "> kb"; quoting marks look the same, so only commands count.
_OLD_PROMPT = regex(r"\s{0,16}>\s?(k[bcdfLMnNpPv]{0,6}(?:[\s=].*)?|[!.]\w.*)", re.DOTALL)
_STACK_COMMAND = regex(
    r"(?:~[*.#\d]{0,5}\s{0,4})?(?:e\s+)?!?k[bcdfLMnNpPv]{0,6}(?=[\s=;]|$)|!(?:clr|dump)stack\b|!uniqstack\b"
)
# dds/dps/dqs print memory beside the symbols it happens to match, !exchain the handlers of exceptions: rows like those
# of k, and no stack.
_DUMP_COMMAND = regex(r"(?:d[a-zA-Z]{1,2}|!exchain)(?=[\s@;]|$)")

_THREADS = (
    # .  6  Id: 1364.a9 Suspend: 1 Teb: 7ffd9000 Unfrozen
    regex(r"\s{0,8}[.#]?\s{0,8}\d{1,5}\s{1,8}[Ii]d:\s{0,4}([0-9a-fA-F]{1,8}\.[0-9a-fA-F]{1,8})\s"),
    # State Dump for Thread Id 0x53
    regex(r"\s{0,16}(?:\*-{2,6}>\s?)?State Dump for Thread Id (?:0x)?([0-9a-fA-F]{1,8})\b"),
    # THREAD 8123abcd  Cid 0108.010c  Teb: 7ffde000 …
    regex(r"\s{0,16}THREAD [0-9a-fA-F]{8,16}\s{1,4}Cid\s{1,4}([0-9a-fA-F]{1,8}\.[0-9a-fA-F]{1,8})"),
    # OS Thread Id: 0xca94 (0)
    regex(r"\s{0,8}OS Thread Id: 0x([0-9a-fA-F]{1,8})\b"),
)
# !stacks of the kernel prints the first frame behind the thread, and the others below it:
#    4.00013c  ffffc7839a1b2080 0000321 Blocked    nt!KiSwapContext+0x76
_LISTED_THREAD = regex(
    r"\s{0,8}([0-9a-f]{1,6}\.[0-9a-f]{6})\s{1,4}[0-9a-f]{8,16}\s{1,4}[0-9a-f]{7,8}\s{1,4}[A-Z?]\w{1,12}\s{1,8}(\S.{1,600})"
)
# !us of the MEX extension prints a stack once for all the threads that have it, an address and a symbol a row:
# 222 threads [stats]: 1 2 3 4 5 6 7 8 9 10 ...
#     00007ff87494d084 ntdll!NtWaitForSingleObject+0x14
_SHARED = regex(r"\s{0,8}\d{1,6} threads? \[stats\]: [\d\s.]{1,400}")
# minidump_stackwalk: "Thread 0 (crashed)", then rows " 0  ntdll.dll!RtlFoo + 0x12", registers between them
_WALKED_THREAD = regex(r"Thread (\d{1,5})(?: \(crashed\)| \([^()]{0,80}\))*(?:\s.{0,80})?")
_WALKED_FRAME = regex(r"\s{0,4}(\d{1,4})\s{2}(\S.*)")
_WALKED_DETAIL = regex(r"\s{2,12}(?:\w{2,5} = 0x|Found by:)")

_NOISE = regex(
    r"\s{0,16}(?:WARNING:|ERROR:|\*\*\*|KD:|Following frames|\[Frame|Unable to |Missing image|Function Name\s*$"
    r"|\(?\.{3}\)?|\[\.{3}\]|<snip|\[snip|Loading symbols|SYMSRV:|DBGHELP:|Type referenced)",
    re.IGNORECASE,
)
_STACK_TEXT = regex(r"\s{0,16}STACK_TEXT\s{0,4}:?\s{0,8}")
_HASH_ROW = regex(r"\s{0,8}(?:Major\+Minor|Minor|Excluded)\s{1,8}:\s(?=\S)")


class Thread(Struct, frozen=True):
    """A heading of one thread's stack; `walked` where the rows below are those of minidump_stackwalk."""

    id: str
    walked: bool


def prompt(line: str) -> str | None:
    """What stands behind a debugger's prompt, or None where there is no prompt."""
    found = _PROMPT.match(line) or _OLD_PROMPT.match(line)
    return None if found is None else found[1].strip()


def is_stack_command(command: str) -> bool:
    """Whether the command prints a stack."""
    return _STACK_COMMAND.match(command) is not None


def is_dump_command(command: str) -> bool:
    """Whether the command prints memory."""
    return _DUMP_COMMAND.match(command) is not None


def thread(line: str) -> Thread | None:
    """The thread that the line is a heading of. The id is as printed, hex without 0x; "pid.tid" where both are told."""
    for pattern in _THREADS:
        found = pattern.match(line)
        if found is not None:
            return Thread(found[1].lower(), walked=False)
    found = _WALKED_THREAD.fullmatch(line[:200].rstrip())
    return None if found is None else Thread(found[1], walked=True)


def is_shared(line: str) -> bool:
    """Whether the line names threads that share the stack below it."""
    return _SHARED.fullmatch(line[:400]) is not None


def listed_thread(line: str) -> tuple[str, str] | None:
    """The thread of a row of !stacks, and the symbol of its first frame."""
    found = _LISTED_THREAD.fullmatch(line.rstrip())
    return None if found is None else (found[1], found[2])


def walked_frame(line: str) -> tuple[int, str] | None:
    """Number and symbol of a row of minidump_stackwalk."""
    found = _WALKED_FRAME.match(line)
    return None if found is None else (int(found[1]), found[2])


def is_walked_detail(line: str) -> bool:
    """Whether the line shows registers, or how the frame was found."""
    return _WALKED_DETAIL.match(line) is not None


def is_noise(line: str) -> bool:
    """Whether the line is one of those that debuggers print into the middle of a stack."""
    return _NOISE.match(line) is not None


def behind_stack_text(line: str) -> str | None:
    """What follows "STACK_TEXT:" on its line (mostly nothing), or None where the line is none."""
    found = _STACK_TEXT.match(line)
    return None if found is None else line[found.end() :]


def without_hash_usage(line: str) -> str:
    """A row of !exploitable's hash, "Major+Minor : gaf!Foo+0x12", without its first column."""
    found = _HASH_ROW.match(line)
    return line if found is None else line[found.end() :]
