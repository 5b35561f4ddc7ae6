# ruff: noqa: RUF001 - the tables hold words of languages whose letters look like Latin ones
"""Labels of the event viewer's fields and words of its types, in the languages that people paste from.

Labels are as the viewers of Windows NT 3.51 to 11, wevtutil, Get-WinEvent, Get-EventLog, CSV exports and
knowledge-base articles print them; lower case, straight apostrophes.
"""

import re

from triage.model.evidence import EventType
from triage.text.lazy import regex

LABELS: dict[str, tuple[str, ...]] = {
    "id": (
        *("event id", "eventid", "event-id", "event identifier", "event number", "event ids", "eventcode"),
        *("ereignis-id", "ereigniskennung", "ereigniskennummer"),
        *("id de l'événement", "id événement", "id de l'évènement", "id d'événement", "numéro de l'événement"),
        *("код события", "id события", "идентификатор события"),
        *("事件 id", "事件id", "事件識別碼", "イベント id", "イベントid", "이벤트 id"),
        *("id. del evento", "id. de suceso", "id. de evento", "id del evento", "identificador de evento"),
        *("id evento", "identificação do evento", "id do evento", "identyfikator zdarzenia", "gebeurtenis-id"),
        *("händelse-id", "hændelses-id", "hendelses-id", "id události", "olay kimliği", "eseményazonosító"),
    ),
    "source": (
        *(
            "source",
            "event source",
            "source name",
            "sourcename",
            "providername",
            "provider name",
            "provider",
            "sources",
        ),
        *("quelle", "ereignisquelle", "source de l'événement", "источник", "источник события", "来源", "事件来源"),
        *("來源", "事件來源", "ソース", "イベント ソース", "イベントソース", "원본", "origen", "origen del evento"),
        *("origen del suceso", "origine", "origine evento", "fonte", "origem", "origem do evento", "źródło"),
        *("źródło zdarzenia", "bron", "gebeurtenisbron", "källa", "kilde", "zdroj", "kaynak", "forrás"),
    ),
    "type": (
        *("type", "event type", "level", "entrytype", "entry type", "leveldisplayname", "severity", "event level"),
        *("ereignistyp", "typ", "ebene", "type de l'événement", "niveau", "тип события", "тип", "уровень"),
        *(
            "事件类型",
            "类型",
            "级别",
            "事件類型",
            "類型",
            "層級",
            "等級",
            "種類",
            "イベントの種類",
            "レベル",
            "수준",
            "종류",
        ),
        *("tipo de suceso", "tipo de evento", "tipo", "nivel", "tipo evento", "livello", "nível", "poziom"),
        *("typ zdarzenia", "nivå", "niveau", "úroveň", "düzey", "szint"),
    ),
    "category": (
        *("category", "event category", "task category", "taskdisplayname", "categorystring", "task"),
        *("ereigniskategorie", "kategorie", "aufgabenkategorie", "catégorie", "catégorie de la tâche"),
        *("catégorie de l'événement", "категория", "категория события", "категория задачи", "类别", "事件种类"),
        *("任务类别", "類別", "工作類別", "分類", "イベント カテゴリ", "タスクのカテゴリ", "작업 범주", "categoría"),
        *("categoría de la tarea", "categoría del suceso", "categoria attività", "categoria", "categoria da tarefa"),
        *("kategoria zadania", "kategoria", "taakcategorie", "uppgiftskategori", "kategorie úlohy", "görev kategorisi"),
    ),
    "log": (
        *("log name", "logname", "event log", "log", "channel", "protokollname", "nom du journal", "имя журнала"),
        *("日志名称", "記錄檔名稱", "ログの名前", "로그 이름", "nombre de registro", "nome registro", "nome do log"),
        *("nazwa dziennika", "logboeknaam", "loggnamn", "günlük adı"),
    ),
    "time": (
        *("date", "time", "date/time", "date and time", "event time", "event date", "timecreated", "timegenerated"),
        *("timewritten", "logged", "time generated", "datum", "uhrzeit", "zeit", "datum und uhrzeit", "heure"),
        *("date et heure", "дата", "время", "дата и время", "日期", "时间", "日期和时间", "時間", "日期和時間", "日付"),
        *("時刻", "日付と時刻", "날짜", "fecha", "hora", "fecha y hora", "ora", "data e ora", "data e hora", "godzina"),
        *("data i godzina", "datum en tijd"),
    ),
    "user": (
        *("user", "user name", "username", "userid", "benutzer", "utilisateur", "пользователь", "用户", "使用者"),
        *("ユーザー", "사용자", "usuario", "utente", "usuário", "użytkownik", "gebruiker"),
    ),
    "computer": (
        *("computer", "computer name", "machinename", "machine name", "ordinateur", "компьютер", "计算机", "電腦"),
        *("コンピューター", "コンピュータ", "컴퓨터", "equipo", "computador", "komputer"),
    ),
    "text": (
        *("description", "event description", "message", "message text", "text", "desc", "event message", "details"),
        *("description text", "beschreibung", "описание", "描述", "说明", "說明", "説明", "설명", "descripción"),
        *("descrizione", "descrição", "opis", "beschrijving", "beskrivning", "popis", "açıklama"),
    ),
    "data": ("data", "data (bytes)", "data (words)", "daten", "données", "данные", "数据", "データ", "datos", "dati"),
    "other": (
        *("keywords", "keyword", "opcode", "index", "instanceid", "recordid", "record number", "processid", "threadid"),
        *(
            "schlüsselwörter",
            "mots clés",
            "ключевые слова",
            "关键字",
            "關鍵字",
            "キーワード",
            "palabras clave",
            "version",
        ),
        *("parole chiave", "palavras-chave", "event record id", "replacementstrings", "site", "container", "event xml"),
    ),
}
"""Field -> its labels. `data` and `other` are read over; `event xml` introduces the same event as XML."""

