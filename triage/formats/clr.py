"""What .NET programs and the SOS debugger extension print of exceptions.

    Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.
       at Orchard.Trees.Leaf.Grow(Int32 days) in C:\\src\\Leaf.cs:line 42
    Fatal error. Internal CLR error. (0x80131506)                 since .NET 10 in two rows
    Exception object: 000001f2a4c01d58                            !pe
    Exception type:   System.IO.IOException
    Message:          The device is not ready.
    StackTrace (generated):
        SP               IP               Function
        000000D1FBCD4B0 00007FFAC8AE2FC5 Orchard!Orchard.Program.Main()+0x85
    HResult: 80131620
    An unhandled exception occurred in leaf.exe (2360)            programs that catch what others leave
    Exception: System.BadImageFormatException
    ************** Exception Text **************                  the box of Windows Forms
    ************** Loaded Assemblies **************
    System.AccessViolationException: Attempted to read or write protected memory. …   a log's, with its trace below
    An unhandled exception of type 'System.AccessViolationException' occurred in leaf.dll         Visual Studio
    ExceptionManager.AppDomainName: orchard.exe                   Microsoft's exception block, above the exception
    I get `System.AccessViolationException: 'Attempted to read or write protected memory. …'`      a debugger's, quoted
    Attempted to read or write protected memory. …               a program's box, with the trace below it
    System.AccessViolationException                              the details that Visual Studio copies
      HResult=0x80004003

Folklore: .NET prints a type, not a code. Only types that stand for an exception of the system give one
(AccessViolationException is c0000005); an exception that nobody handled reaches the system as e0434352 (e0434f4d before
.NET 4), which is not printed here. Logs hold traces of handled exceptions by the thousand: only the words
"Unhandled exception", "Fatal error" and the box's headings make a crash of them, and the type of an exception that
programs cannot handle by default (AccessViolationException) does, with its trace or its message. All of these words
are translated, types and the asterisks around the headings are not.
Source: .NET documentation, "SOS debugging extension"; coreclr, src/vm/eepolicy.cpp.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from msgspec.structs import replace

from triage.model.evidence import ExceptionRecord, Frame, Incident, Lines, Message, Module, Process
from triage.text.clr_words import OTHER_WORDS, PROTECTED, SYSTEM_CODES
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.prose import is_lesson, is_literal
from triage.text.reports import MAX_FRAMES, MAX_MODULES, MAX_REPORTS, image, number, part, program_of, rows_with, span
from triage.text.symbols import read_symbol

_TYPE = (
    r"(?P<type>(?:[A-Za-z_]\w{0,80}\.){1,12}[A-Za-z_]\w{0,100}?(?:Exception|Error|Interrupt|Fault|Abort)\w{0,40})"
    r"(?: \((?P<hresult>0x[0-9A-Fa-f]{8})\))?"
)
_UNHANDLED_WORDS = (
    r"[Uu]nbehandelte [Aa]usnahme|[Ee]xception non g\u00e9r\u00e9e|[Ee]xcepci\u00f3n no controlada"
    r"|[Ee]ccezione non gestita"
    r"|[Ee]xce\u00e7\u00e3o (?:[Ss]em [Tt]ratamento|n\u00e3o tratada)|[Нн]еобработанное исключение"
    r"|未经处理的异常|未處理的例外狀況"
    r"|ハンドルされていない例外|처리되지 않은 예외|[Nn]ieobsługiwany wyjątek|[İi]şlenmeyen [Öö]zel [Dd]urum"
)
_UNHANDLED = regex(
    rf"[^\n]{{0,200}}?(?:(?:[Uu]nhandled [Ee]xception|{_UNHANDLED_WORDS})\s?[.:\uff1a]|Fatal error\.)\s{{0,2}}{_TYPE}"
    r"(?:: ?(?P<message>[^\n]{0,1000}))?"
)
_BARE = regex(rf"\s{{0,16}}{_TYPE}(?:: (?P<message>[^\n]{{0,1000}}))?")
_FATAL = regex(
    r"(?:[^\n]{0,200}?(?:Fatal error\. (?:(?P<words>[A-Z][\w .']{1,200}?)\s{0,2})?\(?(?P<code>0x[0-9A-Fa-f]{8})?\)?"
    r"|Process terminated\. [^\n]{1,300}|Stack overflow\.|Process is terminat\w{1,3} due to StackOverflowException\.)"
    r"|\s{0,8}Internal CLR error\. \((?P<alone>0x[0-9A-Fa-f]{8})\))\s{0,4}"
)
_AT = regex(
    r"\s{0,16}(?:at|bei|à|в|en|in|em|w|konum:|위치:|場所|在|於)\s{1,3}(?P<function>[\w.+<>`$~\[\],&|-]{2,400}?)\s?\("
    r"(?P<arguments>[^\n]{0,600}?)\)"
    r"(?: (?:in|dans|en|в|場所) (?P<source>[^\n]{1,300}?:\S{1,12} ?\d{1,7}))?[^\n]{0,40}"
)
_BETWEEN = regex(r"\s{0,8}(?:---|-{3,}|Repeat \d|\[)|\s{0,16}$")
_QUOTED = regex(
    r"[^\n]{0,300}?\b(?P<type>System\.AccessViolationException)(?: \((?P<hresult>0x[0-9A-Fa-f]{8})\))?[:\uff1a] ?"
    r"[\"'\u2018\u201c]?(?P<message>(?:" + "|".join(map(re.escape, PROTECTED)) + r")[^\n\"'`\u2019\u201d]{0,300})"
)
_ALONE = regex(r"[\s>`]{0,8}(?P<message>(?:" + "|".join(map(re.escape, PROTECTED)) + r")[^\n]{0,200})")
_COPIED = regex(r"\s{1,8}HResult=0x[0-9A-Fa-f]{8}\s{0,4}")
_OCCURRED_IN = regex(
    r"\s{0,8}An unhandled exception (?:has )?occurred in (?P<process>[\w$.+~-]{1,80}\.exe)(?:"
    r" \((?P<pid>\d{1,9})\))?[.:]?\s{0,4}",
    re.IGNORECASE,
)
_NAMED_BELOW = regex(rf"\s{{0,8}}(?:Exception|Type): {_TYPE}\s{{0,4}}")
_OF_TYPE = regex(
    r"[^\n]{0,200}?\bunhandled exception of type '(?P<type>(?:[A-Za-z_]\w{0,80}\.){1,12}[A-Za-z_]\w{0,100})'"
    r" occurred in "
    r"(?P<module>[\w.+~-]{1,120}\.(?:dll|exe))\b[^\n]{0,200}",
    re.IGNORECASE,
)
_DOMAIN = regex(
    r"\s{0,8}(?:ExceptionManager\.)?App ?Domain(?: ?Name)?: {1,8}(?P<process>[\w$+~-][\w .$+~-]{0,78}\.exe)\s{0,4}",
    re.IGNORECASE,
)
"""The domain of a program bears its file's name; that of a site in IIS is /LM/W3SVC/1/Root/orchard-1-1278."""

