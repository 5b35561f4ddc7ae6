"""Rule files are decoded strictly, and every fault is told at once with its place."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.errors import RuleError
from triage.knowledge.loader import load_rules

GOOD = """\
id: X1001
title: A fault of a test
source: {kind: test, revised: 2002-05-08}
symptoms:
  exceptions: [{code: 0xc0000005, chance: first}]
  words: [crash]
fix:
  service_packs: [{product: Windows 2000, number: 2}]
"""


def write(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.write_text(text, "utf-8")
    return path


def test_a_rule_is_decoded_with_numbers_and_iso_dates(tmp_path: Path) -> None:
    write(tmp_path, "X1001.yaml", GOOD)
    (rule,) = load_rules(tmp_path)
    assert rule.symptoms.exceptions[0].code == 0xC0000005
    assert rule.source.revised == "2002-05-08"


def test_rules_come_by_id_from_all_folders(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    write(tmp_path / "a", "X1002.yaml", GOOD.replace("X1001", "X1002"))
    write(tmp_path, "X1001.yaml", GOOD)
    assert [rule.id for rule in load_rules(tmp_path)] == ["X1001", "X1002"]


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("chance: first", "chance: third"), 5, "chance"),
        (("title: A fault of a test\n", ""), 1, "title: missing"),
        (("title: A fault of a test", "title: x\ntitel: x"), 3, "titel: no such field"),
        (("0xc0000005", "'c0000005'"), 5, "code"),
        (("  words: [crash]", "  words: crash"), 6, "words: Expected `array`"),
        (("  words: [crash]", "  words: [crash, 7, hang]"), 6, r"words\[1\]: Expected `str`"),
        (("number: 2", "number: two"), 8, "number"),
        (("words:", 'addresses: ["2f36", "2F36"]\n  words:'), 6, r"symptoms.addresses\[1\]: .*regex"),
        (("words:", 'addresses: ["02f36"]\n  words:'), 6, r"symptoms.addresses\[0\]: "),
        (("words:", 'addresses: ["2f36\\n"]\n  words:'), 6, r"symptoms.addresses\[0\]: "),
        (("words:", "addresses: [2036]\n  words:"), 6, r"symptoms.addresses\[0\]: Expected `str`"),
        (("fix:", "require: {addresses: [2f3g]}\nfix:"), 7, r"require.addresses\[0\]: "),
        (("fix:", "cause: [lock, queue, lock]\nfix:"), 7, r"cause\[2\]: `lock` must stand before `queue`"),
        (("fix:", "cause: [lock, lock]\nfix:"), 7, r"cause\[1\]: `lock` stands here twice"),
        (("fix:", "cause:\n  - access\n  - crash\nfix:"), 9, r"cause\[1\]: `crash` is in symptoms.words already"),
        (("fix:", "cause: lock\nfix:"), 7, "cause: Expected `array`"),
        (("[{code", "[{[code"), 5, "expected"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, change: tuple[str, str], line: int, message: str) -> None:
    path = write(tmp_path, "X1001.yaml", GOOD.replace(*change))
    with pytest.raises(RuleError, match=message) as caught:
        load_rules(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    for name in ("X1", "X2", "X3"):
        write(tmp_path, f"{name}.yaml", GOOD.replace("X1001", name).replace("words:", "wordz:"))
    with pytest.raises(RuleError) as caught:
        load_rules(tmp_path)
    assert len(caught.value.faults) == 3
    assert len(str(caught.value).splitlines()) == 3


def test_every_fault_of_one_file_is_told(tmp_path: Path) -> None:
    text = """\
id: X1001
titel: A fault of a test
source: {kind: test, revised: 2002-05-08, by: me}
applies_to:
  - {versions: ["5.0"]}
symptoms:
  exceptions:
    - {code: 0xc0000005}
    - {code: c0000006}
    - {code: 0xc0000007, chance: third}
  words: [1, crash, 2]
"""
    path = write(tmp_path, "X1001.yaml", text)
    with pytest.raises(RuleError) as caught:
        load_rules(tmp_path)
    assert [str(fault).removeprefix(f"{path}:").split(": Expected")[0] for fault in caught.value.faults] == [
        "1: title: missing",
        "2: titel: no such field",
        "3: source.by: no such field",
        "5: applies_to[0].product: missing",
        "9: symptoms.exceptions[1].code",
        "10: symptoms.exceptions[2].chance: Invalid enum value 'third'",
        "11: symptoms.words[0]",
        "11: symptoms.words[2]",
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("X1001.yaml", "", "empty"),
        ("X1001.yaml", "a: &x [1]\nb: *x\n", "aliases"),
        ("X1001.yaml", "!!python/object/apply:os.system ['true']\n", "constructor"),
        ("X9.yaml", GOOD, "name it X1001.yaml"),
        ("X1001.yaml", "id: [" * 3000, "nested deeper"),
        ("X1001.yaml", "- " * 900_000, "nested deeper"),
    ],
)
def test_what_is_no_rule_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    write(tmp_path, name, text)
    with pytest.raises(RuleError, match=message):
        load_rules(tmp_path)


def test_an_id_given_twice_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    write(tmp_path / "a", "X1001.yaml", GOOD)
    write(tmp_path, "X1001.yaml", GOOD)
    with pytest.raises(RuleError, match="X1001 is also in"):
        load_rules(tmp_path)


def test_faults_of_a_word_set_are_told_with_all_others(tmp_path: Path) -> None:
    changed = GOOD.replace("chance: first", "chance: third").replace("fix:", "cause: [lock, crash]\nfix:")
    path = write(tmp_path, "X1001.yaml", changed)
    with pytest.raises(RuleError) as caught:
        load_rules(tmp_path)
    assert [str(fault).removeprefix(f"{path}:").split(": `")[0] for fault in caught.value.faults] == [
        "5: symptoms.exceptions[0].chance: Invalid enum value 'third'",
        "7: cause[1]",  # a word of the symptoms
        "7: cause[1]",  # and not in its place
    ]


@pytest.mark.parametrize("text", ["[]\n", "7\n", "symptoms: [words]\n", "cause: {a: b}\n", "symptoms: {words: 7}\n"])
def test_a_word_set_of_another_type_is_a_fault_of_its_type(tmp_path: Path, text: str) -> None:
    write(tmp_path, "X1.yaml", text)
    with pytest.raises(RuleError):
        load_rules(tmp_path)


def test_word_sets_and_addresses_as_they_should_be(tmp_path: Path) -> None:
    changed = GOOD.replace("words:", 'addresses: ["2f36", ec87]\n  words:').replace(
        "fix:", "cause: [lock, queue]\nfix:"
    )
    write(tmp_path, "X1001.yaml", changed)
    (rule,) = load_rules(tmp_path)
    assert rule.cause == ("lock", "queue")
    assert rule.symptoms.addresses == ("2f36", "ec87")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no such file or directory"):
        load_rules(tmp_path / "absent")


@given(content=st.binary(max_size=300))
@settings(deadline=None, max_examples=60)
def test_any_bytes_are_a_rule_or_a_fault(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    directory = tmp_path_factory.mktemp("rules")
    (directory / "X1.yaml").write_bytes(content)
    with pytest.raises(RuleError):
        load_rules(directory)
