"""How long a kernel dump ought to be: a copy that was cut short is told by that alone.

Full dumps have a page for each of PHYSICAL_MEMORY_DESCRIPTOR.NumberOfPages behind their header, bitmap dumps theirs
from FirstPage on (layout as Rizin, librz/bin/format/dmp, describes it). Behind a triage dump follow blobs of secondary
data, each with a header that says how long it is: `DumpBlob`, size of that header; then size, tag, size of the data and
two paddings.
"""

from struct import Struct as Layout

from triage.formats.binary.reader import Damages, Reader
from triage.formats.kerneldump.layout import UNSET_32, HeaderShape

_PAGE = 0x1000
_FULL = 1
_BITMAPS = (5, 6, 7)
_PAGES = {4: (0x64, Layout("<II")), 8: (0x88, Layout("<I4xQ"))}
_BITMAP = Layout("<4s4s24xQQ")
_BLOB_FILE = Layout("<8sI")
_BLOB = Layout("<I16sIII")
_MAX_BLOBS = 4096


def check_extent(reader: Reader, shape: HeaderShape, kind: int | None, damages: Damages) -> None:
    """Notes it where a full or bitmap dump is shorter than its own header says."""
    wanted = None
    if kind == _FULL:
        offset, layout = _PAGES[shape.width]
        fields = reader.unpack(layout, offset)
        if fields is not None and fields[0] != UNSET_32:
            wanted = shape.size + fields[1] * _PAGE
    elif kind in _BITMAPS:
        fields = reader.unpack(_BITMAP, shape.size)
        if fields is None or fields[0] not in (b"SDMP", b"FDMP") or fields[1] != b"DUMP":
            damages.note("map of the memory in the dump is cut off or damaged")
        elif shape.width == 8:
            wanted = fields[2] + fields[3] * _PAGE
    if wanted is not None and reader.size < wanted:
        damages.note(f"dump is cut off: {reader.size} of {wanted} bytes")


def check_blobs(reader: Reader, offset: int, damages: Damages) -> None:
    """Notes it where the secondary data that begins at `offset` ends within a blob."""
    head = reader.unpack(_BLOB_FILE, offset)
    if head is None or head[0] != b"DumpBlob":
        if reader.size > offset:
            damages.note("data behind the triage dump is cut off or damaged")
        return
    offset += max(head[1], _BLOB_FILE.size)
    for _ in range(_MAX_BLOBS):
        if offset == reader.size:
            return
        blob = reader.unpack(_BLOB, offset)
        if blob is None or blob[0] < _BLOB.size:
            break
        offset += blob[0] + blob[2] + blob[3] + blob[4]
    damages.note("data behind the triage dump is cut off or damaged")