_ABOVE = 24
_OBJECT = regex(r"\s{0,16}Exception object: [0-9a-fA-F]{8,16}\s{0,4}")
_FIELD = regex(r"\s{0,16}(?P<key>Exception type|Message|InnerException|HResult): {1,16}(?P<value>[^\n]{1,600})")
_GENERATED = regex(r"\s{0,16}(?P<sp>[0-9a-fA-F]{8,16}) (?P<ip>[0-9a-fA-F]{8,16}) (?P<symbol>\S[^\n]{0,1000})")
_BOX = regex(r"\*{4,40}\\?\*? (?P<words>[^*\n]{3,60}) \*{4,40}")
"""`\\*` stands in it where the text went through Markdown."""

_ASSEMBLY_VERSION = regex(r"\s{0,16}[^\n:\uff1a]{0,40}[:\uff1a] ?(?P<version>\d{1,5}\.[\d.]{2,30})")
_BASE = regex(r"[\s#]{0,16}[^\n:\uff1a]{1,40}[:\uff1a] ?(?P<path>file:///[^\n]{1,400})")
_FAILURES = 0x80000000
_UNHANDLABLE = "System.AccessViolationException"
_WORDS = (
    "nhandled exception. ",
    "nhandled Exception: ",
    "nhandled exception: ",
    "Fatal error. ",
    "Internal CLR error. (",
    "Process terminated. ",
    "Stack overflow.",
    "StackOverflowException.",
    "Exception object: ",
    "Exception Text",
    "Loaded Assemblies",
    "nhandled exception occurred in ",
    "exception of type '",
    _UNHANDLABLE,
    *PROTECTED,
)
_REACH = 2_000


