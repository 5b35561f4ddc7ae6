# ruff: noqa: RUF001 - explanations in languages whose letters look like Latin ones
"""Rows that read as a person's words, and rows that programs print in words."""

import pytest

from triage.text.prose import (
    in_page,
    in_source,
    is_advice,
    is_blank_form,
    is_filled,
    is_lesson,
    is_literal,
    is_program,
    is_prose,
    is_question,
    is_source,
)


@pytest.mark.parametrize(
    "row",
    [
        "The server stops every night when the backup starts.",
        "> we have seen it on three machines by now",
        "Der Server ist seit gestern Nacht mit einer Meldung abgestürzt",
        "I loaded the mini dump file into the debugger and see no symbols there",
        "Version 2 of the program does it as well",
    ],
)
def test_a_person_writes_it(row: str) -> None:
    assert is_prose(row)


@pytest.mark.parametrize(
    "row",
    [
        "",
        "It fails.",
        "Loading Dump File [C:\\WINDOWS\\Minidump\\Mini071405-02.dmp]",
        "Mini Kernel Dump File: Only registers and stack trace are available",
        "User Mini Dump File: Only registers, stack and portions of memory are available",
        "Kernel Summary Dump File: Only kernel address space is available",
        "Use !analyze -v to get detailed debugging information.",
        "Loading unloaded module list",
        "Debug session time: Thu Jul 14 18:22:07.546 2005 (GMT+2)",
        "*** WARNING: Unable to verify timestamp for the module",
        "#Fields: time c-ip cs-method cs-uri-stem sc-status",
        "#Software: Microsoft Internet Information Services 5.0 on this server",
        "10.4.0.17 GET /help/what-to-do-after-a-crash.htm 200",
        "for (int i = 0; i < 10; ++i) { run(i, values[i]); }",
        "0012f9a8 7c90e920 7c8025cb 00000694 00000000 ntdll!KiFastSystemCallRet",
    ],
)
def test_no_person_writes_it(row: str) -> None:
    assert not is_prose(row)


@pytest.mark.parametrize(
    "row",
    [
        "    // The computer has rebooted from a bugcheck.",
        "/// 1001: The computer has rebooted from a bugcheck.",
        'Write-Host "*Event ID 6008 is an error of the system that shut down unexpectedly*" -ForegroundColor Green',
        'message = "The service terminated unexpectedly"',
        '     "Windows rebooted without a clean shutdown first. This can happen "',
        '     "after a crash, a hang, or a sudden loss of power.",',
        "The %1 service terminated unexpectedly.  It has done this %2 time(s).",
        'Print("Access violation on %s, switch to the server", src);',
    ],
)
def test_rows_of_a_program(row: str) -> None:
    assert is_program(row)


@pytest.mark.parametrize(
    "row",
    [
        "The server stops every night when the backup starts.",
        '"The Ledger service cannot be started."',
        'It said "The Ledger service cannot be started", and then the screen went blue',
        "CPU usage is 90% since then (see the picture)",
        "- we have seen it on three machines (all of them new)",
    ],
)
def test_a_person_is_no_program(row: str) -> None:
    assert not is_program(row)


@pytest.mark.parametrize("row", ['"' * 10**6, '" ' * 10**6, "'a" * 10**6, "{" * 10**6, "a=" * 10**6, "%" * 10**6])
def test_long_rows_of_a_program_cost_no_more_than_their_beginning(row: str) -> None:
    assert is_program(row) == is_program(row[:2_000])


@pytest.mark.parametrize("row", ["a " * 10**6, "Kernel " * 10**5, "#" * 10**6, "* " * 10**6, "ab" * 10**6])
def test_long_rows_cost_no_more_than_their_beginning(row: str) -> None:
    assert is_prose(row) == is_prose(row.strip()[:400])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('            "ExceptionCode: e06d7363 (C++ EH exception)",', True),
        ('    b"STACK_TEXT:" + ', True),
        ('  "Exception code: 0xc0000005\\n" +', True),
        ('"Message": "Faulting application name: ledger.exe",', False),
        ('He said "it crashed", and left', False),
    ],
)
def test_a_literal_is_a_row_of_its_own(row: str, expected: bool) -> None:
    assert is_literal(row) is expected


LESSONS = [
    # a title that announces it, and one phrase of an explanation
    "# How to fix stop 0x7E\n\nThe stop is usually caused by a driver. Update it.",
    "Anatomy of a crash: a guide\nHey all, we will look at one. This article aims to show what its rows are.",
    "# Log: Add code 0xC0000005 as an error\n\nSome programs are often caused to end by it, so it makes sense.",
    "Fix BSOD 0x1A: commands\n- The stop is almost always triggered by faulty memory. Test it.",
    "threads: fix a crash when exceptions are on\n\nThe flag takes tables away. This patch removes the flag.",
    # a definition
    "An access violation is a type of exception caused when a program reads what it may not.",
    # many phrases without a title
    "Stop 0xA\nThis error usually occurs after an update. It is caused by drivers. The code indicates which.",
    # lists and tables of what there is
    "| code | name |\n| --- | --- |\n| 0xC0000005 | one |\n| 0xC0000135 | two |\n| 0xC0000142 | three |",
    "BAD_POOL_CALLER  (0xC2)\nBAD_POOL_HEADER  (0x19)\nPFN_LIST_CORRUPT  (0x4E)",
    "BAD_POOL_CALLER | what it is |\nPFN_LIST_CORRUPT | another |\nWDF_VIOLATION | a third |",
]


