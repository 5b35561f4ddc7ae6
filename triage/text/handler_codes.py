"""The rows in which programs' own crash handlers tell the code of an exception.

    Exception code: C0000005 ACCESS_VIOLATION at 00E4A2C5          labels, with the code, its name, or both
    ExceptionCode         : EXCEPTION_ACCESS_VIOLATION
    ExceptionCode: 0x3221225477 (The instruction at 0x%p …)        in decimal, which the mark does not say: Xenia
    204.820 Error CrashHandler.cpp:503: Exception Code: c0000005, Address: 0x00007ff7880ba9ef
    Access Violation (0xc0000005) at address 0x0046B0FE read attempt to address 0x00000010        sentences
    EXCEPTION_ACCESS_VIOLATION (0xc0000005) at address 0xe00063e7
    [11:29:30] EXCEPTION_ACCESS_VIOLATION (0xC0000005) @ Address 0x7FFB68A9BBC8 (orchard.dll+0x6BBC8 base:0x7FFB…)
    Unhandled Exception C0000005 (EXCEPTION_ACCESS_VIOLATION) at address 0x00007FF6D8C4C710
    EXCEPTION: 0xC0000005 at address: 0x00538CFC: ACCESS VIOLATION  read attempt to address 0xB0BAD502
    Invalid memory access (C0000005) at address 0x1234             Crystal, whose address is the data's
    Exception C0000005 caught!
    INFO (22:32:54.0392): Windows Exception (c0000005). Last hooked call: …          Mod Organizer
    error: unhandled exception in leaf, please report a bug:
    code 0xC0000005 at address 0x7ff869045d0c                      uv, of Python's packages
    exception.exception_code: 0xc0000005                           Cuckoo's sandbox, below the stack
    Received fatal exception EXCEPTION_ACCESS_VIOLATION
    200101 14:38:51 [ERROR] mysqld got exception 0xc0000005 ;
    Unhandled Win32 exception 0xC0000005.
    Exiting after fatal event  (FATAL_EXCEPTION). Fatal type:  EXCEPTION_ACCESS_VIOLATION        g3log, below the stack
    A fatal exception (code 0xc0000005) occurred. The process is terminating.        the RAD Debugger
    Unhandled access violation (C0000005) detected (Thread 11864).
    Exception STATUS_ACCESS_VIOLATION (0XC0000005) occured!        servers of LandSandBoat
    EIP: FFFF0625. Code: C0000005                                  Heroes of Might and Magic III with its HD mod
    EIP: Leaf hd.0061E002. Code: C0000005                          an address; up to seven digits are an offset
    Crash in [Town Hall] dialog EIP: Leaf.14D4D. Code: C0000005    the title of its reports
    Exception EXCEPTION_ACCESS_VIOLATION (0xC0000005) at address 0x771D1991 (Leaf.asi).
    Exception: EXCEPTION_ACCESS_VIOLATION at 0x0 -- unknown function (ip: 0000000000000000)        Julia
    exception 0XC00000FD (STACK_OVERFLOW) from Vectored Exception Handler catched; …       log-core of SA-MP's plugins
    0x00483FF9: ACCESS VIOLATION  read attempt to address 0x00000008              Paradox, as it is quoted
    I keep getting an Unhandled Exception C0000005 (EXCEPTION_ACCESS_VIOLATION) on day two          and in sentences
    HL 2 01:07:35.927 Leaf (AUDCAD,H1)  Unhandled exception 0xE0434352             MetaTrader's journal
    Code: C0000005h, flags: 00000000h, address: 71D33A88h          foobar2000, whose own bug checks are AA67913Ch
    # C0000005 ACCESS_VIOLATION at 41C2C667 00:00000000            DCS World
    *** Caught exception c0000005 (EXCEPTION_ACCESS_VIOLATION) [address=00000000000000E8, ip=00007FF7B61672E7] ***  nvc
    |[0xC0000005:ntstatus] The instruction at 0x%p referenced …    LeviLamina
    Orchard Error: EXCEPTION_ACCESS_VIOLATION
    >ExH - Thread d3d1a50e61b9d062, ExCode 0xc0000005, RIP 0000000140307AF5: ACCESS_VIOLATION READ    DeepSkyStacker
    Exception #:  0XC0000005                                       DebugDiag's lists
    Exception 0xc0000005 at 0x7ff663cbb250(+0x42b250) in module Leaf.exe         Cemu, below the stack
    'C 10-Mar-2021 09:31:08;  0:< ExceptionCode=0xc0000005 ExceptionFlags=0x00000000 ExceptionAddress=00007FFDB758063D
    Reason: Access violation. Illegal read by 0x7ff6db0d65ef at 0x1c          servers of DayZ, Arma Reforger
    Exception Code: ACCESS_VIOLATION T: 0 A: 0x00000010            SA-MP: the kind of access, and what was touched
    I am getting "UNHANDLED EXCEPTION: ACCESS_VIOLATION (c0000005)" randomly        Diablo II
    raised PROGRAM_ERROR : EXCEPTION_ACCESS_VIOLATION              programs in Ada, built with GNAT
    [22:53:37] SyringeDebugger::HandleException: Exception (Code: 0xC0000005 at 0x0F4D8196)!
    [Crash] Unhandled exception at address 0x00000000fd123abc (code: 0xc0000005): "Access violation"    Glacier's games
    Received Exception Code 0xC0000005 @ EIP := 0x00197435(=GrowLeaf +0x20a5)       Cxbx-Reloaded
    [20:14:43.150] [CrashHandler.cpp:72] [critical] Exception: 0x80000003          libultraship, above its registers
    [2022-09-16 16:19:13.786] [c:\\orchard\\CrashHandler.cpp:345] [critical] EXCEPTION 0xc0000005 occurred   older ones
    EmuMain (0xA80): Recieved Exception (Code := 0xC0000005)       Cxbx before it
    5.4 Crash 0xc0000005 (Access Violation) leaf.dll+0x00a570f0    the title of a report, by who posts it
    OSError: [WinError -1073741795] Windows Error 0xc000001d       Python's ctypes, for what it has no name for

Folklore: a label says nothing for itself (servers and settings have codes, too), so something else of a report must
stand beside it; a sentence is a report. Labels stand at the start of a row, or behind a log's stamp where they are of
two words. "ExceptionCode: c0000005", with one blank and no "0x", is how debuggers print a record (.exr, !analyze).
"""