def read(text: Text) -> Reading:
    """Every crash is one incident; the assemblies that a box lists are the modules."""
    incidents: list[Incident] = []
    modules: tuple[Module, ...] = ()
    claimed: list[Lines] = []
    done = -1
    # In a debugger's session, which tells the exception itself, !pe only adds to it.
    debugged = " - code e0434" in text.joined
    taught = cache(lambda: is_lesson(text.rows))  # asked of many rows, and all of the text is looked at
    for index in sorted({*rows_with(text, *_WORDS, most=MAX_REPORTS), *text.holding(OTHER_WORDS)[:MAX_REPORTS]}):
        if index <= done:
            continue
        row = text.rows[index][:1600]
        if is_literal(row):
            continue
        if _OBJECT.fullmatch(row) is not None:
            found = None if debugged or _elsewhere(text, index) else _printed(text, index)
        elif _BOX.search(row) is not None:
            listed = tuple(_assemblies(text, index))
            found = _boxed(text, index, listed)
            if not listed and "Assemblies" in row:
                # The end of a box, whose head went to another post.
                listed = tuple(_assemblies(text, index, at=index))
            modules = modules or listed
            claimed += [module.lines for module in listed]
        else:
            found = _announced(text, index, row) or _typed(text, index, row, taught) or _told(text, index, row, taught)
        if found is not None:
            incident, done = found
            incidents.append(_in_domain(text, index, incident))
            claimed.append(span(text, index, done))
    return Reading(incidents=tuple(incidents), modules=modules, claimed=tuple(claimed))


def _in_domain(text: Text, index: int, incident: Incident) -> Incident:
    """The incident, of the program whose domain the report names above it."""
    if incident.process is not None:
        return incident
    above = reversed(text.rows[max(0, index - _ABOVE) : index])
    named = next((found["process"] for row in above if (found := _DOMAIN.fullmatch(row[:120])) is not None), None)
    return incident if named is None else replace(incident, process=Process(name=named))


def _elsewhere(text: Text, index: int) -> bool:
    """Whether lldb printed it, which SOS extends on Linux and macOS only: `(lldb) sos PrintException`."""
    return any(row.lstrip().startswith("(lldb)") for row in text.rows[max(0, index - 3) : index])


def _announced(text: Text, index: int, row: str) -> tuple[Incident, int] | None:
    """A crash that the runtime announces on the console."""
    stack, last = _managed(text, index)
    typed = _UNHANDLED.match(row)
    if typed is not None:
        return _incident(text, (index, last), typed, stack), last
    fatal = _FATAL.fullmatch(row)
    if fatal is None or not (stack or fatal["code"] or fatal["alone"]):
        return None
    code = number(fatal["code"] or fatal["alone"])
    if code is None and "verflow" in row:
        code = SYSTEM_CODES["System.StackOverflowException"]
    here = span(text, index, index)
    incident = Incident(
        kind="message" if code is None else "exception",
        lines=span(text, index, last),
        exception=None if code is None else ExceptionRecord(code=code, lines=here),
        stack=stack,
        messages=(Message(" ".join(row.split()), here),),
    )
    return incident, last


def _told(text: Text, index: int, row: str, taught: Callable[[], bool]) -> tuple[Incident, int] | None:
    """An access violation that a log or a person tells by its type and message, or by its trace right below it."""
    typed = _BARE.match(row)
    typed = typed if typed is not None and typed["type"] == _UNHANDLABLE else None
    quoted = _QUOTED.match(row)
    alone = _ALONE.fullmatch(row) if typed is None and quoted is None else None
    if typed is None and quoted is None and alone is None:
        return None
    stack, last = _managed(text, index)
    if alone is not None:
        return (_incident(text, (index, last), alone, stack), last) if stack else None
    below = text.rows[index + 1][:80] if index + 1 < len(text.rows) else ""
    if typed is not None and (stack or _COPIED.fullmatch(below) is not None):
        return _incident(text, (index, last), typed, stack), last
    return None if quoted is None or taught() else (_incident(text, (index, last), quoted, stack), last)


def _typed(text: Text, index: int, row: str, taught: Callable[[], bool]) -> tuple[Incident, int] | None:
    """What the window of Visual Studio says of an exception that nobody handled."""
    occurred = _OCCURRED_IN.fullmatch(row)
    if occurred is not None:
        below = next(
            (hit for other in text.rows[index + 1 : index + 4] if (hit := _NAMED_BELOW.fullmatch(other[:300]))), None
        )
        if below is None:
            return None
        stack, last = _managed(text, index)
        here, kind = span(text, index, index), below["type"]
        code = SYSTEM_CODES.get(kind)
        incident = Incident(
            kind="exception",
            lines=span(text, index, last),
            process=Process(name=occurred["process"], pid=None if occurred["pid"] is None else int(occurred["pid"])),
            exception=None if code is None else ExceptionRecord(code=code, lines=here),
            stack=stack,
            messages=(Message(kind, here),),
        )
        return incident, last
    found = _OF_TYPE.fullmatch(row)
    code = None if found is None else SYSTEM_CODES.get(found["type"])
    if found is None or code is None or taught():
        return None
    here = span(text, index, index)
    incident = Incident(
        kind="exception",
        lines=here,
        exception=ExceptionRecord(code=code, lines=here),
        faulting_module=found["module"],
        messages=(Message(found["type"], here),),
    )
    return incident, index


