"""Exit codes that are exceptions: how shells, build tools and development environments tell that a program crashed.

    Process finished with exit code -1073741819 (0xC0000005)                 PyCharm, in the reader's language
    error: process didn't exit successfully: `target\\debug\\orchard.exe` (exit code: 0xc0000005, STATUS_ACCESS_…)
    npm ERR! errno 3221225477
    D:\\orchard\\build\\orchard.exe exited with code -1073740791
    process exited with status exit code: 0xc0000374
    Exit code 0xc0000409***Exception:   0.42 sec                             CTest
    Error Code: 1073741819 (0xC0000005 - Access Violation)                   people, the sign lost on the way
    renderer process crashed: { reason: 'crashed', exitCode: -2147483645 }   Electron
    The game crashed with exit code -805306369       0xcfffffff, with which the system ends a program that hangs

Folklore: a process that an exception ended exits with the exception's code, which programs print as a signed number, an
unsigned one, or in hexadecimal. The signed and unsigned forms of the system's errors are so long and so alike
(-1073741819, 3221225477) that with a word of ending beside them they are nothing else, in any language; a
hexadecimal number needs the words "exit code" or their like right before it. One crash is told several times (by the
program that started it, and by those above), and what tells more of the same code in the same text makes an exit
code say nothing new (`triage.formats.combine`). Tables and source code that list the numbers have no such word, or
"==" and quotes around it. 0xc000013a is Ctrl-C.
"""

import re

from triage.model.evidence import ExceptionRecord, Incident, Lines, Message, Process
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.prose import in_source
from triage.text.reports import MAX_REPORTS, image, rows_with, span

_ENDING = (
    r"(?:exit|errno|return(?:ed)?\s{0,2}(?:value|code)|crash|died|terminat|code\b|exception|unexpected\w{0,2}"
    r"\s{1,2}finished|finished"
    r"|status|退出|返回|返回值|結束|结束|終了|종료|выход|заверш|beendet|arrêt|terminé|salida|saída|uscita|zakończ|kod\w{0,2}\s)"
)
_DECIMAL = regex(
    r"(?<![A-Za-z0-9_.-])(?P<code>-(?:1073[67]\d{5}|532459699|532462766|529697949|214748364[45]|2146233082"
    r"|106659827[34]|805306369)"
    r"|3489660927|32212\d{5}|3765269347|37625(?:04530|07597)|214748365[12]|2148734214|322836902[23])(?!\w|\.\d)"
)
_HEXADECIMAL = regex(
    r"\b(?:exit(?:ed)?(?:[\s_-]{0,2}(?:with\s{1,2}(?:an?\s)?)?(?:(?:abnormal|error|unexpected|non-?zero)\s)?"
    r"(?:status|code|value))|exited with(?= [\"'`]?0x)"
    r"|terminated by exception|SEH exception with code|exitcode|退出代码|退出代碼|code de sortie|exit-code"
    r"|código de salida|кодом|終了コード|return(?:ed)? (?:code|value))"
    r"(?:\s{1,2}(?:of|is|was|exit code|为|為))?\s{0,3}[:=]?\s{0,3}[\"'`(]?(?P<code>0x[0-9a-f]{8})\b",
    re.IGNORECASE,
)
_BOTH = regex(r"(?<![\w.])-?(?P<decimal>\d{9,10})\s?[(/|,]\s?(?P<hex>0x[0-9a-f]{8})\b", re.IGNORECASE)
_CUT = regex(r"\bexit(?: ?code)?:?$", re.IGNORECASE)
_ENDED = regex(_ENDING, re.IGNORECASE)
_PROGRAM = regex(r"[^\s\"'`<>|()=]{1,260}?\.exe(?![\w.-])", re.IGNORECASE)
_LISTED = regex(r"==|!=|=>|\bcase\b|#define|\bconst\b|\benum\b|\bstatic\b|^\s{0,8}\|[^|\n]{0,300}\||\bif\s?\(")
"""What a row of a table, or of source code has around the number; `     | orchard exited with -1073741819` is a row of
PowerShell's errors, which has one stroke only.
"""