import re

from msgspec import Struct

from triage.text.exception_names import code_of, code_of_symbol
from triage.text.lazy import regex
from triage.text.reports import number

LEAD = r"[+>#*|\s-]{0,12}(?:\d{1,3}>)?\s{0,4}"
"""What may stand before a label: marks of lists and quotations, and the number of a build's project."""

STAMPS = r"(?:\[[^\[\]\n]{1,200}\] ?){0,4}\s{0,8}"
"""A log's stamps, in brackets: the time, who logs, how bad it is."""

WORDS = (
    *("ode:", "ode :", "ode =", "ode=", "ode  ", "exception:", "exception :", "exception =", "exception 0x", "eason:"),
    *(
        "exception c0",
        "type:",
        "raised:",
        "ression:",
        "error   :",
        "error:",
        "(0xc0",
        "(0xe0",
        "(0x80",
        "(c0000",
        " caught!",
    ),
    "exceptioncode=0x",
    *("fatal exception ", "(code c0", "caught:", "code 0xc0", "code 0x80", "code 0xe0", "exception exception_"),
    *(
        "exception #",
        "attempt to address 0x",
        "h, flags: ",
        "# c0",
        "_violation at ",
        ":ntstatus]",
        "访问冲突",
        "caught exception ",
        " (code: 0x",
        "exception code 0x",
        "exception (code := 0x",
        "windows error 0xc",
        "_error : exception_",
        " (c0",
        "excode 0x",
        "0xc0000005 (",
    ),
)
"""In lower case; one of them is in every row that tells a code."""

