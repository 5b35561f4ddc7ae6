"""Putting together what belongs together: which mentions, analyses and stacks tell of the same thing that went wrong.

The text is walked once, in the order of its lines, and split into sessions (a new banner, another dump). A mention
joins a case that it agrees with, or opens one: the first and the second chance of an exception, its record and the
fields of !analyze are one case; another code, address or thread is another.
"""

import re
from bisect import bisect_right

from triage.formats.debugger.analysis import Analysis
from triage.model.evidence import BugCheck, Lines
from triage.text.bugchecks import Cause, Told, agree, join
from triage.text.exception_types import Sighting
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.stacks import Stack

MAX_CASES = 5_000

_MOST_SIGHTINGS = 64
_ONE_ANALYSIS = 60
"""Lines between two fields of one analysis, at most."""

_BELOW_STOP = 100
"""Lines from the arguments of a stop to the fields that go on below them, at most, where the banner was left out or the
rest was: between them stand those of the machine and its BIOS."""

_BELOW_CAUSE = 12
"""Lines from `Probably caused by` to the stack below it, at most, where nothing else is told."""

_RECORD_BELOW = 3
"""Lines from the last field of an analysis to the record below it, at most, where the text ends with that."""

_LOOK_BACK = 12
"""A mention joins one of so many cases before it; further back is another crash."""

_SESSION = regex(
    r"^[^\w(]{0,24}(?:Microsoft \(R\) Windows(?: NT)? (?:Kernel )?Debugger\b|Loading Dump File \["
    r"|Opened (?:log file|\\\\\.\\))",
    re.IGNORECASE,
)


class Case:
    """One thing that went wrong, while its parts are gathered."""

    def __init__(self, session: int, lines: Lines) -> None:
        self.session = session
        self.first, self.last = lines
        self.starts = [lines[0]]
        self.sightings: list[Sighting] = []
        self.bugcheck: BugCheck | None = None
        self.weak = False
        self.cause: Cause | None = None
        self.analysis: Analysis | None = None
        self.stacks: list[Stack] = []
        self._addresses: set[int] = set()
        self._threads: set[int] = set()

    @property
    def lines(self) -> Lines:
        """From the first to the last line of its parts."""
        return self.first, self.last

    @property
    def code(self) -> int | None:
        """The exception's code."""
        return self.sightings[0].record.code if self.sightings else None

    @property
    def is_of_fields(self) -> bool:
        """Whether the exception is told in records and fields alone, as !analyze prints them."""
        return bool(self.sightings) and all(one.origin in {"field", "record"} for one in self.sightings)

    @property
    def is_of_analysis(self) -> bool:
        """Whether nothing is told but the fields of an analysis, without any code."""
        return self.analysis is not None and not self.sightings and self.bugcheck is None

    def takes(self, sighting: Sighting, *, loaded_between: bool) -> bool:
        """Whether the sighting can be of this case: same code, and nothing that tells them apart."""
        if not self.sightings or self.code != sighting.record.code:
            return False
        address, process = sighting.record.address, sighting.process
        if process is not None and any(one.process not in (None, process) for one in self.sightings):
            return False
        if self._addresses and address is not None:
            return any(_same_address(known, address) for known in self._addresses)
        if sighting.tid is not None and self._threads and sighting.tid not in self._threads:
            return False
        # Two stops without any identity, and modules loaded between them: the program ran on in the meantime.
        anonymous = sighting.origin == "event" and sighting.tid is None and address is None and not self._addresses
        return not (anonymous and loaded_between)

    def add(self, sighting: Sighting) -> None:
        """Take the sighting in; of an exception that comes again and again, the first ones and the span are enough."""
        if len(self.sightings) < _MOST_SIGHTINGS:
            self.sightings.append(sighting)
            if sighting.record.address is not None:
                self._addresses.add(sighting.record.address)
            if sighting.tid is not None:
                self._threads.add(sighting.tid)
        self.touch(sighting.lines)

    def touch(self, lines: Lines) -> None:
        """Note that the lines are of this case."""
        self.first, self.last = min(self.first, lines[0]), max(self.last, lines[1])
        if len(self.starts) < 2 * _MOST_SIGHTINGS:
            self.starts.append(lines[0])


def _same_address(one: int, other: int) -> bool:
    """Equal, also where one is sign-extended or cut to 32 bits."""
    if one == other:
        return True
    low, high = sorted((one, other))
    return low >> 32 == 0 and high >> 32 == 0xFFFFFFFF and low == high & 0xFFFFFFFF


