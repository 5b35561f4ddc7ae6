"""Messages between the scan and its workers: the length in four bytes, then MessagePack."""

import os
import struct
from pathlib import Path, PurePath
from typing import IO, TypeVar

import msgspec
from msgspec import Struct

from triage.scan.setup import Setup
from triage.scan.steps import Answer, Step

_LENGTH = struct.Struct("<I")


class Task(Struct, frozen=True):
    """Steps that a worker does one after the other; it answers each with an Answer."""

    steps: tuple[Step, ...]


class Ready(Struct, frozen=True):
    """A worker's first answer: it can begin, or why not."""

    fault: str | None = None


T = TypeVar("T")


def to_wire(value: object) -> bytes:
    """Any of the messages, or a part of one, as bytes."""
    return msgspec.msgpack.encode(value, enc_hook=_bytes)


def from_wire(data: bytes, kind: type[T]) -> T:
    """What `to_wire` made bytes of."""
    return msgspec.msgpack.decode(data, type=kind, dec_hook=_path)


def put(stream: IO[bytes], message: Task | Setup | Ready | Answer) -> None:
    """Write one message and let it go."""
    stream.write(frame(message))
    stream.flush()


def frame(message: Task | Setup | Ready | Answer) -> bytes:
    """A message as it is written."""
    data = to_wire(message)
    return _LENGTH.pack(len(data)) + data


def get(stream: IO[bytes]) -> bytes | None:
    """The next message; None where the other side has gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = _LENGTH.unpack(head)[0]
    data = stream.read(size)
    return data if len(data) == size else None


def split(data: bytes) -> tuple[list[bytes], bytes]:
    """The whole messages that the bytes begin with, and what is there of the next one."""
    messages, at = [], 0
    while at + _LENGTH.size <= len(data):
        end = at + _LENGTH.size + _LENGTH.unpack_from(data, at)[0]
        if end > len(data):
            break
        messages.append(data[at + _LENGTH.size : end])
        at = end
    return messages, data[at:]


def _bytes(value: object) -> bytes:
    """Paths as the bytes that the file system holds: not every name is text."""
    if isinstance(value, PurePath):
        return os.fsencode(value)
    raise NotImplementedError(type(value))


def _path(kind: type, value: object) -> object:
    if issubclass(kind, PurePath) and isinstance(value, bytes):
        return Path(os.fsdecode(value))
    raise NotImplementedError(kind)


TASK = msgspec.msgpack.Decoder(Task, dec_hook=_path)
SETUP = msgspec.msgpack.Decoder(Setup, dec_hook=_path)
READY = msgspec.msgpack.Decoder(Ready)
ANSWER = msgspec.msgpack.Decoder(Answer)
