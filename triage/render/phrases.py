"""Short phrases that the renderers share: counts, lines, facts, what the readers are called."""

from collections.abc import Iterable, Sequence

from triage.model.evidence import Lines
from triage.model.report import UNDESCRIBED, Because, Finding, IncidentInfo, Report

FORMAT_NAMES = {
    "windbg": "debugger output",
    "drwatson": "Dr. Watson log",
    "eventlog": "event log",
    "cited-event": "event by its number",
    "stop": "STOP screen",
    "fault": "fault message",
    "words": "description",
    "wer": "Windows Error Reporting report",
    "evtx": "event log file",
    "evt": "event log file",
    "minidump": "minidump",
    "kerneldump": "kernel dump",
    "stackwalk": "minidump-stackwalk output",
    "winedbg": "Wine crash report",
    "dotnet": ".NET crash report",
    "java": "Java error log",
    "procdump": "ProcDump output",
    "visual-studio": "Visual Studio output",
    "unity": "Unity crash log",
    "unreal": "Unreal crash log",
    "blizzard": "Blizzard error report",
    "citizenfx": "FiveM or RedM crash box",
    "crash-logger": "Crash Logger report",
    "special-k": "Special K log",
    "madexcept": "madExcept report",
    "eurekalog": "EurekaLog report",
    "jcldebug": "JCL exception log",
    "lazarus": "Free Pascal exception",
    "bluescreens": "list of STOP screens",
    "crash-handler": "crash report",
    "exit-code": "exit code",
    "gdb": "gdb output",
    "go": "Go crash output",
    "lldb": "lldb output",
    "matlab": "MATLAB crash dump",
    "qgis": "QGIS crash report",
    "sentry": "Sentry crash report",
    "signal": "signal report",
    "sms": "Systems Management Server crash report",
    "stackwalker": "StackWalker call stack",
}

FACT_NAMES = {
    "exception": ("exception code", "exception codes"),
    "bugcheck": ("stop code", "stop codes"),
    "parameter": ("parameter", "parameters"),
    "code": ("code in the text", "codes in the text"),
    "process": ("process", "processes"),
    "faulting": ("faulting module", "faulting modules"),
    "address": ("address", "addresses"),
    "low": ("low half of an address", "low halves of addresses"),
    "article": ("article named", "articles named"),
    "function": ("function", "functions"),
    "call": ("pair of calls", "pairs of calls"),
    "module": ("module", "modules"),
    "event": ("event", "events"),
    "event-id": ("event id", "event ids"),
    "source": ("event source", "event sources"),
    "word": ("word", "words"),
    "pair": ("pair of words", "pairs of words"),
    "number": ("number", "numbers"),
    "title": ("word of the title", "words of the title"),
    "prose": ("word of the description", "words of the description"),
    "meant": ("word meant by the description", "words meant by the description"),
    "product": ("product", "products"),
    "version": ("version", "versions"),
    "only": ("nothing shared but the code and the process", "nothing shared but codes and processes"),
    "undescribed": ("a fault without an article may look like this", "faults without an article may look like these"),
    "harmless": ("harmless event of type", "harmless events of type"),
}
"""Kinds of fact, one and many. A kind that is not here is shown by its own name."""

READS = "debugger output, dumps, crash reports, Dr. Watson logs, event logs, STOP screens and fault messages"

MAX_SEE = 10
"""Articles that a finding points to; a list of corrected faults names a hundred others."""

MAX_KINDS = 4
FAINT = 0.3
"""Below it nothing is called possible; searches list such findings all the same."""

TRACE = 0.015
"""Below it a finding takes a line and says nothing; programs get it all the same."""

TEXT_KINDS = frozenset({"word", "pair", "number", "prose", "meant"})


