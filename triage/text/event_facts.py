"""What an event's description tells of a crash: process, module, exception, bug check.

Sources of the layouts: message tables of wer.dll (Application Error, Windows Error Reporting), drwtsn32.exe
(DrWatson 4097), savedump (Save Dump, BugCheck 1001), Kernel-Power 41, mscoree (.NET Runtime 1023, 1026).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from triage.model.evidence import Access, BugCheck, Frame
from triage.text.clr_words import SYSTEM_CODES
from triage.text.drwatson import program_of
from triage.text.event_crashes import (
    APPLICATION,
    CODE,
    HUNG,
    MODULE,
    NET_HEAD,
    NET_INTERNAL,
    NET_VERSIONS,
    OFFSET,
    PROCESS_ID,
)
from triage.text.event_record import Record
from triage.text.faults import Fault, read_faults
from triage.text.faults_foreign import read_foreign
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.messages import unwrap
from triage.text.modules_names import loaded_name
from triage.text.numbers import status

_MAX_FRAMES = 200

SIGNATURES: dict[str, Mapping[str, int]] = {
    "APPCRASH": {"process": 1, "module": 4, "code": 7, "offset": 8},
    "BEX": {"process": 1, "module": 4, "offset": 7, "code": 8},
    "BEX64": {"process": 1, "module": 4, "offset": 7, "code": 8},
    "MoAppCrash": {"module": 5, "code": 8, "offset": 9},
    "CLR20r3": {"process": 1},
    "AppHangB1": {"process": 1},
    "AppHangXProcB1": {"process": 1},
    "MoAppHang": {},
    "BlueScreen": {"bugcheck": 1},
    "LiveKernelEvent": {"bugcheck": 1},
}
"""Event name of Windows Error Reporting -> which of P1 to P10 says what. In BEX offset and code change places."""

_UNNAMED_1000 = ("process", "", "", "module", "", "", "code", "offset", "pid")
_NAMED_1000 = {
    "AppName": "process",
    "ModuleName": "module",
    "ExceptionCode": "code",
    "FaultingOffset": "offset",
    "ProcessId": "pid",
}
"""Insertion strings of Application Error 1000, by position and (Windows 10 2004 and later) by name."""

_LABELS = tuple(
    (field, tuple(label.lower() for label in labels))
    for field, labels in (
        ("process", APPLICATION),
        ("module", MODULE),
        ("code", CODE),
        ("offset", OFFSET),
        ("pid", PROCESS_ID),
    )
)

_LABEL_SIGNS = (
    "faul", "fehl", "fout", "felet", "fejl", "falha", "error", "hiba", "posun", "process", "offset", "code", "skod",
    "eccezione",
)  # fmt: skip
"""Each label in ASCII has one of these; a description has few of them, and need not be searched for all labels."""

_HEX = r"(?:0x){0,2}[0-9a-fA-F]{1,16}"
"""Windows 11 prints the process id as 0x0x21CC: its message has the prefix, and so has the value."""

_WATSON = regex(
    r"application,?\s(?P<app>[^,\n]{1,200}),\s(?:generated|\w{8,11}) an? ap{1,2}l?\w{6,10}\s+er{1,2}\w{1,3}",
    re.IGNORECASE,
)
_WATSON_CODE = regex(
    r"exception\s+(?:code\s+)?generated\s+was\s+(?P<code>[0-9a-fA-F]{8})(?:\s+at\s+address\s+(?P<address>[0-9a-fA-F]{8,16})"
    r"(?:\s+\((?P<function>[^()\s]{1,200})\))?)?",
    re.IGNORECASE,
)
_BUGCHECK = regex(rf"0x(?P<code>[0-9a-fA-F]{{8}})\s?\((?P<parameters>{_HEX}(?:\s{{0,8}},\s{{0,8}}{_HEX}){{0,3}})\)")
_SYSTEM_ERROR = regex(
    r"\b(?P<code>[0-9a-fA-F]{8}),[^,\n]{0,24}?\b(?P<p1>[0-9a-fA-F]{8,16}),[^,\n]{0,24}?\b(?P<p2>[0-9a-fA-F]{8,16}),"
    r"[^,\n]{0,24}?\b(?P<p3>[0-9a-fA-F]{8,16}),[^,\n]{0,24}?\b(?P<p4>[0-9a-fA-F]{8,16})\b"
)
_EXCEPTION = regex(
    r"exception(?:\s+code)?(?:\s+(?:generated|was))?[\s:=(]{1,4}(?:0x)?(?P<code>[c8e][0-9a-f]{7})\b"
    r"|access\s+violation\s*\((?:0x)?(?P<code2>[0-9a-f]{8})\)|exit\s+code\s+(?P<code3>8013[0-9a-f]{4})",
    re.IGNORECASE,
)
_VIOLATION = regex(r"\baccess\s+violation\b", re.IGNORECASE)
_ADDRESS = regex(r"(?:\bat\s+address|exception\s+address:?)\s+(?:0x)?(?P<address>[0-9a-fA-F]{5,16})\b", re.IGNORECASE)
_ATTEMPT = regex(
    r"attempt\w{0,3}\s+to\s+(?P<access>read|write)\s+(?:from|to)\s+0x(?P<target>[0-9a-fA-F]{1,16})", re.IGNORECASE
)
_NET_TYPE = regex(r"\b(?P<type>(?:[A-Za-z_]\w{0,80}\.){1,12}[A-Za-z_]\w{0,100}?Exception)\b")
"""The first type below the head of .NET Runtime 1026 is that of the exception that nobody handled."""

_NET_FRAME = regex(
    r"(?:^|\s)(?:at|bei|à|в|en|in|em|w|v|bij|vid|ved|konum:|위치:|場所|在|於)\s{1,3}"
    r"(?P<function>[\w.+<>`$~]{3,300}(?:\[[\w,. ]{0,80}\])?)\("
)
_HANG = regex(
    r"(?:Hanging application|The program)\s+(?P<process>[^\n,]{1,80}?\.exe)\b"
    r"(?:[^\n]{0,80}hang module (?P<module>[\w.]{1,60}))?"
)
_HUNG_PROGRAM = regex(r"(?P<process>[\w.$~+-]{1,80}\.exe)(?![\w.])[^\n]{0,80}$", re.IGNORECASE)
"""The program before the words of `HUNG`, in any language; a name with blanks is known by the words before it only."""

_NO_NAME = regex(r"[<>*?|\"]|%\d|\.\.\.")
"""What no file's name holds: `<module name>` and `%4` stand for one in what articles and templates quote."""

