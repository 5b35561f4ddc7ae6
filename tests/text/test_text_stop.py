"""Stop screens, typed and pasted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.lines import Text
from triage.text.stop import StopScreen, read_stop_screens, stop_code
from triage.text.stop_tables import read_drivers, read_screen_system


def screen(text: str) -> StopScreen:
    (found,) = read_stop_screens(Text(text.split("\n")))
    return found


FOUR = (0xC0000005, 0x80115334, 0, 0x4C)

CASES: list[tuple[str, int | None, str | None, tuple[int, ...]]] = [
    ("*** STOP: 0x0000001E (0xC0000005, 0x80115334, 0x00000000, 0x0000004C)", 0x1E, None, FOUR),
    ("***STOP:0x1E(0xC0000005,0x80115334,\n *            0x00000000,0x0000004C)", 0x1E, None, FOUR),
    ("Stop 0X0000001E (0xc0000005 80115334 00000000 0000004c)", 0x1E, None, FOUR),
    (
        "Bug Check 0x9F: DRIVER_POWER_STATE_FAILURE\nParameters: 0x3, 0xffffe284, 0x0, 0x2a3c",
        0x9F,
        "DRIVER_POWER_STATE_FAILURE",
        (3, 0xFFFFE284, 0, 0x2A3C),
    ),
    ("STOP 0x1E (unhandled exception)\nParameters: c0000005 80115334 00000000 0000004c", 0x1E, None, FOUR),
    ("STOP: 0x0000000A (0x00000140, parameter, parameter)", 0xA, None, (0x140,)),
    ("STOP: 0x0000000A (xxxxxxxx, 0x00000002)", 0xA, None, ()),
    ("Stop 0x7B", 0x7B, None, ()),
    ("The bluescreen stop codes were `0x0000001e (0xc0000005, 0x80115334, 0x0, 0x4c)`.", 0x1E, None, FOUR),
    (
        "0xC4 bug check code\n\n- Arg1: 2000\n- Arg2: fffff801e7121c5d\n- Arg3: 0.\n- Arg4: 4d4d4c43",
        0xC4,
        None,
        (0x2000, 0xFFFFF801E7121C5D, 0, 0x4D4D4C43),
    ),
    ("Five bugchecks in one day, all `0x50 PAGE_FAULT_IN_NONPAGED_AREA`", 0x50, "PAGE_FAULT_IN_NONPAGED_AREA", ()),
    ("STPO: 0xC000021A {Fatal System Error}", 0xC000021A, None, ()),
    ("STOP:00000001E(0xc0000005, 0x80115334, 0x00000000, 0x0000004c)", 0x1E, None, FOUR),
    (
        "STOP 0x00000041 MUST_SUCCEED_POOL_EMPTY (0x00001000, 0x00000440)",
        0x41,
        "MUST_SUCCEED_POOL_EMPTY",
        (0x1000, 0x440),
    ),
    ("STOP: 0x0000005c\nHAL NO RTC DEVICE INTERRUPT", 0x5C, "HAL_NO_RTC_DEVICE_INTERRUPT", ()),
    ("Stop 0x0000007f (Unexpected_ Kernel_ Mode_ Trap)", 0x7F, "Unexpected_Kernel_Mode_Trap", ()),
    ("Stop code: SYSTEM THREAD EXCEPTION NOT HANDLED", None, "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED", ()),
    (
        "0x0000000000000003\n0x000000000000012C\n0xFFFFE20582AA8040\n0xFFFFCA03EB37F840\n\nThe stop "
        "code was: **POWER_STATE_FAILURE**",
        None,
        "POWER_STATE_FAILURE",
        (3, 0x12C, 0xFFFFE20582AA8040, 0xFFFFCA03EB37F840),
    ),
    ("Stop code: CRITICAL_PROCESS_DIED (0xEF)\nWhat failed: ledger.sys", 0xEF, "CRITICAL_PROCESS_DIED", ()),
    (
        "If you'd like to know more, you can search online later for this error: DRIVER_FAULT (ledger.sys)",
        None,
        "DRIVER_FAULT",
        (),
    ),
    (
        "If you call a support person, give them this info:\nUNEXPECTED_TRAP\n\n\n0x0000000000000008\n"
        "0xFFFF8180E4C8DE50\n0xFFFFFE0C4FF40FD0\n0xFFFFF8016160B390\n\nWe're just collecting some error info",
        None,
        "UNEXPECTED_TRAP",
        (8, 0xFFFF8180E4C8DE50, 0xFFFFFE0C4FF40FD0, 0xFFFFF8016160B390),
    ),
    ("Stop 0x1E {c0000005, 80115334, 00000000, 0000004c}", 0x1E, None, FOUR),
    ("STOP1E: (0xC00000005,0x80115334,0x000000000,0x0000004C)", 0x1E, None, FOUR),
    ("Stop 0xC0000009A SYSTEM_LICENSE_VIOLATION", 0xC000009A, "SYSTEM_LICENSE_VIOLATION", ()),
    ("The server had a bug check 0x9F last night.", 0x9F, None, ()),
    ("I get a BSOD 0x116 when a game starts", 0x116, None, ()),
    ("Blue screen with code 0x1E (0xC0000005, 0x80115334, 0x00000000, 0x0000004C)", 0x1E, None, FOUR),
    ("The bugcheck was: 0x0000001e (0xC0000005, 0x80115334, 0x00000000, 0x0000004C).", 0x1E, None, FOUR),
    ("1001: BugCheck 0x00020001 (0x28, 0x26\u2026)", 0x20001, None, (0x28,)),
    (
        "BugcheckCode 239\nBugcheckParameter1 0xffffe0014a2a3080\nBugcheckParameter2 0x0",
        0xEF,
        None,
        (0xFFFFE0014A2A3080, 0),
    ),
]


@pytest.mark.parametrize(("text", "code", "name", "parameters"), CASES)
def test_reads_code_name_and_parameters(
    text: str, code: int | None, name: str | None, parameters: tuple[int, ...]
) -> None:
    bugcheck = screen(text).bugcheck
    assert (bugcheck.code, bugcheck.name, bugcheck.parameters) == (code, name, parameters)


@pytest.mark.parametrize(
    "text",
    [
        "BugcheckCode 0\nBugcheckParameter1 0x0",
        "Bug check 0x123456 of our tracker is about blue screens 0x200000",
        "void bugcheck(int code); // see 0x7B below",
        "Bug check 0x9F: power.\nBug check 0x7B: boot device.\nBug check 0x116: graphics.\nBug check 0xA: drivers.",
    ],
)
def test_a_loss_of_power_and_lists_of_codes_are_no_stops(text: str) -> None:
    assert read_stop_screens(Text(text.split("\n"))) == ()


@pytest.mark.parametrize(
    ("text", "driver", "offset"),
    [
        ("STOP 0x1E\n*** Address 80115334 has base at 80100000 - ntoskrnl.exe", "ntoskrnl.exe", 0x15334),
        (
            "STOP: 0x50\nADDRESS_FAULT*** Address BFB2C08E base at BFB1A000, DateStamp\n395db967 - ledgerd.dll",
            "ledgerd.dll",
            0x1208E,
        ),
        ("STOP: 0xA\nNAME_OF_STOP: 0xf8d54f88 has base at 0xf8d50000\nLEDGER.SYS.", "LEDGER.SYS", 0x4F88),
        ("STOP: 0x8E (0xC0000005)\nledger_d.dll - Address BFA6EEE4, base at BF9B8000", "ledger_d.dll", 0xB6EE4),
        ("STOP: 0x0000001E - ledger.sys\nUnhandled kernel exception", "ledger.sys", None),
        ("Stop code: DRIVER_FAULT\nWhat failed: ledger.sys", "ledger.sys", None),
        ("STOP: 0x1E\nAddress xxxxxxxx has base at xxxxyyyy - LEDGER.SYS", "LEDGER.SYS", None),
    ],
)
def test_reads_the_driver_that_the_screen_names(text: str, driver: str, offset: int | None) -> None:
    found = screen(text)
    assert (found.driver, found.bugcheck.caused_by, found.offset) == (driver, driver, offset)


def test_a_system_process_that_ended_tells_its_status_and_its_words() -> None:
    found = screen(
        "STOP: c000021a {Fatal System Error} The Windows Logon Process system\n"
        "process terminated unexpectedly with a status of 0xc0000005 (0x00000000 0x00000000)."
    )
    assert (found.bugcheck.code, found.status, found.bugcheck.parameters) == (0xC000021A, 0xC0000005, ())
    assert found.messages[0].text.startswith("{Fatal System Error} The Windows Logon Process system process terminated")


def test_the_letter_o_is_typed_for_zero() -> None:
    assert stop_code("oxc000012f") == 0xC000012F


@pytest.mark.parametrize("printed", ["0x77f7d357", "800000003", "0x00000000", "zz"])
def test_addresses_are_no_stop_codes(printed: str) -> None:
    assert stop_code(printed) is None


@pytest.mark.parametrize(
    "prose", ["start 0x00000010 stop 0x00000020", "The top 0x10 entries", "nonstop 0x0000001E", "Stop the service.", ""]
)
def test_prose_is_no_stop_screen(prose: str) -> None:
    assert read_stop_screens(Text([prose])) == ()


@pytest.mark.parametrize(
    "row",
    [
        'printf("*** STOP: 0x0000007B (0xF8975528, 0xc0000034, 0x00000000, 0x0000000)\\n");',
        'draw_text(8, 152, "*** STOP: 0x0000007B", WHITE, RED);',
        'Screen.Write($"\\n*** STOP: 0x0000007B (0x{Number():X8})", true);',
        "echo *** STOP: 0x0000007B (0xF8975528, 0xc0000034, 0x00000000, 0x0000000)",
        "  @ECHO *** STOP: 0x0000007B",
        'Write-Host "*** STOP: 0x0000007B (0xF8975528, 0xc0000034, 0x00000000, 0x0000000)" -ForegroundColor White',
        '<p className="mono blue">*** STOP: 0x0000007B (0xF8975528, 0xc0000034, 0x00000000, 0x0000000)</p>',
        "<h1 id='s' style={{ color: '#fff' }}>*** STOP: 0x0000007B (0xF8975528, 0xc0000034, 0x0, 0x0)</h1>",
    ],
)
def test_a_program_that_paints_a_stop_has_none(row: str) -> None:
    assert read_stop_screens(Text([row])) == ()


def test_a_stop_below_the_markup_of_a_program_is_painted() -> None:
    rows = ['<p className="mono">', "  *** STOP: 0x0000007B (0xF8975528, 0xc0000034, 0x00000000, 0x0000000)", "</p>"]
    assert read_stop_screens(Text(rows)) == ()


def test_a_stop_in_a_page_or_beside_the_words_of_commands_is_one() -> None:
    for row in ('<p class="mono">*** STOP: 0x0000007B</p>', "The last echo of it: *** STOP: 0x0000007B"):
        assert [screen.bugcheck.code for screen in read_stop_screens(Text([row]))] == [0x7B]


def test_a_quoted_stop_is_one() -> None:
    for row in ('(see photo) "*** STOP: 0x0000007B"', 'It says "STOP: 0x0000007B (0x1, 0x2, 0x3, 0x4)".'):
        assert [screen.bugcheck.code for screen in read_stop_screens(Text([row]))] == [0x7B]


def test_a_mention_in_a_sentence_keeps_to_its_sentence() -> None:
    found = screen(
        'I get a "STOP: 0x0000007B Inaccessible Boot Device" error message. How do I go on?\n\nSecond paragraph.'
    )
    assert found.lines == (1, 1)
    assert found.messages[0].text == "Inaccessible Boot Device"


def test_a_code_with_four_parameters_alone_in_its_row_is_a_stop() -> None:
    row = "0x0000007e (0xffffffffc0000005, 0xfffff880019b7599, 0xfffff88009d6d348,  0xfffff88009d6cbb0)"
    found = screen(f"I clicked the icon and got\n\nledger.sys\n{row}\n--")
    assert (found.bugcheck.code, found.bugcheck.parameters[3]) == (0x7E, 0xFFFFF88009D6CBB0)


@pytest.mark.parametrize(
    "text",
    [
        "The bugcheck was:\n0x0000007e (0x00000001, 0x00000002, 0x00000003, 0x00000004)",
        "0x0000007e (0x00000001, 0x00000002)",
        "0x7fe6019b (0x00000001, 0x00000002, 0x00000003, 0x00000004)",
        "call(0x0000007e (0x00000001, 0x00000002, 0x00000003, 0x00000004))",
    ],
)
def test_other_numbers_in_brackets_are_no_stop(text: str) -> None:
    assert [one for one in read_stop_screens(Text(text.split("\n"))) if one.bugcheck.parameters] == []


def test_tables_give_drivers_and_build() -> None:
    text = Text(
        [
            "*** STOP: 0x0000000A (0x00000005,0x0000001c,0x00000000,0x80116bf4)",
            "CPUID:GenuineIntel 5.2.1 irql:1f  SYSVER 0xf0000565",
            "",
            "Dll Base DateStmp - Name               Dll Base DateStmp - Name",
            "80100000 2fc653bc - ntoskrnl.exe       80400000 2fb24f4a - hal.dll",
            "",
            "Address  dword dump   Build [1381]                            - Name",
            "ff541e4c fc5f19e6 fc5f19e6 00000000 ff640128 ff4a8328 000002fe - srv.sys",
        ]
    )
    modules, claimed = read_drivers(text)
    assert [(m.name, m.base, m.timestamp) for m in modules] == [
        ("ntoskrnl.exe", 0x80100000, 0x2FC653BC),
        ("hal.dll", 0x80400000, 0x2FB24F4A),
    ]
    assert claimed == ((4, 4), (5, 5))
    system = read_screen_system(text)
    assert system is not None
    assert (system.product, system.build) == ("Windows NT 4.0", 1381)


def test_a_guide_tells_of_no_stop() -> None:
    guide = "# How to fix stop 0x0000007E\n\nThe stop 0x0000007E is usually caused by a driver.\n"
    assert read_stop_screens(Text(guide.split("\n"))) == ()
    # what it shows with parameters was on a screen
    assert screen(f"{guide}\n*** STOP: 0x0000007E (0xC0000005, 0x1, 0x2, 0x3)\n").bugcheck.code == 0x7E


def test_an_article_tells_what_was_seen() -> None:
    article = "SYMPTOMS\n\nYou may see the following error message:\n\nStop 0x0000000A\nIRQL_NOT_LESS_OR_EQUAL\n\nCAUSE"
    assert screen(article).bugcheck.code == 0xA


def test_a_list_of_links_names_pages() -> None:
    assert read_stop_screens(Text(["- [BSOD BAD_POOL_CALLER](/errors/bad-pool-caller) - a page"])) == ()


def test_who_writes_about_a_page_names_it() -> None:
    page = ["# Values are missing", "", "* Content: Bug Check 0x1E KMODE_EXCEPTION_NOT_HANDLED"]
    assert read_stop_screens(Text(page)) == ()
    assert read_stop_screens(Text(["The documentation for the 0x1e bug check has two meanings of its value."])) == ()


def test_the_number_may_stand_in_brackets() -> None:
    assert screen("I got a BugCheck(139) at each third boot").bugcheck.code == 0x139
    assert read_stop_screens(Text(["KeBugCheck(139) is called there"])) == ()


@pytest.mark.parametrize(
    "words",
    [
        "an IRQL_NOT_LESS_OR_EQUAL BSOD",
        "Random IRQL_NOT_LESS_OR_EQUAL_BSOD at night",
        'me an "IRQL_NOT_LESS_OR_EQUAL" BSOD',
    ],
)
def test_the_name_may_stand_before_the_word(words: str) -> None:
    assert screen(f"My machine shows {words} since then").bugcheck.name == "IRQL_NOT_LESS_OR_EQUAL"


def test_code_and_parameters_below_their_label() -> None:
    told = screen("It stops at night.\n\nBugcheck code:\n0x139(0x3, 0xFFFFD000D8BB66E0, 0xFFFFD000D8BB6638, 0x0)")
    assert (told.bugcheck.code, told.bugcheck.parameters) == (0x139, (3, 0xFFFFD000D8BB66E0, 0xFFFFD000D8BB6638, 0))


def test_parameters_in_a_sentence() -> None:
    told = screen(
        "I see a blue screen with stop code 0x0000001A, parameter 1 of 0x6001 and parameter 2 of 0xFFFFFFFFC0000010."
    )
    assert (told.bugcheck.code, told.bugcheck.parameters) == (0x1A, (0x6001, 0xFFFFFFFFC0000010))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(["STOP: ", "0x1E ", "(", ")", "\n", "Address ", "base at ", "Dll Base", "0x"])
        | st.text(max_size=6),
        max_size=40,
    )
)
def test_any_text_is_read_without_error(pieces: list[str]) -> None:
    text = Text("".join(pieces).split("\n"))
    for found in read_stop_screens(text):
        assert 1 <= found.lines[0] <= found.lines[1] <= len(text)
    read_drivers(text)
    read_screen_system(text)


@pytest.mark.parametrize(
    "text",
    [
        "Stillstandcode: CRITICAL_PROCESS_DIED",
        "Votre appareil a rencontré un problème.\nCode d'arrêt : CRITICAL_PROCESS_DIED",
        "Код остановки: CRITICAL_PROCESS_DIED",
        "终止代码\uff1aCRITICAL_PROCESS_DIED",
        "每次启动后蓝屏\n蓝屏故障\uff1aCRITICAL_PROCESS_DIED",
        "Nach dem Start kommt ein blauer Bildschirm: CRITICAL_PROCESS_DIED",
    ],
)
def test_screens_in_other_languages_name_the_stop_in_english(text: str) -> None:
    assert screen(text).bugcheck.name == "CRITICAL_PROCESS_DIED"


def test_what_failed_is_told_in_the_language_of_the_screen() -> None:
    assert screen("Codice di arresto: BAD_POOL_CALLER\nOperazione non riuscita: orchard.sys").driver == "orchard.sys"
    assert screen("蓝屏故障\uff1aBAD_POOL_CALLER\n问题文件\uff1aorchard.sys").driver == "orchard.sys"


def test_a_label_without_a_name_is_no_stop() -> None:
    assert read_stop_screens(Text(["Код остановки: нет", "stopcode: 5", "蓝屏了"])) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Would constantly get DRIVER_POWER_STATE_FAILURE during reboots",
        "It ended with a DRIVER_POWER_STATE_FAILURE",
        "# Blue Screen after standby\n\nDRIVER POWER STATE FAILURE",
        "My PC had a blue screen today:\n`DRIVER_POWER_STATE_FAILURE`",
        "# DRIVER_POWER_STATE_FAILURE\n\nCrash when I close the lid",
    ],
)
def test_the_name_alone_tells_what_one_got(text: str) -> None:
    assert screen(text).bugcheck.name == "DRIVER_POWER_STATE_FAILURE"


@pytest.mark.parametrize(
    "text",
    [
        "Do you get a blue screen with DRIVER_POWER_STATE_FAILURE?",
        "DRIVER_POWER_STATE_FAILURE",
        "case DRIVER_POWER_STATE_FAILURE:",
        "see DRIVER_POWER_STATE_FAILURE.md",
    ],
)
def test_a_name_that_nobody_got_is_none(text: str) -> None:
    assert read_stop_screens(Text([text])) == ()
