"""Problem signatures of Windows Error Reporting: Report.wer, its XML companions, and what its dialogs show.

    EventType=APPCRASH                      Report.wer (UTF-16, mostly without a byte order mark)
    Sig[3].Value=ntdll.dll
    DynamicSig[1].Value=6.1.7601.2.1.0.256.48
    <EventType>BEX64</EventType> <Parameter6>000000000007f6fe</Parameter6>       WERInternalMetadata.xml
    Problem Event Name: APPCRASH            the dialog's "View problem details", labels in any language
    AppName: ledger.exe  AppVer: 1.0.0.7  ModName: mso.dll  ModVer: 9.0.0.2717  Offset: 0001f2c4      Windows XP
    BCCode : 1000008e  BCP1 : C0000005  OSVer : 5_1_2600  SP : 2_0               Windows XP, after a stop

Folklore: what the parameters mean depends on the event's name alone, their labels are translated. In BEX and BEX64 the
offset comes before the code; in CLR20r3 the last is the .NET exception's type and the one before it an offset in IL,
which is no address. A module that is "unknown" is code outside of any image. The operating system's version is
major.minor.build.platform.service-pack.minor.suite.edition.
Sources: Microsoft Learn, "WER Settings", "WerReportSetParameter"; files of Windows XP to 11.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from triage.model.evidence import NO_LINES, Lines, Module, System
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_names import base_name
from triage.text.reports import MAX_MODULES, MAX_REPORTS, rows_with, span
from triage.text.system_builds import product_of_build, version_of_build

CRASHES = {
    "APPCRASH": {"process": 1, "module": 4, "code": 7, "offset": 8},
    "BEX": {"process": 1, "module": 4, "offset": 7, "code": 8},
    "BEX64": {"process": 1, "module": 4, "offset": 7, "code": 8},
    "MoAppCrash": {"module": 5, "code": 8, "offset": 9},
    "MoBEX": {"module": 5, "offset": 8, "code": 9},
    "CLR20r3": {"process": 1, "module": 4, "type": 9},
    "InPageError": {"process": 1, "code": 2},
    "InPageCoFire": {"process": 1},
    "AppHangB1": {"process": 1},
    "AppHangTransient": {"process": 1},
    "AppHangXProcB1": {"process": 1},
    "MoAppHang": {},
    "BlueScreen": {"stop": 1},
    "LiveKernelEvent": {"stop": 1},
    "crash": {"process": 1, "module": 3, "offset": 5},
}
"""Event name -> which parameter, counted from 1, says what. Other events (updates, setup) tell of no crash."""

NAMES = {name.lower(): name for name in CRASHES}

_KEY = regex(r"\s{0,8}([A-Za-z]{2,32}(?:\[(\d{1,5})\])?(?:\.[A-Za-z.]{1,40})?)\s{0,2}=\s{0,2}(.{0,2000})")
_OS_VERSION = regex(r"(\d{1,2}\.\d{1,2})\.(\d{3,5})(?:\.(\d{1,6}))?(?:\.(\d{1,2})\.\d{1,3}\.\d{1,6}(?:\.\d{1,3})?)?")
_DIALOG = regex(
    r"[\s>]{0,24}(?:[-*]\s)?(?:[^:\uff1a\n=<>]{2,60}\s?[:\uff1a]|Problem Event Name|EventType)\s{0,40}"
    r"([A-Za-z]{3,16}\d{0,2}[a-z]?\d?)\s{0,8}"
)
"""The label's colon is missing where the reliability monitor's table was copied, and where who posts it translates the
labels: `EventType clr20r3`, below it `P 01: ledger.exe`, `P 02: 1.0.0.7` and so on."""

_FIELD = regex(r"[\s>]{0,24}(?:[-*]\s)?([^:\uff1a\n=<>]{2,60}?)\s?[:\uff1a]\s{0,40}(\S.{0,300})?")
_ELEMENT = regex(r"<(EventType|Parameter\d{1,2}|Build|WindowsNTVersion|ImageName|Pid)>([^<]{1,400})<")
_ELEMENTS = ("<EventType>", "<Parameter", "<Build>", "<WindowsNTVersion>", "<ImageName>", "<Pid>")
_XP = regex(
    r"(?:sz)?(AppName|AppVer|ModName|ModVer|offset)\s{0,4}:\s{0,4}(\S.{0,120}?)"
    r"(?=\s{1,8}(?:sz)?(?:App|Mod|off)\w{3,4}\s{0,4}:|\s{0,8}$)",
    re.IGNORECASE,
)
# Behind the labels of the dialog stands a tab, which is up to eight blanks once it is expanded.
_STOP = regex(r"\b(BCCode|BCP[1-4]|OS ?Ver|SP|Product)\s{0,8}:\s{0,12}([0-9A-Fa-f_]{1,16})\b")
_PLAIN = regex(r"\b(EventType|P\d{1,2})\s{0,8}:\s{0,12}(\S.{0,120}?)(?=\s{1,12}P\d{1,2}\s{0,8}:|\s{0,8}$)")
_LABELS = regex(
    r"\b((?:Problem )?Event Name|Application (?:Name|Version|Timestamp)|Fault Module (?:Name|Version|Timestamp)"
    r"|Exception (?:Code|Offset|Data)|Problem Signature \d\d|Hang (?:Signature|Type)|OS Version|Locale ID"
    r"|Additional (?:Information|Hang Signature) \d)\s?:\s?"
)
_LABELLED = {
    "exception code": "code",
    "exception offset": "offset",
    "fault module name": "module",
    "fault module": "module",
}
_FEWEST_JOINED = 4
_NAMED = regex(r"[:\uff1a]\s{1,40}(?P<name>" + "|".join(sorted(CRASHES, key=len, reverse=True)) + r")(?=\s{2})")
_PARTED = regex(
    r"\s{2,40}[^\s:\uff1a][^:\uff1a\n]{1,60}[:\uff1a]\s{1,40}(?P<value>[^\s:](?:[^\n:]{0,120}?[^\s:])?)(?=\s{2}|\s{0,4}$)"
)
_SYSTEM = regex(r"\d{1,2}\.\d{1,2}\.\d{3,5}\.\d{1,2}\.\d{1,3}\.\d{1,6}(?:\.\d{1,6}){0,2}")
_NUMBERED = regex(r"P(\d{1,2})")
_MATCHING = regex(r"<MATCHING_FILE\b([^<>]{1,4000})", re.IGNORECASE)
_ATTRIBUTE = regex(r"\b(NAME|BIN_FILE_VERSION|FILE_VERSION|CHECKSUM)=\"([^\"]{1,200})\"")
_CODE = regex(r"(?:0x)?[c8e4][0-9a-f]{7}", re.IGNORECASE)
_HEX_ONLY = regex(r"[0-9a-f]{8,16}", re.IGNORECASE)

_FIRST_KEYS = frozenset({"EventType", "FriendlyEventName", "ReportIdentifier", "NsAppName", "OriginalFilename"})
_ARCHITECTURES = {"0": "x86", "5": "arm", "9": "x64", "12": "arm64"}
_NO_PACKS_FROM = 9_200
_ABOVE = 9
_LONGEST_LINES = 6
"""Rows of a signature of Windows XP, at most: a field on each."""
_PROGRAM_PATH = regex(r"[A-Za-z]:\\[^\n<>|*?\"]{1,250}\.exe", re.IGNORECASE)
_MOST_ROWS = 60
_FAR_STOP = 6
"""Rows between the system's version and the code of a stop; the heading "Additional information" is among them."""


