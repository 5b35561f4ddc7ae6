r"""The form of Backtrace's servers, which people copy into their trackers.

    Classifier: invalid-read
    Crash info:
    \tApplication: quill.exe
    \tCrashed YES
    \treason: EXCEPTION_ACCESS_VIOLATION_READ
    \taddress: 0x11
    Sysinfo:
    \tarch: x86 GenuineIntel family 6 model 142 stepping 9
    \tos: Windows NT windows 10.0.17134
    Modules:
    \t0xe0000 - 0x109000\tquill.exe 4.1.0.77
    Threads:
    \tthread-0 tid=10216
    \t[0] C:\\quill\\quill.dll!Page::Draw() [c:\\quill\\page.cpp : 272 + 0x5]
    \t\tip=0x7704bf1c sp=0xdbbf6cc bp=0xdbbf884

Folklore: the first thread is the one that crashed. Whether the dump was one of Linux, the row "os" tells. Trackers cut
long reports into comments, so the threads may stand elsewhere.
"""

import re

from triage.model.evidence import Frame, Module
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_MODULES, MAX_REPORTS, image, number, span
from triage.text.stackwalk import Walk

_HEAD = regex(r"\s{0,8}Crash info:\s{0,8}")
_FACT = regex(r"\s{0,24}(?P<name>Application|reason|address|arch|cpu_count|os): (?P<value>[^\n]{1,300}?)\s{0,8}")
_PLAIN = regex(r"\s{0,24}(?:Crashed (?:YES|NO)|[A-Z][A-Za-z ]{2,24}:|thread-\d{1,5} tid=\d{1,10})\s{0,8}")
_THREAD = regex(r"\s{0,24}thread-\d{1,5} tid=\d{1,10}\s{0,8}")
_MODULE = regex(
    r"\s{0,24}0x(?P<base>[0-9a-f]{1,16}) - 0x(?P<end>[0-9a-f]{1,16})\s{1,8}(?P<name>\S[^\n]{0,200}?)"
    r"(?: (?P<version>\d{1,5}(?:\.\d{1,6}){1,3}))?\s{0,8}",
    re.IGNORECASE,
)
_FRAME = regex(
    r"\s{0,24}\[\d{1,4}\] (?P<path>[^\n!]{1,300})!(?P<function>\S[^\n\[]{0,1000}?)(?: \[(?P<file>[^\[\]\n]{1,300}?) :"
    r" (?P<line>\d{1,7})[^\]\n]{0,24}\]| \+ 0x(?P<in>[0-9a-f]{1,12}))?\s{0,8}",
    re.IGNORECASE,
)
_POINTERS = regex(r"\s{0,24}ip=0x(?P<ip>[0-9a-f]{1,16}) sp=0x[0-9a-f]{1,16}[^\n]{0,60}", re.IGNORECASE)
_OS = regex(r"(?P<os>[A-Za-z]+(?: NT)?)(?: windows)?(?: (?P<version>\d[^\n]{0,60}))?", re.IGNORECASE)


def read_backtrace(text: Text) -> tuple[Walk, ...]:
    """Every report of the text in this form, from its head to the last row that is one of the report's."""
    walks: list[Walk] = []
    last = -1
    for head in text.holding(("crash info:",)):
        if head > last and len(walks) < MAX_REPORTS and _HEAD.fullmatch(text.rows[head][:100]) is not None:
            walk, end = _walk(text, head)
            if walk is not None:
                walks.append(walk)
                last = end
    return tuple(walks)


def _walk(text: Text, head: int) -> tuple[Walk | None, int]:
    facts: dict[str, str] = {}
    modules: list[Module] = []
    frames: list[Frame] = []
    threads = 0
    last = head
    for index in range(head + 1, len(text.rows)):
        row = text.rows[index][:2_000]
        here = span(text, index, index)
        if (fact := _FACT.fullmatch(row)) is not None:
            facts.setdefault(fact["name"], fact["value"])
        elif (listed := _MODULE.fullmatch(row)) is not None:
            if len(modules) < MAX_MODULES:
                base, end = int(listed["base"], 16), int(listed["end"], 16)
                modules.append(Module(name=listed["name"], base=base, end=end, version=listed["version"], lines=here))
        elif (frame := _FRAME.fullmatch(row)) is not None:
            if threads <= 1 and len(frames) < MAX_FRAMES:
                source = None if frame["file"] is None else f"{frame['file']}:{frame['line']}"
                frames.append(
                    Frame(
                        module=image(frame["path"]),
                        function=frame["function"],
                        offset=number(frame["in"]),
                        source=source,
                        lines=here,
                    )
                )
        elif row.strip() and _PLAIN.fullmatch(row) is None and _POINTERS.fullmatch(row) is None:
            break
        else:
            threads += _THREAD.fullmatch(row) is not None
        if row.strip():
            last = index
    if "reason" not in facts:
        return None, last
    system = _OS.match(facts.get("os", ""))
    count = facts.get("cpu_count", "")
    return Walk(
        lines=span(text, head, last),
        reason=facts["reason"],
        address=number(facts.get("address")),
        frames=tuple(frames),
        modules=tuple(modules),
        process=image(facts.get("Application")),
        os=None if system is None else system["os"],
        version=None if system is None or system["version"] is None else system["version"].strip(),
        cpu=facts.get("arch", "").partition(" ")[0] or None,
        processors=int(count) if count.isdecimal() and len(count) < 5 else None,
    ), last
