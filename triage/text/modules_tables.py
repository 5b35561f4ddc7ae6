"""Module lists of other tools: Dr. Watson, minidump_stackwalk, `!peb`, `!drivers`, programs' own handlers.

    (77f60000 - 77fbc000) dll\\ntdll.dbg                                        Dr. Watson, Windows NT
    (0000000077f50000 - 0000000077ff7000: C:\\WINDOWS\\System32\\ntdll.dll        Dr. Watson, Windows XP
    0x7ff644250000 - 0x7ff6489a9fff  editor.exe  0.36.3.0  (main)              minidump_stackwalk
    77f60000 41108004 Aug 04 07:56:36 2004 C:\\WINDOWS\\system32\\ntdll.dll       !peb
    80100000 d5cc0 (855 kb) 32a40 (202 kb) ntoskrnl.exe  Fri May 26 15:13:00 1995      !drivers, Windows NT
    C:\\Orchard\\leaf.dll, loaded at 0x03e00000 - 487424 bytes - 42723a4e - file date is 4/29/2005 05:44:48
                                                                                  B. Dawson's handler, in many games
    [00C90000] C:\\Orchard\\leaf.ocx                                               the dialog of Delphi's JCL
    <10000000> 5.4.0.19 - 5, 4, 0, 19            (where it wanted to be; the version is below, or that it has none)
    7FFAACAC0000  C:\\Orchard\\leaf.dll  Leaf file=v6.2.22000.653      handlers of some games; three rows are a table
    leaf.dll  C:\\Orchard\\leaf.dll  6.2.22621.4541        below its heading: the Dump Summary of Visual Studio; three
    C:\\Orchard\\leaf.dll  00007FFEB63E0000 - 00007FFEB65C0000 v.10.0.16299.64 [14 Dec 2017 2:33:09]          Miranda NG
    04930000 01229A8E C:\\Orchard\\leaf.dll           base and size: clients of Half-Life, what failed between arrows
    00007FFB50400000-00007FFB50506000 leaf.dll \t7.0.26100.8457                     Dr. Mingw; three rows are a table
    11:25:16.115      Base:00400000h  Size:  11000h  Name:leaf.dll  Path:C:\\Orchard\\leaf.dll          Diablo II
    C:\\Orchard\\leaf.dll Base Address: 0x7FFB7EF50000 Size: 0x36000                     YimMenu
    0x75B50000 - 0x75B75000 ==> leaf,    C:/Orchard/leaf.dll                           loggers of Fallout: New Vegas
    0x00000000c5a20000 0x00000000c5a43000 C:\\Orchard\\leaf.dll                        .NET Script Framework of Skyrim
    0x00007FFE04970000 10.0.19041.6456      leaf.dll  C:\\Orchard\\leaf.pdb           Blender, where most have a version
    00007FFA0A510000-00007FFA0A705000 C:\\Orchard\\leaf.dll       OBS Studio, a table of the same kind

Folklore: Dr. Watson of Windows NT names an image by the debug file it was linked with, in a folder named after the
image's ending: `dll\\ntdll.dbg` is ntdll.dll, `exe\\store.dbg` is store.exe; a bare `ntdll.dbg` keeps its stem only,
for nobody can tell the ending. Rows without a name are images without debug data.
"""

import re
from collections.abc import Iterator, Sequence

from triage.model.evidence import Module
from triage.text.folding import Likely
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_loads import address
from triage.text.modules_names import base_name

