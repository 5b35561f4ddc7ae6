"""Lines of the debuggers of Visual C++ and Visual Studio, which name the process, and in old versions the module.

    Unhandled exception in Store.exe (EDB.DLL): 0xC0000005: Access Violation.
    First-chance exception at 0x77e7bc3e in app.exe: 0xC0000005: Access violation writing location 0x00000010.
    Exception thrown at 0x00007FF6A2A31234 (orchard.dll) in orchard.exe: 0xC0000005: Access violation reading location …

    Unhandled exception at 0x774B00C5 in ntdll.dll (+0x400c5): 0xC0000005: Access violation writing location 0x00000024.
    Ausnahmefehler bei 0x00A31234 (orchard.dll) in orchard.exe: 0xC0000005: Zugriffsverletzung beim Lesen an Position …

    Unhandled exception at 0x00007FFA1454184E (ntdll.dll) in app.exe: A LIST_ENTRY has been corrupted (i.e. double …
    Unhandled exception at 0x7C812AFB in orchard.exe: Microsoft C++ exception: std::bad_alloc at memory location 0x0012…

    Exception thrown: read access violation.   **this** was nullptr.             the helper of Visual Studio since 2015
    Exception at 0x7ff9ac9d8c34, code: 0xc0000005: read access violation at: 0x0, flags=0x0 (first chance)   Qt Creator
    First chance exception on 00A31234 (C0000005, EXCEPTION_ACCESS_VIOLATION)!         the log of x64dbg

    Prozessname: orchard.exe : C:\\Orchard\\orchard.exe       the summary of a dump, in any language
    Ausnahmecode: 0xC0000005
    Unhandled exception at module leaf.dll: Access violation reading location...       as people remember it

Folklore: the summary's labels are translated; that the program stands behind its label with its path once more, and
the code alone behind its own, is not. Who retypes it leaves out the program, but not the words of the code. Since
Visual Studio 2015 a first chance is an "Exception thrown"; the name in brackets is the module's. Where the process is
lost, the module stands in its place. Loaders of game mods print the module with an offset in brackets.
Other languages turn the sentence around (Chinese has the address first), but the code stands between two colons in
all of them, the address is the first number before it, and what was touched the first one behind it. Who has such a
sentence translated back gets an English one that is not the debugger's (`… at 0x… (in leaf.dll) in the orchard.exe:`).
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Access, ExceptionRecord
from triage.text.exception_types import MAX_SIGHTINGS, Sighting
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.numbers import hexadecimal

_LINE = regex(
    r"(first-chance\s{1,4}exception|unhandled\s{1,4}exception|second-chance\s{1,4}exception|exception)"
    r"(?:\s{1,4}thrown)?(?:\s{1,4}at\s{1,4}(0x[0-9a-f]{8,16})(?:\s{1,4}\(([^()\n]{1,260}(?:\([^()\n]{1,40}\)[^()\n]{0,60})?)\))?)?\s{1,4}"
    r"in\s{1,4}([^\n:()]{1,120}?\.\w{2,4})(?:\s{1,4}\(([^()\n]{1,120})\))?\s{0,2}:\s{1,4}(0x[0-9a-f]{1,8})\b"
    r"(?::\s{1,4}(?:[a-z ]{3,40}?\b)?(reading|writing|executing)\s{1,4}location\s{1,4}(0x[0-9a-f]{1,16}))?",
    re.IGNORECASE,
)
_START = regex(r"(?:first-chance|unhandled|second-chance|exception)\s", re.IGNORECASE)
_FAST_FAIL = regex(
    r"\b(unhandled exception|exception thrown) at (0x[0-9a-f]{8,16})(?: \(([^()\n]{1,260})\))?"
    r" in ([^\n:()]{1,120}?\.exe): (?:A LIST_ENTRY has been corrupted|Stack cookie instrumentation"
    r"|Fatal program exit requested|Range ?(?:check|instrum)|An invalid parameter was passed|Guard check"
    r"|Invalid (?:handle|jump buffer|stack)|Indirect call guard|Fast fail)[^\n.(`]{0,160}",
    re.IGNORECASE,
)
"""What ends a program by __fastfail, which the debugger knows by its reason and prints no code of."""

_FAST_FAIL_CODE = 0xC0000409

_THROWN = regex(
    r"\b(unhandled exception) at (0x[0-9a-f]{8,16})(?: \(([^()\n]{1,260})\))?"
    r" in ([^\n:()]{1,120}?\.exe)\s?: Microsoft C\+\+ exception\b[^\n`]{0,160}",
    re.IGNORECASE,
)
"""An exception of C++ that nobody caught, by its type; those that are caught come by the hundred and are no fault."""

_THROWN_CODE = 0xE06D7363
_HELPER = regex(
    r"[^\w\n]{0,12}(?P<unhandled>unhandled )?exception thrown: (?P<access>read|write|execut)\w{0,5} access violation\.",
    re.IGNORECASE,
)
_HELPED_WITHIN = regex(
    r"(?<![\"'\w])(?P<unhandled>unhandled )?exception thrown: (?P<access>read|write|execut)\w{0,5} access violation\."
    r"[\s*_`]{1,6}[\w>.()\[\]-]{1,80}[*_`]{0,3} was (?:nullptr|0x[0-9a-f]{1,16})\b",
    re.IGNORECASE,
)
"""`line 42: leaf->grow(); --> Exception thrown: read access violation. leaf was nullptr.`, as people write it down."""

_VIOLATION_CODE = 0xC0000005
_ACCESS: dict[str, Access] = {"reading": "read", "writing": "write", "executing": "execute"}
_CREATOR_ACCESS: dict[str, Access] = {"read": "read", "write": "write", "execut": "execute"}
_DUMP = regex(r"(?P<program>.{1,100}?\.exe)?[^\n]{0,60}\.m?dmp", re.IGNORECASE)
_LIBRARIES = (".dll", ".ocx", ".drv", ".sys")
_OFFSET = regex(r"\+0x([0-9a-f]{1,8})", re.IGNORECASE)

_SUMMED = regex(r"\s{0,8}[^\n:\uff1a]{2,40}[:\uff1a]\s{0,12}(?P<code>0x[8ce][0-9a-f]{7})\s{0,8}", re.IGNORECASE)
_RAN = regex(
    r"\s{0,8}[^\n:\uff1a]{2,40}[:\uff1a]\s{0,12}(?P<name>[^\s:\\/][^\n:\\/]{0,80}\.exe) : "
    r"[A-Z]:\\(?:[^\n:]{0,300}\\)?(?P=name)\s{0,8}",
    re.IGNORECASE,
)
_OF_THE_CODE = regex(
    r"\bthread tried to read from or write to a virtual address\b"
    r"|\u7ebf\u7a0b(?:\u8bd5\u56fe|\u5c1d\u8bd5)\u8bfb\u5199\u67d0\u4e2a\u865a\u62df\u5730\u5740",
    re.IGNORECASE,
)
"""The words of an access violation's code in the summary of a dump: English, Chinese."""