_CODE = regex(
    rf"(?:{LEAD}|[^\n]{{0,80}}?\b(?=Unhandled |Exception Code:)|{STAMPS}(?=Exception: 0x))(?:Unhandled )?(?:Win32 )?"
    r"(?P<label>exception\.exception_code|E?xception(?: ?record)?(?: ?code| type| #)?|(?:Fatal )?Error(?: code)?"
    r"|Code|Reason|Expression|Exception (?:raised|caught))"
    r"(?:\s{0,24}[:=]\s{0,8}|(?<=Win32 exception) )"
    r"(?:ACCESS VIOLATION|STACK OVERFLOW|ILLEGAL INSTRUCTION)?"
    r"(?P<name>(?:EXCEPTION_|STATUS_)?[A-Z]{4,20}_[A-Z_]{4,40})?"
    r"[\s(]{0,3}(?:0x|\$)?(?:(?P<decimal>-?\d{10})|(?P<code>[0-9a-f]{8})?)\b(?P<rest>[^\n]{0,300})",
    re.IGNORECASE,
)
_BARE = regex(r"(?:[^\n]{0,120}\]:? )?\s{0,4}(?P<name>(?:EXCEPTION|STATUS)_[A-Z_]{4,40}|0x[0-9A-Fa-f]{8})\s{0,4}")
_CAUSED = regex(r"(?:[^\n]{0,120}\] )?[\s\"']{0,4}Cause: (?P<name>[A-Z][A-Za-z -]{5,60}?)\s{0,4}")
_DEBUGGER = regex(rf"{LEAD}ExceptionCode: (?:[0-9a-f]{{8}}\b|[0-9A-F]{{8}} \((?:EXCEPTION|STATUS)_)")
_SENTENCE = regex(
    rf"{LEAD}(?:\[[^\[\]\n]{{1,40}}\]\s{{1,4}})?"
    r"(?:(?:Reason|Exception)\s{0,2}:?\s{0,2})?(?P<words>[A-Za-z][A-Za-z_+ /-]{3,60}?)"
    r"(?: \([A-Za-z+ ]{3,40}\))? \((?:0x)?(?P<code>[0-9a-f]{8})\) (?:at|@) (?:address )?(?:0x)?"
    r"(?P<address>[0-9a-f]{4,16})\b(?P<rest>[^\n]{0,200})",
    re.IGNORECASE,
)
_RAISED = regex(
    rf"{LEAD}(?:Unhandled |Fatal |Caught )?exception:? (?:0x)?(?P<code>[0-9a-f]{{8}}) ?(?:\([A-Z_ ]{{6,60}}\))?,?"
    r" (?:occurred |raised )?(?:at|@) (?:address:? )?(?:0x)?(?P<address>[0-9a-f]{8,16})\b(?P<rest>[^\n]{0,200})",
    re.IGNORECASE,
)
_CAUGHT = regex(r"Exception (?P<code>[0-9A-F]{8}) caught!", re.IGNORECASE)
_POINTED = regex(
    rf"(?:{LEAD}|[^\n]{{0,80}}? dialog(?: \([^()\n]{{1,20}}\))? )[ER]IP: "
    r"(?:(?P<module>[A-Za-z_][\w $~-]{0,60})\.(?:(?P<in>[0-9a-f]{8})|(?P<offset>[0-9a-f]{3,7}))"
    r"|(?P<address>[0-9a-f]{8,16}))\. Code: (?P<code>[0-9a-f]{8})\.?",
    re.IGNORECASE,
)
_NAMED = regex(
    rf"{LEAD}(?:0x(?P<code>[ce][0-9a-f]{{7}}) [-=] |(?:0x)?(?P<bare>[ce][0-9a-f]{{7}}) \((?=[^)]{{6,50}}\)))"
    r"(?:EXCEPTION|STATUS)_[A-Z_]{4,40}\)?\s{0,4}"
    rf"|{LEAD}(?:Exception:? )?(?:EXCEPTION|STATUS)_[A-Z_]{{4,40}} \(0x(?P<named>[ce][0-9a-f]{{7}})\)\s{{0,4}}"
    r"|[^\n:]{3,120}: (?:Access Violation|Stack Overflow|Illegal Instruction) \((?:0x)?(?P<titled>c"
    r"[0-9a-f]{7})\)\s{0,4}",
    re.IGNORECASE,
)
"""`0xC0000005 - STATUS_ACCESS_VIOLATION`: the box of Arma's launcher; with brackets, a title. Lists of codes have such
rows by the dozen."""

