"""Registry keys and values that an article's workaround or resolution names.

HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services
  \\Tcpip\\Parameters

Value Name: TcpWindowSize
Data Type:  REG_DWORD
"""

import re
from collections.abc import Sequence
from typing import Final

from triage.articles.article import Article

MAX_KEYS: Final = 12
MAX_KEY: Final = 250
_FULL_ROW: Final = 68
"""Columns from which on a row is full, so that a key's last name goes on in the next: `…\\MTA` `Database Path`."""

_KEY = re.compile(
    r"(?<!\w)(?P<hive>HKEY_[A-Z_]{4,20}|HKLM|HKCU|HKCR)"
    r"(?P<path>(?:\s{0,40}\\\s{0,2}(?:[^\\\n\"|*?<>;]|<(?!REG_)[^<>\\\n]{1,40}>){1,60}){0,16})"
    r"(?P<rest>\n[ \t]{1,40}[\w ]{2,40}$)?",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"^\s*(?:-\s*)?(?:value(?: ?name)?|name|entry(?: name)?)\s*:\s*\"?([\w$./()-]{2,60})\"?\s*$", re.IGNORECASE
)
_TYPE = re.compile(r"\bREG_(?:DWORD|SZ|BINARY|MULTI_SZ|EXPAND_SZ)\b")
_SUBTREE = re.compile(r"\b(HKEY_[A-Z_]{4,20})\s+(?:subtree|window|hive|tree|key)\b", re.IGNORECASE)
_PATH = re.compile(r"\\?(?:system|software|sam|security|control panel|environment)\\[^\n]{2}", re.IGNORECASE)
"""`From the HKEY_LOCAL_MACHINE subtree, go to the following key:` with `\\SYSTEM\\CurrentControlSet\\…` below it."""

_TYPED = re.compile(r"(?<!\s)\s{0,8}:?\s{0,8}\bREG_[A-Z_]{2,10}\b.*", re.DOTALL)
_NAMED = re.compile(
    r"\b(?:value|entry)(?: named| called)? \"?([A-Z]\w{2,40})\"?|\b([A-Z]\w{2,40}):? {0,2}REG_(?:DWORD|SZ|BINARY"
    r"|MULTI_SZ|EXPAND_SZ)\b"
)
_PROSE_TAIL = re.compile(
    r"(?<=[\w)])[.,:]?\s(?=(?:and|on|in|to|is|the|from|key|sub-?key|registry|or|for|where|with|then|under|was|by|if"
    r"|does)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_SECTIONS: Final = ("resolution", "workaround", "more", "status", "body")


def registry_of(article: Article) -> tuple[str, ...]:
    """Keys, each with the value that follows it where one is named: `HKEY_…\\Parameters: TcpWindowSize (REG_DWORD)`."""
    found: dict[str, None] = {}
    has_fix = any(section.name in {"resolution", "workaround"} for section in article.sections)
    for section in article.sections:
        if section.name not in _SECTIONS or (has_fix and section.name in {"more", "status"}):
            continue
        texts = ["\n".join(paragraph.rows) for paragraph in section.paragraphs]
        for index, paragraph in enumerate(texts):
            if "hk" not in paragraph.lower():
                continue
            text = _joined(paragraph, texts[index + 1 : index + 2])
            for match in _KEY.finditer(text):
                key = _clean(match)
                if key:
                    found[_with_value(key, text[match.end() :], texts[index + 1 : index + 7])] = None
    return tuple(found)[:MAX_KEYS]


def _joined(text: str, following: Sequence[str]) -> str:
    """The text with the key that the next paragraph names put behind the subtree that it names."""
    subtree = _SUBTREE.search(text)
    path = following[0].strip() if following else ""
    if subtree is None or not _PATH.match(path):
        return text
    return f"{text}\n{subtree[1]}\\{path.lstrip(chr(92))}"


def _clean(match: re.Match[str]) -> str:
    """The key on one line; wrapped rows are joined, and prose that goes on behind it is cut off."""
    parts = [" ".join(part.split()).removesuffix(" _") for part in match["path"].split("\\")]
    if len(parts) < 3:
        return ""
    if match["rest"] and match.end("path") - match.string.rfind("\n", 0, match.end("path")) > _FULL_ROW:
        parts[-1] += f" {match['rest'].strip()}"
    parts[-1] = _TYPED.sub("", parts[-1])
    parts[-1] = _PROSE_TAIL.sub("", parts[-1]).strip(" .,:;)(").rstrip("{ ")
    return "\\".join([match["hive"].upper(), *(part for part in parts if part)])[:MAX_KEY]


def _with_value(key: str, rest: str, following: Sequence[str]) -> str:
    for text in (rest, *following):
        if text is not rest and "hkey_" in text.lower():
            break
        for row in text.split("\n"):
            match = _VALUE.match(row)
            if match:
                kind = _TYPE.search("\n".join([rest, *following]))
                return f"{key}: {match[1]} ({kind.group()})" if kind else f"{key}: {match[1]}"
    for text in (rest, *following[:3]):
        named = _NAMED.search(text)
        if named and _TYPE.search(text):
            kind = _TYPE.search(text)
            return f"{key}: {named[1] or named[2]} ({kind.group() if kind else ''})"
    return key