_SUMMARY_ROWS = 5
_REMEMBERED = regex(
    r"\bunhandled exception (?:at|in) module (?P<module>[\w.$+~-]{1,80}\.(?:dll|exe|ocx|sys)): access violation\b"
    r"(?: (?P<access>reading|writing|executing) location(?: (?P<target>0x[0-9a-f]{1,16}))?)?",
    re.IGNORECASE,
)

_LOGGED = regex(r"(?P<address>[0-9A-F]{8,16}) \((?P<code>[0-9A-F]{8}), [A-Z][A-Z0-9_]{2,60}\)!")
_LAST = regex(r"\b(?:last|letzte|dernière|última|ultima|последн)|最后|最後", re.IGNORECASE)
_HEADLESS = regex(
    r"[^\w\n]{0,12}(?P<process>[\w$~-][\w.$~-]{0,80}\.exe): (?P<code>0xc[0-9a-f]{7}): (?=[a-z])(?P<words>[^\n]{4,120})",
    re.IGNORECASE,
)
_LOCATED = regex(r"\b(?P<access>reading|writing|executing) location (?P<target>0x[0-9a-f]{1,16})\b", re.IGNORECASE)
_CODED = regex(r"[:.]\s{0,3}(0x[8ce][0-9a-f]{7})\s?[:\uff1a]", re.IGNORECASE)
_CODE_MARKS = tuple(f"{mark} 0x{digit}" for mark in ":." for digit in "8ce")
_EXCEPTION_WORDS = regex(
    r"ausnahme|exception|excepci|exce[çc]|eccezione|исключени|异常|異常|例外|예외|wyj[ąa]t|výjimk|özel durum|undantag"
)
_UNHANDLED_WORDS = regex(
    r"unbehandelt|ausnahmefehler|non gér|no controlad|non gestit|необработ|未经处理|未处理|未經處理|未處理|ハンドルされ"
    r"|처리되지|sem tratamento|nieobsłu|neošetř|işlenmem|ohanterat"
)
_CREATOR = regex(
    r"\bException at (?P<address>0x[0-9a-f]{1,16}), code: (?P<code>0x[0-9a-f]{8}): "
    r"(?:(?P<access>read|write|execut)\w{0,3} access violation at: (?P<target>0x[0-9a-f]{1,16}))?[^\n]{0,120}",
    re.IGNORECASE,
)
"""What Qt Creator shows of a program that its debugger stopped."""

