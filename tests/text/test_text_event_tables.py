"""Events as XML and as tables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.event_csv import read_csv_events
from triage.text.event_xml import read_xml_events
from triage.text.lines import Text

XML = """\
- <Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">
- <System>
  <Provider Name="Ledger &amp; Post" />
  <EventID Qualifiers="0">1000</EventID>
  <Level>2</Level>
  <Keywords>0x80000000000000</Keywords>
  <TimeCreated SystemTime="2017-03-18T11:57:47Z" />
  <Channel>Application</Channel>
  <Computer>LEDGER01</Computer>
  </System>
- <EventData>
  <Data>a.exe</Data>
  <Data Name="Second">b &lt; c</Data>
  <Data />
  </EventData>
  </Event>
"""


def test_xml_with_the_viewers_tree_marks() -> None:
    (record,) = read_xml_events(Text(XML.split("\n")))
    assert (record.source, record.id, record.type, record.log, record.computer) == (
        "Ledger & Post",
        1000,
        "error",
        "Application",
        "LEDGER01",
    )
    assert record.values == ((None, "a.exe"), ("Second", "b < c"), (None, ""))
    assert record.lines == (1, 16)


def test_xml_in_part_and_twice() -> None:
    part = '<Provider Name="Kernel"/>\n<EventID>41</EventID>\n<Level>1</Level>\n<EventData>\n'
    part += '<Data Name="X">1</Data>\ntext after'
    first, second = read_xml_events(Text((XML + part).split("\n")))
    assert (first.id, second.source, second.id, second.type, second.values) == (
        1000,
        "Kernel",
        41,
        "critical",
        (("X", "1"),),
    )
    assert second.lines == (17, 21)


def test_audit_events_tell_their_type_by_keywords() -> None:
    text = "<EventID>4625</EventID><Level>0</Level><Keywords>0x8010000000000000</Keywords>"
    assert read_xml_events(Text([text]))[0].type == "failure-audit"


def test_rendered_messages_are_the_description() -> None:
    text = "<EventID>1</EventID><RenderingInfo><Message>It\nfailed.</Message><Task>Post</Task></RenderingInfo>"
    record = read_xml_events(Text(text.split("\n")))[0]
    assert (record.text, record.category) == ("It failed.", "Post")


def test_the_export_of_newer_viewers() -> None:
    rows = [
        "Level,Date and Time,Source,Event ID,Task Category",
        'Error,4/8/2014 1:24:15 PM,Application Error,1000,(100),"Faulting application name: a.exe, version: 1',
        'Faulting module name: b.dll, version: 2"',
        "Information,4/8/2014 1:25:00 PM,Ledger,7,None,Posted.",
    ]
    first, second = read_csv_events(Text(rows))
    assert (first.source, first.id, first.type, first.lines) == ("Application Error", 1000, "error", (2, 3))
    assert first.body.endswith("Faulting module name: b.dll, version: 2")
    assert (second.id, second.text, second.lines) == (7, "Posted.", (4, 4))


def test_a_german_export_and_the_shell_s() -> None:
    german = [
        "Ebene;Datum und Uhrzeit;Quelle;Ereignis-ID;Aufgabenkategorie",
        "Fehler;08.04.2014 13:24;Ledger;7;Keine;Text",
    ]
    shell = [
        "#TYPE x",
        '"Message","Id","Version","ProviderName","LevelDisplayName"',
        '"It failed.","7",,"Ledger","Error"',
    ]
    for rows in (german, shell):
        (record,) = read_csv_events(Text(rows))
        assert (record.source, record.id, record.type) == ("Ledger", 7, "error")


def test_the_export_of_old_viewers_has_no_header() -> None:
    rows = [
        "4/8/2000,2:58:36 PM,Ledger,Error,None,2000,N/A,LEDGER01,The call failed.",
        "4/8/2000\t2:58:36 PM\tx\tnope\tNone\t1\t\t\t",
    ]
    (record,) = read_csv_events(Text(rows))
    assert (record.source, record.id, record.type, record.computer, record.text) == (
        "Ledger",
        2000,
        "error",
        "LEDGER01",
        "The call failed.",
    )


@pytest.mark.parametrize(
    "row",
    [
        "14235,System,Service Control Manager,ERROR,LEDGER01,Mon Feb 11 14:25:12 2013,7031,None,The post ended, once",
        "7031,ERROR,Service Control Manager,Mon Feb 11 14:25:12 2013,No User,The post ended, once",
        "7031\tError\tService Control Manager\t2/11/2013 2:25:12 PM\tN/A\tThe post ended, once",
    ],
)
def test_rows_of_other_tools_tell_by_their_cells_what_they_are(row: str) -> None:
    (record,) = read_csv_events(Text([row]))
    assert (record.source, record.id, record.type) == ("Service Control Manager", 7031, "error")
    assert record.text == "The post ended, once"


@pytest.mark.parametrize(
    "row",
    [
        "12,Error,2/11/2013 2:25:12 PM,3,4,5,6,7",
        "12,leaf,twig,2/11/2013 2:25:12 PM,root,seven,the end",
        "12,Error,Ledger,noon,N/A,one,The post ended",
    ],
)
def test_rows_of_other_lists_are_none(row: str) -> None:
    assert read_csv_events(Text([row])) == ()


def test_tables_of_other_things_are_left_alone() -> None:
    assert read_csv_events(Text(["name,id,value", "a,1,2", "Date,Source,Amount", "1,2,3"])) == ()


PIECES = [
    "<EventID>5</EventID>",
    "<Event ",
    "<Data>",
    "</Data>",
    "</Event>",
    "<Provider Name='x'>",
    "\n",
    '"',
    ",",
    "source,id,text\n",
]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40))
def test_any_text_is_read_without_error(pieces: list[str]) -> None:
    text = Text("".join(pieces).split("\n"))
    for record in (*read_xml_events(text), *read_csv_events(text)):
        assert 1 <= record.lines[0] <= record.lines[1] <= len(text)
