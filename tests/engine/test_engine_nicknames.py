"""Nicknames of descriptions are spelled out beside what was said."""

import pytest

from triage.engine.nicknames import spelled_out
from triage.model.evidence import Incident, Message

NICKNAMES = {"w2k": "windows 2000", "blue screen": "stop error", "nt 4 sp5": "windows nt 4.0 service pack 5"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("W2K server dies", "windows 2000"),
        ("a Blue Screen on NT 4 SP5", "stop error; windows nt 4.0 service pack 5"),
        ("nothing of the kind", None),
        ("", None),
    ],
)
def test_what_is_meant(text: str, meant: str | None) -> None:
    incident = Incident(kind="prose", messages=(Message(text),))
    spelled = spelled_out(incident, NICKNAMES)
    assert spelled.messages == incident.messages
    assert [message.text for message in spelled.context] == ([] if meant is None else [meant])


def test_what_a_program_prints_is_left_as_it_is() -> None:
    incident = Incident(kind="message", messages=(Message("W2K"),))
    assert spelled_out(incident, NICKNAMES) is incident
