"""What `lm` prints: rows, and under `lmv` a block about each image.

    start    end        module name
    6b930000 6bb5f000   ccScanw    (export symbols)       C:\\Program Files\\Scan\\ccScanw.dll
        Image path: C:\\Program Files\\Scan\\ccScanw.dll
        Image name: ccScanw.dll
        Timestamp:        Tue Jan 26 13:51:55 2016 (56A7EA7B)
    804d7000 806e2000   nt       ntkrnlmp.exe Tue Apr 13 22:44:14 2004 (407C47DE)         lm t n
    fffff803`74d80000 fffff803`74e45000   srv2      E6CC385C (This is a reproducible build file hash, not a timestamp)
    Unloaded modules:
    b1234000 b1240000   parport.sys

Source: Debugging Tools for Windows, "lm (List Loaded Modules)". A row without a detail column (`lm m win32k`) looks
like any two numbers and a word, so it counts only below the heading or below another row. Of an image that the debugger
found without the system's list it knows no size, and prints the same address twice.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from triage.model.evidence import Module
from triage.text.folding import HEAD, Likely, like
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_loads import HEX, address
from triage.text.modules_names import FULL_WIDTHS, base_name, read_path

_LIST = regex(
    rf"^[ \t]{{0,40}}(?:(?P<start>{HEX})[ \t]{{1,20}}(?P<end>{HEX})[ \t]{{1,20}}(?P<rest>\S[^\n]{{0,1000}})"
    r"|(?P<head>(?:\d{1,3}:\d{3}>|start)[ \t]+(?:start[ \t]+)?end\b[^\n]{0,80})"
    r"|(?P<unloaded>Unloaded modules:?)[ \t]*"
    r"|(?P<key>Loaded symbol image file|Image path|Image name):[^\n]{0,1000})$",
    re.IGNORECASE,
)
# Shapes of rows that say something wherever they stand. Two addresses and a word say nothing but below others: the rows
# of every stack and memory dump begin so.
_TELLING = ("\\", "symbol", "(deferred)", "(load error", "pdb)", "(00000000)", "reproducible build")
_OTHERS = ("Unloaded modules", "Loaded symbol image file:", "Image path:", "Image name:")
_LIKELY = Likely(
    rb"\A[ \t]{0,40}(?:(?:0{1,8}`0{8}|0{6,16})[ \t]{1,20}(?:0{1,8}`0{8}|0{6,16})[ \t]{1,20}(?=\S)(?=.*"
    + like(*_TELLING)
    + rb")|(?:0{1,3}:0{3}>|"
    + like("start")
    + rb")[ \t]|"
    + like(*_OTHERS)
    + rb")",
    heads=rb"[ \t]|0{1,5}`|0{6}|0{1,3}:|" + like("start", *_OTHERS, most=HEAD),
)
_STATUS = regex(
    r"\((?:[a-z ]{0,24}symbol[a-z ]{0,24}|deferred|load error[^()\n]{0,60}|[a-z ]{0,20}pdb)\)"
    r"|(?:^|\s)\((?:d|de|def[er]{0,4}|(?:private )?pdb(?: s[ymbol]{0,6})?|(?:export|no|coff) s[ymbol]{0,6})$",
    re.IGNORECASE,
)
"""What stands behind the name; the last word of a text may be cut."""

_STATUS_CUT = regex(r"\((?:private|(?:private )?pdb|export|no|coff)$")
_STATUS_REST = regex(r"(?:pdb )?symbols\)")
_FLAGS = regex(r"(?<!\s)(?:\s+[A-Z#*~](?=\s|$)){1,4}\s*$")
_DATED = regex(
    r"(?:(?P<image>\S[^\n]{0,400}?)\s{1,4})??"
    r"(?:(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3}\s{1,2}\d{1,2} \d\d:\d\d:\d\d (?:\w{1,5} )?\d{4}"
    r"|(?:Timestamp )?unavailable|\*{3} Invalid \*{3})\s{1,4}\((?P<stamp>[0-9a-fA-F]{8})\)"
    r"|(?P<hash>[0-9a-fA-F]{8})\s{1,4}\(This is a reproducible build file hash)"
)
"""The time of `lm t`, behind the image where that is shown; a hash of the file takes its place in what was built so
that the same sources give the same file, and is in the header's field of the time, too."""