@pytest.mark.parametrize("text", LESSONS)
def test_what_explains_is_a_lesson(text: str) -> None:
    assert is_lesson(text.split("\n"))
    assert is_advice(text.split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        # who tells of himself, or asks, has seen it
        "Stop 0xA\nMy server usually stops with this error. It is caused by drivers, I think. The code indicates it.",
        "This error usually occurs after an update, is caused by drivers, and the code indicates which. Please help",
        # one phrase is no explanation where no title announces one
        "The server crashes every night. It is caused by the backup.",
        "0xC0000005 - STATUS_ACCESS_VIOLATION",
        "",
    ],
)
def test_what_was_seen_is_none(text: str) -> None:
    assert not is_lesson(text.split("\n"))


def test_who_addresses_the_reader_gives_advice() -> None:
    text = "If you see stop 0x50, your memory is bad. You can test it."
    assert is_advice([text])
    assert not is_lesson([text])


@pytest.mark.parametrize(
    "row", ["A_B_" * 10**5, "| a " * 10**5, "usually " * 10**5, "an a " * 10**5, "is caused " * 10**5]
)
def test_long_rows_of_lessons_cost_no_more_than_their_beginning(row: str) -> None:
    assert is_advice([row]) == is_advice([row[:1_000]])


def test_who_only_asks_what_a_thing_is_has_none() -> None:
    assert is_question(["What is a fatal exception: access violation", "", "Does it harm?"])
    assert not is_question(["What is causing the access violation in my program?"])
    assert not is_question(["What does access violation at 0x00401234 mean?"])
    assert not is_question(["What is this?", "It failed.", "Exception code: c0000005", "Address: 00401234"])


@pytest.mark.parametrize(
    "row",
    [
        '(new Box(_T("Undo"), "This operation caused a general protection fault in module LEAF.EXE", _T("Oh")))->Go();',
        '    "    *** STOP: 0x0000000A (0xFE520004, 0x00000001, 0x00000001, 0x804F9319)<br><br>"',
        'std::cout << "*** STOP: 0x0000008E (0xC0000005, 0xBF92A9A4, 0xA19938AC, 0x00000000)\\n";',
        "draw(4, 'Access violation at address 0040F2B4 in module LEAF.EXE');",
    ],
)
def test_what_a_program_hands_on_or_puts_into_a_page_is_its_own(row: str) -> None:
    assert is_literal(row)


@pytest.mark.parametrize(
    "row",
    ['He said "it crashed" (twice);', '"Access violation at address 0040F2B4"', "<b>Access violation</b>", "f();"],
)
def test_what_is_quoted_is_not(row: str) -> None:
    assert not is_literal(row)


def test_markup_that_only_programs_write_makes_the_source_of_a_page() -> None:
    fault = "A fatal exception 0E has occurred at 0028:C0011E36"
    assert in_page(["<p>", '<div className="mono">', fault, "</p>"], 2)
    assert in_page(['  "  one"', '  "  two"', fault, '  "  three"', '  "  four"'], 2)
    assert not in_page(["<p>", '<div class="mono">', fault, "</p>", '"one"', '"two"'], 2)


@pytest.mark.parametrize(
    "text",
    [
        "BugCheck 124\nStop 0x124 is different from most other stops. It is usually caused by hardware, 99% of the time"
        " by a fan. Troubleshooting steps: clean it, that is what we do.",
        "Entendiendo la pantalla azul\nEl código suele aparecer abajo.",
        "BSOD 0xC4\nЭто общий стоп код. Параметр 1 определяет тип ошибки, остальное зависит от него.",
        "Was ist ein Bluescreen?\nEin Bluescreen ist eine Fehlermeldung. Der Code steht für eine Ursache.",
    ],
)
def test_explanations_in_any_language_are_lessons(text: str) -> None:
    assert is_lesson(text.split("\n"))


def test_who_tells_of_oneself_in_any_language_has_seen_it() -> None:
    text = "Код остановки означает ошибку, указывает на драйвер и появляется часто. Помогите, у меня синий экран"
    assert not is_lesson([text])


def test_labels_before_variables_are_a_form_that_a_script_fills_in() -> None:
    assert is_filled(["Faulting module name: $Name, version: 1.0", "Exception code: 0xc0000005"], 1)
    assert not is_filled(["Faulting module name: leaf.dll, version: 1.0", "Exception code: 0xc0000005"], 1)


