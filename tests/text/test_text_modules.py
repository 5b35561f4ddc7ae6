"""Module rows in every spelling: of live debuggers, `lm`, Dr. Watson and others, run together, wrapped and cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.model.evidence import Module
from triage.text.lines import Text
from triage.text.modules import ModuleList, read_modules
from triage.text.modules_names import base_name


def read(text: str) -> ModuleList:
    return read_modules(Text(text.split("\n")))


def only(text: str) -> Module:
    (module,) = read(text).modules
    return module


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("ModLoad: 7c900000 7c9b2000   ntx.dll", "ntx.dll"),
        (r"ModLoad: 00400000 00443000   C:\Program Files\My View\view.exe", "view.exe"),
        (r"ModLoad: 00007ffb`5fde0000 00007ffb`5fe8c000   C:\W\SxS\a_1.2.3_x\ctl.dll", "ctl.dll"),
        (r"ModLoad: 00000000`6f690000 00000000`6f713000   C:\NI_32\Pres#\f6ed\Pres.ni.dll", "Pres.ni.dll"),
        (r"ModLoad: 10000000 10010000   \\server\share\tool.ocx", "tool.ocx"),
        (r"ModLoad: 10000000 10010000   \\?\C:\x\lib-9f1d.dll", "lib-9f1d.dll"),
        (r"ModLoad: 10000000 10010000   C:\Büro\größe.dll", "größe.dll"),
        ("CDB ModLoad: 0b950000 0b982000 Rest.dll", "Rest.dll"),
        ("12:01:07 ModLoad: 0b950000 0b982000 Rest.dll", "Rest.dll"),
        ("ModLoad: 00aa0000 00ab0000   image00aa0000", "image00aa0000"),
        (r"ModLoad: 6dd80000 6df19000   C:\a b\gui.zzz", "gui.zzz"),
        ("ModLoad: 77f00000 77f5e000   C:WINNTSystem32KERNX.dll", "KERNX.dll"),
    ],
)
def test_a_load_row(row: str, name: str) -> None:
    base, end, path = row.partition("ModLoad: ")[2].replace("`", "").split(None, 2)
    assert only(row) == Module(
        name=name, base=int(base, 16), end=int(end, 16), path=path if path != name else None, lines=(1, 1)
    )


def test_rows_run_together_and_wrapped_between_the_addresses() -> None:
    """Articles and mails: the rows' text is there, the line breaks are not."""
    found = read(r"""  ModLoad: 71930000 71940000 E:\Nt\Sys\Alpha.dll ModLoad: 629d0000
  629dd000 E:\Nt\Sys\Beta.dll ModLoad: 65750000 6576e000
  E:\Nt\Sys\Gamma.dll Access violation - code c0000005 (first chance)""")
    assert [(module.name, module.base, module.end, module.lines) for module in found.modules] == [
        ("Alpha.dll", 0x71930000, 0x71940000, (1, 1)),
        ("Beta.dll", 0x629D0000, 0x629DD000, (1, 2)),
        ("Gamma.dll", 0x65750000, 0x6576E000, (2, 3)),
    ]
    assert found.modules[2].path == r"E:\Nt\Sys\Gamma.dll"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("ModLoad: 10000000 1006a000   C:\\Program\nFiles\\GR\\TVS.dll\n", r"C:\Program Files\GR\TVS.dll"),
        ("ModLoad: 02e00000 02e08000   C:\\My Down\nManager\\km.dll\nModLoad: 1", r"C:\My Down Manager\km.dll"),
        ("ModLoad: 773d0000 774d3000\nC:\\W\\SxS\\x86_ctl_6.0\\CTL.dll\nend", r"C:\W\SxS\x86_ctl_6.0\CTL.dll"),
        ("ModLoad: 10000000 10010000   C:\\Folder\\\nsub\\a.dll\n", r"C:\Folder\sub\a.dll"),
        ("ModLoad: 10000000 10010000   " + "C:\\" + "x" * 47 + "\nyy.dll", "C:\\" + "x" * 47 + "yy.dll"),
        ("ModLoad: 10000000 10010000   C:\\a b\\c.dll *** WARNING: checksum", r"C:\a b\c.dll"),
        ("ModLoad: 10000000 10010000   C:\\a\\tool (1a4.2b8): Unknown exception", r"C:\a\tool"),
        ("ModLoad: 10000000 10010000   C:\\a\\tool\n(1a4.2b8): Access violation in x.dll", r"C:\a\tool"),
        ("ModLoad: 10000000 10010000   C:\\a\\tool\nFirst chance exceptions are in b.dll", r"C:\a\tool"),
    ],
)
def test_where_a_path_ends(text: str, path: str) -> None:
    assert read(text).modules[0].path == path


