import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.repair import MAX_ROW, repair

LINES = [
    "ModLoad: 00400000 0041d000   C:\\apps\\quill.exe",
    "(9a4.1b2c): Access violation - code c0000005 (first chance)",
    "eax=00000000 ebx=7efde000 ecx=00000000",
    "quill!Render+0x1c:",
    "00401a2c 8901            mov     dword ptr [ecx],eax",
]


def rows(text: str) -> list[str]:
    return list(repair(text, "utf-8").rows)


@pytest.mark.parametrize(
    "prefix",
    ["> ", ">> ", "> > ", "# ", "// ", "//   ", "; ", " * ", "REM ", "-- ", "2019-02-11 08:12:01.110 [dbg] ",
     "[app         ] ", "08:12:01.110: ", "Mon Feb 11 08:12:01 GMT 2019 INFO ", "11.02.2019 08:12:01 dbg[441]: "],
)  # fmt: skip
def test_what_stands_before_every_line_goes(prefix: str) -> None:
    assert [row.strip() for row in rows("".join(f"{prefix}{line}\n" for line in LINES))] == LINES


def test_quoting_within_a_comment_goes_layer_by_layer() -> None:
    assert rows("".join(f"// > {line}\n" for line in LINES)) == LINES


def test_only_the_quoted_part_of_a_mail_loses_its_marks() -> None:
    text = "Hello,\nwe see this:\n" + "".join(f"> {line}\n" for line in LINES) + "Any idea?\n"
    assert rows(text) == ["Hello,", "we see this:", *LINES, "Any idea?"]


@pytest.mark.parametrize(
    "line",
    [
        "> kb",
        "0:000> kb",
        "*** STOP: 0x0000001E (0xC0000005,0x8011A2B3,0x00000000,0x00000010)",
        "# ChildEBP RetAddr",
        "10:02 the server stopped",
        "C:\\bin\\_private\\x.dll",
        "C:\\logs\\*.log",
        "\\\\srv1\\share\\_x",
    ],
)
def test_a_single_line_is_left_alone(line: str) -> None:
    assert rows(f"Some words here\n{line}\nand some there\n")[1] == line


def test_indentation_that_all_lines_have_goes() -> None:
    assert rows("\t0:000> kb\n\n\t  ntfs!Close+0x10\n") == ["0:000> kb", "", "  ntfs!Close+0x10"]


def test_columns_of_an_event_log_keep_their_dates() -> None:
    text = "".join(f"5/{day}/97  10:02:41 AM  MSExchangeIS  Error  General  1005\n" for day in range(1, 8))
    assert rows(text) == text.splitlines()


def test_the_blank_line_after_every_line_goes_and_real_ones_stay() -> None:
    lines = [f"module!function{number}+0x10" for number in range(10)]
    lines.insert(5, "")
    text = "".join(f"{line}\n\n" for line in lines)
    repaired = repair(text, "utf-8")
    assert list(repaired.rows) == lines
    assert repaired.numbers[0] == 1
    assert repaired.numbers[1] == 3


def test_numbers_are_those_of_the_source() -> None:
    repaired = repair("\n\n> a line of mail\n> another\n> third\n", "utf-8")
    assert [(repaired.numbers[index], row) for index, row in enumerate(repaired.rows) if row] == [
        (3, "a line of mail"),
        (4, "another"),
        (5, "third"),
    ]


@pytest.mark.parametrize(
    ("line", "repaired"),
    [
        ("0xfffff803\\`7b210000", "0xfffff803`7b210000"),
        ("CNC\\_Ctrl!Foo", "CNC_Ctrl!Foo"),
        ("00007ff9\u2018a0364b59", "00007ff9`a0364b59"),
        ("Access violation \u2013 code c0000005", "Access violation - code c0000005"),
        ("\x1b[31m0:000>\x1b[0m k", "0:000> k"),
        ("0:000&gt; k &amp; q", "0:000> k & q"),
        ("a\tb", "a       b"),
        ("<pre>text</pre>", "text"),
        ("<pre>the <span style='a'><b>76190000</b></span> 763a3000", "the 76190000 763a3000"),
        ('<p class="a">text</p><br>', "text"),
        ('<p className="a">text<br>', '<p className="a">text'),
        ("nul\0in\0it", "nulinit"),
        ("ntfs!\\_except\\_handler3", "ntfs!_except_handler3"),
        ("leaf!\\_\\_main", "leaf!__main"),
        ("Name: [leaf.dll](http://leaf.dll), version 2", "Name: leaf.dll, version 2"),
        ("ExceptionCode: [C0000005](x64dbg://localhost/address32#C0000005)", "ExceptionCode: C0000005"),
        ("**orchard.sys**+1bae0", "orchard.sys+1bae0"),
        ("Error **0xc0000005** in **leaf.dll**", "Error 0xc0000005 in leaf.dll"),
        ("a **b and 2 ** 3", "a **b and 2 ** 3"),
        ("*** ERROR: Symbol file ** not found ***", "*** ERROR: Symbol file ** not found ***"),
        ("leaf!Tree[3](b)", "leaf!Tree[3](b)"),
        ("js\\_dbg!main+0x1 [c:\\_src\\a.c @ 1]", "js_dbg!main+0x1 [c:\\_src\\a.c @ 1]"),
    ],
)
def test_disguise_goes(line: str, repaired: str) -> None:
    assert rows(line) == [repaired]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "<br>\n", "<br />\r\n"])