_PLACED = regex(r"\"?(0x[0-9a-f]{8,16})\"?(?:\s?\((?:in )?([^()\n]{1,120}\.\w{2,4})\))?", re.IGNORECASE)
_PROGRAM = regex(r"([^\s\"'«»()\uff08\uff09:,/\\]{1,80}\.exe)(?![a-z0-9_])", re.IGNORECASE)
_FOREIGN_ACCESS: tuple[tuple[Access, re.Pattern[str]], ...] = (
    ("write", regex(r"\bwrit|schreib|écri|escri|scritt|scriv|запис|写入|寫入|書き込|쓰|zapis|grava|yaz|zápis|skriv")),
    ("execute", regex(r"ausführ|exécut|ejecut|esegu|esecuz|выполн|исполн|执行|執行|実行|실행|wykon|execut|yürüt|kör")),
    ("read", regex(r"\bread|les|lect|leer|lett|чтени|读取|讀取|読み|읽|odczyt|ler|oku|čt|läs")),
)


def read_studio(text: Text) -> Iterator[Sighting]:
    """A sighting for each line that tells of an exception, in any language of the debugger."""
    rows: set[int] = set()
    for sighting in _english(text):
        rows.update(range(sighting.lines[0], sighting.lines[1] + 1))
        yield sighting
    for sighting in _uncoded(text):
        rows.update(range(sighting.lines[0], sighting.lines[1] + 1))
        yield sighting
    for sighting in _logged(text):
        rows.add(sighting.lines[0])
        yield sighting
    for words, read in (
        ((".exe: 0xc",), _headless),
        ((", code: 0x",), _creator),
        (("thrown: ",), _helped),
        (("exception at module ", "exception in module "), _remembered),
        ((".exe : ", "virtual address", "虚拟地址"), _summed),
        (_CODE_MARKS, _foreign),
    ):
        for index in text.holding(words):
            if len(rows) < MAX_SIGHTINGS and text.numbers[index] not in rows:
                found = read(text, index)
                if found is not None and found.record.lines[0] not in rows:
                    rows.update((text.numbers[index], found.record.lines[0]))
                    yield found


