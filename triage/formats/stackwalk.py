"""Stacks of minidumps that another program has walked: `minidump-stackwalk` as text, as fields, as JSON; Socorro and
Backtrace; and the streams of minidumps as `minidump_dump` prints them.
"""

from triage.model.evidence import Damage, ExceptionRecord, Incident, Message, Process
from triage.text.format import Reading
from triage.text.lines import Text
from triage.text.reports import holder
from triage.text.stackwalk import Walk, access_of_reason, code_of_reason, system_of
from triage.text.stackwalk_backtrace import read_backtrace
from triage.text.stackwalk_dump import read_dumps
from triage.text.stackwalk_json import read_json
from triage.text.stackwalk_pages import read_pages
from triage.text.stackwalk_pipes import read_pipes
from triage.text.stackwalk_text import read_walks

_ACCESS_VIOLATION, _IN_PAGE_ERROR = 0xC0000005, 0xC0000006


def read(text: Text) -> Reading:
    """One incident for each dump that was written for a crash, and the modules of all of them."""
    walks: list[Walk] = []
    for reader in (read_json, read_pipes, read_walks, read_dumps, read_backtrace, read_pages):
        found = reader(text)
        walks += found
        text = text.without(walk.lines for walk in found)
    walks.sort(key=lambda walk: walk.lines)
    warnings = [Damage(walk.lines, note) for walk in walks for note in walk.notes]
    warnings += [Damage(walk.lines, f"a process of {walk.os}, not of Windows") for walk in walks if not walk.on_windows]
    return Reading(
        incidents=tuple(_incident(walk) for walk in walks if walk.on_windows and _tells_of_crash(walk)),
        modules=tuple(module for walk in walks for module in walk.modules),
        system=next((system for walk in walks if (system := system_of(walk)) is not None), None),
        warnings=tuple(warnings),
        claimed=tuple(walk.lines for walk in walks),
    )


def _tells_of_crash(walk: Walk) -> bool:
    return walk.crashed or (walk.reason is None and bool(walk.frames))


def _incident(walk: Walk) -> Incident:
    code = code_of_reason(walk.reason)
    first = walk.frames[0] if walk.frames else None
    module = holder(walk.modules, walk.code_address)
    name = module.name if module is not None else first.module if first is not None else None
    offset = None
    if module is not None and module.base is not None and walk.code_address is not None:
        offset = walk.code_address - module.base
    elif first is not None and first.function is None:
        offset = first.offset
    of_data = code in {_ACCESS_VIOLATION, _IN_PAGE_ERROR}
    said = [walk.assertion] if walk.assertion else []
    if code is None and walk.reason:
        said.append(walk.reason)
    return Incident(
        kind="stack" if code is None else "exception",
        lines=walk.lines,
        process=Process(name=walk.process, pid=walk.pid) if walk.process else None,
        exception=None
        if code is None
        else ExceptionRecord(
            code=code,
            address=walk.code_address if of_data or walk.address is None else walk.address,
            access=access_of_reason(walk.reason),
            target=walk.address if of_data else None,
            lines=walk.lines,
        ),
        stack=walk.frames,
        faulting_module=name,
        faulting_offset=offset,
        faulting_function=first.function if first is not None and first.module == name else None,
        messages=tuple(Message(text, walk.lines) for text in said),
    )
