"""Runtimes and tools: .NET, Java, ProcDump, the output window of Visual Studio."""

from collections.abc import Sequence

import pytest

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import DOTNET, JAVA, PROCDUMP, VISUALSTUDIO
from triage.text.repair import repair

TRACE = (
    "   at Orchard.Trees.Leaf.Grow(Int32 days) in C:\\src\\Leaf.cs:line 42\n   at Orchard.Program.Main(String[] args)\n"
)


@pytest.mark.parametrize(
    "words", ["Unhandled exception. ", "Unhandled Exception: ", "[12:01:02] Unhandled exception. "]
)
def test_an_unhandled_dotnet_exception_has_a_type_and_no_code(words: str) -> None:
    incident = only_incident(DOTNET, f"{words}System.NullReferenceException: Object reference not set.\n{TRACE}")
    assert incident.exception is None
    assert [message.text for message in incident.messages] == [
        "System.NullReferenceException: Object reference not set."
    ]
    assert frames(incident) == ["Orchard.Trees.Leaf.Grow", "Orchard.Program.Main"]
    assert incident.stack[0].source == "C:\\src\\Leaf.cs:line 42"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"Fatal error. Internal CLR error. (0x80131506)\n{TRACE}", 0x80131506),
        (
            f"Fatal error. System.AccessViolationException: Attempted to read or write protected memory.\n{TRACE}",
            0xC0000005,
        ),
        (f"Fatal error. 0xC0000005\n{TRACE}", 0xC0000005),
        (f"Stack overflow.\nRepeat 24105 times:\n--------------------------------\n{TRACE}", 0xC00000FD),
    ],
)
def test_fatal_errors_of_the_runtime(text: str, code: int) -> None:
    incident = only_incident(DOTNET, text)
    assert incident.exception is not None
    assert incident.exception.code == code
    assert frames(incident, 1) == ["Orchard.Trees.Leaf.Grow"]


@pytest.mark.parametrize(
    "text",
    [
        f"2024-05-01 ERROR Orchard.Web: request failed System.IO.IOException: The device is not ready.\n{TRACE}",
        f"warn: an unhandled exception has occurred while executing the request.\n{TRACE}",
        "make: Fatal error. Stop.\n",
    ],
)
def test_traces_that_a_program_logged_are_no_crash(text: str) -> None:
    assert DOTNET.read(repair(text, "utf-8")).incidents == ()


def test_an_exception_object_as_sos_prints_it() -> None:
    incident = only_incident(
        DOTNET,
        "0:000> !pe\nException object: 000001f2a4c01d58\nException type:   System.IO.IOException\n"
        "Message:          The device is not ready.\nInnerException:   <none>\nStackTrace (generated):\n"
        "    SP               IP               Function\n"
        "    000000D1FBCD4B00 00007FFAC8AE1FC5 Orchard!Orchard.Program.Main()+0x85\n\nStackTraceString: <none>\n"
        "HResult: 80131620\n",
    )
    assert incident.exception is not None
    assert incident.exception.code == 0x80131620
    assert frames(incident) == ["Orchard!Orchard.Program.Main"]


def test_in_a_debuggers_session_the_debugger_tells_the_exception() -> None:
    text = (
        "(1a2c.1b3c): CLR exception - code e0434352 (first chance)\n0:000> !pe\n"
        "Exception object: 000001f2a4c01d58\nException type:   System.IO.IOException\nHResult: 80131620\n"
    )
    evidence = read_evidence(text.encode())
    assert [one.exception.code for one in evidence.incidents if one.exception] == [0xE0434352]


