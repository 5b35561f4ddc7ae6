"""Reports for the renderers' tests: one written by hand, and any that the types allow."""

from typing import get_args

from hypothesis import strategies as st

from triage.model.code import Hint
from triage.model.evidence import Kind
from triage.model.report import (
    Action,
    ActionKind,
    Advice,
    Band,
    Because,
    BugCheckInfo,
    EventInfo,
    ExceptionInfo,
    FileAdvice,
    Finding,
    FrameInfo,
    IncidentInfo,
    ModuleInfo,
    NextStep,
    ParameterInfo,
    Plan,
    ProcessInfo,
    Report,
    ServicePackAdvice,
    SourceInfo,
    Status,
    SystemInfo,
    WarningInfo,
)

SHUTDOWN = Report(
    source=SourceInfo(path="stdin", format="windbg", encoding="utf-8", bytes=300),
    system=SystemInfo(product="Windows 2000", version="5.0", build=2195),
    modules=(ModuleInfo(name="quorum.dll", base="73930000", end="73940000"),),
    incidents=(
        IncidentInfo(
            number=1,
            kind="exception",
            lines=(3, 9),
            summary="Access violation c0000005, first chance; just before it were loaded quorum.dll, vote.dll",
            exception=ExceptionInfo(code="c0000005", name="STATUS_ACCESS_VIOLATION", chance="first"),
            signature="c0000005",
        ),
        IncidentInfo(
            number=2,
            kind="exception",
            lines=(12, 19),
            summary="Access violation c0000005, second chance in ledger.exe at ledger+1234",
            exception=ExceptionInfo(code="c0000005", name="STATUS_ACCESS_VIOLATION", chance="second"),
            faulting_module="ledger.exe",
            meaning="A thread touched memory that it may not touch.",
            next_steps=(NextStep(command="lmvm ledger", shows="version, date and maker of ledger"),),
        ),
    ),
    findings=(
        Finding(
            rule="Q900001",
            title="Access Violation While the Cluster Votes",
            url="https://kb.example/Q900001/",
            incident=1,
            confidence=0.934,
            band="likely",
            advice=Advice(
                status="applies",
                summary="install Windows 2000 Service Pack 2 or later",
                here="the log does not tell the service pack",
                articles=("Q900003",),
                service_pack=ServicePackAdvice(product="Windows 2000", fixed_in=2, install=4),
                files=(FileAdvice(name="vote.dll", fixed="5.0.2195.20", found="5.0.2195.10", state="older"),),
            ),
            because=(
                Because(fact="module:quorum", lines=(3, 3), weight=7.3),
                Because(fact="module:vote", lines=(5, 5), weight=9.3, similarity=0.8),
                Because(fact="exception:c0000005", lines=(6, 6), weight=1.1),
            ),
            missing=("module:tally",),
            see_also=("Q900002",),
        ),
        Finding(
            rule="Q900004",
            title="Another Article",
            url=None,
            incident=1,
            confidence=0.35,
            band="possible",
            advice=Advice(status="unknown", summary="see the article"),
            against=(Because(fact="product:windows nt", weight=2.0),),
        ),
    ),
    warnings=(WarningInfo(lines=(3, 3), text="module list cut off"),),
)

EMPTY = Report(source=SourceInfo(path="quiet.log", format="text", bytes=12))

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
_maybe = st.none() | _text
_hex = st.none() | st.from_regex(r"\A[0-9a-f]{1,16}\Z")
_lines = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))
_number = st.none() | st.integers(0, 10**6)
_weight = st.floats(0, 40)


def _some(strategy: st.SearchStrategy[object], size: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=size).map(tuple)


_because = st.builds(Because, fact=_text, lines=st.none() | _lines, similarity=st.floats(0, 1), weight=_weight)
_pack = st.builds(
    ServicePackAdvice,
    product=_text,
    fixed_in_name=_maybe,
    contained_in=_some(_text),
    cumulative=st.booleans(),
    unreleased=st.booleans(),
    first_build=_maybe,
    end_of_support=_maybe,
)
_advice = st.builds(
    Advice,
    status=st.sampled_from(get_args(Status)),
    summary=_text,
    here=_text,
    articles=_some(_text),
    steps=_some(_text),
    files=_some(st.builds(FileAdvice, name=_text, fixed=_maybe, found=_maybe, where=_maybe, reason=_text)),
    service_pack=st.none() | _pack,
    superseded_by=_some(_text),
    repeats=_some(_text),
    registry=_some(_text, 6),
    workaround=st.booleans(),
    restart=st.none() | st.just(value=True),
)
_incident = st.builds(
    IncidentInfo,
    number=st.integers(1, 4),
    kind=st.sampled_from(get_args(Kind)),
    lines=_lines,
    summary=_text,
    process=st.none() | st.builds(ProcessInfo, name=_text, pid=_number),
    exception=st.none() | st.builds(ExceptionInfo, code=st.just("c0000005"), name=_maybe, target=_hex),
    bugcheck=st.none() | st.builds(BugCheckInfo, code=_hex, name=_maybe, caused_by=_maybe),
    event=st.none() | st.builds(EventInfo, source=_maybe, id=_number, text=_maybe),
    faulting_module=_maybe,
    stack=_some(st.builds(FrameInfo, module=_maybe, function=_maybe, offset=_hex)),
    messages=_some(_text),
    signature=_text,
    meaning=_text,
    parameters=_some(st.builds(ParameterInfo, value=st.just("0000001e"), meaning=_text, says=_text), 4),
    suspect=_maybe,
    hint=st.none() | st.builds(Hint, fault=_text, meaning=_text),
    next_steps=_some(st.builds(NextStep, command=_text, shows=_text)),
)
_finding = st.builds(
    Finding,
    rule=_text,
    title=_text,
    url=_maybe,
    incident=st.integers(1, 4),
    confidence=st.floats(0, 1),
    band=st.sampled_from(get_args(Band)),
    advice=_advice,
    because=_some(_because),
    against=_some(_because),
    missing=_some(_text),
    see_also=_some(_text),
)

_plan = st.builds(
    Plan,
    summary=_text,
    findings=_some(_text),
    uncovered=_some(_text),
    actions=_some(
        st.builds(
            Action,
            number=st.integers(1, 9),
            kind=st.sampled_from(get_args(ActionKind)),
            summary=_text,
            covers=_some(_text, 20),
            why=_text,
            articles=_some(_text),
            restart=st.none() | st.booleans(),
        )
    ),
)

any_report = st.builds(
    Report,
    source=st.builds(SourceInfo, path=_text, format=_text, encoding=_maybe, bytes=st.integers(0, 2**40)),
    system=st.none() | st.builds(SystemInfo, product=_maybe, build=_number),
    modules=_some(st.builds(ModuleInfo, name=_text, path=_maybe, base=_hex)),
    incidents=_some(_incident),
    findings=_some(_finding),
    warnings=_some(st.builds(WarningInfo, lines=_lines, text=_text)),
    plan=st.none() | _plan,
)