_ADDRESS = r"[0-9a-fA-F]{8}(?:[0-9a-fA-F]{8})?"
_SIZE = r"[ \t]{1,8}\([ \t]{0,8}\d{1,7}[ \t]?[kK][bB]\)[ \t]{1,8}"
_ROW = regex(
    r"^[ \t]{0,40}(?:"
    rf"\((?P<start>{_ADDRESS}) - (?P<end>{_ADDRESS})[):][ \t]*(?P<image>\S[^\n]{{0,400}})"
    r"|0x(?P<low>[0-9a-fA-F]{4,16}) - 0x(?P<high>[0-9a-fA-F]{4,16})[ \t]{2}(?P<file>\S[^\n]{0,400})"
    r"|(?P<base>[0-9a-fA-F]{5,16})[ \t](?P<stamp>[0-9a-fA-F]{1,8})[ \t]"
    r"[A-Z][a-z]{2}[ \t]{1,2}\d{1,2}[ \t]\d\d:\d\d:\d\d[ \t]\d{4}[ \t](?P<loaded>\S[^\n]{0,400})"
    rf"|(?P<driver>[0-9a-fA-F]{{8}})[ \t]{{1,8}}(?P<code>[0-9a-fA-F]{{1,8}}){_SIZE}"
    rf"(?P<data>[0-9a-fA-F]{{1,8}}){_SIZE}(?P<name>[\w.$~-]{{1,64}})[^\n]{{0,100}}"
    r"|(?P<held>[^\s,][^\n]{1,400}?), loaded at 0x(?P<at>[0-9a-fA-F]{8,16}) - (?P<bytes>\d{1,10}) bytes"
    r" - (?P<hex>[0-9a-fA-F]{8})\b[^\n]{0,100}"
    rf"|\[(?P<dialog>{_ADDRESS})\] (?P<own>[A-Za-z]:\\[^\n]{{1,400}}\.\w{{2,4}})"
    r")$"
)
_LIKELY = Likely(
    rb"[ \t]{0,40}(?:\(0{8}(?:0{8})? - 0|0x0{4,16} - 0x0|0{5,16}[ \t]0{1,8}[ \t][a-z0]{3}[ \t]"
    rb"|0{8}[ \t]{1,8}0{1,8}[ \t]{1,8}\([ \t]{0,8}0)",
    heads=rb"[ \t]|\(0{7}|0x0{4}|0{5}",
)
_LIKELY_OWN = (
    Likely(None, words=(", loaded at 0x",)),
    Likely(rb"[ \t]{0,40}\[0{8}(?:0{8})?\] [a-z0]:\\", heads=rb"[ \t]|\[0{7}"),
)
_BELOW_OWN = regex(
    rf"[ \t]{{0,20}}(?:<{_ADDRESS}>[ \t]{{1,4}})?"
    r"(?:(?P<version>\d{1,5}(?:\.\d{1,5}){2,3}) - |\(no module version info\))"
)
_SUMMARY = regex(r"[ \t]{0,20}Module Name[ \t]{1,60}Module Path[ \t]{1,200}Module Version[ \t]{0,20}", re.IGNORECASE)
_RULERS = regex(r"[ \t-]{1,400}")
_SUMMED = regex(
    r"[ \t]{0,20}(?P<name>[^\s\\/:][^\n\\/:]{0,100}?\.\w{2,4})[ \t]{1,60}(?P<path>[A-Za-z]:\\[^\n]{1,300}?\.\w{2,4})"
    r"(?:[ \t]{1,200}(?P<version>\d{1,5}(?:\.\d{1,6}){1,3}))?[ \t]{0,20}"
)
_PLACED = regex(
    r"[ \t]{0,20}(?:0x)?(?P<base>[0-9a-fA-F]{8,16})(?:-(?P<end>[0-9a-fA-F]{8,16}))?[ \t]{1,20}"
    r"(?P<path>[A-Za-z]:\\[^\n]{1,300}?\.(?:exe|dll|drv|ocx|asi|sys))"
    r"(?:[ \t]{1,40}(?P<words>[^\n]{1,300}))?",
    re.IGNORECASE,
)
_LIKELY_PLACED = Likely(rb"[ \t]{0,20}(?:0x)?0{8,16}(?:-0{8,16})?[ \t]{1,20}[a-z0]:\\", heads=rb"[ \t]|0{7}|0x0{4}")
_RANGED = regex(
    r"[ \t]{0,20}(?P<base>[0-9A-Fa-f]{8,16})-(?P<end>[0-9A-Fa-f]{8,16})[ \t]{1,8}(?P<name>[^\s\\/:][^\t\n\\/:]{0,100}?)"
    r"[ \t]{1,40}(?P<version>\d{1,5}(?:\.\d{1,6}){1,3})?[ \t]{0,8}"
)
_LIKELY_RANGED = Likely(rb"[ \t]{0,20}0{8,16}-0{8,16}[ \t]", heads=rb"[ \t]|0{7}")
_VERSIONED = regex(
    r"[ \t]{0,20}0x(?P<base>[0-9A-Fa-f]{8,16})[ \t](?P<version>\d{1,5}(?:\.\d{1,6}){1,3})?[ \t]{1,40}"
    r"(?P<name>[\w.+~$-]{1,100}\.\w{2,4})(?:[ \t]{1,8}(?P<pdb>[A-Za-z]:\\[^\n]{1,300}\.pdb)(?: \[\w{1,20}\])?)?["
    r" \t]{0,8}"
)
_NAMED = regex(
    r"[ \t]{0,20}(?P<name>[^\s\\/:][^\n\t\\/:]{0,100}?\.\w{2,4})[ \t]{1,8}(?P<path>[A-Za-z]:\\[^\n]{1,300}?\\"
    r"(?P=name))[ \t]{1,8}"
    r"(?P<version>\d{1,5}(?:\.\d{1,6}){3})[ \t]{0,20}",
    re.IGNORECASE,
)
_LIKELY_NAMED = Likely(rb"[^\s\\/:]\.[a-z0]{2,4}[ \t]{1,8}[a-z0]:\\", words=(":\\",))
_BETWEEN = regex(
    r"[ \t]{0,20}(?P<path>[A-Za-z]:\\[^\n]{1,300}?\.\w{2,4})[ \t]{1,8}(?P<base>[0-9A-Fa-f]{8,16}) - (?P<end>"
    r"[0-9A-Fa-f]{8,16})"
    r"(?: v\.(?P<version>\d{1,5}(?:\.\d{1,6}){1,3}))?(?: \[[^\[\]\n]{1,60}\])?[ \t]{0,8}"
)
_LIKELY_BETWEEN = Likely(rb"\.[a-z0]{2,4}[ \t]{1,8}0{8,16} - 0{8,16}", words=(":\\",))
_LIKELY_VERSIONED = Likely(rb"[ \t]{0,20}0x0{8,16}[ \t]", heads=rb"[ \t]|0x0{4}")
_VERSION = regex(r"\bv(\d{1,5}(?:\.\d{1,6}){1,3})\b")
_FEWEST = 3
_MOST_BELOW = 40
_WALKED = regex(r"(.{1,260}?)\s{2}(\S{1,64})(?:\s+\(.{0,80}\))?\s*")
_DEBUG_FILE = regex(r"(?:(?:.*[\\/])?(\w{2,4})[\\/])?([^\\/]{1,260})\.dbg", re.IGNORECASE)
_ENDINGS = frozenset({"acm", "cpl", "dll", "drv", "exe", "ocx", "scr", "sys", "tsp"})


