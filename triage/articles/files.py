"""File tables of a fix, in whatever order their columns stand.

    Date      Time                  Size    File Name     Platform
    --------------------------------------------------------------
    11/17/98  02:23p               176,912  Dns.exe       (x86)

    | Winsli32.dll | 6/16/98 | 8:33AM |
    Dispatch.exe   7/10/98   5:39p    85,245 bytes (version 3.5.34)
    D:\\Exchsrvr\\Bin\\Admin.exe     2,439,440      10/21/99       5.5.1960.5

A row is read by the forms of its parts rather than by its columns: one file name, and a date or a version. Only rows
under words that speak of a fix count; the archive has many other lists of files.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from triage.articles.anycase import AnyCase
from triage.articles.article import Article
from triage.articles.dates import iso_date
from triage.model.rule import FixFile

MAX_FILES: Final = 40
MAX_ROW: Final = 200

_INTRO = AnyCase(
    r"\b(?:fix|fixes|hotfix|hot fix|patch|update|qfe|service pack|corrected|supported)\b.{0,160}\b(?:files?"
    r"|attributes|versions?)\b"
    r"|file attributes|attributes or later|(?:updated|newer|later|corrected|new|fixed) (?:versions? of|files?"
    r"|versions?)\b"
    r"|\bfiles? (?:is|are) (?:available|updated)|following files?\b.{0,60}(?:available|download|install|updated)"
    r"|file (?:information|details)|\btime ?stamps?\b"
    r"|\bfiles? (?:was|were|has been|have been) (?:modified|changed|replaced)"
    r"|\bobtain the (?:\w+ )?(?:fix|hot ?-?fix|patch)\b|\bdate +time +(?:version +)?size +file ?name\b",
    needs=("file", "attributes", "version", "time", "obtain the"),
)
_FAULTY = AnyCase(
    r"\b(?:affected|older|original|incorrect|problem|existing|earlier|shipped|damaged) (?:files?|versions?)\b",
    needs=("file", "version"),
)
_SECTIONS: Final = frozenset({"resolution", "status", "workaround", "more", "body", "summary"})
_REACH: Final = 5

_NAME = re.compile(r"(?:.{0,80}\\)?([\w$~-]{1,40}\.[a-z][a-z0-9_]{1,3})", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:[ap]m?)?", re.IGNORECASE)
_VERSION = re.compile(r"\d{1,4}(?:\.\d{1,5}){1,4}[a-z]?", re.IGNORECASE)
_DOTTED_SIZE = re.compile(r"\d{2,3}(?:\.\d{3}){1,2}")
"""`06/29/99  00:25  177.424 Dns.exe`: a size, where the row has no other."""

_INTEGER = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,9}")
_PLATFORMS: Final = {
    "x86": "x86", "intel": "x86", "i386": "x86", "i86": "x86", "ix86": "x86", "alpha": "Alpha", "axp": "Alpha",
    "mips": "MIPS", "ppc": "PowerPC", "powerpc": "PowerPC", "ia64": "IA-64", "nec98": "NEC98", "nec": "NEC98",
}  # fmt: skip
_KILOBYTES = re.compile(r"\d{1,6}k", re.IGNORECASE)
"""A size that is rounded: `03/02/98  08:06 PM   110K  Snmpelea.dll`."""

_IDLE: Final = frozenset(
    {
        "",
        "-",
        "|",
        "bytes",
        "byte",
        "version",
        "dated",
        "shp",
        "none",
        "n/a",
        "a.m.",
        "p.m.",
        "am",
        "pm",
        "a---",
        "----",
        "--r-",
    }
)
_TRIM: Final = "()|,;*"


def files_of(article: Article) -> tuple[FixFile, ...]:
    """The files of the fix, each once, in the article's order."""
    found: dict[FixFile, None] = {}
    for section in article.sections:
        if section.name not in _SECTIONS:
            continue
        armed = 0
        platform: str | None = None
        for paragraph in section.paragraphs:
            text = paragraph.text
            introduces = _INTRO.search(text) is not None
            if armed and not introduces and _FAULTY.search(text):
                armed = 0
            files = list(_rows(paragraph.rows, platform)) if armed or introduces else []
            found.update(dict.fromkeys(files))
            named = _PLATFORMS.get(text.strip(" :()").removesuffix(" files").removesuffix(" platform").lower())
            platform = named or (platform if files or paragraph.kind == "block" else None)
            armed = _REACH if files or introduces else max(0, armed - 1)
    return tuple(found)[:MAX_FILES]


def _rows(rows: Sequence[str], platform: str | None) -> Iterator[FixFile]:
    version_first = False
    for row in rows:
        lower = row.lower()
        if "version" in lower and ("file" in lower or "size" in lower):
            version_first = 0 <= lower.find("version") < lower.find("size")
        file = read_row(row[:MAX_ROW], version_first=version_first)
        if file is not None:
            yield file if file.platform else FixFile(file.name, file.version, file.date, file.size, platform)


def read_row(row: str, *, version_first: bool = False) -> FixFile | None:
    """A row of a file table; None for any other. `version_first`: of two plain numbers the first is the version.

    Windows NT tables give the build alone as a version: `02/25/00  19:19  7043  90,384  Drwtsn32.exe  Alpha`.
    """
    parts: dict[str, list[str]] = {"name": [], "version": [], "date": [], "size": [], "platform": []}
    for printed in row.split():
        word = printed.strip(_TRIM)
        if word.lower() in _IDLE or _TIME.fullmatch(word) or _KILOBYTES.fullmatch(word) or not word.strip("-="):
            continue
        kind, value = _classify(word)
        if kind:
            parts[kind].append(value)
        elif "\\" not in word:
            return None
    sizes = parts["size"]
    if parts["date"] and not sizes:
        sizes += [text.replace(".", "") for text in parts["version"] if _DOTTED_SIZE.fullmatch(text)]
        parts["version"] = [text for text in parts["version"] if not _DOTTED_SIZE.fullmatch(text)]
    telling = parts["date"] or parts["version"] or (len(sizes) == 1 and "," in sizes[0])
    if len(parts["name"]) != 1 or not telling:
        return None
    if not parts["version"] and version_first and len(sizes) == 2:
        parts["version"].append(sizes.pop(0))
    return FixFile(
        name=parts["name"][0].lower(),
        version=next(iter(parts["version"]), None),
        date=next(iter(parts["date"]), None),
        size=max((int(text.replace(",", "")) for text in sizes), default=None) if len(sizes) < 3 else None,
        platform=next(iter(reversed(parts["platform"])), None),
    )


def _classify(word: str) -> tuple[str, str]:
    """What a part of a row is, by its form, and its value; ("", "") for anything unknown."""
    if word.lower() in _PLATFORMS:
        return "platform", _PLATFORMS[word.lower()]
    if (day := iso_date(word)) is not None:
        return "date", day
    if _INTEGER.fullmatch(word):
        return "size", word
    if _VERSION.fullmatch(word):
        return "version", word
    match = _NAME.fullmatch(word)
    return ("name", match[1]) if match else ("", "")
