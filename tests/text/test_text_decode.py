import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.decode import BINARY, decode

LOG = "ModLoad: 00400000 0041d000   C:\\apps\\quill.exe\r\nAccess violation - code c0000005 (first chance)\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (LOG.encode("ascii"), "utf-8"),
        (b"\xef\xbb\xbf" + LOG.encode(), "utf-8"),
        (b"\xff\xfe" + LOG.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + LOG.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\0\0" + LOG.encode("utf-32-le"), "utf-32-le"),
        (b"\0\0\xfe\xff" + LOG.encode("utf-32-be"), "utf-32-be"),
        (LOG.encode("utf-16-le"), "utf-16-le"),
        (LOG.encode("utf-16-be"), "utf-16-be"),
        (LOG.encode("utf-32-le"), "utf-32-le"),
        (LOG.encode("utf-32-be"), "utf-32-be"),
    ],
)
def test_unicode_with_and_without_a_mark(data: bytes, encoding: str) -> None:
    assert decode(data) == (LOG, encoding)


def test_utf16_without_a_mark_may_hold_other_scripts() -> None:
    text = "Имя сбойного приложения: quill.exe, версия 1.0.2.7, отметка времени: 0x4a5bc9db\r\n" * 3
    assert decode(text.encode("utf-16-le")) == (text, "utf-16-le")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Anwendungsfehler in größe.exe, Prüfsumme für Gerät", "cp1252"),
        ("Fehler beim Öffnen der Datei für Prüfung: Gerät ungültig", "cp437"),
    ],
)
def test_code_pages_of_windows_and_dos(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


def test_one_bad_byte_in_utf8_is_damage_and_not_another_encoding() -> None:
    data = "größe für prüfung wärme löschen™ ®".encode() + b" Oracle\xae "
    text, encoding = decode(data)
    assert encoding == "utf-8"
    assert text.startswith("größe für")


def test_a_character_cut_at_the_end_of_the_file_is_damage() -> None:
    assert decode("Fehler für".encode()[:-1] + "ü".encode()[:1])[1] == "utf-8"


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 64,
        b"\0" * 4096,
        b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8" + bytes(2000),
        b"PK\x03\x04" + bytes((index * 131 + 7) % 256 for index in range(4096)),
    ],
)
def test_what_is_no_text_gives_no_text(data: bytes) -> None:
    assert decode(data) == ("", BINARY)


def test_a_log_whose_end_was_lost_with_the_power_is_still_a_log() -> None:
    text, encoding = decode(LOG.encode() * 4 + bytes(4096))
    assert encoding == "utf-8"
    assert text.startswith("ModLoad:")


def test_nothing_is_an_empty_text() -> None:
    assert decode(b"") == ("", "utf-8")


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=200)
def test_any_bytes_decode(data: bytes) -> None:
    text, encoding = decode(data)
    assert isinstance(text, str)
    assert encoding
