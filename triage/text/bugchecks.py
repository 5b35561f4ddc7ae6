"""Stop errors as kernel debuggers tell them: KD of the NT era, `!analyze` old and new, `.bugcheck`.

A text tells of one bug check in several places; those that agree are joined, the fullest parameters win.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from msgspec import Struct

from triage.model.evidence import NO_LINES, BugCheck, Lines
from triage.text.folding import Likely, like
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.numbers import HEX, code32, hexadecimal
from triage.text.prose import in_source, is_literal

MAX_BUGCHECKS = 5_000
_PARAMETERS = rf"{HEX}(?:[\s,]{{1,60}}{HEX}){{0,3}}"
_BUGCHECK = regex(r"\bBugCheck:?\s", re.IGNORECASE)
_SYSTEM = regex(r"\bFatal\s", re.IGNORECASE)
_NUMBER = regex(rf"(?<![\w`]){HEX}(?![\w`])", re.IGNORECASE)
_LEAD = r"^[^\w(]{0,24}"

# BugCheck 8E, {c0000005, ac08c2fa, 93df7a50, 0}
_BRACED = regex(rf"\bBugCheck\s{{1,8}}({HEX}),?\s{{0,8}}\{{\s{{0,8}}({_PARAMETERS})\s{{0,8}}[}})]?", re.IGNORECASE)
# *** Fatal System Error: 0x0000001e    and in the next line    (0xC0000005,0x8011A2B3,0x00000000,0x00000010)
_FATAL = regex(
    rf"\bFatal\s{{1,4}}System\s{{1,4}}Error:?\s{{1,8}}(0x[0-9a-f]{{1,8}})\b(?:[\s*]{{1,80}}\(\s{{0,8}}({_PARAMETERS})\s{{0,8}}\))?",
    re.IGNORECASE,
)
# Bugcheck: 7E (FFFFFFFFC0000005, FFFFF8076612F3D4, FFFFA1088A4BEBF8, FFFFA1088A4BE410)      !di of the MEX extension
_SUMMED = regex(
    rf"\bBugCheck:\s{{1,8}}({HEX})\s{{1,4}}\(\s{{0,4}}({HEX}(?:,\s{{0,4}}{HEX}){{3}})\s{{0,4}}\)", re.IGNORECASE
)
# Bugcheck code 00000050    and in the next line    Arguments cccccccc 00000001 8f18a72e 00000002
_COMMAND = regex(
    rf"\bBugcheck\s{{1,4}}code:?\s{{1,8}}((?:0x)?[0-9a-f]{{8}})\b(?:[\s>*#/;]{{1,40}}Arguments:?\s{{1,8}}({_PARAMETERS}))?",
    re.IGNORECASE,
)

# PAGE_FAULT_IN_NONPAGED_AREA (50)      Unknown bugcheck code (19c)      DRIVER_IRQL_NOT_LESS_OR_EQUAL_M (100000d1)
# Application Verifier's stops of a program are printed as those of the system are, and are none.
_NAMED = regex(
    _LEAD
    + r"(?!APPLICATION_VERIFIER_)([A-Z][A-Z0-9_]{4,70}|Unknown bugcheck code)\s{1,4}\(([0-9a-fA-F]{1,8})\)[\s*_]{0,8}$"
)
# BUG CHECK: 0x9f DRIVER_POWER_STATE_FAILURE       (what tools print of an analysis, with its arguments below)
_TITLE = regex(_LEAD + r"BUG ?CHECK:\s{1,4}0x([0-9a-fA-F]{1,8})\s{1,4}([A-Z][A-Z0-9_]{4,70})\s{0,8}$", re.IGNORECASE)
_ANALYSIS = regex(r"Bugcheck Analysis", re.IGNORECASE)
# 3: kd> !analyze -v      where the banner was cut out; "-show 0x50" explains a code that nothing stopped with
_ASKED = regex(r"!(?:ext\.)?analyze(?:\s{1,4}-[vf]{1,2}){0,3}[\s`*]{0,8}", re.IGNORECASE)
_NEXT_ROWS = 4
_ARGUMENTS = regex(_LEAD + r"Arguments\b:?\s{0,4}$", re.IGNORECASE)
_ARGUMENT = regex(_LEAD + rf"Arg([1-4]):?\s{{1,8}}({HEX})\b", re.IGNORECASE)
_KEY = regex(_LEAD + rf"BUGCHECK_(CODE|P[1-4]):?\s{{1,8}}({HEX})\b")
# BUGCHECK_P3: 0  BUGCHECK_P4: fffff8003a6d5f20      pages and people join short rows
_KEY_BESIDE = regex(rf"\s{{1,8}}BUGCHECK_(CODE|P[1-4]):\s{{1,8}}({HEX})\b")
# BugCheckCode . . . . .0x0000002e      the head of a dump, as DumpExam and DumpChk print it (Kernel-Power: Bugcheck…)
_HEADER = regex(
    _LEAD + r"BugCheck(Code|Parameter[1-4])(?:(?:\s?\.){2,16}\s?|\s{2,16})"
    r"((?:0x)?[0-9a-fA-F]{8}(?:`?[0-9a-fA-F]{8})?)\s{0,4}$"
)
_STRING = regex(_LEAD + r"BUGCHECK_STR:?\s{1,8}0x([0-9a-fA-F]{1,8})(?=_|\b)")
# FAILURE_BUCKET_ID:  0x5C_HAL_FAILED_nt!InitBootProcessor      BUCKET_ID:  X64_0x7E_nt!Foo+12    LKD_0x141_IMAGE_a.sys
# The tail of an analysis, from the end of its stack on, is what fits into a post; its bucket begins with the code.
_BUCKET = regex(_LEAD + r"(?:FAILURE_)?BUCKET_ID:?\s{1,8}(?:X64_|LKD_|WRONG_SYMBOLS_)?0x([0-9a-fA-F]{1,8})(?=_)")
# 0x9F_3_POWER_DOWN_WDF_WAIT_TIMEOUT_IMAGE_orchard.sys      a bucket alone, as Microsoft's partners get to see it
_BUCKET_ALONE = regex(_LEAD + r"(?:X64_|LKD_)?0x([0-9A-Fa-f]{1,3})_\w{2,120}?_IMAGE_[\w.-]{2,60}\.sys[\s*`_]{0,6}$")
_VALUE_KEY = regex(_LEAD + r"Key\s{1,4}:\s{1,4}Bugcheck\.Code\.\w{1,40}\s{0,4}$", re.IGNORECASE)
_BUCKET_KEY = regex(_LEAD + r"Key\s{1,4}:\s{1,4}Failure\.Bucket\s{0,4}$", re.IGNORECASE)
_BUCKET_VALUE = regex(_LEAD + r"Value:\s{1,4}(?:X64_|LKD_|WRONG_SYMBOLS_)?0x([0-9a-fA-F]{1,8})(?=_)")
# Key  : Failure.Bucket / Value: 0x133_DPC_nt!KeAccumulateTicks      keys of an analysis from their middle on
_VALUE = regex(_LEAD + r"Value:\s{1,4}(0x[0-9a-fA-F]{1,8})\s{0,4}$")
# Probably caused by : srvkp.sys ( srvkp+3329 )
_CAUSE = regex(
    _LEAD + r"Probably caused by\s{0,2}:\s{1,4}([^\s()]{1,120})(?:\s{1,4}\(\s{0,4}([^()\n]{1,400}?)\s{0,4}\))?",
    re.IGNORECASE,
)
# Driver at fault:                     (the kernel's own words to its debugger, below `*** Fatal System Error`)
# ***       ledger.sys - Address FFFFF80212341A20 base at FFFFF80212340000, DateStamp 00000000
_AT_FAULT = regex(
    r"[\s*]{3,20}([\w.$~-]{1,80}\.\w{2,4}) - Address\s{1,4}([0-9a-f`]{8,17}) base at\s{1,4}([0-9a-f`]{8,17})\b",
    re.IGNORECASE,
)
_BELOW_WORDS = 3
# Recommended Bug Title: Exploitable - Stack Buffer Overrun (/GS Exception) starting at ledger!Post+0x1ae9 (Hash=0x45…)
_TITLED = regex(
    _LEAD + r"Recommended Bug Title: [^\n]{1,160}? starting at ([\w.$~-]{1,128})(![^\n]{1,600}?|\+0x[0-9a-f]{1,16})"
    r"(?: \(called from [^\n]{1,600}?\))? \(Hash=",
    re.IGNORECASE,
)

_HINTS = ("arg1", "arg2", "arg3", "arg4", "arguments", "bugcheck", "bug check:", "bucket_id", "_image_", "value:")
_MAY_BE_NAMED = regex(r"(?:_[A-Z0-9]{1,70}|bugcheck code) {1,4}\([0-9a-fA-F]{1,8}\)", re.IGNORECASE)
_LIKE_NAMED = Likely(rb"(?:_[a-z0-9_]{1,70}|" + like("bugcheck code") + rb") {1,4}\(0{1,8}\)", words=(" (0",))
# Rows between the name and its arguments: the explanation that !analyze prints.
_EXPLANATION = 45

# Minidumps of Windows 2000 and XP add this to the code (KERNEL_MODE_EXCEPTION_NOT_HANDLED_M, 1000008e).
_MINIDUMP_FLAG = 0x10000000


class Told(Struct, frozen=True, kw_only=True):
    """One mention of a bug check; `weak` where the text tells only the code, as part of something else."""

    bugcheck: BugCheck
    weak: bool = False

    @property
    def lines(self) -> Lines:
        """The lines that tell of it."""
        return self.bugcheck.lines


class Cause(Struct, frozen=True, kw_only=True):
    """`Probably caused by`: the image, and the symbol where it was ("srvkp+3329")."""

    image: str
    symbol: str | None = None
    lines: Lines = NO_LINES


def plain_code(code: int) -> int:
    """The code as documented, without the flag of minidumps."""
    return code & 0x0FFFFFFF if code & 0xF0000000 == _MINIDUMP_FLAG and code & 0x0FFFFFFF < 0x10000 else code


def agree(one: BugCheck, other: BugCheck) -> bool:
    """Whether both can be the same stop: same code, and no parameter that differs where both tell it."""
    if one.code != other.code:
        return False
    return all(_same(a, b) for a, b in zip(one.parameters, other.parameters, strict=False))


def _same(one: int, other: int) -> bool:
    """Equal, also where one is the sign-extended form of the other."""
    return one == other or (one & 0xFFFFFFFF == other & 0xFFFFFFFF and max(one, other) >> 32 == 0xFFFFFFFF)


def join(one: BugCheck, other: BugCheck) -> BugCheck:
    """What both tell of the same stop."""
    full = one if len(one.parameters) >= len(other.parameters) else other
    return BugCheck(
        code=one.code,
        name=one.name or other.name,
        parameters=full.parameters,
        caused_by=one.caused_by or other.caused_by,
        lines=one.lines,
    )


def read_causes(text: Text) -> tuple[Cause, ...]:
    """Every `Probably caused by`, the driver that the kernel found at fault, and the place in !exploitable's title."""
    suspected = [
        Cause(image=hit[1], symbol=hit[2], lines=(text.numbers[index], text.numbers[index]))
        for index in text.holding(("robably caused",), exact=True)
        if (hit := _CAUSE.match(text.rows[index][:800]))
    ]
    return tuple(sorted([*suspected, *_at_fault(text), *_titled(text)], key=lambda one: one.lines))


