"""Messages of debuggers, of the system and of programs in other languages than English."""

import pytest

from triage.formats import read_evidence
from triage.text.exception_studio import read_studio
from triage.text.faults_foreign import read_foreign
from triage.text.repair import repair

PLACE, TOUCHED = 0xA31234, 0x10

STUDIO = [
    (
        "de",
        "Ausnahmefehler bei 0x00A31234 (post.dll) in ledger.exe: 0xC0000005: Zugriffsverletzung beim Schreiben an "
        "Position 0x00000010.",
        "second",
        "write",
        "post.dll",
    ),
    (
        "de",
        "Ausnahme ausgelöst bei 0x00A31234 in ledger.exe: 0xC0000005: Zugriffsverletzung beim Lesen an Position "
        "0x00000010.",
        "first",
        "read",
        None,
    ),
    (
        "translated back",
        "An exception was thrown at 0x00A31234 (in post.dll) in the ledger.exe: 0xC0000005: Access violation occurred "
        "while reading location 0x00000010.",
        "first",
        "read",
        "post.dll",
    ),
    (
        "fr",
        "Exception non gérée à 0x00A31234 dans ledger.exe : 0xC0000005 : Violation d'accès lors de l'écriture à "
        "l'emplacement 0x00000010.",
        "second",
        "write",
        None,
    ),
    (
        "es",
        "Excepción no controlada en 0x00A31234 en ledger.exe: 0xC0000005: Infracción de acceso al leer la ubicación "
        "0x00000010.",
        "second",
        "read",
        None,
    ),
    (
        "ru",
        "Необработанное исключение по адресу 0x00A31234 в ledger.exe: 0xC0000005: Нарушение прав доступа при записи "
        "по адресу 0x00000010.",
        "second",
        "write",
        None,
    ),
    (
        "ru",
        'Первый этап обработки исключения в "0x00a31234" в "ledger.exe": 0xC0000005: Нарушение прав доступа при '
        'чтении "0x00000010".',
        "first",
        "read",
        None,
    ),
    (
        "zh",
        "0x00A31234 (post.dll) (ledger.exe 中)处有未经处理的异常: 0xC0000005: 读取位置 0x00000010 时发生访问冲突。",
        "second",
        "read",
        "post.dll",
    ),
    (
        "zh",
        "0x00A31234 处(位于 ledger.exe 中)引发的异常: 0xC0000005: 写入位置 0x00000010 时发生访问冲突。",
        "first",
        "write",
        None,
    ),
    (
        "ja",
        "0x00A31234 (post.dll) で例外がスローされました (ledger.exe 内): 0xC0000005: 場所 0x00000010 への書き込み中に"
        "アクセス違反が発生しました。",
        "first",
        "write",
        "post.dll",
    ),
    (
        "ko",
        "0x00A31234에 (ledger.exe의) 처리되지 않은 예외가 있습니다. 0xC0000005: 0x00000010 위치를 읽는 동안 액세스 "
        "위반이 발생했습니다.",
        "second",
        "read",
        None,
    ),
]


@pytest.mark.parametrize(("language", "line", "chance", "access", "module"), STUDIO)
def test_the_debugger_of_visual_studio(language: str, line: str, chance: str, access: str, module: str | None) -> None:
    (sighting,) = read_studio(repair(line, "utf-8"))
    record = sighting.record
    assert (record.code, record.chance, record.address) == (0xC0000005, chance, PLACE), language
    assert (record.access, record.target) == (access, TOUCHED)
    assert (sighting.process, sighting.module) == ("ledger.exe", module)


def test_a_code_between_colons_is_not_enough() -> None:
    for line in ("ledger.exe at 0x00A31234: 0xC0000005: failed", "Ausnahme: 0xC0000005: in ledger.exe"):
        assert list(read_studio(repair(line, "utf-8"))) == []


def test_an_offset_in_brackets_is_no_module() -> None:
    line = (
        "Unhandled exception at 0x774B00C5 in post.dll (+0x400c5): 0xC0000005: Access violation writing location 0x24."
    )
    (sighting,) = read_studio(repair(line, "utf-8"))
    assert (sighting.process, sighting.module) == (None, "post.dll")


