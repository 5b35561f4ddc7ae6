"""Events as the viewer's page of details shows them."""

from hypothesis import given
from hypothesis import strategies as st

from builders.sources import only_incident
from triage.formats.texts import EVENTS
from triage.text.event_details import read_details
from triage.text.lines import Text
from triage.text.repair import repair

HEAD = """\
- System
  - Provider
   [ Name]  {source}
   [ Guid]  {{331C3B3A-2005-44C2-AC5E-77220C37D6B4}}
{id}
   Version 4
   Level {level}
   Keywords 0x8000400000000002
  - TimeCreated
   [ SystemTime]  2017-01-01T10:34:23.587306400Z
   EventRecordID 3567
   Channel System
   Computer LEDGER
  - Security
   [ UserID]  S-1-5-18
- EventData
"""
POWER = (
    HEAD.format(source="Microsoft-Windows-Kernel-Power", id="   EventID 41", level=1)
    + """\
  BugcheckCode 59
  BugcheckParameter1 0xc0000005
  BugcheckParameter2 0xfffff80815a0f9c8
  BugcheckParameter3 0xffffbf0094c14e70
  BugcheckParameter4 0x0
  SleepInProgress false
"""
)
FAULT = (
    HEAD.format(source="Application Error", id="  - EventID 1000\n   [ Qualifiers]  0", level=2)
    + """\
   ledger.exe
   2.4.6.0
   5c9b9cf0
   post.dll
   10.0.1.267
   c00f8a30
   c0000374
   00000000000f9269
   20c8
   01d55fe566b769b2
   C:\\Program Files\\Ledger\\ledger.exe
"""
)


def text_of(text: str) -> Text:
    return repair(text, "utf-8")


def test_a_stop_among_the_values_with_names() -> None:
    incident = only_incident(EVENTS, POWER)
    assert incident.event is not None
    assert (incident.event.source, incident.event.id) == ("Microsoft-Windows-Kernel-Power", 41)
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters) == (
        0x3B,
        (0xC0000005, 0xFFFFF80815A0F9C8, 0xFFFFBF0094C14E70, 0),
    )


def test_a_fault_among_values_without_names() -> None:
    incident = only_incident(EVENTS, FAULT.replace("\n", " \n \n"))
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("ledger.exe", 0x20C8)
    assert (incident.faulting_module, incident.faulting_offset) == ("post.dll", 0xF9269)


def test_events_one_behind_the_other_and_text_behind_them() -> None:
    records = read_details(text_of(POWER + "\n\n" + FAULT + "\n\n\n\n\nCan anyone help me with this?\n"))
    assert [record.id for record in records] == [41, 1000]
    assert len(records[1].values) == 11


@given(st.lists(st.sampled_from((POWER + FAULT).split("\n")), max_size=60))
def test_rows_in_any_order_are_read(rows: list[str]) -> None:
    read_details(text_of("\n".join(rows)))
