"""Whether a text is a list of what was changed in a program: a change log, release notes, a package's history.

    # Changelog                                                     orchard (1.8-2) unstable; urgency=medium
    ## 1.8.0 (2019-03-02)                                             * Fix a crash when the ledger is empty.
    - Fixed an access violation in leaf.exe                          -- A. Grower <grower@example.org>  Sat, 02 Mar …

    2009-03-12  A. Grower  <grower@example.org>                     Orchard v1.5.1.6 Release Notes
            leaf.c: correction r6090 was incorrect                   Changes in 1.5.1
                                                                      - it crashed where no leaf was

Folklore: it speaks of more crashes than any report, of which none has happened here, and its sentences are a person's.
Its title says what it is, or its headings do: versions, or a day with who made the change. Between them stand the items
of lists. A letter may quote one item and name a version, but has no row of them.
"""

import re
from collections.abc import Sequence

from triage.text.lazy import regex

_TITLE = regex(
    r"[\s#=*\"'/-]{0,12}(?:(?!(?:I|we|you|see|read|check|the|my|in|a|an|of|to|from|with|no|any)\b)[\w.+-]{1,30} ){0,4}"
    r"(?:change ?log|release ?notes|(?:version|revision|release) history|(?-i:NEWS)|what(?:'s| is) new)\b"
    r"(?![^\n]{0,60}[.?!]\s{0,4}$)[^\n]{0,60}$"
    r"|[\s#=*-]{0,12}(?:noteworthy |user[- ]visible |major |notable )?changes (?:in|since|from|between|for)"
    r" (?:[\w.+-]{1,30} ){0,3}v?\d{1,4}\.\d[^\n?]{0,40}$"
    r"|[^\n]{0,60}\bhistory of (?:user[- ]visible )?changes\b",
    re.IGNORECASE,
)
_VERSION = regex(
    r"[\s#=*\[<>(-]{0,12}(?:(?:[\w+-]{1,30},? ){0,2}(?:version|release)s? |v|[A-Za-z][\w+-]{1,30} )?"
    r"\d{1,4}\.\d{1,4}(?:\.\d{1,6}){0,3}(?:[a-z~+-][\w.~+-]{0,20})?"
    r"(?:[\s:)\]>=*#-]{0,12}$|\s{0,3}[(\[,\u2013-][^\n?!]{1,60}$"
    r"|\s(?=[^\n]{0,50}\b(?:(?:19|20)\d\d|released?|stable|unreleased)\b)[^\n?!]{1,60}$)",
    re.IGNORECASE,
)
"""`## 1.8.0 (2019-03-02)`, `Version 2.14 (stable)`, `Orchard 0.8, the 'Leaf' release`."""

_PACKAGE = regex(r"[a-z0-9][\w.+-]{1,60} \([\w.:~+-]{1,60}\) [\w ./-]{1,60}; urgency=\w{2,12}")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = (
    rf"(?:{_MONTH} {{1,2}}\d{{1,2}},? (?:\d\d:\d\d(?::\d\d)? )?(?:[A-Z]{{3,4}} )?\d{{4}}"
    rf"|\d{{1,2}}\.? {_MONTH}[, ]{{1,2}}\d{{4}}|\d{{4}}-\d\d-\d\d)"
)
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? {1,2}"
_DAY = regex(
    rf"\s{{0,2}}(?:(?:{_WEEKDAY})?{_DATE}"
    r"(?:,? v\d[\w.]{0,20}|\s[^\n<>]{1,60}<[^\n<>@ ]{1,60}(?:@| at )[^\n<>]{1,60}>)"
    rf"|{_WEEKDAY}{_DATE}\s{{1,4}}(?-i:[A-Z])[\w.-]{{0,30}}(?: (?-i:[A-Z])[\w.-]{{0,30}}){{0,3}})\s{{0,4}}$",
    re.IGNORECASE,
)
"""`2009-03-12  A. Grower <grower@example.org>`, `Tue Jun 12 2018 A. Grower`, `11 July 2011, v2.4`: heads of entries.
A day alone, or with words behind it, stands in diaries of crashes as well."""

_ITEM = regex(r"\s{0,12}(?:[*+\u2022o-]{1,2}|\d{1,3}[.)]|\[[\w ./,-]{1,40}\])\s{1,4}\S")

_LEAST_ITEMS = 3
_HEADINGS = 3
_MOST_ROWS = 60_000
_TITLE_ROWS = 6
_UNTOLD = 40
"""After so many rows without a heading nothing more is looked at."""


def is_change_log(rows: Sequence[str]) -> bool:
    """Whether a text tells what was changed in a program, version by version."""
    if not _LEAST_ITEMS < len(rows) <= _MOST_ROWS:
        return False
    if _PACKAGE.match(next((row[:200] for row in rows if row.strip()), "")) is not None:
        return True
    titled = versioned = False
    items = headings = seen = 0
    for row in rows:
        if not any(map(str.isalnum, row[:200])):
            continue  # blank, or a ruler
        seen += 1
        titled = titled or (seen <= _TITLE_ROWS and _TITLE.match(row[:160]) is not None)
        if seen > _UNTOLD and not titled and not headings:
            return False
        if _ITEM.match(row[:80]) is not None:
            items += 1
            # Who lists the versions of what he has installed has no items between them.
            headings += versioned
            versioned = False
        else:
            versioned = _VERSION.match(row[:160]) is not None or (versioned and row.rstrip().endswith(":"))
            headings += _DAY.match(row[:160]) is not None
        if items >= _LEAST_ITEMS and (titled or headings >= _HEADINGS):
            return True
    return False