@pytest.mark.parametrize(
    "text",
    [
        "ModLoad: 10000000 1001",
        "ModLoad: 10000000 10010000",
        "ModLoad:",
        "ModLoad: 10000000 10010000\n(1a.2b): Access violation",
    ],
)
def test_a_row_that_was_cut_is_damage_and_no_module(text: str) -> None:
    found = read(text)
    assert found.modules == ()
    assert [warning.lines for warning in found.warnings] == [(1, 1)]


@pytest.mark.parametrize(
    "text", ["You see ModLoad: rows in the log.", "mod load 00400000 00410000", "00400000 00401000"]
)
def test_prose_is_no_row(text: str) -> None:
    assert read(text) == ModuleList()


def test_an_image_loaded_twice_has_two_rows() -> None:
    row = "ModLoad: 05790000 06670000   Forms.ni.dll\n"
    assert len(read(row * 2).modules) == 2


@pytest.mark.parametrize(
    ("row", "name", "path"),
    [
        ("00a90000 00c87000   Basta    C (no symbols)           ", "Basta", None),
        ("74c90000 74dfc000   Recorder   (deferred)             ", "Recorder", None),
        ("6b930000 6bb5f000   sc    (export symbols)       C:\\P (x86)\\sc.dll", "sc.dll", "C:\\P (x86)\\sc.dll"),
        ("00000000`17410000 00000000`17658000   mach   T (private pdb symbols)  ", "mach", None),
        ("00400000 00410000   APP      (NO SYMBOLS)", "APP", None),
        ("804d7000 806e2000   ntx      ntxpamp.exe Tue Apr 13 22:44:14 2004 (407C47DE)", "ntxpamp.exe", None),
    ],
)
def test_a_list_row_without_heading(row: str, name: str, path: str | None) -> None:
    module = only(row)
    assert (module.name, module.path) == (name, path)


def test_the_symbol_file_is_not_the_image() -> None:
    module = only("00400000 00410000   app   (pdb symbols)          c:\\sym\\app.pdb\\1A2B\\app.pdb")
    assert (module.name, module.path, module.pdb) == ("app", None, "c:\\sym\\app.pdb\\1A2B\\app.pdb")


def test_a_row_without_detail_needs_the_heading() -> None:
    row = "8d460000 8d663000   win32x"
    assert read(row).modules == ()
    assert only("kd> LM m win32x\nstart    end        module name\n" + row).name == "win32x"


@pytest.mark.parametrize(
    ("rows", "path", "pdb"),
    [
        ("ledger C (export\nsymbols)       D:\\apps\\ledger.dll", "D:\\apps\\ledger.dll", None),
        (
            "ledger   (private pdb\nsymbols)\nd:\\cache\\ledger.pdb\\13C3\\ledger.pdb",
            None,
            "d:\\cache\\ledger.pdb\\13C3\\ledger.pdb",
        ),
        ("ledger C\n(no symbols)\nD:\\apps\\ledger.dll", "D:\\apps\\ledger.dll", None),
        ("ledger   (deferred)\nD:\\apps\\ledger.dll", "D:\\apps\\ledger.dll", None),
    ],
)
def test_rows_that_a_mailer_broke_at_a_blank(rows: str, path: str | None, pdb: str | None) -> None:
    text = f"start             end                 module name\n00007ff8`492a0000 00007ff8`6127e000   {rows}\n"
    one, other = read(text + "00007ff8`64860000 00007ff8`64a22000   leaf\n").modules
    assert (one.path, one.pdb, other.name) == (path, pdb, "leaf")