def read_tables(text: Text) -> Iterator[Module]:
    """A module for each row that names one, in order."""
    rows, numbers = text.rows, text.numbers
    for index in text.likely(_LIKELY, *_LIKELY_OWN):
        found = _ROW.match(rows[index])
        if found is None:
            continue
        lines = (numbers[index], numbers[index])
        if found["image"]:
            name = _image_of_debug_file(found["image"].strip())
            path = found["image"].strip() if "\\" in found["image"] and not name else None
            name = name or base_name(found["image"].strip())
            yield Module(name=name, base=address(found["start"]), end=address(found["end"]), path=path, lines=lines)
        elif found["file"]:
            row = _WALKED.fullmatch(found["file"])
            if row is not None:
                version = None if row[2] == "???" else row[2]
                low, high = address(found["low"]), address(found["high"])
                yield Module(name=base_name(row[1]), base=low, end=high + 1, version=version, lines=lines)
        elif found["loaded"]:
            path = found["loaded"].strip()
            name, stamp = base_name(path), int(found["stamp"], 16) or None
            yield Module(name=name, base=address(found["base"]), path=path, timestamp=stamp, lines=lines)
        elif found["held"]:
            path, base = found["held"].strip(), address(found["at"])
            stamp, end = int(found["hex"], 16) or None, base + int(found["bytes"])
            yield Module(name=base_name(path), base=base, end=end, path=path, timestamp=stamp, lines=lines)
        elif found["own"]:
            below = _BELOW_OWN.match(rows[index + 1]) if index + 1 < len(rows) else None
            if below is not None:
                path, base, version = found["own"], address(found["dialog"]), below["version"]
                lines = (lines[0], numbers[_end_of_own(rows, index)])
                yield Module(name=base_name(path), base=base, path=path, version=version, lines=lines)
        else:
            base, size = address(found["driver"]), int(found["code"], 16) + int(found["data"], 16)
            yield Module(name=found["name"], base=base, end=base + size, lines=lines)
    listed = tuple(_summaries(text))
    yield from listed
    told = {module.lines for module in listed}
    yield from (module for module in _runs(text) if module.lines not in told)


