"""Crash reports of games: loggers of Bethesda's games, Unity, Unreal Engine, Blizzard's games, Special K."""

import pytest

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import CITIZENFX, CRASHLOGGER, SPECIALK, STACKWALKER, UNITY, UNREAL, WOWERROR
from triage.text.repair import repair

LOGGED = """\
Skyrim SSE v1.6.640
CrashLoggerSSE v1-11-1-0 Nov 18 2023 13:56:33

Unhandled exception "EXCEPTION_ACCESS_VIOLATION" at 0x7FF920E5302E ArmorFix.dll+003302E\tcmp dword ptr [rdx], 0x00

SYSTEM SPECS:
\tOS: Microsoft Windows 11 Pro v10.0.22631
\tCPU: AuthenticAMD AMD Ryzen 7 7800X3D 8-Core Processor

PROBABLE CALL STACK:
\t[ 0] 0x7FF920E5302E             ArmorFix.dll+003302E
\t[ 1] 0x7FF658CC8015             SkyrimSE.exe+1378015 -> 104651+0x205\ttest al, al
\t[ 2] 0x7FF91E0430AF        PapyrusTweaks.dll+00030AF\tmov rcx, rdi |  C:\\src\\Hooks.h:164 ?thunk@Hook@@SA_KPEAV@Z
\t[15] 0x7FFA3939257D             KERNEL32.DLL+001257D BaseThreadInitThunk

REGISTERS:
\tRAX 0x0                (size_t) [0]
\tRDI 0x7FF658CC8015     (void* -> SkyrimSE.exe+1378015)

STACK:
\t[RSP+0   ] 0x2259E00F600      (TESObjectARMO*)
\t\tFile: "Weapons.esp"
\t[RSP+28  ] 0x7FF658CC8015     (void* -> SkyrimSE.exe+1378015)

MODULES:
\tArmorFix.dll                     0x7FF920E20000
\tSkyrimSE.exe                     0x7FF657950000
\tF4z Ro D'oh.dll                  0x7FF920000000

PLUGINS:
\t[00]     Skyrim.esm
"""


def test_a_loggers_report_names_place_process_and_system() -> None:
    found = reading(CRASHLOGGER, LOGGED)
    (incident,) = found.incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7FF920E5302E)
    assert (incident.faulting_module, incident.faulting_offset) == ("ArmorFix.dll", 0x3302E)
    assert incident.process is not None
    assert incident.process.name == "SkyrimSE.exe"
    assert found.system is not None
    assert (found.system.product, found.system.build) == ("Windows 11", 22631)
    assert [module.name for module in found.modules] == ["ArmorFix.dll", "SkyrimSE.exe", "F4z Ro D'oh.dll"]


def test_only_the_call_stack_is_the_stack() -> None:
    incident = only_incident(CRASHLOGGER, LOGGED)
    assert frames(incident, 9) == [
        "ArmorFix.dll+3302e",
        "SkyrimSE.exe+1378015",
        "PapyrusTweaks.dll+30af",
        "KERNEL32.DLL!BaseThreadInitThunk",
    ]
    assert [frame.digits for frame in incident.stack] == [7, 7, 7, 0]
    assert incident.stack[2].source == "C:\\src\\Hooks.h:164"


def test_no_other_reader_takes_the_rest_of_a_loggers_report() -> None:
    evidence = read_evidence(LOGGED.encode())
    assert (evidence.format, len(evidence.incidents), len(evidence.modules)) == ("crash-logger", 1, 3)


def test_a_logger_that_indents_with_blanks_and_names_the_release() -> None:
    found = reading(
        CRASHLOGGER,
        'SkyrimSE v1.6.1170\ntrainwreck v1.4.0\n\nUnhandled exception "EXCEPTION_ACCESS_VIOLATION" at 0x7FF6CBEE41E1'
        " SkyrimSE.exe+06441E1\n\nSYSTEM SPECS:\n    OS: Windows 10 Home Single Language 23H2 22631.4602\n\n"
        "PROBABLE CALL STACK:\n    [0] 0x7FF6CBEE41E1 SkyrimSE.exe+06441E1\n        add [rax],al\n"
        "    [1] 0x7FFF848AAF38    ntdll.dll+005AF38 RtlUserThreadStart\n",
    )
    (incident,) = found.incidents
    assert frames(incident) == ["SkyrimSE.exe+6441e1", "ntdll.dll!RtlUserThreadStart"]
    assert found.system is not None
    # Windows 11 calls itself Windows 10 in many places; the build tells.
    assert (found.system.product, found.system.build, found.system.revision) == ("Windows 11", 22631, 4602)


