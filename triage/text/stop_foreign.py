# ruff: noqa: RUF002 - the tables hold words of languages whose letters look like Latin ones
"""Stop screens of Windows 8 and later in other languages than English, and what people call the screen there.

    Stillstandcode: CRITICAL_PROCESS_DIED
    Code d'arrêt : DRIVER_IRQL_NOT_LESS_OR_EQUAL (0xD1)
    Ce qui a échoué : orchard.sys
    Код остановки: WHEA_UNCORRECTABLE_ERROR
    终止代码：MEMORY_MANAGEMENT
    失败的操作: orchard.sys

Folklore: the name of the stop is English everywhere; only the labels before it and before the driver are translated.
The words changed between releases, so that a language has several. Source: screens that people typed or translated.
"""

import re
from collections.abc import Iterator

from triage.text.lazy import regex
from triage.text.lines import Text

LABELS = (
    *("stillstandcode", "stoppcode", "stopp-code", "stoppkode", "stopcode", "stoptilstandskode", "lopetuskoodi"),
    *("code d'arrêt", "code d\u2019arrêt", "code d'arret", "code de l'arrêt"),
    *("código de detención", "codigo de detencion", "código de parada", "código de interrupção", "código de paragem"),
    *("codice di arresto", "codice di interruzione", "codice interruzione", "codice arresto", "codice di stop"),
    *("код остановки", "код останова", "код стоп", "код зупинки", "kod zatrzymania", "kod zastavení", "kód ukončení"),
    *("kód zastavení", "durma kodu", "durdurma kodu", "leállási kód", "cod de oprire", "cod oprire"),
    *("终止代码", "停止代码", "停止代碼", "終止代碼", "停止碼", "停止コード", "중지 코드", "정지 코드"),
)
"""What stands before the name, in lower case."""

_FAILED = (
    *(
        r"what\s+failed",
        r"fehler\s+verursacht\s+durch",
        r"fehlerursache",
        r"ce\s+qui\s+a\s+échoué",
        r"élément\s+défaillant",
    ),
    *(r"qué\s+falló", r"error\s+en", r"operación\s+con\s+error", r"o\s+que\s+falhou", r"operazione\s+non\s+riuscita"),
    *(r"elemento\s+non\s+riuscito", r"что\s+вызвало\s+проблему", r"сбой", r"co\s+się\s+nie\s+powiodło"),
    *(
        "失败的操作",
        "失败的内容",
        "失敗的內容",
        "故障内容",
        "问题文件",
        "失敗した内容",
        "실패한 항목",
        "오류가 발생한 항목",
    ),
)

FAILED = regex(r"(?<!\w)(?:" + "|".join(_FAILED) + r")\s?[:\uff1a]\s?(?P<driver>[\w.$-]{1,60})", re.IGNORECASE)
"""The driver behind its label: `What failed: orchard.sys`, in any of the languages."""

SCREENS = (
    *("蓝屏", "藍屏", "藍白畫面", "藍色當機", "ブルースクリーン", "ブルスク", "블루스크린", "블루 스크린"),
    *("синий экран", "синего экрана", "экран смерти", "pantalla azul", "pantallazo azul"),
    *("écran bleu", "ecran bleu", "tela azul", "ecrã azul", "schermata blu", "blauer bildschirm", "blauen bildschirm"),
    *("niebieski ekran", "modrá obrazovka", "blauw scherm", "blå skärm", "blåskjerm", "mavi ekran", "kék halál"),
)
"""What the screen is called, in lower case."""

_NAME = r"(?P<name>[A-Z][A-Z0-9]{1,20}(?:[_ ][A-Z0-9]{1,24}){1,8})(?![a-z])"
_SHOWN = regex(
    r"(?i:" + "|".join(map(re.escape, LABELS)) + r")[^\S\n]{0,4}[:\uff1a=][\s\"'`*\u00ab\u201c]{0,6}" + _NAME
)
_MAX_ROW = 1_000


def foreign_heads(text: Text) -> Iterator[tuple[int, re.Match[str]]]:
    """The rows with a label of another language and the name behind it, in the match's group `name`."""
    for index in text.holding(LABELS):
        found = _SHOWN.search(text.rows[index][:_MAX_ROW])
        if found is not None:
            yield index, found
