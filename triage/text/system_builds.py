"""Builds of Windows and what they are called; the names are those of rules/products."""

import re

from triage.text.lazy import regex

# By build: the version, what the workstation is called, what the server.
_BUILDS = {
    511: ("3.1", "Windows NT 3.1", "Windows NT 3.1"),
    528: ("3.1", "Windows NT 3.1", "Windows NT 3.1"),
    807: ("3.5", "Windows NT 3.5", "Windows NT 3.5"),
    1057: ("3.51", "Windows NT 3.51", "Windows NT 3.51"),
    1381: ("4.0", "Windows NT 4.0", "Windows NT 4.0"),
    2195: ("5.0", "Windows 2000", "Windows 2000"),
    2600: ("5.1", "Windows XP", "Windows XP"),
    3790: ("5.2", "Windows Server 2003", "Windows Server 2003"),
    6000: ("6.0", "Windows Vista", "Windows Vista"),
    6001: ("6.0", "Windows Vista", "Windows Server 2008"),
    6002: ("6.0", "Windows Vista", "Windows Server 2008"),
    6003: ("6.0", "Windows Server 2008", "Windows Server 2008"),
    7600: ("6.1", "Windows 7", "Windows Server 2008 R2"),
    7601: ("6.1", "Windows 7", "Windows Server 2008 R2"),
    9200: ("6.2", "Windows 8", "Windows Server 2012"),
    9600: ("6.3", "Windows 8.1", "Windows Server 2012 R2"),
    14393: ("10.0", "Windows 10", "Windows Server 2016"),
    17763: ("10.0", "Windows 10", "Windows Server 2019"),
    20348: ("10.0", "Windows Server 2022", "Windows Server 2022"),
    26100: ("10.0", "Windows 11", "Windows Server 2025"),
    # Windows 9x
    950: ("4.0", "Windows 95", "Windows 95"),
    1111: ("4.0", "Windows 95", "Windows 95"),
    1212: ("4.0", "Windows 95", "Windows 95"),
    1214: ("4.0", "Windows 95", "Windows 95"),
    1998: ("4.10", "Windows 98", "Windows 98"),
    2222: ("4.10", "Windows 98 Second Edition", "Windows 98 Second Edition"),
    3000: ("4.90", "Windows Millennium Edition", "Windows Millennium Edition"),
}
# A version that had one release only tells its build.
_BY_VERSION = {"3.5": 807, "3.51": 1057, "5.0": 2195, "5.1": 2600, "5.2": 3790}
_BY_VERSION_NAME = {"4.0": "Windows NT 4.0", "3.1": "Windows NT 3.1"}
_FIRST_WINDOWS_10, _FIRST_WINDOWS_11, _LAST = 10_000, 22_000, 99_999

_NAMES = (
    (regex(r"\bNT 4", re.IGNORECASE), "Windows NT 4.0"),
    (regex(r"\bNT 3\.51", re.IGNORECASE), "Windows NT 3.51"),
    (regex(r"\bNT 3\.5\b", re.IGNORECASE), "Windows NT 3.5"),
    (regex(r"\b2000\b"), "Windows 2000"),
    (regex(r"\bXP\b", re.IGNORECASE), "Windows XP"),
    (regex(r"\b2003\b|\b\.NET Server\b", re.IGNORECASE), "Windows Server 2003"),
    (regex(r"\b2008 R2\b", re.IGNORECASE), "Windows Server 2008 R2"),
    (regex(r"\b2012 R2\b", re.IGNORECASE), "Windows Server 2012 R2"),
    (regex(r"\b(2008|2012|2016|2019|2022|2025)\b"), "Windows Server {}"),
    (regex(r"\bVista\b", re.IGNORECASE), "Windows Vista"),
    (regex(r"\b98 (?:SE|Second)", re.IGNORECASE), "Windows 98 Second Edition"),
    (regex(r"\b(?:Me|Millennium)\b", re.IGNORECASE), "Windows Millennium Edition"),
    (regex(r"\b(95|98|7|8\.1|8|10|11)\b"), "Windows {}"),
)


def version_of_build(build: int | None) -> str | None:
    """The version number of a known build ("4.0" of 1381), or None."""
    if build is None:
        return None
    if build in _BUILDS:
        return _BUILDS[build][0]
    return "10.0" if _FIRST_WINDOWS_10 <= build <= _LAST else None


def build_of_version(version: str) -> int | None:
    """The build of a version that had only one ("5.0": 2195), or None."""
    return _BY_VERSION.get(version)


def product_of_build(build: int | None, name: str | None, *, server: bool, version: str | None) -> str | None:
    """What the product is called: by its build, else by the printed name, else by its version.

    Debuggers call 9600 "Windows 8" and 7601 "Windows 7" on servers as well, so the build goes first.
    """
    printed = _printed(name)
    if build in _BUILDS:
        _, workstation, of_server = _BUILDS[build]
        is_server = server or (printed is not None and "Server" in printed)
        return of_server if is_server else workstation
    if printed is not None:
        return printed
    if build is not None and _FIRST_WINDOWS_10 <= build <= _LAST:
        return "Windows 11" if build >= _FIRST_WINDOWS_11 else "Windows 10"
    return _BY_VERSION_NAME.get(version or "")


def _printed(name: str | None) -> str | None:
    if name is None:
        return None
    for pattern, product in _NAMES:
        if found := pattern.search(name):
            return product.format(*found.groups())
    return None
