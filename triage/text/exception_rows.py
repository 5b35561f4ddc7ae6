"""Exceptions told in rows of their own: records (.exr), fields of !analyze, !exploitable, old NTSD, Breakpad."""

import re

from triage.model.evidence import Access, Chance, ExceptionRecord
from triage.text.exception_context import read_context
from triage.text.exception_names import code_of, code_of_symbol
from triage.text.exception_types import MAX_SIGHTINGS, Origin, Sighting
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.numbers import HEX, code32, hexadecimal
from triage.text.prose import in_source, is_blank_form, is_filled, is_literal

_GAP = 60
"""Rows of one block further apart than this belong to different ones."""

_LEAD = r"^[^\w(]{0,24}"

_RECORD = regex(
    _LEAD + r"(?:Exception\s?Address\s{0,4}[:=]?\s{0,4}"
    # of x64dbg's exinfo, either:      ExceptionAddress: 00007FFE16FB1B91 ntdll.00007FFE16FB1B91
    #                                  ExceptionAddress: ntdll.00007FFE16FB1B91
    rf"(?:(?P<holder>[\w$+~-]{{1,60}})\.)?(?P<address>{HEX})(?:\s{{1,4}}\((?P<symbol>.{{1,1000}}))?"
    r"(?:\s{1,4}(?P<module>[\w$+~-]{1,60})\.(?P=address)\s{0,8}$)?"
    r"|Exception\s?Code\s{0,4}[:=]?\s{1,8}(?:0x)?(?P<code>[0-9a-f]{8})\b"
    r"|NumberParameters\s{0,4}:?\s{1,4}(?P<count>-?\d{1,10})\b"
    # of x64dbg:      ExceptionInformation[00]: 00000000 Read
    rf"|(?:Parameter|ExceptionInformation)\[(?P<number>\d{{1,2}})\]\s{{0,4}}:?\s{{1,4}}(?P<value>{HEX})\b"
    rf"|Attempt to (?P<access>read|write|execute)\b[a-z -]{{0,30}}?(?:address\s{{1,4}}(?P<target>{HEX})\b)?)",
    re.IGNORECASE,
)
_LONGEST = 1_000
# ExceptionAddress: 00007ffc303486fd
# (ledger!Post+0x00000000000a041d)
_BRACKETED = regex(r"\(([\w.$~-]{1,128}(?:!.{1,700}|\+0x[0-9a-f]{1,16}))\)")
_FIELD = regex(
    _LEAD + r"(?:(?P<code_key>EXCEPTION_CODE|ERROR_CODE|EXCEPTION_CODE_STR|FAILURE_EXCEPTION_CODE)"
    r"|EXCEPTION_PARAMETER(?P<number>[1-4])"
    r"|(?P<access>READ|WRITE|EXECUTE)_ADDRESS)"
    rf"\s{{0,4}}(?::?\s{{1,8}}|:?(?=\()|:)(?P<kind>\((?:NTSTATUS|HRESULT|Win32|[A-Z]{{3,10}})\)\s{{1,4}})?(?P<value>{HEX})(?![\w.])"
)
_STRINGS = frozenset({"EXCEPTION_CODE_STR", "FAILURE_EXCEPTION_CODE"})
_AV_FAULT = regex(_LEAD + r"Key\s{1,4}:\s{1,4}AV\.Fault$")
_AV_VALUE = regex(_LEAD + r"Value:\s{1,4}(Read|Write|Execute)\b")

# DEBUG_FLR_EXCEPTION_CODE(8000ffff) and the ".exr -1" ExceptionCode(c0000409) don't match
_DISAGREE = regex(
    _LEAD + r"DEBUG_FLR_EXCEPTION_CODE\([0-9a-f]{1,8}\) and the .{1,12} ExceptionCode\((?P<code>[0-9a-f]{8})\)"
)

# !exploitable of the Microsoft Security Engineering Center
_EXPLOITABLE = regex(
    _LEAD + r"(?:(?P<chance>First|Second|Last) Chance Exception Type: .{0,80}?\((?P<code>0x[0-9a-f]{1,8})\)"
    r"|Exception Sub-Type: (?P<access>Read|Write|Execute|Data Execution)"
    r"|Exception Faulting Address: (?P<target>0x[0-9a-f]{1,16})\b)",
    re.IGNORECASE,
)
# minidump_stackwalk:  Crash reason:  EXCEPTION_ACCESS_VIOLATION_READ
_WALKER = regex(
    _LEAD + r"Crash (?:reason:\s{1,4}(?P<name>(?:EXCEPTION|STATUS)_[A-Z_0-9]{4,60})"
    r"|address:\s{1,4}(?P<target>0x[0-9a-f]{1,16}))\b"
)

