"""Stop screens, typed, photographed and retyped, or pasted: code, parameters, name and the driver that they name.

The screens are those of Windows NT 3.1 to 11. What people do to them: leave the blank out (`***STOP:0x…`), type the
letter o for the zero of 0x, lose or double a digit, break the parameters over lines, write the name in words, write
down the parameters and the name but not the number.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter

from msgspec import Struct

from triage.model.evidence import BugCheck, Lines, Message
from triage.text.fault_words import meant_status
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.messages import block_end, lines_of_rows, near, unwrap
from triage.text.prose import ARTICLE, in_page, in_source, is_advice, is_literal
from triage.text.stop_foreign import FAILED, foreign_heads
from triage.text.stop_names import told_names

_MAX_SCREENS = 1_000
_MAX_ROW = 4_000
_ROWS = 14
_PARAGRAPHS = 3

_HEAD = regex(
    r"(?P<stars>\*{1,4}\s?)?(?<![A-Za-z])(?P<word>[A-Za-z]{3,6})"
    r"(?:\s+(?i:error|code|message|screen))?\s?(?P<colon>[:=]|-(?=\s))?\s{0,3}"
    r"(?P<code>(?:[0oO][xX]{1,2}[0-9a-fA-F]{1,10}|0{0,2}[cC]0{2,4}[0-9a-fA-F]{3,5}|0[0-9a-fA-F]{7,8}"
    r"|(?<=STOP)[1-9A-F][0-9A-F]{0,2}(?=:)))(?![0-9A-Za-z])"
)
"""STOP: 0x0000001E, ***STOP:0x50, Stop 0x7B, STOP: c000021a, STPO: 0xC000021A, STOP:00000001E(, STOP1E:."""

_TOLD = regex(
    r"\b(?:bug\s?check|BSOD|blue\s?screen(?:\s+of\s+death)?)\b"
    r"(?:[^\w\n(]{1,3}(?:was|were|with|is|are|of|stop|error|the|codes?|number|and|reads?|says?|shows?|showed)\b){0,4}[^\w\n]{1,4}"
    r"(?P<told>0[xX][0-9a-fA-F]{1,10})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""How people name a stop whose screen they do not quote: bug check 0x9F, BSOD 0x116, blue screen with code 0x7E (…)."""

_TOLD_CALL = regex(r"(?<![\w.])bug ?check\s?\((?P<told>(?:0x)?[0-9][0-9a-f]{0,7})\)", re.IGNORECASE)
"""`I got a BugCheck(139)`: in hexadecimal as everywhere."""

_TOLD_AFTER = regex(
    r"(?<![\w(])(?P<told>0[xX][0-9a-fA-F]{1,10})\s{1,3}(?:bug\s?check|BSOD|blue\s?screen)(?: code)?\b", re.IGNORECASE
)
"""`0xC4 bug check code`: the number before the words."""

_TOLD_NAMED = regex(
    r"(?<![\w(])(?P<told>0[xX][0-9a-fA-F]{1,8})[\s:`-]{1,3}(?P<name>[A-Z][A-Z0-9]{1,20}(?:_[A-Z0-9]{1,24}){2,8})\b"
)
"""`two bugchecks today, all 0x50 PAGE_FAULT_IN_NONPAGED_AREA`: the number and the name that belongs to it."""

_BARE = regex(
    r"[\s>*_|`-]{0,8}(?:insertion strings?: )?(?P<told>0x[0-9a-f]{8})"
    r"\s?(?=\((?:0x[0-9a-f]{8,16},\s{0,3}){3}0x[0-9a-f]{8,16}\)[\s*_.`]{0,8}$)",
    re.IGNORECASE,
)
"""`0x0000007e (0xffffffffc0000005, 0x…, 0x…, 0x…)` alone in a row: nothing but a stop has four parameters."""

_BELOW = regex(
    r"[\s>*_|`-]{0,8}(?P<told>0x[0-9a-f]{1,8})"
    r"\s?(?=\((?:0x[0-9a-f]{1,16},\s{0,3}){3}0x[0-9a-f]{1,16}\)[\s*_.`]{0,8}$)",
    re.IGNORECASE,
)
_LABEL = regex(r"[\s>*_|`#-]{0,8}(?:bug ?check|stop)(?: code)?\s?:[\s*_`]{0,6}", re.IGNORECASE)
"""`Bugcheck code:`, and in the next row `0x139(0x3, 0x…, 0x…, 0x0)`."""

_ANNOUNCED = regex(r":\s{0,4}$|bug\s?check|\bstop\b", re.IGNORECASE)
"""What ends the row above where the number is the rest of a sentence."""

_REFERENCE = 4
"""So many different codes that are told so make a text a list of what they mean."""

_CALL = regex(r"[\w>\]]\((?:[^()\n\"']{0,80}[\s,])?[A-Za-z$@]{0,2}[\"'][^\"'\n]{0,40}$")
_COMMAND = regex(r"\s{0,40}@?(?:echo|Write-Host|Write-Output|puts|printf?)[ .:]", re.IGNORECASE)
_PAGE = regex(r"[\s:-]{0,4}[A-Z][A-Za-z0-9_ ]{3,80}?(?: [-|] Windows [Dd]rivers\b| [-|] Microsoft (?:Docs|Learn)\b)")
"""A title of documentation: `Bug Check 0xC1 SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION - Windows drivers`."""

_PAGE_END = regex(r" [-|] (?:Windows [Dd]rivers\b|Microsoft (?:Docs|Learn)\b)")

_PAGE_FOR = regex(
    r"\b(?:documentation|docs?|article|page|description) (?:for|of|on|about) (?:the )?(?:0x\w{1,8} )?$", re.IGNORECASE
)
"""`The documentation for the 0x3b bug check has a conflict`: it is the page that is at fault."""

_PAGE_NAMED = regex(r"\W{0,8}Content(?: Source)?: ")
"""What stands before a page's title where somebody writes about the page, and the links were taken out."""

_POWER = regex(r"\bBugcheckCode\b[\"'\s:=>]{1,6}(?P<decimal>\d{1,6})\b")
_POWER_VALUE = regex(r"\bBugcheckParameter[1-4]\b[\"'\s:=>]{1,6}(?P<value>0x[0-9a-fA-F]{1,16})\b")
"""The data of Kernel-Power 41, copied without the event: `BugcheckCode 239`, in decimal, and 0 for a loss of power."""

_SEED = regex(
    r"[Ss][Tt][Oo][Pp]|\b[SOTP]{3,6}:|[Bb][Uu][Gg] ?[Cc][Hh][Ee][Cc][Kk]|B[Ss][Oo][Dd]|[Bb]lue ?[Ss]creen"
    r"|this (?:error|info) ?:"
)
"""What a row must hold to be looked at."""

_SHOWN = r"(?P<name>[A-Z][A-Z0-9]{1,20}(?:[_ ][A-Z0-9]{1,24}){1,8})(?![a-z])"
_NAMED = regex(
    r"\b(?:(?i:stop\s?code)\b[^A-Z\n]{0,40}?|(?:online later for this error|give them this info) ?:\s{0,3})" + _SHOWN
)
"""Stop code: DRIVER_POWER_STATE_FAILURE, as Windows 8 and later show it in place of a number. The first screens of
these do it at the end of a sentence, with the driver behind it: `… online later for this error: DRIVER_FAULT (x.sys)`.
"""

_INFO = regex(r"\bgive them this info ?:\s{0,4}$", re.IGNORECASE)
_SHOWN_ALONE = regex(r"\s{0,8}" + _SHOWN + r"\s{0,8}$")
_SHOWN_CODE = regex(r"\s?\((?P<code>0x[0-9a-fA-F]{1,8})\)")
"""`Stop code: CRITICAL_PROCESS_DIED (0xEF)`: Windows 11 shows the number behind the name."""

_PARAMETERS = regex(r"[^({\n\w]{0,4}[({](?P<list>[^(){}]{1,160})(?:[)}]|$)")
_LABELLED = regex(
    r"parameters?\s?:\s?(?P<list>(?:[0-9a-fA-Fx]{8,18}[\s,]{1,8}){1,3}[0-9a-fA-Fx]{8,18}"
    r"|(?:0x[0-9a-f]{1,16}[\s,]{1,8}){3}0x[0-9a-f]{1,16}(?![\w`]))",
    re.IGNORECASE,
)
_NUMBERED = regex(
    r"^[\s>*-]{0,8}(?:\d[.)]?\s{0,3})?param(?:eter)?\s{0,3}\d?\s{0,3}[:=]?\s{0,3}(?P<value>(?:0x)?[0-9a-f`]{8,18})\s{0,4}$"
    r"|^[\s>*-]{0,8}Arg[1-4]: (?P<short>[0-9a-f`]{1,18})[.,]?\s{0,4}$",
    re.IGNORECASE | re.MULTILINE,
)
"""`1. Parameter 00000009`, `Parameter 2: 0x00000002`, `- Arg1: 2000`: each on a row of its own, as people write them
down."""

_SPOKEN = regex(
    r"\bparam(?:eter)?s? (?P<number>[1-4])\s?(?:of|is|was|=|:|being)?\s{0,2}(?P<value>0x[0-9a-f`]{1,17})(?!\w)",
    re.IGNORECASE,
)
"""`stop code 0x1A, parameter 1 of 0x6001 and parameter 2 of 0xFFFFFFFFC0000010`: in a sentence."""

_VALUE = regex(r"[0-9A-Za-z]+")
_ALONE = regex(r"[\s*_>|-]*(?P<value>0x[0-9a-fA-F]{8,16})[\s*_,.)-]*$")
_NAME = regex(
    r"(?<![\w\\.])[A-Za-z][A-Za-z0-9]{1,20}(?:_\s?[A-Za-z0-9][A-Za-z0-9-]{0,24}){1,9}(?![\w\\.]*\.(?i:sys|dll|exe))"
)
_WORDS_NAME = regex(r"(?:^|\n|\)\s*)(?P<name>[A-Z]{3,}(?: [A-Z0-9]{2,}){2,8})\s*(?:\n|$)")
_BASE = regex(
    r"(?:(?P<before>[\w$~-]{1,40}\.[A-Za-z]{3})\s?-\s?)?Add?r?e?d?r?ess\s+(?P<address>0?x?[0-9A-Za-z]{8,16}),?\s+(?:has\s+)?base\s+at\s+"
    r"(?P<base>0?x?[0-9A-Za-z]{8,16})(?:,?\s+Date\s?Stamp\s+(?P<stamp>[0-9a-fA-F]{1,8}))?"
    r"(?:[\s-]{1,6}(?P<driver>[\w$~-]{1,40}\.[A-Za-z]{3}))?",
    re.IGNORECASE,
)
"""*** Address 80115334 has base at 80100000 - ntoskrnl.exe; from Windows 2000 on with `, DateStamp 3cb4f0a2`."""

_BASE_ONLY = regex(
    r"\b(?P<address>(?:0x)?[0-9a-fA-F]{8})\s+has\s+base\s+at\s+(?P<base>(?:0x)?[0-9a-fA-F]{8})\b(?:[\s-]{1,6}(?P<driver>[\w$~-]{1,40}\.[A-Za-z]{3}))?",
    re.IGNORECASE,
)
_DRIVER = regex(r"(?:^|[\s(\uff1a])-?\s?(?P<driver>[A-Za-z0-9_$~-]{1,40}\.(?:sys|drv|vxd))\b", re.IGNORECASE)
_SHOWN_FILE = regex(r"^\W{0,3}\((?P<driver>[\w$~-]{1,40}\.(?:dll|exe))\)", re.IGNORECASE)
"""`BSOD: SYSTEM_SERVICE_EXCEPTION (orchard.dll)`: not only drivers run there."""

_STATUS = regex(r"status\s+(?:of\s+|was\s+)?(?P<code>[0oO]?x?[cC]0[0-9a-fA-F]{4,6})\b")

_TABLES = regex(r"CPUID ?:|Dll\s*Base|Address\s+dword\s+dump|What failed", re.IGNORECASE)
_SENTENCE = regex(r"[.\"\u201d](?:\s|$)")
_MEANINGFUL = frozenset({0xC0000000, 0x10000000, 0x0})
_MANUAL = frozenset({0xE2, 0xDEADDEAD, 0x20001})
_HIGHEST = 0x1FFF


_Head = tuple[int, int, re.Match[str]]


class StopScreen(Struct, frozen=True, kw_only=True):
    """A stop screen. `base` is where the named driver is loaded, `offset` the address in it; `status` the code that
    a process ended with (c000021a); `messages` the words of the screen; `rows` its first and last row.
    """

    bugcheck: BugCheck
    lines: Lines
    rows: tuple[int, int]
    messages: tuple[Message, ...] = ()
    driver: str | None = None
    base: int | None = None
    offset: int | None = None
    status: int | None = None


def read_stop_screens(text: Text) -> tuple[StopScreen, ...]:
    """All stop screens of the text, in its order."""
    screens: list[StopScreen] = []
    done = -1
    foreign = ((index, match.end(), match) for index, match in foreign_heads(text))
    heads = sorted((*_heads(text), *_bare_heads(text), *foreign), key=itemgetter(0))
    heads = heads or [
        (index, match.end(), match) for index, match in told_names(text) if not _is_painted(text.rows, index, match)
    ]
    heads = _happened(text, heads)
    told = {stop_code(code) for _, _, match in heads if (code := match.groupdict().get("told")) is not None}
    for row, column, match in heads:
        if "told" in match.groupdict() and len(told) >= _REFERENCE:
            continue
        if row <= done and screens:
            continue
        screen = _screen(text, row, column, match)
        screens.append(screen)
        done = _last_claimed(screen, row)
        if len(screens) == _MAX_SCREENS:
            break
    return tuple(screens)


def _happened(text: Text, heads: list[_Head]) -> list[_Head]:
    """The heads without those that a guide, a lesson or a list of stops only talks of: they have no parameters.

    An article of the knowledge base tells what was seen, whatever it explains.
    """
    if not any(_is_told(text, head) for head in heads) or text.holding(ARTICLE) or not is_advice(text.rows):
        return heads
    return [head for head in heads if not _is_told(text, head)]


def _is_told(text: Text, head: _Head) -> bool:
    """Whether words tell the stop, or its code stands there without parameters, as no screen shows it."""
    row, column, match = head
    if {"told", "name"} & match.groupdict().keys():
        return True
    return (
        "code" in match.groupdict()
        and not _parameters("\n".join((text.rows[row][column:], *text.rows[row + 1 : row + 4])))[0]
    )


def _last_claimed(screen: StopScreen, row: int) -> int:
    return max(row, screen.rows[1])


def _heads(text: Text) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Rows on which a stop screen begins, with the column after the code or name."""
    position = 0
    while (seed := _SEED.search(text.joined, position)) is not None:
        index = text.row_of(seed.start())
        row = text.rows[index]
        position = (
            seed.start() + len(row) + 1 if len(row) > _MAX_ROW else max(seed.end(), text.joined.find("\n", seed.end()))
        )
        if len(row) > _MAX_ROW:
            continue
        match = next((m for m in _HEAD.finditer(row) if _is_head(row, m)), None)
        if match is None:
            index, match = _named_head(text, index)
        if match is not None and not _is_painted(text.rows, index, match):
            yield index, match.end(), match


def _bare_heads(text: Text) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Rows that hold a stop's code and parameters and nothing else, unless the row above announces them."""
    for index in text.holding(("(0x",)):
        above = text.rows[index - 1][:_MAX_ROW] if index else ""
        if _LABEL.fullmatch(above) is not None:
            match = _BELOW.match(text.rows[index][:_MAX_ROW])
            if match is not None and stop_code(match["told"]) is not None:
                yield index, match.end(), match
            continue
        match = _BARE.match(text.rows[index][:_MAX_ROW])
        if match is None or stop_code(match["told"]) is None:
            continue
        if index == 0 or _ANNOUNCED.search(text.rows[index - 1][:_MAX_ROW]) is None:
            yield index, match.end(), match


def _is_painted(rows: Sequence[str], index: int, match: re.Match[str]) -> bool:
    """Whether a program shows the stop: in a string that it hands to one of its functions (`draw(8, "*** STOP: …");`),
    by a script's command (`echo *** STOP: …`) or in the markup of its page (`<p className="mono">`, in it or above).
    So does documentation in the title of a page, which is named where somebody writes about it.
    """
    row, column, end = rows[index], match.start(), match.end("told" if "told" in match.groupdict() else 0)
    if (
        _PAGE_NAMED.match(row) is not None
        or _PAGE.match(row, end) is not None
        or _PAGE_END.match(row, match.end()) is not None
        or _PAGE_FOR.search(row[max(0, column - 40) : column]) is not None
    ):
        return True
    if _COMMAND.match(row[: min(column, 160)]) or is_literal(row) or in_page(rows, index) or in_source(rows, index):
        return True
    return row.rstrip()[-1:] in {";", ")", ","} and _CALL.search(row[max(0, column - 160) : column]) is not None


def _named_head(text: Text, index: int) -> tuple[int, re.Match[str] | None]:
    """The other forms: a name in place of the number, a number that is told, the data of Kernel-Power."""
    row = text.rows[index]
    if (match := _NAMED.search(row)) is not None:
        return index, match
    if _INFO.search(row) is not None:
        below = next((at for at in range(index + 1, min(index + 3, len(text.rows))) if text.rows[at].strip()), index)
        return below, _SHOWN_ALONE.match(text.rows[below][:_MAX_ROW]) if below > index else None
    match = _TOLD.search(row) or _TOLD_AFTER.search(row) or _TOLD_NAMED.search(row) or _TOLD_CALL.search(row)
    if match is not None and stop_code(match["told"]) is not None:
        return index, match
    match = _POWER.search(row)
    return index, match if match is not None and stop_code(f"{int(match['decimal']):x}") is not None else None


def _is_head(row: str, match: re.Match[str]) -> bool:
    """The word is STOP, or one typing error away before a colon, and the number can be a stop code."""
    word = match["word"]
    if row[: match.start()].rstrip().upper().endswith("VERIFIER"):
        return False  # VERIFIER STOP 00000900: pid 0x4E4C: what Application Verifier says of a program
    if word.upper() != "STOP" and not (word.isupper() and match["colon"] and near(word, "STOP")):
        return False
    if word == "stop" and not match["colon"]:
        return re.search(r"\bstart\b", row) is None and stop_code(match["code"]) is not None
    return stop_code(match["code"]) is not None


def stop_code(printed: str) -> int | None:
    """The stop code that was meant, or None: `oxc000012f` with the letter o, `00000001E`, `C0000009A` with a digit too
    many.

    Codes are small numbers, the same with 10000000 added (a system thread's exception was caught late), NTSTATUS
    errors, two that people set by hand, and the hypervisor's.
    """
    digits = printed.lower().lstrip("ox")
    try:
        code = int(digits or "0", 16)
    except ValueError:
        return None
    if code in _MANUAL:
        return code
    code = meant_status(digits) or code
    low, high = code & 0xFFFFFF, code & 0xFF000000
    return code if code > 0 and high in _MEANINGFUL and low <= _HIGHEST and code <= 0xFFFFFFFF else None


def _screen(text: Text, row: int, column: int, head: re.Match[str]) -> StopScreen:
    rows = text.rows
    inline = re.search(r"[a-z]\W{1,3}$", rows[row][: head.start()]) is not None
    end = block_end(rows, row, limit=_ROWS, paragraphs=1 if inline else _PARAGRAPHS)
    end = next((at for at in range(row + 1, end) if any(_is_head(rows[at], m) for m in _HEAD.finditer(rows[at]))), end)
    while end > row + 1 and not rows[end - 1].strip():
        end -= 1
    body = rows[row][column:] + "".join(f"\n{rows[at]}" for at in range(row + 1, end))
    said = head.groupdict()
    printed = said.get("code") or said.get("told")
    code = stop_code(printed) if printed else None
    name = said.get("name")
    shown = _SHOWN_CODE.match(body) if name else None
    if shown is not None and (code := stop_code(shown["code"])) is not None:
        body = body[shown.end() :]
    parameters, after = _parameters(body)
    if "decimal" in said:
        code = int(said["decimal"])
        parameters, after = tuple(int(value, 16) for value in _POWER_VALUE.findall(body)[:4]), len(body)
    words = body[after:]
    name = "_".join(name.upper().split()) if name else _printed_name(body[:after]) or _printed_name(words)
    first = row
    if code is None and not parameters:
        parameters, first, end = _loose_parameters(text, row, end)
    driver, base, offset = _named_driver(body)
    status = _STATUS.search(body) if code is not None and code >= 0xC0000000 else None
    lines = lines_of_rows(text, first, end - 1)
    message = _message(_SENTENCE.split(words, maxsplit=1)[0] if inline else words)
    return StopScreen(
        bugcheck=BugCheck(code=code, name=name, parameters=parameters, caused_by=driver, lines=lines),
        lines=lines,
        rows=(first, end - 1),
        messages=(Message(message, lines),) if message else (),
        driver=driver,
        base=base,
        offset=offset,
        status=None if status is None else stop_code(status["code"]),
    )


def _parameters(body: str) -> tuple[tuple[int, ...], int]:
    """Up to four parameters, and the offset after them; placeholders (`xxxxxxxx`) end the list."""
    match = _PARAMETERS.match(body)
    if match is None and (named := re.match(r"[\s:]{0,3}[A-Z][A-Z0-9_]{3,60}\s?", body)) is not None:
        match = _PARAMETERS.match(body, named.end())
        match = match if match is not None and _values(match["list"]) else None
    if match is not None and (values := _values(match["list"])):
        return values, match.end()
    if (labelled := _LABELLED.search(body)) is not None:
        return _values(labelled["list"]), 0
    numbered = [value or short.rjust(8, "0") for value, short in _NUMBERED.findall(body)]
    if len(numbered) > 1:
        return _values(" ".join(numbered[:4])), 0
    spoken = _SPOKEN.findall(body)
    if spoken and [int(number) for number, _ in spoken] == list(range(1, len(spoken) + 1)):
        return tuple(int(value.replace("`", ""), 16) for _, value in spoken), 0
    bare = re.match(r"[\s,:]{0,3}((?:(?:0x)?[0-9a-fA-F]{8}[\s,]{1,3}){1,4})", f"{body} ")
    return (_values(bare[1]), min(bare.end(), len(body))) if bare is not None and len(_values(bare[1])) > 1 else ((), 0)


def _values(printed: str) -> tuple[int, ...]:
    values: list[int] = []
    printed = printed.replace("`", "")
    for found in islice(_VALUE.finditer(printed), 4):
        token = found.group()
        if printed.startswith(("\u2026", "..."), found.end()):
            break  # (0x26…): the number goes on
        digits = re.sub(r"^[0oO]?[xX]{1,2}", "", token)
        if not digits or len(digits) > 16 or re.fullmatch(r"[0-9a-fA-F]+", digits) is None:
            break
        if re.match(r"[0oO]?[xX]", token) is None and len(digits) < 8:
            break
        values.append(meant_status(digits) or int(digits, 16))
    return tuple(values)


def _loose_parameters(text: Text, row: int, end: int) -> tuple[tuple[int, ...], int, int]:
    """Four numbers alone on rows near a named stop code, as a person writes them down."""
    low, high = max(0, row - 10), min(len(text.rows), row + 10)
    found = [(at, match["value"]) for at in range(low, high) if (match := _ALONE.match(text.rows[at]))]
    if len(found) != 4:
        return (), row, end
    return tuple(int(value, 16) for _, value in found), min(row, found[0][0]), max(end, found[-1][0] + 1)


def _printed_name(words: str) -> str | None:
    """The symbolic name, or three words or more in capitals on a line of their own."""
    match = _NAME.search(words)
    if match is not None:
        return "_".join(part for part in re.split(r"[_\s]+", match.group()) if part)
    spaced = _WORDS_NAME.search(words)
    return None if spaced is None else "_".join(spaced["name"].split())


def _named_driver(body: str) -> tuple[str | None, int | None, int | None]:
    """The driver that the screen names, where it is loaded, and the failing address in it."""
    for pattern in (_BASE, _BASE_ONLY):
        for match in pattern.finditer(body):
            driver = match["driver"] or match.groupdict().get("before")
            address, base = _hex(match["address"]), _hex(match["base"])
            offset = (
                address - base if address is not None and base is not None and 0 <= address - base < 1 << 28 else None
            )
            if driver is None and (other := _DRIVER.search(body)) is not None:
                driver = other["driver"]
            if driver is not None:
                return driver, base, offset
    named = FAILED.search(body) or _SHOWN_FILE.search(body) or _DRIVER.search(body)
    return (None if named is None else named["driver"].rstrip(".")), None, None


def _hex(printed: str) -> int | None:
    try:
        return int(printed, 16)
    except ValueError:
        return None


def _message(words: str) -> str:
    """What the screen says in words; nothing where only numbers and names are left."""
    said = unwrap(_TABLES.split(words, maxsplit=1)[0]).strip(" ,;:-*")
    plain = _BASE.sub(" ", _NAME.sub(" ", said))
    return said if len(re.findall(r"[A-Za-z]{3,}", plain)) >= 3 else ""
