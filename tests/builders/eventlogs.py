"""A small writer of `.evtx` files: blocks of events as binary XML without templates.

Source: "[MS-EVEN6]: EventLog Remoting Protocol Version 6.0", binary XML (2.2.12); the layout of header, blocks and
records is that of the file format's descriptions, all checksums are CRC-32.
"""

import struct
import zlib

_CHUNK = 1 << 16
_RECORDS_AT = 0x200
_HEADER = 4096
_TIME = 132_000_000_000_000_000
_OPEN, _OPEN_WITH_ATTRIBUTES, _CLOSE_START, _END, _TEXT, _ATTRIBUTE = 0x01, 0x41, 0x02, 0x04, 0x05, 0x06

Element = tuple[str, dict[str, str], "list[Element] | str"]

VALUES = ("quill.exe", "4.1.0.77", "4a5bc637", "inkwell.dll", "4.1.0.12", "56eb2fb9", "c0000005", "0001d2a4", "ffc")


def crash_event(
    values: tuple[str, ...] = VALUES, source: str = "Application Error", number: int = 1000, level: int = 2
) -> Element:
    """An event of the application log, by default an Application Error 1000; level 2 is an error, 4 information."""
    system: list[Element] = [
        ("Provider", {"Name": source}, []),
        ("EventID", {"Qualifiers": "0"}, str(number)),
        ("Level", {}, str(level)),
        ("TimeCreated", {"SystemTime": "2019-05-14T06:10:41.000000Z"}, []),
        ("Channel", {}, "Application"),
        ("Computer", {}, "LEDGER07"),
    ]
    data: list[Element] = [("Data", {}, value) for value in values]
    return ("Event", {}, [("System", {}, system), ("EventData", {}, data)])


def event_log(*blocks: list[Element]) -> bytes:
    """The file; without blocks, one of three crashes."""
    chunks = blocks or ([crash_event((f"quill{n}.exe", *VALUES[1:])) for n in range(3)],)
    number = 1
    body = b""
    for events in chunks:
        body += _chunk(events, number)
        number += len(events)
    head = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, len(chunks) - 1, number, 128, 1, 3, _HEADER, len(chunks))
    head = head.ljust(120, b"\0")
    return (head + struct.pack("<II", 0, zlib.crc32(head))).ljust(_HEADER, b"\0") + body


def _chunk(events: list[Element], number: int) -> bytes:
    records = bytearray()
    last = _RECORDS_AT
    for place, event in enumerate(events, number):
        last = _RECORDS_AT + len(records)
        fragment = b"\x0f\x01\x01\0" + _element(event, last + 28)
        size = 24 + len(fragment) + 1 + 4
        records += struct.pack("<IIQQ", 0x2A2A, size, place, _TIME) + fragment + b"\0" + struct.pack("<I", size)
    end = number + len(events) - 1
    free = _RECORDS_AT + len(records)
    head = struct.pack("<8sQQQQIIII", b"ElfChnk\0", number, end, number, end, 128, last, free, zlib.crc32(records))
    tables = bytes(_RECORDS_AT - 128)
    head = head.ljust(124, b"\0") + struct.pack("<I", zlib.crc32(head.ljust(120, b"\0")[:120] + tables))
    return (head + tables + bytes(records)).ljust(_CHUNK, b"\0")


def _element(element: Element, at: int) -> bytes:
    """An element that begins at the offset `at` of its block."""
    name, attributes, content = element
    head = bytes([_OPEN_WITH_ATTRIBUTES if attributes else _OPEN])
    rest = _name(name, at + 5)
    if attributes:
        listed = b""
        start = at + 5 + len(rest) + 4
        for key, value in attributes.items():
            listed += bytes([_ATTRIBUTE]) + _name(key, start + len(listed) + 1) + _text(value)
        rest += struct.pack("<I", len(listed)) + listed
    rest += bytes([_CLOSE_START])
    if isinstance(content, str):
        rest += _text(content)
    else:
        for inner in content:
            rest += _element(inner, at + 5 + len(rest))
    rest += bytes([_END])
    return head + struct.pack("<I", len(rest)) + rest


def _name(name: str, at: int) -> bytes:
    """A name that is written where it is first used: the offset of what follows, then the name itself."""
    value = 0
    for letter in name:
        value = (value * 65599 + ord(letter)) & 0xFFFFFFFF
    return struct.pack("<IIHH", at + 4, 0, value & 0xFFFF, len(name)) + name.encode("utf-16-le") + b"\0\0"


def _text(value: str) -> bytes:
    return struct.pack("<BBH", _TEXT, 1, len(value)) + value.encode("utf-16-le")
