"""The fault messages of Windows 3.x, 9x and NT and of common runtimes, as patterns over one paragraph.

Groups are the fields of a fault: process, module, words (what kind of fault), code, trap, address, target, access,
offset. Quantifiers are bounded and the text is at most a paragraph, so matching is linear. Order matters: where two
patterns overlap, the earlier one wins.
"""

import re

from triage.text import fault_programs
from triage.text.fault_pieces import HEX, IMAGE, LOOSE, PLACE, SEGMENTED
from triage.text.lazy import regex

_FILE = r"<?[\w$~!#&@{}^()\[\]-]+(?:\.+[\w<>]{1,8})?>?|\[[^\]\n]{1,30}\]|<[^>\n]{1,40}>"
_BY = r"\s+(?:has\s+)?caused\s+(?:(?:an|a|the)\s+)?"

_SOURCES: tuple[tuple[str, str], ...] = (
    # FATAL ERROR:  Unhandled Access Violation Reading 0x0010 Exception at 5d1e2b34h
    # Unhandled e06d7363h Exception at fd46cacdh        AutoCAD and programs built upon it
    (
        "unhandled",
        r"unhandled\s+(?:(?P<code>[0-9a-f]{8})h|(?P<words>access\s+violation)"
        r"(?:\s+(?P<access>read|writ)ing\s+(?P<target>0x[0-9a-f]{1,16}))?)\s+exception\s+at\s+"
        r"(?P<address>[0-9a-f]{8,16})(?=h)",
    ),
    # The application failed to initialize properly (0xc0000142). Click on OK to terminate the application.
    # The application was unable to start correctly (0xc000007b). Click OK to close the application.
    (
        "start",
        r"(?:the\s+)?(?:application|program)\s+(?:failed\s+to\s+initiali[sz]e\s+properly"
        rf"|was\s+unable\s+to\s+start\s+correctly)\s*[(:]?\s*(?P<code>{HEX})(?:\s*\))?"
        r"(?:\.?\s*click\s+(?:on\s+)?ok\s+to\s+(?:terminate|close)\s+the\s+(?:application|program)\.?)?",
    ),
    # WUSER2 caused a general protection fault in module IDIS_LM.DLL at 0005:0dd0.
    # Acmsetup caused an exception 03H in module Msvfw32.dll.
    # GP fault in Module KRNL386.EXE at 0001:4f50
    (
        "fault",
        rf"(?P<by>{_BY})?"
        r"(?P<words>(?:(?:general|protection|invalid|page|stack|segment|divide|gp|illegal|not|present|load|memory"
        r"|access"
        r"|fatal|floating|point|numeric|coprocessor|overflow|fault)\s+){0,4}"
        r"(?:fault|error|violation|overflow|opcode|instruction|failure|gpf|ipf|(?<=general\s)protection(?=\s*\Z)"
        r"|(?<=invalid\s)page(?=\s*\Z)|exception(?:\s+error)?"
        r"(?:\s+(?P<trap>[0-9a-fA-F]{2}|[cC][0-9a-fA-F]{7})h?\b)?))"
        # mono.dll caused an Access Violation (0xc0000005) in module mono.dll at 0033:e8a29eeb.       (Unity)
        r"(?:\s+\((?P<code>0x[0-9a-fA-F]{8})\)(?=\s+in\s+module\b))?"
        r"(?:(?:\s+(?:has\s+)?occurred)?\s+(?:in|at)\s+(?:the\s+)?(?P<label>module\s+)?"
        # [Program] caused an invalid page fault in module at [location].         a guide's
        rf"(?!(?:at|in|of)\s)(?P<module>{_FILE}|\.\.\.)"
        rf"(?:\s+(?:at|in)\s*(?:address\s+|segment\s+|location\s+)?(?P<address>{PLACE})?)?)?",
    ),
    # The instruction at "0x77f7d357" referenced memory at "0x00000000". The memory could not be "read".
    # Instruction at 017A1B8A  Memory location 00131000  The memory could not be read.
    (
        "instruction",
        rf"(?:the\s+)?instruction\s+at\s+[\"'`(]{{0,2}}\s?(?P<address>{LOOSE})\s?[\"'`)]{{0,2}},?\s+"
        rf"(?:(?:referenced|accessed)\s+(?:(?:memory|the|a)\s+){{0,2}}|memory\s+(?=location\b))"
        rf"(?:at|location)?\s*[\"'`(]{{0,2}}\s?(?P<target>{LOOSE})?\s?[\"'`).,]{{0,4}}"
        r"(?:\s*(?:the\s+)?(?:(?:memory|required\s+data)\s+)?(?:could\s+not\s+be|cannot\s+be|was\s+not\s+placed)"
        r"(?:\s+[\"'`(]{0,2}(?P<access>read|written|into|executed)[\"'`).]{0,4})?)?"
        rf"(?:\s+memory\s+because\s+of\s+an\s+I/O\s+error\s+status\s+of\s+[\"'`]?(?P<code>{HEX}))?"
        rf"(?:\s*exception\s+error\s+in\s+(?P<process>{IMAGE}))?",
    ),
    # The exception unknown software exception (0xc00000fd) occurred in the application at location 0x77f7d357.
    # The exception Breakpoint / A breakpoint has been reached. / (0x80000003) occurred in the application at location …
    (
        "software",
        rf"(?:the\s+)?exception\s+(?P<words>[^()\n]{{3,60}}?(?:\n[^()\n]{{1,60}}?){{0,2}})\s*\(?(?P<code>{HEX})\)?,?"
        rf"\s+occurred\s+in\s+the\s+"
        rf"application(?:\s+at\s+(?:(?:location|address)\s+)?(?P<address>{PLACE})?)?",
    ),
    # An exception 0E has occurred at 0028:C00A3E11 in VxD ---. This was called from 0028:C0042F1C in VxD VFAT(01) + …
    # A fatal exception 0E has occurred at 0028:C0012345 in VXD IFSMGR(01) + 00001234
    # A fatal exception error 0D has occurred in VxD VMM(01) + 00001840
    # Fatal exception 0E at 0028:C433442B in VXD octk16.sys (01) + 0000342B.
    # This program has caused a fatal exception 0D at 00457:000047B1 and will be terminated.
    (
        "vxd",
        r"(?:an?\s+)?(?:fatal\s+)?(?:exception(?:\s+error)?|error)\s+(?P<trap>[0-9A-FO]{2})h?\b\s*(?:has\s+)?(?:occurred"
        r"\s+)?"
        rf"(?:(?:at|@):?\s+(?P<address>{PLACE}|[0-9A-FX]{{2,5}}:[0-9A-FX]{{4,9}}))?"
        r"(?:\s*\bin\s+VXD\s+(?:-{2,3}\.?\s+this\s+was\s+called\s+from\s+\S{1,20}\s+in\s+VXD\s+)?"
        r"(?P<module>[\w$][\w.$-]{0,30}|<[^>\n]{1,20}>)\s*(?:\(\w{1,2}\))?"
        r"(?:\s*\+\s*(?P<offset>[0-9A-Fa-f]{4,8})\b)?)?",
    ),
    # Unhandled exception in msdev.exe (MFC42.DLL): 0xC0000005: Access Violation.
    # First-chance exception at 0x00401a2b in app.exe: 0xC0000005: Access violation reading location 0x00000008.
    (
        "unhandled",
        rf"(?P<chance>unhandled|first-chance)\s+exception\s+(?:at\s+(?P<address>{HEX})\s+)?"
        r"(?:\((?P<module>[^()\n]{1,60})\)\s+)?in\s+(?P<process>[^\s():]{1,60})\s*"
        rf"(?:\((?P<module2>[^()\n]{{1,60}})\))?:\s*(?P<code>{HEX}):?\s*(?P<words>[\w ]{{3,60}})?"
        r"(?:\s*(?:reading|writing)\s+location\s+(?P<target>0x[0-9a-fA-F]{1,16}))?",
    ),
    # DOSXMSF : fatal error DX1020: unhandled exception: General protection fault;
    (
        "dosx",
        r"(?P<process>DOSX\w{2,3})\s*:\s*fatal\s+error\s+DX1020:\s+unhandled\s+exception:?"
        r"\s*(?P<words>[a-z]+(?:\s+[a-z]+){0,3})?",
    ),
    # VB32.Exe Exception: access violation (0xc0000005), Address: 0x0343e951.
    (
        "box",
        r"(?:(?P<process>[\w.<>-]{1,40})[\"',]{0,2}\s+)?exception:?\s+"
        r"(?P<words>(?:access\s+violation|stack\s+overflow|[a-z]+(?:\s+[a-z]+){1,3}))"
        rf"(?:\s*[(:]\s*(?P<code>{HEX}|{SEGMENTED})\s*\)?)?"
        rf"(?:,?\s*address:?\s*[\"']?(?P<address>{PLACE}))?"
        r"(?:\s+in\s+(?P<module>[\w$-]{1,40}\.\w{2,4}))?",
    ),
    # Access violation at address 0040F2B4 in module 'Project1.exe'. Read of address 00000000
    # Access violation at address 50018BD8 in module 'rtl290.bpl' (offset 18BD8). Read of address 00000000    Delphi 12
    (
        "delphi",
        r"(?P<words>access\s+violation)\s+at\s+ad{1,2}ress?e?\s+(?P<address>[0-9A-Fa-f]{8,16})"
        r"(?:\s+in\s+module?\s+[\"'`](?P<module>[^\"'`\n]{1,60}?)(?:[\"'`]|(?=\.?\s{1,3}(?:read|write|execution)\s)))?"
        r"(?:\s+\(offset\s+\$?(?P<offset>[0-9A-Fa-f]{1,16})\))?"
        r"(?:\.?\s*(?P<access>read|write|execution)\s+(?:of|at)\s+ad{1,2}ress?e?\s+(?P<target>[0-9A-Fa-f]{8,16}))?",
    ),
    # Exception EOleSysError in module LEDGER.EXE at 0005A1B2. Class not registered
    (
        "delphi",
        r"exception\s+(?P<words>E[A-Z]\w{1,40})\s+in\s+module\s+(?P<module>[\w$.-]{1,60})\s+at\s+"
        r"(?P<address>[0-9A-Fa-f]{8,16})\b(?:\.[^\n]{0,120})?",
    ),
    # Program: C:\APPS\LEDGER.EXE  R6025 - pure virtual function call
    (
        "runtime",
        r"(?:runtime\s+error!?\s*)?(?:program:\s*(?P<process>[^\n\"]{1,200}?\.exe)\s+)?"
        r"\b(?P<words>(?-i:R)60\d\d)\s*\n?\s*-?\s*[a-z][\w ,'-]{3,80}",
    ),
    # Run-time error '91': Object variable or With block variable not set
    ("basic", r"run-?time\s+error\s+(?:number\s+)?[\"'`]-?\d{1,10}(?:\s*\([0-9a-fA-F]{1,8}\))?[\"'`]:?[^\n]{0,200}"),
    # This program has performed an illegal operation and will be shut down.
    (
        "illegal",
        r"(?P<process>[\w.<>]{1,40})(?:\s+program)?\s+(?:has\s+)?performed\s+an\s+illegal\s+operation"
        r"(?:[^.\n\"]{0,40}\n?[^.\n\"]{0,40})?",
    ),
    (
        "logged",
        r"an\s+application\s+error\s+has\s+occurred(?:\s+and\s+an\s+application\s+error\s+log\s+is\s+being"
        r"\s+generated)?",
    ),
)

