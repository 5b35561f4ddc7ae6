"""Compressed streams: gzip (RFC 1952), bzip2, xz, zstd (RFC 8878). One stream, or several end to end, is one member."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Protocol

from msgspec import Struct

from triage.formats.binary import Data
from triage.formats.binary.store import NoRoomError, Store, drop
from triage.formats.containers.limits import Budget, Part, too_large

_SLICE = 1 << 16
_DROP_EVERY = 16 << 20
_MAX_FRAMES = 10_000
"""Streams end to end in one file; block-compressed logs have one for every 64 KiB."""

_MEMORY = 128 << 20
"""What a decoder may ask for; the largest preset of xz asks for 65 MiB."""


class Decoder(Protocol):
    """What the decoders of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def unused_data(self) -> bytes:
        """What followed the stream's end."""

    @property
    def needs_input(self) -> bool:
        """Whether it can go on only with more input."""

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """Decode some input to at most so much output."""


class Inflater:
    """zlib's decoder with the manners of the others."""

    def __init__(self, window: int, dictionary: bytes = b"") -> None:
        self._decoder = zlib.decompressobj(window, dictionary) if dictionary else zlib.decompressobj(window)
        self._rest = b""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        """What followed the stream's end."""
        return self._decoder.unused_data

    @property
    def needs_input(self) -> bool:
        """Whether it can go on only with more input."""
        return not self._rest

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """Decode some input to at most so much output."""
        out = self._decoder.decompress(self._rest + data, max(0, max_length))
        self._rest = self._decoder.unconsumed_tail
        return out


class Stream(Struct, frozen=True):
    """What a stream held: its data, the fault that ended it early, and how many bytes of input belonged to it."""

    data: Data
    fault: str | None
    consumed: int


def decode(data: memoryview, make: Callable[[], Decoder], room: int, *, magic: bytes = b"") -> Stream:
    """The content of a stream, at most `room` bytes; what precedes damage is kept.

    With `magic`, what follows the end and begins so is another stream of the same content.
    """
    out = Store()
    at, fault, frames = 0, None, 0
    try:
        more = True
        while more and fault is None:
            decoder = make()
            at, fault = _run(decoder, data, at, out, room)
            frames += 1
            more = bool(magic) and bytes(data[at : at + len(magic)]) == magic
            if more and frames >= _MAX_FRAMES:
                fault, more = f"more than {_MAX_FRAMES} streams end to end; the rest is left out", False
    except NoRoomError as error:
        fault = str(error)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError) as error:
        fault = f"damaged, read up to there ({str(error)[:100] or type(error).__name__})"
    except Exception as error:
        # The class that zstd raises is known only where the package is there.
        if type(error).__name__ != "ZstdError":
            raise
        fault = f"damaged, read up to there ({str(error)[:100]})"
    return Stream(out.data(), fault, at)


def _run(decoder: Decoder, data: memoryview, at: int, out: Store, room: int) -> tuple[int, str | None]:
    """One stream from offset `at`; where it ended, and what went wrong."""
    dropped = at
    while not decoder.eof:
        left = room - out.tell()
        if left <= 0:
            # Nothing may follow: a stream that ends exactly here is whole.
            extra = decoder.decompress(b"" if not decoder.needs_input else bytes(data[at : at + _SLICE]), 1)
            return at, too_large(room) if extra or not decoder.eof else None
        piece = b""
        if decoder.needs_input:
            piece = bytes(data[at : at + _SLICE])
            at += len(piece)
            if at - dropped > _DROP_EVERY:
                drop(data)
                dropped = at
        got = decoder.decompress(piece, left)
        out.write(got)
        if not piece and not got and decoder.needs_input and not decoder.eof:
            return at, "cut off: the end of it is missing"
    return at - len(decoder.unused_data), None


def _zstd() -> Decoder:
    """Zstandard of the standard library (Python 3.14 and later), or its copy for older versions."""
    for module in ("compression.zstd", "backports.zstd"):
        try:
            found: Decoder = import_module(module).ZstdDecompressor()
        except ImportError:
            continue
        return found
    raise ValueError("zstd is not supported here; pip install 'crash-triage[archives]'")


_MAKERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: Inflater(31),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY),
    "zstd": _zstd,
}
_NEXT = {"gzip": b"\x1f\x8b\x08", "bzip2": b"BZh", "xz": b"\xfd7zXZ\0", "zstd": b"\x28\xb5\x2f\xfd"}


def decoder(method: str) -> Callable[[], Decoder]:
    """What makes decoders of a method."""
    return _MAKERS[method]


def open_stream(kind: str, data: Data, budget: Budget) -> Iterator[Part]:
    """The one member of a compressed file; it has no name of its own."""
    stream = decode(memoryview(data), _MAKERS[kind], budget.room, magic=_NEXT[kind])
    yield Part("", stream.data or None, stream.fault)
