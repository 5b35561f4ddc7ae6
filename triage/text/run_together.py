"""Rows of an analysis that ran together: web pages, translators and trackers fold what a debugger printed.

    CRITICAL_PROCESS_DIED (ef) A process died Arguments: Arg1: ffffa50c1c2d3080, Process object … Debugging
    Details: ------------------ DUMP_TYPE: 1 BUGCHECK_P1: ffffa50c1c2d3080 PROCESS_NAME: svchost.exe STACK_TEXT:
    ffffb20f`1a2b3948 fffff801`2c3d4b4a : 00000000`000000ef … : nt!KeBugCheckEx ffffb20f`1a2b3950 fffff801`2c3d4c00 : …

Folklore: the labels tell where the rows began, as several of them stand in one row only where rows ran together; so do
frames of 64-bit stacks, whose two addresses and colon stand nowhere else. Other frames have columns that look like the
arguments of the frame before, so they are parted only behind the heading of their columns, in one row with it, as pages
of books do: `ChildEBP RetAddr 0012f930 00469a16 ledger!Post+0x19 0012f968 0046915d ledger!Book+0x45 …`. A page that
cuts its rows by their length parts a frame from its symbol as well: what begins with the colon belongs to the frame
above. Of 32-bit frames such a page cuts the columns, too, so all that stands behind STACK_TEXT is one row again before
it is parted: `STACK_TEXT: f245fc78`, and below it `f2695af5 0000001e 00000001 804b1cd8 nt!KeBugCheck+0xf f245fc90 …`.
All rows keep the number of the line that they stand on.
"""

from bisect import bisect_right

from triage.text.lazy import regex
from triage.text.lines import Text

_LEAST = 3
"""So many labels in one row are rows that ran together; a sentence may name one or two."""

_LEAST_FRAMES = 2
_MAX_ROW = 16_384
_MOST_PARTS = 512

_HINTS = (
    "arguments:",
    "arg2:",
    "dump_",
    "_id:",
    "_name:",
    "_text:",
    "_code:",
    "_p1:",
    "_str:",
    "_ip:",
    "_record:",
    " value: ",
    " : nt!",
    "childebp retaddr",
    "child-sp",
    "frameptr",
)
_SESSION_HINTS = (
    *("first chance", " - code ", "efl=", "exceptioncode:", "kernel base =", "session time:", "bugcheck "),
    *("image path:", "module name", "modload:", " symbols)", "(deferred)", "probably caused by"),
)
_LONG = 120
"""Rows of a session are shorter than this, all but a few."""

_LABEL = regex(
    r"(?<!\S)(?:[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,6}|Arguments|Arg[1-4]|Key\s{1,4}|Value|Followup"
    r"|Probably caused by\s?|Debugging Details):(?=\s|$)"
)
_GLUED = regex(
    r"(?<=[a-z0-9)\]\-])(?:(?:FAULTING_IP|PROCESS_NAME|EXCEPTION_RECORD|ERROR_CODE|EXCEPTION_CODE|EXCEPTION_PARAMETER\d"
    r"|DEFAULT_BUCKET_ID|BUGCHECK_STR|CURRENT_IRQL|LAST_CONTROL_TRANSFER|STACK_TEXT|STACK_COMMAND|FOLLOWUP_IP"
    r"|SYMBOL_NAME|MODULE_NAME|IMAGE_NAME|FAILURE_BUCKET_ID|BUCKET_ID|Arguments|Arg[1-4]|Debugging Details):"
    r"|(?:ExceptionAddress|NumberParameters): )"
    r"|(?<=\S) {2,4}(?:ExceptionCode|ExceptionFlags): "
    r"|(?<=\])[0-9a-f]{8} [0-9a-f]{8} (?:[0-9a-f]{8} ){3}(?=[A-Za-z])"
)
"""Labels and frames behind which and before which not even a blank is left: `KHALMNPR.exeFAULTING_IP: nt!Foo+0`."""