def test_time_stamps_of_lm_t_n() -> None:
    found = read("""start    end        module name
01000000 01013000   pad      pad.exe      Fri Aug 17 22:54:23 2001 (3B7DC2BF)
77f50000 77ff7000   ntx      ntx.dll      unavailable (00000000)""")
    assert [(module.name, module.timestamp) for module in found.modules] == [("pad.exe", 0x3B7DC2BF), ("ntx.dll", None)]


def test_a_hash_stands_where_builds_that_can_be_repeated_have_no_time() -> None:
    found = read(
        "fffff803`74d80000 fffff803`74e45000   srvx      E6CC385C (This is a reproducible build file hash, not a "
        "timestamp)\nfffff803`74fc0000 fffff803`74feb000   hgfsx     Thu Jul 25 21:02:51 2019 (5D3A7B6B)"
    )
    assert [(module.name, module.timestamp) for module in found.modules] == [
        ("srvx", 0xE6CC385C),
        ("hgfsx", 0x5D3A7B6B),
    ]


LMV = """0:071> lmv m scanw
start    end        module name
6b930000 6bb5f000   scanw    (export symbols)
C:\\Program Files\\Scan\\scanw.dll
    Loaded symbol image file: C:\\Program Files\\Scan\\scanw.dll
    Image path: C:\\Program
Files\\Scan\\scanw.dll
    Image name: scanw.dll
    Timestamp:        Tue Jan 26 12:42:19 2016 (56A7DA7B)
    CheckSum:         002283ED
    ImageSize:        0022F000
    File version:     13.1.2.19
    Product version:  13.1.0.0
    Translations:     0409.04b0
    FileVersion:      13.1 odd
    LegalCopyright:   Copyright (c) 2015. All rights
reserved

0:071> q"""


def test_a_verbose_block_is_one_module() -> None:
    module = only(LMV)
    assert module == Module(
        name="scanw.dll",
        base=0x6B930000,
        end=0x6BB5F000,
        path=r"C:\Program Files\Scan\scanw.dll",
        version="13.1.2.19",
        product_version="13.1.0.0",
        timestamp=0x56A7DA7B,
        checksum=0x2283ED,
        lines=(3, 16),
    )


def test_a_verbose_block_without_its_row() -> None:
    module = only("""    Image path: \\SystemRoot\\System32\\drivers\\foo.sys
    Image name: foo.sys
    Timestamp:        9EA8D9DE (This is a reproducible build file hash, not a timestamp)
    CheckSum:         000195B9
    ImageSize:        0018E180""")
    assert (module.name, module.base, module.timestamp, module.checksum) == ("foo.sys", None, None, 0x195B9)