def test_line_ends_of_any_kind(end: str) -> None:
    assert rows("".join(line + end for line in LINES)) == LINES


@pytest.mark.parametrize("more", [0, 300])
def test_line_ends_written_into_a_string_make_lines_of_one_number(more: int) -> None:
    line = r"(77, 'Report:\r\n\r\nEvent:\tAPPCRASH\r\nPath: C:\\Apps\\ledger.exe\r\n', 1),"
    repaired = repair(f"{line}\n" + "other\n" * more, "utf-8")
    assert repaired.rows[:5] == ["(77, 'Report:", "", "Event:  APPCRASH", "Path: C:\\Apps\\ledger.exe", "', 1),"]
    assert list(repaired.numbers[:5]) == [1] * 5
    assert rows(r"C:\reports\r\n\new.txt") == [r"C:\reports\r\n\new.txt"]


def test_a_string_begins_and_ends_with_quotes_and_holds_others() -> None:
    line = r'{"title": "x", "body": "CommandLine: \"C:\\Apps\\ledger.exe\"\r\n0:000> g\r\n\r\n0:000> k", "id": 12}'
    assert rows(line) == [
        '{"title": "x", "body":',
        r'CommandLine: "C:\Apps\ledger.exe"',
        "0:000> g",
        "",
        "0:000> k",
        ', "id": 12}',
    ]


def test_breaks_in_the_middle_make_lines_of_one_number() -> None:
    repaired = repair("first<br>second\nthird<br>\n", "utf-8")
    assert list(zip(repaired.numbers, repaired.rows, strict=True)) == [(1, "first"), (1, "second"), (2, "third")]


def test_entities_of_an_event_in_xml_are_left_to_its_reader() -> None:
    assert rows("<Event><Data>a &lt; b</Data></Event>") == ["<Event><Data>a &lt; b</Data></Event>"]


def test_a_line_cut_every_so_many_characters_is_one_line() -> None:
    line = "ModLoad: 10010000 10020000 C:\\a\\alpha.dll ModLoad: 10030000 10048000 C:\\a\\beta.dll Access violation"
    text = "\n".join(line[start : start + 31] for start in range(0, len(line), 31))
    assert rows(text)[0] == line


def test_a_line_without_end_is_cut() -> None:
    repaired = repair("x" * (3 * MAX_ROW), "utf-8")
    assert len(repaired) == 3
    assert set(repaired.numbers) == {1}


@given(st.text(max_size=400))
@settings(deadline=None, max_examples=200)
def test_any_text_is_repaired_and_keeps_its_numbers_in_order(text: str) -> None:
    repaired = repair(text, "utf-8")
    assert list(repaired.numbers) == sorted(repaired.numbers)
    assert all("\n" not in row for row in repaired.rows)


def test_ends_of_wrapped_lines_that_lost_the_comment_mark_do_not_break_its_block() -> None:
    rows = repair(
        "# (a3c.b44): Access violation - code c0000005 (first chance)\n# eax=00000000 ebx=00000001 ecx=00000002\n"
        "edi=00000005\n# eip=6b931234 esp=0012f000 ebp=0012f010 iopl=0\nna pe nc\n# cs=001b  ss=0023  ds=0023\n"
        "efl=00010246\n# 0012f010 6b935678 00000001 00000002\nledger!Post+0x12\n# 0012f020 7c816fd7 00000001\n",
        "utf-8",
    ).rows
    assert not any(row.startswith("#") for row in rows)


def test_comments_between_rows_of_a_program_stay() -> None:
    text = "# first\nx = 1\n# second\ny = 2\n# third\nz = 3\n# fourth\n"
    assert list(repair(text, "utf-8").rows) == text.splitlines()


def test_the_times_sign_of_a_blog_in_a_number() -> None:
    row = (
        "Unhandled exception at 0\u00d700161015 in ledger.exe: 0xC0000005: Access violation writing to 0\u00d700000000."
    )
    assert list(repair(row, "utf-8").rows) == [row.replace("\u00d7", "x")]


