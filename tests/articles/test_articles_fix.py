"""Facts of the fix: service packs, files, where to get it, workaround, registry."""

import pytest

from builders.articles import rule
from triage.articles.dates import iso_date
from triage.articles.files import read_row
from triage.model.rule import Fix, FixFile, PackRef


def fix_of(text: str, *, section: str = "STATUS", **kwargs: object) -> Fix:
    return rule({"SYMPTOMS": "The ledger hangs.", section: text}, **kwargs).fix


NT4 = "Windows NT 4.0"


@pytest.mark.parametrize(
    ("text", "pack"),
    [
        ("This problem was first corrected in Windows 2000 Service Pack 2.", PackRef("Windows 2000", 2)),
        ("This problem was corrected in Service Pack 3 for Windows NT version 4.0.", PackRef(NT4, 3)),
        ("This problem was first corrected in Windows NT 4.0 Service Pack 6a.", PackRef(NT4, 6, "a")),
        ("This problem has been corrected in the latest Windows NT 4.0 U.S. Service Pack.", PackRef(NT4, "latest")),
        ("This problem was corrected in the latest U.S. Service Pack for SNA Server version 4.0. For information on "
         "obtaining the Service Pack, query on the following word:", PackRef("SNA Server 4.0", "latest")),
        ("The problem was fixed in SP4.", PackRef(NT4, 4)),
        ("This problem was first corrected in Exchange Server 5.5 Service Pack 4.", PackRef("Exchange Server 5.5", 4)),
        ("It was fixed in Service Pack Two.", PackRef(NT4, 2)),
    ],
)  # fmt: skip
def test_sentences_that_name_the_pack_with_the_fix(text: str, pack: PackRef) -> None:
    assert fix_of(text).service_packs == (pack,)


@pytest.mark.parametrize(
    "text",
    [
        "This problem began to occur after you install Windows NT 4.0 Service Pack 3.",
        "This problem was not corrected in Windows NT 4.0 Service Pack 3.",
        "This hotfix requires Windows NT 4.0 Service Pack 3.",
        "Wait for the next Windows NT 4.0 service pack that contains this fix.",
        "A fix is included in Acme SpeedPak SP1486.",
        "It has been corrected in Acme Turbo Drivers Service Pack 2.",
        "The journal included with Windows NT 4.0 is used even though you have applied Service Pack 3.",
    ],
)
def test_sentences_that_name_another_pack(text: str) -> None:
    assert fix_of(text).service_packs == ()


def test_packs_of_two_versions_and_packs_to_come() -> None:
    text = "This problem was corrected in the latest SNA Server version 3.0 and 4.0 U.S. Service Packs."
    assert fix_of(text).service_packs == (PackRef("SNA Server 3.0", "latest"), PackRef("SNA Server 4.0", "latest"))
    text = "A fix will be included in Exchange Server version 5.0 SP2."
    assert fix_of(text).service_packs == (PackRef("Exchange Server 5.0", 2),)


def test_advice_to_obtain_the_latest_pack_and_where_it_is_told() -> None:
    text = """
To resolve this problem, obtain the latest service pack for Windows 2000. For
additional information, please see the following article:

  Q260910 How to Obtain the Latest Windows 2000 Service Pack

  Q900777 Pages of a Ledger Turn Blue
"""
    made = rule({"SYMPTOMS": "The ledger hangs.", "RESOLUTION": text})
    assert made.fix.service_packs == (PackRef("Windows 2000", "latest"),)
    assert made.fix.obtain == ("Q260910",)
    assert made.see_also == ("Q900777",)


def test_the_sentence_goes_before_latest_and_before_keywords() -> None:
    made = rule(
        {
            "SYMPTOMS": "The ledger hangs.",
            "RESOLUTION": "To resolve this problem, obtain the latest service pack for Windows NT 4.0.",
            "STATUS": "This problem was first corrected in Windows NT 4.0 Service Pack 5.",
        },
        keywords="kbWinNT400PreSP4Fix kbWin2000SP2Fix",
    )
    assert made.fix.service_packs == (PackRef(NT4, 5), PackRef("Windows 2000", 2))


def test_two_packs_of_two_editions() -> None:
    text = (
        "This problem was first corrected in Windows NT 4.0 Service Pack 4.0 and Windows NT Server version 4.0, "
        "Terminal Server Edition Service Pack 4."
    )
    packs = fix_of(text).service_packs
    assert [(pack.number, "Terminal Server" in pack.product) for pack in packs] == [(4, False), (4, True)]