def _boxed(text: Text, index: int, modules: tuple[Module, ...]) -> tuple[Incident, int] | None:
    """The box that Windows Forms shows: the exception stands below its heading, and of the assemblies the program's
    own is a program.
    """
    typed = _BARE.match(text.rows[index + 1][:1600]) if index + 1 < len(text.rows) else None
    if typed is None:
        return None
    stack, last = _managed(text, index + 1)
    name = program_of(module.name for module in modules)
    incident = _incident(text, (index + 1, last), typed, stack)
    return (incident if name is None else replace(incident, process=Process(name=name))), last


def _incident(text: Text, rows: tuple[int, int], typed: re.Match[str], stack: tuple[Frame, ...]) -> Incident:
    here = span(text, rows[0], rows[0])
    said = typed.groupdict()
    kind, message = said.get("type", _UNHANDLABLE), (said["message"] or "").strip()
    code = SYSTEM_CODES.get(kind, number(said.get("hresult")))
    return Incident(
        kind="exception",
        lines=span(text, *rows),
        exception=None if code is None else ExceptionRecord(code=code, lines=here),
        stack=stack,
        faulting_function=stack[0].function if stack else None,
        messages=(Message(f"{kind}: {message}" if message else kind, here),),
    )


def _managed(text: Text, index: int) -> tuple[tuple[Frame, ...], int]:
    """The frames of a trace below row `index`; inner exceptions and wrapped messages stand between."""
    frames: list[Frame] = []
    last = index
    for at in range(index + 1, min(len(text.rows), index + _REACH)):
        row = text.rows[at][:1600]
        found = _AT.fullmatch(row)
        if found is not None:
            source = found["source"]
            frames.append(Frame(function=found["function"].strip(), source=source, lines=span(text, at, at)))
            last = at
        elif at - last > (2 if frames else 6) or (frames and _BETWEEN.match(row) is None):
            break
        if len(frames) >= MAX_FRAMES:
            break
    return tuple(frames), last


def _printed(text: Text, index: int) -> tuple[Incident, int] | None:
    """What !pe (!PrintException) shows of an exception object."""
    fields: dict[str, str] = {}
    frames: list[Frame] = []
    last = index
    for at in range(index + 1, min(len(text.rows), index + 400)):
        row = text.rows[at][:1600]
        field, frame = _FIELD.fullmatch(row), _GENERATED.fullmatch(row)
        if _OBJECT.fullmatch(row) is not None or at - last > 4:
            break
        if field is not None:
            fields.setdefault(field["key"], field["value"].strip())
            last = at
        elif frame is not None and (symbol := read_symbol(frame["symbol"], bare=True)) is not None:
            frames.append(
                Frame(
                    module=symbol.module,
                    function=symbol.function,
                    offset=symbol.offset,
                    address=number(frame["ip"]),
                    source=symbol.source,
                    lines=span(text, at, at),
                )
            )
            last = at
        elif "StackTrace" in row or "SP " in row:
            last = at
    kind = fields.get("Exception type")
    if kind is None:
        return None
    here = span(text, index, index)
    code = SYSTEM_CODES.get(kind, number(fields.get("HResult")))
    message = fields.get("Message", "")
    incident = Incident(
        kind="exception",
        lines=span(text, index, last),
        exception=ExceptionRecord(code=code, lines=here) if code is not None and code >= _FAILURES else None,
        stack=tuple(frames),
        faulting_module=frames[0].module if frames else None,
        faulting_function=frames[0].function if frames else None,
        messages=(Message(f"{kind}: {message}" if message and message != "<none>" else kind, here),),
    )
    return incident, last


def _assemblies(text: Text, index: int, at: int | None = None) -> Iterator[Module]:
    """The assemblies below the next heading, or below the one in the row `at`."""
    body = part(text, index, min(len(text.rows), index + 20_000))
    others = (row for row in rows_with(body, "****", most=20) if row and _BOX.search(body.rows[row][:300]))
    heading = next(others, None) if at is None else 0
    if heading is None:
        return
    version = None
    for place in range(heading + 1, min(len(body), heading + MAX_MODULES)):
        row = body.rows[place][:600]
        if row.startswith("*****"):
            return
        if (found := _ASSEMBLY_VERSION.match(row)) is not None:
            version = found["version"]
        elif (base := _BASE.match(row)) is not None:
            path = base["path"].removeprefix("file:///").replace("/", "\\")
            yield Module(name=image(path) or path, path=path, version=version, lines=span(body, place, place))
            version = None