def _helped(text: Text, index: int) -> Sighting | None:
    """What the window says that stands beside the statement: neither place nor program, but what was tried."""
    row = text.rows[index][:400]
    below = text.rows[index + 1][:200] if index + 1 < len(text.rows) else ""
    hit = _HELPER.match(row) or _HELPED_WITHIN.search(f"{row}\n{below}")
    if hit is None or hit.start() > len(row):
        return None
    record = ExceptionRecord(
        code=_VIOLATION_CODE,
        chance="first" if hit["unhandled"] is None else "second",
        access=_CREATOR_ACCESS[hit["access"].lower()],
        lines=(text.numbers[index], text.numbers[index]),
    )
    return Sighting(record=record, origin="event", words=" ".join(row.split()))


def _headless(text: Text, index: int) -> Sighting | None:
    """A line whose beginning, with the address, is lost: `orchard.exe: 0xC0000005: Access violation reading …`."""
    hit = _HEADLESS.match(text.rows[index][:600])
    if hit is None:
        return None
    touched = _LOCATED.search(hit["words"])
    record = ExceptionRecord(
        code=int(hit["code"], 16),
        access=None if touched is None else _ACCESS[touched["access"].lower()],
        target=None if touched is None else hexadecimal(touched["target"]),
        lines=(text.numbers[index], text.numbers[index]),
    )
    words = " ".join(hit[0].split())
    return Sighting(record=record, origin="event", process=_program(hit["process"]), words=words)


def _creator(text: Text, index: int) -> Sighting | None:
    hit = _CREATOR.search(text.rows[index][:1_000])
    if hit is None:
        return None
    record = ExceptionRecord(
        code=int(hit["code"], 16),
        chance="first" if "(first chance)" in hit[0] else "second",
        address=hexadecimal(hit["address"]),
        access=None if hit["access"] is None else _CREATOR_ACCESS[hit["access"].lower()],
        target=None if hit["target"] is None else hexadecimal(hit["target"]),
        lines=(text.numbers[index], text.numbers[index]),
    )
    return Sighting(record=record, origin="event", words=" ".join(hit[0].split()))


def _summed(text: Text, index: int) -> Sighting | None:
    """The code in the summary of a dump: below the row of its program, or beside the words of the code.

    The English summary is read as a record.
    """
    row = text.rows[index][:500]
    ran = _RAN.fullmatch(row)
    if ran is not None:
        near = range(index + 1, min(index + _SUMMARY_ROWS, len(text.rows)))
    elif _OF_THE_CODE.search(row) is not None:
        near = range(max(0, index - 2), index)
    else:
        return None
    found = ((at, hit) for at in near if (hit := _SUMMED.fullmatch(text.rows[at][:120])) is not None)
    at, hit = next(found, (0, None))
    if hit is None or "exception code" in text.rows[at][:60].lower():
        return None
    record = ExceptionRecord(code=int(hit["code"], 16), lines=(text.numbers[at], text.numbers[at]))
    process = None if ran is None else ran["name"].strip()
    return Sighting(record=record, origin="event", process=process, words=" ".join(hit[0].split()))


def _remembered(text: Text, index: int) -> Sighting | None:
    hit = _REMEMBERED.search(text.rows[index][:1_000])
    if hit is None:
        return None
    record = ExceptionRecord(
        code=_VIOLATION_CODE,
        chance="second",
        access=None if hit["access"] is None else _ACCESS[hit["access"].lower()],
        target=None if hit["target"] is None else hexadecimal(hit["target"]),
        lines=(text.numbers[index], text.numbers[index]),
    )
    return Sighting(record=record, origin="event", module=hit["module"], words=" ".join(hit[0].split()))