INSTRUCTIONS = [
    'Die Anweisung in "0x77f5a2b1" verweist auf Speicher in "0x00000010". Der Vorgang "read" konnte nicht auf dem '
    "Speicher durchgeführt werden.",
    'L\'instruction à "0x77f5a2b1" emploie l\'adresse mémoire "0x00000010". La mémoire ne peut pas être "read".',
    'Инструкция по адресу "0x77f5a2b1" обратилась к памяти по адресу "0x00000010". Память не может быть "read".',
    '"0x77f5a2b1"指令引用的"0x00000010"内存。该内存不能为"read"。',
    '"0x77f5a2b1" の命令が "0x00000010" のメモリを参照しました。メモリが "read" になることはできませんでした。',
]


@pytest.mark.parametrize("line", INSTRUCTIONS)
def test_the_box_of_an_access_violation(line: str) -> None:
    (incident,) = read_evidence(f"ledger.exe - Fehler\n{line}\n".encode()).incidents
    record = incident.exception
    assert record is not None
    assert (record.code, record.address, record.access, record.target) == (0xC0000005, 0x77F5A2B1, "read", 0x10)
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"


@pytest.mark.parametrize(
    "line",
    [
        "Zugriffsverletzung bei Adresse 0040590A in Modul 'Ledger.exe'. Lesen von Adresse 00000010",
        "Violation d'accès à l'adresse 0040590A dans le module 'Ledger.exe'. Lecture de l'adresse 00000010",
        "Нарушение доступа по адресу 0040590A в модуле 'Ledger.exe'. Чтение адреса 00000010",
    ],
)
def test_what_delphi_programs_say(line: str) -> None:
    (fault,) = read_foreign(repair(line, "utf-8"))
    assert (fault.module, fault.address, fault.access, fault.target) == ("Ledger.exe", 0x40590A, "read", 0x10)


def test_a_code_is_no_address() -> None:
    assert list(read_foreign(repair("- Exit-Code: 0xC0000005 (ZUGRIFFSVERLETZUNG)", "utf-8"))) == []


def test_english_messages_are_told_once() -> None:
    text = 'The instruction at "0x77f5a2b1" referenced memory at "0x00000010". The memory could not be "read".'
    assert len(read_evidence(text.encode()).incidents) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Ausnahme unbekannte Softwareausnahme (0xc06d007e) in der Anwendung an der Stelle 0x7c812fd3.",
        "L'exception Exception logicielle inconnue (0xc06d007e) s'est produite à l'emplacement 0x7c812fd3.",
        "Исключение unknown software exception (0xc06d007e) в приложении по адресу 0x7c812fd3.",
        "应用程序发生异常 未知的软件异常 (0xc06d007e)\uff0c位置为 0x7c812fd3。",
    ],
)
def test_the_box_of_an_exception_without_a_sentence_of_its_own(line: str) -> None:
    (incident,) = read_evidence(f"ledger.exe - Fehler\n----------\n{line}\n".encode()).incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC06D007E, 0x7C812FD3)
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"


@pytest.mark.parametrize(
    "line",
    [
        "Исключение 0xC0000005 по адресу 0x02764975 ( post.dll ) при вызове функции",
        "The script host says: Exception 0xC0000005 at address 0x02764975 (post.dll)",
    ],
)
def test_code_address_and_module_in_a_programs_row(line: str) -> None:
    (fault,) = read_foreign(repair(line, "utf-8"))
    assert (fault.code, fault.address, fault.module) == (0xC0000005, 0x2764975, "post.dll")


@pytest.mark.parametrize(
    "line",
    [
        "Exception 0xC0000005 is an access violation at any address",
        "例外 (0xc0000005) と 例外",
        "exception 0x12 at 0x5",
    ],
)
def test_words_about_codes_are_no_such_row(line: str) -> None:
    assert list(read_foreign(repair(line, "utf-8"))) == []