_KEY = regex(
    r"\s*(Loaded symbol image file|Mapped memory image file|Image path|Image name|Symbol file|Timestamp|Check[Ss]um"
    r"|ImageSize|File version|Product version|ProductVersion|FileVersion|File flags|File OS|File type|File date"
    r"|Translations?|Information from resource tables|CompanyName|ProductName|InternalName|OriginalFilename"
    r"|PrivateBuild|SpecialBuild|FileDescription|LegalCopyright|LegalTrademarks|Comments"
    r"|Has CLR image header|Using CLR debugging"
    r"|Image was built with|Browse all global symbols|Unable to enumerate)\b\s{0,40}:?\s{0,40}([^\n]{0,1000})"
)
_PATH_ALONE = regex(r"\s*(?:[A-Za-z]:[\\/]|\\\\|\\\?\?\\|\\SystemRoot\\)", re.IGNORECASE)
_STAMP = regex(r"\(([0-9a-fA-F]{1,8})\)\s*$")
_NUMBER = regex(r"(?:0x)?([0-9a-fA-F]{1,8})\b")
_SYMBOL_FILES = (".pdb", ".dbg", ".sym")
_BELOW = 8
"""Rows between a heading, or a row, and the row below it, at most; all but the last are blank."""

_MAX_BLOCK = 60
_MOST_WRAPS = 3
_LEAST_WIDTH = 60
_PATH_END = regex(r"\.(?:dll|exe|sys|drv|ocx|cpl|ax|pdb|dbg|sym)\s{0,8}$", re.IGNORECASE)


def read_lists(text: Text) -> Iterator[Module]:
    """A module for each row of `lm`, with what its block tells; blocks pasted without their row count, too."""
    context, unloaded, done = -1, False, -1
    rows = text.rows
    likely = text.likely(_LIKELY)
    index = -1
    while (index := _next(rows, likely, max(index, done), context)) >= 0:
        found = _LIST.match(rows[index])
        if found is None:
            continue
        if found["head"]:
            context, unloaded = index, False
        elif found["unloaded"]:
            context, unloaded = index, True
        elif found["key"]:
            fields, done = _block(text, index)
            name = base_name(fields.get("Image name") or fields.get("Image path") or "")
            if name and ("Timestamp" in fields or "ImageSize" in fields):
                yield _module(text, name, None, fields, (index, done), unloaded=False)
        else:
            below = context >= 0 and index - context <= _BELOW
            below = below and not any(row.strip() for row in rows[context + 1 : index])
            tail, wrapped = _wrapped(text, index)
            row = _row(found["rest"] + tail, below=below)
            start, end = address(found["start"]), address(found["end"])
            if row is None or start > end or (start == end and not below):
                continue
            name, fields = row
            last = index + wrapped
            under = text.rows[last + 1 : last + 3]
            if "path" not in fields and under and _PATH_ALONE.match(under[0]):
                fields |= _image(read_path([line.strip() for line in under])[0])
                last += 1
            more, last = _block(text, last + 1)
            context = done = last
            yield _module(text, name, (start, end), more | fields, (index, last), unloaded=unloaded)


def _next(rows: Sequence[str], likely: list[int], index: int, context: int) -> int:
    """The next row behind `index` that may say anything, or -1: one that looks so, or the first one below `context`."""
    place = bisect_right(likely, index)
    found = likely[place] if place < len(likely) else -1
    if context >= 0:
        below = next((at for at in range(context + 1, min(context + _BELOW + 1, len(rows))) if rows[at].strip()), -1)
        if below > index and (found < 0 or below < found):
            return below
    return found


def _wrapped(text: Text, index: int) -> tuple[str, int]:
    """What the rows below hold of a path that does not end on its row, and how many rows that is.

    6b930000 6bb5f000   ledgerposting   (export symbols)       C:\\Program Files\\Led
    ger Software\\Posting Engine\\ledgerposting.dll

    A screen cuts after so many signs, a mailer at a blank, also within "(export symbols)"; a full width tells which of
    them it was.
    """
    path = text.rows[index]
    below = text.rows[index + 1].strip() if index + 1 < len(text.rows) else ""
    if (_STATUS_CUT.search(path) and _STATUS_REST.match(below)) or ("(" not in path and _STATUS.match(below)):
        return f" {below}", 1
    if "\\" not in path or len(path) < _LEAST_WIDTH or _PATH_END.search(path) is not None:
        return "", 0
    tail = ""
    before = path
    for count, row in enumerate(text.rows[index + 1 : index + 1 + _MOST_WRAPS], start=1):
        if not row.strip() or _LIST.match(row) is not None or _KEY.match(row[:2000]) is not None or ">" in row[:16]:
            break
        blank = "" if len(before) in FULL_WIDTHS or before.endswith("\\") or row.startswith("\\") else " "
        tail += blank + row.strip()
        before = row
        if _PATH_END.search(row) is not None:
            return tail, count
    return "", 0


