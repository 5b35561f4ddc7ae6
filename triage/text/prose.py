"""Whether a row reads as words that a person wrote."""

import re
from collections.abc import Sequence
from itertools import islice, pairwise

from triage.text import prose_foreign
from triage.text.lazy import regex

_LETTERS = r"A-Za-z\u00c0-\u024f"
_WORD = regex(rf"(?<![\w!\\/.])[{_LETTERS}][{_LETTERS}']{{0,24}}(?![\w!\\/])")
_COMMON = frozenset(
    "a an and are as at be been but by can could did do does error for from had has have i if in is it its my not of"
    " on or our so that the then there this to was we were when which while will with you your after before".split()
)
# What debuggers and tools print in words, and the head of a web server's log.
_BOILERPLATE = regex(
    r"\W{0,16}(?:Copyright\b|Microsoft \(R\)|\(c\) Microsoft|Symbol search path|Executable search path"
    r"|Loading Dump File|Connected to Windows"
    r"|WARNING:|ERROR:|\*{3} |First chance exceptions are|This exception may be expected|All rights reserved"
    r"|Following frames may be|Stack unwind information|Debugger session|The following information is appropriate"
    r"|(?:Mini |User |Kernel |Full |Complete |Summary |Bitmap ){1,4}Dump File\b|Use ! ?analyze"
    r"|ProcDump v\d|ProcDump is now set as|Sysinternals - |Set to:"
    r"|Loading (?:Kernel Symbols|User Symbols|unloaded module list)|Debug session time|System Uptime"
    r"|PLEASE submit a bug report|Please (?:submit a bug report|include this when reporting)|Dumping the backtrace"
    r"|#(?:Software|Version|Date|Fields|Remark|Start-Date|End-Date):)",
    re.IGNORECASE,
)


_AFTER_LITERAL = frozenset(",+;)")
_PROGRAM = regex(
    r"\s{0,40}(?://|/\*|#\s{0,4}(?:define|include|ifn?def|elif)\b"
    r"|Write-(?:Host|Output|Warning|Verbose)\b|[\w.$\[\]]{1,60} ?(?::|\+)?= ?[\w.]{0,40}[(\"'\[{]"
    r"|[\"'{(\[][^\n]{0,1000}?(?:[\"']\s?[,+]|[\"']?\}\s?,)\s{0,8}$"
    r"|(?P<quote>[\"'])[^\"'\n]{0,1000} (?P=quote)\s{0,8}$)"
    r"|[^\n]{0,2000}?(?:[;{}\\]\s{0,8}$|%(?:[1-9]|hs|s|0?8?l?[xX])(?![\w%]))"
)
"""A row of a program's source: a comment, an assignment, what ends as no sentence does, a string of a table or one that
goes on in the next row, a message with places for what is put in (`The %1 service terminated`)."""


ARTICLE = ("symptoms", "applies to:")
"""Headings of the knowledge base, in lower case: an article tells what was seen, whatever it explains."""


def is_program(row: str) -> bool:
    """Whether a row is of a program or a table of messages rather than of a text; sentences stand in both."""
    return _PROGRAM.match(row[:2_000]) is not None


_LITERAL = regex(
    r"\s{0,80}(?:[A-Za-z_]\w{0,30}: )?[brufL@$]{0,2}"
    r"(?:\"[^\"\n]{1,2000}(?:\"\s?[,+;)]{1,3}|\\[n0]\")|'[^'\n]{1,2000}(?:'\s?[,+;)]{1,3}|\\0'))\s{0,8}$"
)


_HANDED = regex(
    r"(?:\s{0,40}[\w:.]{1,40} ?<< ?\"[^\n]{10,1500};"
    r"|[^\n\"']{0,400}?[\w>\])]\((?:[^\n\"']{0,200}?[\s,(])?[A-Za-z$@]{0,2}[\"'][^\n]{10,1500}\)\s?[;,])$"
)
"""`(new Box(_T("Undo"), "This operation caused a fault in module LEAF.EXE", _T("Oh")))->Show();`"""

_LISTED = regex(r"\s{0,80}\(\s?[brufL]{0,2}[\"'][^\n]{10,1500}\),?")
"""`("System", "Orchard", 7031, "The service terminated unexpectedly …", 0.6),`: an entry of a program's table."""