TABLE = """
The English version of this fix should have the following file attributes or
later:

  Date        Time    Version        Size     File name    Platform
  -----------------------------------------------------------------
  08/11/2000  06:05p  4.0.1381.7063  140,048  Inkwell.dll  Alpha
  08/11/2000  06:07p  4.0.1381.7086   84,240  Inkwell.dll  Intel
"""


def test_a_file_table_under_words_about_a_fix() -> None:
    fix = fix_of(TABLE, section="RESOLUTION")
    assert fix.hotfix
    assert fix.files == (
        FixFile("inkwell.dll", "4.0.1381.7063", "2000-08-11", 140048, "Alpha"),
        FixFile("inkwell.dll", "4.0.1381.7086", "2000-08-11", 84240, "x86"),
    )


@pytest.mark.parametrize(
    "lead",
    [
        "This fix should have the following time stamp:",
        "The following files were modified in Service Pack 5 to fix this:",
        "File details:",
    ],
)
def test_other_words_about_the_files_of_a_fix(lead: str) -> None:
    files = fix_of(f"{lead}\n\n  03/27/98   09:12p     170,208 Inkwell.exe (Intel)", section="RESOLUTION").files
    assert files == (FixFile("inkwell.exe", None, "1998-03-27", 170208, "x86"),)


def test_other_lists_of_files_are_no_fix() -> None:
    text = "The compact disc holds these things:\n\n  Inkwell.dll   84,240   08/11/2000\n"
    assert fix_of(text, section="MORE INFORMATION").files == ()


@pytest.mark.parametrize(
    ("row", "file"),
    [
        ("11/17/98  02:23p    176,912  Dns.exe  (x86)", FixFile("dns.exe", None, "1998-11-17", 176912, "x86")),
        ("11-Oct-2001 15:16  5.0.2195.43  337,680  Asp.dll", FixFile("asp.dll", "5.0.2195.43", "2001-10-11", 337680)),
        ("| Ink.dll | 6/16/98 | 8:33AM |", FixFile("ink.dll", None, "1998-06-16")),
        ("Pen.exe  7/10/98  5:39p  85,245 bytes (version 3.5.34)", FixFile("pen.exe", "3.5.34", "1998-07-10", 85245)),
        (
            "D:\\Ink\\Bin\\Admin.exe  2,439,440  10/21/99  5.5.1960.5",
            FixFile("admin.exe", "5.5.1960.5", "1999-10-21", 2439440),
        ),
        (
            "Aqueue.dll  321,296  Nov-13-2001  00:37  5.00.0984  x86",
            FixFile("aqueue.dll", "5.00.0984", "2001-11-13", 321296, "x86"),
        ),
        ("06/29/99  00:25   177.424 Dns.exe  Intel", FixFile("dns.exe", None, "1999-06-29", 177424, "x86")),
        ("03/02/98  08:06 PM   110K  Ink.dll (Intel)", FixFile("ink.dll", None, "1998-03-02", None, "x86")),
        ("Admin.exe  5.5.1960.5", FixFile("admin.exe", "5.5.1960.5")),
        ("Copy Ink.dll version 3.5.34 to the disk", None),
        ("Ink.dll Pen.dll 3.5.34", None),
        ("Ink.dll", None),
        ("08/11/2000 06:05p", None),
    ],
)
def test_rows_are_read_by_the_form_of_their_parts(row: str, file: FixFile | None) -> None:
    assert read_row(row) == file


def test_a_build_alone_is_a_version_where_the_heading_says_so() -> None:
    row = "02/25/00   19:19   7043     90,384   Drwtsn32.exe  Alpha"
    assert read_row(row, version_first=True) == FixFile("drwtsn32.exe", "7043", "2000-02-25", 90384, "Alpha")


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("1/2/97", "1997-01-02"),
        ("25/12/2001", "2001-12-25"),
        ("05-05-00", "2000-05-05"),
        ("13/13/99", None),
        ("99", None),
    ],
)
def test_dates_of_tables(printed: str, iso: str | None) -> None:
    assert iso_date(printed) == iso


@pytest.mark.parametrize(
    ("section", "text", "workaround"),
    [
        ("WORKAROUND", "Turn the page by hand.", True),
        ("WORKAROUND", "None.", False),
        ("WORKAROUND", "There is no workaround at this time.", False),
        ("RESOLUTION", "To work around this problem, turn the page by hand.", True),
        ("RESOLUTION", "There is no known workaround.", False),
        ("RESOLUTION", "To work around this problem, obtain the following fix.", False),
        ("RESOLUTION", "To resolve this issue, use the following methods.", False),
        ("RESOLUTION", "To work around this issue, use one of the following methods.", True),
        ("RESOLUTION", "To avoid this problem, do not turn two pages at once.", True),
        ("RESOLUTION", "The hang can be avoided by turning pages singly.", True),
        ("RESOLUTION", "Ask the maker of the paper for possible workarounds.", False),
        ("RESOLUTION", "Install the fix.", False),
    ],
)
def test_whether_there_is_a_workaround(section: str, text: str, workaround: bool) -> None:
    assert fix_of(text, section=section).workaround is workaround


