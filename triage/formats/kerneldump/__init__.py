"""Kernel dumps (`PAGEDU64`, `PAGEDUMP`): what the system wrote when it stopped.

`read_kernel_dump` gives all that a dump says, `FORMAT.read` the Evidence of it.
"""

from msgspec.structs import replace

from triage.formats.binary import BinaryFormat, Data
from triage.formats.binary.addresses import Addresses
from triage.formats.binary.memory import Memory
from triage.formats.binary.reader import Damages, Reader
from triage.formats.binary.registers import PROCESSORS
from triage.formats.binary.stack import StackWalker
from triage.formats.kerneldump.blame import code_address
from triage.formats.kerneldump.extent import check_extent
from triage.formats.kerneldump.header import Header, read_header
from triage.formats.kerneldump.layout import KINDS, MAGIC_32, MAGIC_64, TRIAGE, KernelDump
from triage.formats.kerneldump.loaded import read_loaded
from triage.formats.kerneldump.pages import PagedMemory, paged_memory
from triage.formats.kerneldump.triage import TriageBlock, read_triage
from triage.model.evidence import BugCheck, Evidence, Frame, Incident, Message

__all__ = ["FORMAT", "KernelDump", "read", "read_kernel_dump"]

_CONTEXT_SIZE = {4: 716, 8: 1232}


def read_kernel_dump(data: Data) -> KernelDump:
    """All that a kernel dump says. Damage becomes warnings; SourceError where the file ends within the bug check."""
    reader, damages = Reader(data), Damages()
    header = read_header(data, damages)
    block = read_triage(reader, header.shape, damages) if header.kind == TRIAGE else None
    block = block or TriageBlock()
    check_extent(reader, header.shape, header.kind, damages)
    memory: Memory = Memory(reader, block.pieces)
    paged = _paged(reader, header, damages)
    if paged is not None:
        memory = paged
        block = replace(block, drivers=read_loaded(paged, header.modules, header.shape, damages))
    system = header.system
    if block.service_pack is not None:
        system = replace(system, service_pack=block.service_pack)
    registers = _registers(reader, header)
    faulting = code_address(header.code, header.parameters) if header.code is not None else None
    return KernelDump(
        bits=8 * header.shape.width,
        kind=KINDS.get(header.kind or 0),
        system=system,
        time=header.time,
        code=header.code,
        parameters=header.parameters,
        faulting=faulting,
        comment=header.comment,
        registers=registers,
        drivers=block.drivers,
        unloaded=block.unloaded,
        stack=_stack(memory, header, block, registers),
        warnings=damages.warnings(),
    )


def _registers(reader: Reader, header: Header) -> dict[str, int]:
    processor = PROCESSORS.get(header.system.architecture or "")
    if processor is None or processor.width != header.shape.width:
        return {}
    return processor.read(reader.bytes_at(header.shape.context, _CONTEXT_SIZE[header.shape.width]))


def _paged(reader: Reader, header: Header, damages: Damages) -> PagedMemory | None:
    """The memory of a full or bitmap dump of a processor whose page tables are known."""
    if header.system.architecture not in {"x86", "x64"}:
        return None
    return paged_memory(reader, header.shape, header.kind, header.page_directory, damages)


def _stack(memory: Memory, header: Header, block: TriageBlock, registers: dict[str, int]) -> tuple[Frame, ...]:
    """The stack that the system stopped on, as far as the dump holds it; its first frame is where it stopped."""
    processor = PROCESSORS.get(header.system.architecture or "")
    if processor is None or not registers or not block.drivers:
        return ()
    addresses = Addresses(block.drivers, block.unloaded)
    return StackWalker(processor, memory, addresses).walk(registers)


def read(data: Data) -> Evidence:
    """Evidence of a kernel dump: one incident, unless the system was only looked at and did not stop."""
    dump = read_kernel_dump(data)
    return Evidence(
        format="kerneldump",
        incidents=(_incident(dump, dump.code),) if dump.code is not None else (),
        modules=dump.drivers + dump.unloaded,
        system=dump.system,
        warnings=dump.warnings,
    )


def _incident(dump: KernelDump, code: int) -> Incident:
    module = Addresses(dump.drivers, dump.unloaded).module(dump.faulting) if dump.faulting is not None else None
    offset = None
    if module is not None and module.base is not None and dump.faulting is not None:
        offset = dump.faulting - module.base
    return Incident(
        kind="bugcheck",
        bugcheck=BugCheck(code=code, parameters=dump.parameters),
        stack=dump.stack,
        faulting_module=module.name if module is not None else None,
        faulting_offset=offset,
        context=(Message(dump.comment),) if dump.comment else (),
    )


FORMAT = BinaryFormat(name="kerneldump", magic=(MAGIC_64, MAGIC_32), read=read)
