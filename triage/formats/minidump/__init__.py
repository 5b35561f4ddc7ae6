"""User minidumps (`MDMP`): the crash of one process, written by Windows, Breakpad, Crashpad or ProcDump.

`read_minidump` gives all that a dump says, `FORMAT.read` the Evidence of it.
"""

from msgspec.structs import replace

from triage.formats.binary import BinaryFormat, Data
from triage.formats.binary.addresses import Addresses
from triage.formats.minidump.container import Container
from triage.formats.minidump.evidence import evidence_of
from triage.formats.minidump.layout import EXCEPTION, MAGIC, MODULE_LIST, THREAD_EX_LIST, THREAD_LIST, Minidump
from triage.formats.minidump.memory import Regions, read_memory
from triage.formats.minidump.modules import read_modules, read_unloaded
from triage.formats.minidump.remarks import read_annotations, read_assertion, read_comments, read_handles
from triage.formats.minidump.system import build_of, read_machine, read_times
from triage.formats.minidump.threads import read_exception, read_threads
from triage.formats.minidump.walk import stack_of
from triage.model.evidence import Evidence

__all__ = ["FORMAT", "Minidump", "read", "read_minidump"]


def read_minidump(data: Data) -> Minidump:
    """All that a minidump says. Damage becomes warnings; SourceError where not even the header can be read."""
    return _read(data)[0]


def _read(data: Data) -> tuple[Minidump, Addresses]:
    dump = Container(data)
    machine = read_machine(dump)
    architecture = machine.system.architecture if machine.system else None
    times = read_times(dump)
    modules, unloaded = read_modules(dump), read_unloaded(dump)
    threads = read_threads(dump, architecture)
    exception = read_exception(dump, architecture, machine.pointer)
    memory, regions = read_memory(dump, threads), Regions(dump)
    for kinds, name in (((MODULE_LIST,), "module list"), ((THREAD_LIST, THREAD_EX_LIST), "thread list")):
        if not any(kind in dump.streams for kind in kinds):
            dump.damages.note(f"no {name}")
    if EXCEPTION not in dump.streams:
        dump.damages.note("no exception: written of a running process, or the exception is lost")
    addresses = Addresses(modules, unloaded)
    stack = stack_of(dump, architecture, exception, threads, memory, regions, addresses)
    system = machine.system
    told = build_of(times.build_text)
    if system is not None and machine.platform == "windows" and told is not None:
        if told[0] == system.build:
            system = replace(system, revision=told[1])
        else:
            # Programs without a manifest for newer systems are told an older version, and so is a dump they write.
            dump.damages.note(f"the program was told that it runs on build {system.build}, the system is {told[0]}")
    minidump = Minidump(
        system=system,
        platform=machine.platform,
        pointer=machine.pointer,
        time=dump.time,
        process=next((module.name for module in modules if module.name[-4:].lower() == ".exe"), None)
        or (modules[0].name if modules else None),
        pid=times.pid,
        started=times.started,
        build_text=times.build_text,
        exception=exception,
        threads=threads,
        modules=modules,
        unloaded=unloaded,
        stack=stack,
        handles=read_handles(dump),
        target_region=regions.region(exception.target)
        if exception is not None and exception.target is not None
        else None,
        assertion=read_assertion(dump),
        comments=read_comments(dump),
        annotations=read_annotations(dump),
        warnings=dump.damages.warnings(),
    )
    return minidump, addresses


def read(data: Data) -> Evidence:
    """Evidence of a minidump: one incident where it holds an exception, none where the process went on running."""
    return evidence_of(*_read(data))


FORMAT = BinaryFormat(name="minidump", magic=(MAGIC,), read=read)
