"""The streams of a minidump as `minidump_dump` of Breakpad and `minidump-dump` of rust-minidump print them.

    MDException                                       rust-minidump: MINIDUMP_EXCEPTION
      thread_id                                  = 0xbf4
      exception_record.exception_code            = 0xc0000005
      exception_record.exception_address         = 0x40429e
      exception_record.exception_information[ 0] = 0x1
      exception_record.exception_information[ 1] = 0x45
    MDRawModule
      base_of_image                   = 0x400000
      size_of_image                   = 0x2d000
      (code_file)                     = "c:\\orchard\\orchard.exe"
    MDRawSystemInfo
      platform_id                                = 0x2 (windows)

Folklore: who posts such a dump posts one stream of it, so each is read for itself. Dumps of other systems have the
number of a signal for the code; where the platform is not told, small numbers are taken for such. No frames are
printed: the place is the address among the modules.
Source: breakpad, src/processor/minidump.cc, the Print methods.
"""

from msgspec import Struct

from triage.model.evidence import Module
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_MODULES, MAX_REPORTS, image, number, rows_with, span
from triage.text.stackwalk import Walk

_ROW = regex(r"[>\s]{0,12}(?P<key>[\w.()]{3,60}(?:\[ {0,2}\d{1,2}\])?)\s{1,60}= (?P<value>\S[^\n]{0,400}?)\s{0,8}")
_CODE, _RECORD = "exception_record.exception_code", "exception_record."
_BASE, _BUILD = "base_of_image", "build_number"
_LARGEST_SIGNAL = 0xFF
_ROWS = 24
"""Rows of one record, at most."""

_ACCESS_VIOLATION = 0xC0000005
_KINDS = {0: "_READ", 1: "_WRITE", 8: "_EXEC"}


class _System(Struct, frozen=True, kw_only=True):
    os: str | None = None
    version: str | None = None


def read_dumps(text: Text) -> tuple[Walk, ...]:
    """Every exception stream; the first has the modules that the text lists, all have its system."""
    starts = [at for at in rows_with(text, _CODE, most=MAX_REPORTS) if _key(text, at) == _CODE]
    if not starts:
        return ()
    modules = _modules(text)
    system = _system(text)
    walks: list[Walk] = []
    for start in starts:
        said = {key: value for key, value in _below(text, start).items() if key.startswith(_RECORD)}
        code = number(said[_CODE].split(" ")[0])
        if code is None or (code <= _LARGEST_SIGNAL and system.os is None):
            continue
        information = [number(said.get(f"{_RECORD}exception_information[ {place}]", "")) for place in (0, 1)]
        reason = f"0x{code:08x}"
        if code == _ACCESS_VIOLATION and information[0] in _KINDS:
            reason = f"EXCEPTION_ACCESS_VIOLATION{_KINDS[information[0] or 0]}"
        walks.append(
            Walk(
                lines=span(text, start, start + len(said) - 1),
                reason=reason,
                address=information[1] if code == _ACCESS_VIOLATION else None,
                code_address=number(said.get(f"{_RECORD}exception_address", "").split(" ")[0]),
                modules=modules if not walks else (),
                process=next((one.name for one in modules if one.name.lower().endswith(".exe")), None),
                os=system.os,
                version=system.version,
            )
        )
    return tuple(walks)


def _key(text: Text, index: int) -> str | None:
    found = _ROW.fullmatch(text.rows[index][:600])
    return None if found is None else found["key"]


def _below(text: Text, start: int) -> dict[str, str]:
    """Keys and values from a row on, up to the first row that is none."""
    said: dict[str, str] = {}
    for row in text.rows[start : start + _ROWS]:
        found = _ROW.fullmatch(row[:600])
        if found is None or found["key"] in said:
            break
        said[found["key"]] = found["value"].strip('"')
    return said


def _modules(text: Text) -> tuple[Module, ...]:
    modules: list[Module] = []
    for start in rows_with(text, _BASE, most=MAX_MODULES):
        if _key(text, start) != _BASE:
            continue
        said = _below(text, start)
        base, size = number(said[_BASE].split(" ")[0]), number(said.get("size_of_image", "").split(" ")[0])
        path = said.get("(code_file)", "")
        name = image(path)
        if name is not None and base is not None and size is not None:
            modules.append(
                Module(
                    name=name,
                    base=base,
                    end=base + size,
                    path=path if "\\" in path else None,
                    version=said.get("(version)") or None,
                    lines=span(text, start, start + len(said) - 1),
                )
            )
    return tuple(modules)


def _system(text: Text) -> _System:
    """`platform_id = 0x2 (windows)` and the numbers beside it."""
    for index in rows_with(text, _BUILD, most=4):
        near = range(max(0, index - _ROWS), min(len(text.rows), index + _ROWS))
        said = {
            found["key"]: found["value"] for at in near if (found := _ROW.fullmatch(text.rows[at][:600])) is not None
        }
        platform = said.get("platform_id", "").partition("(")[2].rstrip(")")
        parts = [number(said.get(key, "").split(" ")[0]) for key in ("major_version", "minor_version", _BUILD)]
        if not platform:
            continue
        version = None if None in parts else ".".join(str(part) for part in parts)
        pack = said.get("(csd_version)", "").strip('"')
        windows = platform.lower().startswith("win")
        return _System(
            os="Windows NT" if windows else platform,
            version=f"{version} {pack}".strip() if version is not None and windows else None,
        )
    return _System()