def test_the_box_of_windows_forms_lists_assemblies() -> None:
    found = reading(
        DOTNET,
        "************** Exception Text **************\n"
        f"System.Runtime.InteropServices.COMException (0x80004005): Error HRESULT E_FAIL\n{TRACE}\n\n"
        "************** Loaded Assemblies **************\nmscorlib\n    Assembly Version: 4.0.0.0\n"
        "    Win32 Version: 4.8.4250.0 built by: NET48REL1LAST_C\n"
        "    CodeBase: file:///C:/Windows/Microsoft.NET/Framework/v4.0.30319/mscorlib.dll\n"
        "----------------------------------------\nOrchard\n    Win32 Version: 1.0.0.0\n"
        "    CodeBase: file:///C:/Orchard/Orchard.exe\n----------------------------------------\n",
    )
    (incident,) = found.incidents
    assert incident.exception is not None
    assert incident.exception.code == 0x80004005
    assert [(module.name, module.version) for module in found.modules] == [
        ("mscorlib.dll", "4.8.4250.0"),
        ("Orchard.exe", "1.0.0.0"),
    ]


JAVA_ERROR = """\
#
# A fatal error has been detected by the Java Runtime Environment:
#
#  EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x00007ffb2e9e1a35, pid=9412, tid=4712
#
# JRE version: OpenJDK Runtime Environment (17.0.1+12) (build 17.0.1+12)
# Problematic frame:
# C  [nvoglv64.dll+0x9e1a35]
#
Native frames: (J=compiled Java code, A=aot compiled Java code, j=interpreted, Vv=VM code, C=native code)
C  [nvoglv64.dll+0x9e1a35]
V  [jvm.dll+0x2b5c3a]  JVM_FindSignal+0x1ca
C  0x00007ffb2e9e1a35
J 1234 c2 java.util.HashMap.get(Ljava/lang/Object;)Ljava/lang/Object; java.base@17 (23 bytes) @ 0x1
j  org.orchard.WindowsContext.nSwap(J)V+0

siginfo: EXCEPTION_ACCESS_VIOLATION (0xc0000005), reading address 0x0000000000000008

Dynamic libraries:
0x00007ff7c4d30000 - 0x00007ff7c4d3f000 \tC:\\Java\\bin\\javaw.exe
0x00007ffb2e000000 - 0x00007ffb30000000 \tC:\\Windows\\System32\\nvoglv64.dll

OS:
 Windows 10 , 64 bit Build 19041 (10.0.19041.1237)
"""


def test_javas_error_file() -> None:
    found = reading(JAVA, JAVA_ERROR)
    (incident,) = found.incidents
    record = incident.exception
    assert record is not None
    assert (record.code, record.address, record.access, record.target) == (0xC0000005, 0x7FFB2E9E1A35, "read", 8)
    assert (incident.faulting_module, incident.faulting_offset) == ("nvoglv64.dll", 0x9E1A35)
    assert frames(incident, 9) == [
        "nvoglv64.dll+9e1a35",
        "jvm.dll+2b5c3a",
        "7ffb2e9e1a35",
        "java.util.HashMap.get",
        "org.orchard.WindowsContext.nSwap",
    ]
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("javaw.exe", 9412)
    assert [module.name for module in found.modules] == ["javaw.exe", "nvoglv64.dll"]
    assert found.system is not None
    assert (found.system.build, found.system.revision) == (19041, 1237)


def test_the_head_alone_names_one_frame() -> None:
    incident = only_incident(JAVA, JAVA_ERROR.split("Native frames", maxsplit=1)[0])
    assert frames(incident) == ["nvoglv64.dll+9e1a35"]


@pytest.mark.parametrize(
    ("row", "build", "pack"),
    [
        ("OS: Windows 7 , 64 bit Build 7601 Service Pack 1", 7601, 1),
        ("OS: Windows Server 2012 R2 , 64 bit Build 9600 (6.3.9600.17415)", 9600, None),
        ("OS: Windows XP Build 2600 Service Pack 3", 2600, 3),
    ],
)
def test_javas_row_of_the_system(row: str, build: int, pack: int | None) -> None:
    system = reading(JAVA, JAVA_ERROR.split("OS:", maxsplit=1)[0] + row).system
    assert system is not None
    assert (system.build, system.service_pack) == (build, pack)


def test_a_signal_of_another_system_is_no_windows_crash() -> None:
    text = JAVA_ERROR.split("# JRE", maxsplit=1)[0].replace("EXCEPTION_ACCESS_VIOLATION (0xc0000005)", "SIGSEGV (0xb)")
    assert reading(JAVA, text).incidents == ()


