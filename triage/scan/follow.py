"""A stream that never ends (`tail -f log | triage --follow`): each incident is told as soon as it is complete.

Complete is an incident when CONTEXT bytes without a landmark have followed it, or when the stream has been silent for
a while. What is told is not told again, and nothing that comes later is taken for a part of it: an event of a log has
no end but the next one, and would have a crash in it that comes after an hour.

Memory is bounded: of a stream without evidence only the last CONTEXT bytes are kept, of one that is nothing else about
BATCH.
"""

import threading
from collections.abc import Iterator
from queue import Empty, Full, Queue
from typing import BinaryIO, Final

from msgspec.structs import replace

from triage.api.judge import judge
from triage.formats import read_text
from triage.formats.large import landmark_teller
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence, Lines
from triage.model.report import Report, SourceInfo
from triage.text import landmarks, regions
from triage.text.decode import BINARY, detect
from triage.text.lines import Text
from triage.text.repair import repair

SETTLE: Final = 2.0
"""Seconds of silence after which what has come is taken for all there is."""

_WAITING = 64
_PIECE = 1 << 16


def follow(stream: BinaryIO, name: str, knowledge: Pack, *, top: int, settle: float = SETTLE) -> Iterator[Report]:
    """Reports on the stream, each with the incidents that have become complete; ends with the stream.

    Lines count from where the stream began. The report's `bytes` are those read so far.
    """
    pieces: Queue[bytes | None] = Queue(_WAITING)
    ended = threading.Event()
    threading.Thread(target=_pump, args=(stream, pieces, ended), daemon=True).start()
    tail = Tail()
    try:
        while True:
            try:
                piece = pieces.get(timeout=settle)
            except Empty:
                found = tail.silence()
            else:
                found = tail.silence(last=True) if piece is None else tail.more(piece)
                if piece is None:
                    ended.set()
            if found is not None:
                source = SourceInfo(path=name, format=found.format, encoding=found.encoding, bytes=tail.bytes)
                yield judge(found, source=source, knowledge=knowledge, top=top)
            if ended.is_set():
                return
    finally:
        ended.set()


class Tail:
    """The end of a stream, as far as it can still matter."""

    def __init__(self) -> None:
        self.bytes = 0
        self._data = b""
        self._line = 1  # number of the first line in the data
        self._quiet = 0  # so many bytes at the end have no landmark
        self._told = 0  # incidents that begin on this line, or before it, are told
        self._telling: list[Lines] = []  # lines of incidents that are told, as far as they are in the data
        self._news = False
        self._read_at = 0
        self._encoding: str | None = None
        self._tells: landmarks.Tell | None = None

    def more(self, piece: bytes) -> Evidence | None:
        """Take what has come; the incidents that it completes."""
        self.bytes += len(piece)
        self._data += piece
        if self._encoding is None or self._tells is None:
            self._encoding, mark = detect(self._data)
            if self._encoding == BINARY:  # too little to tell, or noise that is read as bytes
                self._encoding = "cp1252"
            self._data = self._data[mark:]
            self._tells = landmark_teller(self._encoding)
        low = max(0, len(self._data) - len(piece) - landmarks.LONGEST)
        low -= low % regions.width(self._encoding)
        if self._tells(self._data[low:]):
            self._quiet, self._news = 0, True
        else:
            self._quiet += len(piece)
        found = None
        if self._news and (self._quiet >= regions.CONTEXT or len(self._data) >= 2 * regions.BATCH):
            found = self._read()
            self._news = False
        if not self._news:
            self._forget(regions.CONTEXT if self._quiet >= regions.CONTEXT else regions.OVERLAP)
        return found

    def silence(self, *, last: bool = False) -> Evidence | None:
        """Nothing more came; the incidents that are therefore complete. A line without its end waits for it."""
        return self._read(whole=last) if self._news and (last or self._read_at < self.bytes) else None

    def _read(self, *, whole: bool = False) -> Evidence | None:
        self._read_at = self.bytes
        encoding = self._encoding or "utf-8"
        end = len(self._data) if whole else self._end()
        text = repair(self._data[:end].decode(encoding, "replace"), encoding)
        first = self._line - 1
        text = Text(text.rows, [first + number for number in text.numbers], encoding=encoding)
        evidence = read_text(text.without(self._telling))
        new = tuple(one for one in evidence.incidents if one.lines[0] > self._told)
        self._told = max((self._told, *(one.lines[0] for one in new)))
        self._telling += [one.lines for one in new]
        return replace(evidence, incidents=new) if new else None

    def _end(self) -> int:
        """Where the last whole line ends; a line that is longer than a chunk ends anywhere."""
        encoding = self._encoding or "utf-8"
        ended = "\n".encode(encoding) in self._data or len(self._data) > regions.CHUNK
        return regions.whole(self._data, encoding) if ended else 0

    def _forget(self, keep: int) -> None:
        """Drop whole lines from the front."""
        encoding = self._encoding or "utf-8"
        surplus = len(self._data) - keep
        if surplus <= 0:
            return
        surplus -= surplus % regions.width(encoding)
        cut = regions.whole(self._data[:surplus], encoding)
        self._line += regions.line_ends(self._data[:cut], encoding)
        self._data = self._data[cut:]
        self._telling = [(first, last) for first, last in self._telling if last >= self._line]


def _pump(stream: BinaryIO, pieces: "Queue[bytes | None]", ended: threading.Event) -> None:
    """Read what there is, as it comes; a reader of its own, because waiting with a limit is not to be had of pipes."""
    read = getattr(stream, "read1", stream.read)
    piece: bytes | None = b"-"
    while piece is not None and not ended.is_set():
        try:
            piece = read(_PIECE) or None
        except (OSError, ValueError):
            piece = None
        while not ended.is_set():
            try:
                pieces.put(piece, timeout=0.5)
                break
            except Full:
                continue
