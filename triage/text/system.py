"""The machine that a text tells of: product, version, build, service pack, processors, uptime.

Read from the banner and `vertarget` of debuggers, the keys of !analyze, Dr. Watson's system block, event 6009, boot
lines, `ver`, `systeminfo` and problem reports. What several places tell is joined; the first place wins.
"""

import re

from triage.model.evidence import NO_LINES, System
from triage.text.lines import Text
from triage.text.system_builds import build_of_version, product_of_build, version_of_build

_LEAD = r"^[^\w(]{0,24}"
_PACK = r"(?:\s{0,4}[(,:]?\s{0,2}(?:Service\s{1,2}Pack|SP)\s{0,2}(?P<pack>\d{1,2})\)?)?"

_PATTERNS = (
    # Windows 7 Kernel Version 7601 (Service Pack 1) MP (8 procs) Free x64    Kernel Version 1381 UP Free
    re.compile(
        _LEAD + r"(?:(?P<name>Windows[^\n()]{0,60}?)\s{1,2})?(?:Kernel )?Version (?P<build>\d{3,5})(?:\.(?P<revision>\d{1,6}))?"
        r"(?:\s\(Service Pack (?P<pack>\d{1,2})[^()]{0,60}\))?\s(?:(?P<up>UP)|MP(?: \((?P<procs>\d{1,4}) procs?\))?)\s(?:Free|Checked|Che)(?:\s(?P<arch>[\w-]{2,8}))?"
    ),
    # Connected to Windows XP 2600 x86 compatible target, ptr64 FALSE
    re.compile(_LEAD + r"Connected to (?P<name>Windows [\w. ]{1,40}?) (?P<build>\d{3,5}) (?P<arch>x86|x64|ia64|ARM64|ARM|Alpha)\b"),
    re.compile(_LEAD + r"Built by: (?P<build>\d{3,5})(?:\.(?P<revision>\d{1,6}))?\b"),
    re.compile(_LEAD + r"OSBUILD:?\s{1,8}(?P<build>\d{3,5})\s{0,4}$"),
    re.compile(_LEAD + r"(?:OS_VERSION|BUILDOSVER_STR|OS_BUILD_STRING|BUILD_VERSION_STRING):?\s{1,8}(?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{3,5})(?:\.(?P<revision>\d{1,6}))?\b"),
    re.compile(_LEAD + r"(?:BUILDOSVER_STR|OS_BUILD_STRING|BUILD_VERSION_STRING):?\s{1,8}(?P<build>\d{4,5})\.(?P<revision>\d{1,6})\."),
    # Microsoft (R) Windows NT (R) 4.0 1381 Service Pack 4    Microsoft (R) Windows 2000 (R) 5.0 2195 …    (event 6009)
    re.compile(
        r"Microsoft \(R\) (?P<name>Windows(?: NT| 2000)?)(?: \(R\))? (?P<version>\d{1,2}\.\d{1,2})\.? {1,2}(?P<build>\d{3,5}) ?" + _PACK,
        re.IGNORECASE,
    ),
    # Microsoft (R) Windows NT (TM) Version 4.0 (Build 1381: Service Pack 3)    Version 5.0 (Build 2195)
    re.compile(
        r"(?P<name>Windows[^\n()]{0,40}?)?\s?(?:\((?:TM|R)\)\s)?Version (?P<version>\d{1,2}\.\d{1,2}) \(Build (?P<build>\d{3,5})(?:\.\d{1,6})?[:,)]?\s{0,2}"
        + _PACK,
        re.IGNORECASE,
    ),
    # Microsoft Windows [Version 6.1.7601]    Windows 98 [Version 4.10.1998]    Windows 95. [Version 4.00.950]
    re.compile(r"(?P<name>Windows[^\n\[\]]{0,40}?)\.? \[Version (?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{3,5})(?:\.(?P<revision>\d{1,6}))?\s?[A-C]?\]"),
    # OS Version:  5.2.3790 Service Pack 2 Build 3790    OS Version: 6.1.7601.2.1.0.768.3    Operating system: Windows NT 5.1.2600 Service Pack 2
    re.compile(
        _LEAD + r"(?:OS Version|OS|Operating System)\s{0,4}:\s{0,12}(?:(?:Microsoft )?(?P<name>Windows[^\n\[\]:]{0,60}?)[, ]{1,4})?"
        r"(?:v|Version |build )?(?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{3,5})(?:\.(?P<revision>\d{1,6}))?\b(?:[\d.]{0,24}(?: N/A)?)?" + _PACK,
        re.IGNORECASE,
    ),
    # operating system  : Windows 7 x64 Service Pack 1 build 7601
    re.compile(_LEAD + r"(?:OS|Operating System)\s{0,4}:\s{0,12}(?:Microsoft )?(?P<name>Windows[^\n\[\]:]{0,40}?)" + _PACK + r",? build (?P<build>\d{3,5})\b", re.IGNORECASE),
    re.compile(_LEAD + r"(?:OS Name|OSName|OSNAME|ProductName):?\s{1,20}(?:Microsoft\S{0,4} )?(?P<name>Windows[^\n]{1,60})$"),
    # Windows 95 4.00.950 B    Windows 98 4.10.2222 A
    re.compile(r"\b(?P<name>Windows (?:95|98|Me|Millennium))(?: SE| Second Edition)?,?\s\(?(?:version |build )?(?P<version>4\.\d{1,2})\.(?P<build>\d{3,4})\b", re.IGNORECASE),
    re.compile(_LEAD + r"(?:SERVICEPACK_NUMBER|CSDVersion|Service Pack):?\s{1,8}(?:Service Pack )?(?P<pack>\d{1,2})(?:a)?\s{0,4}$", re.IGNORECASE),
    # Dr. Watson's system block
    re.compile(_LEAD + r"Windows Version:\s{1,8}(?:Microsoft )?(?P<name>Windows[ \w()]{0,40}?)?\s{0,2}(?P<version>\d{1,2}\.\d{1,2})\b(?:\.(?P<build>\d{3,5}))?" + _PACK, re.IGNORECASE),
    re.compile(_LEAD + r"Current Build:\s{1,8}(?P<build>\d{3,5})\b", re.IGNORECASE),
    re.compile(_LEAD + r"Number of Processors:\s{1,8}(?P<procs>\d{1,4})\s{0,4}$", re.IGNORECASE),
    re.compile(_LEAD + r"(?:System )?Uptime:\s{1,8}(?:(?P<days>\d{1,5}) days? )?(?P<hours>\d{1,2}):(?P<minutes>\d{2}):(?P<seconds>\d{2})"),
)  # fmt: skip
_VALUE_KEY = re.compile(_LEAD + r"Key\s{1,4}:\s{1,4}WER\.OS\.Version\s{0,4}$")
_VALUE = re.compile(
    _LEAD + r"Value:\s{1,4}(?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{3,5})(?:\.(?P<revision>\d{1,6}))?\s{0,4}$"
)
# minidump_stackwalk puts the version on the row below "Operating system: Windows NT"
_WALKER = re.compile(_LEAD + r"Operating system: Windows NT\s{0,4}$")
_WALKER_VERSION = re.compile(
    r"^\s{0,24}(?P<version>\d{1,2}\.\d{1,2})\.(?P<build>\d{3,5})(?:\.(?P<revision>\d{1,6}))?\s?" + _PACK
)
_PRODUCT = re.compile(_LEAD + r"Product: (WinNt|LanManNt|ServerNt|Server)\b", re.IGNORECASE)

