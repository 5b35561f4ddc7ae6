import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats.debugger import read
from triage.model.evidence import BugCheck
from triage.text.bugchecks import plain_code, read_causes
from triage.text.lines import Text
from triage.text.repair import repair


def text_of(text: str) -> Text:
    return repair(text, "utf-8")


def read_bugchecks(text: Text) -> tuple[BugCheck, ...]:
    """The stops that a debugger's text tells of, each once: the reader of the format joins what agrees."""
    return tuple(one.bugcheck for one in read(text).incidents if one.bugcheck is not None)


WIDE = (0xFFFFFA8004B1C060, 2, 0, 0xFFFFF88001A2B3C4)


@pytest.mark.parametrize(
    ("text", "code", "parameters"),
    [
        ("BugCheck 8E, {c0000005, bf812345, a7c1e4b0, 0}", 0x8E, (0xC0000005, 0xBF812345, 0xA7C1E4B0, 0)),
        ("BugCheck D1, {fffffa8004b1c060, 2,\n0, fffff88001a2b3c4}", 0xD1, WIDE),
        ("BugCheck D1, {fffffa80`04b1c060, 2, 0, fffff880`01a2b3c4}", 0xD1, WIDE),
        ("BugCheck 1000007E, {c0000005, 1, 2, 3}", 0x7E, (0xC0000005, 1, 2, 3)),
        ("*** Fatal System Error: 0x0000000a\n                       (0x00000016,0x0000001C,0x00000000,0x80123456)",
         0xA, (0x16, 0x1C, 0, 0x80123456)),
        ("*** Fatal System Error: 0x0000000a (0x00000016,0x0000001C,\n    0x00000000,0x80123456)",
         0xA, (0x16, 0x1C, 0, 0x80123456)),
        ("Bugcheck code 000000D1\nArguments fffffa80`04b1c060 00000000`00000002 00000000`00000000 fffff880`01a2b3c4",
         0xD1, WIDE),
        ("BUGCHECK_CODE:  d1\n\nBUGCHECK_P1: fffffa8004b1c060\n\nBUGCHECK_P2: 2\n\nBUGCHECK_P3: 0\n\n"
         "BUGCHECK_P4: fffff88001a2b3c4", 0xD1, WIDE),
        ("BugCheckCode        000000d1\nBugCheckParameter1  fffffa80`04b1c060\nBugCheckParameter2  00000000`00000002\n"
         "BugCheckParameter3  00000000`00000000\nBugCheckParameter4  fffff880`01a2b3c4\n", 0xD1, WIDE),
        ("BUGCHECK_CODE:  d1  \nBUGCHECK_P1: fffffa8004b1c060\nBUGCHECK_P2: 2\n"
         "BUGCHECK_P3: 0  BUGCHECK_P4: fffff88001a2b3c4", 0xD1, WIDE),
        ("BUGCHECK_CODE  d1\nBUGCHECK_P1 fffffa8004b1c060\nBUGCHECK_P2 2", 0xD1, WIDE[:2]),
        ("Kernel base = 0xfffff801`12a00000\nBugcheck: D1 (FFFFFA8004B1C060, 2, 0, FFFFF88001A2B3C4)", 0xD1, WIDE),
        ("BUGCHECK_STR:  0xC2_7", 0xC2, ()),
        ("    Key  : Bugcheck.Code.KiBugCheckData\n    Value: 0x139", 0x139, ()),
        ("Unknown bugcheck code (1aa)\nUnknown bugcheck description\nArguments:\nArg1: 0000000000000007", 0x1AA, (7,)),
    ],
)  # fmt: skip
def test_the_forms(text: str, code: int, parameters: tuple[int, ...]) -> None:
    (bugcheck,) = read_bugchecks(text_of(text))
    assert (bugcheck.code, bugcheck.parameters) == (code, parameters)


ANALYSIS = """\
*                        Bugcheck Analysis                                    *

KERNEL_MODE_EXCEPTION_NOT_HANDLED_M (1000008e)
This is a very common bugcheck.  Some common problems are exception code 0x80000003.
Arguments:
Arg1: c0000005, The exception code that was not handled
Arg2: bf812345, The address that the exception occurred at
Arg3: a7c1e4b0, Trap Frame
Arg4: 00000000

BUGCHECK_STR:  0x8E
Probably caused by : inkwell.sys ( inkwell!Flush+2a )
"""


