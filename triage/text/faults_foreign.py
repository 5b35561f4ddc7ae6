"""Fault messages in other languages than English: the box of an access violation, and what Delphi programs say.

    Die Anweisung in "0x77f5a2b1" verweist auf Speicher in "0x00000010". Der Vorgang "read" konnte nicht …
    "0x77f5a2b1"指令引用的"0x00000010"内存。该内存不能为"read"。
    Zugriffsverletzung bei Adresse 0040590A in Modul 'Orchard.exe'. Lesen von Adresse 00000000
    Ausnahme unbekannte Softwareausnahme (0xc06d007e) in Anwendung an der Stelle 0x7c812fd3.
    应用程序发生异常 未知的软件异常 (0xc06d007e) 位置为0x7c812fd3。          often in full-width brackets
    Die Anwendung konnte nicht korrekt gestartet werden (0xc000007b). Klicken Sie auf "OK", um …
    Исключение 0xC0000005 по адресу 0x02763975 (orchard.dll) при вызове функции     English, too

    The instruction at 0x%p referenced memory at 0x%p. The memory could not be %s. (0xC0000005)
    Instruction 0x00007FFC4A8F55EB refers to the memory at 0xFFFFFFFFFFFFFFFF. The memory can not be read.
    0x00007FFAA4BCABB1 Instruction reference to memory 0xFFFFFFFFF...F, this memory cannot be read.

The first of these is what programs show that ask the system for a code's words and have nothing to fill in, in any
language; the others are translations by a person or a machine.

Folklore: sentences are translated, their numbers and quoted names are not, and the order of the numbers is the same in
all languages: the instruction, then the memory. The system leaves "read" and "written" in English in most of them.
Source: message of STATUS_ACCESS_VIOLATION in ntdll.dll, resources of Delphi's SysConst.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Access
from triage.text.delphi import module_of, offset_of, record_of
from triage.text.faults import Fault
from triage.text.lazy import regex
from triage.text.lines import Text

_MOST = 1_000
_BEGINNING = 32
_INSTRUCTION_WORDS = (
    *("anweisung", "instruction à", "instrucción", "istruzione", "instrução", "инструкция", "instructie"),
    *("instrukcja", "instruktion", "指令", "命令", "명령"),
)
_INSTRUCTION = regex(
    r"[\"\u201c\u201e«'`]?0x(?P<address>[0-9a-f]{8,16})[\"\u201d«»'`]?[^\n]{2,80}?"
    r"0x(?P<target>[0-9a-f]{8,16})(?:[^\n]{2,80}?\b(?P<access>read|writ|execut))?",
    re.IGNORECASE,
)
_TRANSLATED_WORDS = ("instruction 0x", "instruction refer")
_UNFILLED_WORDS = ("0x%p", "0x%08lx", "0x%lx", "0x%x")
_UNFILLED = regex(
    r"0x%(?:p|0?8?l?x)[^\n]{2,120}?0x%(?:p|0?8?l?x)[^\n]{2,120}?\(\s?(?:0x)?(?P<code>c000000[56])\s?\)", re.IGNORECASE
)
_VIOLATION_WORDS = (
    *(
        "zugriffsverletzung",
        "violation d'accès",
        "violation d\u2019accès",
        "violación de acceso",
        "violazione di accesso",
    ),
    *("violação de acesso", "нарушение доступа", "違反"),
)
_PLACED = regex(r"(?<![0-9a-z])(?:0x|\$)?[0-9a-f]{8}(?:[0-9a-f]{8})?(?![0-9a-z])", re.IGNORECASE)
_RAISED_WORDS = (
    *("ausnahme", "exception logicielle", "excepción", "eccezione", "exceção", "excepção", "исключение", "wyjątek"),
    *("výjimka", "uitzondering", "undantag", "özel durum", "异常", "例外", "예외", "exception 0x", "exception code 0x"),
)
_RAISED = regex(
    r"[(\uff08]\s?0x(?P<code>[0-9a-f]{8})\s?[)\uff09][^\n.]{1,60}?0x(?P<address>[0-9a-f]{8,16})(?![0-9a-z])"
    r"|(?:exception(?: code)?|ausnahme|исключение|excepción|eccezione|exceção|wyjątek|výjimka|异常|例外)\s{0,2}"
    r"0x(?P<code2>[c8e4][0-9a-f]{7})\s{1,2}(?:[^\W\d_]{1,12}\s){1,3}\s?(?:0x)?(?P<address2>[0-9a-f]{8,16})\b"
    r"(?:\s{0,2}\(\s{0,2}(?P<module>[\w.$~-]{1,60}\.\w{2,4})\s{0,2}\))?",
    re.IGNORECASE,
)
_START_WORDS = (
    *("korrekt gestartet werden", "réussi à démarrer correctement", "pudo iniciar correctamente"),
    *("avviare correttamente l'applicazione", "avviare correttamente l\u2019applicazione"),
    *("pôde ser inicializado corretamente", "ошибка при запуске приложения", "została właściwie uruchomiona"),
    *("toepassing niet juist starten", "düzgün olarak başlat\u0131lamad\u0131", "nepodařilo správně spustit"),
    *("无法正常启动", "無法正確啟動", "正しく起動できません", "제대로 시작하지 못했습니다"),
)
_START = regex(r"[(\uff08]\s?(?P<code>0xc[0-9a-f]{7})\s?[)\uff09]", re.IGNORECASE)
_ACCESSES: dict[str, Access] = {"read": "read", "writ": "write", "execut": "execute"}
_TITLE = regex(r"^[\s\"'*>-]{0,8}(?P<process>[\w.$ ()-]{1,60}?\.exe)\s{1,3}[-\u2013:]\s", re.IGNORECASE)


def read_foreign(text: Text) -> Iterator[Fault]:
    """A fault for each row that tells of an access violation in another language."""
    for words, read in (
        (_INSTRUCTION_WORDS, _instruction),
        (_TRANSLATED_WORDS, _translated),
        (_UNFILLED_WORDS, _unfilled),
        (_VIOLATION_WORDS, _violation),
        (_RAISED_WORDS, _raised),
        (_START_WORDS, _start),
    ):
        for index in text.holding(words)[:_MOST]:
            if (fault := read(text, index)) is not None:
                yield fault


def foreign_beginnings(text: Text) -> frozenset[int]:
    """Rows that such a message begins: its first noun stands behind an article or the address, and not farther on."""
    words = (*_INSTRUCTION_WORDS, *_VIOLATION_WORDS)
    return frozenset(
        index
        for index in (fault.rows[0] for fault in read_foreign(text))
        if any(word in text.rows[index].lstrip()[:_BEGINNING].lower() for word in words)
    )


def _instruction(text: Text, index: int) -> Fault | None:
    row = text.rows[index][:1_000]
    # The sentence about what could not be done may stand on the row below.
    below = text.rows[index + 1][:200] if index + 1 < len(text.rows) else ""
    found = _INSTRUCTION.search(f"{row} {below}")
    if found is None:
        return None
    title = _TITLE.match(row) or (_TITLE.match(text.rows[index - 1][:200]) if index else None)
    access = None if found["access"] is None else _ACCESSES[found["access"].lower()]
    return Fault(
        kind="instruction",
        message=" ".join(row.split()),
        lines=(text.numbers[index], text.numbers[index]),
        rows=(index, index),
        process=None if title is None else title["process"].strip(),
        code=0xC0000005,
        address=int(found["address"], 16),
        target=int(found["target"], 16),
        access=access,
    )


def _translated(text: Text, index: int) -> Fault | None:
    return _instruction(text, index) if "memory" in text.rows[index][:1_000].lower() else None


def _unfilled(text: Text, index: int) -> Fault | None:
    row = text.rows[index][:1_000]
    # From the first place alone: a row of many would be searched from each of them.
    found = _UNFILLED.match(row, max(0, row.find("0x%")))
    if found is None:
        return None
    lines = (text.numbers[index], text.numbers[index])
    code = int(found["code"], 16)
    return Fault(kind="instruction", message=" ".join(row.split()), lines=lines, rows=(index, index), code=code)


def _start(text: Text, index: int) -> Fault | None:
    """The box of a program that could not be started."""
    row = text.rows[index][:1_000]
    found = _START.search(row)
    if found is None:
        return None
    title = _titled(text, index)
    return Fault(
        kind="start",
        message=" ".join(row.split()),
        lines=(text.numbers[index], text.numbers[index]),
        rows=(index, index),
        process=title,
        code=int(found["code"], 16),
    )


def _titled(text: Text, index: int) -> str | None:
    """The program in the title of a box, in the same row or one of the two above."""
    row = text.rows[index][:1_000]
    title = _TITLE.search(row) or next(
        (hit for above in text.rows[max(0, index - 2) : index][::-1] if (hit := _TITLE.match(above[:200]))), None
    )
    return None if title is None else title["process"].strip()


def _raised(text: Text, index: int) -> Fault | None:
    """The box of an exception without a sentence of its own, and a program's row that names code and address."""
    row = text.rows[index][:1_000]
    found = _RAISED.search(row)
    if found is None:
        return None
    return Fault(
        kind="software",
        message=" ".join(row.split()),
        lines=(text.numbers[index], text.numbers[index]),
        rows=(index, index),
        process=_titled(text, index),
        module=found["module"],
        code=int(found["code"] or found["code2"], 16),
        address=int(found["address"] or found["address2"], 16),
    )


def _violation(text: Text, index: int) -> Fault | None:
    row = text.rows[index][:1_000]
    if _PLACED.search(row) is None:
        return None
    lines = (text.numbers[index], text.numbers[index])
    record = record_of("EAccessViolation", row, lines)
    if record is None or record.address is None:
        return None
    return Fault(
        kind="delphi",
        message=" ".join(row.split()),
        lines=lines,
        rows=(index, index),
        module=module_of(row),
        offset=offset_of(row),
        code=record.code,
        address=record.address,
        target=record.target,
        access=record.access,
    )