@pytest.mark.parametrize(
    "row",
    [
        '    elif ("Access violation - code c0000005 (!!! second chance !!!)" in row):',
        '#define TOMB_MESSAGE "A problem was found.\\n\\n*** STOP: 0x0000007B (0xF78D0001, 0xC0000034)\\n"',
        '*** STOP: 0x000000FE (0x00000008, 0x00000006, 0x00000009, 0x847075cc)");',
    ],
)
def test_what_a_program_looks_for_and_paints_is_literal(row: str) -> None:
    assert is_literal(row)


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        # A comment with examples of what the next rows read.
        (["for at in range(len(rows)):", "  row = rows[at];", "  # (16c0.11c): Access violation - code c0000005"], 2),
        # The same, whose mark was taken off.
        (["  row = rows[at];", "  take(row);", "(16c0.11c): Access violation - code c0000005", "  hit = re.match("], 2),
        # Markup that a script puts into its page.
        (
            [
                "<p>*** STOP: 0x0000007B (0xF78D0001, ...)</p>",
                "</div>",
                "setTimeout(() => {",
                "body.append(tomb);",
                "});",
            ],
            0,
        ),
        # A text of many rows that a script shows.
        (["Words =", "(", "A problem was found.", "*** STOP: 0x00000050 (0xFD3094C2, 0x1)", ")", "Gui, Show"], 3),
        (['$words = @"', "*** STOP: 0x00000050 (0xFD3094C2, 0x1)", '"@'], 1),
    ],
)
def test_a_row_in_the_source_of_a_program(rows: list[str], index: int) -> None:
    assert in_source(rows, index)


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        # Below the source that crashes, in a block of its own.
        (["```", "int main() {", "run(0);", "}", "```", "(16c0.11c): Access violation - code c0000005", "```"], 5),
        (["eax=00000001 ebx=00000000", "(16c0.11c): Access violation - code c0000005", "orchard!Grow+0x12:"], 1),
        (["Words =", "(", "said", ")", "*** STOP: 0x00000050 (0xFD3094C2, 0x1)"], 4),
    ],
)
def test_a_row_beside_the_source_of_a_program(rows: list[str], index: int) -> None:
    assert not in_source(rows, index)


def test_a_text_that_is_source() -> None:
    rows = [
        "#ifndef TOMB_H",
        '#define TOMB "An error has occurred, and the system was stopped"',
        "void bury(void);",
        "#endif",
    ]
    assert is_source(rows)
    assert not is_source(
        ["I call bury() and it stops.", "The row is", "bury(0);", "and it says nothing else about it."]
    )


def test_what_can_occur_is_explained() -> None:
    assert is_advice(
        [
            "Page faults can occur when a program reads memory that is not its own.",
            "For example, a driver can touch a page that was freed.",
            "The exception indicates that the image is damaged.",
        ]
    )


@pytest.mark.parametrize(
    "row",
    [
        "    entry(next, 'Error', 'Application Hang', 1002, 'The program leaf.exe stopped interacting with it.', 3),",
        '    errorMessage: "Faulting application name: leaf.exe, exception code: 0xc0000005 in orchard.dll",',
        "    'BugCheck D1, {fffff802345678, 2, 0, fffff80234567890}\\0'",
        '            f"Reading the leaf of the stem {self.offset:#x} caused a page fault"',
        '    $"Potential leaf caused a page fault: {leaf}",',
        '    ("System", "Orchard", 7031, 2, "The Leaf service terminated unexpectedly. Restart in 60000 ms.", 0.6),',
        "    ('Application Error', 1000, 'Faulting application name: leaf.exe, exception code: 0xc0000005')",
    ],
)
def test_what_a_program_makes_up_is_literal(row: str) -> None:
    assert is_literal(row)


def test_fields_of_a_scripts_data_are_source() -> None:
    assert is_source(
        ['symptoms: ["leaf.exe stops"],', 'cause: "A driver damaged its memory.",', 'cure: "Take it out.",']
    )


def test_a_file_of_source_whose_comments_are_most_of_it() -> None:
    comments = ["# I thought we could copy it, but it crashed, so let us wait for the next version."] * 9
    assert is_source(["import ssl", "", "from .leaf import Leaf", *comments, "async def grow(", "    host,", "):"])
    assert not is_source(
        ["Hello,", "my script crashes:", "import ssl", "import leaf", "from leaf import grow", *comments]
    )


@pytest.mark.parametrize(
    "row",
    [
        "  { id: 1000, level: 'Error', src: 'Application Error', msg: 'Faulting application name: leaf.exe\\nx' },",
        '{ id: 7031, msg: "The Post service terminated unexpectedly." }',
    ],
)
def test_an_entry_of_a_scripts_list_is_literal(row: str) -> None:
    assert is_literal(row)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Exception code: 0xC0000005 - Access violation reading location 0xXXXXXXXX", True),
        ("ExceptionAddress: 0xxxxxxxxx", True),
        ("Exception code: 0xC0000005", False),
    ],
)
def test_places_for_numbers_show_how_a_message_looks(row: str, expected: bool) -> None:
    assert is_blank_form(row) is expected
