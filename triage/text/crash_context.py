"""CrashContext.runtime-xml, which the crash reporter of Unreal Engine writes beside a minidump.

    <FGenericCrashContext>
    <RuntimeProperties>
    <CrashType>Crash</CrashType>
    <ErrorMessage>Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading address 0x0000000000000018</ErrorMessage>
    <ProcessId>4242</ProcessId>
    <ExecutableName>Orchard-Win64-Shipping</ExecutableName>
    <CallStack>
    Orchard_Win64_Shipping!UTree::Grow() [F:\\Orchard\\Tree.cpp:680]
    </CallStack>
    <PCallStack>
    Orchard-Win64-Shipping 0x00007ff7bf100000 + 2d83988
    </PCallStack>
    <Modules>
    C:\\Games\\Orchard-Win64-Shipping.exe
    </Modules>
    <Misc.OSVersionMajor>Windows 10 (22H2) [10.0.19045.2965]</Misc.OSVersionMajor>

Folklore: PCallStack has a row for each frame, module, base and offset; CallStack the same rows with names where symbols
were there. An ensure is reported in the same form, but the program goes on: it is no crash. Lines are joined or broken
as whatever copied the file liked.
Source: UnrealEngine, Runtime/Core/Private/GenericPlatform/GenericPlatformCrashContext.cpp.
"""

from collections.abc import Iterator
from html import unescape
from itertools import islice

from msgspec import Struct

from triage.model.evidence import Frame, Lines, Module, System
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_names import base_name
from triage.text.reports import MAX_FRAMES, MAX_MODULES, MAX_REPORTS
from triage.text.system_builds import product_of_build, version_of_build

_OPEN, _CLOSE = "<FGenericCrashContext", "</FGenericCrashContext>"
_AS_IT_IS = "<![CDATA["
_LONGEST = 4_000_000
_PLACE = regex(
    r"(?P<module>\S[^\n]{0,120}?)\s{1,4}0x(?P<base>[0-9a-fA-F]{8,16})\s{0,2}\+\s{0,2}(?P<offset>[0-9a-fA-F]{1,16})"
)
_NAMED = regex(r"[^!\n]{1,120}!(?P<function>[^\[\n]{1,1000}?)(?:\s{0,2}\[(?P<source>[^\]\n]{0,400})\])?\s{0,4}")
_VERSION = regex(r"\[?(?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{4,5})(?:\.(?P<revision>\d{1,6}))?\b")
_WIDEST = 16_384
_NO_NAMES = ("UnknownFunction", "__")


class Context(Struct, frozen=True, kw_only=True):
    """One crash context: what went wrong in the engine's words, and where."""

    lines: Lines
    kind: str
    message: str
    process: str | None = None
    pid: int | None = None
    stack: tuple[Frame, ...] = ()
    modules: tuple[Module, ...] = ()
    system: System | None = None
    cut_off: bool = False


def read_contexts(text: Text) -> Iterator[Context]:
    """Every crash context of the text, those of ensures left out."""
    joined = text.joined
    at = joined.find(_OPEN)
    for _ in range(MAX_REPORTS):
        if at < 0:
            return
        following = joined.find(_OPEN, at + 1)
        limit = min(len(joined) if following < 0 else following, at + _LONGEST)
        end = joined.find(_CLOSE, at, limit)
        context = _context(text, at, limit if end < 0 else end, cut_off=end < 0)
        if context is not None:
            yield context
        at = following


def _context(text: Text, start: int, end: int, *, cut_off: bool) -> Context | None:
    joined = text.joined
    kind = _element(joined, "CrashType", start, end)[0].strip()
    message = " ".join(_element(joined, "ErrorMessage", start, end)[0].split())
    if kind == "Ensure" or _element(joined, "IsEnsure", start, end)[0].strip() in {"true", "1"}:
        return None
    stack = _stack(text, start, end)
    if not message and not stack:
        return None
    name = _element(joined, "ExecutableName", start, end)[0].strip()
    pid = _element(joined, "ProcessId", start, end)[0].strip()
    return Context(
        lines=text.lines_of(start, max(start + 1, end)),
        kind=kind,
        message=message[:1_000],
        process=(name if "." in name else f"{name}.exe") if name else None,
        pid=int(pid) if pid.isdecimal() and len(pid) < 10 else None,
        stack=stack,
        modules=tuple(_modules(text, start, end)),
        system=_system(text, start, end),
        cut_off=cut_off,
    )


def _element(joined: str, tag: str, start: int, end: int) -> tuple[str, int]:
    """The text of the first element of that name and where it begins; up to the end where it is not closed."""
    at = joined.find(f"<{tag}>", start, end)
    if at < 0:
        return "", start
    at += len(tag) + 2
    last = joined.find(f"</{tag}>", at, end)
    content = joined[at : end if last < 0 else last]
    before = len(content) - len(content.lstrip())
    if content.startswith(_AS_IT_IS, before):
        return content[before + len(_AS_IT_IS) :].partition("]]>")[0], at + before
    return unescape(content), at


def _rows(text: Text, tag: str, start: int, end: int) -> Iterator[tuple[str, Lines]]:
    """The rows of an element that are not empty, each with its line."""
    content, at = _element(text.joined, tag, start, end)
    line = text.row_of(at)
    for place, row in enumerate(content.split("\n")):
        if row.strip():
            number = text.numbers[min(line + place, len(text.numbers) - 1)]
            yield row.strip(), (number, number)


def _stack(text: Text, start: int, end: int) -> tuple[Frame, ...]:
    named = [_NAMED.fullmatch(row[:1600]) for row, _ in _rows(text, "CallStack", start, end)][:MAX_FRAMES]
    frames: list[Frame] = []
    places = (
        (place, lines)
        for row, lines in _rows(text, "PCallStack", start, end)
        for place in _PLACE.finditer(row[:_WIDEST])  # one, but where all rows were joined
    )
    for place, lines in islice(places, MAX_FRAMES):
        hit = named[len(frames)] if len(frames) < len(named) else None
        function = None if hit is None or hit["function"].startswith(_NO_NAMES) else hit["function"].strip()
        source = None if hit is None or function is None else hit["source"]
        offset = int(place["offset"], 16)
        frames.append(
            Frame(
                module=place["module"].strip(),
                function=function,
                # Behind a function's name the offset would be one of the function, which is not told.
                offset=offset if function is None else None,
                address=int(place["base"], 16) + offset,
                source=source or None,
                lines=lines,
            )
        )
    return tuple(frames)


def _modules(text: Text, start: int, end: int) -> Iterator[Module]:
    for count, (row, lines) in enumerate(_rows(text, "Modules", start, end)):
        if count < MAX_MODULES and "<" not in row:
            yield Module(name=base_name(row), path=row if "\\" in row else None, lines=lines)


def _system(text: Text, start: int, end: int) -> System | None:
    said, at = _element(text.joined, "Misc.OSVersionMajor", start, end)
    found = _VERSION.search(said[:200])
    if found is None:
        return None
    build = int(found["build"])
    return System(
        product=product_of_build(build, said[:40], server=False, version=found["version"]),
        version=version_of_build(build) or found["version"],
        build=build,
        revision=None if found["revision"] is None else int(found["revision"]),
        lines=text.lines_of(at, at + 1),
    )
