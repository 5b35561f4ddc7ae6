"""A small writer of `.evt` files, the event logs of Windows NT to Server 2003."""

import struct

ERROR, WARNING, INFORMATION = 1, 2, 4
HEADER = 0x30


def old_record(
    number: int, source: str, event: int, strings: tuple[str, ...], *, kind: int = ERROR, computer: str = "LEDGER07"
) -> bytes:
    """One record; the upper half of its id says severity and facility, as sources write it."""
    names = b"".join(text.encode("utf-16-le") + b"\0\0" for text in (source, computer))
    said = b"".join(text.encode("utf-16-le") + b"\0\0" for text in strings)
    start = 0x38 + len(names)
    end = start + len(said)
    body = names + said + b"\0" * (-(end) % 4)
    size = 0x38 + len(body) + 4
    head = struct.pack(
        "<I4sIIIIHHHHIIIIII",
        *(size, b"LfLe", number, 1_000_000_000 + number, 1_000_000_000 + number, 0xC0000000 | event),
        *(kind, len(strings), 0, 0, 0, start, 0, start, 0, end),
    )
    return head + body + struct.pack("<I", size)


def old_event_log(*records: bytes, wrap: int = 0) -> bytes:
    """The file. With `wrap`, so many bytes of the last record stand at the end and the rest behind the header."""
    head = struct.pack("<I4s8I", HEADER, b"LfLe", 1, 1, HEADER, 0, len(records) + 1, 1, 0x80000, HEADER)
    end = struct.pack(
        "<10I", 0x28, 0x11111111, 0x22222222, 0x33333333, 0x44444444, HEADER, 0, len(records) + 1, 1, 0x28
    )
    head = head[: HEADER - 8].ljust(HEADER - 4, b"\0") + struct.pack("<I", HEADER)
    if not wrap:
        return head + b"".join(records) + end
    *before, last = records
    return head + last[wrap:] + end + b"\0" * 16 + b"".join(before) + last[:wrap]


def crashed_server() -> bytes:
    """A log with the reports of Windows 2000 and XP about crashes, and with what is of no interest."""
    return old_event_log(
        old_record(1, "Service Control Manager", 7036, ("Ledger", "running"), kind=INFORMATION),
        old_record(
            2,
            "DrWatson",
            4097,
            ("ledger.exe", "3/8/2001", "14:22:05.123", "c0000005", "77FCB032", "RtlFreeHeap"),
            kind=INFORMATION,
        ),
        old_record(
            3, "Save Dump", 1001, ("0x0000001e (0xc0000005, 0xbff00010, 0x00000000, 0x00000010)", "5.0", "C:\\m.dmp")
        ),
        old_record(4, "Application Error", 1000, ("ledger.exe", "1.0.0.7", "post.dll", "2.1.0.0", "0001d2a4")),
        old_record(5, "System Error", 1003, ("1000008e", "c0000005", "bf80e4a1", "f3c3eb74", "00000000")),
        old_record(6, "W32Time", 29, ("no source",), kind=WARNING),
        old_record(7, "W32Time", 29, ("no source",), kind=WARNING),
    )