class Sessions:
    """Which session a line belongs to."""

    def __init__(self, text: Text) -> None:
        self._starts: list[int] = []
        previous = -10
        for index in text.holding(("(R)", "oading ", "pened "), exact=True):
            if _SESSION.match(text.rows[index][:200]):
                # "Loading Dump File" follows the banner of its own session.
                if index - previous > 8:
                    self._starts.append(text.numbers[index])
                previous = index

    def of(self, line: int) -> int:
        """The number of the session, counted from 0."""
        return bisect_right(self._starts, line)


def gather(
    sessions: Sessions,
    *,
    sightings: tuple[Sighting, ...],
    told: tuple[Told, ...],
    causes: tuple[Cause, ...],
    analyses: tuple[Analysis, ...],
    stacks: tuple[Stack, ...],
    loads: list[int],
) -> tuple[list[Case], list[Stack]]:
    """The cases in the order of the text, and the stacks that belong to none. `loads` are the lines of ModLoad rows."""
    gatherer = _Gatherer(sessions, loads)
    # Of parts that begin on the same line, those that open cases come first.
    parts: list[tuple[Lines, int, int, Told | Sighting | Analysis | Cause | Stack]] = []
    parts.extend((part.lines, 0, index, part) for index, part in enumerate(told))
    parts.extend((part.lines, 1, index, part) for index, part in enumerate(sightings))
    parts.extend((part.lines, 2, index, part) for index, part in enumerate(causes))
    parts.extend((part.lines, 3, index, part) for index, part in enumerate(stacks))
    # An analysis counts where it ends: by then its code and arguments have been seen.
    parts.extend(((one.lines[1], one.lines[1]), 9, index, one) for index, one in enumerate(analyses))
    parts.sort(key=lambda part: part[:3])
    for _, _, _, part in parts:
        gatherer.take(part)
        if len(gatherer.cases) >= MAX_CASES:
            break
    gatherer.place_early_cause()
    gatherer.place_early_stacks()
    return gatherer.cases, gatherer.loose


