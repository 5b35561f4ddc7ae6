"""The JSON form: `minidump-stackwalk --json`, and the processed crashes of Socorro that hold it as `json_dump`.

JSON that was cut off is read up to where it ends. It may stand in another text: a test's snapshot, an issue, a log.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from triage.model.evidence import Frame, Lines, Module
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_MODULES, MAX_REPORTS, number, program_of
from triage.text.stackwalk import TRUSTS, Walk, kept
from triage.text.stackwalk_pipes import walk_of

_KEYS = ('"crash_info"', '"json_dump"', '"OS|')
_TOKEN = regex(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_MAX_TRIES = 12
_MAX_DEPTH = 100
_MAX_LEVELS = 4
_MAX_TEXT = 4_000


def read_json(text: Text) -> tuple[Walk, ...]:
    """Every walk of the text in this form."""
    if not any(key in text.joined for key in _KEYS):
        return ()
    lines, starts = _unfolded(text)
    joined = "\n".join(lines)
    last_key = max(joined.rfind(key) for key in _KEYS)
    offsets = list(accumulate((len(line) + 1 for line in lines[:-1]), initial=0))
    walks: list[Walk] = []
    tries, at = 0, joined.find("{")
    while 0 <= at <= last_key and tries < _MAX_TRIES:
        # A document opens with a key; what else opens a brace (a program around it) does not.
        if joined[at + 1 : at + 200].lstrip()[:1] != '"':
            at = joined.find("{", at + 1)
            continue
        tries += 1
        value, end, whole = _decoded(joined, at)
        first, last = (text.numbers[starts[bisect_right(offsets, place) - 1]] for place in (at, max(at, end - 1)))
        found = [_walk(one, (first, last), whole=whole) for one in _documents(value)]
        walks += [walk for walk in found if walk is not None]
        at = joined.find("{", end if found else at + 1)
    return tuple(walks[:MAX_REPORTS])


def _unfolded(text: Text) -> tuple[list[str], list[int]]:
    """The lines, those that were cut into rows put together again, and the first row of each."""
    pieces: list[str] = []
    starts: list[int] = []
    last = None
    for index, row in enumerate(text.rows):
        if text.numbers[index] == last and pieces:
            pieces[-1] += row
        else:
            pieces.append(row)
            starts.append(index)
        last = text.numbers[index]
    return pieces, starts


def _decoded(joined: str, at: int) -> tuple[Any, int, bool]:
    """The value that begins at `at`, where it ends, and whether it is whole; (None, at, False) where there is none."""
    decoder = json.JSONDecoder(strict=False)
    try:
        value, end = decoder.raw_decode(joined, at)
    except RecursionError:
        return None, at, False
    except ValueError:
        repaired, end = _closed(joined, at)
        try:
            return decoder.decode(repaired), end, False
        except (ValueError, RecursionError):
            return None, at, False
    return value, end, True


def _closed(joined: str, at: int) -> tuple[str, int]:
    """What is there of a document that was cut off: up to its last whole value, with all brackets closed."""
    open_brackets = ""
    end, left = at, ""
    for token in _TOKEN.finditer(joined, at):
        sign = token[0]
        if sign in "{[":
            open_brackets += "}" if sign == "{" else "]"
            end, left = token.end(), open_brackets
        elif sign in "}]":
            open_brackets = open_brackets[:-1]
            end, left = token.end(), open_brackets
        elif sign == ",":
            end, left = token.start(), open_brackets
        if not open_brackets or len(open_brackets) > _MAX_DEPTH:
            break
    return joined[at:end] + left[::-1], end


def _documents(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The walks in a document: itself, its `json_dump`, or those of a list of crashes."""
    if isinstance(value, dict):
        if any(isinstance(value.get(key), dict) for key in ("crash_info", "json_dump")) or _is_piped(value.get("dump")):
            yield value
            return
        inner: list[Any] = list(value.values())
    elif isinstance(value, list):
        inner = value
    else:
        return
    if depth < _MAX_LEVELS:
        for one in inner[:MAX_REPORTS]:
            if isinstance(one, dict | list):
                yield from _documents(one, depth + 1)


def _is_piped(value: Any) -> bool:
    return isinstance(value, str) and "OS|" in value[:200]