def test_the_script_frameworks_report_prints_no_code() -> None:
    incident = only_incident(
        CRASHLOGGER,
        "Unhandled native exception occurred at 0x7FF654A98E26 (SkyrimSE.exe+C28E26) on thread 6684!\n\n"
        "FrameworkName: NetScriptFramework\nApplicationName: SkyrimSE.exe\n\nProbable callstack\n{\n"
        "  [0]   0x7FF654A98E26     (SkyrimSE.exe+C28E26)          unk_C28E20+6\n"
        "  [1]   0xB1F5F3F6A0                                      \n}\n",
    )
    assert incident.exception is None
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module, incident.faulting_offset) == (
        "SkyrimSE.exe",
        "SkyrimSE.exe",
        0xC28E26,
    )
    assert frames(incident) == ["SkyrimSE.exe+c28e26", "b1f5f3f6a0"]


def test_a_head_that_is_run_together_is_the_head_of_one_report() -> None:
    rows = (
        "Unhandled native exception occurred at 0x7FF700001000 (SkyrimSE.exe+1000)! FrameworkName: NetScriptFramework\n"
        "ApplicationName: SkyrimSE.exe\n\nProbable callstack\n{\n[0] 0x7FF700001000 (SkyrimSE.exe+1000)\n}\n"
    )
    assert only_incident(CRASHLOGGER, rows).faulting_offset == 0x1000


def test_the_same_words_without_the_loggers_rows_are_not_its_report() -> None:
    assert reading(CRASHLOGGER, 'Unhandled exception "timeout" at 0x1234 worker.py+12\nretrying\n').incidents == ()


UNITY_ERROR = """\
Orchard [version: Unity 2017.3.0f3 (a9f86dcd49df)]

{caused} caused an Access Violation (0xc0000005)
  in module {module} at 0033:216e2ae8.

Error occurred at 2018-03-07_214746.
C:\\Games\\Orchard\\Orchard.exe, run by Ada.
8% memory in use.
Read from location ffffffff caused an access violation.
"""


@pytest.mark.parametrize("module", ["UnityPlayer.dll", "Orchard.exe"])
def test_unitys_error_log_names_module_and_program(module: str) -> None:
    incident = only_incident(UNITY, UNITY_ERROR.format(caused=module, module=module))
    assert incident.process is not None
    assert (incident.process.name, incident.faulting_module) == ("Orchard.exe", module)
    record = incident.exception
    assert record is not None
    assert (record.code, record.access, record.target, record.address) == (0xC0000005, "read", 0xFFFFFFFF, 0x216E2AE8)


def test_a_row_that_is_run_together_of_two_beginnings_begins_one_report() -> None:
    rows = UNITY_ERROR.format(caused="SymInit: Symbol-SearchPath: '.;C:\\Games;', Orchard.exe", module="Orchard.exe")
    incident = only_incident(UNITY, rows)
    assert incident.faulting_module == "Orchard.exe"


