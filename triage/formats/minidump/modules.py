"""Loaded and unloaded modules of a minidump.

MINIDUMP_MODULE, MINIDUMP_UNLOADED_MODULE_LIST (minidumpapiset.h), VS_FIXEDFILEINFO (verrsrc.h). The CodeView record
that the linker leaves in an image names its PDB: `RSDS`, GUID, age, file name; before 2002 `NB10`, offset, timestamp,
age, file name. Breakpad writes the build id of ELF files there under the signature `BpEL`.
"""

from functools import lru_cache
from struct import Struct as Layout

from triage.formats.binary.reader import MAX_TEXT, base_name, text8
from triage.formats.minidump.container import Container
from triage.formats.minidump.layout import MAX_MODULES, MODULE_LIST, UNLOADED_LIST
from triage.model.evidence import Module

_MODULE = Layout("<QIIIII4xQQ28xII24x")
_UNLOADED_HEADER = Layout("<III")
_UNLOADED = Layout("<QIIII")
_RSDS = Layout("<4xIHH8sI")
_GUID = Layout(">IHH8s")
_NB10 = Layout("<II")
_FIXED_VERSION = 0xFEEF04BD


def read_modules(dump: Container) -> tuple[Module, ...]:
    """The module list in the file's order: the first is the program itself."""
    modules: list[Module] = []
    for row in dump.rows(MODULE_LIST, _MODULE, MAX_MODULES):
        base, size, checksum, timestamp, name, signature, file_version, product_version, debug_size, debug = row
        path = dump.text(name, "a module's name")
        if not path:
            dump.damages.note("a module has no name")
            path = f"module {len(modules) + 1}"
        end = base + size
        if end > 1 << 64:
            dump.damages.note("a module reaches past the end of the address space")
            end = base
        known = signature == _FIXED_VERSION
        modules.append(
            Module(
                name=base_name(path),
                path=path,
                base=base,
                end=end,
                version=_version(file_version) if known and file_version else None,
                product_version=_version(product_version) if known and product_version else None,
                timestamp=timestamp or None,
                checksum=checksum or None,
                pdb=_pdb(dump, debug, debug_size) if debug else None,
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


@lru_cache(maxsize=1024)
def _version(value: int) -> str:
    """The version of its two 32-bit words, the more significant one first in the file."""
    high, low = value & 0xFFFFFFFF, value >> 32
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"


def _pdb(dump: Container, offset: int, size: int) -> str | None:
    """`app.pdb/<GUID><age>`, as symbol servers name it; `build-id/<hex>` for ELF."""
    size = min(size, MAX_TEXT)
    raw = bytes(dump.reader.data[offset : offset + size])
    kind = raw[:4]
    if kind == b"RSDS" and len(raw) >= 24:
        # A GUID's first three numbers are little-endian, and written most significant digit first.
        first, second, third, rest, age = _RSDS.unpack_from(raw)
        return f"{_pdb_name(raw, 24)}/{_GUID.pack(first, second, third, rest).hex().upper()}{age:X}"
    if kind == b"NB10" and len(raw) >= 16:
        timestamp, age = _NB10.unpack_from(raw, 8)
        return f"{_pdb_name(raw, 16)}/{timestamp:08X}{age:X}"
    if kind == b"LEpB" and len(raw) > 4:
        return f"build-id/{raw[4:44].hex()}"
    if len(raw) < size:
        dump.damages.note("a module's debug record lies outside of the file")
    return None


def _pdb_name(raw: bytes, start: int) -> str:
    return base_name(text8(raw[start:]))[:260]
