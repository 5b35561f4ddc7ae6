"""Loaded and unloaded modules of a minidump.

MINIDUMP_MODULE, MINIDUMP_UNLOADED_MODULE_LIST (minidumpapiset.h), VS_FIXEDFILEINFO (verrsrc.h). The CodeView record
that the linker leaves in an image names its PDB: `RSDS`, GUID, age, file name; before 2002 `NB10`, offset, timestamp,
age, file name. Breakpad writes the build id of ELF files there under the signature `BpEL`.
"""

from codecs import utf_8_decode, utf_16_le_decode
from collections.abc import Sequence
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
_RSDS = Layout("<4xIHH8sI")
_GUID = Layout(">IHH8s")
_RSDS_SIZE = 24
_RSDS_HEAD = Layout("<4s16sI")
_MAX_NAME = 260
_NB10 = Layout("<II")
_FIXED_VERSION = 0xFEEF04BD


def read_modules(dump: Container) -> tuple[Module, ...]:
    """The module list in the file's order: the first is the program itself."""
    modules: list[Module] = []
    add, data, damages = modules.append, dump.reader.data, dump.damages
    rows = list(dump.rows(MODULE_LIST, _MODULE, MAX_MODULES))
    if not rows:
        return ()
    # A dump holds a hundred modules: what is alike of all is done at once, and one by one where that cannot be.
    *_, names, _, _, _, debug_sizes, debugs = zip(*rows, strict=True)
    for row, known, pdb in zip(rows, _sound_paths(data, names), _sound_pdbs(data, debugs, debug_sizes), strict=True):
        base, size, checksum, timestamp, name, signature, file_version, product_version, debug_size, debug = row
        path = known or dump.text(name, "a module's name")
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
        # As base_name does.
        file_name = path.rpartition("\\")[2]
        if "/" in file_name:
            file_name = file_name.rpartition("/")[2]
        add(
            Module(
                name=file_name or path,
                path=path,
                base=base,
                end=end,
                version=version,
                product_version=product,
                timestamp=timestamp or None,
                checksum=checksum or None,
                pdb=_pdb(dump, data, debug, debug_size) if pdb is None and debug else pdb,
            )
        )
    return tuple(modules)


def _sound_paths(data: Data, offsets: Sequence[int]) -> Sequence[str | None]:
    """What `Container.text` gives of the names at `offsets` where all are whole; else None for each of them."""
    raws: list[Data] = []
    last = len(data)
    length_at = _LENGTH.unpack_from
    for offset in offsets:
        begin = offset + 4
        length = length_at(data, offset)[0] if begin <= last else 0
        if length & 1 or not offset or not 0 < length <= MAX_TEXT or begin + length > last:
            return [None] * len(offsets)
        raws.append(data[begin : begin + length])
    # The decoder itself: finding it by its name takes longer than a module's name does.
    paths = utf_16_le_decode(b"\0\0".join(raws), "replace", True)[0].split("\0")
    return paths if len(paths) == len(offsets) else [None] * len(offsets)


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


def _sound_pdbs(data: Data, offsets: Sequence[int], sizes: Sequence[int]) -> list[str | None]:
    """What `_pdb` gives of the modules whose record is a short, undamaged `RSDS` one; None for the others.

    That is almost every one of a dump's hundred modules, so the digits of all their GUIDs are written at once.
    """
    places: list[int] = []
    names: list[str] = []
    guids: list[bytes] = []
    ages: list[str] = []
    last = len(data)
    for place, offset, size in zip(range(len(offsets)), offsets, sizes, strict=True):
        end = offset + size
        if offset and end <= last and _RSDS_SIZE < size <= _MAX_NAME:
            signature, guid, age = _RSDS_HEAD.unpack_from(data, offset)
            if signature == b"RSDS" and age < 10 and not data[end - 1]:
                try:
                    path = utf_8_decode(data[offset + _RSDS_SIZE : end - 1], "strict", True)[0]
                except UnicodeDecodeError:
                    continue
                name = path.rpartition("\\")[2]
                if name and "/" not in name and "\0" not in path:
                    places.append(place)
                    names.append(name)
                    guids.append(guid)
                    ages.append(age)
    joined = b"".join(guids)
    swapped = bytearray(joined)
    for to, source in enumerate((3, 2, 1, 0, 5, 4, 7, 6)):
        swapped[to::16] = joined[source::16]
    found: list[str | None] = [None] * len(offsets)
    for place, name, guid, age in zip(places, names, swapped.hex(" ", 16).upper().split(" "), ages, strict=False):
        found[place] = f"{name}/{guid}{age}"
    return found


def _pdb(dump: Container, data: Data, offset: int, size: int) -> str | None:
    """`app.pdb/<GUID><age>`, as symbol servers name it; `build-id/<hex>` for ELF."""
    size = min(MAX_TEXT, size)
    raw = bytes(data[offset : offset + size])
    if raw.startswith(b"RSDS") and len(raw) >= 24:
        # A GUID's first three numbers are little-endian, and written most significant digit first.
        first, second, third, rest, age = _RSDS.unpack_from(raw)
        end = raw.find(b"\0", 24)
        name = raw[24:end] if end >= 0 else raw[24:]
        text = name.decode() if name.isascii() else text8(name)
        text = base_name(text) if "/" in text or text.endswith("\\") else text.rpartition("\\")[2]
        return f"{text[:260]}/{_GUID.pack(first, second, third, rest).hex().upper()}{age:X}"
    kind = raw[:4]
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