_SIZED = regex(
    r"[ \t]{0,8}(?:=>)?[ \t]{0,4}(?P<base>[0-9A-Fa-f]{8,16}) (?P<size>[0-9A-Fa-f]{8,16}) (?P<path>[A-Za-z]:\\"
    r"[^\n<>]{1,300}?)"
    r"(?:[ \t]{1,4}<==[ \t]{1,4}[0-9A-Fa-f]{1,16})?[ \t]{0,4}"
)
_LIKELY_SIZED = Likely(rb"[ \t]{0,8}(?:=>)?[ \t]{0,4}0{8,16} 0{8,16} [a-z0]:\\", heads=rb"[ \t]|0{7}|=>")
_BASED = regex(
    r"[^\n]{0,40}?\bBase:[ \t]{0,8}(?P<base>[0-9A-Fa-f]{8,16})h[ \t]{1,8}Size:[ \t]{0,12}(?P<size>"
    r"[0-9A-Fa-f]{1,8})h[ \t]{1,8}"
    r"Name:(?P<name>[\w.+~$ -]{1,80}?)[ \t]{1,40}Path:(?P<path>[A-Za-z]:\\[^\n]{1,300}?)[ \t]{0,8}"
)
_LIKELY_BASED = Likely(None, words=("h  size:",))
_HELD_AT = regex(
    r"[ \t]{0,20}(?P<path>[A-Za-z]:[\\/][^\n]{1,300}?\.\w{2,4}) Base Address: 0x(?P<base>[0-9A-Fa-f]{4,16}) Size:"
    r" 0x(?P<size>[0-9A-Fa-f]{1,12})[ \t]{0,8}"
)
_LIKELY_HELD_AT = Likely(None, words=(" base address: 0x",))
_SPANNED = regex(
    r"[ \t]{0,20}0x(?P<base>[0-9A-Fa-f]{8,16})(?: - | )0x(?P<end>[0-9A-Fa-f]{8,16})(?: ==> [^\n,]{1,80},)?[ \t]{1,120}"
    r"(?P<path>[A-Za-z]:[\\/][^\n]{1,300}?\.\w{2,4})[ \t]{0,8}"
)
_LIKELY_SPANNED = Likely(rb"[ \t]{0,20}0x0{8,16}(?: - | )0x0{8,16} ", heads=rb"[ \t]|0x0{4}")
_RUNS = (
    (_LIKELY_HELD_AT, _HELD_AT),
    (_LIKELY_SPANNED, _SPANNED),
    (_LIKELY_BASED, _BASED),
    (_LIKELY_PLACED, _PLACED),
    (_LIKELY_RANGED, _RANGED),
    (_LIKELY_VERSIONED, _VERSIONED),
    (_LIKELY_NAMED, _NAMED),
    (_LIKELY_SIZED, _SIZED),
    (_LIKELY_BETWEEN, _BETWEEN),
)
"""Rows that say nothing alone: three that follow each other are a table."""


def _runs(text: Text) -> Iterator[Module]:
    """The modules of runs of rows that have an address and a path or a name, and a version or words behind them."""
    for likely, form in _RUNS:
        run: list[Module] = []
        last = -1
        for index in text.likely(likely):
            found = form.fullmatch(text.rows[index][:900])
            if found is None:
                continue
            if index != last + 1:
                yield from run if _is_table(run, form) else ()
                run = []
            run.append(_of_run(text.numbers[index], found.groupdict()))
            last = index
        yield from run if _is_table(run, form) else ()


def _is_table(run: Sequence[Module], form: re.Pattern[str]) -> bool:
    """Whether rows are a table of modules. An address and a name alone may be those of a stack."""
    versions = sum(one.version is not None for one in run)
    return len(run) >= _FEWEST and (form not in (_RANGED, _VERSIONED, _NAMED) or 2 * versions >= len(run))


def _of_run(line: int, said: dict[str, str | None]) -> Module:
    base, end, size = (None if (word := said.get(key)) is None else address(word) for key in ("base", "end", "size"))
    path, words = said.get("path"), _VERSION.search(said.get("words") or "")
    return Module(
        name=base_name(path) if path else (said["name"] or "").strip(),
        base=base,
        end=base + size if base is not None and size is not None else end,
        path=path,
        version=said.get("version") if words is None else words[1],
        pdb=said.get("pdb"),
        lines=(line, line),
    )


def _summaries(text: Text) -> Iterator[Module]:
    """The modules that Visual Studio lists when it opens a dump: rows of name, path and version, without addresses."""
    rows, numbers = text.rows, text.numbers
    for heading in text.holding(("module path",)):
        if _SUMMARY.fullmatch(rows[heading][:400]) is None:
            continue
        for index in range(heading + 1, len(rows)):
            found = _SUMMED.fullmatch(rows[index][:900])
            if found is not None:
                lines = (numbers[index], numbers[index])
                yield Module(name=found["name"], path=found["path"], version=found["version"], lines=lines)
            elif index > heading + 1 or _RULERS.fullmatch(rows[index][:400]) is None:
                break


def _end_of_own(rows: Sequence[str], index: int) -> int:
    """The last of the rows that the dialog prints below a module: its version, its description, its units."""
    end = index + 1
    while end + 1 < len(rows) and end - index < _MOST_BELOW and rows[end + 1][:2] == "  ":
        end += 1
    return end


def _image_of_debug_file(name: str) -> str | None:
    """`dll\\ntdll.dbg` as ntdll.dll, `ntdll.dbg` as ntdll; None for what is no debug file."""
    found = _DEBUG_FILE.fullmatch(name)
    if found is None:
        return None
    ending = (found[1] or "").lower()
    return f"{found[2]}.{ending}" if ending in _ENDINGS else found[2]
