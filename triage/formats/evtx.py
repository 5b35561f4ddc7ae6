"""Event log files of Windows Vista and later (`.evtx`): the events that tell of a fault.

Source: "[MS-EVEN6]: EventLog Remoting Protocol Version 6.0", binary XML. The file is decoded by the package `evtx`
(Rust), which gives each event as XML; from there on the reader of pasted event XML does the work.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from evtx import PyEvtxParser

from triage.errors import SourceError
from triage.formats.binary import BinaryFormat, Data
from triage.formats.binary.reader import Damages
from triage.formats.binary.store import file_of
from triage.model.evidence import Evidence
from triage.text.event_file import data_of, record_of
from triage.text.event_kinds import BEHIND_LEVEL, HEAD, Kind, Kinds, kind_of
from triage.text.event_tally import Tally

MAGIC = b"ElfFile\x00"

MAX_RECORDS = 2_000_000
"""Events of one file that are looked at."""

MAX_INCIDENTS = 5_000
MAX_LENGTH = 200_000
"""Characters of one event's XML that are read; an event may hold 64 KiB of strings."""

_MAX_FAILURES = 10_000
_HEADER_SIZE = 4096
_CHUNKS_AT = 42
_CHUNK = 1 << 16


def read(source: Data) -> Evidence:
    """One incident for each error, warning and report of a crash; other events are passed over.

    Errors and warnings that repeat an earlier one word for word are left out, with a warning that says how many.
    Raises SourceError where the file's header cannot be read.
    """
    damages = Damages()
    _check_extent(source, damages)
    tally = Tally(MAX_INCIDENTS)
    for xml, kind in _telling(_parser(source), damages):
        data = data_of(xml)
        if tally.wants((kind.source, kind.id, data), crash=kind.crash):
            tally.add(record_of(xml, kind, data), tells=kind.may_tell(data))
    for text in tally.left_out():
        damages.note(text)
    return Evidence(format=FORMAT.name, incidents=tuple(tally.incidents), warnings=damages.warnings())


FORMAT = BinaryFormat(name="evtx", magic=(MAGIC,), read=read)


def _check_extent(data: Data, damages: Damages) -> None:
    """Notes what is missing of the blocks of 64 KiB that the header announces."""
    if len(data) < _HEADER_SIZE:
        return
    announced = int.from_bytes(data[_CHUNKS_AT : _CHUNKS_AT + 2], "little")
    there = (len(data) - _HEADER_SIZE) // _CHUNK
    if there < announced:
        damages.note(f"cut off: {there} of {announced} blocks of 64 KiB are there as a whole")


def _parser(data: Data) -> PyEvtxParser:
    try:
        # One thread: reports come in the same order on every machine, and `scan` has its own workers.
        return PyEvtxParser(file_of(data), 1)
    except (RuntimeError, OSError, ValueError) as error:
        raise SourceError(f"event log file of {len(data)} bytes is cut off or damaged in its header") from error


def _telling(parser: PyEvtxParser, damages: Damages) -> Iterator[tuple[str, Kind]]:
    """The events that tell of a fault, as XML with their kinds."""
    events: Iterable[Any] = parser.records()
    kinds = Kinds()
    looked_at = failed = 0
    more = True
    while more:
        try:
            # The iterator goes on behind what it could not decode: one event, or a block of 64 KiB.
            for event in events:
                looked_at += 1
                if looked_at > MAX_RECORDS:
                    damages.note(f"only the first {MAX_RECORDS:,} events are read")
                    break
                xml: str = event["data"]
                level = xml.find("<Level>", 0, HEAD)
                kind = kinds[xml[: level + BEHIND_LEVEL]] if level >= 0 else kind_of(xml)
                if kind.telling:
                    yield xml[:MAX_LENGTH], kind
            more = False
        except (RuntimeError, OSError, ValueError):
            failed += 1
            if failed >= _MAX_FAILURES:
                damages.note("too much of the file is damaged; the rest is left out")
                more = False
    if failed:
        damages.note(f"{failed:,} events are damaged and left out")
