"""Messages as templates: what a program prints, with `<…>` where it varies from machine to machine."""

import re
from typing import Final

from triage.model.rule import GAP

MAX_WORDS: Final = 40

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_VARIABLE = re.compile(
    rf"""
      <[^<>\n]{{1,60}}>                                     # <server name>
    | (?<![\w%])%\d{{1,2}}(?:!\w{{1,8}}!)?(?!\w)            # %1, %2!s!
    | (?<![\w%])%(?:\d{{0,2}}l{{0,2}}[sdxuXc])(?!\w)        # %s, %08lx
    | (?<![\w$])\$\([\w ]{{1,30}}\)                         # $(name)
    | \{{?[0-9a-f]{{8}}-(?:[0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}\}}?   # GUID
    | (?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\w.])      # IP address
    | (?<!\w)\d{{1,2}}[/-](?:\d{{1,2}}|{_MONTH})[/-]\d{{2,4}}(?!\w)  # date
    | (?<!\w)\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,3}})?)?(?:\s?[ap]\.?m\b\.?)?(?!\w)  # time
    | (?<![\w.])(?:0x)?(?:x{{3,16}}|n{{3,12}}|y{{3,12}}|z{{3,12}}|\?{{3,16}})  # XXXX
      (?:[:.](?:x{{2,16}}|\?{{2,16}}))?(?!\w)
    | (?<![\w.])x{{1,4}}(?:\.x{{1,4}}){{3}}(?![\w.])              # xxx.xxx.xxx.xxx
    | (?<!\w)[0-9a-f]{{2,4}}:[0-9a-f]{{8}}(?!\w)            # 0137:bff9a3c0
    | (?<!\w)[0-9a-f]{{8}}`[0-9a-f]{{8}}(?!\w)              # 64-bit address
    | \.{{4,40}} | _{{3,40}}                                # a gap to fill in
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HEX = re.compile(r"(?<![\w-])(0x)?([0-9a-f]{5,16})(h?)(?![\w-])", re.IGNORECASE)
_PID = re.compile(r"\b(pid|process|process id|thread|thread id|tid)( ?[=:] ?|\s)(?:0x)?[0-9a-f]{1,8}\b", re.IGNORECASE)
_SERVER = re.compile(r"\\\\(?!<)[\w-]{1,32}")
_REPEATED = re.compile(rf"{GAP}(?:[\s:,/.-]{{0,3}}{GAP}){{1,40}}")
_BLANKS = re.compile(r"\s+")
_EDGES: Final = " \t\"'“”`"


def template_of(text: str) -> str:
    """The template of a message, at most 40 words; empty where nothing but variable parts is left.

    Numbers that are codes stay: negative ones (-1811), status values (0xfffffa84, c0000005, 80040154), short ones.
    """
    words = _BLANKS.sub(" ", text[:4000]).strip(_EDGES)
    words = _VARIABLE.sub(GAP, words)
    words = _PID.sub(lambda match: f"{match[1]}{match[2]}{GAP}", words)
    words = _SERVER.sub(lambda _: f"\\\\{GAP}", words)
    words = _HEX.sub(_address, words)
    words = _REPEATED.sub(GAP, words)
    cut = " ".join(words.split(" ")[:MAX_WORDS]).strip(_EDGES)
    return cut if re.search(r"[^\W\d_]{2}", cut.replace(GAP, "")) else ""


def _address(match: re.Match[str]) -> str:
    """`<…>` for an address; the number itself where it is a code."""
    digits = match[2].lower()
    if not match[1] and digits.isdigit():
        if len(digits) == 10:  # an error code in decimal: "service-specific error 4294966274" is -1022
            return match.group() if int(digits) >> 28 > 7 and is_code(int(digits)) else GAP
        return match.group() if len(digits) < 8 or digits[0] == "8" else GAP
    if not match[1] and (len(digits) < 7 or digits.isalpha()):
        return match.group()  # a word such as "facade", or a short number
    return match.group() if is_code(int(digits[:16], 16)) else GAP


def is_code(value: int) -> bool:
    """Whether a number has the form of a status value rather than of an address.

    NTSTATUS and HRESULT have severity in the top bits, facility in the middle and a small code below: c0000005,
    80040154, fffffa84 (-1404). Values below 0x10000 are error numbers.
    """
    if value < 0x10000 or value >= 0xFFFFE000:
        return value < 0x10000 or value <= 0xFFFFFFFF
    top, facility, low = value >> 28, (value >> 16) & 0xFFF, value & 0xFFFF
    if value > 0xFFFFFFFF or top not in {0x4, 0x6, 0x8, 0xC, 0xE}:
        return False
    if top == 0xC and low < 0x4000 and (facility == 0x800 or 0x100 <= facility < 0x120):
        return True  # codes of Exchange's database engine and administration: c8000228, c1031651
    return value == 0xE06D7363 or (
        facility in {0, 1, 2, 3, 4, 7, 8, 9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF, 0x434, 0x435} and low < 0xF000
    )


def key_of(template: str) -> str:
    """What two templates of the same message have in common, whatever their case and punctuation."""
    return re.sub(r"[\W_]+", " ", template.lower()).strip()