@pytest.mark.parametrize(
    ("line", "chance"),
    [
        ("First chance exception on 0000000140012D37 (C0000005, EXCEPTION_ACCESS_VIOLATION)!", "first"),
        ("Erste Ausnahme bei 0000000140012D37 (C0000005, EXCEPTION_ACCESS_VIOLATION)!", "first"),
        ("Letzte Ausnahme bei 0000000140012D37 (C0000005, EXCEPTION_ACCESS_VIOLATION)!", "second"),
    ],
)
def test_the_log_of_x64dbg(line: str, chance: str) -> None:
    (sighting,) = read_studio(repair(line, "utf-8"))
    record = sighting.record
    assert (record.code, record.address, record.chance) == (0xC0000005, 0x140012D37, chance)


def test_first_chances_that_programs_live_with_are_left_out() -> None:
    for code in ("406D1388, MS_VC_EXCEPTION", "E06D7363, CPP_EH_EXCEPTION"):
        line = f"First chance exception on 0000000140012D37 ({code})!"
        assert list(read_studio(repair(line, "utf-8"))) == []


def test_placeholders_that_were_never_filled_in() -> None:
    text = "Die Anweisung in 0x%p verweist auf Speicher 0x%p. Der Vorgang %s ist fehlgeschlagen. (0xC0000005)"
    (fault,) = read_foreign(repair(text, "utf-8"))
    assert (fault.kind, fault.code) == ("instruction", 0xC0000005)
    assert not list(read_foreign(repair('log("0x%p holds 0x%p", a, b); // (0x00000005)', "utf-8")))


def test_the_translation_of_a_box() -> None:
    text = "Instruction 0x00A31234 refers to the memory at 0x00000010. The memory can not be read."
    (fault,) = read_foreign(repair(text, "utf-8"))
    assert (fault.address, fault.target) == (PLACE, TOUCHED)
    assert not list(read_foreign(repair("Instruction 0x00A31234 was patched at 0x00000010.", "utf-8")))


def test_a_machines_translation_of_the_box() -> None:
    text = "0x00A31234 Instruction reference to memory 0xFFFFFFFFF...F, this memory cannot be read."
    (fault,) = read_foreign(repair(text, "utf-8"))
    assert (fault.address, fault.access) == (PLACE, "read")


@pytest.mark.parametrize(
    "line",
    [
        "Die Anwendung konnte nicht korrekt gestartet werden (0xc000007b). Klicken Sie auf „OK“.",
        "L'application n'a pas réussi à démarrer correctement (0xc000007b). Cliquez sur OK.",
        "La aplicación no se pudo iniciar correctamente (0xc000007b). Haga clic en Aceptar.",
        "Impossibile avviare correttamente l'applicazione (0xc000007b). Fare clic su OK.",
        "O aplicativo não pôde ser inicializado corretamente (0xc000007b). Clique em OK.",
        "Ошибка при запуске приложения (0xc000007b).",
        "Aplikacja nie została właściwie uruchomiona (0xc000007b). Kliknij przycisk OK.",
        "Kan de toepassing niet juist starten (0xc000007b). Klik op OK.",
        "Uygulama düzgün olarak başlat\u0131lamad\u0131 (0xc000007b).",
        "Aplikaci se nepodařilo správně spustit (0xc000007b). Klikněte na tlačítko OK.",
        "应用程序无法正常启动\uff080xc000007b\uff09。请单击“确定”关闭应用程序",
        "應用程式無法正確啟動 (0xc000007b)。請按一下 [確定] 關閉應用程式。",
        "アプリケーションを正しく起動できませんでした (0xc000007b)。",
        "응용 프로그램을 제대로 시작하지 못했습니다(0xc000007b).",
    ],
)
def test_the_box_of_a_program_that_could_not_be_started(line: str) -> None:
    (incident,) = read_evidence(f"ledger.exe - !\n\n{line}\n".encode()).incidents
    assert incident.exception is not None
    assert incident.exception.code == 0xC000007B
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"


def test_chinese_brackets_hold_a_code_as_others_do() -> None:
    text = "应用程序发生异常 未知的软件异常 \uff080xc06d007e\uff09\uff0c位置为0x7c812fd3。"
    (fault,) = read_foreign(repair(text, "utf-8"))
    assert (fault.code, fault.address) == (0xC06D007E, 0x7C812FD3)
