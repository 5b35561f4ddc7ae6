"""The formats of quoted and pasted texts: events, fault messages, stop screens, Dr. Watson logs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats.texts import DRWATSON, EVENTS, FAULTS, STOPSCREEN
from triage.text.format import Format, Reading
from triage.text.lines import Text

FORMATS: tuple[Format, ...] = (DRWATSON, EVENTS, STOPSCREEN, FAULTS)


def read(source: Format, text: str) -> Reading:
    rows = Text(text.split("\n"))
    assert any(landmark in rows.lower for landmark in source.landmarks)
    return source.read(rows)


def test_an_event_is_an_incident_with_what_its_description_tells() -> None:
    reading = read(
        EVENTS,
        "Event ID: 4097\nSource: DrWatson\nType: Information\nDescription: The application, "
        "ledger.DBG, generated an application\n"
        "error. The exception generated was c0000005 at address 02cf169c (HashRemove).",
    )
    (incident,) = reading.incidents
    assert incident.kind == "event"
    assert incident.event is not None
    assert (incident.event.source, incident.event.id, incident.event.type) == ("DrWatson", 4097, "information")
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_function) == (0xC0000005, "HashRemove")
    assert reading.claimed == ((1, 5),)


def test_the_copied_xml_of_an_event_is_the_same_event() -> None:
    reading = read(
        EVENTS,
        "Log Name: Application\nSource: Application Error\nEvent ID: 1000\nLevel: Error\nDescription:\n"
        "Faulting application name: ledger.exe, version: 1.0\nFaulting module name: post.dll, version: 2.0\n"
        "Exception code: 0xc0000005\nFault offset: 0x00001234\nEvent Xml:\n"
        '<Event xmlns="x">\n<System>\n<Provider Name="Application Error" />\n<EventID>1000</EventID>\n'
        "<Channel>Application</Channel>\n</System>\n<EventData><Data>ledger.exe</Data></EventData>\n</Event>",
    )
    (incident,) = reading.incidents
    assert (incident.lines, incident.faulting_module, incident.faulting_offset) == ((1, 18), "post.dll", 0x1234)


def test_prose_that_mentions_an_event_is_left_to_other_readers() -> None:
    reading = read(EVENTS, "After a restart Event ID 7000 is logged.")
    assert [incident.event.id for incident in reading.incidents if incident.event] == [7000]
    assert reading.claimed == ()


def test_a_stop_screen() -> None:
    reading = read(
        STOPSCREEN,
        "*** STOP: 0x0000000A (0x00000005,0x0000001c,0x00000000,0x80116bf4)\n"
        "IRQL_NOT_LESS_OR_EQUAL*** Address 80116bf4 has base at 80100000 - post.sys\n"
        "CPUID:GenuineIntel 5.2.1 irql:1f  SYSVER 0xf0000565",
    )
    (incident,) = reading.incidents
    assert (incident.kind, incident.faulting_module, incident.faulting_offset) == ("bugcheck", "post.sys", 0x16BF4)
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.name) == (0xA, "IRQL_NOT_LESS_OR_EQUAL")
    assert reading.system is not None
    assert reading.system.build == 1381


def test_a_fault_message() -> None:
    reading = read(
        FAULTS,
        "LEDGER caused an invalid page fault in module POST.DLL at 0137:00402a11.\nRegisters:\nEAX=00000000 CS=0137",
    )
    (incident,) = reading.incidents
    assert (incident.kind, incident.faulting_module, incident.faulting_address) == (
        "fault",
        "POST.DLL",
        "0137:00402a11",
    )
    assert incident.messages[0].text == "LEDGER caused an invalid page fault in module POST.DLL at 0137:00402a11"
    assert reading.claimed == ((1, 3),)


def test_messages_of_a_runtime_are_messages() -> None:
    (incident,) = read(FAULTS, "Run-time error '91': Object variable not set").incidents
    assert (incident.kind, incident.exception) == ("message", None)


def test_a_dr_watson_log() -> None:
    reading = read(
        DRWATSON,
        "Application exception occurred:\n  App: exe\\ledger.dbg (pid=9)\n  Exception number: "
        "c0000005 (access violation)\n"
        "(00400000 - 00482000) exe\\ledger.dbg\nfunction: PostEntry\nFAULT ->00401234 8b3a  mov edi,[edx]",
    )
    (incident,) = reading.incidents
    assert (incident.kind, incident.faulting_function) == ("exception", "PostEntry")
    assert (incident.faulting_module, incident.faulting_offset) == ("ledger.exe", 0x1234)
    assert [module.name for module in reading.modules] == ["ledger.exe"]
    assert incident.modules == ()


def test_modules_of_several_records_stay_with_their_record() -> None:
    record = "Application exception occurred:\nApp: a.dbg (pid=9)\nException number: c0000005\n"
    record += "(00400000 - 00482000) exe\\a.dbg\n"
    reading = read(DRWATSON, record * 2)
    assert [len(incident.modules) for incident in reading.incidents] == [1, 1]
    assert reading.modules == ()


HOSTILE = [
    "a" * 200_000,
    "1" * 200_000,
    " " * 200_000,
    "\n" * 200_000,
    "(" * 200_000,
    "0123456789abcdef " * 10_000,
    "STOP: 0x0000001E (\n" * 5_000,
    "caused a " * 20_000,
    "page fault in module x\n" * 5_000,
    "Event ID: 5 " * 10_000,
    "Source: x\n" * 5_000,
    "<EventID>5</EventID>" * 5_000,
    "<Event " * 20_000 + "<EventID>5<",
    'source,event id,description\n"' + '"' * 200_000,
    "Application exception occurred:\nApp: x\n" * 3_000,
    "FAULT ->77f00000 x\n" * 5_000,
    ("y" + " " * 1_900 + "z caused a page fault in module q\n") * 100,
    ("Event ID: 5\nSource: a\nEvent ID: 6\nDescription: x" + " " * 1_900 + "y\n") * 100,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:16].strip() or repr(text[0]) for text in HOSTILE])
def test_hostile_text_is_read_in_bounded_time_and_number(text: str) -> None:
    rows = Text(text.split("\n"))
    for source in FORMATS:
        reading = source.read(rows)
        assert len(reading.incidents) <= 20_002
        assert all(1 <= first <= last <= len(rows) for first, last in reading.claimed)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_error(data: bytes) -> None:
    rows = Text(data.decode("latin-1").split("\n"))
    for source in FORMATS:
        source.read(rows)
