"""Words of the .NET runtime in other languages than English: where they stand, `triage.formats.clr` reads."""

from typing import Final

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
