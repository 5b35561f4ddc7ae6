"""What programs and crash handlers wrote into a dump for people: comments, assertions, annotations; and its handles.

Comments: CommentStreamA/W (ProcDump writes its command line and reason there). Breakpad: MDRawAssertionInfo. Crashpad:
MinidumpCrashpadInfo with simple annotations (name and value), MinidumpModuleCrashpadInfo with lists and typed objects.
Handles: MINIDUMP_HANDLE_DATA_STREAM.
"""

from collections import Counter
from collections.abc import Iterator
from struct import Struct as Layout

from triage.formats.binary.reader import MAX_TEXT, text8, text16
from triage.formats.minidump.container import Container
from triage.formats.minidump.layout import (
    BREAKPAD_ASSERTION,
    COMMENT_A,
    COMMENT_W,
    CRASHPAD_INFO,
    HANDLE_DATA,
    MAX_ANNOTATIONS,
    MAX_HANDLES,
    STREAM_NAMES,
)

_ASSERTION = Layout("<256s256s256sII")
_CRASHPAD = Layout("<I16s16sIIII")
_MODULE_LINK = Layout("<III")
_MODULE_CRASHPAD = Layout("<IIIIIII")
_PAIR = Layout("<II")
_OBJECT = Layout("<IHHI")
_HANDLE_HEADER = Layout("<IIII")
_HANDLE = Layout("<QIIIIII")
_ASSERTION_KINDS = {1: "invalid parameter", 2: "pure virtual call"}
_STRING_OBJECT = 1
_MAX_TYPES = 64


def read_comments(dump: Container) -> tuple[str, ...]:
    """The comment streams' text."""
    texts = []
    for kind, decode in ((COMMENT_A, text8), (COMMENT_W, text16)):
        if (place := dump.streams.get(kind)) is not None:
            text = decode(dump.reader.bytes_at(place.offset, min(place.size, MAX_TEXT))).strip()
            if text:
                texts.append(text)
    return tuple(texts)


def read_assertion(dump: Container) -> str | None:
    """The assertion that failed, in one line; None where the stream is absent or empty."""
    fields = dump.stream(BREAKPAD_ASSERTION, _ASSERTION)
    if fields is None:
        return None
    expression, function, file = (text16(raw).strip() for raw in fields[:3])
    line, kind = fields[3:]
    parts = [_ASSERTION_KINDS.get(kind, ""), expression, f"in {function}" if function else ""]
    if file:
        parts.append(f"{file}:{line}" if line else file)
    return " ".join(part for part in parts if part) or None


def read_annotations(dump: Container) -> tuple[tuple[str, str], ...]:
    """Crashpad's annotations of the process and of its modules, as name and value."""
    if CRASHPAD_INFO not in dump.streams:
        return ()
    info = dump.stream(CRASHPAD_INFO, _CRASHPAD)
    if info is None:
        return ()
    found = [*_pairs(dump, info[4])]
    links = info[6]
    for index in range(_count(dump, links)):
        link = dump.reader.unpack(_MODULE_LINK, links + 4 + index * _MODULE_LINK.size)
        module = dump.reader.unpack(_MODULE_CRASHPAD, link[2]) if link else None
        if module is None:
            dump.damages.note("Crashpad annotations of a module lie outside of the file")
            break
        found += _list(dump, module[2])
        found += _pairs(dump, module[4])
        found += _objects(dump, module[6])
        if len(found) >= MAX_ANNOTATIONS:
            dump.damages.note(f"only the first {MAX_ANNOTATIONS} Crashpad annotations are read")
            break
    return tuple(found[:MAX_ANNOTATIONS])


def _count(dump: Container, offset: int) -> int:
    """The 32-bit count at the start of a list; 0 for no list, cut to MAX_ANNOTATIONS."""
    if offset == 0:
        return 0
    count = dump.reader.u32(offset)
    if count is None:
        dump.damages.note("a list of Crashpad annotations lies outside of the file")
        return 0
    if count > MAX_ANNOTATIONS:
        dump.damages.note(f"a list of Crashpad annotations announces {count} entries: damaged")
    return min(count, MAX_ANNOTATIONS)


def _text(dump: Container, offset: int) -> str | None:
    """A UTF-8 text with its length in bytes before it."""
    length = dump.reader.u32(offset) if offset else None
    if length is None:
        return None
    raw = dump.reader.bytes_at(offset + 4, min(length, MAX_TEXT))
    if len(raw) < min(length, MAX_TEXT):
        dump.damages.note("a Crashpad annotation is cut off")
    return text8(raw).strip()


def _pairs(dump: Container, offset: int) -> Iterator[tuple[str, str]]:
    for index in range(_count(dump, offset)):
        entry = dump.reader.unpack(_PAIR, offset + 4 + index * _PAIR.size)
        if entry is None:
            dump.damages.note("a list of Crashpad annotations is cut off")
            return
        name, value = (_text(dump, where) for where in entry)
        if name and value:
            yield name, value


def _list(dump: Container, offset: int) -> Iterator[tuple[str, str]]:
    for index in range(_count(dump, offset)):
        where = dump.reader.u32(offset + 4 + index * 4)
        if where is None:
            dump.damages.note("a list of Crashpad annotations is cut off")
            return
        if value := _text(dump, where):
            yield "", value


def _objects(dump: Container, offset: int) -> Iterator[tuple[str, str]]:
    for index in range(_count(dump, offset)):
        entry = dump.reader.unpack(_OBJECT, offset + 4 + index * _OBJECT.size)
        if entry is None:
            dump.damages.note("a list of Crashpad annotations is cut off")
            return
        name, kind, _, value = entry
        if kind == _STRING_OBJECT and (label := _text(dump, name)) and (text := _text(dump, value)):
            yield label, text


def read_handles(dump: Container) -> dict[str, int]:
    """How many handles of each type the process had open, most first; a leak shows here."""
    header = dump.stream(HANDLE_DATA, _HANDLE_HEADER)
    if header is None:
        return {}
    skip, step, count, _ = header
    place = dump.streams[HANDLE_DATA]
    if not _HANDLE_HEADER.size <= skip <= place.size or not _HANDLE.size <= step <= 4096:
        if count:
            dump.damages.note(f"{STREAM_NAMES[HANDLE_DATA]} is damaged: impossible sizes in its header")
        return {}
    rows = dump.table(HANDLE_DATA, place.offset + skip, place.offset + place.size, count, _HANDLE, MAX_HANDLES, step)
    by_name = Counter(name for _, name, *_ in rows)
    kinds: Counter[str] = Counter()
    for where, number in by_name.most_common(_MAX_TYPES):
        kinds[(dump.text(where, "a handle's type") or "unknown")[:80]] += number
    return dict(kinds.most_common())
