"""Debugger logs made of rules' own facts: what the labelled sets lack.

A first chance with nothing around it but the modules that were loaded just before, as Q279247 has it. Of each rule with
at least two modules some logs are made: those of the start-up, some of the rule's, the exception in some
program, now and then with the version of the system above. The same rules give the same logs.
"""

import random
from collections.abc import Iterator, Sequence

from labelled import Query

from triage.formats import read_evidence
from triage.model.rule import Rule

LABELS = "made"
EACH = 8
"""Logs of one rule: few rules have modules, and yet this is how many crashes look."""

MOST = 24
"""A rule with more modules lists what a program has, not what tells the fault."""

_SYSTEM = "ntdll kernel32 user32 gdi32 advapi32 rpcrt4 ole32 oleaut32 msvcrt shell32 comctl32 ws2_32 version".split()
_TARGETS = (
    "Windows 2000 Version 2195 (Service Pack 1) UP Free x86 compatible",
    "Windows NT 4 Version 1381 UP Free x86",
)
_PROGRAMS = ("inetinfo.exe", "svchost.exe", "ledger.exe", "orchard.exe", "dllhost.exe")


def module_logs(rules: Sequence[Rule]) -> Iterator[Query]:
    """Labelled logs of each rule that is told by its modules."""
    for rule in rules:
        if 2 <= len(rule.symptoms.modules) <= MOST:
            for number in range(EACH):
                yield Query(LABELS, "modules", frozenset({rule.id}), read_evidence(_log(rule, number).encode()))


def _log(rule: Rule, number: int) -> str:
    chance = random.Random(f"{rule.id}/{number}")  # noqa: S311 - a log of its own for each rule, not a secret
    symptoms = rule.symptoms
    own = chance.sample(symptoms.modules, chance.randint(2, len(symptoms.modules)))
    start = chance.sample(_SYSTEM, chance.randint(0, len(_SYSTEM)))
    names = [*(f"{name}.dll" for name in start), *own]
    program = (symptoms.processes or _PROGRAMS)[0] if chance.random() < 0.5 else chance.choice(_PROGRAMS)
    rows = [chance.choice(_TARGETS)] if chance.random() < 0.5 else []
    if chance.random() < 0.5:
        rows.append(f"ModLoad: 00400000 00410000   C:\\Programs\\{program}")
    for name in names:
        base = chance.randrange(0x5000, 0x7800) << 16
        rows.append(f"ModLoad: {base:08x} {base + 0x1000 * chance.randint(4, 90):08x}   C:\\WINNT\\System32\\{name}")
    code = symptoms.exceptions[0].code if symptoms.exceptions else 0xC0000005
    pid, tid = chance.randrange(64, 4096), chance.randrange(64, 4096)
    rows.append(f"({pid:x}.{tid:x}): Access violation - code {code:08x} (first chance)")
    return "\n".join(rows)