_FORMATTED = regex(
    r"\s{0,80}(?:[rb]?[fF]r?|\$@?)(?P<quote>[\"'])[^\n]{0,600}?\{[^\n{}]{1,80}\}[^\n]{0,600}(?P=quote)\s?[,;)]{0,4}$"
)
"""`f"The leaf at {self.offset:#x} caused a page fault"`: a string with places for what is put in, alone in its row."""
_OBJECT = regex(
    r"\s{0,80}\{\s?(?:[A-Za-z_]\w{0,30}: (?:\d{1,10}|true|false|null|\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'), ?){1,12}"
    r"[A-Za-z_]\w{0,30}: [\"'`][^\n]{1,1500}\},?$"
)
"""`{ id: 1000, level: 'Error', msg: 'Faulting application name: leaf.exe, …' },`: an entry of a script's list, whose
names have no quotes, as those of JSON have."""

_TAGGED = regex(
    r"\s{0,80}[brufL@$]{0,2}(?P<quote>[\"'])[^\n]{0,1500}?</?[a-z][a-z0-9]{0,9} ?/?>[^\n]{0,500}(?P=quote)$"
)
"""`"    *** STOP: 0x0000000A (…)<br><br>"`: a part of a page that a program puts together, row by row."""

_MARKUP = regex(
    r"<\?(?:php|=)|\bonclick=|\bclassName=|\bstyle=\{\{|\b(?:inner|outer)HTML\s?=|\.createElement\(|\{/\*|[\"']\s{0,20}</?(?:div|span|p|h[1-6]|body)\b"
)
_FILLED = regex(r"[A-Za-z ]{3,40}: \$[A-Za-z_{(]")
"""`Faulting module name: $Name, version: 1.0`: what a script puts together, to write it into a log."""

_MACRO = regex(r"\s{0,20}#\s{0,4}define\s{1,20}\w{1,60}\s{1,40}L?\"")
_CONDITION = regex(
    r"\s{0,80}(?:\}\s?)?(?:el(?:se )?)?(?:if|while|case|return|assert|when)\b[^\n\"']{0,200}?"
    r"[(=,\[]\s?[brfL@$]{0,2}[\"'][^\n]{1,1500}[\"'][^\"'\n]{0,200}[:{;)]$"
)
"""`elif ("Access violation - code c0000005" in row):`: what a program looks for."""

_SOURCE = regex(
    r"\s{0,80}(?:[\w.>\[\]:$@-]{1,80}\([^\n]{0,300}\)\s?[;{]$|[a-z_]\w{0,40}\.[a-z_]\w{0,40}\([^\n]{0,300}\)$"
    r"|(?:\}\s?)?(?:el(?:se )?)?(?:if|while|for|foreach|switch|catch|except)\b"
    r"[^\n]{0,300}?(?:[(=]| in )[^\n]{0,300}[:{;]$"
    r"|(?:def|class|public|private|protected|internal|static|void|int|bool|function|namespace|async|export)\b"
    r"[^\n]{0,200}?[({][^\n]{0,300}[(){}:;,]$"
    r"|(?:return|throw|const|let|var|using)\b[^\n]{1,400};$|return(?: \w{1,40})?$"
    r"|import [\w.]{1,60}(?: as \w{1,30})?;?$"
    r"|#\s{0,4}(?:include|define|ifn?def|endif|pragma)\b[^\n]{0,400}$"
    r"|[A-Za-z_][\w.]{0,60} (?:[+-]= [^=\n]{1,80}|= [^=\n]{1,300};)$"
    r"|[A-Za-z_]\w{0,60} = [\w.]{1,80}\([^\n)]{0,200}$"
    r"|[^\n]{1,300}\) => \{$|\}, ?\d{1,7}\);$|[)}\]]{1,4}\s?[;,)]{1,3}$|[^\n]{0,400}?<\?(?:php|=)[^\n]{0,400}$)"
)
"""A row that stands in the source of a program and nowhere else: a call that ends with a semicolon, a condition, the
head of a function or class, an assignment, a directive, what closes a call's function."""

_ENDS = frozenset("(){}:;,")
_BEGINS = ("#", "return", "import")
"""How rows of source end or begin: most rows of a log do neither, and need no pattern."""

