# ruff: noqa: RUF001 - the tables hold words of languages whose letters look like Latin ones
"""Descriptions of crash events by the labels in them, in the languages that people paste from.

The texts are those of the message tables of wer.dll, faultrep.dll and mscoree: Application Error 1000, .NET Runtime
1023/1025/1026, Windows Error Reporting 1001.
"""

import re

from triage.text.lazy import regex

APPLICATION: tuple[str, ...] = (
    "Faulting application name",
    "Faulting application",
    "Name der fehlerhaften Anwendung",
    "Fehlerhafter Anwendungsname",
    "Fehlerhafte Anwendung",
    "Fehlgeschlagene Anwendung",
    "Nom de l'application défaillante",
    "Application défaillante",
    "Имя сбойного приложения",
    "Имя приложения с ошибкой",
    "Ошибка приложения",
    "错误应用程序名称",
    "出错应用程序名称",
    "故障应用程序名称",
    "错误应用程序",
    "失敗的應用程式名稱",
    "發生錯誤的應用程式名稱",
    "障害が発生しているアプリケーション名",
    "障害が発生したアプリケーション名",
    "オフになっているアプリケーション",
    "エラー発生アプリケーション",
    "오류 있는 응용 프로그램 이름",
    "오류 있는 애플리케이션 이름",
    "오류가 발생한 응용 프로그램 이름",
    "Nombre de la aplicación con errores",
    "Nombre de aplicación con errores",
    "Nome dell'applicazione che ha generato l'errore",
    "Nome do aplicativo com falha",
    "Nome da aplicação com falha",
    "Nazwa aplikacji powodującej błąd",
    "Naam van toepassing met fout",
    "Felet uppstod i programmet med namn",
    "Navn på program med fejl",
    "Název chybující aplikace",
    "Hatalı uygulama adı",
    "Hibás alkalmazás neve",
)

MODULE: tuple[str, ...] = (
    "Faulting module name",
    "Faulty module name",
    "Name of the faulting module",
    "faulting module",
    "Name des fehlerhaften Moduls",
    "Fehlerhafter Modulname",
    "fehlerhaftes Modul",
    "fehlgeschlagenes Modul",
    "Nom du module défaillant",
    "module défaillant",
    "Имя сбойного модуля",
    "Имя модуля с ошибкой",
    "имя сбойного модуля",
    "错误模块名称",
    "出错模块名称",
    "故障模块名称",
    "错误模块",
    "失敗的模組名稱",
    "發生錯誤的模組名稱",
    "障害が発生しているモジュール名",
    "障害が発生したモジュール名",
    "エラー発生モジュール",
    "오류 있는 모듈 이름",
    "오류가 발생한 모듈 이름",
    "Nombre del módulo con errores",
    "Nombre de módulo con errores",
    "Nome del modulo che ha generato l'errore",
    "Nome do módulo com falha",
    "Nazwa modułu powodującego błąd",
    "Naam van module met fout",
    "Felet uppstod i modulen med namn",
    "Navn på modul med fejl",
    "Název chybujícího modulu",
    "Hatalı modül adı",
    "Hibás modul neve",
)

CODE: tuple[str, ...] = (
    "Exception code",
    "Ausnahmecode",
    "Code d'exception",
    "Код исключения",
    "异常代码",
    "例外狀況代碼",
    "例外碼",
    "例外コード",
    "예외 코드",
    "Código de excepción",
    "Codice eccezione",
    "Código de exceção",
    "Código da exceção",
    "Kod wyjątku",
    "Uitzonderingscode",
    "Undantagskod",
    "Undtagelseskode",
    "Kód výjimky",
    "Özel durum kodu",
    "Kivételkód",
)

