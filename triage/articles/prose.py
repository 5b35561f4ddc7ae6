"""Facts that running text tells: codes, stop codes, events, images and functions named in sentences of the symptoms.

Examples of what is read:

    an access violation (0xC0000005) in Store.exe        STOP 0x1E error message      Stop 0xC000021A
    an event 9175 from MSExchangeSA                      MSExchangeIS event ID 1005   Event ID: 11, Source: Disk
    snalm!QueueBuffer                                     a Dr. Watson error in Mad.exe
"""

import re
from collections.abc import Iterator
from typing import Final

from triage.articles.anycase import AnyCase
from triage.facts.incident import STATUS_SEVERITIES, is_status
from triage.model.rule import BugCheckSymptom, EventSymptom, ExceptionSymptom, FaultSymptom, Symptoms
from triage.text.fault_words import TRAPS, code_of
from triage.text.stop import stop_code

MAX_TEXT: Final = 60_000
MAX_FACTS: Final = 12

CRASH: Final = AnyCase(
    r"\b(?:access violations?|av|page faults?|protection (?:faults?|violations?|errors?)|gpfs?|gp[- ]faults?"
    r"|unhandled exceptions?|exception|exceptions|exception errors?|crash|crashe[sd]|crashing|hangs?|hung|hanging"
    r"|stops? responding|stopped responding|quits? responding|does not respond|not responding|dr\.? ?watson"
    r"|blue screens?"
    r"|stop (?:error|message|screen|code|0x\w{1,10})|bug ?checks?|traps?|faults?|deadlocks?|locks up|locked up"
    r"|lockups?"
    r"|(?:terminates?|terminated|stops?|quits?|exits?|closes?|ends?|fails?|shuts down|shut down) (?:un|ab)\w{4,12}ly"
    r"|unexpectedly|abnormal (?:termination|end)|illegal operation|invalid instruction|stack overflows?|fatal error"
    r"|internal error|heap corruption|corrupts? (?:the )?(?:heap|memory)|freezes?|frozen|restarts? (?:unexpectedly"
    r"|itself)"
    r"|reboots? (?:unexpectedly|itself|spontaneously)|memory leaks?|infinite loop|unrecoverable application error"
    r"|uae|divide (?:by (?:zero|0)|errors?|overflow)|exception code)\b",
)
"""Words by which articles say that a program or system crashes or hangs."""

EXCEPTION_CODES: Final = frozenset(
    {
        0xC0000005, 0xC0000006, 0xC0000008, 0xC000001D, 0xC000001E, 0xC0000025, 0xC0000026, 0xC000008C, 0xC000008D,
        0xC000008E, 0xC000008F, 0xC0000090, 0xC0000091, 0xC0000092, 0xC0000093, 0xC0000094, 0xC0000095, 0xC0000096,
        0xC00000FD, 0xC0000135, 0xC0000138, 0xC0000139, 0xC000013A, 0xC0000142, 0xC0000194, 0xC0000374, 0xC0000409,
        0x80000001, 0x80000002, 0x80000003, 0x80000004, 0xE06D7363, 0x0EEDFADE, 0xE0434352, 0xE0434F4D,
    }
)  # fmt: skip
"""Status values with which programs end (ntstatus.h, language runtimes); other codes in prose are words."""

WATCHERS: Final = frozenset(
    "drwtsn32.exe drwatson.exe drwtsn16.exe windbg.exe ntsd.exe cdb.exe kd.exe i386kd.exe alphakd.exe dumpexam.exe "
    "dumpchk.exe userdump.exe adplus.exe regedit.exe regedt32.exe update.exe hotfix.exe".split()
)
"""Programs that articles name because they watch, record or repair, not because they fail."""

_SENTENCE = re.compile(r"(?<=[.!?])[\"')]{0,2}\s+(?=[A-Z\"'(])|\n")
_CODE = AnyCase(r"(?<![\w$-])(?:0x)?([8ce]0[0-9a-f]{6}|e06d7363|0eedfade)h?(?!\w)", needs=("c0", "80", "e0", "0eed"))
_TRAP = AnyCase(r"\bexception (?:code |error |number )?(0[0-9a-f])h?(?!\w)(?! {0,2}[:=])", needs=("exception",))
"""`exception code 0D at 0028:C0011C5F`: the processor's number of the trap."""

_NO_FAULT = re.compile(r"\b(?:syntax|compiler|file permission|permission)\b", re.IGNORECASE)
"""`Syntax error or access violation` is what a database says of a statement."""

_EVERYDAY: Final = frozenset({0x80000002, 0x80000003})
"""Codes whose words (alignment, breakpoint) articles about debuggers use in another sense."""

