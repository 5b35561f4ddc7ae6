"""Bytes to text: UTF-8, UTF-16 and UTF-32 with and without a byte order mark, else a code page of Windows or DOS.

Bytes that are no text at all (an image, an archive, a dump) give an empty text, so that no reader sees noise.
"""

import codecs

from triage.text.lazy import regex

_SAMPLE = 65_536

BINARY = "binary"
"""The encoding name of bytes that are no text."""

_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control bytes that logs do hold: backspace, tab, line ends, form feed, DOS end of file, escape sequences.
_CONTROL = bytes(set(range(32)) - {0, 8, 9, 10, 12, 13, 26, 27})
# A log written while the power failed ends in, or holds, a run of NULs where the file system lost the data.
_LOST = regex(rb"\x00{16,}")
_LOST_AT_LEAST = bytes(16)


def detect(data: bytes) -> tuple[str, int]:
    """The encoding of `data`, and the length of its byte order mark; (`BINARY`, 0) where it is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    wide = _wide(data)
    if wide is not None:
        return wide, 0
    if _is_binary(data):
        return BINARY, 0
    return _narrow(data), 0


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding.

    Anything decodes: characters that are damaged become U+FFFD. Bytes that are no text give ("", "binary").
    """
    encoding, start = detect(data)
    if encoding == BINARY:
        return "", BINARY
    return data[start:].decode(encoding, errors="replace"), encoding


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, recognised by where the NULs of its Latin letters stand.

    Files of Windows Error Reporting and logs saved as "Unicode" by scripts come so.
    """
    sample = data[: _SAMPLE - _SAMPLE % 4]
    if len(sample) < 4:
        return None
    zeros = [sample[start::4].count(0) for start in range(4)]
    quarter = max(1, len(sample) // 4)
    if min(zeros[2:]) > 0.9 * quarter and zeros[0] < 0.1 * quarter:
        return "utf-32-le"
    if min(zeros[:2]) > 0.9 * quarter and zeros[3] < 0.1 * quarter:
        return "utf-32-be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    half = 2 * quarter
    for few, many, encoding in ((even, odd, "utf-16-le"), (odd, even, "utf-16-be")):
        if many > 0.25 * half and few < 0.02 * half and _reads(sample, encoding):
            return encoding
        # Text in Chinese or Russian has NULs only in its digits, blanks and line ends.
        if many > 0.02 * half and few < 0.002 * half and _has_rows(sample, encoding) and _reads(sample, encoding):
            return encoding
    return None


def _has_rows(sample: bytes, encoding: str) -> bool:
    """Whether there is a line end, on a whole character."""
    mark = "\n".encode(encoding)
    at = sample.find(mark)
    while at >= 0 and at % 2:
        at = sample.find(mark, at + 1)
    return at >= 0


def _reads(sample: bytes, encoding: str) -> bool:
    """Whether the sample is text in that encoding: nearly no control, private or unpaired characters."""
    text = sample[: len(sample) & ~1].decode(encoding, errors="replace")
    odd = sum(1 for sign in text if (sign < " " and sign not in "\t\r\n\f\x1b\x1a\0") or "\ue000" <= sign <= "\uffff")
    return odd <= 0.03 * len(text)


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    if _LOST_AT_LEAST in sample:  # an expression looks at every byte, and nearly no text has a NUL
        sample = _LOST.sub(b"", sample)
    if not sample:
        # A file that begins with a lost block says nothing; one that is nothing but NULs is no text.
        sample = _LOST.sub(b"", data)[:_SAMPLE]
    zeros = sample.count(0)
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return (not sample and bool(data)) or zeros > 0.02 * len(sample) + 4 or controls > 0.03 * len(sample) + 2


def _narrow(data: bytes) -> str:
    """UTF-8 where most of what is not ASCII reads so; else the code page that its letters speak for."""
    sample = data[: 16 * _SAMPLE]
    try:
        # A sample may end in the middle of a character.
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        text = sample.decode("utf-8", errors="replace")
        wrong = text.count("\ufffd")
        right = sum(1 for sign in text if sign >= "\x80") - wrong
        # One bad byte in a text of many good characters is damage, not another encoding.
        if right > 4 * wrong:
            return "utf-8"
        # Imported here: most logs are ASCII or UTF-8, and none of the tables is needed for them.
        from triage.text.code_pages import code_page_of  # noqa: PLC0415

        return code_page_of(sample)
    return "utf-8"
