"""Dumps of the wild, where they are at hand: what their index says is read out of each."""

import json
import re
from pathlib import Path

import pytest

from triage.formats import kerneldump, minidump
from triage.model.evidence import Evidence

FOLDER = Path(__file__).parents[2].parent / "shared" / "bench" / "dumps"
INDEX = FOLDER / "index.jsonl"
CASES = [json.loads(line) for line in INDEX.read_text().splitlines()] if INDEX.is_file() else []


def facts(evidence: Evidence) -> dict[str, object]:
    system = evidence.system
    (incident,) = evidence.incidents
    bugcheck = incident.bugcheck
    return {
        "exception_codes": [f"{incident.exception.code:08x}"] if incident.exception else None,
        "bugcheck": bugcheck and {"code": f"{bugcheck.code:08x}", "params": [f"{p:x}" for p in bugcheck.parameters]},
        "n_modules": sum(not module.unloaded for module in evidence.modules),
        "os_build": str(system.build),
        "service_pack": str(system.service_pack),
    }


@pytest.mark.skipif(not CASES, reason="no real dumps at hand")
@pytest.mark.parametrize("case", CASES, ids=lambda case: re.sub(r"\W+", "-", case["source"]))
def test_real_dumps(case):
    data = (FOLDER / case["file"]).read_bytes()
    (form,) = (form for form in (minidump.FORMAT, kerneldump.FORMAT) if form.claims(data))
    evidence = form.read(data)
    assert evidence.format == form.name
    if case["expect"]:
        found = facts(evidence)
        assert {name: found[name] for name in case["expect"]} == case["expect"]
