"""Rows of a list of events: the columns stand apart by blanks, however wide they were."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import read_evidence
from triage.model.evidence import EventType
from triage.text.event_lists import MAX_ROWS, read_listed_events
from triage.text.event_record import Record
from triage.text.repair import repair

HANG = "The program quill.exe version 1.0.0.0 stopped interacting with Windows and was closed."


def records(text: str) -> tuple[Record, ...]:
    return read_listed_events(repair(text, "utf-8"))


@pytest.mark.parametrize(
    ("row", "source", "number", "kind", "category", "body"),
    [
        (
            "3/7/01 9:41:02 AM  Orchard Mail Priv  Error    General  1005  N/A  LEDGER1  Unable to open the press",
            "Orchard Mail Priv", 1005, "error", "General", "Unable to open the press",
        ),
        (
            "03/18/96 18:30:00  Orchard Server    Information None   17  N/A  LEDGER1  Row 4, activated",
            "Orchard Server", 17, "information", "None", "Row 4, activated",
        ),
        (
            "> 2003-04-09  23:11:07  Disk  Warning  None  51  NT AUTHORITY\\SYSTEM  LEDGER1",
            "Disk", 51, "warning", "None", "",
        ),
        (
            "18.03.2004  18:30:00  Sicherheit  Fehlerüberwachung  Anmeldung  529  NT-AUTORITÄT\\SYSTEM  LEDGER1",
            "Sicherheit", 529, "failure-audit", "Anmeldung", "",
        ),
        ("3/7/01\t9:41:02 AM\tInk\tError\tNone\t7\tN/A\tLEDGER1\tIt is dry", "Ink", 7, "error", "None", "It is dry"),
        (
            f"Error\t3/7/2010 9:41:02 AM\tApplication Hang\t1002\t(101)\t{HANG}",
            "Application Hang", 1002, "error", "(101)", HANG,
        ),
        (
            "Critical  3/7/2010 9:41:02 AM  Kernel-Power  41  (63)  It rebooted",
            "Kernel-Power", 41, "critical", "(63)", "It rebooted",
        ),
        # dumpel: the type as a number, the source behind the event's.
        ("3/7/01\t9:41:02 AM\t2\t0\t51\tDisk\tN/A\tLEDGER1\tpaging", "Disk", 51, "warning", "0", "paging"),
        (
            "3/7/01\t9:41:02 AM\t16\t2\t529\tSecurity\tNT AUTHORITY\\SYSTEM\tLEDGER1",
            "Security", 529, "failure-audit", "2", "",
        ),
    ],
)  # fmt: skip
def test_a_row_is_an_event(row: str, source: str, number: int, kind: EventType, category: str, body: str) -> None:
    (record,) = records(row)
    assert (record.source, record.id, record.type, record.category) == (source, number, kind, category)
    assert record.body == body
    assert record.lines == (1, 1)


@pytest.mark.parametrize(
    "row",
    [
        "3/7/01 9:41:02 AM we had an Error with the press, None of 5 people could log on to LEDGER1",
        "2004-04-08 13:25:10  ERROR  worker 17 stopped, see N/A",
        "Error 3/7/2010 9:41:02 AM while opening the page",
        "Information about 1000 things",
        "3/7/01  9:41:02 AM  4  0",
        "10.4.0.1  2004-04-08 13:25:10  200  417",
    ],
)
def test_rows_of_other_logs_are_none(row: str) -> None:
    assert records(row) == ()


def test_what_is_indented_below_belongs_to_the_description() -> None:
    text = (
        "03/18/96 19:09:58  Ink Base   Error   None  686  N/A  LEDGER1  The pool is dry.\n"
        "                                                               Reason  = nobody filled it\n"
        "                                                               Pool    = blue\n"
        "03/18/96 19:10:05  Ink Base   Error   None  687  N/A  LEDGER1  It is full.\n"
        "  and nobody knows why\n"
    )
    first, second = records(text)
    assert first.text == "The pool is dry. Reason = nobody filled it Pool = blue"
    assert first.lines == (1, 3)
    assert (second.text, second.lines) == ("It is full.", (4, 4))


def test_the_names_of_the_columns_belong_to_the_first_event() -> None:
    text = (
        f"Level\tDate and Time\tSource\tEvent ID\tTask Category\nError\t3/7/2010 9:41:02 AM\tQuill\t2\tNone\t{HANG}\n"
    )
    (record,) = records(text)
    assert record.lines == (1, 2)


def test_a_list_is_read_without_any_label() -> None:
    rows = "".join(
        f"3/7/01  9:4{n}:02 AM  Ink Press {n}  Error  None  {n + 7}  N/A  LEDGER1  It is dry\n" for n in range(3)
    )
    evidence = read_evidence(rows.encode())
    assert [(i.event.source, i.event.id) for i in evidence.incidents if i.event] == [
        ("Ink Press 0", 7), ("Ink Press 1", 8), ("Ink Press 2", 9),
    ]  # fmt: skip


def test_a_description_has_so_many_rows_at_most() -> None:
    (record,) = records(
        "3/7/01 9:41:02 AM  Ink  Error  None  7  N/A  LEDGER1  Dry\n" + (" " * 60 + "more\n") * (MAX_ROWS + 9)
    )
    assert record.lines == (1, MAX_ROWS + 1)


@given(
    st.lists(
        st.sampled_from(
            ["3/7/01", "9:41:02 AM", "Error", "Ink", "None", "7", "N/A", "X", "  ", "\t", "\n", " ", "é", "4"]
        ),
        max_size=60,
    ).map("".join)
)
@settings(deadline=None)
def test_any_text_gives_events_of_its_own_lines(text: str) -> None:
    lines = text.count("\n") + 1
    assert all(1 <= record.lines[0] <= record.lines[1] <= lines for record in records(text))


HEADER = "Level   Date and Time   Source  Event ID    Task Category\n"
FIELDS = "Exception code: 0xc0000005\nFault offset: 0x00002ced\n"


@pytest.mark.parametrize("end", ['Report Id: e2ed0f5d"\n', ""])
def test_a_description_in_quotes_has_the_rows_up_to_the_last_quote(end: str) -> None:
    row = 'Error   3/7/2010 9:41:02 AM    Application Error   1000    (100)   "Faulting application name: ledger.exe'
    (record,) = records(f"{HEADER}{row}, version: 1.0\n{FIELDS}{end}\nI have no idea.\n")
    assert (record.id, record.lines[1]) == (1000, 4 + bool(end))
    assert record.body.startswith("Faulting application name: ledger.exe, version: 1.0\nException code: 0xc0000005")
    assert '"' not in record.body


def test_what_net_tells_goes_on_by_its_labels_and_frames() -> None:
    row = "Error   3/7/2010 9:41:02 AM    .NET Runtime   1026    None   Application: ledger.exe\n"
    more = "Framework Version: v4.0.30319\nException Info: System.IO.IOException\n   at Ledger.Post.Save(Int32)\n"
    (record,) = records(f"{HEADER}{row}{more}So it ends.\n")
    assert record.body.split("\n")[-1].strip() == "at Ledger.Post.Save(Int32)"


def test_a_persons_words_below_a_row_are_no_description() -> None:
    (record,) = records(f"{HEADER}Error   3/7/2010 9:41:02 AM    Srv   2000    (100)\nAny ideas: what now?\n")
    assert record.body == ""


def test_a_heading_between_an_events_text_and_its_xml() -> None:
    text = (
        "Faulting application name: ledger.exe, version: 1.0, time stamp: 0x5bb627c7\n"
        "Faulting module name: post.dll, version: 2.0, time stamp: 0x524f83ff\nException code: 0xc0000005\n\n\n"
        '--DETAILED VIEW--\n<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">\n<System>\n'
        '<Provider Name="Application Error" />\n<EventID Qualifiers="0">1000</EventID>\n</System>\n<EventData>\n'
        "<Data>ledger.exe</Data>\n<Data>1.0</Data>\n<Data>5bb627c7</Data>\n<Data>post.dll</Data>\n</EventData>\n</Event>\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.faulting_module == "post.dll"