_SESSION = regex(
    r"(?<!\S)(?:\([0-9a-f]{1,8}\.[0-9a-f]{1,8}\): (?=[A-Z])"
    r"|(?<!: )[A-Z][\w+-]{1,20}(?: [a-z][\w-]{1,20}){0,4} - code (?=[0-9a-f]{8} \()"
    r"|First chance exceptions are reported|This exception may be"
    r"|(?:[er]ax|rdx|eip|rip|r11|r14)=(?=[0-9a-f]{8})|r8=(?=[0-9a-f]{16} )|iopl=(?=\d )|cs=(?=[0-9a-f]{4} )"
    r"|(?:Exception(?:Address|Code|Flags)|NumberParameters|Parameter\[\d{1,2}\]): |Attempt to (?:read|write|execute) "
    r"|\d{1,3}:\d{3}(?::\w{1,8})?> |(?:\d{1,3}: )?l?kd> |\*{20,100}|\*{3} (?:WARNING|ERROR): |ModLoad: "
    r"|Windows [\w. ]{1,30}? Version \d{4,5} |Product: (?=\w{3,12}, suite)|Built by: \d|Edition build lab: "
    r"|Machine Name:|Kernel base = |Debug session time: |(?:System|Process) Uptime: |Loading (?:Kernel|User) Symbols"
    r"|Loading unloaded |Loading Dump File \[|(?:Symbol|Executable) search path is:|Copyright \(c\) Microsoft"
    r"|Use !analyze -v|CommandLine: |Probably caused by|BugCheck (?=[0-9A-F]{1,8}, \{)"
    r"|start {1,20}end {1,20}module name"
    r"|Loaded symbol image file: |Image (?:path|name): |Timestamp: |CheckSum: |ImageSize: |(?:File|Product) version: "
    r"|[0-9a-f]{8}(?:`[0-9a-f]{8})? {1,8}[0-9a-f]{8}(?:`[0-9a-f]{8})? {1,8}\w{1,40} {1,8}(?:[A-Z#*~] {1,4}){0,3}"
    r"(?=\((?:deferred|(?:private )?pdb symbols|export symbols|no symbols)\)))"
)
"""What a debugger prints at the beginning of a row, and nowhere else."""

_ENDS = regex(r"(?:(?<=chance\))|(?<=ce !!!\))|(?<=lable\))|(?<= efl=[0-9a-f]{8})) (?=\S{3})")
"""What stands behind an event and behind the flags is in the next row."""

_PLACE = regex(
    r"(?<!\S)(?:[\w.$~-]{1,60}![^\s]{1,200}|[\w.$~-]{1,60}\+0x[0-9a-f]{1,8}): "
    r"(?=[0-9a-f]{8}(?:`?[0-9a-f]{8})? [0-9a-f]{2,30} )"
)
"""The symbol of an instruction has a row of its own: `ledger!Post+0x12:` and below it `00401a2c 8901 mov …`."""

_KEYED = regex(r"\s{0,8}Key\s{1,4}:\s{1,4}[\w.]{1,80}\s{1,8}(?=Value:\s)")
"""A key and its value are two rows of an analysis; a paragraph holds both: `Key : AV.Type Value: Read`."""

_STOP = regex(r"(?<!\S)(?:[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,8}|Unknown bugcheck code) \([0-9a-f]{1,8}\)(?= \S)")
_FRAME = regex(r"(?<!\S)[0-9a-f]{8}`?[0-9a-f]{8} [0-9a-f]{8}`?[0-9a-f]{8} {1,6}: (?=[0-9a-f]{8}`?[0-9a-f]{8} )")
_UNNAMED = regex(r"[0-9a-f]{8}`?[0-9a-f]{8} [0-9a-f]{8}`?[0-9a-f]{8} {1,6}: (?:[0-9a-f]{8}`?[0-9a-f]{8} ?){4}$")
_NAMING = regex(r": [A-Za-z][\w.$~-]{0,60}[!+]")
_HEADING = regex(
    r"(?<!\S)(?:STACK_TEXT:|(?:(?:Child(?:EBP|-SP)|FramePtr) {1,12})?(?:RetAddr|ReturnAd))(?:[ :]{1,12}Args to Child)?"
    r"(?:[ :]{1,12}Call Site)?(?: {1,8}Param#?\d){0,4}(?: {1,8}Function Name)?(?= )"
)
_ADDRESS = r"[0-9a-f]{8}`[0-9a-f]{8}"
_COLUMNS = regex(
    r"(?<!\S)(?:(?:[0-9a-f]{2} )?(?:[0-9a-f]{8}(?:`?[0-9a-f]{8})? ){2}(?:(?:[0-9a-f]{8} ){3,4})?"
    rf"|[0-9a-f]{{2}} {_ADDRESS} {{1,8}}: |(?<![0-9a-f]{{8}} ){_ADDRESS} {{1,8}}: (?:{_ADDRESS} ){{4}}: "
    r"|(?:[0-9a-f]{2} )?\(Inline(?: Function)?\) (?:[ :]?--------(?:`--------)?){1,8} (?:: )?)"
    r"(?=[A-Za-z][\w.$~-]{0,60}[!+]|0x[0-9a-f])"
)


