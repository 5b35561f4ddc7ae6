"""Repairs that need to see several rows: prefixes before every line of a block, blank lines after every line."""

import re
from collections.abc import Callable, Iterable, Sequence

from triage.text.folding import HEAD, Likely, like
from triage.text.lazy import regex
from triage.text.shapes import Shapes

_LEAST = 3
"""So many lines in a row must carry a mark before it counts as a prefix and not as part of the text."""

_MAX_LAYERS = 3
_LEAST_KEYS = 2
"""Rows that only an analysis has, in a list that is one."""

# "> " and "> > " of mail and of Markdown
_QUOTE = regex(r" {0,8}>(?: ?>){0,8}(?= |$)")
_COMMENT = regex(r" {0,24}(//+|/\*+(?!/)|\*\*?(?![*/])|#(?!#)|;+|'|--+|REM\b|::)(?= |$)", re.IGNORECASE)

# What the pages of pastebins become where they are copied as text: "- Arg1: 0" and "  12. Arg1: 0", of every row
_ITEM = regex(r" {0,4}(?:(?P<dash>-)|\d{1,4}\.)(?: |$)")
_ANALYSED = regex(r"\s{0,4}(?:\*{8}|[A-Z]{3,20}_[A-Z_]{2,30}:|Arg[1-4]:|BugCheck |Microsoft \(R\) Windows Debugger)")
"""What only an analysis has: lists of frames are numbered, too, and their readers know the numbers."""

# What a patch puts before the lines of a log that it adds; a patch of patches has two of them
_ADDED = regex(r"\+{1,2}(?!\+)")
_HUNK = regex(r"@@{1,2} -\d{1,7}(?:,\d{1,7})? (?:-\d{1,7}(?:,\d{1,7})? )?\+\d{1,7}(?:,\d{1,7})? @@")

# What editors and viewers put before each line: "  12  Arg1: 0", "12: Arg1: 0", "12| Arg1: 0"
_NUMBER = regex(r" {0,7}(\d{1,5})[:|.]?(?= |$)")
_LEAST_NUMBERED = 8
_NO_FRAME = regex(
    r"[\s>#/*;]{0,16}(?:\([0-9a-f]{1,8}\.[0-9a-f]{1,8}\): |e[abcd]x=[0-9a-f]{8} |r[abcd]x=[0-9a-f]{16}"
    r"|[er]ip=[0-9a-f]{8}|\d{1,3}:\d{3}(?::\w{1,8})?>|(?:\d{1,3}: )?l?kd> |[A-Z]{3,20}_[A-Z_]{2,30}:"
    r"|Exception(?:Address|Code): |\*\*\* (?:STOP|Fatal)|BugCheck |Arg[1-4]:|ModLoad: "
    r"|(?:ChildEBP|Child-SP|# ChildEBP) )",
    re.IGNORECASE,
)
"""What debuggers print besides frames, which they number themselves."""

_SOURCE_ENDS = (";", "{", "}", "(", ",", "};", "):", "*/")

# resize.log:488:   ExceptionCode: c0000005      what grep puts before each line that it found, and people after it
_GREPPED = regex(r"\s{0,8}[\w.()\\/ -]{1,120}\.(?:log|txt|out)[:-]\d{1,7}(?:[:-]|(?=\s{2}))", re.IGNORECASE)