class Signature(Struct, kw_only=True):
    """A problem signature while its rows are read: event name, parameters by number, and what stands beside them."""

    name: str | None = None
    parameters: dict[int, str] = {}
    fields: dict[str, str] = {}
    rows: tuple[int, int] = (0, 0)


class Problems(Struct, frozen=True, kw_only=True):
    """What a text holds of Windows Error Reporting."""

    signatures: tuple[Signature, ...] = ()
    modules: tuple[Module, ...] = ()
    system: System | None = None
    claimed: tuple[Lines, ...] = ()


def read_problems(text: Text) -> Problems:
    """Every signature of the text with the modules and the system beside it."""
    files, modules, system, claimed = _report_files(text)
    rest = text.without(claimed)
    signatures = [*files]
    if "<" in text.joined:
        found, said, listed = _xml(rest)
        signatures += found
        system = system or said
        modules += listed
        claimed += [span(text, *one.rows) for one in found] + [module.lines for module in listed]
    for signature in (*_dialogs(rest), *_lines(rest)):
        signatures.append(signature)
        claimed.append(span(text, *signature.rows))
        system = system or _system_of(text, signature)
    signatures.sort(key=lambda one: one.rows)
    del signatures[MAX_REPORTS:]
    return Problems(
        signatures=tuple(signatures), modules=tuple(modules[:MAX_MODULES]), system=system, claimed=tuple(claimed)
    )


