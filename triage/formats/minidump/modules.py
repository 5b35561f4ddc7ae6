"""Loaded and unloaded modules of a minidump.

MINIDUMP_MODULE, MINIDUMP_UNLOADED_MODULE_LIST (minidumpapiset.h), VS_FIXEDFILEINFO (verrsrc.h). The CodeView record
that the linker leaves in an image names its PDB: `RSDS`, GUID, age, file name; before 2002 `NB10`, offset, timestamp,
age, file name. Breakpad writes the build id of ELF files there under the signature `BpEL`.
"""

from codecs import utf_8_decode, utf_16_le_decode
from functools import lru_cache
from struct import Struct as Layout

from triage.formats.binary import Data
from triage.formats.binary.reader import MAX_TEXT, base_name, text8
from triage.formats.minidump.container import Container
from triage.formats.minidump.layout import MAX_MODULES, MODULE_LIST, UNLOADED_LIST
from triage.model.evidence import Module

_MODULE = Layout("<QIIIII4xQQ28xII24x")
_LENGTH = Layout("<I")
_UNLOADED_HEADER = Layout("<III")
_UNLOADED = Layout("<QIIII")
_RSDS = Layout("<4sIHH8sI")
_GUID = Layout(">IHH8s")
_NB10 = Layout("<II")
_FIXED_VERSION = 0xFEEF04BD


def read_modules(dump: Container) -> tuple[Module, ...]:
    """The module list in the file's order: the first is the program itself."""
    modules: list[Module] = []
    add, reader, damages = modules.append, dump.reader, dump.damages
    data, size_of_file = reader.data, reader.size
    for row in dump.rows(MODULE_LIST, _MODULE, MAX_MODULES):
        base, size, checksum, timestamp, name, signature, file_version, product_version, debug_size, debug = row
        # A dump holds a hundred modules, so what `dump.text` does for a sound name is done here.
        begin = name + 4
        end = begin + _LENGTH.unpack_from(data, name)[0] if begin <= size_of_file else 0
        if name and begin < end <= size_of_file and end - begin <= MAX_TEXT:
            path = utf_16_le_decode(data[begin:end], "replace", True)[0]
            if "\0" in path:
                path = path[: path.index("\0")]
        else:
            path = dump.text(name, "a module's name") or ""
        if not path:
            damages.note("a module has no name")
            path = f"module {len(modules) + 1}"
        end = base + size
        if end > 1 << 64:
            damages.note("a module reaches past the end of the address space")
            end = base
        version = product = None
        if signature == _FIXED_VERSION:
            version = _version(file_version) if file_version else None
            if product_version:
                product = version if product_version == file_version else _version(product_version)
        file_name = path.rpartition("\\")[2]
        add(
            Module(
                name=base_name(path) if "/" in file_name or not file_name else file_name,
                path=path,
                base=base,
                end=end,
                version=version,
                product_version=product,
                timestamp=timestamp or None,
                checksum=checksum or None,
                pdb=_pdb(dump, data, debug, debug_size) if debug else None,
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


@lru_cache(maxsize=8192)
def _version(value: int) -> str:
    """The version of its two 32-bit words, the more significant one first in the file."""
    high, low = value & 0xFFFFFFFF, value >> 32
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"


def _pdb(dump: Container, data: Data, offset: int, size: int) -> str | None:
    """`app.pdb/<GUID><age>`, as symbol servers name it; `build-id/<hex>` for ELF."""
    if _RSDS.size <= size and offset + _RSDS.size <= len(data):
        signature, first, second, third, rest, age = _RSDS.unpack_from(data, offset)
        if signature == b"RSDS":
            name = _pdb_name(data[offset + _RSDS.size : offset + min(MAX_TEXT, size)])
            # A GUID's first three numbers are little-endian, and written most significant digit first.
            guid = _GUID.pack(first, second, third, rest).hex().upper()
            return "%s/%s%X" % (name, guid, age)  # noqa: UP031 - half the time of a format specification
    size = min(MAX_TEXT, size)
    raw = bytes(data[offset : offset + size])
    kind = raw[:4]
    if kind == b"NB10" and len(raw) >= 16:
        timestamp, age = _NB10.unpack_from(raw, 8)
        return f"{_pdb_name(raw[16:])}/{timestamp:08X}{age:X}"
    if kind == b"LEpB" and len(raw) > 4:
        return f"build-id/{raw[4:44].hex()}"
    if len(raw) < size:
        dump.damages.note("a module's debug record lies outside of the file")
    return None


def _pdb_name(raw: Data) -> str:
    """The file name of a path in UTF-8 with its null, at most 260 characters of it."""
    try:
        # The decoder itself, as for the modules' names; almost every record ends with the path's null.
        path = utf_8_decode(raw[:-1], "strict", True)[0] if raw and not raw[-1] else "\0"
    except UnicodeDecodeError:
        path = "\0"
    if "\0" in path:
        path = text8(bytes(raw))
    name = path.rpartition("\\")[2]
    return (base_name(path) if "/" in name or not name else name)[:260]