_BARE_AT = regex(r"code 0x(?P<code>[0-9a-f]{8}) at address 0x(?P<address>[0-9a-f]{8,16})", re.IGNORECASE)
_HOOKED = regex(
    r"[^\n]{0,80}?\bWindows Exception \((?P<code>[0-9a-f]{8})\)\. Last hooked call: [^\n]{0,300}", re.IGNORECASE
)
_RECEIVED = regex(r"[^\n]{0,120}?\bReceived fatal exception (?P<name>EXCEPTION_[A-Z_]{4,40}|0x[0-9A-Fa-f]{8})\s{0,4}")
_FATAL = regex(r"Exiting after fatal event\s{1,4}\([A-Z_]{5,40}\)\. Fatal type:\s{1,4}(?P<name>EXCEPTION_[A-Z_]{4,40})")
_OCCURRED = regex(
    rf"{LEAD}(?:[A-Z][a-z]{{0,12}} )?(?:(?:fatal|unhandled|unexpected) ){{1,2}}exception"
    r" \(code (?:0x)?(?P<code>[0-9a-f]{8})\) (?:has )?occurr?ed\b[^\n]{0,200}"
    rf"|{STAMPS}{LEAD}(?:Unhandled )?Exception (?:EXCEPTION|STATUS)_[A-Z_]{{4,40}} \(0x(?P<named>[0-9a-f]{{8}})\)"
    r" (?:has )?occurr?ed\b[^\n]{0,200}"
    rf"|{STAMPS}(?:Unhandled )?Exception 0x(?P<plain>[0-9a-f]{{8}}) occurr?ed\.?\s{{0,4}}",
    re.IGNORECASE,
)
_DETECTED = regex(
    rf"{LEAD}(?:Unhandled|Fatal) [a-z][a-z -]{{3,40}} \((?:0x)?(?P<code>[0-9a-f]{{8}})\) (?:was )?(?:detected|caught)\b"
    r"[^\n]{0,120}",
    re.IGNORECASE,
)
_CATCHED = regex(
    r"[^\n]{0,80}?\bexception 0x(?P<code>[0-9a-f]{8}) \((?P<name>[A-Z_]{6,40})\) from [A-Za-z ]{3,40} ca"
    r"(?:ugh|tche)[td]\b"
    r"[^\n]{0,120}",
    re.IGNORECASE,
)
_SPOKEN = regex(
    r"[^\n]{0,200}?\bunhandled exception:? (?:0x)?(?P<code>[0-9a-f]{8}) \((?:EXCEPTION|STATUS)_[A-Z_]{4,40}\)(?! ?"
    r"(?:at|@)\b)"
    r"[^\n]{0,300}",
    re.IGNORECASE,
)
_LOGGED = regex(
    r"(?:[^\n]{0,160}?(?:[\]:)]\s{0,8}|\s{2}))?(?:Unhandled|Fatal) exception:? 0x(?P<code>[0-9a-f]{8})\.?\s{0,4}",
    re.IGNORECASE,
)
_FLAGGED = regex(
    r"[\s`>]{0,8}Code: (?P<own>[0-9A-F]{8})h, flags: [0-9A-F]{1,8}h, address: (?P<address>[0-9A-F]{8,16})h\s{0,4}",
    re.IGNORECASE,
)
_AGREED = regex(
    r"(?:[^\n]{0,120}?(?:(?P<told>\b(?:caught|unhandled|fatal|raised) exception|[#!*]{1,3}|:) )?)?\b(?:0x)?"
    r"(?P<code>[ce]0[0-9a-f]{6})"
    r"[ :(]{1,3}(?P<name>(?:EXCEPTION_|STATUS_)?[A-Z]{4,20}_[A-Z_]{4,30})\)?"
    r"(?: at (?:0x)?(?P<address>[0-9a-f]{8,16})\b(?: [0-9a-f]{2,4}:[0-9a-f]{8,16})?"
    r"| \[address=(?:0x)?(?P<target>[0-9a-f]{1,16}), ip=(?:0x)?(?P<ip>[0-9a-f]{8,16})\])[^\n]{0,200}",
    re.IGNORECASE,
)
"""A code with its own name behind it, and a place."""