PROCDUMP_LOG = """\
ProcDump v9.0 - Sysinternals process dump utility
Process:               orchard.exe (1234)
Press Ctrl-C to end monitoring without terminating the process.

[10:20:30] Exception: C0000005.ACCESS_VIOLATION
[10:20:31] Exception: E0434F4D.System.IO.IOException ("The device is not ready.")
[10:20:31] Exception: E0434F4D.System.IO.IOException ("The device is not ready.")
[10:20:32] Unhandled: C0000005.ACCESS_VIOLATION
[10:20:32] Dump 1 initiated: C:\\dumps\\orchard.exe_200101_102032.dmp
"""


def test_procdump_tells_each_exception_once() -> None:
    found = reading(PROCDUMP, PROCDUMP_LOG)
    told = [(one.exception.code, one.exception.chance) for one in found.incidents if one.exception]
    assert told == [(0xC0000005, "second"), (0xE0434F4D, "first")]
    assert {(one.process.name, one.process.pid) for one in found.incidents if one.process} == {("orchard.exe", 1234)}


def test_procdump_names_the_process_by_its_dump_where_nothing_else_does() -> None:
    rows = [row for row in PROCDUMP_LOG.splitlines() if not row.startswith("Process:")]
    processes = {one.process.name for one in reading(PROCDUMP, "\n".join(rows)).incidents if one.process}
    assert processes == {"orchard.exe"}


OUTPUT = """\
'orchard.exe' (Win32): Loaded 'C:\\Orchard\\orchard.exe'. Symbols loaded.
'orchard.exe' (Win32): Loaded 'C:\\Windows\\System32\\ntdll.dll'. Cannot find or open the PDB file.
Loaded 'C:\\Windows\\System32\\kernel32.dll'. Symbols loaded.
{thrown}The thread 0x1a2c has exited with code 0 (0x0).
The program '[4242] orchard.exe' has exited with code {exit}.
"""
CRASHED = "-1073741819 (0xc0000005) 'Access violation'"
THROWN = (
    "Exception thrown at 0x00007FF6A2A31234 in orchard.exe: 0xC0000005: Access violation reading location "
    "0x0000000000000004.\n"
)


def test_visual_studios_modules_and_how_the_program_ended() -> None:
    found = reading(VISUALSTUDIO, OUTPUT.format(thrown="", exit=CRASHED))
    assert [module.name for module in found.modules] == ["orchard.exe", "ntdll.dll", "kernel32.dll"]
    (incident,) = found.incidents
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("orchard.exe", 4242)
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005


def test_an_exception_and_the_exit_that_it_caused_are_one() -> None:
    evidence = read_evidence(OUTPUT.format(thrown=THROWN, exit=CRASHED).encode())
    (incident,) = evidence.incidents
    assert incident.exception is not None
    assert (incident.exception.address, incident.exception.target) == (0x7FF6A2A31234, 4)
    assert len(evidence.modules) == 3


@pytest.mark.parametrize("code", ["0 (0x0)", "1 (0x1)", "-1 (0xffffffff)", "-1073741510 (0xc000013a)"])
def test_ordinary_ends_are_no_crash(code: str) -> None:
    assert reading(VISUALSTUDIO, OUTPUT.format(thrown="", exit=code)).incidents == ()