def test_an_analysis_is_one_stop() -> None:
    assert read_bugchecks(text_of("BugCheck 8E, {c0000005, bf812345, a7c1e4b0, 0}\n" + ANALYSIS)) == (
        BugCheck(
            code=0x8E,
            name="KERNEL_MODE_EXCEPTION_NOT_HANDLED",
            parameters=(0xC0000005, 0xBF812345, 0xA7C1E4B0, 0),
            caused_by="inkwell.sys",
            lines=(1, 1),
        ),
    )


def test_the_cause_names_image_and_symbol() -> None:
    (cause,) = read_causes(text_of(ANALYSIS))
    assert (cause.image, cause.symbol, cause.lines) == ("inkwell.sys", "inkwell!Flush+2a", (12, 12))


def test_stops_with_other_parameters_are_others() -> None:
    text = "BugCheck 50, {1000, 0, 2000, 0}\nBugCheck 50, {3000, 0, 2000, 0}\nBugCheck 7F, {8, 0, 0, 0}"
    assert [one.parameters[0] for one in read_bugchecks(text_of(text))] == [0x1000, 0x3000, 8]


def test_sign_extension_does_not_tell_stops_apart() -> None:
    assert (
        len(read_bugchecks(text_of("BugCheck 7E, {ffffffffc0000005, 1, 2, 3}\nBugCheck 7E, {c0000005, 1, 2, 3}"))) == 1
    )


@pytest.mark.parametrize(
    "text",
    [
        "MY_MACRO (50)",
        "BUILD_NUMBER (19)\nand some words",
        "Arg1: 00000001",
        "Arguments:\nArg1: 1",
        "the bugcheck code and parameters may vary",
        "Fatal System Error in winlogon",
    ],
)
def test_what_is_no_stop(text: str) -> None:
    assert read_bugchecks(text_of(text)) == ()


@pytest.mark.parametrize(
    ("code", "plain"), [(0x1000008E, 0x8E), (0x100000D1, 0xD1), (0xC000021A, 0xC000021A), (0x1E, 0x1E)]
)
def test_the_flag_of_minidumps_goes(code: int, plain: int) -> None:
    assert plain_code(code) == plain


@pytest.mark.parametrize(
    "unit", ["a", "0x1, ", "BugCheck 1 {", "Arg1: 1\n", "A_B_C_D (50)\n", "Fatal System Error: 0x1 *", "\n", "("]
)
def test_a_megabyte_of_one_thing_is_read(unit: str) -> None:
    assert len(read_bugchecks(text_of(unit * (1_000_000 // len(unit))))) <= 1


@given(st.text(alphabet="BugCheck Ar1234:(){},0xFatalSystemError\n_", max_size=300))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read(text: str) -> None:
    for bugcheck in read_bugchecks(text_of(text)):
        assert len(bugcheck.parameters) <= 4


def test_the_key_of_a_bucket_tells_the_stop_where_the_rest_is_cut() -> None:
    keys = "    Key  : Failure.Bucket\n    Value: {}\n\n    Key  : Failure.Hash\n    Value: {{0badc0de-1234}}\n"
    (found,) = read_bugchecks(text_of(keys.format("0x133_DPC_orchard!Grow")))
    assert found.code == 0x133
    assert not read_bugchecks(text_of(keys.format("APPLICATION_FAULT_orchard!Grow")))
    (found,) = read_bugchecks(text_of("BugCheck D1, {10, 2, 0, 3}\n\n" + keys.format("0x133_DPC_orchard!Grow")))
    assert found.code == 0xD1


def test_a_cause_above_the_first_row_that_tells_the_stop() -> None:
    text = "Probably caused by : orchard.sys ( orchard+1bae0 )\n\nBUGCHECK_CODE:  d1\n\nBUGCHECK_P1: 10\n"
    (found,) = read_bugchecks(text_of(text))
    assert (found.code, found.caused_by) == (0xD1, "orchard.sys")


def test_the_driver_that_the_kernel_finds_at_fault_is_the_stops() -> None:
    (incident,) = read(
        text_of(
            "*** Fatal System Error: 0x000000d1\n"
            "                       (0x00000008,0x00000002,0x00000000,0xF8A41B2C)\n\n"
            "Driver at fault: \n***    ledger.sys - Address F8A41B2C base at F8A40000, DateStamp 3d6dd67c\n.\n"
        )
    ).incidents
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.caused_by) == (0xD1, "ledger.sys")
    assert (incident.faulting_module, incident.faulting_offset) == ("ledger.sys", 0x1B2C)