_KEYWORDS: dict[str, tuple[str, ...]] = {
    "fault": (
        " caused",
        "fault in",
        "fault\nin",
        "fault at",
        "fault has",
        "fault occ",
        "violation in",
        "overflow in",
        "failure in",
        "error in mod",
    ),
    "instruction": ("instruction at", "instruction\nat"),
    "software": ("occurred",),
    "vxd": ("exception ", "exception\n", "error "),
    "unhandled": ("unhandled", "first-chance"),
    "start": ("failed to init", "unable to start"),
    "dosx": ("dx1020",),
    "runtime": ("r60",),
    "box": ("exception",),
    "delphi": ("violation at", "exception e"),
    "basic": ("-time error", "runtime error"),
    "illegal": ("illegal",),
    "logged": ("error has occurred", "error has\noccurred"),
}
"""What a paragraph must hold, in lower case, for a pattern to be tried on it."""

PATTERNS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (name, regex(source, re.IGNORECASE), keywords)
    for name, source, keywords in (
        *fault_programs.SOURCES,
        *((name, source, _KEYWORDS[name]) for name, source in _SOURCES),
    )
)
"""What a program says in words of its own goes first, for it may hold the words of others."""

ANCHOR = regex(
    r"f(?:ault (?:in|at|occ|has occ|loc)|ailed to init)|un(?:able to start|handled [a-z0-9]{4,8}h? )"
    r"|c(?<!\wc)[aus]{2,4}e?d?\b|in(?<!\win) mod|instruct\w* at|refer\w{4,6} |has occurred (?:at|in|@)|debug assertion"
    r"|memory co|ion(?<=[a-z]{2}ion) in "
    r"|violation(?: (?:at|in|\(|0x|c0|read to|write to|occurred at)|: attempted to|\.?$)"
    r"|exception(?: ?[:=] ?| )[a-z(0-9]|gp fault|page fault|illegal op"
    r"|run-?time error|r6[09]\d\d\b|dx1020|error has occurred|sigsegv - stack"
)
"""What a row in lower case must hold for its paragraph to be looked at. Every alternative begins with a letter of its
own: so most of a row is skipped without a try."""