_ENDED = regex(
    r"process \((?P<process>[\w.$~-]{1,60}\.exe)\) (?:ended|terminated)"
    r"|dump file \S{1,200} for (?P<process2>[\w.$~-]{1,60}\.exe)",
    re.IGNORECASE,
)
_POPUP = regex(r"(?:^|[:\uff1a\n])\s{0,3}(?P<process>[\w.$~+() -]{1,60}?\.exe)\s{1,3}[-\u2013]\s", re.IGNORECASE)
"""The title of a box behind the words for it in any language: `Application popup: Ledger.exe - Application Error`."""

_PROBLEM = regex(r"\bP(?P<number>\d{1,2})\s?:[ \t]?(?P<value>[^\n]{0,200}?)(?=\s+P\d{1,2}\s?:|\n|$)")
_EVENT_NAME = regex(r"\b(?:" + "|".join(sorted(SIGNATURES, key=len, reverse=True)) + r")\b")


Named = Mapping[str | None, str]
"""Insertion strings by their names; None is the name of those that have none."""


class EventFacts(Struct, frozen=True, kw_only=True, gc=False):
    """What was read out of a description; `code` is an exception code."""

    process: str | None = None
    pid: int | None = None
    module: str | None = None
    offset: int | None = None
    code: int | None = None
    address: int | None = None
    access: Access | None = None
    target: int | None = None
    function: str | None = None
    bugcheck: BugCheck | None = None
    stack: tuple[Frame, ...] = ()
    faults: tuple[Fault, ...] = ()