# What other logs put before each line: dates, times, levels, [tags], host names and process numbers.
_STAMP = regex(
    r"\s{0,4}(?:(?:\[[^\[\]]{1,40}\]"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}T?"
    r"|\d{1,2}:\d{2}(?::\d{2})?(?:[.,:]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?"
    r"|(?:AM|PM|UTC|GMT|BST|CET|CEST|EST|EDT|PST|PDT)\b"
    r"|(?:INFO|ERROR|WARN|WARNING|DEBUG|TRACE|FATAL|NOTICE|STDOUT|STDERR)\b"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|19\d\d|20\d\d)\b"
    # The number of a frame, which an address follows, is none of a date.
    r"|\d{1,2}\b(?! {1,3}(?:0x)?[0-9a-f]{8})"
    r"|[\w.-]{1,40}\[\d{1,7}\])"
    r"[ \t:|,>-]{0,6}){1,9}",
    re.IGNORECASE,
)
_TELLS_TIME = regex(r"[:\[\]/]|-\d")
# What a debugger's line begins with: without some of these behind the marks the marks are the text itself (an event
# log in columns begins each line with a date, and needs it).
_DEBUGGER_LINE = regex(
    r"[\s>#/*;]{0,24}(?:(?:[CK]DB:?\s|NTSD:?\s)?ModLoad:|\([0-9a-f]{1,8}\.[0-9a-f]{1,8}\)"
    r"|e[abcd]x=[0-9a-f]|r[abcdi][xp]=[0-9a-f]|eip=|iopl=|[cs]s=[0-9a-f]{4}"
    r"|\d{1,3}:\d{3}(?::\w{1,8})?>|(?:\d{1,3}:\s)?l?kd>"
    r"|(?:[0-9a-f]{2,3} )?[0-9a-f]{8}`?[0-9a-f]{0,8}\s{1,3}[0-9a-f]{8}|ChildEBP|Child-SP|FramePtr|RetAddr"
    r"|[A-Z]{3,20}_[A-Z_]{2,30}:|(?:Exception(?:Address|Code|Flags)|NumberParameters|Parameter\[\d\]):"
    r"|\*\*\* (?:STOP|ERROR|WARNING|Fatal)|BugCheck |Arg[1-4]:|[\w.]{1,60}![\w:~<>]{1,200}"
    r"|[A-Za-z ]{1,40} - code [0-9a-f]{8}|BUGCHECK_\w{1,4}\b|Fatal System Error|Crash reason:"
    r"|Windows [\w. ]{1,30} (?:Kernel )?Version \d|Built by:|Microsoft \(R\) Windows Debugger"
    r"|(?:Loaded symbol image file|Image path|Image name|CheckSum|ImageSize):"
    r"|#? {0,2}A fatal error has been detected by|#  EXCEPTION_[A-Z_]{3,40} \(0x|# Problematic frame:"
    r"|(?:wine: )?unhandled exception|Register dump:|Backtrace:|(?:=>)?\s?\d{1,3} 0x[0-9a-f]{8})",
    re.IGNORECASE,
)


# Shapes of rows that may begin with a mark
_NAMES = (
    "AM PM UTC GMT BST CET CEST EST EDT PST PDT INFO ERROR WARN WARNING DEBUG TRACE FATAL NOTICE STDOUT STDERR"
    " Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
)
_QUOTED = (Likely(rb" {0,8}>", heads=rb"[ >]", signs=b">"),)
_COMMENTED = (Likely(rb" {0,24}(?:/[/*]|[*#;']|--|::|" + like("REM") + rb")", heads=rb"[ /*#;':-]|" + like("REM")),)
_HUNKS = Likely(rb"@@+ -0", heads=rb"@@", words=("@@ -0",))
_PATCHED = (Likely(rb"\+{1,2}(?!\+)", heads=rb"\+", signs=b"+"),)
_NUMBERED = (Likely(rb" {0,7}0{1,5}[:|.]?(?: |\Z)", heads=rb" |0{1,5}[ :|.]"),)
_LISTED = (Likely(rb" {0,4}(?:-|0{1,4}\.)(?: |\Z)", heads=rb"[ -]|0{1,4}\."),)
_SEARCHED = (Likely(None, words=(".log:0", ".log-0", ".txt:0", ".txt-0", ".out:0", ".out-0")),)
_STAMPED = (
    Likely(
        rb"\s{0,4}(?:\[|0{1,4}[-/.:]|0{1,2}\b(?! {1,3}(?:0x)?0{8})|0000\b|" + like(*_NAMES.split()) + rb"\b)",
        heads=rb"[\s\[]|0{1,4}(?:[^a-z0_]|\Z)|" + like(*_NAMES.split(), most=HEAD),
        signs=b":[]/-",  # without which no time is told
    ),
    Likely(rb"\A\s{0,4}[\w.-]{1,40}\[0{1,7}\]", words=("[0",)),
)


def strip_prefixes(rows: list[str], shapes: Shapes) -> tuple[list[str], Shapes]:
    """The rows without quoting marks, comment marks and log prefixes that stand before every line of a block.

    `shapes` are those of the rows; those of the rows that come back come with them.
    """
    rows, numbered = _without_numbers(rows, shapes.likely(*_NUMBERED))
    shapes = shapes.changed(rows) if numbered else shapes
    patch = any(_HUNK.match(rows[index]) for index in shapes.likely(_HUNKS))
    for _ in range(_MAX_LAYERS):
        changed = False
        for find, proof, marked in (
            (_quote, False, _QUOTED),
            (_comment, False, _COMMENTED),
            (_stamp, True, _STAMPED),
            (_item, True, _LISTED),
            (_added, not patch, _PATCHED),
            (_grepped, True, _SEARCHED),
        ):
            likely = shapes.likely(*marked)
            if find is not _comment:
                likely = _not_alone(rows, likely)
            if len(likely) < _LEAST:
                continue
            wrapped = False
            if find is _comment:
                rows, wrapped = _strip_wrapped(rows, likely)
            if wrapped:
                shapes = shapes.changed(rows)
                likely = shapes.likely(*marked)
            rows, hit = _strip(rows, find, likely, proof=proof)
            if hit:
                shapes = shapes.changed(rows)
            changed |= hit or wrapped
        if not changed:
            break
    return rows, shapes


