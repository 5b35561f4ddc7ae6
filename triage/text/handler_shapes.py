"""Calls in the reports of handlers that nobody knows, by what such rows have in common.

    [TrackBack] Function Leaf::grow at 0x7FFC1D0B4F00  [leaf.dll]           LiteLoader
    #3 leaf.dll+0x1a2b Leaf::grow                                           and whatever the next one prints

A row is a call where nothing is left of it but a module's file, an address or an offset in the module, one name, and
the words and signs that stand between these. Three such rows that follow each other, with at most two rows that are
none between them, are a stack where one of them has a name, or a heading above says that they are one. Lists of modules
have the same files and addresses, but no names, and sizes, ranges or versions beside them.
"""

import re
from collections.abc import Iterator

from triage.model.evidence import Frame
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_names import base_name
from triage.text.reports import MAX_FRAMES, number, span

_MODULE = regex(
    r"[\[(<\"']{0,2}(?P<module>(?:[A-Za-z]:\\[^\n\"<>|]{0,240}\\)?[\w$.+~-]{1,80}?\.(?:exe|dll|asi|pyd|ocx|drv|sys|node|cpl))"
    r"(?![\w.-])(?:<[^<>\n]{1,40}>)?(?:\s?\+\s?(?:0x)?(?P<offset>[0-9a-f]{1,12})h?\b)?[\])>\"']{0,2}",
    re.IGNORECASE,
)
_ADDRESS = regex(
    r"[\[(]?(?<![\w.])(?:0x(?P<address>[0-9a-f]{6,16})|(?P<bare>[0-9a-f]{8}(?:[0-9a-f]{8})?))h?(?!\w)[\])]?",
    re.IGNORECASE,
)
_INSIDE = regex(r"\s{0,2}\+\s{0,2}(?:0x)?(?P<in>[0-9a-f]{1,12})h?$", re.IGNORECASE)
_LEAD = regex(
    r"(?:[\s>|*-]{0,16}(?:\[[A-Za-z]{3,16}\]|#?\d{1,3}[.:)\]]?(?=\s)|\[\d{1,3}\]|(?:Frame|Trace)\s?#?\d{1,3}:?)\s?){0,2}"
)
_WORDS = frozenset(("function", "symbol", "name", "at", "in", "from", "module", "address", "offset", "addr", "of", ""))
_SIGNS = "[](){},;:|>=\"'\u2192!-"
"""Words and signs that stand between the pieces of a call."""

_NAME = regex(
    r"[A-Za-z_?~`<][^\s]{0,300}(?:(?<=[,<&*])\s?[^\s]{1,300}|\s(?:const|operator|\*|&|>|::)[^\n]{0,200}){0,12}"
)
_NO_NAME = regex(r"\?{1,16}|unknown|<unknown>|n/a|none|\(null\)", re.IGNORECASE)
_HEADING = regex(r"[^\n]{0,40}?\b(?:stack ?trace|call ?stack|back ?trace|stack)\b[^\n]{0,20}", re.IGNORECASE)
_NEAR = 4
_FEWEST = 3
_GAP = 2
_LONGEST = 700


def shaped_frames(body: Text) -> Iterator[Frame]:
    """The first run of rows that are calls by their shape."""
    run: list[Frame] = []
    first = last = -1
    for index, row in enumerate(body.rows):
        if "." not in row or len(row) > _LONGEST or (frame := _frame(body, index, row)) is None:
            if run and row.strip() and index - last > _GAP:
                if _is_stack(body, first, run):
                    break
                run = []
            continue
        first, last = index if not run else first, index
        run.append(frame)
        if len(run) >= MAX_FRAMES:
            break
    if _is_stack(body, first, run):
        yield from run


def _is_stack(body: Text, first: int, run: list[Frame]) -> bool:
    if len(run) < _FEWEST:
        return False
    headed = any(_HEADING.fullmatch(row[:80]) is not None for row in body.rows[max(0, first - _NEAR) : first])
    return headed or sum(frame.function is not None for frame in run) > 1


def _frame(body: Text, index: int, row: str) -> Frame | None:
    module = _MODULE.search(row)
    if module is None:
        return None
    rest = f"{row[: module.start()]} \n {row[module.end() :]}"
    places = list(_ADDRESS.finditer(rest))[:3]
    if len(places) > 1 or (not places and module["offset"] is None):
        return None
    if places:
        rest = f"{rest[: places[0].start()]} \n {rest[places[0].end() :]}"
    rest = rest[_end(_LEAD, rest) :]
    pieces = [piece for part in rest.split("\n") if (piece := _trimmed(part))]
    if len(pieces) > 1:
        return None
    name = pieces[0] if pieces else ""
    inside = _INSIDE.search(name)
    if inside is not None:
        name = name[: inside.start()]
    name = name.removesuffix("()").strip()
    if name and _NO_NAME.fullmatch(name) is None and _NAME.fullmatch(name) is None:
        return None
    function = name if name and _NO_NAME.fullmatch(name) is None else None
    offset = number(module["offset"]) if function is None else None if inside is None else int(inside["in"], 16)
    return Frame(
        module=base_name(module["module"]),
        function=function,
        offset=offset,
        address=number(places[0]["address"] or places[0]["bare"]) if places else None,
        lines=span(body, index, index),
    )


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return 0 if found is None else found.end()


def _trimmed(part: str) -> str:
    """What is left of a piece of the row without the words and signs around it."""
    words = part.split()
    while words and words[0].strip(_SIGNS).lower() in _WORDS:
        del words[0]
    while words and words[-1].strip(_SIGNS).lower() in _WORDS:
        del words[-1]
    return " ".join(words).lstrip("[({\"'|:,").rstrip(",;:|-[{\"'")
