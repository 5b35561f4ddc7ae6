"""Incidents and rules as typed facts that can be compared.

A fact is a short string such as `event:msexchangeis/1005` or `function:rtldestroyheap`. Both sides are spelled by the
same functions, so equal strings mean the same thing, and how rare a fact is among the rules says how much it tells.
"""

from triage.facts.fact import Fact, Unit
from triage.facts.incident import incident_facts, recorded_facts
from triage.facts.rule import printed_facts, rule_units, told_keys, unit_texts

__all__ = [
    "Fact",
    "Unit",
    "incident_facts",
    "printed_facts",
    "recorded_facts",
    "rule_units",
    "told_keys",
    "unit_texts",
]
