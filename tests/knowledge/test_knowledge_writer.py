"""Rules as YAML: the loader reads back what the writer wrote, and the same rule gives the same bytes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.knowledge.loader import load_rules
from triage.knowledge.writer import rule_to_yaml
from triage.model.rule import (
    Applies,
    BugCheckSymptom,
    EventSymptom,
    ExceptionSymptom,
    FaultSymptom,
    Fix,
    FixFile,
    PackRef,
    Rule,
    Source,
    Symptoms,
)

FULL = Rule(
    id="Q900123",
    title='Ledger "Hangs": Page #4 is {blue}',
    source=Source("microsoft-kb", "2002-05-31"),
    applies_to=(Applies("Windows NT", ("4.0", "4.0 SP4")), Applies("Ledger")),
    symptoms=Symptoms(
        exceptions=(ExceptionSymptom(0xC0000005, "first", "write"),),
        bugchecks=(BugCheckSymptom(0x1E, (0xC0000005, None, 0, 1)),),
        processes=("ledger.exe",),
        faulting=(FaultSymptom("printpad.drv", "0002:0853"),),
        stacks=(tuple(f"ledger!function{n}" for n in range(12)), ("a!b",)),
        modules=("inkwell.dll",),
        events=(EventSymptom("PrintLedger", 4711, "error", "Page <…> of '%1' is: missing"),),
        messages=("The ledger is locked.", "yes", "12", "0x10", "- no", "null"),
        words=("0xfffff8ed", "12", "ledger", "no", "null", "page"),
    ),
    require=Symptoms(),
    exclude=Symptoms(modules=("blot.dll",)),
    fix=Fix(
        service_packs=(PackRef("Windows NT 4.0", 6, "a"), PackRef("Windows 2000", "latest")),
        files=(FixFile("ink.dll", "5.0", "2001-11-30", 7, "x86"),),
        obtain=("Q260910",),
        hotfix=True,
        registry=("HKEY_LOCAL_MACHINE\\Software\\Ledger: Pages (REG_DWORD)",),
    ),
    see_also=("Q900124",),
)

TEXT = """\
id: Q900123
title: "Ledger \\"Hangs\\": Page #4 is {blue}"
source: {kind: microsoft-kb, revised: 2002-05-31}
applies_to:
  - {product: Windows NT, versions: ["4.0", "4.0 SP4"]}
  - {product: Ledger}
symptoms:
  exceptions: [{code: 0xc0000005, chance: first, access: write}]
  bugchecks: [{code: 0x0000001e, parameters: [0xc0000005, null, 0x0, 0x1]}]
"""


def _read_back(text: str, folder: Path, name: str) -> Rule:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load_rules(path)[0]


def test_every_field_is_read_back(tmp_path: Path) -> None:
    assert _read_back(rule_to_yaml(FULL), tmp_path, FULL.id) == FULL


def test_the_text_is_readable_and_always_the_same() -> None:
    text = rule_to_yaml(FULL)
    assert text.startswith(TEXT)
    assert text == rule_to_yaml(FULL)
    assert max(len(line) for line in text.splitlines()) <= 120


def test_defaults_are_left_out() -> None:
    rule = Rule(id="Q900123", title="Ledger", source=Source("own"))
    assert rule_to_yaml(rule) == "id: Q900123\ntitle: Ledger\nsource: {kind: own}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a: b",
        "a #b",
        "[x]",
        "2001-02-30",
        "1e5",
        "1_000",
        "12:30:45",
        "~",
        "=",
        "Off",
        "é…",
        "\x00\x7f\u2028\ud800x",
        "a\nb\t",
    ],
)
def test_any_string_is_read_back(tmp_path: Path, text: str) -> None:
    rule = Rule(id="Q1", title=text, source=Source("own"), symptoms=Symptoms(words=(text,), messages=(text,)))
    expected = text.encode("utf-8", "replace").decode().replace("?", "\ufffd") if "\ud800" in text else text
    assert _read_back(rule_to_yaml(rule), tmp_path, "Q1").title == expected


@settings(deadline=None, max_examples=80)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=30), max_size=20))
def test_lists_of_any_strings_are_read_back(tmp_path_factory: pytest.TempPathFactory, items: list[str]) -> None:
    rule = Rule(
        id="Q1",
        title="x",
        source=Source("own"),
        symptoms=Symptoms(words=tuple(items), stacks=(tuple(items),) if items else ()),
    )
    folder = tmp_path_factory.mktemp("rules")
    assert _read_back(rule_to_yaml(rule), folder, "Q1") == rule
