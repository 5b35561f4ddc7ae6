"""What runtimes and tools print when a Windows program fails: Go, gdb, lldb, MATLAB, StackWalker, Sentry."""

import pytest

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import GDB, GOLANG, LLDB, MATLAB, SENTRY, STACKWALKER

EXTERNAL = """\
Exception 0xc0000005 0x1 0x7ff66669e000 0x7ffb2c1a6189
PC=0x7ffb2c1a6189
signal arrived during external code execution

runtime.cgocall(0x7ff6662355c0, 0xc000036ee0)
        runtime/cgocall.go:156 +0x4a fp=0xc0000cfd28 sp=0xc0000cfcf0 pc=0x7ff6661d472a
orchard.(*Tree).Grow({0xc0001ac500, 0x4d4})
        D:/orchard/tree.go:42 +0x41f

goroutine 9 [chan receive]:
main.main.func2(0x0)
        D:/orchard/main.go:2 +0xa6
"""

PANIC = """\
10:20:30 INFO ripening
panic: runtime error: invalid memory address or nil pointer dereference
[signal 0xc0000005 code=0x0 addr=0x18 pc=0x7ff6a1c3f2ab]

goroutine 34 [running]:
main.(*orchard).pick(0xc000194000)
	C:/orchard/pick.go:212 +0x4b
"""


def test_go_tells_what_was_touched_and_the_calls_of_the_goroutine_that_failed() -> None:
    incident = only_incident(GOLANG, EXTERNAL)
    record = incident.exception
    assert record is not None
    assert (record.code, record.access, record.target) == (0xC0000005, "write", 0x7FF66669E000)
    assert record.address == 0x7FFB2C1A6189
    assert [frame.function for frame in incident.stack] == ["runtime.cgocall", "orchard.(*Tree).Grow"]
    assert incident.stack[1].source == "D:/orchard/tree.go:42"


def test_a_panic_names_its_signal_and_its_words() -> None:
    incident = only_incident(GOLANG, PANIC)
    assert incident.exception is not None
    assert (incident.exception.access, incident.exception.target) == ("read", 0x18)
    assert incident.messages[0].text == "runtime error: invalid memory address or nil pointer dereference"
    assert len(incident.stack) == 1


def test_a_panic_on_another_system_is_no_crash_of_windows() -> None:
    text = PANIC.replace("0xc0000005 code=0x0", "SIGSEGV: segmentation violation code=0x1")
    assert read_evidence(text.encode()).incidents == ()


STOPPED = """\
Starting program: D:\\orchard\\orchard.exe
[New Thread 4412.0x1a2c]

Thread 1 received signal SIGSEGV, Segmentation fault.
0x00007ff93181f1d3 in ntdll!RtlFreeHeap ()
   from C:\\WINDOWS\\SYSTEM32\\ntdll.dll
(gdb) bt
#0  0x00007ff93181f1d3 in ntdll!RtlFreeHeap ()
   from C:\\WINDOWS\\SYSTEM32\\ntdll.dll
#1  0x00007ff92ffe9cfc in free () from C:\\Program Files (x86)\\orchard\\leaf.dll
#2  0x00000000004027ae in grow (leaf=0xfeeefeee)
    at D:/orchard/leaf.c:42
#3  0x011bfce0 in ?? ()
"""


def test_gdb_of_windows_turns_signals_into_exceptions() -> None:
    incident = only_incident(GDB, STOPPED)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7FF93181F1D3)
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"
    assert [(frame.module, frame.function) for frame in incident.stack] == [
        ("ntdll.dll", "RtlFreeHeap"),
        ("leaf.dll", "free"),
        (None, "grow"),
        (None, None),
    ]
    assert incident.stack[2].source == "D:/orchard/leaf.c:42"


def test_the_row_under_the_signal_is_a_stack_where_none_is_shown() -> None:
    incident = only_incident(GDB, STOPPED.partition("(gdb)")[0])
    assert [frame.function for frame in incident.stack] == ["RtlFreeHeap"]


@pytest.mark.parametrize(
    ("warning", "code"),
    [("Critical error detected c0000374", 0xC0000374), ("HEAP[orchard.exe]:", 0x80000003)],
)
def test_what_the_heap_warns_of_says_what_a_trap_was(warning: str, code: int) -> None:
    text = (
        f"warning: {warning}\nwarning: Invalid Address specified to RtlFreeHeap( 02800000, 6E188134 )\n"
        "Program received signal SIGTRAP, Trace/breakpoint trap.\n"
        "0x7c91120f in ntdll!DbgUiConnectToDbg () from D:\\WINDOWS\\system32\\ntdll.dll\n"
    )
    incident = only_incident(GDB, text)
    assert incident.exception is not None
    assert incident.exception.code == code
    assert incident.messages[-1].text.startswith("Invalid Address specified to RtlFreeHeap")