def _row(rest: str, *, below: bool) -> tuple[str, dict[str, str]] | None:
    """Name and fields of what stands behind the addresses, or None where this is no row of `lm`."""
    name, _, detail = rest.strip().partition(" ")
    name, detail = (name.partition("\t")[0], name.partition("\t")[2] + detail) if "\t" in name else (name, detail)
    detail = detail.strip()
    if "!" in name or "=" in name:
        return None  # a stack or a register, not a module
    status = _STATUS.search(detail)
    if status is not None:
        path = detail[status.end() :].strip()
        return name, _image(path) if path else {}
    dated = _DATED.match(detail)
    if dated is not None:
        image = _image(dated["image"].strip()) if dated["image"] else {}
        return name, image | {"Timestamp": f"({dated['stamp'] or dated['hash']})"}
    if not below:
        return None
    detail = _FLAGS.sub("", " " + detail).strip()
    if not detail:
        return name, {}
    return (name, _image(detail)) if "\\" in detail or "." in detail else None


def _image(path: str) -> dict[str, str]:
    """The column behind the status is the image's path, or that of its symbols when they were read from a file."""
    path = path.strip().rstrip("\"'`")
    return {"Symbol file": path} if path.lower().endswith(_SYMBOL_FILES) else {"path": path}


def _block(text: Text, index: int) -> tuple[dict[str, str], int]:
    """Fields of the `lmv` block that starts at row `index`, and its last row (`index` - 1 where there is none)."""
    fields: dict[str, str] = {}
    last = index - 1
    for at in range(index, min(index + _MAX_BLOCK, len(text.rows))):
        found = _KEY.match(text.rows[at][:2000])
        if found is None:
            if at > last + 1 or not _continues(fields, text.rows[at]):
                break
            continue
        key, value, last = found[1], found[2].strip(), at
        if key in ("Image path", "Loaded symbol image file") and at + 1 < len(text.rows):
            following = [row.strip() for row in text.rows[at + 1 : at + 3] if _KEY.match(row[:2000]) is None]
            value = read_path([value, *following], found.start(2))[0]
        fields.setdefault(key, value)
    return fields, last


def _continues(fields: dict[str, str], row: str) -> bool:
    """Whether a row may be the wrapped end of the field above it; the block goes on if a field follows it."""
    return bool(fields) and bool(row.strip()) and _LIST.match(row) is None


def _module(
    text: Text,
    name: str,
    span: tuple[int, int] | None,
    fields: dict[str, str],
    rows: tuple[int, int],
    *,
    unloaded: bool,
) -> Module:
    path = fields.get("path") or fields.get("Image path") or None
    image = fields.get("Image name") or path
    stamp = _STAMP.search(fields.get("Timestamp", ""))
    checksum = _NUMBER.match(fields.get("CheckSum") or fields.get("Checksum") or "")
    name = base_name(image) if image else name
    return Module(
        name=name,
        base=span[0] if span is not None else None,
        end=span[1] if span is not None else None,
        path=path if path != name else None,
        version=_version(fields, "File version", "FileVersion"),
        product_version=_version(fields, "Product version", "ProductVersion"),
        timestamp=(int(stamp[1], 16) or None) if stamp is not None else None,
        checksum=int(checksum[1], 16) if checksum is not None else None,
        pdb=fields.get("Symbol file"),
        unloaded=unloaded,
        lines=(text.numbers[rows[0]], text.numbers[max(rows)]),
    )


def _version(fields: dict[str, str], *keys: str) -> str | None:
    """The number of a version field: "10.0.19041.906 (WinBuild.160101.0800)" is 10.0.19041.906."""
    for key in keys:
        words = fields.get(key, "").split()
        if words:
            return words[0].rstrip(",") if words[0][0].isdigit() and "." in words[0] else " ".join(words)[:80]
    return None