_SOURCE_AROUND = 7
_SOURCES = 2
_CLOSE = 4
_BLOCK_ROWS = 14
_BLOCK = regex(
    r"\s{0,40}[$\w.]{1,40}\s?:?=\s?(?:@(?P<at>[\"'])\s{0,4}$|\s{0,4}$(?P<none>))"
    r"|[^\n]{0,200}?<<[-~]?\s?[\"']?(?P<word>[A-Z_]{2,20})[\"']?\s{0,4}$"
)
"""What begins a string of many rows: `$text = @"`, `Text =` with a bracket below, `cat <<EOF`. Those of Python hold
what its tests read, which is as good as a log."""

_IN_SOURCE = regex(
    r"\s{0,80}(?://|#(?!\d)|\*(?!\*{2})|--\s)"
    r"|[^\n]{0,600}?(?:[(=,\[+:]\s?[brfL@$]{0,2}[\"'`]|</?[a-z][a-z0-9]{0,9}[ />])"
)
"""A comment, a string that is handed on or assigned, or markup."""

_VALUE = regex(r"\s{0,80}[A-Za-z_]\w{0,30}: [\[{]?\s?[\"'`][^\n]{0,600}[,\]}]$")
"""`cause: "A driver damaged its memory.",`: a field of a script's data, whose name has no quotes."""

_SOURCE_ROWS = 3
_SOURCE_SHARE = 0.2
_FILE = regex(
    r"(?:#!|(?:#\s?)?(?:-\*-|coding\b|copyright\b|licen[sc]ed?\b|spdx)|//|/\*|\"{3}|'{3}|#include\b|import [\w.{]"
    r"|from [\w.]{1,80} import "
    r"|package [\w.]{1,80};?$|using [\w.]{1,80};|<\?php|namespace \w)",
    re.IGNORECASE,
)
_HEAD = regex(
    r"(?:import [\w.]{1,80}(?: as \w{1,40})?;?$|from [\w.]{1,80} import |(?:async )?def \w{1,60}\("
    r"|class \w{1,60}\s?[(:{]|#include [<\"]|using [\w.]{1,80};|(?:pub )?fn \w{1,60}[(<]"
    r"|func (?:\([^\n)]{1,60}\) )?\w{1,60}\(|package [\w.]{1,80};?$)"
)
"""What a file of source begins with, and rows at the left edge that stand in nothing else. Its comments and what it
says for its readers may be most of it."""

_MARKUP_AROUND = 6
_PIECE = regex(r"\s{2,40}[brufL@$]{0,2}(?P<quote>[\"'])\s")
_WHOLE = regex(r"\s{4,80}[brufL]{0,2}\"[^\n]{1,600}\"$")
_BESIDE = regex(r"\s{4,80}[brufL]{0,2}\"[^\n]{0,600}\\n\"$")
"""Strings that stand below each other, the upper with a line end written in it."""

_BACKTICKS = frozenset({"`;", "`,", "`)", "`);", "`),"})
"""The end of a string that a script's backtick began, rows above."""

_PIECES = 4
"""So many rows that begin with a string's quote and blanks in it are a page that a program puts together."""


_BLANK = regex(r"\b0x[xX]{4,16}\b")


def is_blank_form(row: str) -> bool:
    """Whether a row shows how a message looks, with a place for each number: `Access violation at 0xXXXXXXXX`."""
    return ("0xX" in row or "0xx" in row) and _BLANK.search(row[:2_000]) is not None


def is_literal(row: str) -> bool:
    """Whether a row is nothing but a string that a program's list or call goes on behind: what its tests read.

    A string that ends with a written line end goes on in the next row's. What a program hands to a function, or puts
    into its page, is said by nobody else either.
    """
    end = row.rstrip()
    if end[-1:] in {'"', "'"} and ">" in end and _TAGGED.match(end[:2_100]) is not None:
        return True
    if "{" in end and _FORMATTED.match(end[:1_400]) is not None:
        return True
    if end.lstrip()[:1] == "(" and _LISTED.fullmatch(end[:2_100]) is not None:
        return True
    if end.lstrip()[:1] == "{" and _OBJECT.fullmatch(end[:2_100]) is not None:
        return True
    if end.endswith((");", ") ;", '";', "),")) and _HANDED.match(end[:2_100]) is not None:
        return True
    if end.endswith('");') and end.count('"') == 1:  # the end of a string that began rows ago
        return True
    if _MACRO.match(row[:200]) is not None or _CONDITION.match(end[:2_100]) is not None:
        return True
    return (end[-1:] in _AFTER_LITERAL or end.endswith(('\\n"', '\\0"', "\\0'"))) and _LITERAL.match(
        row[:2_100]
    ) is not None