def test_the_code_right_above_the_walkers_first_row_is_the_crashs() -> None:
    incident = only_incident(
        UNITY,
        "Orchard Crashed Exception 0xC0000005 at 0x00007FF8C7033575\n"
        "SymInit: Symbol-SearchPath: '.', symOptions: 530, UserName: 'Ada'\nOS-Version: 10.0.19045 () 0x300-0x1\n"
        "C:\\Games\\Orchard.exe:Orchard.exe (00007FF8C7000000), size: 667648 (result: 0), SymType: '-none-'\n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7FF8C7033575)
    assert incident.process is not None
    assert incident.process.name == "Orchard.exe"


def test_unitys_log_of_a_crash_has_modules_and_a_stack_but_no_code() -> None:
    found = reading(
        UNITY,
        "Crash!!!\nOS-Version: 10.0.19045 () 0x100-0x1\n"
        "C:\\Games\\Orchard.exe:Orchard.exe (00007FF6A2A30000), size: 667648 (result: 0), SymType: '-exported-', "
        "PDB: 'C:\\Games\\Orchard.exe', fileVersion: 2020.3.8.10063\n"
        "C:\\Games\\UnityPlayer.dll:UnityPlayer.dll (00007FF8C7000000), size: 29064384 (result: 0), SymType: '-none-'\n"
        "\n========== OUTPUTTING STACK TRACE ==================\n\n"
        "  ERROR: SymGetSymFromAddr64, GetLastError: 'Attempt to access invalid address.' (Address: 00007FF8C7033575)\n"
        "0x00007FF8C7033575 (UnityPlayer) (function-name not available)\n0x00007FF8C736CB58 (UnityPlayer) UnityMain\n"
        "0x239A301D (Mono JIT Code) (wrapper managed-to-native) UnityEngine.Texture2D:ReadPixels (UnityEngine.Rect)\n"
        "0x00007FF8DDEA436A (mono-2.0-bdwgc) [d:\\build\\mono\\mini-runtime.c:2620] mono_jit_runtime_invoke \n"
        "\n========== END OF STACKTRACE ===========\n",
    )
    (incident,) = found.incidents
    assert incident.exception is None
    assert frames(incident, 4) == [
        "UnityPlayer+33575",
        "UnityPlayer!UnityMain",
        "Mono JIT Code!UnityEngine.Texture2D:ReadPixels",
        "mono-2.0-bdwgc!mono_jit_runtime_invoke",
    ]
    assert incident.stack[-1].source == "d:\\build\\mono\\mini-runtime.c:2620"
    assert incident.process is not None
    assert incident.process.name == "Orchard.exe"
    assert [(module.name, module.version) for module in found.modules] == [
        ("Orchard.exe", "2020.3.8.10063"),
        ("UnityPlayer.dll", None),
    ]
    assert found.system is not None
    assert found.system.build == 19045


UNREAL_CRASH = """\
Fatal error!

Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading address 0x0000000000000018

0x00007ff837b0146c VCRUNTIME140.dll!UnknownFunction []
0x00007ff7bfd83988 Orchard-Win64-Shipping.exe!Orchard::Grow(int) [d:\\src\\orchard.cpp:80]
0x00007ff852c62651 ntdll.dll!UnknownFunction []
"""


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "Sun Aug 30 01:32:22 BST 2020 Error        LogWindows           ",
        "[2023.02.11-18.22.08:318][412]LogWindows: ",
    ],
)
def test_unreals_crash_is_read_with_and_without_the_logs_columns(prefix: str) -> None:
    incident = only_incident(UNREAL, "\n".join(prefix + row for row in UNREAL_CRASH.splitlines()))
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.access, incident.exception.target) == (0xC0000005, "read", 0x18)
    assert frames(incident) == [
        "VCRUNTIME140.dll!UnknownFunction",
        "Orchard-Win64-Shipping.exe!Orchard::Grow(int)",
        "ntdll.dll!UnknownFunction",
    ]
    assert incident.process is not None
    assert incident.process.name == "Orchard-Win64-Shipping.exe"


def test_a_title_tells_where_unreals_exception_was() -> None:
    title = "# Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading address 0x0 in Orchard-Win64-Shipping+0x1f6123f"
    incident = only_incident(UNREAL, f"{title} (918BEC63)\n")
    assert (incident.faulting_module, incident.faulting_offset) == ("Orchard-Win64-Shipping", 0x1F6123F)


def test_a_failed_assertion_is_a_message_with_a_stack() -> None:
    incident = only_incident(
        UNREAL,
        "Assertion failed: Index < Num [File:D:\\src\\Array.h] [Line: 71]\n\n"
        "0x00007ff7bfd83988 Orchard.exe!Orchard::Grow() [d:\\src\\orchard.cpp:80]\n",
    )
    assert (incident.kind, incident.exception, len(incident.stack)) == ("message", None, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Assertion failed: x > 0, file test.c, line 4\n",
        "gcc: fatal error: no input files\n",
        "LogOutputDevice: Error: Ensure condition failed: Fatal error: x [File:a.cpp] [Line: 1]\n",
        "lld: fatal error: [File: nothing]\n",
    ],
)
def test_errors_of_other_tools_are_no_crash_of_the_engine(text: str) -> None:
    assert reading(UNREAL, text).incidents == ()