# CDB: integer divide by zero   and, with it or below it,   CDB: !!! second chance !!!
_NT_ERA = regex(
    r"^[\s>]{0,16}(?:ntsd|cdb|windbg|(?:i386|alpha|mips|ppc|ia64)?kd):\s{1,4}([a-z!][a-z /!-]{4,60})$", re.IGNORECASE
)
# An article says which program's debugger it was:      The following access violation may occur in Ledger.exe:
_INTRODUCED = regex(r"[^\n]{0,120}\b(?:in|of|by) (?:the )?([\w$~-]{1,40}\.exe):$", re.IGNORECASE)
_ABOVE = 3
_SECOND = "!!! second chance !!!"
# unexpected exception: code=80000003 addr=fa0eb606
_KERNEL = regex(r"\bexception: code=(?P<code>[0-9a-f]{8})\s{1,4}addr=(?P<address>[0-9a-f]{8,16})\b", re.IGNORECASE)
# Critical error detected c0000374     (of the heap, before it breaks into the debugger)
_CRITICAL = regex(_LEAD + r"Critical error detected (?P<code>[ce]0[0-9a-f]{6})\b", re.IGNORECASE)
# STATUS_STACK_BUFFER_OVERRUN encountered     (of a program with a damaged stack, before it breaks into the debugger)
_OVERRUN = regex(_LEAD + r"STATUS_STACK_BUFFER_OVERRUN encountered\s{0,8}$")
# *** An Access Violation occurred in winlogon.exe:   (printed by the system to a debugger, before the second chance)
_NOTICE = regex(_LEAD + r"An Access Violation occurred in ([^\s:<>]{1,120})", re.IGNORECASE)
_NOTICE_PLACE = regex(_LEAD + r"(?:The )?instruction at ([0-9a-f]{8,16}) tried to (read|write)\b", re.IGNORECASE)

_MOST_PARAMETERS = 15
"""EXCEPTION_MAXIMUM_PARAMETERS of winnt.h."""

_ERA_HINTS = ("ntsd:", "cdb:", "windbg:", "kd:")
_HINTS = (
    "exception",
    "error_code",
    "parameter[",
    "information[",
    "numberparam",
    "attempt to",
    "_address",
    "av.fault",
    "crash ",
    "access violation",
    "critical error detected",
    "_overrun encountered",
)
_ACCESS: dict[str, Access] = {"read": "read", "write": "write", "execute": "execute", "data execution": "execute"}
# Codes whose first parameter is the kind of access and whose second is the address (EXCEPTION_RECORD, winnt.h).
_ACCESS_CODES = frozenset({0xC0000005, 0xC0000006})
_ACCESS_KINDS: dict[int, Access] = {0: "read", 1: "write", 8: "execute"}


def read_rows(text: Text) -> list[Sighting]:
    """The sightings that stand in rows of their own, in order of their first rows within each kind."""
    return _Reader(text).read()