def test_an_exception_without_a_signal_has_a_stack_and_no_code() -> None:
    text = (
        "[Switching to Thread 4412.0x21f0]\nThread 7 received signal ?, Unknown signal.\n"
        "0x00007ff93181f1d3 in ntdll!RtlRaiseStatus ()\n   from C:\\WINDOWS\\SYSTEM32\\ntdll.dll\n"
        "(gdb) #0  0x00007ff93181f1d3 in ntdll!RtlRaiseStatus ()\n   from C:\\WINDOWS\\SYSTEM32\\ntdll.dll\n"
        "#1  0x00007ff805c229f7 in (anonymous namespace)::grow (leaf=<optimized out>) at D:/orchard/leaf.cc:98\n"
    )
    incident = only_incident(GDB, text)
    assert incident.exception is None
    assert [frame.function for frame in incident.stack] == ["RtlRaiseStatus", "(anonymous namespace)::grow"]
    assert reading(GDB, text.partition("0x0000")[0]).incidents == ()


def test_the_same_rows_of_another_system_are_none() -> None:
    text = (
        "Program received signal SIGSEGV, Segmentation fault.\n"
        "0x00007ffff7a42428 in __GI_raise (sig=6) at ../sysdeps/unix/sysv/linux/raise.c:54\n"
        "#0  0x00007ffff7a42428 in __GI_raise (sig=6) at ../sysdeps/unix/sysv/linux/raise.c:54\n"
    )
    assert reading(GDB, text).incidents == ()


@pytest.mark.parametrize("dashes", ["--- ", ""])
def test_strace_of_cygwin_names_the_modules_and_the_exception(dashes: str) -> None:
    text = (
        "create_child: D:\\orchard\\orchard.exe\n"
        f"{dashes}Process 4412 loaded C:\\Windows\\System32\\ntdll.dll at 00007FF8BB320000\n"
        f"{dashes}Process 4412, exception c0000005 at 000000006FCA1829\n"
        f"{dashes}Process 4412 exited with status 0xff\n"
    )
    found = reading(GDB, text)
    (incident,) = found.incidents
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("orchard.exe", 4412)
    assert incident.exception is not None
    assert incident.exception.address == 0x6FCA1829
    assert [module.name for module in found.modules] == ["ntdll.dll"]


DUMP = """\
------------------------------------------------------------------------
          Access violation detected at Thu Feb  1 14:19:20 2018
------------------------------------------------------------------------

Configuration:
  MATLAB Architecture : win64
  Operating System    : Microsoft Windows 7 Enterprise
  Window System       : Version 6.1 (Build 7601: Service Pack 1)

Fault Count: 1

Abnormal termination:
Access violation

Register State (from fault):
  RIP = 00007ffb0729f4a0  EFL = 00010246

Stack Trace (from fault):
[  0] 0x00007ffb0729f4a0 D:\\orchard\\grow.mexw64+00165886 mexFunction+00000638
[  1] 0x00007ffb07290000 C:\\Windows\\SYSTEM32\\ntdll.dll+00332277
"""


def test_matlab_prints_decimal_offsets_and_tells_of_one_crash_twice() -> None:
    found = reading(MATLAB, DUMP)
    (incident,) = found.incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7FFB0729F4A0)
    assert [(frame.module, frame.function, frame.offset) for frame in incident.stack] == [
        ("grow.mexw64", "mexFunction", 638),
        ("ntdll.dll", None, 332277),
    ]
    assert found.system is not None
    assert (found.system.build, found.system.service_pack) == (7601, 1)


def test_matlab_on_another_system_is_no_crash_of_windows() -> None:
    text = DUMP.replace("win64", "glnxa64").replace("Microsoft Windows 7 Enterprise", "Linux 3.2")
    text = text.replace("D:\\orchard\\", "/opt/").replace("C:\\Windows\\SYSTEM32\\", "/lib/")
    assert reading(MATLAB, text).incidents == ()


WALKED = """\
PID 7764 received SIGSEGV for address: 0x954adc7d
SymInit: Symbol-SearchPath: '.;C:\\orchard;', symOptions: 530, UserName: 'ada'
OS-Version: 10.0.17763 () 0x110-0x3
c:\\src\\stackwalker.cpp (941): StackWalker::ShowCallstack
ERROR: SymGetLineFromAddr64, GetLastError: 487 (Address: 00007FFCFD13459E)
00007FFCFD13459E (ntdll): (filename not available): KiUserExceptionDispatcher
00007FF6954ADC7D (orchard): (filename not available): (function-name not available)
"""


def test_the_lower_half_of_the_address_finds_the_frame_that_failed() -> None:
    found = reading(STACKWALKER, WALKED)
    (incident,) = found.incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.address) == (0xC0000005, 0x7FF6954ADC7D)
    assert (incident.faulting_module, len(incident.stack)) == ("orchard", 3)
    assert found.system is not None
    assert found.system.build == 17763


def test_a_walked_stack_alone_is_a_stack() -> None:
    assert only_incident(STACKWALKER, WALKED.partition("\n")[2]).kind == "stack"


def test_segfault_handler_on_another_system_is_none() -> None:
    text = "PID 225 received SIGSEGV for address: 0xffffffff\n/lib/libpthread.so.0(+0x110e0)[0x7f7c35ba60e0]\n"
    assert reading(STACKWALKER, text).incidents == ()