BLIZZARD = """\
World of WarCraft (build 5875)

Exe:      D:\\Games\\WoW.exe
------------------------------------------------------------------------------

ERROR #132 (0x85100084) Fatal Exception
Program:\tD:\\Games\\WoW.exe
Exception:\t0xC0000005 (ACCESS_VIOLATION) at 0023:53A21469

The instruction at "0x53A21469" referenced memory at "0x0000001C".
The memory could not be "read".

----------------------------------------
    Stack Trace (Manual)
----------------------------------------

Address  Frame    Logical addr  Module

53A21469 0019FB80 0001:00000469 D:\\Games\\Hook.dll
006E7CE1 0019FD48 0001:002E6CE1 D:\\Games\\WoW.exe

----------------------------------------
    Stack Trace (Using DBGHELP.DLL)
----------------------------------------

53A21469 Hook.dll     <unknown symbol>+0 (0x7FFD1000,0x7BF4CED3,0x7BF4CED3,0x7FFD1000)

----------------------------------------
    Loaded Modules
----------------------------------------

0x00400000 - 0x00D06000  D:\\Games\\WoW.exe
0x53A20000 - 0x53A60000  D:\\Games\\Hook.dll
"""


def test_blizzards_report_places_the_fault_by_its_module_list() -> None:
    found = reading(WOWERROR, BLIZZARD)
    (incident,) = found.incidents
    record = incident.exception
    assert record is not None
    assert (record.code, record.address, record.access, record.target) == (0xC0000005, 0x53A21469, "read", 0x1C)
    assert (incident.faulting_module, incident.faulting_offset) == ("Hook.dll", 0x1469)
    assert frames(incident) == ["Hook.dll+1469", "WoW.exe+2e7ce1"]
    assert incident.process is not None
    assert incident.process.name == "WoW.exe"
    assert [module.name for module in found.modules] == ["WoW.exe", "Hook.dll"]


THREADS = """\
ERROR #1 (0x13370001) Fatal Exception
Program:    C:\\Games\\Agent.exe
Exception:    0xE06D7363 (unknown exception) at 0073:7B83BC25

Address  Frame    Logical addr  Module

Showing 2/2 threads...

--- Thread ID: 76 ---
7BC80533 015FE748 0001:0006F533 C:\\windows\\system32\\ntdll.dll
0040D3BF 015FE9C0 0001:0000C3BF C:\\Games\\Agent.exe

--- Thread ID: 90 [Current Thread] ---
7B83BC25 0250DDA8 0001:0002AC25 C:\\windows\\system32\\KERNEL32.dll
00774BBC 0250DDE4 0001:00373BBC C:\\Games\\Agent.exe
"""


def test_of_all_threads_the_one_at_the_exceptions_address_failed() -> None:
    incident = only_incident(WOWERROR, THREADS)
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module) == (0xE06D7363, "KERNEL32.dll")
    assert [frame.module for frame in incident.stack] == ["KERNEL32.dll", "Agent.exe"]
    assert incident.process is not None
    assert incident.process.name == "Agent.exe"


def test_a_report_of_threads_none_of_which_failed_blames_none() -> None:
    incident = only_incident(WOWERROR, THREADS.replace("7B83BC25 0250DDA8", "7B83BC99 0250DDA8"))
    assert (incident.faulting_module, incident.stack) == (None, ())


def test_the_older_report_of_warcraft_names_no_error_number() -> None:
    text = (
        "FATAL ERROR!\n\nProgram:\tD:\\Games\\war3.exe\nException:\t0xC0000005 (ACCESS_VIOLATION) at 001B:6F45A3F1\n\n"
        "The instruction at '0x6F45A3F1' referenced memory at '0x00000008'.\nThe memory could not be 'read'.\n\n"
        "6F45A3F1 0012F8AC 0001:004593F1 D:\\Games\\Game.dll\n"
    )
    incident = only_incident(WOWERROR, text)
    record = incident.exception
    assert record is not None
    assert (record.code, record.address, record.access, record.target) == (0xC0000005, 0x6F45A3F1, "read", 8)
    assert incident.faulting_module == "Game.dll"


@pytest.mark.parametrize("text", ["FATAL ERROR!\n\nThe basket is empty.\n", "ERROR #12 (0x00000010) no such file\n"])
def test_errors_that_other_programs_number_are_no_report_of_blizzard(text: str) -> None:
    assert reading(WOWERROR, text).incidents == ()