def fitting_name(signature: Signature) -> str | None:
    """The event's name in our spelling; where it was lost, the one that the parameters' shapes speak for."""
    if signature.name is not None:
        return NAMES.get(signature.name.lower())
    seventh, eighth = signature.parameters.get(7, ""), signature.parameters.get(8, "")
    if _CODE.fullmatch(seventh) and _HEX_ONLY.fullmatch(eighth):
        return "APPCRASH"
    return "BEX" if _HEX_ONLY.fullmatch(seventh) and _CODE.fullmatch(eighth) else None


def system_of_version(version: str, lines: Lines = NO_LINES) -> System | None:
    """The system of "6.1.7601.2.1.0.256.48" or "10.0.19041.2.0.0.256.48"; None where it is no version."""
    found = _OS_VERSION.fullmatch(version.strip())
    if found is None:
        return None
    build = int(found[2])
    pack = int(found[4]) if found[4] is not None and build < _NO_PACKS_FROM else None
    return System(
        product=product_of_build(build, None, server=False, version=found[1]),
        version=version_of_build(build) or found[1],
        build=build,
        service_pack=pack,
        lines=lines,
    )


def _report_files(text: Text) -> tuple[list[Signature], list[Module], System | None, list[Lines]]:
    """Report.wer: key=value rows. A key that comes again begins another report."""
    reader = _ReportFiles(text)
    for index in rows_with(text, "="):
        found = _KEY.fullmatch(text.rows[index][:2100])
        if found is not None:
            reader.take(index, found[1], int(found[2] or -1), found[3].strip())
    claimed = [span(text, *one.rows) for one in reader.signatures]
    signatures = [one for one in reader.signatures if one.parameters or one.name]
    return signatures, reader.modules, _with_info(reader.system, reader.info), claimed


class _ReportFiles:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.signatures: list[Signature] = []
        self.modules: list[Module] = []
        self.system: System | None = None
        self.info: dict[str, str] = {}
        self._keys: dict[int, str] = {}
        self._open = False

    def take(self, index: int, key: str, number: int, value: str) -> None:
        """Take in one row; `number` is the one in the brackets of its key."""
        if self._open and index - self.signatures[-1].rows[1] > _MOST_ROWS:
            self._open = False
        if not self._open and not _opens(key):
            return
        if not self._open or (key in {"EventType", "Version"} and key in self.signatures[-1].fields):
            self.signatures.append(Signature(rows=(index, index)))
            self._open = True
        current = self.signatures[-1]
        current.rows = (current.rows[0], index)
        lines = span(self.text, index, index)
        name, _, end = key.partition("[")
        end = end.rpartition(".")[2]
        if name == "LoadedModule" and value and len(self.modules) < MAX_MODULES:
            self.modules.append(Module(name=base_name(value), path=value if "\\" in value else None, lines=lines))
        elif name == "Sig" and end == "Value":
            current.parameters[number + 1] = value
        elif name == "DynamicSig" and end == "Value":
            self.system = self.system or system_of_version(value, lines)
        elif name == "OsInfo":
            self._os_info(number, end, value)
        elif name not in {"State", "LoadedModule", "Sig", "DynamicSig"}:
            current.fields.setdefault(key, value)
            if key == "EventType":
                current.name = value

    def _os_info(self, number: int, end: str, value: str) -> None:
        """`OsInfo[2].Key=verbld` and below it `OsInfo[2].Value=19045`."""
        if end == "Key":
            self._keys[number] = value
        elif end == "Value":
            self.info[self._keys.get(number, "")] = value


def _opens(key: str) -> bool:
    """Whether a row with this key can be the first that is left of a report."""
    return key in _FIRST_KEYS or key.startswith(("Sig[", "DynamicSig[", "LoadedModule[", "OsInfo["))


def _with_info(system: System | None, info: dict[str, str]) -> System | None:
    """The system with what the OsInfo keys add: build and revision stand there where the signature is cut off."""
    build = info.get("verbld", "")
    if not build.isdecimal() or len(build) > 5:
        return system
    number = int(build)
    pack, revision = info.get("versp", ""), info.get("ubr", "")
    known = system or System()
    return System(
        product=product_of_build(number, None, server=info.get("prodsuite") == "272", version=known.version),
        version=version_of_build(number) or known.version,
        build=number,
        revision=int(revision) if revision.isdecimal() and len(revision) < 7 else None,
        service_pack=int(pack) if pack.isdecimal() and number < _NO_PACKS_FROM else known.service_pack,
        architecture=_ARCHITECTURES.get(info.get("arch", "")),
        lines=known.lines,
    )