REPORT = """\
OS Version: Windows 10.0.19041 (508)
Report Version: 104

Crashed Thread: 22040

Application Specific Information:
Fatal Error: EXCEPTION_ACCESS_VIOLATION_EXEC / 0x0

Thread 22040 Crashed:
0   orchard.exe                     0x7ff66d17b66d      <unknown>
1   leaf.dll                        0x7ffb8f24cea0      Leaf::Grow(int) (leaf.cpp:42)

Thread 9128
0   ntdll.dll                       0x7ffb8f27c144      ZwWaitForSingleObject

Loaded Images:
0x7ff66d160000 - 0x7ff66d9c0fff orchard.exe x86_64 <00000000000000000000000000000000> C:\\orchard\\orchard.exe
"""


def test_sentry_shows_the_thread_that_crashed_among_others() -> None:
    found = reading(SENTRY, REPORT)
    (incident,) = found.incidents
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.access) == (0xC0000005, "execute")
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"
    assert frames(incident)[0] == "orchard.exe+1b66d"
    assert (incident.stack[1].function, incident.stack[1].source) == ("Leaf::Grow(int)", "leaf.cpp:42")
    assert found.system is not None
    assert (found.system.build, found.system.revision) == (19041, 508)


def test_a_report_of_sentry_ends_where_the_next_begins() -> None:
    cut, whole = REPORT.partition("Thread 22040 Crashed:")[0], REPORT.replace("orchard", "quill").replace("66d", "77d")
    found = reading(SENTRY, cut + REPORT + whole)
    assert [(one.lines[0], one.process.name if one.process else None) for one in found.incidents] == [
        (15, "orchard.exe"),
        (32, "quill.exe"),
    ]
    assert [frames(one)[0] for one in found.incidents] == ["orchard.exe+1b66d", "quill.exe+1b77d"]


def test_words_about_such_an_error_are_no_report() -> None:
    text = "Fatal Error: EXCEPTION_ACCESS_VIOLATION_EXEC at times\nThread 9128\n0   ntdll.dll   0x7ffb8f27c144 A\n"
    assert reading(SENTRY, text).incidents == ()


HALTED = """\
* thread #1, stop reason = Exception 0xc0000005 encountered at address 0x7ff62c2d1a43: Error writing location 0x10
  * frame #0: 0x00007ff62c2d1a43 orchard.exe`grow(leaf=(a = 0x0)) at leaf.c:12:9
    frame #1: 0x00007ff62c2d1b77 orchard.exe`main + 23
    frame #2: 0x00007ff62c2d1b00 orchard.exe`start(int) [inlined] begin(int) at main.rs:44
    frame #3: 0x00007ffb8f24cea0

* thread #2
    frame #0: 0x00007ffb8f27c144 ntdll.dll`ZwWaitForSingleObject + 20
"""


def test_lldb_tells_the_code_and_the_thread_that_stopped() -> None:
    incident = only_incident(LLDB, HALTED)
    assert incident.exception is not None
    assert (incident.exception.code, incident.exception.access, incident.exception.target) == (
        0xC0000005,
        "write",
        0x10,
    )
    assert incident.process is not None
    assert incident.process.name == "orchard.exe"
    assert [frame.function for frame in incident.stack] == ["grow", "main", "begin", None]
    assert (incident.stack[0].source, incident.stack[1].offset) == ("leaf.c:12", 23)


@pytest.mark.parametrize("reason", ["signal SIGSEGV: invalid address", "EXC_BAD_ACCESS (code=1, address=0x0)"])
def test_lldb_on_another_system_is_no_crash_of_windows(reason: str) -> None:
    text = f"* thread #1, stop reason = {reason}\n  * frame #0: 0x00000001 a`main at a.c:1\n"
    assert all(incident.exception is None for incident in read_evidence(text.encode()).incidents)


def test_the_backtraces_of_all_threads_begin_with_another_one() -> None:
    text = (
        "Program received signal SIGSEGV, Segmentation fault.\n"
        "0x0074e3a9 in ?? () from C:\\Orchard\\leaf.dll\n(gdb) thread apply all bt\n\n"
        "Thread 8 (Thread 4412.0x2d28):\n"
        "#0  0x778d1f76 in ntdll!ZwWaitForWorkViaWorkerFactory () from C:\\Windows\\system32\\ntdll.dll\n"
        "#1  0x752a343d in KERNEL32!BaseThreadInitThunk () from C:\\Windows\\syswow64\\kernel32.dll\n\n"
        "Thread 1 (Thread 4412.0x1a2c):\n"
        "#0  0x0074e3a9 in ?? () from C:\\Orchard\\leaf.dll\n"
        "#1  0x00401a2b in ripen () at tree.c:42\n"
    )
    stopped = only_incident(GDB, text)
    assert stopped.faulting_module == "leaf.dll"
    assert [frame.address for frame in stopped.stack] == [0x74E3A9, 0x401A2B]
    cut = only_incident(GDB, text.partition("Thread 1 ")[0])
    assert [frame.address for frame in cut.stack] == [0x74E3A9]