def in_page(rows: Sequence[str], index: int) -> bool:
    """Whether a row stands in the source of a page, whose markup is a program's: `<p className="mono">`."""
    around = rows[max(0, index - _MARKUP_AROUND) : index + _MARKUP_AROUND + 1]
    if sum(_PIECE.match(row) is not None for row in around) >= _PIECES:
        return True
    if _WHOLE.match(rows[index][:700].rstrip()) is not None and any(
        _BESIDE.match(row[:700].rstrip()) is not None for row in around[: _MARKUP_AROUND + 2]
    ):
        return True
    if any(row.strip() in _BACKTICKS for row in rows[index + 1 : index + _MARKUP_AROUND + 3]):
        return True
    if any(one.lstrip().startswith("</") and other.strip() in {");", ")"} for one, other in pairwise(around)):
        return True
    return any(_MARKUP.search(row[:1_000]) is not None for row in around)


def in_source(rows: Sequence[str], index: int) -> bool:
    """Whether a row is a comment, a string or markup in the midst of a program's source: an example of what it reads,
    or what it paints. Where the comment's mark was taken off, source stands close above and below.
    """
    if _in_string(rows, index):
        return True
    above = _source_around(rows[max(0, index - _SOURCE_AROUND) : index][::-1])
    below = _source_around(rows[index + 1 : index + _SOURCE_AROUND + 1])
    if len(above) + len(below) < _SOURCES:
        return False
    if _IN_SOURCE.match(rows[index][:700]) is not None:
        return True
    return min(above, default=_SOURCE_AROUND) <= _CLOSE and min(below, default=_SOURCE_AROUND) <= _CLOSE


def _in_string(rows: Sequence[str], index: int) -> bool:
    """Whether a string of many rows is open where the row stands."""
    for at in range(max(0, index - _BLOCK_ROWS), index):
        row = rows[at]
        found = _BLOCK.match(row[:300]) if "=" in row or "<<" in row else None
        if found is None:
            continue
        if found["none"] is not None:
            end = ")" if rows[at + 1].strip() == "(" else None
        else:
            end = f"{found['at']}@" if found["at"] else found["word"]
        within = rows[at + 1 : index]
        if end is not None and end not in row[found.end() :] and not any(one.strip().startswith(end) for one in within):
            return True
    return False


def _source_around(rows: Sequence[str]) -> list[int]:
    """How far away rows of source are, up to the next fence: what stands in another block is another text."""
    end = next((at for at, row in enumerate(rows) if row.lstrip().startswith(("```", "~~~"))), len(rows))
    return [at for at, row in enumerate(rows[:end], 1) if _is_source(row)]


def _is_source(row: str) -> bool:
    row = row[:700].rstrip()
    may = row[-1:] in _ENDS or "<?" in row or "= " in row or row.lstrip().startswith(_BEGINS)
    return may and _SOURCE.match(row) is not None


def is_source(rows: Sequence[str]) -> bool:
    """Whether a text is a piece of a program's source: nobody tells anything in its comments and strings."""
    if len(rows) > _MOST_ROWS:
        return False
    written = [row for row in rows if row.strip()]
    if written and _FILE.match(written[0]) is not None:
        heads = (row for row in written if _HEAD.match(row[:200].rstrip()) is not None)
        if sum(1 for _ in islice(heads, _SOURCE_ROWS)) >= _SOURCE_ROWS:
            return True
    found = sum(_is_source(row) or _VALUE.match(row[:700].rstrip()) is not None for row in written)
    return found >= _SOURCE_ROWS and found >= _SOURCE_SHARE * len(written)


def is_filled(rows: Sequence[str], index: int) -> bool:
    """Whether the rows around are a form that a program fills in: names of its variables stand behind the labels."""
    return any(_FILLED.match(row[:100].strip()) is not None for row in rows[max(0, index - 4) : index + 5])


def is_prose(row: str) -> bool:
    """At least three words, most of the row made of them; rows of numbers, paths or code are none."""
    row = row.strip()[:400]
    if len(row) < 12:
        return False
    words = _WORD.findall(row)
    if len(words) < 3 or (len(words) < 6 and _COMMON.isdisjoint(map(str.lower, words))):
        return False
    letters = sum(map(len, words))
    return letters >= 0.55 * (len(row) - row.count(" ")) and _BOILERPLATE.match(row) is None


