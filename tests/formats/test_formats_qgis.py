"""Crash reports of QGIS."""

import pytest

from triage.formats import read_evidence
from triage.model.evidence import Evidence

REPORT = """\
**Python Stack Trace**
```
Windows fatal exception: access violation

Current thread 0x00003c90 (most recent call first):
  File "C:\\orchard\\grow.py", line 250 in run
```

**Stack Trace**

<pre>
OrchardMap::grow orchardmap.cpp:1862
QObject::event :
Leaf::`default constructor closure' :
main :
</pre>

QGIS Info
QGIS Version: 3.40.11-Bratislava

System Info
CPU Type: x86_64
Kernel Type: winnt
Kernel Version: 10.0.26100
"""


def evidence(text: str) -> Evidence:
    return read_evidence(text.encode())


def test_a_report_is_one_incident_with_the_exception_that_python_tells() -> None:
    found = evidence(REPORT)
    (incident,) = (one for one in found.incidents if one.kind != "prose")
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005
    assert [(frame.function, frame.source) for frame in incident.stack[:3]] == [
        ("OrchardMap::grow", "orchardmap.cpp:1862"),
        ("QObject::event", None),
        ("Leaf::`default constructor closure'", None),
    ]
    assert found.system is not None
    assert found.system.build == 26100


def test_without_python_the_report_is_a_stack() -> None:
    (incident,) = evidence(REPORT[REPORT.index("**Stack") :]).incidents
    assert (incident.kind, len(incident.stack)) == ("stack", 4)


@pytest.mark.parametrize(
    "text",
    [REPORT.replace("winnt", "linux"), "QGIS Info\nStack Trace\n\nmain :\n", "Stack Trace\nqgis\n\nSee below:\n"],
)
def test_other_systems_and_other_rows_are_none(text: str) -> None:
    assert not [one for one in evidence(text).incidents if one.stack]
