"""Symbols as debuggers print them: `module!function+offset`, with whatever is hung on behind.

NTFS!NtfsExceptionFilter+0x46e1            foo!Class<a, b>::Method(int x = 1)+0x10 [c:\\src\\foo.cpp @ 12]
store+0x1234                               ntdll!RtlFreeHeap (FPO: [3,0,4])
nt! ?? ::FNODOBFM::`string'+0x31868        CoreCLR!Raise + 1750 at c:\\src\\excep.cpp:3114
<Unloaded_foo.dll>+0x1a2b                  STORE!hrAdd+0x1ae(0x05EFFDB8, 0x00000000)
0x4f18d27                                  snaservr!<nosymbols>
(MethodDesc 0ac0611c +0x1b Orchard.Tree.Grow(Int32))        !dumpstack of SOS
"""

import re
from functools import lru_cache

from msgspec import Struct

from triage.text.lazy import regex
from triage.text.symbols_msvc import undecorate_msvc

MAX_SYMBOL = 4096
"""Longer symbols are cut here; real ones end at 2,048 (the debugger's own limit)."""


_LONGEST_KNOWN = 300
"""Characters of a text that is remembered with its symbol."""


class Symbol(Struct, frozen=True, kw_only=True):
    """What one printed symbol says. A bare address has nothing but `address`; `source` is `path:line`.

    `rest` is text behind the symbol that belongs to nothing known.
    """

    module: str | None = None
    function: str | None = None
    offset: int | None = None
    address: int | None = None
    source: str | None = None
    rest: str = ""


# What most rows of a stack hold; all other forms, and names that are none, are taken apart step by step.
_PLAIN = regex(r"([\w.$~-]{1,128})!(?!(?i:nosymbols)\b)([A-Za-z_](?:[\w:~]{0,200}\w)?)\+0x([0-9a-fA-F]{1,16})")
_HEX = r"[0-9a-fA-F]{1,16}(?:`[0-9a-fA-F]{8})?"
_BARE_ADDRESS = regex(rf"\+?0x({_HEX})(?![\w!+.])", re.IGNORECASE)
# Image names keep their dots and dashes in some tools ("beacon.exe!f"); "<Unloaded_foo.dll>" is the debugger's way
# to name code of an image that is gone. Signs alone are an operator: `&& !leaf.isProjectRoot`, in a row of its own.
_MODULE = regex(
    r"(?:<Unloaded_([^<>\s]{1,128})>|((?=[.$~#&{}+-]{0,8}\w)(?:[\w.$~#&{}-]|\+{2}(?=\.exe!)){1,128}))\s{0,2}([!+])"
)
_MODULE_OFFSET = regex(rf"\s?(?:0x)?({_HEX})(?![\w!.])", re.IGNORECASE)
_MANAGED = regex(
    r"\(MethodDesc (?:0x)?[0-9a-f]{8,16} (?:\+\s?0x(?P<offset>[0-9a-f]{1,8}) )?(?P<name>[^\n]{1,1000}?)\)?"
    r"(?:, calling [^\n]{1,1000})?",
    re.IGNORECASE,
)
_BLANK = regex(r" (?=[A-Za-z_~][\w:~<>,]{0,300}\+0x[0-9a-fA-F]{1,8}\b)")
"""`leaf! CLeaf::Grow+0x33`, as some programs wrap or translate what a debugger printed."""

_MACRO = regex(r"\s?(?:\((?!anonymous\b|no ?symbols?\b|\w{1,60}::)|[\"\[])")
"""`assert_eq!(grow(1), 2)`, `vec![`: a macro of Rust is called so."""

_NO_SYMBOL = regex(r"(?:[<(]no ?(?:symbols?[>)]|$)|nosymbols\b)", re.IGNORECASE)
# VS and others print an address where the function should stand: "ntdll.dll!7c90eb94()", "store!0x0000000000439929".
_ADDRESS_AS_NAME = regex(r"(?:0x([0-9a-fA-F]{1,16})(?![\w:])|([0-9a-fA-F]{8,16})\(\))")

