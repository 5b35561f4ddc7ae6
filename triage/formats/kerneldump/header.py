"""The header that all kernel dumps begin with."""

from struct import Struct as Layout

from msgspec import Struct

from triage.errors import SourceError
from triage.formats.binary import Data
from triage.formats.binary.machine import MACHINES, product_of, service_pack_of_build, version_of_build
from triage.formats.binary.reader import Damages, Reader, text8
from triage.formats.kerneldump.layout import (
    KINDS,
    MAGIC_32,
    MAGIC_64,
    SHAPE_32,
    SHAPE_64,
    UNSET_32,
    UNSET_64,
    HeaderShape,
)
from triage.model.evidence import System

_PAIR = Layout("<II")
_EPOCH = 11_644_473_600
"""Seconds from 1601, where a FILETIME starts, to 1970."""
_TICKS = 10_000_000
_EARLIEST, _LATEST = 631_152_000, 4_102_444_800
"""1990 and 2100: a crash outside of them is a damaged field."""
_LONGEST_UPTIME = 20 * 366 * 86_400
_MAX_PROCESSORS = 4096
_COMMENT_SIZE = 128


class Header(Struct, frozen=True, kw_only=True):
    """The header's fields, None where the writer left them unset or they make no sense."""

    shape: HeaderShape
    kind: int | None = None
    page_directory: int = 0
    modules: int = 0
    code: int | None = None
    parameters: tuple[int, ...] = ()
    system: System
    time: int | None = None
    comment: str | None = None


def read_header(data: Data, damages: Damages) -> Header:
    """The header; SourceError where the bug check already lies outside of the file."""
    reader = Reader(data)
    magic = reader.bytes_at(0, 8)
    shape = {MAGIC_64: SHAPE_64, MAGIC_32: SHAPE_32}.get(magic)
    numbers = reader.unpack(shape.numbers, 8) if shape else None
    bugcheck = reader.unpack(shape.bugcheck, shape.bugcheck_at) if shape else None
    machine = reader.unpack(_PAIR, shape.processors) if shape else None
    if shape is None or numbers is None or bugcheck is None or machine is None:
        raise SourceError(f"kernel dump of {reader.size} bytes is cut off in its header; copy the file again")
    if reader.size < shape.size:
        damages.note(f"header is cut off: {reader.size} of {shape.size} bytes")
    _, build, directory, _, modules, _ = numbers
    code, *parameters = bugcheck
    if code == UNSET_32:
        damages.note("header holds no bug check: a dump of a running system, or damaged")
    kind = _set(reader.u32(shape.dump_type))
    if kind is not None and kind not in KINDS:
        damages.note(f"unknown dump type {kind}")
    return Header(
        shape=shape,
        kind=kind,
        page_directory=directory,
        modules=modules,
        code=None if code == UNSET_32 else code,
        parameters=() if code == UNSET_32 else tuple(parameters),
        system=_system(build, machine, _set(reader.u32(shape.product_type)), _uptime(reader, shape, damages), damages),
        time=_time(reader, shape, damages),
        comment=_comment(reader, shape),
    )


def _set(value: int | None) -> int | None:
    return None if value in (None, UNSET_32) else value


def _system(build: int, machine: tuple[int, int], kind: int | None, uptime: int | None, damages: Damages) -> System:
    build = build & 0xFFFF if build >> 28 in (0xC, 0xF) else build
    image, processors = machine
    version = version_of_build(build)
    if version is None:
        damages.note(f"impossible build number {build}")
    if image not in MACHINES:
        damages.note(f"unknown machine type {image:#x}")
    if not 0 < processors <= _MAX_PROCESSORS:
        damages.note(f"impossible number of processors: {processors}")
    return System(
        product=product_of(*version, build, kind) if version else None,
        version=f"{version[0]}.{version[1]}" if version else None,
        build=build if version else None,
        service_pack=service_pack_of_build(build),
        architecture=MACHINES.get(image),
        processors=processors if 0 < processors <= _MAX_PROCESSORS else None,
        uptime=uptime,
    )


def _time(reader: Reader, shape: HeaderShape, damages: Damages) -> int | None:
    ticks = reader.u64(shape.time)
    if ticks in (None, 0, UNSET_64):
        return None
    seconds = ticks // _TICKS - _EPOCH
    if _EARLIEST <= seconds <= _LATEST:
        return seconds
    damages.note("time of the crash is impossible")
    return None


def _uptime(reader: Reader, shape: HeaderShape, damages: Damages) -> int | None:
    ticks = reader.u64(shape.uptime)
    if ticks in (None, 0, UNSET_64):
        return None
    seconds = ticks // _TICKS
    if seconds <= _LONGEST_UPTIME:
        return seconds
    damages.note("uptime is impossible")
    return None


def _comment(reader: Reader, shape: HeaderShape) -> str | None:
    raw = reader.bytes_at(shape.comment, _COMMENT_SIZE)
    if raw.startswith(b"PAGE"):
        return None
    text = text8(raw).strip()
    return text if text and text.isprintable() else None
