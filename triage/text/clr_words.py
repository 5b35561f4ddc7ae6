"""Words of the .NET runtime in other languages than English: where they stand, `triage.formats.clr` reads."""

from typing import Final

SYSTEM_CODES: Final = {
    "System.AccessViolationException": 0xC0000005,
    "System.StackOverflowException": 0xC00000FD,
    "System.ExecutionEngineException": 0x80131506,
}
"""The code of the system's exception that the runtime tells by one of its types."""

OTHER_WORDS: Final = (
    *("ausnahmetext", "texte de l", "texto de excep", "texto de la excep", "texto de exce", "texto da exce"),
    *(
        "testo dell",
        "текст исключения",
        "异常文本",
        "例外狀況文字",
        "例外テキスト",
        "예외 텍스트",
        "wyjątku",
        "özel durum metni",
    ),
    *("uitzonderingstekst", "unbehandelte ausnahme", "exception non g", "excepción no controlada"),
    *("eccezione non gestita", "exceção sem tratamento", "exceção não tratada", "необработанное исключение"),
    *("未经处理的异常", "未處理的例外", "ハンドルされていない例外", "처리되지 않은 예외", "nieobsługiwany wyjątek"),
    "işlenmeyen özel durum",
)
"""The heading of the box and the runtime's words, in lower case."""

PROTECTED: Final = (
    "Attempted to read or write protected memory",
    "Es wurde versucht, im geschützten Speicher zu lesen oder zu schreiben",
    "Tentative de lecture ou d'écriture de mémoire protégée",
    "Tentative de lecture ou d\u2019écriture de mémoire protégée",
    "Intento de leer o escribir en la memoria protegida",
    "Tentativo di leggere o scrivere memoria protetta",
    "Tentativa de leitura ou gravação em memória protegida",
    "Tentativa de leitura ou escrita de memória protegida",
    "Попытка чтения или записи в защищенную память",
    "尝试读取或写入受保护的内存",
    "嘗試讀取或寫入受保護的記憶體",
    "保護されているメモリに読み取りまたは書き込み操作を行おうとしました",
    "보호된 메모리를 읽거나 쓰려고 했습니다",
    "Podjęto próbę odczytu lub zapisu w pamięci chronionej",
)
"""The message of System.AccessViolationException."""