_STACK = regex(r"STACK_TEXT:\s{1,8}(?=[0-9a-f]{8}(?: |$))")
_CALL = regex(r"(?<!\S)[0-9a-f]{8} [0-9a-f]{8} (?:[0-9a-f]{8} ){3}(?=[A-Za-z][\w.$~-]{0,60}[!+])")
_MOST_WRAPPED = 64
_MOST_STACKS = 64
_WRAPPED_ROW = 400
"""Rows that a page cut are no longer than so."""


def parted(text: Text) -> Text:
    """The text with the rows of its analyses apart; the same text where none ran together."""
    told = {*text.holding(_HINTS), *(at for at in text.holding(_SESSION_HINTS) if len(text.rows[at]) > _LONG)}
    parts = {index: found for index in told if len(found := _parts(text.rows[index])) > 1}
    if not parts:
        return text
    rows: list[str] = []
    numbers: list[int] = []
    for index, row in enumerate(text.rows):
        for one in parts.get(index, (row,)):
            if index in parts and rows and _NAMING.match(one) and _UNNAMED.match(rows[-1]):
                rows[-1] += f" {one}"
                continue
            rows.append(one)
            numbers.append(text.numbers[index])
    stacks = [at for at, row in enumerate(rows) if _STACK.match(row) is not None]
    for first in reversed(stacks[:_MOST_STACKS]):  # the last first, as rows change their places
        _unwrap(rows, numbers, first)
    return Text(rows, numbers, encoding=text.encoding)


def _unwrap(rows: list[str], numbers: list[int], first: int) -> None:
    """Put the calls of a stack that was cut by length on a row each, with the number of the row where they begin."""
    said: list[str] = []
    starts: list[int] = []
    length = 0
    rest = ""
    last = first
    for at in range(first, min(len(rows), first + _MOST_WRAPPED)):
        row = rows[at][:_WRAPPED_ROW]
        label = _LABEL.search(row, len("STACK_TEXT:") if at == first else 0)
        if not row.strip() or (label is not None and label.start() == 0):
            break
        said.append(row if label is None else row[: label.start()].rstrip())
        starts.append(length)
        length += len(said[-1]) + 1
        last = at
        if label is not None:
            rest = row[label.start() :]
            break
    joined = " ".join(said)
    calls = [found.start() for found in _CALL.finditer(joined)]
    if last == first or len(calls) < _LEAST_FRAMES:
        return
    made: list[list[str]] = [[] for _ in said]
    made[0].append("STACK_TEXT:")
    for start, end in zip(calls, [*calls[1:], len(joined)], strict=True):
        made[bisect_right(starts, start) - 1].append(joined[start:end].strip())
    if rest:
        made[-1].append(rest)
    rows[first : last + 1] = [one for parts in made for one in parts]
    numbers[first : last + 1] = [numbers[first + place] for place, parts in enumerate(made) for _ in parts]


def _parts(row: str) -> tuple[str, ...]:
    """The rows that one row was made of."""
    keyed = _KEYED.match(row)
    if keyed is not None and row.count("Key") == 1:
        return row[: keyed.end()].strip(), row[keyed.end() :].strip()
    if not 60 < len(row) <= _MAX_ROW:
        return (row,)
    labels = {found.start() for found in _LABEL.finditer(row)}
    glued = {found.start() for found in _GLUED.finditer(row)}
    marks = {found.start() for found in _SESSION.finditer(row)} if len(row) > _LONG else set()
    stops = [found.span() for found in _STOP.finditer(row)] if labels or marks or glued else []
    told = len(labels | marks) + len(stops)
    cuts = labels | glued | marks if ((labels or marks) and told >= _LEAST) or len(glued) >= _LEAST else set()
    if cuts & marks:
        cuts.update(found.end() for found in _ENDS.finditer(row))
        cuts.update(*(found.span() for found in _PLACE.finditer(row)))
    frames = [found.start() for found in _FRAME.finditer(row)]
    if len(frames) >= _LEAST_FRAMES or cuts:
        cuts.update(frames)
    if cuts:
        cuts.update(*stops)
    cuts |= _columns(row)
    places = sorted(cuts - {0})[:_MOST_PARTS]
    return tuple(
        part for start, end in zip([0, *places], [*places, len(row)], strict=True) if (part := row[start:end].strip())
    )


def _columns(row: str) -> set[int]:
    """Where the heading of a stack's columns and the frames behind it stand in one row."""
    heading = _HEADING.search(row)
    if heading is None:
        return set()
    frames = {found.start() for found in _COLUMNS.finditer(row, heading.end())}
    return {heading.start(), *frames} if len(frames) >= _LEAST_FRAMES else set()
