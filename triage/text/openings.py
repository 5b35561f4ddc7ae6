"""Rows with which another text than the one being read begins: a crash report, or the next row of a log.

A description, unlike a report, has no shape of its own: it goes on until something else begins. Logs, mails and notes
put one thing right below the other, so what begins has to be told by its own first row.

Folklore:

- `Application: …` / `Exception Info: …` / `   at …` is the description of .NET Runtime 1026, and `Exception code:
  0xc0000005` a row of Application Error 1000: neither begins anything. The handler that prints `Exception code:
  C0000005 ACCESS_VIOLATION` writes no `0x`, and the constant's name behind it.
- `Problem signature:` is a row of Windows Error Reporting 1001, too, where `P1: …` follows; in the dialog and its
  copies `Problem Event Name: …` does.
- The module of AspNetCore, Application Popup and many services quote what a program printed, after a colon.
- madExcept's first label is `date/time         : 2016-02-11, 17:25:54, 544ms`; in an event `Date/Time:` is a field.
- `The previous system shutdown at` / `10:34:23 AM on ‎1/1/2017 was unexpected.` is one sentence, wrapped.
"""

import re
from functools import cached_property

from triage.text.fault_patterns import HEADING
from triage.text.faults import message_at
from triage.text.faults_foreign import foreign_beginnings
from triage.text.lazy import regex
from triage.text.lines import Text

_NEARBY = 3
_LONGEST = 400
_TITLED = "application error"

_PRINTED = regex(
    # Debuggers: their banner, `(d4.e0): Access violation - code c0000005 (first chance)`, registers, analyses, two
    # frames of a stack.
    r"Microsoft ?\(R\) Windows[^\n]{0,24} Debugger\b|\*\*\* Fatal System Error: 0x[0-9a-f]{8}\b"
    r"|\(\w{1,8}\.\w{1,8}\): [^\n]{3,60} - code [0-9a-fA-F]{8}\b"
    r"|eax=[0-9a-f]{8} ebx=|rax=[0-9a-f]{16} rbx="
    r"|(?:FAULTING_IP|FAULTING_MODULE|EXCEPTION_RECORD|EXCEPTION_CODE|EXCEPTION_POINTERS|TRAP_FRAME|STACK_TEXT|STACK_COMMAND"
    r"|BUGCHECK_STR|BUGCHECK_CODE|DEFAULT_BUCKET_ID|FAILURE_BUCKET_ID|KEY_VALUES_STRING|PROCESS_NAME):\s"
    r"|ExceptionAddress: [0-9a-f`]{8,17} |BugCheck [0-9A-F]{1,8}, \{|Probably caused by ?: \S"
    r"|\*\s{1,80}(?:Bugcheck|Exception) Analysis\s{1,80}\*"
    r"|#?\s{0,3}(?:ChildEBP|Child-SP)\s{1,12}RetAddr"
    r"|(?:[\w.]{1,40}![\w:~<>,`' ?$@-]{1,120}\+0x[0-9a-f]{1,8}[^\S\n]{0,8}(?:\n\s{0,8}|$)){2}"
    # Dr. Watson
    r"|Microsoft \(R\) (?:DrWtsn32|Windows (?:NT|2000) \(TM\) Version)|Dr\. Watson \d\.\d\d[a-z]? Failure Report"
    r"|\S{1,40} had a '[^'\n]{3,60}' fault at "
    # Stop screens of Windows XP and later
    r"|A problem has been detected and Windows has been shut down"
    # Windows Error Reporting
    r"|(?:Version=\d{1,2}\s{0,4}\n)?EventType=\w|Problem signature:?\s{0,4}\n\s{0,8}Problem Event Name\s?:"
    r"|AppName: \S{1,80}\s{1,8}AppVer: "
    # Runtimes and handlers
    r"|Unhandled [Ee]xception[.:] (?:[A-Z]\w{0,60}\.){1,8}\w{1,80}"
    r"|Fatal error\. (?:System\.|0x|Internal CLR error)|Stack overflow\.\s{0,4}\n\s{0,8}at "
    r"|Exception code: [0-9A-F]{8} [A-Z_]{5,40}\b"
    r"|date/time\s{1,24}: \d{4}-\d\d-\d\d,? \d\d?:\d\d:|Program exception!\s{0,4}(?:\n|$)"
    r"|wine: [Uu]nhandled |(?:#[^\S\n]{0,4}\n?){0,2}A fatal error has been detected by the Java Runtime"
    r"|ProcDump v\d{1,2}\.\d{1,2} - "
    r"|\[\d\d:\d\d:\d\d\] (?:(?:Exception|Unhandled): [0-9A-F]{8}\b|Dump \d{1,3} initiated: )"
    r"|[\w.-]{1,60}![\w:~<>]{1,120}\(\) \[[^\n]{1,200}:\d{1,6}\]"
)
"""What a program prints, and no description holds unless it quotes that program."""

_PRINTED_WORDS = (
    *("(r) windows", "fatal system error", " - code ", "eax=", "rax=", "faulting_", "exception_", "trap_frame:"),
    *("stack_text:", "stack_command:", "_bucket_id:", "key_values_string:", "process_name:", "exceptionaddress:"),
    *("probably caused by", " analysis", "childebp", "child-sp", "+0x", "() [", "bugcheck", "has been shut down"),
    *("drwtsn32", "(tm) version", "failure report", " had a '"),
    *("version=", "eventtype=", "problem signature", "appname:"),
    *("nhandled exception", "fatal error", "stack overflow.", "exception code:", "wine: ", "#"),
    *("date/time", "program exception!", "procdump v", "] exception:", "] unhandled:", "] dump "),
)
"""In lower case, one of which stands in the first row of everything that `_PRINTED` matches."""

_OPEN = regex(
    r"(?:[:,;(=/\u2013-]|\bapplication error"
    r"|\b(?:a|after|am|an|and|as|at|because|before|between|by|der|die|for|from|if|in|is|le|of|on|or|since|than|that|the"
    r"|to|um|until|was|when|which|while|with))[\s\"'\u200e]*$",
    re.IGNORECASE,
)
"""The end of a row that the next row goes on with, or that introduces it."""


def is_open(row: str) -> bool:
    """Whether the row announces what stands below it, or ends in the middle of a sentence."""
    return _OPEN.search(row[-_LONGEST:]) is not None


class Openings:
    """The rows of a text with which something else begins."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def printed(self, index: int) -> bool:
        """Whether the row is the first that a debugger, a handler or a runtime prints of a crash."""
        if index not in self._likely:
            return False
        nearby = "\n".join(row[:_LONGEST] for row in self._text.rows[index : index + _NEARBY])
        return _PRINTED.match(nearby.lstrip()) is not None

    def told(self, index: int) -> bool:
        """Whether the row is the first of a fault message, or the title of the box that shows one."""
        rows = self._text.rows
        if _TITLED in rows[index][:_LONGEST].lower() and HEADING.match(rows[index][:_LONGEST]) is not None:
            return any(message_at(self._text, at) for at in range(index, min(index + 2, len(rows))))
        return index in self._foreign or message_at(self._text, index)

    @cached_property
    def _likely(self) -> frozenset[int]:
        """Rows that hold a word of what is printed; most texts have none."""
        return frozenset(self._text.holding(_PRINTED_WORDS))

    @cached_property
    def _foreign(self) -> frozenset[int]:
        return foreign_beginnings(self._text)
