"""Event log files of Windows NT 3.1 to Server 2003 (`.evt`): the events that tell of a fault.

Layout: ELF_LOGFILE_HEADER and EVENTLOGRECORD as [MS-EVEN] and winnt.h describe them: a header of 0x30 bytes, records
that begin and end with their length, and an end-of-file record. Each record has the signature `LfLe` behind its length.

Folklore: the header of a log that was copied while the system ran is stale ("dirty"), so records are found by their
signature, not by the header's offsets. A full log begins again behind its header: a record may be cut in two there, its
rest standing at 0x30; the numbers of the records tell their order. The number of an event is the lower half of its id,
the upper half is severity and facility.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from struct import Struct as Layout

from triage.errors import SourceError
from triage.formats.binary import BinaryFormat, Data
from triage.formats.binary.reader import Damages, Reader, text16
from triage.model.evidence import NO_LINES, EventType, Evidence
from triage.text.event_kinds import CRASHES
from triage.text.event_record import Record, tidy
from triage.text.event_tally import Tally
from triage.text.event_templates import description

_SIGNATURE = b"LfLe"
MAGIC = b"\x30\x00\x00\x00" + _SIGNATURE

MAX_RECORDS = 2_000_000
MAX_INCIDENTS = 5_000
_HEADER = Layout("<I4s10I")
_RECORD = Layout("<I4sIIIIHHHHIIIIII")
_END_OF_FILE = b"\x28\x00\x00\x00\x11\x11\x11\x11\x22\x22\x22\x22"
_SHORTEST, _LONGEST = _RECORD.size, 0x40000
_PADDING = 8
_REPLACED = "\ufffd"
_MAX_STRINGS = 64
_MAX_TEXT = 8_000
_LATEST = 4_102_444_800
_TYPES: dict[int, EventType] = {
    1: "error",
    2: "warning",
    4: "information",
    8: "success-audit",
    16: "failure-audit",
}
_CRASHES = frozenset((source.lower(), number) for source, number in CRASHES)


def read(data: Data) -> Evidence:
    """One incident for each error, warning and report of a crash; other events are passed over.

    Errors and warnings that repeat an earlier one word for word are left out, with a warning that says how many.
    Raises SourceError where the file ends within its header.
    """
    reader, damages = Reader(data), Damages()
    if reader.unpack(_HEADER, 0) is None:
        raise SourceError(f"event log file of {reader.size} bytes is cut off in its header")
    tally = Tally(MAX_INCIDENTS)
    for _, record in sorted(_records(reader, damages), key=lambda found: found[0]):
        crash = ((record.source or "").lower(), record.id) in _CRASHES
        if tally.wants((record.source, record.id, record.text), crash=crash):
            tally.add(record, tells=crash or _may_tell(record))
    for text in tally.left_out():
        damages.note(text)
    return Evidence(format=FORMAT.name, incidents=tuple(tally.incidents), warnings=damages.warnings())


FORMAT = BinaryFormat(name="evt", magic=(MAGIC,), read=read)


def _may_tell(record: Record) -> bool:
    return "xception" in record.text or "c0000" in record.text.lower()


def _records(reader: Reader, damages: Damages) -> Iterator[tuple[int, Record]]:
    """Number and event of every record that tells of a fault, wherever in the file it stands."""
    raw = bytes(reader.data)
    at = raw.find(_SIGNATURE, _HEADER.size)
    looked_at = damaged = 0
    begins, wraps = at - 4, False
    while at >= 0:
        start = at - 4
        size = reader.u32(start) or 0
        whole = _whole(raw, start, size)
        if whole is None:
            damaged += 1
            at = raw.find(_SIGNATURE, at + 4)
            continue
        looked_at += 1
        if looked_at > MAX_RECORDS:
            damages.note(f"only the first {MAX_RECORDS:,} events are read")
            break
        found = _record(whole, damages)
        if found is not None:
            yield found
        end = start + size
        wraps = wraps or end > len(raw)
        # A record follows the one before it without a gap, up to the one that ends the log.
        if end < len(raw) and raw[end + 4 : end + 8] != _SIGNATURE and raw[end : end + 12] != _END_OF_FILE:
            damaged += 1
        at = raw.find(_SIGNATURE, end)
    # What stands before the first record is the rest of the last one, or one that is damaged.
    damaged += begins > _HEADER.size and not wraps
    if damaged:
        damages.note(f"{damaged:,} events are damaged and left out")
    if _END_OF_FILE not in raw:
        damages.note("cut off: the record that ends the log is missing")


def _whole(raw: bytes, start: int, size: int) -> bytes | None:
    """The bytes of a record; None where its two lengths differ. One that the end of the file cuts goes on behind the
    header.
    """
    if not _SHORTEST <= size <= _LONGEST or size % 4:
        return None
    whole = raw[start : start + size]
    if len(whole) < size:
        whole += raw[_HEADER.size : _HEADER.size + size - len(whole)]
    return whole if len(whole) == size and whole[-4:] == size.to_bytes(4, "little") else None


def _record(whole: bytes, damages: Damages) -> tuple[int, Record] | None:
    """Number and event of a record that is an error or a warning, or tells of a crash."""
    fields = _RECORD.unpack_from(whole)
    _, _, number, time, _, event, kind, count, category, _, _, strings, sid_length, sid, _, _ = fields
    names = _texts(whole, _RECORD.size, 2)
    behind = sid if sid_length else strings
    if behind and not 0 <= behind - _RECORD.size - sum(2 * len(name) + 2 for name in names) < _PADDING:
        damages.note("the names in an event do not fill their place")
    if not all(name.isprintable() and _REPLACED not in name for name in names):
        damages.note("the names in an event hold what is no letter")
    source = names[0] if names else None
    # The upper half holds severity and facility: they belong to a number, and their reserved bit is never set.
    if event & 0x10000000 or (event >> 16 and not event & 0xFFFF):
        damages.note("an event has an impossible number")
    event &= 0xFFFF
    if kind and kind not in _TYPES:
        damages.note("an event has an impossible type")
    if count and (strings < _RECORD.size or strings + 2 * count >= len(whole)):  # each has its null at least
        damages.note("an event's strings lie outside of it")
    if kind not in {1, 2} and ((source or "").lower(), event) not in _CRASHES:
        return None
    values = _texts(whole, strings, min(count, _MAX_STRINGS)) if count else []
    body = description(source or "", event, values)
    return number, Record(
        lines=NO_LINES,
        source=source or None,
        id=event,
        type=_TYPES.get(kind),
        category=str(category) if category else None,
        time=datetime.fromtimestamp(time, UTC).isoformat() if 0 < time <= _LATEST else None,
        computer=(names[1] or None) if len(names) > 1 else None,
        body="" if body is None else tidy(body),
        values=() if body is not None else tuple((None, tidy(value).strip()) for value in values),
    )


def _texts(whole: bytes, offset: int, count: int) -> list[str]:
    """Up to `count` texts of UTF-16 that follow each other, each with its null; what lies outside is left out."""
    texts: list[str] = []
    while len(texts) < count and _RECORD.size <= offset < len(whole) - 4:
        end = offset
        while True:
            end = whole.find(b"\0\0", end, len(whole) - 4)
            if end < 0 or (end - offset) % 2 == 0:
                break
            end += 1
        last = len(whole) - 4 if end < 0 else end
        texts.append(text16(whole[offset : min(last, offset + 2 * _MAX_TEXT)]))
        if end < 0:
            break
        offset = end + 2
    return texts