def count(number: int, one: str, many: str = "") -> str:
    """`1 incident`, `2 incidents`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def lines(span: Lines | None) -> str:
    """`line 3`, `lines 3-9`, nothing where the source has no lines."""
    if span is None or span == (0, 0):
        return ""
    first, last = span
    return f"line {first}" if first == last else f"lines {first}-{last}"


def fact(key: str) -> str:
    """`module clusapi` of `module:clusapi`."""
    kind, colon, value = key.partition(":")
    if not colon:
        return key
    return f"{FACT_NAMES.get(kind, (kind, kind))[0]} {value.replace('_', ' ') if kind == 'pair' else value}"


def because(finding: Finding) -> str:
    """The kinds of fact that speak for a finding, weightiest first, with how many of them are there and where."""
    phrases = [
        _kind(kind, facts, sum(1 for key in finding.missing if key.partition(":")[0] == kind))
        for kind, facts in _by_kind(finding.because)
    ]
    shown = phrases[:MAX_KINDS]
    if len(phrases) > MAX_KINDS:
        shown.append("and more")
    held = finding.is_held_back  # which stands in a row of its own
    against = [fact(item.fact) for item in finding.against if not (held and item.kind == UNDESCRIBED)][:3]
    contra = f"against it {', '.join(against)}" if against else f"nothing {'else ' if held else ''}against it"
    return f"{', '.join(shown) or 'no single fact'}; {contra}"


def _by_kind(facts: Sequence[Because]) -> list[tuple[str, list[Because]]]:
    """Facts by kind: first the kinds that name something, then those that are only text, weightier before lighter."""
    told = _told(item.fact for item in facts)
    kinds: dict[str, list[Because]] = {}
    for item in facts:
        if item.fact not in told:
            kinds.setdefault(item.kind, []).append(item)
    return sorted(
        kinds.items(), key=lambda entry: (entry[0] in TEXT_KINDS, -sum(item.weight for item in entry[1]), entry[0])
    )


def _told(facts: Iterable[str]) -> set[str]:
    """Facts that only repeat another: the number of an exception as the text has it, source and id of an event, the
    name of a function or module as a word.
    """
    told: set[str] = set()
    for key in facts:
        kind, _, value = key.partition(":")
        if kind in {"exception", "bugcheck"}:
            told.add(f"code:{value}")
        elif kind == "event":
            source, _, number = value.rpartition("/")
            told |= {f"source:{source}", f"event-id:{number}"}
        elif kind in {"function", "process", "faulting", "module"}:
            told.add(f"word:{value.rpartition('!')[2]}")
    return told


def _kind(kind: str, facts: Sequence[Because], missing: int) -> str:
    many = FACT_NAMES.get(kind, (kind, f"{kind}s"))[1]
    total = len(facts) + missing
    if total == 1:
        text = fact(facts[0].fact)
    elif missing:
        text = f"{len(facts)} of {total} {many}"
    else:
        text = f"{total} {many}"
    spans = [item.lines for item in facts if item.lines and item.lines != (0, 0)]
    where = lines((min(span[0] for span in spans), max(span[1] for span in spans))) if spans else ""
    return f"{text} ({where})" if where else text


def source_line(report: Report) -> str:
    """`a.log: debugger output, 1 incident`."""
    name = FORMAT_NAMES.get(report.source.format, report.source.format)
    return f"{name}, {count(len(report.incidents), 'incident')}"


def sureness(finding: Finding) -> str:
    """`likely, 0.89`; the number alone where a search lists what is fainter than its band's own floor."""
    return f"{finding.confidence:.2f}" if finding.confidence < FAINT else finding.stated


def incident_of(report: Report, finding: Finding) -> IncidentInfo | None:
    """The incident that a finding is about; a report from elsewhere may lack it."""
    return next((item for item in report.incidents if item.number == finding.incident), None)


def no_evidence(report: Report) -> str:
    """Why a report holds no incident, in one line, and what to do about it."""
    if report.warnings:
        return f"no crash evidence found ({report.warnings[0].text})"
    if report.modules or report.system is not None:
        shown = count(len(report.modules), "module") if report.modules else "a system"
        return f"{shown}, but no crash; the output of `!analyze -v` would tell more"
    return f"no crash evidence found; triage reads {READS}"