def _xml(text: Text) -> tuple[list[Signature], System | None, list[Module]]:
    """WERInternalMetadata.xml, and the files of appcompat.txt, which is XML as well."""
    signatures: list[Signature] = []
    modules: list[Module] = []
    said: dict[str, str] = {}
    for index in rows_with(text, *_ELEMENTS):
        for found in _ELEMENT.finditer(text.rows[index][:8000]):
            key, value = found[1], found[2].strip()
            if key == "EventType":
                signatures.append(Signature(name=value, rows=(index, index)))
            elif key.startswith("Parameter") and signatures:
                # Parameters are counted from 0 here; those of the dynamic signature come later and start over.
                signatures[-1].parameters.setdefault(int(key[9:]) + 1, value)
                signatures[-1].rows = (signatures[-1].rows[0], index)
            else:
                said.setdefault(key, value)
    for index in rows_with(text, "<MATCHING_FILE ", most=MAX_MODULES):
        for found in _MATCHING.finditer(text.rows[index][:8000]):
            named = dict(_ATTRIBUTE.findall(found[1]))
            if "NAME" in named:
                version = named.get("BIN_FILE_VERSION") or named.get("FILE_VERSION")
                lines = (text.numbers[index], text.numbers[index])
                modules.append(Module(name=base_name(named["NAME"]), version=version, lines=lines))
    for signature in signatures:
        signature.fields |= {key: said[key] for key in ("ImageName", "Pid") if key in said}
    build = said.get("Build", "").split(".")[0]
    system = system_of_version(f"{said.get('WindowsNTVersion', '')}.{build}") if build else None
    return signatures, system, modules


def _dialogs(text: Text) -> Iterator[Signature]:
    """The rows of "View problem details": the event's name behind a label, then its parameters in their order."""
    done = -1
    for index in rows_with(text, *CRASHES, "clr20r3"):
        if index <= done:
            continue
        row = text.rows[index][:2_000]
        joined = _one_row(row, index) if "Event Name" in row else _one_row_of(row, index)
        if joined is not None:
            yield joined
            continue
        found = _DIALOG.fullmatch(text.rows[index][:200])
        if found is None or found[1].lower() not in NAMES or found[1] == "crash":
            continue
        parameters, fields, done = _details(text, index)
        parameters |= _labelled(text, index, done, NAMES[found[1].lower()])
        if (program := _program_above(text, index)) is not None:
            fields.setdefault("AppPath", program)
        if parameters or "BCCode" in fields:
            yield Signature(name=found[1], parameters=parameters, fields=fields, rows=(index, done))


def _program_above(text: Text, index: int) -> str | None:
    """The program's path that the reliability monitor shows above the signature, in a row with a label of its own.

    Description
    Faulting Application Path:  C:\\Program Files\\Ledger\\ledger.exe

    Problem signature
    Problem Event Name:  MoAppCrash
    """
    for row in text.rows[max(0, index - _ABOVE) : index]:
        found = _FIELD.fullmatch(row[:400])
        if found is not None and _PROGRAM_PATH.fullmatch((found[2] or "").strip()) is not None:
            return (found[2] or "").strip()
    return None


def _one_row(row: str, index: int) -> Signature | None:
    """A dialog all of whose rows were joined to one: the labels that the English dialog has tell them apart."""
    parts = _LABELS.split(row)
    told = list(zip(parts[1::2], parts[2::2], strict=False))
    name = next((value.strip() for label, value in told if label.endswith("Event Name")), "")
    values: list[str] = []
    fields: dict[str, str] = {}
    for label, value in told:
        if label == "OS Version":
            fields["os"] = value.strip()
            break
        if not label.endswith("Event Name"):
            values.append(value.strip())
    if name.lower() not in NAMES or len(values) < _FEWEST_JOINED:
        return None
    return Signature(name=name, parameters=dict(enumerate(values, start=1)), fields=fields, rows=(index, index))