def _walk(crash: dict[str, Any], lines: Lines, *, whole: bool) -> Walk | None:
    """The walk of one crash; `crash` is the walker's own document, or a processed crash that holds it."""
    if _is_piped(crash.get("dump")) and not isinstance(crash.get("json_dump"), dict):
        return walk_of((tuple(row.split("|")) for row in crash["dump"].split("\n")), lines)
    document = _dict(crash.get("json_dump")) or crash
    info, system = _dict(document.get("crash_info")), _dict(document.get("system_info"))
    modules = [module for one in _list(document.get("modules")) if (module := _module(one, lines)) is not None]
    gone = [
        module
        for one in _list(document.get("unloaded_modules"))
        if (module := _module(one, lines, gone=True)) is not None
    ]
    main = document.get("main_module")
    frames = _frames(document, info, lines)
    if not info and not frames and not modules:
        return None
    pid = document.get("pid")
    return Walk(
        lines=lines,
        reason=_text(info.get("type")) or _text(crash.get("reason")),
        address=number(_text(info.get("address")) or _text(crash.get("address"))),
        code_address=frames[0].address if frames else None,
        assertion=_text(info.get("assertion")),
        frames=kept(frames),
        modules=(*modules, *gone),
        process=_program(modules, main),
        pid=pid if isinstance(pid, int) and 0 <= pid < 1 << 32 else None,
        os=_text(system.get("os")) or _text(crash.get("os_name")),
        version=_text(system.get("os_ver")) or _text(crash.get("os_version")),
        cpu=_text(system.get("cpu_arch")) or _text(crash.get("cpu_arch")),
        processors=_count(system.get("cpu_count")),
        notes=() if whole else ("the JSON is cut off or damaged, read up to there",),
    )


def _program(modules: list[Module], main: Any) -> str | None:
    if isinstance(main, int) and 0 <= main < len(modules):
        return modules[main].name
    return program_of(module.name for module in modules)


def _frames(document: dict[str, Any], info: dict[str, Any], lines: Lines) -> list[Frame]:
    """The frames of the thread that crashed: its own entry has them, else its place in the list of threads."""
    thread = _dict(document.get("crashing_thread"))
    place = info.get("crashing_thread")
    threads = _list(document.get("threads"))
    if not thread.get("frames") and isinstance(place, int) and 0 <= place < len(threads):
        thread = _dict(threads[place])
    frames: list[Frame] = []
    for one in _list(thread.get("frames"))[:MAX_FRAMES]:
        if isinstance(one, dict):
            frames += _frame(one, lines)
    return frames


def _frame(one: dict[str, Any], lines: Lines) -> Iterator[Frame]:
    """A frame, and before it the functions that were inlined into it, innermost first."""
    module = _text(one.get("module"))
    for inner in _list(one.get("inlines"))[:MAX_FRAMES]:
        function = _text(_dict(inner).get("function"))
        if function:
            yield Frame(module=module, function=function, source=_source(inner), inline=True, lines=lines)
    function = _text(one.get("function"))
    offset = _text(one.get("function_offset") if function else one.get("module_offset"))
    yield Frame(
        module=module,
        function=function,
        offset=number(offset),
        digits=len(offset.removeprefix("0x")) if offset and not function else 0,
        address=number(_text(one.get("offset"))),
        source=_source(one),
        trust=TRUSTS.get(_text(one.get("trust")) or "", "printed"),
        lines=lines,
    )


def _source(one: dict[str, Any]) -> str | None:
    file, line = _text(one.get("file")), one.get("line")
    return None if file is None else f"{file}:{line}" if isinstance(line, int) else file


def _module(one: Any, lines: Lines, *, gone: bool = False) -> Module | None:
    name = _text(_dict(one).get("filename"))
    if name is None:
        return None
    return Module(
        name=name,
        base=number(_text(one.get("base_addr"))),
        end=number(_text(one.get("end_addr"))),
        version=_text(one.get("version")),
        pdb=_text(one.get("debug_file")),
        unloaded=gone,
        lines=lines,
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value[:MAX_MODULES] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value[:_MAX_TEXT] or None if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 < value < 1 << 16 else None