def _foreign(text: Text, index: int) -> Sighting | None:
    row = text.rows[index][:2_000]
    coded = _CODED.search(row)
    if coded is None:
        return None
    before, after = row[max(0, coded.start() - 400) : coded.start()], row[coded.end() : coded.end() + 200]
    words = before.lower()
    place = _PLACED.search(before)
    program = _PROGRAM.findall(before if place is None else before[: place.start()] + before[place.end() :])
    if place is None or _EXCEPTION_WORDS.search(words) is None:
        return None
    touched = _PLACED.search(after)
    said = after.lower()
    access = next((kind for kind, pattern in _FOREIGN_ACCESS if pattern.search(said) is not None), None)
    record = ExceptionRecord(
        code=int(coded[1], 16),
        chance="second" if _UNHANDLED_WORDS.search(words) is not None else "first",
        address=hexadecimal(place[1]),
        access=access if touched is not None else None,
        target=None if touched is None else hexadecimal(touched[1]),
        lines=(text.numbers[index], text.numbers[index]),
    )
    return Sighting(
        record=record,
        origin="event",
        process=program[-1] if program else None,
        module=place[2],
        words=" ".join(row[:400].split()),
    )


def _uncoded(text: Text) -> Iterator[Sighting]:
    """Exceptions that the debugger tells in words, without their code."""
    for index in text.holding(("exception at 0x", "exception thrown at 0x"))[:MAX_SIGHTINGS]:
        row = text.rows[index][:2_000]
        code, hit = _FAST_FAIL_CODE, _FAST_FAIL.search(row)
        if hit is None:
            code, hit = _THROWN_CODE, _THROWN.search(row)
        if hit is None:
            continue
        yield Sighting(
            record=ExceptionRecord(
                code=code,
                chance="second" if hit[1].lower().startswith("unhandled") else "first",
                address=hexadecimal(hit[2]),
                lines=(text.numbers[index], text.numbers[index]),
            ),
            origin="event",
            process=_program(hit[4]),
            module=hit[3],
            words=" ".join(hit[0].split()),
        )


def _logged(text: Text) -> Iterator[Sighting]:
    """What x64dbg writes into its log, in any language; first chances other than faults come by the hundred."""
    for index in text.holding((")!",), exact=True)[:MAX_SIGHTINGS]:
        row = text.rows[index][:400]
        hit = _LOGGED.search(row)
        last = hit is not None and _LAST.search(row, 0, hit.start()) is not None
        if hit is None or not (last or hit["code"].startswith("C00000")):
            continue
        record = ExceptionRecord(
            code=int(hit["code"], 16),
            chance="second" if last else "first",
            address=int(hit["address"], 16),
            lines=(text.numbers[index], text.numbers[index]),
        )
        yield Sighting(record=record, origin="event", words=" ".join(row.split()))


def _program(printed: str) -> str:
    """The program's name without its path; a dump's name holds it before the process id: orchard.exe.4242.dmp."""
    name = printed.strip().rsplit("\\", 1)[-1]
    dump = _DUMP.fullmatch(name)
    return name if dump is None else dump["program"] or ""


def _english(text: Text) -> Iterator[Sighting]:
    if not text.holding((": 0x",), exact=True):
        return
    for count, hit in enumerate(text.matches(_LINE, ("chance", "unhandled", "exception"), _START)):
        code = hexadecimal(hit[6])
        if code is None or (hit[1].lower() == "exception" and hit[2] is None):
            continue
        if count >= MAX_SIGHTINGS:
            return
        record = ExceptionRecord(
            code=code,
            chance="first" if hit[1].lower().startswith(("first", "exception")) else "second",
            address=None if hit[2] is None else hexadecimal(hit[2]),
            access=_ACCESS.get((hit[7] or "").lower()),
            target=None if hit[8] is None else hexadecimal(hit[8]),
            lines=text.lines_of(*hit.span()),
        )
        process, module = _program(hit[4]), hit[5] or hit[3]
        placed = None if module is None else _OFFSET.fullmatch(module)
        if placed is not None:
            # The offset is one from the base of what stands before it, be it the program.
            module = hit[3] or process
        if process.lower().endswith(_LIBRARIES):
            process, module = "", module or process
        yield Sighting(
            record=record,
            origin="event",
            process=process or None,
            module=module,
            offset=None if placed is None else int(placed[1], 16),
            words=" ".join(hit[0].split()),
        )
