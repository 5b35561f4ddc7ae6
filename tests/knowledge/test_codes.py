"""The tables of rules/codes, their lookup, and what they say about a fault that no rule describes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.knowledge.codes import Codes
from triage.knowledge.hints import likely_class
from triage.knowledge.loader import load_codes
from triage.model.code import CodeEntry
from triage.model.evidence import BugCheck, ExceptionRecord

DIRECTORY = Path(__file__).parents[2] / "rules" / "codes"


@pytest.fixture(scope="module")
def entries() -> tuple[CodeEntry, ...]:
    return load_codes(DIRECTORY)


@pytest.fixture(scope="module")
def codes(entries: tuple[CodeEntry, ...]) -> Codes:
    return Codes.of(entries)


def test_a_code_stands_in_one_place(entries: tuple[CodeEntry, ...]) -> None:
    keys = [(entry.kind, entry.code) for entry in entries]
    assert len(keys) == len(set(keys))


def test_every_class_of_fault_exists_and_is_used(entries: tuple[CodeEntry, ...]) -> None:
    classes = {entry.name for entry in entries if entry.kind == "fault"}
    named = {entry.fault for entry in entries} | {value.fault for entry in entries for value in entry.values}
    decided_by_address = {"null-pointer", "invalid-pointer", "overwritten-pointer", "wild-call"}
    assert named - {""} <= classes
    assert classes <= named | decided_by_address | {"kernel-stop"}


def test_every_class_of_fault_has_commands_and_a_meaning(entries: tuple[CodeEntry, ...]) -> None:
    for entry in entries:
        if entry.kind == "fault":
            assert len(entry.commands) >= 3, entry.name
            assert entry.meaning, entry.name


def test_what_people_wrote_is_a_sentence(entries: tuple[CodeEntry, ...]) -> None:
    for entry in entries:
        assert entry.meaning == "" or (entry.meaning[0].isupper() and entry.meaning.endswith(".")), entry.name


def test_positions_lie_within_the_parameters(entries: tuple[CodeEntry, ...]) -> None:
    for entry in entries:
        positions = (entry.status_parameter, entry.address_parameter, *entry.roles.values())
        of_values = [place for value in entry.values for place in (value.parameter, *value.roles.values())]
        for position in (*positions, *of_values):
            assert position is None or position <= len(entry.parameters), entry.name


def test_the_bug_checks_that_machines_show_have_their_parameters(entries: tuple[CodeEntry, ...]) -> None:
    bugchecks = [entry for entry in entries if entry.kind == "bugcheck"]
    assert len(bugchecks) >= 425
    assert sum(bool(entry.parameters) for entry in bugchecks) >= 300


def test_every_stop_code_says_what_it_means(entries: tuple[CodeEntry, ...], codes: Codes) -> None:
    """A minidump variant may leave that to the plain code."""
    meanings = {entry.name: codes.bugcheck(entry.code) for entry in entries if entry.kind == "bugcheck"}
    assert [name for name, found in meanings.items() if found is None or not found.meaning] == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (0xC0000005, "STATUS_ACCESS_VIOLATION"),
        (0x80000003, "STATUS_BREAKPOINT"),
        (0x80000004, "STATUS_SINGLE_STEP"),
        (0xC0000374, "STATUS_HEAP_CORRUPTION"),
        (0xC0000409, "STATUS_STACK_BUFFER_OVERRUN"),
        (0xC00000FD, "STATUS_STACK_OVERFLOW"),
        (0xC000021A, "STATUS_SYSTEM_PROCESS_TERMINATED"),
        (0xC0000135, "STATUS_DLL_NOT_FOUND"),
        (0xC0000142, "STATUS_DLL_INIT_FAILED"),
        (0xC0000221, "STATUS_IMAGE_CHECKSUM_MISMATCH"),
        (0xC0000218, "STATUS_CANNOT_LOAD_REGISTRY_FILE"),
        (0xC0000006, "STATUS_IN_PAGE_ERROR"),
        (0xC0150002, "STATUS_SXS_CANT_GEN_ACTCTX"),
        (0x4000001F, "STATUS_WX86_BREAKPOINT"),
        (0xE0434352, "CLR_EXCEPTION"),
        (0xE0434F4D, "CLR_EXCEPTION_V1"),
        (0xE06D7363, "CPP_EXCEPTION"),
        (0x0EEDFADE, "DELPHI_EXCEPTION"),
        (0x406D1388, "MS_VC_THREAD_NAME"),
        (0x000006BA, "RPC_S_SERVER_UNAVAILABLE"),
        (0x80004005, "E_FAIL"),
        (0x80070005, "E_ACCESSDENIED"),
        (0x80070002, "ERROR_FILE_NOT_FOUND"),  # an HRESULT around a Win32 error without an entry of its own
        (0xD0000005, "STATUS_ACCESS_VIOLATION"),  # HRESULT_FROM_NT
        (0xFFFFFFFFC0000034, "STATUS_OBJECT_NAME_NOT_FOUND"),  # sign-extended, as 64-bit debuggers print it
        (0xC00002B4, "STATUS_FLOAT_MULTIPLE_FAULTS"),
        (0xC0000262, "STATUS_DRIVER_ORDINAL_NOT_FOUND"),  # generated
    ],
)
def test_exception_codes_have_their_names(codes: Codes, code: int, name: str) -> None:
    found = codes.exception(code)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("code", "name", "means"),
    [
        (0x0A, "IRQL_NOT_LESS_OR_EQUAL", "IRQL"),
        (0x1E, "KMODE_EXCEPTION_NOT_HANDLED", "exception"),
        (0x116, "VIDEO_TDR_FAILURE", "graphics"),
        (0x1000007E, "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED_M", "exception"),
        (0x1000007F, "UNEXPECTED_KERNEL_MODE_TRAP_M", "trap"),  # means what 7F means, under its own name
        (0x100000D1, "DRIVER_IRQL_NOT_LESS_OR_EQUAL", "IRQL"),  # a variant that no list names
        (0x1AB, "UNWIND_ON_INVALID_STACK", "stack"),
        (0x1F5, "APPLICATION_HANG_KERNEL_LIVEDUMP", "hung"),  # a live dump: nothing stopped
        (0xC000021A, "WINLOGON_FATAL_ERROR", "Winlogon"),
    ],
)
def test_bug_checks_have_names_and_meanings(codes: Codes, code: int, name: str, means: str) -> None:
    found = codes.bugcheck(code)
    assert found is not None
    assert found.name == name
    assert means in found.meaning


@pytest.mark.parametrize("code", [0x7FFFFFFF, 0xE1234567, 0xC0FFFFFF])
def test_unknown_codes_are_unknown(codes: Codes, code: int) -> None:
    assert codes.exception(code) is None
    assert codes.bugcheck(code & 0xEFFFFFFF) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("STATUS_ACCESS_VIOLATION", 0xC0000005),
        ("exception_access_violation", 0xC0000005),
        (" IRQL_NOT_LESS_OR_EQUAL ", 0x0A),
        ("VIDEO_TDR_ERROR", 0x116),
        ("NO_SUCH_NAME", None),
    ],
)
def test_names_lead_to_codes(codes: Codes, name: str, code: int | None) -> None:
    assert codes.code_of(name) == code


AV = 0xC0000005


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (ExceptionRecord(code=AV, target=0x0), "null-pointer"),
        (ExceptionRecord(code=AV, target=0x44), "null-pointer"),
        (ExceptionRecord(code=AV, parameters=(0, 0x18)), "null-pointer"),
        (ExceptionRecord(code=AV, target=0x10000), "access-violation"),
        (ExceptionRecord(code=AV), "access-violation"),
        (ExceptionRecord(code=AV, target=0xFEEEFEEE), "use-after-free"),
        (ExceptionRecord(code=AV, target=0xFEEEFF02), "use-after-free"),
        (ExceptionRecord(code=AV, target=0xFEEF0EED), "use-after-free"),  # the offset carries into the upper half
        (ExceptionRecord(code=AV, target=0xDDDDDDDD), "use-after-free"),
        (ExceptionRecord(code=AV, target=0xDDDDDDDDDDDDDDE5), "use-after-free"),
        (ExceptionRecord(code=AV, target=0xCDCDCDD1), "uninitialized-memory"),
        (ExceptionRecord(code=AV, target=0xBAADF011), "uninitialized-memory"),
        (ExceptionRecord(code=AV, target=0xFDFDFDFD), "heap-corruption"),
        (ExceptionRecord(code=AV, target=0x41414141), "overwritten-pointer"),
        (ExceptionRecord(code=AV, target=0xFFFFFFFF), "invalid-pointer"),
        (ExceptionRecord(code=AV, target=0xFFFFFFFFFFFFFFFF), "invalid-pointer"),
        (ExceptionRecord(code=AV, target=0x0001F3A0C0DE0010), "invalid-pointer"),
        (ExceptionRecord(code=AV, target=0x0BAD1000, access="execute"), "wild-call"),
        (ExceptionRecord(code=0xC0000006, parameters=(0, 0x1000, 0xC000009C)), "in-page-error"),
        (ExceptionRecord(code=0xC0000374), "heap-corruption"),
        (ExceptionRecord(code=0xC00000FD), "stack-overflow"),
        (ExceptionRecord(code=0xC0000409), "stack-overrun"),
        (ExceptionRecord(code=0xC0000409, parameters=(7,)), "abort"),
        (ExceptionRecord(code=0xE0434352), "managed-exception"),
        (ExceptionRecord(code=0xC0000135), "missing-module"),
        (ExceptionRecord(code=0x6BA), "remote-call"),
        (BugCheck(code=0x0A, parameters=(0x8, 2, 0, 0x80400000)), "null-pointer"),
        (BugCheck(code=0x0A, parameters=(0xE1230000, 2, 0, 0x80400000)), "driver-irql"),
        (BugCheck(code=0x7F, parameters=(8, 0, 0, 0)), "double-fault"),
        (BugCheck(code=0x7F, parameters=(0xD, 0, 0, 0)), "driver-exception"),
        (BugCheck(code=0x1000007F, parameters=(8,)), "double-fault"),
        (BugCheck(code=0x1E, parameters=(0xC0000006, 0x80123456, 0, 0)), "in-page-error"),
        (BugCheck(code=0x7E, parameters=(0xFFFFFFFFC0000005, 0, 0, 0)), "driver-exception"),
        (BugCheck(code=0x7A, parameters=(3, 0xC000000E, 0, 0)), "in-page-error"),
        (BugCheck(code=0x124, parameters=(0, 0, 0, 0)), "hardware"),
        (BugCheck(code=0x133, parameters=(1, 0x1E00, 0, 0)), "watchdog"),
        (BugCheck(code=0x139, parameters=(2, 0, 0, 0)), "stack-overrun"),
        (BugCheck(name="MEMORY_MANAGEMENT"), "memory-corruption"),
        (BugCheck(code=0x19C, parameters=(0x50, 0, 0, 0)), "watchdog"),
        (BugCheck(code=0x165), "cluster"),
        (BugCheck(code=0x18D, parameters=(1, 0xFFFFF80012340000, 0, 0)), "execute-protection"),
        (BugCheck(code=0x18D, parameters=(2, 0xFFFFF80012340000, 0, 0)), "kernel-stop"),
        (BugCheck(code=0x1D8, parameters=(0, 0x7, 0, 0)), "firmware"),
        (BugCheck(code=0x13), "kernel-stop"),
    ],
)
def test_the_likely_class_of_a_fault(codes: Codes, record: ExceptionRecord | BugCheck, fault: str) -> None:
    hint = likely_class(record, codes)
    assert hint is not None
    assert hint.fault == fault
    assert hint.because
    assert len(hint.commands) >= 3


def test_a_status_in_a_parameter_is_named(codes: Codes) -> None:
    hint = likely_class(BugCheck(code=0x7A, parameters=(3, 0xC000009C, 0, 0)), codes)
    assert hint is not None
    assert "parameter 2 is STATUS_DEVICE_DATA_ERROR" in hint.because


@pytest.mark.parametrize(
    ("record", "command"),
    [
        (BugCheck(code=0x9F, parameters=(3, 0xFFFFE00012345060, 0, 0xFFFFE00098765010)), "!irp ffffe00098765010"),
        (BugCheck(code=0x9F, parameters=(4, 0x258, 0xFFFFE00012345060, 0xFFFFE00098765010)), "!irp <irp>"),
        (BugCheck(code=0x7E, parameters=(0xFFFFFFFFC0000005, 0, 0, 0xFFFFD00011112222)), ".cxr ffffd00011112222; kv"),
        (BugCheck(code=0x124, parameters=(0, 0xFFFF8A0F3B1C6028)), "!errrec ffff8a0f3b1c6028"),
        (BugCheck(code=0x124), "!errrec <record>"),
        (ExceptionRecord(code=0xC0000006, parameters=(0, 0x1000, 0xC000009C)), "!error c000009c"),
        (ExceptionRecord(code=AV, target=0xFEEEFEEE), "!heap -p -a feeefeee"),
        (ExceptionRecord(code=0x406D1388), "sxn 406d1388"),
    ],
)
def test_commands_hold_what_the_evidence_shows(codes: Codes, record: ExceptionRecord | BugCheck, command: str) -> None:
    hint = likely_class(record, codes)
    assert hint is not None
    assert command in hint.commands


def test_a_bug_check_gets_commands_of_the_kernel_debugger(codes: Codes) -> None:
    hint = likely_class(BugCheck(code=0xD1, parameters=(0, 2, 0, 0)), codes)
    assert hint is not None
    assert hint.fault == "null-pointer"
    assert hint.commands[-1] == "lmvm <driver>"


def test_a_class_that_user_mode_shares_gives_a_stop_no_command_of_user_mode(codes: Codes) -> None:
    hint = likely_class(BugCheck(code=0x1CC, parameters=(0xFFFFE00012345060, 0xFFFFE00098765010, 4, 30)), codes)
    assert hint is not None
    assert hint.fault == "deadlock"
    assert hint.commands == ("!analyze -v", "kv", "lm t n")


@pytest.mark.parametrize("record", [ExceptionRecord(code=0xE1234567), BugCheck(), BugCheck(code=0x7654321)])
def test_what_is_not_known_gives_no_hint(codes: Codes, record: ExceptionRecord | BugCheck) -> None:
    assert likely_class(record, codes) is None


NUMBERS = st.integers(min_value=-(2**65), max_value=2**65)


@given(code=NUMBERS, parameters=st.lists(NUMBERS, max_size=6))
@settings(deadline=None, max_examples=200)
def test_any_numbers_give_a_hint_or_none(codes: Codes, code: int, parameters: list[int]) -> None:
    for record in (
        ExceptionRecord(code=code, parameters=tuple(parameters)),
        BugCheck(code=code, parameters=tuple(parameters)),
        ExceptionRecord(code=0xC0000005, parameters=tuple(parameters)),
        BugCheck(code=0x50, parameters=tuple(parameters)),
    ):
        hint = likely_class(record, codes)
        assert hint is None or hint.commands
