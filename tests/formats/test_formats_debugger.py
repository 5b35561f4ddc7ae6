"""What debuggers print, put together: which mentions are of one crash, and what belongs to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import debugger
from triage.formats.debugger.blame import Images
from triage.model.evidence import Incident, Module
from triage.text.format import Reading
from triage.text.repair import repair


def read(text: str) -> Reading:
    return debugger.read(repair(text, "utf-8"))


def only(text: str) -> Incident:
    (incident,) = read(text).incidents
    return incident


LOADS = (
    "ModLoad: 00400000 0041d000   C:\\apps\\quill.exe\nModLoad: 77f60000 77fbc000   C:\\WINNT\\System32\\ntdll.dll\n"
)
PLACE = (
    "eax=00000000 ebx=7efde000 ecx=00000010 edx=00000000 esi=00000000 edi=00000000\n"
    "eip=00401a2c esp=0012ff50 ebp=0012cf88 iopl=0         nv up ei pl zr na pe nc\n"
    "quill!Render+0x1c:\n"
    "00401a2c 8901            mov     dword ptr [ecx],eax  ds:002b:00000010=????????\n"
)
FIRST = "(9a4.1b2c): Access violation - code c0000005 (first chance)\n"
SECOND = "(9a4.1b2c): Access violation - code c0000005 (!!! second chance !!!)\n"
STACK = (
    "0:000> kb\n"
    "ChildEBP RetAddr  Args to Child\n"
    "0012ff50 00401b10 00000010 00000000 00000000 quill!Render+0x1c\n"
    "0012cf78 00401c80 00000001 00320ef0 00320f28 quill!Page::Print+0x40\n"
    "0012ffc0 7c816fd7 00333036 00363038 7ffd5000 quill!mainCRTStartup+0x143\n"
)


def test_first_and_second_chance_are_one_crash_and_both_stay_visible() -> None:
    incident = only(LOADS + FIRST + PLACE + "0:000> g\n" + SECOND + PLACE + STACK)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.chance) == (0xC0000005, "second")
    assert [message.text for message in incident.messages] == [
        "Access violation - code c0000005 (first chance)",
        "Access violation - code c0000005 (!!! second chance !!!)",
    ]
    assert (incident.exception.access, incident.exception.target) == ("write", 0x10)
    assert (incident.faulting_module, incident.faulting_offset, incident.faulting_function) == (
        "quill",
        0x1A2C,
        "Render",
    )
    assert [frame.function for frame in incident.stack] == ["Render", "Page::Print", "mainCRTStartup"]
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("quill.exe", 0x9A4)


@pytest.mark.parametrize(
    "other",
    [
        "(9a4.1b2c): Break instruction exception - code 80000003 (first chance)\n",
        "(9a4.1b2c): C++ EH exception - code e06d7363 (first chance)\n",
        FIRST + PLACE.replace("00401a2c", "00402b3d").replace("Render", "Draw"),
    ],
)
def test_another_code_or_address_is_another_incident(other: str) -> None:
    reading = read(LOADS + other + "0:000> g\n" + SECOND + PLACE)
    assert len(reading.incidents) == 2


def test_an_exception_that_comes_again_and_again_is_one_incident() -> None:
    incident = only("(9a4.1b2c): C++ EH exception - code e06d7363 (first chance)\n" * 500)
    assert incident.lines == (1, 500)


def test_other_dumps_are_other_sessions() -> None:
    log = "Loading Dump File [C:\\d\\{}.dmp]\n" + "\n" * 10 + SECOND + PLACE
    assert len(read(log.format("a.exe") + log.format("b.exe")).incidents) == 2


def test_modules_loaded_just_before_belong_to_the_exception() -> None:
    text = LOADS + "0:000> g\n" + (
        "ModLoad: 10010000 10020000   C:\\apps\\inkwell.dll\n"
        "ModLoad: 10030000 10048000   C:\\apps\\nib.dll\n"
    ) + FIRST  # fmt: skip
    reading = read(text)
    assert [module.name for module in reading.modules] == ["quill.exe", "ntdll.dll", "inkwell.dll", "nib.dll"]
    assert [module.name for module in reading.incidents[0].modules] == ["inkwell.dll", "nib.dll"]


def test_of_a_whole_start_up_only_the_last_modules_count() -> None:
    rows = "".join(
        f"ModLoad: {number:04x}0000 {number:04x}8000   C:\\apps\\m{number}.dll\n" for number in range(64, 164)
    )
    assert [module.name for module in only(rows + SECOND).modules] == [f"m{number}.dll" for number in range(159, 164)]


def test_the_debuggers_own_stop_has_no_modules_of_its_own() -> None:
    assert only(LOADS + "(1.2): Break instruction exception - code 80000003 (first chance)\n").modules == ()


@pytest.mark.parametrize("width", [24, 31, 37, 44, 60, 200])
@pytest.mark.parametrize("cut", ["words", "anywhere"])
def test_rows_run_together_and_wrapped(width: int, cut: str) -> None:
    words = (
        "ModLoad: 10010000 10020000 C:\\Apps\\Alpha.dll ModLoad: 10030000 10048000 C:\\Apps\\Beta.dll "
        "ModLoad: 10050000 1005e000 C:\\Apps\\Gamma.dll Access violation - code c0000005 (first chance)"
    )
    if cut == "anywhere":
        lines = [words[start : start + width] for start in range(0, len(words), width)]
    else:
        lines, line = [], ""
        for word in words.split():
            if line and len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    reading = read("\n".join(lines) + "\n")
    (incident,) = reading.incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.chance) == (0xC0000005, "first")
    assert [module.name for module in reading.modules] == ["Alpha.dll", "Beta.dll", "Gamma.dll"]
    assert [module.name for module in incident.modules] == ["Alpha.dll", "Beta.dll", "Gamma.dll"]


ANALYSIS = """\
0:000> !analyze -v
*******************************************************************************
*                        Exception Analysis                                   *
*******************************************************************************

