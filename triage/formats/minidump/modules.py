"""Loaded and unloaded modules of a minidump.

MINIDUMP_MODULE, MINIDUMP_UNLOADED_MODULE_LIST (minidumpapiset.h), VS_FIXEDFILEINFO (verrsrc.h). The CodeView record
that the linker leaves in an image names its PDB: `RSDS`, GUID, age, file name; before 2002 `NB10`, offset, timestamp,
age, file name. Breakpad writes the build id of ELF files there under the signature `BpEL`.
"""

from struct import Struct as Layout

from triage.formats.binary.reader import MAX_TEXT, base_name, text8
from triage.formats.minidump.container import Container
from triage.formats.minidump.layout import MAX_MODULES, MODULE_LIST, UNLOADED_LIST
from triage.model.evidence import Module

_MODULE = Layout("<QIIII13I4I16x")
_UNLOADED_HEADER = Layout("<III")
_UNLOADED = Layout("<QIIII")
_GUID = Layout("<IHH8s")
_FIXED_VERSION = 0xFEEF04BD


def read_modules(dump: Container) -> tuple[Module, ...]:
    """The module list in the file's order: the first is the program itself."""
    modules = []
    for number, row in enumerate(dump.rows(MODULE_LIST, _MODULE, MAX_MODULES), 1):
        base, size, checksum, timestamp, name, *rest = row
        path = dump.text(name, "a module's name")
        if not path:
            dump.damages.note("a module has no name")
            path = f"module {number}"
        end = base + size
        if end > 1 << 64:
            dump.damages.note("a module reaches past the end of the address space")
            end = base
        modules.append(
            Module(
                name=base_name(path),
                path=path,
                base=base,
                end=end,
                version=_version(rest[0], rest[2], rest[3]),
                product_version=_version(rest[0], rest[4], rest[5]),
                timestamp=timestamp or None,
                checksum=checksum or None,
                pdb=_pdb(dump, rest[14], rest[13]),
            )
        )
    return tuple(modules)


def read_unloaded(dump: Container) -> tuple[Module, ...]:
    """The modules that had been unloaded, oldest first; a crash in one of them is a crash in freed code."""
    header = dump.stream(UNLOADED_LIST, _UNLOADED_HEADER)
    if header is None:
        return ()
    place = dump.streams[UNLOADED_LIST]
    skip, step, count = header
    if not _UNLOADED_HEADER.size <= skip <= place.size or not _UNLOADED.size <= step <= 4096:
        if count:
            dump.damages.note("unloaded module list is damaged: impossible sizes in its header")
        return ()
    rows = dump.table(
        UNLOADED_LIST, place.offset + skip, place.offset + place.size, count, _UNLOADED, MAX_MODULES, step
    )
    unloaded = []
    for base, size, checksum, timestamp, name in rows:
        path = dump.text(name, "an unloaded module's name")
        if path:
            unloaded.append(
                Module(
                    name=base_name(path),
                    path=path,
                    base=base,
                    end=base + size if base + size <= 1 << 64 else base,
                    timestamp=timestamp or None,
                    checksum=checksum or None,
                    unloaded=True,
                )
            )
    return tuple(unloaded)


def _version(signature: int, high: int, low: int) -> str | None:
    if signature != _FIXED_VERSION or not (high or low):
        return None
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"


def _pdb(dump: Container, offset: int, size: int) -> str | None:
    """`app.pdb/<GUID><age>`, as symbol servers name it; `build-id/<hex>` for ELF."""
    if offset == 0 or size < 4:
        return None
    raw = dump.reader.bytes_at(offset, min(size, MAX_TEXT))
    if raw[:4] == b"RSDS" and len(raw) >= 24:
        one, two, three, rest = _GUID.unpack_from(raw, 4)
        age = int.from_bytes(raw[20:24], "little")
        return f"{_pdb_name(raw[24:])}/{one:08X}{two:04X}{three:04X}{rest.hex().upper()}{age:X}"
    if raw[:4] == b"NB10" and len(raw) >= 16:
        timestamp, age = (int.from_bytes(raw[at : at + 4], "little") for at in (8, 12))
        return f"{_pdb_name(raw[16:])}/{timestamp:08X}{age:X}"
    if raw[:4] == b"LEpB" and len(raw) > 4:
        return f"build-id/{raw[4:44].hex()}"
    if len(raw) < size:
        dump.damages.note("a module's debug record lies outside of the file")
    return None


def _pdb_name(raw: bytes) -> str:
    return base_name(text8(raw))[:260]