def test_an_item_of_a_list_that_is_code_from_end_to_end() -> None:
    text = (
        "The analysis says:\n- `IMAGE_NAME:  orchard.sys`\n1. `MODULE_NAME: orchard`\n- `one` and `two`\n- a `word`\n"
    )
    assert rows(text)[1:5] == [
        "- IMAGE_NAME:  orchard.sys",
        "1. MODULE_NAME: orchard",
        "- `one` and `two`",
        "- a `word`",
    ]


@pytest.mark.parametrize("mark", ["- ", "  {}. "])
def test_an_analysis_whose_rows_became_the_items_of_a_list(mark: str) -> None:
    rows = [
        "BAD_POOL_CALLER (c2)",
        "Arguments:",
        "Arg1: 00000007",
        "Arg2: 00000cd4",
        "BUGCHECK_STR: 0xc2",
        "post!Grow+0x4",
    ]
    text = "\n".join(mark.format(at) + row for at, row in enumerate(rows, 1))
    assert list(repair(text, "utf-8").rows) == rows


@pytest.mark.parametrize(
    "text", ["1. post!Grow+0x1\n2. post!Post+0x2\n3. post!main+0x3", "- one\n- two\n- three\n- four"]
)
def test_other_lists_keep_their_marks(text: str) -> None:
    assert list(repair(text, "utf-8").rows) == text.split("\n")


@pytest.mark.parametrize("mark", ["+", "++"])
def test_a_log_that_a_patch_adds_loses_its_plus_signs(mark: str) -> None:
    assert rows("\n".join(mark + line for line in LINES)) == LINES


def test_the_plus_signs_of_other_rows_stay() -> None:
    text = "+ one\n+ two\n+ three\n\n+0x1c\n+0x2c\n+0x3c"
    assert rows(text) == text.split("\n")


SESSION = [
    "(9a4.8b0): Access violation - code c0000005 (first chance)",
    "eax=00000000 ebx=00000001 ecx=00000002 edx=00000003 esi=00000004 edi=00000005",
    "",
    "0:000> kn",
    "00 0012f010 00401a2c post!Grow+0x1",
    "01 0012f020 00401a40 post!Plant+0x2",
    "02 0012f030 00401a50 post!main+0x3",
    "0:000> q",
]


@pytest.mark.parametrize("form", ["{:4d}  {}", "{}: {}", "{:3d}| {}", "{:6d}\t{}"])
def test_the_numbers_of_an_editor_s_lines_go(form: str) -> None:
    assert rows("\n".join(form.format(at, line) for at, line in enumerate(SESSION, 97))) == SESSION


def test_numbers_go_from_before_the_lines_of_a_program() -> None:
    source = [
        "int main()",
        "{",
        "    try {",
        "        plant();",
        "    } catch (...) {",
        "        grow();",
        "    }",
        "}",
    ]
    assert rows("\n".join(f"{at:3d}  {line}" for at, line in enumerate(source, 1))) == source


@pytest.mark.parametrize(
    "lines",
    [
        [f"{at:02d} 0012f0{at}0 00401a2c post!Grow+0x{at}" for at in range(10)],  # a debugger's own
        [f"{at}  {line}".rstrip() for at, line in enumerate(SESSION[:4], 1)],  # few
        [f"{2 * at}  {line}".rstrip() for at, line in enumerate(SESSION, 1)],  # not one by one
        [f"{at} leaf" for at in range(12)],
    ],
)
def test_other_numbers_stay(lines: list[str]) -> None:
    assert rows("\n".join(lines)) == lines


def test_a_patch_adds_what_it_says_without_further_proof() -> None:
    text = "--- /dev/null\n+++ b/leaf.c\n@@ -0,0 +1,4 @@\n+int main()\n+{\n+    grow();\n+}"
    assert rows(text)[3:] == ["int main()", "{", "   grow();", "}"]


@pytest.mark.parametrize(
    "mark", ["growth.log:{}:", "growth.log-{}-", "  logs\\growth.txt:{}:", "growth.log:{}   ", "leaf.out:{}:"]
)
def test_what_a_search_found_loses_the_names_and_numbers_before_it(mark: str) -> None:
    found = [
        "(1a2c.3f4): Access violation - code c0000005 (first chance)",
        "ExceptionAddress: 00007ff712341234 (leaf!Grow+0x14)",
        "   ExceptionCode: c0000005 (Access violation)",
    ]
    text = "\n".join(mark.format(at) + row for at, row in zip((7, 188, 189), found, strict=True))
    assert [row.strip() for row in repair(text, "utf-8").rows] == [row.strip() for row in found]


def test_a_search_that_found_no_debugger_keeps_its_names_and_numbers() -> None:
    text = "web.log:12:GET /leaf\nweb.log:13:GET /tree\nweb.log:14:GET /root"
    assert list(repair(text, "utf-8").rows) == text.split("\n")
