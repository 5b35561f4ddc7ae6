"""The forms in which texts tell of the machine. Named groups: name, version, build, revision, pack, arch, procs, up."""

import re

from triage.text.lazy import regex

LEAD = r"^[^\w(]{0,24}"
_PACK = r"(?:\s{0,4}[(,:]?\s{0,2}(?:Service\s{1,2}Pack|SP)\s{0,2}(?P<pack>\d{1,2})\)?)?"
_VERSION = r"(?P<version>\d{1,2}\.\d{1,2})"
_BUILD = r"(?P<build>\d{3,5})"
_REVISION = r"(?:\.(?P<revision>\d{1,6}))?"

PATTERNS = (
    # Windows 7 Kernel Version 7601 (Service Pack 1) MP (8 procs) Free x64
    # Kernel Version 1381 UP Free
    # Windows 10 Version 26200 (9445) MP (16 procs) Free x64
    regex(
        LEAD + rf"(?:(?P<name>Windows[^\n()]{{0,60}}?)\s{{1,2}})?(?:Kernel )?Version {_BUILD}"
        r"(?:(?:\.|\s\()(?P<revision>\d{1,6})\)?)?"
        r"(?:\s\(Service Pack (?P<pack>\d{1,2})[^()]{0,60}\))?"
        r"\s(?:(?P<up>UP)|MP(?: \((?P<procs>\d{1,4}) procs?\))?)\s(?:Free|Checked)"
        r"(?:\s(?P<arch>ARM 64-bit|[\w-]{2,8}))?"
    ),
    # Windows XP Version 2600 (Service Pack 3)
    regex(
        LEAD + rf"(?P<name>Windows[^\n()]{{0,60}}?)\s{{1,2}}(?:Kernel )?Version {_BUILD}{_REVISION}"
        r"\s\(Service Pack (?P<pack>\d{1,2})[^()]{0,60}\)"
    ),
    # Connected to Windows XP 2600 x86 compatible target, ptr64 FALSE
    regex(
        LEAD + rf"Connected to (?P<name>Windows [\w. ]{{1,40}}?) {_BUILD} (?P<arch>x86|x64|ia64|ARM ?64|ARM|Alpha)\b"
    ),
    regex(LEAD + rf"Built by: {_BUILD}{_REVISION}\b"),
    regex(LEAD + rf"OSBUILD:?\s{{1,8}}{_BUILD}\s{{0,4}}$"),
    regex(
        LEAD + r"(?:OS_VERSION|BUILDOSVER_STR|OS_BUILD_STRING|BUILD_VERSION_STRING):?\s{1,8}"
        rf"{_VERSION}\.{_BUILD}{_REVISION}\b"
    ),
    regex(
        LEAD + r"(?:BUILDOSVER_STR|OS_BUILD_STRING|BUILD_VERSION_STRING):?\s{1,8}"
        r"(?P<build>\d{4,5})\.(?P<revision>\d{1,6})\."
    ),
    # Event 6009: Microsoft (R) Windows NT (R) 4.0 1381 Service Pack 4 Uniprocessor Free
    regex(
        r"Microsoft \(R\) (?P<name>Windows(?: NT| 2000)?)(?: \(R\))? "
        rf"{_VERSION}\.? {{1,2}}{_BUILD} ?{_PACK}",
        re.IGNORECASE,
    ),
    # Boot line: Microsoft (R) Windows NT (TM) Version 4.0 (Build 1381: Service Pack 3)
    regex(
        r"(?P<name>Windows[^\n()]{0,40}?)?\s?(?:\((?:TM|R)\)\s)?"
        rf"Version {_VERSION} \(Build {_BUILD}(?:\.\d{{1,6}})?[:,)]?\s{{0,2}}{_PACK}",
        re.IGNORECASE,
    ),
    # Microsoft Windows [Version 6.1.7601]    Windows 98 [Version 4.10.1998]
    regex(rf"(?P<name>Windows[^\n\[\]]{{0,40}}?)\.? \[Version {_VERSION}\.{_BUILD}{_REVISION}\s?[A-C]?\]"),
    # OS Version:  5.2.3790 Service Pack 2 Build 3790
    # OS Version:  6.1.7601.2.1.0.768.3
    # Operating system: Windows NT 5.1.2600 Service Pack 2
    regex(
        LEAD + r"(?:OS Version|OS|Operating System)\s{0,4}:\s{0,30}"
        r"(?:(?:Microsoft )?(?P<name>Windows[^\n\[\]:]{0,60}?)[, ]{1,4})?(?:v|Version |build )?"
        rf"{_VERSION}\.{_BUILD}{_REVISION}\b(?:[\d.]{{0,24}}(?: N/A)?)?{_PACK}",
        re.IGNORECASE,
    ),
    # Windows 10 10.0.10240 Build 10240
    regex(rf"(?P<name>Windows \d{{1,2}}) {_VERSION}\.{_BUILD}(?: N/A)? Build (?P=build)\b"),
    # Operating System: Windows XP Professional (5.1, Build 2600) Service Pack 2 (2600.xpsp_sp2…)        DxDiag
    # Windows XP (v5.1 build 2600 Service Pack 3)        programs in Delphi
    regex(
        r"\b(?P<name>Windows [\w. ]{1,60}?) \(v?"
        rf"{_VERSION},? Build {_BUILD}\b(?:\)? Service Pack (?P<pack>\d{{1,2}}))?",
        re.IGNORECASE,
    ),
    # operating system  : Windows 7 x64 Service Pack 1 build 7601
    regex(
        LEAD + r"(?:OS|Operating System)\s{0,4}:\s{0,30}(?:Microsoft )?"
        rf"(?P<name>Windows[^\n\[\]:]{{0,40}}?){_PACK},? build {_BUILD}\b",
        re.IGNORECASE,
    ),
    regex(LEAD + r"(?:OS Name|OSName|OSNAME|ProductName):?\s{1,20}(?:Microsoft\S{0,4} )?(?P<name>Windows[^\n]{1,60})$"),
    # Microsoft Windows XP Professional Service Pack 3 (build 2600)        Miranda NG
    regex(
        LEAD + r"Microsoft (?P<name>Windows [\w. ]{1,40}?)(?: Service Pack (?P<pack>\d{1,2}))? \(build "
        rf"{_BUILD}\)"
    ),
    # Microsoft Windows 2000 [v15.2195].        Save Dump's event; 15 stands for free builds
    regex(rf"\bMicrosoft (?P<name>Windows (?:NT|2000)) \[v\d{{1,2}}\.{_BUILD}\]"),
    # [WinVer] / Microsoft Windows NT 10.0.19045.0        .NET's Environment.OSVersion
    regex(rf"(?:^|[^\w\n])Microsoft (?P<name>Windows NT) {_VERSION}\.{_BUILD}(?:\.\d{{1,6}})?(?![\d.]){_PACK}"),
    # OS: Windows 10.0 (Build 26200)        the first Unreal Engines
    regex(LEAD + rf"OS: Windows {_VERSION} \(Build {_BUILD}\)"),
    # Windows 10.0.26100.8328        Dr. Mingw, alone in its row
    regex(rf"^\s{{0,24}}Windows {_VERSION}\.{_BUILD}{_REVISION}\s{{0,24}}$"),
    # Windows 95 4.00.950 B    Windows 98 4.10.2222 A
    regex(
        r"\b(?P<name>Windows (?:95|98|Me|Millennium))(?: SE| Second Edition)?,?\s\(?(?:version |build )?"
        r"(?P<version>4\.\d{1,2})\.(?P<build>\d{3,4})\b",
        re.IGNORECASE,
    ),
    regex(
        LEAD + r"(?:SERVICEPACK_NUMBER|CSDVersion|Service Pack):?\s{1,8}(?:Service Pack )?(?P<pack>\d{1,2})a?\s{0,4}$",
        re.IGNORECASE,
    ),
    # Dr. Watson's system block
    regex(
        LEAD + r"Windows Version:\s{1,8}(?:Microsoft )?(?P<name>Windows[ \w()]{0,40}?)?\s{0,2}"
        rf"{_VERSION}\b(?:(?:\.|,? build ){_BUILD})?{_PACK}",
        re.IGNORECASE,
    ),
    # Windows Server 2019 Version 1809 (OS Build 17763.1637)
    # Version 24H2 (Build 26100.3476)
    # Windows 10 (Version 22H2, OS Build 19045.6093, 64-bit Edition)        FL Studio
    regex(rf"(?:[(,] ?OS Build|\bVersion \d\d(?:\d\d|H[12]) \((?:OS )?Build) {_BUILD}{_REVISION}[),]", re.IGNORECASE),
    regex(LEAD + rf"(?:Current|OS) Build\s{{0,4}}:\s{{1,8}}{_BUILD}{_REVISION}\b", re.IGNORECASE),
    regex(LEAD + r"Number of Processors:\s{1,8}(?P<procs>\d{1,4})\s{0,4}$", re.IGNORECASE),
    regex(
        LEAD + r"(?:System )?Uptime:\s{1,8}(?:(?P<days>\d{1,5}) days? )?"
        r"(?P<hours>\d{1,2}):(?P<minutes>\d{2}):(?P<seconds>\d{2})"
    ),
)

PAIRS = (
    # !analyze of today puts the value on the row below its key.
    (
        regex(LEAD + r"Key\s{1,4}:\s{1,4}WER\.OS\.Version\s{0,4}$"),
        regex(LEAD + rf"Value:\s{{1,4}}{_VERSION}\.{_BUILD}{_REVISION}\s{{0,4}}$"),
    ),
    # minidump_stackwalk puts the version on the row below "Operating system: Windows NT".
    (
        regex(LEAD + r"Operating system: Windows NT\s{0,4}$"),
        regex(rf"^\s{{0,60}}{_VERSION}\.{_BUILD}{_REVISION}\s?{_PACK}"),
    ),
)
"""A key, and what the next row says."""

OSBUILD = regex(LEAD + r"OSBUILD\b")
PRODUCT = regex(LEAD + r"Product: (WinNt|LanManNt|ServerNt|Server)\b", re.IGNORECASE)