_CHANCE = re.compile(r"\b(first|second)[- ]chance", re.IGNORECASE)
_STOP = re.compile(
    r"\b(?:STOP|Stop|[Bb]ug ?[Cc]hecks?|[Bb]ugcheck code|BugCheck)(?: (?:errors?|messages?|screens?|codes?|traps?))?"
    r"(?: of| is|:| -|,)? {0,2}\(?[\"']?(?P<code>0[xX][0-9a-fA-F]{1,8}|[cC]0{3,4}[0-9a-fA-F]{3,4}"
    r"|0{5,7}[0-9a-fA-F]{1,3}|[0-9a-fA-F]{1,3}h\b|[0-9A-F]{1,2}\b)"
    r"(?: {0,2}\((?P<list>[^()]{3,120})\))?"
)
_STOPS = AnyCase(r"stop|check")
"""Without these words no stop code is told."""

_PARAMETER = re.compile(r"0x[0-9a-f]{1,16}|[0-9a-f]{8,16}", re.IGNORECASE)

_EVENT = re.compile(
    r"\b(?:(?P<before>[A-Z]\w{1,30}(?: [A-Z]\w{1,20})?) )?[Ee]vents?(?: [Ll]og)?(?: (?:ID|Id|id|IDs|[Nn]umber"
    r"|message|error))?s?(?: {1,2}|(?=[:#=]))[:#=]? {0,2}"
    r"(?P<id>\d{1,5})(?![\w%/]|[.,]\d)(?P<more>(?:(?:, | and | or |, and |, or )\d{1,5}(?![\w%]|\.\d)){0,6})"
    r"(?=(?P<after>[^.]{0,80}))"
)
_SOURCE = re.compile(
    r"(?:\bsource\b[: ]{1,3}(?:of |is |name )?\"?(?P<labelled>[A-Z]\w{1,30}(?: [A-Z][\w]{1,20}){0,2})"
    r"|\b(?:from|by|for)(?: the)? (?:source )?\"?(?P<named>(?:[A-Z]\w{0,4}[A-Z]\w{2,30}|[A-Z]\w{2,30})))"
)
_SOURCE_LIKE = re.compile(r"\w*[A-Z]\w*[A-Z]\w*|[A-Z]\w*\d\w*|Disk|Browser|Workstation|Srv|Tcpip|Rdr|Print|Perflib")
_VERBS: Final = frozenset(
    {"logs", "logged", "log", "causes", "generates", "error", "errors", "with", "reports", "returns", "and"}
)
_GENERIC: Final = frozenset(
    """the this an a following these system application security error warning information windows nt event log viewer
    service server microsoft additional netlog each stop when if id exchange similar directory new user last an first
    one two error or and with in type category source description may you client computer""".split()
)
_IMAGE = re.compile(
    r"(?<![\w.\\/@-])([\w$~-]{1,32}\.(?:exe|dll|sys|drv|vxd|ocx|386|cpl|com|nlm|pdr|mpd))(?![\w\\])", re.IGNORECASE
)
_FAULTING = re.compile(
    r"\b(?:in|at|of|by|module) (?:the )?(?:file |module |driver |program )?\"?([\w$~-]{1,32}\.(?:exe|dll|sys|drv"
    r"|vxd|ocx|386))\b"
    r"(?: at (?:address )?((?:[0-9a-f]{4}):(?:[0-9a-f]{4,8}))\b)?",
    re.IGNORECASE,
)
_SYMBOL = re.compile(r"(?<![\w!.])([A-Za-z][\w~-]{1,24})!([A-Za-z_?@][\w:~@?$]{2,80})")
_ROUTINE = re.compile(r"\b(?:routine|function)s? (?:named )?\"?([A-Za-z_]\w{2,60}(?:::~?\w{2,60})?)\(\)")


def read_prose(text: str) -> Symptoms:
    """Facts of running text without quotations; images count only in sentences that speak of a crash."""
    text = text[:MAX_TEXT]
    sentences = _SENTENCE.split(text)
    crashing = [sentence for sentence in sentences if CRASH.search(sentence)]
    together = "\n".join(crashing)
    images = list(dict.fromkeys(match[1].lower() for match in _IMAGE.finditer(together)))[:MAX_FACTS]
    faulting = _faulting(together)
    blamed = {fault.module for fault in faulting}
    return Symptoms(
        exceptions=tuple(dict.fromkeys(_exceptions(text, crashing)))[:MAX_FACTS],
        bugchecks=tuple(dict.fromkeys(_bugchecks(text)))[:MAX_FACTS],
        events=tuple(dict.fromkeys(_events(text)))[:MAX_FACTS],
        processes=tuple(name for name in images if name.endswith(".exe") and name not in {*WATCHERS, *blamed}),
        faulting=faulting,
        modules=tuple(name for name in images if not name.endswith((".exe", ".com")) and name not in blamed),
        stacks=tuple(dict.fromkeys(read_symbols(text)))[:MAX_FACTS],
    )