CAUSE = regex(r"c(?<!\wc)[aus]{2}", re.IGNORECASE)
CAUSE_KEYS = ("caus", "casu", "caau", "caued", "cased")
"""Of these keys a row must have one at the start of a word: many rows say "because"."""

ANCHOR_KEYS = (
    *(
        "fault ",
        "in mod",
        "instruct",
        "refer",
        "memory co",
        "ion in ",
        "violation",
    ),
    *(
        "exception",
        "gp fault",
        "page fault",
        "illegal op",
        "time error",
        "r60",
        "r69",
        "dx1020",
        "error has occ",
        "has occurred",
        "debug assertion",
    ),
    *("failed to init", "unable to start", "unhandled ", "sigsegv - stack"),
)
"""Literals in lower case, one of which, or of `CAUSE_KEYS`, is in every row that `ANCHOR` matches."""

PROMISING = (
    *(".exe", ".dll", ".drv", ".vxd", ".386", ".sys", ".ocx", ".cpl", ".mod", ".fon", "module", "vxd", "0x"),
    *("caused a", "illegal op", "time error", "r60", "dx1020", "error has", "memory co", "memory at", "performed an"),
    *("exception code", "exception=", "win32s", "mmc admin", "ole ", "assertion failed", "emm386", "r69", "component:"),
    *("h exception at ", "access violation", "protection fault", "page fault", "stack overflow", "stack fault"),
)
"""Literals in lower case; a paragraph with none of these and no place in it (`PLACED`) holds no fault message."""

PLACED = regex(
    r"(?<!\w)(?:[0-9a-f]{8}(?:[0-9a-f]{8})?(?!\w)|[0-9a-z]{2,5}:[0-9a-fx]{4,9}(?!\w)"
    r"|[0-9a-f]{2}h?[\s.]{1,3}(?:has|at|in|and)(?!\w)|ca[aus]{1,3}e?d?\s{1,4}(?:an?|the|general|gp|protection|page"
    r"|inv))"
    r"|exception:?\s{1,4}[0-9a-f]{2}h?(?!\w)"
)
"""An address, a trap number, or the words by which a fault message goes on after "caused"."""

PREFACES = frozenset({"illegal", "logged"})
"""Messages that stand before the one that tells module and address; alone they are a message of their own."""

HEADING = regex(
    r"(?:^|\n|:[ ])[ \t\"'*-]{0,40}(?P<process>[\w.$<> -]{1,60}?\.exe|[\w.$<>-]{1,40})"
    r"\s{0,8}[-:]?\s{1,8}Application\s{1,8}Error\b"
)
"""Title of the box that Windows NT shows: `Ledger.exe - Application Error`."""
