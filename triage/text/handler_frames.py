"""Rows of the call stacks that programs' own crash handlers print, in the forms of many of them.

    1: orchard.dll+0x55f75 (Grow)                                       0 Orchard.exe!Grow+0x12, and with addresses
    00E4A2C5  0012FF80  0001:00A492C5 C:\\Games\\orchard.exe             Microsoft Systems Journal, 1997
    0012fe60 0046203b 0… 0… 0… 0… orchard_5.10!worker+0x0 (c:\\src\\a.c:174)       BOINC
    000000D04B6FF320 00007FFB5A10268A 0… 0… 0… 0… orchard.dll!grow+0x9a   OBS Studio; or !0x7ffb26e1f3d0
    0x0019FF2C ==>            Orchard (0x00A72629) : EntryPoint+0xFFFFFFFF        loggers of Fallout: New Vegas
     4) grow(void *, int) + 30 (grow.cpp:549) (Orchard.exe + 688062)     X-Plane
     #0 0x00007ff6f64211fe (E:\\llvm\\clang-cl.exe+0x15311fe)           LLVM, and without its symbolizer:
     #0 0x00007ff63ef6765b C:\\llvm\\clang-cl.exe 0xd765b C:\\llvm\\clang-cl.exe 0xd70b3        and its older form:
    0x00007FF71F7C0A8C, C:\\llvm\\clang-cl.exe(0x00007FF71F2A0000) + 0x520A8C byte(s), main() + 0x1C byte(s)
    orchard.dll         :0x00007FFA308CD480  Grow                      Blender: the address is the function's
      1    orchard.exe                 Grow (+ 14119760)               Paradox
    grow at D:/orchard\\leaf.jl:1191 [inlined]                        Julia; the first stands behind the exception
    mysqld.exe!?fix_fields@Item_field@@UEAA_NXZ()[item.cc:5932]        MySQL and MariaDB; older ones with the
    0043EFC1    mysqld.exe!fix_fields()[item.cc:5932]                 address before it
    * 004C1F2A Module(ledger+000C1F2A) (Post::Book+0000001F)          SQL Server
    6ff60eaf 0019d68c Leaf.dll      Leaf!Ordinal10035+00DF [omap]      Diablo II, below `Stack Crawl:`
    @[ 1] 0x60123456 nleaf._Panic@4+66 (1,a3b1f0,0,0)                 Lotus Notes (NSD); the offset is decimal
    Trace   3  000000018006bbc8 (orchard.dll+6BBC8)                 hooks of GTA V
     - D:\\orchard\\leaf.dll + 106e36 (orchard::Leaf::grow + 134)      Geode; an address alone is a hook's
    [4]  leaf.dll Grow (leaf.dll+0x3AE7A)                            YimMenu; or leaf.dll+0x3AE7A, or
    [5]  D:\\orchard\\leaf.cpp L: 52 orchard::leaf::grow
    [6]  leaf.dll+0x3AE7A 0x7FFF3BA3AE7A                             its older form; or KERNEL32.DLL BaseThreadInitThunk
    [07:20:19] [NORTHSTAR] [errr]   leaf.dll + 0x32b1b1              Northstar; older ones with `(0x7ffdb127051f)`
     17) function=0x00007FFC343DC10D                                 CryEngine
    stack dump [0]   D:\\orchard\\leaf.dll+0x3AE7A 0x7FFF3BA3AE7A     g3log
    SLClose-0x28c leaf+0x2cb5 @ 0x70a92cb5                           Cuckoo's sandbox, with the nearest exports before
       8:     0x7ff869045d0c - grow                                  Rust, also `- <unknown>`
    [010D21E6] Leaf.TLeaf.Grow (Line 1842, "Leaf.pas")               NexusDB
    orchard::Leaf::Grow [0x00007FFD8E6A4C1D+77] (D:\\orchard\\leaf.cc:611)     Chromium and Electron
    1. [0x7ff6395b3935] grow_leaf +20421, leaf.c line 1862        the RAD Debugger; where no symbol is, the module alone
    00007FFE8390D669 LEAF!                                            a name behind the mark where one is known
    leaf.dll+0x21611 (GrowLeaf)                                       Amalgam
    Leaf.39A13                                                     below `Callstack`: Heroes of Might and Magic III
    Address: 0281A830h (leaf+8A830h), symbol: "Grow" (+AAF0h)        foobar2000
    INFO    EDCORE: 0x0000000001C2C667 (leaf): (function-name not available) + 0x0     DCS World
    [00007FFD7D39E237] Grow+0x1e7                                     nvc; the address alone where no name is known
    leaf!grow+0x558a [c:\\orchard\\leaf.c @ 1111]                     below `Stack:`: DebugDiag
    at leaf::grow in C:\\orchard\\leaf.cpp: line: 42: address: 0x7FF7DF67FA40        LandSandBoat
    75AC3736 LEAF.dll GrowLeaf + 0x716 (0x004372E0 0x00000000 0x00000010 0x00000000)        Visual Pinball
    [GrowLeaf]: ??? addr:0x7ff6db5809b5                                DayZ; its nearest export, or what failed:
    SymGetSymFromAddr:487, addr:0x7ff6daebf320
    0x00007ff663cbb250 +0x0042b250 Leaf.exe         GrowLeaf             Cemu; the name is the nearest export
    Trace01 0x00007FF6B1A31C4C = 0x00007FF6B1A31C30(Grow) + 0x1C       EDCB; `= ?` where no name is known

Folklore: offsets are hexadecimal without a mark, but X-Plane and Chromium print decimal ones. Where an address stands
beside an offset, the base of the module, which is a multiple of 64 KiB, tells which it is.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Frame
from triage.text.handler_codes import LEAD, STAMPS
from triage.text.handler_shapes import shaped_frames
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, image, number, span
from triage.text.symbols import read_symbol
from triage.text.trace_forms import CRAWLED, FOOBAR, LOCALS

_FRAME = regex(
    LEAD + r"(?:#\s?|Trace\s{1,4})?(?:\[?\s{0,3}\d{1,3}[\]:.)]?\s{1,6})(?:0x)?(?P<address>[0-9a-f]{8,16})\s{1,12}[(\[]?"
    r"(?P<module>[\w$. +~,-]{1,80}?\.\w{2,4})[)\]]?(?:\s{0,2}\+\s{0,2}(?:0x)?(?P<offset>[0-9a-f]{1,12})\)?)?"
    r"(?:\s{0,2}[!:]\s{0,2}(?P<function>[^\s+]{1,300})(?:\s?\+\s?(?:0x)?(?P<in>[0-9a-f]{1,12}))?)?\s{0,8}",
    re.IGNORECASE,
)
_LOGICAL = regex(
    LEAD + r"(?P<address>[0-9a-f]{8,16})\s{1,6}[0-9a-f]{8,16}\s{1,6}[0-9a-f]{4}:[0-9a-f]{8,16}\s{1,6}"
    r"(?P<path>\S[^\n]{0,300})",
    re.IGNORECASE,
)
_CHILD = regex(
    r"[0-9a-f]{8,16} [0-9a-f]{8,16} (?:[0-9a-f]{8,16} ){4}(?P<module>[^!\s]{1,80})!(?P<function>[^\s+]{0,300})"
    r"\+0x(?P<in>[0-9a-f]{1,8})(?: \((?P<source>[^()\n]{1,300}:\d{1,7})\))?(?: FPO: [^\n]{0,40})?\s{0,4}",
    re.IGNORECASE,
)
_TRACED = regex(
    LEAD + r"0x[0-9a-f]{8,16} (?:==>|\|)\s{1,40}(?P<module>[^()|\s][^()|\n]{0,60}?) \(0x(?P<address>[0-9a-f]{8,16})\)"
    r"(?: [:|] {1,60}(?:(?P<function>[^\s+|]{1,300})\+0x(?P<in>[0-9a-f]{1,8}))?[^\n]{0,400})?",
    re.IGNORECASE,
)
_RETURNS = regex(
    r"(?P<module>[\w$~-]{1,60})\.(?P<address>[0-9A-F]{8})\s{2,40}[\w$~-]{1,60}\.[0-9A-F]{8}\s{0,40}", re.IGNORECASE
)
_IN = regex(
    r"(?P<address>[0-9a-f]{8,16}): (?P<function>[^\s(][^\n(]{0,300}?) \([^()\n]{0,300}\)"
    r" in (?P<module>\S{1,80})\s{0,4}",
    re.IGNORECASE,
)
_PASSED = regex(
    r"[0-9a-f]{8,16} (?P<address>[0-9a-f]{8,16}) (?:[0-9a-f]{8,16} ){4}(?P<module>[^!\s]{1,80}\.\w{2,4})!"
    r"(?P<function>[^\s+]{1,300})(?:\+0x(?P<in>[0-9a-f]{1,8}))?\s{0,4}",
    re.IGNORECASE,
)
_NUMBERED = regex(
    r"\s{0,8}\d{1,3}\) (?P<function>[^\n]{1,300}?) \+ (?P<in_decimal>\d{1,10}) (?:\((?P<source>"
    r"[^()\n]{1,200}:\d{1,7})\) )?"
    r"\((?P<module>[\w. -]{1,80}\.\w{2,4}) \+ \d{1,10}\)\s{0,4}"
)
_CHROMIUM = regex(
    r"\s{0,8}(?P<function>[^\s\[][^\n\[]{0,400}?) \[0x(?P<address>[0-9a-f]{8,16})\+(?P<in_decimal>\d{1,10})\]"
    r"(?: \((?P<source>[^()\n]{1,300}:\d{1,7})\))?\s{0,4}",
    re.IGNORECASE,
)
_NAMELESS = regex(
    LEAD + r"\d{1,3}: (?P<module>[\w$. +~,-]{1,80}?\.\w{2,4})\+0x(?P<offset>[0-9a-f]{1,12})(?: \((?P<function>"
    r"[^()\n]{1,300})\))?\s{0,4}",
    re.IGNORECASE,
)
_PATHED = regex(
    LEAD + r"#?\d{1,4}\s{1,4}0x(?P<address>[0-9a-f]{8,16}) (?:\((?P<path>[A-Za-z]:\\[^\n]{1,300}?)\+0x"
    r"(?P<offset>[0-9a-f]{1,12})\)|(?P<image>[A-Za-z]:\\[^\n]{1,300}?) 0x(?P<image_offset>[0-9a-f]{1,12}) (?P=image)"
    r" 0x[0-9a-f]{1,12})\s{0,4}",
    re.IGNORECASE,
)
_BYTES = regex(
    LEAD + r"0x(?P<address>[0-9a-f]{8,16}), (?P<path>[A-Za-z]:\\[^\n]{1,300}?)\(0x[0-9a-f]{8,16}\) \+ 0x"
    r"(?P<offset>[0-9a-f]{1,12}) byte\(s\)"
    r"(?:, (?P<function>[^\n]{1,400}?)(?:\(\))? \+ 0x(?P<in>[0-9a-f]{1,12}) byte\(s\))?[^\n]{0,300}",
    re.IGNORECASE,
)
_COLUMNS = regex(
    r"\s{0,8}(?P<module>[\w$.+~-]{1,80}\.\w{2,4})\s{0,24}:0x(?P<start>[0-9a-f]{8,16})(?:\s{1,4}(?P<function>\S"
    r"[^\n]{0,300}?))?\s{0,4}",
    re.IGNORECASE,
)
_PARADOX = regex(
    r"\s{0,8}\d{1,4}\s{1,8}(?P<module>[\w$. +~-]{1,80}?\.\w{2,4})\s{1,40}(?P<function>\S[^\n]{0,300}?) \(\+ "
    r"(?P<in_decimal>\d{1,12})\)\s{0,4}"
)
_JULIA = regex(
    r"\s{0,8}(?:Exception: [A-Z_]{6,50} at 0x[0-9a-f]{1,16} -- )?(?!in expression )"
    r"(?P<function>[^\s\"'(:][^\s:]{0,200}(?: [^\s:]{1,40}){0,2}?) at (?P<source>[^\s:][^\n]{0,400}?[\\/.]"
    r"[^\n]{0,300}?:\d{1,7})"
    r"(?: \[inlined\])?\s{0,4}"
)
_SERVER = regex(
    r"(?:[^\n*]{0,60}\*)?\s{0,4}(?:0x)?(?P<address>[0-9a-f]{8,16})\s{1,4}Module\((?P<module>[\w.$~-]{1,80})\+"
    r"(?P<offset>[0-9a-f]{1,16})\)(?:\s{1,4}\((?P<function>[^()\n+]{1,300})\+(?P<in>[0-9a-f]{1,16})\))?[^\n]{0,40}",
    re.IGNORECASE,
)
_NOTES = regex(
    r"\s{0,4}@?\[\s{0,3}\d{1,3}\] 0x(?P<address>[0-9a-f]{8,16}) (?P<module>[\w$~-]{1,40})\."
    r"(?P<function>[^\s+]{1,300})\+(?P<in_decimal>\d{1,10})(?:\s{1,4}\([^()\n]{0,200}\))?\s{0,4}",
    re.IGNORECASE,
)
_BANG = regex(
    r"\s{0,8}(?:(?P<address>[0-9a-f]{8,16})\s{1,8})?(?P<module>[\w.-]{1,80}\.(?:exe|dll))!(?P<symbol>\S[^\n\[]{0,1000}?)\(\)(?:\[(?P<source>"
    r"[^\[\]\n]{1,300}:\d{1,7})\])?\s{0,4}",
    re.IGNORECASE,
)
_NAMED = regex(
    r"\s{0,8}(?P<address>[0-9A-F]{8,16})\s{1,4}[0-9A-F]{8,16}\s{1,4}(?P<function>[A-Za-z_?][^\s+]{0,300})\+"
    r"(?P<in>[0-9A-F]{1,8})"
    r"(?:\s{1,8}(?P<source>\S[^\n]{0,300}))?\s{0,4}"
)
_DASHED = regex(
    r"\s{0,8}- (?:(?P<path>[^\n+]{1,300}?\.\w{2,4}) \+ (?:0x)?(?P<offset>[0-9a-f]{1,12})"
    r"(?: \((?P<function>[^\n]{1,300}?) \+ (?P<in_decimal>\d{1,10})\))?"
    r"|(?P<address>(?=\w{0,15}\d)[0-9A-F]{8,16})(?: \([A-Za-z ]{1,40}\))?)\s{0,4}"
)
_CELLS = regex(
    r"\s{0,8}\[\d{1,3}\]\s{1,12}(?:(?P<file>[A-Za-z]:\\[^\n]{1,300}?) L: (?P<line>\d{1,7}) (?P<named>\S[^\n]{0,300}?)"
    r"|(?P<module>[\w$. -]{1,80}?\.\w{2,4}) (?P<function>\S[^\n]{0,300}?) "
    r"\((?P=module)\+0x(?P<in_module>[0-9a-f]{1,12})\)"
    r"|(?P<alone>[\w$. -]{1,80}?\.\w{2,4})\+0x(?P<offset>[0-9a-f]{1,12})(?: 0x(?P<at>[0-9a-f]{8,16}))?"
    r"|0x(?P<address>[0-9a-f]{4,16})|(?P<bare>[\w$.-]{1,80}\.(?:exe|dll|asi)) (?P<export>[A-Za-z_?][\w@$?]{1,200}))"
    r"\s{0,4}",
    re.IGNORECASE,
)
_DUMPED = regex(
    r"\s{0,8}stack dump \[\d{1,3}\]\s{1,12}(?:(?P<path>[A-Za-z]:\\[^\n]{1,300}?)\+0x(?P<offset>[0-9a-f]{1,12}) )?"
    r"0x(?P<address>[0-9a-f]{4,16})\s{0,4}",
    re.IGNORECASE,
)
_LOGGED = regex(
    STAMPS + r"(?P<module>[\w$.-]{1,80}\.(?:exe|dll|asi)) \+ 0x(?P<offset>[0-9a-f]{1,12})"
    r"(?: \(0x(?P<address>[0-9a-f]{8,16})\))?\s{0,4}",
    re.IGNORECASE,
)
_CRYTEK = regex(r"\s{0,8}\d{1,3}\)\s{1,4}function=0x(?P<address>[0-9a-f]{8,16})\s{0,4}", re.IGNORECASE)
_PASCAL = regex(
    r"\s{0,8}\[(?P<address>[0-9A-F]{8,16})\] (?P<function>[A-Za-z_][\w.@$<>]{0,300}) "
    r"\(Line (?P<line>\d{1,7}), \"(?P<file>[^\"\n]{1,200})\"[^()\n]{0,20}\)(?: \+ \$[0-9A-F]{1,8})?\s{0,4}"
)
_NEAREST = regex(
    r"\s{0,8}(?:[^\s+]\S{0,300}[+-]0x[0-9a-f]{1,8} ){0,2}(?P<module>[\w.$~-]{1,80})\+0x(?P<offset>[0-9a-f]{1,12}) @"
    r" 0x(?P<address>[0-9a-f]{5,16})\s{0,8}",
    re.IGNORECASE,
)
_RUST = regex(
    r"\s{0,8}\d{1,3}:\s{1,8}0x(?P<address>[0-9a-f]{6,16}) - (?:<unknown>|(?P<function>\S[^\n]{0,400}?))\s{0,4}",
    re.IGNORECASE,
)
_BRACKETED = regex(
    r"\s{0,8}\d{1,3}\. \[0x(?P<address>[0-9a-f]{6,16})\] (?:(?P<function>\S[^\n]{0,300}?) \+(?P<in_decimal>\d{1,10})"
    r"(?:, (?P<source>[^\n]{1,200} line \d{1,7}))?|(?P<alone>[\w.$~-]{1,80}))\s{0,4}",
    re.IGNORECASE,
)
_UNNUMBERED = regex(
    r"\s{0,8}(?P<module>[\w$.-]{1,80}\.(?:exe|dll|asi))\+0x(?P<offset>[0-9a-f]{1,12})"
    r"(?: \((?P<function>[A-Za-z_?][^()\s]{0,300})\))?\s{0,4}",
    re.IGNORECASE,
)
_OPEN = regex(
    r"\s{0,8}(?:0x)?(?P<address>[0-9A-F]{8,16}) (?P<module>[\w.$~-]{1,80})!(?:(?P<function>[^\s+]{1,300})"
    r"(?:\+0x(?P<in>[0-9a-f]{1,8}))?)?\s{0,4}",
    re.IGNORECASE,
)
_AT = regex(
    STAMPS + r"at (?P<function>[A-Za-z_?~][^\n]{0,300}?) in (?P<source>[A-Za-z]:\\[^\n]{1,200}?: line: \d{1,7}):"
    r" address: 0x(?P<address>[0-9a-f]{6,16})\s{0,4}",
    re.IGNORECASE,
)
_EQUATED = regex(
    r"\s{0,8}Trace\d{1,3} 0x(?P<address>[0-9a-f]{8,16}) = (?:\?|0x[0-9a-f]{8,16}\((?P<function>[^\n]{1,300}?)\)"
    r" \+ 0x(?P<in>[0-9a-f]{1,12}))\s{0,4}",
    re.IGNORECASE,
)
_ARGUED = regex(
    r"\s{0,8}(?P<address>[0-9A-F]{8,16}) {1,2}(?:(?P<module>[\w$.+~-]{1,80}\.\w{2,4}) "
    r"(?:(?P<function>[A-Za-z_?][^\s+]{0,300}) \+ 0x(?P<in>[0-9A-F]{1,8}) )?)?"
    r"\(0x[0-9A-F]{8,16}(?: 0x[0-9A-F]{8,16}){3}\)\s{0,4}",
    re.IGNORECASE,
)
_EXPORTED = regex(
    r"\s{0,8}(?:SymGetSymFromAddr:\d{1,6},|\[(?P<function>[A-Za-z_?][^\[\]\n]{0,200})\]: (?:\?\?\?|(?P<source>"
    r"[^\s?][^\n]{0,200}?))) addr:0x(?P<address>[0-9a-f]{8,16})\s{0,4}",
    re.IGNORECASE,
)
_PLUSSED = regex(
    r"\s{0,8}0x(?P<address>[0-9a-f]{8,16}) \(?\+0x(?P<offset>[0-9a-f]{4,16})\)?\s{1,4}"
    r"(?P<module>[\w$.~-]{1,80}\.\w{2,4})(?:\s{1,24}(?P<function>[A-Za-z_?]\S{0,300}))?\s{0,24}",
    re.IGNORECASE,
)
_DEBUGDIAG = regex(
    r"\s{0,16}(?P<module>[\w.$~-]{1,80})(?:!(?P<function>[^\s+]{1,300})\+0x(?P<in>[0-9a-f]{1,12})|\+0x(?P<offset>"
    r"[0-9a-f]{1,12}))(?: \[(?P<source>[^\[\]\n]{1,300} @ \d{1,7})\])?\s{0,4}",
    re.IGNORECASE,
)
_DOTTED = regex(
    r"\s{0,8}\\?(?P<module>[A-Za-z_][\w $~-]{0,60})\.(?:(?P<address>[0-9A-F]{8})|(?P<offset>[0-9A-F]{3,7}))\s{0,4}",
    re.IGNORECASE,
)
"""Only below the heading: elsewhere these are versions, sizes and the like. Eight digits are an address."""

_HEADED = (
    (regex(LEAD + r"Callstack:?\s{0,4}", re.IGNORECASE), _DOTTED),
    (regex(LEAD + r"Stack:\s{0,16}"), _DEBUGDIAG),
)
"""Forms that count only below their headings, up to the next blank row."""

_EAGLE = regex(
    r"(?:[^\n]{0,60}?: )?0x(?P<address>[0-9A-F]{8,16}) \((?P<module>[\w.$~-]{1,80})\): (?P<function>\S"
    r"[^\n]{0,300}?) \+ 0x"
    r"(?P<in>[0-9A-F]{1,8})\s{0,4}",
    re.IGNORECASE,
)
_HELD = regex(
    r"\s{0,8}\[(?P<address>[0-9A-F]{8,16})\](?: (?P<function>[A-Za-z_?~][^\s+]{0,300})\+0x(?P<in>"
    r"[0-9a-f]{1,12}))?\s{0,4}",
    re.IGNORECASE,
)
_FRAMES = (_PASSED, _FRAME, _LOGICAL, _CHILD, _TRACED, _RETURNS, _IN, _NUMBERED, _CHROMIUM, _NAMELESS)
_OTHERS = (
    _SERVER,
    CRAWLED,
    _NOTES,
    _CELLS,
    _DUMPED,
    _LOGGED,
    _CRYTEK,
    _PASCAL,
    _NEAREST,
    _RUST,
    _DASHED,
    _PATHED,
    _BYTES,
    _COLUMNS,
    _PARADOX,
    _BANG,
    _NAMED,
    _JULIA,
    _AT,
    _EQUATED,
    _ARGUED,
    _PLUSSED,
    _EXPORTED,
    _EAGLE,
    FOOBAR,
    _HELD,
    _BRACKETED,
    _OPEN,
    _UNNUMBERED,
)
_NOWHERE = ("entrypoint", "??", "symbols not available", "unknown function", "(function-name not available)")
"""What stands where no name is known; the entry point is only the last export before the place."""


_ALIGNED = 0x10000
_ADDRESS_FOR_A_NAME = regex(r"0x[0-9a-f]{6,16}", re.IGNORECASE)


def read_frames(body: Text) -> Iterator[Frame]:
    """The first run of rows that are frames; a gap of more than two rows ends it. Where no form is known, rows that are
    calls by their shape.
    """
    found = False
    for frame in _known(body):
        found = True
        yield frame
    if not found:
        yield from shaped_frames(body)


def stands_above(row: str) -> bool:
    """Whether the row is a frame of a stack that ends right above the row with the code."""
    return _PLUSSED.fullmatch(row[:500]) is not None


def _known(body: Text) -> Iterator[Frame]:
    last = count = 0
    headed: tuple[re.Pattern[str], ...] = ()
    told: Frame | None = None
    for index, row in enumerate(body.rows):
        begun = tuple(form for heading, form in _HEADED if heading.fullmatch(row[:60]) is not None)
        headed = begun or (headed if row.strip() else ())
        forms = (*headed, *_FRAMES, *_OTHERS)
        found = next((hit for form in forms if (hit := form.fullmatch(row[:500])) is not None), None)
        if found is None:
            if count and index - last > 2 and LOCALS.match(row[:200]) is None:
                return
            continue
        last = index
        frame = _frame(body, index, found.groupdict())
        if told is not None and (told.function, told.source) == (frame.function, frame.source):
            # Julia names the first call behind the exception, and most of its versions once more below it.
            told = None
            continue
        told = frame if row.startswith("Exception: ") else None
        count += 1
        if count > MAX_FRAMES:
            return
        yield frame


def _frame(body: Text, index: int, said: dict[str, str | None]) -> Frame:
    function = said.get("function") or said.get("named") or said.get("export") or None
    if (symbol := said.get("symbol")) is not None:
        read = read_symbol(f"{said['module']}!{symbol}")
        function = symbol if read is None or read.function is None else read.function
    if function is not None and (function.lower() in _NOWHERE or _ADDRESS_FOR_A_NAME.fullmatch(function) is not None):
        function = None
    address = number(said.get("address") or said.get("at"))
    inside = said.get("in_decimal")
    offset = int(inside) if inside is not None else number(said.get("in"))
    if function is None or (inside is None and said.get("in") is None):
        placed = _offset(said.get("offset") or said.get("image_offset"), address)
        offset = placed if function is None else None
    return Frame(
        module=image(said.get("path") or said.get("image"))
        or said.get("module")
        or said.get("alone")
        or said.get("bare"),
        function=function,
        offset=offset,
        address=address,
        source=said.get("source") or (f"{said['file']}:{said['line']}" if said.get("file") else None),
        lines=span(body, index, index),
    )


def _offset(printed: str | None, address: int | None) -> int | None:
    """An offset from a module's base: as hexadecimal, unless only the decimal reading puts the base where bases are."""
    offset = number(printed)
    if offset is None or printed is None or address is None or not printed.isdecimal():
        return offset
    decimal = int(printed)
    return decimal if (address - decimal) % _ALIGNED == 0 and (address - offset) % _ALIGNED else offset