def facts_of(record: Record) -> EventFacts:
    """The facts of an event's description and insertion strings; each reader fills what those before it left."""
    found: dict[str, str] = {}
    named = dict(record.values)
    if record.id == 1000 and named:
        found = _application_error(record.values, named)
    elif record.id == 1002 and named and record.source == "Application Hang":
        found = {"process": record.values[0][1]}  # the first of its insertion strings, from Windows XP on
    text = record.body or "\n".join([value for _, value in record.values])
    lowered = text.lower()
    managed = _is_managed(text)
    popup = "popup:" in lowered or "popup" in (record.source or "").lower()
    told = _told(text, lowered, managed=managed, popup=popup)
    for more in (_labelled(text), _reported(text), _watson(text, lowered), told):
        if more:
            found = more | found
    faults = _faults(Text(text.split("\n"))) if record.body else ()
    fault = next((f for f in faults if f.code is not None), None) if faults else None
    code = status(_number(found.get("code")))
    bugcheck = _bugcheck(record, named, text, lowered, found)
    access: Access | None = "read" if found.get("access") == "read" else "write" if "access" in found else None
    return EventFacts(
        process=_process(found.get("process")) or (fault.process if fault else None),
        pid=_number(found.get("pid")),
        module=_module(found.get("module")) or (fault.module if fault else None),
        offset=_number(found.get("offset")),
        code=fault.code if code is None and fault is not None and bugcheck is None else code,
        address=_number(found.get("address")) if fault is None else fault.address,
        access=access if fault is None else fault.access,
        target=_number(found.get("target")) if fault is None else fault.target,
        function=found.get("function"),
        bugcheck=bugcheck,
        stack=_managed_stack(text) if managed else (),
        faults=faults,
    )


def _faults(text: Text) -> tuple[Fault, ...]:
    """The fault messages of a description, in whatever language."""
    return read_faults(text) or (tuple(read_foreign(text)) if "0x" in text.joined else ())


def _application_error(values: Sequence[tuple[str | None, str]], named: Named) -> dict[str, str]:
    if not _NAMED_1000.keys().isdisjoint(named):
        return {_NAMED_1000[name]: value for name, value in values if name in _NAMED_1000}
    return {key: value for key, (_, value) in zip(_UNNAMED_1000, values, strict=False) if key and value}


def _labelled(text: str) -> dict[str, str]:
    """Fields of Application Error 1000 by their labels, in any language, on lines of their own or run together."""
    plain = text if text.isascii() else text.replace("\u2019", "'").replace("\u00a0", " ")
    lowered = plain.lower()
    if len(lowered) != len(plain):
        return {}
    tables = _LABELS
    if lowered.isascii():
        tables = _labels_with(tuple([sign for sign in _LABEL_SIGNS if sign in lowered]))
    found: dict[str, str] = {}
    for field, labels in tables:
        for label in labels:
            at = lowered.find(label)
            if at >= 0 and (value := _value(plain[at + len(label) : at + len(label) + 260], field)):
                found[field] = value
                break
    # A code alone may be any program's that prints one; beside the label of the application it is the event's.
    told = found.keys() & {"module", "offset"} or found.keys() >= {"process", "code"}
    return found if told else {key: found[key] for key in ("process",) if key in found}


