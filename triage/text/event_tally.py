"""The events of a log file that become incidents, and how many of the others are left out and why."""

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Final

from triage.text.event_facts import EventFacts, facts_of
from triage.text.event_incident import incident_of
from triage.text.event_record import Record

if TYPE_CHECKING:
    from triage.model.evidence import Incident

_NOTHING: Final = EventFacts()


class Tally:
    """Takes events in their order, at most `most` of them.

    A program that crashes at each start writes the same event a thousand times: what it tells is read once.
    """

    def __init__(self, most: int) -> None:
        self.incidents: list[Incident] = []
        self._most = most
        self._said: set[Hashable] = set()
        self._facts: dict[Hashable, EventFacts] = {}
        self._repeated = self._beyond = 0

    def wants(self, said: Hashable, *, crash: bool) -> bool:
        """Whether to `add` an event that says this; counts it where not. Each crash counts, however alike they are."""
        if not crash and said in self._said:
            self._repeated += 1
            return False
        if len(self.incidents) >= self._most:
            self._beyond += 1
            return False
        self._said.add(said)
        return True

    def add(self, record: Record, *, tells: bool) -> None:
        """Take an event; `tells` says that it may tell of code, process or bug check."""
        facts = _NOTHING
        if tells:
            key = (record.source, record.id, record.body, record.values)
            known = self._facts.get(key)
            facts = self._facts[key] = facts_of(record) if known is None else known
        self.incidents.append(incident_of(record, facts))

    def left_out(self) -> Iterator[str]:
        """What was left out, in words."""
        if self._repeated:
            yield f"{self._repeated:,} events that repeat an earlier one are left out"
        if self._beyond:
            yield f"only the first {self._most:,} events are reported, {self._beyond:,} more are left out"
