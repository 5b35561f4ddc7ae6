"""Stops that people tell by their name in a sentence, as screens show it since Windows 8.

    BSOD: SYSTEM_SERVICE_EXCEPTION (orchard.sys)
    I got a blue screen, the error message saying: "SYSTEM THREAD EXCEPTION NOT HANDLED"
    The error code is "DPC_WATCHDOG_VIOLATION".

Folklore: the name stands behind the word for the screen, or behind `error code` and the like where it is one that is
often seen. People leave the underscores out, and write small. Who names several of them, or says `such as`, explains
what there is. Source: the names are those of the bug check code reference of the Windows driver documentation.
"""

import re
from collections.abc import Iterator

from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.stop_foreign import SCREENS

_MAX_ROW = 1_000
_MOST = 200
_FEW = 2
"""Names that one text tells, at most; more are a list of what there is."""

_KNOWN = (
    "ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY", "ATTEMPTED_WRITE_TO_READONLY_MEMORY", "APC_INDEX_MISMATCH",
    "BAD_POOL_CALLER", "BAD_POOL_HEADER", "BUGCODE_NDIS_DRIVER", "BUGCODE_USB_DRIVER", "CLOCK_WATCHDOG_TIMEOUT",
    "CRITICAL_PROCESS_DIED", "CRITICAL_SERVICE_FAILED", "CRITICAL_STRUCTURE_CORRUPTION", "DPC_WATCHDOG_VIOLATION",
    "DRIVER_IRQL_NOT_LESS_OR_EQUAL", "DRIVER_OVERRAN_STACK_BUFFER", "DRIVER_PNP_WATCHDOG", "DRIVER_POWER_STATE_FAILURE",
    "DRIVER_VERIFIER_DETECTED_VIOLATION", "FAT_FILE_SYSTEM", "FLTMGR_FILE_SYSTEM", "INACCESSIBLE_BOOT_DEVICE",
    "INTERNAL_POWER_ERROR", "IRQL_GT_ZERO_AT_SYSTEM_SERVICE", "IRQL_NOT_LESS_OR_EQUAL", "KERNEL_DATA_INPAGE_ERROR",
    "KERNEL_MODE_EXCEPTION_NOT_HANDLED", "KERNEL_MODE_HEAP_CORRUPTION", "KERNEL_SECURITY_CHECK_FAILURE",
    "KERNEL_STACK_INPAGE_ERROR", "KMODE_EXCEPTION_NOT_HANDLED", "MACHINE_CHECK_EXCEPTION", "MEMORY_MANAGEMENT",
    "MULTIPLE_IRP_COMPLETE_REQUESTS", "NO_MORE_IRP_STACK_LOCATIONS", "NTFS_FILE_SYSTEM", "PAGE_FAULT_IN_NONPAGED_AREA",
    "PFN_LIST_CORRUPT", "REFERENCE_BY_POINTER", "SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION", "SYSTEM_SERVICE_EXCEPTION",
    "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED", "THREAD_STUCK_IN_DEVICE_DRIVER", "UNEXPECTED_KERNEL_MODE_TRAP",
    "UNEXPECTED_STORE_EXCEPTION", "UNMOUNTABLE_BOOT_VOLUME", "VIDEO_DXGKRNL_FATAL_ERROR",
    "VIDEO_MEMORY_MANAGEMENT_INTERNAL", "VIDEO_SCHEDULER_INTERNAL_ERROR", "VIDEO_TDR_FAILURE", "WDF_VIOLATION",
    "WHEA_UNCORRECTABLE_ERROR",
)  # fmt: skip
_SCREENS = ("bsod", "blue screen", "bluescreen", "green screen", "bugcheck", "bug check", "stop error", *SCREENS)
NAMES = tuple(
    name.lower()
    for name in _KNOWN
    if "_" in name and name not in {"MEMORY_MANAGEMENT", "FAT_FILE_SYSTEM", "NTFS_FILE_SYSTEM", "REFERENCE_BY_POINTER"}
)
"""Names that nothing but a stop has, in lower case."""

_ERRORS = ("error code", "error message", "error:", "the error", "crash")
_ANALYSED = ("bugcheck analysis", "arg1:", "bugcheck_str", "bugcheck_code", "bccode", "module_name", "bucket_id")
"""What tells the stop itself, and more of it."""

