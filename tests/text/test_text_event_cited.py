"""Events that are cited by number and text, without the label `Event ID`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import read_evidence
from triage.text.event_cited import cited_of, event_in, may_cite
from triage.text.event_record import Record
from triage.text.events import read_records
from triage.text.lines import Text


def records(text: str) -> tuple[Record, ...]:
    return read_records(Text(text.split("\n")))


CITED: list[tuple[str, tuple[object, ...]]] = [
    ("Event 552: The ledger was unable to post\nan entry.", (None, 552, "The ledger was unable to post an entry.")),
    ("event 1325 - Post Account Cache Stopped.", (None, 1325, "Post Account Cache Stopped.")),
    ("Event 5007 Timed out during a posting", (None, 5007, "Timed out during a posting")),
    ("Event 7001: Source: Ledger Agent\nThe Post service failed.", ("Ledger Agent", 7001, "The Post service failed.")),
    ('Event 25017 Source: Ledger\n"No ink is left."', ("Ledger", 25017, "No ink is left.")),
    ("Event 2020 - Source: Srv\n\nThe pool was empty.", ("Srv", 2020, "The pool was empty.")),
    ("Event 650, Ledger Server, Warning, Post returned rc=1", ("Ledger Server", 650, "Post returned rc=1")),
    ("Event 210\n\nAn internal error of it occurred.", (None, 210, "An internal error of it occurred.")),
    ("Event 1322 - Type:Error\nA copy of it was denied.", (None, 1322, "A copy of it was denied.")),
    ("WARNING: Ledger Event 3051: The post includes a value.", ("Ledger", 3051, "The post includes a value.")),
    ("Event: 4082\nDescription: The report was lost.", (None, 4082, "The report was lost.")),
    ("Event: 4058 Description: The post cannot start.", (None, 4058, "The post cannot start.")),
    ("Event 115\nSource: Ledger\nDescription: Could not post it", ("Ledger", 115, "Could not post it")),
    ("Source: Ledger Server\nEvent: 624\nCreating a dump file", ("Ledger Server", 624, "Creating a dump file")),
    (
        "Event 4097 has Source = DrWatson with the following Description: The\nprinter is out of ink.",
        ("DrWatson", 4097, "The printer is out of ink."),
    ),
    (
        "Date: 4/8/2000 Event: 1053\nTime: 1:24 Source: Ledger\nUser: N/A Type: Error\n\nDescription:\nIt failed.",
        ("Ledger", 1053, "It failed."),
    ),
    (
        "Date            4/8/00         Event ID       1027\nTime            1:24 PM        Source         Ledger\n"
        "User            N/A            Type           Error\n\nThe post failed today.",
        ("Ledger", 1027, "The post failed today."),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "event"), CITED, ids=[text.split("\n")[0] for text, _ in CITED])
def test_an_event_is_known_by_its_number_and_what_stands_behind_it(text: str, event: tuple[object, ...]) -> None:
    (record,) = records(text)
    assert (record.source, record.id, record.text) == event
    assert not record.mention


@pytest.mark.parametrize(
    "text",
    [
        "Event 23 and event 24 are logged every five seconds.",
        "Event 23 error and its qualifier code say more.",
        "event 2240 16 pages queued for the press",
        "Event 3: The user signs in.",
        "event 12: Click the button on the page.",
        "event 1;\nevent 2;",
        "Event 101\nEvent 102\nEvent 103",
        "Event 1000.5 Was measured here today",
        'onEvent 500: "Some text that is shown",',
        'raise Event 500: "%1 could not be opened"',
        "The Event 4711: A night at the opera",
        "Event 7000/7001 The numbers of services",
    ],
)
def test_sentences_and_programs_that_number_events_are_none(text: str) -> None:
    assert records(text) == ()
    assert read_evidence(text.encode()).incidents == ()


def test_a_cited_event_ends_the_one_above_it_and_its_own_paragraph() -> None:
    first, second = records(
        "Event ID: 64\nSource: Clock\nDescription:\nThe time service is running.\n\n"
        "Event 552: The ledger was unable to post.\n\nDoes anybody know why it does that?\n"
    )
    assert (first.id, first.text) == (64, "The time service is running.")
    assert (second.id, second.text) == (552, "The ledger was unable to post.")


def test_a_description_goes_on_where_it_announces_what_comes() -> None:
    (record,) = records("Event 7001: The service failed because of this error:\n\nThe ledger is closed.\n")
    assert record.text == "The service failed because of this error: The ledger is closed."


def test_what_a_service_writes_of_its_fault_stays_in_its_event() -> None:
    (record,) = records(
        "Event ID: 9405\nSource: LedgerMTA\nDescription:\nAn unexpected error has occurred in the ledger.\n"
        "Access violation (0xc0000005) at Address 0x42572e reading from 0x104.\n[BASE 10] (16)"
    )
    assert record.text.endswith("reading from 0x104. [BASE 10] (16)")


def test_dr_watsons_event_is_known_without_its_fields() -> None:
    (incident,) = read_evidence(
        b"What I have is this:\n\nThe application, exe\\LEDGER.dbg, generated an application error. The error\n"
        b"occurred on 12/ 2/1997 @ 17:27:29.240 The exception generated was c0000005 at\naddress 77f64654 (PostEntry)\n"
    ).incidents
    assert incident.event is not None
    assert incident.process is not None
    assert (incident.event.source, incident.event.id) == ("DrWatson", 4097)
    assert (incident.process.name, incident.faulting_function) == ("LEDGER.exe", "PostEntry")


@pytest.mark.parametrize(
    "row",
    [
        "LEDGER.EXE - Application Error : The instruction at [address]",
        'DDE server window: LEDGER.EXE - Application Error The instruction at "0x3e22ce03"',
        "ledger.exe - Application Error. The instruction at xxxx",
    ],
)
def test_a_box_ends_an_event_though_its_title_stands_on_the_row_of_its_message(row: str) -> None:
    event, fault = read_evidence(
        f"Event ID: 64\nSource: Clock\nDescription:\nThe time service is running.\n\n{row}\n"
        'referenced memory at "0x00000010". The memory could not be "read".\n'.encode()
    ).incidents
    assert (event.kind, fault.kind) == ("event", "fault")


def test_the_viewers_heading_may_say_that_it_names_the_source() -> None:
    (record,) = records("Event 5010, source LedgerCal\n\nCannot connect to it.")
    assert (record.source, record.id, record.text) == ("LedgerCal", 5010, "Cannot connect to it.")


def test_a_quotation_needs_no_proof_that_it_is_an_event() -> None:
    cited = cited_of("Event 3 The user signs in.")
    assert cited is not None
    assert (cited.id, cited.text, cited.certain) == (3, "The user signs in.", False)
    assert event_in("Event 3 The user signs in.", "") is None


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(["Event ", "event", "12", "552", ": ", " - ", "Source: ", "Ledger, ", "Error, ", "The ", "\n"])
        | st.text(max_size=6),
        max_size=30,
    )
)  # fmt: skip
def test_any_text_is_read_without_error(pieces: list[str]) -> None:
    text = Text("".join(pieces).split("\n"))
    for row in text.rows:
        cited = cited_of(row)
        assert (cited is None) or may_cite(row)
    for record in read_records(text):
        assert 1 <= record.lines[0] <= record.lines[1] <= len(text)
