"""Threads and the exception: MINIDUMP_THREAD_LIST, _THREAD_EX_LIST, _THREAD_NAME_LIST, _EXCEPTION_STREAM."""

from struct import Struct as Layout

from triage.formats.binary.registers import REACH, Processor, Saved, processor_of
from triage.formats.minidump.container import Container
from triage.formats.minidump.layout import (
    EXCEPTION,
    MAX_THREADS,
    THREAD_EX_LIST,
    THREAD_LIST,
    THREAD_NAMES,
    ExceptionStream,
    Thread,
)
from triage.model.evidence import Access

_THREAD = Layout("<IIIIQQIIII")
_THREAD_EX = Layout("<IIIIQQIIII16x")
_THREAD_NAME = Layout("<IQ")
_EXCEPTION = Layout("<I4xIIQQI4x15QII")

_ACCESSES: dict[int, Access] = {0: "read", 1: "write", 8: "execute"}
_ACCESS_CODES = (0xC0000005, 0xC0000006)
"""STATUS_ACCESS_VIOLATION and STATUS_IN_PAGE_ERROR: parameters are the kind of access and its address."""

MAX_CONTEXT = 2048


def context_at(dump: Container, offset: int, size: int, architecture: str | None) -> tuple[Processor | None, bytes]:
    """The saved context at `offset` and the layout to read it by."""
    if offset == 0 or size == 0:
        return None, b""
    return processor_of(architecture, size), dump.reader.bytes_at(offset, min(size, MAX_CONTEXT))


def read_threads(dump: Container, architecture: str | None) -> tuple[Thread, ...]:
    """All threads with their registers; the extended list where there is no plain one."""
    kind, layout = (THREAD_LIST, _THREAD) if THREAD_LIST in dump.streams else (THREAD_EX_LIST, _THREAD_EX)
    names = {thread: dump.text(where, "a thread's name") for thread, where in _names(dump)}
    threads = []
    without = 0
    for row in dump.rows(kind, layout, MAX_THREADS):
        thread, _, _, _, teb, stack, size, stack_offset, context_size, context = row
        processor, raw = context_at(dump, context, context_size, architecture)
        registers = {} if processor is None else Saved(processor, raw)
        if processor is not None:
            without += len(raw) < REACH[processor.name]
        threads.append(
            Thread(
                id=thread,
                name=names.get(thread),
                teb=teb,
                stack=(stack, stack + size),
                stack_offset=stack_offset,
                registers=registers,
            )
        )
    if without:
        dump.damages.note(f"registers of {without} threads lie outside of the file or are cut off")
    return tuple(threads)


def _names(dump: Container) -> list[tuple[int, int]]:
    return [(thread, where) for thread, where in dump.rows(THREAD_NAMES, _THREAD_NAME, MAX_THREADS)]


def read_exception(dump: Container, architecture: str | None, pointer: int) -> ExceptionStream | None:
    """The exception that the dump was written for; None where there is none.

    A 32-bit process has its addresses sign-extended by some writers (`ffffffff80001234` for `80001234`): they are cut
    to the width of the process.
    """
    fields = dump.stream(EXCEPTION, _EXCEPTION)
    if fields is None:
        return None
    thread, code, flags, _, address, announced, *rest = fields
    *information, context_size, context = rest
    mask = 0xFFFFFFFF if pointer == 4 else 0xFFFFFFFFFFFFFFFF
    if announced > len(information):
        dump.damages.note(f"exception announces {announced} parameters, at most {len(information)} can be")
    parameters = tuple(value & mask for value in information[:announced])
    access = _ACCESSES.get(parameters[0]) if code in _ACCESS_CODES and len(parameters) >= 2 else None
    processor, raw = context_at(dump, context, context_size, architecture)
    registers = processor.read(raw) if processor is not None else {}
    if processor is not None and processor.code not in registers:
        dump.damages.note("registers of the exception lie outside of the file or are cut off")
    return ExceptionStream(
        thread=thread,
        code=code,
        flags=flags,
        address=address & mask,
        parameters=parameters,
        access=access,
        target=parameters[1] if access is not None else None,
        registers=registers,
    )