_OWN = prose_foreign.OWN | frozenset(
    ("i", "i'm", "i've", "i'd", "my", "me", "mine", "we", "we're", "we've", "our", "us", "ich", "mein", "wir", "uns")
)
_SINGULAR = prose_foreign.OWN | frozenset(("i", "i'm", "i've", "i'd", "my", "mine", "ich", "mein"))
_ADDRESSED = frozenset(("you", "your", "you're", "you'll", "yours"))
_MOST_ROWS = 2_000
_ADDRESSES = 3
_PLEA = prose_foreign.PLEA | frozenset(("please", "hello", "hi", "hey", "thanks", "help", "regards", "pls", "plz"))


_NO_PRONOUNS = frozenset(("ME", "ME,", "ME.", "US", "US,", "US."))
"""Windows ME, and a country."""

_EXPLAINING = 3
"""So many of an explanation's phrases make one of a text; where its title announces one, a single one does."""

_ENTRIES = 3

_TEACHER = regex(
    r"\b(?:I(?: will|'ll)?|we(?: will|'ll| can)) (?:also )?(?:think|show|explain|describe|recommend|suggest|see)\b"
    r"|\blet (?:me|us)\b|\b(?:can|may|will|might|could|to|in|see) (?:also |the )?help\b",
    re.IGNORECASE,
)
"""Words of its writer that a guide has, too: `Here I will show you how to read …`."""

_LESSON = regex(
    r"[\s#*>=_-]{0,12}(?:\d{1,2}[.)] )?(?:[\w() ]{1,24}: )?"
    r"(?:(?:how (?:to|can you|do you)|what (?:is|are|causes|does)|guide to|list of"
    r"|fix(?:ing)? (?:the )?(?:stop|bsod|blue))\b"
    r"|(?:reading|understanding|interpreting|analy[sz]ing|troubleshooting|diagnosing|decoding|resolving)\b"
    r"|an? (?:[\w/()-]{1,24} ){1,4}is (?:an?|the)"
    r" (?:type|kind|form|class|error|exception|fault|condition|message|event)\b"
    rf"|(?:{prose_foreign.TITLES})\b"
    r"|[^\n.?!]{0,80}\b(?:guide|workflow|tutorial|cheat ?sheet|(?:code|error|quick) reference|overview|faq"
    r"|best practices|explained)\b"
    r"|(?:add(?:ed|s)?(?!-)|document|explain|mention|support|implement)\b(?![^\n]{0,80}\bcrash(?:es|ed)\b)"
    r"|[\w() -]{1,24}: fix(?:es|ed)?\b)",
    re.IGNORECASE,
)
"""A title of a guide, a lesson or a change: `How to fix …`, `Understanding …`, `# GUI: Add code …`, `gui: fix a …`."""

_QUESTION = 3
"""Rows of a text that is a question and nothing else, with its title."""

_ASKING = regex(
    r"[\s#*>-]{0,12}(?:what (?:is|are|does)|was (?:ist|bedeutet)|qué (?:es|significa))\b"
    r"(?![^\n]{0,60}\b(?:caus|wrong|happen|going|problem))(?![^\n]{0,200}\b0x[0-9a-f]{8,16}\b)",
    re.IGNORECASE,
)
"""`What is a fatal exception: access violation`: who has one tells of it, or asks what causes it."""