@lru_cache(maxsize=256)
def _labels_with(signs: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The labels that an ASCII text can have in which of `_LABEL_SIGNS` just these stand."""
    return tuple(
        (field, tuple(label for label in labels if label.isascii() and any(sign in label for sign in signs)))
        for field, labels in (_LABELS if signs else ())
    )


def _value(rest: str, field: str) -> str:
    if field in {"process", "module"}:
        match = re.match(
            r"\s{0,3}[*`|]{0,3}[:\uff1a]?[\s*`\"|]{0,5}(?P<value>[^,\uff0c\u3001;\n:*`|\"]{1,120}?)\s?(?=[,\uff0c\u3001;\n*`|\"\u2026]|\.\s|\.{3}|$)",
            rest,
        )
    else:
        match = re.match(rf"[\s:\uff1a.*`|\"]{{0,8}}(?P<value>{_HEX})\b", rest)
    return match["value"].strip() if match is not None else ""


def _reported(text: str) -> dict[str, str]:
    """Fields of Windows Error Reporting 1001, by the signature that belongs to its event name."""
    name = _EVENT_NAME.search(text) if any(map(text.__contains__, SIGNATURES)) else None
    if name is None:
        return {}
    problems = {int(match["number"]): match["value"].strip() for match in _PROBLEM.finditer(text)}
    if not problems:
        after = text[name.end() :].split("\n")[3:13]
        problems = dict(enumerate((value.strip() for value in after), start=1))
    signature = SIGNATURES[name.group()]
    found = {field: problems[number] for field, number in signature.items() if problems.get(number)}
    if "bugcheck" in found:
        found["parameters"] = ",".join(problems.get(number, "") for number in range(2, 6))
    return found


def _watson(text: str, lowered: str) -> dict[str, str]:
    """Fields of Dr. Watson's own event, 4097."""
    found: dict[str, str] = {}
    if (
        "application" in lowered
        and (app := _WATSON.search(text)) is not None
        and (program := program_of(app["app"])) is not None
    ):
        found["process"] = program
    if "exception" in lowered and (match := _first(_WATSON_CODE, text, lowered, "exception")) is not None:
        found |= {key: value for key, value in match.groupdict().items() if value}
    return found


def _told(text: str, lowered: str, *, managed: bool, popup: bool) -> dict[str, str]:
    """What sentences of many programs tell: exception codes and addresses, the process that ended, a hang."""
    found: dict[str, str] = {}
    # A word of each sentence is looked for first: most descriptions hold none, and patterns take their time.
    violation = "violation" in lowered
    may = violation or "exception" in lowered or "exit" in lowered
    if may and (match := _first(_EXCEPTION, text, lowered, "exception", "access", "exit")) is not None:
        found["code"] = match["code"] or match["code2"] or match["code3"]
    elif violation and _VIOLATION.search(text):
        found["code"] = "c0000005"
    if "code" in found and (match := _ADDRESS.search(text)) is not None:
        found["address"] = match["address"]
    if "attempt" in lowered and (match := _ATTEMPT.search(text)) is not None:
        found |= {"access": match["access"].lower(), "target": match["target"]}
    if ("process (" in lowered or "dump file" in lowered) and (match := _ENDED.search(text)) is not None:
        found["process"] = match["process"] or match["process2"]
    if managed and (match := NET_HEAD.search(text)) is not None:
        found["process"] = match["process"]
        if "code" not in found and (kind := _NET_TYPE.search(text, match.end())) is not None:
            code = SYSTEM_CODES.get(kind["type"])
            found |= {} if code is None else {"code": f"{code:08x}"}
    if ".net" in lowered and " ip" in lowered and (match := NET_INTERNAL.search(text)) is not None:
        found |= {"code": match["code"], "address": match["address"]}
    if popup and (match := _POPUP.search(text)) is not None:
        found["process"] = match["process"]
    return found | _hung(text, lowered)


def _hung(text: str, lowered: str) -> dict[str, str]:
    """The program that stopped to answer, also where the sentence is in another language or lost its beginning."""
    if ("Hanging app" in text or "The program" in text) and (match := _HANG.search(text)) is not None:
        return {key: value for key, value in match.groupdict().items() if value}
    plain = lowered.replace("\u2019", "'")
    at = next((at for words in HUNG if (at := plain.find(words)) > 0), -1)
    match = None if at < 0 or len(plain) != len(text) else _HUNG_PROGRAM.search(text[max(0, at - 200) : at])
    return {} if match is None else {"process": match["process"]}


def _first(pattern: re.Pattern[str], text: str, lowered: str, *openings: str) -> re.Match[str] | None:
    """The first match of a pattern that begins with one of the openings, which are quicker to find than it is."""
    if not text.isascii():
        return pattern.search(text)
    places = [place for opening in openings for place in _places(opening, lowered)]
    return next((match for place in sorted(places) if (match := pattern.match(text, place)) is not None), None)


def _places(word: str, text: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _bugcheck(record: Record, named: Named, text: str, lowered: str, found: dict[str, str]) -> BugCheck | None:
    """The bug check of BugCheck 1001, System Error 1003, Kernel-Power 41 (decimal; 0 is a loss of power), WER."""
    if "BugcheckCode" in named:
        code = int(named["BugcheckCode"]) if named["BugcheckCode"].isdecimal() else 0
        numbers = [_number(named.get(f"BugcheckParameter{index}")) for index in range(1, 5)]
        return _checked(record, code, numbers) if code else None
    if "bugcheck" in found and (reported := _number(found["bugcheck"])) is not None:
        return _checked(record, reported, [_number(value) for value in found["parameters"].split(",")])
    if (record.id == 1001 or "bugcheck" in lowered) and (match := _BUGCHECK.search(text)) is not None:
        return _checked(record, int(match["code"], 16), [_number(value) for value in match["parameters"].split(",")])
    if (record.source or "").lower() in {"system error", "systemerror"} and (
        match := _SYSTEM_ERROR.search(text)
    ) is not None:
        return _checked(record, int(match["code"], 16), [_number(match[f"p{index}"]) for index in range(1, 5)])
    return None


def _checked(record: Record, code: int | None, numbers: Sequence[int | None]) -> BugCheck | None:
    parameters: list[int] = []
    for number in numbers:
        if number is None:
            break
        parameters.append(number)
    return None if code is None else BugCheck(code=code, parameters=tuple(parameters), lines=record.lines)


def _is_managed(text: str) -> bool:
    return any(word in text for word in ("ramework", "CoreCLR", "process was terminated due to")) or any(
        map(text.__contains__, NET_VERSIONS)
    )


def _managed_stack(text: str) -> tuple[Frame, ...]:
    """Frames of the .NET exception: `   at Ledger.Posting.Entry.Post(System.String)`."""
    matches = zip(range(_MAX_FRAMES), _NET_FRAME.finditer(text), strict=False)
    return tuple(Frame(function=match["function"]) for _, match in matches)


_VERSION_BEHIND = regex(r"(?<=\.[A-Za-z]{3})\s{1,3}\(?(?:v|version )?\d{1,5}(?:\.\d{1,6}){1,3}\)?$", re.IGNORECASE)
"""`ledger.exe v3.1.0.22`: who sums an event up leaves out the words between the name and its version."""


def _process(printed: str | None) -> str | None:
    """The file name of a process or module."""
    if not printed:
        return None
    name = _VERSION_BEHIND.sub("", unwrap(printed)).replace("/", "\\").rpartition("\\")[2].strip().strip("*")
    return None if not name or _NO_NAME.search(name) is not None else name


def _module(printed: str | None) -> str | None:
    name = _process(printed)
    return None if name is None else loaded_name(name)


def _number(printed: str | None) -> int | None:
    if not printed:
        return None
    digits = printed.strip().lower().removeprefix("0x").removeprefix("0x")
    try:
        return int(digits, 16) if 0 < len(digits) <= 16 else None
    except ValueError:
        return None