def test_the_machine_readable_part_of_newer_reports() -> None:
    found = reading(
        WOWERROR,
        "ERROR #132 (0x85100084) Fatal exception!\nProgram: C:\\Games\\Wow.exe\nProcessID: 4242\n"
        'Exception: ACCESS_VIOLATION\n\nDBG-ADDR<00401a2b>("Wow.exe")\nDBG-ADDR<51790000>("nvd3dum.dll")\n'
        'DBG-MODULE<00400000 009FD000 "Wow.exe" "Wow.pdb" 0 {8805d059} 1 1277448958>\n'
        'DBG-MODULE<517E0000 00EA4000 "nvd3dum.dll" "nvd3dum.pdb" 0 {4e177dab} 1 1508975016>\n',
    )
    (incident,) = found.incidents
    assert incident.exception is not None
    assert incident.exception.code == 0xC0000005
    assert incident.process is not None
    assert incident.process.pid == 4242
    assert frames(incident, 1) == ["Wow.exe+1a2b"]
    assert [(module.name, module.timestamp) for module in found.modules] == [
        ("Wow.exe", 1277448958),
        ("nvd3dum.dll", 1508975016),
    ]


@pytest.mark.parametrize(("file", "module", "offset"), [("orchard.dll", "orchard.dll", 0x331E0), ("", None, None)])
def test_special_k_leaves_the_file_empty_where_there_is_no_code(
    file: str, module: str | None, offset: int | None
) -> None:
    stamp = "05/08/2017 16:49:52.443: "
    incident = only_incident(
        SPECIALK,
        f"{stamp}[! Except !] \t<< EXCEPTION_ACCESS_VIOLATION >>\n{stamp}[ FaultMod ]  # File.....: '{file}'\n"
        f"{stamp}[ FaultMod ]  * RIP Addr.: {file}+{offset or 0:016X}h\n",
    )
    assert incident.exception is not None
    assert (incident.exception.code, incident.faulting_module, incident.faulting_offset) == (0xC0000005, module, offset)


def test_the_modules_of_a_blizzard_report_alone() -> None:
    rows = 'DBG-MODULE<75200000 0000C000 "leaf.dll" "leaf.pdb" 0 {e62feae5-59ee-4cd9-95614215b01ac210} 2 1247526721>\n'
    evidence = read_evidence((rows + rows.replace("752", "753")).encode())
    assert [module.base for module in evidence.modules] == [0x75200000, 0x75300000]
    assert evidence.incidents == ()


BOX = """\
[Window Title]
Fehler Orchard_b2802.exe!sub_14163A90C (0x43)

[Main Instruction]
Orchard_b2802.exe!sub_14163A90C (0x43)

[Content]
Ein Fehler bei Orchard_b2802.exe!sub_14163A90C (0x43) hat verursacht, dass FiveM nicht mehr funktioniert.

Alter crash hash: steak-carbon-finch
Stack trace:
  Orchard_b2802.exe!sub_14163A90C (0x43)
  Orchard_b2802.exe!sub_14160B9B4 (0x39)
  leaf-core.dll!rage::RunEntries (0x7e) (GameSkeleton.cpp:180)

[^] Details ausblenden  [Informationen speichern]

[Expanded Information]
Crash signature: Orchard_b2802.exe+163A94F
Report ID: si-f9636bc9a5ac4cbb9d36db59e1e5ef58
"""


def test_the_box_of_fivem_names_place_and_stack_in_any_language() -> None:
    incident = only_incident(CITIZENFX, BOX)
    assert (incident.faulting_module, incident.faulting_offset) == ("Orchard_b2802.exe", 0x163A94F)
    assert [frame.function for frame in incident.stack] == [
        "sub_14163A90C",
        "sub_14160B9B4",
        "rage::RunEntries",
    ]
    assert incident.stack[2].source == "GameSkeleton.cpp:180"
    assert incident.lines == (1, 20)


@pytest.mark.parametrize(
    "text",
    [
        "[Main Instruction]\nOrchard+17AF9CF\n\n[Content]\nAn error at Orchard+17AF9CF caused FiveM to stop.\n\n"
        "Legacy crash hash: sodium-failed-minnesota\n",
        "Crash signature: Orchard+17AF9CF\n",
        "> Crash signature: Orchard+17AF9CF\n> Error uploading: HTTP 0\n",
    ],
)
def test_a_box_cut_at_either_end_keeps_its_place(text: str) -> None:
    incident = only_incident(CITIZENFX, text)
    assert (incident.faulting_module, incident.faulting_offset) == ("Orchard", 0x17AF9CF)