_SOURCES = (
    # k with lines: "[d:\src\foo.c @ 123]"; one bracket too many is seen in the wild, "[[r:\temp\1.cpp @ 6]"
    regex(r"\[{1,2}\s?([^\[\]]{1,400}?)\s?@\s?(\d{1,9})\s?\]"),
    # minidump_stackwalk: "[foo.cpp : 123 + 0x5]"; the number behind the plus counts from the line, not the function
    regex(r"\[([^\[\]]{1,400}?) : (\d{1,9})(?: \+ 0x[0-9a-fA-F]{1,16})?\]"),
    # kernel32!Foo+0x12 (foo.cpp:12)
    regex(r"\(([^()\s]{1,260}\.\w{1,4}):(\d{1,9})\)"),
    # !clrstack -f: "CoreCLR!IL_Throw + 1126 at c:\src\jithelpers.cpp:5378"
    regex(r"\sat ([^\[\]()<>]{1,400}?):(\d{1,9})$"),
)
_NOTE = regex(
    r"\((?:FPO\b|U[NK]{1,2}NOWN FPO|CONV:|TrapFrame|Managed\)|perf\))"
    r"|\[(?:omap|Stdcall|Fastcall|Cdecl)\b|<br ?/?>|, calling ",
    re.IGNORECASE,
)
_STUDIO_LINE = regex(r"(?<!\s)\s+Line (\d{1,9})\b.{0,40}$")
_STUDIO_BYTES = regex(r"\s?(\+\s?0x[0-9a-fA-F]{1,16}) bytes\b.{0,20}$")

_OFFSET = regex(rf"[()]|(\s?)\+(\s?)(0x)?({_HEX})(?=$|[\s(\[:,])", re.IGNORECASE)
_WORD_END = regex(
    r"operator\s?(?:<<=?|>>=?|<=>|<=?|>=?|->\*?|\(\)|new\b|delete\b"
    r"|(?:un)?signed(?: (?:char|short|int|long long|long|__int64))?(?! \w)|long (?:long|double)|[\w:]+)|[<>`'()]|\s"
)