def _without_numbers(rows: list[str], likely: Sequence[int]) -> tuple[list[str], bool]:
    """The rows of each block without the numbers of its lines, each of which is one more than that above it.

    41  (9a4.8b0): Access violation - code c0000005 (first chance)
    42
    43  0:000> kb
    """
    original, end = rows, 0
    for place, start in enumerate(likely):
        if start < end or len(likely) - place < _LEAST_NUMBERED:
            continue
        marks: list[re.Match[str]] = []
        while start + len(marks) < len(original) and (found := _NUMBER.match(original[start + len(marks)])):
            if marks and int(found[1]) != int(marks[0][1]) + len(marks):
                break
            marks.append(found)
        end = start + max(1, len(marks))
        tails = [found.string[found.end() :] for found in marks]
        if len(tails) < _LEAST_NUMBERED:
            continue
        if not any(_NO_FRAME.match(tail) for tail in tails) and not _reads_as_source(tails):
            continue
        indent = min((len(tail) - len(tail.lstrip(" ")) for tail in tails if tail), default=0)
        rows = list(rows) if rows is original else rows
        rows[start:end] = [tail[indent:] for tail in tails]
    return rows, rows is not original


def _reads_as_source(rows: Sequence[str]) -> bool:
    """Whether the rows are of a program: what is in its strings and comments happened nowhere, so it must be known."""
    return _LEAST * sum(row.endswith(_SOURCE_ENDS) for row in rows) >= len(rows)


def reads_as_debugger(row: str) -> bool:
    """Whether the row begins as one that a debugger prints."""
    return _DEBUGGER_LINE.match(row) is not None


def _not_alone(rows: Sequence[str], likely: Sequence[int]) -> list[int]:
    """Those of the rows that have another of them, or a blank row, beside them: a single one is no block."""
    beside = set(likely)
    last = len(rows) - 1
    return [
        index
        for index in likely
        if index + 1 in beside
        or index - 1 in beside
        or (index < last and not rows[index + 1])
        or (index and not rows[index - 1])
    ]


Mark = tuple[str, int]
"""What kind of mark a row begins with, and where the row goes on behind it."""


class _Marks:
    """The marks of some rows; the others have none."""

    def __init__(self, rows: Sequence[str], find: Callable[[str], Mark | None], likely: Iterable[int]) -> None:
        self.at = {index: mark for index in likely if rows[index] and (mark := find(rows[index])) is not None}

    def __getitem__(self, index: int) -> Mark | None:
        return self.at.get(index)


def _quote(row: str) -> Mark | None:
    found = _QUOTE.match(row)
    return None if found is None else (">", found.end())


def _comment(row: str) -> Mark | None:
    found = _COMMENT.match(row)
    if found is None:
        return None
    mark = found[1].lower()
    # "/*" opens what " *" goes on with.
    return ("*" if mark.startswith("/*") else mark, found.end())


def _stamp(row: str) -> Mark | None:
    found = _STAMP.match(row)
    # A lone number is no stamp: frames and tables begin with one.
    if found is None or not _TELLS_TIME.search(found[0]):
        return None
    return ("", found.end())


def _item(row: str) -> Mark | None:
    found = _ITEM.match(row)
    return None if found is None else ("." if found["dash"] is None else "-", found.end())


def _added(row: str) -> Mark | None:
    found = _ADDED.match(row)
    return None if found is None else ("", found.end())


def _grepped(row: str) -> Mark | None:
    found = _GREPPED.match(row)
    return None if found is None else ("", found.end())


def _strip(
    rows: list[str], find: Callable[[str], Mark | None], likely: Iterable[int], *, proof: bool
) -> tuple[list[str], bool]:
    """Strip the mark from each block of rows that carry it; blank rows neither break nor make a block.

    Rows that are not `likely` have none.
    """
    marks = _Marks(rows, find, likely)
    if len(marks.at) < _LEAST:
        return rows, False
    original, end = rows, 0
    for start in marks.at:
        if start < end:
            continue
        end, count = _block(original, marks, start)
        if count >= _LEAST and (not proof or _worth(original, marks, start, end)):
            rows = list(rows) if rows is original else rows
            for index in range(start, end):
                mark = marks[index]
                if mark is not None:
                    rows[index] = original[index][mark[1] :].rstrip() if proof else _behind(original[index], mark[1])
    return rows, rows is not original