class _Gatherer:
    def __init__(self, sessions: Sessions, loads: list[int]) -> None:
        self.sessions = sessions
        self.loads = loads
        self.cases: list[Case] = []
        self.loose: list[Stack] = []
        self.current: Case | None = None
        self.early: Cause | None = None
        """`Probably caused by`, whose stop was cut off above it and is told again below, or nowhere."""

    def take(self, part: Told | Sighting | Analysis | Cause | Stack) -> None:
        session = self.sessions.of(part.lines[0])
        if self.current is not None and self.current.session != session:
            self.current = None
        if isinstance(part, Told):
            self._told(part, session)
        elif isinstance(part, Sighting):
            self._sighting(part, session)
        elif isinstance(part, Analysis):
            self._analysis(part, session)
        elif isinstance(part, Cause):
            self._cause(part)
        elif self.current is not None:
            self.current.stacks.append(part)
        else:
            self.loose.append(part)

    def place_early_cause(self) -> None:
        """A crash of which nothing is left but whom the debugger suspects and, right below, the stack.

        Probably caused by : ledger.sys ( ledger!Post+4c )

        f7aa17a4 8081dd20 809c5110 f7aa17c4 809c5110 nt!IovCallDriver+0x82
        """
        cause = self.early
        if cause is None:
            return
        session = self.sessions.of(cause.lines[0])
        below = next((one for one in self.loose if 0 <= one.lines[0] - cause.lines[1] <= _BELOW_CAUSE), None)
        if below is not None and all(case.session != session for case in self.cases):
            case = self._open(session, cause.lines)
            case.cause = cause

    def place_early_stacks(self) -> None:
        """A stack that stands before the only case of its session, which has none of its own, is that case's."""
        only: dict[int, Case | None] = {}
        for case in self.cases:
            only[case.session] = None if case.session in only else case
        loose = []
        for stack in self.loose:
            lone = only.get(self.sessions.of(stack.lines[0]))
            if lone is not None and not lone.stacks:
                lone.stacks.append(stack)
            else:
                loose.append(stack)
        self.loose = loose

    def _recent(self, session: int) -> list[Case]:
        return [case for case in self.cases[-_LOOK_BACK:][::-1] if case.session == session]

    def _told(self, told: Told, session: int) -> None:
        for case in self._recent(session):
            if case.bugcheck is None:
                continue
            if agree(case.bugcheck, told.bugcheck):
                case.bugcheck = join(case.bugcheck, told.bugcheck)
                case.weak &= told.weak
                self._touch(case, told.lines)
                return
            if told.weak:
                return
        case = self._of_a_stop(told) or self._open(session, told.lines)
        case.bugcheck, case.weak = told.bugcheck, told.weak
        self._touch(case, told.lines)
        early, self.early = self.early, None
        if early is not None and case.cause is None and told.lines[0] - early.lines[1] <= _ONE_ANALYSIS:
            case.cause = early
            self._touch(case, early.lines)

    def _of_a_stop(self, told: Told) -> Case | None:
        """The case whose exception is a stop's, where the name of the stop above it is lost.

        !analyze prints the exception's code and record first and BUGCHECK_STR behind them.
        """
        case = self.current
        if case is None or not told.weak or case.bugcheck is not None or not case.is_of_fields:
            return None
        return case if told.lines[0] - case.last <= _ONE_ANALYSIS else None

    def _sighting(self, sighting: Sighting, session: int) -> None:
        if sighting.origin != "event" and self.current is not None and self.current.bugcheck is not None:
            # The record and the code that !analyze shows for a stop are the stop's own.
            if not self.current.sightings or self.current.takes(sighting, loaded_between=False):
                self.current.add(sighting)
            return
        recent = self._recent(session)
        for case in recent:
            if case.bugcheck is None and case.takes(sighting, loaded_between=self._loaded(case, sighting.lines[0])):
                case.add(sighting)
                self.current = case
                return
        if self._ends_with(sighting):
            return
        # Fields without a code of an own event, after one without a code: an analysis that came before its code.
        self._open(session, sighting.lines).add(sighting)

    def _ends_with(self, sighting: Sighting) -> bool:
        """Whether the record is what an analysis ends with, where it was cut off: then it is the analysis' own.

        FAULTING_IP:
        ledger!Post+44
        EXCEPTION_RECORD:  (.exr -1)
        ExceptionAddress: 00401a44 (ledger!Post+0x44)
           ExceptionCode: c0000005 (Access violation)
        """
        case = self.current
        if case is None or sighting.origin != "record" or not case.is_of_analysis:
            return False
        if not 0 <= sighting.lines[0] - case.last <= _RECORD_BELOW:
            return False
        case.add(sighting)
        return True

    def _loaded(self, case: Case, line: int) -> bool:
        return bisect_right(self.loads, line) > bisect_right(self.loads, case.last)

    def _analysis(self, analysis: Analysis, session: int) -> None:
        inside = [
            case
            for case in self._recent(session)
            if any(analysis.lines[0] <= start <= analysis.lines[1] for start in case.starts)
        ]
        case = next((one for one in inside if one.bugcheck is not None), inside[0] if inside else None)
        if case is None and (analysis.is_telling or self._goes_on(analysis)):
            case = self.current
        if case is None:
            if not analysis.is_telling:
                return
            case = self._open(session, analysis.lines)
            early = [stack for stack in self.loose if analysis.lines[0] <= stack.lines[0] <= analysis.lines[1]]
            case.stacks.extend(early)
            self.loose = [stack for stack in self.loose if stack not in early]
        if case.analysis is None or len(analysis.fields) > len(case.analysis.fields):
            case.analysis = analysis
        self._touch(case, analysis.lines)

    def _goes_on(self, analysis: Analysis) -> bool:
        """Whether a field or two stand right below the stop's arguments, or the exception's record or its stack: of a
        post without the fields between.

           ExceptionCode: c0000094 (Integer divide-by-zero)
        ...
        STACK_TEXT:  …
        FOLLOWUP_IP:
        ledger!Post+44
        """
        case = self.current
        if case is None:
            return False
        most = _BELOW_STOP if case.bugcheck is not None else _ONE_ANALYSIS if case.is_of_fields else -1
        return 0 <= analysis.lines[0] - case.last <= most

    def _cause(self, cause: Cause) -> None:
        if self.current is not None and self.current.cause is None:
            self.current.cause = cause
            self.current.touch(cause.lines)
        elif self.current is None:
            self.early = cause

    def _open(self, session: int, lines: Lines) -> Case:
        case = Case(session, lines)
        self.cases.append(case)
        self.current = case
        return case

    def _touch(self, case: Case, lines: Lines) -> None:
        case.touch(lines)
        self.current = case
