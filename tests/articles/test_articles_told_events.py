"""Events that sentences tell with number and text, and labels that slipped to the margin."""

import pytest

from builders.articles import rule
from triage.model.rule import EventSymptom


@pytest.mark.parametrize(
    ("sentence", "event"),
    [
        (
            'The log may show Event ID 4711: "The journal pool is exhausted."',
            EventSymptom(id=4711, message="The journal pool is exhausted."),
        ),
        (
            'After that, event 4712, "Ledger stopped unexpectedly", is logged.',
            EventSymptom(id=4712, message="Ledger stopped unexpectedly"),
        ),
        (
            'You see event 4713 ("Posting to the journal has failed") again and again.',
            EventSymptom(id=4713, message="Posting to the journal has failed"),
        ),
        (
            "It logs this event: Event ID: 4714 Source: Ledger Client (or) Ledger Applet Description: Opening the "
            "journal was refused. Error Code: 43",
            EventSymptom(
                source="Ledger Client (or) Ledger Applet",
                id=4714,
                message="Opening the journal was refused. Error Code: 43",
            ),
        ),
        (
            "It logs Event ID: 4715, Source: Ledger, Type: Warning, Description: The journal is nearly full.",
            EventSymptom(source="Ledger", id=4715, type="warning", message="The journal is nearly full."),
        ),
    ],
)
def test_an_event_that_a_sentence_tells_keeps_its_text(sentence: str, event: EventSymptom) -> None:
    assert event in rule({"SYMPTOMS": f"When the ledger is closed, something fails.\n\n{sentence}"}).symptoms.events


@pytest.mark.parametrize(
    "sentence",
    [
        'The events 1, 2 and 3 are described in "Books of the Ledger" on page 4711.',
        'Click the event 4711 "..." button.',
    ],
)
def test_a_quotation_that_is_no_text_of_the_event_is_not_taken_for_it(sentence: str) -> None:
    assert all(event.message is None for event in rule({"SYMPTOMS": sentence}).symptoms.events)


def test_an_event_of_another_section_counts_but_not_one_of_the_fix() -> None:
    told = 'it logs event 4711 "The journal pool is exhausted" then.'
    assert rule({"SYMPTOMS": "The ledger crashes.", "MORE INFORMATION": f"Now {told}"}).symptoms.events
    assert not rule({"SYMPTOMS": "The ledger crashes with a STOP 0x1E.", "RESOLUTION": f"Setup {told}"}).symptoms.events


def test_a_description_that_slipped_to_the_margin_stays_with_its_event() -> None:
    text = """
The following events are logged:

  Event ID: 4021
      Type: Error
Description: The ledger has been closed by the
            Journal Authority.

  Event ID: 4022
      Type: Error
Description: The posting cannot be taken back.
"""
    events = rule({"SYMPTOMS": text}).symptoms.events
    assert [(event.id, event.message) for event in events] == [
        (4021, "The ledger has been closed by the Journal Authority."),
        (4022, "The posting cannot be taken back."),
    ]