def _strip_wrapped(rows: list[str], likely: Iterable[int]) -> tuple[list[str], bool]:
    """Strip comment marks from a debugger's output whose long lines an editor wrapped: their ends stand unmarked.

    # 0012f010 6b935678 00000001 00000002 00000003
    ledger!Post+0x12
    # 0012f020 7c816fd7 00000001 00000002 00000003

    A row without a mark counts as the end of the one above it where one with the mark follows; most rows have it, and
    what stands behind the marks must read as a debugger's output.
    """
    marks = _Marks(rows, _comment, likely)
    if len(marks.at) < _LEAST:
        return rows, False
    whole = _Marks(rows, _comment, ())
    for start, above in marks.at.items():
        whole.at[start] = above
        index = start + 1
        below = marks[index + 1]
        if below is not None and marks[index] is None and rows[index] and above[0] == below[0]:
            whole.at[index] = (above[0], 0)
    original, end = rows, 0
    for start in whole.at:
        if start < end:
            continue
        end, count = _block(original, whole, start)
        marked = [index for index in range(start, end) if marks[index] is not None]
        unmarked = count > len(marked) >= _LEAST and 2 * len(marked) > count
        if unmarked and sum(_DEBUGGER_LINE.match(original[index]) is not None for index in marked) >= _LEAST:
            rows = list(rows) if rows is original else rows
            for index in marked:
                mark = marks[index]
                rows[index] = original[index] if mark is None else _behind(original[index], mark[1])
    return rows, rows is not original


def _block(rows: list[str], marks: _Marks, start: int) -> tuple[int, int]:
    """Where the block of rows with the same kind of mark ends, and how many rows carry it."""
    first = marks[start]
    end, count = start, 0
    while end < len(rows):
        mark = marks[end]
        if (mark is None and rows[end]) or (mark is not None and first is not None and mark[0] != first[0]):
            break
        count += mark is not None
        end += 1
    return max(end, start + 1), count


def _behind(row: str, end: int) -> str:
    """What stands behind a mark, less the one blank that belongs to the mark."""
    return row[end:].removeprefix(" ").rstrip()


def _worth(rows: list[str], marks: _Marks, start: int, end: int) -> bool:
    """Whether the block reads as debugger output once the marks are gone; only stamps need that proof."""
    behind = sum(
        1
        for index in range(start, end)
        if (mark := marks[index]) is not None and _DEBUGGER_LINE.match(rows[index], mark[1]) is not None
    )
    # Rows that already read as debugger output with their mark keep it: it is part of them.
    before = sum(1 for index in range(start, end) if marks[index] is not None and _DEBUGGER_LINE.match(rows[index]))
    first = marks[start]
    if first is not None and first[0]:
        items = [index for index in range(start, end) if marks[index] is not None]
        return sum(_analysed_behind(rows[index], marks[index]) for index in items) >= _LEAST_KEYS
    return behind >= max(1, (end - start) // 30) and behind > before


def _analysed_behind(row: str, mark: Mark | None) -> bool:
    return mark is not None and _ANALYSED.match(row, mark[1]) is not None


def dedent(rows: list[str]) -> list[str]:
    """The rows without the indentation that all of them have: a quoted or archived text stands further right."""
    if any(row and row[0] != " " for row in rows):
        return rows
    indent = min((len(row) - len(row.lstrip(" ")) for row in rows if row), default=0)
    return [row[indent:] for row in rows] if indent else rows


def collapse_blank_lines(rows: list[str], numbers: Sequence[int]) -> tuple[list[str], Sequence[int]]:
    """The rows without the blank row that some mailers put after every line.

    A blank line of the original comes as three; so of a run of n blank rows (n - 1) / 2 stay.
    """
    blank = rows.count("")
    if len(rows) - blank < 8 or blank < 0.72 * (len(rows) - blank):
        return rows, numbers
    filled = [index for index, row in enumerate(rows) if row]
    followed = sum(1 for index in filled if index + 1 < len(rows) and not rows[index + 1])
    if followed < 0.72 * len(filled):
        return rows, numbers
    kept_rows: list[str] = []
    kept_numbers: list[int] = []
    index = 0
    while index < len(rows):
        end = index
        while end < len(rows) and not rows[end]:
            end += 1
        stay = max(0, (end - index - 1) // 2)
        kept_rows.extend([""] * stay)
        kept_numbers.extend(numbers[index : index + stay])
        if end < len(rows):
            kept_rows.append(rows[end])
            kept_numbers.append(numbers[end])
        index = end + 1
    return kept_rows, kept_numbers