_TAGGED = regex(r"[^\n]{0,60}?\[0x(?P<code>[ce][0-9a-f]{7}):ntstatus\][^\n]{0,400}", re.IGNORECASE)
_ERRED = regex(r"(?:[\w.-]{1,40} ){1,3}Error: (?P<name>EXCEPTION_[A-Z_]{4,40})\s{0,4}")
_SPOKEN_CHINESE = regex(r"[^\n]{0,120}?访问冲突\s?[\uff08(]0x(?P<code>[0-9a-f]{8})[\uff09)][^\n]{0,400}", re.IGNORECASE)
_TITLED = regex(
    r"[^\n]{0,200}?\b(?:unhandled|fatal) exception:? (?P<name>(?:EXCEPTION_)?[A-Z]{4,20}_[A-Z_]{4,30}) \((?:0x)?"
    r"(?P<code>[ce][0-9a-f]{7})\)"
    r"[^\n]{0,300}",
    re.IGNORECASE,
)
_ADA = regex(r"[^\n]{0,80}?\braised [A-Z_]{4,40}_ERROR : (?P<name>EXCEPTION_[A-Z_]{4,40})\s{0,4}")
_SYRINGE = regex(
    r"[^\n]{0,80}?\bException \(Code: 0x(?P<code>[0-9a-f]{8}) at 0x(?P<address>[0-9a-f]{8})\)!\s{0,4}", re.IGNORECASE
)
_CODED = regex(
    r"[^\n]{0,80}?\b(?:unhandled|fatal) exception at (?:address )?0x(?P<address>[0-9a-f]{8,16}) \(code: 0x"
    r"(?P<code>[0-9a-f]{8})\)[^\n]{0,100}",
    re.IGNORECASE,
)
_RECOMPILED = regex(
    r"[^\n]{0,80}?\bRec(?:ei|ie)ved Exception \(?Code (?::= )?0x(?P<code>[0-9a-f]{8})"
    r"(?: @ EIP := 0x(?P<address>[0-9a-f]{8})\b|\))[^\n]{0,200}",
    re.IGNORECASE,
)
_STACKER = regex(
    r"[^\n]{0,120}?\bExCode 0x(?P<code>[0-9a-f]{8}), [ER]IP (?P<address>[0-9a-f]{8,16}): [A-Z_]{4,40}[^\n]{0,40}",
    re.IGNORECASE,
)
_IN_A_TITLE = regex(
    r"[^\n]{0,80}?\b(?:crash|exception|fault)(?:ed|es)?:? (?:with )?0x(?P<code>[0-9a-f]{8}) \((?P<words>[a-z][a-z"
    r" _-]{4,30})\):?"
    r" (?:in |at )?(?P<module>[\w$.~-]{1,80}\.(?:exe|dll|asi|ocx|sys)) ?\+ ?(?:0x)?(?P<offset>[0-9a-f]{1,12})"
    r"[^\n]{0,60}",
    re.IGNORECASE,
)
_CTYPES = regex(
    r"[^\n]{0,80}?\[WinError -\d{9,10}\] Windows Error 0x(?P<code>c[0-9a-f]{7})\b[^\n]{0,80}", re.IGNORECASE
)
_FOUND = regex(
    r"Exception: (?P<name>EXCEPTION_[A-Z_]{4,40}) at 0x(?P<address>[0-9a-f]{1,16}) -- [^\n]{0,400}", re.IGNORECASE
)
_ATTEMPT = regex(
    r"[^\n]{0,80}?\b0x(?P<address>[0-9a-f]{8,16}): (?P<words>[A-Z][A-Z ]{4,30}?)\s{1,4}(?P<access>read|write|execute)"
    r" attempt to address 0x(?P<target>[0-9a-f]{1,16})\b[^\n]{0,100}",
    re.IGNORECASE,
)
_ILLEGAL = regex(
    rf"{LEAD}Reason: (?P<words>Access violation)\. Illegal (?P<access>read|write|execut)\w{{0,4}} by 0x(?P<address>"
    r"[0-9a-f]{8,16}) at 0x(?P<target>[0-9a-f]{1,16})\s{0,4}",
    re.IGNORECASE,
)
_JOURNAL = regex(
    r"[^\n]{0,80}?\bExceptionCode=0x(?P<code>[0-9a-f]{8}) ExceptionFlags=0x[0-9a-f]{8} ExceptionAddress=(?:0x)?"
    r"(?P<address>[0-9a-f]{8,16})\s{0,4}",
    re.IGNORECASE,
)
"""A record in one row: the journals of Revit."""