FIELD_OF: dict[str, str] = {label: field for field, labels in LABELS.items() for label in labels}
"""Label in lower case -> field."""

WEAK_IDS = frozenset({"event", "id"})
"""Labels that name an event's number only beside other labels of an event (`Event: 624`, `Id : 1000` of PowerShell)."""

MISTYPED: tuple[str, ...] = ("source", "category", "description", "type", "message")
"""English labels that are known through one typing error (`Desrciption:`)."""

PREVIEW_WORDS: tuple[str, ...] = (
    *("event ", "ereignis ", "événement ", "évènement ", "событие ", "evento ", "zdarzenie ", "gebeurtenis "),
    *("事件 ", "イベント ", "이벤트 ", "suceso "),
)
PREVIEW = regex(
    r"[\s\"'*#>_\u201c-]{0,12}(?:"
    + "|".join(re.escape(word.strip()) for word in PREVIEW_WORDS)
    + r")\s(?P<id>\d{1,5})[,\uff0c\u3001]\s?(?:source:?\s)?(?P<source>\.?[A-Z][\w .()-]{2,60}?)[\s\"'*_:\u201d]{0,8}",
    re.IGNORECASE,
)
"""`Event 1000, Application Error`: how the viewer heads the event that it shows below its list, and so how people
quote one. The whole row is that."""

_TYPE_WORDS: dict[EventType, tuple[str, ...]] = {
    "error": (
        *("error", "err", "stop", "failure", "fehler", "erreur", "ошибка", "错误", "錯誤", "エラー", "오류", "errore"),
        *("erro", "błąd", "fout", "fel", "fejl", "feil", "chyba", "hata", "hiba", "2"),
    ),
    "warning": (
        *("warning", "warn", "warnung", "avertissement", "предупреждение", "警告", "경고", "advertencia", "avviso"),
        *("aviso", "ostrzeżenie", "waarschuwing", "varning", "advarsel", "upozornění", "uyarı", "3"),
    ),
    "information": (
        *("information", "informational", "info", "informationen", "informations", "уведомление", "сведения", "信息"),
        *("資訊", "情報", "정보", "información", "informazioni", "informações", "informacje", "informatie", "bilgi"),
        *("verbose", "success", "0", "4", "5"),
    ),
    "critical": (
        *("critical", "kritisch", "critique", "критический", "критическое", "关键", "严重", "重大", "嚴重", "위험"),
        *("crítico", "critico", "krytyczny", "kritieke", "1"),
    ),
    "success-audit": ("success audit", "audit success", "successaudit", "erfolgsüberwachung", "succès de l'audit"),
    "failure-audit": ("failure audit", "audit failure", "failureaudit", "fehlerüberwachung", "échec de l'audit"),
}

TYPES: dict[str, EventType] = {word: kind for kind, words in _TYPE_WORDS.items() for word in words}
"""Word of an event's type, in lower case -> type. Numbers are the levels of the XML form."""

MARKS = " \t>*\"'`-#"
"""What posts put before a label."""