OFFSET: tuple[str, ...] = (
    "Fault offset",
    "Error offset",
    "fault address",
    "Fehleroffset",
    "Fehleradresse",
    "Décalage d'erreur",
    "Décalage du défaut",
    "Décalage de défaillance",
    "adresse de défaillance",
    "Смещение ошибки",
    "错误偏移量",
    "错误偏移",
    "故障偏移量",
    "錯誤位移",
    "錯誤偏移",
    "障害オフセット",
    "フォールト オフセット",
    "오류 오프셋",
    "Desplazamiento de errores",
    "Offset errore",
    "Deslocamento da falha",
    "Deslocamento de falha",
    "Przesunięcie błędu",
    "Foutmarge",
    "Foutoffset",
    "Felförskjutning",
    "Forskydning for fejl",
    "Posun chyby",
    "Hata uzaklığı",
    "Hiba helye",
)

PROCESS_ID: tuple[str, ...] = (
    "Faulting process id",
    "Failed process id",
    "process id",
    "ID des fehlerhaften Prozesses",
    "Fehlerhafte Prozess-ID",
    "ID du processus défaillant",
    "ID processus défaillant",
    "Identifiant du processus défaillant",
    "Идентификатор сбойного процесса",
    "错误进程 ID",
    "出错进程 ID",
    "故障进程 ID",
    "失敗的處理程序識別碼",
    "障害が発生しているプロセス ID",
    "障害が発生したプロセス ID",
    "오류 있는 프로세스 ID",
    "Id. del proceso con errores",
    "Identificador del proceso con errores",
    "ID processo che ha generato l'errore",
    "ID do processo com falha",
    "Identyfikator procesu powodującego błąd",
    "Id van proces met fout",
)

REBOOTED: tuple[str, ...] = (
    "rebooted from a bugcheck",
    "nach einem schwerwiegenden Fehler neu gestartet",
    "redémarré après une vérification d'erreur",
    "se reinició después de una comprobación de errores",
    "è stato riavviato da un controllo errori",
    "Компьютер был перезагружен после критической ошибки",
    "foi reinicializado após uma verificação de erros",
    "计算机已经从检测错误后重新启动",
    "電腦已經從錯誤檢查中重新啟動",
    "バグチェック後、再起動されました",
)
"""What the event of a stop says before its code and parameters (BugCheck 1001, wersvc.dll; Save Dump before Vista)."""

SERVICE_ENDED: tuple[str, ...] = (
    "service terminated unexpectedly",
    "wurde unerwartet beendet",
    "s'est terminé de façon inattendue",
    "s'est terminé de manière inattendue",
    "s'est terminée de façon inattendue",
    "se terminó de manera inesperada",
    "terminó inesperadamente",
    "è stato terminato in modo imprevisto",
    "è stato arrestato in modo imprevisto",
    "foi encerrado inesperadamente",
    "terminou inesperadamente",
    "foi finalizado inesperadamente",
    "неожиданно прервана",
    "была неожиданно завершена",
    "niespodziewanie zakończyła pracę",
    "is onverwacht beëindigd",
    "意外地终止",
    "意外终止",
    "意外終止",
    "予期せぬ原因により終了しました",
    "예기치 않게 종료되었습니다",
)
"""What the service control manager says of a service that ended by itself; how often it has done so stands behind it
(7034), and behind that what will be done about it in so many milliseconds (7031). Message table of netevent.dll."""

RESTARTED: tuple[str, ...] = (
    "The system has rebooted without cleanly shutting down first",
    "Das System wurde neu gestartet, ohne dass es zuvor ordnungsgemäß heruntergefahren wurde",
    "Le système a redémarré sans s'être arrêté correctement",
    "Le système a redémarré sans s'arrêter correctement",
    "El sistema se reinició sin apagarse limpiamente primero",
    "Il sistema è stato riavviato senza un arresto regolare",
    "O sistema foi reinicializado sem ser desligado corretamente primeiro",
    "Система перезагрузилась, завершив работу с ошибками",
    "System został ponownie uruchomiony bez uprzedniego czystego zamknięcia",
    "系统已在未先正常关机的情况下重新启动",
    "系統未先正常關機就重新開機",
    "システムは正常にシャットダウンする前に再起動しました",
    "시스템을 먼저 정상적으로 종료하지 않고 시스템이 다시 부팅되었습니다",
)
"""What Kernel-Power 41 says."""