_WITHIN = regex(
    rf"{LEAD}Exception 0x(?P<code>[0-9a-f]{{8}}) at 0x(?P<address>[0-9a-f]{{1,16}})"
    r"(?:\(\+0x(?P<offset>[0-9a-f]{1,12})\) in module (?P<module>[\w$. +~-]{1,80}?\.\w{2,4}))?\s{0,4}",
    re.IGNORECASE,
)
_GOT = regex(
    r"[^\n]{0,80}?\b(?P<program>[a-z][\w-]{1,30}) got exception 0x(?P<code>[0-9a-f]{8}) ;\s{0,4}", re.IGNORECASE
)
_FORMS = (
    *(_CAUGHT, _GOT, _HOOKED, _OCCURRED, _DETECTED, _CATCHED, _SPOKEN, _LOGGED, _TAGGED, _SPOKEN_CHINESE, _CTYPES),
    *(
        _FLAGGED,
        _SYRINGE,
        _CODED,
        _STACKER,
        _RECOMPILED,
        _TITLED,
        _AGREED,
        _FOUND,
        _ATTEMPT,
        _ILLEGAL,
        _JOURNAL,
        _WITHIN,
        _ERRED,
        _POINTED,
        _BARE_AT,
    ),
    *(_IN_A_TITLE, _ADA, _FATAL, _RECEIVED),
)
"""Rows that are a report by themselves."""

_PLACED = regex(
    r"(?:\(\"?|^\s{0,4}in )(?P<module>[^()+\"\n]{1,80}?\.\w{2,4})\"?\s?\+\s?(?:0x)?(?P<offset>[0-9a-f]{1,12})"
    r"(?=[\s)]|$)",
    re.IGNORECASE,
)
_HELD = regex(r"\s{0,2}\((?P<module>[\w$ .-]{1,80}\.(?:exe|dll|asi|sys|ocx))\)\.?\s{0,4}", re.IGNORECASE)
_AT = regex(r"\s(?:at|@)\s{0,2}(?:00(?:1b|23):|0x)?(?P<address>[0-9a-f]{8,16})\b", re.IGNORECASE)
_BEHIND = regex(r"[,;] Address\s{0,2}[:=]\s{0,2}0x(?P<address>[0-9a-f]{8,16})\b", re.IGNORECASE)
_TOUCHED = regex(
    r"\b(?P<access>read|writ|execut)\w{0,4}\b[^\n]{0,24}?(?:\b(?:address|location|at|from|to)\W{0,3}(?:0x)?|\s0x)"
    r"(?P<target>(?<=0x)[0-9a-f]{1,16}|[0-9a-f]{8,16})\b",
    re.IGNORECASE,
)
_TYPED = regex(r"\s{0,2}T: (?P<kind>[018]) A: 0x(?P<target>[0-9a-f]{8})\b", re.IGNORECASE)
ACCESS_KINDS = {0: "read", 1: "write", 8: "execute"}
"""The first parameter of an access violation."""

_ERRORS = frozenset({0xC, 0x8, 0xE})
_SHORT = 8


class Code(Struct, frozen=True, kw_only=True):
    """The code that a row tells, with what else stands in the row; `whole` where the row is a report by itself."""

    code: int
    address: int | None = None
    access: str | None = None
    target: int | None = None
    module: str | None = None
    offset: int | None = None
    """Where the address is, as the row tells: a module and the offset from its base."""

    named: bool = False
    """Whether the row says in words that it is an exception's: by its label, or by the exception's name."""

    whole: bool = False


def code_in(row: str) -> Code | None:
    """The code of a row, or None."""
    return _of_words(row) or _of_sentence(row) or _of_label(row)


def bare_name_in(row: str) -> Code | None:
    """The code of a row that holds nothing else behind a log's stamp: what stands below must tell what it is."""
    found = _BARE.fullmatch(row)
    return None if found is None else _whole(code_of_symbol(found["name"]) or number(found["name"]))


def named_in(row: str) -> Code | None:
    """The code of a row that holds the exception's name alone, or behind `Cause:`, behind a log's stamps."""
    found = _CAUSED.fullmatch(row)
    return bare_name_in(row) if found is None else _whole(code_of(found["name"]))