@pytest.mark.parametrize(
    ("text", "confirmed", "hotfix"),
    [
        ("Microsoft has confirmed this to be a problem in Windows NT 4.0.", True, False),
        ("A supported fix is now available from Microsoft.", False, True),
        ("Nobody knows.", False, False),
        ("For more about hotfixes, see the manual.", False, False),
    ],
)
def test_confirmed_and_hotfix(text: str, confirmed: bool, hotfix: bool) -> None:
    fix = fix_of(text)
    assert (fix.confirmed, fix.hotfix) == (confirmed, hotfix)


@pytest.mark.parametrize(
    ("resolution", "status", "workaround"),
    [
        (
            "Turn the page singly.\n\nUse the thumb.",
            "This problem was corrected in Windows NT 4.0 Service Pack 4.",
            True,
        ),
        ("Use the thumb.", "This is a known property of paper.", False),
        ("Use the latest service pack.", "This problem was corrected in Windows NT 4.0 Service Pack 4.", False),
        ("Paper is like that.", "This problem was corrected in Windows NT 4.0 Service Pack 4.", False),
        ("There are two ways to prevent it.", "This is a known property of paper.", True),
    ],
)
def test_steps_beside_a_fix_that_status_tells_are_a_workaround(resolution: str, status: str, workaround: bool) -> None:
    sections = {"SYMPTOMS": "The ledger hangs.", "RESOLUTION": resolution, "STATUS": status}
    assert rule(sections).fix.workaround is workaround


def test_registry_keys_of_a_workaround_with_the_value() -> None:
    text = """
Add a value to the following key:

  HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services
    \\Ledger\\Parameters

  Value Name: PagesPerTurn
  Data Type: REG_DWORD
"""
    key = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Ledger\\Parameters"
    assert fix_of(text, section="WORKAROUND").registry == (f"{key}: PagesPerTurn (REG_DWORD)",)


def test_prose_behind_a_key_is_cut_off() -> None:
    text = "Delete HKEY_LOCAL_MACHINE\\Software\\Ledger\\Ink and restart the computer."
    assert fix_of(text, section="RESOLUTION").registry == ("HKEY_LOCAL_MACHINE\\Software\\Ledger\\Ink",)


def test_a_key_that_is_wrapped_or_has_a_placeholder() -> None:
    text = """
Locate the following registry entry:

  HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\LedgerOfTheGuild\\Pages
  Paper Path

Then the next one:

  HKEY_CLASSES_ROOT\\INTERFACE\\{<Ledger ClsId>} _
  \\ProxyStubClsid
"""
    assert fix_of(text, section="RESOLUTION").registry == (
        "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\LedgerOfTheGuild\\Pages Paper Path",
        "HKEY_CLASSES_ROOT\\INTERFACE\\{<Ledger ClsId>}\\ProxyStubClsid",
    )


@pytest.mark.parametrize(
    ("section", "title", "obtain"),
    [
        ("RESOLUTION", "How to Obtain the Latest Ledger", True),
        ("RESOLUTION", "Ledger Update Available for Download", True),
        ("RESOLUTION", "Page Download Fails for Ledger Projects", False),
        ("REFERENCES", "How to Obtain and Download the Latest Version of Ledger", True),
        ("REFERENCES", "Obtaining Pages in Bulk", False),
    ],
)
def test_articles_that_tell_how_to_get_the_fix(section: str, title: str, obtain: bool) -> None:
    made = rule({"SYMPTOMS": "The ledger hangs.", section: f"See the following article:\n\n  Q900777 {title}\n"})
    assert (made.fix.obtain, made.see_also) == ((("Q900777",), ()) if obtain else ((), ("Q900777",)))


def test_a_key_below_the_subtree_that_is_named_first() -> None:
    text = """
1. From the HKEY_LOCAL_MACHINE subtree, go to the following key:

     \\SYSTEM\\CurrentControlSet\\Services\\Ledger\\Parameters

2. Add the following:

     Value Name: PageSize
     Data Type:  REG_DWORD
"""
    key = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Ledger\\Parameters"
    assert fix_of(text, section="RESOLUTION").registry == (f"{key}: PageSize (REG_DWORD)",)
