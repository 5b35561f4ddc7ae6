"""Debugger output that was cut, folded or shortened: what is left of it still tells what went wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.formats import debugger, read_evidence
from triage.model.evidence import Incident
from triage.text.lines import Text
from triage.text.repair import repair
from triage.text.run_together import parted


def only(text: str) -> Incident:
    (incident,) = debugger.read(repair(text, "utf-8")).incidents
    return incident


WIDE_STACK = (
    "ffffd000`3c1f6578 fffff800`02bc76d2 : 00000000`00000008 fffffa80`3333cb60 00000000`00000065 fffff800`02b10314 : "
    "nt!DbgBreakPointWithStatus\n"
    "ffffd000`3c1f65e0 fffff800`02ad2004 : 00000000`00000000 00000000`00000000 00000000`00000000 00000000`00000000 : "
    "nt!KeBugCheck2+0x71e\n"
    "ffffd000`3c1f6cb0 fffff800`02ad1469 : 00000000`0000000a 00000000`00000028 00000000`00000002 00000000`00000001 : "
    "nt!KeBugCheckEx+0x104\n"
    "ffffd000`3c1f6cf0 fffff800`1ad1f932 : 00000000`00000000 00000000`00000000 00000000`00000000 00000000`00000000 : "
    "orchard!Grow+0x69\n"
)
NARROW_STACK = """\
ChildEBP RetAddr  Args to Child
81f9eaa4 81dda59d 00000003 86fab4b0 00000065 nt!RtlpBreakWithStatusInstruction
81f9eecc 81d5cdc6 000000c4 00001001 85435118 nt!KeBugCheck2+0x676
81f9ef10 8542cb4e 000000c4 00001001 85435118 nt!KeBugCheckEx+0x19
81f9ef30 85425ded ffffffff 85425e0d 81f9ef60 orchard!Grow+0x40
"""


@pytest.mark.parametrize(
    ("text", "code", "parameters"),
    [("STACK_TEXT:  \n" + WIDE_STACK, 0xA, (0x28, 2, 1)), (NARROW_STACK, 0xC4, (0x1001, 0x85435118))],
)
def test_the_call_of_the_stop_tells_the_code_where_only_the_stack_is_left(
    text: str, code: int, parameters: tuple[int, ...]
) -> None:
    incident = only(text)
    assert incident.kind == "bugcheck"
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters) == (code, parameters)
    assert incident.stack[-1].function == "Grow"


@pytest.mark.parametrize(
    ("bucket", "code"),
    [
        ("0x5C_HAL_FAILED_nt!InitBoot", 0x5C),
        ("X64_0x7E_orchard!Grow+12", 0x7E),
        ("0x139_3_CORRUPT_LIST_ENTRY_orchard!Grow", 0x139),
        ("LKD_0x141_IMAGE_orchard.sys", 0x141),
    ],
)
def test_the_name_of_the_bucket_begins_with_the_code(bucket: str, code: int) -> None:
    incident = only(
        f"SYMBOL_NAME:  orchard!Grow+12\nMODULE_NAME: orchard\nIMAGE_NAME:  orchard.sys\nFAILURE_BUCKET_ID:  {bucket}\n"
    )
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.faulting_module) == (code, "orchard")


def test_the_class_of_a_programs_problem_tells_the_exception() -> None:
    incident = only(
        "READ_ADDRESS:  1122334c\n\nFOLLOWUP_IP:\nquill!Render+7 [d:\\quill\\page.c @ 23]\n"
        "00a680f7 8b4808          mov     ecx,dword ptr [eax+8]\n\nAPP:  quill.exe\n\n"
        "PRIMARY_PROBLEM_CLASS:  INVALID_POINTER_READ\n"
    )
    assert incident.exception is not None
    assert incident.process is not None
    assert (incident.exception.code, incident.process.name) == (0xC0000005, "quill.exe")
    assert (incident.faulting_module, incident.faulting_function) == ("quill", "Render")


def test_the_context_of_a_stop_names_the_module_where_no_field_does() -> None:
    incident = only(
        "BUGCHECK_CODE:  3b\n\nBUGCHECK_P1: c0000005\n\nBUGCHECK_P2: fffff8061e426806\n\n"
        "BUGCHECK_P3: fffff38538046630\n\n"
        "BUGCHECK_P4: 0\n\nCONTEXT:  fffff38538046630 -- (.cxr 0xfffff38538046630)\n"
        "rax=0020006d00610072 rbx=0000000000000000 rcx=0020006d00610072\n"
        "rip=fffff8061e426806 rsp=fffff38538047030 rbp=ffffd58321d56d8c\n"
        "orchard+0x16806:\n"
        "fffff806`1e426806 0fb74158        movzx   eax,word ptr [rcx+58h] ds:002b:00000000`00000058=????\n"
        "Resetting default scope\n\nPROCESS_NAME:  quill.exe\n"
    )
    assert (incident.kind, incident.faulting_module, incident.faulting_offset) == ("bugcheck", "orchard", 0x16806)


CUT = """\
on may be expected and handled.
eax=06700ff8 ebx=058f0f70 ecx=00000000 edx=00030000 esi=0019f30c edi=0019f300
eip=1000caf5 esp=0019f104 ebp=0019f1d4 iopl=0         nv up ei pl nz na po nc
quill!Render+0x15:
1000caf5 8b08            mov     ecx,dword ptr [eax]  ds:002b:06700ff8={}
"""


def test_an_exception_whose_own_row_is_cut_away_is_one_where_the_memory_was_not_there() -> None:
    incident = only(CUT.format("????????"))
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.target) == (0xC0000005, 0x06700FF8)
    assert (incident.faulting_module, incident.faulting_function) == ("quill", "Render")


def test_a_context_whose_memory_is_there_is_none() -> None:
    assert debugger.read(repair(CUT.format("00000001"), "utf-8")).incidents == ()


FOLDED = (
    "CRITICAL_SERVICE_FAILED (5a) A service that must run did not. Arguments: Arg1: 0000000000000001 Arg2: "
    "ffffd80f4bfe7070 Arg3: ffffb00b0513d320 Arg4: ffffffffc0000428 Debugging\nDetails: ------------------\n"
    "DUMP_CLASS: 1 DUMP_QUALIFIER: 401 BUILD_VERSION_STRING: 10.0.14393.1770 (rs1_release.170917-1700)\n"
    "DUMP_TYPE: 1 BUGCHECK_P1: 1 BUGCHECK_STR: 0x5A_c0000428 PROCESS_NAME: System CURRENT_IRQL: 0 STACK_TEXT: "
    "ffffc701`1dc74948 fffff803`b2ff4b4a : 00000000`0000005a 00000000`00000001 ffffd80f`4bfe7070 ffffb00b`0513d320 : "
    "nt!KeBugCheckEx ffffc701`1dc74950 fffff803`b2ff4c00 : 00000000`00000000 00000000`00000000 00000000`00000000 "
    "00000000`00000000 : nt!IopInitialize+0x1a\n"
)


def test_rows_of_an_analysis_that_ran_together() -> None:
    reading = debugger.read(repair(FOLDED, "utf-8"))
    (incident,) = reading.incidents
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.bugcheck.parameters) == (
        0x5A,
        (1, 0xFFFFD80F4BFE7070, 0xFFFFB00B0513D320, 0xFFFFFFFFC0000428),
    )
    assert incident.process is not None
    assert incident.process.name == "System"
    assert [frame.function for frame in incident.stack] == ["KeBugCheckEx", "IopInitialize"]
    assert reading.system is not None
    assert reading.system.build == 14393


FOLDED_SESSION = (
    "I ran it: Windows 7 Version 7601 (Service Pack 1) MP (4 procs) Free x86 compatible Product: WinNt, suite: "
    "SingleUserTS CommandLine: C:\\Apps\\gardener.exe ModLoad: 00400000 00487000 C:\\Apps\\gardener.exe ModLoad: "
    "77b00000 77c80000 C:\\Windows\\ntdll.dll (9a4.8b0): Access violation - code c0000005 (first chance) First chance "
    "exceptions are reported before any exception handling. This exception may be expected and handled. eax=00000000 "
    "ebx=00000001 ecx=00000002 edx=00000003 esi=00000004 edi=00000005 eip=00401a2c esp=0018ff50 ebp=0018ff88 iopl=0 nv "
    "up ei pl zr na pe nc cs=0023 ss=002b ds=002b es=002b fs=0053 gs=002b efl=00010246 orchard!Grow+0x12: 00401a2c "
    "8901 mov dword ptr [ecx],eax ds:002b:00000002=???????? 0:000> kb ChildEBP RetAddr Args to Child 0018ff50 00401b2c "
    "00000001 00000002 00000003 orchard!Grow+0x12 0018ff60 00401c2c 00000001 00000002 00000003 orchard!Plant+0x34\n"
)


def test_rows_of_a_session_that_ran_together() -> None:
    reading = debugger.read(repair(FOLDED_SESSION, "utf-8"))
    (incident,) = reading.incidents
    assert incident.exception is not None
    assert incident.process is not None
    assert reading.system is not None
    assert (incident.exception.code, incident.exception.target) == (0xC0000005, 2)
    assert (incident.process.name, incident.faulting_module) == ("gardener.exe", "orchard")
    assert [frame.function for frame in incident.stack] == ["Grow", "Plant"]
    assert (reading.system.build, [module.name for module in reading.modules]) == (7601, ["gardener.exe", "ntdll.dll"])


@pytest.mark.parametrize(
    "rows",
    [
        "kd> kb # RetAddr : Call Site 00 fffff802`46f0341d : nt!Grow+0xd 01 fffff802`46f03206 : nt!Plant+0x145",
        "kb RetAddr : Args to Child : Call Site fffff802`46f0341d : 00000000`00000001 00000000`00000002 "
        "00000000`00000003 00000000`00000004 : nt!Grow+0xd fffff802`46f03206 : 00000000`00000001 00000000`00000002 "
        "00000000`00000003 00000000`00000004 : nt!Plant+0x145",
        "STACK_TEXT: 0012f930 00469a16 00000001 00000002 00000003 nt!Grow+0xd 0012f968 0046915d 00000001 00000002 "
        "00000003 nt!Plant+0x145",
        "FramePtr ReturnAd Param#1 Param#2 Param#3 Param#4 Function Name 0006f958 6120444b 0008bea8 00000001 00ae000c "
        "00261d70 nt!Grow (FPO: [2,0,4]) 0006f974 6120438a 0008bea8 67700013 00261d70 00261100 nt!Plant",
        "k # Child-SP RetAddr Call Site 00 000000001ca85fc0 00007ffa0cc6e2a9 nt!Grow+0x52 01 000000001ca86060 "
        "00007ffa0cc76c15 nt!Plant+0x4d",
    ],
)
def test_frames_that_ran_together_behind_the_names_of_their_columns(rows: str) -> None:
    assert [frame.function for frame in only(f"{rows}\n").stack] == ["Grow", "Plant"]


def test_a_key_and_its_value_in_one_paragraph() -> None:
    incident = only(
        "KEY_VALUES_STRING: 1\n\nKey : Analysis.CPU.mSec Value: 4453\n\n"
        "Key : Bugcheck.Code.LegacyAPI Value: 0x3b\n\nKey : Failure.Bucket Value: 0x3B_C0000006_VRF_orchard!Grow\n"
    )
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.faulting_module) == (0x3B, "orchard")


def test_a_stop_in_one_row_with_its_bucket_and_its_time() -> None:
    incident = only(
        "LEAF_WATCHDOG_VIOLATION (133) FAILURE_BUCKET_ID: 0x133_ISR_orchard!unknown_function "
        "Debug session time: Wed Aug "
        "12 09:51:26.255 2026\n"
    )
    assert incident.bugcheck is not None
    assert (incident.bugcheck.code, incident.faulting_module) == (0x133, "orchard")


def test_the_rows_of_a_list_that_ran_together() -> None:
    reading = debugger.read(
        repair(
            "0:000> lm start end module name 00a90000 00c87000 gardener C (no symbols) 74c90000 74dfc000 "
            "orchard (deferred) 75110000 75189000 leaf_win (pdb symbols) "
            "c:\\symbols\\leaf_win.pdb\\88345C10\\leaf_win.pdb\n",
            "utf-8",
        )
    )
    assert [module.name for module in reading.modules] == ["gardener", "orchard", "leaf_win"]


def test_rows_that_stand_apart_stay_as_they_are() -> None:
    text = repair("STACK_TEXT:  \n" + WIDE_STACK + "PROCESS_NAME:  quill.exe\n", "utf-8")
    assert parted(text) is text


@given(st.lists(st.sampled_from([*FOLDED.split(" "), *FOLDED_SESSION.split(" "), "\n"]), max_size=60))
def test_no_word_is_lost_and_lines_stay_in_order(words: list[str]) -> None:
    text = Text(" ".join(words).split("\n"))
    apart = parted(text)
    assert " ".join(apart.rows).split() == " ".join(text.rows).split()
    assert list(apart.numbers) == sorted(apart.numbers)


def test_parameters_without_their_code_are_of_the_code_below() -> None:
    incident = only(
        "BUGCHECK_P1: ffffe0011e57d4c0\n\nBUGCHECK_P2: fffff800a4c620f0\n\nBUGCHECK_P3: 0\n\nBUGCHECK_P4: 0\n\n"
        "FAULTING_IP: \norchard+120f0\nfffff800`a4c620f0 ??              ???\n\nBUGCHECK_STR:  0x117\n"
    )
    assert incident.bugcheck is not None
    assert incident.bugcheck.parameters == (0xFFFFE0011E57D4C0, 0xFFFFF800A4C620F0, 0, 0)


@pytest.mark.parametrize("mark", ["\\n", "\\\\n"])
def test_an_analysis_in_a_string_of_json(mark: str) -> None:
    rows = (
        "FAULTING_IP: ",
        "quill!Render+0x45",
        "EXCEPTION_RECORD:  ffffffff -- (.exr 0xffffffff)",
        "ExceptionAddress: 00401a2c (quill!Render+0x00000045)",
        "   ExceptionCode: c0000005 (Access violation)",
        "STACK_TEXT:  ",
        "0012ff50 00401b10 00000010 00000000 00000000 quill!Render+0x45",
        "0012cf78 00401c80 00000001 00320ef0 00320f28 quill!main+0x40",
    )
    incident = only('{"output": "' + mark.join(rows) + '"}')
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module) == (0xC0000005, "quill")
    assert [frame.function for frame in incident.stack] == ["Render", "main"]


def test_paths_with_an_n_behind_a_backslash_stay_whole() -> None:
    row = r"copy C:\new\names\notes.txt C:\next\nine.txt"
    assert list(repair(row, "utf-8").rows) == [row]


def test_a_stack_of_one_column_under_its_heading() -> None:
    incident = only(
        "EXCEPTION_CODE: (NTSTATUS) 0xc0000005 - EXCEPTION_ACCESS_VIOLATION\nSTACK_TEXT:\n"
        "00000000`0014f2b0 quill!Page::Use+0x12 [page.cpp @ 5]\n00000000`0014f300 quill!main+0x1d\n"
    )
    assert [frame.function for frame in incident.stack] == ["Page::Use", "main"]


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [
        ("ChildEBP RetAddr", "0012f930 00469a16", "0012f968 0046915d"),
        (
            "ChildEBP RetAddr  Args to Child",
            "0012f930 00469a16 00000001 00000000 0012f9bc",
            "0012f968 0046915d 00000001 00000000 0012f9bc",
        ),
        (
            "Child-SP          RetAddr           Call Site",
            "00 00000012`0014f930 00007ff6`00469a16",
            "01 00000012`0014f968 00007ff6`0046915d",
        ),
    ],
)
def test_columns_of_a_stack_in_one_row_with_their_heading(heading: str, first: str, second: str) -> None:
    incident = only(
        f"So we get our trace: 0:000> k {heading} {first} quill!Draw+0x19 {second} quill!Page::Use+0x45 done"
    )
    assert [(frame.function, frame.offset) for frame in incident.stack] == [("Draw", 0x19), ("Page::Use", 0x45)]


def test_the_fields_below_those_of_the_machine_are_the_stop_s() -> None:
    machine = "".join(f"BIOS_FIELD_{chr(65 + number)}:  orchard\n\n" for number in range(20))
    incident = only(
        "DRIVER_LEAF (d4)\nArguments:\nArg1: fffff8075e1abae0, memory\nArg2: 0000000000000002, IRQL\n"
        "Arg3: 0000000000000000, read\nArg4: fffff8074eb48200, address\n\nDebugging Details:\n------------------\n\n"
        f"{machine}FAULTING_IP: \norchard+1bae0\nfffff807`5e1abae0 8b01\n"
    )
    assert (incident.kind, incident.faulting_module, incident.faulting_offset) == ("bugcheck", "orchard", 0x1BAE0)


def test_a_thread_s_stack_is_of_the_process_that_owns_it() -> None:
    incident = only(
        "        THREAD ffffcb003d6cf7c0  Cid 0584.0cac  Teb: 0000000000dcc000 WAIT: (Suspended) KernelMode\n"
        "        Owning Process            ffffcb003ff34200       Image:         orchard.exe\n"
        "        Attached Process          N/A            Image:         N/A\n"
        "        Child-SP          RetAddr               Call Site\n"
        "        ffff9e81`19bab450 fffff800`570bda9a     nt!KiSwapContext+0x76\n"
        "        ffff9e81`19bab590 fffff800`570bd461     leaf!Wait+0x16a\n"
    )
    assert incident.process is not None
    assert (incident.kind, incident.process.name) == ("stack", "orchard.exe")


def test_the_context_of_a_stored_exception_tells_where_it_was() -> None:
    context = "FILE_IN_CAB:  orchard.dmp\n\nNTGLOBALFLAG:  0\n\nCONTEXT:  (.ecxr)\nrax=0000000000000000\n"
    rows = (
        "iopl=0         nv up ei pl nz na pe nc\ncs=0033  ss=002b  ds=002b  es=002b  fs=0053  gs=002b  efl=00010202\n"
    )
    incident = only(f"{context}{rows}orchard+0xd2a30:\n0000\n")
    assert (incident.faulting_module, incident.faulting_offset) == ("orchard", 0xD2A30)
    assert not debugger.read(repair(context, "utf-8")).incidents


def test_an_analysis_that_was_cut_below_its_place_names_it() -> None:
    incident = only(
        "*                        Exception Analysis                                   *\n\nCONTEXT:  (.ecxr)\n"
        "rax=0000000000000005 rbx=000007f832abaf20 rcx=0000000000000000\n"
        "FAULTING_IP: \norchard!Grow+22 [d:\\orchard\\gro\n"
    )
    assert (incident.faulting_module, incident.faulting_function) == ("orchard", "Grow")


@pytest.mark.parametrize(
    "row",
    [
        "FAILURE_BUCKET_ID:  NULL_CLASS_PTR_READ_c0000005_orchard.exe!Unknown",
        "    Key  : Failure.Bucket\n    Value: NULL_CLASS_PTR_READ_c0000005_orchard.exe!Unknown",
        "It is always FAILURE_BUCKET_ID:  x\nFAILURE_BUCKET_ID: INVALID_POINTER_READ_c0000005_orchard.exe!Grow",
    ],
)
def test_a_bucket_alone_tells_code_and_image(row: str) -> None:
    incident = only(row)
    assert incident.exception is not None
    assert incident.process is not None
    assert (incident.exception.code, incident.faulting_module, incident.process.name) == (
        0xC0000005,
        "orchard.exe",
        "orchard.exe",
    )


@pytest.mark.parametrize("reason", ["APPLICATION_HANG", "APPLICATION_HANG_BusyHang"])
def test_the_bucket_of_a_hang_tells_its_code(reason: str) -> None:
    incident = only(f"MODULE_NAME: leaf\nIMAGE_NAME: leaf.dll\nFAILURE_BUCKET_ID: {reason}_cfffffff_leaf.dll!Unknown\n")
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module) == (0xCFFFFFFF, "leaf")


def test_the_inner_code_of_a_net_exception_is_no_other_one() -> None:
    incident = only(
        "EXCEPTION_RECORD:  (.exr -1)\nExceptionAddress: 761aa6f2 (LEAFBASE!RaiseException+0x00000062)\n"
        "   ExceptionCode: e0434352 (CLR exception)\n  ExceptionFlags: 00000001\nNumberParameters: 5\n"
        "   Parameter[0]: 8007000e\n\nPROCESS_NAME:  Orchard.exe\n\nEXCEPTION_CODE_STR:  8007000e\n"
    )
    assert incident.exception is not None
    assert incident.exception.code == 0xE0434352


def test_keys_with_their_values_and_frames_without_their_symbols_that_ran_together() -> None:
    folded = (
        "Flags.Value Value: 0 Key : WER.OS.Branch Value: vb_release Key : WER.OS.Version Value: 10.0.19041.1 "
        "BUGCHECK_CODE: 50 BUGCHECK_P1: ffffa1022b3c4d50 BUGCHECK_P2: 10 PROCESS_NAME: ledger.exe STACK_TEXT: "
        "ffffb20f1a2b3938 fffff8012c3d4b4a : ffffb20f1a2b3aa0 fffff8012c1d2000 0000000000000000 0000000000000000 "
        ": nt!DbgBreakPointWithStatus ffffb20f1a2b3940 fffff8012c3d4c00 : 0000000000000003 ffffb20f1a2b3aa0 "
        "fffff8012c2e1570 0000000000000050\n"
        " : nt!KiBugCheckDebugBreak+0x12 ffffb20f1a2b39a0 fffff8012c3d5000 : 0000000000000000 0000000000000000 "
        "0000000000000000 ffffa1022b3c4d50 : nt!KeBugCheck2+0x946 ffffb20f1a2b40b0 fffff8012c3d6000 : "
        "0000000000000050 ffffa1022b3c4d50 0000000000000010 ffffb20f1a2b4390 : nt!KeBugCheckEx+0x107\n"
    )
    reading = debugger.read(repair(folded, "utf-8"))
    assert reading.system is not None
    assert reading.system.build == 19041
    assert [frame.function for frame in reading.incidents[0].stack] == [
        "DbgBreakPointWithStatus",
        "KiBugCheckDebugBreak",
        "KeBugCheck2",
        "KeBugCheckEx",
    ]


def test_labels_without_even_a_blank_between_are_parted() -> None:
    incident = only(
        "Debugging Details:------------------PROCESS_NAME:  orchard.exeFAULTING_IP: leaf!Stop+0 [d:\\leaf.asm @ 59]"
        "81722ecc cc              int     3EXCEPTION_RECORD:  ffffffff -- (.exr -1)ExceptionAddress: 81722ecc "
        "(leaf!Stop)   ExceptionCode: c0000005 (Access violation)DEFAULT_BUCKET_ID:  LEAF_FAULTBUGCHECK_STR:  0x0"
        "CURRENT_IRQL:  2"
        "LAST_CONTROL_TRANSFER:  from 8086e99b to 81722eccSTACK_TEXT:  "
        "a0ba4ce8 8086e99b 89c48fd0 878663b0 6173b070 leaf!Stop [d:\\leaf.asm @ 59]"
        "a0ba4d14 80641b4c a1d68fa0 5e297058 6173b070 twig!Grow+0x1e3 [d:\\twig.cpp @ 270]"
    )
    assert incident.exception is not None
    assert incident.process is not None
    assert (incident.exception.code, incident.process.name) == (0xC0000005, "orchard.exe")
    assert [(frame.module, frame.function) for frame in incident.stack] == [("leaf", "Stop"), ("twig", "Grow")]


def test_the_callee_that_dumpstack_guesses_is_no_part_of_the_frame() -> None:
    incident = only(
        "0000008e09f39520 00007ffcdc0b4adf clr!Shim+0xa3, calling clr!Handler\n"
        "0000008e09f39550 00007ffce86e5e90 leaf!Call+0x104, calling leaf!Dispatch\n"
        "0000008e09f39560 00007ffce87cb5e0 leaf!List, calling leaf!Sym+0x18c\n"
    )
    assert [(frame.module, frame.function) for frame in incident.stack] == [
        ("clr", "Shim"),
        ("leaf", "Call"),
        ("leaf", "List"),
    ]


def test_what_a_program_tests_its_words_with_is_no_analysis() -> None:
    listed = (
        "$sample = @(\n    'BUGCHECK_CODE:  116',\n    'MODULE_NAME: leaf',\n"
        "    'FAILURE_BUCKET_ID:  0x116_IMAGE_leaf.sys',\n)"
    )
    assert debugger.read(repair(listed, "utf-8")).incidents == ()


def test_the_place_below_a_record_and_a_stack_without_the_fields_between() -> None:
    incident = only(
        "       ExceptionCode: c0000094 (Integer divide-by-zero)\n...\n"
        "STACK_TEXT:  \n"
        "00000063`2036f7e0 00007ff6`3be110b8 : ... : orchard!Share+0x44\n"
        "00000063`2036f800 00007ff6`3be1141d : ... : orchard!main+0x38\n\n"
        "FOLLOWUP_IP: \norchard!Share+44 [c:\\orchard\\share.cpp @ 7]\n"
    )
    assert (incident.kind, incident.faulting_module, incident.faulting_function) == ("exception", "orchard", "Share")


def test_a_breakpoint_in_the_name_of_the_bucket_is_the_programs_exception() -> None:
    incident = only(
        "SYMBOL_NAME:  orchard!Check::~Check+87\nMODULE_NAME: orchard\nIMAGE_NAME:  orchard.exe\n"
        "FAILURE_BUCKET_ID:  BREAKPOINT_80000003_orchard.exe!Check::_Check\n"
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.process and incident.process.name) == (0x80000003, "orchard.exe")


SUSPECT = "Probably caused by : orchard.sys ( orchard!Grow+4c )\n"


def test_of_a_crash_nothing_but_the_suspect_and_the_stack_is_left() -> None:
    incident = only(f"*** No owner thread found for resource 808a1230\n{SUSPECT}\n{NARROW_STACK}".replace("KeB", "B"))
    assert (incident.kind, incident.faulting_module, len(incident.stack)) == ("stack", "orchard.sys", 4)


def test_a_suspect_alone_is_no_crash() -> None:
    assert debugger.read(repair(SUSPECT, "utf-8")).incidents == ()


def test_the_classes_of_a_programs_problem_stand_in_a_row_where_the_primary_one_says_nothing() -> None:
    incident = only(
        "BUGCHECK_STR:  APPLICATION_FAULT_SOFTWARE_NX_FAULT_INVALID_POINTER_EXECUTE\n\n"
        "PRIMARY_PROBLEM_CLASS:  APPLICATION_FAULT\n\nLAST_CONTROL_TRANSFER:  from 004a1c3d to 436f6900\n"
    )
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005


def test_a_faulting_place_alone_at_the_end_of_a_post() -> None:
    incident = only("FAULTING_IP: \norchard!Grow+ff\n004a142f eb33            jmp     orchard!Grow+0x134 (004a1464)\n")
    assert (incident.faulting_module, incident.faulting_function) == ("orchard", "Grow")


@pytest.mark.parametrize(
    ("bucket", "module"),
    [
        ("0x133_ISR_orchard!unknown_function", "orchard"),
        ("0x139_3_CORRUPT_LIST_ENTRY_LEAF!Grow", "LEAF"),
        ("X64_0x7E_nt!Foo+12", "nt"),
        ("0x5A_c0000428_IMAGE_orchard.sys", "orchard.sys"),
        ("0x1_SysCallNum_0_nt!KiSystemServiceExit", None),
        ("0xA_ANALYSIS_INCONCLUSIVE!unknown_function", None),
        ("0x124_0_GenuineIntel_PROCESSOR_CACHE", None),
    ],
)
def test_whom_the_bucket_of_a_stop_blames(bucket: str, module: str | None) -> None:
    assert only(f"FAILURE_BUCKET_ID: {bucket}\n").faulting_module == module


def test_a_record_that_was_read_from_code_is_none() -> None:
    incident = only(
        "EXCEPTION_RECORD:  fffff800462351bb -- (.exr 0xfffff800462351bb)\nExceptionAddress: ccccccc328c48348\n"
        "   ExceptionCode: 50247c83\n  ExceptionFlags: 72850f00\nNumberParameters: -858993460\n\n"
        "STACK_TEXT:  \n" + WIDE_STACK
    )
    assert (incident.bugcheck and incident.bugcheck.code, incident.exception) == (0xA, None)


def test_a_dump_without_an_exception_has_the_code_zero() -> None:
    incident = only(
        "Unknown exception - code 00000000 (first/second chance not available)\n0: kd> kb\n"
        + WIDE_STACK.splitlines()[-1]
    )
    assert incident.exception is None


def test_the_thread_of_a_stack_may_be_the_systems_own() -> None:
    thread = "THREAD fffffa80045e1230  Cid 0004.0090  Teb: 0000000000000000 Win32Thread: 0000000000000000 RUNNING\n"
    incident = only(
        f"{thread}Owning Process            fffffa80045b1230       Image:         System\n"
        "Child-SP          RetAddr           : Args to Child                   : Call Site\n" + WIDE_STACK
    )
    assert incident.process is not None
    assert incident.process.name == "System"


CURRENT = (
    "PROCESS ffffaa8b859b5080\n    SessionId: 1  Cid: 0914    Peb: bfbe17f000  ParentCid: 015c\n"
    "    DirBase: 2f1e4002  ObjectTable: ffffcf856457ac80  HandleCount: 390.\n    Image: orchard.exe\n"
)


@pytest.mark.parametrize(
    ("command", "process"),
    [("!process", "orchard.exe"), ("!process -1 0", "orchard.exe"), ("!process 0 0", None), ("lm", None)],
)
def test_the_current_process_may_be_asked_for_below_the_stack(command: str, process: str | None) -> None:
    incident = only(f"0: kd> kb\n{NARROW_STACK.replace('KeBugCheck', 'Wait')}\n0: kd> {command}\n{CURRENT}0: kd> g\n")
    assert (incident.process.name if incident.process is not None else None) == process


def test_a_stop_is_named_right_below_the_command_that_analyses_it() -> None:
    incident = only(
        "3: kd> !analyze -v\nLEAF_FAULT_IN_ORCHARD (50)\nInvalid leaf was referenced.\n\n"
        "IMAGE_NAME:  orchard.sys\n\nPROCESS_NAME:  gardener.exe\n"
    )
    assert incident.bugcheck is not None
    assert incident.process is not None
    assert (incident.bugcheck.code, incident.faulting_module) == (0x50, "orchard.sys")
    assert incident.process.name == "gardener.exe"


@pytest.mark.parametrize("command", ["!analyze -show 0x50", "!help"])
def test_a_code_that_is_explained_is_no_stop(command: str) -> None:
    text = f"3: kd> {command}\nLEAF_FAULT_IN_ORCHARD (50)\nInvalid leaf was referenced.\n"
    assert not debugger.read(repair(text, "utf-8")).incidents


def test_a_damaged_stack_is_told_in_words_and_blamed_on_whom_the_extension_names() -> None:
    overrun, broken = debugger.read(
        repair(
            "STATUS_STACK_BUFFER_OVERRUN encountered\n"
            "(9a4.8b0): Break instruction exception - code 80000003 (first chance)\n"
            "eip=7594c1a5 esp=001be360 ebp=001be3dc iopl=0         nv up ei pl zr na pe nc\n"
            "kernel32!UnhandledExceptionFilter+0x5f:\n7594c1a5 cc              int     3\n0:000> !exploitable\n"
            "Exploitability Classification: EXPLOITABLE\n"
            "Recommended Bug Title: Exploitable - Stack Buffer Overrun (/GS Exception) starting at "
            "orchard!Row<tag>::Grow+0x0000000000001ae9 (Hash=0x4566123f.0x6266123f)\n",
            "utf-8",
        )
    ).incidents
    assert overrun.exception is not None
    assert (overrun.exception.code, broken.faulting_module) == (0xC0000409, "orchard")


def test_a_command_and_its_answer_in_one_row_are_the_answer() -> None:
    incident = only("0:000> .lastevent Last event: 1664.418: Access violation - code c0000005 (first chance)\n")
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.chance) == (0xC0000005, "first")


def test_of_a_stop_without_an_exception_the_record_below_tells_the_real_one() -> None:
    incident = only(
        "KMODE_EXCEPTION_NOT_HANDLED (1e)\nArguments:\n"
        "Arg1: 0000000000000000, The exception code that was not handled\n"
        "Arg2: 0000000000000000, The address that the exception occurred at\n"
        "EXCEPTION_CODE: (NTSTATUS) 0 (0) - STATUS_WAIT_0\n\n"
        "ERROR_CODE: (NTSTATUS) 0 - STATUS_WAIT_0\n\n"
        "EXCEPTION_RECORD:  fffff80000ba27c8 -- (.exr 0xfffff80000ba27c8)\n"
        "ExceptionAddress: fffff880078f344d (orchard+0x000000000041544d)\n"
        "   ExceptionCode: c0000005 (Access violation)\n"
    )
    assert incident.bugcheck is not None
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005


def test_an_analysis_that_is_cut_behind_its_record_is_one_incident() -> None:
    incident = only(
        "*                        Exception Analysis                                   *\n\n"
        "FAULTING_IP: \norchard!Grow+0\n00401a44 8b1482          mov     edx,dword ptr [edx+eax*4]\n\n"
        "EXCEPTION_RECORD:  (.exr -1)\n"
        "ExceptionAddress: 00401a44 (orchard!Grow)\n"
        "   ExceptionCode: c0000005 (Access violation)\n"
    )
    assert incident.exception is not None
    assert (incident.faulting_module, incident.faulting_function) == ("orchard", "Grow")


REFLOWED = """\
EXCEPTION_PARAMETER1:  00000000 BUGCHECK_STR:  0x1E_0 DEFAULT_BUCKET_ID:  DRIVER_FAULT STACK_TEXT: f245fc78
f2695af5 0000001e 00000001 804b1cd8 nt!KeBugCheck+0xf WARNING: Stack unwind information not available. Following frames
may be wrong. f245fc90 804b1d5e 828696f0 82614000 f219fd08 inkwell+0xaf5 f245fd58 804b1f9f 0000008c 82614000 f219fd08
nt!IopLoadDriver+0x672 00000000 00000000 00000000 00000000 00000000 nt!KiThreadStartup+0x16 STACK_COMMAND:  kb
FOLLOWUP_IP: inkwell+af5 f2695af5 8d45f4
"""


def test_an_analysis_that_was_reflowed_keeps_its_32_bit_calls() -> None:
    text = parted(Text(REFLOWED.split("\n")))
    first = text.rows.index("STACK_TEXT:")
    assert [row.split(" ")[5] for row in text.rows[first + 1 : first + 5]] == [
        "nt!KeBugCheck+0xf",
        "inkwell+0xaf5",
        "nt!IopLoadDriver+0x672",
        "nt!KiThreadStartup+0x16",
    ]
    assert list(text.numbers[first + 1 : first + 6]) == [1, 3, 3, 4, 4]
    assert text.rows[first + 5].startswith("STACK_COMMAND:")


@pytest.mark.parametrize(
    "rest",
    [
        "f2695af5 0000001e 00000001 804b1cd8 nt!KeBugCheck+0xf\nFOLLOWUP_IP: inkwell+af5",  # one call alone
        "\nf2695af5 0000001e 00000001 804b1cd8 nt!KeBugCheck+0xf f245fc90 804b1d5e 8286 inkwell+0xaf5",
    ],
)
def test_what_tells_no_calls_below_a_stack_stays_as_it_is(rest: str) -> None:
    head = "BUGCHECK_STR:  0x1E_0 DEFAULT_BUCKET_ID:  DRIVER_FAULT PROCESS_NAME: System STACK_TEXT: f245fc78"
    assert "STACK_TEXT: f245fc78" in parted(Text([head, *rest.split("\n")])).rows


def test_the_process_of_an_analysis_of_which_field_and_stack_are_left() -> None:
    text = (
        "PROCESS_NAME:  ledger.exe\n\nSTACK_TEXT:  \n"
        "ffffb507`5027d8d8 fffff805`18911fdf : 00000000`0000001e ffffffff`c0000005 fffff805`1dd8321d "
        "ffffb507`5027e918 : nt!KeBugCheckEx\n"
        "ffffb507`5027d8e0 fffff805`188181b6 : ffffb507`5027e150 fffff805`186330b5 ffffb507`5027eb50 "
        "fffff805`1dd8321d : nt!KiFatalFilter+0x1f\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"


def test_the_end_of_a_context_tells_where_an_analysis_without_its_head_was() -> None:
    incident = only(
        "cs=0010  ss=0018  ds=002b  es=002b  fs=0053  gs=002b             efl=00050206\ninkwell+0x10aba:\n"
        "fffff802`3f5a0aba 894f1c          mov     dword ptr [rdi+1Ch],ecx ds:002b:00000000`0000001c=????????\n"
        "Resetting default scope\n\nPROCESS_NAME:  System\n\n"
        "ERROR_CODE: (NTSTATUS) 0xc0000005 - The instruction at 0x%p referenced memory at 0x%p.\n\n"
        "EXCEPTION_CODE_STR:  c0000005\n\nSTACK_TEXT:  \n" + WIDE_STACK.splitlines()[-1] + "\n"
    )
    assert (incident.faulting_module, incident.faulting_offset) == ("inkwell", 0x10ABA)
