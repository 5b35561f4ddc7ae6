"""Likeness of names, what events say of their outcome, and messages that break off."""

import pytest

from triage.engine.severity import breaks_off, severity
from triage.engine.similarity import nearest
from triage.model.evidence import BugCheck, Event, Incident, Message
from triage.model.weights import Outcome, Ranking

OUTCOME = Outcome(
    types={"none": 1.0, "error": 1.0, "information": 0.1}, alarm=("fail",), calm=("start",), alarmed=0.8, calmed=0.5
)


@pytest.mark.parametrize(
    ("kind", "name", "known", "expected"),
    [
        ("word", "modlue", ["module", "modem"], "module"),
        ("word", "kernel", ["page", "fault"], None),
        ("module", "decpsm~1", ["decpsmon", "decnet"], "decpsmon"),
        ("module", "dec~1", ["decpsmon", "decnet"], None),
        ("source", "msexchagneis", ["msexchangeis", "msexchangesa"], "msexchangeis"),
        ("function", "rtlfreeheap", ["rtlfreehandle"], None),
        ("word", "anything", [], None),
    ],
)
def test_the_nearest_known_name(kind: str, name: str, known: list[str], expected: str | None) -> None:
    like = nearest(kind, name, known)
    assert (like[0] if like else None) == expected
    assert like is None or 0 < like[1] <= 1


def incident(kind: str | None, text: str) -> Incident:
    return Incident(kind="event", event=Event(type=kind, text=text))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("error", "The service started", 0.5),
        ("information", "The service is there", 0.1),
        ("information", "The service was started", 0.05),
        ("information", "The service failed after it started", 0.8),
        (None, "The service was lost", 1.0),
    ],
)
def test_type_and_outcome_say_how_much_an_event_matters(kind: str | None, text: str, expected: float) -> None:
    assert severity(incident(kind, text), OUTCOME) == expected


def test_a_stop_code_in_an_informational_event_counts_fully() -> None:
    event = Event(type="information", text="The computer has rebooted and started")
    assert severity(Incident(kind="event", event=event, bugcheck=BugCheck(code=0x1E)), OUTCOME) == 1.0


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Unable to initialize the", True),
        ("Unable to initialize the store.", False),
        ("Error 0xfffffa84 (Internal ID", True),
        ("occurred in object 12", False),
        ("", False),
    ],
)
def test_a_message_that_breaks_off_is_seen(text: str, cut: bool) -> None:
    assert breaks_off(incident(None, text)) is cut
    assert breaks_off(Incident(kind="message", messages=(Message(text),))) is cut


def test_the_order_adds_up_only_what_it_has_coefficients_for() -> None:
    ranking = Ranking(note="", coefficients={"value": 2.0, "bits": -1.0})
    assert ranking.total({"bits": 3.0, "value": 4.0, "unknown": 5.0}) == 5.0
    assert ranking.total({}) == 0.0


@pytest.mark.parametrize("value", [float("inf"), float("nan"), -1e300])
def test_a_coefficient_of_the_order_is_log_odds(value: float) -> None:
    with pytest.raises(ValueError, match="no log odds"):
        Ranking(note="", coefficients={"value": value})