def test_the_call_stack_window_below_an_exception_is_its_stack() -> None:
    text = (
        "Unhandled exception at 0x00007FF6A2A31234 in orchard.exe: 0xC0000005: Access violation.\n\n"
        ">\torchard.exe!Leaf::Grow(int days) Line 42\tC++\n"
        " \torchard.exe!main(int argc, char * * argv) Line 12\tC++\n"
        " \t[External Code]\t\n \tkernel32.dll!00007ffb2e9e1a35()\tUnknown\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert frames(incident) == ["orchard.exe!Leaf::Grow", "orchard.exe!main", "7ffb2e9e1a35"]
    assert incident.exception is not None


@pytest.mark.parametrize("heading", ["        Child SP               IP Call Site", "ESP       EIP     "])
def test_managed_frames_of_clrstack_name_no_module(heading: str) -> None:
    text = (
        f"OS Thread Id: 0x1a2c (0)\n{heading}\n"
        "000000D11FBCE1A8 00007FFB6C402F28 [HelperMethodFrame: 000000d11fbce1a8]\n"
        "000000D11FBCE4B0 00007FFAC8AE1FC5 Orchard.Program.Error() [c:\\src\\Program.cs @ 56]\n"
        "000000D11FBCD4F0 00007FFAC8AE2F00 Orchard.Program.Main(System.String[]) [c:\\src\\Program.cs @ 12]\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert frames(incident) == ["Orchard.Program.Error", "Orchard.Program.Main"]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("Unbehandelte Ausnahme: ", "bei"),
        ("Exception non gérée : ", "à"),
        ("未经处理的异常: ", "在"),
        ("Необработанное исключение: ", "в"),
    ],
)
def test_the_words_of_the_runtime_are_translated(words: str, at: str) -> None:
    text = f"{words}System.NullReferenceException: Kein Objekt.\n{TRACE.replace('   at', f'   {at}')}"
    incident = only_incident(DOTNET, text)
    assert incident.messages[0].text == "System.NullReferenceException: Kein Objekt."
    assert incident.stack[0].function == "Orchard.Trees.Leaf.Grow"


TRANSLATED = """\
************** {heading} **************
System.NullReferenceException: Nada.
   em Orchard.Trees.Leaf.Grow(Int32 days)

************** Assemblies Carregados **************
mscorlib
    Versão do Assembly: 4.0.0.0
    Base de Código: file:///C:/Windows/Microsoft.NET/Framework/v4.0.30319/mscorlib.dll
----------------------------------------
Orchard
    Versão do Assembly: 3.1.0.0
    Base de Código: file:///C:/Orchard/Orchard.exe
----------------------------------------
************** Depuração JIT **************
"""


@pytest.mark.parametrize("heading", ["Texto de Exceção", "Ausnahmetext", "异常文本", "Özel Durum Metni"])
def test_the_box_is_translated_and_names_the_program_among_its_assemblies(heading: str) -> None:
    found = reading(DOTNET, TRANSLATED.format(heading=heading))
    (incident,) = found.incidents
    assert incident.process is not None
    assert incident.process.name == "Orchard.exe"
    assert [(module.name, module.version) for module in found.modules] == [
        ("mscorlib.dll", "4.0.0.0"),
        ("Orchard.exe", "3.1.0.0"),
    ]


def test_an_internal_error_of_java_with_a_code_is_an_exception() -> None:
    incident = only_incident(
        JAVA,
        "#  Internal Error (0xe06d7363), pid=5180, tid=6324\n#\n# Problematic frame:\n# C  [KERNELBASE.dll+0xb9a4]\n",
    )
    assert incident.exception is not None
    assert incident.exception.code == 0xE06D7363


def test_the_summary_of_java_names_the_system() -> None:
    found = reading(
        JAVA,
        "#  EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x00007ffa26669ef2, pid=8612, tid=8860\n"
        "Host: Intel(R) Core(TM) i5 @ 2.40GHz, 8 cores, 15G,  Windows 11 , 64 bit Build 26100 (10.0.26100.7309)\n",
    )
    assert found.system is not None
    assert (found.system.build, found.system.revision) == (26100, 7309)