def test_the_games_log_has_stamps_before_the_words_of_the_box() -> None:
    stamp = "[    325610] [b2802_DumpServ]                21908/"
    rows = (
        "Loading the orchard",
        "Legacy Crash hash: steak-carbon-finch",
        "Stack trace:",
        "  Orchard_b2802.exe!sub_14163A90C (0x43)",
        "  Orchard_b2802.exe!StartAddress (0xfd)",
    )
    incident = only_incident(CITIZENFX, "\n".join(f"{stamp} {row}" for row in rows))
    assert (incident.faulting_module, len(incident.stack)) == ("Orchard_b2802.exe", 2)
    assert incident.lines == (2, 5)
    assert [message.text for message in incident.messages] == ["Legacy Crash hash: steak-carbon-finch"]


def test_a_hash_without_a_place_is_no_crash() -> None:
    assert reading(CITIZENFX, "We know this crash hash: sodium-failed-minnesota\n").incidents == ()


def test_each_box_of_several_is_one() -> None:
    assert len(reading(CITIZENFX, BOX + "\n" + BOX).incidents) == 2


def test_trainwreck_names_the_program_above_itself() -> None:
    incident = only_incident(
        CRASHLOGGER,
        'OrchardSE v1.6.1170\ntrainwreck v1.4.0\n\nUnhandled exception "EXCEPTION_ACCESS_VIOLATION" at 0x7FFE4657FA64'
        " leaf.dll+006FA64 `leaf::grow'::`2'::<lambda_1>::operator()\n\nPROBABLE CALL STACK:\n"
        "    [0 ] 0x7FFE4657FA64 leaf.dll+006FA64 `leaf::grow'::`2'::<lambda_1>::operator()\n"
        "        [C:\\leaf.cpp:601]\n",
    )
    assert incident.process is not None
    assert incident.process.name == "OrchardSE.exe"
    assert frames(incident) == ["leaf.dll!`leaf::grow'::`2'::<lambda_1>::operator()"]


def test_the_name_of_a_game_is_no_program() -> None:
    incident = only_incident(
        CRASHLOGGER,
        'Orchard SSE v1.6.640\nCrashLoggerSSE v1-12-1-0\n\nUnhandled exception "EXCEPTION_ACCESS_VIOLATION"'
        " at 0x7FFE4657FA64"
        " leaf.dll+006FA64\n",
    )
    assert incident.process is None


def test_an_older_engine_says_it_as_a_debugger_does() -> None:
    text = (
        "Access violation - code c0000005 (first/second chance not available)\n\n"
        "UE4Editor_Core!FLeaf::Grow() [d:\\engine\\leaf.inl:80]\nUE4Editor_Core\nkernel32\n"
    )
    incident = only_incident(UNREAL, text)
    assert incident.exception is not None
    assert (incident.exception.code, len(incident.stack)) == (0xC0000005, 3)


CALLS = {
    "Miranda": (
        "0000000012819E94 (leaf 0000000012800000): (filename not available) (0): Grow\n"
        "00000000128AE000 (oak 0000000012800000): (filename not available) (0): Plant\n",
        ["leaf!Grow", "oak!Plant"],
    ),
    "with sources": (
        "052A57E1 (leaf 05290000): w:\\orchard\\leaf.cpp (146): Grow\n052A5800 (leaf 05290000): w:\\orchard\\leaf.cpp"
        " (20): Plant\n00000000 (oak 05290000): (filename not available) (0): Wait\n",
        ["leaf!Grow", "leaf!Plant", "oak!Wait"],
    ),
    "calls alone": (
        "AC\\leaf.cpp (299): Leaf::grow\nAC\\tree.cpp (12): Tree::grow\nAC\\main.cpp (7): main\n",
        ["Leaf::grow", "Tree::grow", "main"],
    ),
}


@pytest.mark.parametrize("form", CALLS)
def test_more_forms_of_the_walker_of_stacks(form: str) -> None:
    text, told = CALLS[form]
    incident = only_incident(STACKWALKER, text)
    assert (incident.kind, frames(incident)) == ("stack", told)


def test_the_walker_tells_where_it_crashed() -> None:
    text = (
        "78.507 Crashed in C:\\orchard\\orchard.exe (0x00007ff7e8550000 - 0x00007ff7e982a000)\n"
        "00007FF6954ADC7D (orchard): (filename not available): Grow\n"
        "00007FF6954ADC80 (orchard): (filename not available): Plant\n"
    )
    incident = only_incident(STACKWALKER, text)
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"


def test_what_a_compiler_says_is_no_stack() -> None:
    rows = "leaf.cpp (299): error C2065: 'grow': undeclared identifier\n" * 3
    assert not STACKWALKER.read(repair(rows, "utf-8")).incidents