_EXPLAINS = r"(?!(?:such as|like|e\.g|for example|means|occurs|how to|fix)\b)"
_BETWEEN = rf"(?:{_EXPLAINS}[^\n!]){{0,80}}?"
_AS_PRINTED = "|".join(_KNOWN)
_SPACED = "|".join(name.replace("_", "[_ ]") for name in _KNOWN)
_END = r"(?![\w.]*\()(?!\w)"
_TOLD = regex(
    r"(?:\b(?:BSODs?|(?:blue|green) ?screens?(?: of death)?|bug ?checks?|stop errors?)\b(?!_)|"
    + "|".join(map(re.escape, SCREENS)) + ")" + _BETWEEN
    + rf"(?<![\w.\\/-])(?P<name>{_SPACED}){_END}",
    re.IGNORECASE,
)  # fmt: skip
_SAID = regex(
    r"\b(?i:error (?:code|message)|the error|error:|crash(?:es|ed|ing)?)\b"
    + _BETWEEN + rf"(?<![\w.\\/-])(?P<name>{_AS_PRINTED}){_END}"
)  # fmt: skip
_BEFORE = regex(
    rf"(?<![\w.\\/-])(?P<name>{_SPACED})(?:[_ -]|[\"'`*]{{1,2}} )"
    r"(?:BSOD|(?:blue|green) ?screen|bug ?check|stop error)s?(?![a-z(])"
    r"(?! has a (?:\w+ ){0,2}value)",
    re.IGNORECASE,
)
"""`it causes an IRQL_NOT_LESS_OR_EQUAL BSOD`: the name before the word for the screen."""

_NAME = regex(rf"(?<![\w.\\/-])(?:{_SPACED})(?!\w)", re.IGNORECASE)
_GUIDE = regex(
    r"\s{0,12}(?:#{1,6} |\d{1,2}[.)] )?(?:how to|fix|what is|what causes|understanding|guide)\b", re.IGNORECASE
)

_LINK = regex(r"^[\s>*-]{0,8}\[[^\[\]\n]{0,80}$")
"""What stands before the name where a list's item is a link to a page about it: `- [BSOD BAD_POOL_CALLER](…)`."""


_ASKED = regex(r"\b(?:do|did|have) you (?:get|got|see|seen|have|had)\b", re.IGNORECASE)
"""`Do you get a blue screen with PAGE_FAULT_IN_NONPAGED_AREA?`: who asks has none."""

_CRASHES = (
    "crash when",
    "crashes when",
    "crash on",
    "crashes on",
    "crashed",
    "crash while",
    "crash after",
    "system crash",
)
_ALONE = regex(rf"[\s>*_`\"'#-]{{0,12}}(?P<name>{_SPACED})[\s*_`\"'.!]{{0,8}}$", re.IGNORECASE)
_GOT = regex(
    r"\b(?:get(?:s|ting)?|got|gives?|gave|have|had|having|with|receiv(?:e|ed|ing)|saw|seeing|an?|constant|random)\b"
    rf" (?:\w{{1,12}} ){{0,3}}[\"'`*]{{0,2}}(?P<name>{_AS_PRINTED}){_END}"
)
"""`I constantly get DRIVER_POWER_STATE_FAILURE after standby`: no word for the screen, but the name as it prints it."""

_BELOW = 3


def told_names(text: Text) -> Iterator[tuple[int, re.Match[str]]]:
    """The rows in which a sentence tells a stop by its name, with the match whose group `name` is the name."""
    if text.holding(_ANALYSED):
        return
    found: list[tuple[int, re.Match[str]]] = []
    names: set[str] = set()
    screens = set(text.holding(_SCREENS)[:_MOST])
    printed = set(text.holding(NAMES)[:_MOST])
    crashes = text.holding(_CRASHES)[:_MOST]
    below = {at for screen in screens for at in range(screen + 1, min(screen + _BELOW + 1, len(text.rows)))}
    below |= {at for crash in crashes for at in range(max(0, crash - _BELOW), crash)}
    for index in sorted({*screens, *text.holding(_ERRORS)[:_MOST], *printed, *below}):
        row = text.rows[index][:_MAX_ROW]
        match = (_TOLD.search(row) or _BEFORE.search(row) if index in screens else None) or _SAID.search(row)
        if match is None and index in printed:
            match = _GOT.search(row)
        if match is None and index in below:
            match = _ALONE.match(row)
        if match is None or _GUIDE.match(row) or _LINK.search(row[: match.start("name")]) or _ASKED.search(row):
            continue
        names.update(_plain(one) for one in _NAME.findall(row))
        found.append((index, match))
    if len(names) <= _FEW:
        yield from found


def _plain(name: str) -> str:
    return name.upper().replace(" ", "_")