def test_all_rows_of_javas_error_file_belong_to_it() -> None:
    text = (
        "It dies at once.\n\n#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n"
        "#  EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x6d8c1a2b, pid=1234, tid=5678\n#\n"
        "# Problematic frame:\n# C  [post.dll+0x1a2b]\n#\n# Failed to write core dump.\n"
        "# See problematic frame for where to report the bug.\n#\n\nWhat can I do about that?\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.lines == (4, 12)


def test_what_lldb_prints_of_an_exception_is_of_another_system() -> None:
    printed = "Exception object: 00007f5ec808ce00\nException type:   System.IO.IOException\nHResult: 80131620\n"
    assert len(read_evidence(f"0:000> !pe\n{printed}".encode()).incidents) == 1
    assert read_evidence(f"(lldb) sos PrintException\n{printed}".encode()).incidents == ()


def test_a_frame_of_visual_studio_with_its_source_on_the_row_below() -> None:
    incident = only_incident(
        VISUALSTUDIO,
        "orchard.exe!grow(leaf * one, int days) Line 201\n\tat D:\\orchard\\leaf.c(201)\n"
        "orchard.exe!main() Line 12\n\tat D:\\orchard\\main.c(12)\n",
    )
    assert frames(incident) == ["orchard.exe!grow", "orchard.exe!main"]
    assert [frame.source for frame in incident.stack] == ["D:\\orchard\\leaf.c:201", "D:\\orchard\\main.c:12"]


PROTECTED = "Attempted to read or write protected memory. This is often an indication that other memory is corrupt."


@pytest.mark.parametrize(
    ("text", "code", "process"),
    [
        ("Fatal error.\nInternal CLR error. (0x80131506)\n", 0x80131506, None),
        (f"I get `System.AccessViolationException: '{PROTECTED}'` here\n", 0xC0000005, None),
        (f"System.AccessViolationException (0x80004003): {PROTECTED}\n", 0xC0000005, None),
        (f"{PROTECTED}\n\n{TRACE}", 0xC0000005, None),
        (
            f"System.AccessViolationException\n  HResult=0x80004003\n  Message={PROTECTED}\n  Source=<unknown>\n",
            0xC0000005,
            None,
        ),
        ("An unhandled exception of type 'System.StackOverflowException' occurred in leaf.dll\n", 0xC00000FD, None),
        (
            "An unhandled exception occurred in orchard.exe (2360)\nException: System.IO.IOException\n"
            f"Message: The device is not ready.\n{TRACE}",
            None,
            "orchard.exe",
        ),
    ],
)
def test_more_ways_to_tell_of_an_exception(text: str, code: int | None, process: str | None) -> None:
    incident = only_incident(DOTNET, text)
    assert (None if incident.exception is None else incident.exception.code) == code
    assert (None if incident.process is None else incident.process.name) == process


def test_a_lesson_about_the_type_is_no_crash() -> None:
    text = (
        "How to fix System.AccessViolationException\n\n"
        f"System.AccessViolationException: {PROTECTED} is usually caused by native code. It often occurs in wrappers.\n"
    )
    assert DOTNET.read(repair(text, "utf-8")).incidents == ()


def test_the_assemblies_of_a_box_whose_head_is_elsewhere() -> None:
    text = (
        "************** Loaded Assemblies **************\nOrchard\n    Assembly Version: 1.0.0.0\n"
        "    Win32 Version: 1.0.0.0\n    CodeBase: file:///C:/Orchard/Orchard.exe\n"
    )
    assert [module.name for module in reading(DOTNET, text).modules] == ["Orchard.exe"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "The process was terminated due to an internal error in the .NET Runtime at IP 000007FEF7794523"
            " (000007FEF75E0000) with exit code c0000005.\n",
            0xC0000005,
        ),
        (
            "Процесс был завершен .NET по IP-адресу 67CCDC03 (67C00000) \u0441 кодом 80131506.\n",
            0x80131506,
        ),
    ],
)
def test_the_sentence_of_event_1023_alone(text: str, code: int) -> None:
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.exception is not None
    assert incident.exception.code == code


def test_modules_of_visual_studio_in_chinese() -> None:
    row = '"orchard.exe"(Win32): \u5df2\u52a0\u8f7d"C:\\Orchard\\leaf{n}.dll"\u3002\n'
    found = reading(VISUALSTUDIO, "".join(row.format(n=n) for n in range(3)))
    assert [module.name for module in found.modules] == ["leaf0.dll", "leaf1.dll", "leaf2.dll"]