def _titled(text: Text) -> Iterator[Cause]:
    """The place that !exploitable blames: of a break in the system it is the frame that led there."""
    for index in text.holding(("recommended bug title",)):
        hit = _TITLED.match(text.rows[index][:1600])
        if hit is not None:
            number = text.numbers[index]
            yield Cause(image=hit[1], symbol=f"{hit[1]}{hit[2]}", lines=(number, number))


def _at_fault(text: Text) -> Iterator[Cause]:
    for index in text.holding(("driver at fault:",)):
        for at in range(index + 1, min(index + _BELOW_WORDS, len(text.rows))):
            hit = _AT_FAULT.match(text.rows[at][:300])
            if hit is not None:
                address, base = hexadecimal(hit[2]) or 0, hexadecimal(hit[3]) or 0
                symbol = f"{hit[1].rpartition('.')[0]}+{address - base:x}" if address >= base else None
                yield Cause(image=hit[1], symbol=symbol, lines=(text.numbers[index], text.numbers[at]))
                break


def read_told(text: Text, commands: Mapping[int, str]) -> tuple[Told, ...]:
    """Every mention of a bug check, in the order of the text; `commands` are those typed in its rows."""
    asked = [index for index, typed in commands.items() if _ASKED.fullmatch(typed)]
    told = [*_inline(text), *_Analyses(text, asked).read()]
    told.sort(key=lambda one: one.lines)
    return tuple(told[:MAX_BUGCHECKS])