def test_unloaded_modules_are_marked() -> None:
    found = read("""start    end        module name
804d7000 806e2000   ntx        (pdb symbols)
f8a00000 f8a10000   disk       (deferred)

Unloaded modules:
b1234000 b1240000   port.sys
    Timestamp: unavailable (00000000)
    Checksum:  00000000
b2234000 b2240000   kmix.sys""")
    assert [(module.name, module.unloaded) for module in found.modules] == [
        ("ntx", False),
        ("disk", False),
        ("port.sys", True),
        ("kmix.sys", True),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (r"(77f60000 - 77fbc000) dll\ntx.dbg", Module(name="ntx.dll", base=0x77F60000, end=0x77FBC000, lines=(1, 1))),
        (r"(00400000 - 004c5000) exe\store1.dbg", Module(name="store1.exe", base=0x400000, end=0x4C5000, lines=(1, 1))),
        (r"(00400000 - 004c5000) name.dbg", Module(name="name", base=0x400000, end=0x4C5000, lines=(1, 1))),
        (
            r"(0000000077f50000 - 0000000077ff7000: C:\WINDOWS\System32\ntx.dll",
            Module(name="ntx.dll", base=0x77F50000, end=0x77FF7000, path=r"C:\WINDOWS\System32\ntx.dll", lines=(1, 1)),
        ),
        (
            "0x7ff644250000 - 0x7ff6489a9fff  editor.exe  0.36.3.0  (main)",
            Module(name="editor.exe", base=0x7FF644250000, end=0x7FF6489AA000, version="0.36.3.0", lines=(1, 1)),
        ),
        ("0x7ffc0 - 0x7ffcf  my app.dll  ???", Module(name="my app.dll", base=0x7FFC0, end=0x7FFD0, lines=(1, 1))),
        (
            r"        77f60000 41108004 Aug 04 07:56:36 2004 C:\W\ntx.dll",
            Module(name="ntx.dll", base=0x77F60000, path=r"C:\W\ntx.dll", timestamp=0x41108004, lines=(1, 1)),
        ),
        (
            "f78f4000  3afe0 ( 235 kb)  5c40 (  23 kb)  rdx.sys      Thu Sep 23   06:09:18 1999",
            Module(name="rdx.sys", base=0xF78F4000, end=0xF7934C20, lines=(1, 1)),
        ),
    ],
)
def test_rows_of_other_tools(row: str, expected: Module) -> None:
    assert only(row) == expected


def test_what_handlers_of_programs_list() -> None:
    dated = "C:\\W\\My Tree.exe, loaded at 0x00400000 - 4096 bytes - 42768b17 - file date is 5/2/2005 12:18:34"
    assert only(dated) == Module(
        name="My Tree.exe", base=0x400000, end=0x401000, path="C:\\W\\My Tree.exe", timestamp=0x42768B17, lines=(1, 1)
    )
    dialog = (
        "List of loaded modules:\n[00400000] D:\\W\\tree.exe\n           33.3.493.0 - 33.3.493.0\n"
        "           grows trees\n[00C90000] D:\\W\\leaf.ocx\n<10000000> (no module version info)\n"
        "[00D90000] D:\\W\\other.dll\nno list\n"
    )
    first, second = read(dialog).modules
    assert (first.name, first.version, first.lines) == ("tree.exe", "33.3.493.0", (2, 4))
    assert (second.name, second.base, second.version) == ("leaf.ocx", 0xC90000, None)


def test_rows_without_a_name_are_passed_over() -> None:
    assert read("(77f60000 - 77fbc000)\n(00400000 - 004c5000) \n").modules == ()


@pytest.mark.parametrize(
    "text",
    [
        "0012cf2c 77d1a4be ntx!Ret+0x1\n0012ff5c 00402015 USERX!Call+0xc",
        "start    end        module name\n\n0012ff00 00906a4d 00000003 00000004",
        "77e9316d 83c40412          add     esp,4",
        "00400000-0040b000 r-xp 00000000 08:01 123 /bin/cat",
        "0010: 00 00 04 00 ff ff 00 00",
    ],
)
def test_what_only_looks_like_a_module_row(text: str) -> None:
    assert read(text).modules == ()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (r"C:\a\b.dll", "b.dll"),
        ("C:/a/b.dll", "b.dll"),
        (r"\SystemRoot\System32\x.sys", "x.sys"),
        ("b.dll", "b.dll"),
        ("C:WINNTsystem32driversx.sys", "x.sys"),
        ("C:\\", "C:"),
        ("", ""),
    ],
)
def test_base_names(path: str, name: str) -> None:
    assert base_name(path) == name