_LOOKED_UP = regex(r"[\s>*|`-]{0,12}Error code: \((?:NTSTATUS|HRESULT|Win32)\) ")
"""`Error code: (NTSTATUS) 0xc000042c (3221226540) - The requested …`: a debugger was asked what a number means."""

_NEAR = 100
"""Characters between a number and the word of ending before it; behind it stands one at once or none."""

_MARKS = (
    *("-10736", "-10737", "32212", "-5324", "-52969", "376526934", "376250", "-21474836", "-214623308", "21474836"),
    *(
        "2148734214",
        "322836902",
        "-106659827",
        "-805306369",
        "3489660927",
        "0xcf",
        "0xCF",
        "0xc0",
        "0xC0",
        "0xe0",
        "0xE0",
        "0x80",
    ),
)
_ENDED_BY_USER = frozenset({0xC000013A, 0x40010004})
_SEVERITIES = frozenset({0xC, 0xE})
_OTHERS = frozenset({0x80000003, 0x80000004, 0x80131506})


def read(text: Text) -> Reading:
    """A message with the exception for every program that ended by one; a code is told once for each program."""
    found: dict[tuple[int, str | None], Incident] = {}
    claimed: list[Lines] = []
    for index in rows_with(text, *_MARKS):
        row = text.rows[index][:4_000]
        code, first = _code(row), index
        if code is None and index and _CUT.search(text.rows[index - 1][-200:]) is not None:
            # error: process didn't exit successfully: `orchard.exe` (exit code:      of a terminal that was so wide
            # 0xc0000005, STATUS_ACCESS_VIOLATION)
            first, row = index - 1, f"{text.rows[index - 1][-400:]} {row}"
            code = _code(row)
        if code is None or in_source(text.rows, index):
            continue
        lines = span(text, first, index)
        claimed.append(lines)
        told = _PROGRAM.search(row)
        name = image(told[0]) if told is not None else None
        known = next((key for key in found if key[0] == code and (name is None or key[1] in {None, name})), None)
        if known is not None and (name is None or known[1] == name):
            continue
        if known is not None:
            del found[known]
        if len(found) >= MAX_REPORTS:
            break
        found[code, name] = Incident(
            kind="message",
            lines=lines,
            process=None if name is None else Process(name=name),
            exception=ExceptionRecord(code=code, lines=lines),
            messages=(Message(" ".join(row[:400].split()), lines),),
        )
    return Reading(incidents=tuple(found.values()), claimed=tuple(claimed))


def _code(row: str) -> int | None:
    """The exception that a row says a program ended with."""
    if _LISTED.search(row[:400]) is not None or _LOOKED_UP.match(row) is not None:
        return None
    for hit in _HEXADECIMAL.finditer(row):
        if (code := _exception(int(hit["code"], 16))) is not None:
            return code
    for hit in _BOTH.finditer(row):
        code = int(hit["hex"], 16)
        same = int(hit["decimal"]) in {code, (1 << 32) - code}
        before = row[max(0, hit.start() - _NEAR) : hit.start()]
        if (
            same
            and "thread" not in before.lower()
            and _ENDED.search(before) is not None
            and _exception(code) is not None
        ):
            return code
    for hit in _DECIMAL.finditer(row):
        before, behind = row[max(0, hit.start() - _NEAR) : hit.start()], row[hit.end() : hit.end() + 12]
        if _ENDED.search(before) is None and _ENDED.match(behind.lstrip(" \t)]:,;-")) is None:
            continue
        if (code := _exception(int(hit["code"]) & 0xFFFFFFFF)) is not None:
            return code
    return None


def _exception(code: int) -> int | None:
    if code in _ENDED_BY_USER:
        return None
    return code if code in _OTHERS or code >> 28 in _SEVERITIES else None
