# ruff: noqa: RUF001 - texts of many languages
"""Code pages are told by what reads as its languages are written, in as little as a line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.code_pages import code_page_of
from triage.text.decode import decode

TEXTS = {
    "cp1252": (
        "Anwendungsfehler in größe.exe, Prüfsumme für Gerät",
        "Nom de l'application défaillante : quill.exe, horodatage",
        "Nombre de la aplicación con errores: quill.exe, versión",
        "Access violation – code c0000005 “quill”… Program™",
        "copyright © 1981-1999 Quill",
        "Übergabe läuft über ÄRGER",
    ),
    "cp437": (
        "Fehler beim Öffnen der Datei für Prüfung: Gerät ungültig",
        "Défaillance générale à l'écriture",
        "┌──────┐\n│ STOP │\n└──────┘",
    ),
    "cp850": ("Não foi possível carregar a aplicação, operação inválida",),
    "cp932": (
        "障害が発生しているアプリケーション名: quill.exe、バージョン: 4.1.0.77、タイム スタンプ: 0x4a5bc637",
        "エラー",
        "例外コード: 0xc0000005 を報告しました",
        "quill.exeが停止しました",
    ),
    "cp936": (
        "错误应用程序名称: quill.exe，版本: 4.1.0.77，时间戳: 0x4a5bc637\n错误模块名称: inkwell.dll",
        "应用程序错误",
        "异常代码: 0xc0000005",
    ),
    "cp949": (
        "오류 있는 응용 프로그램 이름: quill.exe, 버전: 4.1.0.77, 타임스탬프: 0x4a5bc637",
        "예외 코드: 0xc0000005",
    ),
    "cp950": ("失敗的應用程式名稱: quill.exe，版本: 4.1.0.77", "例外狀況代碼: 0xc0000005"),
    "cp1251": (
        "Имя сбойного приложения: quill.exe, версия: 4.1.0.77, отметка времени: 0x4a5bc637",
        "Код исключения: 0xc0000005",
        "ОШИБКА ПРИЛОЖЕНИЯ",
    ),
    "cp866": ("Имя сбойного модуля: inkwell.dll, версия: 4.1.0.12", "Не удалось найти файл"),
    "cp1250": ("Nazwa aplikacji powodującej błąd: quill.exe, wersja",),
    "cp852": ("Nazwa modułu powodującego błąd: inkwell.dll, sygnatura",),
    "cp1254": ("Hatalı uygulama adı: quill.exe, sürüm, zaman damgası", "Hatalı modül adı, özel durum kodu, İşlem"),
}


@pytest.mark.parametrize(("page", "text"), [(page, text) for page, texts in TEXTS.items() for text in texts])
def test_a_line_tells_its_code_page(page: str, text: str) -> None:
    log = f"Faulting c0000005 in quill.exe\n{text}\n"
    assert decode(log.encode(page))[0] == log


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
@pytest.mark.parametrize("page", ["cp932", "cp936", "cp949", "cp1251", "cp1252"])
def test_unicode_without_a_mark_in_any_script(encoding: str, page: str) -> None:
    log = "\r\n".join(TEXTS[page] * 4)
    assert decode(log.encode(encoding)) == (log, encoding)


def test_what_tells_nothing_is_western() -> None:
    assert code_page_of(b"plain") == "cp1252"
    assert code_page_of(b"") == "cp1252"


@given(data=st.binary(max_size=2000))
@settings(deadline=None, max_examples=200)
def test_any_bytes_have_a_code_page_that_decodes(data: bytes) -> None:
    data.decode(code_page_of(data), errors="replace")


@pytest.mark.parametrize("byte", [b"\xff", b"\x81", b"a\xe4", b"\xe4\n", b"\xe4 "])
def test_long_runs_are_told_by_a_sample(byte: bytes) -> None:
    assert code_page_of(byte * (1_000_000 // len(byte)))