def test_claimed_lines_are_those_of_the_rows() -> None:
    found = read("text\nModLoad: 7c900000 7c9b2000   ntx.dll\ntext\nModLoad: 10000000 10010000\nC:\\a.dll")
    assert found.claimed == ((2, 2), (4, 5))


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "0",
        " ",
        "\n",
        "ModLoad: ",
        "ModLoad: 00400000 00410000 C:\\a b\n",
        "00400000 00401000 a\n",
        "(00400000 - 00410000) \n",
        "Image path: a\n",
    ],
)
def test_a_megabyte_of_one_thing_is_read(piece: str) -> None:
    read("start    end        module name\n" + piece * (1_000_000 // len(piece)))


PIECES = st.sampled_from(
    [
        "ModLoad: 00400000 00410000   C:\\Program",
        "Files\\x.dll",
        "ModLoad:",
        "start    end        module name",
        "00400000 00410000   app   (deferred)",
        "00400000 00410000   app",
        "    Image name: app.exe",
        "    Timestamp:   (zz)",
        "    CheckSum:   xyz",
        "Unloaded modules:",
        "(00400000 - 00410000) dll\\.dbg",
        "",
    ]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=30))
def test_any_lines_are_read_without_an_exception(rows: list[str]) -> None:
    found = read_modules(Text(rows))
    assert all(module.name and 1 <= module.lines[0] <= module.lines[1] <= len(rows) for module in found.modules)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z]{1,8}\.(?:dll|exe|sys)", fullmatch=True), st.integers(1, 2**31)),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(["\n", " ", "\n\n"]),
    st.sampled_from([" ", "   ", "\n", "\n  "]),
)
def test_rows_are_read_back_however_they_were_wrapped(rows: list[tuple[str, int]], between: str, inside: str) -> None:
    text = between.join(f"ModLoad: {base:08x}{inside}{base + 4096:08x}{inside}D:\\Nt\\{name}" for name, base in rows)
    found = read(text)
    assert [(module.name, module.base, module.path) for module in found.modules] == [
        (name, base, f"D:\\Nt\\{name}") for name, base in rows
    ]


@pytest.mark.parametrize("width", [79, 80])
def test_rows_of_lm_that_a_screen_cut_are_whole_again(width: int) -> None:
    text = (
        "start    end        module name\n"
        "6b930000 6bb5f000   ledgerposting   (export symbols)   C:\\Program Files\\Ledger Software\\ledgerposting.dll\n"
        "    Image path: C:\\Program Files\\Ledger Software\\Posting Engine\\Versions\\Current\\ledgerposting.dll\n"
        "    Image name: ledgerposting.dll\n    File version:     1.2.3.4\n"
        "7c900000 7c9b2000   ntdll   (pdb symbols)     c:\\symbols\\ntdll.pdb\\3F2504E04F8911D39A0C0305\\ntdll.pdb\n"
    )
    rows = [row[at : at + width] for row in text.split("\n") for at in range(0, max(len(row), 1), width)]
    modules = read_modules(Text(rows)).modules
    assert [(module.name, module.version) for module in modules] == [("ledgerposting.dll", "1.2.3.4"), ("ntdll", None)]
    assert modules[0].path == "C:\\Program Files\\Ledger Software\\ledgerposting.dll"
    assert modules[1].pdb == "c:\\symbols\\ntdll.pdb\\3F2504E04F8911D39A0C0305\\ntdll.pdb"


def test_the_dump_summary_of_visual_studio() -> None:
    text = (
        "Modules\n-------\nModule Name     Module Path      Module Version\n---------   ---------   ---------\n"
        "orchard.exe  C:\\Orchard\\orchard.exe  1.2.0.4\nleaf.dll  C:\\Orchard\\leaf.dll\n\nnote.dll  C:\\x\\note.dll\n"
    )
    told = [(module.name, module.version) for module in read(text).modules]
    assert told == [("orchard.exe", "1.2.0.4"), ("leaf.dll", None)]


def test_three_rows_of_a_base_and_a_path_are_a_table() -> None:
    row = "7FFAACAC{n}000  C:\\Orchard\\leaf{n}.dll  Leaf file=v6.2.{n}.653\n"
    three = read("".join(row.format(n=n) for n in range(1, 4)) + "the end\n").modules
    assert [(module.name, module.version) for module in three] == [(f"leaf{n}.dll", f"6.2.{n}.653") for n in (1, 2, 3)]
    assert three[0].base == 0x7FFAACAC1000
    assert not read("".join(row.format(n=n) for n in range(1, 3))).modules