def read_codes(text: str) -> tuple[ExceptionSymptom, ...]:
    """Exception codes of messages that no reader of logs knows, by number or in words: `integer divide by 0`."""
    text = text[:MAX_TEXT]
    faults = [row for row in text.split("\n") if CRASH.search(row) and not _NO_FAULT.search(row)]
    return tuple(dict.fromkeys(_exceptions(text, faults)))


def _exceptions(text: str, crashing: list[str]) -> Iterator[ExceptionSymptom]:
    for match in _CODE.finditer(text):
        code = int(match[1], 16)
        if code in EXCEPTION_CODES:
            chance = _CHANCE.search(text, max(0, match.start() - 60), match.end() + 60)
            yield ExceptionSymptom(
                code, None if chance is None else ("first" if chance[1].lower() == "first" else "second")
            )
    for match in _TRAP.finditer(text):
        if (trap := int(match[1], 16)) in TRAPS:
            yield ExceptionSymptom(TRAPS[trap])
    for sentence in crashing:
        named = code_of(sentence.replace("GP-", "GP ").replace(" by 0", " by zero"))
        if named is not None and named not in _EVERYDAY:
            yield ExceptionSymptom(named)


def _bugchecks(text: str) -> Iterator[BugCheckSymptom]:
    for match in _STOP.finditer(text) if _STOPS.search(text) else ():
        printed = match["code"]
        digits = printed.rstrip("hH")
        plain = digits if digits.lower().startswith("0x") or len(digits) == 8 else f"0x{digits}"
        code = stop_code(plain) if digits.lower() != "0x" else None
        if code is None or (digits == printed and len(digits) < 3 and not _labelled(match.group())):
            continue
        parameters = [int(value, 16) for value in _PARAMETER.findall(match["list"] or "")][:4]
        yield BugCheckSymptom(code, tuple(parameter(value) for value in parameters))


def _labelled(printed: str) -> bool:
    """`Stop 50` may be anything; `STOP error 50`, `STOP: 50` and `bug check 50` are a stop code."""
    return printed.startswith("STOP") or not printed.startswith("Stop ") or ":" in printed or " code" in printed


def parameter(value: int) -> int | None:
    """A bug check parameter that is the same on every machine: a small number or a status value; None for addresses."""
    low = value & 0xFFFFFFFF
    if value < 0x1000:
        return value
    return low if low >> 28 in STATUS_SEVERITIES and is_status(low) else None


def _events(text: str) -> Iterator[EventSymptom]:
    for match in _EVENT.finditer(text) if "vent" in text else ():
        numbers = [int(match["id"]), *(int(number) for number in re.findall(r"\d{1,5}", match["more"]))]
        before = match["before"] or ""
        words = before.split()
        while words and words[0].lower() in _GENERIC:
            words = words[1:]
        while words and words[-1].lower() in _VERBS:
            words = words[:-1]
        if not any(_SOURCE_LIKE.fullmatch(word) for word in words):
            words = []
        found = _SOURCE.search(match["after"])
        source = _named(found) or " ".join(words) or None
        for number in numbers:
            if 0 < number <= 65535:
                yield EventSymptom(source=source, id=number)


def _named(found: re.Match[str] | None) -> str | None:
    """The source that follows an event's number: labelled as such, or a name such as MSExchangeSA after "from"."""
    if found is None:
        return None
    name: str = found["labelled"] or found["named"]
    if name.lower() in _GENERIC or not (found["labelled"] or _SOURCE_LIKE.fullmatch(name)):
        return None
    return name


def _faulting(text: str) -> tuple[FaultSymptom, ...]:
    """Images that sentences blame; a program only where they call it a module ("in Ledger.exe" names the process)."""
    found = (
        FaultSymptom(match[1].lower(), match[2].lower() if match[2] else None)
        for match in _FAULTING.finditer(text)
        if match[2] or "module" in match.group().lower() or not match[1].lower().endswith(".exe")
    )
    return tuple(dict.fromkeys(found))[:MAX_FACTS]


def read_symbols(text: str) -> Iterator[tuple[str, ...]]:
    """Symbols that text names, each as a stack of one frame: `snalm!QueueBuffer`."""
    for match in _SYMBOL.finditer(text) if "!" in text else ():
        yield (f"{match[1].lower()}!{match[2].lower()}",)