_PHRASE = regex(
    r"\b(?:(?:usually|typically|commonly|often|mostly|frequently|generally|mainly|almost always)"
    r" (?:\w{1,12} ){0,2}?(?:caused|triggered|occurs?|due|appears?|happens?|known|stems?|results?|generated|means?)"
    r"|(?:is|are) (?:generated|raised|issued|logged|thrown|written|displayed|triggered) (?:if|when|whenever|while)"
    r"|(?:errors?|structures?|reports?|messages?|codes?|events?|stop|bug ?check|exceptions?|values?|fields?"
    r"|screens?|parameters?)"
    r" (?:[\w()]{1,16} ){0,2}?(?:indicates?|means|specif(?:y|ies)|provides?|includes?"
    r"|var(?:y|ies),? (?:according|depending))"
    r"|(?:probable|possible|common|likely|potential) (?:causes?|fix(?:es)?|solutions?|workarounds?)"
    r"|(?:is|are|being) (?:a type of [\w ]{1,20} )?caused (?:when|if)"
    r"|this (?:article|paper|guide|tutorial|page|section|document|lesson|chapter)"
    r" (?:is|aims|covers|describes|explains|shows)"
    r"|this (?:patch|change|commit|pull request|pr) (?:removes|adds|fixes|changes|makes|avoids|reverts)"
    r"|has a (?:bug ?check )?value of"
    r"|most common (?:reason|cause|error|stop)|code meaning|recommended (?:resolution|action)|commonly known"
    r"|(?:is|are|can be|may be|could be|might be) (?:usually |often |typically |most likely )?(?:caused|triggered) by"
    r"|you (?:may|might|can) (?:see|encounter|also)|for example,? when|(?<=\()e\.g\.,? \w+"
    r"|(?:fairly|very) common (?:error|bsod|stop|bug)|troubleshooting steps|different (?:from|to) (?:most|many) other"
    r"|(?:can|may|might) (?:also )?(?:occur|happen|appear|result) (?:when|if|because|due|on)"
    r"|for example,? an? (?:[\w-]{1,16} ){1,4}(?:can|may|might)\b|what does th(?:is|e) [\w ]{1,20} mean\b"
    r"|how to fix (?:it|this|the)\b|often points to|(?:error|screen|stop|bug ?check|code) is called"
    r"|\d\d% of the time"
    rf"|{prose_foreign.EXPLAINS})\b",
    re.IGNORECASE,
)
_ENTRY = regex(
    r"[\s>*-]{0,8}(?:[A-Z][A-Z0-9]{1,20}(?:_[A-Z0-9]{1,24}){1,8}\s{1,60}(?:[(|=:]\s?)?(?:0x[0-9A-Fa-f]|-?\d)"
    r"|(?:[A-Z][a-z]{1,12} ){0,2}(?:[-\u2013] )?[A-Z][A-Z0-9]{1,20}(?:_[A-Z0-9]{1,24}){1,8}[^|\n]{0,24}\|"
    r"|\|\s?(?:[\w./ -]{1,40}\|\s?){0,2}(?:`?0x[0-9A-Fa-f]{1,8}`?|\d{2,10}(?: / \d{1,6}){0,3})\s{0,40}\|)"
)
"""An entry of a list of what there is: a name and its number, or a row of a table with a code and what it means."""


def is_advice(rows: Sequence[str]) -> bool:
    """Whether a text tells its reader what to do, or explains, and nothing of its writer: a manual, a guide, a page of
    questions and answers, a list of codes. What it says of crashes has not happened.

    A title may announce the explanation; else many of its phrases stand there (`usually caused by`, `indicates that`).
    """
    return _is_taught(rows, addressed=True)


def is_lesson(rows: Sequence[str]) -> bool:
    """Whether a text explains and tells nothing of its writer. Unlike `is_advice`, that it addresses its reader says
    nothing: the descriptions of events do so as well.
    """
    return _is_taught(rows, addressed=False)


def is_question(rows: Sequence[str]) -> bool:
    """Whether a text only asks what something is, and tells of nothing that happened."""
    return sum(map(bool, map(str.strip, rows))) <= _QUESTION and any(_ASKING.match(row[:1_000]) for row in rows)


def _is_taught(rows: Sequence[str], *, addressed: bool) -> bool:
    if len(rows) > _MOST_ROWS:
        return False
    plain = [_TEACHER.sub(" ", row[:1_000].replace("\u2019", "'")) for row in rows]
    words = [word.strip('.,:;!?()"').lower() for row in plain for word in row.split() if word not in _NO_PRONOUNS]
    asked = is_question(plain)
    announced = asked or _LESSON.match(next((row for row in plain if row.strip()), "")) is not None
    listed = sum(_ENTRY.match(row) is not None for row in plain) >= _ENTRIES
    # Who announces a lesson says "we" and "please" to its readers, and lists say what does not help.
    phrases = sum(len(_PHRASE.findall(row)) for row in plain)
    own = _SINGULAR if announced or listed else _SINGULAR | _PLEA if phrases >= _EXPLAINING else _OWN | _PLEA
    if any(word in own for word in words):
        return False
    if listed or asked or (addressed and sum(word in _ADDRESSED for word in words) >= _ADDRESSES):
        return True
    return phrases >= _EXPLAINING or (announced and phrases > 0)