def _one_row_of(row: str, index: int) -> Signature | None:
    """The same in any language, where two blanks or more (a tab of the dialog's copy) part one field from the next."""
    begun = _NAMED.search(row)
    if begun is None:
        return None
    values: list[str] = []
    fields: dict[str, str] = {}
    at = begun.end()
    while "os" not in fields and (found := _PARTED.match(row, at)) is not None:
        if _SYSTEM.fullmatch(found["value"]) is not None:
            fields["os"] = found["value"]
        else:
            values.append(found["value"])
        at = found.end()
    if len(values) < _FEWEST_JOINED:
        return None
    return Signature(
        name=begun["name"], parameters=dict(enumerate(values, start=1)), fields=fields, rows=(index, index)
    )


def _labelled(text: Text, index: int, last: int, name: str) -> dict[int, str]:
    """What English labels name, by its place in the event: who writes it down as a list leaves fields out.

    - Event name: MoAppCrash
    - Fault module: mso.dll
    - Exception code: c0000005
    """
    layout = CRASHES[name]
    told: dict[int, str] = {}
    for row in text.rows[index + 1 : last + 1]:
        found = _FIELD.fullmatch(row[:400])
        if found is None or not found[2]:
            continue
        label = found[1].strip(" *`").lower()
        field = next((field for word, field in _LABELLED.items() if label == word), None)
        if field in layout:
            told[layout[field]] = found[2].strip(" *`")
    return told


def _details(text: Text, index: int) -> tuple[dict[int, str], dict[str, str], int]:
    """What follows the row with the event's name: parameters up to the system's version, behind it those of a stop.

    In the dialog only their order tells which is which; the event of the same report numbers them (`P1: ledger.exe`),
    with rows about its answer and its cabinet before the first.
    """
    values: list[str] = []
    numbered: dict[int, str] = {}
    fields: dict[str, str] = {}
    last = index
    for at in range(index + 1, min(index + 40, len(text.rows))):
        row = _FIELD.fullmatch(text.rows[at][:400])
        if row is None:
            if text.rows[at].strip() and not values:
                break
            continue
        value = (row[2] or "").strip()
        stop = _STOP.fullmatch(text.rows[at].strip()[:60])
        version = _OS_VERSION.fullmatch(value)
        if stop is not None:
            fields[stop[1]] = stop[2]
        elif "os" in fields:
            if at - last > _FAR_STOP:
                break
            continue
        elif version is not None and version[4] is not None:
            fields["os"] = value
        elif (label := _NUMBERED.fullmatch(row[1].strip())) is not None:
            numbered[int(label[1])] = value
        elif numbered:
            break
        else:
            values.append(value)
        last = at
    return numbered or dict(enumerate(values, start=1)), fields, last


def _lines(text: Text) -> Iterator[Signature]:
    """Signatures on one or two lines, as Windows XP and Server 2003 show them."""
    done = -1
    for index in rows_with(text, "AppName", "BCCode", "EventType"):
        if index <= done:
            continue
        end = index + 1
        while end < min(index + _LONGEST_LINES, len(text.rows)) and text.rows[end].strip():
            end += 1
        rows = " ".join(row[:600] for row in text.rows[index:end])
        found: dict[str, str] = {}
        if "AppName" in rows:
            named = {key.lower(): value.strip() for key, value in _XP.findall(rows)}
            if "modname" in named and "offset" in named:
                found = {"P1": named.get("appname", ""), "P3": named["modname"], "P5": named["offset"]}
                yield _line("crash", found, (index, end - 1))
        elif "BCCode" in rows:
            found = {key.replace(" ", ""): value for key, value in _STOP.findall(rows)}
            if "BCCode" in found:
                yield _line("BlueScreen", found, (index, end - 1))
        else:
            found = {key: value.strip() for key, value in _PLAIN.findall(rows)}
            name = found.get("EventType", "").split(" ")[0]
            if name.lower() in NAMES and "P1" in found:
                yield _line(name, found, (index, end - 1))
        if found:
            done = end - 1


def _line(name: str, found: dict[str, str], rows: tuple[int, int]) -> Signature:
    parameters = {int(key[1:]): value for key, value in found.items() if key[0] == "P" and key[1:].isdecimal()}
    return Signature(name=name, parameters=parameters, fields=found, rows=rows)


def _system_of(text: Text, signature: Signature) -> System | None:
    lines = span(text, *signature.rows)
    if "os" in signature.fields:
        return system_of_version(signature.fields["os"], lines)
    version = signature.fields.get("OSVer", "").replace("_", ".")
    pack = signature.fields.get("SP", "").split("_")[0]
    return system_of_version(f"{version}.2.{pack}.0.0" if pack.isdecimal() else version, lines)
