"""Rules as YAML, the same bytes for the same rule: keys in the order of the schema, codes in hexadecimal, short
collections on one line.

Written by hand rather than by a YAML library: a diff of a rule should show what changed in the facts, so order, quoting
and line breaks are fixed here. What it writes, `triage.knowledge.loader` reads back as the same rule.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from triage.model.rule import Rule

WIDTH: Final = 118

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./$+()\\-]*(?: [A-Za-z0-9_./$+()\\-]+)*")
_SPECIAL: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNPRINTABLE = re.compile("[\x7f-\x9f\xad\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_HEX_FIELDS: Final = frozenset({"code", "parameters"})
_ROOMY: Final = frozenset({"messages", "events", "stacks", "files", "applies_to"})
"""Lists of which each entry gets a line of its own."""


def rule_to_yaml(rule: Rule) -> str:
    """The YAML text of a rule, ending with a newline. Fields at their defaults are left out."""
    fields: dict[str, Any] = msgspec.to_builtins(rule)
    return "".join(f"{line}\n" for line in _mapping(fields, 0))


def _mapping(fields: Mapping[str, Any], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for key, value in fields.items():
        if isinstance(value, dict) and key in {"symptoms", "require", "exclude", "fix"}:
            if value:
                yield f"{pad}{key}:"
                yield from _mapping(value, depth + 1)
            else:
                yield f"{pad}{key}: {{}}"
        elif isinstance(value, (list, tuple)) and value and key in _ROOMY:
            yield f"{pad}{key}:"
            for item in value:
                yield from _entry(f"{pad}  - ", _inline(item, ""), item, pad)
        elif isinstance(value, (list, tuple)):
            yield from _list(f"{pad}{key}: ", [_inline(item, key) for item in value], pad)
        else:
            yield f"{pad}{key}: {_inline(value, key)}"


def _entry(start: str, text: str, item: Any, pad: str) -> Iterator[str]:
    """One entry of a roomy list; a list within it that is too long for a line is broken."""
    if isinstance(item, (list, tuple)) and len(start) + len(text) > WIDTH:
        yield from _list(start, [_inline(part, "") for part in item], f"{pad}    ")
    else:
        yield f"{start}{text}"


def _list(start: str, items: list[str], pad: str) -> Iterator[str]:
    """A flow list, on as many lines as it needs."""
    line = f"{start}["
    if len(line) + sum(len(item) + 2 for item in items) <= WIDTH:
        yield f"{line}{', '.join(items)}]"
        return
    yield line
    line = f"{pad}  "
    for item in items:
        if len(line) + len(item) + 1 > WIDTH and line.strip():
            yield line.rstrip()
            line = f"{pad}  "
        line += f"{item}, "
    yield f"{line.rstrip(' ,')}]"


def _inline(value: Any, key: str) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_inline(item, name)}" for name, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_inline(item, key) for item in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"0x{value:08x}" if key == "code" else f"0x{value:x}" if key in _HEX_FIELDS else str(value)
    return _text(str(value))


def _text(value: str) -> str:
    """A string, plain where YAML cannot take it for anything else, else in double quotes."""
    if (_PLAIN.fullmatch(value) and value.lower() not in _SPECIAL) or _is_date(value):
        return value
    return _UNPRINTABLE.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _is_date(value: str) -> bool:
    """Whether YAML reads the value as a date, which the loader turns back into the same text."""
    if not _DATE.fullmatch(value):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    return "\\uFFFD" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04X}"