def placed_in(rest: str) -> tuple[str, int] | None:
    """Module and offset behind an address: `(leaf.dll+0x6BBC8 base:0x…)`, `("leaf.exe"+0x2c1cb)`, ` in leaf.asi+4`."""
    found = _PLACED.search(rest)
    return None if found is None else (found["module"].strip(), int(found["offset"], 16))


def touched_in(row: str) -> tuple[str, int] | None:
    """The kind of access and the address of what was touched, where a row tells them."""
    found = _TOUCHED.search(row)
    target = None if found is None else number(found["target"])
    return None if found is None or target is None else (found["access"], target)


def _typed_in(rest: str) -> tuple[str, int] | None:
    found = _TYPED.match(rest)
    return None if found is None else (ACCESS_KINDS.get(int(found["kind"]), ""), int(found["target"], 16))


def of_box(row: str) -> Code | None:
    """The code of a row that is one with its name and nothing else; the rows around must not be of the kind."""
    found = _NAMED.fullmatch(row)
    return (
        None
        if found is None
        else Code(
            code=int(found["code"] or found["bare"] or found["named"] or found["titled"], 16), named=True, whole=True
        )
    )


def _of_words(row: str) -> Code | None:
    row = row.strip()
    hits = (found for form in _FORMS if (found := form.fullmatch(row)) is not None)
    return next((told for found in hits if (told := _of_groups(found.groupdict())) is not None), None)


def _of_groups(said: dict[str, str | None]) -> Code | None:
    """The code that is printed, named or both; where both are, they must agree."""
    printed = number(said.get("code") or said.get("named") or said.get("plain"))
    name = said.get("name") or said.get("words")
    named = None if name is None else code_of_symbol(name) or number(name) or code_of(name)
    if printed is not None and name is not None and named != printed:
        return None
    code = named if printed is None else printed
    if code is not None and code >> 28 not in _ERRORS:
        return None
    code = number(said.get("own")) if code is None else code
    if code is None:
        return None
    return Code(
        code=code,
        address=number(said.get("address") or said.get("in") or said.get("ip")),
        access=said.get("access"),
        target=number(said.get("target")),
        module=said.get("module"),
        offset=number(said.get("offset")),
        whole=True,
    )


def _whole(code: int | None) -> Code | None:
    return Code(code=code, whole=True) if code is not None and code >> 28 in _ERRORS else None


def _of_sentence(row: str) -> Code | None:
    found = _SENTENCE.fullmatch(row.rstrip()) or _RAISED.fullmatch(row.rstrip())
    if found is None or int(found["code"], 16) >> 28 not in _ERRORS:
        return None
    said = found.groupdict()
    address, touched = int(found["address"], 16), touched_in(found["rest"])
    if "memory access" in (said.get("words") or "").lower():
        return Code(code=int(found["code"], 16), target=address, whole=True)
    if len(found["address"]) < _SHORT:
        return None
    access, target = (None, None) if touched is None else touched
    placed = placed_in(found["rest"])
    held = _HELD.fullmatch(found["rest"])
    return Code(
        code=int(found["code"], 16),
        address=address,
        access=access,
        target=target,
        module=placed[0] if placed is not None else None if held is None else held["module"],
        offset=None if placed is None else placed[1],
        whole=True,
    )


def _of_label(row: str) -> Code | None:
    found = _CODE.fullmatch(row)
    if found is None or _DEBUGGER.match(row) is not None:
        return None
    code = number(found["code"])
    if found["decimal"] is not None:
        code = int(found["decimal"]) & 0xFFFFFFFF
    elif code is None and found["name"] is not None:
        code = code_of_symbol(found["name"])
    if code is None or code >> 28 not in _ERRORS:
        return None
    rest = found["rest"]
    named = found["name"] is not None or found["label"].lower().startswith("exception")
    touched = touched_in(rest) or _typed_in(rest)
    if touched is not None:
        return Code(code=code, access=touched[0], target=touched[1], named=named)
    at = _AT.search(rest) or _BEHIND.search(rest)
    return Code(code=code, address=None if at is None else number(at["address"]), named=named)
