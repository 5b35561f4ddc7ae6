"""One parametrised test holds the readers of other programs' reports to the same manners, whatever the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import texts
from triage.text.format import Format, Reading
from triage.text.lines import Text
from triage.text.repair import repair

PROGRAMS: tuple[Format, ...] = (
    texts.BLUESCREENS,
    texts.CITIZENFX,
    texts.CRASHLOGGER,
    texts.DOTNET,
    texts.EUREKALOG,
    texts.EXITCODES,
    texts.GDB,
    texts.GOLANG,
    texts.HISTORY,
    texts.HANDLERS,
    texts.JAVA,
    texts.JCLDEBUG,
    texts.LAZARUS,
    texts.LLDB,
    texts.MADEXCEPT,
    texts.MATLAB,
    texts.PROCDUMP,
    texts.SENTRY,
    texts.SPECIALK,
    texts.STACKWALKER,
    texts.TRACES,
    texts.UNITY,
    texts.UNREAL,
    texts.VISUALSTUDIO,
    texts.WER,
    texts.WINE,
    texts.WOWERROR,
)

ROWS = (
    "",
    "Unhandled exception: page fault on read access to 0x00000000 in 32-bit code (0x01fc9328).",
    "wine: Unhandled page fault on read access to 00000000 at address 01FCA328 (thread 0024), starting debugger...",
    "Backtrace:",
    "=>0 0x01fc9328 EntryPoint+0x304bf() in orchard (0x0021ee1c)",
    "Modules:",
    "PE\t  400000- 3985000\tExport          orchard",
    "#  EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x00007ffb2e9e1a35, pid=9412, tid=4712",
    "# Problematic frame:",
    "C  [nvoglv64.dll+0x9e1a35]",
    "Dynamic libraries:",
    "0x00007ff7c4d30000 - 0x00007ff7c4d3f000 \tC:\\Java\\bin\\javaw.exe",
    'Unhandled exception "EXCEPTION_ACCESS_VIOLATION" at 0x7FF920E5302E ArmorFix.dll+003302E',
    "PROBABLE CALL STACK:",
    "\t[ 0] 0x7FF920E5302E             ArmorFix.dll+003302E",
    "MODULES:",
    "\tArmorFix.dll                     0x7FF920E20000",
    "Orchard [version: Unity 2017.3.0f3 (a9f86dcd49df)]",
    "UnityPlayer.dll caused an Access Violation (0xc0000005)",
    "  in module UnityPlayer.dll at 0033:216e2ae8.",
    "Process finished with exit code -1073741819 (0xC0000005)",
    "Exception 0xc0000005 0x0 0x8 0x7ff6a1c3f2ab",
    "main.grow(0xc0001ac500)",
    "        D:/orchard/tree.go:42 +0x41f",
    "Thread 1 received signal SIGSEGV, Segmentation fault.",
    "#0  0x77dc22e2 in ntdll!RtlFreeHeap () from C:\\Windows\\system32\\ntdll.dll",
    "          Access violation detected at Thu Feb  1 14:19:20 2018",
    "Configuration:",
    "[  0] 0x00007ffb0729f4a0 C:\\orchard\\libmx.dll+00165886 mxGetPr+00000638",
    "Fatal Error: EXCEPTION_ACCESS_VIOLATION_READ / 0x10",
    "Thread 22040 Crashed:",
    "0   orchard.exe                     0x7ff66d17b66d      <unknown>",
    "* thread #1, stop reason = Exception 0xc0000005 encountered at address 0x7ff62c2d1a43: Access violation",
    "  * frame #0: 0x00007ff62c2d1a43 orchard.exe`grow(leaf=0x0) at leaf.c:12:9",
    "PID 7764 received SIGSEGV for address: 0x954adc7d",
    "00007FF6954ADC7D (orchard): (filename not available): Grow",
    "ExceptionCode         : EXCEPTION_ACCESS_VIOLATION",
    "Parameters[1] (address) : 0x0000000000000060",
    "Unhandled Exception C0000005 (EXCEPTION_ACCESS_VIOLATION) at address 0x00007FF6D8C4C710",
    "Crash!!!",
    "0x00007FF8C736CB58 (UnityPlayer) UnityMain",
    "Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading address 0x18",
    "0x00007ff837b0146c VCRUNTIME140.dll!UnknownFunction []",
    "ERROR #132 (0x85100084) Fatal Exception",
    "53A21469 0019FB80 0001:00000469 D:\\Games\\Hook.dll",
    "[! Except !] << EXCEPTION_ACCESS_VIOLATION >>",
    "madExcept version : 3.0m",
    "exception class   : EAccessViolation",
    "00401e19 +019 Orchard.exe Trees          8960  +1 TLeafList.GetItems",
    "EurekaLog 6.0.25",
    "Call Stack Information:",
    "|Address |Module     |Unit      |Class    |Procedure/Method|Line   |",
    "|00401E19|Orchard.exe|System.pas|         |@FreeMem        |       |",
    "Exception class: EAccessViolation",
    '[00401E19]{Orchard.exe } Trees.TLeafList.GetItems (Line 109, "Trees.pas" + 1) + $0',
    "[10:20:30] Exception: C0000005.ACCESS_VIOLATION",
    "EventType=APPCRASH",
    "Sig[0].Value=ledger.exe",
    "Sig[99999].Value=" + "9" * 40,
    "DynamicSig[1].Value=6.1.7601.2.1.0.256.48",
    "LoadedModule[0]=C:\\Windows\\System32\\ntdll.dll",
    "Problem Event Name: BEX64",
    "AppName: ledger.exe ModName: post.dll Offset: 0001f2c4",
    "BCCode : ffffffffffffffff",
    "Unhandled exception. System.NullReferenceException: Object reference not set.",
    "   at Orchard.Trees.Leaf.Grow(Int32 days) in C:\\src\\Leaf.cs:line 42",
    "Exception object: 000001f2a4c01d58",
    "************** Exception Text **************",
    "Code: C0000005 (Access Violation - tried to read address 00000000)",
    "Fault address:  00E4A2C5 01:00A492C5 C:\\Orchard\\orchard.exe",
    "00400000 - 006DDFFF *orchard.exe",
    "  #0   0x00007FF6CE317351  orchard.exe",
    "An unhandled exception occurred at $00000001003A5FCF:",
    "EAccessViolation: Access violation",
    "  $00000001003A5FCF  TREES_$$_GROW,  line 337 of units/trees.pas",
    "Runtime error 216 at $00401234",
    "Bug Check Code    : 0x0000003b",
    "Parameter 1       : 00000000`c0000005",
    "Caused By Address : orchard.sys+1b35f0",
    "SymInit: Symbol-SearchPath: '.;C:\\Windows;', symOptions: 530, UserName: 'Ada'",
    "UE4Editor_Core!FMemory::Free() [d:\\engine\\fmemory.inl:80]",
    "Assertion failed: Index < Num [File:D:\\a\\b.cpp] [Line: 71]",
    "[Main Instruction]",
    "Legacy crash hash: steak-carbon-finch",
    "Orchard_b2802.exe!sub_14163A90C (0x43)",
    "  leaf-core.dll!rage::RunEntries (0x7e) (GameSkeleton.cpp:180)",
    "Crash signature: Orchard_b2802.exe+163A94F",
    "'orchard.exe' (Win32): Loaded 'C:\\Orchard\\orchard.exe'. Symbols loaded.",
    "The program '[4242] orchard.exe' has exited with code -1073741819 (0xc0000005) 'Access violation'.",
)


def check(reading: Reading, text: Text) -> None:
    last = text.numbers[-1] if len(text) else 0
    spans = [*reading.claimed, *(one.lines for one in reading.incidents), *(one.lines for one in reading.modules)]
    assert all(0 <= first <= end <= last for first, end in spans)
    assert all(0 <= frame.digits <= 16 for one in reading.incidents for frame in one.stack)
    codes = [one.exception.code for one in reading.incidents if one.exception is not None]
    assert all(0 <= code <= 0xFFFFFFFF for code in codes)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
@given(rows=st.lists(st.one_of(st.sampled_from(ROWS), st.text(max_size=60)), max_size=40))
@settings(deadline=None, max_examples=25)
def test_rows_in_any_order_are_read(program: Format, rows: list[str]) -> None:
    text = repair("\n".join(rows), "utf-8")
    check(program.read(text), text)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
@given(data=st.data())
@settings(deadline=None, max_examples=25)
def test_rows_cut_anywhere_are_read(program: Format, data: st.DataObject) -> None:
    whole = "\n".join(data.draw(st.permutations(ROWS)))
    start = data.draw(st.integers(0, len(whole)))
    text = repair(whole[start : start + data.draw(st.integers(0, 2_000))], "utf-8")
    check(program.read(text), text)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
@pytest.mark.parametrize("row", [*ROWS[1:], "a", " ", "1", "=", "(", "| "])
def test_a_row_a_thousand_times_is_read(program: Format, row: str) -> None:
    text = repair(f"{row}\n" * 1_000, "utf-8")
    check(program.read(text), text)
    run_together = repair(row * (40_000 // len(row)), "utf-8")
    check(program.read(run_together), run_together)