FAULTING_IP:
msvcr70!memcpy+33
7c341ca3 f3a5            rep movs dword ptr es:[edi],dword ptr [esi]

EXCEPTION_RECORD:  ffffffff -- (.exr 0xffffffffffffffff)
ExceptionAddress: 7c341ca3 (msvcr70!memcpy+0x00000033)
   ExceptionCode: c0000005 (Access violation)
  ExceptionFlags: 00000000
NumberParameters: 2
   Parameter[0]: 00000001
   Parameter[1]: 0000000c
Attempt to write to address 0000000c

PROCESS_NAME:  ledger.exe

ERROR_CODE: (NTSTATUS) 0xc0000005 - The instruction at "0x%08lx" referenced memory at "0x%08lx".

STACK_TEXT:
0012f9a4 00412b3c 0000000c 00320ef0 00000040 msvcr70!memcpy+0x33
0012f9c0 00412f10 00320ef0 00000000 00000000 ledger!Post::Copy+0x5c

SYMBOL_NAME:  ledger!Post::Copy+5c
MODULE_NAME: ledger
IMAGE_NAME:  ledger.exe
FAILURE_BUCKET_ID:  INVALID_POINTER_WRITE_c0000005_ledger.exe!Post::Copy
Followup: MachineOwner
"""


@pytest.mark.parametrize("before", ["", "(9a4.1): Access violation - code c0000005 (first chance)\n"])
def test_an_analysis_and_its_event_are_one_incident(before: str) -> None:
    incident = only(before + ANALYSIS)
    assert incident.exception is not None
    assert incident.exception.address == 0x7C341CA3
    assert incident.exception.parameters == (1, 0xC)
    assert (incident.exception.access, incident.exception.target) == ("write", 0xC)
    assert incident.exception.chance == ("first" if before else None)
    assert (incident.faulting_module, incident.faulting_function) == ("ledger", "Post::Copy")
    assert incident.process is not None
    assert incident.process.name == "ledger.exe"
    assert len(incident.stack) == 2


@pytest.mark.parametrize(
    ("bucket", "module"), [("NULL_POINTER_READ_WRONG_SYMBOLS", "ledger"), ("NULL_POINTER_READ", "ntdll")]
)
def test_a_faulting_module_without_fitting_symbols_is_none(bucket: str, module: str) -> None:
    incident = only(
        "FAULTING_MODULE: 76ec0000 ntdll\n\nERROR_CODE: (NTSTATUS) 0xc0000005 - 0x%p\n\n"
        "EXCEPTION_CODE: (NTSTATUS) 0xc0000005 - 0x%p\n\nREAD_ADDRESS:  00000000 \n\n"
        f"BUGCHECK_STR:  APPLICATION_FAULT_{bucket}\n\nSTACK_TEXT:  \n"
        "05c5f59c 00f351b9 01638048 0169e3b8 01679550 ledger!Post::Grow+0x47\n"
        "05c5f5f4 00f6b130 01638048 0169e3b8 5d18635c ledger!main+0x3f9\n"
    )
    assert incident.faulting_module == module


def test_a_stop_has_the_exception_of_its_bucket_where_the_parameters_are_lost() -> None:
    incident = only(
        "    Key  : Bugcheck.Code.LegacyAPI\n    Value: 0x3b\n\n    Key  : Failure.Bucket\n"
        "    Value: 0x3B_C0000006_VRF_post!Grow\n\n    Key  : Failure.Exception.IP.Module\n    Value: post\n\n"
        "    Key  : Failure.Exception.IP.Offset\n    Value: 0x5c191\n"
    )
    assert incident.bugcheck is not None
    assert incident.exception is not None
    assert (incident.bugcheck.code, incident.exception.code) == (0x3B, 0xC0000006)
    assert (incident.faulting_module, incident.faulting_offset) == ("post", 0x5C191)


def test_its_template_of_a_message_is_hidden_from_later_formats() -> None:
    text = repair(ANALYSIS, "utf-8")
    rest = text.without(debugger.read(text).claimed)
    assert not any("referenced memory" in row for row in rest.rows)


STOP = """\
*                        Bugcheck Analysis                                    *
KERNEL_MODE_EXCEPTION_NOT_HANDLED (8e)
Some common problems are exception code 0x80000003.  This means a hard
coded breakpoint or assertion was hit, but this system was booted
Arguments:
Arg1: c0000005, The exception code that was not handled
Arg2: f8a41b2c, The address that the exception occurred at
Arg3: a7c1e4b0, Trap Frame
Arg4: 00000000
{details}"""
DETAILS = """\
EXCEPTION_CODE: (NTSTATUS) 0xc0000005 - The instruction at 0x%08lx referenced memory at 0x%08lx.
BUGCHECK_STR:  0x8E
PROCESS_NAME:  ledger.exe
MODULE_NAME: inkwell
IMAGE_NAME:  inkwell.sys
SYMBOL_NAME:  inkwell+1b2c
"""


@pytest.mark.parametrize("details", ["", DETAILS])
def test_a_stop_holds_the_exception_that_it_hands_over(details: str) -> None:
    incident = only(STOP.format(details=details))
    assert incident.kind == "bugcheck"
    assert incident.bugcheck is not None
    assert incident.bugcheck.code == 0x8E
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0xF8A41B2C)
    assert (incident.faulting_module, incident.faulting_offset) == (("inkwell", 0x1B2C) if details else (None, None))


def test_the_cause_of_a_stop_gives_module_and_offset() -> None:
    incident = only("BugCheck 50, {e1065000, 0, f8a41b2c, 1}\nProbably caused by : inkwell.sys ( inkwell+1b2c )\n")
    assert incident.bugcheck is not None
    assert incident.bugcheck.caused_by == "inkwell.sys"
    assert (incident.faulting_module, incident.faulting_offset) == ("inkwell.sys", 0x1B2C)


@pytest.mark.parametrize("cause", ["Unknown_Image ( ANALYSIS_INCONCLUSIVE )", "Unknown_Image ( nt!KeBugCheckEx+1b )"])
def test_a_cause_that_the_debugger_did_not_find_is_no_module(cause: str) -> None:
    assert only(f"BugCheck 50, {{e1065000, 0, f8a41b2c, 1}}\nProbably caused by : {cause}\n").faulting_module in {
        None,
        "nt",
    }


def test_the_code_of_a_cut_analysis_stands_on_the_stack() -> None:
    incident = only(
        "MODULE_NAME: inkwell\nDEFAULT_BUCKET_ID:  DRIVER_FAULT\nBUGCHECK_STR:  AV\nSTACK_TEXT:\n"
        "fffff880`03b1a368 fffff800`02c9505e : 00000000`00000050 ffffffff`ffffffd0 00000000`00000001 "
        "fffff880`03b1a5d0 : nt!KeBugCheckEx\n"
        "fffff880`03b1a370 fffff800`02b68839 : 00000000`00000001 ffffe001`4963f080 00000000`00000000 "
        "ffffe001`528fa080 : nt!MmAccessFault+0x2210e\n"
    )
    assert incident.bugcheck is not None
    assert incident.bugcheck.code == 0x50
    assert incident.bugcheck.parameters == (0xFFFFFFFFFFFFFFD0, 1, 0xFFFFF88003B1A5D0)
    assert incident.faulting_module == "inkwell"


CONTEXT = """0:000> .ecxr
eax=00000000 ebx=7efde000 ecx=00000010 edx=00000000 esi=00000000 edi=00000000
eip=00401a2c esp=0018ff50 ebp=0018ff88 iopl=0         nv up ei pl zr na pe nc
cs=0023  ss=002b  ds=002b  es=002b  fs=0053  gs=002b             efl=00010246
ledger!Post+0x12:
00401a2c 8901            mov     dword ptr [ecx],eax  ds:002b:00000010={}
0:000> k
ChildEBP RetAddr
0018ff88 7637338a quill!Render+0x1c
0018ff94 77899f72 kernel32!BaseThreadInitThunk+0xe
"""


@pytest.mark.parametrize(("memory", "place"), [("????????", ("ledger", "Post")), ("00000001", (None, None))])
def test_the_context_above_a_stack_tells_where_memory_was_not_there(
    memory: str, place: tuple[str | None, str | None]
) -> None:
    (incident,) = read(CONTEXT.format(memory)).incidents
    assert (incident.kind, len(incident.stack)) == ("stack", 2)
    assert (incident.faulting_module, incident.faulting_function) == place


def test_the_symbol_and_the_instruction_are_a_context_without_registers() -> None:
    rows = CONTEXT.format("????????").split("\n")
    (incident,) = read("\n".join(rows[4:])).incidents
    assert (incident.faulting_module, incident.faulting_function) == ("ledger", "Post")


def test_the_debuggers_break_after_a_stop_is_an_incident_of_its_own() -> None:
    reading = read(
        "*** Fatal System Error: 0x000000d1\n   (0x00000008,0x00000002,0x00000000,0xF8A41B2C)\n\n"
        "Break instruction exception - code 80000003 (first chance)\nnt!DbgBreakPointWithStatus+0x4:\n"
    )
    assert [incident.kind for incident in reading.incidents] == ["bugcheck", "exception"]


def test_registers_that_the_user_asked_for_later() -> None:
    incident = only("kd> .lastevent\nLast event: Access violation - code c0000005 (first chance)\nkd> r\n" + PLACE)
    assert incident.exception is not None
    assert incident.exception.address == 0x401A2C
    assert incident.faulting_module == "quill"


def test_of_several_stacks_the_one_that_begins_at_the_exception() -> None:
    waiting = (
        "0:001> k\nChildEBP RetAddr\n0155fe38 77f6fc7b ntdll!NtWaitForSingleObject+0xb\n"
        "0155ceac 77f64456 quill!Idle+0x10\n"
    )
    assert only(FIRST + PLACE + waiting + STACK).stack[0].function == "Render"


def test_without_anything_else_every_thread_speaks_for_itself() -> None:
    threads = "".join(
        f"   {number}  Id: 1364.{number + 16:x} Suspend: 1 Teb: 7ffd{number}000 Unfrozen\n"
        "ChildEBP RetAddr  Args to Child\n"
        "0155ce38 77f6fc7b 00000414 00000000 00000000 ntdll!NtWaitForSingleObject+0xb\n"
        f"0155ceac 77f64456 6862a100 6862242e 6862a100 {name}+0xaa\n"
        for number, name in enumerate(["quill!Idle", "quill!Lock", "quill!Idle"])
    )
    reading = read("0:006> ~*kb\n" + threads)
    assert [incident.kind for incident in reading.incidents] == ["stack", "stack"]
    assert [incident.stack[1].function for incident in reading.incidents] == ["Idle", "Lock"]


@pytest.mark.parametrize(
    ("event", "mark"),
    [
        ("Access violation - code c0000005 (first chance)\n", "#"),
        ("(1364.12): Access violation - code c0000005 (first chance)\n", "."),
    ],
)
def test_of_all_threads_the_one_that_had_the_exception(event: str, mark: str) -> None:
    threads = "".join(
        f"{mark if number == 2 else ' '}  {number}  id: 1364.{number + 16:x}   Suspend: 1 Teb 7ffd{number}000\n"
        f"ChildEBP RetAddr\n0155fe38 77f6fc7b NTDLL!Zw{name}+0xb\n0155feac 77f64456 quill!{name}+0xaa\n\n"
        for number, name in enumerate(["Wait", "Read", "Free", "Delay"])
    )
    assert only(event + "0:000> ~*k\n" + threads).stack[1].function == "Free"


def test_after_breaking_in_the_other_threads_speak_too() -> None:
    text = (
        "(1364.17e0): Break instruction exception - code 80000003 (first chance)\n0:006> ~*kb\n"
        "   0  Id: 1364.17e0 Suspend: 1 Teb: 7ffdf000 Unfrozen\nChildEBP RetAddr\n"
        "0155ce38 77f6fc7b ntdll!DbgBreakPoint\n0155fe78 77f6cc9b ntdll!DbgUiRemoteBreakin+0x2d\n"
        "   1  Id: 1364.1330 Suspend: 1 Teb: 7ffde000 Unfrozen\nChildEBP RetAddr\n"
        "0165fe38 77f6fc7b ntdll!NtWaitForSingleObject+0xb\n0165feac 77f64456 quill!Lock+0xaa\n"
    )
    assert [incident.kind for incident in read(text).incidents] == ["exception", "stack"]


@pytest.mark.parametrize(
    "text",
    [
        "CONTEXT:  production\nMODULE_NAME: billing\nERROR_CODE: 404\n",
        "Some common problems are exception code 0x80000003.  This means a hard coded breakpoint was hit.\n",
        "0:000> .echo Break - code c0000005 (first chance)\nBreak - code c0000005 (first chance)\n",
        "0:000> !analyze -v\n0:000> k\n",
        'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\nValueError: exception code\n',
        "Microsoft (R) Windows Debugger Version 6.12.0002.633 X86\nSymbol search path is: C:\\symbols\n",
        LOADS,
        "Arguments\nArg1 1\nSTACK_TEXT:\n\n",
    ],
)
def test_what_is_no_crash(text: str) -> None:
    assert read(text).incidents == ()


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "0",
        " ",
        "\n",
        "ModLoad: ",
        SECOND,
        "quill!a+0x1\n",
        "BugCheck 1, {1, 2, 3, 4}\n",
        "MODULE_NAME: a\nMODULE_NAME: b\n",
        "kd> k\n",
    ],
)
def test_a_megabyte_of_one_thing_is_read(unit: str) -> None:
    assert len(read(unit * (1_000_000 // len(unit))).incidents) <= 5_000


PIECES = st.sampled_from(
    [
        *LOADS.splitlines(),
        *PLACE.splitlines(),
        FIRST,
        SECOND,
        *STACK.splitlines(),
        *ANALYSIS.splitlines(),
        *STOP.splitlines(),
        *DETAILS.splitlines(),
        "",
        "words between",
        "0:000> g",
    ]
)


@given(st.lists(PIECES, max_size=40))
@settings(deadline=None, max_examples=150)
def test_rows_in_any_order_are_read(rows: list[str]) -> None:
    reading = read("\n".join(rows))
    for incident in reading.incidents:
        assert 1 <= incident.lines[0] <= incident.lines[1]
    assert all(first <= last for first, last in reading.claimed)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(-3, 20)), max_size=12),
    st.lists(st.integers(0, 80), min_size=30, max_size=60),
)
def test_modules_are_found_by_address_as_one_by_one(spans: list[tuple[int, int]], addresses: list[int]) -> None:
    modules = [Module(name=f"m{number}", base=base, end=base + size) for number, (base, size) in enumerate(spans)]
    images = Images(modules)
    for address in addresses:
        holders = [one for one, (base, size) in zip(modules, spans, strict=True) if base <= address < base + size]
        assert images.holder(address) == (holders[-1] if holders else None)
