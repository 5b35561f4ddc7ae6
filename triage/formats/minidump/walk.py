"""The failing thread's stack, also of a 32-bit program on 64-bit Windows.

A 64-bit dump of a 32-bit process (written by Task Manager, or by a 64-bit ProcDump) has every thread's 64-bit
registers, which stand in wow64cpu.dll. Where the program's own 32-bit ones lie is told by the thread environment
block: TlsSlots[1] (TEB64+0x1488) points to a word of flags and, four bytes on, a 32-bit CONTEXT.
"""

from collections.abc import Mapping

from triage.formats.binary.addresses import Addresses
from triage.formats.binary.memory import Memory
from triage.formats.binary.registers import PROCESSORS, X86
from triage.formats.binary.stack import StackWalker
from triage.formats.minidump.container import Container
from triage.formats.minidump.layout import ExceptionStream, Thread
from triage.formats.minidump.memory import Regions
from triage.model.evidence import Frame

_TLS_SLOT = 0x1488
_CONTEXT_SKIP = 4
_CONTEXT_SIZE = 716
_CONTEXT_FLAG = 0x10000
"""CONTEXT_i386, set in ContextFlags of every 32-bit context."""
_WOW64 = "wow64cpu.dll"


def stack_of(
    dump: Container,
    architecture: str | None,
    exception: ExceptionStream | None,
    threads: tuple[Thread, ...],
    memory: Memory,
    regions: Regions,
    addresses: Addresses,
) -> tuple[Frame, ...]:
    """Frames of the thread that the exception happened in; without an exception, none."""
    if exception is None:
        return ()
    thread = next((thread for thread in threads if thread.id == exception.thread), None)
    if thread is None and threads:
        dump.damages.note(f"the exception's thread {exception.thread} is not in the thread list")
    registers: Mapping[str, int] = exception.registers or (thread.registers if thread else {})
    processor = PROCESSORS.get(architecture or "")
    if "eip" in registers:
        processor = X86
    elif thread is not None and architecture == "x64" and _in_emulation(registers, addresses):
        narrow = _narrow_registers(thread, memory)
        if narrow:
            processor, registers = X86, narrow
    if processor is None or not registers:
        return ()
    return StackWalker(processor, memory, addresses, regions.executable).walk(
        registers, _top(thread, registers, processor.stack)
    )


def _top(thread: Thread | None, registers: Mapping[str, int], stack: str) -> int | None:
    """Where the thread's stack memory ends, if the stack pointer stands in it."""
    if thread is None:
        return None
    low, high = thread.stack
    return high if low <= registers.get(stack, -1) < high else None


def _in_emulation(registers: Mapping[str, int], addresses: Addresses) -> bool:
    module = addresses.loaded.find(registers.get("rip", 0))
    return module is not None and module.name.lower() == _WOW64


def _narrow_registers(thread: Thread, memory: Memory) -> dict[str, int]:
    where = memory.pointer(thread.teb + _TLS_SLOT, 8)
    raw = memory.read(where + _CONTEXT_SKIP, _CONTEXT_SIZE) if where else b""
    if len(raw) < X86.size or not int.from_bytes(raw[:4], "little") & _CONTEXT_FLAG:
        return {}
    return X86.read(raw)