def read_symbol(text: str, *, bare: bool = False) -> Symbol | None:
    """The symbol at the start of `text`, or None where there is none.

    `bare` accepts a function without a module, as the "Function Name" column of NT-era tools may hold.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return Symbol(module=plain[1], function=plain[2], offset=int(plain[3], 16))
    if len(text) > _LONGEST_KNOWN:
        return _read(text[:MAX_SYMBOL], bare)
    return _known(text, bare)


@lru_cache(maxsize=4096)
def _known(text: str, bare: bool) -> Symbol | None:
    """The same of a text that is short; the threads of a process are in the same places again and again."""
    return _read(text, bare)


def _read(text: str, bare: bool) -> Symbol | None:
    text, source = _without_source(text.strip().removesuffix("+0x"))  # a row may be cut within the offset
    note = _NOTE.search(text)
    if note is not None:
        text = text[: note.start()].rstrip()
    managed = _MANAGED.fullmatch(text) if bare and text.startswith("(M") else None
    if managed is not None:
        digits = managed["offset"]
        return Symbol(
            function=_without_arguments(managed["name"]),
            offset=None if digits is None else int(digits, 16),
            source=source,
        )
    found = _BARE_ADDRESS.match(text)
    if found is not None:
        return Symbol(address=_number(found[1]), source=source, rest=text[found.end() :].strip())
    found = _MODULE.match(text)
    if found is None:
        return _function(None, text, source) if bare else None
    module = found[1] or found[2]
    if found[3] == "+":
        offset = _MODULE_OFFSET.match(text, found.end())
        if offset is None:
            # The plus may also stand before a nested class: System.Windows.Forms.Application+ThreadContext.Run(Int32)
            return _function(None, text, source) if bare and "(" in text else None
        return Symbol(module=module, offset=_number(offset[1]), source=source, rest=text[offset.end() :].strip())
    if _MACRO.match(text, found.end()) is not None:
        return None
    blank = _BLANK.match(text, found.end())
    return _function(module, text[found.end() if blank is None else blank.end() :], source)


def _number(digits: str) -> int:
    return int(digits.replace("`", ""), 16)


def _without_source(text: str) -> tuple[str, str | None]:
    for pattern in _SOURCES:
        found = pattern.search(text)
        if found is not None:
            return (text[: found.start()] + text[found.end() :]).rstrip(), f"{found[1].strip()}:{found[2]}"
    if (found := _STUDIO_LINE.search(text)) is not None:
        return text[: found.start()], None
    if (found := _STUDIO_BYTES.search(text)) is not None:
        return text[: found.start()] + found[1], None
    return text, None


def _function(module: str | None, text: str, source: str | None) -> Symbol | None:
    empty = _NO_SYMBOL.match(text)
    if empty is not None:
        return None if module is None else Symbol(module=module, source=source, rest=text[empty.end() :].strip())
    address = _ADDRESS_AS_NAME.match(text) if module is not None else None
    if address is not None:
        return Symbol(module=module, address=int(address[1] or address[2], 16), source=source)
    name, offset, rest = _split_offset(text)
    # Debuggers name code between functions "?? ::FNODOBFM::`string'", with a blank before it.
    lead = len(name) - len(name.lstrip()) if name.lstrip().startswith("??") else 0
    end = _end_of_name(name, 3 + lead if lead else 0)
    if offset is None:
        rest = name[end:].strip()
    name = name[lead:end]
    if name.endswith(":") and not name.endswith("::"):  # a label of disassembly: "ntdll!DbgBreakPoint:"
        name, rest = name[:-1], ":" + rest
    name = _without_arguments(name)
    if not name or not (name[0].isalnum() or name[0] in "_?@~$`<{'.(-"):
        return None
    return Symbol(module=module, function=name, offset=offset, source=source, rest=rest)


def _split_offset(text: str) -> tuple[str, int | None, str]:
    """Name, offset and what follows. Arguments may stand before the offset (kp) or behind it (NT 4), and hold sums."""
    depth = 0
    for found in _OFFSET.finditer(text):
        if found[0] == "(":
            depth += 1
        elif found[0] == ")":
            depth = max(depth - 1, 0)
        elif depth == 0:
            # "Raise + 1750" of !clrstack is decimal; every other tool prints hex, with or without 0x.
            decimal = found[1] and found[2] and not found[3] and found[4].isdecimal()
            offset = int(found[4]) if decimal else _number(found[4])
            rest = text[found.end() :].strip()
            return text[: found.start()], offset, "" if rest.startswith("(") else rest
    return text, None, ""


def _end_of_name(name: str, start: int) -> int:
    """Where the name ends: at the first blank outside of template arguments, argument lists and quotes."""
    depth = 0
    for found in _WORD_END.finditer(name, start):
        token = found[0]
        if token in ("<", "(", "`"):
            depth += 1
        elif token in (">", ")", "'"):
            depth = max(depth - 1, 0)
        elif token.isspace() and depth == 0:
            return found.start()
    return len(name)


def _without_arguments(name: str) -> str:
    """`Class::Method(int) const` as `Class::Method`; `operator()` and `(anonymous namespace)::f` keep theirs."""
    name = name.rstrip().removesuffix(" const")
    closed = name.endswith(")")
    if not closed and name.count("(") <= name.count(")"):
        return name
    depth = 0
    for index in range(len(name) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(name[index], 0)
        if name[index] == "(" and depth == (0 if closed else -1):
            head = name[:index].rstrip()
            return head if head and not head.endswith("operator") else name
    return name


_STDCALL = regex(r"[@_]([A-Za-z_][\w$?]{0,500})@\d{1,4}")
_BORLAND = regex(r"\$[bq]|^@[\w$%]+@[\w$%@]*[A-Za-z_]")


def undecorate(name: str) -> str:
    """The name without the compiler's decoration: `?Func@Class@@QAEXXZ`, `_Func@8` and `@Func@8` become readable.

    Borland's names (`@Unit@TForm@$bctr$qqrv`) and everything else come back as they are.
    """
    if name.startswith("?"):
        return undecorate_msvc(name)
    found = _STDCALL.fullmatch(name)
    return found[1] if found is not None else name


def comparable(name: str) -> str:
    """A form of a function's name in which the spellings of different tools agree, in lower case.

    NT-era debuggers printed `Class__Method` for `Class::Method`; leading underscores come and go; template arguments
    are cut short or left out; import thunks have `_imp_` before the name.
    """
    if _BORLAND.search(name):
        return name.lower()
    plain = _without_templates(undecorate(name)).strip().lower()
    plain = plain.lstrip("_")
    if plain.startswith("imp_"):
        plain = plain[4:].lstrip("_")
    scope, separator, last = plain.rpartition("::")
    if not separator:
        scope, separator, last = plain.rpartition("__")
    return f"{scope}::{last}" if separator and scope and last else plain


def _without_templates(name: str) -> str:
    if "<" not in name or "operator" in name:
        return name
    depth, kept = 0, []
    for character in name:
        if character == "<":
            depth += 1
        elif character == ">":
            depth = max(depth - 1, 0)
        elif depth == 0:
            kept.append(character)
    return "".join(kept) or name