class _Block:
    """What the rows of one record, or of the fields of one analysis, say together."""

    def __init__(self, origin: Origin, index: int) -> None:
        self.origin: Origin = origin
        self.first = self.last = index
        self.code: int | None = None
        self.address: int | None = None
        self.target: int | None = None
        self.access: Access | None = None
        self.chance: Chance | None = None
        self.symbol: str | None = None
        self.process: str | None = None
        self.module: str | None = None
        self.parameters: dict[int, int] = {}
        self.count = 0

    def sighting(self, text: Text) -> Sighting | None:
        """The sighting; None without a code, and of what is no record: memory that was overwritten, read as one.

        ExceptionCode: 69727720    (ASCII of whatever the program wrote there)
        NumberParameters: 2818099            (or -858993460, where the memory was never written)

        Nor is the success that !analyze shows of a stop without an exception; the record below may tell the real one.

        EXCEPTION_CODE: (NTSTATUS) 0 (0) - STATUS_WAIT_0
        """
        if self.code is None or not 0 <= self.count <= _MOST_PARAMETERS:
            return None
        if self.code == 0 and self.origin == "field":
            return None
        code = code32(self.code)
        parameters = tuple(value for _, value in sorted(self.parameters.items()))
        if code in _ACCESS_CODES and len(parameters) >= 2:
            self.access = self.access or _ACCESS_KINDS.get(parameters[0])
            self.target = parameters[1] if self.target is None else self.target
        record = ExceptionRecord(
            code=code,
            chance=self.chance,
            address=self.address,
            access=self.access,
            target=self.target,
            parameters=parameters,
            lines=(text.numbers[self.first], text.numbers[self.last]),
        )
        return Sighting(
            record=record,
            origin=self.origin,
            symbol=self.symbol,
            process=self.process,
            module=self.module,
            last_row=self.last,
        )


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.found: list[Sighting] = []
        self.open: dict[str, _Block] = {}
        self.fault: Access | None = None
        self.fault_at = -1

    def read(self) -> list[Sighting]:
        for index in self.text.holding((*_HINTS, *_ERA_HINTS)):
            row = self.text.rows[index]
            if is_literal(row) or is_blank_form(row) or in_source(self.text.rows, index):
                continue
            if (era := _NT_ERA.match(row)) is not None:
                self._nt_era(era[1].strip().lower(), index)
            else:
                self._row(row[:2000], index)
            if len(self.found) >= MAX_SIGHTINGS:
                break
        for kind in tuple(self.open):
            self._close(kind)
        self._cut_off()
        return self.found

    def _cut_off(self) -> None:
        """The access violation of an analysis that is cut behind its keys: no other exception has the key AV.Fault."""
        line = self.text.numbers[self.fault_at] if self.fault is not None else 0
        if self.fault is None or any(one.record.lines[1] >= line for one in self.found):
            return
        block = _Block("field", self.fault_at)
        block.code, block.access = 0xC0000005, self.fault
        sighting = block.sighting(self.text)
        if sighting is not None:
            self.found.append(sighting)

    def _row(self, row: str, index: int) -> None:
        if hit := _RECORD.match(row):
            if hit["code"] is None or not is_filled(self.text.rows, index):
                self._record(hit, index)
        elif hit := _FIELD.match(row):
            self._field(hit, index)
        elif hit := _EXPLOITABLE.match(row):
            self._exploitable(hit, index)
        elif hit := _DISAGREE.match(row):
            self._at("field", "field", index).code = hexadecimal(hit["code"])
        else:
            self._sentence(row, index)

    def _sentence(self, row: str, index: int) -> None:
        """What the system and other tools say of an exception in a row by itself."""
        if hit := _WALKER.match(row):
            self._walker(hit, index)
        elif hit := _NOTICE.match(row):
            block = self._fresh("notice", "note", index)
            block.code, block.process, block.chance = 0xC0000005, hit[1].rsplit("\\", 1)[-1], "second"
            if (place := self._next(index, _NOTICE_PLACE)) is not None:
                block.address, block.access = hexadecimal(place[1]), _ACCESS.get(place[2].lower())
        elif _AV_FAULT.match(row) and (value := self._next(index, _AV_VALUE)) is not None:
            self.fault, self.fault_at = _ACCESS.get(value[1].lower()), index
        elif hit := _KERNEL.search(row) or _CRITICAL.match(row):
            block = self._fresh("kernel", "event", index)
            block.code, block.address = hexadecimal(hit["code"]), hexadecimal(hit.groupdict().get("address") or "")
        elif _OVERRUN.match(row):
            self._fresh("kernel", "event", index).code = 0xC0000409

    def _record(self, hit: re.Match[str], index: int) -> None:
        block = self.open.get("record")
        # Both "address" and "code" come once a record, in either order.
        again = block is not None and (
            (hit["address"] is not None and (block.address is not None or bool(block.parameters)))
            or (hit["code"] is not None and block.code is not None)
            or (hit["number"] is not None and int(hit["number"]) in block.parameters)
        )
        if hit["address"] is None and hit["code"] is None and block is None:
            return
        block = self._fresh("record", "record", index) if again else self._at("record", "record", index)
        if hit["address"] is not None:
            block.address = hexadecimal(hit["address"])
            symbol = hit["symbol"] or self._wrapped(index)
            block.symbol = None if symbol is None else symbol.strip().removesuffix(")")
            block.module = hit["module"] or hit["holder"]
        elif hit["code"] is not None:
            block.code = hexadecimal(hit["code"])
        elif hit["count"] is not None:
            block.count = int(hit["count"])
        elif hit["number"] is not None:
            value = hexadecimal(hit["value"])
            if value is not None:
                block.parameters[int(hit["number"])] = value
        elif hit["access"] is not None:
            block.access = _ACCESS[hit["access"].lower()]
            block.target = None if hit["target"] is None else hexadecimal(hit["target"])

    def _wrapped(self, index: int) -> str | None:
        """The symbol of an address, where a mailer broke the row before its bracket."""
        below = self.text.rows[index + 1 : index + 2]
        found = _BRACKETED.fullmatch(below[0][:_LONGEST].rstrip()) if below else None
        return None if found is None else found[1]

    def _field(self, hit: re.Match[str], index: int) -> None:
        value = hexadecimal(hit["value"])
        if value is None:
            return
        if hit["code_key"] is not None:
            block = self.open.get("field")
            if block is None and hit["code_key"] in _STRINGS and self._told(value, index):
                return
            if hit["kind"] is None and len(hit["value"].removeprefix("0x")) != 8:
                # "ERROR_CODE: 404" of some program; where !analyze prints a short code, it has said its kind before.
                return
            # ERROR_CODE and EXCEPTION_CODE of one analysis agree; another code is another analysis.
            if block is not None and block.code is not None and code32(block.code) != code32(value):
                if hit["code_key"] in _STRINGS:
                    return
                self._close("field")
            block = self._at("field", "field", index)
            block.code = value
            block.access = block.access or self.fault
            self.fault = None
        elif hit["number"] is not None and "field" in self.open:
            self._at("field", "field", index).parameters[int(hit["number"])] = value
        elif hit["access"] is not None:
            block = self._at("field", "field", index)
            block.access, block.target = _ACCESS[hit["access"].lower()], value

    def _told(self, value: int, index: int) -> bool:
        """Whether the record right above has another code: of a .NET exception, the string is what it says within."""
        record = self.open.get("record")
        near = record is not None and record.code is not None and index - record.last <= _GAP
        return near and record is not None and code32(record.code or 0) != code32(value)

    def _exploitable(self, hit: re.Match[str], index: int) -> None:
        block = self._at("exploitable", "note", index)
        if hit["code"] is not None:
            block.code = hexadecimal(hit["code"])
            block.chance = "first" if hit["chance"].lower() == "first" else "second"
        elif hit["access"] is not None:
            block.access = _ACCESS[hit["access"].lower()]
        else:
            block.target = hexadecimal(hit["target"])

    def _walker(self, hit: re.Match[str], index: int) -> None:
        if hit["name"] is not None:
            block = self._fresh("walker", "event", index)
            block.code = code_of_symbol(hit["name"])
            for suffix, access in (("_READ", "read"), ("_WRITE", "write"), ("_EXEC", "execute")):
                if hit["name"].endswith(suffix):
                    block.access = _ACCESS[access]
        elif "walker" in self.open:
            self._at("walker", "event", index).target = hexadecimal(hit["target"])

    def _nt_era(self, words: str, index: int) -> None:
        """NTSD names the exception; where it is the second chance, it says so in the same row or the next."""
        code = code_of(words.replace(_SECOND, "").strip())
        if code is None:
            return
        last = index
        if _SECOND not in words:
            follows = self._next(index, _NT_ERA)
            last = index + 1 if follows is not None and _SECOND in follows[1].lower() else index
        context = read_context(self.text, last + 1)
        record = ExceptionRecord(
            code=code,
            chance="second" if _SECOND in words or last > index else "first",
            address=context.address,
            access=context.access,
            target=context.target,
            lines=(self.text.numbers[index], self.text.numbers[last]),
        )
        said = " ".join(words.split())
        self.found.append(
            Sighting(
                record=record,
                origin="event",
                symbol=context.symbol,
                process=self._introduced(index),
                last_row=context.last,
                words=said,
            )
        )

    def _introduced(self, index: int) -> str | None:
        """The program that the row above names, where it ends in a colon."""
        above = next((row for row in self.text.rows[max(0, index - _ABOVE) : index][::-1] if row), "")
        found = _INTRODUCED.match(above[-200:].rstrip())
        return None if found is None else found[1]

    def _next(self, index: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The match in the next row that is not blank."""
        for row in self.text.rows[index + 1 : index + 4]:
            if row:
                return pattern.match(row[:400])
        return None

    def _at(self, kind: str, origin: Origin, index: int) -> _Block:
        block = self.open.get(kind)
        if block is None or index - block.last > _GAP:
            return self._fresh(kind, origin, index)
        block.last = index
        return block

    def _fresh(self, kind: str, origin: Origin, index: int) -> _Block:
        self._close(kind)
        block = self.open[kind] = _Block(origin, index)
        return block

    def _close(self, kind: str) -> None:
        block = self.open.pop(kind, None)
        sighting = None if block is None else block.sighting(self.text)
        if sighting is not None:
            self.found.append(sighting)