HUNG: tuple[str, ...] = (
    "stopped interacting with windows",
    "kann nicht mehr unter windows ausgeführt werden",
    "a cessé d'interagir avec windows",
    "dejó de interactuar con windows",
    "ha interrotto l'interazione con windows",
    "parou de interagir com o windows",
    "прекратила взаимодействие с windows",
    "przestał współdziałać z systemem windows",
    "停止与 windows 交互",
    "停止與 windows 互動",
    "windows との対話を停止し",
    "windows와의 상호 작용을 중지하고",
)
"""What Application Hang 1002 says of the program that it names before, in lower case."""

NET_VERSIONS: tuple[str, ...] = tuple(
    f"{mark}{version}" for version in ("v4.0.30319", "v2.0.50727") for mark in (": ", ":", "\uff1a")
)
"""The version of the .NET Framework behind a label in any language, as the second row of .NET Runtime 1026."""

_NET_HEAD = (
    r"(?<![^\W_])[^\W_][^\n:\uff1a]{2,24}?\s?[:\uff1a]\s?(?P<process>[^\n:]{1,120}?\.exe)\s{1,4}"
    r"(?:(?:CoreCLR|Framework) Version\s?:"
    r"|Description: The process was terminated due to (?:an unhandled|a stack|an internal)"
    r"|[^\n:\uff1a]{5,40}[:\uff1a]\s?v[1-4]\.\d{1,2}\.\d{5})"
)
NET_HEAD = regex(_NET_HEAD, re.IGNORECASE)
"""The first two rows of .NET Runtime 1026: the application and the version of its framework. Their labels are
translated, the shape of what stands behind them is not."""

NET_FAILFAST = regex(_NET_HEAD + r"[\s\S]{0,160}?\bSystem\.Environment\.FailFast\(", re.IGNORECASE)
"""The same head of .NET Runtime 1025: a program that ended itself, whatever the sentence around the call is."""

NET_END = regex(
    r"Description: The process was terminated due to an unhandled exception\.\s{1,4}"
    r"Exception Info: (?:exception code [0-9a-f]{8}\b|[\w.]{1,100}Exception\b)",
    re.IGNORECASE,
)
"""What the same event says below, where its first rows were left out: who posts them does not name the program."""

_INTERNAL_AT = (
    r"(?<!\w)\.NET\b[^\n]{0,60}?\bIP\b[^\n]{0,24}?\s(?:0x)?(?P<address>[0-9a-f]{8,16})\s?\((?:0x)?[0-9a-f]{8,16}\)"
    r"[^\n]{0,40}?(?<![0-9a-f])(?:0x)?(?P<code>[8c][0-9a-f]{7})\b"
)
NET_INTERNAL = regex(_INTERNAL_AT, re.IGNORECASE)
"""What .NET Runtime 1023 says, the base of the runtime's module in brackets: people quote this sentence alone."""

_BEGINS = r"(?:^|\n)(?:(?!\n)[^\w\n]){0,8}(?:(?:Error|Event|Message)(?: ID)?(?: \d{1,5})?\s?[:\uff1a]\s?)?"
"""What may stand before a sentence that is quoted without its event: marks, and a word for it with its number. In the
midst of a row such a sentence is told about, in tables of what events mean and in letters."""

_ENDED = (
    _BEGINS
    + r"(?:[^\n.]|\.(?=\S)){0,120}?(?:"
    + "|".join(map(re.escape, SERVICE_ENDED))
    + r")[.,，。](?:\s|(?<=[，。]))[^\n%]{0,60}?(?<!%)\b\d{1,6}(?!\d)"
)
_CORRECTED = r"[^\n]{0,120}?\b\d{1,9}\s?(?:m(?:illi)?s|мс|毫秒|ミリ秒|밀리초)"