@pytest.mark.parametrize(
    "row",
    [
        "00007FFB5040{n}000-00007FFB5050{n}000 leaf{n}.dll \t7.0.{n}.8457\n",
        "0x00007FFE0497{n}000 10.0.{n}.6456      leaf{n}.dll  C:\\Orchard\\leaf{n}.pdb\n",
        "leaf{n}.dll  C:\\Orchard\\leaf{n}.dll  6.2.{n}.4541\n",
        "0493{n}000 01229A8E C:\\Orchard\\leaf{n}.dll\n",
        "C:\\Orchard\\leaf{n}.dll  00007FFEB63{n}0000 - 00007FFEB65{n}0000 v.10.0.{n}.64 [14 Dec 2017 2:33:09]\n",
        "11:25:16.115      Base:0040{n}000h  Size:  11000h  Name:leaf{n}.dll    Path:C:\\Orchard\\leaf{n}.dll\n",
        "C:\\Orchard\\leaf{n}.dll Base Address: 0x7FFB7EF{n}0000 Size: 0x36000\n",
        "0x75B{n}0000 - 0x75B{n}5000 ==> leaf{n},    C:/Orchard/leaf{n}.dll\n",
        "0x00000000c5a{n}0000 0x00000000c5a{n}3000 C:\\Orchard\\leaf{n}.dll\n",
    ],
)
def test_three_rows_of_a_handlers_list_are_a_table(row: str) -> None:
    three = read("".join(row.format(n=n) for n in range(1, 4)) + "the end\n").modules
    assert [module.name for module in three] == ["leaf1.dll", "leaf2.dll", "leaf3.dll"]
    assert all(module.end is None or module.base is None or module.base < module.end for module in three)
    assert not read("".join(row.format(n=n) for n in range(1, 3))).modules


def test_ranges_and_paths_below_each_other_are_a_table() -> None:
    row = "00007FFAACAC{n}000-00007FFAACAC{n}800 C:\\Orchard\\leaf{n}.dll\n"
    three = read("Base Address                      Module\n" + "".join(row.format(n=n) for n in range(1, 4))).modules
    assert [(module.name, module.end) for module in three][:1] == [("leaf1.dll", 0x7FFAACAC1800)]
    assert len(three) == 3


def test_an_image_of_unknown_size_is_a_module_below_the_heading() -> None:
    row = "6e9a0000 6e9a0000   leaf    (deferred)\n"
    assert [module.name for module in read("start    end        module name\n" + row).modules] == ["leaf"]
    assert not read(row).modules


@pytest.mark.parametrize("end", ["(de", "(pdb symb", "(private pdb", "(export sy", "(no s"])
def test_the_last_row_may_be_cut_in_its_last_word(end: str) -> None:
    rows = (
        f"start    end        module name\n6e9a0000 6e9a8000   leaf    (deferred)\n6f000000 6f008000   orchard   {end}"
    )
    assert [module.name for module in read(rows).modules] == ["leaf", "orchard"]


SHOWN = """\
Loaded Module Info: [ledger]
         Module: ledger
   Base Address: 00007ff6b2c60000
     Image Name: ledger.exe
   Machine Type: 34404 (X64)
     Time Stamp: 5e8f1a2b Thu Apr  9 14:50:51 2020
           Size: 25000
       CheckSum: 31a2b
     Image Type: FILE     - Image read successfully from debugger.
                 C:\\Apps\\ledger.exe
"""


def test_a_module_that_somebody_looked_at() -> None:
    module = only(SHOWN)
    assert (module.name, module.path, module.checksum) == ("ledger.exe", "C:\\Apps\\ledger.exe", 0x31A2B)
    assert (module.base, module.end, module.timestamp) == (0x7FF6B2C60000, 0x7FF6B2C85000, 0x5E8F1A2B)
    assert module.lines == (1, 10)
    assert only("Loaded Module Info: [leaf]\n").name == "leaf"


def test_a_module_of_the_list_is_looked_at_and_no_other() -> None:
    row = "00007ff6`b2c60000 00007ff6`b2c85000   ledger     (deferred)\n"
    assert [module.name for module in read(row + SHOWN).modules] == ["ledger"]