_HINTS = ("version", "build", "built by", "windows", "os_", "osname", "os name", "service", "uptime", "processors", "product", "connected to", "operating", "os:", "os  ")  # fmt: skip
_OSBUILD = re.compile(_LEAD + r"OSBUILD\b")
_MOST = 400
"""After so many rows with anything, the text says nothing new of the machine."""


def read_system(text: Text) -> System | None:
    """What the text tells of the machine, or None where it tells nothing."""
    facts: dict[str, str] = {}
    server = False
    first = last = 0
    seen = 0
    for index, row in enumerate(text.rows):
        low = row[:200].lower()
        if not row or not any(hint in low for hint in _HINTS):
            continue
        found = _facts(text, index, row[:400])
        if hit := _PRODUCT.match(row[:200]):
            server = server or hit[1].lower() != "winnt"
        if not found:
            continue
        build = found.get("build")
        if build is not None and facts.get("build", build) != build:
            # !analyze prints the version of the kernel file as well; of the two its OSBUILD is the machine's.
            if _OSBUILD.match(row[:100]) is None:
                # Another build is another machine, or the debugger's own.
                continue
            facts["build"] = build
        new = {key: value for key, value in found.items() if value and key not in facts}
        if new:
            facts |= new
            first, last = first or text.numbers[index], text.numbers[index]
        seen += 1
        if seen >= _MOST:
            break
    return _system(facts, server=server, lines=(first, last)) if facts else None


def _facts(text: Text, index: int, row: str) -> dict[str, str]:
    for pattern in _PATTERNS:
        if hit := pattern.search(row):
            return {key: value for key, value in hit.groupdict().items() if value is not None}
    for head, below in ((_VALUE_KEY, _VALUE), (_WALKER, _WALKER_VERSION)):
        if head.match(row):
            following = next((later for later in text.rows[index + 1 : index + 3] if later), "")
            if hit := below.match(following[:200]):
                return {key: value for key, value in hit.groupdict().items() if value is not None}
    return {}


def _system(facts: dict[str, str], *, server: bool, lines: tuple[int, int]) -> System | None:
    build = int(facts["build"]) if "build" in facts else None
    version = facts.get("version")
    if version is not None:
        version = ".".join(str(int(part)) for part in version.split("."))
        # "5.02" of event 6009 is 5.2; "4.00" is 4.0; "4.10" and "4.90" stay.
        if version == "4.10" or facts["version"] in {"4.10", "4.90", "3.10", "3.11", "3.50", "3.51"}:
            version = facts["version"].removesuffix("0") if facts["version"] in {"3.50", "3.10"} else facts["version"]
    if build is None and version is not None:
        build = build_of_version(version)
    version = version_of_build(build) or version
    product = product_of_build(build, facts.get("name"), server=server, version=version)
    uptime = None
    if "hours" in facts:
        uptime = (int(facts.get("days", 0)) * 24 + int(facts["hours"])) * 3600
        uptime += int(facts["minutes"]) * 60 + int(facts["seconds"])
    return System(
        product=product,
        version=version,
        build=build,
        revision=int(facts["revision"]) if "revision" in facts else None,
        service_pack=int(facts["pack"]) if "pack" in facts else None,
        architecture=facts["arch"].lower() if "arch" in facts else None,
        processors=1 if "up" in facts else int(facts["procs"]) if "procs" in facts else None,
        uptime=uptime,
        lines=lines if lines[0] else NO_LINES,
    )