_IMPLIED: tuple[tuple[str, int, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "Application Error",
        1000,
        tuple(label.lower() for label in APPLICATION),
        regex(
            "(?:" + "|".join(re.escape(label) for label in APPLICATION) + r")\s{0,3}[*`|]{0,3}[:：]?[\s*`\"|]{0,5}"
            r"(?=[\w.\-\\ ()+$~]{0,80}\.\w{2,4}\b|[\w.-]{1,80}, [^\W\d]{4,12}\s?[:：]\s?\d{1,5}\.\d{1,5}\.)",
            re.IGNORECASE,
        ),
    ),
    (".NET Runtime", 1025, ("environment.failfast",), NET_FAILFAST),
    (
        ".NET Runtime",
        1026,
        ("clr version", "framework version", "the process was terminated due to", *NET_VERSIONS),
        NET_HEAD,
    ),
    (
        ".NET Runtime",
        1026,
        ("the process was terminated due to",),
        NET_END,
    ),
    (
        ".NET Runtime",
        1023,
        ("the process was terminated due to an internal error", "80131506"),
        regex(
            r"(?:The process was terminated due to an internal error in the "
            r"|(?:^|(?<=\n))(?![^\n:\uff1a]{3,24}[:\uff1a])[^\n]{0,160}?)" + _INTERNAL_AT,
            re.IGNORECASE,
        ),
    ),
    (
        "BugCheck",
        1001,
        tuple(words.lower() for words in REBOOTED),
        regex(
            "(?:" + "|".join(map(re.escape, REBOOTED)) + r")[^\n(]{0,160}\n?[^\n(]{0,80}?0x[0-9a-f]{8}\s?\(",
            re.IGNORECASE,
        ),
    ),
    (
        "Windows Error Reporting",
        1001,
        ("fault bucket",),
        regex(r"Fault bucket[ ,]{1,3}[^\n]{0,60}(?:type \d|\n\s*Event Name\s?:)", re.IGNORECASE),
    ),
    (
        "DrWatson",
        4097,
        ("generated an",),
        regex(
            _BEGINS + r"(?:the\s+)?application,?\s+[^\n,]{0,80}?,?\s+generated\s+an\s+application\s+error\b",
            re.IGNORECASE,
        ),
    ),
    (
        "Application Hang",
        1002,
        ("hanging application", *HUNG),
        regex(
            r"Hanging application [^\n,]{1,80}\.exe"
            r"|[^\W\d_][^\n:]{0,24}?\s[\"'«]?[^\n:]{1,80}\.exe\b[^\n]{1,60}(?:" + "|".join(map(re.escape, HUNG)) + ")",
            re.IGNORECASE,
        ),
    ),
    (
        "Application Popup",
        26,
        ("application popup:",),
        regex(_BEGINS + r"Application popup:\s{0,3}[^\n:%]{1,120}?\s:\s{1,3}[^\s%]", re.IGNORECASE),
    ),
    (
        "Service Control Manager",
        7031,
        tuple(words.lower() for words in SERVICE_ENDED),
        regex(_ENDED + _CORRECTED, re.IGNORECASE),
    ),
    (
        "Service Control Manager",
        7034,
        tuple(words.lower() for words in SERVICE_ENDED),
        regex(_ENDED, re.IGNORECASE),
    ),
    (
        "Microsoft-Windows-Kernel-Power",
        41,
        tuple(words.lower() for words in RESTARTED),
        regex(_BEGINS + "(?:" + "|".join(map(re.escape, RESTARTED)) + ")", re.IGNORECASE),
    ),
)


IMPLYING: frozenset[str] = frozenset(word for _, _, words, _ in _IMPLIED for word in words)
"""Words in lower case, one of which stands in every description that `implied_event` knows."""


_ARGUMENT = regex(r"(?:[\w>\]]\(|\s-[A-Za-z]\w{1,30}\s)[A-Za-z@$]{0,2}[\"']\Z")
"""What stands before a description that a program hands to one of its functions: `check("…`, `Get-Kind -Text '…`."""


def implied_event(text: str, within: int) -> tuple[str, int, int] | None:
    """Source, number and offset of a description that can belong to one event only, beginning before `within`."""
    plain = text.replace("\u2019", "'")
    lowered = plain.lower()
    for source, number, words, pattern in _IMPLIED:
        match = pattern.search(plain) if any(word in lowered for word in words) else None
        if match is not None and match.start() < within and _ARGUMENT.search(plain, 0, match.start()) is None:
            return source, number, match.start()
    return None