def _inline(text: Text) -> list[Told]:
    """The forms that hold code and parameters together, broken over lines or not."""
    found: list[Told] = []
    for pattern, word, start in (
        (_BRACED, "bugcheck", _BUGCHECK),
        (_SUMMED, "bugcheck", _BUGCHECK),
        (_FATAL, "fatal", _SYSTEM),
        (_COMMAND, "bugcheck", _BUGCHECK),
    ):
        for hit in text.matches(pattern, (word,), start):
            code = hexadecimal(hit[1])
            if code is None or len(found) >= MAX_BUGCHECKS:
                continue
            if in_source(text.rows, text.row_of(hit.start())):
                continue
            numbers = tuple(
                value for one in _NUMBER.finditer(hit[2] or "") if (value := hexadecimal(one[0])) is not None
            )
            bugcheck = BugCheck(code=plain_code(code32(code)), parameters=numbers[:4], lines=text.lines_of(*hit.span()))
            found.append(Told(bugcheck=bugcheck))
    return found


class _Analyses:
    """The rows of !analyze: name and code, arguments, keys."""

    def __init__(self, text: Text, asked: list[int]) -> None:
        self.text = text
        self.asked = asked
        self.found: list[Told] = []
        self.name: str | None = None
        self.code: int | None = None
        self.first = self.last = -1
        self.parameters: dict[int, int] = {}
        self.proved = False
        self.loose: dict[int, int] = {}
        self.loose_row = -1_000
        self.banner = -1_000
        self.keys: dict[str, int] = {}
        self.key_rows = (-1, -1)

    def read(self) -> list[Told]:
        # A bracket alone stands in most rows of most logs; behind the name of a stop it holds a number.
        rows = self.text.rows
        named = [at for at in self.text.likely(_LIKE_NAMED) if _MAY_BE_NAMED.search(rows[at][:160])]
        for index in sorted({*named, *self.text.holding(_HINTS)}):
            self._row(self.text.rows[index][:400], index)
            if len(self.found) >= MAX_BUGCHECKS:
                break
        self._close()
        self._close_keys()
        return self.found

    def _row(self, row: str, index: int) -> None:
        if is_literal(row) or in_source(self.text.rows, index) or self._headed(row, index):
            return
        if hit := _ARGUMENT.match(row):
            self._argument(int(hit[1]), hexadecimal(hit[2]), index)
        elif _ARGUMENTS.match(row):
            if self.code is not None and index - self.first <= _EXPLANATION:
                self.proved = True
        elif hit := _KEY.match(row):
            self._keys_of(row, hit, index)
        elif hit := _HEADER.match(row):
            value = hexadecimal(hit[2])
            if hit[1] == "Code" or value or self.keys.get("P1"):  # a head that nobody filled in has zeros only
                self._key(hit[1].upper().replace("PARAMETER", "P"), value, index)
        elif hit := _STRING.match(row) or _BUCKET.match(row) or _BUCKET_ALONE.match(row):
            self._weak(int(hit[1], 16), index)
        elif _ANALYSIS.search(row):
            self.banner = index
        else:
            self._told_by_key(row, index)

    def _told_by_key(self, row: str, index: int) -> None:
        rows = self.text.rows
        if _VALUE_KEY.match(row):
            following = next((later for later in rows[index + 1 : index + 3] if later), "")
            if value := _VALUE.match(following[:200]):
                self._weak(int(value[1], 16), index)
        elif (hit := _BUCKET_VALUE.match(row)) and index and _BUCKET_KEY.match(rows[index - 1][:80]):
            self._weak(int(hit[1], 16), index)

    def _headed(self, row: str, index: int) -> bool:
        """Whether the row names the stop whose arguments follow."""
        if hit := _NAMED.match(row):
            self._close()
            self.name = None if hit[1].startswith("Unknown") else hit[1]
            self.code, self.first, self.last = int(hit[2], 16), index, index
            self.proved = index - self.banner < 12 or hit[1].startswith("Unknown") or self._was_asked(index)
        elif hit := _TITLE.match(row):
            self._close()
            self.name, self.code, self.first, self.last = hit[2].upper(), int(hit[1], 16), index, index
        return hit is not None

    def _was_asked(self, index: int) -> bool:
        """Whether the row stands right below the command that analyses a stop."""
        place = bisect_left(self.asked, index)
        return place > 0 and index - self.asked[place - 1] <= _NEXT_ROWS

    def _argument(self, number: int, value: int | None, index: int) -> None:
        if value is None:
            return
        if self.code is None or index - self.last > _EXPLANATION:
            # The name above is lost; BUGCHECK_STR below still tells the code.
            if number == 1 or index - self.loose_row > _EXPLANATION:
                self.loose = {}
            self.loose.setdefault(number, value)
            self.loose_row = index
            return
        # The same argument again is another block, whose name is not there: it says nothing new.
        if number not in self.parameters:
            self.parameters[number] = value
        # One argument alone, without their heading, is quoted in a list of stops or in an explanation.
        self.last, self.proved = index, self.proved or len(self.parameters) > 1

    def _keys_of(self, row: str, first: re.Match[str], index: int) -> None:
        """The key that the row begins with, and those that stand beside it."""
        hit: re.Match[str] | None = first
        while hit is not None:
            self._key(hit[1], hexadecimal(hit[2]), index)
            hit = _KEY_BESIDE.match(row, hit.end())

    def _key(self, key: str, value: int | None, index: int) -> None:
        if value is None:
            return
        if key == "CODE":
            self._close_keys()
            self.key_rows = (index, index)
        if self.key_rows[0] >= 0 and index - self.key_rows[1] <= _EXPLANATION:
            self.keys.setdefault(key, value)
            self.key_rows = (self.key_rows[0], index)
        elif key != "CODE":
            # The code above is lost, as the name above loose arguments may be.
            if key == "P1":
                self.loose = {}
            self.loose.setdefault(int(key[1]), value)
            self.loose_row = index

    def _weak(self, code: int, index: int) -> None:
        number = self.text.numbers[index]
        parameters: tuple[int, ...] = ()
        if index - self.loose_row <= 2 * _EXPLANATION:
            parameters, self.loose = _in_order(self.loose), {}
        bugcheck = BugCheck(code=plain_code(code), parameters=parameters, lines=(number, number))
        self.found.append(Told(bugcheck=bugcheck, weak=True))

    def _close(self) -> None:
        code, name, proved = self.code, self.name, self.proved
        parameters = _in_order(self.parameters)
        lines = (self.text.numbers[self.first], self.text.numbers[self.last]) if self.first >= 0 else NO_LINES
        self.name = self.code = None
        self.first = self.last = -1
        self.parameters, self.proved = {}, False
        if code is None or not proved:
            return
        plain = plain_code(code)
        if name is not None and plain != code:
            name = name.removesuffix("_M")
        self.found.append(Told(bugcheck=BugCheck(code=plain, name=name, parameters=parameters, lines=lines)))

    def _close_keys(self) -> None:
        code = self.keys.get("CODE")
        if code is not None:
            values = {int(key[1]): value for key, value in self.keys.items() if key != "CODE"}
            first, last = self.key_rows
            bugcheck = BugCheck(
                code=plain_code(code32(code)),
                parameters=_in_order(values),
                lines=(self.text.numbers[first], self.text.numbers[last]),
            )
            self.found.append(Told(bugcheck=bugcheck))
        self.keys, self.key_rows = {}, (-1, -1)


def _in_order(values: dict[int, int]) -> tuple[int, ...]:
    """Parameters from the first on, as far as they are told without a gap."""
    row = []
    for number in range(1, 5):
        if number not in values:
            break
        row.append(values[number])
    return tuple(row)
