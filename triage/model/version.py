"""Four-part file versions ("5.0.2195.2779"): reading, ordering, and which versions may be compared at all.

Versions of different branches are not ordered in time: 5.1.2600.100 of Windows XP says nothing about a fix that
came to Windows 2000 as 5.0.2195.2779. Each service pack of Windows XP and Server 2003 opened a line of its own
(5.1.2600.1106, .2180, .5512), and a file of Vista's limited branch (revisions from 20000) is of another line than one
of its general branch.
"""

import re
from bisect import bisect_right
from functools import lru_cache

FileVersion = tuple[int, int, int, int]
Branch = tuple[int, ...]

_VERSION = re.compile(
    r"\s*v?(\d{1,6})([.,] ?\d{1,6})?([.,] ?\d{1,6})?([.,] ?\d{1,6})?(?![\d.,])", re.ASCII | re.IGNORECASE
)
_WINDOWS_BUILDS = frozenset(
    {(3, 10, 511), (3, 10, 528), (3, 50, 807), (3, 51, 1057), (4, 0, 1381), (5, 0, 2195), (5, 1, 2600), (5, 2, 3790)}
)
_LINES = {(5, 1, 2600): (1106, 2180, 5512), (5, 2, 3790): (1830, 3959)}
_LIMITED_FROM = 20000
_LONGEST = 80


def parse_version(text: str | None) -> FileVersion | None:
    """The version in `text`, missing parts as 0; None where there is none.

    Forms of the wild: "5.00.2195.2779", "5, 0, 2195, 1", "6.0.6001.18000 (longhorn_rtm.080118-1840)", "4.0".
    """
    return _parse(text[:_LONGEST]) if text else None


@lru_cache(maxsize=4096)
def _parse(text: str) -> FileVersion | None:
    match = _VERSION.match(text)
    if match is None or match[2] is None:
        return None
    major, *rest = match.groups()
    numbers = [int(major), *(int(part[1:]) if part else 0 for part in rest)]
    return (numbers[0], numbers[1], numbers[2], numbers[3])


def branch(version: FileVersion) -> Branch:
    """The line of development that a version belongs to; versions are ordered within one only."""
    major, minor, build, revision = version
    if (major, minor, build) in _WINDOWS_BUILDS:
        return (major, minor, build, bisect_right(_LINES.get((major, minor, build), ()), revision))
    if major in {6, 10} and build >= 6000:
        return (major, minor, build, int(revision >= _LIMITED_FROM and major == 6))
    return (major, minor)


def compare(found: FileVersion, fixed: FileVersion) -> int | None:
    """-1 where `found` is older than `fixed`, 0 or 1 where it is the same or newer, None where that cannot be told."""
    if branch(found) != branch(fixed):
        return None
    return (found > fixed) - (found < fixed)