def test_a_plugin_has_a_name_with_blanks_and_brackets() -> None:
    text = (
        "Exception thrown at 0x00007FFDBF317019 (Leaf 4 VST3(Stereo).vst3) in Orchard.exe: 0xC0000005: Access violation"
        " reading location 0x0000000000000030.\n\n"
        " \tLeaf 4 VST3(Stereo).vst3!00007ffdbf317019()\tUnknown\n"
        ">\tOrchard.exe!Tree::Grow(int days) Line 553\tC++\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.faulting_module == "Leaf 4 VST3(Stereo).vst3"
    assert [frame.module for frame in incident.stack] == ["Leaf 4 VST3(Stereo).vst3", "Orchard.exe"]


def test_the_sentence_below_its_programs_name_is_one_event() -> None:
    text = (
        "Application: orchard.exe\nCoreCLR Version: 6.0.522.21309\n.NET Version: 6.0.5\n"
        "Description: The process was terminated due to an internal error in the .NET Runtime at IP 00007FF65F4B70F1"
        " (00007FF65F220000) with exit code 80131506.\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0x80131506, 0x7FF65F4B70F1)
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"


@pytest.mark.parametrize("label", ["ExceptionManager.AppDomainName", "AppDomain", "App Domain"])
def test_the_domain_of_a_program_names_it(label: str) -> None:
    text = (
        f"ExceptionManager.MachineName: DESK\n{label}: Orchard Keeper.exe\n\nException Information\n"
        f"System.AccessViolationException: Attempted to read or write protected memory.\n{TRACE}"
    )
    incident = only_incident(DOTNET, text)
    assert incident.process is not None
    assert incident.process.name == "Orchard Keeper.exe"


def test_the_domain_of_a_site_names_no_program() -> None:
    text = (
        "ExceptionManager.AppDomainName: /LM/W3SVC/1/Root/orchard-1-1278\n"
        f"System.AccessViolationException: Attempted to read or write protected memory.\n{TRACE}"
    )
    assert only_incident(DOTNET, text).process is None


COMMENT = """\
Loading Dump File [D:\\\\dumps\\\\Orchard.exe_200101_102032.dmp]
Comment: '
*** D:\\\\tools\\\\procdump.exe -accepteula -t 10088 -e -g
*** Unhandled exception: E0434352.CLR'
User Mini Dump File: Only registers, stack and portions of memory are available
"""


def test_the_comment_of_a_dump_tells_why_procdump_wrote_it() -> None:
    incident = only_incident(PROCDUMP, COMMENT)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.chance) == (0xE0434352, "second")
    assert incident.process is not None
    assert incident.process.name == "Orchard.exe"


def test_the_debugger_that_opens_the_dump_tells_it_itself() -> None:
    text = f"{COMMENT}(1a2c.3f4): CLR exception - code e0434352 (first/second chance not available)\n"
    assert reading(PROCDUMP, text).incidents == ()


def test_a_list_of_a_script_holds_no_exception() -> None:
    text = "  { id: 1026, src: '.NET Runtime', msg: 'Unhandled Exception: System.NullReferenceException' },\n"
    assert reading(DOTNET, text).incidents == ()


@pytest.mark.parametrize(
    ("kind", "code"), [("AccessViolation", 0xC0000005), ("StackOverflow", 0xC00000FD), ("NullReference", None)]
)
def test_the_event_of_an_exception_that_the_system_raised_has_its_code(kind: str, code: int | None) -> None:
    text = (
        "Application: ledger.exe\nFramework Version: v4.0.30319\nDescription: The process was terminated due to an "
        f"unhandled exception.\nException Info: System.{kind}Exception\n   at Ledger.Post(IntPtr)\n"
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.event is not None
    assert incident.event.id == 1026
    assert (None if incident.exception is None else incident.exception.code) == code


def test_whether_a_text_explains_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def lesson(rows: Sequence[str]) -> bool:
        asked.append(len(rows))
        return False

    monkeypatch.setattr("triage.formats.clr.is_lesson", lesson)
    text = "System.AccessViolationException: Attempted to read or write protected memory.\nthe ledger\n" * 50
    reading(DOTNET, text)
    assert len(asked) == 1
